"""Labelled pairs of names: read from a CSV file and scored each by itself."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from screening.errors import UsageError
from screening.matching.compare import score_pairs
from screening.matching.settings import Settings
from screening.model import Feature, Kind

_COLUMNS = {
    "name1": ("name1", "name_1", "name_a", "left", "left_name", "query", "ours", "name"),
    "name2": ("name2", "name_2", "name_b", "right", "right_name", "candidate", "listed", "listed_name", "theirs"),
    "is_match": ("is_match", "match", "label", "judgement", "judgment", "expected", "same", "truth"),
    "kind": ("kind", "schema", "type", "entity_type"),
    "quality": ("quality", "confidence", "strength", "group"),
}
_YES = ("true", "1", "yes", "y", "t", "match", "positive", "same")
_NO = ("false", "0", "no", "n", "f", "no_match", "non-match", "negative", "different")
_KINDS = {
    "": "organisation", "person": "person", "individual": "person", "people": "person", "natural person": "person",
    "organisation": "organisation", "organization": "organisation", "company": "organisation", "entity": "organisation",
    "legalentity": "organisation", "publicbody": "organisation", "vessel": "vessel", "ship": "vessel",
    "aircraft": "aircraft", "airplane": "aircraft", "other": "other",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pair:
    """Two names and whether they are one party's."""

    kind: str
    ours: str
    theirs: str
    match: bool
    quality: str
    line: int


@dataclass(frozen=True, slots=True)
class ScoredPair:
    """A pair with its score and what was compared."""

    pair: Pair
    score: float
    features: tuple[Feature, ...]
    cut_off: float

    @property
    def wrong(self) -> bool:
        """Whether the shipped cut-off decides the pair otherwise than its label."""
        return (self.score >= self.cut_off) != self.pair.match

    @property
    def margin(self) -> float:
        """How far the score lies on the wrong side of the cut-off."""
        return abs(self.score - self.cut_off)


@dataclass(frozen=True, slots=True)
class Tally:
    """How pairs were decided: found and missed matches, false and true other pairs."""

    found: int
    missed: int
    false: int
    apart: int

    @property
    def precision(self) -> float:
        """The share of pairs taken for matches that are; 1 where none was taken."""
        return self.found / (self.found + self.false) if self.found + self.false else 1.0

    @property
    def recall(self) -> float:
        """The share of matches found; 1 where there is none."""
        return self.found / (self.found + self.missed) if self.found + self.missed else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All pairs scored; the cut-offs are those of the settings, by kind."""

    pairs: tuple[ScoredPair, ...]
    cut_offs: dict[str, float]

    def at(self, threshold: float | None = None, kind: str = "", quality: str = "") -> Tally:
        """How the pairs are decided at one threshold for every kind, or at the shipped cut-offs."""
        counts: Counter[tuple[bool, bool]] = Counter()
        for one in self.pairs:
            if kind in ("", one.pair.kind) and quality in ("", one.pair.quality):
                limit = one.cut_off if threshold is None else threshold
                counts[one.pair.match, one.score >= limit] += 1
        return Tally(counts[True, True], counts[True, False], counts[False, True], counts[False, False])

    def groups(self, name: str) -> tuple[str, ...]:
        """The kinds or qualities that occur."""
        return tuple(sorted({str(getattr(one.pair, name)) for one in self.pairs}))

    def worst(self, match: bool, most: int = 5) -> tuple[ScoredPair, ...]:
        """The matches missed by most, or the other pairs taken for matches by most."""
        wrong = [one for one in self.pairs if one.wrong and one.pair.match == match]
        return tuple(sorted(wrong, key=lambda one: (-one.margin, one.pair.line))[:most])


def evaluate(pairs: list[Pair], settings: Settings) -> Evaluation:
    """The score of every pair, each by itself."""
    cut_offs = settings.by_kind("cut_off")
    found: dict[int, ScoredPair] = {}
    for kind in dict.fromkeys(pair.kind for pair in pairs):
        some = [place for place, pair in enumerate(pairs) if pair.kind == kind]
        scores = score_pairs([(pairs[i].ours, pairs[i].theirs) for i in some], kind, settings)
        for place, score in zip(some, scores, strict=True):
            found[place] = ScoredPair(pairs[place], score.score, score.features, cut_offs[kind])
    return Evaluation(tuple(found[place] for place in range(len(pairs))), cut_offs)


def read(path: Path) -> list[Pair]:
    """The labelled pairs of a CSV file: two names, whether they match, and perhaps kind and quality.

    Raises:
        UsageError: the file cannot be read, lacks a column, or a row cannot be understood.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except IsADirectoryError as error:
        raise UsageError("is a folder; give a CSV file of labelled pairs", at=path) from error
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise UsageError(f"cannot be read ({reason}); give a CSV file of labelled pairs", at=path) from error
    delimiter = max(",;\t|", key=text.split("\n", 1)[0].count)
    try:
        rows = list(csv.reader(text.splitlines(keepends=True), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise UsageError(f"is no usable CSV: {error}", at=path) from error
    if not rows or not any(cell.strip() for cell in rows[0]):
        raise UsageError("is empty; give the columns name1, name2, is_match and perhaps kind, quality", at=path)
    places = _places(rows[0], path)
    filled = [(line, row) for line, row in enumerate(rows[1:], 2) if any(map(str.strip, row))]
    found = [_pair(row, places, f"{path}:{line}", line) for line, row in filled]
    if not found:
        raise UsageError("holds no pairs below its header", at=path)
    return found


def _places(header: list[str], path: Path) -> dict[str, int]:
    names = [cell.strip().lower().replace(" ", "_") for cell in header]
    places: dict[str, int] = {}
    for column, synonyms in _COLUMNS.items():
        place = next((names.index(name) for name in synonyms if name in names), None)
        if place is not None:
            places[column] = place
    missing = [name for name in ("name1", "name2", "is_match") if name not in places]
    if missing:
        raise UsageError(f"lacks the column {missing[0]}; it may be called {', '.join(_COLUMNS[missing[0]])}", at=path)
    return places


def _pair(row: list[str], places: dict[str, int], at: str, line: int) -> Pair:
    cells = {name: row[place].strip() if place < len(row) else "" for name, place in places.items()}
    if not cells["name1"] or not cells["name2"]:
        raise UsageError("one of the two names is empty", at=at)
    label, kind = cells["is_match"].lower(), cells.get("kind", "").lower()
    if label not in (*_YES, *_NO):
        raise UsageError(f"{cells['is_match']!r} does not say whether the names match; use true or false", at=at)
    if kind not in _KINDS:
        raise UsageError(f"{cells['kind']!r} is no kind; use {', '.join(Kind)}", at=at)
    return Pair(_KINDS[kind], cells["name1"], cells["name2"], label in _YES, cells.get("quality", ""), line)
