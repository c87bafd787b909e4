"""OpenSanctions' entities in FollowTheMoney JSON lines (entities.ftm.json, targets.nested.json)."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from screening.errors import ListFileError
from screening.lists import ftm, values
from screening.lists.files import ListFile
from screening.lists.reader import Parts, Reader, Reading
from screening.model import Entry, Kind, Strength

Entity = dict[str, Any]

_NUMBERS = {
    "mmsi": "mmsi", "callSign": "call_sign", "registrationNumber": "registration", "ogrnCode": "registration",
    "okpoCode": "registration", "uscCode": "registration", "innCode": "tax", "taxNumber": "tax", "vatCode": "tax",
    "leiCode": "lei", "swiftBic": "bic", "passportNumber": "passport", "idNumber": "id", "isin": "other",
}  # fmt: skip
_COUNTRIES = ("country", "nationality", "citizenship", "jurisdiction", "flag")
_LISTED = ("listingDate", "startDate")
_TOPICS = ("sanction", "export.control", "mare.", "debarment")  # a target under none of these is no designated party


def _part(file: ListFile) -> str:
    start = file.start.lstrip()
    return "list" if start.startswith("{") and '"schema"' in start and '"properties"' in start else ""


def _read(parts: Parts) -> Reading:
    reading = Reading(None, [])
    reading.entries = _entries(parts["list"], reading)
    return reading


@dataclass(slots=True)
class _Linked:
    """What other entities of the file say of targets: sanctions by target, addresses by their own key."""

    sanctions: defaultdict[str, list[Entity]] = field(default_factory=lambda: defaultdict(list))
    addresses: dict[str, str] = field(default_factory=dict)


def _entries(file: ListFile, reading: Reading) -> Iterator[Entry]:
    linked = _Linked()
    for _, entity in _lines(file):
        if entity["schema"] == "Sanction":
            for target in entity["properties"].get("entity", ()):
                linked.sanctions[target].append(entity)
        elif entity["schema"] == "Address":
            linked.addresses[entity["id"]] = ", ".join(entity["properties"].get("full", ()))
    others: Counter[str] = Counter()
    for at, entity in _lines(file):
        if not _designated(entity):
            others[entity["schema"]] += 1
        else:
            yield _entry(entity, linked, at)
    if others:
        told = ", ".join(f"{count:,} {schema}" for schema, count in sorted(others.items()))
        reading.notes.append(f"{file.path.name}: entities that are no designated party are no entries ({told})")


def _lines(file: ListFile) -> Iterator[tuple[str, Entity]]:
    try:
        with file.path.open(encoding="utf-8-sig") as text:
            for number, line in enumerate(text, 1):
                at = f"{file.path}:{number}"
                if line.strip():
                    yield at, _entity(line, at)
    except UnicodeDecodeError as error:
        raise ListFileError("is not UTF-8 text", at=file.path) from error


def _entity(line: str, at: str) -> Entity:
    try:
        entity = json.loads(line)
    except ValueError as error:
        raise ListFileError("does not parse as JSON or is cut short", at=at) from error
    whole = isinstance(entity, dict) and all(isinstance(entity.get(key), str) for key in ("id", "schema"))
    if not whole or not isinstance(entity.get("properties"), dict):
        raise ListFileError("is no entity: it lacks its id, schema or properties", at=at)
    return dict(entity)


def _designated(entity: Entity) -> bool:
    """A target of its data set, and under a topic of sanctions or trade control where it has topics."""
    topics = entity["properties"].get("topics", ())
    marked = any(topic.startswith(_TOPICS) for topic in topics)
    return (
        bool(entity.get("target", marked))
        and (marked or not topics)
        and entity["schema"] not in ("Sanction", "Address")
    )


def _entry(entity: Entity, linked: _Linked, at: str) -> Entry:
    properties, kind = entity["properties"], ftm.kind(entity["schema"])
    code = ftm.list_code(sorted(entity.get("datasets", ())))
    sanctions = [_properties(one) for one in [*linked.sanctions[entity["id"]], *properties.get("sanctions", ())]]
    numbers = [("imo" if kind is Kind.VESSEL else "company_imo", number) for number in properties.get("imoNumber", ())]
    numbers += [(of_type, number) for key, of_type in _NUMBERS.items() for number in properties.get(key, ())]
    return Entry(
        entry_id=f"{code}:{entity['id']}",
        list=code,
        kind=kind,
        names=values.names(_names(entity, kind)),
        identifiers=values.identifiers(numbers),
        programmes=values.once(
            [*properties.get("programId", ())]
            + [text for one in sanctions for key in ("programId", "program") for text in one.get(key, ())]
            + (list(entity.get("datasets", ())) if code == "OS-COLLECTION" else [])
        ),
        measures=values.once(text for one in sanctions for text in one.get("provisions", ())),
        countries=tuple(country.upper() for country in values.once(_each(properties, _COUNTRIES))),
        addresses=values.once(_addresses(properties, linked)),
        birth_dates=values.once(properties.get("birthDate", ())),
        listed_on=_listed(sanctions, at),
        remarks="; ".join(values.once([*properties.get("notes", ()), *properties.get("position", ())])),
    )


def _names(entity: Entity, kind: Kind) -> Iterator[tuple[str, Strength]]:
    properties = entity["properties"]
    stated = [*properties.get("name", ())]
    if stated:
        caption = entity.get("caption", "")
        yield caption if caption in stated else stated[0], Strength.PRIMARY
    elif fallback := ftm.nameless(entity["id"], kind, ()):
        yield fallback, Strength.PRIMARY
    for key, strength in (("name", Strength.STRONG), ("alias", Strength.STRONG), ("previousName", Strength.STRONG)):
        for text in properties.get(key, ()):
            yield text, strength
    for text in properties.get("weakAlias", ()):
        yield text, Strength.WEAK


def _addresses(properties: dict[str, Any], linked: _Linked) -> Iterator[str]:
    yield from properties.get("address", ())
    for one in properties.get("addressEntity", ()):
        yield ", ".join(_properties(one).get("full", ())) if isinstance(one, dict) else linked.addresses.get(one, "")


def _properties(entity: Entity) -> dict[str, Any]:
    found = entity.get("properties", {})
    return found if isinstance(found, dict) else {}


def _each(properties: dict[str, Any], keys: Iterable[str]) -> Iterator[str]:
    for key in keys:
        yield from properties.get(key, ())


def _listed(sanctions: list[dict[str, Any]], at: str) -> date | None:
    """The earliest day a sanction states; none where one of them states no day."""
    days = [
        min((values.partial_day(text, at) or date.max for text in _each(one, _LISTED)), default=None)
        for one in sanctions
    ]
    known = [day for day in days if day]
    return min(known) if known and len(known) == len(days) else None


READER = Reader("ftm-json", _part, _read, shared=True)
