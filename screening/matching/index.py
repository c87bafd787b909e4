"""The names of a snapshot, ready to be searched, and the search that leaves out only what cannot reach the cut-off."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from screening.matching import names
from screening.matching.align import Meeter, Side, run_hashes
from screening.matching.pairs import KINDS, SQUASHED_EDIT, SQUASHED_LEAST, VESSEL, Scorer
from screening.matching.settings import Settings
from screening.matching.table import LIGHT, Table, caps, rarity, squashed, tabulate
from screening.matching.vocabulary import Finder, Like, Lookup, deletions, distinct, hashes, spread

_CHUNK = 16_384  # rows searched at a time, which bounds memory


@dataclass(frozen=True, slots=True)
class Postings:
    """The rows that have each word or run, bounded by `off`."""

    off: np.ndarray
    row: np.ndarray

    @staticmethod
    def of(unit: np.ndarray, row: np.ndarray, units: int) -> Postings:
        """The rows by unit."""
        order = np.argsort(unit, kind="stable")
        return Postings(np.concatenate([[0], np.cumsum(np.bincount(unit, minlength=units))]), row[order])

    def rows(self, unit: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """For each unit asked, by its position, the rows that have it."""
        count = self.off[unit + 1] - self.off[unit]
        return np.repeat(np.arange(len(unit)), count), self.row[spread(self.off[unit], count)]


@dataclass(frozen=True, slots=True)
class Index:
    """A list's names as rows with all that finding them takes.

    Args:
        name: of each row, its place in Snapshot.names. kind: a place in KINDS.
        words, runs: postings; `lead_*` only of the words that a row must share for most of its weight to be met.
    """

    side: Side
    kind: np.ndarray
    finder: Finder
    words: Postings
    lead_words: Postings
    run_hash: np.ndarray  # distinct, sorted
    runs: Postings
    lead_runs: Postings
    spelt: Lookup  # the words by their hash
    squashed: Lookup
    distinctive: np.ndarray  # rows that are more than one common word
    single: np.ndarray  # rows of one word

    @property
    def name(self) -> np.ndarray:
        """The name in Snapshot.names that each row reads."""
        return self.side.table.text

    @staticmethod
    def build(entries: pd.DataFrame, listed: pd.DataFrame, settings: Settings, counted: bool = True) -> Index:
        """The index of a snapshot's names.

        Args:
            counted: whether words weigh by how many of these names have them, or by the reference of common words alone.
        """
        kinds = entries["kind"].to_numpy(str)[listed["entry"].to_numpy()] if len(listed) else np.zeros(0, str)
        person, vessel = kinds == "person", kinds == "vessel"
        readings = names.read(listed["text"].astype(str).tolist(), settings.lexicon, natural=person)
        table = tabulate(readings, settings, person, vessel)
        code = np.array([KINDS.index(k) if k in KINDS else KINDS.index("other") for k in kinds], np.int64)
        weight = rarity(table, settings) if counted else known_weights(table.vocabulary.words, settings)
        return _index(table, weight, code[table.text], settings)


def _index(table: Table, weight: np.ndarray, kind: np.ndarray, settings: Settings) -> Index:
    side = Side.of(table, weight)
    words, runs = len(table.vocabulary.words), side.runs
    lead = _needed(table, side.weight, np.bincount(table.word, minlength=words)[table.word], _least(kind, settings, table))
    run_hash, run = np.unique(runs.hash, return_inverse=True)
    first = table.off[runs.row] + runs.start
    before = np.concatenate([[0], np.cumsum(lead)])
    leads = before[first + runs.words] > before[first]
    all_rows = np.arange(len(table.text))
    joined = squashed(table, all_rows)
    size = np.fromiter(map(len, joined), np.int64, len(joined))
    long = np.flatnonzero(size >= SQUASHED_LEAST)
    place, value = deletions([joined[i] for i in long.tolist()], (size[long] >= SQUASHED_EDIT).astype(np.int8))
    spelt = table.vocabulary.spelt
    return Index(side, kind, Finder.of(table.vocabulary), Postings.of(table.word, table.row, words),
                 Postings.of(table.word[lead], table.row[lead], words), run_hash, Postings.of(run, runs.row, len(run_hash)),
                 Postings.of(run[leads], runs.row[leads], len(run_hash)), Lookup.of(np.arange(len(spelt)), spelt),
                 Lookup.of(long[place], value), *_distinctive(side, settings))  # fmt: skip


def _distinctive(side: Side, settings: Settings) -> tuple[np.ndarray, np.ndarray]:
    """The rows that name someone, two words and more or one that is rare and long enough; and the rows of one word."""
    table = side.table
    weight = side.weight[table.word]
    heavy = weight > LIGHT
    count = np.bincount(table.row[heavy], minlength=len(table.text))
    rare = heavy & (weight >= settings["single.rarity"]) & (table.vocabulary.length[table.word] >= settings["single.letters"])
    return (count > 1) | (np.bincount(table.row[rare], minlength=len(table.text)) > 0), count <= 1


def _least(kind: np.ndarray, settings: Settings, table: Table) -> np.ndarray:
    """The share of each row's weight that must be met by words; less where initials may add to it."""
    cut = np.array([settings.by_kind("cut_off")[k] for k in KINDS]) / 100
    least = np.minimum(cut[kind], settings["cross.cut_off"] / 100)
    initials = np.bincount(table.row[table.initial[table.word]], minlength=len(table.text)) > 0
    return np.where(initials, settings["similarity.initial_needs"], least)


