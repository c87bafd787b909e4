"""What a change of lists can touch: the texts that may meet an entry now, or meet it otherwise, than before.

A text's score against a name rests on the two names and on what their words weigh, and on nothing else of the lists. So
only names that came or changed, names with a word that weighs something else, and texts with such a word can score
otherwise; every other pair scores to the last digit what it scored.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from screening.matching import names
from screening.matching.identifiers import Identifiers
from screening.matching.index import Index, squashed_spellings
from screening.matching.likeness import Finder
from screening.matching.lookup import Lookup
from screening.matching.screen import PARTY, SHIP, Listed, Matcher
from screening.matching.table import Table, joins, retold, tabulate
from screening.matching.vocabulary import Vocabulary
from screening.model import Spoken

_APART, _BELOW = "\x1f", "\x1d"
_TEXT = pa.large_string()


@dataclass(frozen=True, slots=True)
class Reach:
    """The change from one list to another, as texts and hits are held against it.

    Args:
        entries: the ids of entries of either list whose hits may be others than before.
        entry, name: where each entry and name of the former list stands in the present one, -1 for one that changed.
        identifiers: of entries that came or changed, as they stand now; what met those of others was a hit before.
    """

    matcher: Matcher
    entries: frozenset[str]
    entry: np.ndarray
    name: np.ndarray
    identifiers: Identifiers
    _fresh: np.ndarray  # entries of the present list that are among `entries`
    _weighed: Finder  # words that weigh something else, or are on one list alone
    _words: Finder  # of names that a text may meet and did not, or meet otherwise
    _runs: np.ndarray  # hashes of runs of their words, sorted
    _squashed: Lookup

    @staticmethod
    def of(before: Listed, former: Index, matcher: Matcher) -> Reach:
        """What the change can touch from one list, with its index, to that of a matcher with the same settings."""
        after, index = matcher.snapshot, matcher.index
        old, new = _contents(before), _contents(after)
        rewritten = frozenset(key for key in old.keys() | new.keys() if old.get(key) != new.get(key))
        ids = after.entries["entry_id"].tolist()
        changed = np.fromiter((one in rewritten for one in ids), bool, len(ids))
        weighed = _reweighed(former, index)
        table, owner = index.side.table, after.names["entry"].to_numpy(np.int64)[index.name]
        other = np.fromiter((word in weighed for word in table.vocabulary.words), bool, len(table.vocabulary.words))
        heavy = np.bincount(table.row[other[table.word]], minlength=len(table.text)) > 0
        rows = np.flatnonzero(changed[owner] | heavy)
        fresh = changed.copy()
        fresh[owner[heavy]] = True
        numbers = after.identifiers[changed[after.identifiers["entry"].to_numpy(np.int64)]]
        lexicon, among = matcher.settings.lexicon, np.isin(table.row, rows)
        spoken = table.vocabulary.words.some(np.unique(table.word[among]))
        runs = index.side.runs
        return Reach(
            matcher,
            frozenset(one for one, is_fresh in zip(ids, fresh.tolist(), strict=True) if is_fresh) | rewritten,
            *_places(before, after, rewritten),
            Identifiers.of(numbers, len(ids)),
            fresh,
            Finder.of(Vocabulary.of(sorted(weighed), lexicon)),
            Finder.of(Vocabulary.of(spoken, lexicon)),
            np.unique(runs.hash[np.isin(runs.row, rows)]),
            Lookup.of(*squashed_spellings(table, rows)),
        )

    @property
    def numbers(self) -> bool:
        """Whether IMO numbers are among what changed."""
        return bool(self.identifiers.imo)

    def cells(self, texts: Sequence[str], what: str, said: Spoken | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Which cells of a party, vessel or imo column have hits now that may be others than before; and what hits of
        which cells may have been others: all that are, and some more. Hits that met `entries` are not told again.

        Args:
            said: the same texts with their words; they are read where these are not known.
        """
        found, formerly = np.zeros(len(texts), bool), np.zeros(len(texts), bool)
        if what != "imo":
            found, formerly = self.texts(texts, what == SHIP, said)
        if what != PARTY and self.identifiers.imo:
            found |= self.identifiers.like_numbers(texts)
        if what == PARTY and self.identifiers.other:
            found |= self.identifiers.in_texts(texts)
        return found, formerly

    def texts(self, texts: Sequence[str], ship: bool, said: Spoken | None = None) -> tuple[np.ndarray, np.ndarray]:
        """The same of party cells, or of ships' names, for hits by name."""
        found, formerly = np.zeros(len(texts), bool), np.zeros(len(texts), bool)
        filled = np.flatnonzero(np.fromiter((bool(text.strip()) for text in texts), bool, len(texts)))
        if not len(filled) or not self.entries:
            return found, formerly
        named = [texts[at] for at in filled.tolist()]
        table = self._read(named, ship) if said is None else retold(said, self.matcher.settings.lexicon)
        formerly[filled[self._reweighed(table)]] = True
        asked = np.union1d(self._meeting(table), np.flatnonzero(formerly[filled]))
        hits = self.matcher.find([named[at] for at in asked.tolist()], SHIP if ship else PARTY)
        place = filled[asked[hits["text"].to_numpy(np.int64)]]
        found[place[self._fresh[hits["entry"].to_numpy(np.int64)] | formerly[place]]] = True
        return found, formerly

    def _read(self, texts: Sequence[str], ship: bool) -> Table:
        settings, nobody = self.matcher.settings, np.zeros(len(texts), bool)
        readings = names.read(texts, settings.lexicon, parts=True, fields=settings.fields, ships=ship)
        return tabulate(readings, settings, nobody, ~nobody if ship else nobody)

    def _reweighed(self, table: Table) -> np.ndarray:
        """The texts with a word that may weigh something else, since it is as rare as the listed word it is like."""
        like = self._weighed.like(table.vocabulary, self.matcher.settings)
        words = like.ours[like.similarity >= self.matcher.settings["similarity.weight"]]
        return np.unique(table.text[table.row[np.isin(table.word, words)]])

    def _meeting(self, table: Table) -> np.ndarray:
        """The texts with a word or a run of words that meets one of the names, or that are one when written as one."""
        words, runs = table.vocabulary, joins(table)
        met = np.zeros(len(words.words), bool)
        met[self._words.like(words, self.matcher.settings).ours] = True
        met |= np.isin(words.spelt, self._runs)
        rows = [
            table.row[met[table.word]],
            runs.row[np.isin(runs.hash, self._words.vocabulary.spelt)],
            _squashed_to(table, self._squashed),
        ]
        return np.unique(table.text[np.concatenate(rows)])


