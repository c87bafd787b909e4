"""The cases inside the rule files, run as tests of the rules."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from screening.model import Status
from screening.rulebook.conditions import Records
from screening.rulebook.decide import Judge
from screening.rulebook.facts import DAY, DTYPES, FACTS
from screening.rulebook.hits import Concerns, HitTable, in_force
from screening.rulebook.packs import Rulebook
from screening.rulebook.rule import Case, Outcome, Rule


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a case expected of its rule, and what the rule did."""

    rule: Rule
    case: Case
    got: Outcome

    @property
    def holds(self) -> bool:
        """The rule did what the case says."""
        return self.case.fires == self.got


def run(rulebook: Rulebook) -> list[Verdict]:
    """Every case of every rule, judged by engine and plain evaluation together."""
    cases = [(rule, case) for rule in rulebook.rules for case in rule.cases]
    records = _records([case for _, case in cases], rulebook.concerns)
    with Judge(rulebook) as judge:
        fired = {(f.position, f.period.rule.id): f.sure for f in judge.firings(records)}
    found = []
    for position, (rule, case) in enumerate(cases):
        sure = fired.get((position, rule.id))
        found.append(Verdict(rule, case, "false" if sure is None else "true" if sure else "review"))
    return found


def _records(cases: list[Case], concerns: Concerns) -> Records:
    columns: dict[str, list[object]] = {name: [] for name in FACTS}
    unreadable = []
    for case in cases:
        given = _bounded(dict(case.facts))
        damaged = [cell for name, text in given.items() if text == "unknown" for cell in FACTS[name].cells]
        damaged += ["date"] if case.day is None else []
        unreadable.append(";".join(dict.fromkeys(damaged)))
        for name, fact in FACTS.items():
            columns[name].append(
                pd.Timestamp(case.day) if name == DAY and case.day else _value(fact.type, given.get(name))
            )
    frame = pd.DataFrame({name: pd.Series(values, dtype=DTYPES[FACTS[name].type]) for name, values in columns.items()})
    return Records(frame, _hits(cases, concerns), pd.Series(unreadable, dtype="str"))


def _bounded(given: dict[str, str]) -> dict[str, str]:
    """The facts with the bounds that a case leaves out: a number stated alone is exact, an unknown one has none."""
    bounds: dict[str, str] = {}
    for name, fact in FACTS.items():
        if fact.low and name in given:
            unknown = given[name] == "unknown"
            bounds |= {fact.low: "-inf" if unknown else given[name], fact.high: "inf" if unknown else given[name]}
    return {**bounds, **given}


_HIT_CELLS = {
    "role": "role",
    "authority": "authority",
    "list": "list",
    "kind": "kind",
    "programmes": "programme",
    "measures": "measure",
    "concerns": "concern",
    "by": "by",
}


def _value(kind: str, text: str | None) -> object:
    if kind == "yes/no":
        return pd.NA if text == "unknown" else text == "true"
    if kind == "number":
        return float("nan") if text in (None, "unknown") else float(text)
    if kind == "date":
        return pd.NaT
    return "" if text in (None, "unknown") else text


def _hits(cases: list[Case], concerns: Concerns) -> HitTable:
    rows = []
    for position, case in enumerate(cases):
        for hit in case.hits:
            row = {key: hit.get(name, "") for key, name in _HIT_CELLS.items()}
            row["authority"] = row["authority"] or row["list"].split("-")[0]
            about = {concerns.of(row["authority"], programme) for programme in row["programmes"].split(";")}
            row["concerns"] = row["concerns"] or ";".join(sorted(about))
            listed_on = pd.Timestamp(hit["listed_on"]) if "listed_on" in hit else pd.NaT
            shipped_on = pd.Timestamp(case.day) if case.day else pd.NaT
            rows.append((*row.values(), position, hit.get("certain", "true") == "true", listed_on, shipped_on))
    frame = pd.DataFrame(rows, columns=[*_HIT_CELLS, "position", "certain", "listed_on", "shipped_on"])
    frame = frame.astype({"listed_on": "datetime64[s]", "shipped_on": "datetime64[s]", "certain": "bool"})
    kept = frame.assign(
        status=Status.KEPT.value, reason="", delisted_on=pd.Series(pd.NaT, frame.index, "datetime64[s]")
    )
    return HitTable(in_force(kept), len(cases))
