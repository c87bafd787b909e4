"""Screening again after the lists changed ends as screening everything does, and looks at little of it."""

from __future__ import annotations

import csv
import json
import os
import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from screening import pipeline, reports, workplace
from screening.errors import ScreeningError
from screening.lists import Snapshot, build
from screening.pipeline import again as again_module
from screening.pipeline import look
from screening.pipeline.again import Again, FormerRun
from screening.pipeline.spool import Part, Spool
from screening.screener import Options, Screener
from screening.workplace import Workplace
from tests.conftest import FIXTURES

STORY = FIXTURES / "trades" / "spring-2024.csv"
EXTRACT = FIXTURES / "lists" / "extract" / "designations.csv"
FORMATS = ["csv", "jsonl", "html", "junit", "sarif"]
Entry = dict[str, str]


def entries() -> list[Entry]:
    with EXTRACT.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def built(folder: Path, rows: list[Entry]) -> Path:
    """A snapshot of these entries."""
    folder.mkdir(parents=True, exist_ok=True)
    source = folder / "designations.csv"
    with source.open("w", newline="", encoding="utf-8") as file:
        out = csv.DictWriter(file, list(rows[0]))
        out.writeheader()
        out.writerows(rows)
    build([source]).save(folder / "snapshot")
    return folder / "snapshot"


def screened(lists: Path, files: list[Path], out: Path, **options: Any) -> dict[str, Any]:
    """Screen in small batches, keep the work beside the snapshot, and give every file that was written."""
    screener = Screener.from_lists(lists)
    place = Workplace(lists / "runs", keep=True)
    with screener.running(files, Options(**{"chunk_rows": 7, **options}), place=place) as results:
        results = replace(results, manifest={**results.manifest, "fail_on": "review"})
        reports.write(results, out, FORMATS)
    written = {path.name: path.read_text(encoding="utf-8") for path in out.iterdir()}
    manifest = json.loads(written.pop("manifest.json"))
    shutil.rmtree(out)
    return {**written, "since": manifest.pop("since"), "files": manifest.pop("files"), "manifest": manifest}


def alike(again: dict[str, Any], whole: dict[str, Any]) -> None:
    """The same bytes, and the second run did take up what was kept."""
    assert again.pop("since")["taken_up"]
    assert whole.pop("since") is None
    for name in whole:
        assert again[name] == whole[name], name


def screened_anew(again: dict[str, Any], whole: dict[str, Any]) -> None:
    """The same bytes, and nothing that was kept was taken up."""
    assert again.pop("since")["taken_up"] is False
    assert whole.pop("since") is None
    assert again == whole


def test_added_removed_and_changed_entries(tmp_path: Path) -> None:
    """The names of the story's own parties come and go, and one changes its dates."""
    rows = entries()
    fewer = [row for number, row in enumerate(rows) if number % 3]
    changed = [{**row, "listed_on": "2024-05-01"} if number % 4 == 1 else row for number, row in enumerate(rows)]
    old, new = built(tmp_path / "old", fewer), built(tmp_path / "new", changed)
    screened(old, [STORY], tmp_path / "out")
    again = screened(new, [STORY], tmp_path / "out", since=old)
    whole = screened(new, [STORY], tmp_path / "out")
    assert again["hits.jsonl"].count("\n") > 10
    alike(again, whole)


