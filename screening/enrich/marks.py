"""Cells that are filled and that no fact could be read from, each with what would be right."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from screening.enrich.columns import texts
from screening.enrich.text import fold
from screening.model import MARK_COLUMNS

_NOTHING = frozenset(("", "-", "--", "---", "—", "–", "n/a", "none", "nil", "нет"))
Fault = Callable[[str], str]


def marks(frame: pd.DataFrame, faults: Mapping[str, Fault]) -> pd.DataFrame:
    """The cells with a fault, in the columns of MARK_COLUMNS, on the positions of the frame; a value is asked once.

    Args:
        faults: for each column what is wrong with a cell, '' where it can be read.
    """
    found = []
    for column, fault in faults.items():
        codes, values = texts(frame, column)
        told = [reason if (reason := fault(value)) and fold(value).strip() not in _NOTHING else "" for value in values]
        bad = np.fromiter((bool(reason) for reason in told), dtype=bool, count=len(told))
        rows = np.flatnonzero(bad[codes]) if bad.any() else np.array([], dtype=np.intp)
        if not len(rows):
            continue
        part = pd.DataFrame({name: frame[name].iloc[rows] for name in ("source", "row", "record_id") if name in frame})
        part["column"] = column
        part["value"] = [values[code] for code in codes[rows]]
        part["reason"] = [told[code] for code in codes[rows]]
        found.append(part)
    made = pd.concat(found) if found else pd.DataFrame(columns=list(MARK_COLUMNS))
    made = made.reindex(columns=list(MARK_COLUMNS)).sort_index(kind="stable")
    return made.astype(dict.fromkeys(MARK_COLUMNS, "str") | {"row": "int64"}).reset_index(drop=True)
