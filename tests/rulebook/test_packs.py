"""A rule that cannot be trusted is refused at load, in one sentence with its file; the shipped packs are all sound."""

from __future__ import annotations

import copy
import re
import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from screening.errors import RulePackError
from screening.rulebook import cases, packs
from screening.tables import rules_folder

RULE: dict[str, Any] = {
    "id": "T-COAL",
    "title": "Coal",
    "decision": "possible_violation",
    "severity": "high",
    "in_force": {"from": "2018-01-01"},
    "citations": [{"text": "a resolution, paragraph 1", "status": "seen"}],
    "when": [{"fact": "from_kp", "is": "true"}, {"fact": "barrels", "above": "$ceiling"}],
    "explain": "{barrels:,.0f} bbl, ceiling {ceiling:,.0f}",
    "false_positives": "A port of the same name.",
    "cases": [
        {"name": "fires", "date": "2018-01-01", "facts": {"from_kp": "true", "barrels": "501"}, "fires": "true"},
        {"name": "on the line", "date": "2018-01-01", "facts": {"from_kp": "true", "barrels": "500"}, "fires": "false"},
    ],
}
PARAMETERS = {
    "ceiling": {
        "unit": "bbl",
        "description": "a ceiling",
        "values": [{"from": "2018-01-01", "value": "500", "citation": "a resolution", "status": "unverified"}],
    }
}


def write(folder: Path, rule: dict[str, Any], parameters: dict[str, Any] = PARAMETERS) -> Path:
    (folder / "test").mkdir()
    (folder / "designated-parties").mkdir()
    (folder / "designated-parties" / "programmes.csv").write_text("authority,programme,concern\nUS,DPRK*,dprk\n")
    (folder / "test" / "pack.yaml").write_text("regime: UN\ntitle: A pack\n")
    (folder / "test" / "parameters.yaml").write_text(yaml.safe_dump(parameters))
    (folder / "test" / "T-COAL.rule.yaml").write_text(yaml.safe_dump(rule))
    return folder


def changed(**changes: Any) -> dict[str, Any]:
    rule = copy.deepcopy(RULE)
    for key, value in changes.items():
        if value is None:
            del rule[key]
        else:
            rule[key] = value
    return rule


def test_a_sound_rule_is_read_and_its_cases_hold(tmp_path: Path) -> None:
    """Exactly the ceiling does not fire, one barrel more does."""
    book = packs.load(write(tmp_path, RULE))
    assert [rule.id for rule in book.rules] == ["T-COAL"]
    assert book.rules[0].since == date(2018, 1, 1)
    assert all(verdict.holds for verdict in cases.run(book))


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        (changed(citations=None), "lacks 'citations'"),
        (changed(citations=[{"text": "x", "status": "perhaps"}]), "one of seen, unverified"),
        (changed(cases=RULE["cases"][:1]), "a case that fires and one that does not"),
        (changed(cases=RULE["cases"][1:]), "a case that fires and one that does not"),
        (changed(when=[{"fact": "colour", "is": "red"}]), "unknown fact 'colour'"),
        (changed(when=[{"fact": "from_kp", "equals": "true"}]), "unknown operator 'equals'"),
        (changed(when=[{"fact": "from_kp", "is": "yes"}]), "yes/no fact"),
        (changed(when=[{"fact": "barrels", "is": "5"}]), "is a number"),
        (changed(when=[{"fact": "barrels", "above": "$roof"}]), r"\$roof"),
        (changed(when=[{"fact": "day", "is": "2018-01-01"}]), "is a day: use above"),
        (changed(when=[{"fact": "day", "at_least": "2018-02-30"}]), "a day as 2018-01-01"),
        (changed(when=[{"fact": "goods_class", "is": "coal"}]), "any_of, none_of, only"),
        (changed(when=[{"hit": {"colour": ["red"]}}]), "the keys are"),
        (changed(in_force={"from": "2017-01-01"}), "only later"),
        (changed(in_force={"from": "2018-02-30"}), "a day as 2018-01-01"),
        (changed(in_force={"from": "2018-01-01", "to": "2017-01-01"}), "ends before it begins"),
        (changed(explain="{colour}"), "neither a fact nor a parameter"),
        (changed(id="T-OTHER"), "file and rule have one name"),
        (changed(decision="clear"), "review, possible_violation"),
        (changed(colour="red"), "no part of it"),
        (changed(false_positives=" "), "typically makes it fire wrongly"),
    ],
)
def test_an_unsound_rule_is_refused(tmp_path: Path, rule: dict[str, Any], says: str) -> None:
    """The error says what is wrong and names the file."""
    with pytest.raises(RulePackError, match=says) as caught:
        packs.load(write(tmp_path, rule))
    assert "T-COAL.rule.yaml" in str(caught.value)


