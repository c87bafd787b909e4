"""Distinct words with what it takes to compare them: folds, skeletons, and hashes of these and of misspellings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import numpy as np

from screening.matching import kernels
from screening.matching.letters import Letters, Words
from screening.matching.settings import Lexicon

LONGEST = 60  # letters of a word that are looked at
_U = np.uint64
_BASE = 0x9E3779B97F4A7C15
_POWERS = np.array([pow(_BASE, i, 1 << 64) for i in range(400)], _U)
_INVERSES = np.array([pow(pow(_BASE, -1, 1 << 64), i, 1 << 64) for i in range(3)], _U)
MIX = _U(0xD6E8FEB86659FD93)


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
    """Each word without its inner vowels and with double letters once, as letters that have none write it: 'mkhlf'."""
    return _DOUBLE.sub(r"\1", _INNER.sub("", "\n".join(words))).split("\n") if words else []


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
    bare: np.ndarray  # whether the word is written without inner vowels

    @staticmethod
    def of(words: list[str], lexicon: Lexicon) -> Vocabulary:
        """The vocabulary of these words."""
        known = np.fromiter(map(spellings(lexicon).__contains__, words), bool, len(words))
        if kernels.LIBRARY is not None:
            found = kernels.spell(words, lexicon.meanings, _lines(*_FOLDS, *_LAST_FOLDS), _lines(*_SOUNDS), LONGEST)
            if found is not None:
                spelling, (spelt, fold_hash, bones, spares, letters, sounds, edits, bare) = found
                return Vocabulary(words, spelling, sizes(spelling), fold_hash, sizes(words), spelt, firsts(spelling),
                                  letters, bones, spares, sounds, edits, known, bare)  # fmt: skip
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
        bare = np.array([_INNER.search(word) is None for word in words], bool) & (spares != 0)
        return Vocabulary(words, folds, length, hashes(folds), written, hashes(words), firsts(folds),
                          _letters(words), bones, spares, size, edits.astype(np.int8), known, bare)  # fmt: skip


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
    return np.concatenate(places), np.concatenate(values) * MIX
