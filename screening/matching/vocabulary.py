"""Words compared once: their folds and skeletons, and for each distinct word the list's words that are like it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import numpy as np

from screening.matching import kernels
from screening.matching.letters import Letters, Words
from screening.matching.score import distances
from screening.matching.settings import Lexicon, Settings

LONGEST = 60  # letters of a word that are looked at
_U = np.uint64
_BASE = 0x9E3779B97F4A7C15
_POWERS = np.array([pow(_BASE, i, 1 << 64) for i in range(400)], _U)
_INVERSES = np.array([pow(pow(_BASE, -1, 1 << 64), i, 1 << 64) for i in range(3)], _U)
_MIX = _U(0xD6E8FEB86659FD93)


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    """'a>b c>d' as pairs; `$` stands for the end of a word."""
    return tuple((old, new) for old, _, new in (pair.replace("$", "\n").partition(">") for pair in text.split()))


# Spellings of one sound in the romanisations in use (BGN, GOST, passport, press, McCune-Reischauer, French and German
# habits, scanners), longest first. Capitals stand for sounds that Latin writes with two letters.
_FOLDS = _pairs("schtsch>S shch>S tsch>C sch>S tch>C dzh>Z sh>S ch>C zh>Z dj>Z kh>h gh>g dh>d th>t ph>f bh>b")
_FOLDS += _pairs("ck>k q>k x>ks ts>c tz>c")
_FOLDS += _pairs("rn>m w>v off$>ov$ eff$>ev$ ou>u oo>u ee>i y>i ij>i ie>e")
_LAST_FOLDS = (("ji", "J"), ("ij", "Y"), ("j", "i"))  # once doubled letters are single
_DOUBLE = re.compile(r"([a-zA-Z])\1+")
_SOUNDS = _pairs("shch>s sch>s tch>j dzh>j sh>s ch>j zh>j dj>j kh>k ph>v ts>s tz>s x>ks ck>k c>k q>k g>k f>v w>v")
_SOUNDS += _pairs("p>b z>s d>t")
_INNER = re.compile("(?<=[a-z])[aeiou](?=[a-z])")
_SILENT = re.compile("[aeiouyh0-9]")


def fold(words: Sequence[str], lexicon: Lexicon) -> list[str]:
    """Each word with its spelling brought to one romanisation; words that only respell a name fold alike."""
    if not words:
        return []
    spelling = lexicon.meanings
    whole = "\n".join([spelling.get(word, word) for word in words]) + "\n"
    for old, new in _FOLDS:
        whole = whole.replace(old, new)
    whole = _DOUBLE.sub(r"\1", whole)
    for old, new in _LAST_FOLDS:
        whole = whole.replace(old, new)
    return whole.split("\n")[:-1]


def skeleton(words: Sequence[str]) -> list[str]:
    """The consonants of each word, by sound: what stays when vowels are heard and written differently."""
    whole = "\n".join(words)
    for old, new in _SOUNDS:
        whole = whole.replace(old, new)
    return _DOUBLE.sub(r"\1", _SILENT.sub("", whole)).split("\n") if words else []


def spared(words: Sequence[str]) -> list[str]:
    """Each word without its inner vowels, as it is written in haste or in letters that have none: 'mkhlf'."""
    return _INNER.sub("", "\n".join(words)).split("\n") if words else []


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Distinct words with what is needed to compare them; `edits` says how many edits a word may take."""

    words: list[str]
    folds: Sequence[str]
    length: np.ndarray  # of the fold
    hash: np.ndarray  # of the fold
    size: np.ndarray  # letters of the word as it is
    spelt: np.ndarray  # hash of the word as it is
    first: np.ndarray  # first letter of the fold
    letters: np.ndarray  # the letters of the word as bits
    bones: np.ndarray  # hash of the skeleton, 0 where it is too short to say anything
    spare: np.ndarray  # hash of the word without its inner vowels, 0 where that says nothing
    sounds: np.ndarray  # consonants in the skeleton
    edits: np.ndarray
    known: np.ndarray  # whether the table of spellings has the word

    @property
    def bare(self) -> np.ndarray:
        """The words written without inner vowels."""
        found: np.ndarray = (self.spare == self.spelt) & (self.spare != 0)
        return found

    @staticmethod
    def of(words: list[str], lexicon: Lexicon) -> Vocabulary:
        """The vocabulary of these words."""
        known = np.fromiter(map(spellings(lexicon).__contains__, words), bool, len(words))
        if kernels.LIBRARY is not None:
            found = kernels.spell(words, lexicon.meanings, _lines(*_FOLDS, *_LAST_FOLDS), _lines(*_SOUNDS), LONGEST)
            if found is not None:
                spelling, (spelt, fold_hash, bones, spares, letters, sounds, edits) = found
                return Vocabulary(words, spelling, sizes(spelling), fold_hash, sizes(words), spelt, firsts(spelling),
                                  letters, bones, spares, sounds, edits, known)  # fmt: skip
        folds = [f[:LONGEST] for f in fold(words, lexicon)]
        length = np.fromiter(map(len, folds), np.int64, len(folds))
        bone = skeleton(words)
        size = np.fromiter(map(len, bone), np.int64, len(bone))
        digit = np.fromiter((not word.isalpha() for word in words), bool, len(words))
        written = np.fromiter(map(len, words), np.int64, len(words))
        edits = np.where((written < 4) | (length < 3), 0, np.where(written < 7, 1, 2))
        mixed = np.fromiter((sum(map(str.isalpha, word)) >= 3 for word in words), bool, len(words))
        edits = np.where(digit, np.where(mixed, np.minimum(edits, 1), 0), edits)
        bones = np.where((size >= 2) & (length >= 4) & ~digit, hashes(bone), _U(0))
        spare = spared(words)
        kept = np.fromiter(map(len, spare), np.int64, len(spare))
        spares = np.where((kept >= 3) & ~digit, hashes(spare), _U(0))
        return Vocabulary(words, folds, length, hashes(folds), written, hashes(words), firsts(folds),
                          _letters(words), bones, spares, size, edits.astype(np.int8), known)  # fmt: skip


