"""Firings turned into alerts: the sentence with its figures, the facts and hits it rests on, and what is in doubt."""

from __future__ import annotations

import hashlib
import string
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from screening.model import COLUMNS, Alert, Decision, Feature, Hit, RecordKey, Severity
from screening.rulebook.conditions import AllOf, AnyOf, Condition, FactTest, HitTest, Records, answer, leaves
from screening.rulebook.decide import Firing
from screening.rulebook.facts import DAY, FACTS
from screening.rulebook.hits import HitTable


@dataclass(frozen=True, slots=True)
class Evidence:
    """What alerts draw on: the records, their facts, and their hits as reports show them, by row of the hit table."""

    trades: pd.DataFrame
    records: Records
    table: HitTable
    hits: tuple[Hit, ...]


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


def alerts(firings: Iterable[Firing], evidence: Evidence) -> list[Alert]:
    """One alert for every firing, in the same order."""
    return [_alert(firing, evidence) for firing in firings]


def _alert(firing: Firing, evidence: Evidence) -> Alert:
    rule, position = firing.period.rule, firing.position
    supporting = _supporting(firing, evidence)
    trade = {column: evidence.trades[column].iat[position] for column in ("source", "row", *COLUMNS)}
    key = RecordKey(str(trade["source"]), int(str(trade["row"])), str(trade["record_id"]))
    doubt = "" if firing.sure else _doubt(firing, evidence.records, supporting)
    values = _values(firing, evidence.records)
    told = {name: v.replace(";", " and ") for name, v in values.items() if name in FACTS and FACTS[name].type == "set"}
    sentence = _Sentence().vformat(rule.explain, (), {**values, **told, "hits": _told(supporting)})
    identity = "\x1f".join(
        [rule.id, *(str(trade[column]) for column in COLUMNS), *(hit.entry_id for hit in supporting)]
    )
    return Alert(
        alert_id=hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:16],
        rule_id=rule.id,
        title=rule.title,
        decision=rule.decision if firing.sure else Decision.REVIEW,
        severity=rule.severity if firing.sure else _lower(rule.severity),
        regime=rule.regime,
        citations=rule.citations,
        records=(key,),
        reason=f"{sentence.rstrip('.')}. To be reviewed: {doubt}." if doubt else sentence,
        facts={name: _plain(value) for name, value in values.items()},
        hits=supporting,
        doubt=doubt,
        false_positives=rule.false_positives,
    )


def _supporting(firing: Firing, evidence: Evidence) -> tuple[Hit, ...]:
    rows: dict[int, None] = {}
    for test in (t for condition in firing.period.when for t in leaves(condition) if isinstance(t, HitTest)):
        rows |= dict.fromkeys(evidence.table.supporting(test, firing.position))
    return tuple(evidence.hits[row] for row in rows)


def _values(firing: Firing, records: Records) -> dict[str, Any]:
    """The facts and figures that the rule's conditions and sentence name, and the day."""
    named = [DAY]
    named += [t.fact for condition in firing.period.when for t in leaves(condition) if isinstance(t, FactTest)]
    named += [name for _, name, _, _ in string.Formatter().parse(firing.period.rule.explain) if name in FACTS]
    found = {name: records.facts[name].iat[firing.position] for name in dict.fromkeys(named)}
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
            if held.perhaps[0] and not held.sure[0]:
                why = str(one.facts[f"{test.fact}_why"].iat[0]) if f"{test.fact}_why" in one.facts else ""
                claim = FACTS[test.fact].meaning.split(":")[0]
                doubts.append(f"it is not known whether {claim}" + (f" ({why})" if why else ""))
    return "; ".join(dict.fromkeys(doubts))


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
        how = "has the identifier of" if hit.by == "identifier" else "matches"
        told.append(
            f"{hit.role} '{hit.value}' {how} {hit.listed_name} ({hit.entry_id}; score {hit.score:.1f}; {listed})"
        )
    return "; ".join(told)


def _lower(severity: Severity) -> Severity:
    return list(Severity)[max(0, severity.gravity - 1)]


def _plain(value: Any) -> Any:
    """A fact as JSON holds it; None where it is unknown."""
    if pd.isna(value):
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
