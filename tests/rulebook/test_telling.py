"""What an alert says of its hits."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from screening.model import Alert, Decision, Hit, Severity
from screening.rulebook.telling import retold, sentence


@pytest.mark.parametrize(
    ("listed_on", "says"),
    [(date(2018, 3, 30), "listed on 2018-03-30"), (None, "the list gives no listing date")],
)
def test_an_alert_says_when_the_entry_was_listed(listed_on: date | None, says: str) -> None:
    """An entry that its list does not date counts on every day, and whoever reads the alert is told so."""
    assert says in sentence("{hits}", {}, [replace(HIT, listed_on=listed_on)])


HIT = Hit(
    *("may.csv", 2, "1", "shipper", "Dalian Global", "US-SDN:1", "US-SDN", "organisation", "DALIAN GLOBAL"),
    name_strength="primary", score=99.0, by="name", certain=True, features=(), programmes=("DPRK3",), listed_on=None,
    status="kept", reason="",
)  # fmt: skip
DOUBTFUL = replace(HIT, entry_id="US-SDN:2", listed_name="DALIAN GLOBE", score=86.9, certain=False)


def resting_on(*hits: Hit, says: str = "") -> Alert:
    """An alert that rests on these hits, in the words of the rules; `says` stands before them."""
    uncertain = max((hit for hit in hits if not hit.certain), key=lambda hit: hit.score)
    doubt = f"the match with {uncertain.listed_name} is not certain, score {uncertain.score:.1f}"
    return Alert(
        *("1", "US-1", "Blocked", Decision.REVIEW, Severity.LOW, "US", (), ()),
        reason=f"{says}{sentence('{hits}', {}, hits)}. To be reviewed: {doubt}.", facts={}, hits=hits, doubt=doubt,
    )  # fmt: skip


def test_a_score_that_moved_is_put_into_the_words_of_an_alert() -> None:
    """In the sentence and in what is in doubt; what is told of the other hit stays."""
    former, now = (HIT, DOUBTFUL), (HIT, replace(DOUBTFUL, score=86.8))
    assert retold(replace(resting_on(*former), hits=now), former) == resting_on(*now)
    assert retold(resting_on(*former), former) == resting_on(*former)


def test_a_score_that_was_anothers_is_not_taken_for_it() -> None:
    """Two hits with one listed name: the first comes to what the second was, and that to something else."""
    second = replace(DOUBTFUL, entry_id="US-SDN:3", score=86.7)
    former, now = (DOUBTFUL, second), (replace(DOUBTFUL, score=86.7), replace(second, score=86.5))
    told = retold(replace(resting_on(*former), hits=now), former)
    assert told is not None and told == resting_on(*now)


@pytest.mark.parametrize(
    ("former", "now", "says"),
    [
        ((HIT, DOUBTFUL), (HIT, replace(DOUBTFUL, score=86.8, certain=True)), ""),
        ((HIT, DOUBTFUL), (replace(HIT, certain=False), DOUBTFUL), ""),
        ((HIT, DOUBTFUL), (HIT, replace(DOUBTFUL, score=86.8, reason="another flag")), ""),
        ((DOUBTFUL,), (DOUBTFUL, HIT), ""),
        ((replace(DOUBTFUL, by="identifier"),), (replace(DOUBTFUL, by="identifier", score=86.8),), ""),
        ((DOUBTFUL,), (replace(DOUBTFUL, score=86.8),), "the match with DALIAN GLOBE is not certain, score 86.9 "),
        (
            (DOUBTFUL, replace(DOUBTFUL, entry_id="3", listed_name="GLOBE", score=86.8)),
            (replace(DOUBTFUL, score=86.7), replace(DOUBTFUL, entry_id="3", listed_name="GLOBE", score=86.8)),
            "",
        ),
    ],
    ids=["certain", "elsewhere", "reason", "more", "number", "quoted", "order"],
)
def test_an_alert_that_may_be_told_otherwise_is_not_retold(
    former: tuple[Hit, ...], now: tuple[Hit, ...], says: str
) -> None:
    """Anything but a score differs, another hit is in doubt first, or the record itself says what an alert would."""
    assert retold(replace(resting_on(*former, says=says), hits=now), former) is None
