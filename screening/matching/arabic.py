"""Names in Arabic letters in Latin ones: long vowels as vowels; short ones are not written and left to the skeleton.

Words that are known (rules/translit/arabic.csv) are read as they are usually spelt, or as what they mean.
"""

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
# Letters that are written in several shapes, as they stand in arabic.csv.
_ONE_SHAPE = str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک", "أ": "ا", "إ": "ا", "آ": "ا", "ة": "ه", "ؤ": "و"})
_FIRST = 0xF0000  # a letter that begins a word stands so much further on


def readings(texts: Sequence[str]) -> list[dict[str, bool]]:
    """The Latin readings of lower-case texts in Arabic, likeliest first; none of them is of syllables.

    Words that are known stand in capitals, which no other way of reading letters changes; all are read by their letters
    too, of which one may be mistyped.
    """
    known = each(texts, _with_known_words)
    usual = each(known, _usual)
    foreign = each(usual, lambda whole: whole.replace("i", "e").replace("u", "o"))
    with_p = each(foreign, lambda whole: whole.replace("b", "p"))
    found = [dict.fromkeys(three, False) for three in zip(usual, foreign, with_p, strict=True)]
    at = [place for place, text in enumerate(known) if _LONG_I.search(text)]
    for place, long in zip(at, each([_LONG_I.sub("i", known[place]) for place in at], _usual), strict=True):
        found[place].setdefault(long, False)
    at = [place for place, text in enumerate(texts) if known[place] != text]
    for place, spelt in zip(at, each([texts[place] for place in at], _usual), strict=True):
        found[place].setdefault(spelt, False)
    return found


def _with_known_words(whole: str) -> str:
    """The text with the words that are known in Latin capitals."""
    found, last = list[str](), 0
    for word in _known().finditer(whole.translate(_ONE_SHAPE)):
        found += [whole[last : word.start(1)], f" {tables().arabic[word[1]].upper()}"]
        last = word.end(1)
    return "".join([*found, whole[last:]])


@lru_cache(maxsize=1)
def _known() -> re.Pattern[str]:
    """A word that is known, behind the article or without."""
    words = "|".join(sorted(tables().arabic, key=lambda word: (-len(word), word)))
    return re.compile(rf"(?<![\u0600-\u06ff])(?:ال)?({words})(?![\u0600-\u06ff])")


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
