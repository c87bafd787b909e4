"""Names in Chinese characters as Korea reads them: each character in Hangul, and that in the spelling of the lists.

The table is rules/translit/hanja.csv: what each character, in its traditional, simplified and other forms, is read as
in Hangul, with the r and n that the North keeps at the beginning of a word. A text with a character that is not in it,
or with kana, is no Korean name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from screening.matching import hangul
from screening.tables import read_table, rules_folder

MOST = 2  # ways of reading the characters of one text; in each way but the likeliest one character has a rarer reading

HAN = re.compile("[\u4e00-\u9fff]")
HAN_CODES = 0x4E00, 0x9FFF  # the first and the last
_STRANGE = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")  # kana, and characters that are left when all are read
# 'Ship', or the sign of a number, as in hangul.
_SHIP_END = re.compile("(?m)(?<=[\u4e00-\u9fff]{2})[号號轮輪]$|(?<=[0-9])[号號]$|(?<=[0-9] )[号號]$")


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """What Korea reads characters as, in Hangul.

    Args:
        likeliest: the commonest reading, by code. rarer: the others.
        surnames: the reading of a surname, where that is another; it begins the text.
    """

    likeliest: dict[int, str]
    rarer: dict[str, tuple[str, ...]]
    surnames: dict[str, str]


@lru_cache(maxsize=4)
def table(folder: Path | None = None) -> Table:
    """The table under a folder of rules, or the one that ships with the package."""
    found = Table({}, {}, {})
    at = (folder or rules_folder()) / "translit" / "hanja.csv"
    for row in read_table(at, ("hanja", "readings", "surname", "forms", "source")):
        likeliest, *rarer = row["readings"].split(";")
        for character in row["hanja"] + row["forms"]:
            found.likeliest[ord(character)] = likeliest
            if rarer:
                found.rarer[character] = tuple(rarer)
            if row["surname"]:
                found.surnames[character] = row["surname"]
    return found


@lru_cache(maxsize=1)
def _ambiguous() -> re.Pattern[str]:
    return re.compile(f"[{''.join(table().rarer)}]")


def in_hangul(texts: Sequence[str]) -> list[list[str]]:
    """Texts with their Chinese characters in Hangul, likeliest first; none where Korean lacks one, or beside kana."""
    whole = _SHIP_END.sub("", "\n".join(texts))
    likeliest = whole.translate(table().likeliest).split("\n")
    return [
        [] if _STRANGE.search(read) else _ways(text, read)[:MOST]
        for text, read in zip(whole.split("\n"), likeliest, strict=True)
    ]


def _ways(text: str, likeliest: str) -> list[str]:
    surname = table().surnames.get(text[:1])
    found = [likeliest] if surname is None else [surname + likeliest[1:], likeliest]
    for one in _ambiguous().finditer(text):
        found += [likeliest[: one.start()] + rarer + likeliest[one.end() :] for rarer in table().rarer[one[0]]]
    return found


def readings(texts: Sequence[str]) -> list[list[str]]:
    """The Latin readings as Korean names of texts in Chinese characters, the words of companies in English already."""
    ways = in_hangul([text.strip().lower() for text in texts])
    spelt = iter(hangul.northern([way for some in ways for way in some]))
    return [list(dict.fromkeys(reading for _ in some for reading in next(spelt))) for some in ways]
