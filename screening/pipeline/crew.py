"""Who looks at the batches: this process alone, or several at once. What is found is the same."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import chain, islice
from typing import Protocol

from screening.errors import ScreeningError
from screening.pipeline.again import worked
from screening.pipeline.packing import Packed, packed
from screening.pipeline.spool import Part
from screening.pipeline.stages import Batch, Former, Stages

Task = tuple[Part, Batch | Former]
AHEAD = 1  # batches that wait for each worker, so that none is idle and memory stays bounded
LOST = "a worker process died, perhaps for want of memory; what was finished is kept, run again with --resume"


class Crew(Protocol):
    """Looks at batches."""

    def looked(self, tasks: Iterable[Task]) -> Iterator[tuple[Part, Packed]]:
        """Every batch with what was found in it, in any order.

        Raises:
            ScreeningError: a worker died.
        """


class Alone:
    """This process."""

    def __init__(self, stages: Stages) -> None:
        self._stages = stages

    def looked(self, tasks: Iterable[Task]) -> Iterator[tuple[Part, Packed]]:
        """One batch after the other."""
        for part, batch in tasks:
            yield part, packed(worked(batch, self._stages, history=part.history))


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
        pool = ProcessPoolExecutor(self._jobs, context, initializer=_ready, initargs=(self._make,))
        try:
            yield from _spread(pool, chain(first, rest), self._jobs * (1 + AHEAD))
        except BrokenProcessPool as error:
            raise ScreeningError(LOST) from error
        finally:
            pool.shutdown(cancel_futures=True)


def _spread(pool: ProcessPoolExecutor, tasks: Iterable[Task], most: int) -> Iterator[tuple[Part, Packed]]:
    """The batches sent out, no more than `most` at once."""
    out: dict[Future[Packed], Part] = {}
    rest = iter(tasks)
    while True:
        for part, batch in islice(rest, most - len(out)):
            out[pool.submit(look_here, batch, part.history)] = part
        if not out:
            return
        done, _ = wait(out, return_when=FIRST_COMPLETED)
        for future in done:
            yield out.pop(future), future.result()


_HERE: list[Stages] = []


def _ready(make: Callable[[], Stages]) -> None:
    """Make the stages of this process."""
    _HERE[:] = [make()]


def look_here(batch: Batch | Former, history: bool) -> Packed:
    """Look at a batch in this process, whose stages are ready."""
    return packed(worked(batch, _HERE[0], history=history))
