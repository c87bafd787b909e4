"""Designations transcribed from the Official Journal of the European Union, one CSV per act."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator

from screening.errors import ListFileError
from screening.lists import csvfile, values
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
_COUNTRIES = ("nationality", "jurisdiction", "flag", "country")
_BY_ANNEX = ("32014R0833",)  # its annexes restrict different things: ports, exports, finance
_ACT = re.compile(r"3(\d{4})[RD]0*(\d+)")
_BRACKETS = re.compile(r"\s*[(]([^()]+)[)]")

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
    numbers = [("imo" if kind is Kind.VESSEL else "company_imo", number) for number in _cell(row, "imoNumber")]
    numbers += [(of_type, number) for column, of_type in _NUMBERS.items() for number in _cell(row, column)]
    return Entry(
        entry_id=key,
        list=code,
        kind=kind,
        names=values.names(_names(row, kind)),
        identifiers=values.identifiers(numbers),
        programmes=values.once([row["programKey"]]),
        measures=values.once([row["measure"]]),
        countries=values.once(country for column in _COUNTRIES for country in _cell(row, column)),
        addresses=values.once(_cell(row, "address")),
        birth_dates=values.once(_cell(row, "birthDate")),
        listed_on=values.partial_day(row["startDate"], at),
        remarks=values.joined(row.get("reason"), *_cell(row, "notes")),
    )


def _names(row: Row, kind: Kind) -> Iterator[tuple[str, Strength]]:
    listed = [(row["name"], Strength.PRIMARY)]
    listed += [(text, Strength.STRONG) for column in ("alias", "previousName") for text in _cell(row, column)]
    listed += [(text, Strength.WEAK) for text in _cell(row, "weakAlias")]
    for text, strength in listed:
        yield text, strength
        for part in bracketed(text, kind):
            yield part, Strength.STRONG if strength is Strength.PRIMARY else strength


def bracketed(text: str, kind: Kind) -> list[str]:
    """The names that a cell prints as one: a ship's other names, or the name in another script, stand in brackets."""
    inner = _BRACKETS.findall(text)
    if not inner or not (kind is Kind.VESSEL or any(not part.isascii() for part in inner)):
        return []
    return [_BRACKETS.sub("", text), *inner]


def _cell(row: Row, column: str) -> list[str]:
    """The values of a cell that holds several: semicolons between, quotes around a value that has one itself."""
    text = row.get(column, "")
    if ";" not in text and '"' not in text:
        return [text] if text else []
    return [part for part in next(csv.reader([text], delimiter=";", skipinitialspace=True)) if part.strip()]


def _code(celex: str, annex: str, at: str) -> str:
    """EU-1509 for an act, EU-833-XLII where each annex of the act is a list of its own."""
    if not (found := _ACT.fullmatch(celex)):
        raise ListFileError(f"has no CELEX number of an act in {celex!r}", at=at)
    return f"EU-{found[2]}" + (f"-{annex.split('.')[0]}" if celex in _BY_ANNEX and annex else "")


READER = Reader("eu-journal-csv", _part, _read, shared=True)
