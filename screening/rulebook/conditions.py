"""What a rule may ask of a record, as frozen values, and the answer for a whole frame: surely, perhaps, or no."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Protocol

import numpy as np
import pandas as pd

from screening.rulebook.facts import FACTS, Mask, unknown

_WORDS = re.compile(r"[^\W\d_]+|\d+")
# Scripts that write words, or words and their endings, together.
_JOINED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_COMPARE = {"above": np.greater, "at_least": np.greater_equal, "below": np.less, "at_most": np.less_equal}
ORDERINGS = {"above": ">", "at_least": ">=", "below": "<", "at_most": "<="}
NEGATIVE = ("is_not", "none_of", "begins_not", "lacks")
OPERATORS = ("is", "is_not", "any_of", "none_of", "only", "begins", "begins_not", "mentions", "lacks", *ORDERINGS)
HIT_KEYS = ("authority", "list", "programme", "concern", "kind", "role", "measure", "by")


@dataclass(frozen=True, slots=True)
class FactTest:
    """One fact held against a value; `operand` is a bool, a text, a number, texts, or '$parameter'."""

    fact: str
    operator: str
    operand: bool | str | float | tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.fact} {self.operator} {self.operand}"


@dataclass(frozen=True, slots=True)
class HitTest:
    """The record has a kept hit, in force on its day, with an entry that fits every key.

    Args:
        wanted: key to shell patterns, of which one must fit; a key that begins with 'not_' excludes.
    """

    wanted: tuple[tuple[str, tuple[str, ...]], ...]

    def __str__(self) -> str:
        return "hit " + " ".join(f"{key}={'|'.join(patterns)}" for key, patterns in self.wanted)


@dataclass(frozen=True, slots=True)
class AllOf:
    """Several tests hold together, as one alternative of an AnyOf."""

    tests: tuple[FactTest | HitTest, ...]

    def __str__(self) -> str:
        return "(" + " and ".join(map(str, self.tests)) + ")"


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of several alternatives holds."""

    tests: tuple[FactTest | HitTest | AllOf, ...]

    def __str__(self) -> str:
        return "any(" + " or ".join(map(str, self.tests)) + ")"


Condition = FactTest | HitTest | AnyOf | AllOf


def leaves(condition: Condition) -> tuple[FactTest | HitTest, ...]:
    """The single tests that a condition is made of."""
    if isinstance(condition, AnyOf | AllOf):
        return tuple(leaf for test in condition.tests for leaf in leaves(test))
    return (condition,)


@dataclass(frozen=True, slots=True)
class Answer:
    """For every record: does the condition surely hold, and does it at least perhaps hold (sure implies perhaps)."""

    sure: Mask
    perhaps: Mask


class Hits(Protocol):
    """What conditions need to know of hits."""

    def matching(self, test: HitTest) -> Answer:
        """For every record, whether a hit fits the test."""


@dataclass(frozen=True, slots=True)
class Records:
    """Facts, hits and unreadable cells of a batch of records, as conditions read them."""

    facts: pd.DataFrame
    hits: Hits
    unreadable: pd.Series

    def at(self, positions: np.ndarray) -> Records:
        """The records at some positions."""
        chosen = _HitsOfSome(self.hits, positions)
        return Records(self.facts.iloc[positions], chosen, self.unreadable.iloc[positions])


@dataclass(frozen=True, slots=True)
class _HitsOfSome:
    """The hits of the records at some positions."""

    hits: Hits
    positions: np.ndarray

    def matching(self, test: HitTest) -> Answer:
        """For each of these records, whether a hit fits the test."""
        held = self.hits.matching(test)
        return Answer(held.sure[self.positions], held.perhaps[self.positions])


def answer(condition: Condition, records: Records) -> Answer:
    """Evaluate one condition, whose parameters have been filled in, over all records."""
    if isinstance(condition, AnyOf | AllOf):
        parts = [answer(test, records) for test in condition.tests]
        together = np.logical_or if isinstance(condition, AnyOf) else np.logical_and
        return Answer(together.reduce([p.sure for p in parts]), together.reduce([p.perhaps for p in parts]))
    if isinstance(condition, HitTest):
        return records.hits.matching(condition)
    fact = FACTS[condition.fact]
    surely, at_best = bounds(condition)
    sure = _holds(condition, records.facts[surely], fact.type)
    perhaps = sure if at_best == surely else _holds(condition, records.facts[at_best], fact.type)
    return Answer(sure, perhaps | unknown(fact, records.facts, records.unreadable))


def bounds(test: FactTest) -> tuple[str, str]:
    """The facts that decide whether a test surely holds and whether it may: bounds of a number, else the fact itself.

    More than a limit is sure where even the low bound is above it, and possible where the high bound is; less than a
    limit the other way round.
    """
    fact = FACTS[test.fact]
    if not fact.low or test.operator not in ORDERINGS:
        return fact.name, fact.name
    return (fact.low, fact.high) if test.operator in ("above", "at_least") else (fact.high, fact.low)


def _holds(test: FactTest, values: pd.Series, kind: str) -> Mask:
    operand = test.operand
    if kind == "yes/no":
        return (values == operand).fillna(False).to_numpy(dtype=bool)
    if test.operator in ORDERINGS:
        numbers = values.to_numpy(dtype="float64")
        limit = float(operand)  # type: ignore[arg-type]
        return np.asarray(
            _COMPARE[test.operator](numbers, limit), dtype=bool
        )  # a number that is not known compares false
    codes, distinct = pd.factorize(values)
    wanted = {str(operand)} if isinstance(operand, str | float | bool) else set(operand)
    if test.operator == "only":
        found = [wanted >= set(text.split(";")) for text in distinct]
    elif kind == "set":
        found = [bool(wanted & set(text.split(";"))) for text in distinct]
    elif test.operator in ("begins", "begins_not"):
        found = [text.startswith(tuple(wanted)) for text in distinct]
    elif test.operator in ("mentions", "lacks"):
        phrases = tuple(_phrase(phrase) for phrase in wanted)
        found = [any(phrase in said for phrase in phrases) for said in (f" {words(text)} " for text in distinct)]
    else:
        found = [text in wanted for text in distinct]
    chosen = np.array(found, dtype=bool)[codes] if len(distinct) else np.zeros(len(values), dtype=bool)
    return ~chosen if test.operator in NEGATIVE else chosen


def _phrase(text: str) -> str:
    """Words with a blank at either end, which stand alone; Chinese and Korean ones without, since they are joined."""
    plain = words(text)
    return plain if _JOINED.search(plain) else f" {plain} "


def words(text: str) -> str:
    """A text as plain lower-case words with single blanks between; signs separate words, and digits join no letters."""
    return " ".join(_WORDS.findall(unicodedata.normalize("NFKC", text).casefold()))


def fits(text: str, patterns: tuple[str, ...]) -> bool:
    """Whether a text fits one of several shell patterns, whatever the case."""
    return any(fnmatchcase(text.casefold(), pattern.casefold()) for pattern in patterns)