def test_a_fault_is_told_with_its_line(tmp_path: Path) -> None:
    """Every rule that is wrong is named, each with file and line, not only the first."""
    folder = write(tmp_path, RULE)
    for name in ("T-ONE", "T-TWO"):
        text = yaml.safe_dump({**RULE, "id": name}, sort_keys=False).replace("fact: barrels", "fact: barels")
        (folder / "test" / f"{name}.rule.yaml").write_text(text)
        line = next(n for n, one in enumerate(text.splitlines(), start=1) if "barels" in one)
        assert any(f"{name}.rule.yaml:{line}: names the unknown fact 'barels'" in fault for fault in packs.lint(folder))
    assert len(packs.lint(folder)) == 2


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        (changed(decision="lift"), "under `lifts` which rules"),
        (changed(lifts=["T-COAL"]), "decision: lift"),
        (changed(decision="lift", lifts=["T-NONE"]), "no rule of these packs"),
        (changed(decision="lift", lifts={"fact": "to_kp"}), "no fact that holds several"),
        (changed(explain="{barrels"), "does not close"),
    ],
)
def test_an_exemption_must_say_what_it_lifts(tmp_path: Path, rule: dict[str, Any], says: str) -> None:
    """And nothing else may say it."""
    with pytest.raises(RulePackError, match=says):
        packs.load(write(tmp_path, rule))


def test_a_key_that_stands_twice_is_refused(tmp_path: Path) -> None:
    """Plain YAML would let the later one win without a word."""
    folder = write(tmp_path, RULE)
    path = folder / "test" / "T-COAL.rule.yaml"
    path.write_text(path.read_text() + "\nseverity: low\n")
    with pytest.raises(RulePackError, match="stands twice"):
        packs.load(folder)


def test_a_regime_that_no_pack_has_is_refused(tmp_path: Path) -> None:
    """A run restricted to a regime that is misspelt would judge nothing."""
    with pytest.raises(RulePackError, match="no pack has the regime 'UNO'"):
        packs.load(write(tmp_path, RULE), ["UNO"])


@pytest.mark.parametrize(
    ("when", "says"),
    [
        ({"fact": "goods_class", "any_of": ["coall"]}, "asks for goods_class 'coall'"),
        ({"hit": {"kind": ["ship"]}}, "asks for kind 'ship'"),
        ({"hit": {"concern": ["dprkk"]}}, "asks for concern 'dprkk'"),
        ({"hit": {"role": ["consigne"]}}, "asks for role 'consigne'"),
        ({"fact": "imo_state", "is": "wrong"}, "asks for imo_state 'wrong'"),
        ({"fact": "load_country", "is": "Macau"}, "asks for load_country 'Macau', which is no code"),
        ({"fact": "load_country", "any_of": ["CN", "mo"]}, r"'mo' \(is MO meant\?\)"),
        ({"fact": "load_place", "is": "KP-RAJINN"}, r"'KP-RAJINN' \(is KP-RAJIN meant\?\)"),
    ],
)
def test_a_word_that_a_fact_never_says_is_refused(tmp_path: Path, when: dict[str, Any], says: str) -> None:
    """A misspelt class or kind would keep the rule silent for good."""
    folder = write(tmp_path, changed(when=[when]))
    for name in ("goods.csv", "goods_words.yaml", "countries.csv", "ports.csv"):
        (folder / name).write_bytes((rules_folder() / name).read_bytes())
    with pytest.raises(RulePackError, match=says) as caught:
        packs.load(folder)
    assert re.search(r"T-COAL\.rule\.yaml:\d+:", str(caught.value))


