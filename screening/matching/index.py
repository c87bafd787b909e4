"""The names of a snapshot, ready to be searched: who has each word, and what of each name must be met."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from screening.matching import names
from screening.matching.align import Side
from screening.matching.likeness import Finder, Like
from screening.matching.lookup import Lookup
from screening.matching.pairs import KINDS, ROUNDED, SQUASHED_EDIT, SQUASHED_LEAST, TELLING
from screening.matching.settings import Settings
from screening.matching.table import LIGHT, Table, caps, has_letters, rarity, squashed, tabulate
from screening.matching.vocabulary import Vocabulary, deletions

CHEAP_LEAD = 30  # a word that no more names have leads its names even where it could be spared
BEGUN_LEAST = 2  # letters of a word that was cut
STEP_BITS = 13  # what a meeting adds to a name is told in steps, so that it packs with the pair into one number
STEPS = 1 << STEP_BITS


@dataclass(frozen=True, slots=True)
class Postings:
    """The rows that have each word or run, bounded by `off`, and what meeting it adds to a row it leads, in steps."""

    off: np.ndarray
    row: np.ndarray
    adds: np.ndarray

    @staticmethod
    def of(unit: np.ndarray, row: np.ndarray, adds: np.ndarray, units: int) -> Postings:
        """The rows by unit."""
        order = np.argsort(unit, kind="stable")
        off = np.concatenate([[0], np.cumsum(np.bincount(unit, minlength=units))])
        return Postings(off, row[order].astype(np.int32), np.ceil(adds[order]).astype(np.uint16))


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
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
    spelt_runs: Lookup  # the runs by their hash
    runs: Postings
    lead_runs: Postings
    spelt: Lookup  # the words by their hash
    alike: Like  # of each word, the words that are like it
    squashed: Lookup
    distinctive: np.ndarray  # rows that are more than one common word
    known: np.ndarray  # rows of a company's one long word that is common on the list alone: Al-Qaida
    single: np.ndarray  # rows of one word
    common: np.ndarray  # rows without a word that tells one name from others
    total: np.ndarray  # weight of each row
    lead: np.ndarray  # whether each word leads its row
    spared: np.ndarray  # share of the words that do not lead
    initials: np.ndarray  # rows with a word of one letter
    begun: np.ndarray  # hashes of what words begin with, of two letters and more: distinct, sorted

    @property
    def name(self) -> np.ndarray:
        """The name in Snapshot.names that each row reads."""
        return self.side.table.text

    def like(self, ours: Vocabulary, settings: Settings) -> Like:
        """Every word of ours with every word of the names that is like it."""
        same = np.full(len(ours.words), -1)
        at, word = self.spelt.find(ours.spelt)
        same[at] = word
        return self.finder.like(ours, settings, same, self.alike)

    @staticmethod
    def build(entries: pd.DataFrame, listed: pd.DataFrame, settings: Settings, counted: bool = True) -> Index:
        """The index of a snapshot's names.

        Args:
            counted: whether words weigh by how many of these names have them, or by the reference alone.
        """
        kinds = entries["kind"].to_numpy(str)[listed["entry"].to_numpy()] if len(listed) else np.zeros(0, str)
        person, vessel = kinds == "person", kinds == "vessel"
        readings = names.read(listed["text"].astype(str).tolist(), settings.lexicon, natural=person)
        table = tabulate(readings, settings, person, vessel)
        code = np.array([KINDS.index(k) if k in KINDS else KINDS.index("other") for k in kinds], np.int64)
        weight = rarity(table, settings) if counted else known_weights(table.vocabulary, settings)
        return _index(table, weight, code[table.text], settings)


def _index(table: Table, weight: np.ndarray, kind: np.ndarray, settings: Settings) -> Index:
    side = Side.of(table, weight)
    words, runs = len(table.vocabulary.words), side.runs
    finder = Finder.of(table.vocabulary)
    lead = needed_words(
        table.row,
        table.off,
        side.weight[table.word],
        np.bincount(table.word, minlength=words)[table.word],
        _least(kind, settings, side) * side.total(),
        CHEAP_LEAD,
    )
    run_hash, run = np.unique(runs.hash, return_inverse=True)
    first = table.off[runs.row] + runs.start
    before = np.concatenate([[0], np.cumsum(lead)])
    leads = before[first + runs.words] > before[first]
    distinctive, single, common = _distinctive(side, settings)
    total = side.total()
    weights = side.weight[table.word]
    span = (side.before[first + runs.words] - side.before[first]) / total[runs.row] * (STEPS - 1)
    adds, run_adds = (
        np.where(lead, weights / total[table.row] * (STEPS - 1), 0.0),
        np.where(leads, np.minimum(span, STEPS - 1), 0.0),
    )
    return Index(
        side=side,
        kind=kind,
        finder=finder,
        words=Postings.of(table.word, table.row, adds, words),
        lead_words=Postings.of(table.word[lead], table.row[lead], adds[lead], words),
        spelt_runs=Lookup.of(np.arange(len(run_hash)), run_hash),
        runs=Postings.of(run, runs.row, run_adds, len(run_hash)),
        lead_runs=Postings.of(run[leads], runs.row[leads], run_adds[leads], len(run_hash)),
        spelt=Lookup.of(np.arange(words), table.vocabulary.spelt),
        alike=finder.like(table.vocabulary, settings),
        squashed=Lookup.of(*squashed_spellings(table, np.arange(len(table.text)))),
        distinctive=distinctive,
        known=single & (kind == KINDS.index("organisation")) & _uncommon(table, settings),
        single=single,
        common=common,
        total=total,
        lead=lead,
        spared=np.bincount(table.row, np.where(lead, 0.0, weights), minlength=len(table.text)) / total,
        initials=has_letters(table),
        begun=table.vocabulary.words.beginnings(BEGUN_LEAST),
    )


def squashed_spellings(table: Table, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The rows, and hashes of their words written as one with none or one letter left out."""
    joined = squashed(table, rows)
    size = np.fromiter(map(len, joined), np.int64, len(joined))
    long = np.flatnonzero(size >= SQUASHED_LEAST)
    place, value = deletions([joined[i] for i in long.tolist()], (size[long] >= SQUASHED_EDIT).astype(np.int8))
    return rows[long[place]], value