@lru_cache(maxsize=8)
def spellings(lexicon: Lexicon) -> frozenset[str]:
    """The words that the table of spellings has."""
    return frozenset(lexicon.spelling) | frozenset(lexicon.spelling.values())


def _lines(*pairs: tuple[str, str]) -> bytes:
    """Pairs as the compiled part reads them."""
    return "".join(f"{old}\n{new}\n" for old, new in pairs).replace("\n\n", "$\n").encode()


def sizes(words: Sequence[str]) -> np.ndarray:
    """The letters of each word."""
    if isinstance(words, Words | Letters):
        return np.diff(words.off)
    return np.fromiter(map(len, words), np.int64, len(words))


def firsts(words: Sequence[str]) -> np.ndarray:
    """The first letter of each ASCII word as a number, 0 where there is none."""
    if isinstance(words, Words | Letters):
        found: np.ndarray = np.where(np.diff(words.off) > 0, words.letters[words.off[:-1]], 0).astype(np.int64)
        return found
    return np.frombuffer("".join([word[:1] or "\0" for word in words]).encode("ascii"), np.uint8).astype(np.int64)


def _letters(words: Sequence[str]) -> np.ndarray:
    found = np.zeros(len(words), _U)
    for at, letters in _by_length(words):
        found[at] = np.bitwise_or.reduce(_U(1) << (letters & _U(63)), axis=1)
    return found


def hashes(words: Sequence[str]) -> np.ndarray:
    """A 64-bit hash of each ASCII word; that of two words joined is theirs put together by `join`."""
    found = np.zeros(len(words), _U)
    for at, letters in _by_length(words):
        found[at] = ((letters + _U(1)) * _powers(letters.shape[1])).sum(axis=1, dtype=_U)
    return found


def _powers(count: int) -> np.ndarray:
    """The powers of the hashes' base, for texts of any length."""
    if count <= len(_POWERS):
        return _POWERS[:count]
    more = np.full(count, _BASE, _U)
    more[0] = 1
    return np.multiply.accumulate(more)


def join(left: np.ndarray, length: np.ndarray, right: np.ndarray) -> np.ndarray:
    """The hash of two words written together."""
    joined: np.ndarray = left + _POWERS[np.minimum(length, len(_POWERS) - 1)] * right
    return joined


