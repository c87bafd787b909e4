"""What a reviewer needs to see of a hit: both names with the parts that met marked, and what each part added."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from screening.model import Feature, Hit

SAME, NEAR, DIFFERENT = "same", "near", "differs"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text and how it met its counterpart: SAME, NEAR, DIFFERENT, or '' for not compared."""

    text: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One feature as the table shows it."""

    name: str
    ours: tuple[Piece, ...]
    theirs: tuple[Piece, ...]
    similarity: float
    added: float
    note: str
    tint: int


@dataclass(frozen=True, slots=True)
class Bar:
    """One stretch of the score's bar, in per cent of its length; `tint` is that of its feature, -1 for a deduction."""

    start: float
    length: float
    tint: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """A hit with its marks, its table and its bar."""

    hit: Hit
    ours: tuple[Piece, ...]
    theirs: tuple[Piece, ...]
    ours_read: tuple[Piece, ...]  # the form that was compared, where it is not the one written; else empty
    theirs_read: tuple[Piece, ...]
    rows: tuple[Row, ...]
    bars: tuple[Bar, ...]
    tick: float


TINTS = 6


def evidence(hit: Hit) -> Evidence:
    """The hit as a reviewer compares it."""
    bars, tick = _bars(hit.features, hit.score)
    met = [(f.ours, f.theirs, f.similarity) for f in hit.features]
    turned = [(theirs, ours, alike) for ours, theirs, alike in met]
    named = hit.by != "identifier"
    return Evidence(
        hit=hit,
        ours=marked(hit.value, met),
        theirs=marked(hit.listed_name, turned),
        ours_read=reading(hit.value, met) if named else (),
        theirs_read=reading(hit.listed_name, turned) if named else (),
        rows=tuple(_row(feature, number) for number, feature in enumerate(hit.features)),
        bars=bars,
        tick=tick,
    )


def marked(text: str, parts: Iterable[tuple[str, str, float]]) -> tuple[Piece, ...]:
    """The text cut where a part of it met a counterpart; a part is (itself, counterpart, how alike 0..1).

    Case, accents and width do not matter for finding a part, and neither do blanks where it is not found with them.
    """
    folded, home = _fold(text)
    marks = [""] * len(text)
    taken = [False] * len(folded)
    for part, other, alike in sorted(parts, key=lambda met: -len(met[0])):
        if alike <= 0 or not other:
            continue
        where = _find(folded, _fold(part)[0], taken)
        if not where:
            continue
        for place, mark in zip(where, _letters(part, other, alike), strict=True):
            taken[place] = True
            marks[home[place]] = mark if marks[home[place]] in ("", mark) else NEAR
    return _pieces(text, marks)


def reading(text: str, parts: Sequence[tuple[str, str, float]]) -> tuple[Piece, ...]:
    """The form in which the text was compared, marked; nothing where the parts that met stand in the text itself."""
    folded = "".join(letter for letter in _fold(text)[0] if letter.isalnum())
    absent = [part for part, other, alike in parts if alike > 0 and other and not _stands(part, folded)]
    if not absent:
        return ()
    whole = max((part for part, _, _ in parts), key=len)  # a feature over all words holds them in their order
    words = whole if all(part in whole for part in absent) else " ".join(absent)
    return marked(words, parts)


def _stands(part: str, folded: str) -> bool:
    return "".join(letter for letter in _fold(part)[0] if letter.isalnum()) in folded


def _row(feature: Feature, number: int) -> Row:
    ours, theirs, alike = feature.ours, feature.theirs, feature.similarity
    return Row(
        name=feature.name,
        ours=marked(ours, [(ours, theirs, alike)]),
        theirs=marked(theirs, [(theirs, ours, alike)]),
        similarity=alike,
        added=feature.added,
        note=feature.note,
        tint=number % TINTS if feature.added > 0 else -1,
    )


def _fold(text: str) -> tuple[str, list[int]]:
    """The text without case, accents and width, and for each of its letters the place it came from."""
    letters: list[str] = []
    home: list[int] = []
    for place, letter in enumerate(text):
        for plain in unicodedata.normalize("NFKD", letter).casefold():
            if not unicodedata.combining(plain):
                letters.append(plain)
                home.append(place)
    return "".join(letters), home


def _find(text: str, part: str, taken: Sequence[bool]) -> list[int]:
    """Where the letters of the part stand in the text, as whole words before parts of words; empty if nowhere free."""
    if not part.strip():
        return []
    for pattern in (rf"(?<!\w){re.escape(part)}(?!\w)", re.escape(part)):
        for found in re.finditer(pattern, text):
            places = list(range(*found.span()))
            if not any(taken[place] for place in places):
                return places
    return _find_joined(text, part, taken)


def _find_joined(text: str, part: str, taken: Sequence[bool]) -> list[int]:
    """The same where the text splits what the part joins: PAEK YANG SAN for PAEKYANGSAN."""
    kept = [place for place, letter in enumerate(text) if letter.isalnum()]
    start = "".join(text[place] for place in kept).find(part)
    if start < 0:
        return []
    places = kept[start : start + len(part)]
    return [] if any(taken[place] for place in places) else places


def _letters(part: str, other: str, alike: float) -> list[str]:
    """A mark for each folded letter of the part: all the same, or near with the letters that differ."""
    here, there = _fold(part)[0], _fold(other)[0]
    if alike >= 0.995:
        return [SAME] * len(here)
    marks = [DIFFERENT] * len(here)
    for block in SequenceMatcher(None, here, there, autojunk=False).get_matching_blocks():
        marks[block.a : block.a + block.size] = [NEAR] * block.size
    return marks


def _pieces(text: str, marks: Sequence[str]) -> tuple[Piece, ...]:
    """Neighbours with the same mark together; blanks between two of them are drawn in."""
    drawn = list(marks)
    for place, letter in enumerate(text):
        if letter.isspace() and 0 < place < len(text) - 1 and drawn[place - 1] == marks[place + 1]:
            drawn[place] = drawn[place - 1]
    pieces: list[Piece] = []
    for letter, mark in zip(text, drawn, strict=True):
        if pieces and pieces[-1].mark == mark:
            pieces[-1] = Piece(pieces[-1].text + letter, mark)
        else:
            pieces.append(Piece(letter, mark))
    return tuple(pieces)


def _bars(features: Sequence[Feature], score: float) -> tuple[tuple[Bar, ...], float]:
    """What was added from the left, what was taken off from its right end backwards, and where the score is."""
    gained = sum(feature.added for feature in features if feature.added > 0)
    length = max(100.0, gained, score)
    bars: list[Bar] = []
    at = 0.0
    for number, feature in enumerate(features):
        if feature.added > 0:
            bars.append(Bar(round(at / length * 100, 2), round(feature.added / length * 100, 2), number % TINTS))
            at += feature.added
    for feature in features:
        if feature.added < 0:
            at = max(at + feature.added, 0.0)
            bars.append(Bar(round(at / length * 100, 2), round(-feature.added / length * 100, 2), -1))
    return tuple(bars), round(score / length * 100, 2)
