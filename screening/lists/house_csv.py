"""A house list: designations in one CSV with a header, kept by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from screening.errors import ListFileError
from screening.lists import csvfile, facts, values
from screening.lists.files import ListFile
from screening.lists.reader import Parts, Reader, Reading
from screening.model import Entry, Kind, Strength

COLUMNS = (
    "entry_id", "list", "programme", "kind", "name", "aliases", "weak_aliases", "native_names", "imo", "identifiers",
    "country", "listed_on", "delisted_on", "remarks",
)  # fmt: skip
_NUMBERS = (
    (r"company IMO", "company_imo"),
    (r"IMO", "imo"),
    (r"MMSI", "mmsi"),
    (r"(?:BIC|SWIFT|SWIFT/BIC)", "bic"),
    (r"LEI", "lei"),
    (r"(?:INN|tax|VAT)", "tax"),
    (r"(?:OGRN|HE|reg|registration)", "registration"),
    (r"passport", "passport"),
    (r"call sign", "call_sign"),
    (r"(?:id|ID)", "id"),
)
_BORN = re.compile(r"DOB:? (\S.*)", re.IGNORECASE)
_MEASURE_LENGTH = 60  # a longer clause tells a story; it does not name a measure
_PROGRAMMES = re.compile(r"\s*;\s*|\s+/\s+")


def _part(file: ListFile) -> str:
    """A header with a name and a kind is meant as one of ours; what it lacks is told when it is read."""
    rows = file.rows(1)
    header = {cell.strip() for cell in rows[0]} if rows else set()
    return "list" if {"kind", "name"} <= header else ""


def _read(parts: Parts) -> Reading:
    file = parts["list"]
    reading = Reading(None, _entries(file))
    if file.last not in (b"\n", b"\r"):
        reading.notes.append(
            f"{file.path.name}: the last line has all its cells and no line break; see that the file is whole"
        )
    return reading


def _entries(file: ListFile) -> Iterator[Entry]:
    for line, row in csvfile.rows(file, COLUMNS, unended=True):
        at = f"{file.path}:{line}"
        for column in ("entry_id", "list", "name"):
            if not row[column]:
                raise ListFileError(f"has a designation whose {column} is empty", at=at)
        if row["kind"] not in tuple(Kind):
            raise ListFileError(f"has the kind {row['kind']!r}; write one of {', '.join(Kind)}", at=at)
        kind = Kind(row["kind"])
        numbers, born, others = _numbers(row["identifiers"], kind)
        listed, doubt = _day(row["listed_on"], False, at)
        delisted, doubt_of_end = _day(row["delisted_on"], True, at)
        remarks = [row["remarks"], *others]
        remarks += [f"listing date as written: {row['listed_on']}"] if doubt else []
        remarks += [f"delisting date as written: {row['delisted_on']}"] if doubt_of_end else []
        yield Entry(
            entry_id=f"{row['list']}:{row['entry_id']}",
            list=row["list"],
            kind=kind,
            names=values.names(
                [(row["name"], Strength.PRIMARY)]
                + [(name, Strength.STRONG) for name in values.split(row["aliases"])]
                + [(name, Strength.STRONG) for name in values.split(row["native_names"])]
                + [(name, Strength.WEAK) for name in values.split(row["weak_aliases"])]
            ),
            identifiers=values.identifiers(
                [("imo" if kind is Kind.VESSEL else "company_imo", number) for number in values.split(row["imo"])]
                + numbers
            ),
            programmes=values.once(_PROGRAMMES.split(row["programme"])),
            measures=measures(row["remarks"]),
            countries=values.once(re.split(r"[;/]", row["country"])),
            birth_dates=tuple(born),
            listed_on=listed,
            delisted_on=delisted,
            remarks="; ".join(filter(None, remarks)),
        )


def measures(remarks: str) -> tuple[str, ...]:
    """The clauses of the remarks that are short and name what the designation entails."""
    words = facts.patterns("measure_words")
    return tuple(part for part in values.split(remarks) if len(part) <= _MEASURE_LENGTH and words.search(part))


def _numbers(text: str, kind: Kind) -> tuple[list[tuple[str, str]], list[str], list[str]]:
    """Typed numbers, dates of birth, and what is neither, as written."""
    numbers, born, others = [], [], []
    for stated in values.split(text):
        if found := _BORN.fullmatch(stated):
            born.append(found[1])
            continue
        for label, of_type in _NUMBERS:
            if found := re.fullmatch(rf"{label}:?\s+(\S+)", stated, re.IGNORECASE):
                company = of_type == "imo" and kind is not Kind.VESSEL
                numbers.append(("company_imo" if company else of_type, found[1]))
                break
        else:
            others.append(stated)
    return numbers, born, others


def _day(text: str, last: bool, at: str) -> tuple[date | None, bool]:
    """The day, and whether the cell says less than a day.

    A year or month alone is read so that the entry counts at least as long as the cell says: from its first day, to its
    last. A date with a question mark is no date: the entry counts always.
    """
    if text.endswith("?"):
        return None, True
    return values.partial_day(text, at, last=last), bool(re.fullmatch(r"\d{4}(-\d\d)?", text))


READER = Reader("house-csv", _part, _read, shared=True)
