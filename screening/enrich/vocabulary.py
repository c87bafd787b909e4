"""The words that say what goods are, found longest first in descriptions of any script."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from screening.enrich.text import fold, is_joined, names
from screening.errors import RulePackError

_LANGUAGES = ("en", "ru", "ko", "zh")
_STEM = 3  # letters by which a stem is looked up
STRENGTHS = ("strong", "telling", "plain", "bare")
SPECIAL = ("none", "vague", "neutral")
_JOINING = frozenset(("and", "plus", "и", "및", "와", "과", "和", "与", "及"))  # set two things of a list apart
Found = list[tuple["Term | None", str]]


@dataclass(frozen=True, slots=True)
class Term:
    """A phrase of the vocabulary and what it says; '' in classes for innocent, vague and neutral words."""

    phrase: tuple[str, ...]
    kind: str  # class, none, vague or neutral
    classes: frozenset[str] = frozenset()
    product: str = ""
    strong: bool = False
    not_hs: tuple[str, ...] = ()
    generic: bool = False
    bare: bool = False
    telling: bool = False
    ordinary_hs: tuple[str, ...] = ()


@dataclass(slots=True)
class Vocabulary:
    """The words of rules/goods_words.yaml, found longest first."""

    exact: dict[str, list[Term]] = field(default_factory=dict)
    stems: dict[str, list[Term]] = field(default_factory=dict)
    joined: dict[str, list[Term]] = field(default_factory=dict)

    def add(self, label: str, term: Term, plural: bool) -> None:
        """Know the phrase, and in English its plural."""
        phrase = tuple(re.findall(r"\w+\*?", fold(label)))
        if not phrase:
            return
        made = replace(term, phrase=phrase)
        first = phrase[0]
        if is_joined("".join(phrase)):
            whole = "".join(phrase)
            self.joined.setdefault(whole[0], []).append(replace(term, phrase=(whole,)))
        elif first.endswith("*") and len(first) > _STEM:
            self.stems.setdefault(first[:_STEM], []).append(made)
        else:
            self.exact.setdefault(first, []).append(made)
            last = phrase[-1]
            if plural and last.isalpha() and last.isascii() and len(last) > 2 and not last.endswith("s"):
                for ending in ("s", "es") if last.endswith(("ch", "sh", "x", "z")) else ("s",):
                    many = (*phrase[:-1], last + ending)
                    self.exact.setdefault(many[0], []).append(replace(term, phrase=many))

    def sort(self) -> None:
        """Put the longest phrases first."""
        for table in (self.exact, self.stems, self.joined):
            for terms in table.values():
                terms.sort(key=lambda t: (-len(t.phrase), -len("".join(t.phrase))))

    def find(self, words: tuple[str, ...]) -> Found:
        """The terms in a run of words, None for a word that is in none, each with its first word."""
        found: Found = []
        at = 0
        while at < len(words):
            word = words[at]
            if is_joined(word):
                found += [(term, word) for term in self._inside(word)]
                at += 1
                continue
            term = self._at(words, at)
            found.append((term, word))
            at += len(term.phrase) if term else 1
        return found

    def _at(self, words: tuple[str, ...], at: int) -> Term | None:
        word = words[at]
        best: Term | None = None
        for table, key in ((self.exact, word), (self.stems, word[:_STEM])):
            for term in table.get(key, ()):
                if best is not None and len(term.phrase) <= len(best.phrase):
                    break
                if _fits(term.phrase, words[at : at + len(term.phrase)]):
                    best = term
                    break
        return best

    def _inside(self, word: str) -> list[Term | None]:
        found: list[Term | None] = []
        at, unknown = 0, False
        while at < len(word):
            term = next((t for t in self.joined.get(word[at], ()) if word.startswith(t.phrase[0], at)), None)
            whole = term is not None and (len(term.phrase[0]) > 1 or len(word) == 1 or term.kind == "neutral")
            if term is not None and whole:
                found.append(term)
                at += len(term.phrase[0])
            else:
                unknown |= not word[at].isdigit()
                at += 1
        return [*found, None] if unknown or not found else found


def _fits(phrase: tuple[str, ...], words: tuple[str, ...]) -> bool:
    return len(phrase) == len(words) and all(
        word.startswith(part[:-1]) if part.endswith("*") else word == part
        for part, word in zip(phrase, words, strict=True)
    )


def all_known(found: Found) -> bool:
    """Every word is in the vocabulary, or a figure."""
    return all(t.kind != "none" if t is not None else word[:1].isdigit() for t, word in found)


def things(runs: list[Found]) -> tuple[tuple[Term, ...], ...]:
    """The class words of each thing that a description lists, of those whose words are all known."""
    found = []
    for run in runs:
        thing: Found = []
        for term, word in [*run, (None, "and")]:
            if word not in _JOINING and not (term is not None and term.phrase[0] in _JOINING):
                thing.append((term, word))
                continue
            if all_known(thing):
                found.append(tuple(t for t, _ in thing if t is not None and t.kind == "class"))
            thing = []
    return tuple(thing for thing in found if thing)


def vocabulary(rows: list[dict[str, Any]], classes: set[str], at: Path) -> Vocabulary:
    """The vocabulary of the rows of a word list.

    Raises:
        RulePackError: a row has a class that no heading has, or no strength or status.
    """
    made = Vocabulary()
    for number, row in enumerate(rows, start=1):
        where = f"{at}: words {number}"
        kind = row.get("class", "")
        listed = frozenset(names(kind))
        special = kind in SPECIAL
        if not special and not listed:
            raise RulePackError("has no class", at=where)
        if not special and not listed <= classes | {"aviation_fuel"}:
            raise RulePackError(f"has the class {kind!r}, which rules/goods.csv lacks", at=where)
        if row.get("strength") not in STRENGTHS or not row.get("status"):
            raise RulePackError("needs a status and a strength: strong, telling, plain or bare", at=where)
        term = Term(
            (), kind if special else "class", frozenset() if special else listed, row.get("product", ""),
            row["strength"] == "strong", tuple(row.get("not_hs", ())), row.get("generic", "") == "yes",
            row["strength"] == "bare", row["strength"] == "telling", tuple(row.get("ordinary_hs", ())),
        )  # fmt: skip
        for language in _LANGUAGES:
            for label in names(row.get(language, "")):
                made.add(label, term, plural=language == "en" and term.kind != "neutral")
    made.sort()
    return made
