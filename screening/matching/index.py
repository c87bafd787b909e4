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

CHEAP, CHEAP_LEAD = 100, 30  # a word with so few postings is looked up even where it could be spared
_STEP_BITS = 13
_STEPS = 1 << _STEP_BITS
_U = np.uint64
_CHUNK = 4_096  # rows searched at a time, which bounds memory


@dataclass(frozen=True, slots=True)
class Postings:
    """The rows that have each word or run, bounded by `off`, and what meeting it adds to a row that it leads, in steps."""

    off: np.ndarray
    row: np.ndarray
    adds: np.ndarray

    @staticmethod
    def of(unit: np.ndarray, row: np.ndarray, adds: np.ndarray, units: int) -> Postings:
        """The rows by unit."""
        order = np.argsort(unit, kind="stable")
        return Postings(np.concatenate([[0], np.cumsum(np.bincount(unit, minlength=units))]), row[order], adds[order])


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
    total: np.ndarray  # weight of each row
    spared: np.ndarray  # share of the words that do not lead
    initials: np.ndarray  # rows with a word of one letter

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
    lead = _needed(table.row, table.off, side.weight[table.word], np.bincount(table.word, minlength=words)[table.word],
                   _least(kind, settings, table) * side.total(), CHEAP_LEAD)  # fmt: skip
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
    total = side.total()
    weights = side.weight[table.word]
    span = (side.before[first + runs.words] - side.before[first]) / total[runs.row] * (_STEPS - 1)
    adds, run_adds = (
        np.where(lead, weights / total[table.row] * (_STEPS - 1), 0.0),
        np.where(leads, np.minimum(span, _STEPS - 1), 0.0),
    )
    return Index(side, kind, Finder.of(table.vocabulary), Postings.of(table.word, table.row, adds, words),
                 Postings.of(table.word[lead], table.row[lead], adds[lead], words), run_hash,
                 Postings.of(run, runs.row, run_adds, len(run_hash)), Postings.of(run[leads], runs.row[leads], run_adds[leads], len(run_hash)),
                 Lookup.of(np.arange(len(spelt)), spelt), Lookup.of(long[place], value), *_distinctive(side, settings), total,
                 np.bincount(table.row, np.where(lead, 0.0, weights), minlength=len(table.text)) / total, has_initials(table))  # fmt: skip


def has_initials(table: Table) -> np.ndarray:
    """Whether each row has a word of one letter."""
    found: np.ndarray = np.bincount(table.row[table.initial[table.word]], minlength=len(table.text)) > 0
    return found


def _distinctive(side: Side, settings: Settings) -> tuple[np.ndarray, np.ndarray]:
    """The rows that name someone, two words and more or one that is rare and long enough; and the rows of one word."""
    table = side.table
    weight = side.weight[table.word]
    heavy = weight > LIGHT
    count = np.bincount(table.row[heavy], minlength=len(table.text))
    rare = (
        heavy
        & (weight >= settings["single.rarity"])
        & (table.vocabulary.length[table.word] >= settings["single.letters"])
    )
    return (count > 1) | (np.bincount(table.row[rare], minlength=len(table.text)) > 0), count <= 1


def _least(kind: np.ndarray, settings: Settings, table: Table) -> np.ndarray:
    """The share of each row's weight that must be met by words; less where initials may add to it."""
    cut = np.array([settings.by_kind("cut_off")[k] for k in KINDS]) / 100
    least = np.minimum(cut[kind], settings["cross.cut_off"] / 100)
    initials = np.bincount(table.row[table.initial[table.word]], minlength=len(table.text)) > 0
    return np.where(initials, settings["similarity.initial_needs"], least)


