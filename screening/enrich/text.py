"""How text is made comparable: case, diacritics, apostrophes and blanks never matter, in any script."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Generic, TypeVar

REMEMBERED = 1 << 16  # texts of a kind whose meaning is kept in memory, as they come back in batch after batch
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"})
_APOSTROPHES = re.compile("['\u2019\u2018\u02bc\u02bb\u02b9\u0060\u00b4\u2032\u044a\u044c]")
_ABBREVIATION = re.compile(r"(?<!\w)(?:\w\.){2,}")
_PART = re.compile(r"[,;:/|()\[\]{}\n\t\u3001\uff0c\u2013\u2014+&\"«»]+")
_WORD = re.compile(r"\w+")
_JOINED = re.compile("[\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]")


def fold(text: str) -> str:
    """The text in lower case without diacritics, apostrophes, soft signs and the dots of abbreviations."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.casefold())
        text = "".join(c for c in text if unicodedata.category(c) not in ("Mn", "Cf"))
        text = unicodedata.normalize("NFC", text).translate(_LETTERS)
    text = _APOSTROPHES.sub("", text.casefold())
    return _ABBREVIATION.sub(lambda found: found[0].replace(".", ""), text) if "." in text else text


def words(text: str) -> tuple[str, ...]:
    """The words of the folded text."""
    return tuple(_WORD.findall(fold(text)))


def parts(folded: str) -> tuple[tuple[str, ...], ...]:
    """The words of each part of a folded text; commas, slashes, brackets and dashes set parts off."""
    return tuple(found for part in _PART.split(folded) if (found := tuple(_WORD.findall(part))))


def is_joined(word: str) -> bool:
    """The word is in a script that writes words without blanks: Hangul, Han or kana."""
    return _JOINED.search(word) is not None


def names(cell: str) -> tuple[str, ...]:
    """The names in a cell of a reference table, separated by semicolons."""
    return tuple(name for part in cell.split(";") if (name := part.strip()))


@lru_cache(maxsize=4096)
def deletions(word: str) -> frozenset[str]:
    """The word and all words that come of it by leaving out one letter."""
    return frozenset({word, *(word[:i] + word[i + 1 :] for i in range(len(word)))})


def one_edit(a: str, b: str) -> bool:
    """The two words differ by exactly one letter left out, added, changed, or swapped with its neighbour."""
    if a == b or abs(len(a) - len(b)) > 1:
        return False
    if len(a) > len(b):
        a, b = b, a
    at = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), len(a))
    if len(a) < len(b):
        return a[at:] == b[at + 1 :]
    return a[at + 1 :] == b[at + 1 :] or (a[at : at + 2] == b[at : at + 2][::-1] and a[at + 2 :] == b[at + 2 :])


Meaning = TypeVar("Meaning")


class Phrases(Generic[Meaning]):
    """A dictionary of phrases that finds, in a run of words, the longest phrase from the left."""

    def __init__(self) -> None:
        self._meanings: dict[tuple[str, ...], list[Meaning]] = {}
        self._lengths: dict[str, list[int]] = {}
        self._joined: dict[str, list[Meaning]] = {}

    def add(self, phrase: str, meaning: Meaning) -> None:
        """Make the phrase mean this, besides what it meant before."""
        key = words(phrase)
        if not key:
            return
        meanings = self._meanings.setdefault(key, [])
        if meaning not in meanings:
            meanings.append(meaning)
        lengths = self._lengths.setdefault(key[0], [])
        if len(key) not in lengths:
            lengths.append(len(key))
            lengths.sort(reverse=True)
        if any(is_joined(word) for word in key):
            self._joined["".join(key)] = meanings

    def __contains__(self, key: tuple[str, ...]) -> bool:
        return key in self._meanings

    def get(self, key: tuple[str, ...]) -> list[Meaning]:
        """What the words mean as one phrase."""
        return self._meanings.get(key, [])

    def keys(self) -> Iterable[tuple[str, ...]]:
        """All phrases, as words."""
        return self._meanings.keys()

    def find(self, text: tuple[str, ...]) -> list[tuple[int, int, list[Meaning]]]:
        """The phrases in the text as (start, end, meanings), longest first; a word in none has no meanings."""
        found: list[tuple[int, int, list[Meaning]]] = []
        at = 0
        while at < len(text):
            for length in self._lengths.get(text[at], ()):
                meanings = self._meanings.get(text[at : at + length])
                if meanings:
                    found.append((at, at + length, meanings))
                    at += length
                    break
            else:
                found += [(at, at + 1, meanings) for meanings in self._pieces(text[at])]
                at += 1
        return found

    def _pieces(self, word: str) -> list[list[Meaning]]:
        """The meanings of a word written without blanks, if phrases make it up entirely; else one empty meaning."""
        if not is_joined(word):
            return [[]]
        pieces, at = [], 0
        while at < len(word):
            end = next((e for e in range(len(word), at, -1) if word[at:e] in self._joined), 0)
            if not end:
                return [[]]
            pieces.append(self._joined[word[at:end]])
            at = end
        return pieces
