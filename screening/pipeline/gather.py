"""Between the phases: the records that sums and links need besides those that were kept, and all of them as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from screening import outcome
from screening.model import Hit
from screening.pipeline.look import SEEN, Kept, own_facts
from screening.pipeline.packing import Columns, Found
from screening.pipeline.spool import Part, Spool
from screening.pipeline.stages import Stages
from screening.rulebook import links
from screening.rulebook.hits import HitTable

HISTORY = -1  # the place of a record that is not judged
_SIGHTING = ("vessel", "number", "shipped_on", "load_country")


@dataclass(frozen=True, slots=True)
class Gathered:
    """The records of the second phase, in the order of the decisions, history last.

    Args:
        trades: as read, with `at`, their place among all decisions, HISTORY for earlier deliveries. facts: those that
            need no other record. hits: joined to their entries; `position` is a place in `trades`. reported: each of
            them as reports show it. seen: when and where the same vessels loaded in records that are not among these.
        looked_at: of each part, the places of the records.
    """

    trades: pd.DataFrame
    facts: pd.DataFrame
    hits: pd.DataFrame
    reported: tuple[Hit, ...]
    seen: pd.DataFrame
    looked_at: tuple[np.ndarray, ...]


def gathered(spool: Spool, parts: Sequence[Part], found: Sequence[Found], stages: Stages) -> Gathered:
    """All records that sums, links and rules may look at."""
    kept = [spool.kept(part) for part in parts]
    wanted = _wanted(spool, parts, kept, stages)
    facts, records = [one.facts for one in kept], list[_Records]()
    looked_at, fetched, seen = list[np.ndarray](), list[_Records](), list[pd.DataFrame]()
    for part, one, own in zip(parts, found, kept, strict=True):
        records.append(_placed(own.trades, spool, part, one))
        looked_at.append(own.trades["at"].to_numpy())
        if wanted is None or part.history:
            continue
        more, sighted = _fetched(spool, part, looked_at[-1], wanted)
        fetched.append(_placed(more, spool, part, one))
        looked_at[-1] = np.sort(np.append(looked_at[-1], more["at"].to_numpy()))
        seen.append(sighted)
    if fetched:
        records.append(_joined(fetched))
        facts.append(_facts(records[-1], stages))
    sightings = outcome.joined(seen, _SIGHTING).drop_duplicates(ignore_index=True)
    return _ordered(_joined(records), pd.concat(facts, ignore_index=True), sightings, tuple(looked_at))


def chosen(spool: Spool, parts: Sequence[Part], found: Sequence[Found], places: Sequence[np.ndarray]) -> Gathered:
    """The kept records at some places of each part, and none besides."""
    records, facts = list[_Records](), list[pd.DataFrame]()
    for part, one, at in zip(parts, found, places, strict=True):
        if len(at):
            own = spool.kept(part).at(at)
            records.append(_placed(own.trades, spool, part, one))
            facts.append(own.facts)
    return _ordered(_joined(records), pd.concat(facts, ignore_index=True), outcome.joined([], _SIGHTING), ())


def _facts(records: _Records, stages: Stages) -> pd.DataFrame:
    """The facts of records, of which none were kept, that need no other record."""
    trades, table = records.trades, HitTable(records.hits, len(records.trades))
    return own_facts(trades, stages.enricher.enrich(trades.drop(columns="at")), table, stages)


class _Records(NamedTuple):
    """Records with their place among all decisions, their hits, positions counted among them, and these as reported."""

    trades: pd.DataFrame
    hits: pd.DataFrame
    reported: list[Hit]


def _placed(trades: pd.DataFrame, spool: Spool, part: Part, found: Found) -> _Records:
    """Records of a part, given with their place there."""
    at, position = trades["at"].to_numpy(), found.hits["position"].to_numpy()
    rows = np.flatnonzero(np.isin(position, at))
    hits = found.hits.iloc[rows].assign(position=np.searchsorted(at, position[rows]))
    placed = np.full(len(at), HISTORY) if part.history else at + part.first
    return _Records(trades.assign(at=placed), hits, spool.reported(part).take(rows) if len(rows) else [])


def _joined(parts: Sequence[_Records]) -> _Records:
    """Records of several parts, one after the other."""
    shifts = np.cumsum([0, *(len(part.trades) for part in parts)])
    moved = [part.hits.assign(position=part.hits["position"] + by) for part, by in zip(parts, shifts[:-1], strict=True)]
    trades = pd.concat([part.trades for part in parts], ignore_index=True)
    return _Records(trades, pd.concat(moved, ignore_index=True), [hit for part in parts for hit in part.reported])


def _ordered(records: _Records, facts: pd.DataFrame, seen: pd.DataFrame, looked_at: tuple[np.ndarray, ...]) -> Gathered:
    """Records and their facts in the order of the decisions, history last."""
    at = records.trades["at"].to_numpy()
    order = np.lexsort((np.arange(len(at)), at, at == HISTORY))
    hits = records.hits.assign(position=np.argsort(order)[records.hits["position"].to_numpy(dtype=np.int64)])
    rows = np.argsort(hits["position"].to_numpy(), kind="stable")
    return Gathered(
        records.trades.iloc[order].reset_index(drop=True),
        facts.iloc[order].reset_index(drop=True),
        hits.iloc[rows].reset_index(drop=True),
        tuple(records.reported[row] for row in rows.tolist()),
        seen,
        looked_at,
    )


class _Ships(NamedTuple):
    """Vessels: their valid IMO numbers, and as those are written that have none."""

    numbers: frozenset[str]
    texts: frozenset[str]

    def among(self, records: Columns) -> np.ndarray:
        """Which records are theirs."""
        unnumbered: np.ndarray = records.among("number", {""}) & records.among("vessel", self.texts)
        found: np.ndarray = unnumbered | records.among("number", self.numbers)
        return found


class _Wanted(NamedTuple):
    """The vessels of which records that were not kept are looked at too.

    Args:
        near: all that have to do with the DPRK. renamed: the numbers of those that go under several names.
        arriving: by the name of an arrival, those that were where it counts.
    """

    near: _Ships
    renamed: frozenset[str]
    arriving: Mapping[str, _Ships]


def _fetched(spool: Spool, part: Part, kept: np.ndarray, wanted: _Wanted) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The other records of such vessels that links ask for, and where the rest of them saw the vessel.

    Args:
        kept: the places of the records that are there already.
    """
    told = spool.columns(part, ("number", "vessel", *links.ARRIVALS))
    theirs = wanted.near.among(told)
    theirs[kept] = False
    arrived = [told.numbers(name) & ships.among(told) for name, ships in wanted.arriving.items()]
    asked = theirs & np.logical_or.reduce([told.among("number", wanted.renamed), *arrived])
    at = np.flatnonzero(asked)
    sighted = spool.records(part, _SIGHTING, np.flatnonzero(theirs & ~asked)).drop_duplicates(ignore_index=True)
    return spool.records(part, at=at).drop(columns=list(SEEN)).assign(at=at), sighted


