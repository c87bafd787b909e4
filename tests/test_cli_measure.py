"""What a run took: seconds by stage, and memory where the system tells it."""

from __future__ import annotations

import pytest

from screening.cli import measure
from screening.cli.measure import Stopwatch


def test_a_stage_takes_the_time_since_the_one_before() -> None:
    """Several steps of a stage add up, and all stages to the whole."""
    clock = iter([10.0, 10.5, 11.5, 11.75, 12.0]).__next__
    watch = Stopwatch(clock)
    assert [watch.lap("match"), watch.lap("link"), watch.lap("match")] == [0.5, 1.0, 0.25]
    assert watch.timings() == {"match": 0.75, "link": 1.0, "whole": 2.0}


def test_memory_is_unknown_where_the_system_does_not_tell(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    """Null, never nought."""
    monkeypatch.setattr(measure, "resource", None)
    monkeypatch.setattr(measure, "_OWN_PEAK", tmp_path / "absent")
    assert measure.peaks() == {"peak_memory_mb": None, "peak_memory_worker_mb": None}


def test_memory_without_proc_is_what_getrusage_tells(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    """As on macOS."""
    if measure.resource is None:
        pytest.skip("this system has no getrusage")
    monkeypatch.setattr(measure, "_OWN_PEAK", tmp_path / "absent")
    told = measure.peaks()["peak_memory_mb"]
    assert told is not None
    assert told > 5
