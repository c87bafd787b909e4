"""Firings turned into alerts: one for each rule and record or linked group, and which of them an exemption lifts."""

from __future__ import annotations

import hashlib
import string
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np
import pandas as pd

from screening.model import COLUMNS, Alert, Citation, Decision, Feature, Hit, RecordKey, Severity
from screening.rulebook.cells import Cells
from screening.rulebook.conditions import FactTest, HitTest, Records, leaves
from screening.rulebook.decide import Firing
from screening.rulebook.facts import DAY, FACTS
from screening.rulebook.hits import HitTable
from screening.rulebook.rule import Period, Rule
from screening.rulebook.telling import Doubts, plain, sentence

ID_LENGTH = 16


class Linked(Protocol):
    """How records hang together, by link: those of one group share an alert, and some draw on others."""

    @property
    def groups(self) -> dict[str, dict[int, int]]:
        """By link, the group of each record that is in one."""

    @property
    def rests(self) -> dict[str, dict[int, tuple[int, ...]]]:
        """By link, the records that each record's facts draw on."""


@dataclass(frozen=True)
class Evidence:
    """What alerts draw on: the records in order, their facts, hits and links; `hits` goes by row of the hit table."""

    trades: pd.DataFrame
    records: Records
    table: HitTable
    hits: tuple[Hit, ...]
    rank: np.ndarray
    linked: Linked
    judged: int  # so many records from the first are judged, the others are history


Raised = tuple[Alert, tuple[int, ...]]  # an alert, and the positions of the records that it accuses


def hits(
    table: HitTable, names: pd.DataFrame, trades: pd.DataFrame, features: Sequence[tuple[Feature, ...]]
) -> tuple[Hit, ...]:
    """Every hit of the table as reports show it.

    Args:
        names: the snapshot's listed names. trades: the records. features: the evidence of every hit, in table order.
    """
    sources, rows, ids = (trades[column].tolist() for column in ("source", "row", "record_id"))
    primary = names.drop_duplicates("entry").set_index("entry")["text"]
    texts, strengths = (names[column].to_numpy(object) for column in ("text", "strength"))
    found = []
    for row, evidence in zip(table.frame.to_dict("records"), features, strict=True):
        listed, position, name = row["listed_on"], int(row["position"]), int(row["name"])
        found.append(
            Hit(
                source=sources[position],
                row=rows[position],
                record_id=ids[position],
                role=row["role"],
                value=row["value"],
                entry_id=row["entry_id"],
                list=row["list"],
                kind=row["kind"],
                listed_name=str(texts[name] if name >= 0 else primary[row["entry"]]),
                name_strength=str(strengths[name]) if name >= 0 else "",
                score=round(float(row["score"]), 1),
                by=row["by"],
                certain=bool(row["certain"]),
                features=tuple(evidence),
                programmes=tuple(p for p in row["programmes"].split(";") if p),
                listed_on=None if pd.isna(listed) else listed.date(),
                status=row["status"],
                reason=row["reason"],
            )
        )
    return tuple(found)


def alerts(firings: Iterable[Firing], evidence: Evidence) -> list[Raised]:
    """An alert for every firing, one for all firings of a rule on a linked group, and which of them are lifted.

    They come in the order of their first records, and for each record in the order of the rules.
    """
    return _Desk(list(firings), evidence).alerts()


class _Asked(NamedTuple):
    """What a rule reads of records: the facts of its conditions, those it tells, its links and its tests of hits."""

    told: tuple[str, ...]
    links: tuple[str, ...]
    hits: tuple[HitTest, ...]


class _Freed(NamedTuple):
    """What exemptions make of an alert: the one that lifts it, or what leaves it to review; its words and law."""

    by: str = ""
    to_review: str = ""
    words: str = ""
    law: tuple[Citation, ...] = ()


