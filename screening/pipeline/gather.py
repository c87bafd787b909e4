"""Between the phases: the records that sums and links need besides those that were kept, and all of them as one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from screening import outcome
from screening.pipeline.look import HISTORY, Kept, chosen, matched, own_facts
from screening.pipeline.packing import Found
from screening.pipeline.spool import Part, Spool
from screening.pipeline.stages import Stages
from screening.rulebook import links

_SHIP = ["imo", "vessel"]


def gathered(spool: Spool, parts: Sequence[Part], found: Sequence[Found], stages: Stages) -> Kept:
    """All records that are judged, in the order of the decisions, history last."""
    kept = [_placed(one.kept, part) for part, one in zip(parts, found, strict=True)]
    return _together([*kept, *_fetched(spool, parts, found, stages)])


def _placed(kept: Kept, part: Part) -> Kept:
    """The records with their places among those of all parts."""
    if part.history:
        return kept
    return Kept(kept.trades.assign(at=kept.trades["at"] + part.first), kept.facts, kept.hits, kept.reported)


def _fetched(spool: Spool, parts: Sequence[Part], found: Sequence[Found], stages: Stages) -> list[Kept]:
    """The other records of vessels that have to do with the DPRK, of which too little is kept."""
    wanted = _wanted(found, stages)
    if not len(wanted):
        return []
    fetched = []
    for part, one in zip(parts, found, strict=True):
        if part.history or not _ships(one.vessels).isin(wanted).any():
            continue
        records = spool.records(part)
        mask = _ships(records).isin(wanted)
        mask[one.kept.trades["at"].to_numpy()] = False
        trades = records[mask].drop(columns="clear").reset_index(drop=True)
        enriched = stages.enricher.enrich(trades)
        table, reported = matched(trades, enriched, stages)
        facts = own_facts(trades, enriched, table, stages)
        placed = trades.assign(at=part.first + np.flatnonzero(mask))
        fetched.append(chosen(placed, facts, table, reported, np.ones(len(trades), dtype=bool)))
    return fetched


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


def _together(parts: Sequence[Kept]) -> Kept:
    """Kept records of several batches as one, in the order of the decisions, history last."""
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
    return Kept(
        trades.iloc[order].reset_index(drop=True),
        pd.concat([part.facts for part in parts], ignore_index=True).iloc[order].reset_index(drop=True),
        hits.iloc[rows].reset_index(drop=True),
        tuple(reported[row] for row in rows.tolist()),
    )
