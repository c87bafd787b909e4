"""What a cell can mean at most, from rules/bounds.yaml: days and quantities beyond that are slips and not read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from screening.errors import RulePackError
from screening.tables import read_yaml, rules_folder


@dataclass(frozen=True, slots=True)
class Bounds:
    """The first and the last day that a record can be of, and the figure that every quantity stays below."""

    first: date
    last: date
    below: float
    why_first: str = ""
    why_last: str = ""
    why_below: str = ""

    def day_fault(self, day: date) -> str:
        """Why no record is of this day, '' where one can be."""
        if day < self.first:
            return f"lies before {self.first}, the first day that is believed: {self.why_first}"
        if day > self.last:
            return f"lies after {self.last}, the last day that is believed: {self.why_last}"
        return ""

    def quantity_fault(self, amount: float) -> str:
        """Why no record is of this amount, whatever the unit, '' where one can be."""
        if amount < self.below:
            return ""
        return f"is too large for a quantity, which is below {self.below:,.0f}: {self.why_below}"


@cache
def load_bounds(folder: Path | None = None) -> Bounds:
    """The bounds of a folder of rules, of the shipped rules where none is given.

    Raises:
        RulePackError: the file lacks a part, or holds a day or a figure that is none.
    """
    path = (folder or rules_folder()) / "bounds.yaml"
    read = read_yaml(path)
    try:
        days, quantity = read["date"], read["quantity"]
        return Bounds(
            date.fromisoformat(days["first"]),
            date.fromisoformat(days["last"]),
            float(quantity["below"]),
            days["why_first"],
            days["why_last"],
            quantity["why"],
        )
    except KeyError as error:
        raise RulePackError(f"lacks the part {error}", at=path) from error
    except (TypeError, ValueError) as error:
        raise RulePackError(f"needs days as 1990-01-01 and a figure as 1000000 ({error})", at=path) from error
