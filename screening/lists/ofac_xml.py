"""OFAC's XML lists in the plain schema (sdn.xml, consolidated.xml), in whatever namespace OFAC publishes them."""

from __future__ import annotations

from collections.abc import Iterator

from screening.errors import ListFileError
from screening.lists import ofac, values, xmlfile
from screening.lists.files import ListFile
from screening.lists.reader import Parts, Reader, Reading
from screening.model import Entry, Kind, Strength

_STRENGTHS = {"strong": Strength.STRONG, "weak": Strength.WEAK}
_COUNTRIES = ("nationalityList/nationality/country", "citizenshipList/citizenship/country", "vesselInfo/vesselFlag")
_ADDRESS = ("address1", "address2", "address3", "city", "stateOrProvince", "postalCode", "country")


def _part(file: ListFile) -> str:
    return "list" if xmlfile.root(file)[0] == "sdnList" else ""


def _read(parts: Parts) -> Reading:
    file = parts["list"]
    tags = [xmlfile.texts(entry, "programList/program") for entry in xmlfile.elements(file, ["sdnEntry"])]
    reading = Reading(None, [])
    reading.entries = _entries(file, ofac.which_list(tags), reading)
    return reading


def _entries(file: ListFile, code: str, reading: Reading) -> Iterator[Entry]:
    promised, count = None, 0
    for node in xmlfile.elements(file, ["publshInformation", "sdnEntry"]):
        at = f"{file.path}:{xmlfile.line(node)}"
        if xmlfile.name(node) == "publshInformation":
            reading.published = values.day(xmlfile.text(node, "Publish_Date"), "%m/%d/%Y", at)
            stated = xmlfile.text(node, "Record_Count")
            if not stated.isdigit():
                raise ListFileError("does not state how many records it holds (Record_Count)", at=at)
            promised = int(stated)
        else:
            count += 1
            yield _entry(node, code, at)
    if promised is None:
        raise ListFileError("lacks its publication information (publshInformation)", at=file.path)
    if promised != count:
        raise ListFileError(f"promises {promised} records and holds {count}; fetch it again", at=file.path)


def _entry(node: xmlfile.Node, code: str, at: str) -> Entry:
    key, kind_text = xmlfile.text(node, "uid"), xmlfile.text(node, "sdnType").lower()
    if kind_text not in ofac.KINDS:
        raise ListFileError(f"has an entry of the unknown type {kind_text!r} ({key})", at=at)
    kind = ofac.KINDS[kind_text]
    numbers, clauses = _numbers(node, kind)
    addresses = xmlfile.nodes(node, "addressList/address")
    return Entry(
        entry_id=f"{code}:{key}",
        list=code,
        kind=kind,
        names=values.names([(_name(node), Strength.PRIMARY), *_aliases(node, at)] if _name(node) else []),
        identifiers=values.identifiers([*numbers, ("call_sign", xmlfile.text(node, "vesselInfo/callSign"))]),
        programmes=values.once(xmlfile.texts(node, "programList/program")),
        countries=values.once(
            [country for path in _COUNTRIES for country in xmlfile.texts(node, path)]
            + [xmlfile.text(address, "country") for address in addresses]
        ),
        addresses=values.once(
            ", ".join(filter(None, (xmlfile.text(one, part) for part in _ADDRESS))) for one in addresses
        ),
        birth_dates=values.once(xmlfile.texts(node, "dateOfBirthList/dateOfBirthItem/dateOfBirth")),
        remarks="; ".join(filter(None, [xmlfile.text(node, "title"), xmlfile.text(node, "remarks"), *clauses])),
    )


def _name(node: xmlfile.Node) -> str:
    """The name as OFAC's other files write it: LAST, First."""
    return ", ".join(filter(None, (xmlfile.text(node, "lastName"), xmlfile.text(node, "firstName"))))


def _aliases(node: xmlfile.Node, at: str) -> Iterator[tuple[str, Strength]]:
    for alias in xmlfile.nodes(node, "akaList/aka"):
        category = xmlfile.text(alias, "category").lower()
        if category not in _STRENGTHS or not _name(alias):
            raise ListFileError(f"has an alias without a name or of the unknown category {category!r}", at=at)
        yield _name(alias), _STRENGTHS[category]


def _numbers(node: xmlfile.Node, kind: Kind) -> tuple[list[tuple[str, str]], list[str]]:
    """Typed numbers, and as clauses what OFAC files among the numbers though it is none."""
    numbers, clauses = [], []
    for one in xmlfile.nodes(node, "idList/id"):
        label, value = xmlfile.text(one, "idType"), xmlfile.text(one, "idNumber")
        if ofac.is_number(label):
            numbers.append(ofac.typed(label, value, kind))
        else:
            clauses.append(f"{label} {value}".strip())
    return numbers, clauses


READER = Reader("ofac-xml", _part, _read)
