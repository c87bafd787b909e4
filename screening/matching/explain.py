"""Why a pair of names has its score: the words that met, those that did not, and each deduction, as features."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from screening.matching.align import Side
from screening.matching.pairs import Scored, Scorer
from screening.matching.table import LIGHT
from screening.matching.vocabulary import spread
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


class _Name(NamedTuple):
    """One name of a pair: its words and what each weighs, and what is said of a word that only it has."""

    words: list[str]
    weights: list[float]
    where: str


# Words of a pair that met: place and number of words on either side, likeness, points added.
_Meeting = tuple[int, int, int, int, float, float]


def features(scorer: Scorer, scored: Scored, left: np.ndarray, right: np.ndarray) -> list[tuple[Feature, ...]]:
    """The features of each scored pair; what they added sums to its score, but for rounding."""
    ours, theirs = _names(scorer.ours.side, left, "the record"), _names(scorer.theirs.side, right, "the list")
    bounds = np.searchsorted(scored.meetings.pair, np.arange(len(left) + 1)).tolist()
    columns = (column.tolist() for column in (*scored.meetings.columns()[1:], scored.added))
    meetings: list[_Meeting] = list(zip(*columns, strict=True))
    whole, points = scored.whole.tolist(), scored.parts["words"].tolist()
    found = [
        [_as_one(x, y, points[i])] if whole[i] else _word_by_word(x, y, meetings[start:end])
        for i, (x, y, start, end) in enumerate(zip(ours, theirs, bounds, bounds[1:], strict=False))
    ]
    for part, (name, note) in _NAMES.items():
        added = scored.parts.get(part, np.zeros(0))
        at = np.flatnonzero(added)
        for i, less in zip(at.tolist(), added[at].tolist(), strict=True):
            x, y = " ".join(ours[i].words), " ".join(theirs[i].words)
            found[i].append(Feature(name, x, y, 0.0, round(less, 1), note))
    return [tuple(told) for told in found]


def _names(side: Side, rows: np.ndarray, where: str) -> list[_Name]:
    table = side.table
    size = table.size[rows]
    word = table.word[spread(table.off[rows], size)]
    words, weights = [table.vocabulary.words[w] for w in word.tolist()], side.weight[word].tolist()
    ends = itertools.pairwise([0, *np.cumsum(size).tolist()])
    return [_Name(words[a:b], weights[a:b], where) for a, b in ends]


def _as_one(ours: _Name, theirs: _Name, points: float) -> Feature:
    same = "without blanks the names are equal" if points > 95 else "without blanks the names are one edit apart"
    x, y = " ".join(ours.words), " ".join(theirs.words)
    return Feature("whole name", x, y, round(points / 100, 3), round(points, 1), same)


def _word_by_word(ours: _Name, theirs: _Name, meetings: list[_Meeting]) -> list[Feature]:
    found, ours_met, theirs_met = [], [0] * len(ours.words), [0] * len(theirs.words)
    for first, count, other, others, similarity, added in meetings:
        x, y = " ".join(ours.words[first : first + count]), " ".join(theirs.words[other : other + others])
        found.append(Feature("word", x, y, round(similarity, 3), round(added, 1), _note(x, y, similarity)))
        ours_met[first : first + count] = [1] * count
        theirs_met[other : other + others] = [1] * others
    if 0 in ours_met:
        found += [Feature("word", word, "", 0.0, 0.0, note) for word, note in _left_out(ours, ours_met)]
    if 0 in theirs_met:
        found += [Feature("word", "", word, 0.0, 0.0, note) for word, note in _left_out(theirs, theirs_met)]
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


def _left_out(name: _Name, met: list[int]) -> Iterator[tuple[str, str]]:
    """The words of a name that met nothing, and what to say of each."""
    for word, weight, has_met in zip(name.words, name.weights, met, strict=True):
        if not has_met:
            yield word, f"{_rarity(weight)} word that stands only in {name.where}"


def _rarity(weight: float) -> str:
    if weight >= 0.7:
        return "rare"
    if weight <= LIGHT:
        return "of no weight"
    return "common" if weight < 0.4 else "not rare"
