"""Python's collector of garbage, which looks for values that refer to one another in a circle as more and more is made.

What is made here by the hundred thousand (rows, names, features) never does, and is looked through again and again: a
tenth of the time of a run and of matching, measured.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_MADE, _TIMES = 100_000, 50  # values made between two looks at the youngest, and these between two at older ones


def seldom() -> None:
    """In a process of our own, it looks as much less often as memory does not notice."""
    gc.set_threshold(_MADE, _TIMES, _TIMES)


@contextmanager
def waits() -> Iterator[None]:
    """In whatever process, it rests until the block is left; also a decorator. If it rests already, it goes on to."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
