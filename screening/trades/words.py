"""The words of trade files, from rules/columns.yaml: names of columns, units in them, yes and no, months."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from screening.errors import RulePackError
from screening.model import COLUMNS
from screening.tables import read_yaml, rules_folder


def fold(name: str) -> str:
    """A name without case, spaces and punctuation, so that "B/L Date" and "bl_date" are one."""
    folded = unicodedata.normalize("NFKC", name).casefold().replace("ё", "е")
    return "".join(filter(str.isalnum, folded))


@dataclass(frozen=True, slots=True)
class Words:
    """What is written in rules/columns.yaml, every word folded.

    Args:
        exact: our own column names. synonyms: other names, each with the columns it may stand for, best first.
        units: spellings of units. hints: orders of day and month. answers: words for yes and no. months: 1 to 12.
    """

    exact: Mapping[str, str]
    synonyms: Mapping[str, tuple[str, ...]]
    units: Mapping[str, str]
    hints: Mapping[str, str]
    answers: Mapping[str, str]
    months: Mapping[str, int]


@cache
def load_words(folder: Path | None = None) -> Words:
    """The words of columns.yaml in a folder, the shipped rules where none is given.

    Raises:
        RulePackError: the file lacks a section, names a column that is none of ours, or gives a word two meanings.
    """
    path = (folder or rules_folder()) / "columns.yaml"
    read = read_yaml(path)
    sections = ("columns", "header_units", "date_hints", "answers", "months")
    if not isinstance(read, dict) or (missing := [s for s in sections if not isinstance(read.get(s), dict)]):
        lacking = missing[0] if isinstance(read, dict) else sections[0]
        raise RulePackError(f"lacks the section {lacking!r}", at=path)
    if strange := [column for column in read["columns"] if column not in COLUMNS]:
        raise RulePackError(f"names {strange[0]!r}, which is no column of a trade record", at=path)
    synonyms: dict[str, tuple[str, ...]] = {}
    for column in COLUMNS:
        for word in read["columns"].get(column, ()):
            if column not in synonyms.get(fold(word), ()):
                synonyms[fold(word)] = (*synonyms.get(fold(word), ()), column)
    return Words(
        {fold(column): column for column in COLUMNS},
        synonyms,
        _reversed(read["header_units"], path),
        _reversed(read["date_hints"], path),
        _reversed(read["answers"], path),
        {word: int(number) for word, number in _reversed(read["months"], path).items()},
    )


def _reversed(section: Mapping[str, list[str]], path: Path) -> dict[str, str]:
    meaning: dict[str, str] = {}
    for means, words in section.items():
        for word in words:
            if meaning.setdefault(fold(word) or word, means) != means:
                raise RulePackError(f"gives {word!r} two meanings, {meaning[fold(word)]!r} and {means!r}", at=path)
    return meaning
