"""Between the phases: the records that sums and links need besides those that were kept, and all of them as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from screening import outcome
from screening.model import Hit
from screening.pipeline.look import Kept, own_facts
from screening.pipeline.packing import Found
from screening.pipeline.spool import Part, Spool
from screening.pipeline.stages import Stages
from screening.rulebook import links
from screening.rulebook.hits import HitTable

HISTORY = -1  # the place of a record that is not judged
_SHIP = ["imo", "vessel"]


@dataclass(frozen=True, slots=True)
class Gathered:
    """The records of the second phase, in the order of the decisions, history last.

    Args:
        trades: as read, with `at`, their place among all decisions, HISTORY for earlier deliveries. facts: those that
            need no other record. hits: joined to their entries; `position` is a place in `trades`. reported: each of
            them as reports show it.
    """

    trades: pd.DataFrame
    facts: pd.DataFrame
    hits: pd.DataFrame
    reported: tuple[Hit, ...]


def gathered(spool: Spool, parts: Sequence[Part], found: Sequence[Found], stages: Stages) -> Gathered:
    """All records that sums, links and rules may look at."""
    wanted = _wanted(found, stages)
    return _together(
        [
            _placed(kept, one, part)
            for part, one in zip(parts, found, strict=True)
            for kept in (one.kept, *_fetched(spool, part, one, wanted, stages))
        ]
    )


def _placed(kept: Kept, found: Found, part: Part) -> Gathered:
    """Records of a batch with their hits, and their places among the records of all parts."""
    at = kept.trades["at"].to_numpy()
    hits, rows = _of(found.hits, at)
    placed = np.full(len(at), HISTORY) if part.history else at + part.first
    return Gathered(kept.trades.assign(at=placed), kept.facts, hits, tuple(found.reported[row] for row in rows))


def _of(hits: pd.DataFrame, at: np.ndarray) -> tuple[pd.DataFrame, list[int]]:
    """The hits of the records at some places of a batch, positions counted among these; and which hits they are."""
    rows = np.flatnonzero(np.isin(hits["position"].to_numpy(), at))
    chosen = hits.iloc[rows].reset_index(drop=True)
    return chosen.assign(position=np.searchsorted(at, chosen["position"].to_numpy())), rows.tolist()


def _fetched(spool: Spool, part: Part, found: Found, wanted: pd.MultiIndex, stages: Stages) -> list[Kept]:
    """The other records of vessels that have to do with the DPRK, of which too little is kept."""
    if part.history or not len(wanted) or not _ships(found.vessels).isin(wanted).any():
        return []
    records = spool.records(part)
    mask = _ships(records).isin(wanted)
    mask[found.kept.trades["at"].to_numpy()] = False
    at = np.flatnonzero(mask)
    trades = records.iloc[at].drop(columns="clear").reset_index(drop=True)
    table = HitTable(_of(found.hits, at)[0], len(at))
    return [Kept(trades.assign(at=at), own_facts(trades, stages.enricher.enrich(trades), table, stages))]


def _ships(frame: pd.DataFrame) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(frame[_SHIP])


def _wanted(found: Sequence[Found], stages: Stages) -> pd.MultiIndex:
    """Number and name, as written, of vessels near the DPRK by a record that was kept, in records that were not."""
    numbers, texts = set[str](), set[str]()
    for one in found:
        near = links.followed(one.kept.facts)
        valid = one.kept.facts["imo_state"].eq("valid").to_numpy(dtype=bool)
        numbers |= set(one.kept.facts.loc[near & valid, "imo_number"])
        texts |= set(one.kept.trades.loc[near & ~valid, "vessel"]) - {""}
    rest = outcome.joined([one.vessels for one in found], (*_SHIP, "number")).drop_duplicates()
    unnumbered = rest["number"].eq("")
    keys = stages.identities.keys([*texts, *rest.loc[unnumbered, "vessel"].unique().tolist()]) if texts else {}
    named = {key for text in texts for key in keys[text]}
    same = np.array([not keys.get(text, frozenset()).isdisjoint(named) for text in rest["vessel"]], dtype=bool)
    wanted = rest["number"].isin(numbers).to_numpy() | (unnumbered.to_numpy() & same)
    return pd.MultiIndex.from_frame(rest.loc[wanted, _SHIP])


def _together(parts: Sequence[Gathered]) -> Gathered:
    """Records of several batches as one, in the order of the decisions, history last."""
    trades = pd.concat([part.trades for part in parts], ignore_index=True)
    at = trades["at"].to_numpy()
    order = np.lexsort((np.arange(len(trades)), at, at == HISTORY))
    place = np.argsort(order)
    shifts = np.cumsum([0, *(len(part.trades) for part in parts)])
    moved = [part.hits.assign(position=part.hits["position"] + by) for part, by in zip(parts, shifts[:-1], strict=True)]
    hits = pd.concat(moved, ignore_index=True)
    hits["position"] = place[hits["position"].to_numpy(dtype=np.int64)]
    rows = np.argsort(hits["position"].to_numpy(), kind="stable")
    reported = [hit for part in parts for hit in part.reported]
    return Gathered(
        trades.iloc[order].reset_index(drop=True),
        pd.concat([part.facts for part in parts], ignore_index=True).iloc[order].reset_index(drop=True),
        hits.iloc[rows].reset_index(drop=True),
        tuple(reported[row] for row in rows.tolist()),
    )