def _distinctive(side: Side, settings: Settings) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The rows of several words or of one rare, long word; those of one word; and those of one or two common words."""
    table, rows = side.table, len(side.table.text)
    weight = side.weight[table.word]
    count = np.bincount(table.row[weight > LIGHT], minlength=rows)
    rare = (weight >= settings["single.rarity"]) & (table.vocabulary.size[table.word] >= settings["single.letters"])
    telling = np.bincount(table.row[weight >= TELLING], minlength=rows) > 0
    return (count > 1) | (np.bincount(table.row[rare], minlength=rows) > 0), count <= 1, ~telling & (count <= 2)


def _uncommon(table: Table, settings: Settings) -> np.ndarray:
    """The rows with a long word that the reference of common words does not hold to be one."""
    word = (caps(table.vocabulary, settings) >= settings["single.rarity"]) & (
        table.vocabulary.size >= settings["single.letters"]
    )
    found: np.ndarray = np.bincount(table.row[word[table.word]], minlength=len(table.text)) > 0
    return found


def _least(kind: np.ndarray, settings: Settings, side: Side) -> np.ndarray:
    """The share of each row's weight that must be met by words; less where initials may add to it."""
    cut = np.array([settings.by_kind("cut_off")[k] for k in KINDS]) / 100
    least = share_to_meet(np.minimum(cut[kind], settings["cross.cut_off"] / 100), side.total(), settings)
    return np.where(has_letters(side.table), settings["similarity.initial_needs"], least)


def share_to_meet(cut: np.ndarray, total: np.ndarray, settings: Settings) -> np.ndarray:
    """The share of its weight that one name of a pair must have met for a score of `cut` (0 to 1).

    A pair in which a word is misspelt or left over must make good what that costs; in any other, all that weighs
    anything is met on both sides.
    """
    exact = (settings["similarity.joined"] - 1e-6) * (1 - LIGHT / total)
    found: np.ndarray = np.maximum(cut, np.minimum(cut + settings["deduct.inexact"] / 100, exact)) - ROUNDED / 100
    return found


def needed_words(
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


def known_weights(vocabulary: Vocabulary, settings: Settings) -> np.ndarray:
    """What words weigh where there is no list to count them in: the names of the table of spellings are common ones."""
    most = np.where(vocabulary.known, settings["weight.name"], settings["weight.unknown"])
    weight: np.ndarray = np.minimum(most, caps(vocabulary, settings))
    return weight
