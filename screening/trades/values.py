"""Numbers, dates and truth values of typed files, as the text a person would have typed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa

from screening.signs import is_text, readable
from screening.trades.table import TEXT, Doubt, Flags

_EXACT_DIGITS = 15
_ROUNDED = "is a number of more than 15 digits, which the file has already rounded; it must be kept as text"
_HALVED = "holds signs or bytes that are no text, shown as \ufffd; it was cut or decoded wrongly before"


class Damaged(str):
    """An error that a spreadsheet shows in place of a value, such as #REF!."""

    reason = "is an error of the spreadsheet, not a value"


class Unvalued(Damaged):
    """A formula whose value its file does not hold."""

    reason = "is a formula whose value the file does not hold; open and save the file in a spreadsheet program"


def column_text(values: Sequence[Any], column: int) -> tuple[Any, Flags | None, list[Doubt]]:
    """The text of one column, which of its cells were typed (None where none was), and the cells that were rounded."""
    if set(map(type, values)) <= {str}:
        try:
            return pa.array(values, TEXT), None, []
        except UnicodeEncodeError:
            pass  # the cells it is about are shown and told below
    native = np.fromiter((not isinstance(value, str) and value is not None for value in values), np.bool_, len(values))
    doubts = [Doubt(place, column, reason) for place, value in enumerate(values) if (reason := _damage(value))]
    texts = [readable(text_of(value)) for value in values]
    return pa.array(texts, TEXT), native, doubts


def text_of(value: Any) -> str:
    """One cell as text: whole numbers without a point, dates by ISO 8601, nothing as ''."""
    match value:
        case str():
            return value
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float() if math.isnan(value):
            return ""
        case float() if value.is_integer() and abs(value) < 10**_EXACT_DIGITS:
            return str(int(value))
        case Decimal() if value.is_finite() and value == value.to_integral_value() and value.adjusted() < 40:
            return str(int(value))
        case datetime() if value.time() == time(0):
            return value.date().isoformat()
        case date() | time():
            return value.isoformat()
        case timedelta():
            return str(value)
        case _:
            return str(value)


def _damage(value: Any) -> str:
    """What the file itself has done to a value, '' where nothing."""
    if isinstance(value, Damaged):
        return value.reason
    if isinstance(value, str) and not is_text(value):
        return _HALVED
    if isinstance(value, float) and math.isfinite(value) and abs(value) >= 10**_EXACT_DIGITS:
        return _ROUNDED
    return ""
