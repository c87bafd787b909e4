"""Options that several commands take."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from screening.cli import log


class FailOn(StrEnum):
    """From which decision on a run ends with exit code 1."""

    REVIEW = "review"
    POSSIBLE_VIOLATION = "possible_violation"
    NEVER = "never"


class Engine(StrEnum):
    """Who shares the work of a run."""

    LOCAL = "local"
    DASK = "dask"


Rules = Annotated[Path | None, typer.Option("--rules", help="A folder of rule packs. Default: the packs that ship.")]
Lists = Annotated[
    Path | None,
    typer.Option(
        "--lists",
        help="A snapshot or a folder of official list files. Default: the snapshot last built, else the extract.",
    ),
]

LogJson = Annotated[
    bool, typer.Option(log.OPTION, help="Tell progress, outcome and errors on standard error as JSON lines.")
]


def named(text: str, option: str) -> list[str]:
    """The words of an option that must name something."""
    from screening.errors import UsageError

    if not _words(text):
        raise UsageError("names nothing; leave the option out for the default", at=option)
    return _words(text)


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]
