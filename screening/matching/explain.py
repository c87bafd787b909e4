"""Why a pair of names has its score: the words that met, those that did not, and each deduction, as features."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from screening.matching.align import Side
from screening.matching.lookup import spread
from screening.matching.pairs import Scored, Scorer
from screening.matching.table import LIGHT
from screening.model import Feature

_NAMES = {
    "contradiction": ("different words", "both names have words that the other lacks"),
    "inexact": ("inexact", "a word is misspelt, missing or added"),
    "lone word": ("lone word", "the only word that tells the name from others is misspelt"),
    "spacing": ("spacing", "words joined or split"),
    "order": ("order", "the same words in another order"),
    "legal form": ("legal form", "the legal form differs or is left out"),
    "script": ("script", "read out of another script"),
    "korean": ("script", "Chinese characters read as Korean, which a Chinese name may be read as too"),
    "native": ("native script", "both are written in one native script, and differ in it"),
    "part": ("part", "only the part of the text that is the name was compared"),
    "cut": ("cut", "the text fills its field and may have been cut there"),
    "number": ("number", "the numbers in the ships' names differ"),
    "people": ("legal form", "a company's legal form with the name of a person"),
    "information": ("common words", "the words that meet are too common to name anyone"),
}


class _Names(NamedTuple):
    """The names of one side of some pairs, end to end: `off` bounds each one's words, `weight` is what each weighs."""

    off: np.ndarray
    words: list[str]
    weight: np.ndarray

    @classmethod
    def of(cls, side: Side, rows: np.ndarray) -> _Names:
        """The names of these rows."""
        table, size = side.table, side.table.size[rows]
        word = table.word[spread(table.off[rows], size)]
        return cls(np.concatenate([[0], np.cumsum(size)]), table.vocabulary.words.some(word), side.weight[word])

    def texts(self, start: np.ndarray, count: np.ndarray) -> list[str]:
        """Runs of words with blanks between."""
        words, ends = self.words, (start + count).tolist()
        return [words[a] if b - a == 1 else " ".join(words[a:b]) for a, b in zip(start.tolist(), ends, strict=True)]

    def wholes(self) -> list[str]:
        """Each name whole."""
        return self.texts(self.off[:-1], np.diff(self.off))

    def unmet(self, start: np.ndarray, count: np.ndarray, among: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The words of the names that are among some and met nothing: whose each is, and which it is.

        Args:
            start, count: the runs that met.
        """
        left = np.ones(len(self.words), bool)
        left[spread(start, count)] = False
        pair = np.repeat(np.arange(len(self.off) - 1), np.diff(self.off))
        at = np.flatnonzero(left & among[pair])
        return pair[at], at


def features(scorer: Scorer, scored: Scored, left: np.ndarray, right: np.ndarray) -> list[tuple[Feature, ...]]:
    """The features of each scored pair; what they added sums to its score, but for rounding."""
    ours, theirs = _Names.of(scorer.ours.side, left), _Names.of(scorer.theirs.side, right)
    wholes = ours.wholes(), theirs.wholes()
    found = _word_by_word(scored, ours, theirs)
    points = scored.parts["words"].tolist()
    for pair in np.flatnonzero(scored.whole).tolist():
        found[pair] = [_as_one(wholes[0][pair], wholes[1][pair], points[pair])]
    for part, (name, note) in _NAMES.items():
        added = scored.parts.get(part, np.zeros(0))
        at = np.flatnonzero(added)
        for i, less in zip(at.tolist(), added[at].round(1).tolist(), strict=True):
            found[i].append(Feature(name, wholes[0][i], wholes[1][i], 0.0, less, note))
    return [tuple(told) for told in found]


def _as_one(ours: str, theirs: str, points: float) -> Feature:
    same = "without blanks the names are equal" if points > 95 else "without blanks the names are one edit apart"
    return Feature("whole name", ours, theirs, round(points / 100, 3), round(points, 1), same)


def _word_by_word(scored: Scored, ours: _Names, theirs: _Names) -> list[list[Feature]]:
    """Of each pair the words that met, then those of ours and of theirs that did not."""
    met, apart = scored.meetings, ~scored.whole
    runs = [(names.off[met.pair] + first, count) for names, first, count in
            ((ours, met.ours, met.our_words), (theirs, met.theirs, met.their_words))]  # fmt: skip
    texts = [names.texts(*run) for names, run in zip((ours, theirs), runs, strict=True)]
    found: list[list[Feature]] = [[] for _ in scored.score]
    rounded = met.similarity.round(3).tolist(), scored.added.round(1).tolist()
    columns = met.pair.tolist(), *texts, met.similarity.tolist(), *rounded
    for pair, x, y, similarity, like, added in zip(*columns, strict=True):
        found[pair].append(Feature("word", x, y, like, added, _note(x, y, similarity)))
    for names, run, where in ((ours, runs[0], "the record"), (theirs, runs[1], "the list")):
        pairs, at = names.unmet(*run, apart)
        for pair, word, rarity in zip(pairs.tolist(), at.tolist(), names.weight[at].tolist(), strict=True):
            x, y = (names.words[word], "") if names is ours else ("", names.words[word])
            found[pair].append(Feature("word", x, y, 0.0, 0.0, f"{_rarity(rarity)} word that stands only in {where}"))
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


def _rarity(weight: float) -> str:
    if weight >= 0.7:
        return "rare"
    if weight <= LIGHT:
        return "of no weight"
    return "common" if weight < 0.4 else "not rare"
