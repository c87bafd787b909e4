"""What ends a run before its end: signals, a full disk, a folder that cannot be written, another run beside it."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import signal
import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from screening.lists import build
from screening.pipeline import look
from screening.screener import Options, Screener
from screening.workplace import Workplace
from tests.conftest import FIXTURES

EXTRACT = FIXTURES / "lists" / "extract"
STORY = FIXTURES / "trades" / "spring-2024.csv"
FILES = ("decisions.csv", "alerts.jsonl", "hits.jsonl", "rejects.csv", "marks.csv")
ROWS = 120_000  # three parts


@pytest.fixture(scope="module")
def trades(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("stopped") / "trades.csv"
    with file.open("w", encoding="utf-8") as out:
        out.write("record_id,date,shipper,vessel,load_port,discharge_port,goods,quantity,unit\n")
        for n in range(ROWS):
            port = "CNDLC" if n % 5_000 else "KPNAM"
            out.write(f"R{n},2024-03-{1 + n % 28:02},Harbour Grain {n % 50} BV,Morning Star,NLRTM,{port},wheat,10,t\n")
    return file


def command(file: Path, lists: Path, out: Path, *more: str) -> list[str]:
    words = ["run", str(file), "--lists", str(lists), "--out", str(out), "--formats", "csv,jsonl"]
    return [sys.executable, "-m", "screening", *words, *more]


def results(out: Path) -> dict[str, bytes]:
    return {name: (out / name).read_bytes() for name in FILES}


def children(session: int) -> list[str]:
    """The processes of a session that live."""
    told = subprocess.run(
        ["ps", "-o", "pid=,stat=,args=", "-s", str(session)], capture_output=True, text=True, check=False
    )
    return [line for line in told.stdout.splitlines() if line.split()[1][0] != "Z"]


def until(true: object, seconds: float = 120) -> bool:
    """Whether it comes true within the time."""
    end = time.monotonic() + seconds
    while not true():  # type: ignore[operator]
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


@pytest.mark.parametrize(("sent", "log"), [(signal.SIGINT, False), (signal.SIGTERM, False), (signal.SIGTERM, True)])
def test_a_signal_ends_a_run_in_one_sentence(trades: Path, tmp_path: Path, sent: signal.Signals, log: bool) -> None:
    """No result, no process left behind, and --resume takes up what was finished."""
    work = tmp_path / ".out.work"
    run = subprocess.Popen(
        command(trades, EXTRACT, tmp_path / "out", "--jobs", "2", *(["--log-json"] if log else [])),
        start_new_session=True, stderr=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(sent, signal.SIG_DFL),  # a job behind & is told to ignore SIGINT
    )  # fmt: skip
    assert until(lambda: [*work.glob(".run-*/part-*")] or run.poll() is not None), "no part was ever finished"
    run.send_signal(sent)
    told = run.communicate(timeout=120)[1]
    assert run.returncode == 128 + sent
    if log:
        last = json.loads(told.splitlines()[-1])
        assert (last["event"], last["exit_code"]) == ("error", 128 + sent)
        told = last["message"]
    assert f"stopped by {sent.name}" in told
    assert "--resume" in told
    assert "Traceback" not in told
    assert not (tmp_path / "out").exists()
    assert until(lambda: not children(run.pid), 30), children(run.pid)
    assert [*work.glob(".run-*/part-*")]
    again = subprocess.run(command(trades, EXTRACT, tmp_path / "out", "--resume", "--jobs", "1"), check=False)
    assert again.returncode in (0, 1)
    whole = subprocess.run(command(trades, EXTRACT, tmp_path / "whole", "--jobs", "1"), check=False)
    assert whole.returncode in (0, 1)
    assert results(tmp_path / "out") == results(tmp_path / "whole")
    assert not work.exists()


def test_finished_parts_are_not_looked_at_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted: after a stop in the fourth of five batches, three of them are taken as they are."""
    screener = Screener.from_lists(EXTRACT)
    seen: list[int] = []
    see = look.see

    def counted(frame: object, *rest: object, **more: object) -> look.Looked:
        seen.append(len(frame))  # type: ignore[arg-type]
        if len(seen) == 4:
            raise OSError(28, "No space left on device")
        return see(frame, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(look, "see", counted)
    place = Workplace(tmp_path / "work", resume=True)
    with pytest.raises(OSError, match="space"), screener.running(STORY, Options(chunk_rows=7), place=place):
        pass
    assert len(seen) == 4
    with screener.running(STORY, Options(chunk_rows=7), place=place) as found:
        assert found.manifest["counts"]["rows_read"] == 35  # type: ignore[index]
    assert len(seen) == 4 + 2
    assert not (tmp_path / "work").exists()


# ---------------------------------------------------------------- disks and folders
@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of two megabytes, where this process may mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("only a user who may mount a disk can run out of it on purpose")
    yield folder
    subprocess.run(["umount", folder], check=True)


def full(tmp_path: Path, trades: Path, out: Path) -> str:
    """The sentence of a run whose disk is full."""
    done = subprocess.run(
        command(trades, EXTRACT, out, "--jobs", "2", "--quiet"), capture_output=True, text=True, check=False
    )
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    return done.stderr


def test_a_full_disk_is_told_and_leaves_no_result(trades: Path, small_disk: Path, tmp_path: Path) -> None:
    """While the parts are written; once there is room, --resume ends as an undisturbed run does."""
    told = full(tmp_path, trades, small_disk / "out")
    assert "No space left on device" in told
    assert "--resume" in told
    assert not (small_disk / "out").exists()
    subprocess.run(["mount", "-o", "remount,size=400m", small_disk], check=True)
    again = command(trades, EXTRACT, small_disk / "out", "--resume", "--jobs", "1", "--quiet")
    assert subprocess.run(again, check=False).returncode in (0, 1)
    whole = command(trades, EXTRACT, tmp_path / "whole", "--jobs", "1", "--quiet")
    assert subprocess.run(whole, check=False).returncode in (0, 1)
    assert results(small_disk / "out") == results(tmp_path / "whole")


def test_a_disk_that_fills_up_with_the_reports_keeps_the_former_ones(
    small_disk: Path, trades: Path, tmp_path: Path
) -> None:
    """The work lies beside a snapshot on another disk; there is no room for the reports alone."""
    lists = tmp_path / "lists"
    build([EXTRACT]).save(lists)
    first = command(STORY, lists, small_disk / "out", "--quiet")
    assert subprocess.run(first, check=False).returncode == 1
    former = results(small_disk / "out")
    done = subprocess.run(
        command(trades, lists, small_disk / "out", "--jobs", "1", "--quiet"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, len(done.stderr.strip().splitlines())) == (2, 1), done.stderr
    assert "No space left on device" in done.stderr or "full" in done.stderr
    assert results(small_disk / "out") == former
    assert [path.name for path in small_disk.iterdir()] == ["out"]


@pytest.mark.parametrize("place", ["file", "foreign", "proc"])
def test_an_out_that_cannot_be_written_is_told(tmp_path: Path, place: str) -> None:
    """A file, a folder with other things in it, a place where nobody may write: one sentence, exit code 2."""
    out = {"file": tmp_path / "file", "foreign": tmp_path / "foreign", "proc": Path("/proc/results")}[place]
    if place == "file":
        out.write_text("here already", encoding="utf-8")
    elif place == "foreign":
        out.mkdir()
        (out / "letter.txt").write_text("somebody's", encoding="utf-8")
    elif not Path("/proc/self").exists():
        pytest.skip("this system has no /proc, where not even root may make a folder")
    done = subprocess.run(command(STORY, EXTRACT, out, "--quiet"), capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert str(out) in done.stderr or str(out.parent) in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    if place == "foreign":
        assert [path.name for path in out.iterdir()] == ["letter.txt"]


def test_an_out_that_cannot_be_written_is_told_before_any_work(tmp_path: Path) -> None:
    """Not after a night's screening: even the trade file need not be there."""
    (tmp_path / "out").write_text("here already", encoding="utf-8")
    words = command(tmp_path / "absent.csv", EXTRACT, tmp_path / "out", "--quiet")
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (done.returncode, "is a file" in done.stderr) == (2, True), done.stderr


def test_two_runs_at_once_on_a_new_snapshot_do_not_disturb_each_other(tmp_path: Path) -> None:
    """Both build its index, both keep their work there; each ends as a run by itself does."""
    build([EXTRACT]).save(tmp_path / "lists")
    runs = [
        subprocess.Popen(
            command(STORY, tmp_path / "lists", tmp_path / f"out-{n}", "--jobs", "1", "--quiet"), stderr=subprocess.PIPE
        )
        for n in range(2)
    ]
    assert [run.communicate(timeout=300)[1] for run in runs] == [b"", b""]
    assert [run.returncode for run in runs] == [1, 1]
    alone = command(STORY, tmp_path / "lists", tmp_path / "alone", "--jobs", "1", "--quiet")
    assert subprocess.run(alone, check=False).returncode == 1
    for n in range(2):
        assert results(tmp_path / f"out-{n}") == results(tmp_path / "alone")
    assert len([*(tmp_path / "lists" / "index").iterdir()]) == 1
    assert len([*(tmp_path / "lists" / "runs").iterdir()]) == 1


# ---------------------------------------------------------------- a cluster that is there already
@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[str]:
    """The address of a scheduler with a worker, both processes of their own."""
    if not importlib.util.find_spec("distributed"):
        pytest.skip("dask.distributed is not installed")
    told = tmp_path / "scheduler.json"
    words = ["--scheduler-file", str(told)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": tmp_path}
    python = [sys.executable, "-m"]
    begun = [subprocess.Popen([*python, "distributed.cli.dask_scheduler", "--no-dashboard", "--port", "0",
                               "--host", "127.0.0.1", *words], **quiet)]  # type: ignore[call-overload]  # fmt: skip
    try:
        assert until(told.exists), "no scheduler came up"
        begun.append(subprocess.Popen([*python, "distributed.cli.dask_worker", "--no-nanny", "--nthreads", "1",
                                       "--no-dashboard", *words], **quiet))  # type: ignore[call-overload]  # fmt: skip
        yield json.loads(told.read_text(encoding="utf-8"))["address"]
    finally:
        for one in begun[::-1]:
            one.terminate()
            one.wait(30)


def test_a_scheduler_elsewhere_gives_the_same_bytes(scheduler: str, tmp_path: Path) -> None:
    """By the command, with a scheduler and a worker that it did not start; they live on for the next run."""
    for _ in range(2):
        shutil.rmtree(tmp_path / "there", ignore_errors=True)
        there = command(STORY, EXTRACT, tmp_path / "there", "--engine", "dask", "--scheduler", scheduler, "--quiet")
        done = subprocess.run(there, capture_output=True, text=True, timeout=300, check=False)
        assert (done.returncode, done.stderr) == (1, "")
    assert subprocess.run(command(STORY, EXTRACT, tmp_path / "here", "--quiet"), check=False).returncode == 1
    assert results(tmp_path / "there") == results(tmp_path / "here")


@pytest.fixture
def chatter() -> Iterator[str]:
    """The address of a server that answers and is no scheduler."""

    class Greeting(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.sendall(b"220 mail.example ready\r\n" * 9)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Greeting) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"tcp://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.mark.parametrize("address", ["foo", "tcp://localhost", "nobody", "chatter"])
def test_a_scheduler_that_is_not_there_is_told(address: str, chatter: str, tmp_path: Path) -> None:
    """In one sentence that names the address: no address, no port, nobody there, or another program."""
    if not importlib.util.find_spec("distributed"):
        pytest.skip("dask.distributed is not installed")
    address = {"nobody": "tcp://127.0.0.1:9", "chatter": chatter}.get(address, address)
    words = command(STORY, EXTRACT, tmp_path / "out", "--engine", "dask", "--scheduler", address, "--quiet")
    done = subprocess.run(words, capture_output=True, text=True, timeout=300, check=False, env=dict(os.environ))
    assert done.returncode == 2
    assert address in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert not (tmp_path / "out").exists()
