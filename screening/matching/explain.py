"""Why a pair of names has its score: the words that met, those that did not, and each deduction, as features."""

from __future__ import annotations

import numpy as np

from screening.matching.names import TRANSLITERATED
from screening.matching.pairs import Scored, Scorer
from screening.matching.table import LIGHT, Table
from screening.model import Feature

_NAMES = {
    "contradiction": ("different words", "both names have words that the other lacks"),
    "inexact": ("inexact", "a word is misspelt, missing or added"),
    "lone word": ("lone word", "the only word that tells the name from others is misspelt"),
    "spacing": ("spacing", "words joined or split"),
    "order": ("order", "the same words in another order"),
    "legal form": ("legal form", "the legal form differs or is left out"),
    "script": ("script", "read out of another script"),
    "native": ("native script", "both are written in one native script, and differ in it"),
    "part": ("part", "only the part of the text that is the name was compared"),
    "cut": ("cut", "the text fills its field and may have been cut there"),
    "number": ("number", "the numbers in the ships' names differ"),
    "people": ("legal form", "a company's legal form with the name of a person"),
    "information": ("common words", "the words that meet are too common to name anyone"),
}


def features(scorer: Scorer, scored: Scored, left: np.ndarray, right: np.ndarray) -> list[tuple[Feature, ...]]:
    """The features of each scored pair; what they added sums to its score, but for rounding."""
    a, b = scorer.ours.side.table, scorer.theirs.side.table
    bounds = np.searchsorted(scored.meetings.pair, np.arange(len(left) + 1)).tolist()
    parts = {name: points.tolist() for name, points in scored.parts.items()}
    return [
        _features(
            scorer, scored, {name: points[i] for name, points in parts.items()}, i, a, row, b, other, slice(*span)
        )
        for i, (row, other, *span) in enumerate(zip(left.tolist(), right.tolist(), bounds, bounds[1:], strict=False))
    ]


def _features(
    scorer: Scorer,
    scored: Scored,
    parts: dict[str, float],
    pair: int,
    a: Table,
    row: int,
    b: Table,
    other: int,
    span: slice,
) -> tuple[Feature, ...]:
    ours, theirs = _words(a, row), _words(b, other)
    found: list[Feature] = []
    if scored.whole[pair]:
        points = parts["words"]
        same = "without blanks the names are equal" if points > 95 else "without blanks the names are one edit apart"
        found.append(
            Feature("whole name", " ".join(ours), " ".join(theirs), round(points / 100, 3), round(points, 1), same)
        )
    else:
        found += _met(scored, ours, theirs, span)
        found += _left_out(scorer, scored, a, row, b, other, ours, theirs, span)
    for part, (name, note) in _NAMES.items():
        if points := parts.get(part, 0.0):
            found.append(Feature(name, " ".join(ours), " ".join(theirs), 0.0, round(points, 1), note))
    return tuple(found)


def _words(table: Table, row: int) -> list[str]:
    return [table.vocabulary.words[w] for w in table.word[table.off[row] : table.off[row + 1]].tolist()]


def _met(scored: Scored, ours: list[str], theirs: list[str], span: slice) -> list[Feature]:
    columns = (column[span].tolist() for column in (*scored.meetings.columns()[1:], scored.added))
    found = []
    for first, count, other, other_count, similarity, added in zip(*columns, strict=True):
        x, y = " ".join(ours[first : first + count]), " ".join(theirs[other : other + other_count])
        found.append(Feature("word", x, y, round(similarity, 3), round(added, 1), _note(x, y, similarity)))
    return found


def _note(x: str, y: str, similarity: float) -> str:
    if x == y:
        return "equal"
    if " " in x or " " in y:
        return "joined or split"
    if 1 in (len(x), len(y)):
        return "initial"
    if y.startswith(x):
        return "its beginning"
    if similarity >= 0.9:
        return "another spelling"
    return "misspelt, or like in sound"


def _left_out(
    scorer: Scorer,
    scored: Scored,
    a: Table,
    row: int,
    b: Table,
    other: int,
    ours: list[str],
    theirs: list[str],
    span: slice,
) -> list[Feature]:
    m = scored.meetings
    found = []
    for side, table, place, words, first, count in (
        (scorer.ours.side, a, row, ours, m.ours, m.our_words),
        (scorer.theirs.side, b, other, theirs, m.theirs, m.their_words),
    ):
        met = {
            k
            for start, length in zip(first[span].tolist(), count[span].tolist(), strict=True)
            for k in range(start, start + length)
        }
        if len(met) == len(words):
            continue
        for k, word in enumerate(words):
            if k in met:
                continue
            weight = float(side.weight[table.word[table.off[place] + k]])
            rare = (
                "rare"
                if weight >= 0.7
                else "of no weight"
                if weight <= LIGHT
                else "common"
                if weight < 0.4
                else "not rare"
            )
            mine = side is scorer.ours.side
            note = f"{rare} word that stands only in {'the record' if mine else 'the list'}"
            found.append(Feature("word", word if mine else "", "" if mine else word, 0.0, 0.0, note))
    return found


def read_as(table: Table, row: int) -> str:
    """How a row reads, where it was read out of another script, else nothing."""
    return " ".join(_words(table, row)) if table.how[row] & TRANSLITERATED else ""
