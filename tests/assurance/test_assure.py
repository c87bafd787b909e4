"""The effectiveness test on a handful of entries."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from screening.assurance import innocent
from screening.assurance.assure import assure, written
from screening.errors import UsageError
from screening.lists import build, extract_folder
from screening.matching.screen import Matcher
from screening.reports import effectiveness


@pytest.fixture(scope="module")
def snapshot():
    return build([extract_folder()])


@pytest.fixture(scope="module")
def matcher(snapshot):
    return Matcher(snapshot)


@pytest.fixture(scope="module")
def found(snapshot, matcher):
    return assure(snapshot, matcher, innocent.made_up(200, 1), sample=20, seed=4)


def test_names_as_listed_are_found_and_innocent_ones_are_not(found):
    assert found.total("exact").rate > 0.9
    assert sum(stopped for _, _, stopped, _ in found.innocent) <= 2
    assert sum(tried for _, tried, _, _ in found.innocent) == 200


def test_what_is_found_other_weak_and_missed_adds_up(found):
    for cell in found.cells:
        assert 0 <= cell.found + cell.other + cell.weak <= cell.tried
    whole = found.total()
    assert whole.tried == sum(found.total(way.name).tried for way in found.tried)
    assert whole.tried == sum(found.total(of_list=code).tried for code in found.lists)


def test_the_same_seed_gives_the_same_test_and_another_seed_another(snapshot, matcher, found):
    nobody = innocent.made_up(200, 1)
    assert assure(snapshot, matcher, nobody, sample=20, seed=4) == found
    assert assure(snapshot, matcher, nobody, sample=20, seed=5).misses != found.misses or found.total().rate == 1


def test_the_order_of_names_and_entries_does_not_matter(snapshot, matcher, found):
    class Turned:
        entries = snapshot.entries
        names = snapshot.names.iloc[::-1].reset_index(drop=True)

    turned = assure(Turned(), matcher, [("person", "Jane Doe")], sample=20, seed=4)
    assert [c for c in turned.cells if c.manipulation == "exact"] == [
        c for c in found.cells if c.manipulation == "exact"
    ]


def test_a_person_is_written_in_natural_order():
    assert written("KIM, Jong Un", "person") == "Jong Un KIM"
    assert written("KORVEX, OOO", "organisation") == "KORVEX, OOO"


def test_the_test_is_told_as_text_json_page_chart_and_table(found, tmp_path):
    text = "\n".join(effectiveness.assurance_lines(found, "extract"))
    assert "one letter wrong" not in text and "typo" in text and "innocent" in text
    for name in ("a.html", "a.svg", "a.csv", "a.json"):
        effectiveness.write_assurance(found, "extract", tmp_path / name)
    told = json.loads((tmp_path / "a.json").read_text("utf-8"))
    assert told["all"]["names"] == found.total().tried
    assert len(pd.read_csv(tmp_path / "a.csv")) == len(found.cells)
    page = (tmp_path / "a.html").read_text("utf-8")
    assert "<script" not in page and "http://" not in page and "Content-Security-Policy" in page
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "a.html", "a.json", "a.svg"]


def test_a_file_that_cannot_be_written_so_is_refused(tmp_path):
    with pytest.raises(UsageError, match="ends in none of"):
        effectiveness.check(tmp_path / "a.pdf")
    with pytest.raises(UsageError, match="is a folder"):
        (tmp_path / "a.html").mkdir()
        effectiveness.check(tmp_path / "a.html")


def test_innocent_names_are_read_with_and_without_a_header(tmp_path):
    path = tmp_path / "names.csv"
    path.write_text("Kind,Name\nship,Blue Heron\n,Foo Ltd\n", encoding="utf-8")
    assert innocent.read(path) == [("vessel", "Blue Heron"), ("organisation", "Foo Ltd")]
    path.write_text("Foo, Ltd\nBar\n", encoding="utf-8")
    assert innocent.read(path) == [("organisation", "Foo, Ltd"), ("organisation", "Bar")]
    for text, wrong in (("", "no names"), ("kind,name\nplanet,Mars\n", "unknown kind")):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(UsageError, match=wrong):
            innocent.read(path)
    with pytest.raises(UsageError, match="cannot be read"):
        innocent.read(tmp_path / "absent.csv")


def test_invented_names_are_distinct_of_every_kind_and_hang_on_the_seed():
    names = innocent.made_up(400, 2)
    assert len(set(names)) == 400 and {kind for kind, _ in names} == {"organisation", "person", "vessel"}
    assert names == innocent.made_up(400, 2) != innocent.made_up(400, 3)
