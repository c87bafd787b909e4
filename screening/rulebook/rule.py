"""A rule of law or policy, its parameters and its cases, as frozen values."""

from __future__ import annotations

import string
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from screening.model import Citation, Decision, Severity
from screening.rulebook.conditions import AllOf, AnyOf, Condition, FactTest, leaves

Outcome = Literal["true", "review", "false"]
SEEN = "seen"


@dataclass(frozen=True, slots=True)
class Value:
    """A parameter's value from a day on."""

    since: date
    value: float
    citation: Citation


@dataclass(frozen=True, slots=True)
class Parameter:
    """A figure of law by date."""

    name: str
    unit: str
    description: str
    values: tuple[Value, ...]

    def on(self, day: date) -> Value | None:
        """The value in force on a day; None before the first."""
        in_force = [v for v in self.values if v.since <= day]
        return in_force[-1] if in_force else None


@dataclass(frozen=True, slots=True)
class Case:
    """An example that shows what a rule does, and is run as its test."""

    name: str
    day: date | None
    facts: tuple[tuple[str, str], ...]
    hits: tuple[dict[str, str], ...]
    fires: Outcome


@dataclass(frozen=True, slots=True)
class Rule:
    """A measure as a condition with citations; it leads to a decision for the record it fires on.

    Args:
        early: before its first day the rule leads to review: it asks for list entries, of which some are undated.
        lifts: of an exemption, the rules it lifts, or the fact that names them. leaves: what is left of their alerts.
    """

    id: str
    title: str
    regime: str
    decision: Decision
    severity: Severity
    since: date
    until: date | None
    citations: tuple[Citation, ...]
    when: tuple[Condition, ...]
    explain: str
    false_positives: str
    cases: tuple[Case, ...]
    path: str
    early: bool = False
    lifts: tuple[str, ...] | str | None = None
    leaves: Decision = Decision.CLEAR


@dataclass(frozen=True, slots=True)
class Period:
    """A rule over days on which its parameters do not change; conditions hold plain figures.

    Args:
        law: what the rule rests on, and its figures where those alone are unverified.
        early: the days before the rule's first.
    """

    rule: Rule
    since: date
    until: date | None
    when: tuple[Condition, ...]
    figures: tuple[tuple[str, float], ...]
    law: tuple[Citation, ...] = ()
    early: bool = False


def parameters_of(condition: Condition) -> tuple[str, ...]:
    """The names of the parameters that a condition reads."""
    operands = (test.operand for test in leaves(condition) if isinstance(test, FactTest))
    return tuple(operand[1:] for operand in operands if isinstance(operand, str) and operand.startswith("$"))


def figures_of(rule: Rule, parameters: Collection[str]) -> tuple[str, ...]:
    """The parameters that a rule reads in its conditions or tells in its sentence."""
    read = [name for condition in rule.when for name in parameters_of(condition)]
    told = [name for _, name, _, _ in string.Formatter().parse(rule.explain) if name and name in parameters]
    return tuple(dict.fromkeys([*read, *told]))


def facts_of(condition: Condition) -> tuple[str, ...]:
    """The names of the facts that a condition reads."""
    return tuple(test.fact for test in leaves(condition) if isinstance(test, FactTest))


def periods(rule: Rule, parameters: dict[str, Parameter]) -> tuple[Period, ...]:
    """The rule cut at the days on which a parameter of its changes, with the figures filled in.

    Raises:
        KeyError: the rule names a parameter that has no value on the first day it is in force (packs refuses that).
    """
    names = figures_of(rule, parameters)
    starts = {rule.since} | {
        value.since for name in names for value in parameters[name].values
        if value.since > rule.since and (rule.until is None or value.since <= rule.until)
    }  # fmt: skip
    cuts = sorted(starts)
    found = []
    for start, following in zip(cuts, [*cuts[1:], None], strict=True):
        figures, law = {}, list(rule.citations)
        for name in names:
            value = parameters[name].on(start)
            if value is None:
                raise KeyError(name)
            figures[name] = value.value
            if value.citation.status != SEEN and value.citation not in rule.citations:
                law.append(replace(value.citation, text=f"{_figure(parameters[name], value)}: {value.citation.text}"))
        until = following - timedelta(days=1) if following else rule.until
        when = tuple(_filled(condition, figures) for condition in rule.when)
        found.append(Period(rule, start, until, when, tuple(figures.items()), tuple(law)))
    if rule.early:
        found.insert(0, replace(found[0], since=date.min, until=rule.since - timedelta(days=1), early=True))
    return tuple(found)


def _figure(parameter: Parameter, value: Value) -> str:
    return f"The figure {parameter.name.replace('_', ' ')}, {value.value:g} {parameter.unit}"


def _filled(condition: Condition, figures: dict[str, float]) -> Condition:
    if isinstance(condition, AnyOf | AllOf):
        return type(condition)(tuple(_filled(test, figures) for test in condition.tests))  # type: ignore[misc]
    if isinstance(condition, FactTest) and parameters_of(condition):
        return FactTest(condition.fact, condition.operator, figures[str(condition.operand)[1:]])
    return condition
