"""What the machine knows between commands: the folder of the program, and the snapshot made last."""

from __future__ import annotations

import os
from pathlib import Path

LAST = Path("last")


def folder() -> Path:
    """Where lists and the name of the snapshot made last are kept."""
    data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(os.environ.get("SCREENING_HOME") or Path(data) / "screening")


def remember(snapshot: Path) -> None:
    """Make a snapshot the one that runs use when none is named; the one that was is remembered as the former."""
    from screening.errors import ListFileError
    from screening.lists.versions import write_whole

    try:
        folder().mkdir(parents=True, exist_ok=True)
        before, now = _read("current"), snapshot.resolve()
        if before is not None and before != now:
            write_whole(folder() / "former", str(before))
        write_whole(folder() / "current", str(now))
    except OSError as error:
        raise ListFileError(
            f"the snapshot is built, but cannot be made the default ({error.strerror})", at=folder()
        ) from error


def chosen(given: Path | None) -> Path | None:
    """The lists named, else the snapshot last built; None where there is neither."""
    return given if given is not None else _read("current")


def former(given: Path | None) -> Path | None:
    """The snapshot named, for LAST the one that was the default before; None where there is none."""
    from screening.lists.snapshot import is_snapshot

    if given != LAST:
        return given
    found = _read("former")
    return found if found is not None and is_snapshot(found) else None


def _read(name: str) -> Path | None:
    try:
        return Path((folder() / name).read_text(encoding="utf-8"))
    except OSError:
        return None
