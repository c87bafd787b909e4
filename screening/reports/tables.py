"""decisions.csv, rejects.csv and marks.csv: tables a spreadsheet opens without running what a cell says."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Literal, cast

import pandas as pd

from screening.model import DECISION_COLUMNS, MARK_COLUMNS, REJECT_COLUMNS, Results

# A spreadsheet takes a cell that begins so for a formula (OWASP, CSV injection); the last four are full-width forms.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def write(results: Results, folder: Path) -> None:
    """Write the three tables; marks are cells that could not be read in rows that were kept."""
    for name, frame, columns in (
        ("decisions", results.decisions, DECISION_COLUMNS),
        ("rejects", results.rejects, REJECT_COLUMNS),
        ("marks", results.marks, MARK_COLUMNS),
    ):
        _write(cast(pd.DataFrame, frame), columns, folder / f"{name}.csv")


def _write(frame: pd.DataFrame, columns: tuple[str, ...], path: Path) -> None:
    table = frame.reindex(columns=list(columns)) if frame.empty else frame[list(columns)].copy()
    quoting: Literal[0, 2] = csv.QUOTE_MINIMAL
    for column in table:
        if not pd.api.types.is_numeric_dtype(table[column].dtype):
            table[column] = guarded(table[column])
            if table[column].str.contains("\r", regex=False).any():  # before 3.13 csv does not see that it ends a line
                quoting = csv.QUOTE_NONNUMERIC
        elif column == "score":
            table[column] = table[column].round(2)
    with path.open("w", encoding="utf-8", errors="backslashreplace", newline="") as file:
        table.to_csv(file, index=False, lineterminator="\n", quoting=quoting)


def guarded(texts: pd.Series[str]) -> pd.Series[str]:
    """The texts, an apostrophe before each that a spreadsheet would take for a formula; unknown is empty."""
    filled = texts.astype("str").fillna("")
    risky = filled.str[:1].isin(FORMULA)
    return filled.mask(risky, "'" + filled) if risky.any() else filled
