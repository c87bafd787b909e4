"""What OpenSanctions' formats share: the schemata of FollowTheMoney and the codes of its data sets."""

from __future__ import annotations

import re
from collections.abc import Sequence

from screening.model import Kind

_KINDS = {
    "Person": Kind.PERSON,
    "Company": Kind.ORGANISATION,
    "Organization": Kind.ORGANISATION,
    "LegalEntity": Kind.ORGANISATION,
    "PublicBody": Kind.ORGANISATION,
    "Vessel": Kind.VESSEL,
    "Airplane": Kind.AIRCRAFT,
}
_NOT_CODE = re.compile(r"[^A-Z0-9_]+")


def kind(schema: str) -> Kind:
    """The kind of entry a schema describes; `other` for things such as securities and wallets."""
    return _KINDS.get(schema, Kind.OTHER)


def list_code(datasets: Sequence[str]) -> str:
    """OS- and the data set; OS-COLLECTION where an entity comes from several."""
    if len(datasets) != 1:
        return "OS-COLLECTION"
    return "OS-" + _NOT_CODE.sub("-", datasets[0].upper()).strip("-")


def nameless(key: str, of_kind: Kind, numbers: Sequence[str]) -> str:
    """What stands for the name of a thing that has none: its number or key; nothing for persons, firms and ships."""
    return (numbers[0] if numbers else key) if of_kind is Kind.OTHER else ""
