"""Rule packs read from a folder and checked: a rule that cannot be trusted is refused, with file and reason."""

from __future__ import annotations

import hashlib
import string
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from screening.errors import RulePackError
from screening.model import PARTY_ROLES, Citation, Decision, Kind, Severity
from screening.rulebook.conditions import (
    HIT_KEYS,
    OPERATORS,
    ORDERINGS,
    AllOf,
    AnyOf,
    Condition,
    FactTest,
    HitTest,
    fits,
    leaves,
)  # fmt: skip
from screening.rulebook.facts import FACTS
from screening.rulebook.hits import OTHER, PROGRAMMES, Concerns
from screening.rulebook.ledger import ACCOUNTS
from screening.rulebook.links import PARAMETERS as LINK_PARAMETERS
from screening.rulebook.rule import Case, Outcome, Parameter, Period, Rule, Value, figures_of, parameters_of, periods
from screening.tables import Lined, read_table, read_yaml

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
OPTIONAL = ("regime", "note", "lifts")
LIFT = "lift"
DECISIONS = ("review", "possible_violation", LIFT)
STATUSES = ("seen", "unverified")
_YES_NO = {"true": True, "false": False}
_EXPLAIN_EXTRA = ("hits",)


@dataclass(frozen=True, slots=True)
class Pack:
    """A folder of rules under one regime."""

    regime: str
    title: str
    folder: str
    always: bool = False  # its own regime applies whatever regimes are asked for: signs and lists, no law of a state


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All packs in use, and what identifies them: the digest changes with any byte under the folder."""

    rules: tuple[Rule, ...]
    packs: tuple[Pack, ...]
    parameters: dict[str, Parameter]
    concerns: Concerns
    digest: str
    ids: frozenset[str] = frozenset()  # of all rules of the folder, those of other regimes too
    left_out: tuple[str, ...] = ()  # regimes of the folder that were not asked for

    def periods(self) -> tuple[Period, ...]:
        """Every rule cut at the days on which its figures change."""
        return tuple(period for rule in self.rules for period in periods(rule, self.parameters))

    def on(self, day: date) -> tuple[Rule, ...]:
        """The rules in force on a day."""
        return tuple(r for r in self.rules if r.since <= day and (r.until is None or day <= r.until))


def lint(folder: Path) -> list[str]:
    """Everything that is wrong in a folder of packs, file and line first; empty where all is sound."""
    faults: list[str] = []
    parameters: dict[str, Parameter] = {}
    for path in sorted(folder.glob("*/parameters.yaml")):
        try:
            parameters |= {parameter.name: parameter for parameter in _parameters(path)}
        except RulePackError as error:
            faults.append(str(error))
    used = {name for account in ACCOUNTS for name in account.parameters} | set(LINK_PARAMETERS)
    for path in sorted(folder.glob("*/pack.yaml")):
        for file in sorted(path.parent.glob("*.rule.yaml")):
            try:
                used |= set(figures_of(_rule(file, _pack(path), parameters), parameters))
            except RulePackError as error:
                faults.append(str(error))
    if not faults:
        faults += [f"{folder}: no rule reads the parameter ${name}" for name in parameters if name not in used]
        try:
            load(folder)
        except RulePackError as error:
            faults.append(str(error))
    return faults


def load(folder: Path, regimes: Iterable[str] | None = None) -> Rulebook:
    """The rules of every pack in a folder, checked.

    Args:
        regimes: codes to keep, as UN or US; None keeps all. Packs that say `always` are kept in any case.

    Raises:
        RulePackError: a file is no rule, or a rule lacks something or names an unknown fact, operator or parameter.
    """
    if not folder.is_dir():
        raise RulePackError("is no folder of rule packs", at=folder)
    pack_files = sorted(folder.glob("*/pack.yaml"))
    if not pack_files:
        raise RulePackError("holds no pack: each folder of rules needs a pack.yaml", at=folder)
    parameters: dict[str, Parameter] = {}
    for path in sorted(folder.glob("*/parameters.yaml")):
        for parameter in _parameters(path):
            if parameter.name in parameters:
                raise RulePackError(f"the parameter {parameter.name} is given in two packs", at=path)
            parameters[parameter.name] = parameter
    packs, rules = [], []
    for path in pack_files:
        pack = _pack(path)
        packs.append(pack)
        rules += [_rule(file, pack, parameters) for file in sorted(path.parent.glob("*.rule.yaml"))]
    _refuse_strays(folder)
    _refuse_twice(rules)
    _refuse_unknown_words(rules, _words(folder))
    known = {rule.regime for rule in rules}
    chosen = set(regimes) if regimes is not None else known
    if not chosen:
        raise RulePackError(f"no regime is asked for; there are {', '.join(sorted(known))}", at=folder)
    if not chosen <= known:
        raise RulePackError(
            f"no pack has the regime {sorted(chosen - known)[0]!r}; there are {', '.join(sorted(known))}", at=folder
        )
    ids = frozenset(rule.id for rule in rules)
    _refuse_unknown_lifts(rules, ids)
    chosen |= {pack.regime for pack in packs if pack.always}
    return Rulebook(
        rules=tuple(sorted((rule for rule in rules if rule.regime in chosen), key=lambda r: r.id)),
        packs=tuple(packs),
        parameters=parameters,
        concerns=Concerns.load(folder),
        digest=_digest(folder),
        ids=ids,
        left_out=tuple(sorted(known - chosen)),
    )


def _digest(folder: Path) -> str:
    whole = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.suffix in (".yaml", ".csv")):
        whole.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return whole.hexdigest()


def _refuse_strays(folder: Path) -> None:
    """A rule under a wrong name, or in a folder that is no pack, would be passed over in silence."""
    for path in sorted(folder.glob("*/*.y*ml")):
        if path.name not in ("pack.yaml", "parameters.yaml") and not path.name.endswith(".rule.yaml"):
            raise RulePackError("is no file of a pack; a rule is called NAME.rule.yaml", at=path)
        if not (path.parent / "pack.yaml").is_file():
            raise RulePackError("stands in a folder without a pack.yaml", at=path)


def _words(folder: Path) -> dict[str, frozenset[str]]:
    """The words that facts and hits know, by fact or by key of a hit; what is not here may say anything."""
    words = {
        "imo_state": frozenset(("empty", "valid", "invalid")),
        "kind": frozenset(Kind),
        "by": frozenset(("identifier", "name")),
        "role": frozenset((*PARTY_ROLES, "party", "vessel", "imo")),
    }
    headings, spoken, programmes = folder / "goods.csv", folder / "goods_words.yaml", folder / PROGRAMMES
    if headings.is_file() and spoken.is_file():
        by_heading = {name for row in read_table(headings, ("classes",)) for name in row["classes"].split(";")}
        words["goods_class"] = frozenset(by_heading | {row["class"] for row in read_yaml(spoken)["words"]} | {OTHER})
    if programmes.is_file():
        words["concern"] = frozenset(row["concern"] for row in read_table(programmes, ("concern",))) | {OTHER}
    return words


def _refuse_unknown_words(rules: list[Rule], words: dict[str, frozenset[str]]) -> None:
    """A word that a fact never says would keep a rule silent for good."""
    for rule in rules:
        for test in (test for condition in rule.when for test in leaves(condition)):
            if isinstance(test, HitTest):
                asked = [(key.removeprefix("not_"), pattern) for key, patterns in test.wanted for pattern in patterns]
            elif isinstance(test.operand, str | tuple):
                asked = [
                    (test.fact, word) for word in ([test.operand] if isinstance(test.operand, str) else test.operand)
                ]
            else:
                asked = []
            for name, word in asked:
                known = words.get(name)
                if known and word and not any(fits(one, (word,)) for one in known):
                    raise RulePackError(f"asks for {name} {word!r}; there are {', '.join(sorted(known))}", at=rule.path)


def _refuse_twice(rules: list[Rule]) -> None:
    seen: dict[str, Rule] = {}
    for rule in rules:
        if rule.id in seen:
            raise RulePackError(f"the rule {rule.id} stands also in {seen[rule.id].path}", at=rule.path)
        seen[rule.id] = rule


def _refuse_unknown_lifts(rules: list[Rule], ids: frozenset[str]) -> None:
    for rule in rules:
        if isinstance(rule.lifts, tuple) and (unknown := [name for name in rule.lifts if name not in ids]):
            raise RulePackError(f"lifts {unknown[0]!r}, which is no rule of these packs", at=rule.path)


def _pack(path: Path) -> Pack:
    text = _keys(read_yaml(path), ("regime", "title"), ("note", "always"), path)
    always = _one_of(text.get("always", "false"), tuple(_YES_NO), _where(text, path, "always")) == "true"
    return Pack(text["regime"], text["title"], path.parent.name, always)


def _parameters(path: Path) -> list[Parameter]:
    found = []
    for name, given in (read_yaml(path) or {}).items():
        text = _keys(given, ("unit", "description", "values"), ("note",), f"{path}: {name}")
        values = []
        for value in text["values"]:
            one = _keys(value, ("from", "value", "citation", "status"), (), _where(text, path, "values"))
            citation = Citation(one["citation"], _one_of(one["status"], STATUSES, _where(one, path, "status")))
            day = _day(one["from"], _where(one, path, "from"))
            values.append(Value(day, _number(one["value"], _where(one, path, "value")), citation))
        if [v.since for v in values] != sorted({v.since for v in values}) or not values:
            raise RulePackError(
                f"{name} needs values in the order of their days, each day once", at=_where(text, path, "values")
            )
        found.append(Parameter(name, text["unit"], text["description"], tuple(values)))
    return found


def _rule(path: Path, pack: Pack, parameters: dict[str, Parameter]) -> Rule:
    text = _keys(read_yaml(path), REQUIRED, OPTIONAL, path)

    def on(key: str) -> object:
        return _where(text, path, key)

    if path.name != f"{text['id']}.rule.yaml":
        raise RulePackError(f"holds the rule {text['id']}; file and rule have one name", at=on("id"))
    in_force = _keys(text["in_force"], ("from",), ("to",), on("in_force"))
    decision = _one_of(text["decision"], DECISIONS, on("decision"))
    if (decision == LIFT) != ("lifts" in text):
        raise RulePackError(
            "an exemption says `decision: lift` and under `lifts` which rules; others say neither", at=on("decision")
        )
    rule = Rule(
        id=text["id"],
        title=text["title"],
        regime=text.get("regime", pack.regime),
        decision=Decision.CLEAR if decision == LIFT else Decision(decision),
        severity=Severity(_one_of(text["severity"], tuple(Severity), on("severity"))),
        since=_day(in_force["from"], on("in_force")),
        until=_day(in_force["to"], on("in_force")) if "to" in in_force else None,
        citations=tuple(_citation(c, on("citations")) for c in _list(text["citations"], "citations", on("citations"))),
        when=tuple(_condition(c, on("when")) for c in _list(text["when"], "when", on("when"))),
        explain=text["explain"],
        false_positives=text["false_positives"],
        cases=tuple(_case(c, on("cases")) for c in _list(text["cases"], "cases", on("cases"))),
        path=str(path),
        lifts=_lifts(text["lifts"], on("lifts")) if "lifts" in text else None,
    )
    _check(rule, parameters, on)
    return rule


def _lifts(given: Any, at: object) -> tuple[str, ...] | str:
    """The rules an exemption lifts: their ids, or the fact that names them."""
    if isinstance(given, dict):
        name = _keys(given, ("fact",), (), at)["fact"]
        if name not in FACTS or FACTS[name].type != "set":
            raise RulePackError(f"lifts what {name!r} names, which is no fact that holds several values", at=at)
        return str(name)
    return tuple(_list(given, "lifts", at))


def _check(rule: Rule, parameters: dict[str, Parameter], on: Callable[[str], object]) -> None:
    outcomes = {case.fires for case in rule.cases}
    if not outcomes & {"true", "review"} or "false" not in outcomes:
        raise RulePackError("needs a case that fires and one that does not", at=on("cases"))
    if rule.until is not None and rule.until < rule.since:
        raise RulePackError("ends before it begins", at=on("in_force"))
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
            raise RulePackError(f"explains with {{{field}}}, which is neither a fact nor a parameter", at=on("explain"))
    for name in figures_of(rule, parameters):
        if parameters[name].on(rule.since) is None:
            raise RulePackError(f"is in force from {rule.since}, but ${name} has a value only later", at=on("in_force"))


def _alternative(given: Any, path: object) -> FactTest | HitTest | AllOf:
    if isinstance(given, dict) and set(given) == {"all"}:
        return AllOf(tuple(_test(one, path) for one in _list(given["all"], "all", path)))
    return _test(given, path)


def _condition(given: Any, path: object) -> Condition:
    path = _where(given, path)
    if isinstance(given, dict) and set(given) == {"any"}:
        return AnyOf(tuple(_alternative(one, path) for one in _list(given["any"], "any", path)))
    return _test(given, path)


def _test(given: Any, path: object) -> FactTest | HitTest:
    path = _where(given, path)
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
        raise RulePackError(f"names the unknown fact {name!r}; the dictionary is in rules/README.md", at=path)
    if operator not in OPERATORS:
        raise RulePackError(f"uses the unknown operator {operator!r}; there are {', '.join(OPERATORS)}", at=path)
    return FactTest(name, operator, _operand(FACTS[name].type, operator, operand, f"{path}: {name}"))


def _operand(kind: str, operator: str, operand: Any, at: str) -> bool | str | float | tuple[str, ...]:
    if kind == "date":
        raise RulePackError("is ruled by in_force, not by a condition", at=at)
    if kind == "yes/no":
        if operator != "is" or operand not in _YES_NO:
            raise RulePackError("is a yes/no fact: write `is: true` or `is: false`", at=at)
        return _YES_NO[operand]
    if kind == "number":
        if operator not in ORDERINGS:
            raise RulePackError(f"is a number: use {', '.join(ORDERINGS)}", at=at)
        return operand if isinstance(operand, str) and operand.startswith("$") else _number(operand, at)
    if operator in ORDERINGS:
        raise RulePackError("is no number and has no order", at=at)
    if operator in ("is", "is_not"):
        if not isinstance(operand, str):
            raise RulePackError(f"`{operator}` takes one text; for several use any_of or none_of", at=at)
        if kind == "set":
            raise RulePackError("may hold several values: use any_of or none_of", at=at)
        return operand
    if operator in ("begins", "mentions") and kind == "set":
        raise RulePackError("may hold several values: use any_of or none_of", at=at)
    return tuple(_list(operand, operator, at))


def _hit_test(given: Any, path: object) -> HitTest:
    allowed = {*HIT_KEYS, *(f"not_{key}" for key in HIT_KEYS)}
    if not isinstance(given, dict) or not given or not set(given) <= allowed:
        raise RulePackError(f"asks of a hit {given}; the keys are {', '.join(HIT_KEYS)}, each also with not_", at=path)
    return HitTest(tuple((key, tuple(_list(value, key, path))) for key, value in given.items()))


def _case(given: Any, path: object) -> Case:
    path = _where(given, path)
    text = _keys(given, ("name", "date", "fires"), ("facts", "hits"), path)
    facts = text.get("facts", {})
    for name, value in facts.items():
        if name not in FACTS:
            raise RulePackError(f"the case {text['name']!r} names the unknown fact {name!r}", at=path)
        if FACTS[name].type == "yes/no" and value not in ("true", "false", "unknown"):
            raise RulePackError(f"the case {text['name']!r}: {name} is true, false or unknown", at=path)
        if FACTS[name].type == "number" and value != "unknown":
            _number(value, path)
    hits = text.get("hits", [])
    for hit in hits:
        _keys(hit, (), (*HIT_KEYS, "certain", "listed_on"), path)
    outcome: Outcome = _one_of(text["fires"], ("true", "review", "false"), path)  # type: ignore[assignment]
    day = None if text["date"] == "unknown" else _day(text["date"], path)
    return Case(text["name"], day, tuple(facts.items()), tuple(hits), outcome)


def _citation(given: Any, path: object) -> Citation:
    path = _where(given, path)
    text = _keys(given, ("text", "status"), (), path)
    return Citation(text["text"], _one_of(text["status"], STATUSES, path))


def _keys(given: Any, required: tuple[str, ...], optional: tuple[str, ...], at: object) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise RulePackError(f"expected {', '.join(required)}", at=at)
    missing = [key for key in required if key not in given or given[key] in ("", [], {})]
    extra = [key for key in given if key not in required and key not in optional]
    if missing:
        raise RulePackError(f"lacks {missing[0]!r}", at=_where(given, at))
    if extra:
        raise RulePackError(
            f"has {extra[0]!r}, which is no part of it; allowed are {', '.join((*required, *optional))}",
            at=_where(given, at, extra[0]),
        )
    return given


def _where(given: Any, at: object, key: str = "") -> object:
    """File and line of a key of a mapping, or of the mapping; the file alone where the lines are not known."""
    path = str(at).partition(".yaml:")[0] + ".yaml" if ".yaml:" in str(at) else at
    return given.at(path, key) if isinstance(given, Lined) else at


def _list(given: Any, what: str, at: object) -> list[Any]:
    if not isinstance(given, list) or not given:
        raise RulePackError(f"needs a list under {what!r}", at=at)
    return given


def _one_of(given: Any, allowed: Iterable[str], at: object) -> str:
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
