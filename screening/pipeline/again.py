"""Screening again after the lists changed: only records whose hits the change can touch are looked at anew.

Nothing but hits comes from the lists. A record whose hits, and whose other names and numbers, the change cannot reach
has the same outcome, to the last word: what was found is carried over, and only where entries stand in the lists is
told anew. Where nothing that the second phase rests on has changed, its verdict stands; where it has for records that
no sum, link or letter joins to others, these are judged anew by themselves.

Of a part that nothing touches all files but its hits are the same for both runs, and their digests those of the former.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
import pandas as pd

from screening import outcome
from screening.errors import ScreeningError
from screening.identity import Identities
from screening.model import MARK_COLUMNS, PARTY_ROLES, REJECT_COLUMNS, Hit, Spoken
from screening.pipeline import lines, packing, verdict
from screening.pipeline.gather import Gathered, chosen
from screening.pipeline.judged import Judged
from screening.pipeline.look import SEEN, Kept, look, see
from screening.pipeline.packing import Changing, Found, Packed, packed
from screening.pipeline.spool import Part, Spool
from screening.pipeline.stages import Anew, Batch, Stages
from screening.pipeline.ties import Ties
from screening.pipeline.verdict import Verdict

_ABOUT = "run.json"
_PLACES = ["entry", "name"]  # where a hit's entry and name stand in the lists: no outcome depends on it
_WHAT = dict.fromkeys(PARTY_ROLES, "party") | {"vessel": "vessel", "imo": "imo"}
_JUDGED = ("kept", "facts", "hits", "reported")
_TEXTS_AT_ONCE = 100_000


class Reach(Protocol):
    """What a change of lists can touch; see matching.reach."""

    @property
    def entries(self) -> frozenset[str]:
        """The ids of entries whose hits may be others than before."""

    @property
    def entry(self) -> np.ndarray:
        """Where each entry of the former lists stands now."""

    @property
    def name(self) -> np.ndarray:
        """Where each name of the former lists stands now."""

    @property
    def numbers(self) -> bool:
        """Whether IMO numbers are among what changed."""

    def cells(self, texts: Sequence[str], what: str, said: Spoken | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Which cells of a party, vessel or imo column may have other hits now, and which if they had some before."""


@dataclass(frozen=True, slots=True)
class FormerRun:
    """What an earlier run worked out, kept whole.

    Args:
        inputs, history: what its manifest says of the files. verdict: what it came to, written beside the parts.
    """

    spool: Spool
    parts: tuple[Part, ...]
    inputs: list[dict[str, Any]]
    history: list[dict[str, Any]]
    verdict: verdict.Held

    @classmethod
    def open(cls, folder: Path) -> FormerRun | None:
        """The run kept in a folder; None where there is none, or a part of it is missing or harmed."""
        try:
            written = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
            told, files = written["told"], written["told"]["files"]
            if written["sha256"] != _digest(told) or files != _files(folder):
                return None
            parts, held = tuple(Part(**part) for part in told["parts"]), verdict.Held(folder, files)
            found = cls(Spool(folder), parts, told["inputs"], told["history"], held)
        except (OSError, ValueError, TypeError, KeyError):
            return None
        return found if all(found.spool.holds(part) for part in found.parts) else None

    def save(self) -> None:
        """Write what `open` reads, beside the parts and the verdict, which are there."""
        told = {
            "parts": [asdict(part) for part in self.parts],
            "inputs": self.inputs,
            "history": self.history,
            "files": dict(self.verdict.files),
        }
        written = {"told": told, "sha256": _digest(told)}
        (self.spool.folder / _ABOUT).write_text(json.dumps(written), encoding="utf-8")


def _digest(told: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _files(folder: Path) -> dict[str, str]:
    """The SHA-256 of each file of the verdict."""
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in verdict.FILES}


class _Cells:
    """The cells of one kind of column that a change reaches; see Reach.cells."""

    def __init__(self, what: str) -> None:
        self.what = what
        self.found, self.formerly = set[str](), set[str]()
        self._held = [np.zeros(0, np.uint64)]  # hashes of the cells that were held against the change, in order

    def learn(self, texts: Sequence[str], reach: Reach, said: Spoken | None = None) -> None:
        """Holds cells against the change, of which the words may be known."""
        for reached, mask in zip((self.found, self.formerly), reach.cells(texts, self.what, said), strict=True):
            reached.update(texts[place] for place in np.flatnonzero(mask).tolist())
        self._held = [np.union1d(self._held[0], packing.hashed(texts))]

    def unknown(self, hashes: np.ndarray) -> np.ndarray:
        """Which cells were not held against the change."""
        return ~_among(hashes, self._held[0])


def _columns(what: str) -> list[str]:
    """The columns of a kind."""
    return [column for column, its in _WHAT.items() if its == what]


