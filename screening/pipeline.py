"""The core: records are read, enriched, matched and judged batch by batch; every row ends in one of four outcomes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np
import pandas as pd

from screening.errors import ScreeningError
from screening.model import (
    COLUMNS,
    DECISION_COLUMNS,
    MARK_COLUMNS,
    REJECT_COLUMNS,
    Alert,
    Decision,
    Feature,
    Hit,
    Leg,
    Place,
    Results,
)  # fmt: skip
from screening.rulebook import alerts as alerting
from screening.rulebook import facts as vocabulary
from screening.rulebook import hits as listed
from screening.rulebook.conditions import Records
from screening.rulebook.decide import Judge
from screening.rulebook.hits import Concerns, HitTable

_ENDS = (("load_place", "discharge_place"), ("discharge_place", "onward_place"))
_EXAMPLES = 5


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


class Port(Protocol):
    """A place of the reference table."""

    @property
    def id(self) -> str:
        """The place's id."""

    @property
    def name(self) -> str:
        """What maps call it."""

    @property
    def country(self) -> str:
        """ISO 3166 alpha-2; two for a crossing."""

    @property
    def latitude(self) -> float:
        """Degrees north; NaN where it is not known."""

    @property
    def longitude(self) -> float:
        """Degrees east; NaN where it is not known."""


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
    """What a run is made of: the same stages for every batch, so that no batch can change another's outcome."""

    enricher: Enricher
    matcher: Matcher
    snapshot: Snapshot
    concerns: Concerns
    judge: Judge
    tell: Callable[[str, int], None] = field(default=lambda stage, rows: None)


@dataclass(frozen=True, slots=True)
class Screened:
    """The outcome of one batch."""

    decisions: pd.DataFrame
    records: pd.DataFrame
    alerts: tuple[Alert, ...]
    hits: tuple[Hit, ...]
    rejects: pd.DataFrame
    marks: pd.DataFrame
    legs: pd.DataFrame  # start, end, gravity: one row per leg of a record with an alert
    unresolved: pd.DataFrame  # what, value, count


def run(batches: Iterable[Batch], stages: Stages) -> Results:
    """Screen all batches and put their outcomes together; counts are in the manifest.

    Raises:
        ScreeningError: rows read and rows accounted for differ.
    """
    parts = [screen(batch, stages) for batch in batches]
    decisions = _joined([p.decisions for p in parts], DECISION_COLUMNS)
    rejects = _joined([p.rejects for p in parts], REJECT_COLUMNS)
    counts = {decision.value: int(decisions["decision"].eq(decision).sum()) for decision in Decision}
    counts["rejected"] = len(rejects)
    counts["rows_read"] = sum(len(p.decisions) + len(p.rejects) for p in parts)
    if sum(counts[name] for name in (*Decision, "rejected")) != counts["rows_read"]:
        raise ScreeningError(f"the rows read and the rows accounted for differ: {counts}")
    places, legs = _map(_joined([p.legs for p in parts], ("start", "end", "gravity")), stages.enricher.ports)
    return Results(
        decisions=decisions,
        records=_joined([p.records for p in parts], ("source", "row", *COLUMNS)),
        alerts=_numbered(alert for p in parts for alert in p.alerts),
        hits=tuple(hit for p in parts for hit in p.hits),
        rejects=rejects,
        marks=_joined([p.marks for p in parts], MARK_COLUMNS),
        places=places,
        legs=legs,
        manifest={"counts": counts, "not_screened": _not_screened(_joined([p.unresolved for p in parts], _UNRESOLVED))},
    )


def screen(batch: Batch, stages: Stages) -> Screened:
    """Screen one batch."""
    frame = batch.frame
    enriched = stages.enricher.enrich(frame)
    stages.tell("enrich", len(frame))
    hits = stages.matcher.screen(frame, enriched)
    table = listed.join(hits, stages.snapshot, frame["shipped_on"], stages.concerns)
    stages.tell("match", len(frame))
    facts = vocabulary.frame(enriched, frame)
    facts["identity_changed"], facts["identity_changed_why"] = listed.identity_changed(
        table, frame["vessel"], stages.snapshot.entries
    )
    records = Records(facts, table, frame["unreadable"])
    firings = stages.judge.firings(records)
    reported = alerting.hits(table, stages.snapshot.names, frame, stages.matcher.explain_hits(table.frame, frame))
    alerts = alerting.alerts(firings, alerting.Evidence(frame, records, table, reported))
    stages.tell("decide", len(frame))
    positions = np.array([firing.position for firing in firings], dtype=np.int64)
    alerted = np.unique(positions)
    return Screened(
        decisions=_decisions(frame, alerts, positions, table),
        records=frame.iloc[alerted][["source", "row", *COLUMNS]],
        alerts=tuple(alerts),
        hits=reported,
        rejects=batch.rejects,
        marks=batch.marks,
        legs=_legs(enriched, alerts, positions),
        unresolved=_unresolved(frame, enriched),
    )


def _decisions(frame: pd.DataFrame, alerts: list[Alert], positions: np.ndarray, table: HitTable) -> pd.DataFrame:
    decisions = frame[["source", "row", "record_id"]].copy()
    decisions["decision"] = Decision.CLEAR.value
    for column in ("severity", "rules", "score"):
        decisions[column] = ""
    decisions["reason"] = _clear_reasons(frame, table)
    grouped: dict[int, list[Alert]] = {}
    for position, alert in zip(positions, alerts, strict=True):
        grouped.setdefault(int(position), []).append(alert)
    where = list(grouped)
    rows = [_decision(grouped[position]) for position in where]
    for number, column in enumerate(("decision", "severity", "rules", "score", "reason")):
        values = decisions[column].to_numpy(dtype=object)
        values[where] = [row[number] for row in rows]
        decisions[column] = pd.Series(values, index=decisions.index, dtype="str")
    return decisions


