"""The story that ships, spring 2024: its results are golden, and independent of order, batches and neighbours."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from screening import reports
from screening.model import Results
from screening.screener import Screener
from tests.conftest import FIXTURES

STORY = FIXTURES / "trades" / "spring-2024.csv"
GOLDEN = FIXTURES / "trades" / "spring-2024"


@pytest.fixture(scope="module")
def screener() -> Screener:
    return Screener.from_lists(FIXTURES / "lists" / "extract")


@pytest.fixture(scope="module")
def results(screener: Screener) -> Results:
    return screener.run(STORY)


@pytest.mark.parametrize("name", ["decisions.csv", "rejects.csv", "marks.csv", "alerts.jsonl", "hits.jsonl"])
def test_the_story_is_told_as_before(
    results: Results, golden: Callable[[Path, str], None], tmp_path: Path, name: str
) -> None:
    """Golden files are rewritten by pytest --rewrite, and their diff is read like code."""
    reports.write(results, tmp_path / "out", ["csv", "jsonl", "html"])
    golden(GOLDEN / name, (tmp_path / "out" / name).read_text(encoding="utf-8"))


def test_the_report_holds_every_record_that_is_not_clear(results: Results, tmp_path: Path) -> None:
    """One self-contained page: each such record is there, and nothing is fetched from elsewhere."""
    reports.write(results, tmp_path / "out", ["html"])
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    decisions = pd.DataFrame(results.decisions)
    for record in decisions.loc[decisions["decision"].ne("clear"), "record_id"]:
        assert record in page
    for outside in ("http://", "https://"):
        assert f'src="{outside}' not in page
        assert f'href="{outside}' not in page
        assert f"url({outside}" not in page


def by_record(results: Results) -> dict[str, tuple[str, ...]]:
    decisions = pd.DataFrame(results.decisions)
    wanted = decisions[["record_id", "decision", "severity", "rules", "score", "reason"]]
    return {row[0]: tuple(row[1:]) for row in wanted.itertuples(index=False)}


def test_a_verdict_does_not_depend_on_the_order_of_rows(screener: Screener, results: Results, tmp_path: Path) -> None:
    """The file read from its end gives every record the same outcome."""
    with STORY.open(newline="", encoding="utf-8") as file:
        header, *rows = list(csv.reader(file))
    with (tmp_path / "turned.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *reversed(rows)])
    assert by_record(screener.run(tmp_path / "turned.csv")) == by_record(results)


def test_a_verdict_does_not_depend_on_the_batches(screener: Screener, results: Results) -> None:
    """Read row by row the file gives every record the same outcome, and the same alerts."""
    alone = screener.run(STORY, chunk_rows=1)
    assert by_record(alone) == by_record(results)
    assert [a.alert_id for a in alone.alerts] == [a.alert_id for a in results.alerts]


def test_the_same_input_gives_the_same_bytes(screener: Screener, results: Results, tmp_path: Path) -> None:
    """Two runs write the same files, the manifest's times aside."""
    reports.write(results, tmp_path / "one", ["csv", "jsonl", "html"])
    reports.write(screener.run(STORY), tmp_path / "two", ["csv", "jsonl", "html"])
    for path in sorted((tmp_path / "one").iterdir()):
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name


def test_every_alert_explains_itself(results: Results) -> None:
    """Rule, law with its status, a sentence, the facts it saw, and for a listed party what met what."""
    assert results.alerts
    for alert in results.alerts:
        assert alert.citations
        assert alert.reason
        assert "{" not in alert.reason
        assert alert.facts
        for hit in alert.hits:
            assert hit.features, (alert.alert_id, hit.entry_id)
            json.dumps([feature.name for feature in hit.features])
