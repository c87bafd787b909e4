"""The consolidated list of the Swiss State Secretariat for Economic Affairs (SECO) in XML."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from screening.errors import ListFileError
from screening.lists import values, xmlfile
from screening.lists.files import ListFile
from screening.lists.reader import Parts, Reader, Reading
from screening.model import Entry, Kind, Strength

CODE = "CH-SECO"
_KINDS = {"individual": Kind.PERSON, "entity": Kind.ORGANISATION, "object": Kind.OTHER}
_OBJECTS = {"vessel": Kind.VESSEL, "aircraft": Kind.AIRCRAFT}
_PART_ORDER = (
    "title",
    "given-name",
    "further-given-name",
    "father-name",
    "maiden-name",
    "family-name",
)  # natural order
_NUMBERS = {"passport": "passport", "diplomatic-passport": "passport", "id-card": "id"}
Programmes = dict[str, tuple[str, str]]


def _part(file: ListFile) -> str:
    return "list" if xmlfile.root(file)[0] == "swiss-sanctions-list" else ""


def _read(parts: Parts) -> Reading:
    file = parts["list"]
    published = values.day(xmlfile.root(file)[1].get("date", ""), "iso", file.path)
    if published is None:
        raise ListFileError("does not state its date", at=file.path)
    return Reading(published, _entries(file))


def _entries(file: ListFile) -> Iterator[Entry]:
    programmes: Programmes = {}
    for node in xmlfile.elements(file, ("sanctions-program", "target")):
        if xmlfile.name(node) == "sanctions-program":
            programmes |= _programme(node)
        else:
            yield _entry(node, programmes, f"{file.path}:{xmlfile.line(node)}")


def _programme(node: xmlfile.Node) -> Programmes:
    """The programme's English key and the measure, by the number of each set of measures."""
    keys = xmlfile.nodes(node, "program-key")
    english = [one for one in keys if xmlfile.attribute(one, "lang") == "eng"] or keys
    programme = values.clean(english[0].text) if english else ""
    sets = xmlfile.nodes(node, "sanctions-set")
    english_sets = [one for one in sets if xmlfile.attribute(one, "lang") == "eng"] or sets
    return {xmlfile.attribute(one, "ssid"): (programme, values.clean(one.text)) for one in english_sets}


def _entry(node: xmlfile.Node, programmes: Programmes, at: str) -> Entry:
    subject = next((one for tag in _KINDS for one in xmlfile.nodes(node, tag)), None)
    if subject is None:
        raise ListFileError("has a target that is no individual, entity or object", at=at)
    kind = _OBJECTS.get(xmlfile.attribute(subject, "object-type"), _KINDS[xmlfile.name(subject)])
    sets = [programmes.get(key, ("", "")) for key in xmlfile.texts(node, "sanctions-set-id")]
    remarks = xmlfile.texts(node, "//other-information") + xmlfile.texts(node, "//justification")
    places = xmlfile.nodes(subject, "//nationality/country") + xmlfile.nodes(subject, "//address/location/country")
    listed, delisted = _days(node, at)
    return Entry(
        entry_id=f"{CODE}:{xmlfile.attribute(node, 'ssid')}",
        list=CODE,
        kind=kind,
        names=values.names(name for one in xmlfile.nodes(subject, "identity/name") for name in _names(one)),
        identifiers=values.identifiers(
            [*values.stated_numbers(" ".join(remarks), ship=kind is Kind.VESSEL), *_documents(subject)]
        ),
        programmes=values.once(programme for programme, _ in sets),
        measures=values.once(measure for _, measure in sets),
        countries=values.once(xmlfile.attribute(one, "iso-code") or values.clean(one.text) for one in places),
        birth_dates=values.once(
            "-".join(filter(None, (xmlfile.attribute(one, key) for key in ("year", "month", "day"))))
            for one in xmlfile.nodes(subject, "identity/day-month-year")
        ),
        listed_on=listed,
        delisted_on=delisted,
        remarks=" ".join(remarks),
    )


def _names(node: xmlfile.Node) -> Iterator[tuple[str, Strength]]:
    """The name in natural order, and once more with each spelling variant in its place."""
    parts = sorted(xmlfile.nodes(node, "name-part"), key=_place)
    whole = [xmlfile.text(part, "value") for part in parts]
    primary = xmlfile.attribute(node, "name-type") == "primary-name"
    weak = xmlfile.attribute(node, "quality") == "low"
    yield values.joined(*whole), Strength.WEAK if weak else Strength.PRIMARY if primary else Strength.STRONG
    for number, part in enumerate(parts):
        for variant in xmlfile.texts(part, "spelling-variant"):
            yield (
                values.joined(*whole[:number], variant, *whole[number + 1 :]),
                Strength.WEAK if weak else Strength.STRONG,
            )


def _place(part: xmlfile.Node) -> tuple[int, int]:
    of_type = xmlfile.attribute(part, "name-part-type")
    order = xmlfile.attribute(part, "order")
    return _PART_ORDER.index(of_type) if of_type in _PART_ORDER else 0, int(order) if order.isdigit() else 0


def _documents(subject: xmlfile.Node) -> Iterator[tuple[str, str]]:
    for one in xmlfile.nodes(subject, "identity/identification-document"):
        yield _NUMBERS.get(xmlfile.attribute(one, "document-type"), "id"), xmlfile.text(one, "number")


def _days(node: xmlfile.Node, at: str) -> tuple[date | None, date | None]:
    """The first listing and the delisting that stands last, by the days on which they took effect."""
    changes = []
    for one in xmlfile.nodes(node, "modification"):
        effective = values.day(xmlfile.attribute(one, "effective-date"), "iso", at)
        if effective:
            changes.append((effective, xmlfile.attribute(one, "modification-type")))
    listed = [effective for effective, what in changes if what == "listed"]
    last = max(changes, default=None)
    return min(listed, default=None), last[0] if last and last[1] == "de-listed" else None


READER = Reader("swiss-xml", _part, _read)
