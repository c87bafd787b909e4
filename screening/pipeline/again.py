"""Screening again after the lists changed: only records whose hits the change can touch are looked at anew.

Nothing but hits comes from the lists. A record whose hits, and whose other names and numbers, the change cannot reach
has the same outcome, to the last word: what was found is carried over, and only where entries stand in the lists is
told anew. Where nothing that the second phase rests on has changed, its verdict stands.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pandas as pd

from screening.errors import ScreeningError
from screening.model import PARTY_ROLES, Hit, Spoken
from screening.pipeline import packing
from screening.pipeline.look import SEEN, Kept, look, see
from screening.pipeline.packing import Found, Packed, packed
from screening.pipeline.spool import Part, Spool
from screening.pipeline.stages import Batch, Former, Stages
from screening.pipeline.verdict import FILES as VERDICT_FILES
from screening.pipeline.verdict import Verdict, known, load, retold
from screening.rulebook.letters import Letter

_ABOUT = "run.json"
_PLACES = ["entry", "name"]  # where a hit's entry and name stand in the lists: no outcome depends on it
_WHAT = dict.fromkeys(PARTY_ROLES, "party") | {"vessel": "vessel", "imo": "imo"}


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

    def cells(self, texts: Sequence[str], what: str, said: Spoken | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Which cells of a party, vessel or imo column may have other hits now, and which if they had some before."""


@dataclass(frozen=True, slots=True)
class FormerRun:
    """What an earlier run worked out, kept whole.

    Args:
        inputs, history: what its manifest says of the files.
    """

    spool: Spool
    parts: tuple[Part, ...]
    inputs: list[dict[str, Any]]
    history: list[dict[str, Any]]

    @classmethod
    def open(cls, folder: Path) -> FormerRun | None:
        """The run kept in a folder; None where there is none, or a part of it is missing or harmed."""
        try:
            written = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
            told, files = written["told"], written["told"]["files"]
            if written["sha256"] != _digest(told) or files != _files(folder):
                return None
            found = cls(Spool(folder), tuple(Part(**part) for part in told["parts"]), told["inputs"], told["history"])
        except (OSError, ValueError, TypeError, KeyError):
            return None
        return found if all(found.spool.holds(part) for part in found.parts) else None

    def save(self) -> None:
        """Write what `open` reads, beside the parts and the verdict, which are there."""
        told = {
            "parts": [asdict(part) for part in self.parts],
            "inputs": self.inputs,
            "history": self.history,
            "files": _files(self.spool.folder),
        }
        written = {"told": told, "sha256": _digest(told)}
        (self.spool.folder / _ABOUT).write_text(json.dumps(written), encoding="utf-8")


def _digest(told: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _files(folder: Path) -> dict[str, str]:
    """The SHA-256 of each file of the verdict."""
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in VERDICT_FILES}


class _Cells:
    """The cells of one kind of column that were held against the change, and those that it reaches; see Reach.cells."""

    def __init__(self, what: str) -> None:
        self.what = what
        self.known, self.found, self.formerly = set[str](), set[str](), set[str]()

    def learn(self, cells: Sequence[str], reach: Reach) -> None:
        """Holds those of the cells that are new against the change."""
        self._learn([cell for cell in cells if cell not in self.known], reach)

    def recall(self, said: Spoken, reach: Reach) -> None:
        """The same of cells whose words are known."""
        self._learn(said.texts, reach, said)

    def _learn(self, cells: Sequence[str], reach: Reach, said: Spoken | None = None) -> None:
        self.known.update(cells)
        for reached, mask in zip((self.found, self.formerly), reach.cells(cells, self.what, said), strict=True):
            reached.update(cells[place] for place in np.flatnonzero(mask).tolist())


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
        for part in self.run.parts:
            if part.history == history:
                try:
                    tables = self.run.spool.tables(part)
                    touched = self._touched(tables)
                except (OSError, KeyError) as error:
                    why = "the earlier run that is taken up was removed or harmed while it was read; run again"
                    raise ScreeningError(why, at=self.run.spool.folder) from error
                if touched.any():
                    self.touched.add(part)
                yield Former(tables, touched, self.reach.entry, self.reach.name)

    def _touched(self, tables: dict[str, bytes]) -> np.ndarray:
        """The records of a batch that have a hit which may be another now, or a cell that may have one."""
        records, hits = packing.Columns(tables["records"]), packing.Columns(tables["hits"])
        found, formerly = np.zeros(records.rows, bool), hits.among("entry_id", self.reach.entries)
        for said in packing.spoken(tables["spoken"]):
            self.cells["vessel" if said.ship else "party"].recall(said, self.reach)
        for column, what in _WHAT.items():
            if column in records.names:
                cells = self.cells[what]
                cells.learn(records.distinct(column), self.reach)
                found |= records.among(column, cells.found)
                formerly |= hits.among("value", cells.formerly)
        if "vessel" in records.names:  # a ship's hits by its name are told with those by its number
            named = records.among("vessel", self.cells["vessel"].formerly)
            formerly |= hits.among("role", {"imo"}) & named[hits.numbers("position")]
        found[hits.numbers("position")[formerly]] = True
        return found

    def verdict(
        self, spool: Spool, parts: Sequence[Part], found: Sequence[Found], letters: Sequence[Letter]
    ) -> Verdict | None:
        """What the second phase of the former run came to, where what it looks at is the same."""
        stands = tuple(parts) == self.run.parts
        told = load(spool, parts, found, letters, self.run.spool.folder) if stands else None
        if told is None:
            return None
        otherwise: dict[Any, Hit] = {}
        for number, part in enumerate(parts):
            if part in self.touched:
                former = self.run.spool.tables(part)
                rows = _rescored(former, spool.tables(part), told.looked_at[number])
                if rows is None:
                    return None
                otherwise |= {known(hit): hit for hit in packing.Reported(former["reported"]).take(rows)}
        return retold(told, otherwise)