@settings(max_examples=12, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_two_lists_and_any_records(tmp_path: Path, data: st.DataObject) -> None:
    """From any list to any other, over records whose names come from both, with a history."""
    rows = entries()
    some = st.lists(st.sampled_from(range(len(rows))), min_size=1, unique=True)
    old = [rows[at] for at in data.draw(some, "old list")]
    new = [rows[at] for at in data.draw(some, "new list")]
    named = [rows[at] for at in data.draw(st.lists(st.sampled_from(range(len(rows))), min_size=1), "in the records")]
    records = pd.DataFrame([
        {
            "date": f"2024-0{1 + number % 9}-11",
            "shipper": row["name"] if row["kind"] != "vessel" else "Ivanov Bunkering LLC",
            "consignee": row["aliases"].split(";")[0],
            "vessel": row["name"] if row["kind"] == "vessel" else "Morning Star",
            "imo": row["imo"][::-1] if number % 3 == 0 else row["imo"],
            "load_port": ("RUVVO", "NLRTM")[number % 2], "discharge_port": ("KPNAM", "CNDLC", "BEANR")[number % 3],
            "goods": "diesel", "quantity": "400", "unit": "t", "committee_notice": "yes",
        }
        for number, row in enumerate(named)
    ])  # fmt: skip
    folder = tmp_path / str(len(list(tmp_path.iterdir())))
    before, after = built(folder / "old", old), built(folder / "new", new)
    files = [folder / "trades.csv"]
    records.to_csv(files[0], index=False)
    records.assign(date="2023-12-01").to_csv(folder / "past.csv", index=False)
    screened(before, files, folder / "out", history=folder / "past.csv")
    again = screened(after, files, folder / "out", history=folder / "past.csv", since=before)
    alike(again, screened(after, files, folder / "out", history=folder / "past.csv"))


def test_records_that_no_list_touches_are_not_looked_at_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of many records with one listed name among them, that one alone is enriched a second time."""
    rows = entries()
    innocent = pd.DataFrame({"date": "2024-03-01", "shipper": [f"Harbour Grain {n} BV" for n in range(40)]})
    guilty = pd.DataFrame({"date": "2024-03-01", "shipper": [rows[-1]["name"]]})
    file = tmp_path / "trades.csv"
    pd.concat([innocent, guilty]).assign(goods="wheat", load_port="NLRTM").to_csv(file, index=False)
    old, new = built(tmp_path / "old", rows[:-1]), built(tmp_path / "new", rows)
    screened(old, [file], tmp_path / "out")
    seen: list[int] = []
    see = look.see

    def counted(frame: pd.DataFrame, *rest: Any, **more: Any) -> look.Looked:
        seen.append(len(frame))
        return see(frame, *rest, **more)

    monkeypatch.setattr("screening.pipeline.again.see", counted)
    screened(new, [file], tmp_path / "out", since=old)
    assert sum(seen) == 1


def test_without_the_work_of_the_same_run_everything_is_screened(tmp_path: Path) -> None:
    """Another file, or work that was harmed, is not taken up; the outcome is the same."""
    rows = entries()
    old, new = built(tmp_path / "old", rows[:-3]), built(tmp_path / "new", rows)
    screened(old, [STORY], tmp_path / "out")
    other = tmp_path / "other.csv"
    other.write_text(STORY.read_text(encoding="utf-8").replace("2024", "2023", 1), encoding="utf-8")
    assert screened(new, [other], tmp_path / "out", since=old)["since"]["taken_up"] is False
    kept = sorted((old / "runs").glob("*/part-*/records.arrow"))
    kept[0].write_bytes(kept[0].read_bytes()[:-9])
    again = screened(new, [STORY], tmp_path / "out", since=old)
    screened_anew(again, screened(new, [STORY], tmp_path / "out"))


def test_no_more_than_two_runs_are_kept_beside_a_snapshot(tmp_path: Path) -> None:
    """The oldest goes; and a snapshot with kept runs can be built anew where it stands."""
    lists = built(tmp_path, entries())
    for number in range(4):
        file = tmp_path / f"{number}.csv"
        file.write_text(f"date,shipper\n2024-01-0{number + 1},Harbour Grain BV\n", encoding="utf-8")
        screened(lists, [file], tmp_path / "out")
    kept = sorted((lists / "runs").iterdir())
    assert len(kept) == 2
    Snapshot.load(lists).save(lists)
    assert sorted((lists / "runs").iterdir()) == kept


def counting(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of what is called from now on: `see` for records looked at again, `judged` for the second phase."""
    called: list[str] = []
    for where, name in ((again_module, "see"), (pipeline, "judged")):
        former = getattr(where, name)

        def counted(*given: Any, _name: str = name, _former: Any = former, **more: Any) -> Any:
            called.append(_name)
            return _former(*given, **more)

        monkeypatch.setattr(where, name, counted)
    return called


def test_a_change_that_meets_nobody_leaves_the_verdict(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No record is looked at, no rule is asked, and every report has the bytes of a full run; twice over."""
    rows = entries()
    stranger = {**rows[0], "entry_id": "X:1", "name": "Zxqvbnm Wyttrops", "aliases": "", "imo": ""}
    lists = [
        built(tmp_path / str(n), [*rows, *({**stranger, "entry_id": f"X:{m}"} for m in range(n))]) for n in range(3)
    ]
    screened(lists[0], [STORY], tmp_path / "out")
    called = counting(monkeypatch)
    screened(lists[1], [STORY], tmp_path / "out", since=lists[0])
    again = screened(lists[2], [STORY], tmp_path / "out", since=lists[1])
    assert called == []
    alike(again, screened(lists[2], [STORY], tmp_path / "out"))
    assert "judged" in called


def test_a_score_that_moved_is_told_and_nothing_is_judged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A word of a listed name became common: the alert that rests on it has its new score in its words."""
    rows = entries()
    listed = {**rows[0], "entry_id": "X:0", "kind": "organisation", "name": "Verdantine Molbrig Quarry", "aliases": "",
              "imo": ""}  # fmt: skip
    words = ("Zxqv", "Wyttrop", "Knusprig", "Ploent", "Mbrwa", "Ghuul", "Tsatsiki", "Yggdr", "Oerkul")
    others = [{**listed, "entry_id": f"X:{word}", "name": f"Quarry {word} Association of {word}s"} for word in words]
    file = tmp_path / "trades.csv"
    records = pd.DataFrame({"date": "2024-03-01", "shipper": ["Verdantina Malbrig Quarry", "Harbour Grain BV"]})
    records.assign(goods="diesel", load_port="RUVVO", discharge_port="KPNAM").to_csv(file, index=False)
    old, new = built(tmp_path / "old", [*rows, listed]), built(tmp_path / "new", [*rows, listed, *others])
    former = screened(old, [file], tmp_path / "out")
    called = counting(monkeypatch)
    again = screened(new, [file], tmp_path / "out", since=old)
    assert called == ["see"]
    alike(again, screened(new, [file], tmp_path / "out"))
    told = [[json.loads(line) for line in one["alerts.jsonl"].splitlines()] for one in (former, again)]
    rested = [[alert for alert in alerts if alert["hits"]] for alerts in told]
    assert rested[0]
    for before, after in zip(*rested, strict=True):
        scores = [f"score {one['hits'][0]['score']:.1f}" for one in (before, after)]
        assert scores[0] != scores[1]
        assert (scores[0] in before["reason"], scores[0] in after["reason"]) == (True, False)
        assert before["reason"].replace(*scores) == after["reason"]


def innocent(folder: Path, names: list[str]) -> Path:
    """A file of wheat to Antwerp, which concerns no sum and no link, some of it from these."""
    file = folder / "wheat.csv"
    shippers = [*names, *(f"Harbour Grain {number} BV" for number in range(30))]
    pd.DataFrame({
        "date": "2024-03-01", "shipper": shippers, "vessel": [f"Grain Star {n}" for n in range(len(shippers))],
        "goods": "wheat", "load_port": "NLRTM", "discharge_port": "BEANR",
    }).to_csv(file, index=False)  # fmt: skip
    return file


def gathering(monkeypatch: pytest.MonkeyPatch) -> tuple[list[int], list[int]]:
    """From now on, how many records are gathered from all parts, and how many are judged, each time."""
    gathered, judged = list[int](), list[int]()
    for name, counts in (("gathered", gathered), ("judged", judged)):
        former = getattr(pipeline, name)

        def counted(*given: Any, _former: Any = former, _counts: list[int] = counts) -> Any:
            found = _former(*given)
            _counts.append(len((found if hasattr(found, "trades") else given[0]).trades))
            return found

        monkeypatch.setattr(pipeline, name, counted)
    return gathered, judged


@pytest.mark.parametrize("comes", [True, False])
def test_a_record_that_stands_alone_is_judged_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, comes: bool
) -> None:
    """Its shipper is listed, or listed no more; the alerts of the story and of the other grain stand as they are."""
    rows, story = [row for row in entries() if row["kind"] == "organisation"], STORY.read_text(encoding="utf-8")
    one = next(row for row in rows if row["name"] not in story)
    files = [STORY, innocent(tmp_path, [one["name"], rows[1]["name"], one["name"]])]
    few = [row for row in entries() if row["name"] != one["name"]]
    lists = [built(tmp_path / "few", few), built(tmp_path / "all", entries())]
    old, new = lists if comes else lists[::-1]
    screened(old, files, tmp_path / "out")
    gathered, judged = gathering(monkeypatch)
    again = screened(new, files, tmp_path / "out", since=old)
    assert (gathered, judged) == ([], [2] if comes else [])
    whole = screened(new, files, tmp_path / "out")
    assert judged[-1] > 2
    assert (one["name"] in whole["alerts.jsonl"]) == comes
    alike(again, whole)


@pytest.mark.parametrize("gone", [0, 1])
def test_facts_that_are_stated_twice_are_told_apart_anew(tmp_path: Path, gone: int) -> None:
    """Alerts of equal rows have ids with a number; where one entry goes, those that are left are numbered as ever."""
    rows = [row for row in entries() if row["kind"] == "organisation"][:2]
    file = tmp_path / "twice.csv"
    shippers = [rows[0]["name"], rows[1]["name"], rows[0]["name"], rows[1]["name"]]
    records = pd.DataFrame({"record_id": "R-1", "date": "2024-03-01", "shipper": shippers, "goods": "wheat"})
    records.assign(load_port="NLRTM", discharge_port="BEANR").to_csv(file, index=False)
    few = [row for row in entries() if row["name"] != rows[gone]["name"]]
    old, new = built(tmp_path / "old", entries()), built(tmp_path / "new", few)
    for before, after in ((old, new), (new, old)):
        screened(before, [file], tmp_path / "out")
        again = screened(after, [file], tmp_path / "out", since=before)
        alike(again, screened(after, [file], tmp_path / "out"))


def test_a_record_with_ties_has_everything_judged_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The ship that takes the grain calls at Nampo in another record."""
    rows = entries()
    file = tmp_path / "trades.csv"
    pd.DataFrame({
        "date": ["2024-03-01", "2024-03-09"], "shipper": [rows[-1]["name"], "Harbour Grain BV"], "vessel": "Grain Star",
        "goods": "wheat", "load_port": "NLRTM", "discharge_port": ["BEANR", "KPNAM"],
    }).to_csv(file, index=False)  # fmt: skip
    old, new = built(tmp_path / "old", rows[:-1]), built(tmp_path / "new", rows)
    screened(old, [file], tmp_path / "out")
    gathered, _ = gathering(monkeypatch)
    again = screened(new, [file], tmp_path / "out", since=old)
    assert len(gathered) == 1
    alike(again, screened(new, [file], tmp_path / "out"))


def test_texts_whose_words_no_part_tells_are_held_against_the_change_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was spoken is gone from what is read: the columns are read instead."""
    rows = entries()
    old, new = built(tmp_path / "old", rows[:-9]), built(tmp_path / "new", rows)
    screened(old, [STORY], tmp_path / "out")
    monkeypatch.setattr("screening.pipeline.packing.spoken", lambda _tables: [])
    again = screened(new, [STORY], tmp_path / "out", since=old)
    alike(again, screened(new, [STORY], tmp_path / "out"))


def test_two_processes_look_again_as_one_does(tmp_path: Path) -> None:
    """Records of several parts go to a worker together and come back to their own."""
    rows = entries()
    file = innocent(tmp_path, [row["name"] for row in rows])
    old, new = built(tmp_path / "old", rows[::2]), built(tmp_path / "new", rows)
    screened(old, [file], tmp_path / "out")
    outcomes = []
    for jobs in (1, 2):
        with Screener.from_lists(new).running([file], Options(chunk_rows=7, since=old), jobs) as results:
            reports.write(results, tmp_path / "out", ["csv", "jsonl"])
        outcomes.append({path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()})
        assert json.loads(outcomes[-1].pop("manifest.json"))["since"]["taken_up"]
    assert outcomes[0] == outcomes[1]


@pytest.mark.parametrize("done", [0, 2])
def test_a_run_that_was_stopped_is_taken_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, done: int) -> None:
    """After so many parts: the others are taken over or looked at anew, and the bytes are those of a full run."""
    rows = entries()
    old, new = built(tmp_path / "old", rows[::2]), built(tmp_path / "new", rows)
    screened(old, [STORY], tmp_path / "out")
    carry, carried = Spool.carry, list[str]()

    def stopped(spool: Spool, part: Part, *given: Any) -> None:
        if len(carried) == done:
            raise OSError(28, "No space left on device")
        carried.append(part.name)
        carry(spool, part, *given)

    monkeypatch.setattr(Spool, "carry", stopped)
    with pytest.raises(ScreeningError, match="cannot be written there"):
        screened(new, [STORY], tmp_path / "out", since=old)
    monkeypatch.setattr(Spool, "carry", carry)
    place, options = Workplace(new / "runs", resume=True), Options(chunk_rows=7, since=old)
    with Screener.from_lists(new).running([STORY], options, place=place) as results:
        results = replace(results, manifest={**results.manifest, "fail_on": "review"})
        reports.write(results, tmp_path / "out", FORMATS)
    whole = screened(new, [STORY], tmp_path / "whole")
    for name in ("decisions.csv", "alerts.jsonl", "hits.jsonl", "report.html"):
        assert (tmp_path / "out" / name).read_text(encoding="utf-8") == whole[name], name


