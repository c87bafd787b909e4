"""Columns of cells as codes and distinct values, so that each value is read once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from screening.enrich.places import Places, Reading
from screening.model import PLACE_COLUMNS

Mask = NDArray[np.bool_]
Codes = NDArray[np.intp]
READ_COLUMNS = (*PLACE_COLUMNS, "origin", "destination", "flag")


@dataclass(frozen=True)
class Column:
    """One column of cells, read once per distinct value."""

    name: str
    codes: Codes
    readings: list[Reading]

    def mask(self, test: Callable[[Reading], bool]) -> Mask:
        """The rows whose cell passes the test."""
        return np.fromiter((test(r) for r in self.readings), dtype=bool, count=len(self.readings))[self.codes]

    def within(self, country: str) -> Mask:
        """The rows whose cell is in the country for sure."""
        return self.mask(lambda r: r.country == country)

    def perhaps(self, country: str) -> Mask:
        """The rows whose cell may mean the country."""
        return self.mask(lambda r: country in r.maybe)

    def asking(self, place: str, korea: bool) -> Mask:
        """The rows whose cell is this place if other evidence says so: after bare Korea, or after a doubtful name."""
        return self.mask(lambda r: r.settles == place and r.korea == korea and (korea or r.how == "unresolved"))

    def text(self, get: Callable[[Reading], str]) -> pd.Series:
        """A text for each row."""
        return pd.Series(pd.array([get(r) for r in self.readings], dtype="str").take(self.codes))

    @cached_property
    def notes(self) -> pd.Series:
        """The evidence in words, with the column's name in front."""
        return self.text(lambda r: f"{self.name} {r.note}" if r.note else "")


def texts(frame: pd.DataFrame, column: str) -> tuple[Codes, list[str]]:
    """The column as codes and distinct texts; a column that is missing is all empty."""
    if column not in frame:
        return np.zeros(len(frame), dtype=np.intp), [""]
    codes, found = pd.factorize(frame[column].fillna(""))
    return codes, [str(value) for value in found]


def read_columns(frame: pd.DataFrame, places: Places, known: dict[str, Reading]) -> dict[str, Column]:
    """The columns of places and countries; `known` holds the readings of cells seen before."""
    found = {}
    for name in READ_COLUMNS:
        codes, values = texts(frame, name)
        for value in values:
            if value not in known:
                known[value] = places.read(value)
        found[name] = Column(name, codes, [known[value] for value in values])
    return found