def _needed(
    row: np.ndarray, off: np.ndarray, weight: np.ndarray, cost: np.ndarray, enough: np.ndarray, cheap: int
) -> np.ndarray:
    """The words of which one must meet if words of weight `enough` (of each row) are to meet; the dearest are spared.

    Args:
        weight, cost: of each word of the rows; words of no more than `cheap` cost are not spared.
    """
    order = np.lexsort((-cost, row))
    running = np.cumsum(weight[order])
    before = np.concatenate([[0.0], running])[off[row[order]]]
    spared = (running - before < enough[row[order]] - 1e-9) & (cost[order] > cheap)
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
    row: np.ndarray  # of each word of the table
    total: np.ndarray  # weight of each row
    cost: np.ndarray  # postings that looking each word up costs
    initials: np.ndarray  # rows with a word of one letter
    joined: float
    reach: np.ndarray  # of each word of the table: the most that any meeting can add, as a weight

    @staticmethod
    def of(table: Table, index: Index, settings: Settings, counted: bool = True) -> Query:
        """Our table with its words compared with the index's; `counted` as in Index.build."""
        like = index.finder.like(table.vocabulary, settings)
        words = table.vocabulary.words
        weight = _our_weights(words, index, like, settings) if counted else known_weights(words, settings)
        side = Side.of(table, weight, index.spelt)
        size = np.diff(index.words.off)[like.theirs]
        join = run_hashes(table, index.run_hash)
        return Query(side, like, join, table.row, side.total(),
                     np.bincount(like.ours, size, minlength=len(words)), has_initials(table), settings["similarity.joined"], _reach(side, like, join))  # fmt: skip

    def may_reach(self, index: Index, left: np.ndarray, right: np.ndarray, ours: np.ndarray, theirs: np.ndarray, least: np.ndarray,
                  settings: Settings) -> np.ndarray:  # fmt: skip
        """Whether pairs whose words cover at most so much of either side may score their `least`."""
        share = np.array([settings.by_kind("coverage")[k] for k in KINDS])[index.kind[right]]
        share = np.maximum(share, settings["coverage.syllables"])
        top = share * np.maximum(ours, theirs) + (1 - share) * np.minimum(ours, theirs)
        loose = (self.initials[left] | index.initials[right]) & (
            np.minimum(ours, theirs) >= settings["similarity.initial_needs"] - 1e-6
        )
        found: np.ndarray = (100 * top >= least[right] - 1e-6) | loose
        return found

    def scorer(self, index: Index, settings: Settings) -> Scorer:
        """Scores our rows against the index's rows."""
        return Scorer(Meeter.of(self.side, index.side, self.like, self.join, settings), index.kind, settings)


def _reach(side: Side, like: Like, join: np.ndarray) -> np.ndarray:
    best = np.zeros(len(join))
    np.maximum.at(best, like.ours, like.similarity)
    best[join != 0] = 1.0
    table, runs = side.table, side.runs
    share = best[table.word]
    first = table.off[runs.row] + runs.start
    share[spread(first, runs.words)] = 1.0
    found: np.ndarray = share * side.weight[table.word]
    return found


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
    return (
        Found(*(np.concatenate(column) for column in zip(*parts, strict=True)))
        if parts
        else Found(*[np.zeros(0, np.int64)] * 3)
    )


