"""Which words are like which: respelt, misspelt, heard alike, or written without vowels; and how like they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from screening.matching import kernels
from screening.matching.lookup import Lookup, distinct
from screening.matching.score import distances
from screening.matching.settings import Settings
from screening.matching.vocabulary import LONGEST, MIX, Vocabulary, deletions


@dataclass(frozen=True, slots=True)
class Like:
    """For each word of ours, the words of theirs that are like it: sorted by ours, then theirs."""

    off: np.ndarray
    ours: np.ndarray
    theirs: np.ndarray
    similarity: np.ndarray

    def among(self, words: np.ndarray) -> Like:
        """What these words of ours are like, and no others."""
        asked = np.zeros(len(self.off) - 1, bool)
        asked[words] = True
        keep = asked[self.ours]
        off = np.concatenate([[0], np.cumsum(np.where(asked, np.diff(self.off), 0))])
        return Like(off, self.ours[keep], self.theirs[keep], self.similarity[keep])


_NOTHING = np.zeros(0, np.int64)
NONE = Like(np.zeros(1, np.int64), _NOTHING, _NOTHING, np.zeros(0))


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Finder:
    """A vocabulary that words can be looked up in by likeness."""

    vocabulary: Vocabulary
    spellings: Lookup
    bones: Lookup
    spare: Lookup

    @staticmethod
    def of(vocabulary: Vocabulary) -> Finder:
        """The finder of a vocabulary."""
        known, spare = np.flatnonzero(vocabulary.bones), np.flatnonzero(vocabulary.spare)
        return Finder(vocabulary, Lookup.of(*_misspellings(vocabulary)),
                      Lookup.of(known, vocabulary.bones[known] * MIX),
                      Lookup.of(spare, vocabulary.spare[spare] * MIX))  # fmt: skip

    def like(self, ours: Vocabulary, settings: Settings, same: np.ndarray | None = None, alike: Like = NONE) -> Like:
        """Every word of ours with every word of this vocabulary that is like it.

        Args:
            same, alike: the word of this vocabulary that each of ours is, -1 for none, and what each of them is like;
                spares the compiled part the work.
        """
        if kernels.LIBRARY is not None:
            same = np.full(len(ours.words), -1) if same is None else same
            off, right, similarity = kernels.like(self, ours, settings, LONGEST, same, alike)
            return Like(off, np.repeat(np.arange(len(ours.words)), np.diff(off)), right, similarity)
        theirs = self.vocabulary
        place, value = _misspellings(ours)
        at, a = self.spellings.find(value)
        known = np.flatnonzero(ours.bones)
        at_bones, b = self.bones.find(ours.bones[known] * MIX)
        few = ours.sounds[known][at_bones] < 3
        fits = ~few | (np.abs(ours.size[known][at_bones] - theirs.size[b]) <= 1) & (np.bitwise_count(
            ours.letters[known][at_bones] ^ theirs.letters[b]) <= 2)  # fmt: skip
        at_bones, b = at_bones[fits], b[fits]
        spare = np.flatnonzero(ours.spare)
        at_spare, c = self.spare.find(ours.spare[spare] * MIX)
        bare = ours.bare[spare[at_spare]] != theirs.bare[c]
        at_spare, c = spare[at_spare[bare]], c[bare]
        size = len(theirs.words)
        pairs = np.concatenate([place[at] * size + a, known[at_bones] * size + b, at_spare * size + c])
        left, right = np.divmod(distinct(pairs), max(size, 1))
        similarity = likeness(ours, theirs, left, right, settings)
        keep = similarity > 0
        left, right, similarity = left[keep], right[keep], similarity[keep]
        off = np.searchsorted(left, np.arange(len(ours.words) + 1))
        return Like(off, left, right, similarity)


def _misspellings(vocabulary: Vocabulary) -> tuple[np.ndarray, np.ndarray]:
    """The deletions of each fold, and of the words as they are where a typo may hide what folds: 'petsr' of 'peter'."""
    place, value = deletions(vocabulary.folds, vocabulary.edits)
    other = np.flatnonzero((vocabulary.hash != vocabulary.spelt) & (vocabulary.edits > 0))
    at, more = deletions([word[:LONGEST] for word in vocabulary.words.some(other)], vocabulary.edits[other])
    return np.concatenate([place, other[at]]), np.concatenate([value, more])


def likeness(
    ours: Vocabulary, theirs: Vocabulary, left: np.ndarray, right: np.ndarray, settings: Settings
) -> np.ndarray:
    """How alike the words of each pair are: 1 equal, 0 not alike."""
    found = np.where(ours.spelt[left] == theirs.spelt[right], 1.0, 0.0)
    respelt = np.flatnonzero((ours.hash[left] == theirs.hash[right]) & (found == 0))
    found[respelt] = _respelt(ours, theirs, left[respelt], right[respelt], settings)
    other = np.flatnonzero(found == 0)
    found[other] = _near(ours, theirs, left[other], right[other], settings)
    return found


def _respelt(
    ours: Vocabulary, theirs: Vocabulary, left: np.ndarray, right: np.ndarray, settings: Settings
) -> np.ndarray:
    """The likeness of different spellings of one fold; in a short word a letter counts for more, if one is unknown."""
    apart = distances(ours.words.some(left), theirs.words.some(right), 10)
    longer = np.maximum(ours.size[left], theirs.size[right])
    guessed = (longer < settings["similarity.short_letters"]) & ~(ours.known[left] & theirs.known[right])
    short = np.where(guessed, settings["similarity.short_edit"] * apart / longer, 0.0)
    found: np.ndarray = settings["similarity.respelt"] - short
    return found


def _near(ours: Vocabulary, theirs: Vocabulary, left: np.ndarray, right: np.ndarray, settings: Settings) -> np.ndarray:
    """The likeness of words an edit or two apart, or of the same consonants; 0 for others."""
    edits = np.minimum(ours.edits[left], theirs.edits[right])
    bones = (ours.bones[left] == theirs.bones[right]) & (ours.bones[left] != 0)
    apart = distances(ours.folds.some(left), theirs.folds.some(right), 4)
    raw = distances(ours.words.some(left), theirs.words.some(right), 4)
    longer = np.maximum(ours.size[left], theirs.size[right])
    share = apart / np.maximum(np.maximum(ours.length[left], theirs.length[right]), 1)
    share = np.minimum(share, raw / longer)
    apart = np.minimum(apart, raw)
    near = apart <= edits
    found = np.where(near, 1 - share, 0.0)
    found -= np.where((longer <= 4) & (found > 0), settings["similarity.four_letters"], 0.0)
    far = np.where(ours.sounds[left] < 3, 1.0, np.minimum(4, longer / 2))
    by_bones = settings["similarity.skeleton"] - settings["similarity.skeleton_edit"] * np.maximum(apart - 1, 0)
    found = np.maximum(found, np.where(bones & (apart <= far), by_bones, 0.0))
    confused = np.minimum(ours.length[left], theirs.length[right]) >= settings["similarity.confused_letters"]
    confused &= _confused(ours, theirs, left, right)
    as_one = settings["similarity.confused"] - settings["similarity.skeleton_edit"] * np.maximum(apart - 1, 0)
    found = np.maximum(found, np.where(confused, as_one, 0.0))
    bare = (ours.spare[left] == theirs.spare[right]) & (ours.bare[left] != theirs.bare[right])
    few = np.where(ours.brief[left], settings["similarity.bare_short"], 0.0)
    found = np.maximum(found, np.where(bare, settings["similarity.bare"] - few, 0.0))
    found -= np.where((ours.first[left] != theirs.first[right]) & (found > 0), settings["similarity.first_letter"], 0.0)
    stems = [_kin(of.words.some(at)) for of, at in ((ours, left), (theirs, right))]
    return np.where((found >= settings["similarity.least"]) & (stems[0] | stems[1] != 3), found, 0.0)


# How a Russian or Ukrainian patronymic ends, and a surname of the same stem.
_PATRONYMIC, _SURNAME = 1, 2
_ENDS = dict.fromkeys(
    ("ovna", "evna", "ivna", "ovich", "evich", "ovych", "evych", "ovitch", "evitch"), _PATRONYMIC
) | dict.fromkeys(("ova", "eva", "ov", "ev"), _SURNAME)


def _kin(words: Sequence[str]) -> np.ndarray:
    """Which words are patronymics and which surnames of the same stem, 0 for others: Ivanovna is no Ivanova."""
    told = (next((kind for end, kind in _ENDS.items() if word[2:].endswith(end)), 0) for word in words)
    return np.fromiter(told, np.int64, len(words))


_TAKEN_FOR = str.maketrans("oezch", "uiskg")


def _confused(ours: Vocabulary, theirs: Vocabulary, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Where the folds are equal if letters that stand for one another are taken for one."""
    a, b = ([fold.translate(_TAKEN_FOR) for fold in of.folds] for of in (ours, theirs))
    pairs = zip(left.tolist(), right.tolist(), strict=True)
    return np.fromiter((a[i] == b[j] for i, j in pairs), bool, len(left))
