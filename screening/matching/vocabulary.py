"""Distinct words with what it takes to compare them: folds, skeletons, and hashes of these and of misspellings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from screening.matching import kernels
from screening.matching.letters import INVERSES, POWERS, Letters, powers
from screening.matching.reference import reference
from screening.matching.settings import Lexicon

LONGEST = 60  # letters of a word that are looked at
_U = np.uint64
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
_BRIEF = 4  # letters
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

    words: Letters
    folds: Letters
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
    brief: np.ndarray  # whether what stays without them is so short that it stands for many words

    @staticmethod
    def of(words: Sequence[str], lexicon: Lexicon) -> Vocabulary:
        """The vocabulary of these words.

        Raises:
            UnicodeEncodeError: a word is not ASCII.
        """
        letters = Letters.of(words)
        told, spelt = reference(lexicon), letters.hashes()
        place = told.places(spelt)
        folds, columns = _spelt(letters, lexicon) if kernels.LIBRARY is None else kernels.spell(
            letters, told.meanings, told.meant[place], _lines(*_FOLDS, *_LAST_FOLDS), _lines(*_SOUNDS), LONGEST
        )  # fmt: skip
        fold_hash, bones, spares, bits, sounds, edits, bare, brief = columns
        return Vocabulary(letters, folds, folds.sizes, fold_hash, letters.sizes, spelt, folds.firsts, bits, bones,
                          spares, sounds, edits, told.named[place], bare, brief)  # fmt: skip


def _spelt(words: Letters, lexicon: Lexicon) -> tuple[Letters, tuple[np.ndarray, ...]]:
    """What kernels.spell finds, found with NumPy."""
    folds = Letters.of([spelling[:LONGEST] for spelling in fold(words, lexicon)])
    bone, spare = Letters.of(skeleton(words)), Letters.of(spared(words))
    size, length, digits = words.sizes, folds.sizes, words.digits
    edits = np.where((size < 4) | (length < 3), 0, np.where(size < 7, 1, 2))
    edits = np.where(digits > 0, np.where(size - digits >= 3, np.minimum(edits, 1), 0), edits).astype(np.int8)
    bones = np.where((bone.sizes >= 2) & (length >= 4) & (digits == 0), bone.hashes(), _U(0))
    spares = np.where((spare.sizes >= 3) & (digits == 0), spare.hashes(), _U(0))
    bare = np.array([_INNER.search(word) is None for word in words], bool) & (spares != 0)
    return folds, (folds.hashes(), bones, spares, _letters(words), bone.sizes, edits, bare, spare.sizes < _BRIEF)


def _lines(*pairs: tuple[str, str]) -> bytes:
    """Pairs as the compiled part reads them."""
    return "".join(f"{old}\n{new}\n" for old, new in pairs).replace("\n\n", "$\n").encode()


def _letters(words: Sequence[str]) -> np.ndarray:
    found = np.zeros(len(words), _U)
    for at, letters in _by_length(words):
        found[at] = np.bitwise_or.reduce(_U(1) << (letters & _U(63)), axis=1)
    return found


def hashes(words: Sequence[str]) -> np.ndarray:
    """A 64-bit hash of each ASCII word; that of two words joined is theirs put together by `join`."""
    return Letters.of(words).hashes()


def join(left: np.ndarray, length: np.ndarray, right: np.ndarray) -> np.ndarray:
    """The hash of two words written together."""
    joined: np.ndarray = left + POWERS[np.minimum(length, len(POWERS) - 1)] * right
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
        coded = (letters + _U(1)) * powers(size)
        before = np.zeros((len(at), size + 1), _U)
        np.cumsum(coded, axis=1, out=before[:, 1:])
        total = before[:, -1:]
        places.append(at)
        values.append(total[:, 0])
        one = edits[at] >= 1
        if size > 1 and one.any():
            b = before[one]
            v = b[:, :-1] + INVERSES[1] * (b[:, -1:] - b[:, 1:])
            places.append(np.repeat(at[one], size))
            values.append(v.ravel())
        two = edits[at] >= 2
        if size > 2 and two.any():
            b = before[two]
            pairs = np.array(list(combinations(range(size), 2)))
            i, j = pairs[:, 0], pairs[:, 1]
            v = b[:, i] + INVERSES[1] * (b[:, j] - b[:, i + 1]) + INVERSES[2] * (b[:, -1:] - b[:, j + 1])
            places.append(np.repeat(at[two], len(pairs)))
            values.append(v.ravel())
    if not places:
        return np.zeros(0, np.int64), np.zeros(0, _U)
    return np.concatenate(places), np.concatenate(values) * MIX
