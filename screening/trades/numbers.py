"""Reads a quantity from one cell, by that cell alone, and says why where it cannot.

One separator before exactly three digits is where conventions clash. A comma there is ambiguous (1,234 is 1234 or
1.234) and is not read unless the mapping states the decimal sign. A dot there is read as the decimal point that it is
in the files of most programs, and the file's notices tell how many were; in a file whose cells are parted by
semicolons, as programs write it where the comma is the decimal sign, it is as ambiguous as the comma.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

_SPACES = "\u0020\u00a0\u2007\u2009\u202f\u3000"
_TIDY = str.maketrans(
    dict.fromkeys(map(ord, _SPACES), " ")
    | {0xFF10 + i: str(i) for i in range(10)}
    | {ord("’"): "'", ord("ʼ"): "'", 0xFF0C: ",", 0xFF0E: ".", ord("−"): "-"}
)
_SPLIT = re.compile(r"([0-9](?:[0-9.,' ]*[0-9])?(?:[eE][+-]?[0-9]{1,3}(?![0-9]))?)\s*([^\W\d_][^\d;+=]*[23²³]?)?")
_PLAIN = re.compile(r"[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?")
_COMMA = re.compile(r"[0-9]+,[0-9]+")
_ONE_GROUP = re.compile(r"(?!0,)[0-9]{1,3},[0-9]{3}")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?P<group>[ '.,])[0-9]{3}(?:(?P=group)[0-9]{3})*(?:(?P<point>[.,])[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Number:
    """An amount and the unit written behind it, or the reason why a text is no amount."""

    amount: float
    unit: str = ""
    reason: str = ""


def parse_number(text: str, decimal: str = "", *, dot_groups: bool = False) -> Number:
    """The amount that a text means beyond doubt, 0 or more.

    Args:
        decimal: the decimal sign that the user states, '.' or ',', or ''.
        dot_groups: whether a dot may separate thousands as well as it may be a decimal point.
    """
    tidy = text.translate(_TIDY).strip()
    if tidy.startswith("-") and tidy[1:].strip()[:1].isdigit():
        return _none("is negative; a quantity is 0 or more")
    split = _SPLIT.fullmatch(tidy)
    digits, unit = (split[1], (split[2] or "").strip()) if split else ("", "")
    if not digits or (unit and not unit[0].isalpha()):
        return _none("is no quantity; a number like 2950 or 2950.5 is expected")
    found = _amount(digits, decimal, dot_groups)
    if isinstance(found, str):
        return _none(found)
    if not math.isfinite(found):
        return _none("is too large for a quantity")
    return Number(found, unit)


def _none(reason: str) -> Number:
    return Number(math.nan, "", reason)


def _amount(digits: str, decimal: str, dot_groups: bool) -> float | str:
    """The number, or why there is none."""
    if not decimal and _ONE_GROUP.fullmatch(digits.replace(".", ",") if dot_groups else digits):
        point = digits.replace(",", ".")
        return f"could be {point.replace('.', '')} or {point}; say decimal: '.' or ',' in --mapping"
    if decimal != "," and _PLAIN.fullmatch(digits):
        return float(digits)
    if decimal == "," and digits.isdecimal():
        return float(digits)
    if decimal != "." and _COMMA.fullmatch(digits):
        return float(digits.replace(",", "."))
    grouped = _GROUPED.fullmatch(digits)
    if decimal and (not grouped or grouped["group"] == decimal or grouped["point"] not in (None, decimal)):
        return f"does not fit the decimal sign {decimal!r} that the mapping states"
    if not grouped or grouped["group"] == grouped["point"]:
        return "mixes separators in a way that no number is written"
    bare = digits.replace(grouped["group"], "")
    return float(bare.replace(",", "."))
