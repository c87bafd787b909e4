"""The parts of two names that met, marked where they stand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.model import Feature, Results
from screening.reports import evidence as shown
from screening.reports.evidence import Piece, marked


def _told(text: str, *parts: tuple[str, str, float]) -> list[tuple[str, str]]:
    return [(piece.text, piece.mark) for piece in marked(text, parts)]


@pytest.mark.parametrize(
    ("text", "parts", "want"),
    [
        ("Vostok Trading LLC", [("VOSTOK", "VOSTOK", 1.0)], [("Vostok", "same"), (" Trading LLC", "")]),
        ("ŠOKO", [("soko", "soko", 1.0)], [("ŠOKO", "same")]),
        ("ANGARA 2", [("ANGARA", "ANGARA", 1.0), ("2", "", 0.0)], [("ANGARA", "same"), (" 2", "")]),
        ("PAEK YANG SAN 1", [("paekyangsan", "paekyangsan", 1.0)], [("PAEK YANG SAN", "same"), (" 1", "")]),
        ("ANGARRA", [("ANGARRA", "ANGARA", 0.9)], [("ANGAR", "near"), ("R", "differs"), ("A", "near")]),
        ("조선 무역", [("조선", "조선", 1.0)], [("조선", "same"), (" 무역", "")]),
        ("SAN SAN", [("SAN", "SAN", 1.0)], [("SAN", "same"), (" SAN", "")]),
        ("SAN SAN", [("SAN", "SAN", 1.0), ("SAN", "SAN", 1.0)], [("SAN SAN", "same")]),
        ("SANTA SAN", [("SAN", "SAN", 1.0)], [("SANTA ", ""), ("SAN", "same")]),
        ("Straße", [("strasse", "strasse", 1.0)], [("Straße", "same")]),
        ("a.b", [("a.b", "a.b", 1.0)], [("a.b", "same")]),
        ("", [("x", "x", 1.0)], []),
    ],
)
def test_parts_are_marked_where_they_stand(text: str, parts: list, want: list) -> None:
    """Case, accents, width and blanks do not hide a part; whole words come before parts of words."""
    assert _told(text, *parts) == want


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=15)


@given(TEXTS, st.lists(st.tuples(TEXTS, TEXTS, st.floats(0, 1)), max_size=4))
def test_no_letter_is_lost_by_marking(text: str, parts: list[tuple[str, str, float]]) -> None:
    """Whatever was compared, the pieces put together are the text."""
    assert "".join(piece.text for piece in marked(text, parts)) == text


def test_a_hit_has_its_marks_its_table_and_its_bar(results: Results) -> None:
    """What was taken off lies over the end of what was added, and the stroke stands at the score."""
    found = shown.evidence(results.hits[1])
    assert found.ours == (Piece("ООО Трансморфлот"),)
    assert found.ours_read == (Piece("llc", "same"), Piece(" "), Piece("transmorflot", "near"))
    assert found.theirs_read == ()
    assert Piece("TRANSMORFLOT", "near") in found.theirs and Piece("T", "differs") in found.theirs
    bars = [(bar.start, bar.length, bar.tint) for bar in found.bars]
    assert bars == [(0.0, 84.9, 0), (84.9, 9.0, 1), (91.9, 2.0, -1), (91.4, 0.5, -1)]
    assert found.tick == 91.4


@given(st.lists(st.floats(-40, 120), max_size=8), st.floats(0, 100))
def test_the_bar_never_leaves_its_frame(added: list[float], score: float) -> None:
    """Sums beyond 100 shrink to fit; deductions never begin before the start."""
    bars, tick = shown._bars([Feature("word", "a", "a", 1.0, figure) for figure in added], score)
    assert 0 <= tick <= 100
    assert all(bar.start >= 0 and bar.length >= 0 for bar in bars)
    assert all(bar.start + bar.length <= 100.1 for bar in bars if bar.tint >= 0)


def test_an_identifier_reads_as_itself(results: Results) -> None:
    """No second form stands under a name that an identifier found."""
    found = shown.evidence(results.hits[0])
    assert found.ours_read == found.theirs_read == ()
