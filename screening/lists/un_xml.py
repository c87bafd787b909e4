"""The consolidated list of the United Nations Security Council in XML.

Ships are not entries of their own there: the 1718 Committee designates them in annexes to its notes, and an IMO number
in a comment is that of the company it speaks of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from screening.errors import ListFileError
from screening.lists import values, xmlfile
from screening.lists.files import ListFile
from screening.lists.reader import Parts, Reader, Reading
from screening.model import Entry, Kind, Strength

CODE = "UN-SC"
_KINDS = {"INDIVIDUAL": Kind.PERSON, "ENTITY": Kind.ORGANISATION}
_SECTIONS = ("INDIVIDUALS", "ENTITIES")
_STRENGTHS = {"low": Strength.WEAK}
_NAME_PARTS = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
_ADDRESS_PARTS = ("STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE", "COUNTRY")
_BORN = ("DATE", "YEAR", "FROM_YEAR", "TO_YEAR")
_ALIAS_BREAK = re.compile(r";|\s[a-z]\)\s")


def _part(file: ListFile) -> str:
    return "list" if xmlfile.root(file)[0] == "CONSOLIDATED_LIST" else ""


def _read(parts: Parts) -> Reading:
    file = parts["list"]
    generated = xmlfile.root(file)[1].get("dateGenerated", "")
    if not generated:
        raise ListFileError("does not state when it was generated (dateGenerated)", at=file.path)
    return Reading(values.day(generated, "iso", file.path), _entries(file))


def _entries(file: ListFile) -> Iterator[Entry]:
    missing = list(_SECTIONS)
    for node in xmlfile.elements(file, (*_KINDS, *_SECTIONS)):
        if (tag := xmlfile.name(node)) in _KINDS:
            yield _entry(node, tag, f"{file.path}:{xmlfile.line(node)}")
        elif tag in missing:
            missing.remove(tag)
        else:
            raise ListFileError(f"has the section {tag} twice", at=f"{file.path}:{xmlfile.line(node)}")
    if missing:
        raise ListFileError(
            f"lacks the section {missing[0]}, and the list has {' and '.join(_SECTIONS)}; fetch it again", at=file.path
        )


def _entry(node: xmlfile.Node, tag: str, at: str) -> Entry:
    comments = xmlfile.text(node, "COMMENTS1")
    primary = values.joined(*(xmlfile.text(node, part) for part in _NAME_PARTS))
    addresses = xmlfile.nodes(node, f"{tag}_ADDRESS")
    return Entry(
        entry_id=f"{CODE}:{xmlfile.text(node, 'REFERENCE_NUMBER') or xmlfile.text(node, 'DATAID')}",
        list=CODE,
        kind=_KINDS[tag],
        names=values.names([(primary, Strength.PRIMARY), *_aliases(node, tag)] if primary else []),
        identifiers=values.identifiers([*values.stated_numbers(comments, ship=False), *_documents(node)]),
        programmes=values.once([xmlfile.text(node, "UN_LIST_TYPE")]),
        countries=values.once(
            xmlfile.texts(node, "NATIONALITY/VALUE") + [xmlfile.text(one, "COUNTRY") for one in addresses]
        ),
        addresses=values.once(
            ", ".join(filter(None, (xmlfile.text(one, part) for part in _ADDRESS_PARTS))) for one in addresses
        ),
        birth_dates=values.once(
            "-".join(filter(None, (xmlfile.text(one, part)[:10] for part in _BORN)))
            for one in xmlfile.nodes(node, f"{tag}_DATE_OF_BIRTH")
        ),
        listed_on=values.day(xmlfile.text(node, "LISTED_ON"), "iso", at),
        delisted_on=values.day(xmlfile.text(node, "DELISTED_ON"), "iso", at),
        remarks=values.joined(*xmlfile.texts(node, "DESIGNATION/VALUE"), comments),
    )


def _aliases(node: xmlfile.Node, tag: str) -> Iterator[tuple[str, Strength]]:
    """The names in the original script are as good as the primary one; only quality `Low` is weak."""
    for text in xmlfile.texts(node, "NAME_ORIGINAL_SCRIPT"):
        yield text, Strength.STRONG
    for alias in xmlfile.nodes(node, f"{tag}_ALIAS"):
        strength = _STRENGTHS.get(xmlfile.text(alias, "QUALITY").lower(), Strength.STRONG)
        for text in _ALIAS_BREAK.split(xmlfile.text(alias, "ALIAS_NAME")):
            yield text.removeprefix("a) "), strength


def _documents(node: xmlfile.Node) -> Iterator[tuple[str, str]]:
    for document in xmlfile.nodes(node, "INDIVIDUAL_DOCUMENT"):
        label = values.joined(
            xmlfile.text(document, "TYPE_OF_DOCUMENT"), xmlfile.text(document, "TYPE_OF_DOCUMENT2")
        ).lower()
        passport = "passport" in label or "passeport" in label or "pasaporte" in label
        yield "passport" if passport else "id", values.number_in(xmlfile.text(document, "NUMBER"))


READER = Reader("un-xml", _part, _read)
