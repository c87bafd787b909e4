"""What a name in another script may be read as in Latin letters, in the spellings that lists and trade papers use.

The tables are in rules/translit/: letters.csv (Cyrillic, Arabic), jamo.csv and surnames.csv (Hangul in the spelling of
the lists, of the DPRK, in McCune-Reischauer and in the South's revised romanisation), kontsevich.csv (Korean in
Cyrillic).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from screening.tables import read_table, rules_folder

MOST = 8  # readings of one text in one spelling; beyond it the later syllables keep their commonest reading

HANGUL = re.compile("[\uac00-\ud7a3]")
CYRILLIC = re.compile("[\u0400-\u04ff]")
ARABIC = re.compile("[\u0600-\u06ff]")
HANGUL_CODES = 0xAC00, 0xD7A3
SPELT = HANGUL_CODES, (0x400, 0x4FF), (0x600, 0x6FF)  # the first and the last code of each of them
_ALONE = re.compile("(?<![\uac00-\ud7a3])[\uac00-\ud7a3](?![\uac00-\ud7a3])")
_RUNS = re.compile("([\uac00-\ud7a3]+)")
_FIRST_SYLLABLE = re.compile("(?<![\uac00-\ud7a3])[\uac00-\ud7a3]")
_SHIP_END = re.compile("(?<=[\uac00-\ud7a3]{3})호$|(?<=[0-9])호$|(?<=[0-9] )호$")  # 'ship', or the sign of a number
_N, _R, _SILENT, _FINAL_N = 2, 5, 11, 4  # places of jamo in Unicode's order
_Y_VOWELS = (2, 3, 6, 7, 12, 17, 20)  # ya, yae, yo, ye, yo, yu, i
_LATIN = re.compile("[a-z]")
_WORD = re.compile(r"[^\W\d_]+")
_UKRAINIAN = re.compile("[іїєґ]")
_ARTICLE = re.compile(r"(?<![\u0600-\u06ff])ال(?=[\u0600-\u06ff]{2})")
_SYSTEMS = ("lists", "dprk", "mccune", "revised", "older")
_CYRILLIC_SYSTEMS = ("usual", "plain", "dprk", "older")
_CYRILLIC_WORD = re.compile("[\u0400-\u04ff]+|[0-9]+")
_LONGEST_WORD, _LONGEST_SYLLABLE, _MOST_SYLLABLES, _WAYS = 20, 6, 8, 4  # of Korean in Cyrillic
_VOICED = {"k": "g", "t": "d", "p": "b", "ch": "j", "j": "j"}


@dataclass(frozen=True, slots=True, eq=False)
class Tables:
    """The tables of rules/translit/.

    Args:
        letters: by script. jamo: by system the initials, vowels and finals in Unicode's order.
        surnames: the Latin spelling of surname syllables in the DPRK's and the South's use.
        korean: by system the parts of Korean syllables in Cyrillic, and syllables of their own reading.
        meanings: Chinese and Korean words of companies' names, in English.
    """

    letters: dict[str, dict[str, str]]
    jamo: dict[str, dict[str, list[str]]]
    surnames: dict[str, tuple[str, str]]
    korean: dict[str, dict[str, dict[str, tuple[str, ...]]]]
    meanings: dict[str, str]


@lru_cache(maxsize=4)
def tables(folder: Path | None = None) -> Tables:
    """The tables under a folder of rules, or those that ship with the package."""
    at = (folder or rules_folder()) / "translit"
    letters: dict[str, dict[str, str]] = {}
    for row in read_table(at / "letters.csv", ("script", "letter", "latin", "source")):
        letters.setdefault(row["script"], {})[row["letter"]] = row["latin"]
    jamo: dict[str, dict[str, list[str]]] = {system: {} for system in _SYSTEMS}
    for row in read_table(at / "jamo.csv", ("part", "jamo", *_SYSTEMS)):
        for system in _SYSTEMS:
            jamo[system].setdefault(row["part"], []).append(row[system])
    surnames = {row["syllable"]: (row["dprk"], row["revised"])
                for row in read_table(at / "surnames.csv", ("syllable", "dprk", "revised"))}  # fmt: skip
    korean: dict[str, dict[str, dict[str, tuple[str, ...]]]] = {system: {} for system in _CYRILLIC_SYSTEMS}
    for row in read_table(at / "kontsevich.csv", ("part", "cyrillic", *_CYRILLIC_SYSTEMS)):
        for system in _CYRILLIC_SYSTEMS:
            korean[system].setdefault(row["part"], {})[row["cyrillic"]] = tuple(row[system].split(";"))
    meanings = {row["word"]: row["means"] for row in read_table(at / "meanings.csv", ("word", "means", "source"))}
    return Tables(letters, jamo, surnames, korean, meanings)


def readings(text: str) -> dict[str, bool]:
    """The Latin readings of a lower-case text in Hangul, Cyrillic or Arabic, likeliest first; none for other scripts.

    Each with whether its words are the syllables of a Korean name.
    """
    if HANGUL.search(text):
        return dict.fromkeys(_hangul(text), True)
    if ARABIC.search(text):
        usual = _arabic(text)
        foreign = usual.replace("i", "e").replace("u", "o")
        return dict.fromkeys((usual, foreign, foreign.replace("b", "p")), False)
    if CYRILLIC.search(text):
        plain = dict.fromkeys((_cyrillic(text), _foreign(text)), False)
        return plain | {korean: True for korean in _korean_in_cyrillic(text) if korean not in plain}
    return {}


def translated(text: str) -> str:
    """The text with the Chinese and Korean words of companies' names in English, longest first."""
    return _meanings().sub(lambda found: f" {tables().meanings[found[0]]} ", text)


