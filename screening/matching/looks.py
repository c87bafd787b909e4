"""What can be told of texts by a look at all at once, so that few are looked into one by one."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from screening.matching import hangul
from screening.matching.aboard import says_more
from screening.matching.beside import END, HIDDEN, JOINED, ends_in_town, last_letters, town_ends
from screening.matching.settings import Lexicon

# Signs that may part names; stand beside one; digits; stand before these; and letters, by script.
_PARTS, _BESIDE, _DIGIT, _LABELS, _LATIN, _STRANGE, _HANGUL, _HAN = (1 << bit for bit in range(8))
_DIGITS, _BLANKS = 4, 3  # digits of a number that is labelled, and blanks before and in a street with its number


def _signs() -> np.ndarray:
    """What each sign may do; blanks that are not ASCII, and the sign of the kelvin, are taken to part names."""
    found = np.zeros(1 << 16, np.uint8)
    for first, last, what in (
        *((0x41, 0x5A, _LATIN), (0x61, 0x7A, _LATIN), (0x370, 0x1FFF, _STRANGE), (0x2C00, 0xFFFF, _STRANGE)),
        *((0xAC00, 0xD7A3, _HANGUL), (0x4E00, 0x9FFF, _HAN), (0x30, 0x39, _DIGIT)),
    ):
        found[first : last + 1] |= what
    blanks = [chr(code) for code in range(128, 0x3001) if chr(code).isspace()]
    for signs, what in ((",;/|&+\n\r\u212a\uff0c\uff1b\uff0f\u3001", _PARTS), (blanks, _PARTS), (":/", _LABELS),
                        ("\n\r\t:()[]{}@\uff1a\uff08\uff09\u2013\u2014", _BESIDE)):  # fmt: skip
        found[[ord(sign) for sign in signs]] |= what
    found[[code for code in range(0x80, 1 << 16) if HIDDEN.match(chr(code))]] |= _BESIDE
    return found


_SIGNS_OF = _signs()
# How words end that part names: 'order of', 'aka'.
_PARTING_ENDS = np.zeros(1 << 16, bool)
_PARTING_ENDS[[(ord(a) << 8) + ord(b) for a, b in ("ex", "ly", "ka", "ba", "bo", "of", "as", "by")]] = True
_AND_ENDS = np.array([chr(code | 32) in "nd" for code in range(256)])
_A_OR_U = np.array([chr(code | 32) in "au" for code in range(256)])
_ROLE = 6  # letters of a word that says who a party is
_BUCKET = 18  # bits of a bucket of the last letters of towns
_BEFORE_END = np.array([code <= 32 or chr(code | 32) in "rafoisd/" for code in range(256)])  # what stands before these


# Initials of two letters.
_DOUBLE_INITIAL = np.zeros(1 << 16, bool)
_DOUBLE_INITIAL[[(ord(a) << 8) + ord(b) for a, b in (
    *itertools.product("yij", "uaeo"), *itertools.product("zksc", "h"), "ts")]] = True  # fmt: skip



class Looks(NamedTuple):
    """What can be told of texts by a look at all at once.

    Args:
        foreign: those with letters that are not ASCII. cut: those that may have the length of a field.
        parted: those with a sign or a word that may part names, a letter between dots, or capitals that end in a word.
        beside: those with a sign that may stand beside a name, or the end of a town.
        initials: those with what may be initials, of several letters or of two.
        comma: those of which only one comma says so: where a legal form stands behind it, the text is one name.
    """

    foreign: np.ndarray
    cut: np.ndarray
    parted: np.ndarray
    beside: np.ndarray
    initials: np.ndarray
    comma: np.ndarray


def looks(texts: Sequence[str], fields: Collection[int], lexicon: Lexicon, ships: bool = False) -> Looks:
    """The looks of some texts; `ships` where they name ships."""
    if not texts:
        return Looks(*[np.zeros(0, bool)] * 6)
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
        told = told[(kinds[starts[told]] & _DIGIT) == 0]  # but '1. Korvex'
        numbered[told] = [texts[place].count(" ") >= _BLANKS for place in told.tolist()]
    beside |= numbered
    blank = np.flatnonzero(codes[4:] <= 32) + 4
    third, second, last = (codes[blank - back] for back in (3, 2, 1))
    ended = _BEFORE_END[third] & _PARTING_ENDS[((second.astype(np.uint16) | 32) << 8) + (last | 32)]
    fourth = codes.take(blank - 4, mode="clip")  # 'and', 'und'
    ended |= (fourth <= 32) & _A_OR_U[third] & _AND_ENDS[second] & _AND_ENDS[last]
    parted[blank] |= ended
    beside[np.searchsorted(ends, blank[(last == ord("-")) & (second <= 32)], "right")] = True
    dot = np.flatnonzero(codes == ord("."))  # a letter between dots, or more than that: 'A. B. Usmanov'
    first, second, third = (codes.take(dot - back, mode="wrap") for back in (3, 2, 1))
    dotted = (second == ord(".")) | (first == ord("."))
    dotted |= _apart(first) & _DOUBLE_INITIAL[((second.astype(np.uint16) | 32) << 8) + (third | 32)]  # 'Yu. Popov'
    dotted |= (third == 255) & _apart(second)
    after, later, last = (codes.take(dot + by, mode="clip") for by in (1, 2, 3))  # 'Popov V.V' and 'Popov V. V'
    dotted |= _apart(second) & ((after > 64) & (later <= 32) | (after <= 32) & (later > 64) & (last <= 32))
    parted[dot] |= dotted & ships  # of a party these are initials, or a legal form
    initials = np.zeros(len(texts), bool)
    initials[np.searchsorted(ends, dot[dotted], "right")] = True
    web = ((third | np.uint8(32)) == ord("w")) & ((second | np.uint8(32)) == ord("w"))  # www.
    beside[np.searchsorted(ends, dot[web], "right")] = True
    dash = np.flatnonzero(codes == ord("-"))  # 'ex-Korvex'
    first, second, third = (codes.take(dash - back, mode="wrap") | np.uint8(32) for back in (3, 2, 1))
    parted[dash] |= (third == ord("x")) & (second == ord("e")) & np.isin(first, [ord(sign) for sign in " (,"])
    capital, small = codes - ord("A") < 26, codes - ord("a") < 26
    parted[4:] |= capital[:-4] & capital[1:-3] & capital[2:-2] & small[3:-1] & small[4:]
    eights = _eights(codes)
    last = eights[ends - 1] >> np.uint64(8 * (8 - END))  # the last letters of each text
    for least, known in _town_ends(lexicon):
        beside |= known[_bucket(last >> np.uint64(8 * (END - least)))]
    cut = (codes[starts] <= 32) | (codes[ends - 2] <= 32)  # blanks do not count in the length of a text
    cut |= ((kinds[starts] | kinds[ends - 2]) & _PARTS) > 0
    beside |= cut  # nor is a town seen behind these
    cut |= np.isin(ends - starts - 1, list(fields))
    beside |= ((signs & _LATIN) > 0) & ((signs & _STRANGE) > 0) | ((signs & _HANGUL) > 0) & ((signs & _HAN) > 0)
    for size, roles in _role_begins(lexicon):
        beside |= np.isin(eights[starts + size] >> np.uint64(8 * (8 - size)), roles)
    strange = np.flatnonzero(signs & _STRANGE)
    letter = whole[ends[strange] - 2]
    town = np.isin(letter, list(last_letters(lexicon))) | ((letter >= 0x400) & (letter <= 0x4FF))  # Cyrillic
    for place in strange[town].tolist():
        beside[place] |= ends_in_town(texts[place], lexicon)
    if ships:
        beside |= np.fromiter((says_more(text, lexicon) for text in texts), bool, len(texts))
    if not ships:
        words = np.add.reduceat((codes <= 32).view(np.uint8), starts, dtype=np.uint8)  # of some hundreds, any number
        few = np.flatnonzero((words == 2) | (words == 3))
        initials[few] |= _two_letters(whole, starts[few], ends[few], words[few], lexicon)
        one = (words == 1) & (ends - starts > JOINED.start) & (ends - starts - 1 < JOINED.stop) & (signs == _LATIN)
        at = np.flatnonzero(one)
        beside[at] |= np.fromiter((bool(hangul.apart(texts[place].lower())) for place in at.tolist()), bool, len(at))
    count = np.add.reduceat(parted, starts, dtype=np.int64)
    if ships:  # of a ship all that stands behind a comma or on another line is something else
        beside |= count > 0
    comma = (count == 1) & np.logical_or.reduceat(codes == ord(","), starts)
    comma &= ~(beside | cut)
    comma &= ~initials
    return Looks(np.maximum.reduceat(codes, starts) >= 128, cut, count > 0, beside, initials, comma)


def _apart(codes: np.ndarray) -> np.ndarray:
    """Which of these ends a word before a letter: a blank, or a dot or a comma."""
    found: np.ndarray = (codes <= 32) | (codes == ord(".")) | (codes == ord(","))
    return found


def _two_letters(
    codes: np.ndarray, starts: np.ndarray, ends: np.ndarray, words: np.ndarray, lexicon: Lexicon
) -> np.ndarray:
    """Of texts of two words or three, those that begin or end in two capitals that may be initials.

    Args:
        codes: of all texts, a blank behind each. words: of each text, how many it has.
    """
    found, pairs = np.zeros(len(starts), bool), _initials(lexicon)
    for at, step in ((starts, 1), (ends - 2, -1)):
        first, second, third, fourth = (codes.take(at + step * by, mode="clip") for by in range(4))
        latin, other = _is_capital(first) & _is_capital(second), _is_cyrillic(first) & _is_cyrillic(second)
        if step < 0:  # before a name they are a shipping line's as often: 'YM WIND'
            rather = pairs[np.where(latin, second, 65) - 65, np.where(latin, first, 65) - 65]
            other |= latin & rather
        found |= (words == 2) & (third <= 32) & other
        apart = (words == 3) & (second <= 32) & (fourth <= 32)
        found |= apart & (_is_capital(first) | _is_cyrillic(first)) & (_is_capital(third) | _is_cyrillic(third))
    return found


def _is_capital(codes: np.ndarray) -> np.ndarray:
    found: np.ndarray = codes - 65 < 26
    return found


def _is_cyrillic(codes: np.ndarray) -> np.ndarray:
    """Which of these are capitals of Russian."""
    found: np.ndarray = codes - 0x410 < 0x20
    return found


@lru_cache(maxsize=8)
def _initials(lexicon: Lexicon) -> np.ndarray:
    """Which two small letters are rather initials than a word or a syllable."""
    found = np.zeros((26, 26), bool)
    for a, b in itertools.product(range(26), repeat=2):
        both = chr(97 + a) + chr(97 + b)
        found[a, b] = not (both in lexicon.legal or both in lexicon.meanings or hangul.is_syllable(both))
    return found


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


@lru_cache(maxsize=8)
def _role_begins(lexicon: Lexicon) -> list[tuple[int, np.ndarray]]:
    """How words that say who a party is begin, as numbers, by how many letters."""
    begins = {f"{role} "[:_ROLE] for role in lexicon.role}
    return [
        (size, np.array([int.from_bytes(one.encode(), "little") for one in begins if len(one) == size], np.uint64))
        for size in {len(one) for one in begins}
    ]


def _eights(codes: np.ndarray) -> np.ndarray:
    """The eight letters before each place of a text, small, as one number, the last on top; blanks before the first."""
    before = np.concatenate([np.full(8, 32, np.uint8), codes, np.full(8, 32, np.uint8)]) | np.uint8(32)
    return np.ndarray(len(codes) + 8, "<u8", before.data, strides=(1,))


def _bucket(letters: np.ndarray) -> np.ndarray:
    found: np.ndarray = (letters * np.uint64(0x9E3779B97F4A7C15) >> np.uint64(64 - _BUCKET)).astype(np.int64)
    return found
