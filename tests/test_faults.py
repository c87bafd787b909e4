"""A run that is killed leaves no half result, and --resume ends as an undisturbed run does."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import FIXTURES

EXTRACT = FIXTURES / "lists" / "extract"
FILES = ("decisions.csv", "alerts.jsonl", "hits.jsonl", "rejects.csv", "marks.csv")
KILLS = 20
ROWS = 120_000  # three parts


@pytest.fixture(scope="module")
def trades(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("faults") / "trades.csv"
    ports = ("RUVVO", "KRPUS", "CNDLC", "KPNAM")
    with file.open("w", encoding="utf-8") as out:
        out.write("record_id,date,shipper,vessel,load_port,discharge_port,goods,quantity,unit\n")
        for n in range(ROWS):
            port = ports[n % 3] if n % 5_000 else "KPNAM"
            out.write(f"R{n},2024-03-{1 + n % 28:02},Harbour Grain {n % 50} BV,Morning Star,NLRTM,{port},wheat,10,t\n")
    return file


def command(trades: Path, out: Path, *more: str) -> list[str]:
    words = ["run", str(trades), "--lists", str(EXTRACT), "--out", str(out), "--formats", "csv,jsonl", "--quiet"]
    return [sys.executable, "-m", "screening", *words, "--jobs", "1", *more]


def results(out: Path) -> dict[str, bytes]:
    return {name: (out / name).read_bytes() for name in FILES}


def test_twenty_kills_leave_no_half_result(trades: Path, tmp_path: Path) -> None:
    """At random moments from the start to the end; the run is taken up each time, and ends with the same bytes."""
    whole = tmp_path / "whole"
    started = time.monotonic()
    assert subprocess.run(command(trades, whole), check=False).returncode in (0, 1)
    lasts = time.monotonic() - started
    chance = random.Random(20)
    out = tmp_path / "out"
    ended = 0
    for _ in range(KILLS):
        run = subprocess.Popen(command(trades, out, "--resume"), start_new_session=True, stderr=subprocess.PIPE)
        try:
            run.wait(chance.uniform(0.2, 0.6) * lasts)
            ended += 1
        except subprocess.TimeoutExpired:
            os.killpg(run.pid, signal.SIGKILL)
            run.wait()
        assert not out.exists() or results(out) == results(whole)
    assert ended < KILLS
    assert subprocess.run(command(trades, out, "--resume"), check=False).returncode in (0, 1)
    assert results(out) == results(whole)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".out")] == []


def test_a_run_without_resume_sweeps_up_what_was_left(trades: Path, tmp_path: Path) -> None:
    """A folder of work whose run lives no more is removed."""
    left = tmp_path / ".out.work" / ".run-0123456789abcdef-00000000"
    (left / "part-000000").mkdir(parents=True)
    small = tmp_path / "small.csv"
    small.write_text("date,shipper\n2024-01-01,Harbour Grain BV\n", encoding="utf-8")
    assert subprocess.run(command(small, tmp_path / "out"), check=False).returncode == 0
    assert not left.exists()
