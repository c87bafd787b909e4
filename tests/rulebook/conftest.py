"""Records made by hand for the tests of the rulebook."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pandas as pd
import pytest

from screening.model import Citation, Decision, Severity
from screening.rulebook.cases import _records
from screening.rulebook.conditions import Condition, Records
from screening.rulebook.hits import Concerns
from screening.rulebook.packs import Rulebook
from screening.rulebook.rule import Case, Parameter, Rule


@pytest.fixture
def make_rule() -> Callable[..., Rule]:
    def make(*when: Condition, **changes: Any) -> Rule:
        given: dict[str, Any] = {
            "id": "TEST-RULE",
            "title": "A rule",
            "regime": "UN",
            "decision": Decision.POSSIBLE_VIOLATION,
            "severity": Severity.HIGH,
            "since": date(2018, 1, 1),
            "until": None,
            "citations": (Citation("a paragraph", "seen"),),
            "when": when,
            "explain": "{to_kp_why}",
            "false_positives": "never",
            "cases": (),
            "path": "test.rule.yaml",
        }
        return Rule(**{**given, **changes})

    return make


def rulebook(*rules: Rule, parameters: dict[str, Parameter] | None = None) -> Rulebook:
    return Rulebook(rules, (), parameters or {}, Concerns(()), "digest")


def records(*given: dict[str, Any]) -> Records:
    """Records from facts as a case states them; `day` and `hits` may be given too."""
    cases = []
    for one in given:
        facts = dict(one)
        day = facts.pop("day", date(2024, 6, 1))
        hits = tuple(facts.pop("hits", ()))
        cases.append(Case("a case", day, tuple(facts.items()), hits, "true"))
    return _records(cases, Concerns(()))


def frame_of(value: Any) -> pd.DataFrame:
    return pd.DataFrame(value)
