"""What report.html says, before it is laid out: every number and sentence of the page that is not an alert's own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import pandas as pd

from screening.model import Alert, Decision, Results, Severity
from screening.reports import cards, ceilings, manifest, sketch
from screening.reports.plain import plain

MOST_ROWS = 200
MOST_LEGS = 100

# What the page names of each part of the manifest; what a manifest leaves out is empty, and the page says "not stated".
_INPUT = ("source", "sha256", "format", "rows", "rejected", "ignored", "notices")
_LISTS = ("name", "digest", "entries", "notes")
_SOURCE = ("list", "format", "files", "sha256", "published", "entries")
_RULES = ("name", "version", "rules")
_SOFTWARE = ("name", "version", "python")
_GAP = ("what", "count", "examples")


@dataclass(frozen=True, slots=True)
class Share:
    """A part of the rows read: its outcome, how it is called, how many rows, and where its stretch of the bar lies."""

    outcome: str
    label: str
    rows: int
    start: float
    length: float


@dataclass(frozen=True, slots=True)
class Fired:
    """A rule that fired in this run, over all its alerts."""

    rule_id: str
    title: str
    regime: str
    decision: Decision
    decisions: tuple[tuple[Decision, int], ...]  # of the alerts that stand, gravest first
    severity: Severity
    alerts: int
    records: int
    lifted: int
    card: int  # the first card that shows it, 0 where none does


@dataclass(frozen=True, slots=True)
class Group:
    """Cards under one heading."""

    anchor: str
    outcome: str
    heading: str
    cards: tuple[cards.Card, ...]


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The first rows of a table, and how many more its file holds."""

    rows: tuple[dict[str, Any], ...]
    rest: int


def context(results: Results) -> dict[str, Any]:
    """Everything the template names."""
    told = manifest.counts(results)
    stated = plain(results.manifest)
    deck = cards.deck(results)
    lists = _with(_LISTS, stated.get("lists"))
    return {
        "headline": headline(told),
        "told": told,
        "shares": shares(told),
        "extract": _mapping(stated.get("lists")).get("extract") is True,
        "scope": _scope(stated, lists),
        "ending": ending(stated),
        "exit_code": stated.get("exit_code"),
        "day": str(stated.get("started") or "")[:10],  # no time of day: the same findings give the same bytes
        "inputs": [_with(_INPUT, one) for one in _sequence(stated.get("inputs"))],
        "history": [_with(_INPUT, one) for one in _sequence(stated.get("history"))],
        "fired": _fired(results.alerts, deck),
        "groups": _groups(deck),
        "deck": deck,
        "unshown": _unshown(results, deck),
        "alerts": len(results.alerts),
        "hits": _hit_counts(results),
        "years": ceilings.charts(results.ledger),
        "sketches": sketch.sketches(results.places, results.legs),
        "undrawn": sketch.undrawn(results.places),
        "legs": sketch.legs_listed(results.places, results.legs)[:MOST_LEGS],
        "more_legs": max(len(results.legs) - MOST_LEGS, 0),
        "lists": lists,
        "sources": [_with(_SOURCE, source) for source in manifest.sources(stated.get("lists"))],
        "list_notes": _sequence(lists["notes"]),
        "rules": _with(_RULES, stated.get("rules")),
        "left_out": _sequence(stated.get("regimes_left_out")),
        "regimes": _sequence(stated.get("regimes")),
        "settings": _settings(_mapping(stated.get("settings"))),
        "software": _with(_SOFTWARE, stated.get("software")),
        "gaps": [_with(_GAP, gap) for gap in _sequence(stated.get("not_screened"))],
        "rejects": _excerpt(results.rejects),
        "marks": _excerpt(results.marks),
        "severities": [severity.value for severity in reversed(Severity)],
    }


def headline(told: Mapping[str, int]) -> str:
    """The outcome in one sentence without a verb that would judge."""
    if not told["rows_read"]:
        return "No rows were read"
    violations, reviews = told["possible_violation"], told["review"]
    if not violations and not reviews:
        return "Nothing found: no possible violation, nothing for review"
    found = [_many(violations, "possible violation")] if violations else ["No possible violation"]
    return " and ".join([*found, f"{_many(reviews, 'record')} for review" if reviews else "nothing for review"])


def shares(told: Mapping[str, int]) -> tuple[Share, ...]:
    """The outcomes in the order of the sum, each with its stretch of the bar of all rows."""
    labels = {
        "clear": "clear",
        "review": "for review",
        "possible_violation": "possible violation",
        "rejected": "rejected",
    }
    found: list[Share] = []
    start = 0.0
    for outcome in manifest.OUTCOMES:
        length = round(1000 * told[outcome] / (told["rows_read"] or 1), 2)
        found.append(Share(outcome, labels[outcome], told[outcome], round(start, 2), length))
        start += length
    return tuple(found)


def ending(stated: Mapping[str, Any]) -> str:
    """What the exit code of the run means, '' where the manifest holds none."""
    limit = str(stated.get("fail_on") or Decision.POSSIBLE_VIOLATION.value).replace("_", " ")
    at = f"led to a decision of {limit}" + (" or graver" if limit == "review" else "")
    below = "decisions do not count here (fail on never)" if limit == "never" else f"no record {at}"
    rejected = _mapping(stated.get("counts")).get("rejected")
    lost = "of the history were rejected and are in no sum" if rejected == 0 else "were rejected and not screened"
    return {
        0: f"{below}, and every row was read.",
        1: f"at least one record {at}.",
        3: f"{below}, but some rows {lost}.",
    }.get(cast(int, stated.get("exit_code")), "")


