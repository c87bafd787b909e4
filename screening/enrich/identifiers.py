"""IMO numbers: how they are written, and whether the check digit holds."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from stdnum import imo
from stdnum.exceptions import ValidationError

_WRITTEN = re.compile(r"(?:I\.?M\.?O\.?)?\s*(?:NUMBER|NUM|NO|NR|#)?\s*[.:#\-]?\s*(\d[\d\s]*?)(?:\.0+)?", re.IGNORECASE)
LENGTH = 7


@dataclass(frozen=True, slots=True)
class Imo:
    """An IMO number as a cell gives it: state is empty, valid or invalid; number is '' unless there are 7 digits."""

    number: str = ""
    state: str = "empty"
    why: str = ""


def read_imo(text: str) -> Imo:
    """The IMO number in a cell, with the word IMO, blanks and a trailing .0 taken off."""
    cell = unicodedata.normalize("NFKC", text).strip()
    if not cell:
        return Imo()
    found = _WRITTEN.fullmatch(cell)
    if found is None:
        return Imo("", "invalid", f"'{cell}' is no IMO number: it holds more than digits")
    digits = re.sub(r"\s", "", found[1])
    if len(digits) != LENGTH:
        return Imo("", "invalid", f"'{cell}' is no IMO number: it has {len(digits)} digits and not {LENGTH}")
    if not digits.strip("0"):
        return Imo(digits, "invalid", f"'{cell}' is no IMO number: it is all zeros")
    try:
        imo.validate(digits)
    except ValidationError:
        return Imo(digits, "invalid", f"the check digit of IMO {digits} should be {imo.calc_check_digit(digits[:-1])}")
    return Imo(digits, "valid")
