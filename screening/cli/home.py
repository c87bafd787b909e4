"""What the machine knows between commands: the folder of the program, and the snapshot made last."""

from __future__ import annotations

import os
from pathlib import Path


def folder() -> Path:
    """Where lists and the name of the snapshot made last are kept."""
    data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(os.environ.get("SCREENING_HOME") or Path(data) / "screening")


def remember(snapshot: Path) -> None:
    """Make a snapshot the one that runs use when none is named."""
    from screening.errors import ListFileError
    from screening.lists.versions import write_whole

    try:
        folder().mkdir(parents=True, exist_ok=True)
        write_whole(folder() / "current", str(snapshot.resolve()))
    except OSError as error:
        raise ListFileError(
            f"the snapshot is built, but cannot be made the default ({error.strerror})", at=folder()
        ) from error


def chosen(given: Path | None) -> Path | None:
    """The lists named, else the snapshot last built; None where there is neither."""
    if given is not None:
        return given
    try:
        last = Path((folder() / "current").read_text(encoding="utf-8"))
    except OSError:
        return None
    return last