def test_a_run_that_was_stopped_once_its_verdict_stood_is_taken_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its files are the earlier run's: they are put there again, or written anew and those stay as they are."""
    rows = entries()
    stranger = {**rows[0], "entry_id": "X:1", "name": "Zxqvbnm Wyttrops", "aliases": "", "imo": ""}
    old, new = built(tmp_path / "old", rows), built(tmp_path / "new", [*rows, stranger])
    screened(old, [STORY], tmp_path / "out")
    save = FormerRun.save
    monkeypatch.setattr(FormerRun, "save", lambda run: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(ScreeningError, match="cannot be written there"):
        screened(new, [STORY], tmp_path / "out", since=old)
    monkeypatch.setattr(FormerRun, "save", save)
    former = next((old / "runs").glob("*/verdict.json"))
    assert next((new / "runs").glob("*/verdict.json")).samefile(former)
    for letters in ({}, {"exemptions": a_letter(tmp_path)}):
        place, options = Workplace(new / "runs", resume=True), Options(chunk_rows=7, since=old, **letters)
        with Screener.from_lists(new).running([STORY], options, place=place) as results:
            reports.write(results, tmp_path / "again", ["jsonl"])
        with Screener.from_lists(new).running([STORY], replace(options, since=None)) as results:
            reports.write(results, tmp_path / "whole", ["jsonl"])
        again, whole = (tmp_path / name / "alerts.jsonl" for name in ("again", "whole"))
        assert again.read_bytes() == whole.read_bytes()
        assert FormerRun.open(former.parent) is not None


def test_a_record_that_no_run_keeps_stands_with_others(tmp_path: Path) -> None:
    """It is looked at for their sake, so that it is not judged by itself."""
    at = pd.DataFrame({"at": [1, 2]})
    held = SimpleNamespace(kept=lambda part: SimpleNamespace(trades=at, at=lambda places: None))
    ties = SimpleNamespace(free=lambda kept, identities: True)
    again = Again(SimpleNamespace(spool=held), None)  # type: ignore[arg-type]
    for places, alone in (([1], True), ([1, 2], True), ([3], False), ([1, 3], False)):
        asked = [again_module._Change(np.array(places), np.zeros(0, np.int64))]
        assert again._alone(held, [Part(0, 4)], asked, ties, None) is alone  # type: ignore[arg-type]


def test_parts_that_stay_are_shared_and_their_digests_too(tmp_path: Path) -> None:
    """A part that nothing touches is the same file for both runs; where a bit of it turns, neither is taken up."""
    rows = entries()
    stranger = {**rows[0], "entry_id": "X:1", "name": "Zxqvbnm Wyttrops", "aliases": "", "imo": ""}
    more = [[{**stranger, "entry_id": f"X:{m}"} for m in range(n)] for n in range(3)]
    lists = [built(tmp_path / str(n), [*rows, *strangers]) for n, strangers in enumerate(more)]
    screened(lists[0], [STORY], tmp_path / "out")
    screened(lists[1], [STORY], tmp_path / "out", since=lists[0])
    first, second = (next((one / "runs").glob("*/part-000000/lines.arrow")) for one in lists[:2])
    assert second.samefile(first)
    harmed = bytearray(second.read_bytes())
    harmed[len(harmed) // 2] ^= 1
    second.write_bytes(harmed)
    assert FormerRun.open(first.parent.parent) is None
    again = screened(lists[2], [STORY], tmp_path / "out", since=lists[1])
    screened_anew(again, screened(lists[2], [STORY], tmp_path / "out"))


def some_weights(count: int) -> list[Entry]:
    """Entries that make a word common."""
    rows = entries()
    begins = ("Lamb", "Tor", "Mirk", "Zeph", "Cald", "Bron", "Feld", "Gran", "Kest", "Pelic", "Osp")
    ends = ("din", "vald", "wood", "yr", "era", "te", "spar", "ite", "rel", "an", "rey", "rier")
    words = [f"{begin}{end}" for begin in begins for end in ends]
    return [
        {**rows[0], "entry_id": f"q{n}", "kind": "organisation", "name": f"Qorvex {word} {word[::-1]} Holding",
         "aliases": "", "imo": ""}
        for n, word in enumerate(words[:count])
    ]  # fmt: skip


@pytest.mark.parametrize(("before", "after"), [(132, 1), (1, 132), (0, 9)])
def test_a_ships_name_that_is_told_with_its_number(tmp_path: Path, before: int, after: int) -> None:
    """Its hit by name stands within that by number: what its words weigh decides whether it is the listed name."""
    rows = entries()
    file = tmp_path / "one.csv"
    pd.DataFrame({
        "date": "2024-03-01", "load_port": "Dalian", "discharge_port": "Busan",
        "vessel": ["QORVEX HUI CHON", "CHOL RYONG QORVEX", "QORVEX HUI CHON"], "imo": ["8405270", "8405270", "8606173"],
    }).to_csv(file, index=False)  # fmt: skip
    old, new = (built(tmp_path / name, [*rows, *some_weights(count)]) for name, count in
                (("old", before), ("new", after)))  # fmt: skip
    screened(old, [file], tmp_path / "out")
    again = screened(new, [file], tmp_path / "out", since=old)
    alike(again, screened(new, [file], tmp_path / "out"))


@pytest.mark.parametrize(
    ("name", "was", "then"),
    [
        ("verdict.json", '"by_record": [[0,', '"by_record": [[1,'),
        ("verdict.json", "UNSCR", "UNSCS"),
        ("run.json", '"rows": 7', '"rows": 6'),
    ],
)
def test_an_earlier_run_that_was_harmed_is_not_taken_up(tmp_path: Path, name: str, was: str, then: str) -> None:
    """Whatever bit of it was turned: everything is screened."""
    rows = entries()
    old, new = built(tmp_path / "old", rows), built(tmp_path / "new", rows[:-1])
    screened(old, [STORY], tmp_path / "out")
    (kept,) = (old / "runs").glob(f"*/{name}")
    text = kept.read_text(encoding="utf-8")
    assert was in text
    kept.write_text(text.replace(was, then, 1), encoding="utf-8")
    again = screened(new, [STORY], tmp_path / "out", since=old)
    screened_anew(again, screened(new, [STORY], tmp_path / "out"))


def test_a_file_is_told_where_it_is_now(tmp_path: Path) -> None:
    """A folder for every night: the manifest tells tonight's."""
    rows = entries()
    old, new = built(tmp_path / "old", rows[:-1]), built(tmp_path / "new", rows)
    files = [tmp_path / night / "trades.csv" for night in ("monday", "tuesday")]
    for file in files:
        file.parent.mkdir()
        shutil.copy(STORY, file)
    screened(old, [files[0]], tmp_path / "out")
    again = screened(new, [files[1]], tmp_path / "out", since=old)
    assert [told["path"] for told in again["manifest"]["inputs"]] == [str(files[1])]
    alike(again, screened(new, [files[1]], tmp_path / "out"))


def test_an_earlier_run_stays_while_it_is_read(tmp_path: Path) -> None:
    """Other runs that keep their work meanwhile leave it; what is gone nonetheless ends the run in a sentence."""
    rows = entries()
    old = built(tmp_path / "old", rows[:-1])
    screened(old, [STORY], tmp_path / "out")
    (kept,) = (old / "runs").iterdir()
    with workplace.read(kept):
        for number in range(4):
            file = tmp_path / f"{number}.csv"
            file.write_text(f"date,shipper\n2024-01-0{number + 1},Harbour Grain BV\n", encoding="utf-8")
            screened(old, [file], tmp_path / "out")
        assert kept.exists()
    former, gone = FormerRun.open(kept), np.zeros(0, np.int64)
    assert former is not None
    shutil.rmtree(kept)
    with pytest.raises(ScreeningError, match="was removed or harmed while it was read"):
        list(Again(former, SimpleNamespace(entry=gone, name=gone, entries=frozenset())).batches(history=False))


def test_what_a_stopped_run_left_stays_for_it_while_others_run(tmp_path: Path) -> None:
    """Of three that were stopped over other files the oldest goes; its own is taken up, or else removed."""
    root = tmp_path / "runs"
    for number, key in enumerate(("a", "b", "c", "d")):
        left = root / f".run-{key}-1234" / "part-000000"
        left.mkdir(parents=True)
        os.utime(left.parent, (number, number))
    with Workplace(root, resume=True, shared=True).open("d") as work:
        assert (work.folder.name, work.resumed) == (".run-d-1234", True)
        assert sorted(path.name for path in root.iterdir()) == [".run-b-1234", ".run-c-1234", ".run-d-1234"]
    with Workplace(root, shared=True).open("c") as work:
        assert not work.resumed
        assert sorted(path.name for path in root.iterdir()) == [".run-b-1234", work.folder.name]


def a_letter(folder: Path) -> Path:
    """A file of exemptions."""
    (folder / "letters.csv").write_text(
        "reference,hs,item,quantity,unit,valid_from,valid_to,lifts\n"
        "S/2024/1,2710,,10000,t,2024-01-01,2024-12-31,UN-2397-IMPORTS\n", encoding="utf-8",
    )  # fmt: skip
    return folder / "letters.csv"


def test_other_letters_are_judged_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The parts stay, the verdict does not: what exempts is asked in the second phase alone."""
    old, new = built(tmp_path / "old", entries()), built(tmp_path / "new", entries()[:-1])
    letters = a_letter(tmp_path)
    screened(old, [STORY], tmp_path / "out")
    called = counting(monkeypatch)
    again = screened(new, [STORY], tmp_path / "out", since=old, exemptions=letters)
    assert "judged" in called
    alike(again, screened(new, [STORY], tmp_path / "out", exemptions=letters))


def test_the_change_of_the_security_councils_list_in_winter(shared: Path, tmp_path: Path) -> None:
    """From November 2025 to February 2026, over records that name what came and went, and a twelfth of the rest."""
    lists = []
    for day in ("2025-11-20", "2026-02-27"):
        lists.append(tmp_path / day)
        build([shared / "lists" / f"un-{day}"]).save(lists[-1])
    tables = [Snapshot.load(one) for one in lists]
    names = [
        text
        for table in tables
        for entry, text in table.names[["entry", "text"]].itertuples(index=False)
        if entry % 12 == 0 or "Sudan" in table.entries["programmes"].iat[entry] or "QUBAYSI" in text
    ]
    file = tmp_path / "trades.csv"
    pd.DataFrame({
        "date": "2026-03-01", "shipper": names, "consignee": [name[:-1] for name in names],
        "notify_party": [" ".join(name.split()[1:]) for name in names], "load_port": "RUVVO", "discharge_port": "KPNAM",
    }).to_csv(file, index=False)  # fmt: skip
    old, new = lists
    screened(old, [file], tmp_path / "out", chunk_rows=1_000)
    again = screened(new, [file], tmp_path / "out", chunk_rows=1_000, since=old)
    assert "SDi.009" in again["hits.jsonl"]
    assert "IQi.074" not in again["hits.jsonl"]
    alike(again, screened(new, [file], tmp_path / "out", chunk_rows=1_000))
