"""What an alert says of its hits."""

from __future__ import annotations

from datetime import date

import pytest

from screening.model import Hit
from screening.rulebook.telling import sentence


@pytest.mark.parametrize(
    ("listed_on", "says"),
    [(date(2018, 3, 30), "listed on 2018-03-30"), (None, "the list gives no listing date")],
)
def test_an_alert_says_when_the_entry_was_listed(listed_on: date | None, says: str) -> None:
    """An entry that its list does not date counts on every day, and whoever reads the alert is told so."""
    hit = Hit(
        *("may.csv", 2, "1", "shipper", "Dalian Global", "US-SDN:1", "US-SDN", "organisation", "DALIAN GLOBAL"),
        name_strength="primary", score=99.0, by="name", certain=True, features=(), programmes=("DPRK3",),
        listed_on=listed_on, status="kept", reason="",
    )  # fmt: skip
    assert says in sentence("{hits}", {}, [hit])
