"""Tables that a spreadsheet opens without running what a cell says."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.model import DECISION_COLUMNS, REJECT_COLUMNS, Results
from screening.reports import tables

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("name", ["decisions", "rejects", "marks"])
def test_tables_match_their_golden_files(results: Results, tmp_path: Path, golden, name: str) -> None:
    """The three tables of the story, read like code."""
    tables.write(results, tmp_path)
    golden(GOLDEN / f"{name}.csv", (tmp_path / f"{name}.csv").read_text(encoding="utf-8"))


def test_decisions_have_the_columns_of_the_contract(results: Results, tmp_path: Path) -> None:
    """In the order in which other programs expect them."""
    tables.write(results, tmp_path)
    with (tmp_path / "decisions.csv").open(encoding="utf-8", newline="") as file:
        assert tuple(next(csv.reader(file))) == DECISION_COLUMNS


@pytest.mark.parametrize("cell", ["=1+1", "+7", "-2", "@SUM(A1)", "\tx", "\rx", "=1"])
def test_a_cell_that_begins_like_a_formula_is_guarded(cell: str) -> None:
    """An apostrophe goes before it."""
    assert tables.guarded(pd.Series([cell, "ok"])).tolist() == [f"'{cell}", "ok"]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=12), min_size=1, max_size=20))
def test_no_cell_is_lost_or_left_risky(texts: list[str]) -> None:
    """Each cell comes back as it was, or with one apostrophe before it; none begins like a formula."""
    frame = pd.DataFrame({"value": pd.Series(texts, dtype="str")})
    for text, found in zip(texts, tables.guarded(frame["value"]), strict=True):
        assert found in (text, f"'{text}")
        assert not found.startswith(tables.FORMULA)


CELLS = st.characters(exclude_categories=["Cs"]) | st.sampled_from('\r\n",;\t')


@given(st.lists(st.text(CELLS, max_size=12), min_size=1, max_size=20))
def test_cells_come_back_as_they_were_written(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    """Delimiters, quotes and line ends inside a cell neither split it nor shift its neighbours."""
    path = tmp_path_factory.mktemp("tables") / "rejects.csv"
    frame = pd.DataFrame({column: pd.Series(texts, dtype="str") for column in REJECT_COLUMNS})
    tables._write([frame], REJECT_COLUMNS, path)
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    want = tables.guarded(frame["value"]).tolist()
    assert [row[3] for row in rows] == want
    assert all(len(row) == len(REJECT_COLUMNS) for row in rows)
