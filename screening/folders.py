"""Folders that belong to a run while it lives: locked, and swept up by a later run where one was killed."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # a system without advisory locks: what a killed run left is then not swept up
    fcntl = None  # type: ignore[assignment]

NONE = -1  # no lock


def locked(folder: Path, *, shared: bool = False) -> int | None:
    """A descriptor that holds the folder as ours until it is closed; None where another run holds it.

    NONE where the system or the disk has no such locks.

    Args:
        shared: others may hold it so too, and none may remove it.
    """
    if fcntl is None:
        return NONE
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    except OSError:  # some network file systems lock no folders
        os.close(descriptor)
        return NONE
    return descriptor


def release(descriptor: int | None) -> None:
    """Give the folder up."""
    if descriptor is not None and descriptor != NONE:
        os.close(descriptor)


def left_over(parent: Path, pattern: str) -> list[Path]:
    """The folders of this pattern that no living run holds; none where that cannot be told."""
    found = []
    for folder in sorted(parent.glob(pattern)):
        with suppress(OSError):
            descriptor = locked(folder)
            if descriptor is not None and descriptor != NONE:
                found.append(folder)
            release(descriptor)
    return found
