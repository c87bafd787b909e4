"""The program with parts of ten rows, and with workers that die, or kill another, at the moment named by DIES.

It is run as `python dying.py WORDS...`; every worker runs it too, before anything else. NOTES is a folder where workers
write which parts they looked at, WORK the folder above the run's.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import struct
import time
from collections.abc import Callable
from functools import partial
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from pathlib import Path

from screening import cli, screener
from screening.pipeline import crew

MOMENT, NOTES, WORK = os.environ["DIES"], Path(os.environ["NOTES"]), Path(os.environ["WORK"])
ROWS = 10
look, send = crew.worked, Connection.send_bytes


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def wait_until(true: Callable[[], object]) -> None:
    while not true():
        time.sleep(0.02)


def never() -> bool:
    return False


def finished(part: int) -> bool:
    """Whether the part is in the spool."""
    return any(WORK.glob(f".run-*/part-{part:06}"))


def worked(batch, stages, *, history):
    """Look at parts 0 and 1, and 2 where nobody dies; whoever dies does so when part 0 is in the spool."""
    part = int(batch.frame["record_id"].iloc[0].removeprefix("R")) // ROWS
    (NOTES / f"part-{part}").write_text(str(os.getpid()), encoding="utf-8")
    if MOMENT != "never" and part > 0:
        wait_until(partial(finished, 0))
        if MOMENT == "at work":
            die()
        if MOMENT == "the run":
            os.kill(os.getppid(), signal.SIGKILL)
        if MOMENT == "idle" and part == 2:
            wait_until(partial(finished, 1))
            os.kill(int((NOTES / "part-1").read_text(encoding="utf-8")), signal.SIGKILL)
        if MOMENT == "the run" or (part == 2 and MOMENT in ("an answer", "idle")):
            wait_until(never)
    return look(batch, stages, history=history)


def sending(pipe: Connection, answer: bytes) -> None:
    """Write an answer, or half of it, and die; the answer about part 0 is written as it is."""
    later = finished(0)
    if MOMENT == "half an answer" and later:
        os.write(pipe.fileno(), struct.pack("!i", len(answer)) + answer[: len(answer) // 2])
        die()
    send(pipe, answer)
    if MOMENT == "an answer" and later:
        die()


def taking(pipe: Connection) -> bytes:
    """Begin to read what is sent, and die."""
    os.read(pipe.fileno(), 100)
    die()
    return b""


if __name__ == "__main__":
    screener.Options = partial(screener.Options, chunk_rows=ROWS)
    if MOMENT == "born":
        resource_tracker.ensure_running()  # a process of its own, which is none of the workers
        multiprocessing.set_executable(str(NOTES / "stillborn"))
    cli.main()
elif MOMENT == "loading":
    die()
else:
    crew.worked, Connection.send_bytes = worked, sending
    if MOMENT == "taking in":
        Connection.recv_bytes = taking
