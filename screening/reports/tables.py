"""decisions.csv, rejects.csv and marks.csv: tables a spreadsheet opens without running what a cell says."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Literal, Protocol, cast

import numpy as np
import pandas as pd

from screening.model import DECISION_COLUMNS, MARK_COLUMNS, REJECT_COLUMNS, Rendered, Results

# A spreadsheet takes a cell that begins so for a formula (OWASP, CSV injection); the last four are full-width forms.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")

SPECIAL = rf'^[{"".join(map(re.escape, FORMULA))}]|[",\r\n]'  # a cell that is not written as it is


def write(results: Results, folder: Path) -> None:
    """Write the three tables; marks are cells that could not be read in rows that were kept."""
    if isinstance(results.decided, Rendered):
        with (folder / "decisions.csv").open("wb") as file:
            file.write(_header(DECISION_COLUMNS).encode())
            file.writelines(results.decided.rendered())
    else:
        _write(results.decided, DECISION_COLUMNS, folder / "decisions.csv")
    _write([cast(pd.DataFrame, results.rejects)], REJECT_COLUMNS, folder / "rejects.csv")
    _write([cast(pd.DataFrame, results.marks)], MARK_COLUMNS, folder / "marks.csv")


def _write(frames: Iterable[pd.DataFrame], columns: tuple[str, ...], path: Path) -> None:
    with path.open("w", encoding="utf-8", errors="backslashreplace", newline="") as file:
        file.write(_header(columns))
        for frame in frames:
            _write_rows(frame, columns, file)


def _header(columns: tuple[str, ...]) -> str:
    return ",".join(columns) + "\n"


class _Written(Protocol):
    """Takes text: a file, or what is to be put into one."""

    def write(self, text: str, /) -> object:
        """Take some."""


def _write_rows(frame: pd.DataFrame, columns: tuple[str, ...], file: _Written) -> None:
    table = _guarded(frame, columns)
    cells = [_cells(table[column]) for column in table]
    for quoting, rows in _quoted(table):
        writer = csv.writer(file, lineterminator="\n", quoting=quoting)
        writer.writerows(zip(*(column[rows] for column in cells), strict=True))


class _Lines:
    """What is written by lines, each by itself."""

    def __init__(self) -> None:
        self.found: list[bytes] = []

    def write(self, line: str, /) -> None:
        self.found.append(line.encode(errors="backslashreplace"))


def decision_lines(decisions: pd.DataFrame) -> list[bytes]:
    """Each decision as it stands in decisions.csv."""
    lines = _Lines()
    _write_rows(decisions, DECISION_COLUMNS, lines)
    return lines.found


def _cells(column: pd.Series) -> list[object]:
    """The values of a column, '' where there is none."""
    missing = column.isna()
    found: list[object] = (column.astype(object).mask(missing, "") if missing.any() else column).tolist()
    return found


def _guarded(frame: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    table = frame.reindex(columns=list(columns)) if frame.empty else frame[list(columns)].copy()
    for column in table:
        if not pd.api.types.is_numeric_dtype(table[column].dtype):
            table[column] = guarded(table[column])
        elif column == "score":
            table[column] = table[column].round(2)
    return table


def _quoted(table: pd.DataFrame) -> Iterator[tuple[Literal[0, 2], slice]]:
    """Runs of rows, each with the way it is quoted: before Python 3.13 csv does not see that a carriage return ends a
    line, so all texts of such a row are."""
    if table.empty:
        return
    texts = [table[column] for column in table if not pd.api.types.is_numeric_dtype(table[column].dtype)]
    broken = np.logical_or.reduce([text.str.contains("\r", regex=False).to_numpy(dtype=bool) for text in texts])
    bounds = [0, *(np.flatnonzero(np.diff(broken)) + 1).tolist(), len(table)]
    for start, end in pairwise(bounds):
        yield csv.QUOTE_NONNUMERIC if end > start and broken[start] else csv.QUOTE_MINIMAL, slice(start, end)


def guarded(texts: pd.Series[str]) -> pd.Series[str]:
    """The texts, an apostrophe before each that a spreadsheet would take for a formula; unknown is empty."""
    filled = texts.astype("str").fillna("")
    risky = filled.str[:1].isin(FORMULA)
    return filled.mask(risky, "'" + filled) if risky.any() else filled