def _search(index: Index, query: Query, scorer: Scorer, start: int, end: int, least: np.ndarray, settings: Settings
            ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:  # fmt: skip
    left, right = candidates(index, query, start, end, least, settings)
    keep = scorer.promising(left, right, least[right])
    left, right = left[keep], right[keep]
    more = by_squashed(index, query, start, end)
    keys = distinct(np.concatenate([left * len(index.name) + right, more[0] * len(index.name) + more[1]]))
    left, right = np.divmod(keys, max(len(index.name), 1))
    score = scorer.score(left, right).score
    keep = np.flatnonzero(score >= least[right] - 1e-9)
    return left[keep], right[keep], score[keep]


def candidates(index: Index, query: Query, start: int, end: int, least: np.ndarray, settings: Settings
               ) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """The pairs whose words may reach `least`, told from the words that one of the two names cannot do without.

    Of our row the needed words are looked up everywhere, and of theirs the leading words are found by all words of ours:
    what of these did not meet does not meet, and only the other words may add to what was found.
    """
    needed = _needed_of(index, query, start, end, settings)
    probes = (_word_probes(query, start, end, needed), _run_probes(index, query, start, end, needed),
              _our_run_probes(index, query, start, end, needed))  # fmt: skip
    packed = np.sort(np.concatenate([_posted(index, query, probe, start) for probe in probes]))
    key = packed >> _U(2 * _STEP_BITS)
    first = np.flatnonzero(np.diff(key, prepend=_U(0xFFFFFFFFFFFFFFFF)))
    if not len(first):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    left, right = np.divmod(key[first].astype(np.int64), len(index.name))
    span = slice(query.side.table.off[start], query.side.table.off[end])
    weight = np.where(needed, 0.0, query.reach[span])
    spared = np.bincount(query.row[span] - start, weight, minlength=end - start) / query.total[start:end]
    steps = _U(_STEPS - 1)
    ours = np.add.reduceat((packed >> _U(_STEP_BITS) & steps).astype(np.int64), first) / (_STEPS - 1) + spared[left]
    theirs = np.add.reduceat((packed & steps).astype(np.int64), first) / (_STEPS - 1) + index.spared[right]
    left += start
    keep = query.may_reach(index, left, right, np.minimum(ours, 1), np.minimum(theirs, 1), least, settings)
    return left[keep], right[keep]


@dataclass(frozen=True, slots=True)
class _Probe:
    """Units of theirs to be looked up for our rows: the unit (a run or a word), our row, whether the word of ours is needed,
    what meeting it adds to ours, and how alike they are."""

    runs: bool
    unit: np.ndarray
    row: np.ndarray
    needed: np.ndarray
    adds: np.ndarray
    similarity: np.ndarray


def _needed_of(index: Index, query: Query, start: int, end: int, settings: Settings) -> np.ndarray:
    cuts = [settings.by_kind("cut_off")[k] / 100 for k in KINDS]
    least = np.where(query.initials, settings["similarity.initial_needs"], min(*cuts, settings["cross.cut_off"] / 100))
    table = query.side.table
    span, off = slice(table.off[start], table.off[end]), table.off[start : end + 1] - table.off[start]
    enough = least[start:end] * query.total[start:end]
    hopeless = np.add.reduceat(np.append(query.reach[span], 0.0), off[:-1]) * (np.diff(off) > 0) < enough - 1e-9
    needed = _needed(query.row[span] - start, off, query.reach[span], query.cost[table.word[span]], enough, CHEAP)
    return needed & ~hopeless[query.row[span] - start]


def _word_probes(query: Query, start: int, end: int, needed: np.ndarray) -> _Probe:
    """Words of ours that meet words of theirs."""
    table, like = query.side.table, query.like
    span = slice(table.off[start], table.off[end])
    word = table.word[span]
    count = like.off[word + 1] - like.off[word]
    place = spread(like.off[word], count)
    similarity = like.similarity[place]
    adds = similarity * np.repeat(query.side.weight[word], count)
    return _Probe(
        False, like.theirs[place], np.repeat(query.row[span], count), np.repeat(needed, count), adds, similarity
    )


def _run_probes(index: Index, query: Query, start: int, end: int, needed: np.ndarray) -> _Probe:
    """Words of ours that meet a run of theirs."""
    table = query.side.table
    word = table.word[table.off[start] : table.off[end]]
    value = query.join[word]
    some = np.flatnonzero(value)
    similarity = np.full(len(some), query.joined)
    return _Probe(True, np.searchsorted(index.run_hash, value[some]), query.row[table.off[start] + some], needed[some],
                  similarity * query.side.weight[word[some]], similarity)  # fmt: skip


def _our_run_probes(index: Index, query: Query, start: int, end: int, needed: np.ndarray) -> _Probe:
    """Runs of ours that meet a word of theirs."""
    table, runs = query.side.table, query.side.runs
    span = np.arange(query.side.run_off[start], query.side.run_off[end])
    hit, other = index.spelt.find(runs.hash[span])
    span = span[hit]
    before, weight = np.concatenate([[0], np.cumsum(needed)]), query.side.before
    first = table.off[runs.row[span]] + runs.start[span]
    last = first + runs.words[span]
    must = before[last - table.off[start]] > before[first - table.off[start]]
    similarity = np.full(len(span), query.joined)
    return _Probe(False, other, runs.row[span], must, similarity * (weight[last] - weight[first]), similarity)


def _posted(index: Index, query: Query, probe: _Probe, start: int) -> np.ndarray:
    """Every posting probed, packed into one number: the pair, then what it adds to our side and to theirs, in steps."""
    full, lead = (index.runs, index.lead_runs) if probe.runs else (index.words, index.lead_words)
    ours = np.ceil(probe.adds / query.total[probe.row] * (_STEPS - 1)).astype(_U) << _U(_STEP_BITS)
    ours += ((probe.row - start) * len(index.name)).astype(_U) << _U(2 * _STEP_BITS)
    found = []
    for must, postings in ((probe.needed, full), (~probe.needed, lead)):
        at = np.flatnonzero(must)
        unit = probe.unit[at]
        count = postings.off[unit + 1] - postings.off[unit]
        place = spread(postings.off[unit], count)
        mine = ours[at] if postings is full else ours[at] & ~_U(((_STEPS - 1) << _STEP_BITS))
        packed = np.repeat(mine, count) + (postings.row[place].astype(_U) << _U(2 * _STEP_BITS))
        found.append(packed + np.ceil(np.repeat(probe.similarity[at], count) * postings.adds[place]).astype(_U))
    return np.concatenate(found)


def by_squashed(index: Index, query: Query, start: int, end: int) -> tuple[np.ndarray, np.ndarray]:
    """The pairs that are within an edit of each other when written without blanks."""
    rows = np.arange(start, end)
    joined = squashed(query.side.table, rows)
    size = np.fromiter(map(len, joined), np.int64, len(joined))
    long = np.flatnonzero(size >= SQUASHED_LEAST)
    place, value = deletions([joined[i] for i in long.tolist()], (size[long] >= SQUASHED_EDIT).astype(np.int8))
    at, listed = index.squashed.find(value)
    return rows[long[place[at]]], listed
