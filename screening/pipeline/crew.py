"""Who looks at the batches: this process alone, several of this machine, or a cluster. What is found is the same."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import re
import signal
import sys
import threading
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache, partial
from itertools import chain, islice
from multiprocessing.connection import Connection, wait
from pathlib import Path
from queue import SimpleQueue
from typing import Protocol

from screening import collector
from screening.errors import ScreeningError, UsageError
from screening.pipeline.again import worked
from screening.pipeline.packing import Packed
from screening.pipeline.spool import Part
from screening.pipeline.stages import Anew, Batch, Stages

Task = tuple[Part, Batch | Anew]
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
        first = list(islice(rest, self._jobs))
        several, tasks = len(first), chain(iter(first), rest)
        del first  # no batch is held while others are looked at
        if several < 2:
            yield from self._alone.looked(tasks)
            return
        make = pickle.dumps(self._make)
        workers: list[_Worker] = []
        try:
            for _ in range(several):
                workers.append(_Worker())
            for worker in workers:  # they got up side by side
                worker.teach(make)
            yield from _spread(workers, tasks)
        finally:
            for worker in workers:
                worker.end()


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


def _spread(workers: Sequence[_Worker], tasks: Iterable[Task]) -> Iterator[tuple[Part, Packed]]:
    """The batches shared out, each to the worker with the fewest."""
    rest = iter(tasks)
    while True:
        free = sum(1 + AHEAD - len(worker.parts) for worker in workers)
        for part, batch in islice(rest, free):
            min(workers, key=lambda worker: len(worker.parts)).give(part, batch)
        if not any(worker.parts for worker in workers):
            return
        ready = wait([worker.pipe for worker in workers])
        for worker in workers:
            if worker.pipe in ready:
                yield worker.answer()


class _Worker:
    """A process of this machine, and our end of the pipe to it.

    No worker shares a pipe or a lock with another. The system closes the other end of the pipe when the worker dies,
    whatever it is at, so that nothing here waits for the rest of half a message.
    """

    def __init__(self) -> None:
        # Not forked: a copy of a process whose threads hold locks may stand still for ever.
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.parts: deque[Part] = deque()  # given and not answered yet; they are answered in this order
        self._process = context.Process(target=work, args=(theirs,), daemon=True)
        with theirs, _starting():
            self._process.start()

    def teach(self, make: bytes) -> None:
        """Tell it, before anything else, how to make its stages.

        Raises:
            ScreeningError: it died.
        """
        with _told():
            self.pipe.send_bytes(make)

    def give(self, part: Part, batch: Batch | Anew) -> None:
        """Have it look at a batch.

        Raises:
            ScreeningError: it died.
        """
        with _told():
            self.pipe.send_bytes(pickle.dumps((batch, part.history)))
        self.parts.append(part)

    def answer(self) -> tuple[Part, Packed]:
        """The next of its batches with what it found in it.

        Raises:
            ScreeningError: it died. Exception: whatever was raised there.
        """
        with _told():
            message = self.pipe.recv_bytes()
        found: Packed | Exception = pickle.loads(message)
        if isinstance(found, Exception):
            raise found
        return self.parts.popleft(), found

    def end(self) -> None:
        """End it at once; if it is still at work, it is so for nobody."""
        self._process.kill()
        self._process.join()
        self._process.close()
        self.pipe.close()


@contextmanager
def _told() -> Iterator[None]:
    """Where the pipe to a worker ends in the block, the worker died."""
    try:
        yield
    except (EOFError, OSError) as error:
        raise ScreeningError(LOST) from error


@contextmanager
def _starting() -> Iterator[None]:
    """Processes started in the block leave Ctrl-C to this one, which ends them, and are not told its command line.

    What they are told before our pipe is there has to fit into the system's, or its writer would wait for ever for a
    process that died before it read: it holds both ends. A command line may name any number of files.
    """
    words, sys.argv = sys.argv, sys.argv[:1]
    masks = hasattr(signal, "pthread_sigmask")
    former = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT}) if masks else None
    try:
        yield
    finally:
        if former is not None:
            signal.pthread_sigmask(signal.SIG_SETMASK, former)
        sys.argv = words


def work(theirs: Connection) -> None:
    """What a worker does: it is sent how to make its stages, then batches, and answers each."""
    collector.seldom()
    arrived: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_receive, args=(theirs, arrived), daemon=True).start()
    stages = cache(partial(_made, arrived.get()))
    with suppress(OSError):  # nobody waits for the answer any more
        while True:
            theirs.send_bytes(_answer(arrived.get(), stages))


def _receive(theirs: Connection, arrived: SimpleQueue[bytes]) -> None:
    """Take in what is sent, whatever else this process is at, and end it when the one that sends is gone."""
    try:
        with suppress(EOFError, OSError):
            while True:
                arrived.put(theirs.recv_bytes())
    finally:
        os._exit(1)


def _made(make: bytes) -> Stages:
    made: Stages = pickle.loads(make)()
    return made


def _answer(task: bytes, stages: Callable[[], Stages]) -> bytes:
    """What was found in a batch, or what was raised; the first one finds the stages not made yet."""
    try:
        batch, history = pickle.loads(task)
        return pickle.dumps(worked(batch, stages(), history=history))
    except Exception as error:  # noqa: BLE001 - handed to the process that waits
        error.add_note(traceback.format_exc())
        return pickle.dumps(error)
