"""The United Kingdom's former list of financial sanctions targets (ConList.csv): one row per name, by group."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from screening.errors import ListFileError
from screening.lists import csvfile, values
from screening.lists.files import ListFile
from screening.lists.reader import Parts, Reader, Reading
from screening.model import Entry, Kind, Strength

CODE = "UK-OFSI"
_REQUIRED = (
    "Name 6", "Name 1", "Group Type", "Alias Type", "Regime", "Listed On", "Group ID", "Country", "Other Information",
)  # fmt: skip
_NAME_PARTS = ("Name 1", "Name 2", "Name 3", "Name 4", "Name 5", "Name 6")
_ADDRESS_PARTS = (*(f"Address {number}" for number in range(1, 7)), "Post/Zip Code", "Country")
_KINDS = {"individual": Kind.PERSON, "entity": Kind.ORGANISATION, "ship": Kind.VESSEL}
_ENCODINGS = ("utf-8-sig", "cp1252")  # the file was published in the Windows code page for years
_NUMBERED = re.compile(r"\s*\(?\d+\)\s+")

Row = dict[str, str]


def _part(file: ListFile) -> str:
    rows = file.rows(2)
    return "list" if len(rows) == 2 and rows[0][0].strip() == "Last Updated" and "Group ID" in rows[1] else ""


def _read(parts: Parts) -> Reading:
    file = parts["list"]
    first = file.rows(1)[0]
    return Reading(values.day(first[1] if len(first) > 1 else "", "%d/%m/%Y", file.path), _entries(file))


def _entries(file: ListFile) -> Iterator[Entry]:
    groups: dict[str, list[Row]] = {}
    for line, row in csvfile.rows(file, _REQUIRED, skip=1, encodings=_ENCODINGS):
        at = f"{file.path}:{line}"
        if not row["Group ID"] or not _name(row):
            raise ListFileError("has a row without a name or a group", at=at)
        if row["Group Type"].lower() not in _KINDS:
            raise ListFileError(f"has the unknown group type {row['Group Type']!r}", at=at)
        row["at"] = at
        groups.setdefault(row["Group ID"], []).append(row)
    for key, rows in groups.items():
        yield _entry(key, rows)


def _entry(key: str, rows: list[Row]) -> Entry:
    remarks = values.once(row["Other Information"] for row in rows)
    kind = _kind(rows[0]["Group Type"], " ".join(remarks))
    days = [day for row in rows if (day := _listed(row))]
    return Entry(
        entry_id=f"{CODE}:{key}",
        list=CODE,
        kind=kind,
        names=values.names(name for row in rows for name in _names(row)),
        identifiers=values.identifiers(
            values.stated_numbers(" ".join(remarks), ship=kind is Kind.VESSEL)
            + [(of_type, values.number_in(part)) for row in rows for of_type, part in _documents(row)]
        ),
        programmes=values.once(row["Regime"] for row in rows),
        countries=values.once(
            country
            for row in rows
            for cell in (row.get("Nationality", ""), row["Country"])
            for country in _listed_parts(cell)
        ),
        addresses=values.once(", ".join(filter(None, (row.get(part, "") for part in _ADDRESS_PARTS))) for row in rows),
        birth_dates=values.once(row.get("DOB", "") for row in rows),
        listed_on=min(days, default=None),
        remarks=" ".join(remarks),
    )


def _names(row: Row) -> Iterator[tuple[str, Strength]]:
    strength = Strength.PRIMARY if row["Alias Type"].lower().startswith("prim") else Strength.STRONG
    yield _name(row), Strength.WEAK if row.get("Alias Quality", "").lower().startswith("low") else strength
    yield row.get("Name Non-Latin Script", ""), Strength.STRONG


def _name(row: Row) -> str:
    return values.joined(*(row.get(part) for part in _NAME_PARTS))


def _kind(group_type: str, remarks: str) -> Kind:
    """Ships stood on the list as entities: an entity is a ship where its remarks give an IMO number of a ship."""
    kind = _KINDS[group_type.lower()]
    numbers = values.stated_numbers(remarks, ship=True)
    ship = any(of_type == "imo" and values.is_ship_number(number) for of_type, number in numbers)
    return Kind.VESSEL if kind is Kind.ORGANISATION and ship else kind


def _documents(row: Row) -> Iterator[tuple[str, str]]:
    for column, of_type in (("Passport Number", "passport"), ("Passport Details", "passport"), ("NI Number", "id")):
        for part in _listed_parts(row.get(column, "")):
            yield of_type, part
    for part in _listed_parts(row.get("National Identification Number", "")):
        yield "id", part


def _listed(row: Row) -> date | None:
    return values.day(row["Listed On"], "%d/%m/%Y", row["at"])


def _listed_parts(cell: str) -> list[str]:
    """The parts of a cell numbered as `1) Saudi Arabia 2) Qatar`, or the cell."""
    return [part for part in _NUMBERED.split(f" {cell}") if part.strip()]


READER = Reader("uk-conlist-csv", _part, _read)