def _among(hashes: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Which hashes are among others, which are in order."""
    if not len(known):
        return np.zeros(len(hashes), bool)
    found: np.ndarray = known[np.searchsorted(known, hashes).clip(max=len(known) - 1)] == hashes
    return found


@contextmanager
def _there(spool: Spool) -> Iterator[None]:
    """What the block reads of the earlier run is there.

    Raises:
        ScreeningError: it is not, or no longer.
    """
    try:
        yield
    except (OSError, KeyError, ValueError) as error:  # ValueError: a table that is cut short
        why = "the earlier run that is taken up was removed or harmed while it was read; run again"
        raise ScreeningError(why, at=spool.folder) from error


@dataclass(frozen=True, slots=True)
class Former:
    """A batch as an earlier run left it.

    Args:
        touched: which records are to be looked at anew. entry, name: where the entries and names that the others met
            stand in the present lists, by their places in the former.
    """

    spool: Spool
    part: Part
    touched: np.ndarray
    entry: np.ndarray
    name: np.ndarray

    @property
    def rows(self) -> int:
        """How many records it has."""
        return self.part.rows

    def records(self) -> pd.DataFrame:
        """Those that are looked at anew."""
        with _there(self.spool):
            return self.spool.records(self.part, at=np.flatnonzero(self.touched)).drop(columns=list(SEEN))

    def carried(self) -> dict[str, bytes]:
        """The tables that are others though nothing is touched: entries and names stand elsewhere in the lists."""
        with _there(self.spool):
            table = self.spool.tables(self.part, ("hits",))["hits"]
        entry, name = (packing.Columns(table, (column,)).numbers(column) for column in _PLACES)
        return {"hits": packing.placed(table, {"entry": self.entry[entry], "name": _found(name, self.name)})}

    def renewed(self, anew: Changing) -> dict[str, bytes]:
        """The tables that looking at the whole batch anew would make others.

        Args:
            anew: what was found in the records that were touched.
        """
        with _there(self.spool):
            former = Changing.of(self.spool.tables(self.part, Changing.NAMES))
        at = np.flatnonzero(self.touched)
        kept = ~self.touched[former.hits["position"].to_numpy()]
        placed = anew.hits.assign(position=at[anew.hits["position"].to_numpy(dtype=np.int64)])
        hits = pd.concat([self._moved(former.hits[kept]), placed], ignore_index=True)
        order = np.argsort(hits["position"].to_numpy(), kind="stable")
        return Changing(
            hits.iloc[order].reset_index(drop=True),
            _merged(former.near, anew.near, self.touched),
            _merged_kept(former.kept, anew.kept, self.touched),
            packing.some(former.reported, kept, anew.reported, order),
            lines.replaced(former.lines, at, anew.lines),
        ).tables()

    def _moved(self, hits: pd.DataFrame) -> pd.DataFrame:
        """Hits that were not touched, with the places of their entries and names in the present lists."""
        entry, name = (hits[column].to_numpy(np.int64) for column in _PLACES)
        return hits.assign(entry=self.entry[entry], name=_found(name, self.name))


def _found(places: np.ndarray, now: np.ndarray) -> np.ndarray:
    """Where what stood at these places stands now; a place that is none stays so."""
    found = places.copy()
    found[places >= 0] = now[places[places >= 0]]
    return found


@dataclass(frozen=True, slots=True)
class Again:
    """A former run, to be taken up under other lists.

    Args:
        cells: by kind of column. touched: the parts of which something is looked at anew.
    """

    run: FormerRun
    reach: Reach
    cells: Mapping[str, _Cells] = field(default_factory=lambda: {what: _Cells(what) for what in set(_WHAT.values())})
    touched: set[Part] = field(default_factory=set)

    def batches(self, *, history: bool) -> Iterator[Former]:
        """The batches in order: those of the trade files, or those of the history."""
        if not history:
            with _there(self.run.spool):
                self._learn()
        for part in self.run.parts:
            if part.history == history:
                with _there(self.run.spool):
                    touched = self._touched(part)
                if touched.any():
                    self.touched.add(part)
                yield Former(self.run.spool, part, touched, self.reach.entry, self.reach.name)

    def _learn(self) -> None:
        """Hold all cells of all parts against the change, those of many parts at once."""
        several, texts = list[bytes](), 0
        for part in self.run.parts:
            table = self.run.spool.tables(part, ("spoken",))["spoken"]
            several.append(table)
            texts += packing.Columns(table, ("ship",)).rows
            if texts >= _TEXTS_AT_ONCE:
                self._recall(several)
                several, texts = [], 0
        self._recall(several)
        for part in self.run.parts:
            self._complete(part)

    def _recall(self, tables: Sequence[bytes]) -> None:
        """The cells whose words are known."""
        for said in packing.spoken(tables) if tables else ():
            self.cells["vessel" if said.ship else "party"].learn(said.texts, self.reach, said)

    def _complete(self, part: Part) -> None:
        """The cells of a part whose words no part tells, and its IMO numbers where the change is of such."""
        for what, hashes in self._hashes(part):
            if self.cells[what].unknown(hashes).any():
                self._read(part, what)
        if self.reach.numbers:
            self._read(part, "imo")

    def _read(self, part: Part, what: str) -> None:
        columns, cells = _columns(what), self.cells[what]
        records = self.run.spool.columns(part, columns)
        texts = list({text for column in columns if column in records.names for text in records.distinct(column)})
        new = cells.unknown(packing.hashed(texts))
        cells.learn([texts[place] for place in np.flatnonzero(new).tolist()], self.reach)

    def _hashes(self, part: Part) -> Iterator[tuple[str, np.ndarray]]:
        """By kind of column, the hashes of a part's cells."""
        table = self.run.spool.tables(part, ("cells",))["cells"]
        yield from zip(("party", "vessel"), packing.cells(table), strict=True)

    def _touched(self, part: Part) -> np.ndarray:
        """The records of a batch that have a hit which may be another now, or a cell that may have one."""
        table = self.run.spool.tables(part, ("hits",))["hits"]
        hits = packing.Columns(table, ("entry_id", "value", "role", "position"))
        found, formerly = np.zeros(part.rows, bool), hits.among("entry_id", self.reach.entries)
        for what, reached in self._reached(part).items():
            cells, columns = self.cells[what], _columns(what)
            formerly |= hits.among("value", cells.formerly)
            if reached:
                records = self.run.spool.columns(part, columns)
                for column in records.names:
                    found |= records.among(column, cells.found)
                if what == "vessel":  # a ship's hits by its name are told with those by its number
                    named = records.among("vessel", cells.formerly)
                    formerly |= hits.among("role", {"imo"}) & named[hits.numbers("position")]
        found[hits.numbers("position")[formerly]] = True
        return found

    def _reached(self, part: Part) -> dict[str, bool]:
        """By kind of column, whether a part may have cells that the change reaches."""
        found = {"imo": bool(self.cells["imo"].found)}
        for what, hashes in self._hashes(part):
            asked = packing.hashed(sorted(self.cells[what].found | self.cells[what].formerly))
            found[what] = bool(_among(asked, hashes).any())
        return found

    def verdict(
        self,
        spool: Spool,
        parts: Sequence[Part],
        found: Sequence[Found],
        stages: Stages,
        judge: Callable[[Gathered], Judged],
    ) -> Verdict | None:
        """What the second phase of the former run came to, as far as what it looks at is the same.

        Records of which something else is to be judged are judged anew by themselves where they stand alone; None where
        they do not.

        Args:
            judge: the second phase, over some records.
        """
        told = verdict.load(self.run.verdict, stages.letters) if tuple(parts) == self.run.parts else None
        if told is None:
            return None
        with _there(self.run.spool):
            changes = [
                _change(self.run.spool.tables(part, _JUDGED), spool.tables(part, _JUDGED), at)
                if part in self.touched
                else _UNCHANGED
                for part, at in zip(parts, told.looked_at, strict=True)
            ]
            alone = self._alone(spool, parts, changes, told.judged.ties, stages.identities)
        otherwise = {
            verdict.known(hit): hit
            for part, change in zip(parts, changes, strict=True)
            if len(change.rescored)
            for hit in spool.reported(part).take(change.rescored)
        }
        if not any(len(change.places) for change in changes):
            return verdict.retold(told, otherwise)
        if not alone:
            return None
        return _amended(told, otherwise, spool, parts, found, changes, judge)

    def _alone(
        self, spool: Spool, parts: Sequence[Part], changes: Sequence[_Change], ties: Ties, identities: Identities
    ) -> bool:
        """The records of which something else is to be judged stand alone, as they were kept and as they are.

        One that is kept in neither run was looked at for the sake of others, and stands with them.
        """
        return all(
            not part.history and self._part_alone(part, change.places, spool, ties, identities)
            for part, change in zip(parts, changes, strict=True)
            if len(change.places)
        )

    def _part_alone(
        self, part: Part, places: np.ndarray, spool: Spool, ties: Ties, identities: Identities
    ) -> bool:
        both = [held.kept(part) for held in (self.run.spool, spool)]
        known = np.concatenate([kept.trades["at"].to_numpy() for kept in both])
        return bool(np.isin(places, known).all()) and all(ties.free(kept.at(places), identities) for kept in both)


def _amended(
    told: Verdict,
    otherwise: Mapping[verdict.Known, Hit],
    spool: Spool,
    parts: Sequence[Part],
    found: Sequence[Found],
    changes: Sequence[_Change],
    judge: Callable[[Gathered], Judged],
) -> Verdict | None:
    """A verdict with records that stand alone judged anew."""
    places = {at + part.first for part, change in zip(parts, changes, strict=True) for at in change.places.tolist()}
    others = verdict.without(told.judged, places)
    stands = verdict.retold(Verdict(others, told.looked_at), otherwise) if others else None
    if stands is None:
        return None
    kept = [
        spool.kept(part).at(change.places).trades["at"].to_numpy() if len(change.places) else change.places
        for part, change in zip(parts, changes, strict=True)
    ]
    judged = stands.judged
    if any(map(len, kept)):
        judged = verdict.joined(judged, judge(chosen(spool, parts, found, kept)))
    looked_at = tuple(
        np.union1d(np.setdiff1d(at, change.places), now)
        for at, change, now in zip(told.looked_at, changes, kept, strict=True)
    )
    return Verdict(verdict.numbered(judged), looked_at)


class _Change(NamedTuple):
    """What the second phase is given of a part otherwise than before.

    Args:
        places: of records of which it is something to be judged by. rescored: the rows of hits of other records that
            show another score, or others of its parts, and nothing else.
    """

    places: np.ndarray
    rescored: np.ndarray


_UNCHANGED = _Change(np.zeros(0, np.int64), np.zeros(0, np.int64))


def _change(former: Mapping[str, bytes], tables: Mapping[str, bytes], looked_at: np.ndarray) -> _Change:
    """What is otherwise in a part: of the records that are kept, and of the hits of those that are looked at.

    What words added to a score, and the score itself, are shown with a hit, and nothing is judged by them.
    """
    both, by_words = (former, tables), (*_PLACES, "features", "score")
    kept = [packing.kept_rows(one) for one in both]
    at = np.union1d(looked_at, np.concatenate([one["at"].to_numpy() for one in kept]))
    hits = [packing.hits(one["hits"], one["reported"], at, by_words) for one in both]
    places = np.union1d(packing.differing("at", *kept), packing.differing("position", *hits))
    others = np.setdiff1d(at, places)
    (_, was), (rows, now) = (packing.shown(one["hits"], one["reported"], others) for one in both)
    return _Change(places, rows[was != now])


class Group:
    """Parts of an earlier run, of which records are looked at together."""

    def __init__(self) -> None:
        self.parts, self._frames = list[tuple[Part, Former]](), list[pd.DataFrame]()

    @property
    def rows(self) -> int:
        """How many records are looked at."""
        return sum(map(len, self._frames))

    def add(self, part: Part, former: Former) -> None:
        """One more."""
        self.parts.append((part, former))
        self._frames.append(former.records())

    def of_other_kind(self, part: Part) -> bool:
        """A part is of the history and these are not, or the other way round."""
        return bool(self.parts) and self.parts[0][0].history != part.history

    def anew(self) -> Anew:
        """What is to be looked at; it is held here no longer."""
        frames, self._frames = self._frames, []
        return Anew(pd.concat(frames, ignore_index=True))

    def told(self, packed: Packed) -> Iterator[tuple[Part, Former, Changing]]:
        """What was found in the records of each part."""
        every, first = Changing.of(packed.tables), 0
        for part, former in self.parts:
            end = first + int(former.touched.sum())
            yield part, former, every.part(first, end)
            first = end


def worked(given: Batch | Anew, stages: Stages, *, history: bool) -> Packed:
    """A batch looked at, whether for the first time or again."""
    if isinstance(given, Anew):
        rejects, marks = (outcome.joined([], columns) for columns in (REJECT_COLUMNS, MARK_COLUMNS))
        return packed(see(given.frame, rejects, marks, stages, history=history))
    return packed(look(given, stages, history=history))


def _merged_kept(former: Kept, anew: Kept, touched: np.ndarray) -> Kept:
    """The kept records that were not touched, and those of the others that are kept now."""
    was, now = (one.facts.assign(at=one.trades["at"].to_numpy()) for one in (former, anew))
    return Kept(_merged(former.trades, anew.trades, touched), _merged(was, now, touched).drop(columns="at"))


def _merged(former: pd.DataFrame, anew: pd.DataFrame, touched: np.ndarray) -> pd.DataFrame:
    """Rows on records, whose place is `at`: the former ones on those that were not touched, and the new on the others.

    Args:
        touched: which records of the batch were looked at anew.
    """
    placed = anew.assign(at=np.flatnonzero(touched)[anew["at"].to_numpy(dtype=np.int64)])
    both = pd.concat([former[~touched[former["at"].to_numpy()]], placed], ignore_index=True)
    order = np.argsort(both["at"].to_numpy(), kind="stable")
    found: pd.DataFrame = both.iloc[order].reset_index(drop=True)
    return found
