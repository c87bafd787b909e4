"""decisions.csv, rejects.csv and marks.csv: tables a spreadsheet opens without running what a cell says."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Literal, cast

import numpy as np
import pandas as pd

from screening.model import DECISION_COLUMNS, MARK_COLUMNS, REJECT_COLUMNS, Results

# A spreadsheet takes a cell that begins so for a formula (OWASP, CSV injection); the last four are full-width forms.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def write(results: Results, folder: Path) -> None:
    """Write the three tables; marks are cells that could not be read in rows that were kept."""
    _write(results.decided, DECISION_COLUMNS, folder / "decisions.csv")
    _write([cast(pd.DataFrame, results.rejects)], REJECT_COLUMNS, folder / "rejects.csv")
    _write([cast(pd.DataFrame, results.marks)], MARK_COLUMNS, folder / "marks.csv")


def _write(frames: Iterable[pd.DataFrame], columns: tuple[str, ...], path: Path) -> None:
    with path.open("w", encoding="utf-8", errors="backslashreplace", newline="") as file:
        file.write(",".join(columns) + "\n")
        for frame in frames:
            table = _guarded(frame, columns)
            cells = [_cells(table[column]) for column in table]
            for quoting, rows in _quoted(table):
                writer = csv.writer(file, lineterminator="\n", quoting=quoting)
                writer.writerows(zip(*(column[rows] for column in cells), strict=True))


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
