"""What a reader hands over: cells as text, column by column, before anybody has judged what they mean."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Rows = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
TEXT = pa.large_string()


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that could not be read at all: it is counted, shown with its reason, and not screened."""

    row: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """A cell that the file has already damaged; `place` is its position in Table.rows, `column` in the header."""

    place: int
    column: int
    reason: str


@dataclass(frozen=True, slots=True)
class Table:
    """Some consecutive rows of a file.

    Args:
        rows: the row number of each record.
        cells: the text of the wanted columns, by position in the header; no nulls.
        native: of the wanted columns, which cells were numbers or dates in the file and not text.
        faults: rows that are no records, in the order of the file.
        blank: rows in which nothing stands; they are neither records nor faults.
    """

    rows: Rows
    cells: dict[int, Any]
    native: dict[int, Flags] = field(default_factory=dict)
    doubts: tuple[Doubt, ...] = ()
    faults: tuple[Fault, ...] = ()
    blank: int = 0


@dataclass(frozen=True, slots=True)
class Opened:
    """A file whose header has been found and whose rows can now be read.

    Args:
        headers: the names of its columns as they stand in the file.
        tables: yields the rows; takes the positions of the wanted columns and how many rows to hold at once.
        header_row: the row the names stand in, 0 where the format has none.
        inside: names that stand only in an object under another name, with that name.
    """

    format: str
    headers: tuple[str, ...]
    tables: Callable[[Sequence[int], int], Iterator[Table]]
    header_row: int = 0
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    notices: tuple[str, ...] = ()
    inside: Mapping[str, str] = field(default_factory=dict)
    others: tuple[Opened, ...] = ()  # further tables of the same file, such as sheets


class Recognise(Protocol):
    """Tells how many of some names are columns of a trade record."""

    def __call__(self, headers: Sequence[str]) -> int:
        """The number of names that are known."""


class Open(Protocol):
    """Opens one file of one format."""

    def __call__(self, path: Path, known: Recognise, encoding: str | None) -> Opened:
        """The file with its header found."""
