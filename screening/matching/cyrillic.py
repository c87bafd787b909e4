"""Names in Cyrillic in Latin letters: as Russian or Ukrainian, as a foreign name put into Cyrillic, and as Korean."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from screening.matching.translit import CYRILLIC_SYSTEMS, each, tables

MOST = 8  # readings of one text in one spelling; beyond it the later syllables keep their commonest reading

CODES = 0x400, 0x4FF  # the first and the last
CYRILLIC = re.compile("[\u0400-\u04ff]")
_LATIN = re.compile("[a-z]")
_WORD = re.compile(r"[^\W\d_]+")
_UKRAINIAN = re.compile("[іїєґ]")
_KOREAN_WORD = re.compile("[\u0400-\u04ff]+|[0-9]+")
_LONGEST_WORD, _LONGEST_SYLLABLE, _MOST_SYLLABLES, _WAYS = 20, 6, 8, 4  # of Korean in Cyrillic


def readings(texts: Sequence[str]) -> list[dict[str, bool]]:
    """The Latin readings of lower-case texts in Cyrillic, likeliest first.

    Each with whether its words are the syllables of a Korean name.
    """
    ukrainian = [_UKRAINIAN.search(text) is not None for text in texts]
    native = _in_latin(texts, ukrainian)
    foreign = _in_latin(each(texts, _brought_back), ukrainian)
    found = [dict.fromkeys(both, False) for both in zip(native, foreign, strict=True)]
    for text, told in zip(texts, found, strict=True):
        for korean in _korean(text):
            told.setdefault(korean, True)
    return found


def _in_latin(texts: Sequence[str], ukrainian: Sequence[bool]) -> Iterator[str]:
    """The texts letter by letter, some of them as Ukrainian."""
    both = {
        state: iter(each([text for text, one in zip(texts, ukrainian, strict=True) if one is state], step))
        for state, step in ((False, _russian), (True, _as_ukrainian))
    }
    return (next(both[one]) for one in ukrainian)


def _russian(text: str) -> str:
    return text.translate(_codes(ukrainian=False))


def _as_ukrainian(text: str) -> str:
    return text.translate(_codes(ukrainian=True))


@lru_cache(maxsize=2)
def _codes(*, ukrainian: bool) -> Mapping[int, str]:
    letters = tables().letters
    return str.maketrans(letters["cyrillic"] | (letters["ukrainian"] if ukrainian else {}))


def _brought_back(text: str) -> str:
    """A foreign name that was put into Cyrillic, back in the letters it came from: 'дж' as j."""
    for sound, letters in tables().letters["cyrillic foreign"].items():
        text = text.replace(sound, letters)
    return text


@lru_cache(maxsize=1 << 16)
def in_latin(word: str) -> str:
    """A lower-case Cyrillic word in its usual Latin letters; any other as it is."""
    if not CYRILLIC.search(word):
        return word
    return _as_ukrainian(word) if _UKRAINIAN.search(word) else _russian(word)


def unmasked(text: str) -> str:
    """A lower-case text whose words mix Latin and Cyrillic letters of one shape, each such word in one script."""
    words = _WORD.findall(text) if CYRILLIC.search(text) and _LATIN.search(text) else []
    if not any(CYRILLIC.search(word) and _LATIN.search(word) for word in words):
        return text
    return _WORD.sub(lambda found: _one_script(found[0]), text)


def _one_script(word: str) -> str:
    alike = tables().letters["lookalike"]
    if all(letter in alike or not CYRILLIC.match(letter) for letter in word):
        return "".join(alike.get(letter, letter) for letter in word)
    back = {latin: letter for letter, latin in reversed(alike.items())}
    if all(letter in back or not _LATIN.match(letter) for letter in word):
        return "".join(back.get(letter, letter) for letter in word)
    return word


# ---------------------------------------------------------------- Korean names in Cyrillic (Kontsevich and press)
@lru_cache(maxsize=4096)
def _korean_syllable(text: str, system: str) -> tuple[str, ...]:
    """What a Cyrillic syllable of Korean may be in a system's spelling; () where it is none."""
    korean = tables().korean[system]
    if text in korean["syllable"]:
        return korean["syllable"][text]
    found: dict[str, None] = {}
    for cut in range(min(3, len(text))):
        first = korean["first"].get(text[:cut])
        for end in range(cut + 1, len(text) + 1) if first else ():
            vowel, last = korean["vowel"].get(text[cut:end]), korean["last"].get(text[end:])
            if first and vowel and last:
                found |= dict.fromkeys(first[0] + vowel[0] + x for x in last)
    return tuple(found)


@lru_cache(maxsize=4096)
def _korean_word(word: str) -> tuple[tuple[str, ...], ...]:
    """The ways in which a Cyrillic word falls into Korean syllables, a consonant rather first than last in one."""
    found: list[tuple[str, ...]] = [(word,)] if _korean_syllable(word, CYRILLIC_SYSTEMS[0]) else []
    for cut in range(1, min(len(word), _LONGEST_SYLLABLE + 1)):
        if _korean_syllable(word[:cut], CYRILLIC_SYSTEMS[0]):
            found += [(word[:cut], *rest) for rest in _korean_word(word[cut:])]
    return tuple(found[:_WAYS])


def _korean(text: str) -> list[str]:
    """The readings of a text whose words are Korean in Cyrillic, each syllable a word; numbers stay as they are."""
    words = _KOREAN_WORD.findall(text)
    if _LATIN.search(text) or max(map(len, words), default=0) > _LONGEST_WORD:
        return []
    split = list[tuple[tuple[str, ...], ...]]()
    for word in words:
        split.append(_korean_word(word) if CYRILLIC.match(word) else ((word,),))
        if not split[-1]:
            return []
    found: dict[str, None] = {}
    for ways in itertools.islice(itertools.product(*split), _WAYS):
        syllables = [syllable for way in ways for syllable in way]
        if not 2 <= len(syllables) <= _MOST_SYLLABLES:
            continue
        for system in CYRILLIC_SYSTEMS:
            spelt = [_korean_syllable(one, system) if CYRILLIC.match(one) else (one,) for one in syllables]
            found |= dict.fromkeys(" ".join(parts) for parts in itertools.islice(itertools.product(*spelt), MOST))
    return list(found)
