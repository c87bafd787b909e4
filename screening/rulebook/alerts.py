"""Firings turned into alerts: the sentence with its figures, the facts and hits it rests on, and what is in doubt."""

from __future__ import annotations

import hashlib
import string
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import pandas as pd

from screening.model import COLUMNS, Alert, Decision, Feature, Hit, RecordKey, Severity
from screening.rulebook.cells import Cells
from screening.rulebook.conditions import AllOf, AnyOf, Condition, FactTest, HitTest, Records, answer, leaves
from screening.rulebook.decide import Firing
from screening.rulebook.facts import DAY, FACTS
from screening.rulebook.hits import HitTable
from screening.rulebook.rule import Period, Rule


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

    def __post_init__(self) -> None:
        object.__setattr__(self, "stated", Cells(self.trades))
        object.__setattr__(self, "known", Cells(self.records.facts))

    stated: Cells = field(init=False, repr=False)
    known: Cells = field(init=False, repr=False)


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
                listed_name=str(names["text"].iat[name] if name >= 0 else primary[row["entry"]]),
                name_strength=str(names["strength"].iat[name]) if name >= 0 else "",
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
    together: dict[tuple[str, str, int], list[Firing]] = {}
    lifting: dict[int, list[Firing]] = {}
    for firing in firings:
        if firing.period.rule.lifts is not None:
            lifting.setdefault(firing.position, []).append(firing)
            continue
        rule = firing.period.rule.id
        link, group = _group(firing, evidence.linked)
        together.setdefault((rule, link, group if link else firing.position), []).append(firing)
    ordered = sorted(together.values(), key=lambda found: (min(f.position for f in found), found[0].period.rule.id))
    return [_alert(found, lifting, evidence) for found in ordered]


def _group(firing: Firing, linked: Linked) -> tuple[str, int]:
    """The link that puts the record into a group, for a rule that reads a fact of that link."""
    for link in dict.fromkeys(FACTS[name].of for name in _read(firing.period)):
        if firing.position in linked.groups.get(link, {}):
            return link, linked.groups[link][firing.position]
    return "", 0


def _read(period: Period) -> list[str]:
    """The facts that a rule's conditions read."""
    return [t.fact for condition in period.when for t in leaves(condition) if isinstance(t, FactTest)]


def _alert(firings: list[Firing], lifting: dict[int, list[Firing]], evidence: Evidence) -> Raised:
    """The alert of one record or group: the last of the gravest firings speaks for it."""
    ordered = sorted(firings, key=lambda f: (f.sure, int(evidence.rank[f.position])))
    firing, rule = ordered[-1], ordered[-1].period.rule
    positions = tuple(sorted((f.position for f in firings), key=lambda p: int(evidence.rank[p])))
    supporting = tuple(dict.fromkeys(hit for f in ordered[::-1] for hit in _supporting(f, evidence)))
    doubt = "" if firing.sure else _doubt(firing, evidence.records, supporting)
    values = _values(firing, evidence.known)
    lifted, words = _lifted(rule, positions, lifting, evidence)
    reason = _sentence(firing, supporting, evidence)
    reason = f"{reason.rstrip('.')}. To be reviewed: {doubt}." if doubt else reason
    contents = [
        "\x1f".join(str(evidence.stated.at(column, p)) for column in COLUMNS) for p in positions
    ]  # a record's place in its file is no part of what it states
    identity = "\x1f".join([rule.id, *contents, *(hit.entry_id for hit in supporting)])
    alert = Alert(
        alert_id=hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:16],
        rule_id=rule.id,
        title=rule.title,
        decision=rule.decision if firing.sure else Decision.REVIEW,
        severity=rule.severity if firing.sure else _lower(rule.severity),
        regime=rule.regime,
        citations=rule.citations,
        records=tuple(_key(p, evidence.stated) for p in _members(firing, positions, evidence)),
        reason=f"{reason.rstrip('.')}. {words}" if words else reason,
        facts={name: _plain(value) for name, value in values.items()},
        hits=supporting,
        lifted_by=lifted,
        doubt=doubt,
        false_positives=rule.false_positives,
        rests_on=tuple(_key(p, evidence.stated) for p in _rests(firings, positions, evidence)),
    )
    return alert, positions


def _sentence(firing: Firing, supporting: tuple[Hit, ...], evidence: Evidence) -> str:
    values = _values(firing, evidence.known)
    told = {name: v.replace(";", " and ") for name, v in values.items() if name in FACTS and FACTS[name].type == "set"}
    return _Sentence().vformat(firing.period.rule.explain, (), {**values, **told, "hits": _told(supporting)})


def _lifted(
    rule: Rule, positions: tuple[int, ...], lifting: dict[int, list[Firing]], evidence: Evidence
) -> tuple[str, str]:
    """The exemption that lifts the rule on every one of the records, and its sentence; or why a letter does not."""
    found = [
        next((f for f in lifting.get(position, ()) if f.sure and _lifts(f, rule.id, evidence)), None)
        for position in positions
    ]
    if all(found):
        first = next(f for f in found if f)
        return first.period.rule.id, f"Lifted by {first.period.rule.id}: {_sentence(first, (), evidence)}"
    letters = dict[str, None]()
    for position, lift in zip(positions, found, strict=True):
        named = str(evidence.known.at("letter_lifts", position))
        if lift is None and (not named or rule.id in named.split(";")):
            letters[str(evidence.known.at("letter_why", position))] = None
    return "", "; ".join(f"Not lifted: {why}" for why in letters if why)


def _lifts(firing: Firing, rule_id: str, evidence: Evidence) -> bool:
    lifts = firing.period.rule.lifts or ()
    if isinstance(lifts, str):
        return rule_id in str(evidence.known.at(lifts, firing.position)).split(";")
    return rule_id in lifts


