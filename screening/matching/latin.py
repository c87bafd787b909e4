"""Texts in any letters as ASCII, in bulk: diacritics off, other scripts in the readings that lists and papers use."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
from anyascii import anyascii

from screening.matching import arabic, cyrillic, hangul, hanja, translit
from screening.matching.translit import each

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")
PLAIN, TRANSLITERATED, SYLLABLES, KOREAN = 0, 1, 8, 32  # how a reading came about; see names
LATIN_END = 0x250  # the first code that is no Latin letter
_SPELT = hangul.CODES, cyrillic.CODES, arabic.CODES
_SCRIPTS: tuple[tuple[re.Pattern[str], Callable[[Sequence[str]], list[dict[str, bool]]]], ...] = (
    (hangul.HANGUL, hangul.readings), (arabic.ARABIC, arabic.readings), (cyrillic.CYRILLIC, cyrillic.readings),
)  # fmt: skip
_PRIVATE = re.compile("[\U000f0000-\U0010ffff]")  # no letters; hangul and arabic mark letters with these
_CAMEL = re.compile("(?<=[a-z])(?=[A-Z])")
# Letters of Slavic and Turkish spellings, and of the scientific romanisation of Cyrillic (ISO 9): Šojgu, Čepiga.
_AS_ENGLISH = str.maketrans({"š": "sh", "č": "ch", "ž": "zh", "ŝ": "shch", "ś": "sh", "ć": "ch", "ź": "zh", "ż": "zh",
                             "ş": "sh", "Š": "Sh", "Č": "Ch", "Ž": "Zh", "Ŝ": "Shch", "Ś": "Sh", "Ć": "Ch", "Ź": "Zh",
                             "Ż": "Zh", "Ş": "Sh", "û": "yu", "Û": "Yu"})  # fmt: skip
_HISSING = re.compile("[šžčŝśćźżşŠŽČŜŚĆŹŻŞ]")
_READABLE = re.compile("[a-zA-Z0-9]")
Reading = tuple[int, str]  # how it came about, and the text


class _Table(dict[_Key, _Value]):
    """What becomes of each character, worked out when it is first met."""

    def __init__(self, of: Callable[[_Key], _Value]) -> None:
        super().__init__()
        self.of = of

    def __missing__(self, key: _Key) -> _Value:
        found = self[key] = self.of(key)
        return found


def _without_marks(code: int) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", chr(code)) if not unicodedata.combining(c))


_LATIN_ASCII = _Table[int, str](lambda code: anyascii(_without_marks(code)))
_ASCII = _Table[int, str](lambda code: anyascii(chr(code)))
_BARE = _Table[int, str](_without_marks)
_HIGH = re.compile(f"[{chr(LATIN_END)}-{chr(sys.maxunicode)}]+")


class _Codes:
    """The codes of some texts, end to end."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.count = len(texts)
        self.codes = np.frombuffer((" ".join(texts) + " ").encode("utf-32-le", "surrogatepass"), np.uint32)
        self.starts = np.cumsum([0, *(len(text) + 1 for text in texts[:-1])])

    def some(self, *ranges: tuple[int, int]) -> np.ndarray:
        """The places of texts that have a code from the first to the last of one of these."""
        held = np.logical_or.reduce([(self.codes >= first) & (self.codes <= last) for first, last in ranges])
        return np.flatnonzero(np.logical_or.reduceat(held, self.starts)) if self.count else np.zeros(0, np.int64)


def ascii_readings(texts: Sequence[str]) -> list[list[Reading]]:
    """The readings of each text in ASCII, likeliest first; every text has one."""
    folded = [_folded(text.replace("\n", " ")) for text in texts]
    codes = _Codes(folded)
    found: list[list[Reading]] = [[] for _ in texts]
    strange = codes.some((LATIN_END, sys.maxunicode))
    spelt = codes.some(*_SPELT).tolist()
    for place, text, readings in zip(spelt, *_spelt([folded[place] for place in spelt]), strict=True):
        folded[place], found[place] = text, readings
    latin = np.delete(np.arange(len(texts)), strange).tolist()
    other = [place for place in strange.tolist() if not found[place]]
    for places, read in ((latin, _latin), (other, _other)):
        for place, readings in zip(places, read([folded[place] for place in places]), strict=True):
            found[place] = readings
    return found


def _folded(text: str) -> str:
    return text if unicodedata.is_normalized("NFKC", text) else unicodedata.normalize("NFKC", text)


