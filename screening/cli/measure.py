"""What a run took: seconds by stage, and memory."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

try:
    import resource
except ImportError:  # Windows keeps no such account
    resource = None  # type: ignore[assignment]

_OWN_PEAK = Path("/proc/self/status")


class Stopwatch:
    """Seconds by stage: a stage took the time since the stage before it was told, so that all add up to the whole."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self._start = self._last = clock()
        self._stages: dict[str, float] = {}

    def lap(self, stage: str) -> float:
        """The seconds that a stage took just now; they are added to those it took before."""
        now = self._clock()
        took, self._last = now - self._last, now
        self._stages[stage] = self._stages.get(stage, 0.0) + took
        return took

    @property
    def whole(self) -> float:
        """The seconds since the start."""
        return self._clock() - self._start

    def timings(self) -> dict[str, float]:
        """The seconds of every stage told so far, and of the whole."""
        return {stage: round(seconds, 3) for stage, seconds in {**self._stages, "whole": self.whole}.items()}


def cores() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def peaks() -> dict[str, float | None]:
    """The most memory held at a time, in millions of bytes, null where the system does not tell.

    `peak_memory_mb` is this process, `peak_memory_worker_mb` the largest of those it started that have ended.
    """
    return {"peak_memory_mb": _own(), "peak_memory_worker_mb": _largest_worker()}


def _own() -> float | None:
    # Linux hands the peak of the process that started this one on to `getrusage`, so a small run started by a large
    # program would be told as large; VmHWM counts from the start of this program (proc(5)).
    if _OWN_PEAK.exists():
        for line in _OWN_PEAK.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return _million(int(line.split()[1]) * 1024)
    return _million(_held(resource.RUSAGE_SELF)) if resource else None


def _largest_worker() -> float | None:
    held = _held(resource.RUSAGE_CHILDREN) if resource else 0
    return _million(held) if held else None


def _held(whose: int) -> int:
    """Bytes: Linux counts in units of 1,024, macOS in single ones (getrusage(2))."""
    return resource.getrusage(whose).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def _million(count: int) -> float:
    return round(count / 1_000_000, 1)
