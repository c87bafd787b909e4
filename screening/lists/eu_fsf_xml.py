"""The European Union's consolidated list of financial sanctions (FSF) in XML, schema 1.1."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from screening.errors import ListFileError
from screening.lists import values, xmlfile
from screening.lists.files import ListFile
from screening.lists.reader import Parts, Reader, Reading
from screening.model import Entry, Kind, Strength

CODE = "EU-FSF"
_KINDS = {"person": Kind.PERSON, "enterprise": Kind.ORGANISATION, "vessel": Kind.VESSEL, "ship": Kind.VESSEL}
_NAME_PARTS = ("firstName", "middleName", "lastName")
_ADDRESS_PARTS = ("street", "poBox", "city", "zipCode", "region", "countryDescription")
_NUMBERS = {
    "imo": "imo", "passport": "passport", "diplomatic-passport": "passport", "id": "id", "ssn": "id",
    "regnumber": "registration", "fiscalcode": "tax", "swiftbic": "bic",
}  # fmt: skip
_ACTS = (
    ("regulation", "entryIntoForceDate"),
    ("regulation", "publicationDate"),
    ("//regulationSummary", "publicationDate"),
)


def _part(file: ListFile) -> str:
    name, attributes = xmlfile.root(file)
    return "list" if name == "export" and "generationDate" in attributes else ""


def _read(parts: Parts) -> Reading:
    file = parts["list"]
    generated = values.day(xmlfile.root(file)[1]["generationDate"], "iso", file.path)
    if generated is None:
        raise ListFileError("does not state when it was generated (generationDate)", at=file.path)
    return Reading(generated, _entries(file))


def _entries(file: ListFile) -> Iterator[Entry]:
    for node in xmlfile.elements(file, ["sanctionEntity"]):
        yield _entry(node, f"{file.path}:{xmlfile.line(node)}")


def _entry(node: xmlfile.Node, at: str) -> Entry:
    numbers = [
        (xmlfile.attribute(one, "identificationTypeCode"), xmlfile.attribute(one, "number"))
        for one in xmlfile.nodes(node, "identification")
    ]
    remarks = " ".join(xmlfile.texts(node, "remark") + xmlfile.texts(node, "identification/remark"))
    kind = _kind(node, numbers)
    places = xmlfile.nodes(node, "citizenship") + xmlfile.nodes(node, "address")
    return Entry(
        entry_id=f"{CODE}:{xmlfile.attribute(node, 'euReferenceNumber') or xmlfile.attribute(node, 'logicalId')}",
        list=CODE,
        kind=kind,
        names=values.names(_names(node, at)),
        identifiers=values.identifiers(
            [(_of_type(code, kind), number) for code, number in numbers]
            + values.stated_numbers(remarks, ship=kind is Kind.VESSEL)
        ),
        programmes=values.once(xmlfile.attribute(one, "programme") for one in xmlfile.nodes(node, "regulation")),
        countries=values.once(_country(one) for one in places),
        addresses=values.once(
            ", ".join(part for key in _ADDRESS_PARTS if (part := xmlfile.attribute(one, key)) and part != "UNKNOWN")
            for one in xmlfile.nodes(node, "address")
        ),
        birth_dates=values.once(
            xmlfile.attribute(one, "birthdate") or xmlfile.attribute(one, "year")
            for one in xmlfile.nodes(node, "birthdate")
        ),
        listed_on=values.day(xmlfile.attribute(node, "designationDate"), "iso", at) or _earliest_act(node, at),
        remarks=values.joined(xmlfile.attribute(node, "designationDetails"), remarks),
    )


def _kind(node: xmlfile.Node, numbers: list[tuple[str, str]]) -> Kind:
    """The subject's type; an enterprise with an IMO number of a ship is the ship."""
    subject = xmlfile.nodes(node, "subjectType")
    kind = _KINDS.get(xmlfile.attribute(subject[0], "code") if subject else "", Kind.OTHER)
    ship = any(
        code == "imo" and values.is_ship_number(number.upper().removeprefix("IMO").strip()) for code, number in numbers
    )
    return Kind.VESSEL if kind is Kind.ORGANISATION and ship else kind


def _of_type(code: str, kind: Kind) -> str:
    of_type = _NUMBERS.get(code, "other")
    return "company_imo" if of_type == "imo" and kind is not Kind.VESSEL else of_type


def _names(node: xmlfile.Node, at: str) -> list[tuple[str, Strength]]:
    """The first name held strong is primary, the first name where none is; those held not strong are weak."""
    found = []
    for one in xmlfile.nodes(node, "nameAlias"):
        strong = xmlfile.attribute(one, "strong")
        if strong not in ("true", "false"):
            raise ListFileError("has a name of which it does not say whether it is strong", at=at)
        text = xmlfile.attribute(one, "wholeName") or values.joined(
            *(xmlfile.attribute(one, part) for part in _NAME_PARTS)
        )
        if text:
            found.append((text, Strength.STRONG if strong == "true" else Strength.WEAK))
    if found:
        first = next((number for number, (_, strength) in enumerate(found) if strength is Strength.STRONG), 0)
        found[first] = (found[first][0], Strength.PRIMARY)
    return found


def _country(node: xmlfile.Node) -> str:
    code = xmlfile.attribute(node, "countryIso2Code")
    return "" if code == "00" else code


def _earliest_act(node: xmlfile.Node, at: str) -> date | None:
    """The earliest day among the acts an entry cites, where it states no day of designation."""
    days = (
        values.day(xmlfile.attribute(act, key), "iso", at) for path, key in _ACTS for act in xmlfile.nodes(node, path)
    )
    return min((day for day in days if day), default=None)


READER = Reader("eu-fsf-xml", _part, _read)
