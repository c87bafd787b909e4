"""Columns of cells as codes and distinct values, so that each value is read once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from screening.enrich.places import Places, Reading
from screening.enrich.text import REMEMBERED
from screening.model import PLACE_COLUMNS

Mask = NDArray[np.bool_]
Codes = NDArray[np.intp]
Told = tuple[Reading, str]
READ_COLUMNS = (*PLACE_COLUMNS, "origin", "destination", "flag")


class Cells:
    """Reads cells of places and countries, and remembers what many of them say."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._one: Callable[[Reading], Reading] = lru_cache(REMEMBERED)(lambda meaning: meaning)
        self.read: Callable[[str], Told] = lru_cache(REMEMBERED)(self._told)

    def _told(self, text: str) -> Told:
        """What the cell means, one object for many cells that mean the same, and its note."""
        read = self._places.read(text)
        return self._one(replace(read, note="")), read.note


@dataclass(frozen=True)
class Column:
    """One column of cells: a few meanings, and the words in which each cell is told.

    Args:
        codes: which of the meanings the cell of each row has. meanings: without notes.
        cells: which of the notes that of each row is. notes: of the distinct cells.
    """

    name: str
    codes: Codes
    meanings: list[Reading]
    cells: Codes
    notes: list[str]

    def mask(self, test: Callable[[Reading], bool]) -> Mask:
        """The rows whose cell passes the test."""
        return np.fromiter((test(r) for r in self.meanings), dtype=bool, count=len(self.meanings))[self.codes]

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
        return pd.Series(pd.array([get(r) for r in self.meanings], dtype="str").take(self.codes))

    def told(self, rows: Codes) -> pd.Series:
        """The evidence of some rows in words, with the column's name in front, by row."""
        notes = [self.notes[cell] for cell in self.cells[rows].tolist()]
        return pd.Series([f"{self.name} {note}" if note else "" for note in notes], index=rows, dtype="str")


def texts(frame: pd.DataFrame, column: str) -> tuple[Codes, list[str]]:
    """The column as codes and distinct texts; a column that is missing is all empty."""
    if column not in frame:
        return np.zeros(len(frame), dtype=np.intp), [""]
    codes, found = pd.factorize(frame[column].fillna(""))
    return codes, list(map(str, found.to_numpy(dtype=object)))


def read_columns(frame: pd.DataFrame, read: Callable[[str], Told]) -> dict[str, Column]:
    """The columns of places and countries."""
    return {name: _column(name, *texts(frame, name), read) for name in READ_COLUMNS}


def _column(name: str, codes: Codes, values: list[str], read: Callable[[str], Told]) -> Column:
    told = list(map(read, values))
    meanings = {id(meaning): meaning for meaning, _ in told}
    places = {key: place for place, key in enumerate(meanings)}
    which = np.fromiter((places[id(meaning)] for meaning, _ in told), dtype=np.intp, count=len(told))
    return Column(name, which[codes], list(meanings.values()), codes, [note for _, note in told])