def _scope(stated: Mapping[str, Any], lists: Mapping[str, Any]) -> str:
    """What was screened against what."""
    inputs = [_mapping(one) for one in _sequence(stated.get("inputs"))]
    files = len({(one.get("path") or one.get("source"), one.get("sha256")) for one in inputs})  # sheets share a file
    against = [f"{lists['entries']:,} list entries"] if isinstance(lists["entries"], int) else []
    rules = _mapping(stated.get("rules")).get("rules")
    against += [_many(rules, "rule")] if isinstance(rules, int) else []
    rows = _many(_mapping(stated["counts"])["rows_read"], "row")
    read = f"{rows} of {_many(files, 'file')}" if files else rows
    return f"{read} screened against {' and '.join(against)}" if against else f"{read} screened"


def _fired(alerts: Sequence[Alert], deck: cards.Deck) -> tuple[Fired, ...]:
    """The rules that fired, gravest and most frequent first."""
    first: dict[str, int] = {}
    for card in deck.cards:
        for shown in card.alerts:
            first.setdefault(shown.alert.rule_id, card.number)
    by_rule: dict[str, list[Alert]] = {}
    for alert in alerts:
        by_rule.setdefault(alert.rule_id, []).append(alert)
    found = [
        Fired(
            rule_id,
            group[0].title,
            group[0].regime,
            max((alert.decision for alert in group), key=lambda decision: decision.gravity),
            _decisions(group),
            max((alert.severity for alert in group), key=lambda severity: severity.gravity),
            len(group),
            len({key for alert in group for key in alert.records}),
            sum(bool(alert.lifted_by) for alert in group),
            first.get(rule_id, 0),
        )
        for rule_id, group in by_rule.items()
    ]
    return tuple(sorted(found, key=lambda f: (-f.decision.gravity, -f.severity.gravity, -f.alerts, f.rule_id)))


def _decisions(alerts: Sequence[Alert]) -> tuple[tuple[Decision, int], ...]:
    """How many of the alerts that stand lead to each decision, the gravest first."""
    standing = [alert.decision for alert in alerts if not alert.lifted_by]
    return tuple((decision, standing.count(decision)) for decision in reversed(Decision) if decision in standing)


def _groups(deck: cards.Deck) -> tuple[Group, ...]:
    kinds = (
        ("possible", "possible_violation", "Possible violations", Decision.POSSIBLE_VIOLATION, False),
        ("review", "review", "For review", Decision.REVIEW, False),
    )
    groups = [
        Group(anchor, outcome, heading, tuple(c for c in deck.cards if c.decision is decision and not c.lifted))
        for anchor, outcome, heading, decision, _ in kinds
    ]
    groups.append(Group("lifted", "clear", "Lifted by an exemption", tuple(c for c in deck.cards if c.lifted)))
    return tuple(group for group in groups if group.cards)


def _unshown(results: Results, deck: cards.Deck) -> dict[str, int]:
    """How many records of each decision but clear stand on no card of the page."""
    shown = {(key.source, key.row) for card in deck.cards for key in card.keys}
    counted = Counter[str]()
    for frame in results.decided:
        open_ones = frame[frame["decision"] != Decision.CLEAR.value]
        if len(open_ones):
            hidden = ~pd.MultiIndex.from_frame(open_ones[["source", "row"]]).isin(list(shown))
            counted.update(open_ones.loc[hidden, "decision"].tolist())
    return {d.value: counted[d.value] for d in reversed(Decision) if counted[d.value]}


def _hit_counts(results: Results) -> dict[str, int]:
    """How many hits of each status, in the order of the model."""
    statuses = [str(hit.status) for hit in results.hits]
    return {status: statuses.count(status) for status in ("kept", "weak", "suppressed", "ruled_out")}


def _settings(held: Mapping[str, Any], before: str = "") -> list[tuple[str, str]]:
    """Settings as (name, value), those within settings with both names."""
    found: list[tuple[str, str]] = []
    for name, value in sorted(held.items()):
        if isinstance(value, Mapping):
            found += _settings(value, f"{before}{name}.")
        elif isinstance(value, list):
            found.append((f"{before}{name}", ", ".join(str(one) for one in value) or "none"))
        else:
            found.append((f"{before}{name}", "none" if value is None else str(value)))
    return found


def _excerpt(frame: object) -> Excerpt:
    table = cast(pd.DataFrame, frame)
    rows = table.head(MOST_ROWS).to_dict("records")
    cells = [{str(name): plain(value) for name, value in row.items()} for row in rows]
    return Excerpt(tuple(cells), max(len(table) - MOST_ROWS, 0))


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def _mapping(value: object) -> dict[str, Any]:
    return dict(value) if isinstance(value, Mapping) else {}


def _with(names: tuple[str, ...], value: object) -> dict[str, Any]:
    held = _mapping(value)
    return {name: held.get(name, "") for name in names}


def _sequence(value: object) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else []
