"""Names in Hangul in Latin letters, in the spellings that are in use, as the North and as the South writes them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from screening.matching.translit import each, tables, translated

CODES = 0xAC00, 0xD7A3  # the first and the last
HANGUL = re.compile("[\uac00-\ud7a3]")
_ALONE = re.compile("(?<![\uac00-\ud7a3])[\uac00-\ud7a3](?![\uac00-\ud7a3])")
_RUNS = re.compile("([\uac00-\ud7a3]+)")
_FIRST_SYLLABLE = re.compile("(?<![\uac00-\ud7a3])[\uac00-\ud7a3]")
# 'Ship', or the sign of a number.
_SHIP_END = re.compile("(?m)(?<=[\uac00-\ud7a3]{3})호$|(?<=[0-9])호$|(?<=[0-9] )호$")
# What is said to somebody behind the name, as 'Mr' is before it, and what says before it who is meant.
_ADDRESSED = re.compile(
    "(?m)(?<=[\uac00-\ud7a3]{2}) *(?:귀하|귀중|(?:사장|회장|대표|이사|부장|선생|선장)님?|님|씨)$|"
    "^(?:대표이사|대표|사장|회장|선장|수취인|송금인|수하인|송하인) +(?=[\uac00-\ud7a3])"
)
_N, _R, _SILENT, _FINAL_N = 2, 5, 11, 4  # places of jamo in Unicode's order
_Y_VOWELS = (2, 3, 6, 7, 12, 17, 20)  # ya, yae, yo, ye, yo, yu, i
_MOST_APART = 3  # ways in which one word falls into syllables
_LATIN = re.compile("[a-z]")
_VOICED = {"k": "g", "t": "d", "p": "b", "ch": "j", "j": "j"}
# How far on a syllable stands that is taken for a surname, that is the first of its text, which is not voiced, or both.
_SURNAME, _FIRST, _FIRST_SURNAME = 0xF0000, 0xF4000, 0xF8000


class _Way(NamedTuple):
    """A way of spelling: each syllable a word, those that are taken for surnames in the DPRK's or the South's spelling.

    Args:
        south: which of both. first: where no syllable stands alone, the first of a text is taken for a surname.
    """

    system: str
    voiced: bool = False
    south: bool = False
    first: bool = False


_WAYS = (
    _Way("lists", first=True),
    _Way("lists", voiced=True, first=True),
    _Way("dprk", first=True),
    _Way("mccune", first=True),
    _Way("revised", south=True, first=True),
    _Way("dprk"),  # a ship or company may begin with what is a surname elsewhere
    _Way("older"),
)
_OTHERWISE = (_Way("lists"), _Way("dprk"))  # of what the North or the South would write


def readings(texts: Sequence[str]) -> list[dict[str, bool]]:
    """The Latin readings of lower-case texts with Hangul, likeliest first; all are of syllables."""
    docked = each(texts, lambda whole: _SHIP_END.sub("", _ADDRESSED.sub("", whole)))
    english = each(texts, translated)
    found = list(map(list, _spelt(texts)))
    for other in (docked, english):
        at = [place for place, text in enumerate(texts) if other[place] != text]
        for place, told in zip(at, _spelt([other[place] for place in at]), strict=True):
            found[place] += told
    # No word of what is left in Hangul is the first: 대성 of 조선대성은행 is spoken daesong.
    at = [place for place, text in enumerate(texts) if english[place] != text and HANGUL.search(english[place])]
    for place, more in zip(at, _written([english[place] for place in at], _Way("lists", voiced=True)), strict=True):
        found[place].append(more)
    return [dict.fromkeys(told, True) for told in found]


def _spelt(texts: Sequence[str]) -> list[list[str]]:
    """The readings of texts as they stand, then as the North or the South would write them."""
    named, alone = [_marked(text, first=True) for text in texts], [_marked(text, first=False) for text in texts]
    columns = [_written(named if way.first else alone, way) for way in _WAYS] + [each(texts, _by_sound)]
    found = list(map(list, zip(*columns, strict=True)))
    others = [[one for one in dict.fromkeys((*_northern(text), _southern(text))) if one != text] for text in texts]
    flat = [other for some in others for other in some]
    spelt = [_marked(other, first=False, like=text) for text, some in zip(texts, others, strict=True) for other in some]
    columns = [*(_written(spelt, way) for way in _OTHERWISE), each(flat, _by_sound)]
    more = zip(*columns, strict=True)
    for told, some in zip(found, others, strict=True):
        for three in itertools.islice(more, len(some)):
            told += three
    return found


def _marked(text: str, *, first: bool, like: str = "") -> str:
    """The text with its first syllable and those that are taken for surnames marked: what stands alone.

    Args:
        first: where nothing stands alone, the first is taken for one. like: the text that tells where these are.
    """
    where = like or text
    begins = HANGUL.search(where)
    if not begins:
        return text
    letters, start = list(text), begins.start()
    alone = [found.start() for found in _ALONE.finditer(where)]
    for place in alone or ([start] if first else []):
        letters[place] = chr(ord(letters[place]) + _SURNAME)
    letters[start] = chr(ord(letters[start]) + (_FIRST_SURNAME - _SURNAME if letters[start] > "\uffff" else _FIRST))
    return "".join(letters)


def _northern(text: str) -> list[str]:
    """A text in the South's spelling in the North's, which keeps every r: 나남 is 라남, 은율 은률, 최용해 최룡해."""
    pieces = [_northern_run(piece) if HANGUL.match(piece) else (piece,) * 3 for piece in _RUNS.split(text)]
    return ["".join(way) for way in zip(*pieces, strict=True)]


@lru_cache(maxsize=1 << 16)
def _northern_run(run: str) -> tuple[str, str, str]:
    """The same of one run of Hangul: as a word of its own, as a surname with a given name, and both at once."""
    first, given = list(run), list(run)
    for place, syllable in enumerate(run):
        before = (ord(run[place - 1]) - CODES[0]) % 28 if place else 0
        if (_softened(syllable) and not place) or (syllable in "열율" and place and before in (0, _FINAL_N)):
            first[place] = _hardened(syllable)
        if _softened(syllable) and place == 1:
            given[place] = _hardened(syllable)
    both = [b if b != a else c for a, b, c in zip(run, first, given, strict=True)]
    return "".join(first), "".join(given), "".join(both)


def _softened(syllable: str) -> bool:
    """The South may have dropped or changed an r that began this syllable."""
    first, vowel = divmod(ord(syllable) - CODES[0], 588)
    return first == _N or (first == _SILENT and vowel // 28 in _Y_VOWELS)


def _hardened(syllable: str) -> str:
    return chr(CODES[0] + _R * 588 + (ord(syllable) - CODES[0]) % 588)


def _southern(text: str) -> str:
    """A text in the North's spelling in the South's, which drops an r that begins a word or writes n for it."""

    def softened(found: re.Match[str]) -> str:
        code = ord(found[0]) - CODES[0]
        if code // 588 != _R:
            return found[0]
        return chr(ord(found[0]) + ((_SILENT if code % 588 // 28 in _Y_VOWELS else _N) - _R) * 588)

    return _FIRST_SYLLABLE.sub(softened, text)


class _Spelling(dict[int, str]):
    """How each code is written in a way of spelling, Hangul as a word; worked out when it is first met."""

    def __init__(self, way: _Way) -> None:
        super().__init__()
        self.way = way

    def __missing__(self, code: int) -> str:
        shift = next((by for by in (_FIRST_SURNAME, _FIRST, _SURNAME) if by + CODES[0] <= code <= by + CODES[1]), 0)
        found, letter = chr(code), chr(code - shift)
        if HANGUL.match(letter):
            known = tables().surnames.get(letter) if shift in (_SURNAME, _FIRST_SURNAME) else None
            found = f" {known[self.way.south] if known else self._syllable(letter, shift)} "
        self[code] = found
        return found

    def _syllable(self, letter: str, shift: int) -> str:
        start, *rest = _parts(letter, self.way.system)
        voiced = self.way.voiced and shift not in (_FIRST, _FIRST_SURNAME)
        return "".join([_VOICED.get(start, start) if voiced else start, *rest])


@lru_cache(maxsize=1 << 16)
def _parts(syllable: str, system: str) -> tuple[str, str, str]:
    code = ord(syllable) - CODES[0]
    spelling = tables().jamo[system]
    return spelling["first"][code // 588], spelling["vowel"][code % 588 // 28], spelling["last"][code % 28]


_spelling = lru_cache(_Spelling)


def _written(texts: Sequence[str], way: _Way) -> list[str]:
    """Marked texts in this way of spelling, with blanks around each syllable."""
    return each(texts, lambda whole: whole.translate(_spelling(way)))


def apart(word: str) -> list[str]:
    """A word in small Latin letters as the name of a Korean, whose surname and two syllables it may be: 'kimjongun'."""
    found = list[str]()
    if not word.startswith(_surnames()):
        return found
    for surname in _surnames():
        rest = word.removeprefix(surname)
        for cut in range(1, len(rest)) if rest != word else ():
            if is_syllable(rest[:cut]) and is_syllable(rest[cut:]):
                found.append(f"{surname} {rest[:cut]} {rest[cut:]}")
    return found[:_MOST_APART]


@lru_cache(maxsize=1)
def _surnames() -> tuple[str, ...]:
    """Surnames in the DPRK's and the South's spelling, the longest first."""
    every = {spelt for both in tables().surnames.values() for spelt in both}
    return tuple(sorted(every, key=lambda spelt: (-len(spelt), spelt)))


def is_syllable(word: str) -> bool:
    """A word in Latin letters that may be one Korean syllable, or a number."""
    return word.isdigit() or _syllable().fullmatch(word) is not None


@lru_cache(maxsize=1)
def _syllable() -> re.Pattern[str]:
    systems = tables().jamo.values()
    parts = ({spelt for system in systems for spelt in system[part]} for part in ("first", "vowel", "last"))
    return re.compile("".join(f"(?:{'|'.join(sorted(part, key=len, reverse=True))})" for part in parts))


def northern(texts: Sequence[str]) -> list[list[str]]:
    """The few readings of texts in Hangul that are sure to keep the North's r, in the spelling of the lists.

    Beside words of companies in Latin letters also as one word: tanchon commercial bank, korea daesong bank.
    """
    plain, voiced = (_written(texts, _Way("lists", voiced=voiced)) for voiced in (False, True))
    sound, named = each(texts, _by_sound), _written([_first_marked(text) for text in texts], _Way("lists", voiced=True))
    return [
        [one, heard, inner] if _LATIN.search(text) else [one, first]
        for text, one, heard, inner, first in zip(texts, plain, sound, voiced, named, strict=True)
    ]


def _first_marked(text: str) -> str:
    """The text with its first letter not voiced, if that is a syllable."""
    return chr(ord(text[0]) + _FIRST) + text[1:] if HANGUL.match(text) else text


def _by_sound(whole: str) -> str:
    """Each word as one, spelt by sound over the borders of its syllables, as in Amnokgang for 압록강."""
    return _RUNS.sub(lambda run: f" {_run_by_sound(run[0])} ", whole)


@lru_cache(maxsize=1 << 16)
def _run_by_sound(run: str) -> str:
    syllables = [list(_parts(letter, "lists")) for letter in run]
    for left, right in itertools.pairwise(syllables):
        _assimilate(left, right)
    return "".join("".join(parts) for parts in syllables)


def _assimilate(left: list[str], right: list[str]) -> None:
    """Changes a final and the initial after it as speech does."""
    if right[0] in ("n", "m", "r") and left[2] in ("k", "p", "t"):
        left[2] = {"k": "ng", "p": "m", "t": "n"}[left[2]]
    if right[0] == "r" and left[2] in ("ng", "m"):
        right[0] = "n"
    if (left[2], right[0]) in (("l", "n"), ("n", "l"), ("n", "r"), ("l", "r")):
        left[2] = right[0] = "l"
    if left[2] == "l" and right[0] == "":
        left[2] = "r"
    if right[0] in _VOICED and left[2] in ("", "n", "m", "ng", "l"):
        right[0] = _VOICED[right[0]]
