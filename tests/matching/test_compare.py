"""Specifies screening.matching.compare: two names scored by themselves."""

from __future__ import annotations

from typing import Any

import pytest

from screening import score_names
from screening.errors import UsageError


@pytest.mark.parametrize(
    ("ours", "kind", "says"),
    [("x", "ship", "'ship' is no kind; use person, organisation or vessel"), (None, "", "None is no name; a text")],
)
def test_what_cannot_be_scored_is_refused(ours: Any, kind: str, says: str) -> None:
    """A kind that is not known would be scored as another, and what is no text has no score."""
    with pytest.raises(UsageError, match=says):
        score_names(ours, "x", kind)


def test_names_with_bytes_that_are_no_text_are_refused_in_a_sentence():
    with pytest.raises(UsageError, match="no text"):
        score_names("KIM\ud800 JONG", "KIM JONG")