@lru_cache(maxsize=1)
def _meanings() -> re.Pattern[str]:
    return re.compile("|".join(sorted(tables().meanings, key=lambda word: (-len(word), word))))


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


def _cyrillic(text: str) -> str:
    letters = tables().letters
    table = letters["cyrillic"] | (letters["ukrainian"] if _UKRAINIAN.search(text) else {})
    return "".join(table.get(letter, letter) for letter in text)


@lru_cache(maxsize=1 << 16)
def in_latin(word: str) -> str:
    """A lower-case Cyrillic word in its usual Latin letters; any other as it is."""
    return _cyrillic(word) if CYRILLIC.search(word) else word


def _foreign(text: str) -> str:
    """A foreign name that was put into Cyrillic, back in the letters it came from: 'дж' as j."""
    for sound, letters in tables().letters["cyrillic foreign"].items():
        text = text.replace(sound, letters)
    return _cyrillic(text)


def _arabic(text: str) -> str:
    """Long vowels as vowels; short vowels are not written and are left to the skeleton."""
    return " ".join(map(_arabic_word, _ARTICLE.sub("ال ", text).split()))


@lru_cache(maxsize=1 << 16)
def _arabic_word(word: str) -> str:
    table, first = tables().letters["arabic"], tables().letters["arabic first"]
    letters = [table.get(letter, letter) for letter in word if not 0x64B <= ord(letter) <= 0x65F]
    return "".join([first.get(word[0], letters[0]), *letters[1:]]) if letters else ""


