"""The UK Sanctions List in XML: one element per designation."""

from __future__ import annotations

from collections.abc import Iterator

from screening.errors import ListFileError
from screening.lists import uk, values, xmlfile
from screening.lists.files import ListFile
from screening.lists.reader import Parts, Reader, Reading
from screening.model import Entry, Kind, Strength

_ADDRESS_PARTS = (*(f"AddressLine{number}" for number in range(1, 7)), "AddressPostalCode", "AddressCountry")
_COUNTRIES = ("//Nationality", "//AddressCountry", "//CurrentBelievedFlagOfShip")
_NUMBERS = (
    ("//PassportNumber", "passport"),
    ("//NationalIdentifierNumber", "id"),
    ("//BusinessRegistrationNumber", "registration"),
)


def _part(file: ListFile) -> str:
    return "list" if xmlfile.root(file)[0] == "Designations" else ""


def _read(parts: Parts) -> Reading:
    reading = Reading(None, [])
    reading.entries = _entries(parts["list"], reading)
    return reading


def _entries(file: ListFile, reading: Reading) -> Iterator[Entry]:
    for node in xmlfile.elements(file, ("DateGenerated", "Designation")):
        at = f"{file.path}:{xmlfile.line(node)}"
        if xmlfile.name(node) == "DateGenerated":
            reading.published = values.day(node.text or "", uk.DAY, at)
        else:
            yield _entry(node, at)
    if reading.published is None:
        raise ListFileError("does not state when it was generated (DateGenerated)", at=file.path)


def _entry(node: xmlfile.Node, at: str) -> Entry:
    kind = uk.kind(xmlfile.text(node, "IndividualEntityShip"), at)
    of_type = "imo" if kind is Kind.VESSEL else "company_imo"
    return Entry(
        entry_id=f"{uk.CODE}:{xmlfile.text(node, 'UniqueID')}",
        list=uk.CODE,
        kind=kind,
        names=values.names(_names(node)),
        identifiers=values.identifiers(
            [(of_type, number) for number in xmlfile.texts(node, "//IMONumber")]
            + [(label, values.number_in(text)) for path, label in _NUMBERS for text in xmlfile.texts(node, path)]
        ),
        programmes=values.once([xmlfile.text(node, "RegimeName")]),
        measures=values.once(xmlfile.text(node, "SanctionsImposed").split("|")),
        countries=values.once(text for path in _COUNTRIES for text in xmlfile.texts(node, path)),
        addresses=values.once(
            ", ".join(filter(None, (xmlfile.text(one, part) for part in _ADDRESS_PARTS)))
            for one in xmlfile.nodes(node, "Addresses/Address")
        ),
        birth_dates=values.once(xmlfile.texts(node, "//DOB")),
        listed_on=values.day(xmlfile.text(node, "DateDesignated"), uk.DAY, at),
        remarks=values.joined(xmlfile.text(node, "OtherInformation"), xmlfile.text(node, "UKStatementofReasons")),
    )


def _names(node: xmlfile.Node) -> Iterator[tuple[str, Strength]]:
    for one in xmlfile.nodes(node, "Names/Name"):
        text = values.joined(*(xmlfile.text(one, f"Name{part}") for part in uk.NAME_PARTS))
        yield text, uk.strength(xmlfile.text(one, "NameType"), xmlfile.text(one, "AliasStrength"))
    for script in xmlfile.texts(node, "NonLatinNames/NonLatinName/NameNonLatinScript"):
        yield script, Strength.STRONG


READER = Reader("uk-sanctions-list-xml", _part, _read)
