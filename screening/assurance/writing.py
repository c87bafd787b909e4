"""Names written in other ways: without accents, in Cyrillic, in Hangul; from the tables that read those scripts."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from screening.matching import translit
from screening.matching.settings import Settings

_KOREAN_WORDS = (2, 4)
# Latin spellings whose Cyrillic letter the reading table does not tell: it reads several letters into one spelling.
_CYRILLIC = {
    "shch": "щ", "yo": "ё", "kh": "х", "zh": "ж", "ts": "ц", "ch": "ч", "sh": "ш", "yu": "ю", "ya": "я", "ph": "ф",
    "th": "т", "qu": "кв", "ck": "к", "oo": "у", "ee": "и", "ou": "у", "a": "а", "b": "б", "c": "к", "d": "д",
    "e": "е", "f": "ф", "g": "г", "h": "х", "i": "и", "j": "дж", "k": "к", "l": "л", "m": "м", "n": "н", "o": "о",
    "p": "п", "q": "к", "r": "р", "s": "с", "t": "т", "u": "у", "v": "в", "w": "в", "x": "кс", "z": "з",
}  # fmt: skip
_VOWELS = "aeiouy"
_LATIN = re.compile(r"[A-Za-z][A-Za-z .,'-]*")


def without_accents(text: str) -> str:
    """The text with its accents off."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def is_legal(word: str) -> bool:
    """Whether a word is a legal form."""
    return word.lower().replace(".", "").strip(",") in Settings.load().lexicon.legal


def in_cyrillic(text: str) -> str:
    """A Latin name in Cyrillic letters, '' for a text with anything else in it."""
    if not _LATIN.fullmatch(text):
        return ""
    words = [_cyrillic_word(word) for word in re.findall("[a-z]+", text.lower().replace("'", ""))]
    return " ".join(word.capitalize() for word in words)


def _cyrillic_word(word: str) -> str:
    found, at = "", 0
    while at < len(word):
        if word[at] == "y" and word[at : at + 2] not in ("yo", "yu", "ya"):
            found += "й" if at and word[at - 1] in _VOWELS else "ы" if at and at < len(word) - 1 else "и"
            at += 1
            continue
        if word[at] == "c" and word[at + 1 : at + 2] in ("e", "i", "y"):
            found, at = found + "с", at + 1
            continue
        size = next(n for n in (4, 2, 1) if word[at : at + n] in _CYRILLIC)
        found += _CYRILLIC[word[at : at + size]]
        at += size
    return found


def in_hangul(text: str) -> str:
    """A name whose words are all Korean syllables in Hangul, '' for any other."""
    words = re.findall("[a-z]+", text.lower())
    if not _KOREAN_WORDS[0] <= len(words) <= _KOREAN_WORDS[1] or not _LATIN.fullmatch(text):
        return ""
    known = _syllables()
    if not all(word in known for word in words):
        return ""
    surnames = {row[0]: syllable for syllable, row in reversed(translit.tables().surnames.items())}
    return surnames.get(words[0], known[words[0]]) + "".join(known[word] for word in words[1:])


@lru_cache(maxsize=1)
def _syllables() -> dict[str, str]:
    """Latin spellings in the lists' system to syllables."""
    spelling = translit.tables().jamo["lists"]
    found: dict[str, str] = {}
    for code in range(0xAC00, 0xD7A4):
        place = code - 0xAC00
        spelt = spelling["first"][place // 588] + spelling["vowel"][place % 588 // 28] + spelling["last"][place % 28]
        found.setdefault(spelt, chr(code))
    return found
