"""Rules fire as stated, lead to review where something is not known, and engine and plain evaluation agree."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.errors import EngineError
from screening.model import Citation
from screening.rulebook.conditions import AllOf, AnyOf, FactTest, HitTest
from screening.rulebook.decide import Judge
from screening.rulebook.rule import Parameter, Rule, Value
from tests.rulebook.conftest import records, rulebook

TO_KP = FactTest("to_kp", "is", True)
COAL = FactTest("goods_class", "any_of", ("coal", "iron_and_ore"))


def outcomes(rule: Rule, *given_records: dict[str, Any], **parameters: Parameter) -> list[str]:
    held = records(*given_records)
    with Judge(rulebook(rule, parameters=parameters)) as judge:
        fired = {f.position: f.sure for f in judge.firings(held)}
    return ["false" if n not in fired else "true" if fired[n] else "review" for n in range(len(given_records))]


def test_all_conditions_must_hold(make_rule: Callable[..., Rule]) -> None:
    """One that fails is enough to keep the rule silent."""
    rule = make_rule(TO_KP, COAL)
    assert outcomes(
        rule,
        {"to_kp": "true", "goods_class": "coal"},
        {"to_kp": "true", "goods_class": "wood"},
        {"to_kp": "false", "goods_class": "coal"},
        {"to_kp": "true", "goods_class": "wood;iron_and_ore"},
    ) == ["true", "false", "false", "true"]


def test_what_is_not_known_leads_to_review(make_rule: Callable[..., Rule]) -> None:
    """Unknown is neither clear nor a possible violation; a condition that surely fails still silences the rule."""
    rule = make_rule(TO_KP, COAL)
    assert outcomes(rule, {"to_kp": "unknown", "goods_class": "coal"}, {"to_kp": "unknown", "goods_class": "wood"}) == [
        "review",
        "false",
    ]


def test_where_a_rule_may_fire_is_told_without_the_engine(make_rule: Callable[..., Rule]) -> None:
    """Surely or perhaps, for the rules that are asked alone; one that is not judged here fires nowhere."""
    one, other = make_rule(TO_KP, COAL), make_rule(COAL, id="OTHER-RULE")
    held = records(
        {"to_kp": "true", "goods_class": "coal"},
        {"to_kp": "unknown", "goods_class": "coal"},
        {"to_kp": "false", "goods_class": "coal"},
    )
    with Judge(rulebook(one, other)) as judge:
        found = judge.may_fire(["TEST-RULE", "RULE-OF-ANOTHER-REGIME"], held)
    assert {rule: mask.tolist() for rule, mask in found.items()} == {
        "TEST-RULE": [True, True, False],
        "RULE-OF-ANOTHER-REGIME": [False, False, False],
    }


def test_a_rule_holds_from_its_first_day_to_its_last(make_rule: Callable[..., Rule]) -> None:
    """Both days are in; a record whose date could not be read is for review."""
    rule = make_rule(TO_KP, since=date(2017, 8, 5), until=date(2019, 1, 1))
    days = [date(2017, 8, 4), date(2017, 8, 5), date(2019, 1, 1), date(2019, 1, 2), None]
    assert outcomes(rule, *({"to_kp": "true", "day": day} for day in days)) == [
        "false",
        "true",
        "true",
        "false",
        "review",
    ]


def test_a_measure_may_widen_on_a_day(make_rule: Callable[..., Rule]) -> None:
    """Conditions on the day of the record: the eve is out, the day is in, an unreadable date is for review."""
    widened = AllOf((FactTest("day", "at_least", date(2019, 3, 2)), FactTest("goods_class", "any_of", ("wood",))))
    rule = make_rule(TO_KP, AnyOf((COAL, widened)))
    days = [date(2019, 3, 1), date(2019, 3, 2), None]
    wood = [{"to_kp": "true", "goods_class": "wood", "day": day} for day in days]
    coal = [{"to_kp": "true", "goods_class": "coal", "day": day} for day in days]
    assert outcomes(rule, *wood) == ["false", "true", "review"]
    assert outcomes(rule, *coal) == ["true", "true", "review"]


def test_a_figure_is_that_of_the_records_own_day(make_rule: Callable[..., Rule]) -> None:
    """A parameter that changes is read as it stood on the day."""
    law = Citation("a paragraph", "seen")
    ceiling = Parameter(
        "ceiling", "bbl", "a ceiling", (Value(date(2018, 1, 1), 500, law), Value(date(2020, 1, 1), 100, law))
    )
    rule = make_rule(TO_KP, FactTest("barrels", "above", "$ceiling"))
    given_records = [
        {"to_kp": "true", "barrels": barrels, "day": day}
        for day, barrels in [(date(2019, 12, 31), "500"), (date(2019, 12, 31), "500.5"), (date(2020, 1, 1), "500")]
    ]
    assert outcomes(rule, *given_records, ceiling=ceiling) == ["false", "true", "true"]


def test_a_hit_that_is_not_certain_leads_to_review(make_rule: Callable[..., Rule]) -> None:
    """A hit counts where every key fits; one that fits but is not certain is for a person to look at."""
    rule = make_rule(HitTest((("authority", ("US",)), ("programme", ("DPRK*",)), ("not_kind", ("vessel",)))))
    us = {"authority": "US", "list": "US-SDN", "programme": "DPRK3", "kind": "organisation"}
    assert outcomes(
        rule,
        {"hits": [us]},
        {"hits": [{**us, "certain": "false"}]},
        {"hits": [{**us, "kind": "vessel"}]},
        {"hits": [{**us, "programme": "CUBA"}]},
        {"hits": [{**us, "certain": "false"}, us]},
        {},
    ) == ["true", "review", "false", "false", "true", "false"]


def test_a_difference_between_engine_and_plain_evaluation_stops_the_run(
    make_rule: Callable[..., Rule], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error names the rule and the record."""
    rule = make_rule(TO_KP)
    with Judge(rulebook(rule)) as judge:
        monkeypatch.setattr(judge._engine, "evaluate", lambda columns, records: {})
        with pytest.raises(EngineError, match=r"record 0.*TEST-RULE"):
            judge.firings(records({"to_kp": "true"}))


