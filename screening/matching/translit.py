"""The tables of rules/translit/, by which names in other scripts are read in Latin letters.

letters.csv (Cyrillic, Arabic), jamo.csv and surnames.csv (Hangul in the spelling of the lists, of the DPRK, in
McCune-Reischauer and in the South's revised romanisation), kontsevich.csv (Korean in Cyrillic), meanings.csv, and
arabic.csv (words of which Arabic letters do not tell the vowels).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from screening.tables import read_table, rules_folder

SYSTEMS = ("lists", "dprk", "mccune", "revised", "older")  # spellings of Korean
CYRILLIC_SYSTEMS = ("usual", "plain", "dprk", "older")  # and of Korean that is written in Cyrillic


@dataclass(frozen=True, slots=True, eq=False)
class Tables:
    """The tables of rules/translit/.

    Args:
        letters: by script. jamo: by system the initials, vowels and finals in Unicode's order.
        surnames: the Latin spelling of surname syllables in the DPRK's and the South's use.
        korean: by system the parts of Korean syllables in Cyrillic, and syllables of their own reading.
        meanings: Chinese and Korean words of companies' names, in English.
        arabic: words in Arabic letters of one shape (see arabic.py), as Latin letters spell or English says them.
    """

    letters: dict[str, dict[str, str]]
    jamo: dict[str, dict[str, list[str]]]
    surnames: dict[str, tuple[str, str]]
    korean: dict[str, dict[str, dict[str, tuple[str, ...]]]]
    meanings: dict[str, str]
    arabic: dict[str, str]


@lru_cache(maxsize=4)
def tables(folder: Path | None = None) -> Tables:
    """The tables under a folder of rules, or those that ship with the package."""
    at = (folder or rules_folder()) / "translit"
    letters: dict[str, dict[str, str]] = {}
    for row in read_table(at / "letters.csv", ("script", "letter", "latin", "source")):
        letters.setdefault(row["script"], {})[row["letter"]] = row["latin"]
    jamo: dict[str, dict[str, list[str]]] = {system: {} for system in SYSTEMS}
    for row in read_table(at / "jamo.csv", ("part", "jamo", *SYSTEMS)):
        for system in SYSTEMS:
            jamo[system].setdefault(row["part"], []).append(row[system])
    surnames = {row["syllable"]: (row["dprk"], row["revised"])
                for row in read_table(at / "surnames.csv", ("syllable", "dprk", "revised"))}  # fmt: skip
    korean: dict[str, dict[str, dict[str, tuple[str, ...]]]] = {system: {} for system in CYRILLIC_SYSTEMS}
    for row in read_table(at / "kontsevich.csv", ("part", "cyrillic", *CYRILLIC_SYSTEMS)):
        for system in CYRILLIC_SYSTEMS:
            korean[system].setdefault(row["part"], {})[row["cyrillic"]] = tuple(row[system].split(";"))
    meanings = {row["word"]: row["means"] for row in read_table(at / "meanings.csv", ("word", "means", "source"))}
    arabic = {row["word"]: row["latin"] for row in read_table(at / "arabic.csv", ("word", "latin", "source"))}
    return Tables(letters, jamo, surnames, korean, meanings, arabic)


def each(texts: Sequence[str], step: Callable[[str], str]) -> list[str]:
    """A step that changes no end of a line, of all texts as one: it costs their length and not their number."""
    return step("\n".join(texts)).split("\n") if texts else []


def translated(text: str) -> str:
    """The text with the Chinese and Korean words of companies' names in English, longest first."""
    return _meanings().sub(lambda found: f" {tables().meanings[found[0]]} ", text)


@lru_cache(maxsize=1)
def _meanings() -> re.Pattern[str]:
    return re.compile("|".join(sorted(tables().meanings, key=lambda word: (-len(word), word))))
