"""Two results held against each other: what changed, and which rule changed it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from screening import reports
from screening.compare import changes
from screening.errors import UsageError
from screening.screener import Screener
from tests.conftest import FIXTURES

STORY = FIXTURES / "trades" / "spring-2024.csv"


def test_only_what_differs_is_told(tmp_path: Path) -> None:
    """Judged under the law of 2016 the story has other outcomes; against itself it has none."""
    screener = Screener.from_lists(FIXTURES / "lists" / "extract")
    reports.write(screener.run(STORY), tmp_path / "now", ["csv", "jsonl"])
    reports.write(screener.run(STORY, as_of=date(2016, 1, 1)), tmp_path / "then", ["csv", "jsonl"])
    assert list(changes(tmp_path / "now", tmp_path / "now")) == []
    found = {change.key[2]: change for change in changes(tmp_path / "now", tmp_path / "then")}
    coal = found["T-020"]
    assert coal.before == "possible_violation"
    assert "UN-COAL" in coal.gone
    assert "T-028" not in found
    assert "- UN-COAL" in str(coal)


def test_a_folder_without_results_is_refused(tmp_path: Path) -> None:
    """One sentence, which folder."""
    with pytest.raises(UsageError, match="two result folders"):
        list(changes(tmp_path, tmp_path))