def _squashed_to(table: Table, known: Lookup) -> np.ndarray:
    rows, value = squashed_spellings(table, np.arange(len(table.text)))
    found: np.ndarray = rows[known.find(value)[0]]
    return found


def _reweighed(former: Index, index: Index) -> frozenset[str]:
    """The words that weigh something else in one index than in the other, or that one of them lacks."""
    was, now = (dict(zip(one.side.table.vocabulary.words, one.side.weight.tolist(), strict=True))
                for one in (former, index))  # fmt: skip
    return frozenset(word for word in was.keys() | now.keys() if was.get(word) != now.get(word))


def _contents(listed: Listed) -> dict[str, str]:
    """All that is listed of each entry as one text, by its id."""
    entries = listed.entries
    told = [_rows(entries), *(_of_entries(frame, len(entries)) for frame in (listed.names, listed.identifiers))]
    return dict(zip(entries["entry_id"].tolist(), _side_by_side(told, _BELOW).to_pylist(), strict=True))


def _of_entries(frame: pd.DataFrame, entries: int) -> pa.Array:
    """The rows of each entry as one text, in their order."""
    owner = frame["entry"].to_numpy(np.int64)
    order = np.argsort(owner, kind="stable")
    rows = _rows(frame.drop(columns="entry")).take(pa.array(order))
    bounds = np.searchsorted(owner[order], np.arange(entries + 1))
    return pc.binary_join(pa.LargeListArray.from_arrays(pa.array(bounds), rows), pa.scalar(_BELOW, _TEXT))


def _rows(frame: pd.DataFrame) -> pa.Array:
    """Each row as one text."""
    return _side_by_side([_texts(frame[column]) for column in frame], _APART)


def _texts(column: pd.Series) -> pa.Array:
    found = pa.array(column.astype("str").fillna("")).cast(_TEXT)
    return found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found


def _side_by_side(texts: Sequence[pa.Array], between: str) -> pa.Array:
    return pc.binary_join_element_wise(*texts, pa.scalar(between, _TEXT))


def _places(before: Listed, after: Listed, rewritten: frozenset[str]) -> tuple[np.ndarray, np.ndarray]:
    """Where each entry and each name of the one stands in the other."""
    old, new = before.entries["entry_id"].tolist(), after.entries["entry_id"].tolist()
    at = {one: place for place, one in enumerate(new)}
    entry = np.array([-1 if one in rewritten else at[one] for one in old], np.int64)
    owner, other = (one.names["entry"].to_numpy(np.int64) for one in (before, after))
    first, begins = np.searchsorted(owner, owner), np.searchsorted(other, entry[owner])
    return entry, np.where(entry[owner] < 0, -1, begins + np.arange(len(owner)) - first)
