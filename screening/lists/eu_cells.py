"""What a cell of the Official Journal prints as one: several names, and numbers among words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from screening.lists import values
from screening.model import Kind

_BRACKETS = re.compile(r"\s*[(]([^()]+)[)]")
_LANGUAGE = r"(?:(?:in )?\b(?:Russian|Ukrainian|Belaruss?ian|Korean|Chinese|Arabic|Persian) ?:|укр\.|рус\.)\s*"
_IN_BRACKETS, _BETWEEN = re.compile(rf"(?<=\(){_LANGUAGE}", re.I), re.compile(_LANGUAGE, re.I)
_NO_NAME = {"", "text of image", "na", "n/a"}  # the transcription's word where the Journal prints a picture
_SLASH = re.compile(r"\s*/\s*")
_SHORT = 3  # a part of fewer letters at a slash is one of 'A/S', 'J/V', 'c/o' or 'a/k/a'


def names(text: str, kind: Kind) -> list[str]:
    """The names that a cell's value prints as one, the first first.

    Several names have a slash between. A ship's other names, or the name in another script, stand in brackets.
    """
    found = []
    for part in _BETWEEN.split(_IN_BRACKETS.sub("", text)):
        for name in slashed(part, kind):
            found += _unbracketed(name, kind)
    return [name for name in values.once(found) if name.lower() not in _NO_NAME]


def _unbracketed(text: str, kind: Kind) -> list[str]:
    if text.count("(") != text.count(")"):
        return re.split(r"[()]", text)
    inner = _BRACKETS.findall(text)
    if inner and (kind is Kind.VESSEL or any(not part.isascii() for part in inner)):
        return [text, _BRACKETS.sub("", text), *inner]
    return [text]


def slashed(text: str, kind: Kind) -> list[str]:
    """The names between slashes, or the text itself where what stands there is no name.

    Where a person has one word on one side, it takes the place of the nearest word on the other: 'Ivan BELY/BILY',
    'Artyom/ Artem SHEYNIN'. Without blanks around the slash a firm's name may belong together ('PJSC/PAO Neva'):
    it stays, and the parts come beside it.
    """
    parts = [part for part in _SLASH.split(text) if part]
    if len(parts) < 2:
        return parts or [text]
    if any("(" in part or ")" in part for part in parts[:-1]) or not all(map(_is_name, _at_slashes(parts))):
        return [text]
    if kind is Kind.PERSON:
        return _whole(parts)
    return parts if re.search(r"\s/\s", text) else [text, *parts]


def _at_slashes(parts: list[str]) -> Iterator[str]:
    """The words next to each slash."""
    for left, right in pairwise(parts):
        yield left.split()[-1]
        yield right.split()[0]


def _is_name(word: str) -> bool:
    letters = sum(sign.isalpha() for sign in word)
    if "." in word.rstrip("."):
        return False  # an abbreviation such as the Arabic for LLC
    return letters >= _SHORT or (letters > 0 and not word.isascii()) or word.isdigit()


def _whole(parts: list[str]) -> list[str]:
    longest = max(parts, key=lambda part: len(_BRACKETS.sub("", part).split()))
    words, at = _BRACKETS.sub("", longest).split(), parts.index(longest)
    if len(words) < 2:
        return parts
    return [
        part
        if len(_BRACKETS.sub("", part).split()) > 1
        else " ".join([part, *words[1:]] if position < at else [*words[:-1], part])
        for position, part in enumerate(parts)
    ]


_LABELS = (
    (re.compile(r"\b(?:TIN|INN|ITIN|ИНН|tax)\b", re.IGNORECASE), "tax"),
    (re.compile(r"\b(?:OGRN|SRN|OKPO|BRN|TRN|CRN?|USCC|UEN|CIN|CBLS|regist\w*)\b", re.IGNORECASE), "registration"),
    (re.compile(r"\bpassport\b", re.IGNORECASE), "passport"),
    (re.compile(r"\bnational id\b", re.IGNORECASE), "id"),
)
_KPP = re.compile(r"\bKPP:?\s*\w+|\b\d{4}01001\b")  # Russia's code of a tax office, which many firms share
_NOTE = re.compile(r"\b(?:issued|valid|expire[sd]?|expiration|expiry|date of)\b[^;]*|\b\d\d?\.\d\d?\.\d{4}\b", re.I)
_LABELLED = re.compile(r"(?=\b(?:OGRN|OKPO|INN|TIN|National ID|Passport)\b)")
_PIECE = re.compile(r"([^();,]*)((?:\s*\((?:[^()]|\([^()]*\))*\))*)[;,]?")
_NUMBER = re.compile(r"(?<![^\W_])(?:[^\W\d_]{1,3}[ -]{1,2})?(?=[\w./-]*\d)[\w./-]*\w(?: (?:No |no\.? )?\d[\w./-]*)*")


def numbers(text: str, of_type: str) -> list[tuple[str, str]]:
    """The numbers in a cell's value without the words around them; a label among the words gives the type."""
    if of_type in ("tax", "registration") and _KPP.fullmatch(text):
        return []
    if not re.search(r"[\s(;,]", text):
        return [(of_type, text)]
    found = []
    bare = re.sub(r"^\s*\(([^()]*)\)", r"\1", re.sub(r";\s*\(([^()]*)\)", r"; \1", text))
    for words, note in _PIECE.findall(bare):
        for piece in _LABELLED.split(_NOTE.sub("", _KPP.sub("", words))):
            label = note if not any(form.search(piece) for form, _ in _LABELS) else piece
            kind = next((kind for form, kind in _LABELS if form.search(label)), of_type)
            found += [(kind, one) for one in _found(piece)]
        found += [
            (kind, one)
            for form, kind in _LABELS
            if form.search(note)
            for one in re.findall(r"(?<!\d)\d{8,}(?!\d)", _NOTE.sub("", note))
        ][:1]
    return found


def _found(piece: str) -> Iterator[str]:
    piece = re.sub(r"\b(?:series|no\b\.?|№|id)\s*", "", piece, flags=re.IGNORECASE)
    for one in _NUMBER.findall(re.sub(r"\s+[/–]\s+|[:–]", " ; ", re.sub(r"\b[A-Z]{3}(?:/[A-Z]{3,4})?\s", " ", piece))):
        if sum(sign.isdigit() for sign in one) >= 4:
            yield one
