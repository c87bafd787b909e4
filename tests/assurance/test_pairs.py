"""Labelled pairs: reading, scoring, and what is told of them."""

from __future__ import annotations

import csv
import itertools
import json

import pytest

from screening.assurance import pairs as labelled
from screening.errors import UsageError
from screening.matching.settings import Settings
from screening.reports import curve, effectiveness

ROWS = """kind,name1,name2,is_match,quality
person,Ким Чен Ын,KIM JONG UN,true,STRONG
organisation,Korvex Trading LLC,OOO Korvex Trading,true,STRONG
organisation,Korvex Trading LLC,Lumina Bakery,false,STRONG
vessel,Jin Hong 5,JIN HONG 6,false,MEDIUM
person,Walter Unlike,Somebody Else,true,WEAK
"""


@pytest.fixture
def rows(tmp_path):
    path = tmp_path / "pairs.csv"
    path.write_text(ROWS, encoding="utf-8")
    return path


def evaluated(path):
    return labelled.evaluate(labelled.read(path), Settings.load())


def test_pairs_are_counted_by_cut_off_kind_and_quality(rows):
    found = evaluated(rows)
    assert found.at() == labelled.Tally(found=2, missed=1, false=0, apart=2)
    assert found.at(quality="STRONG").f1 == 1 and found.at(kind="vessel").recall == 1
    assert found.at(0.0).false == 2 and found.at(100.01).found == 0
    assert [one.pair.ours for one in found.worst(True)] == ["Walter Unlike"] and not found.worst(False)


def test_precision_recall_and_f1_are_those_of_the_books():
    tally = labelled.Tally(found=6, missed=2, false=3, apart=9)
    assert (tally.precision, tally.recall) == (6 / 9, 6 / 8)
    assert tally.f1 == pytest.approx(2 * 6 / (2 * 6 + 2 + 3))
    assert labelled.Tally(0, 0, 0, 4).f1 == 1.0 and labelled.Tally(0, 4, 0, 0).f1 == 0.0


def test_columns_and_labels_have_other_names_too(tmp_path):
    path = tmp_path / "pairs.tsv"
    path.write_text("left\tRight\tLabel\tSchema\nA Korvex\tA Korvex\t1\tCompany\nB\tC\tno\tPerson\n", encoding="utf-8")
    assert [(p.kind, p.match) for p in labelled.read(path)] == [("organisation", True), ("person", False)]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", "is empty"),
        ("name1,name2,is_match\n", "no pairs"),
        ("name1,is_match\nA,true\n", "lacks the column name2"),
        ("name1,name2,is_match\nA,B,perhaps\n", "'perhaps' does not say"),
        ("name1,name2,is_match\nA,,true\n", "is empty"),
        ("name1,name2,is_match,kind\nA,B,true,planet\n", "is no kind"),
        ('name1,name2,is_match\n"A,B,true\n', "no usable CSV"),
    ],
)
def test_a_faulty_file_is_one_sentence(tmp_path, text, wrong):
    path = tmp_path / "pairs.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=wrong):
        labelled.read(path)


def test_a_file_that_is_absent_a_folder_or_no_text_is_one_sentence(tmp_path):
    (tmp_path / "x.csv").write_bytes(b"\xff\xfe\x00name1")
    for path in (tmp_path / "absent.csv", tmp_path, tmp_path / "x.csv"):
        with pytest.raises(UsageError):
            labelled.read(path)


def test_it_is_told_as_text_json_page_chart_and_table(rows, tmp_path):
    found = evaluated(rows)
    text = "\n".join(effectiveness.evaluation_lines(found, "pairs.csv"))
    assert "shipped cut-offs" in text and "Walter Unlike ~ Somebody Else" in text
    for name in ("e.html", "e.svg", "e.csv", "e.json"):
        effectiveness.write_evaluation(found, "pairs.csv", tmp_path / name)
    with (tmp_path / "e.csv").open(encoding="utf-8", newline="") as file:
        assert [int(row["threshold"]) for row in csv.DictReader(file)] == list(curve.thresholds())
    assert json.loads((tmp_path / "e.json").read_text("utf-8"))["shipped"]["found"] == 2
    assert (tmp_path / "e.svg").read_text("utf-8").startswith("<svg")
    assert "<script" not in (tmp_path / "e.html").read_text("utf-8")


def test_the_curve_stays_inside_its_frame_and_its_labels_apart(rows):
    drawn = curve.curve(evaluated(rows))
    for line in drawn.lines:
        points = [tuple(map(float, point.split(","))) for point in line.points.split()]
        assert all(0 <= x <= curve.WIDTH and 0 <= y <= curve.HEIGHT for x, y in points)
    heights = sorted(line.label_y for line in drawn.lines)
    assert all(b - a >= 15.9 for a, b in itertools.pairwise(heights))


def test_a_pair_scores_the_same_whatever_pairs_stand_beside_it(rows):
    found = evaluated(rows)
    for one in found.pairs:
        assert labelled.evaluate([one.pair], Settings.load()).pairs[0].score == one.score


def test_shared_pairs_hold_what_is_promised(shared):
    found = labelled.evaluate(labelled.read(shared / "labelled" / "name_pairs.csv"), Settings.load())
    assert found.at().f1 >= 0.85 and found.at(quality="STRONG").f1 == 1.0
