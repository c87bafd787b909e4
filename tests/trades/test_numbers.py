"""Specifies screening.trades.numbers: a cell gives its amount or says why not, never another amount."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.trades.numbers import parse_number

READ = [
    ("2950", "", 2950, ""),
    ("1234.5", "", 1234.5, ""),
    ("1 234,5", "", 1234.5, ""),
    ("1\u00a0234,5", "", 1234.5, ""),
    ("1\u2009234\u202f567", "", 1234567, ""),
    ("1'234.50", "", 1234.5, ""),
    ("1’234’567", "", 1234567, ""),
    ("1,234,567", "", 1234567, ""),
    ("1.234.567", "", 1234567, ""),
    ("1.234.567,8", "", 1234567.8, ""),
    ("1,234.5", "", 1234.5, ""),
    ("2,95", "", 2.95, ""),
    ("0,123", "", 0.123, ""),
    ("1234,567", "", 1234.567, ""),
    ("1.234", "", 1.234, ""),
    ("1.234", ",", 1234, ""),
    ("1,234", ".", 1234, ""),
    ("1,234", ",", 1.234, ""),
    ("0", "", 0, ""),
    ("007", "", 7, ""),
    ("1e3", "", 1000, ""),
    ("1.5E-05", "", 0.000015, ""),
    ("１２３", "", 123, ""),
    ("2950 t", "", 2950, "t"),
    ("1 168 kL", "", 1168, "kL"),
    ("1 168,5 м3", "", 1168.5, "м3"),
    ("5000bbl", "", 5000, "bbl"),
    ("300 containers", "", 300, "containers"),
    ("900 톤", "", 900, "톤"),
    ("12 м³", "", 12, "м³"),
]
EITHER = ["1.234", "12.345", "1.234 t", "999.000"]


@pytest.mark.parametrize("text", EITHER)
def test_a_dot_that_may_separate_thousands_is_not_read(text: str) -> None:
    """Both readings are told; what can be read one way only is read, and a stated sign decides."""
    told = parse_number(text, dot_groups=True)
    assert math.isnan(told.amount)
    digits = text.split()[0]
    assert f"could be {digits.replace('.', '')} or {digits};" in told.reason
    assert parse_number(text, ".", dot_groups=True).amount == float(digits)


ONE_WAY = [("0.125", 0.125), ("1234.567", 1234.567), ("12.5", 12.5), ("1.234,5", 1234.5)]


@pytest.mark.parametrize(("text", "amount"), ONE_WAY)
def test_a_dot_that_can_be_read_one_way_only_is_read(text: str, amount: float) -> None:
    """No group of three digits stands behind 1 to 3 others, or a comma follows."""
    assert parse_number(text, dot_groups=True).amount == amount


UNREAD = [
    "1,234",
    "12,345",
    "1,234 kL",
    "-5",
    "- 5",
    "−5",
    "5%",
    "abc",
    "NaN",
    "inf",
    "-inf",
    "1-2",
    "500-600 t",
    "~500",
    "approx. 500",
    "$5",
    "5 t 300 kg",
    "1,23,456",
    "12.34.56",
    "1 23",
    "1  234",
    "1.234,567,8",
    "1..2",
    "5.",
    ".5",
    "1e999",
    "9" * 400,
    "½",
    "10²",
    "1/2",
    "2950;t",
    "٣",
    "0x10",
    "1_000",
]


@pytest.mark.parametrize(("text", "decimal", "amount", "unit"), READ)
def test_a_number_is_read(text: str, decimal: str, amount: float, unit: str) -> None:
    """The usual ways of writing a number, with or without a unit, give the number."""
    number = parse_number(text, decimal)
    assert (number.amount, number.unit, number.reason) == (amount, unit, "")


@pytest.mark.parametrize("text", UNREAD)
def test_what_is_no_certain_number_has_a_reason(text: str) -> None:
    """What could be two numbers, or is none, is not read and says why."""
    number = parse_number(text)
    assert math.isnan(number.amount)
    assert number.reason


@pytest.mark.parametrize(
    ("text", "decimal"), [("2,95", "."), ("12.5", ","), ("1,234.5", ","), ("1.234,5", "."), ("0,123", ".")]
)
def test_a_number_that_contradicts_the_mapping_is_not_read(text: str, decimal: str) -> None:
    """Where the user states the decimal sign, a number that cannot be written with it is told."""
    assert "decimal sign" in parse_number(text, decimal).reason


def written(amount: Decimal, group: str, point: str) -> str:
    """A number in one convention."""
    return f"{amount:,f}".replace(",", "\0").replace(".", point).replace("\0", group)


AMOUNTS = st.decimals(min_value=0, max_value=10**12, places=None, allow_nan=False, allow_infinity=False).map(
    lambda value: round(value, 4).normalize()
) | st.integers(0, 10**9).map(Decimal)
CONVENTIONS = st.sampled_from(
    [
        ("", "."),
        ("", ","),
        (",", "."),
        (".", ","),
        (" ", ","),
        (" ", "."),
        ("\u00a0", ","),
        ("\u202f", ","),
        ("'", "."),
        ("’", "."),
    ]
)


@given(AMOUNTS, CONVENTIONS, st.sampled_from(["", " t", "kg", " m3", " баррелей"]))
def test_no_convention_gives_another_number(amount: Decimal, convention: tuple[str, str], unit: str) -> None:
    """A number in any convention is read as itself or not at all, but for a lone dot before three digits."""
    group, point = convention
    text = written(amount, group, point)
    lone_dot = group == "." and text.count(".") == 1 and "," not in text
    number = parse_number(text + unit)
    if not lone_dot:
        assert math.isnan(number.amount) or (number.amount == float(amount) and number.unit == unit.strip())


@given(AMOUNTS, CONVENTIONS)
def test_a_stated_decimal_sign_settles_every_number(amount: Decimal, convention: tuple[str, str]) -> None:
    """With the decimal sign stated nothing is left in doubt."""
    group, point = convention
    assert parse_number(written(amount, group, point), point).amount == float(amount)


@given(st.text())
def test_any_text_is_a_number_or_has_a_reason(text: str) -> None:
    """No text makes the reader fail, and an amount is finite and not negative."""
    number = parse_number(text)
    assert bool(number.reason) == math.isnan(number.amount)
    assert number.reason or 0 <= number.amount < math.inf
