"""Small readings that all list formats share: names, days, identifiers, separated text."""

from __future__ import annotations

import contextlib
import csv
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime

from screening.errors import ListFileError
from screening.model import Identifier, ListedName, Strength

_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
_ORDER = {Strength.PRIMARY: 0, Strength.STRONG: 1, Strength.WEAK: 2}
_AFTER_DAY = re.compile(r"(?<=\d{4}-\d\d-\d\d)(?:T.*|Z|[+-]\d\d:\d\d)$")  # time and zone of an XML date
_ACRONYM = re.compile(r"(\w.*?)\s*\(([A-Z]{3,})\)")
_NO_VALUE = {"", "na", "n/a", "none", "unknown", "-", "-0-"}


def clean(text: str | None) -> str:
    """The text with every run of blanks and line breaks as one blank."""
    return " ".join(text.split()) if text else ""


def split(text: str, separator: str = ";") -> tuple[str, ...]:
    """The separated parts that are not empty, each once, in order."""
    return tuple(dict.fromkeys(part for part in map(clean, text.split(separator)) if part))


def cells(text: str) -> tuple[str, ...]:
    """The values of a cell that is itself a line of CSV: semicolons between, quotes around a value that has one.

    A value that begins with a quotation mark of its own, as '"Moru" LLC', is no CSV and stays as it is.
    """
    if '"' in text:
        with contextlib.suppress(csv.Error, StopIteration):
            return once(next(csv.reader([clean(text)], delimiter=";", skipinitialspace=True, strict=True)))
    return split(text)


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
    for text, strength in _with_acronyms(listed):
        if text and (text not in best or _ORDER[strength] < _ORDER[best[text]]):
            best[text] = strength
    primary = [text for text, strength in best.items() if strength is Strength.PRIMARY]
    for other in primary[1:]:
        best[other] = Strength.STRONG
    return tuple(ListedName(text, strength) for text, strength in sorted(best.items(), key=lambda one: _ORDER[one[1]]))


def _with_acronyms(listed: Iterable[tuple[str, Strength]]) -> Iterator[tuple[str, Strength]]:
    """Each name, and where its acronym stands in brackets behind it, the name without and the acronym as a weak alias.

    Brackets hold other things too ('(USA)', '(HOLDING)'): an acronym begins as its name does, and all its letters
    stand in the name in their order.
    """
    for given, strength in listed:
        text = clean(given)
        yield text, strength
        if (found := _ACRONYM.fullmatch(text)) and found[2][0] == found[1][0].upper():
            letters = iter(found[1].upper())
            if all(letter in letters for letter in found[2]):
                yield found[1], Strength.STRONG if strength is Strength.PRIMARY else strength
                yield found[2], Strength.WEAK


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
            return date.fromisoformat(_AFTER_DAY.sub("", text))
        return datetime.strptime(text, form).date()
    except ValueError as error:
        raise ListFileError(f"has no readable date in {text!r}", at=at) from error


_FORMS = ("%d.%m.%Y", "%d %B %Y", "%d %b %Y")


def partial_day(text: str, at: object, *, last: bool = False) -> date | None:
    """The day of a date written in ISO, with dots or in English words; of a year or month alone its first or last day.

    Raises:
        ListFileError: the text is no date.
    """
    if not (text := clean(text).replace(". ", " ")):
        return None
    if found := re.fullmatch(r"(\d{4})(?:-(0[1-9]|1[0-2]))?", text):
        year, month = int(found[1]), int(found[2] or (12 if last else 1))
        return date(year + month // 12, month % 12 + 1, 1) - date.resolution if last else date(year, month, 1)
    for form in _FORMS:
        with contextlib.suppress(ValueError):
            return datetime.strptime(text, form).date()
    return day(text, "iso", at)


def is_ship_number(number: str) -> bool:
    """The number has the check digit of an IMO ship number (resolution A.1117(30))."""
    if len(number) != 7 or not number.isdigit():
        return False
    return sum(int(digit) * weight for digit, weight in zip(number, range(7, 1, -1), strict=False)) % 10 == int(
        number[6]
    )


_NUMBER = re.compile(r"(?<![\w/-])(?=(?:[\w/-]*\d){4})[\w/-]+")
_SHIP = re.compile(r"\bIMO\s*(?:number|no\.?)?\s*[:.]?\s*(\d{7})\b", re.IGNORECASE)
_COMPANY = re.compile(r"company (?:number )?IMO\s*(?:number|no\.?)?\s*[:.]?\s*(\d{5,7})\b", re.IGNORECASE)
_INTERNATIONAL = re.compile(r"International Maritime Organi[sz]ation \(IMO\) Number:?\s*(\d{7})\b", re.IGNORECASE)
_MMSI = re.compile(r"\bMMSI:?\s*(\d{9})\b", re.IGNORECASE)
_BIC = re.compile(r"\bSWIFT(?:/BIC)?(?: code)?:?\s*([A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?)\b")


def number_in(text: str) -> str:
    """The first word with at least four digits: a document's number without the sentence around it."""
    found = _NUMBER.search(text)
    return found[0] if found else ""


def stated_numbers(text: str, ship: bool) -> list[tuple[str, str]]:
    """The IMO numbers, MMSI and BIC that a comment states; of anybody but a ship an IMO number is the company's own."""
    kind = "imo" if ship else "company_imo"
    companies = _COMPANY.findall(text)
    imo = [number for pattern in (_SHIP, _INTERNATIONAL) for number in pattern.findall(text) if number not in companies]
    numbers = [("company_imo", number) for number in companies] + [(kind, number) for number in imo]
    numbers += [("mmsi", number) for number in _MMSI.findall(text)]
    return numbers + [("bic", number) for number in _BIC.findall(text)]
