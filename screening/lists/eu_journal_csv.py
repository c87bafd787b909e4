"""Designations transcribed from the Official Journal of the European Union, one CSV per act."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from screening.errors import ListFileError
from screening.lists import csvfile, eu_cells, facts, values
from screening.lists.files import ListFile
from screening.lists.reader import Parts, Reader, Reading
from screening.model import Entry, Kind, Strength

_REQUIRED = (
    "recordId",
    "programKey",
    "annex",
    "measure",
    "startDate",
    "schema",
    "name",
    "alias",
    "weakAlias",
    "imoNumber",
)
_KINDS = {
    "Person": Kind.PERSON, "LegalEntity": Kind.ORGANISATION, "Organization": Kind.ORGANISATION,
    "Company": Kind.ORGANISATION, "Vessel": Kind.VESSEL, "Asset": Kind.OTHER,
}  # fmt: skip
_NUMBERS = {
    "mmsi": "mmsi", "swiftBic": "bic", "leiCode": "lei", "taxNumber": "tax", "innCode": "tax",
    "passportNumber": "passport", "registrationNumber": "registration", "ogrnCode": "registration",
    "okpoCode": "registration", "idNumber": "id", "ticker": "other",
}  # fmt: skip
_ALIASES = (("alias", Strength.STRONG), ("previousName", Strength.STRONG), ("weakAlias", Strength.WEAK))
_COUNTRIES = ("nationality", "jurisdiction", "flag", "country")
_ACT = re.compile(r"3(\d{4})[RD]0*(\d+)")

Row = dict[str, str]


def _part(file: ListFile) -> str:
    rows = file.rows(1)
    header = set(rows[0]) if rows else set()
    return "list" if {"celex", "amendedCelex"} & header and {"recordId", "programKey", "annex"} <= header else ""


def _read(parts: Parts) -> Reading:
    return Reading(None, _entries(parts["list"]))


def _entries(file: ListFile) -> Iterator[Entry]:
    seen: Counter[str] = Counter()
    for line, row in csvfile.rows(file, _REQUIRED):
        at = f"{file.path}:{line}"
        if row["schema"] not in _KINDS:
            raise ListFileError(f"has the unknown schema {row['schema']!r}", at=at)
        code = _code(row.get("celex") or row.get("amendedCelex", ""), row["annex"], at)
        key = f"{code}:{'.'.join(filter(None, (row['annex'], row['recordId'] or row['imoNumber'] or row['name'])))}"
        seen[key] += 1
        yield _entry(row, code, key if seen[key] == 1 else f"{key}#{seen[key]}", at)


def _entry(row: Row, code: str, key: str, at: str) -> Entry:
    kind = _KINDS[row["schema"]]
    imo, found, wordy = "imo" if kind is Kind.VESSEL else "company_imo", [], []
    for column, of_type in (("imoNumber", imo), *_NUMBERS.items()):
        for text in _cell(row, column):
            own = eu_cells.numbers(text, of_type)
            found += own
            wordy += [f"{column}: {text}"] if own != [(of_type, text)] else []
    return Entry(
        entry_id=key,
        list=code,
        kind=kind,
        names=values.names(_names(row, kind)),
        identifiers=values.identifiers(found),
        programmes=values.once([row["programKey"]]),
        measures=values.once([row["measure"]]),
        countries=values.once(country for column in _COUNTRIES for country in _cell(row, column)),
        addresses=values.once(_cell(row, "address")),
        birth_dates=values.once(_cell(row, "birthDate")),
        listed_on=values.partial_day(row["startDate"], at),
        remarks=values.joined(row.get("reason"), *_cell(row, "notes"), "; ".join(wordy)),
    )


def _names(row: Row, kind: Kind) -> Iterator[tuple[str, Strength]]:
    """The first name of the cell `name` is the primary one, its others are strong."""
    for number, text in enumerate(eu_cells.names(row["name"], kind)):
        yield text, Strength.STRONG if number else Strength.PRIMARY
    for column, strength in _ALIASES:
        for value in _cell(row, column):
            yield from ((text, strength) for text in eu_cells.names(value, kind))


def _cell(row: Row, column: str) -> tuple[str, ...]:
    return values.cells(row.get(column, ""))


def _code(celex: str, annex: str, at: str) -> str:
    """EU-1509 for an act, EU-833-XLII where each annex of the act is a list of its own."""
    if not (found := _ACT.fullmatch(celex)):
        raise ListFileError(f"has no CELEX number of an act in {celex!r}", at=at)
    return f"EU-{found[2]}" + (f"-{annex.split('.')[0]}" if celex in facts.stated("eu_acts_by_annex") and annex else "")


READER = Reader("eu-journal-csv", _part, _read, shared=True)