def _by_length(words: Sequence[str]) -> list[tuple[np.ndarray, np.ndarray]]:
    """The words' letters as one matrix for each length, with the words' places."""
    length = np.fromiter(map(len, words), np.int64, len(words))
    found = []
    order = np.argsort(length, kind="stable")
    ends = np.searchsorted(length[order], np.arange(length.max(initial=0) + 2))
    for size in np.unique(length[length > 0]).tolist():
        at = order[ends[size] : ends[size + 1]]
        text = "".join([words[i] for i in at.tolist()]).encode("ascii")
        found.append((at, np.frombuffer(text, np.uint8).reshape(-1, size).astype(_U)))
    return found


def deletions(words: Sequence[str], edits: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each word's place and hash with none, one or two letters left out, as far as its edits go.

    Two words within k edits of each other share a spelling with at most k letters left out of each.
    """
    places, values = [], []
    for at, letters in _by_length(words):
        size = letters.shape[1]
        coded = (letters + _U(1)) * _powers(size)
        before = np.zeros((len(at), size + 1), _U)
        np.cumsum(coded, axis=1, out=before[:, 1:])
        total = before[:, -1:]
        places.append(at)
        values.append(total[:, 0])
        one = edits[at] >= 1
        if size > 1 and one.any():
            b = before[one]
            v = b[:, :-1] + _INVERSES[1] * (b[:, -1:] - b[:, 1:])
            places.append(np.repeat(at[one], size))
            values.append(v.ravel())
        two = edits[at] >= 2
        if size > 2 and two.any():
            b = before[two]
            pairs = np.array(list(combinations(range(size), 2)))
            i, j = pairs[:, 0], pairs[:, 1]
            v = b[:, i] + _INVERSES[1] * (b[:, j] - b[:, i + 1]) + _INVERSES[2] * (b[:, -1:] - b[:, j + 1])
            places.append(np.repeat(at[two], len(pairs)))
            values.append(v.ravel())
    if not places:
        return np.zeros(0, np.int64), np.zeros(0, _U)
    return np.concatenate(places), np.concatenate(values) * _MIX


@dataclass(frozen=True, slots=True)
class Lookup:
    """Hashes with the places that have them, sorted, and what finds them quickly.

    Args:
        coarse: bits for the first bits of a hash, all but `coarse_shift`, that say no quickly.
        bucket: where hashes with the same first bits, all but `shift`, begin.
    """

    hash: np.ndarray
    place: np.ndarray
    coarse: np.ndarray
    coarse_shift: int
    bucket: np.ndarray
    shift: int

    @staticmethod
    def of(place: np.ndarray, value: np.ndarray) -> Lookup:
        """The lookup of these places by their hashes."""
        order = np.argsort(value, kind="stable")
        ordered = value[order]
        bits, few = min(24, max(12, len(value).bit_length() + 3)), max(len(value).bit_length() - 2, 1)
        coarse = np.zeros(1 << bits, bool)
        coarse[(ordered >> _U(64 - bits)).astype(np.int64)] = True
        first = np.searchsorted(ordered, np.arange(1 << few, dtype=_U) << _U(64 - few))
        return Lookup(
            hash=ordered,
            place=place[order].astype(np.int32),
            coarse=np.packbits(coarse, bitorder="little"),
            coarse_shift=64 - bits,
            bucket=np.append(first, len(value)).astype(np.int32),
            shift=64 - few,
        )

    def find(self, value: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """All (position in `value`, place) with equal hashes."""
        bit = value >> _U(self.coarse_shift)
        maybe = np.flatnonzero(self.coarse[(bit >> _U(3)).astype(np.int64)] >> (bit & _U(7)).astype(np.uint8) & 1)
        sought = value[maybe]
        low = np.searchsorted(self.hash, sought, "left")
        count = np.searchsorted(self.hash, sought, "right") - low
        return np.repeat(maybe, count), self.place[spread(low, count)].astype(np.int64)


def spread(start: np.ndarray, count: np.ndarray) -> np.ndarray:
    """start[0], start[0]+1, ... for count[0] numbers, then the same from start[1], and so on."""
    total = int(count.sum())
    if not total:
        return np.zeros(0, np.int64)
    ends = np.cumsum(count)
    found: np.ndarray = np.arange(total) + np.repeat(start - (ends - count), count)
    return found


def distinct(keys: np.ndarray) -> np.ndarray:
    """The distinct keys in ascending order."""
    ordered = np.sort(keys)
    found: np.ndarray = ordered[np.flatnonzero(np.diff(ordered, prepend=-1))]
    return found


@dataclass(frozen=True, slots=True)
class Like:
    """For each word of ours, the words of theirs that are like it: sorted by ours, then theirs."""

    off: np.ndarray
    ours: np.ndarray
    theirs: np.ndarray
    similarity: np.ndarray


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
                      Lookup.of(known, vocabulary.bones[known] * _MIX),
                      Lookup.of(spare, vocabulary.spare[spare] * _MIX))  # fmt: skip

    def like(self, ours: Vocabulary, settings: Settings) -> Like:
        """Every word of ours with every word of this vocabulary that is like it."""
        if kernels.LIBRARY is not None:
            off, right, similarity = kernels.like(self, ours, settings, LONGEST)
            return Like(off, np.repeat(np.arange(len(ours.words)), np.diff(off)), right, similarity)
        theirs = self.vocabulary
        place, value = _misspellings(ours)
        at, a = self.spellings.find(value)
        known = np.flatnonzero(ours.bones)
        at_bones, b = self.bones.find(ours.bones[known] * _MIX)
        few = ours.sounds[known][at_bones] < 3
        alike = ~few | (np.abs(ours.size[known][at_bones] - theirs.size[b]) <= 1) & (np.bitwise_count(
            ours.letters[known][at_bones] ^ theirs.letters[b]) <= 2)  # fmt: skip
        at_bones, b = at_bones[alike], b[alike]
        spare = np.flatnonzero(ours.spare)
        at_spare, c = self.spare.find(ours.spare[spare] * _MIX)
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
    at, more = deletions([vocabulary.words[i][:LONGEST] for i in other.tolist()], vocabulary.edits[other])
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
    apart = distances([ours.words[i] for i in left.tolist()], [theirs.words[i] for i in right.tolist()], 10)
    longer = np.maximum(ours.size[left], theirs.size[right])
    guessed = (longer < settings["similarity.short_letters"]) & ~(ours.known[left] & theirs.known[right])
    short = np.where(guessed, settings["similarity.short_edit"] * apart / longer, 0.0)
    found: np.ndarray = settings["similarity.respelt"] - short
    return found


def _near(ours: Vocabulary, theirs: Vocabulary, left: np.ndarray, right: np.ndarray, settings: Settings) -> np.ndarray:
    """The likeness of words an edit or two apart, or of the same consonants; 0 for others."""
    edits = np.minimum(ours.edits[left], theirs.edits[right])
    bones = (ours.bones[left] == theirs.bones[right]) & (ours.bones[left] != 0)
    apart = distances([ours.folds[i] for i in left.tolist()], [theirs.folds[i] for i in right.tolist()], 4)
    raw = distances([ours.words[i] for i in left.tolist()], [theirs.words[i] for i in right.tolist()], 4)
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
    few = np.where(np.minimum(ours.size[left], theirs.size[right]) < 4, settings["similarity.bare_short"], 0.0)
    found = np.maximum(found, np.where(bare, settings["similarity.bare"] - few, 0.0))
    found -= np.where((ours.first[left] != theirs.first[right]) & (found > 0), settings["similarity.first_letter"], 0.0)
    return np.where(found >= settings["similarity.least"], found, 0.0)


_TAKEN_FOR = str.maketrans("oezch", "uiskg")


def _confused(ours: Vocabulary, theirs: Vocabulary, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Where the folds are equal if letters that stand for one another are taken for one."""
    a, b = ([fold.translate(_TAKEN_FOR) for fold in of.folds] for of in (ours, theirs))
    pairs = zip(left.tolist(), right.tolist(), strict=True)
    return np.fromiter((a[i] == b[j] for i, j in pairs), bool, len(left))