def _wanted(spool: Spool, parts: Sequence[Part], kept: Sequence[Kept], stages: Stages) -> _Wanted | None:
    """The vessels that kept records put near the DPRK; None where there are none."""
    followed = [links.followed(one.facts) for one in kept]
    if not any(mask.any() for mask in followed):
        return None
    both = list(zip(kept, followed, strict=True))
    facts = pd.concat([one.facts[mask] for one, mask in both], ignore_index=True)
    stated = pd.concat([one.trades.loc[mask, "vessel"] for one, mask in both], ignore_index=True)
    valid = facts["imo_state"].eq("valid").to_numpy(dtype=bool)
    all_ships = _all_ships(spool, parts)
    unnumbered = all_ships.loc[all_ships["number"].eq(""), "vessel"].unique().tolist()
    keys = {} if valid.all() else stages.identities.keys(unnumbered)

    def ships_of(records: np.ndarray) -> _Ships:
        named = {key for text in stated[records & ~valid].unique() for key in keys.get(text, ())}
        texts = [text for text, readings in keys.items() if not readings.isdisjoint(named)]
        return _Ships(frozenset(facts.loc[records & valid, "imo_number"]), frozenset(texts))

    near = ships_of(np.ones(len(facts), dtype=bool))
    named = all_ships[all_ships["vessel"].str.strip().ne("") & all_ships["number"].isin(near.numbers)]
    names = named.groupby("number").size()
    arriving = {name: ships_of(arrival.after(facts)) for name, arrival in links.ARRIVALS.items()}
    return _Wanted(near, frozenset(names.index[names > 1].tolist()), arriving)


def _all_ships(spool: Spool, parts: Sequence[Part]) -> pd.DataFrame:
    """Number and name, as written, of all vessels of all records, each once."""
    found = outcome.joined([], ("number", "vessel"))
    for part in parts:
        found = pd.concat([found, spool.records(part, ("number", "vessel"))]).drop_duplicates()
    return found