# ---------------------------------------------------------------- Hangul
@lru_cache(maxsize=1 << 16)
def _parts(syllable: str, system: str) -> tuple[str, str, str]:
    code = ord(syllable) - 0xAC00
    spelling = tables().jamo[system]
    return spelling["first"][code // 588], spelling["vowel"][code % 588 // 28], spelling["last"][code % 28]


def _hangul(text: str) -> list[str]:
    found = _in_hangul(text)
    if (other := _SHIP_END.sub("", text)) != text:
        found += _in_hangul(other)
    if (other := translated(text)) != text:
        found += _in_hangul(other)
        if HANGUL.search(other):  # no word of it is the first: 대성 of 조선대성은행 is spoken daesong
            found.append(_written(other, _Places(None, []), "lists", True, None))
    return found


def _in_hangul(text: str) -> list[str]:
    ways: list[tuple[str, bool, int | None]] = [
        ("lists", False, 0),
        ("lists", True, 0),
        ("dprk", False, 0),
        ("mccune", False, 0),
        ("revised", False, 1),
        ("dprk", False, None),  # a ship or company may begin with what is a surname elsewhere
        ("older", False, None),
    ]
    syllable = HANGUL.search(text)
    at = _Places(syllable.start() if syllable else 0, [found.start() for found in _ALONE.finditer(text)])
    found = [_written(text, at, *way) for way in ways] + [_by_sound(text)]
    for other in dict.fromkeys((*_northern(text), _southern(text))):
        if other != text:
            found += [_written(other, at, system, False, None) for system in ("lists", "dprk")] + [_by_sound(other)]
    return found


def _northern(text: str) -> list[str]:
    """A text in the South's spelling in the North's, which keeps every r: 나남 is 라남, 은율 은률, 최용해 최룡해."""
    pieces = [_northern_run(piece) if HANGUL.match(piece) else (piece,) * 3 for piece in _RUNS.split(text)]
    return ["".join(way) for way in zip(*pieces, strict=True)]


@lru_cache(maxsize=1 << 16)
def _northern_run(run: str) -> tuple[str, str, str]:
    """The same of one run of Hangul: as a word of its own, as a surname with a given name, and both at once."""
    first, given = list(run), list(run)
    for place, syllable in enumerate(run):
        before = (ord(run[place - 1]) - 0xAC00) % 28 if place else 0
        if (_softened(syllable) and not place) or (syllable in "열율" and place and before in (0, _FINAL_N)):
            first[place] = _hardened(syllable)
        if _softened(syllable) and place == 1:
            given[place] = _hardened(syllable)
    both = [b if b != a else c for a, b, c in zip(run, first, given, strict=True)]
    return "".join(first), "".join(given), "".join(both)


def _softened(syllable: str) -> bool:
    """The South may have dropped or changed an r that began this syllable."""
    first, vowel = divmod(ord(syllable) - 0xAC00, 588)
    return first == _N or (first == _SILENT and vowel // 28 in _Y_VOWELS)


def _hardened(syllable: str) -> str:
    return chr(0xAC00 + _R * 588 + (ord(syllable) - 0xAC00) % 588)


def _southern(text: str) -> str:
    """A text in the North's spelling in the South's, which drops an r that begins a word or writes n for it."""

    def softened(found: re.Match[str]) -> str:
        code = ord(found[0]) - 0xAC00
        if code // 588 != _R:
            return found[0]
        return chr(ord(found[0]) + ((_SILENT if code % 588 // 28 in _Y_VOWELS else _N) - _R) * 588)

    return _FIRST_SYLLABLE.sub(softened, text)


class _Syllables(dict[str, str]):
    """How each letter is written in a system's spelling, Hangul as a word; worked out when it is first met."""

    def __init__(self, system: str, voiced: bool) -> None:
        super().__init__()
        self.system, self.voiced = system, voiced

    def __missing__(self, letter: str) -> str:
        found = letter
        if HANGUL.match(letter):
            start, *rest = _parts(letter, self.system)
            found = " ".join(["", "".join([_VOICED.get(start, start) if self.voiced else start, *rest]), ""])
        self[letter] = found
        return found


_SYLLABLES = {(system, voiced): _Syllables(system, voiced) for system in _SYSTEMS for voiced in (False, True)}


class _Places(NamedTuple):
    """Where a text has the first syllable of Hangul, which is not voiced, and those that stand alone."""

    first: int | None
    alone: list[int]


def _written(text: str, at: _Places, system: str, voiced: bool, surname: int | None) -> str:
    """Each syllable a word; those that stand alone, else the first, are taken for surnames.

    Args:
        surname: whose spelling of surnames, the DPRK's or the South's; None where only what stands alone is one.
    """
    parts = list(map(_SYLLABLES[system, voiced].__getitem__, text))
    if voiced and at.first is not None:
        parts[at.first] = _SYLLABLES[system, False][text[at.first]]
    for place in at.alone or ([] if surname is None or at.first is None else [at.first]):
        if known := tables().surnames.get(text[place]):
            parts[place] = f" {known[surname or 0]} "
    return " ".join("".join(parts).split())


class _Spelling(dict[int, str]):
    """How each code is written in the spelling of the lists, for all of a text at once."""

    def __init__(self, voiced: bool) -> None:
        super().__init__()
        self.voiced = voiced

    def __missing__(self, code: int) -> str:
        found = self[code] = _SYLLABLES["lists", self.voiced][chr(code)]
        return found


_PLAIN, _INNER = _Spelling(False), _Spelling(True)


def northern(texts: Sequence[str]) -> list[list[str]]:
    """The few readings of texts in Hangul that are sure to keep the North's r, in the spelling of the lists.

    Beside words of companies in Latin letters also as one word: tanchon commercial bank, korea daesong bank.
    """
    if not texts:
        return []
    plain, inner = ("\n".join(texts).translate(table).split("\n") for table in (_PLAIN, _INNER))
    return [
        [" ".join(reading.split()) for reading in (one, *more)]
        for text, one, voiced in zip(texts, plain, inner, strict=True)
        for more in [(_by_sound(text), voiced) if _LATIN.search(text) else (_first_plain(text),)]
    ]


def _first_plain(text: str) -> str:
    """The text with all but its first letter voiced."""
    return text[:1].translate(_PLAIN) + text[1:].translate(_INNER)


def _by_sound(text: str) -> str:
    """Each word as one, spelt by sound over the borders of its syllables, as in Amnokgang for 압록강."""
    pieces = [f" {_run_by_sound(piece)} " if HANGUL.match(piece) else piece for piece in _RUNS.split(text)]
    return " ".join("".join(pieces).split())


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
    found: list[tuple[str, ...]] = [(word,)] if _korean_syllable(word, _CYRILLIC_SYSTEMS[0]) else []
    for cut in range(1, min(len(word), _LONGEST_SYLLABLE + 1)):
        if _korean_syllable(word[:cut], _CYRILLIC_SYSTEMS[0]):
            found += [(word[:cut], *rest) for rest in _korean_word(word[cut:])]
    return tuple(found[:_WAYS])


def _korean_in_cyrillic(text: str) -> list[str]:
    """The readings of a text whose words are Korean in Cyrillic, each syllable a word; numbers stay as they are."""
    words = _CYRILLIC_WORD.findall(text)
    if _LATIN.search(text) or max(map(len, words), default=0) > _LONGEST_WORD:
        return []
    split = [_korean_word(word) if CYRILLIC.match(word) else ((word,),) for word in words]
    if not all(split):
        return []
    found: dict[str, None] = {}
    for ways in itertools.islice(itertools.product(*split), _WAYS):
        syllables = [syllable for way in ways for syllable in way]
        if not 2 <= len(syllables) <= _MOST_SYLLABLES:
            continue
        for system in _CYRILLIC_SYSTEMS:
            spelt = [_korean_syllable(one, system) if CYRILLIC.match(one) else (one,) for one in syllables]
            found |= dict.fromkeys(" ".join(parts) for parts in itertools.islice(itertools.product(*spelt), MOST))
    return list(found)
