"""Names as words: every spelling of a name brought to plain lower-case words, in bulk over distinct names."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from screening.matching import kernels, latin
from screening.matching.beside import DROPPED
from screening.matching.latin import PLAIN, Reading
from screening.matching.letters import Letters
from screening.matching.looks import looks
from screening.matching.parts import CUT, GIVEN, LISTED_GIVEN, LONG, PART, TURNED, cuts, is_form, shortened, ways
from screening.matching.reference import NUMBERS, ROMAN
from screening.matching.settings import Lexicon

__all__ = ["CUT", "NUMBERS", "PART", "PLAIN", "ROMAN", "TURNED", "Bag", "Readings", "plain", "read", "split", "words"]

_DOTTED = re.compile(r"(?<![a-z0-9])[a-z](?:\.[ ]?[a-z])+(?![a-z0-9])\.?")
_SLASHED = re.compile(r"(?<![a-z0-9])([a-z])/([a-z])(?![a-z0-9])")
_OTHER = re.compile("[^a-z0-9 \n]+")
_POSSESSIVE = re.compile(r"(?<=[a-z]{2})['`\u2019]s(?![a-z])")
# A blank left out after capitals: 'KIMJong'; see parts for 'MEGAFONpao'.
_SHOUTED = re.compile("(?<=[A-Z]{2})(?=[A-Z][a-z]{2})")
# One digit inside a word or before its letters: 'shipp1ng', '0mar'. At the end of a word it is a number.
_MISREAD = re.compile(
    r"(?<![a-z0-9])[01258](?=[a-z]{3})|(?<=[a-z])[01258](?=[a-z]{2})|(?<=[a-z]{2})[01258](?=[a-z])|"
    r"(?<=[a-z])[01](?=[a-z])"
)
_READ_AS = {"0": "o", "2": "z", "5": "s", "8": "b"}
_NUMBERED = re.compile(r"(?<=[a-z])(?=[0-9])|(?<=[0-9])(?=[a-z])")
_NUMBER_WORD, _ROMAN_WORD = (re.compile(rf"(?<= )(?:{'|'.join(known)})(?![a-z0-9])") for known in (NUMBERS, ROMAN))
# 'Abdelmalek' as 'abdul malek' and 'Abdurrahman' as 'abdul rrahman', but neither 'Abdullah' nor 'Abdullaev'.
_SERVANT = re.compile(r"(?<![a-z0-9])abd(?:ou|[aeiou])(?:l(?!lah|lae|lay)(?=[a-z]{4})|(?=r[a-z]{4}))")
_ZEROS = re.compile(r"(?<![a-z0-9])0+(?=[0-9])")


@dataclass(frozen=True, slots=True)
class Readings:
    """Readings of texts; `text` says whose each is, `how` how it came about (TRANSLITERATED, PART; they add up)."""

    text: np.ndarray
    how: np.ndarray
    raw: list[str]  # in ASCII
    native: np.ndarray  # hash of the text's Hangul or Chinese characters, 0 for none
    lexicon: Lexicon

    @property
    def lines(self) -> list[str]:
        """The readings as plain lines."""
        return plain(self.raw, self.lexicon)


def read(
    texts: Sequence[str],
    lexicon: Lexicon,
    natural: np.ndarray | None = None,
    parts: bool = False,
    fields: Collection[int] = (),
    ships: bool = False,
) -> Readings:
    """All readings of the texts, each text's own first.

    Args:
        natural: where true, 'LAST, First' is turned to natural order.
        parts: also read the part of a long text that stands before its address.
        ships: the texts name ships: their numbers and voyages are no part of the name.
        fields: lengths at which a text may have been cut; one so long is read as cut too.
    """
    texts = [shortened(text) for text in texts] if max(map(len, texts), default=0) >= LONG else texts
    turns = [GIVEN] * len(texts) if natural is None else np.where(natural, LISTED_GIVEN, 0).tolist()
    seen = looks(texts, fields, lexicon, ships)
    odd = np.flatnonzero(seen.cut | seen.parted | seen.beside | seen.initials)  # all others are read as they stand
    flags = (flag[odd].tolist() for flag in (seen.parted, seen.beside, seen.cut, seen.initials, seen.comma))
    told = [
        [(PLAIN, texts[place])]
        if comma and is_form(texts[place].partition(",")[2], lexicon)
        else ways(texts[place], lexicon, turns[place], fields, parts, ships, (parted, beside, cut, initials))
        if parted or beside or initials
        else [(PLAIN, texts[place]), *cuts(texts[place], lexicon, fields)]
        for place, parted, beside, cut, initials, comma in zip(odd.tolist(), *flags, strict=True)
    ]
    found = _Found(np.arange(len(texts)), np.zeros(len(texts), np.int8), np.array([*texts, ""], object)[:-1])
    found = _in_ascii(found.replaced(odd, told), seen.foreign)
    native = np.zeros(len(texts), np.uint64)
    native[seen.foreign] = latin.native([texts[place] for place in np.flatnonzero(seen.foreign).tolist()])
    return Readings(found.text, found.how, found.raw.tolist(), native[found.text], lexicon)


class _Found(NamedTuple):
    """Readings of texts as in Readings, in the order of the texts."""

    text: np.ndarray
    how: np.ndarray
    raw: np.ndarray

    def replaced(self, at: np.ndarray, readings: Sequence[list[Reading]]) -> _Found:
        """With other readings in place of those at these places, which came about in the ways of both."""
        count = np.ones(len(self.text), np.int64)
        count[at] = list(map(len, readings))
        other = np.zeros(len(self.text), bool)
        other[at] = True
        other, how, raw = (np.repeat(column, count) for column in (other, self.how, self.raw))
        ways, texts = zip(*chain.from_iterable(readings), strict=True) if len(at) else ((), ())
        how[other] |= np.array(ways, np.int8)
        raw[other] = texts
        return _Found(np.repeat(self.text, count), how, raw)


def _in_ascii(found: _Found, foreign: np.ndarray) -> _Found:
    """The readings in ASCII; `foreign` says of each text whether it has letters that are not."""
    at = np.flatnonzero(foreign[found.text])
    texts = found.raw[at].tolist()
    distinct = list(dict.fromkeys(texts))  # what is read as cut too is read once
    told = dict(zip(distinct, latin.ascii_readings(distinct), strict=True))
    return found.replaced(at, list(map(told.__getitem__, texts)))


def plain(texts: Sequence[str], lexicon: Lexicon) -> list[str]:
    """ASCII texts as lower-case words with single blanks between, dots and quotes gone, phrases folded to one word.

    All texts go through each step as one long string: a step costs the length of the text, not the number of texts.
    """
    if not texts:
        return []
    whole = _SHOUTED.sub(" ", "\n".join(text.replace("\n", " ") for text in texts)).lower()
    whole = whole.replace("&", " and ").replace("+", " plus ").replace("@", " at ")
    whole = _POSSESSIVE.sub("s", whole)
    whole = DROPPED.sub("", whole)
    whole = _DOTTED.sub(lambda found: _undotted(found[0], lexicon), whole)
    whole = _SLASHED.sub(r"\1\2", whole)
    whole = _MISREAD.sub(_letter, whole)
    whole = _OTHER.sub(" ", whole)
    whole = "\n".join([f" {' '.join(line.split())} " for line in whole.split("\n")])
    for phrase, word in lexicon.phrases:
        needle = f" {phrase} "
        if needle in whole:
            whole = whole.replace(needle, f" {word} ")
    whole = _SERVANT.sub("abdul ", whole)
    return [line[1:-1] for line in whole.split("\n")]


def _letter(found: re.Match[str]) -> str:
    """The letter that a scanner read as this digit; 1 is an i between consonants, else an l."""
    digit = found[0]
    if digit != "1":
        return _READ_AS[digit]
    sides = found.string[max(found.start() - 1, 0) : found.end() + 1].replace("1", "")
    return "l" if any(letter in "aeiou" for letter in sides) else "i"


def _undotted(text: str, lexicon: Lexicon) -> str:
    """'s.a.r.l.' as 'sarl'; letters with blanks between are joined only where they make a legal form."""
    joined = text.replace(".", "").replace(" ", "")
    return f"{joined} " if " " not in text or joined in lexicon.legal else text.replace(".", " ")


@dataclass(frozen=True, slots=True)
class Bag:
    """Lines as words: `off` bounds each line's words, `word` says which of `words` each is."""

    off: np.ndarray
    word: np.ndarray
    words: Letters


