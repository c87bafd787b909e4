"""What the CSV and the XML of the UK Sanctions List share: its words for kinds, names and measures."""

from __future__ import annotations

from screening.errors import ListFileError
from screening.model import Kind, Strength

CODE = "UK-SL"
DAY = "%d/%m/%Y"
NAME_PARTS = ("1", "2", "3", "4", "5", "6")
_KINDS = {"individual": Kind.PERSON, "entity": Kind.ORGANISATION, "ship": Kind.VESSEL}


def kind(text: str, at: object) -> Kind:
    """The kind by the list's word for it.

    Raises:
        ListFileError: the word is none of the list's.
    """
    if text.lower() not in _KINDS:
        raise ListFileError(f"has a designation of the unknown type {text!r}", at=at)
    return _KINDS[text.lower()]


def strength(name_type: str, quality: str) -> Strength:
    """Primary for the primary name, weak for an alias of low quality, strong for everything else."""
    if name_type.lower() == "primary name":
        return Strength.PRIMARY
    return Strength.WEAK if quality.lower().startswith("low") else Strength.STRONG
