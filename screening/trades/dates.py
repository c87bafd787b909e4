"""Reads the date of a shipment from one cell, by that cell alone, and says why where it cannot."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from screening.trades.words import fold

_TIME = r"(?:[T\s]\s*\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:[AaPp][Mm])?\s*(?:Z|UTC|[+-]\d{2}:?\d{2})?)?"
_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})" + _TIME)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T?\d{6}Z?)?")
_NUMERIC = re.compile(r"(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{4})(?:\s?г\.?)?" + _TIME)
_DAY_MONTH = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th)?[\s.\-/]*(?:of\s)?([^\W\d_]+)\.?[\s,\-/]*(\d{4})(?:\s?г(?:\.|ода)?)?" + _TIME
)
_MONTH_DAY = re.compile(r"([^\W\d_]+)\.?[\s\-]*(\d{1,2})(?:st|nd|rd|th)?[\s,\-]+(\d{4})" + _TIME)
_EAST = re.compile(r"(\d{4})\s*[년年]\s*(\d{1,2})\s*[월月]\s*(\d{1,2})\s*[일日]?" + _TIME)
_SHORT_YEAR = re.compile(r"\d{1,2}[-/.\s]+(?:\d{1,2}|[^\W\d_]+)\.?[-/.\s]+'?\d{2}")
_FULL_WIDTH = str.maketrans({0xFF10 + i: str(i) for i in range(10)} | {0xFF0F: "/", 0xFF0D: "-", 0xFF0E: "."})
_EXPECTED = "a date like 2024-03-07 is expected"


@dataclass(frozen=True, slots=True)
class Day:
    """A date, or the reason why a text is none."""

    date: date | None
    reason: str = ""


def parse_date(text: str, date_format: str, months: Mapping[str, int]) -> Day:
    """The date that a text means beyond doubt.

    Args:
        date_format: what the user or the column's name states: day-first, month-first, iso, a strptime pattern, or ''.
        months: names of months, folded.
    """
    text = " ".join(text.translate(_FULL_WIDTH).split())
    if "%" in date_format:
        return _by_pattern(text, date_format)
    if found := _ISO.fullmatch(text):
        return _day(found[1], found[3], found[4])
    if found := _COMPACT.fullmatch(text) or _EAST.fullmatch(text):
        return _day(found[1], found[2], found[3])
    if date_format == "iso":
        return Day(None, "is no ISO 8601 date, which the mapping states")
    if found := _NUMERIC.fullmatch(text):
        return _numeric(int(found[1]), int(found[3]), found[4], found[2], date_format)
    if (found := _DAY_MONTH.fullmatch(text)) and (month := months.get(fold(found[2]))):
        return _day(found[3], str(month), found[1])
    if (found := _MONTH_DAY.fullmatch(text)) and (month := months.get(fold(found[1]))):
        return _day(found[3], str(month), found[2])
    if _SHORT_YEAR.fullmatch(text):
        return Day(None, "has a year of two digits; four are needed")
    if text.isdecimal():
        return Day(None, f"is a number and no date; {_EXPECTED}")
    return Day(None, f"is no date that can be read; {_EXPECTED}")


def _by_pattern(text: str, pattern: str) -> Day:
    try:
        found = datetime.strptime(text, pattern)
    except ValueError:
        return Day(None, f"does not fit the date_format {pattern} of the mapping")
    return _day(str(found.year), str(found.month), str(found.day))


def _numeric(first: int, second: int, year: str, sign: str, date_format: str) -> Day:
    if date_format or sign == ".":
        day, month = (second, first) if date_format == "month-first" else (first, second)
        if month > 12 >= day:
            return Day(None, f"has the month {month} where it is read {date_format or 'day-first, as dots are'}")
        return _day(year, str(month), str(day))
    if first == second or second > 12:
        return _day(year, str(first), str(second))
    if first > 12:
        return _day(year, str(second), str(first))
    return Day(
        None,
        f"could be {year}-{second:02}-{first:02} or {year}-{first:02}-{second:02}; "
        f"say date_format: day-first or month-first in --mapping",
    )


def _day(year: str, month: str, day: str) -> Day:
    try:
        return Day(date(int(year), int(month), int(day)))
    except ValueError:
        return Day(None, f"is no day of the calendar; {_EXPECTED}")