def words(texts: Sequence[str], lexicon: Lexicon, ship: np.ndarray) -> Bag:
    """The plain words of ASCII texts, each distinct word once, in order of first appearance.

    Args:
        ship: of each text, whether it names a ship: numbers are words of their own then.
    """
    found = kernels.words(texts, lexicon, ship, ROMAN, len(NUMBERS)) if kernels.LIBRARY is not None else None
    if found is not None:
        return Bag(*found)
    lines = plain(texts, lexicon)
    for at in np.flatnonzero(~ship).tolist():
        lines[at] = _NUMBER_WORD.sub(lambda found: ROMAN[found[0]], lines[at])
    for at in np.flatnonzero(ship).tolist():
        counted = _ROMAN_WORD.sub(lambda found: ROMAN[found[0]], _NUMBERED.sub(" ", lines[at]))
        lines[at] = _ZEROS.sub("", counted)
    return split(lines)


def split(lines: Sequence[str]) -> Bag:
    """The words of plain lines."""
    counts = np.fromiter((line.count(" ") + 1 if line else 0 for line in lines), np.int64, len(lines))
    flat = " ".join(line for line in lines if line).split(" ") if counts.any() else []
    coded = pa.array(flat, pa.string()).dictionary_encode()
    off = np.concatenate([[0], np.cumsum(counts)])
    return Bag(off, coded.indices.to_numpy().astype(np.int64), Letters.of(coded.dictionary.to_pylist()))
