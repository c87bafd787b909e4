"""One file of a pack read into frozen values, each thing that is wrong in it refused with file and line."""

from __future__ import annotations

import string
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from screening.errors import RulePackError
from screening.model import Citation, Decision, Severity
from screening.rulebook.conditions import (
    HIT_KEYS,
    OPERATORS,
    ORDERINGS,
    AllOf,
    AnyOf,
    Condition,
    FactTest,
    HitTest,
)  # fmt: skip
from screening.rulebook.facts import FACTS
from screening.rulebook.rule import Case, Outcome, Parameter, Rule, Value, facts_of, figures_of, parameters_of
from screening.tables import Lined, read_yaml

REQUIRED = (
    "id",
    "title",
    "decision",
    "severity",
    "in_force",
    "citations",
    "when",
    "explain",
    "false_positives",
    "cases",
)
OPTIONAL = ("regime", "note", "early", "lifts", "leaves")
LIFT = "lift"
DECISIONS = ("review", "possible_violation", LIFT)
STATUSES = ("seen", "unverified")
YES_NO = {"true": True, "false": False}
SETS = ("any_of", "none_of", "only")
_REVIEW = "review"  # the one thing that `early` and `leaves` may say
_EXPLAIN_EXTRA = ("hits",)


def parameters(path: Path) -> list[Parameter]:
    """The parameters of a pack."""
    found = []
    for name, given in (read_yaml(path) or {}).items():
        text = keys(given, ("unit", "description", "values"), ("note",), f"{path}: {name}")
        values = []
        for value in text["values"]:
            one = keys(value, ("from", "value", "citation", "status"), (), where(text, path, "values"))
            citation = Citation(one["citation"], one_of(one["status"], STATUSES, where(one, path, "status")))
            day = _day(one["from"], where(one, path, "from"))
            values.append(Value(day, _number(one["value"], where(one, path, "value")), citation))
        if [v.since for v in values] != sorted({v.since for v in values}) or not values:
            raise RulePackError(
                f"{name} needs values in the order of their days, each day once", at=where(text, path, "values")
            )
        found.append(Parameter(name, text["unit"], text["description"], tuple(values)))
    return found


def rule(path: Path, regime: str, parameters: Mapping[str, Parameter]) -> Rule:
    """The rule of a file, checked.

    Args:
        regime: the pack's, which holds where the rule names none. parameters: of all packs.

    Raises:
        RulePackError: the file holds no rule, or something in it is unknown, missing or does not fit.
    """
    text = keys(read_yaml(path), REQUIRED, OPTIONAL, path)

    def on(key: str) -> object:
        return where(text, path, key)

    if path.name != f"{text['id']}.rule.yaml":
        raise RulePackError(f"holds the rule {text['id']}; file and rule have one name", at=on("id"))
    in_force = keys(text["in_force"], ("from",), ("to",), on("in_force"))
    decision = one_of(text["decision"], DECISIONS, on("decision"))
    if (decision == LIFT) != ("lifts" in text) or ("leaves" in text and decision != LIFT):
        raise RulePackError(
            "an exemption says `decision: lift`, under `lifts` which rules and perhaps `leaves`; others say none of it",
            at=on("decision"),
        )
    found = Rule(
        id=text["id"],
        title=text["title"],
        regime=text.get("regime", regime),
        decision=Decision.CLEAR if decision == LIFT else Decision(decision),
        severity=Severity(one_of(text["severity"], tuple(Severity), on("severity"))),
        since=_day(in_force["from"], on("in_force")),
        until=_day(in_force["to"], on("in_force")) if "to" in in_force else None,
        citations=tuple(_citation(c, on("citations")) for c in _list(text["citations"], "citations", on("citations"))),
        when=tuple(_condition(c, on("when")) for c in _list(text["when"], "when", on("when"))),
        explain=text["explain"],
        false_positives=text["false_positives"],
        cases=tuple(_case(c, on("cases")) for c in _list(text["cases"], "cases", on("cases"))),
        path=str(path),
        early=one_of(text.get("early", ""), ("", _REVIEW), on("early")) == _REVIEW,
        lifts=_lifts(text["lifts"], on("lifts")) if "lifts" in text else None,
        leaves=Decision(one_of(text.get("leaves", Decision.CLEAR), (Decision.CLEAR, _REVIEW), on("leaves"))),
    )
    _check(found, parameters, on)
    return found


