"""Alerts as an officer reads them: one card for each record, or for each group of records that an alert links."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

import pandas as pd

from screening.model import COLUMNS, Alert, Decision, Hit, RecordKey, Results, Severity
from screening.reports.evidence import Evidence, evidence
from screening.reports.plain import plain

MOST_CARDS = 500
MOST_MATCHES = 12
MOST_RECORDS = 30


@dataclass(frozen=True, slots=True)
class Field:
    """A cell of a record, and why it could not be read, '' where it could."""

    name: str
    value: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Stated:
    """A record as its file states it; `fields` leaves out empty cells."""

    key: RecordKey
    fields: tuple[Field, ...]

    def cell(self, name: str) -> str:
        """What the record states there, '' for nothing."""
        return next((field.value for field in self.fields if field.name == name), "")


@dataclass(frozen=True, slots=True)
class Shown:
    """An alert on its card, with the numbers of the matches it rests on."""

    alert: Alert
    reason: str
    facts: tuple[tuple[str, str], ...]
    matches: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """A record, or records that belong together, with all alerts on them, gravest first."""

    number: int
    decision: Decision
    severity: Severity
    lifted: bool  # every alert on it was lifted
    keys: tuple[RecordKey, ...]
    records: tuple[Stated, ...]
    alerts: tuple[Shown, ...]
    matches: tuple[Evidence, ...]
    more_matches: int
    see_also: tuple[int, ...]  # the numbers of other cards that one of these records stands on


@dataclass(frozen=True, slots=True)
class Deck:
    """The gravest cards, and what is left out: how many further ones of each (decision, severity)."""

    cards: tuple[Card, ...]
    left_out: tuple[tuple[Decision, Severity, int], ...]

    @property
    def rest(self) -> int:
        """How many cards are left out."""
        return sum(count for _, _, count in self.left_out)


def deck(results: Results, most: int = MOST_CARDS) -> Deck:
    """The cards of a run, gravest first, at most so many."""
    groups: dict[tuple[RecordKey, ...], list[Alert]] = {}
    for alert in results.alerts:
        groups.setdefault(alert.records, []).append(alert)
    ordered = sorted(groups.items(), key=lambda group: tuple(-part for part in _gravity(group[1])))  # stable
    chosen, others = ordered[:most], ordered[most:]
    wanted = [key for keys, _ in chosen for key in keys[:MOST_RECORDS]]
    stated = _stated(results, wanted)
    numbers: dict[RecordKey, list[int]] = {}
    for number, (keys, _) in enumerate(chosen, start=1):
        for key in keys:
            numbers.setdefault(key, []).append(number)
    cards = tuple(_card(number, keys, alerts, stated, numbers) for number, (keys, alerts) in enumerate(chosen, start=1))
    counted: dict[tuple[Decision, Severity], int] = {}
    for _, alerts in others:
        kind = _outcome(alerts)
        counted[kind] = counted.get(kind, 0) + 1
    return Deck(cards, tuple((decision, severity, count) for (decision, severity), count in counted.items()))


def _standing(alerts: Iterable[Alert]) -> list[Alert]:
    return [alert for alert in alerts if not alert.lifted_by]


def _gravity(alerts: list[Alert]) -> tuple[int, int, int, float]:
    """Cards with an alert that stands come first, then by decision, severity and best score."""
    standing = _standing(alerts)
    decision, severity = _outcome(alerts)
    best = max((hit.score for alert in alerts for hit in alert.hits), default=0.0)
    return (1 if standing else 0), decision.gravity, severity.gravity, best


def _outcome(alerts: list[Alert]) -> tuple[Decision, Severity]:
    """The gravest decision and severity of the alerts that stand, or of all where none does."""
    judged = _standing(alerts) or alerts
    decision = max((alert.decision for alert in judged), key=lambda found: found.gravity)
    return decision, max((a.severity for a in judged if a.decision is decision), key=lambda found: found.gravity)


def _card(
    number: int,
    keys: tuple[RecordKey, ...],
    alerts: list[Alert],
    stated: Mapping[RecordKey, Stated],
    numbers: Mapping[RecordKey, list[int]],
) -> Card:
    ordered = sorted(alerts, key=lambda a: (bool(a.lifted_by), -a.decision.gravity, -a.severity.gravity, a.rule_id))
    hits = list(dict.fromkeys(hit for alert in ordered for hit in alert.hits))
    place = {hit: index for index, hit in enumerate(hits, start=1)}
    decision, severity = _outcome(alerts)
    others = sorted({other for key in keys for other in numbers[key]} - {number})
    return Card(
        number=number,
        decision=decision,
        severity=severity,
        lifted=not _standing(alerts),
        keys=keys,
        records=tuple(stated.get(key, Stated(key, ())) for key in keys[:MOST_RECORDS]),
        alerts=tuple(_shown(alert, place) for alert in ordered),
        matches=tuple(evidence(hit) for hit in hits[:MOST_MATCHES]),
        more_matches=max(len(hits) - MOST_MATCHES, 0),
        see_also=tuple(others),
    )


def _shown(alert: Alert, place: Mapping[Hit, int]) -> Shown:
    told = f" To be reviewed: {alert.doubt}."  # the page says the doubt on a line of its own
    reason = alert.reason.removesuffix(told) if alert.doubt else alert.reason
    facts = tuple((name.replace("_", " "), _words(alert.facts[name])) for name in sorted(alert.facts))
    matches = tuple(dict.fromkeys(place[hit] for hit in alert.hits if place[hit] <= MOST_MATCHES))
    return Shown(alert, reason, facts, matches)


def _words(value: object) -> str:
    """A fact as the page says it."""
    match plain(value):
        case None | "":
            return "unknown"
        case bool(known):
            return "yes" if known else "no"
        case float(number):
            return f"{number:,.2f}".rstrip("0").rstrip(".")
        case int(number):
            return f"{number:,}" if abs(number) >= 10_000 else str(number)
        case list(several):
            return ", ".join(_words(one) for one in several)
        case dict(held):
            return ", ".join(f"{name}: {_words(one)}" for name, one in held.items())
        case other:
            return str(other)


def _stated(results: Results, keys: Iterable[RecordKey]) -> dict[RecordKey, Stated]:
    """The records of these keys as stated, with the marks on their cells."""
    wanted = {(key.source, key.row): key for key in keys}
    records = _chosen(cast(pd.DataFrame, results.records), wanted)
    marks: dict[tuple[str, int], dict[str, str]] = {}
    marked: dict[tuple[str, int], dict[str, str]] = {}
    for mark in _chosen(cast(pd.DataFrame, results.marks), wanted).to_dict("records"):
        at = str(mark["source"]), int(mark["row"])
        marks.setdefault(at, {})[str(mark["column"])] = str(mark["reason"])
        marked.setdefault(at, {})[str(mark["column"])] = str(mark["value"])
    found = {}
    for record in records.to_dict("records"):
        at = str(record["source"]), int(record["row"])
        cells = {name: _cell(record.get(name)) or marked.get(at, {}).get(name, "") for name in COLUMNS}
        fields = (Field(name, cell, marks.get(at, {}).get(name, "")) for name, cell in cells.items() if cell)
        found[wanted[at]] = Stated(wanted[at], tuple(fields))
    return found


def _cell(value: Any) -> str:
    return "" if value is None or value is pd.NA or value != value else str(value)


def _chosen(frame: pd.DataFrame, wanted: Mapping[tuple[str, int], RecordKey]) -> pd.DataFrame:
    """The rows of these sources and row numbers."""
    if frame.empty or not wanted:
        return frame.iloc[:0]
    return frame[pd.MultiIndex.from_frame(frame[["source", "row"]]).isin(list(wanted))]
