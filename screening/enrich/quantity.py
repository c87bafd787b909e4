"""Amounts in tonnes, barrels, boxes and pieces, with exact factors and an interval where the product is not known."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from screening.enrich.text import names
from screening.errors import RulePackError
from screening.tables import read_yaml

KINDS = ("mass", "volume", "count", "box")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of rules/units.yaml; factor is None where it cannot be told, low and high bound a doubt."""

    name: str
    kind: str
    factor: Decimal | None
    low: Decimal
    high: Decimal
    ambiguous: str = ""
    unreadable: str = ""


@dataclass(frozen=True, slots=True)
class Factor:
    """Barrels in a tonne: the figure of the product, and the bounds where the product is not known."""

    low: Decimal
    middle: Decimal
    high: Decimal
    label: str


@dataclass(frozen=True, slots=True)
class Measure:
    """What one unit of a record is in tonnes, barrels (low, middle, high), TEU and pieces; None where it is none."""

    tonnes: float | None = None
    low: float | None = None
    barrels: float | None = None
    high: float | None = None
    teu: float | None = None
    pieces: float | None = None
    ambiguous: bool = False
    why: str = ""


def unit_key(text: str) -> str:
    """The unit as it is looked up: case, dots, blanks and raised figures never matter."""
    return re.sub(r"[\s.]+", " ", unicodedata.normalize("NFKC", text).casefold()).strip()


class Units:
    """The units and factor sets of rules/units.yaml."""

    def __init__(self, loaded: dict[str, Any], at: Path) -> None:
        self._at = at
        self.barrel = self._figure(loaded["barrel"]["cubic_metres"], "barrel")
        self.units: dict[str, Unit] = {}
        for name, row in loaded["units"].items():
            unit = self._unit(name, row)
            for label in (name, *names(row["spellings"])):
                known = self.units.setdefault(unit_key(label), unit)
                if known.name != name and label != name:
                    raise RulePackError(f"the spelling {label!r} stands under {known.name} and {name}", at=at)
        self.default = loaded["default_factors"]
        self.sets: dict[str, dict[str, Any]] = loaded["factor_sets"]
        if self.default not in self.sets:
            raise RulePackError(f"the default factor set {self.default!r} is not among the sets", at=at)
        self.product_names: dict[str, str] = loaded["product_names"]
        self.converted = frozenset(loaded["converted"])
        self.measured = frozenset(loaded["measured"])
        for name in self.sets:
            for product in ("", *self.product_names):
                self.factor(product, name)

    @classmethod
    def load(cls, path: Path) -> Units:
        """The units of a file.

        Raises:
            RulePackError: the file cannot be read, lacks a part, or holds a figure that is none.
        """
        loaded = read_yaml(path)
        try:
            return cls(loaded, path)
        except (KeyError, TypeError, AttributeError) as error:
            raise RulePackError(f"lacks the part {error}", at=path) from error

    def _figure(self, text: str, what: str) -> Decimal:
        try:
            figure = Decimal(text)
        except InvalidOperation:
            raise RulePackError(f"the figure {text!r} of {what} is no number", at=self._at) from None
        if not figure.is_finite() or figure <= 0:
            raise RulePackError(f"the figure {text!r} of {what} must be above zero", at=self._at)
        return figure

    def _unit(self, name: str, row: dict[str, str]) -> Unit:
        if row["kind"] not in KINDS:
            raise RulePackError(f"{name} has the kind {row['kind']!r}; use {', '.join(KINDS)}", at=self._at)
        if row.get("unreadable"):
            return Unit(name, row["kind"], None, Decimal(0), Decimal(0), unreadable=row["unreadable"])
        factor = self._figure(row["factor"], name)
        low, high = (self._figure(row.get(bound, row["factor"]), name) for bound in ("low", "high"))
        return Unit(name, row["kind"], factor, low, high, row.get("ambiguous", ""))

    def find(self, text: str) -> Unit | None:
        """The unit that is written so, None if no unit is."""
        return self.units.get(unit_key(text))

    def fault(self, text: str) -> str:
        """What is wrong with a unit and what would be right, '' where it can be read."""
        unit = self.find(text)
        if unit is None:
            return f"the unit '{text.strip()}' is not known; write one such as t, kg, bbl, m3, l, pcs or TEU"
        if unit.factor is None:
            return f"the unit '{text.strip()}' cannot be told: {unit.unreadable}; write it out, such as t, bbl or l"
        return ""

    def factor(self, product: str, factor_set: str = "") -> Factor:
        """The barrels in a tonne of a product; an interval around the basket where the set has no line for it."""
        chosen = self.sets[factor_set or self.default]
        line = chosen["products"].get(product)
        name = factor_set or self.default
        if line is not None:
            figure = self._figure(line["factor"], product)
            return Factor(figure, figure, figure, f"{self.product_names[product]}, {name}, {line['status']}")
        low, high = self._figure(chosen["low"], "low"), self._figure(chosen["high"], "high")
        basket = self._figure(chosen["basket"]["factor"], "basket")
        what = f"{self.product_names[product]} has no line" if product else "product not known"
        return Factor(low, basket, high, f"{what}: basket, {low} to {high}, {name}, {chosen['basket']['status']}")

    def measure(self, text: str, product: str, classes: frozenset[str], factor_set: str = "") -> Measure:
        """What one of the unit is, for goods of these classes.

        Args:
            text: the unit as written.
            product: the line of the factor table, '' where the product is not known.
            classes: the classes of the goods; barrels are counted for petroleum, and by volume where nothing is known.
        """
        if not text.strip():
            return Measure(why="the unit is empty")
        unit = self.find(text)
        if unit is None:
            return Measure(why=f"the unit '{text.strip()}' is not known")
        if unit.factor is None:
            return Measure(ambiguous=True, why=f"the unit '{text.strip()}' cannot be told: {unit.unreadable}")
        doubt = f"'{text.strip()}' is {unit.ambiguous}" if unit.ambiguous else ""
        if unit.kind == "box":
            return Measure(teu=float(unit.factor), ambiguous=bool(doubt), why=doubt)
        if unit.kind == "count":
            return Measure(pieces=float(unit.factor))
        if unit.kind == "volume":
            return self._volume(unit, classes, doubt)
        return self._mass(unit, product, classes, doubt, factor_set)

    def _volume(self, unit: Unit, classes: frozenset[str], doubt: str) -> Measure:
        if classes and not classes & self.measured:
            return Measure(ambiguous=bool(doubt), why=doubt)
        assert unit.factor is not None
        low, middle, high = (float(x / self.barrel) for x in (unit.low, unit.factor, unit.high))
        why = doubt or f"{unit.name} by volume, exact"
        return Measure(None, low, middle, high, ambiguous=bool(doubt), why=why)

    def _mass(self, unit: Unit, product: str, classes: frozenset[str], doubt: str, factor_set: str) -> Measure:
        assert unit.factor is not None
        tonnes = float(unit.factor)
        if not classes & self.converted:
            held = sorted(classes & self.measured)
            why = f"{held[0].replace('_', ' ')} is not converted from mass to barrels" if held else ""
            return Measure(tonnes, ambiguous=bool(doubt), why="; ".join(filter(None, (why, doubt))))
        factor = self.factor(product, factor_set)
        why = "; ".join(filter(None, (f"{factor.middle} bbl/t ({factor.label})", doubt)))
        low, middle, high = unit.low * factor.low, unit.factor * factor.middle, unit.high * factor.high
        return Measure(tonnes, float(low), float(middle), float(high), ambiguous=bool(doubt), why=why)