yes_no = st.sampled_from(["true", "false", "unknown"])
classes = st.lists(st.sampled_from(["coal", "wood", "lead", "other"]), max_size=2, unique=True).map(";".join)
amounts = st.sampled_from(["unknown", "0", "1", "1.5", "-3", "1e-07", "1e22", "499999.9", "500000", "500000.1"])
hit = st.fixed_dictionaries({
    "authority": st.sampled_from(["US", "UN", "EU"]), "list": st.sampled_from(["US-SDN", "UN-SC"]),
    "programme": st.sampled_from(["DPRK", "DPRK3;CUBA", "", "RUSSIA-EO14024"]), "kind": st.sampled_from(["vessel", "person"]),  # noqa: E501
    "certain": st.sampled_from(["true", "false"]), "role": st.sampled_from(["imo", "vessel", "shipper"]),
})  # fmt: skip
record = st.fixed_dictionaries(
    {"day": st.dates(date(2016, 1, 1), date(2021, 1, 1)) | st.none()},
    optional={
        "to_kp": yes_no, "from_kp": yes_no, "sts": yes_no, "goods_class": classes, "barrels": amounts, "teu": amounts,
        "hs_code": st.sampled_from(["", "27", "2710", "8429"]), "imo_state": st.sampled_from(["valid", "invalid", "empty"]),  # noqa: E501
        "committee_notice": yes_no, "hits": st.lists(hit, max_size=3),
    },
)  # fmt: skip
leaf = st.one_of(
    st.builds(FactTest, st.sampled_from(["to_kp", "from_kp", "sts", "committee_notice"]), st.just("is"), st.booleans()),
    st.builds(FactTest, st.just("goods_class"), st.sampled_from(["any_of", "none_of"]), st.just(("coal", "lead"))),
    st.builds(
        FactTest, st.sampled_from(["barrels", "teu"]), st.sampled_from(["above", "at_least", "below", "at_most"]),
        st.sampled_from([0.0, 1.0, 1.5, 500000.0, 1e-07]),
    ),
    st.builds(
        FactTest, st.just("day"), st.sampled_from(["above", "at_least", "below", "at_most"]),
        st.dates(date(2016, 1, 1), date(2021, 1, 1)),
    ),
    st.builds(FactTest, st.just("hs_code"), st.just("begins"), st.just(("27", "84"))),
    st.builds(FactTest, st.just("imo_state"), st.sampled_from(["is", "is_not"]), st.sampled_from(["valid", "invalid"])),
    st.builds(
        lambda key, value: HitTest(((key, (value,)),)), st.sampled_from(["programme", "not_programme"]),
        st.sampled_from(["DPRK*", "CUBA", "*"]),
    ),
)  # fmt: skip
together = st.lists(leaf, min_size=1, max_size=2).map(lambda tests: AllOf(tuple(tests)))
condition = leaf | st.lists(leaf | together, min_size=1, max_size=2).map(lambda tests: AnyOf(tuple(tests)))


@settings(max_examples=120, deadline=None)
@given(
    st.lists(st.lists(condition, min_size=1, max_size=3), min_size=1, max_size=6),
    st.lists(record, min_size=1, max_size=12),
    st.data(),
)
def test_engine_and_plain_evaluation_agree(
    whens: list[list[Any]], given_records: list[dict[str, Any]], data: st.DataObject
) -> None:
    """Random rules over random records: `firings` compares both on every watched record and stops where they differ."""
    rules = []
    for number, when in enumerate(whens):
        since = data.draw(st.dates(date(2016, 1, 1), date(2020, 1, 1)))
        until = data.draw(st.none() | st.dates(since, date(2021, 1, 1)))
        rules.append(_rule(f"R{number}", tuple(when), since, until))
    held = records(*given_records)
    with Judge(rulebook(*rules)) as judge:
        together = {(f.position, f.period.rule.id): f.sure for f in judge.firings(held)}
        for position, one in enumerate(given_records):
            alone = {(position, f.period.rule.id): f.sure for f in judge.firings(records(one))}
            assert alone == {key: sure for key, sure in together.items() if key[0] == position}


def _rule(name: str, when: tuple[Any, ...], since: date, until: date | None) -> Rule:
    from screening.model import Decision, Severity

    law = (Citation("a paragraph", "seen"),)
    return Rule(name, "", "UN", Decision.REVIEW, Severity.LOW, since, until, law, when, "", "never", (), "")