def _rescored(former: Mapping[str, bytes], tables: Mapping[str, bytes], places: np.ndarray) -> np.ndarray | None:
    """The rows of hits that show another score than before, where the second phase looks at the same otherwise: the
    records that are kept, and the hits of those at these places. None where it does not.

    What words added to a score, and the score itself, are shown with a hit, and nothing is judged by them.
    """
    shown = (*_PLACES, "features", "score")
    hits = [packing.hits(one["hits"], one["reported"], places, shown) for one in (former, tables)]
    if not hits[0].equals(hits[1]) or not all(packing.same(former[name], tables[name]) for name in ("kept", "facts")):
        return None
    rows, scores = zip(*(packing.scores(one["hits"], one["reported"], places) for one in (former, tables)), strict=True)
    found: np.ndarray = rows[0][scores[0] != scores[1]]
    return found


def carried(former: Former) -> Packed:
    """A batch of which nothing is touched."""
    hits = packing.written(_moved(packing.frame(former.tables["hits"]), former))
    return Packed({**former.tables, "hits": hits}, former.rows, {"enrich": 0.0, "match": 0.0})


def _moved(hits: pd.DataFrame, former: Former) -> pd.DataFrame:
    """Hits that were not touched, with the places of their entries and names in the present lists."""
    entry, name = (hits[column].to_numpy(np.int64) for column in _PLACES)
    return hits.assign(entry=former.entry[entry], name=np.where(name < 0, name, former.name[name]))


def worked(given: Batch | Former, stages: Stages, *, history: bool) -> Packed:
    """A batch looked at, whether for the first time or again."""
    if isinstance(given, Former):
        return renewed(given, stages, history=history)
    return packed(look(given, stages, history=history))


def renewed(former: Former, stages: Stages, *, history: bool) -> Packed:
    """What looking at the whole batch anew would give, of which something is touched."""
    found, touched = packing.found(former.tables), former.touched
    at = np.flatnonzero(touched)
    frame = packing.frame(former.tables["records"], rows=at).drop(columns=list(SEEN))
    anew = see(frame, found.rejects, found.marks, stages, history=history)
    kept = ~touched[found.hits["position"].to_numpy()]
    placed = anew.hits.assign(position=at[anew.hits["position"].to_numpy(dtype=np.int64)])
    hits = pd.concat([_moved(found.hits[kept], former), placed], ignore_index=True)
    order = np.argsort(hits["position"].to_numpy(), kind="stable")
    looked = replace(
        anew,
        near=_merged(packing.frame(former.tables["near"]), anew.near, touched),
        hits=hits.iloc[order].reset_index(drop=True),
        kept=_merged_kept(packing.kept(former.tables), anew.kept, touched),
    )
    reported = packing.some(former.tables["reported"], kept, anew.reported, order)
    return Packed(packing.changed(former.tables, looked, reported), former.rows, anew.seconds)


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
