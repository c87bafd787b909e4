"""Which words of two names meet: one to one, most alike first, for any number of pairs of names at once."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from screening.matching.likeness import Like
from screening.matching.lookup import Lookup, spread
from screening.matching.settings import Settings
from screening.matching.table import Joins, Table, joins

_U = np.uint64
_MIX = _U(0x9FB21C651E98DF25)
_LEAST_BITS = 12


@dataclass(frozen=True, slots=True)
class Side:
    """A table with the runs of words that may meet one word of the other side.

    Args:
        weight: of each word of the vocabulary. runs: sorted by row, bounded by `run_off`.
    """

    table: Table
    weight: np.ndarray
    runs: Joins
    run_off: np.ndarray
    before: np.ndarray  # weight of all words before each

    @staticmethod
    def of(table: Table, weight: np.ndarray, known: Lookup | None = None) -> Side:
        """The side of a table whose words weigh this.

        Args:
            known: the words that runs may meet; other runs are left out.
        """
        runs = joins(table, known)
        if known is not None:
            runs = runs.take(np.unique(known.find(runs.hash)[0]))
        off = np.searchsorted(runs.row, np.arange(len(table.text) + 1))
        return Side(table, weight, runs, off, np.concatenate([[0.0], np.cumsum(weight[table.word])]))

    def take(self, rows: np.ndarray) -> Side:
        """These rows alone."""
        table, count = self.table.take(rows), np.diff(self.run_off)[rows]
        runs = self.runs.take(spread(self.run_off[rows], count))
        runs, off = replace(runs, row=np.repeat(np.arange(len(rows)), count)), np.concatenate([[0], np.cumsum(count)])
        return Side(table, self.weight, runs, off, np.concatenate([[0.0], np.cumsum(self.weight[table.word])]))

    def total(self) -> np.ndarray:
        """The weight of each row."""
        weights: np.ndarray = np.bincount(self.table.row, self.weight[self.table.word], minlength=len(self.table.text))
        total: np.ndarray = np.maximum(weights, 1e-9)
        return total


@dataclass(frozen=True, slots=True)
class Meetings:
    """Words or runs of words that meet, as rows: the pair, place and number of words on either side, and likeness."""

    pair: np.ndarray
    ours: np.ndarray
    our_words: np.ndarray
    theirs: np.ndarray
    their_words: np.ndarray
    similarity: np.ndarray

    def take(self, at: np.ndarray) -> Meetings:
        """The meetings at these places."""
        return Meetings(
            self.pair[at], self.ours[at], self.our_words[at], self.theirs[at], self.their_words[at], self.similarity[at]
        )

    def plus(self, more: Meetings) -> Meetings:
        """These meetings and more, by pair."""
        found = Meetings(*(np.concatenate(columns) for columns in zip(self.columns(), more.columns(), strict=True)))
        return found.take(np.lexsort((found.ours, found.pair)))

    def columns(self) -> tuple[np.ndarray, ...]:
        """The columns in their order."""
        return self.pair, self.ours, self.our_words, self.theirs, self.their_words, self.similarity

    def masks(self) -> tuple[np.ndarray, np.ndarray]:
        """The words of each meeting as bits, ours and theirs."""
        one = _U(1)
        return (
            ((one << self.our_words.astype(_U)) - one) << self.ours.astype(_U),
            ((one << self.their_words.astype(_U)) - one) << self.theirs.astype(_U),
        )

    def used(self, pairs: int) -> tuple[np.ndarray, np.ndarray]:
        """The words of each pair that have met, as bits, ours and theirs."""
        found = np.zeros(pairs, _U), np.zeros(pairs, _U)
        for bits, mask in zip(found, self.masks(), strict=True):
            np.bitwise_or.at(bits, self.pair, mask)
        return found


@dataclass(frozen=True, slots=True)
class Meeter:
    """All that is needed to find which words of our rows meet which of theirs."""

    ours: Side
    theirs: Side
    like: Like
    keys: np.ndarray
    coarse: np.ndarray
    our_join: np.ndarray  # per word of ours: its hash if some row of theirs has a run of words spelt so, else 0
    settings: Settings

    @staticmethod
    def of(ours: Side, theirs: Side, like: Like, our_join: np.ndarray, settings: Settings) -> Meeter:
        """The meeter of two sides whose words are alike as `like` says."""
        keys = like.ours * len(theirs.table.vocabulary.words) + like.theirs
        coarse = np.zeros(1 << max(len(keys).bit_length() + 3, _LEAST_BITS), bool)
        coarse[_bucket(keys, coarse)] = True
        return Meeter(ours, theirs, like, keys, coarse, our_join, settings)

    def meetings(self, left: np.ndarray, right: np.ndarray) -> Meetings:
        """Every meeting of words and runs of words in the pairs of our rows `left` and their rows `right`."""
        found = [self._words(left, right), self._their_runs(left, right), self._our_runs(left, right)]
        return Meetings(*(np.concatenate(parts) for parts in zip(*(m.columns() for m in found), strict=True)))

    def _words(self, left: np.ndarray, right: np.ndarray) -> Meetings:
        a, b = self.ours.table, self.theirs.table
        pair, place, other = product(a.off, left, b.off, right)
        key = a.word[place] * len(b.vocabulary.words) + b.word[other]
        maybe = np.flatnonzero(self.coarse[_bucket(key, self.coarse)])
        at = np.searchsorted(self.keys, key[maybe])
        at[at == len(self.keys)] = 0
        hit = self.keys[at] == key[maybe] if len(self.keys) else np.zeros(0, bool)
        maybe, at = maybe[hit], at[hit]
        pair, one = pair[maybe], np.ones(len(maybe), np.int64)
        return Meetings(
            pair,
            place[maybe] - a.off[left[pair]],
            one,
            other[maybe] - b.off[right[pair]],
            one,
            self.like.similarity[at],
        )

    def _their_runs(self, left: np.ndarray, right: np.ndarray) -> Meetings:
        a, runs = self.ours.table, self.theirs.runs
        some = np.concatenate([[0], np.cumsum(self.our_join[a.word] != 0)])
        keep = np.flatnonzero(some[a.off[left + 1]] > some[a.off[left]])
        pair, place, run = product(a.off, left[keep], self.theirs.run_off, right[keep])
        value = self.our_join[a.word[place]]
        hit = np.flatnonzero((value != 0) & (value == runs.hash[run]))
        pair, place, run = keep[pair[hit]], place[hit], run[hit]
        return Meetings(
            pair,
            place - a.off[left[pair]],
            np.ones(len(pair), np.int64),
            runs.start[run],
            runs.words[run],
            np.full(len(pair), self.settings["similarity.joined"]),
        )

    def _our_runs(self, left: np.ndarray, right: np.ndarray) -> Meetings:
        runs, off, b = self.ours.runs, self.ours.run_off, self.theirs.table
        keep = np.flatnonzero(off[left + 1] > off[left])
        pair, run, other = product(off, left[keep], b.off, right[keep])
        hit = np.flatnonzero(runs.hash[run] == b.vocabulary.spelt[b.word[other]])
        pair, run, other = keep[pair[hit]], run[hit], other[hit]
        return Meetings(
            pair,
            runs.start[run],
            runs.words[run],
            other - b.off[right[pair]],
            np.ones(len(pair), np.int64),
            np.full(len(pair), self.settings["similarity.joined"]),
        )


def _bucket(keys: np.ndarray, coarse: np.ndarray) -> np.ndarray:
    """The place of each key in `coarse`, whose size is a power of two."""
    found: np.ndarray = (keys.astype(_U) * _MIX >> _U(65 - len(coarse).bit_length())).astype(np.int64)
    return found


def product(
    a_off: np.ndarray, left: np.ndarray, b_off: np.ndarray, right: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For each pair, every place of its left row with every place of its right row: pair, place in a, place in b."""
    a_size, b_size = a_off[left + 1] - a_off[left], b_off[right + 1] - b_off[right]
    a_pair = np.repeat(np.arange(len(left)), a_size)
    a_place = spread(a_off[left], a_size)
    repeat = b_size[a_pair]
    return np.repeat(a_pair, repeat), np.repeat(a_place, repeat), spread(b_off[right][a_pair], repeat)


def best(found: Meetings, our_weight: np.ndarray, pairs: int) -> Meetings:
    """The meetings that hold when each word meets once: most alike first, then the weightier, then the earlier."""
    order = np.lexsort((found.theirs, found.ours, -our_weight, -found.similarity, found.pair))
    found = found.take(order)
    ours, theirs = found.masks()
    used_ours, used_theirs = np.zeros(pairs, _U), np.zeros(pairs, _U)
    left = np.arange(len(found.pair))
    chosen = []
    while len(left):
        pair = found.pair[left]
        first = left[np.flatnonzero(np.diff(pair, prepend=-1))]
        chosen.append(first)
        used_ours[found.pair[first]] |= ours[first]
        used_theirs[found.pair[first]] |= theirs[first]
        left = left[((used_ours[pair] & ours[left]) | (used_theirs[pair] & theirs[left])) == 0]
    at = np.sort(np.concatenate(chosen)) if chosen else np.zeros(0, np.int64)
    return found.take(at)