def _lifts(given: Any, at: object) -> tuple[str, ...] | str:
    """The rules an exemption lifts: their ids, or the fact that names them."""
    if isinstance(given, dict):
        name = keys(given, ("fact",), (), at)["fact"]
        if name not in FACTS or FACTS[name].type != "set":
            raise RulePackError(f"lifts what {name!r} names, which is no fact that holds several values", at=at)
        return str(name)
    return tuple(_list(given, "lifts", at))


def _check(rule: Rule, parameters: Mapping[str, Parameter], on: Callable[[str], object]) -> None:
    outcomes = {case.fires for case in rule.cases}
    if not outcomes & {"true", "review"} or "false" not in outcomes:
        raise RulePackError("needs a case that fires and one that does not", at=on("cases"))
    if rule.until is not None and rule.until < rule.since:
        raise RulePackError("ends before it begins", at=on("in_force"))
    if rule.early and any(facts_of(condition) for condition in rule.when):
        raise RulePackError("asks for facts; `early` is for rules that ask for listed parties alone", at=on("early"))
    if not rule.false_positives.strip():
        raise RulePackError("must say what typically makes it fire wrongly", at=on("false_positives"))
    for name in (n for condition in rule.when for n in parameters_of(condition)):
        if name not in parameters:
            raise RulePackError(f"names the parameter ${name}, which no parameters.yaml gives", at=on("when"))
    try:
        fields = [name for _, name, _, _ in string.Formatter().parse(rule.explain) if name is not None]
    except ValueError as error:
        raise RulePackError(f"explains with a brace that does not close: {error}", at=on("explain")) from error
    for field in fields:
        if field not in FACTS and field not in parameters and field not in _EXPLAIN_EXTRA:
            raise RulePackError(
                f"explains with {{{field}}}{meant(field, FACTS)}, which is neither a fact nor a parameter",
                at=on("explain"),
            )
    for name in figures_of(rule, parameters):
        if parameters[name].on(rule.since) is None:
            raise RulePackError(f"is in force from {rule.since}, but ${name} has a value only later", at=on("in_force"))


def _alternative(given: Any, path: object) -> FactTest | HitTest | AllOf:
    if isinstance(given, dict) and set(given) == {"all"}:
        return AllOf(tuple(_test(one, path) for one in _list(given["all"], "all", path)))
    return _test(given, path)


def _condition(given: Any, path: object) -> Condition:
    path = where(given, path)
    if isinstance(given, dict) and set(given) == {"any"}:
        return AnyOf(tuple(_alternative(one, path) for one in _list(given["any"], "any", path)))
    return _test(given, path)


def _test(given: Any, path: object) -> FactTest | HitTest:
    path = where(given, path)
    if isinstance(given, dict) and set(given) == {"hit"}:
        return _hit_test(given["hit"], path)
    if not isinstance(given, dict) or "fact" not in given or len(given) != 2:
        raise RulePackError(
            f"cannot use the condition {given}; write {{fact: NAME, OPERATOR: VALUE}}, {{hit: ...}} or {{any: [...]}}",
            at=path,
        )
    name = given["fact"]
    ((operator, operand),) = ((k, v) for k, v in given.items() if k != "fact")
    if name not in FACTS:
        raise RulePackError(
            f"names the unknown fact {name!r}{meant(name, FACTS)}; the dictionary is in rules/README.md", at=path
        )
    if operator not in OPERATORS:
        raise RulePackError(f"uses the unknown operator {operator!r}; there are {', '.join(OPERATORS)}", at=path)
    return FactTest(name, operator, _operand(FACTS[name].type, operator, operand, f"{path}: {name}"))


def _operand(kind: str, operator: str, operand: Any, at: str) -> bool | str | float | date | tuple[str, ...]:
    if kind == "date":
        if operator not in ORDERINGS:
            raise RulePackError(f"is a day: use {', '.join(ORDERINGS)}", at=at)
        return _day(operand, at)
    if kind == "yes/no":
        if operator != "is" or operand not in YES_NO:
            raise RulePackError("is a yes/no fact: write `is: true` or `is: false`", at=at)
        return YES_NO[operand]
    if kind == "number":
        if operator not in ORDERINGS:
            raise RulePackError(f"is a number: use {', '.join(ORDERINGS)}", at=at)
        return operand if isinstance(operand, str) and operand.startswith("$") else _number(operand, at)
    if operator in ORDERINGS:
        raise RulePackError("is no number and has no order", at=at)
    if kind == "set" and operator not in SETS:
        raise RulePackError(f"may hold several values: use {', '.join(SETS)}", at=at)
    if kind != "set" and operator == "only":
        raise RulePackError("holds one value: use is or any_of", at=at)
    if operator in ("is", "is_not"):
        if not isinstance(operand, str):
            raise RulePackError(f"`{operator}` takes one text; for several use any_of or none_of", at=at)
        return operand
    return tuple(_list(operand, operator, at))


