"""The core, in two phases: every batch is read, enriched and matched; then what rules may look at is judged together.

The first phase keeps only records that some rule watches or that sums and links need; the decisions of the others are
clear. The second adds up and links what was kept, over all files and in the order of dates, and judges it. So a verdict
depends on no row, file or batch order, and memory is bounded by what is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

import numpy as np
import pandas as pd

from screening import outcome
from screening.errors import ScreeningError
from screening.identity import Identities, ranks
from screening.model import (
    COLUMNS,
    DECISION_COLUMNS,
    MARK_COLUMNS,
    REJECT_COLUMNS,
    Alert,
    Decision,
    Feature,
    Hit,
    LedgerYear,
    Results,
)  # fmt: skip
from screening.outcome import Port
from screening.rulebook import alerts as alerting
from screening.rulebook import facts as vocabulary
from screening.rulebook import hits as listed
from screening.rulebook import ledger, letters, links
from screening.rulebook.conditions import Records
from screening.rulebook.decide import Judge
from screening.rulebook.hits import HitTable
from screening.rulebook.letters import Letter, Measured
from screening.rulebook.packs import Rulebook


class Batch(Protocol):
    """A part of a trade file as read."""

    @property
    def frame(self) -> pd.DataFrame:
        """The records that can be screened (see model)."""

    @property
    def rejects(self) -> pd.DataFrame:
        """The rows that cannot: REJECT_COLUMNS."""

    @property
    def marks(self) -> pd.DataFrame:
        """The cells that could not be read: MARK_COLUMNS."""


class Enricher(Protocol):
    """What records mean."""

    def enrich(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The facts of every record, one column each."""

    @property
    def ports(self) -> Mapping[str, Port]:
        """The places that records may name, by id."""


class Matcher(Protocol):
    """Who in the records is listed."""

    def screen(self, frame: pd.DataFrame, facts: pd.DataFrame) -> pd.DataFrame:
        """HIT_COLUMNS."""

    def explain_hits(self, hits: pd.DataFrame, frame: pd.DataFrame) -> Sequence[tuple[Feature, ...]]:
        """The evidence of every hit."""


class Snapshot(Protocol):
    """The lists."""

    @property
    def entries(self) -> pd.DataFrame:
        """One row per entry."""

    @property
    def names(self) -> pd.DataFrame:
        """One row per listed name."""


