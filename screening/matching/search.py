"""The search of an index: all pairs of names that reach the cut-off, leaving out only what cannot."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from screening.matching import kernels
from screening.matching.align import Meeter, Side
from screening.matching.index import (
    STEP_BITS,
    STEPS,
    Index,
    known_weights,
    needed_words,
    share_to_meet,
    squashed_spellings,
)
from screening.matching.likeness import Like
from screening.matching.lookup import distinct, spread
from screening.matching.names import CUT
from screening.matching.pairs import KINDS, ROUNDED, Rows, Scorer
from screening.matching.settings import Settings
from screening.matching.table import LIGHT, Table, caps, has_letters

_U = np.uint64
_ODD = _U(0x9E3779B97F4A7C15)
_CHUNK = 4_096  # rows searched at a time: what is in hand stays in the processor's cache
CHEAP = 100  # a word with no more postings is looked up even where it could be spared


@dataclass(frozen=True, slots=True)
class Query:
    """A table of ours made ready for an index."""

    side: Side
    like: Like
    join: np.ndarray
    join_run: np.ndarray  # of each word: the run of theirs that it meets, -1 for none
    run_word: np.ndarray  # of each run of ours: the word of theirs that it meets
    row: np.ndarray  # of each word of the table
    total: np.ndarray  # weight of each row
    cost: np.ndarray  # postings that looking each word up costs
    initials: np.ndarray  # rows with a word of which only the beginning stands
    joined: float
    reach: np.ndarray  # of each word of the table: the most that any meeting can add, as a weight
    twin: np.ndarray  # of each row that is read as cut: the row that is not and is the same else, -1 for none

    @staticmethod
    def of(table: Table, index: Index, settings: Settings, counted: bool = True) -> Query:
        """Our table with its words compared with the index's; `counted` as in Index.build."""
        like = index.like(table.vocabulary, settings)
        words = table.vocabulary
        weight = _our_weights(table, index, like, settings) if counted else known_weights(words, settings)
        side = Side.of(table, weight, index.spelt)
        size = np.diff(index.words.off)[like.theirs]
        join_run = _runs_met(table, index)
        join = np.where(join_run >= 0, table.vocabulary.spelt, _U(0))
        return Query(
            side=side,
            like=like,
            join=join,
            join_run=join_run,
            run_word=_met_by_runs(side, index),
            row=table.row,
            total=side.total(),
            cost=np.bincount(like.ours, size, minlength=len(words.words)),
            initials=_with_initials(table, index),
            joined=settings["similarity.joined"],
            reach=_reach(side, like, join),
            twin=_twins(table),
        )

    def scorer(
        self, index: Index, settings: Settings, theirs: Rows | None = None, rows: np.ndarray | None = None
    ) -> Scorer:
        """Scores our rows against the index's rows.

        Args:
            theirs: the figures of these where they are worked out. rows: those of ours that are asked about, in order;
                pairs are then told by their place among these.
        """
        side, like = self.side, self.like
        if rows is not None:
            side = side.take(rows)
            like = like.among(side.table.word)
        return Scorer(Meeter.of(side, index.side, like, self.join, settings), index.kind, settings, theirs)


def _runs_met(table: Table, index: Index) -> np.ndarray:
    """The run of theirs that each word of ours meets, -1 for none."""
    found = np.full(len(table.vocabulary.words), -1)
    at, run = index.spelt_runs.find(table.vocabulary.spelt)
    found[at] = run
    return found


def _met_by_runs(side: Side, index: Index) -> np.ndarray:
    at, word = index.spelt.find(side.runs.hash)
    found = np.zeros(len(side.runs.hash), np.int64)
    found[at] = word
    return found


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


def _with_initials(table: Table, index: Index) -> np.ndarray:
    """The rows with a word of one letter, or one that is cut after it and ends in the beginning of a listed word."""
    found = has_letters(table)
    cut = np.flatnonzero(((table.how & CUT) > 0) & (table.size > 0))
    found[cut] |= np.isin(table.vocabulary.spelt[table.word[table.off[cut + 1] - 1]], index.begun)
    return found


def _twins(table: Table) -> np.ndarray:
    """Of each row that is read as cut, the row of the same text and words that is not; -1 for none.

    What was cut off counts only where words meet enough of both names (similarity.initial_needs): where they do not,
    the twin has found all there is to find, for more points.
    """
    found, cut = np.full(len(table.text), -1), np.asarray((table.how & CUT) > 0)
    if not cut.any():
        return found
    key = table.line * _U(2) + (table.text.astype(_U) << _U(8) | (table.how & ~CUT).astype(_U)) * _ODD
    plain = np.flatnonzero(~cut & np.isin(table.text, table.text[cut]))
    plain, rows = plain[np.argsort(key[plain], kind="stable")], np.flatnonzero(cut)
    at = np.searchsorted(key[plain], key[rows])
    at[at == len(plain)] = 0
    same = key[plain][at] == key[rows] if len(plain) else np.zeros(len(rows), bool)
    found[rows[same]] = plain[at[same]]
    return found


