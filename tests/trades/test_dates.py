"""Specifies screening.trades.dates: a cell gives its day or says why not, never another day."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.trades.dates import parse_date
from screening.trades.words import load_words

MONTHS = load_words().months
MARCH_7 = date(2024, 3, 7)
READ = [
    "2024-03-07",
    "2024-3-7",
    "2024/03/07",
    "2024.03.07",
    "20240307",
    "2024-03-07T10:15:00",
    "2024-03-07T23:59:59.5+10:00",
    "2024-03-07 10:15",
    "2024-03-07T10:15Z",
    "7 Mar 2024",
    "07-Mar-2024",
    "07MAR2024",
    "7th March 2024",
    "7th of March, 2024",
    "March 7, 2024",
    "Mar. 7 2024",
    "07.03.2024",
    "7.3.2024",
    "07.03.2024 10:15",
    "07.03.2024 г.",
    "7 марта 2024",
    "7 марта 2024 г.",
    "07 мар. 2024",
    "7 марта 2024 года",
    "2024년 3월 7일",
    "2024년3월7일",
    "2024年3月7日",
    "２０２４年３月７日",
    "2024-03-07 10:15 PM",
]
UNREAD = [
    "03/04/2024",
    "3-4-2024",
    "07/03/24",
    "07.03.24",
    "7-Mar-24",
    "2024-02-30",
    "2024-13-01",
    "31.02.2024",
    "03.25.2024",
    "45358",
    "2024",
    "March 2024",
    "yesterday",
    "2024-03",
    "2024-03-07x",
    "7 Foo 2024",
    "24-03-07",
    "00/00/2024",
    "2024/03-07",
    "n/a",
    "-",
    "20241307",
]


@pytest.mark.parametrize("text", READ)
def test_a_date_is_read(text: str) -> None:
    """The usual ways of writing the seventh of March give it."""
    assert parse_date(text, "", MONTHS).date == MARCH_7


@pytest.mark.parametrize("text", UNREAD)
def test_what_is_no_certain_date_has_a_reason(text: str) -> None:
    """What could be two days, or is none, is not read and says why."""
    day = parse_date(text, "", MONTHS)
    assert day.date is None
    assert day.reason


def test_both_readings_of_an_ambiguous_date_are_told() -> None:
    """The reason names both days and the way out."""
    reason = parse_date("03/04/2024", "", MONTHS).reason
    assert "2024-04-03" in reason
    assert "2024-03-04" in reason
    assert "--mapping" in reason


@pytest.mark.parametrize(
    ("text", "date_format", "day"),
    [
        ("25/12/2024", "", date(2024, 12, 25)),
        ("12/25/2024", "", date(2024, 12, 25)),
        ("04/04/2024", "", date(2024, 4, 4)),
        ("03/04/2024", "day-first", date(2024, 4, 3)),
        ("03/04/2024", "month-first", date(2024, 3, 4)),
        ("03.04.2024", "month-first", date(2024, 3, 4)),
        ("12/25/2024", "day-first", None),
        ("25.12.2024", "month-first", None),
        ("2024-03-04", "month-first", date(2024, 3, 4)),
        ("03/04/2024", "iso", None),
        ("25/12/2024", "iso", None),
        ("03.04.24", "%d.%m.%y", date(2024, 4, 3)),
        ("2024-03-04", "%d.%m.%y", None),
    ],
)
def test_the_order_of_day_and_month_is_only_taken_from_what_is_stated(
    text: str, date_format: str, day: date | None
) -> None:
    """A date is read by itself and by what the user states, and a date that contradicts the user is not read."""
    assert parse_date(text, date_format, MONTHS).date == day


DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))
FORMATS = st.sampled_from(
    [
        "%Y-%m-%d",
        "%Y/%m/%d",
        "%Y%m%d",
        "%d.%m.%Y",
        "%d/%m/%Y",
        "%m/%d/%Y",
        "%d-%m-%Y",
        "%m-%d-%Y",
        "%d %b %Y",
        "%d %B %Y",
        "%B %d, %Y",
        "%d-%b-%Y",
        "%d%b%Y",
        "%Y년 %m월 %d일",
        "%Y年%m月%d日",
        "%Y-%m-%dT%H:%M:%S",
    ]
)


@given(DAYS, FORMATS)
def test_no_format_gives_another_day(day: date, pattern: str) -> None:
    """A day in any format is read as itself or not at all."""
    read = parse_date(day.strftime(pattern), "", MONTHS).date
    assert read in (day, None)
    assert read == day or pattern[:4] in ("%d/%", "%m/%", "%d-%", "%m-%")


@given(
    DAYS,
    st.sampled_from(
        [("%d/%m/%Y", "day-first"), ("%m/%d/%Y", "month-first"), ("%d.%m.%Y", "day-first"), ("%Y-%m-%d", "iso")]
    ),
)
def test_a_stated_order_settles_every_day(day: date, stated: tuple[str, str]) -> None:
    """With the order stated nothing is left in doubt."""
    assert parse_date(day.strftime(stated[0]), stated[1], MONTHS).date == day


@given(st.text())
def test_any_text_is_a_date_or_has_a_reason(text: str) -> None:
    """No text makes the reader fail."""
    day = parse_date(text, "", MONTHS)
    assert bool(day.reason) == (day.date is None)