def _members(firing: Firing, positions: tuple[int, ...], evidence: Evidence) -> list[int]:
    """The records of the alert, those of the history in its group among them, in their order."""
    link, group = _group(firing, evidence.linked)
    grouped = [p for p, g in evidence.linked.groups.get(link, {}).items() if g == group and p >= evidence.judged]
    return sorted({*positions, *grouped}, key=lambda p: int(evidence.rank[p]))


def _rests(firings: list[Firing], positions: tuple[int, ...], evidence: Evidence) -> list[int]:
    """The other records that the facts of these firings draw on."""
    found = {
        other
        for firing in firings
        for link in {FACTS[name].of for name in _read(firing.period)}
        for other in evidence.linked.rests.get(link, {}).get(firing.position, ())
    }
    return sorted(found - set(positions), key=lambda p: int(evidence.rank[p]))


def _key(position: int, stated: Cells) -> RecordKey:
    source, row, record = (stated.at(column, position) for column in ("source", "row", "record_id"))
    return RecordKey(str(source), int(str(row)), str(record))


def _supporting(firing: Firing, evidence: Evidence) -> tuple[Hit, ...]:
    rows: dict[int, None] = {}
    for test in (t for condition in firing.period.when for t in leaves(condition) if isinstance(t, HitTest)):
        rows |= dict.fromkeys(evidence.table.supporting(test, firing.position))
    return tuple(evidence.hits[row] for row in rows)


def _values(firing: Firing, known: Cells) -> dict[str, Any]:
    """The facts and figures that the rule's conditions and sentence name, and the day."""
    named = [DAY, *_read(firing.period)]
    named += [name for _, name, _, _ in string.Formatter().parse(firing.period.rule.explain) if name in FACTS]
    found = {name: known.at(name, firing.position) for name in dict.fromkeys(named)}
    return {**found, **dict(firing.period.figures)}


def _doubt(firing: Firing, records: Records, supporting: tuple[Hit, ...]) -> str:
    """What kept the rule from firing surely: a date, a fact or a match that is open."""
    at = [firing.position]
    one = Records(records.facts.iloc[at], records.hits, records.unreadable.iloc[at])
    doubts = ["the date could not be read"] if one.facts[DAY].isna().any() else []
    for condition in firing.period.when:
        if _surely(condition, one, firing.position):
            continue
        for test in leaves(condition):
            if isinstance(test, HitTest):
                uncertain = sorted((hit for hit in supporting if not hit.certain), key=lambda hit: -hit.score)
                doubts += [
                    f"the match with {hit.listed_name} is not certain, score {hit.score:.1f}" for hit in uncertain[:1]
                ]
                continue
            held = answer(test, one)
            if held.perhaps[0] and not held.sure[0] and FACTS[test.fact].low:
                doubts.append(_between(test, one))
            elif held.perhaps[0] and not held.sure[0]:
                why = str(one.facts[f"{test.fact}_why"].iat[0]) if f"{test.fact}_why" in one.facts else ""
                claim = FACTS[test.fact].meaning.split(":")[0]
                doubts.append(f"it is not known whether {claim}" + (f" ({why})" if why else ""))
    return "; ".join(dict.fromkeys(doubts))


def _between(test: FactTest, one: Records) -> str:
    """The bounds of a number within which a limit lies."""
    fact = FACTS[test.fact]
    low, high = (float(one.facts[name].tolist()[0]) for name in (fact.low, fact.high))
    name = fact.name.replace("_", " ")
    if not np.isfinite(low) or not np.isfinite(high):
        return f"{name} is not known" + (f", at least {low:,.0f} {fact.unit}" if np.isfinite(low) and low > 0 else "")
    limit = f"{test.operand:,.0f}" if isinstance(test.operand, float) else str(test.operand)
    asked = f"{test.operator.replace('_', ' ')} {limit}"
    return f"{name} lies between {low:,.0f} and {high:,.0f} {fact.unit}, {asked} decides"


def _surely(condition: Condition, one: Records, position: int) -> bool:
    if isinstance(condition, AnyOf):
        return any(_surely(test, one, position) for test in condition.tests)
    if isinstance(condition, AllOf):
        return all(_surely(test, one, position) for test in condition.tests)
    if isinstance(condition, HitTest):
        return bool(one.hits.matching(condition).sure[position])
    return bool(answer(condition, one).sure[0])


def _told(supporting: tuple[Hit, ...]) -> str:
    told = []
    for hit in supporting:
        listed = f"listed on {hit.listed_on}" if hit.listed_on else "the list gives no listing date"
        how = (
            "matches"
            if hit.by == "name"
            else "has the identifier of"
            if hit.score == 100
            else "is close to the number of"
        )
        told.append(
            f"{hit.role} '{hit.value}' {how} {hit.listed_name} ({hit.entry_id}; score {hit.score:.1f}; {listed})"
        )
    return "; ".join(told)


def _lower(severity: Severity) -> Severity:
    return list(Severity)[max(0, severity.gravity - 1)]


def _plain(value: Any) -> Any:
    """A fact as JSON holds it; None where it is unknown."""
    if pd.isna(value) or (isinstance(value, float) and not np.isfinite(value)):
        return None
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return value.item() if isinstance(value, np.generic) else value


class _Sentence(string.Formatter):
    """Fills a rule's sentence; a figure that is unknown reads 'unknown', a text that is empty 'not stated'."""

    def format_field(self, value: Any, format_spec: str) -> str:
        plain = _plain(value)
        if plain is None:
            return "unknown"
        if plain == "":
            return "not stated"
        if isinstance(plain, bool):
            return "yes" if plain else "no"
        if isinstance(plain, str):
            return plain
        return str(format(plain, format_spec))
