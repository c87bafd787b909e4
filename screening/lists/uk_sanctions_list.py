"""The UK Sanctions List in CSV: one row per combination of name and address, by unique ID."""

from __future__ import annotations

from collections.abc import Iterator

from screening.errors import ListFileError
from screening.lists import csvfile, uk, values
from screening.lists.files import ListFile
from screening.lists.reader import Parts, Reader, Reading
from screening.model import Entry, Kind, Strength

_REQUIRED = (
    "Unique ID", "Name 6", "Name 1", "Name type", "Alias strength", "Regime Name", "Designation Type",
    "Sanctions Imposed", "Date Designated", "IMO number",
)  # fmt: skip
_ADDRESS_PARTS = (*(f"Address Line {number}" for number in range(1, 7)), "Address Postal Code", "Address Country")
_COUNTRIES = ("Nationality(/ies)", "Address Country", "Current believed flag of ship")
_REMARKS = ("Other Information", "UK Statement of Reasons")
_NUMBERS = (
    ("Passport number", "passport"),
    ("National Identifier number", "id"),
    ("Business registration number (s)", "registration"),
)

Row = dict[str, str]


def _part(file: ListFile) -> str:
    rows = file.rows(2)
    return "list" if len(rows) == 2 and rows[0][0].startswith("Report Date") and "Unique ID" in rows[1] else ""


def _read(parts: Parts) -> Reading:
    file = parts["list"]
    stated = file.rows(1)[0][0].removeprefix("Report Date").strip(" :")
    if not stated:
        raise ListFileError("does not state its report date", at=f"{file.path}:1")
    return Reading(values.day(stated, "%d-%b-%Y", f"{file.path}:1"), _entries(file))


def _entries(file: ListFile) -> Iterator[Entry]:
    designations: dict[str, list[Row]] = {}
    for line, row in csvfile.rows(file, _REQUIRED, skip=1):
        row["at"] = f"{file.path}:{line}"
        if not row["Unique ID"] or not (_name(row) or row.get("Name non-latin script")):
            raise ListFileError("has a row without a name or a unique ID", at=row["at"])
        designations.setdefault(row["Unique ID"], []).append(row)
    for key, rows in designations.items():
        yield _entry(key, rows)


def _entry(key: str, rows: list[Row]) -> Entry:
    kind = uk.kind(rows[0]["Designation Type"], rows[0]["at"])
    days = [day for row in rows if (day := values.day(row["Date Designated"], uk.DAY, row["at"]))]
    return Entry(
        entry_id=f"{uk.CODE}:{key}",
        list=uk.CODE,
        kind=kind,
        names=values.names(name for row in rows for name in _names(row)),
        identifiers=values.identifiers(number for row in rows for number in _numbers(row, kind)),
        programmes=values.once(row["Regime Name"] for row in rows),
        measures=values.once(part for row in rows for part in row["Sanctions Imposed"].split("|")),
        countries=values.once(part for row in rows for column in _COUNTRIES for part in row.get(column, "").split("|")),
        addresses=values.once(", ".join(filter(None, (row.get(part, "") for part in _ADDRESS_PARTS))) for row in rows),
        birth_dates=values.once(part for row in rows for part in row.get("D.O.B", "").split("|")),
        listed_on=min(days, default=None),
        remarks=" ".join(values.once(row.get(column, "") for row in rows for column in _REMARKS)),
    )


def _names(row: Row) -> Iterator[tuple[str, Strength]]:
    yield _name(row), uk.strength(row["Name type"], row["Alias strength"])
    yield row.get("Name non-latin script", ""), Strength.STRONG


def _name(row: Row) -> str:
    return values.joined(*(row.get(f"Name {part}") for part in uk.NAME_PARTS))


def _numbers(row: Row, kind: Kind) -> Iterator[tuple[str, str]]:
    for part in row["IMO number"].split("|"):
        yield "imo" if kind is Kind.VESSEL else "company_imo", part
    for column, of_type in _NUMBERS:
        for part in row.get(column, "").split("|"):
            yield of_type, values.number_in(part)


READER = Reader("uk-sanctions-list-csv", _part, _read)
