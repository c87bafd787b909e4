"""OpenSanctions' targets.simple.csv of any data set: one row per target, cells of several values with semicolons."""

from __future__ import annotations

import re
from collections.abc import Iterator

from screening.lists import csvfile, ftm, values
from screening.lists.files import ListFile
from screening.lists.reader import Parts, Reader, Reading
from screening.model import Entry, Kind, Strength

_REQUIRED = ("id", "schema", "name", "aliases", "countries", "identifiers", "dataset")
_SHIP_NUMBERS = ((re.compile(r"\d{9}"), "mmsi"), (re.compile(r"(?=.*[A-Z])[A-Z0-9]{4,7}"), "call_sign"))


def _part(file: ListFile) -> str:
    rows = file.rows(1)
    return "list" if rows and {"schema", "dataset", "program_ids", "identifiers"} <= set(rows[0]) else ""


def _read(parts: Parts) -> Reading:
    return Reading(None, _entries(parts["list"]))


def _entries(file: ListFile) -> Iterator[Entry]:
    for _, row in csvfile.rows(file, _REQUIRED):
        kind = ftm.kind(row["schema"])
        code = ftm.list_code(values.cells(row["dataset"]))
        numbers = values.cells(row["identifiers"])
        primary = row["name"] or ftm.nameless(row["id"], kind, numbers)
        yield Entry(
            entry_id=f"{code}:{row['id']}",
            list=code,
            kind=kind,
            names=values.names(
                [(primary, Strength.PRIMARY)] + [(alias, Strength.STRONG) for alias in values.cells(row["aliases"])]
            ),
            identifiers=values.identifiers((_of_type(number, kind), number) for number in numbers),
            programmes=values.cells(row.get("program_ids", "")),
            countries=tuple(country.upper() for country in values.cells(row["countries"])),
            addresses=values.cells(row.get("addresses", "")),
            birth_dates=values.cells(row.get("birth_date", "")),
            remarks="; ".join(values.cells(row.get("sanctions", ""))),
        )


def _of_type(number: str, kind: Kind) -> str:
    """The type of a number, which the file does not state, where its form shows it."""
    if re.fullmatch(r"IMO\s?\d{7}", number):
        return "imo" if kind is Kind.VESSEL else "company_imo"
    if kind is Kind.VESSEL:
        return next((of_type for form, of_type in _SHIP_NUMBERS if form.fullmatch(number)), "other")
    return "other"


READER = Reader("opensanctions-csv", _part, _read, shared=True)
