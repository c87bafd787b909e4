"""Names in Arabic letters in Latin ones: long vowels as vowels; short ones are not written and left to the skeleton."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from screening.matching.translit import each, tables

CODES = 0x600, 0x6FF  # the first and the last
ARABIC = re.compile("[\u0600-\u06ff]")
_ARTICLE = re.compile(r"(?<![\u0600-\u06ff])ال(?=[\u0600-\u06ff]{2})")
_LONG_I = re.compile("(?<!\\S)ا[يی](?=[\u0600-\u06ff])")  # Iran, and not Airan
_MARKS = 0x64B, 0x65F  # short vowels and the like
_FIRST = 0xF0000  # a letter that begins a word stands so much further on


def readings(texts: Sequence[str]) -> list[dict[str, bool]]:
    """The Latin readings of lower-case texts in Arabic, likeliest first; none of them is of syllables."""
    usual = each(texts, _usual)
    foreign = each(usual, lambda whole: whole.replace("i", "e").replace("u", "o"))
    with_p = each(foreign, lambda whole: whole.replace("b", "p"))
    found = [dict.fromkeys(three, False) for three in zip(usual, foreign, with_p, strict=True)]
    at = [place for place, text in enumerate(texts) if _LONG_I.search(text)]
    for place, long in zip(at, each([_LONG_I.sub("i", texts[place]) for place in at], _usual), strict=True):
        found[place].setdefault(long, False)
    return found


def _usual(whole: str) -> str:
    begun = _begins().sub(lambda letter: chr(ord(letter[0]) + _FIRST), _ARTICLE.sub("ال ", whole))
    return "\n".join([" ".join(line.split()) for line in begun.translate(_codes()).split("\n")])


@lru_cache(maxsize=1)
def _begins() -> re.Pattern[str]:
    """A letter that is read otherwise where it begins a word."""
    return re.compile(rf"(?<!\S)[{''.join(tables().letters['arabic first'])}]")


@lru_cache(maxsize=1)
def _codes() -> Mapping[int, str]:
    letters = tables().letters
    first = {ord(letter) + _FIRST: latin for letter, latin in letters["arabic first"].items()}
    marks = dict.fromkeys(range(_MARKS[0], _MARKS[1] + 1), "")
    return {ord(letter): latin for letter, latin in letters["arabic"].items()} | marks | first
