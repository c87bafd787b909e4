"""Small readings that all list formats share: names, days, identifiers, separated text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime

from screening.errors import ListFileError
from screening.model import Identifier, ListedName, Strength

_BLANKS = re.compile(r"\s+")
_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
_ORDER = {Strength.PRIMARY: 0, Strength.STRONG: 1, Strength.WEAK: 2}
_NO_VALUE = {"", "na", "n/a", "none", "unknown", "-", "-0-"}


def clean(text: str | None) -> str:
    """The text with every run of blanks and line breaks as one blank."""
    return _BLANKS.sub(" ", text).strip() if text else ""


def split(text: str, separator: str = ";") -> tuple[str, ...]:
    """The separated parts that are not empty, each once, in order."""
    return tuple(dict.fromkeys(part for part in map(clean, text.split(separator)) if part))


def once(parts: Iterable[str]) -> tuple[str, ...]:
    """The parts that are not empty, cleaned, each once, in order."""
    return tuple(dict.fromkeys(part for part in map(clean, parts) if part))


def joined(*parts: str | None) -> str:
    """The parts of a name or address that are there, one blank between."""
    return " ".join(part for part in map(clean, parts) if part)


def names(listed: Iterable[tuple[str, Strength]]) -> tuple[ListedName, ...]:
    """Each name once with the greatest strength it is given, primary first, otherwise in the issuer's order.

    Where the issuer marks several names as primary, the first is primary and the others are strong aliases.
    """
    best: dict[str, Strength] = {}
    for text, strength in listed:
        text = clean(text)
        if text and (text not in best or _ORDER[strength] < _ORDER[best[text]]):
            best[text] = strength
    primary = [text for text, strength in best.items() if strength is Strength.PRIMARY]
    for other in primary[1:]:
        best[other] = Strength.STRONG
    return tuple(ListedName(text, strength) for text, strength in sorted(best.items(), key=lambda one: _ORDER[one[1]]))


def identifier(kind: str, value: str) -> Identifier | None:
    """The number in upper case without blanks or punctuation; None where nothing is stated."""
    if value.strip().lower() in _NO_VALUE:
        return None
    bare = _NOT_ALPHANUMERIC.sub("", value).upper()
    if kind in ("imo", "company_imo"):
        bare = bare.removeprefix("IMO")
    return Identifier(kind, bare) if bare else None


def identifiers(stated: Iterable[tuple[str, str]]) -> tuple[Identifier, ...]:
    """Each number once, in order."""
    return tuple(dict.fromkeys(one for kind, value in stated if (one := identifier(kind, value))))


def day(text: str, form: str, at: object) -> date | None:
    """The day a text states in the form of the format; None where it states none.

    Raises:
        ListFileError: the text is no such day.
    """
    if not (text := clean(text)):
        return None
    try:
        if form == "iso":
            return date.fromisoformat(text[:10])
        return datetime.strptime(text, form).date()
    except ValueError as error:
        raise ListFileError(f"has no readable date in {text!r}", at=at) from error


def is_ship_number(number: str) -> bool:
    """The number has the check digit of an IMO ship number (resolution A.1117(30))."""
    if len(number) != 7 or not number.isdigit():
        return False
    return sum(int(digit) * weight for digit, weight in zip(number, range(7, 1, -1), strict=False)) % 10 == int(
        number[6]
    )