def _latin(texts: Sequence[str]) -> list[list[Reading]]:
    """Texts in Latin letters; those whose marks may stand for a sound that English writes with two letters, so too."""
    found = [[(PLAIN, text)] for text in each(texts, lambda whole: whole.translate(_LATIN_ASCII))]
    at = [place for place, text in enumerate(texts) if _HISSING.search(text)]
    spelt = each([texts[place] for place in at], lambda whole: whole.translate(_AS_ENGLISH).translate(_LATIN_ASCII))
    for place, text in zip(at, spelt, strict=True):
        found[place].append((TRANSLITERATED, text))
    return found


def _spelt(texts: Sequence[str]) -> tuple[list[str], list[list[Reading]]]:
    """Texts in Hangul, Cyrillic or Arabic with the letters of each word in one script, and their readings; of those
    that then have no such letter, none."""
    small = each(texts, lambda whole: _PRIVATE.sub("", whole.lower()))
    one = [cyrillic.unmasked(text) for text in small]
    found: list[list[Reading]] = [[] for _ in texts]
    left = list(range(len(texts)))
    for known, readings in _SCRIPTS:
        at = [place for place in left if known.search(one[place])]
        left = [place for place in left if not known.search(one[place])]
        for place, told in zip(at, readings([one[place] for place in at]), strict=True):
            found[place] = [
                (TRANSLITERATED | (SYLLABLES if syllables else 0), text if text.isascii() else text.translate(_ASCII))
                for text, syllables in told.items()
            ]
    return [was if lower == now else now for was, lower, now in zip(texts, small, one, strict=True)], found


def _other(texts: Sequence[str]) -> list[list[Reading]]:
    """Texts in any other script, and Latin letters with marks that stand for themselves."""
    bare = each(texts, lambda whole: whole.translate(_BARE))
    marked = [not any(map(str.isalpha, "".join(_HIGH.findall(text)))) for text in bare]
    han = [hanja.HAN.search(text) is not None for text in texts]
    chinese = each([text for text, one in zip(texts, han, strict=True) if one], translit.translated)
    korean, meant = iter(hanja.readings(chinese)), iter(chinese)
    words = [next(meant) if one else text for text, one in zip(texts, han, strict=True)]
    ours = iter(each([text for text, only in zip(bare, marked, strict=True) if only], _in_ascii))
    others = [text for text, only in zip(words, marked, strict=True) if not only]
    read = iter(each(others, lambda whole: _CAMEL.sub(" ", _in_ascii(whole))))
    found = [
        [(PLAIN, next(ours)) if only else (TRANSLITERATED | (SYLLABLES if one else 0), _readable(next(read), text))]
        for text, only, one in zip(texts, marked, han, strict=True)
    ]
    for readings in (some for some, one in zip(found, han, strict=True) if one):
        way = TRANSLITERATED | SYLLABLES | KOREAN
        readings += [(way, one if one.isascii() else _in_ascii(one)) for one in next(korean)]
    return found


def _in_ascii(whole: str) -> str:
    return whole.translate(_ASCII)


def _readable(reading: str, text: str) -> str:
    """The reading of a text; characters without one stand for themselves."""
    if _READABLE.search(reading):
        return reading
    return " ".join(f"u{ord(c):x}" for c in text if c.isalnum())


def native(texts: Sequence[str]) -> np.ndarray:
    """For each text a number that stands for its Hangul or Chinese characters, the lowest bit for which; 0 for none."""
    found, codes = np.zeros(len(texts), np.uint64), _Codes(texts)
    for bit, (first, last) in enumerate((hangul.CODES, hanja.HAN_CODES)):
        some = codes.some((first, last))
        mixed = np.where((codes.codes >= first) & (codes.codes <= last), _mixed(codes.codes.astype(np.uint64)), 0)
        if len(some):  # the sum is that of the same letters in any order
            sums = _mixed(np.add.reduceat(mixed, codes.starts, dtype=np.uint64)[some])
            found[some] = (sums & ~np.uint64(1)) | np.uint64(bit)
    return found


def _mixed(values: np.ndarray) -> np.ndarray:
    """Numbers that are far apart where the values are near (the finalizer of splitmix64)."""
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        values = (values ^ values >> np.uint64(shift)) * np.uint64(factor)
    found: np.ndarray = values ^ values >> np.uint64(31)
    return found
