"""A worker process that the system kills, whatever it is at: the run ends and tells it, and --resume goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from screening.pipeline.crew import LOST
from tests.conftest import FIXTURES
from tests.test_stopped import children, results, until

EXTRACT = FIXTURES / "lists" / "extract"
PATIENCE = 120  # seconds; a run takes two
MOMENTS = {  # with the parts that are finished before
    "born": [],
    "loading": [],
    "taking in": [],
    "at work": [0],
    "half an answer": [0],
    "an answer": [0, 1],
    "idle": [0, 1],
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where runs are tried: three parts of ten rows, looked at by two workers."""

    folder: Path

    def run(self, moment: str, out: str, *more: str) -> subprocess.Popen[str]:
        """A run whose workers die at this moment."""
        notes = self.folder / f"notes-{moment}"
        notes.mkdir()
        stillborn = notes / "stillborn"
        stillborn.write_text("#!/bin/sh\nkill -9 $$\n", encoding="utf-8")
        stillborn.chmod(0o700)
        words = ["run", str(self.folder / "trades.csv"), "--lists", str(EXTRACT), "--out", f"{self.folder}/{out}"]
        return subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("dying.py")), *words, "--formats", "csv,jsonl", *more],
            env={**os.environ, "DIES": moment, "NOTES": str(notes), "WORK": str(self.work)},
            start_new_session=True, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    @property
    def work(self) -> Path:
        """Where a run to `out` works."""
        return self.folder / ".out.work"

    def parts(self) -> list[str]:
        """What lies in the spool, drafts too."""
        return sorted(path.name for path in self.work.glob(".run-*/*"))

    def looked_at(self, moment: str) -> list[str]:
        """The parts that workers looked at."""
        return sorted(path.name for path in (self.folder / f"notes-{moment}").glob("part-*"))


def ended(run: subprocess.Popen[str]) -> tuple[int, str]:
    """How it ended and what it told."""
    try:
        told = run.communicate(timeout=PATIENCE)[1]
    except subprocess.TimeoutExpired:
        os.killpg(run.pid, signal.SIGKILL)
        run.communicate()
        pytest.fail("the run waits for ever")
    return run.returncode, told


def is_taken_up(place: Place, kept: list[int], undisturbed: dict[str, bytes]) -> None:
    """What was finished is not looked at again, and the bytes are those of one process that nobody disturbed."""
    assert place.parts() == [f"part-{part:06}" for part in kept]
    assert ended(place.run("never", "out", "--quiet", "--jobs", "2", "--resume")) == (1, "")
    rest = [f"part-{part}" for part in range(3) if part not in kept]
    assert place.looked_at("never") == (rest if len(rest) > 1 else [])  # one alone needs no worker
    assert results(place.folder / "out") == undisturbed
    assert not place.work.exists()


def placed(folder: Path) -> Place:
    """A place with its trade file."""
    rows = [f"R{n},2024-03-01,Harbour Grain BV,Morning Star,NLRTM,KPNAM,crude oil,900000,t\n" for n in range(30)]
    header = "record_id,date,shipper,vessel,load_port,discharge_port,goods,quantity,unit\n"
    (folder / "trades.csv").write_text(header + "".join(rows), encoding="utf-8")
    return Place(folder)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return placed(tmp_path)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The results of one process."""
    alone = placed(tmp_path_factory.mktemp("undisturbed"))
    assert ended(alone.run("never", "out", "--quiet", "--jobs", "1")) == (1, "")
    return results(alone.folder / "out")


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_killed_worker_ends_the_run_in_one_sentence(place: Place, undisturbed: dict[str, bytes], moment: str) -> None:
    """No result, no process left behind, what was finished is kept; and so where no pipe holds the command line."""
    run = place.run(moment, "./" * 50_000 + "out", "--quiet", "--jobs", "2")
    assert ended(run) == (2, f"screening: {LOST}\n")
    assert not (place.folder / "out").exists()
    assert until(lambda: not children(run.pid), 30), children(run.pid)
    is_taken_up(place, MOMENTS[moment], undisturbed)


def test_workers_end_with_a_killed_run(place: Place, undisturbed: dict[str, bytes]) -> None:
    """In the middle of their work."""
    run = place.run("the run", "out", "--quiet", "--jobs", "2")
    assert ended(run) == (-signal.SIGKILL, "")
    assert until(lambda: not children(run.pid), 30), children(run.pid)
    is_taken_up(place, [0], undisturbed)
