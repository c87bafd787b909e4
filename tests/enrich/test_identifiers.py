"""IMO numbers as cells give them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.enrich.identifiers import imo_in_name, read_imo

CASES = [
    ("9179842", "9179842", "valid"),
    ("IMO 9179842", "9179842", "valid"),
    ("IMO9179842", "9179842", "valid"),
    ("imo: 9179842", "9179842", "valid"),
    ("I.M.O. No. 9179842", "9179842", "valid"),
    ("9179842.0", "9179842", "valid"),
    (" 917 9842 ", "9179842", "valid"),
    ("917-9842", "9179842", "valid"),
    ("９１７９８４２", "9179842", "valid"),
    ("9179843", "9179843", "invalid"),
    ("0000000", "0000000", "invalid"),
    ("917984", "", "invalid"),
    ("91798420", "", "invalid"),
    ("917984A", "", "invalid"),
    ("unknown", "", "invalid"),
    ("", "", "empty"),
    ("   ", "", "empty"),
]


@pytest.mark.parametrize(("cell", "number", "state"), CASES)
def test_a_cell_gives_its_number_and_state(cell: str, number: str, state: str) -> None:
    """Decoration is taken off; what is left must be seven digits whose check digit holds."""
    read = read_imo(cell)
    assert (read.number, read.state) == (number, state)
    assert bool(read.why) == (state == "invalid")


def test_a_wrong_check_digit_says_what_would_be_right() -> None:
    """The reviewer sees the digit that would hold."""
    assert "should be 2" in read_imo("9179843").why


AMONG = [
    ("8660313 (ex CHON MA SAN)", "8660313", "valid"),
    ("8660313 / 9179842", "8660313", "invalid"),
    ("08660313", "8660313", "valid"),
    ("IMO8660313, MMSI 445123456", "8660313", "valid"),
    ("8660313 or 8660314", "8660313", "valid"),
    ("8660314 (ex CHON MA SAN)", "8660314", "invalid"),
    ("0000000 (none)", "0000000", "invalid"),
    ("9I79842", "9179842", "valid"),
    ("IMO 9179B42", "9179842", "valid"),
    ("9I79843", "", "invalid"),
]


@pytest.mark.parametrize(("cell", "number", "state"), AMONG)
def test_a_number_among_words_is_read(cell: str, number: str, state: str) -> None:
    """One valid number is taken; several are told, and the cell is invalid; either way the reviewer learns why."""
    read = read_imo(cell)
    assert (read.number, read.state) == (number, state)
    assert read.why


def test_several_numbers_are_listed() -> None:
    """The reason names every valid number of the cell."""
    assert "8660313, 9179842" in read_imo("8660313 / 9179842").why


IN_NAMES = [
    ("SEA STAR (IMO 8660313)", "8660313", "valid"),
    ("SEA STAR IMO: 8660313", "8660313", "valid"),
    ("SEA STAR IMO No. 08660313", "8660313", "valid"),
    ("SEA STAR 8660313", "", "empty"),
    ("SEA STAR", "", "empty"),
    ("MAXIMO 8660313", "", "empty"),
    ("SEA STAR (IMO 8660314)", "8660314", "invalid"),
    ("SEA STAR IMO 8660313, IMO 9179842", "8660313", "invalid"),
]


@pytest.mark.parametrize(("cell", "number", "state"), IN_NAMES)
def test_a_number_after_the_word_in_a_name_is_read(cell: str, number: str, state: str) -> None:
    """Only the word IMO makes a number in a vessel's name its IMO number."""
    read = imo_in_name(cell)
    assert (read.number, read.state) == (number, state)


def numbered(digits: int) -> str:
    first = f"{digits:06}"
    return first + str(sum(int(d) * w for d, w in zip(first, range(7, 1, -1), strict=True)) % 10)


six = st.integers(min_value=100_000, max_value=999_999)


@given(six)
def test_every_valid_number_is_accepted(digits: int) -> None:
    """A number whose check digit is computed by hand is valid, decorated or not."""
    number = numbered(digits)
    assert read_imo(number).state == "valid"
    assert read_imo(f"IMO {number}").number == number


@given(six, st.integers(0, 6), st.integers(1, 9))
def test_any_single_digit_changed_is_told(digits: int, at: int, by: int) -> None:
    """A single wrong digit is refused, except where its weight hides it: the check is a sum of weights modulo ten."""
    number = numbered(digits)
    changed = number[:at] + str((int(number[at]) + by) % 10) + number[at + 1 :]
    weight = 7 - at if at < 6 else -1
    hidden = (int(changed[at]) - int(number[at])) * weight % 10 == 0
    assert (read_imo(changed).state == "valid") == hidden


@given(st.text(max_size=12))
def test_no_text_is_too_strange(text: str) -> None:
    """Whatever stands in the cell, the answer is one of three states."""
    assert read_imo(text).state in ("empty", "valid", "invalid")
