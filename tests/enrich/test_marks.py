"""Filled cells that could not be read are told."""

from __future__ import annotations

import pytest

from screening.enrich import Enricher
from screening.model import MARK_COLUMNS
from tests.enrich.conftest import frame_of

UNREAD = [
    ("hs", "abc", "2 to 10 digits"),
    ("hs", "030389; abc", "'abc'"),
    ("unit", "flasks", "not known"),
    ("unit", "LT", "cannot be told"),
    ("imo", "9179843", "should be 2"),
    ("imo", "8660313 / 9179842", "several IMO numbers"),
    ("flag", "Narnia", "no table of places"),
    ("origin", "Atlantis", "no table of places"),
    ("destination", "Atlantis", "such as Panama or PA"),
]


@pytest.mark.parametrize(("column", "value", "reason"), UNREAD)
def test_an_unread_cell_is_marked(enricher: Enricher, column: str, value: str, reason: str) -> None:
    """The mark names the record, the column, the value as written, what is wrong and what would be right."""
    frame = frame_of({}, {column: value, "record_id": "B"}).assign(source="f.csv", row=[2, 3])
    made = enricher.marks(frame)
    assert tuple(made.columns) == MARK_COLUMNS
    assert made[["source", "row", "record_id", "column", "value"]].values.tolist() == [["f.csv", 3, "B", column, value]]
    assert reason in made["reason"].iloc[0]


READ = [
    ("hs", "030389; 930690"), ("hs", "9306.90.00 shells"), ("hs", "2710.19"), ("unit", "тыс. барр."), ("unit", "t"),
    ("imo", "8660313 (ex CHON MA SAN)"), ("flag", "Panama"), ("flag", "PA"), ("origin", "Korea"), ("origin", "РФ"),
    ("destination", "-"), ("hs", ""), ("imo", ""),
]  # fmt: skip


@pytest.mark.parametrize(("column", "value"), READ)
def test_a_cell_that_can_be_read_is_not_marked(enricher: Enricher, column: str, value: str) -> None:
    """A cell that is read, empty, or a dash, is no fault."""
    frame = frame_of({column: value}).assign(source="f.csv", row=[2])
    assert enricher.marks(frame).empty


def test_marks_stand_in_the_order_of_the_records(enricher: Enricher) -> None:
    """Marks follow the rows, whatever the frame's index."""
    frame = frame_of({"flag": "Narnia"}, {"hs": "abc", "flag": "Narnia"}).assign(source="f.csv", row=[2, 3])
    frame.index = [0, 1]
    made = enricher.marks(frame)
    assert made[["row", "column"]].values.tolist() == [[2, "flag"], [3, "hs"], [3, "flag"]]
