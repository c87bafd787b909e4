"""The cut-offs and weights of rules/matching.yaml and the words of rules/words.csv, read once and checked."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from screening.errors import RulePackError
from screening.model import Kind
from screening.tables import read_table, read_yaml, rules_folder

WORD_CLASSES = (
    *("legal", "stop", "title", "ship", "trade", "place", "seat", "town", "counter", "label", "role", "spelling"),
    "number",
)


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """What is known of words before any list is read, all in lower-case ASCII.

    Args:
        legal: legal forms and their one spelling; `phrases` those of several words, and numbers in words.
        counter: words beside a ship's number that only say that it is one: no, ho.
        label: what stands before a number that is no part of a name, as a telephone's; in any letters.
        role: what stands before a name and says who the party is, as 'consignee'.
        seat: places that end the name of a body and are no part of it, as Pyongyang behind a ministry's.
        town: towns and states that stand behind a name and are no part of it, as in 'Korvex LLC Moscow Russia'.
        spelling: respellings of one name; `meanings` these and the other words with more than one spelling.
    """

    legal: dict[str, str]
    phrases: tuple[tuple[str, str], ...]
    stop: dict[str, str]
    title: dict[str, str]
    ship: frozenset[str]
    trade: dict[str, str]
    place: dict[str, str]
    spelling: dict[str, str]
    meanings: dict[str, str]
    seat: frozenset[str] = frozenset()
    town: frozenset[str] = frozenset()
    counter: frozenset[str] = frozenset()
    label: frozenset[str] = frozenset()
    role: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a name's verdict depends on besides the name and the lists."""

    figures: dict[str, float]
    lexicon: Lexicon
    digest: str

    def __getitem__(self, name: str) -> float:
        return self.figures[name]

    def by_kind(self, name: str) -> dict[str, float]:
        """The figure for each kind of entry; aircraft and other are judged as organisations."""
        usual = self.figures[f"{name}.organisation"]
        return {kind.value: self.figures.get(f"{name}.{kind.value}", usual) for kind in Kind}

    @property
    def fields(self) -> frozenset[int]:
        """The lengths of texts that fill a usual field, or all but the blank at its end."""
        widths = [int(value) for name, value in self.figures.items() if name.startswith("cut.field")]
        return frozenset(length for width in widths for length in (width, width - 1))

    @staticmethod
    def load(folder: Path | None = None) -> Settings:
        """The settings under `folder`, or those that ship with the package.

        Raises:
            RulePackError: a figure has no number or no reason, or a word has a class that is not known.
        """
        return _load(folder or rules_folder())


@lru_cache(maxsize=8)
def _load(folder: Path) -> Settings:
    at, words = folder / "matching.yaml", folder / "words.csv"
    figures = _figures(read_yaml(at), at)
    read = [at, words, *sorted((folder / "translit").glob("*.csv"))]
    digest = hashlib.sha256(b"\0".join(path.read_bytes() for path in read)).hexdigest()
    return Settings(figures, _lexicon(words), digest)


def _figures(tree: object, at: Path, prefix: str = "") -> dict[str, float]:
    if not isinstance(tree, dict):
        raise RulePackError("every figure is a mapping with `value` and `reason`", at=at)
    found: dict[str, float] = {}
    for name, below in tree.items():
        if isinstance(below, dict) and "value" in below:
            if not below.get("reason"):
                raise RulePackError(f"{prefix}{name} lacks its `reason`", at=at)
            try:
                found[prefix + name] = float(below["value"])
            except (TypeError, ValueError) as error:
                raise RulePackError(f"{prefix}{name} is no number: {below['value']!r}", at=at) from error
        else:
            found |= _figures(below, at, f"{prefix}{name}.")
    return found


def _lexicon(path: Path) -> Lexicon:
    tables: dict[str, dict[str, str]] = {name: {} for name in WORD_CLASSES}
    for number, row in enumerate(read_table(path, ("word", "class", "means", "language", "source")), 2):
        if row["class"] not in tables:
            raise RulePackError(f"unknown class {row['class']!r}; use {', '.join(WORD_CLASSES)}", at=f"{path}:{number}")
        tables[row["class"]][row["word"]] = row["means"] or row["word"]
    phrases = {w: m for name in ("legal", "ship", "spelling") for w, m in tables[name].items() if " " in w} | tables[
        "number"
    ]
    longest_first = sorted(phrases.items(), key=lambda pair: (-pair[0].count(" "), -len(pair[0]), pair[0]))
    single = {name: {w: m for w, m in table.items() if " " not in w} for name, table in tables.items()}
    for word in phrases.values():
        single["legal"].setdefault(word, word) if word in tables["legal"].values() else None
    ship = frozenset(single["ship"]) | frozenset(single["ship"].values())
    return Lexicon(
        single["legal"],
        tuple(longest_first),
        single["stop"],
        single["title"],
        ship,
        single["trade"],
        single["place"],
        single["spelling"],
        single["stop"] | single["title"] | single["place"] | single["trade"] | single["spelling"],
        frozenset(tables["seat"]),
        frozenset(tables["town"]) | frozenset(tables["seat"]),
        frozenset(tables["counter"]),
        frozenset(tables["label"]),
        frozenset(tables["role"]),
    )
