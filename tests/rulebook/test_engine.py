"""The rule engine, used in the one safe way, answers as plain Python would."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.errors import EngineError, RulePackError
from screening.rulebook.engine import Engine, compare, equal, every, some


def fired(engine: Engine, documents: list[dict[str, Any]]) -> list[set[str]]:
    """The rules that fire on each document."""
    names = {name: None for document in documents for name in document}
    columns = {name: [document.get(name) for document in documents] for name in names}
    found = engine.evaluate(columns, len(documents))
    return [{name for name, numbers in found.items() if number in numbers} for number in range(len(documents))]


numbers = st.floats(allow_nan=False, allow_infinity=False)
SIGNS = {">": lambda a, b: a > b, ">=": lambda a, b: a >= b, "<": lambda a, b: a < b, "<=": lambda a, b: a <= b}


@given(st.sampled_from(sorted(SIGNS)), numbers, numbers)
def test_numbers_compare_as_in_python(sign: str, left: float, right: float) -> None:
    """Any two finite numbers stand in the order that Python says, exponents and all."""
    with Engine({"rule": compare("amount", sign, right)}) as engine:
        assert fired(engine, [{"amount": left}]) == [{"rule"} if SIGNS[sign](left, right) else set()]


@given(st.text(max_size=40), st.text(min_size=1, max_size=40))
def test_texts_are_equal_only_when_they_are(left: str, right: str) -> None:
    """Quotes, backslashes, newlines and any script compare as written."""
    left, right = (t.encode("utf-8", "ignore").decode() for t in (left, right))
    with Engine({"same": equal("text", right), "other": compare("text", "!=", right)}) as engine:
        assert fired(engine, [{"text": left}]) == [{"same"} if left == right else {"other"}]


def test_a_field_that_is_absent_meets_no_condition() -> None:
    """Absence is never equal, never different, never more or less."""
    rules = {
        "is": equal("a", True),
        "more": compare("b", ">", 0.0),
        "less": compare("b", "<", 0.0),
        "not": compare("c", "!=", "x"),
    }
    with Engine(rules) as engine:
        assert fired(engine, [{}]) == [set()]


def test_a_very_long_text_equals_no_shorter_one() -> None:
    """The engine measures texts in 16 bits; a text of 65,536 letters and more is cut before it could wrap round."""
    with Engine({"rule": equal("text", "KP")}) as engine:
        assert fired(engine, [{"text": "KP" + "x" * 65_536}, {"text": "KP"}]) == [set(), {"rule"}]


def test_hundreds_of_rules_all_fire_on_one_record() -> None:
    """No hit is lost where more rules fire than the engine holds at once."""
    rules = {f"rule {n}": every(equal("a", True), compare("b", ">", float(n))) for n in range(300)}
    with Engine(rules) as engine:
        assert fired(engine, [{"a": True, "b": 1000.0}] * 3) == [set(rules)] * 3


def test_a_rule_over_alternatives_fires_once() -> None:
    """Several true alternatives are one firing."""
    with Engine({"rule": some(equal("a", True), equal("b", True), equal("c", True))}) as engine:
        assert fired(engine, [{"a": True, "b": True, "c": True}]) == [{"rule"}]


@pytest.mark.parametrize(
    ("rules", "says"),
    [
        (
            {"r": every(*(some(*(equal(f"f{i}{j}", True) for j in range(4))) for i in range(4)))},
            "too many alternatives",
        ),
        ({"r": compare("a", ">", "text")}, "no number"),
        ({"r": equal("id", "7")}, "reserved field"),
        ({"r": equal("a", "x" * 201)}, "cannot compare"),
        ({"r": equal("a", True), "s": equal("a", "x")}, "takes a for"),
        ({"r": equal("f_loczw", True), "s": equal("f_vfbpa", True)}, "cannot tell apart"),
        ({"r": every()}, "empty group"),
    ],
)
def test_what_the_engine_would_get_wrong_is_refused(rules: dict[str, dict[str, object]], says: str) -> None:
    """A ruleset beyond the engine's silent limits never comes to run."""
    with pytest.raises(RulePackError, match=says):
        Engine(rules)


@pytest.mark.parametrize("value", [True, "1", math.nan, math.inf])
def test_a_value_of_the_wrong_kind_is_refused(value: object) -> None:
    """The engine would take "1", 1 and true for the same; a document that mixes them is an error."""
    with Engine({"rule": compare("amount", ">", 0.0)}) as engine, pytest.raises(EngineError):
        fired(engine, [{"amount": value}])
