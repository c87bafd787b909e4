"""However the work is shared, the outcome is the same: to the byte, or record by record where the order differs."""

from __future__ import annotations

import csv
import importlib.util
import random
import re
from functools import partial
from pathlib import Path

import pandas as pd
import pytest

from screening import reports
from screening.errors import UsageError
from screening.pipeline import crew
from screening.screener import Options, Screener
from tests.conftest import FIXTURES

STORY = FIXTURES / "trades" / "spring-2024.csv"
FILES = ("decisions.csv", "alerts.jsonl", "hits.jsonl", "rejects.csv", "marks.csv", "results.sarif")


@pytest.fixture(scope="module")
def screener() -> Screener:
    return Screener.from_lists(FIXTURES / "lists" / "extract")


def written(screener: Screener, files: list[Path], out: Path, hire: crew.Hire = crew.Processes, jobs: int = 1) -> Path:
    """Screen in small batches, so that there is work to share."""
    with screener.running(files, Options(chunk_rows=9), jobs=jobs, hire=hire) as results:
        reports.write(results, out, ["csv", "jsonl", "sarif"])
    return out


def decided(out: Path) -> dict[str, list[str]]:
    with (out / "decisions.csv").open(newline="", encoding="utf-8") as file:
        return {row["record_id"]: [row[name] for name in ("decision", "severity", "rules", "score", "reason")]
                for row in csv.DictReader(file)}  # fmt: skip


def test_two_processes_and_a_cluster_write_the_same_bytes(screener: Screener, tmp_path: Path) -> None:
    """One process, two, and a Dask cluster of two workers on this machine."""
    alone = written(screener, [STORY], tmp_path / "alone")
    others = [written(screener, [STORY], tmp_path / "two", jobs=2)]
    if importlib.util.find_spec("distributed"):
        others.append(written(screener, [STORY], tmp_path / "dask", crew.clustered(None), 2))
    for other in others:
        for name in FILES:
            assert (other / name).read_bytes() == (alone / name).read_bytes(), f"{other.name}: {name}"


def test_shuffled_and_split_files_are_decided_alike(screener: Screener, tmp_path: Path) -> None:
    """By two processes too: every record ends as it does in the whole file in its order."""
    whole = decided(written(screener, [STORY], tmp_path / "whole"))
    frame = pd.read_csv(STORY, dtype=str, keep_default_na=False)
    rows = list(range(len(frame)))
    random.Random(4).shuffle(rows)
    parts = []
    for number in range(3):
        parts.append(tmp_path / f"part-{number}.csv")
        frame.iloc[rows[number::3]].to_csv(parts[-1], index=False)
    apart = decided(written(screener, parts, tmp_path / "apart", jobs=2))
    told = {key for key in whole if key in apart}
    assert len(told) > 20
    assert {key: apart[key] for key in told} == {key: whole[key] for key in told}


def test_a_worker_that_dies_is_told_and_its_work_kept(screener: Screener, tmp_path: Path) -> None:
    """One sentence that names --resume, and no results."""
    make = partial(_dead)
    with (
        pytest.raises(crew.ScreeningError, match="--resume"),
        screener.running([STORY], Options(chunk_rows=9), jobs=2, hire=lambda stages, _kit, jobs: crew.Processes(
            stages, make, jobs)) as results,
    ):  # fmt: skip
        reports.write(results, tmp_path / "out", ["csv"])
    assert not (tmp_path / "out").exists()


def _dead() -> None:
    import os

    os._exit(9)


@pytest.mark.parametrize(
    "error", [UsageError("is wrong", at="--rules"), OSError(28, "No space left on device"), MemoryError("no memory")]
)
def test_what_a_worker_raises_is_raised_here(screener: Screener, error: Exception) -> None:
    """The same error, with the place in the worker where it was raised; a full disk there is no dead worker."""
    with (
        pytest.raises(type(error), match=re.escape(str(error))) as raised,
        screener.running([STORY], Options(chunk_rows=9), jobs=2, hire=lambda stages, _kit, jobs: crew.Processes(
            stages, partial(_raise, error), jobs)),
    ):  # fmt: skip
        pytest.fail("there are no results")
    assert vars(raised.value) == {**vars(error), "__notes__": raised.value.__notes__}
    assert "in _raise" in raised.value.__notes__[0]


def _raise(error: Exception) -> None:
    raise error
