"""Values as JSON knows them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence, Set
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from enum import Enum
from pathlib import PurePath
from typing import Any

import numpy as np
import pandas as pd

from screening.errors import ReportError


def plain(value: object) -> Any:
    """The value as text, number, yes/no, list, mapping or null; an unknown (NaN, NaT, NA) is null.

    Raises:
        ReportError: the value is of a kind that has no such form.
    """
    match value:
        case Enum():
            return value.value
        case None | bool() | str() | int():
            return value
        case float() | np.floating():
            return float(value) if math.isfinite(value) else None
        case np.generic():
            return plain(value.item())
        case datetime() | date():
            return None if pd.isna(value) else _moment(value)
        case PurePath():
            return str(value)
        case Mapping():
            return {str(key): plain(held) for key, held in value.items()}
        case Set():
            return sorted((plain(held) for held in value), key=str)
        case tuple() if hasattr(value, "_asdict"):
            return plain(value._asdict())
        case Sequence():
            return [plain(held) for held in value]
    if value is pd.NA:
        return None
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    raise ReportError(f"a {type(value).__name__} cannot be written as JSON", at="results")


def _moment(value: date) -> str:
    """A day as a day, also where it is kept as midnight; another moment to the second."""
    if isinstance(value, datetime):
        midnight = (value.hour, value.minute, value.second, value.microsecond) == (0, 0, 0, 0)
        return value.date().isoformat() if midnight and value.tzinfo is None else value.isoformat(timespec="seconds")
    return value.isoformat()