def _our_weights(table: Table, index: Index, like: Like, settings: Settings) -> np.ndarray:
    """What our words weigh: as the list's word most like them where one is close, else as a word that no list has.

    A misspelt legal form weighs as little as a particle, unless a list has the very word.
    """
    weight = np.full(len(table.form_like), settings["weight.unknown"])
    form = table.form_like.copy()
    some = np.flatnonzero(np.diff(like.off))
    if len(some):
        starts = like.off[some]
        most = np.zeros(len(weight))
        most[some] = np.maximum.reduceat(like.similarity, starts)
        alike = (like.similarity == most[like.ours]) & (like.similarity >= settings["similarity.weight"])
        least = np.minimum.reduceat(np.where(alike, index.side.weight[like.theirs], np.inf), starts)
        close = np.isfinite(least)
        weight[some[close]] = least[close]
        form &= most < 1
    weight[form] = np.minimum(weight[form], settings["weight.stop"])
    capped: np.ndarray = np.minimum(weight, caps(table.vocabulary, settings))
    return capped


@dataclass(frozen=True, slots=True)
class Found:
    """Pairs of our rows and the index's rows with their scores."""

    row: np.ndarray
    listed: np.ndarray
    score: np.ndarray


_NOTHING = Found(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))


def search(index: Index, query: Query, least: np.ndarray, settings: Settings) -> Found:
    """Every pair of our rows and the index's rows that scores at least `least` of the index's row.

    Args:
        least: points per row of the index.
    """
    if kernels.LIBRARY is not None:
        found = kernels.search(index, query, least, settings, _enough(query, settings), CHEAP)
        return _without_echoes(Found(*found), query, len(index.name))
    scorer = query.scorer(index, settings)
    parts = []
    for start in range(0, len(query.side.table.text), _CHUNK):
        end = min(start + _CHUNK, len(query.side.table.text))
        parts.append(_search(index, query, scorer, start, end, least, settings))
    return _gathered(parts, query, len(index.name))


def exhaust(index: Index, query: Query, least: float, settings: Settings) -> Found:
    """Every pair that scores at least `least`, each pair scored: for a few names and any cut-off."""
    scorer, listed = query.scorer(index, settings), np.arange(len(index.name))
    parts = []
    for row in range(len(query.side.table.text)):
        score = scorer.score(np.full(len(listed), row), listed).score
        keep = np.flatnonzero(score >= least)
        parts.append((np.full(len(keep), row), keep, score[keep]))
    return _gathered(parts, query, len(index.name))


def _gathered(parts: list[tuple[np.ndarray, np.ndarray, np.ndarray]], query: Query, listed: int) -> Found:
    """What was found, part by part in the order of our rows."""
    if not parts:
        return _NOTHING
    return _without_echoes(Found(*(np.concatenate(column) for column in zip(*parts, strict=True))), query, listed)


def _without_echoes(found: Found, query: Query, listed: int) -> Found:
    """What was found, without the pairs of rows that are read as cut whose twin scores as much or more."""
    twin = query.twin[found.row]
    at = np.flatnonzero(twin >= 0)
    if not len(at):
        return found
    keys, sought = found.row * listed + found.listed, twin[at] * listed + found.listed[at]
    place = np.minimum(np.searchsorted(keys, sought), len(keys) - 1)
    keep = np.ones(len(keys), bool)
    keep[at] = (keys[place] != sought) | (found.score[place] < found.score[at])
    return Found(found.row[keep], found.listed[keep], found.score[keep])


