"""IMO numbers: how they are written, and whether the check digit holds."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from stdnum import imo
from stdnum.exceptions import ValidationError

_WRITTEN = re.compile(r"(?:I\.?M\.?O\.?)?\s*(?:NUMBER|NUM|NO|NR|#)?\s*[.:#\-]?\s*(\d[\d\s-]*?)(?:\.0+)?", re.IGNORECASE)
_MISREAD = re.compile(r"(?:I\.?M\.?O\.?)?[\s.:#-]*([0-9ILOSBZ|]{7})")  # with letters that a scanner took digits for
_DIGITS = str.maketrans("IL|OSBZ", "1110582")
_SEVEN = re.compile(r"(?<![\dA-Z])(?:I\.?M\.?O\.?)?0?(\d{7})(?![\dA-Z])", re.IGNORECASE)
_IN_NAME = re.compile(
    r"(?<!\w)(?:I\.?M\.?O\.?|ИМО)\s*(?:NUMBER|NUM|NO|NR|N|№)?\s*[.:#\-]?\s*0?(\d(?:[\s-]?\d){6})(?!\d)", re.IGNORECASE
)
LENGTH = 7


@dataclass(frozen=True, slots=True)
class Imo:
    """An IMO number as a record gives it: state is empty, valid or invalid; number is '' unless there are 7 digits."""

    number: str = ""
    state: str = "empty"
    why: str = ""


def read_imo(text: str) -> Imo:
    """The IMO number in a cell, with the word IMO, blanks, a leading 0 and a trailing .0 taken off.

    Among other words the one number whose check digit holds is taken; several make the cell invalid and are told.
    """
    cell = unicodedata.normalize("NFKC", text).strip()
    if not cell:
        return Imo()
    found = _WRITTEN.fullmatch(cell)
    if found is not None:
        digits = re.sub(r"[\s-]", "", found[1])
        if len(digits) == LENGTH:
            return _checked(digits, cell)
        if len(digits) == LENGTH + 1 and digits[0] == "0" and imo.is_valid(digits[1:]):
            return Imo(digits[1:], "valid", f"read from '{cell}' without its leading 0")
    chosen = _among(list(dict.fromkeys(_SEVEN.findall(cell))), cell, "the imo cell")
    if chosen is not None:
        return chosen
    misread = _MISREAD.fullmatch(cell.upper())
    if misread is not None and imo.is_valid(read := misread[1].translate(_DIGITS)):
        return Imo(read, "valid", f"read from '{cell}', letters as the digits that they resemble")
    if found is None:
        return Imo("", "invalid", f"'{cell}' holds no IMO number of {LENGTH} digits")
    return Imo("", "invalid", f"'{cell}' has {len(digits)} digits and an IMO number has {LENGTH}")


def imo_in_name(vessel: str) -> Imo:
    """The IMO number after the word IMO in a vessel's name, empty where there is none."""
    if not any(c.isdigit() for c in vessel):
        return Imo()
    cell = unicodedata.normalize("NFKC", vessel).strip()
    found = list(dict.fromkeys(re.sub(r"[\s-]", "", number) for number in _IN_NAME.findall(cell)))
    return _among(found, cell, "the vessel cell") or Imo()


def _among(numbers: list[str], cell: str, where: str) -> Imo | None:
    """The one valid number; of several the first, as invalid; of none valid the first with its fault."""
    valid = [n for n in numbers if n.strip("0") and imo.is_valid(n)]
    if len(valid) > 1:
        return Imo(valid[0], "invalid", f"{where} '{cell}' names several IMO numbers: {', '.join(valid)}")
    if valid:
        return Imo(valid[0], "valid", f"IMO {valid[0]} was read from {where} '{cell}'")
    return _checked(numbers[0], cell) if numbers else None


def _checked(digits: str, cell: str) -> Imo:
    if not digits.strip("0"):
        return Imo(digits, "invalid", f"'{cell}' is all zeros, which is no IMO number")
    try:
        imo.validate(digits)
    except ValidationError:
        right = imo.calc_check_digit(digits[:-1])
        return Imo(digits, "invalid", f"the last digit of {digits} is wrong: by the check it should be {right}")
    return Imo(digits, "valid")
