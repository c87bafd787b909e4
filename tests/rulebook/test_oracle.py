"""Engine, frame evaluation and a plain reading of the rules in Python agree on tens of thousands of cases."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

from screening.model import Citation, Decision, Severity
from screening.rulebook.cases import _records
from screening.rulebook.conditions import AllOf, AnyOf, FactTest
from screening.rulebook.decide import Judge
from screening.rulebook.hits import Concerns
from screening.rulebook.rule import Case, Rule
from tests.rulebook.conftest import rulebook

PACKS, RULES, RECORDS = 24, 16, 64
YES_NO = ("to_kp", "from_kp", "sts", "committee_notice")
NUMBERS = ("barrels", "refined_barrels_to_date", "crude_tonnes_to_date", "barter_gap", "teu")
LIMITS = (0.0, 1.0, 59.5, 60.0, 475_000.0, 500_000.0, 525_000.0)
START = date(2018, 1, 1)
ORDER = {
    "above": lambda a, b: a > b,
    "at_least": lambda a, b: a >= b,
    "below": lambda a, b: a < b,
    "at_most": lambda a, b: a <= b,
}


def leaf(rng: random.Random) -> FactTest:
    kind = rng.randrange(5)
    if kind == 0:
        return FactTest(rng.choice(YES_NO), "is", rng.random() < 0.5)
    if kind == 1:
        return FactTest(rng.choice(NUMBERS), rng.choice(list(ORDER)), rng.choice(LIMITS))
    if kind == 2:
        return FactTest("goods_class", rng.choice(["any_of", "none_of"]), ("coal", "refined_petroleum"))
    if kind == 3:
        return FactTest("day", rng.choice(list(ORDER)), START + timedelta(days=rng.randrange(400)))
    return FactTest("goods_text", "mentions", (rng.choice(["An-24", "parts", "ан-24"]),))


def condition(rng: random.Random) -> Any:
    if rng.random() < 0.7:
        return leaf(rng)
    parts = [leaf(rng) if rng.random() < 0.7 else AllOf((leaf(rng), leaf(rng))) for _ in range(2)]
    return AnyOf(tuple(parts))


def record(rng: random.Random) -> dict[str, str]:
    facts = {name: rng.choice(["true", "false", "unknown"]) for name in YES_NO if rng.random() < 0.8}
    for name in NUMBERS:
        roll = rng.random()
        if roll < 0.25:
            continue
        limit = rng.choice(LIMITS)
        middle = limit + rng.choice([-1, -0.001, 0, 0.001, 1])
        facts[name] = repr(middle)
        if name != "teu" and roll > 0.5:
            facts[f"{name}_low"] = repr(middle - rng.choice([0, 1, 30_000]))
            facts[f"{name}_high"] = rng.choice([repr(middle + rng.choice([0, 1, 30_000])), "inf"])
    facts["goods_class"] = rng.choice(["", "coal", "wood", "refined_petroleum;petroleum_residue"])
    texts = ["", "spare PARTS for An-24RV", "запчасти Ан-24", "an 240 volt lamp", "counterparts"]
    facts["goods_text"] = rng.choice(texts)
    return facts


def oracle(test: Any, facts: dict[str, str], day: date) -> tuple[bool, bool]:
    """Whether a condition surely and perhaps holds."""
    if isinstance(test, AnyOf | AllOf):
        both = [oracle(part, facts, day) for part in test.tests]
        joined = any if isinstance(test, AnyOf) else all
        return joined(sure for sure, _ in both), joined(perhaps for _, perhaps in both)
    if test.fact == "day":
        return (ORDER[test.operator](day, test.operand),) * 2
    given = facts.get(test.fact, "")
    if test.operator == "is":
        sure = (given or "false") == str(test.operand).lower()
        return sure, sure or given == "unknown"
    if test.operator in ORDER:
        if not given:
            return False, False
        low, high = (float(facts.get(f"{test.fact}_{bound}", given)) for bound in ("low", "high"))
        first, second = (low, high) if test.operator in ("above", "at_least") else (high, low)
        sure, perhaps = (ORDER[test.operator](value, test.operand) for value in (first, second))
        return sure, sure or perhaps
    if test.operator == "mentions":
        said = {"spare PARTS for An-24RV": {"An-24", "parts"}, "запчасти Ан-24": {"ан-24"}}.get(given, set())
        return (test.operand[0] in said,) * 2
    held = bool(set(given.split(";")) & set(test.operand))
    return (held if test.operator == "any_of" else not held,) * 2


@pytest.mark.parametrize("seed", range(PACKS))
def test_engine_frame_and_oracle_agree(seed: int) -> None:
    """Packs of random rules over random records, bounds and unknowns among them: 24,576 cases of record and rule."""
    assert PACKS * RULES * RECORDS >= 20_000
    rng = random.Random(seed)
    law = (Citation("a paragraph", "seen"),)
    rules = []
    for number in range(RULES):
        when = (condition(rng), *(leaf(rng) for _ in range(rng.randint(0, 1))))
        since = START + timedelta(days=rng.randrange(200))
        rules.append(
            Rule(f"R{number:02}", "", "UN", Decision.REVIEW, Severity.LOW, since, None, law, when, "", "never", (), "")
        )
    given = [(START + timedelta(days=rng.randrange(400)), record(rng)) for _ in range(RECORDS)]
    records = _records([Case("", day, tuple(facts.items()), (), "true") for day, facts in given], Concerns(()))
    with Judge(rulebook(*rules)) as judge:
        fired = {(f.position, f.period.rule.id): f.sure for f in judge.firings(records)}
    for position, (day, facts) in enumerate(given):
        for rule in rules:
            answers = [oracle(test, facts, day) for test in rule.when]
            perhaps = day >= rule.since and all(may for _, may in answers)
            want = all(sure for sure, _ in answers) if perhaps else None
            assert fired.get((position, rule.id)) is want, (rule, facts)


def test_a_bound_is_never_on_the_wrong_side() -> None:
    """Missing bounds are the number itself; an unknown number has none."""
    case = Case("", START, (("refined_barrels_to_date", "5"), ("barter_gap", "unknown")), (), "true")
    facts = _records([case], Concerns(())).facts
    assert facts["refined_barrels_to_date_low"].iat[0] == facts["refined_barrels_to_date_high"].iat[0] == 5
    assert (facts["barter_gap_low"].iat[0], facts["barter_gap_high"].iat[0]) == (-np.inf, np.inf)
    assert pd.isna(facts["barter_gap"].iat[0])