def _search(
    index: Index, query: Query, scorer: Scorer, start: int, end: int, least: np.ndarray, settings: Settings
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    left, right = candidates(index, query, start, end, least, settings)
    keep = scorer.promising(left, right, least[right])
    left, right = left[keep], right[keep]
    more = by_squashed(index, query, start, end)
    keys = distinct(np.concatenate([left * len(index.name) + right, more[0] * len(index.name) + more[1]]))
    left, right = np.divmod(keys, max(len(index.name), 1))
    score = scorer.score(left, right).score
    keep = np.flatnonzero(score >= least[right] - 1e-9)
    return left[keep], right[keep], score[keep]


def candidates(
    index: Index, query: Query, start: int, end: int, least: np.ndarray, settings: Settings
) -> tuple[np.ndarray, np.ndarray]:
    """The pairs whose words may reach `least`, told from the words that one of the two names cannot do without.

    Of our row the needed words are looked up everywhere, and the leading words of theirs are found by all words of
    ours: what of these did not meet does not meet, and only the other words may add to what was found.
    """
    needed = _needed_of(index, query, start, end, settings)
    probes = (
        _word_probes(query, start, end, needed),
        _run_probes(index, query, start, end, needed),
        _our_run_probes(index, query, start, end, needed),
    )
    packed = np.sort(np.concatenate([_posted(index, query, probe, start) for probe in probes]))
    key = packed >> _U(2 * STEP_BITS)
    first = np.flatnonzero(np.diff(key, prepend=_U(0xFFFFFFFFFFFFFFFF)))
    if not len(first):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    left, right = np.divmod(key[first].astype(np.int64), len(index.name))
    span = slice(query.side.table.off[start], query.side.table.off[end])
    weight = np.where(needed, 0.0, query.reach[span])
    spared = np.bincount(query.row[span] - start, weight, minlength=end - start) / query.total[start:end]
    steps = _U(STEPS - 1)
    ours = np.add.reduceat((packed >> _U(STEP_BITS) & steps).astype(np.int64), first) / (STEPS - 1) + spared[left]
    theirs = np.add.reduceat((packed & steps).astype(np.int64), first) / (STEPS - 1) + index.spared[right]
    left += start
    keep = _may_reach(index, query, (left, right), (np.minimum(ours, 1), np.minimum(theirs, 1)), least, settings)
    return left[keep], right[keep]


def _may_be_exact(
    index: Index,
    query: Query,
    pair: tuple[np.ndarray, np.ndarray],
    covered: tuple[np.ndarray, np.ndarray],
    settings: Settings,
) -> np.ndarray:
    """Whether so much of both sides is covered that no word need be misspelt or left over."""
    least = settings["similarity.joined"] - 1e-6
    ours = covered[0] >= least * (1 - LIGHT / query.total[pair[0]])
    theirs = covered[1] >= least * (1 - LIGHT / index.total[pair[1]])
    found: np.ndarray = ours & theirs
    return found


def _may_reach(
    index: Index,
    query: Query,
    pair: tuple[np.ndarray, np.ndarray],
    covered: tuple[np.ndarray, np.ndarray],
    least: np.ndarray,
    settings: Settings,
) -> np.ndarray:
    """Whether pairs whose words cover at most so much of either side may score their `least`."""
    share = np.array([settings.by_kind("coverage")[k] for k in KINDS])[index.kind[pair[1]]]
    share = np.maximum(share, settings["coverage.syllables"])
    cut = (query.side.table.how[pair[0]] & CUT) > 0
    share = np.where(cut, np.maximum(share, settings["cut.coverage"]), share)
    less = np.minimum(*covered)
    top = share * np.maximum(*covered) + (1 - share) * less
    top -= np.where(_may_be_exact(index, query, pair, covered, settings), 0.0, settings["deduct.inexact"] / 100)
    loose = (query.initials[pair[0]] | index.initials[pair[1]]) & (less >= settings["similarity.initial_needs"] - 1e-6)
    found: np.ndarray = (100 * top >= least[pair[1]] - ROUNDED) | loose
    return found


@dataclass(frozen=True, slots=True)
class _Probe:
    """Words or runs of theirs (`unit`) to be looked up for our rows, and what meeting them adds to ours."""

    runs: bool
    unit: np.ndarray
    row: np.ndarray
    needed: np.ndarray
    adds: np.ndarray
    similarity: np.ndarray


def _enough(query: Query, settings: Settings) -> np.ndarray:
    """The share of each row's weight that must be met, unless theirs is; less where initials may add to it."""
    cut = np.full(len(query.total), min(*settings.by_kind("cut_off").values(), settings["cross.cut_off"]) / 100)
    return np.where(query.initials, settings["similarity.initial_needs"], share_to_meet(cut, query.total, settings))


def _needed_of(index: Index, query: Query, start: int, end: int, settings: Settings) -> np.ndarray:
    table = query.side.table
    span, off = slice(table.off[start], table.off[end]), table.off[start : end + 1] - table.off[start]
    enough = (_enough(query, settings) * query.total)[start:end]
    hopeless = np.add.reduceat(np.append(query.reach[span], 0.0), off[:-1]) * (np.diff(off) > 0) < enough - 1e-9
    needed = needed_words(query.row[span] - start, off, query.reach[span], query.cost[table.word[span]], enough, CHEAP)
    worth: np.ndarray = needed & ~hopeless[query.row[span] - start]
    return worth


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
    return _Probe(
        True,
        query.join_run[word[some]],
        query.row[table.off[start] + some],
        needed[some],
        similarity * query.side.weight[word[some]],
        similarity,
    )


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
    ours = np.ceil(probe.adds / query.total[probe.row] * (STEPS - 1)).astype(_U) << _U(STEP_BITS)
    ours += ((probe.row - start) * len(index.name)).astype(_U) << _U(2 * STEP_BITS)
    found = []
    for must, postings in ((probe.needed, full), (~probe.needed, lead)):
        at = np.flatnonzero(must)
        unit = probe.unit[at]
        count = postings.off[unit + 1] - postings.off[unit]
        place = spread(postings.off[unit], count)
        mine = ours[at] if postings is full else ours[at] & ~_U((STEPS - 1) << STEP_BITS)
        packed = np.repeat(mine, count) + (postings.row[place].astype(_U) << _U(2 * STEP_BITS))
        alike = np.repeat(np.ceil(probe.similarity[at] * 65_536).astype(_U), count)
        found.append(packed + (alike * postings.adds[place] + _U(65_535) >> _U(16)))
    return np.concatenate(found)


def by_squashed(index: Index, query: Query, start: int, end: int) -> tuple[np.ndarray, np.ndarray]:
    """The pairs that are within an edit of each other when written without blanks."""
    rows, value = squashed_spellings(query.side.table, np.arange(start, end))
    at, listed = index.squashed.find(value)
    return rows[at], listed
