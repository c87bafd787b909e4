"""What a run comes to: a decision for every record, the map of its alerts, and what could not be told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any, Protocol, cast

import numpy as np
import pandas as pd

from screening.model import Alert, Decision, Leg, Place
from screening.rulebook.hits import HitTable

_ENDS = (("load_place", "discharge_place"), ("discharge_place", "onward_place"))
_EXAMPLES = 5
_JUDGED = ("decision", "severity", "rules", "score", "reason")
_UNCOUNTED = "rows of --history rejected; they are in no sum, so that no total with earlier deliveries is known"
_CLEAR = "no rule fired"
NEAR_COLUMNS = ("at", "reason")
LEG_COLUMNS = ("start", "end", "gravity")
GAP_COLUMNS = ("what", "value", "count")


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


def near(table: HitTable) -> pd.DataFrame:
    """Of the records of which a name came near a list, NEAR_COLUMNS: where they stand, and why each is clear if no rule
    fires on it, which tells what became of that."""
    columns = (table.frame[column].tolist() for column in ("position", "role", "value", "reason", "status"))
    told: dict[int, dict[str, None]] = {}
    for position, role, value, reason, status in zip(*columns, strict=True):
        told.setdefault(position, {})[f"{role} '{value}': {reason or status}"] = None
    rows = [(position, f"{_CLEAR}; {'; '.join(hits)}") for position, hits in sorted(told.items())]
    return pd.DataFrame(rows, columns=list(NEAR_COLUMNS)).astype({"at": "int64", "reason": "str"})


def judged(alerts: Mapping[int, list[Alert]]) -> pd.DataFrame:
    """What became of the records that have alerts, one row each, by their place among all."""
    places = sorted(alerts)
    return pd.DataFrame([_decision(alerts[place]) for place in places], places, _JUDGED, dtype="str")


def decided(records: pd.DataFrame, near: pd.DataFrame, judged: pd.DataFrame) -> pd.DataFrame:
    """The decisions of records, DECISION_COLUMNS.

    Args:
        records: source, row and record_id. near: see above. judged: what became of those with alerts, by their place.
    """
    where = judged.index.to_numpy(dtype=np.int64)
    decisions = records[["source", "row", "record_id"]].copy()
    for column in _JUDGED:
        usual = {"decision": Decision.CLEAR.value, "reason": _CLEAR}.get(column, "")
        values = pd.Series(usual, index=records.index, dtype="str")
        if column == "reason":
            cast(Any, values.iloc)[near["at"].to_numpy(dtype=np.int64)] = near["reason"].array
        cast(Any, values.iloc)[where] = judged[column].array
        decisions[column] = values
    return decisions


def _decision(alerts: list[Alert]) -> tuple[str, str, str, str, str]:
    """The gravest of a record's alerts that stand decides; its reason stands for the record's."""
    standing = [alert for alert in alerts if not alert.lifted_by]
    scores = [hit.score for alert in standing for hit in alert.hits]
    score = f"{max(scores):.1f}" if scores else ""
    lifting = {alert.lifted_by for alert in alerts if alert.lifted_by}
    rules = ";".join(sorted({alert.rule_id for alert in standing} | lifting))
    if not standing:
        return Decision.CLEAR.value, "", rules, score, "; ".join(alert.reason for alert in alerts)
    # Between equals the one that would have decided more gravely but for a doubt tells more than a sign in full.
    gravest = max(standing, key=lambda a: (a.decision.gravity, a.severity.gravity, bool(a.doubt)))
    severity = max((a.severity for a in standing), key=lambda s: s.gravity)
    return gravest.decision.value, severity.value, rules, score, gravest.reason


def legs(enriched: pd.DataFrame, gravity: pd.Series, at: np.ndarray) -> pd.DataFrame:
    """The legs of records with an alert, one row each.

    Args:
        gravity: of the records' decisions, by place in `enriched`. at: the place of these among all records.
    """
    ends = [
        pd.DataFrame({
            "start": enriched[start].iloc[gravity.index].to_numpy(),
            "end": enriched[end].iloc[gravity.index].to_numpy(),
            "gravity": gravity.to_numpy(),
            "at": at[gravity.index],
        })
        for start, end in _ENDS
    ]  # fmt: skip
    both = pd.concat(ends, ignore_index=True)
    return both[both["start"].ne("") & both["end"].ne("")]


def drawn(found: pd.DataFrame, ports: Mapping[str, Port]) -> tuple[tuple[Place, ...], tuple[Leg, ...]]:
    """Legs put together, and the places they join."""
    located = [name for name, port in ports.items() if not np.isnan([port.latitude, port.longitude]).any()]
    kept = found[found["start"].isin(located) & found["end"].isin(located)]
    joined = kept.groupby(["start", "end"], sort=True)["gravity"].agg(["size", "max"]).reset_index()
    lines = tuple(
        Leg(start, end, int(records), list(Decision)[int(gravity)])
        for start, end, records, gravity in joined.itertuples(index=False)
    )
    calls = pd.concat([kept["start"], kept["end"]]).value_counts().sort_index()
    places = tuple(
        Place(p.id, p.name, p.country, p.latitude, p.longitude, int(records))
        for p, records in ((ports[str(place)], records) for place, records in calls.items())
    )
    return places, lines


def gaps(frame: pd.DataFrame, enriched: pd.DataFrame) -> pd.DataFrame:
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
    return joined(counted, GAP_COLUMNS)


def not_screened(gaps: Iterable[pd.DataFrame]) -> list[dict[str, object]]:
    """The gaps of all batches put together, with examples."""
    found = joined([], GAP_COLUMNS).astype({"count": np.int64})
    for more in gaps:
        found = pd.concat([found, more]).groupby(["what", "value"], sort=False)["count"].sum().reset_index()
    told: list[dict[str, object]] = []
    for what, group in found.groupby("what", sort=True):
        counts = group.sort_values(["count", "value"], ascending=[False, True])
        examples = [str(value) for value in counts["value"].head(_EXAMPLES)]
        told.append({"what": what, "count": int(counts["count"].sum()), "examples": examples})
    return told


def uncounted(rejects: pd.DataFrame) -> list[dict[str, object]]:
    """Rejected rows of the history as a gap, with examples, since what they delivered is in no sum."""
    if rejects.empty:
        return []
    told = zip(*(rejects[name] for name in ("source", "row", "reason")), strict=True)
    examples = [f"{source} row {row}: {reason}" for source, row, reason in islice(told, _EXAMPLES)]
    return [{"what": _UNCOUNTED, "count": len(rejects), "examples": examples}]


def numbered(alerts: Iterable[Alert]) -> Iterator[Alert]:
    """The alerts with ids that tell the same facts apart where a file states them twice."""
    seen: dict[str, int] = {}
    for alert in alerts:
        seen[alert.alert_id] = seen.get(alert.alert_id, 0) + 1
        times = seen[alert.alert_id]
        yield alert if times == 1 else replace(alert, alert_id=f"{alert.alert_id}-{times}")


def joined(frames: list[pd.DataFrame], columns: Sequence[str]) -> pd.DataFrame:
    """Frames one below the other."""
    if not frames:
        return pd.DataFrame({column: pd.Series(dtype="str") for column in columns})
    return pd.concat(frames, ignore_index=True)[list(columns)]
