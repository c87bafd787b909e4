"""What can be told of texts by a look at all at once, so that few are looked into one by one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from screening.matching.settings import Lexicon

# Signs that may part names; stand beside one; digits; stand before these; of scripts that may have other digits.
_PARTS, _BESIDE, _DIGIT, _LABELS, _STRANGE = 1, 2, 4, 8, 16
_DIGITS, _BLANKS = 4, 3  # digits of a number that is labelled, and blanks before and in a street with its number


def _sign(code: int) -> int:
    """What a sign may do; blanks that are not ASCII, and the sign of the kelvin, are taken to part names."""
    parts = chr(code) in ",;/|\n\r\u212a" or (code >= 128 and chr(code).isspace())
    beside, digit, labels = (chr(code) in signs for signs in ("\n\r()[]{}\u2013\u2014", "0123456789", ":/"))
    return parts * _PARTS | beside * _BESIDE | digit * _DIGIT | labels * _LABELS | (code > 255) * _STRANGE


_SIGNS_OF = np.array([_sign(code) for code in range(0x3002)], np.uint8)
# How words end that part names: 'order of', 'aka'.
_PARTING_ENDS = np.zeros(1 << 16, bool)
_PARTING_ENDS[[(ord(a) << 8) + ord(b) for a, b in ("ex", "ly", "ka", "bo", "of")]] = True
_END, _BUCKET = 5, 18  # letters at the end of a text that tell a town, and bits of a bucket of them
_BEFORE_END = np.array([code <= 32 or chr(code | 32) in "rafo/" for code in range(256)])  # what stands before these


class Looks(NamedTuple):
    """What can be told of texts by a look at all at once.

    Args:
        foreign: those with letters that are not ASCII. cut: those that may have the length of a field.
        parted: those with a sign or a word that may part names, a letter between dots, or capitals that end in a word.
        beside: those with a sign that may stand beside a name, or the end of a town.
        comma: those of which only one comma says so: where a legal form stands behind it, the text is one name.
    """

    foreign: np.ndarray
    cut: np.ndarray
    parted: np.ndarray
    beside: np.ndarray
    comma: np.ndarray


def looks(texts: Sequence[str], fields: Collection[int], lexicon: Lexicon, ships: bool = False) -> Looks:
    """The looks of some texts; `ships` where they name ships."""
    if not texts:
        return Looks(*[np.zeros(0, bool)] * 5)
    whole = np.frombuffer((" ".join(texts) + " ").encode("utf-32-le", "surrogatepass"), np.uint32)
    codes = np.minimum(whole, 255).astype(np.uint8)  # looked through in a quarter of the time
    ends = np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)) + 1)
    starts = np.append(0, ends[:-1])
    kinds = _SIGNS_OF[codes]
    above = np.flatnonzero(codes == 255)
    kinds[above] = _SIGNS_OF[np.minimum(whole[above], len(_SIGNS_OF) - 1)]
    signs = np.bitwise_or.reduceat(kinds, starts)
    parted, beside = (kinds & _PARTS) > 0, (signs & _BESIDE) > 0
    digits = np.bincount(np.searchsorted(ends, np.flatnonzero(kinds & _DIGIT), "right"), minlength=len(texts))
    numbered = digits > 0
    if not ships:  # of a party a number is of its name, unless it says what it is or may be one of a house
        told = np.flatnonzero(numbered & (digits < _DIGITS) & ((signs & _LABELS) == 0) & (signs & _STRANGE == 0))
        numbered[told] = [texts[place].count(" ") >= _BLANKS for place in told.tolist()]
    beside |= numbered
    blank = np.flatnonzero(codes[4:] <= 32) + 4
    third, second, last = (codes[blank - back] for back in (3, 2, 1))
    ended = _BEFORE_END[third] & _PARTING_ENDS[((second.astype(np.uint16) | 32) << 8) + (last | 32)]
    parted[blank] |= ended
    beside[np.searchsorted(ends, blank[(last == ord("-")) & (second <= 32)], "right")] = True
    dot = np.flatnonzero(codes == ord("."))  # a letter between dots, or more than that: 'A. B. Usmanov'
    parted[dot] |= np.logical_or(*(codes.take(dot - back, mode="wrap") == ord(".") for back in (2, 3)))
    capital, small = codes - ord("A") < 26, codes - ord("a") < 26
    parted[4:] |= capital[:-4] & capital[1:-3] & capital[2:-2] & small[3:-1] & small[4:]
    letters = [(codes[np.maximum(ends - _END - 1 + at, 0)] | 32).astype(np.uint64) for at in range(_END)]
    last = np.bitwise_or.reduce([letter << np.uint64(8 * at) for at, letter in enumerate(letters)])
    for least, known in _town_ends(lexicon):
        beside |= known[_bucket(last >> np.uint64(8 * (_END - least)))]
    cut = (codes[starts] <= 32) | (codes[ends - 2] <= 32)  # blanks do not count in the length of a text
    cut |= ((kinds[starts] | kinds[ends - 2]) & _PARTS) > 0
    cut |= np.isin(ends - starts - 1, list(fields))
    if ships:
        beside |= np.fromiter(map(says_number, texts), bool, len(texts))
    count = np.add.reduceat(parted, starts, dtype=np.int64)
    if ships:  # of a ship all that stands behind a comma or on another line is something else
        beside |= count > 0
    comma = (count == 1) & np.logical_or.reduceat(codes == ord(","), starts)
    comma &= ~(beside | cut)
    return Looks(np.maximum.reduceat(codes, starts) >= 128, cut, count > 0, beside, comma)


def says_number(text: str) -> bool:
    """The text speaks of a ship's number or call sign, by a look that costs little."""
    small = text.lower()
    return "imo" in small or "call" in small or "имо" in small or "i.m.o" in small


@lru_cache(maxsize=8)
def town_ends(lexicon: Lexicon) -> frozenset[str]:
    """The last letters of towns, the blank before a short word with them."""
    return frozenset(f" {town}"[-_END:] for town in lexicon.town)


def ends_in_town(text: str, lexicon: Lexicon) -> bool:
    """The text may end in a town."""
    end, ends = text[-_END:].lower(), town_ends(lexicon)
    return end in ends or end[1:] in ends or end[2:] in ends


@lru_cache(maxsize=8)
def _town_ends(lexicon: Lexicon) -> list[tuple[int, np.ndarray]]:
    """The same by how many letters they have, as buckets."""
    found = []
    for size in {len(end) for end in town_ends(lexicon)}:
        known = np.zeros(1 << _BUCKET, bool)
        letters = [int.from_bytes(end.encode(), "little") for end in town_ends(lexicon) if len(end) == size]
        known[_bucket(np.array(letters, np.uint64))] = True
        found.append((size, known))
    return found


def _bucket(letters: np.ndarray) -> np.ndarray:
    found: np.ndarray = (letters * np.uint64(0x9E3779B97F4A7C15) >> np.uint64(64 - _BUCKET)).astype(np.int64)
    return found
