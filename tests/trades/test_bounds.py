"""Specifies screening.trades.bounds: what a cell can mean at most stands in the rules and is checked at load."""

from __future__ import annotations

from pathlib import Path

import pytest

from screening.errors import RulePackError
from screening.tables import rules_folder
from screening.trades.bounds import load_bounds


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("first: 1990-01-01", "first: 1990", "days as 1990-01-01"),
        ('below: "1000000000000000"', "below: many", "a figure as"),
        ("  last: 2050-12-31\n", "", "lacks the part 'last'"),
        ("quantity:", "quantities:", "lacks the part 'quantity'"),
    ],
)
def test_bounds_are_checked_at_load(tmp_path: Path, old: str, new: str, says: str) -> None:
    """A file that lacks a part, or holds a day or a figure that is none, is refused."""
    text = (rules_folder() / "bounds.yaml").read_text(encoding="utf-8")
    assert text.count(old) == 1
    (tmp_path / "bounds.yaml").write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(RulePackError, match=says):
        load_bounds(tmp_path)
