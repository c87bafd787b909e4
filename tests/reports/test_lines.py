"""JSON Lines as the contract names their keys."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from screening.errors import ReportError
from screening.model import Decision, Results
from screening.reports import lines
from screening.reports.plain import plain

GOLDEN = Path(__file__).parent / "golden"
ALERT_KEYS = {
    "alert_id", "rule_id", "title", "decision", "severity", "regime", "citations", "records", "reason", "facts", "hits",
    "lifted_by",
}  # fmt: skip
HIT_KEYS = {
    "record", "role", "value", "entry_id", "list", "listed_name", "name_strength", "score", "features", "programmes",
    "listed_on", "status", "reason",
}  # fmt: skip


@pytest.mark.parametrize("name", ["alerts", "hits"])
def test_lines_match_their_golden_files(results: Results, tmp_path: Path, golden, name: str) -> None:
    """The alerts and hits of the story, read like code."""
    lines.write(results, tmp_path)
    golden(GOLDEN / f"{name}.jsonl", (tmp_path / f"{name}.jsonl").read_text(encoding="utf-8"))


def test_objects_have_the_keys_of_the_contract(results: Results) -> None:
    """Every key that is promised is there."""
    assert set(lines.alert_object(results.alerts[0])) >= ALERT_KEYS
    assert set(lines.hit_object(results.hits[0])) >= HIT_KEYS


def test_one_object_a_line_in_four_scripts(results: Results, tmp_path: Path) -> None:
    """A line break inside a value does not break the line, and no script is escaped."""
    hit = replace(results.hits[0], value="두 줄\nдве строки\u2028两行")
    lines.write(replace(results, hits=(hit,)), tmp_path)
    raw = (tmp_path / "hits.jsonl").read_bytes()
    assert raw.count(b"\n") == 1
    assert "две строки".encode() in raw
    assert json.loads(raw)["value"] == "두 줄\nдве строки\u2028两行"


@pytest.mark.parametrize(
    ("value", "want"),
    [
        (float("nan"), None),
        (np.float64("inf"), None),
        (pd.NA, None),
        (pd.NaT, None),
        (np.int64(3), 3),
        (np.bool_(True), True),
        (Decision.REVIEW, "review"),
        (date(2024, 5, 1), "2024-05-01"),
        (pd.Timestamp("2024-05-01"), "2024-05-01"),
        (np.datetime64("2024-05-01"), "2024-05-01"),
        (datetime(2024, 5, 1, 7, 30, tzinfo=UTC), "2024-05-01T07:30:00+00:00"),
        ({"b", "a"}, ["a", "b"]),
        ((1, {"x": pd.NA}), [1, {"x": None}]),
        (Path("a/b"), "a/b"),
    ],
)
def test_values_become_json(value: object, want: object) -> None:
    """Unknown is null, sets are sorted, days are ISO 8601."""
    assert plain(value) == want


def test_a_value_without_a_json_form_is_refused() -> None:
    """Nothing is written that would read back as something else."""
    with pytest.raises(ReportError, match="a object cannot be written"):
        plain(object())
