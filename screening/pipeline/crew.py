"""Who looks at the batches: this process alone, several of this machine, or a cluster. What is found is the same."""

from __future__ import annotations

import multiprocessing
import os
import re
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from functools import partial
from itertools import chain, islice
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Protocol

from screening.errors import ScreeningError, UsageError
from screening.pipeline.again import worked
from screening.pipeline.packing import Packed
from screening.pipeline.spool import Part
from screening.pipeline.stages import Batch, Former, Stages

Task = tuple[Part, Batch | Former]
_ADDRESS = re.compile(r"(?:tcp|tls|ws|wss|ucx)://(?:\[[\da-fA-F:.%]+\]|[^\s:/\[\]]+):\d{1,5}/?")
AHEAD = 1  # batches that wait for each worker, so that none is idle and memory stays bounded
LOST = "a worker process died, perhaps for want of memory; what was finished is kept, run again with --resume"


class Crew(Protocol):
    """Looks at batches."""

    def looked(self, tasks: Iterable[Task]) -> Iterator[tuple[Part, Packed]]:
        """Every batch with what was found in it, in any order.

        Raises:
            ScreeningError: a worker died.
        """


class Kit(Protocol):
    """Makes the stages of another process, from a folder of rules and, if there is one, an index of names."""

    @property
    def rules(self) -> Path:
        """The folder of the rules."""

    @property
    def index(self) -> Path | None:
        """Where the index of the names is kept, if anywhere."""

    def __call__(self) -> Stages:
        """The stages of this process."""


Hire = Callable[[Stages, Kit, int], Crew]  # who works with these stages, or others of this kit, and how many at once


class Alone:
    """This process."""

    def __init__(self, stages: Stages) -> None:
        self._stages = stages

    def looked(self, tasks: Iterable[Task]) -> Iterator[tuple[Part, Packed]]:
        """One batch after the other."""
        for part, batch in tasks:
            yield part, worked(batch, self._stages, history=part.history)


class Processes:
    """So many processes of this machine, started where there is more than one batch.

    Args:
        make: makes a process's stages; it is sent there.
    """

    def __init__(self, stages: Stages, make: Callable[[], Stages], jobs: int) -> None:
        self._alone, self._make, self._jobs = Alone(stages), make, jobs

    def looked(self, tasks: Iterable[Task]) -> Iterator[tuple[Part, Packed]]:
        """Whichever batch is done first."""
        rest = iter(tasks)
        first = list(islice(rest, 2))
        if len(first) < 2 or self._jobs < 2:
            yield from self._alone.looked(chain(first, rest))
            return
        # Not forked: a copy of a process whose threads hold locks may stand still for ever.
        context = multiprocessing.get_context("spawn")
        theirs, ours = context.Pipe(duplex=False)
        pool = ProcessPoolExecutor(self._jobs, context, initializer=_ready, initargs=(self._make, theirs))
        try:
            yield from _spread(pool, chain(first, rest), self._jobs * (1 + AHEAD))
            pool.shutdown()
        except BrokenProcessPool as error:
            raise ScreeningError(LOST) from error
        finally:
            ours.close()  # whoever still works, does so for nobody
            pool.shutdown(cancel_futures=True)
            theirs.close()


def clustered(scheduler: str | None) -> Hire:
    """The workers of a Dask cluster.

    Args:
        scheduler: its address; None starts a cluster on this machine.

    Raises:
        UsageError: dask.distributed is not installed, or this is no address.
    """
    if scheduler is not None and not _ADDRESS.fullmatch(scheduler):
        raise UsageError(f"{scheduler!r} is no address; write it as tcp://host:8786", at="--scheduler")
    try:
        from screening.pipeline.cluster import Cluster
    except ImportError as error:
        raise UsageError(
            "needs a package that is not installed; pip install 'sanctions-screening[dask]'", at="--engine dask"
        ) from error
    return partial(Cluster, scheduler=scheduler)


def _spread(pool: ProcessPoolExecutor, tasks: Iterable[Task], most: int) -> Iterator[tuple[Part, Packed]]:
    """The batches sent out, no more than `most` at once."""
    out: dict[Future[Packed], Part] = {}
    rest = iter(tasks)
    while True:
        for part, batch in islice(rest, most - len(out)):
            with _uninterrupted():
                out[pool.submit(look_here, batch, part.history)] = part
        if not out:
            return
        done, _ = wait(out, return_when=FIRST_COMPLETED)
        for future in done:
            yield out.pop(future), future.result()


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Processes started in the block leave Ctrl-C to this one, which ends them."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    former = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, former)


class Duty:
    """What a process is at: it ends at once from its work, and never while it hands over what it found.

    The other process would wait for the rest of half a message for ever.
    """

    def __init__(self) -> None:
        self._lock, self._busy, self._over = threading.Lock(), False, False

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """The block is work that may be broken off."""
        with self._lock:
            if self._over:
                os._exit(1)
            self._busy = True
        try:
            yield
        finally:
            with self._lock:
                self._busy = False

    def end(self) -> None:
        """End this process."""
        with self._lock:
            self._over = True
            if self._busy:
                os._exit(1)
        time.sleep(HANDOVER)
        os._exit(1)


HANDOVER = 2.0  # seconds in which what was found is handed over
_DUTY = Duty()
_MAKE: list[Callable[[], Stages]] = []
_HERE: list[Stages] = []


def _ready(make: Callable[[], Stages], theirs: Connection) -> None:
    """Be ready to make the stages of this process, and end it when the one that started it is gone or has enough."""
    _MAKE[:] = [make]
    threading.Thread(target=_end_with, args=(theirs,), daemon=True).start()


def _end_with(theirs: Connection) -> None:
    with suppress(EOFError, OSError):
        theirs.recv_bytes()
    _DUTY.end()


def look_here(batch: Batch | Former, history: bool) -> Packed:
    """Look at a batch in this process, whose stages are made with the first one."""
    with _DUTY.at_work():
        if not _HERE:
            _HERE.append(_MAKE[0]())
        return worked(batch, _HERE[0], history=history)
