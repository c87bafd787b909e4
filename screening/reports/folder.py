"""A result folder that appears whole or not at all."""

from __future__ import annotations

import errno
import json
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from screening.errors import ReportError
from screening.folders import left_over, locked, release
from screening.reports.manifest import KIND, NAME


@contextmanager
def whole(folder: Path) -> Iterator[Path]:
    """A draft folder beside `folder` that takes its place when the block ends well, and is removed when it does not.

    Raises:
        ReportError: the folder holds something that is no former result, or cannot be written.
    """
    target = folder.resolve()
    _assert_replaceable(target, folder)
    draft = target.parent / f".{target.name}.draft-{secrets.token_hex(4)}"
    lock = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        for killed in left_over(target.parent, f".{target.name}.draft-*"):
            shutil.rmtree(killed, ignore_errors=True)
        draft.mkdir()
        lock = locked(draft)
        yield draft
        _sync(draft)
        _publish(draft, target, folder)
    except OSError as error:
        raise ReportError(_sentence(error), at=folder) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        release(lock)


def assert_usable(folder: Path) -> None:
    """Results can be put there, as far as can be told before there are any.

    Raises:
        ReportError: the folder holds something that is no former result, or nothing can be written beside it.
    """
    target = folder.resolve()
    _assert_replaceable(target, folder)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{target.name}.trial-", dir=target.parent):
            pass
    except OSError as error:
        raise ReportError(_sentence(error), at=folder) from error


def _assert_replaceable(target: Path, folder: Path) -> None:
    """The folder is absent, empty, or holds a former result and nothing else."""
    if not target.exists():
        return
    if not target.is_dir():
        raise ReportError("is a file; name a folder for the results", at=folder)
    try:
        held = {path.name for path in target.iterdir()}
        foreign = sorted(held - _written(target / NAME)) if held else []
    except OSError as error:
        raise ReportError(_sentence(error), at=folder) from error
    if foreign:
        raise ReportError(
            f"holds {foreign[0]!r}, which no former run wrote; empty the folder or name another, nothing was changed",
            at=folder,
        )


def _written(path: Path) -> set[str]:
    """The names of the files that a former run says it wrote; none where this is no manifest of ours."""
    try:
        stated = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return set()
    if not isinstance(stated, dict) or stated.get("kind") != KIND:
        return set()
    return {NAME, *stated.get("files", {})}


def _sync(folder: Path) -> None:
    """Every file of the folder and the folder itself are on the disk when this returns."""
    for path in [*sorted(folder.iterdir()), folder]:
        _sync_one(path)


def _sync_one(path: Path) -> None:
    if path.is_dir() and os.name == "nt":
        return  # there a folder cannot be opened
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _publish(draft: Path, target: Path, folder: Path) -> None:
    """Put the draft in the place of the target; what stood there comes back if that fails."""
    former = target.with_name(f".{target.name}.former-{secrets.token_hex(4)}")
    _assert_replaceable(target, folder)  # somebody may have written there while this run worked
    replaces = target.exists()
    if replaces:
        target.rename(former)
    try:
        draft.rename(target)
    except OSError:
        if replaces:
            former.rename(target)
        raise
    _sync_one(target.parent)
    shutil.rmtree(former, ignore_errors=True)


def _sentence(error: OSError) -> str:
    """What went wrong with the disk, and what would help."""
    if error.errno in (errno.EBUSY, errno.EXDEV):
        return "is a mount point and cannot be replaced as a whole; name a folder inside it for the results"
    why = error.strerror or str(error)
    return f"cannot be written ({why}); nothing was left half-written, make room or name another folder"
