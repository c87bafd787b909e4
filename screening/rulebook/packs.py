"""Rule packs read from a folder and checked: a rule that cannot be trusted is refused, with file and reason."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from screening.errors import RulePackError
from screening.model import PARTY_ROLES, Kind
from screening.rulebook import reading
from screening.rulebook.conditions import HitTest, fits, leaves
from screening.rulebook.facts import FACTS
from screening.rulebook.hits import OTHER, PROGRAMMES, Concerns
from screening.rulebook.ledger import ACCOUNTS
from screening.rulebook.links import PARAMETERS as LINK_PARAMETERS
from screening.rulebook.rule import Parameter, Period, Rule, figures_of, periods
from screening.tables import read_table, read_yaml

_MANY = 60  # more words than a message can name
_SOURCES = {
    "country": "no code of rules/countries.csv; countries go by two capital letters, such as CN",
    "place": "no id of rules/ports.csv",
}


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
            parameters |= {parameter.name: parameter for parameter in reading.parameters(path)}
        except RulePackError as error:
            faults.append(str(error))
    used = {name for account in ACCOUNTS for name in account.parameters} | set(LINK_PARAMETERS)
    for path in sorted(folder.glob("*/pack.yaml")):
        for file in sorted(path.parent.glob("*.rule.yaml")):
            try:
                used |= set(figures_of(reading.rule(file, _pack(path).regime, parameters), parameters))
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
        for parameter in reading.parameters(path):
            if parameter.name in parameters:
                raise RulePackError(f"the parameter {parameter.name} is given in two packs", at=path)
            parameters[parameter.name] = parameter
    packs, rules = [], []
    for path in pack_files:
        pack = _pack(path)
        packs.append(pack)
        rules += [reading.rule(file, pack.regime, parameters) for file in sorted(path.parent.glob("*.rule.yaml"))]
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
        classes = [row["classes"] for row in read_table(headings, ("classes",))]
        classes += [row["class"] for row in read_yaml(spoken)["words"]]
        words["goods_class"] = frozenset(name for some in classes for name in some.split(";")) | {OTHER}
    for table, column, facts in (("countries.csv", "code", "_country"), ("ports.csv", "id", "_place")):
        if (folder / table).is_file():
            known = frozenset(row[column] for row in read_table(folder / table, (column,)))
            words |= dict.fromkeys((name for name in FACTS if name.endswith(facts)), known)
    if programmes.is_file():
        words["concern"] = frozenset(row["concern"] for row in read_table(programmes, ("concern",))) | {OTHER}
    return words


def _refuse_unknown_words(rules: list[Rule], words: dict[str, frozenset[str]]) -> None:
    """A word that a fact never says would keep a rule silent for good, and a case that states one would not show it."""
    for rule in rules:
        for test in (test for condition in rule.when for test in leaves(condition)):
            if isinstance(test, HitTest):
                for key, patterns in test.wanted:
                    name = key.removeprefix("not_")
                    for pattern in patterns if name in words else ():
                        if pattern and not any(fits(one, (pattern,)) for one in words[name]):
                            raise _unknown(rule, name, pattern, words[name])
            elif isinstance(test.operand, str | tuple):
                asked = (test.operand,) if isinstance(test.operand, str) else test.operand
                _refuse_words(rule, test.fact, asked, words)
        for case in rule.cases:
            for name, text in case.facts:
                _refuse_words(rule, name, [word for word in text.split(";") if word != "unknown"], words)


def _refuse_words(rule: Rule, name: str, asked: Iterable[str], words: dict[str, frozenset[str]]) -> None:
    for word in asked if name in words else ():
        if word and word not in words[name]:
            raise _unknown(rule, name, word, words[name])


def _unknown(rule: Rule, name: str, word: str, known: frozenset[str]) -> RulePackError:
    """A word that nothing ever says, with the line on which it stands and what would be right."""
    lines = Path(rule.path).read_text(encoding="utf-8").splitlines() if Path(rule.path).is_file() else []
    holds = [number for number, text in enumerate(lines, 1) if word in text]
    line = next((number for number in holds if name in lines[number - 1]), next(iter(holds), 0))
    at = f"{rule.path}:{line}" if line else rule.path
    if len(known) > _MANY:
        near = reading.meant(word, known) or reading.meant(word.upper(), known)
        return RulePackError(f"asks for {name} {word!r}{near}, which is {_SOURCES[name.rpartition('_')[2]]}", at=at)
    return RulePackError(f"asks for {name} {word!r}; there are {', '.join(sorted(known))}", at=at)


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
    text = reading.keys(read_yaml(path), ("regime", "title"), ("note", "always"), path)
    always = reading.one_of(text.get("always", "false"), reading.YES_NO, reading.where(text, path, "always"))
    return Pack(text["regime"], text["title"], path.parent.name, reading.YES_NO[always])
