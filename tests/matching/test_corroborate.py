"""A weak hit is kept where something else of its record speaks for it, and never certain."""

from __future__ import annotations

import pandas as pd
import pytest

from screening.matching.screen import Matcher
from tests.matching.test_screen import snapshot

ROWS = [
    ("US-SDN:1", "US-SDN", "organisation", "KORVEX TRADING LLC", [], ["GOLDEN"], []),
    ("US-SDN:2", "US-SDN", "person", "SAADI, Walid Mahmoud", [], [], []),
    ("US-SDN:3", "US-SDN", "person", "OTHER, Person Entirely", [], [], []),
    ("US-SDN:4", "US-SDN", "vessel", "MARIA", [], [], ["8517839"]),
    ("US-SDN:5", "US-SDN", "vessel", "LADY R", [], [], []),
]


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    lists = snapshot(ROWS)
    lists.entries["countries"] = ["Russia;China", "Iran", "", "Russia", "Russia"]
    lists.entries["programmes"] = ["UKRAINE-EO13662;NPWMD", "NPWMD", "SDGT", "X", "X"]
    return Matcher(lists)


def screened(matcher: Matcher, records: list[dict[str, str]], **facts: str) -> pd.DataFrame:
    return matcher.screen(pd.DataFrame(records), pd.DataFrame({k: [v] * len(records) for k, v in facts.items()}))


def status(matcher: Matcher, cell: str, role: str = "shipper", **facts: str) -> list[tuple[str, bool]]:
    found = screened(matcher, [{role: cell}], **facts)
    return list(zip(found["status"], found["certain"], strict=True))


def test_a_weak_alias_alone_stays_weak(matcher):
    assert status(matcher, "Golden") == [("weak", False)]
    assert status(matcher, "Golden", load_country="DE") == [("weak", False)]


def test_the_country_at_that_partys_end_keeps_it_for_review(matcher):
    assert status(matcher, "Golden", load_country="RU") == [("kept", False)]
    assert status(matcher, "Golden", "consignee", load_country="RU") == [("weak", False)]
    assert status(matcher, "Golden", "consignee", discharge_country="CN") == [("kept", False)]


def test_a_longer_name_that_holds_the_alias_is_not_kept(matcher):
    assert ("kept", False) not in status(matcher, "Golden Flowers Ltd", load_country="RU")


def test_another_party_under_the_same_programme_keeps_it(matcher):
    found = screened(matcher, [{"shipper": "Golden", "consignee": "Walid Mahmoud Saadi"}])
    weak = found[found["role"] == "shipper"].iloc[0]
    assert weak["status"] == "kept" and not weak["certain"] and "NPWMD" in weak["reason"]
    other = screened(matcher, [{"shipper": "Golden", "consignee": "Person Entirely Other"}])
    assert other[other["role"] == "shipper"]["status"].tolist() == ["weak"]


def test_two_weak_hits_do_not_keep_each_other(matcher):
    assert set(screened(matcher, [{"shipper": "Golden", "consignee": "Golden"}])["status"]) == {"weak"}


def test_the_order_of_records_does_not_matter(matcher):
    records = [{"shipper": "Golden", "consignee": c} for c in ("", "Walid Mahmoud Saadi", "Nobody Else", "Golden")]
    forth, back = screened(matcher, records), screened(matcher, records[::-1])
    back["position"] = 3 - back["position"]
    columns = ["position", "role", "entry", "status", "certain", "reason"]
    pd.testing.assert_frame_equal(
        forth[columns], back.sort_values(["position", "role", "entry"])[columns].reset_index(drop=True)
    )


@pytest.mark.parametrize(
    ("name", "flag", "certain"),
    [("Maria", "GR", False), ("Maria", "RU", True), ("Maria", "", True), ("Lady R", "GR", True)],
)
def test_a_ships_name_of_one_word_under_another_flag_is_not_certain(matcher, name, flag, certain):
    """Every port knows a Maria; the flag tells which, until a number does."""
    assert status(matcher, name, "vessel", flag_country=flag) == [("kept", certain)]