def _decision(alerts: list[Alert]) -> tuple[str, str, str, str, str]:
    """The gravest of a record's alerts decides; its reason stands for the record's."""
    gravest = max(alerts, key=lambda a: (a.decision.gravity, a.severity.gravity))
    scores = [hit.score for alert in alerts for hit in alert.hits]
    return (
        gravest.decision.value,
        max((a.severity for a in alerts), key=lambda s: s.gravity).value,
        ";".join(sorted({a.rule_id for a in alerts})),
        f"{max(scores):.1f}" if scores else "",
        gravest.reason,
    )


def _clear_reasons(frame: pd.DataFrame, table: HitTable) -> pd.Series:
    """Why a clear record is clear: no rule fired; and where a name came near a list, what became of that."""
    reasons = ["no rule fired"] * len(frame)
    columns = (table.frame[column].tolist() for column in ("position", "role", "value", "reason", "status"))
    told: dict[int, dict[str, None]] = {}
    for position, role, value, reason, status in zip(*columns, strict=True):
        told.setdefault(position, {})[f"{role} '{value}': {reason or status}"] = None
    for position, hits in told.items():
        reasons[position] = f"no rule fired; {'; '.join(hits)}"
    return pd.Series(reasons, index=frame.index, dtype="str")


def _legs(enriched: pd.DataFrame, alerts: list[Alert], positions: np.ndarray) -> pd.DataFrame:
    gravity = pd.Series([a.decision.gravity for a in alerts], dtype="int64").groupby(positions).max()
    ends = [
        pd.DataFrame({
            "start": enriched[start].iloc[gravity.index].to_numpy(),
            "end": enriched[end].iloc[gravity.index].to_numpy(),
            "gravity": gravity.to_numpy(),
        })
        for start, end in _ENDS
    ]  # fmt: skip
    both = pd.concat(ends, ignore_index=True)
    return both[both["start"].ne("") & both["end"].ne("")]


def _map(legs: pd.DataFrame, ports: Mapping[str, Port]) -> tuple[tuple[Place, ...], tuple[Leg, ...]]:
    located = [name for name, port in ports.items() if not np.isnan([port.latitude, port.longitude]).any()]
    drawn = legs[legs["start"].isin(located) & legs["end"].isin(located)]
    joined = drawn.groupby(["start", "end"], sort=True)["gravity"].agg(["size", "max"]).reset_index()
    found = tuple(
        Leg(start, end, int(records), list(Decision)[int(gravity)])
        for start, end, records, gravity in joined.itertuples(index=False)
    )
    calls = pd.concat([drawn["start"], drawn["end"]]).value_counts().sort_index()
    named = tuple(
        Place(p.id, p.name, p.country, p.latitude, p.longitude, int(records))
        for p, records in ((ports[str(place)], records) for place, records in calls.items())
    )
    return named, found


_UNRESOLVED = ("what", "value", "count")


def _unresolved(frame: pd.DataFrame, enriched: pd.DataFrame) -> pd.DataFrame:
    """The cells whose meaning stayed open: rules had nothing to go by there."""
    open_cells = [
        ("ports whose country is not known", frame[column].where(enriched[f"{end}_how"].eq("unresolved")))
        for column, end in (("load_port", "load"), ("discharge_port", "discharge"), ("onward_port", "onward"))
    ]
    unclassified = ~enriched["goods_known"].astype("boolean").fillna(False) & frame["goods"].ne("")
    open_cells.append(("goods that neither HS code nor words place in a class", frame["goods"].where(unclassified)))
    counted = [
        pd.DataFrame({"what": what, "value": counts.index, "count": counts.to_numpy()})
        for what, values in open_cells
        if len(counts := values.dropna().value_counts())
    ]
    return _joined(counted, _UNRESOLVED)


def _not_screened(unresolved: pd.DataFrame) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for what, group in unresolved.groupby("what", sort=True):
        counts = (
            group.groupby("value")["count"].sum().reset_index().sort_values(["count", "value"], ascending=[False, True])
        )
        examples = [str(value) for value in counts["value"].head(_EXAMPLES)]
        found.append({"what": what, "count": int(counts["count"].sum()), "examples": examples})
    return found


def _numbered(alerts: Iterable[Alert]) -> tuple[Alert, ...]:
    """The alerts with ids that tell the same facts apart where a file states them twice."""
    seen: dict[str, int] = {}
    return tuple(_distinct(alerts, seen))


def _distinct(alerts: Iterable[Alert], seen: dict[str, int]) -> Iterator[Alert]:
    for alert in alerts:
        seen[alert.alert_id] = seen.get(alert.alert_id, 0) + 1
        times = seen[alert.alert_id]
        yield alert if times == 1 else replace(alert, alert_id=f"{alert.alert_id}-{times}")


def _joined(frames: list[pd.DataFrame], columns: Sequence[str]) -> pd.DataFrame:
    if not frames:
        return pd.DataFrame({column: pd.Series(dtype="str") for column in columns})
    return pd.concat(frames, ignore_index=True)[list(columns)]