def test_a_case_that_states_what_no_fact_says_is_refused(tmp_path: Path) -> None:
    """A case with a misspelt country would prove a rule that never fires."""
    fires, on_line = RULE["cases"]
    stated = {**fires, "facts": {**fires["facts"], "load_country": "Korea"}}
    folder = write(tmp_path, changed(cases=[stated, on_line]))
    (folder / "countries.csv").write_bytes((rules_folder() / "countries.csv").read_bytes())
    with pytest.raises(RulePackError, match="load_country 'Korea', which is no code"):
        packs.load(folder)


@pytest.mark.parametrize(
    ("written", "slip", "says"),
    [
        ("fact: from_kp", "fact: from_pk", "is from_kp meant"),
        ("title: Coal", "titel: Coal", "lacks 'title', but has 'titel'"),
        ("explain: ", "explain: goods: ", "in quotes, or on lines of its own after >-"),
        ("- fact: from_kp", "\t- fact: from_kp", "indent with blanks"),
        ("decision: possible_violation", "decision: [possible_violation", "does not close"),
    ],
)
def test_the_commonest_slips_are_told_with_what_would_be_right(
    tmp_path: Path, written: str, slip: str, says: str
) -> None:
    """One sentence with file and line, for an officer who knows no YAML."""
    folder = write(tmp_path, RULE)
    path = folder / "test" / "T-COAL.rule.yaml"
    text = yaml.safe_dump(RULE, sort_keys=False)
    assert written in text
    path.write_text(text.replace(written, slip, 1))
    (fault,) = packs.lint(folder)
    assert says in fault
    assert re.search(r"T-COAL\.rule\.yaml:\d+: ", fault)


def test_the_rule_that_the_readme_teaches_is_sound(tmp_path: Path) -> None:
    """The worked rule of rules/README.md, put where it says, is read, and its cases hold."""
    shutil.copytree(rules_folder(), tmp_path / "rules")
    readme = (rules_folder() / "README.md").read_text(encoding="utf-8")
    text = readme.split("```yaml\n")[1].split("```")[0]
    name = yaml.safe_load(text)["id"]
    (tmp_path / "rules" / "red-flags" / f"{name}.rule.yaml").write_text(text, encoding="utf-8")
    assert packs.lint(tmp_path / "rules") == []
    verdicts = [v for v in cases.run(packs.load(tmp_path / "rules")) if v.rule.id == name]
    assert len(verdicts) > 3
    assert all(verdict.holds for verdict in verdicts)


@pytest.mark.parametrize(
    ("name", "says"), [("test/T-OIL.yaml", "no file of a pack"), ("other/T.rule.yaml", "pack.yaml")]
)
def test_a_file_that_would_be_passed_over_is_refused(tmp_path: Path, name: str, says: str) -> None:
    """A rule under a wrong name, or outside a pack, does not vanish in silence."""
    folder = write(tmp_path, RULE)
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text("id: T\n")
    with pytest.raises(RulePackError, match=says):
        packs.load(folder)


def test_signs_and_lists_apply_whatever_regimes_are_asked() -> None:
    """A run restricted to one regime still alerts on the user's own list and on red flags, and says what it left."""
    book = packs.load(rules_folder(), ["UN"])
    assert {"LIST-BLOCK", "RF-ROUTE", "UN-COAL"} <= {rule.id for rule in book.rules}
    assert "US" in book.left_out
    with pytest.raises(RulePackError, match="no regime"):
        packs.load(rules_folder(), [])


def test_every_case_of_the_shipped_packs_holds() -> None:
    """The rules do what their own examples say, in the engine and in plain."""
    verdicts = cases.run(packs.load(rules_folder()))
    assert len(verdicts) > 100
    assert [(v.rule.id, v.case.name, v.got) for v in verdicts if not v.holds] == []


def test_every_law_is_proved_on_its_first_day() -> None:
    """A rule that dates from a day has a case on it or on the eve, so that no in-force date is a guess of its own."""
    unproved = []
    for rule in packs.load(rules_folder()).rules:
        line = {rule.since, rule.since - timedelta(days=1)}
        if rule.since.year > 1950 and not line & {case.day for case in rule.cases}:
            unproved.append(rule.id)
    assert unproved == []