def _hit_test(given: Any, path: object) -> HitTest:
    allowed = {*HIT_KEYS, *(f"not_{key}" for key in HIT_KEYS)}
    if not isinstance(given, dict) or not given or not set(given) <= allowed:
        raise RulePackError(f"asks of a hit {given}; the keys are {', '.join(HIT_KEYS)}, each also with not_", at=path)
    return HitTest(tuple((key, tuple(_list(value, key, path))) for key, value in given.items()))


def _case(given: Any, path: object) -> Case:
    path = where(given, path)
    text = keys(given, ("name", "date", "fires"), ("facts", "hits"), path)
    facts = text.get("facts", {})
    for name, value in facts.items():
        if name not in FACTS:
            raise RulePackError(
                f"the case {text['name']!r} names the unknown fact {name!r}{meant(name, FACTS)}", at=path
            )
        if FACTS[name].type == "yes/no" and value not in ("true", "false", "unknown"):
            raise RulePackError(f"the case {text['name']!r}: {name} is true, false or unknown", at=path)
        if FACTS[name].type == "number" and value != "unknown":
            _number(value, path)
    hits = text.get("hits", [])
    for hit in hits:
        keys(hit, (), (*HIT_KEYS, "certain", "listed_on"), path)
    outcome: Outcome = one_of(text["fires"], ("true", "review", "false"), path)  # type: ignore[assignment]
    day = None if text["date"] == "unknown" else _day(text["date"], path)
    return Case(text["name"], day, tuple(facts.items()), tuple(hits), outcome)


def _citation(given: Any, path: object) -> Citation:
    path = where(given, path)
    text = keys(given, ("text", "status"), (), path)
    return Citation(text["text"], one_of(text["status"], STATUSES, path))


def keys(given: Any, required: tuple[str, ...], optional: tuple[str, ...], at: object) -> dict[str, Any]:
    """A mapping that has what it needs and nothing it may not have."""
    if not isinstance(given, dict):
        raise RulePackError(f"expected {', '.join(required)}", at=at)
    missing = [key for key in required if key not in given or given[key] in ("", [], {})]
    extra = [key for key in given if key not in required and key not in optional]
    if missing:
        slip = next((key for key in extra if get_close_matches(key, missing[:1])), "")
        wrong = f", but has {slip!r}; is that meant?" if slip else ""
        raise RulePackError(f"lacks {missing[0]!r}{wrong}", at=where(given, at, slip))
    if extra:
        raise RulePackError(
            f"has {extra[0]!r}, which is no part of it; allowed are {', '.join((*required, *optional))}",
            at=where(given, at, extra[0]),
        )
    return given


def meant(name: str, known: Iterable[str]) -> str:
    """A question after the name that may be meant, '' where none is near."""
    near = get_close_matches(name, list(known), n=1)
    return f" (is {near[0]} meant?)" if near else ""


def where(given: Any, at: object, key: str = "") -> object:
    """File and line of a key of a mapping, or of the mapping; the file alone where the lines are not known."""
    path = str(at).partition(".yaml:")[0] + ".yaml" if ".yaml:" in str(at) else at
    return given.at(path, key) if isinstance(given, Lined) else at


def _list(given: Any, what: str, at: object) -> list[Any]:
    if not isinstance(given, list) or not given:
        raise RulePackError(f"needs a list under {what!r}", at=at)
    return given


def one_of(given: Any, allowed: Iterable[str], at: object) -> str:
    """One of the words allowed."""
    if given not in tuple(allowed):
        raise RulePackError(f"has {given!r} where one of {', '.join(allowed)} is due", at=at)
    return str(given)


def _day(given: Any, at: object) -> date:
    try:
        return date.fromisoformat(given)
    except (TypeError, ValueError):
        raise RulePackError(f"has {given!r} where a day as 2018-01-01 is due", at=at) from None


def _number(given: Any, at: object) -> float:
    try:
        return float(given)
    except (TypeError, ValueError):
        raise RulePackError(f"has {given!r} where a number is due", at=at) from None