def _needed(table: Table, weight: np.ndarray, cost: np.ndarray, least: np.ndarray) -> np.ndarray:
    """The words of which one must meet, if words of `least` of the row's weight are to meet; the dearest are spared."""
    row, values = table.row, weight[table.word]
    order = np.lexsort((-cost, row))
    running = np.cumsum(values[order])
    before = np.concatenate([[0.0], running])[table.off[row[order]]]
    total = np.bincount(row, values, minlength=len(table.text))
    spared = running - before < least[row[order]] * total[row[order]] - 1e-9
    needed = np.ones(len(row), bool)
    needed[order[spared]] = False
    return needed


# ---------------------------------------------------------------- search
@dataclass(frozen=True, slots=True)
class Query:
    """A table of ours made ready for an index."""

    side: Side
    like: Like
    join: np.ndarray

    @staticmethod
    def of(table: Table, index: Index, settings: Settings, counted: bool = True) -> Query:
        """Our table with its words compared with the index's; `counted` as in Index.build."""
        like = index.finder.like(table.vocabulary, settings)
        words = table.vocabulary.words
        weight = _our_weights(words, index, like, settings) if counted else known_weights(words, settings)
        return Query(Side.of(table, weight), like, run_hashes(table, index.run_hash))

    def scorer(self, index: Index, settings: Settings) -> Scorer:
        """Scores our rows against the index's rows."""
        return Scorer(Meeter.of(self.side, index.side, self.like, self.join, settings), index.kind, settings)


def known_weights(words: list[str], settings: Settings) -> np.ndarray:
    """What words weigh where there is no list to count them in."""
    return np.minimum(settings["weight.unknown"], caps(words, settings))


def _our_weights(words: list[str], index: Index, like: Like, settings: Settings) -> np.ndarray:
    """What our words weigh: as the list's word most like them where one is close, else as a word that no list has."""
    weight = np.full(len(words), settings["weight.unknown"])
    close = np.flatnonzero(like.similarity >= settings["similarity.weight"])
    order = close[np.lexsort((-index.side.weight[like.theirs[close]], like.similarity[close]))]
    weight[like.ours[order]] = index.side.weight[like.theirs[order]]
    return np.minimum(weight, caps(words, settings))


@dataclass(frozen=True, slots=True)
class Found:
    """Pairs of our rows and the index's rows with their scores."""

    row: np.ndarray
    listed: np.ndarray
    score: np.ndarray


def search(index: Index, query: Query, least: np.ndarray, settings: Settings) -> Found:
    """Every pair of our rows and the index's rows that scores at least `least` of the index's row.

    Args:
        least: points per row of the index.
    """
    scorer = query.scorer(index, settings)
    parts = []
    for start in range(0, len(query.side.table.text), _CHUNK):
        end = min(start + _CHUNK, len(query.side.table.text))
        parts.append(_search(index, query, scorer, start, end, least, settings))
    return Found(*(np.concatenate(column) for column in zip(*parts, strict=True))) if parts else Found(*[np.zeros(0, np.int64)] * 3)