class _Desk:
    """All firings of a run beside their evidence; whatever several alerts need is looked up once."""

    def __init__(self, firings: list[Firing], evidence: Evidence) -> None:
        self.evidence, self.firings = evidence, firings
        self.linked, self.rank = evidence.linked, evidence.rank.tolist()
        self.stated, self.known = Cells(evidence.trades), Cells(evidence.records.facts)
        self.asked: dict[tuple[str, Any], _Asked] = {}
        self.history: dict[str, dict[int, list[int]]] = {}
        open_ = (f.position for f in firings if not f.sure and f.period.rule.lifts is None)
        self.doubts = Doubts(evidence.records, open_)
        self.lifting: dict[int, list[Firing]] = {}
        for firing in firings:
            if firing.period.rule.lifts is not None and firing.sure:
                self.lifting.setdefault(firing.position, []).append(firing)

    def alerts(self) -> list[Raised]:
        """The alerts in the order of their first records."""
        together: dict[tuple[str, str, int], list[Firing]] = {}
        for firing in self.firings:
            if firing.period.rule.lifts is None:
                link, group = self._group(firing)
                key = (firing.period.rule.id, link, group if link else firing.position)
                together.setdefault(key, []).append(firing)
        ordered = sorted(together.values(), key=lambda found: (min(f.position for f in found), found[0].period.rule.id))
        return [self._alert(found) for found in ordered]

    def _asks(self, period: Period) -> _Asked:
        key = (period.rule.id, period.since)
        if key not in self.asked:
            tests = [test for condition in period.when for test in leaves(condition)]
            read = [test.fact for test in tests if isinstance(test, FactTest)]
            named = [name for _, name, _, _ in string.Formatter().parse(period.rule.explain) if name in FACTS]
            self.asked[key] = _Asked(
                told=tuple(dict.fromkeys([DAY, *read, *named])),
                links=tuple(dict.fromkeys(FACTS[name].of for name in read)),
                hits=tuple(test for test in tests if isinstance(test, HitTest)),
            )
        return self.asked[key]

    def _group(self, firing: Firing) -> tuple[str, int]:
        """The link that puts the record into a group, for a rule that reads a fact of that link."""
        for link in self._asks(firing.period).links:
            if firing.position in self.linked.groups.get(link, {}):
                return link, self.linked.groups[link][firing.position]
        return "", 0

    def _alert(self, firings: list[Firing]) -> Raised:
        """The alert of one record or group: the last of the gravest firings speaks for it."""
        ordered = sorted(firings, key=lambda f: (f.sure, not f.period.early, self.rank[f.position]))
        firing, rule = ordered[-1], ordered[-1].period.rule
        positions = tuple(sorted({f.position for f in firings}, key=self.rank.__getitem__))
        supporting = tuple(dict.fromkeys(hit for f in ordered[::-1] for hit in self._supporting(f)))
        values = self._values(firing)
        freed = self._freed(rule, positions)
        doubts = ["" if firing.sure else self.doubts.of(firing.period, firing.position, supporting), freed.to_review]
        doubt = "; ".join(filter(None, doubts))
        reason = sentence(rule.explain, values, supporting).rstrip(".")
        reason = f"{reason}. To be reviewed: {doubt}." if doubt else reason
        alert = Alert(
            alert_id=self._identity(rule, positions, supporting),
            rule_id=rule.id,
            title=rule.title,
            decision=Decision.REVIEW if doubt or not firing.sure else rule.decision,
            severity=_severity(firing, lowered=bool(freed.to_review)),
            regime=rule.regime,
            citations=tuple(dict.fromkeys((*firing.period.law, *freed.law))),
            records=tuple(self._key(p) for p in self._members(firing, positions)),
            reason=f"{reason.rstrip('.')}. {freed.words}" if freed.words else reason,
            facts={name: plain(value) for name, value in values.items()},
            hits=supporting,
            lifted_by=freed.by,
            doubt=doubt,
            false_positives=rule.false_positives,
            rests_on=tuple(self._key(p) for p in self._rests(firings, positions)),
        )
        return alert, positions

    def _identity(self, rule: Rule, positions: Iterable[int], hits: Iterable[Hit]) -> str:
        """An id from the rule, what its records state and whom they meet; not from where the records stand."""
        contents = ["\x1f".join([str(self.stated.at(column, p)) for column in COLUMNS]) for p in positions]
        identity = "\x1f".join([rule.id, *contents, *(hit.entry_id for hit in hits)])
        return hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:ID_LENGTH]

    def _freed(self, rule: Rule, positions: tuple[int, ...]) -> _Freed:
        """What exemptions make of the rule's alert; all its records must be exempt, or else it may say why none is."""
        found = [
            max(
                (f for f in self.lifting.get(position, ()) if self._lifts(f, rule.id)),
                key=lambda f: -f.period.rule.leaves.gravity,
                default=None,
            )
            for position in positions
        ]
        exempt = [f for f in found if f]
        if len(exempt) == len(positions):
            first = max(exempt, key=lambda f: f.period.rule.leaves.gravity)
            lift, law = first.period.rule, first.period.law
            words = f"{lift.id}: {sentence(lift.explain, self._values(first), ())}"
            if lift.leaves is Decision.CLEAR:
                return _Freed(by=lift.id, words=f"Lifted by {words}", law=law)
            return _Freed(to_review=f"perhaps exempt under {words.rstrip('.')}", law=law)
        letters = dict[str, None]()
        for position, firing in zip(positions, found, strict=True):
            named = str(self.known.at("letter_lifts", position))
            if firing is None and (not named or rule.id in named.split(";")):
                letters[str(self.known.at("letter_why", position))] = None
        return _Freed(words="; ".join(f"Not lifted: {why}" for why in letters if why))

    def _lifts(self, firing: Firing, rule_id: str) -> bool:
        lifts = firing.period.rule.lifts or ()
        if isinstance(lifts, str):
            return rule_id in str(self.known.at(lifts, firing.position)).split(";")
        return rule_id in lifts

    def _members(self, firing: Firing, positions: tuple[int, ...]) -> list[int]:
        """The records of the alert, those of the history in its group among them, in their order."""
        link, group = self._group(firing)
        if not link:
            return list(positions)
        if link not in self.history:
            self.history[link] = {}
            for position, number in self.linked.groups[link].items():
                if position >= self.evidence.judged:
                    self.history[link].setdefault(number, []).append(position)
        return sorted({*positions, *self.history[link].get(group, ())}, key=self.rank.__getitem__)

    def _rests(self, firings: list[Firing], positions: tuple[int, ...]) -> list[int]:
        """The other records that the facts of these firings draw on."""
        found = {
            other
            for firing in firings
            for link in self._asks(firing.period).links
            for other in self.linked.rests.get(link, {}).get(firing.position, ())
        }
        return sorted(found - set(positions), key=self.rank.__getitem__)

    def _key(self, position: int) -> RecordKey:
        source, row, record = (self.stated.at(column, position) for column in ("source", "row", "record_id"))
        return RecordKey(str(source), int(str(row)), str(record))

    def _supporting(self, firing: Firing) -> tuple[Hit, ...]:
        rows: dict[int, None] = {}
        for test in self._asks(firing.period).hits:
            rows |= dict.fromkeys(self.evidence.table.supporting(test, firing.position))
        return tuple(self.evidence.hits[row] for row in rows)

    def _values(self, firing: Firing) -> dict[str, Any]:
        """The facts and figures that the rule's conditions and sentence name, and the day."""
        found = {name: self.known.at(name, firing.position) for name in self._asks(firing.period).told}
        return {**found, **dict(firing.period.figures)}


def _severity(firing: Firing, *, lowered: bool) -> Severity:
    """The rule's severity, a step less where something is in doubt, the least for a measure younger than the record."""
    if firing.period.early:
        return Severity.LOW
    severity = firing.period.rule.severity
    return severity if firing.sure and not lowered else list(Severity)[max(0, severity.gravity - 1)]
