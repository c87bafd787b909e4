"""Cases worked by hand from the law, a line a record: which rules must fire, which must not, what is decided."""

from __future__ import annotations

import csv
from itertools import groupby
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from screening.screener import Screener
from tests.conftest import FIXTURES

WORKED = sorted((Path(__file__).parent / "worked").glob("*.csv"))
MEANS = {
    "clear": {"clear"},
    "review": {"review"},
    "possible_violation": {"possible_violation"},
    "not_clear": {"review", "possible_violation"},
    "not_violation": {"clear", "review"},
}
WANTED = ("case", "decision", "fires", "silent")


@pytest.fixture(scope="module")
def screener() -> Screener:
    return Screener.from_lists(FIXTURES / "lists" / "extract")


def names(cell: str) -> set[str]:
    return set(cell.split(";")) - {""}


def faults(screener: Screener, rows: list[dict[str, Any]]) -> list[str]:
    """What differs from what is wanted, a sentence a record; the records of a case are screened together."""
    trades = pd.DataFrame([{k: v for k, v in row.items() if k not in WANTED} for row in rows])
    got = {row.record_id: row for row in screener.run(trades).decisions.itertuples()}
    found = []
    for row in rows:
        decided = got[row["record_id"]]
        fired = names(decided.rules)
        missing, unwanted = names(row["fires"]) - fired, names(row["silent"]) & fired
        if decided.decision not in MEANS[row["decision"]] or missing or unwanted:
            found.append(f"{row['case']}, record {row['record_id']}: {decided.decision}, fired {sorted(fired)}")
    return found


@pytest.mark.parametrize("path", WORKED, ids=lambda path: path.stem)
def test_each_case_is_decided_as_the_law_says(screener: Screener, path: Path) -> None:
    """Both sides of each line: the day before and the day, the ceiling and a barrel more, the South and the North."""
    with path.open(newline="", encoding="utf-8") as file:
        cases = [list(rows) for _, rows in groupby(csv.DictReader(file), key=lambda row: row["case"])]
    assert len(cases) > 3
    assert [fault for rows in cases for fault in faults(screener, rows)] == []