@dataclass(frozen=True, slots=True)
class Stages:
    """What a run is made of: the same stages for every batch, so that no batch can change another's outcome.

    Args:
        measured: what a unit of quantity is, for letters. as_of: the day under whose law and lists all is judged; None
            takes each record's own. letters: exemptions that may lift alerts.
    """

    enricher: Enricher
    matcher: Matcher
    snapshot: Snapshot
    rulebook: Rulebook
    judge: Judge
    identities: Identities
    measured: Callable[[str], Measured | None]
    as_of: date | None = None
    letters: tuple[Letter, ...] = ()
    tell: Callable[[str, int], None] = field(default=lambda stage, rows: None)


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a run reads.

    Args:
        read: yields the batches, from the start each time it is called: records that links turn out to need are fetched
            in a second reading. history: earlier deliveries, which count and are not judged.
        unnumbered: the files whose records have no ids of their own, known once they were read.
    """

    read: Callable[[], Iterable[Batch]]
    history: Callable[[], Iterable[Batch]] = tuple
    unnumbered: Callable[[], frozenset[str]] = frozenset


@dataclass(frozen=True, slots=True)
class Kept:
    """Records that are judged in the second phase, with what is known of each; all parts are aligned or by position.

    Args:
        trades: the records as read, with `at`, their place among all decisions, -1 for history.
        facts: those that need no other record. hits: joined to their entries; `position` is a place in `trades`.
        reported: the hits as reports show them.
    """

    trades: pd.DataFrame
    facts: pd.DataFrame
    hits: pd.DataFrame
    reported: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Looked:
    """What the first phase makes of a batch."""

    decisions: pd.DataFrame
    rejects: pd.DataFrame
    marks: pd.DataFrame
    gaps: pd.DataFrame
    hits: tuple[Hit, ...]
    kept: Kept
    vessels: pd.DataFrame  # of records that were not kept: imo, vessel as written, and the identity they give


def run(inputs: Inputs, stages: Stages) -> Results:
    """Screen all batches and put their outcomes together; counts are in the manifest.

    Raises:
        ScreeningError: rows read and rows accounted for differ.
    """
    parts: list[Looked] = []
    rows = 0
    for batch in inputs.read():
        parts.append(_look(batch, stages, rows))
        rows += len(batch.frame)
    history = [_look(batch, stages, None) for batch in inputs.history()]
    kept = [part.kept for part in (*parts, *history)]
    kept += _fetched(inputs, stages, parts, kept)
    judged = _judged(_together(kept), inputs.unnumbered(), stages)
    decisions = outcome.joined([p.decisions for p in parts], DECISION_COLUMNS)
    decisions = outcome.decided(decisions, judged.by_record)
    rejects = outcome.joined([p.rejects for p in parts], REJECT_COLUMNS)
    counts = {decision.value: int(decisions["decision"].eq(decision).sum()) for decision in Decision}
    counts["rejected"] = len(rejects)
    counts["rows_read"] = sum(len(p.decisions) + len(p.rejects) for p in parts)
    if sum(counts[name] for name in (*Decision, "rejected")) != counts["rows_read"]:
        raise ScreeningError(f"the rows read and the rows accounted for differ: {counts}")
    places, legs = outcome.drawn(judged.legs, stages.enricher.ports)
    gaps = outcome.not_screened(outcome.joined([p.gaps for p in parts], outcome.GAP_COLUMNS))
    return Results(
        decisions=decisions,
        records=judged.records,
        alerts=judged.alerts,
        hits=tuple(hit for p in parts for hit in p.hits),
        rejects=rejects,
        marks=outcome.joined([p.marks for p in (*parts, *history)], MARK_COLUMNS),
        places=places,
        legs=legs,
        ledger=judged.ledger,
        manifest={"counts": counts, "not_screened": gaps},
    )


# ---------------------------------------------------------------- first phase
def _look(batch: Batch, stages: Stages, first: int | None) -> Looked:
    """Enrich and match one batch, and keep what may matter.

    Args:
        first: the place of its first record among all decisions; None for history.
    """
    frame = batch.frame
    enriched = stages.enricher.enrich(frame)
    stages.tell("enrich", len(frame))
    table, reported = _matched(frame, enriched, stages)
    stages.tell("match", len(frame))
    facts = _facts(frame, enriched, table, stages)
    needed = links.needed(facts)
    if first is not None:
        needed[stages.judge.watched(Records(facts, table, frame["unreadable"]))] = True
    at = np.full(len(frame), -1) if first is None else np.arange(first, first + len(frame))
    rest = frame[["imo", "vessel"]].assign(number=facts["imo_number"].where(facts["imo_state"].eq("valid"), ""))
    return Looked(
        decisions=outcome.clear(frame, table),
        rejects=batch.rejects,
        marks=batch.marks,
        gaps=outcome.gaps(frame, enriched),
        hits=reported,
        kept=_chosen(frame.assign(at=at), facts, table, reported, needed),
        vessels=rest[~needed].drop_duplicates(),
    )


def _matched(frame: pd.DataFrame, enriched: pd.DataFrame, stages: Stages) -> tuple[HitTable, tuple[Hit, ...]]:
    hits = stages.matcher.screen(frame, enriched)
    table = listed.join(hits, stages.snapshot, _law(frame, stages), stages.rulebook.concerns)
    evidence = stages.matcher.explain_hits(table.frame, frame)
    return table, alerting.hits(table, stages.snapshot.names, frame, evidence)


def _law(frame: pd.DataFrame, stages: Stages) -> pd.Series:
    """The day under whose law and listings each record is judged."""
    if stages.as_of is None:
        return frame["shipped_on"]
    return pd.Series(pd.Timestamp(stages.as_of), index=frame.index, dtype="datetime64[s]")


def _facts(frame: pd.DataFrame, enriched: pd.DataFrame, table: HitTable, stages: Stages) -> pd.DataFrame:
    """The facts of records that need no other record."""
    facts = vocabulary.frame(enriched, frame.assign(shipped_on=_law(frame, stages)))
    facts["identity_changed"], facts["identity_changed_why"] = listed.identity_changed(
        table, frame["vessel"], stages.snapshot.entries
    )
    facts["dprk_hit"] = listed.concerning(table, "dprk")
    facts["identity_why"] = facts["identity_changed_why"]
    return facts


def _chosen(
    trades: pd.DataFrame, facts: pd.DataFrame, table: HitTable, reported: Sequence[Hit], mask: np.ndarray
) -> Kept:
    """The records of a mask, with positions counted anew."""
    rows = np.flatnonzero(table.frame["position"].isin(np.flatnonzero(mask)).to_numpy(dtype=bool))
    hits = table.frame.iloc[rows]
    hits = hits.assign(position=(np.cumsum(mask) - 1)[hits["position"].to_numpy()])
    shown = tuple(reported[row] for row in rows.tolist())
    return Kept(trades[mask].reset_index(drop=True), facts[mask].reset_index(drop=True), hits, shown)


# ---------------------------------------------------------------- between the phases
def _fetched(inputs: Inputs, stages: Stages, parts: Sequence[Looked], kept: Sequence[Kept]) -> list[Kept]:
    """The other records of vessels that have to do with the DPRK, found in a second reading where there are any."""
    wanted = _wanted(stages, parts, kept)
    if not len(wanted):
        return []
    held = np.concatenate([part.kept.trades["at"].to_numpy() for part in parts])
    found = []
    first = 0
    for batch in inputs.read():
        at = np.arange(first, first + len(batch.frame))
        first += len(batch.frame)
        mask = pd.MultiIndex.from_frame(batch.frame[["imo", "vessel"]]).isin(wanted) & ~np.isin(at, held)
        if mask.any():
            frame = batch.frame[mask].assign(at=at[mask]).reset_index(drop=True)
            enriched = stages.enricher.enrich(frame)
            table, reported = _matched(frame, enriched, stages)
            facts = _facts(frame, enriched, table, stages)
            found.append(_chosen(frame, facts, table, reported, np.ones(len(frame), dtype=bool)))
    return found


def _wanted(stages: Stages, parts: Sequence[Looked], kept: Sequence[Kept]) -> pd.MultiIndex:
    """Number and name, as written, of vessels near the DPRK by a record that was kept, in records that were not."""
    numbers, texts = set[str](), set[str]()
    for part in kept:
        near = links.near_dprk(part.facts)
        valid = part.facts["imo_state"].eq("valid").to_numpy(dtype=bool)
        numbers |= set(part.facts.loc[near & valid, "imo_number"])
        texts |= set(part.trades.loc[near & ~valid, "vessel"]) - {""}
    rest = outcome.joined([part.vessels for part in parts], ("imo", "vessel", "number")).drop_duplicates()
    unnumbered = rest["number"].eq("")
    keys = stages.identities.keys([*texts, *rest.loc[unnumbered, "vessel"].unique().tolist()]) if texts else {}
    named = {key for text in texts for key in keys[text]}
    same = np.array([not keys.get(text, frozenset()).isdisjoint(named) for text in rest["vessel"]], dtype=bool)
    wanted = rest["number"].isin(numbers).to_numpy() | (unnumbered.to_numpy() & same)
    return pd.MultiIndex.from_frame(rest.loc[wanted, ["imo", "vessel"]])


def _together(parts: Sequence[Kept]) -> Kept:
    """Kept records of several batches as one, in the order of the decisions, history last."""
    trades = pd.concat([part.trades for part in parts], ignore_index=True)
    at = trades["at"].to_numpy()
    order = np.lexsort((np.arange(len(trades)), at, at < 0))
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


# ---------------------------------------------------------------- second phase
@dataclass(frozen=True, slots=True)
class _Judged:
    """What the second phase finds; `by_record` goes by place among all decisions."""

    alerts: tuple[Alert, ...]
    by_record: dict[int, list[Alert]]
    records: pd.DataFrame
    legs: pd.DataFrame
    ledger: tuple[LedgerYear, ...]


def _judged(kept: Kept, unnumbered: frozenset[str], stages: Stages) -> _Judged:
    """Sums, links and letters as facts, and what the rules make of all facts."""
    trades, parameters = kept.trades, stages.rulebook.parameters
    own_ids = ~trades["source"].isin(unnumbered).to_numpy(dtype=bool)
    rank, history, law = ranks(trades, own_ids), trades["at"].lt(0).to_numpy(), _law(trades, stages)
    facts = kept.facts.copy()
    sums, years = ledger.enter(ledger.Deliveries(trades, facts, rank, law, history), parameters)
    vessel, name = stages.identities.vessels(trades, facts)

    def parties(chosen: np.ndarray) -> list[links.Party]:
        return stages.identities.parties(trades, kept.hits, chosen)

    linked = links.find(links.Linked(trades, facts, rank, law, vessel, name, parties), parameters)
    lifted = letters.match(stages.letters, trades, rank, stages.measured)
    for column, values in {**sums, **linked.facts, **lifted}.items():
        facts[column] = vocabulary.typed(column, values)
    stages.tell("link", len(trades))
    judged = int((~history).sum())
    table = HitTable(kept.hits, len(trades))
    records = Records(facts, table, trades["unreadable"])
    alone = Records(facts.iloc[:judged], _first(table, judged), trades["unreadable"].iloc[:judged])
    firings = stages.judge.firings(alone)
    raised = alerting.alerts(firings, alerting.Evidence(trades, records, table, kept.reported, rank, linked, judged))
    stages.tell("decide", judged)
    alerts = tuple(outcome.numbered(alert for alert, _ in raised))
    by_position: dict[int, list[Alert]] = {}
    for alert, (_, positions) in zip(alerts, raised, strict=True):
        for position in positions:
            by_position.setdefault(position, []).append(alert)
    named = {(key.source, key.row) for alert in alerts for key in (*alert.records, *alert.rests_on)}
    keys = zip(trades["source"].tolist(), trades["row"].tolist(), strict=True)
    shown = np.array([key in named for key in keys], dtype=bool)
    gravest = {p: max(a.decision.gravity for a in found) for p, found in sorted(by_position.items())}
    gravity = pd.Series(list(gravest.values()), index=np.array(list(gravest), dtype=np.int64), dtype="int64")
    at = trades["at"].to_numpy()
    return _Judged(
        alerts,
        {int(at[position]): found for position, found in by_position.items()},
        trades.loc[shown, ["source", "row", *COLUMNS]].reset_index(drop=True),
        outcome.legs(facts, gravity),
        tuple(years),
    )


def _first(table: HitTable, records: int) -> HitTable:
    """The hits of the first records."""
    return HitTable(table.frame[table.frame["position"] < records].reset_index(drop=True), records)