def _search(index: Index, query: Query, scorer: Scorer, start: int, end: int, least: np.ndarray, settings: Settings
            ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:  # fmt: skip
    left, right = candidates(index, query, start, end, settings)
    keep = scorer.promising(left, right, least[right])
    left, right = left[keep], right[keep]
    more = by_squashed(index, query, start, end)
    keys = distinct(np.concatenate([left * len(index.name) + right, more[0] * len(index.name) + more[1]]))
    left, right = np.divmod(keys, max(len(index.name), 1))
    score = scorer.score(left, right).score
    keep = np.flatnonzero(score >= least[right] - 1e-9)
    return left[keep], right[keep], score[keep]


def candidates(index: Index, query: Query, start: int, end: int, settings: Settings) -> tuple[np.ndarray, np.ndarray]:
    """The pairs that share a word which one of the two names cannot do without."""
    table, like = query.side.table, query.like
    at = np.arange(table.off[start], table.off[end])
    word = table.word[at]
    row = np.searchsorted(table.off, at, "right") - 1
    cost = _costs(index, like, len(table.vocabulary.words))
    cuts = [settings.by_kind("cut_off")[k] / 100 for k in KINDS]
    initial = np.zeros(len(table.text), bool)
    initial[table.row[table.initial[table.word]]] = True
    least = np.where(initial, settings["similarity.initial_needs"], min(*cuts, settings["cross.cut_off"] / 100))
    part = _slice(table, start, end)
    needed = _needed(part, query.side.weight, cost[part.word], least[start:end])
    found = []
    # words of ours that meet words of theirs
    count = like.off[word + 1] - like.off[word]
    near, from_row, must = like.theirs[spread(like.off[word], count)], np.repeat(row, count), np.repeat(needed, count)
    found.append(_posted(index.words, near[must], from_row[must]))
    found.append(_posted(index.lead_words, near[~must], from_row[~must]))
    # words of ours that meet a run of theirs
    value = query.join[word]
    some = np.flatnonzero(value)
    run = np.searchsorted(index.run_hash, value[some])
    found.append(_posted(index.runs, run[needed[some]], row[some][needed[some]]))
    found.append(_posted(index.lead_runs, run[~needed[some]], row[some][~needed[some]]))
    # runs of ours that meet a word of theirs
    runs = query.side.runs
    span = np.arange(query.side.run_off[start], query.side.run_off[end])
    hit, other = index.spelt.find(runs.hash[span])
    span = span[hit]
    before = np.concatenate([[0], np.cumsum(needed)])
    first = table.off[runs.row[span]] + runs.start[span] - table.off[start]
    must = before[first + runs.words[span]] > before[first]
    found.append(_posted(index.words, other[must], runs.row[span][must]))
    found.append(_posted(index.lead_words, other[~must], runs.row[span][~must]))
    keys = distinct(np.concatenate([rows * len(index.name) + listed for rows, listed in found]))
    left, right = np.divmod(keys, max(len(index.name), 1))
    return left, right


def _posted(postings: Postings, unit: np.ndarray, row: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    at, listed = postings.rows(unit)
    return row[at], listed


def _costs(index: Index, like: Like, words: int) -> np.ndarray:
    size = np.diff(index.words.off)[like.theirs]
    found: np.ndarray = np.bincount(like.ours, size, minlength=words)
    return found


def _slice(table: Table, start: int, end: int) -> Table:
    a, b = table.off[start], table.off[end]
    return Table(table.text[start:end], table.how[start:end], table.off[start : end + 1] - a, table.word[a:b], table.line[start:end],
                 table.legal[start:end], table.number[start:end], table.vocabulary, table.letter, table.initial)  # fmt: skip


def by_squashed(index: Index, query: Query, start: int, end: int) -> tuple[np.ndarray, np.ndarray]:
    """The pairs that are within an edit of each other when written without blanks."""
    rows = np.arange(start, end)
    joined = squashed(query.side.table, rows)
    size = np.fromiter(map(len, joined), np.int64, len(joined))
    long = np.flatnonzero(size >= SQUASHED_LEAST)
    place, value = deletions([joined[i] for i in long.tolist()], (size[long] >= SQUASHED_EDIT).astype(np.int8))
    at, listed = index.squashed.find(value)
    return rows[long[place[at]]], listed
