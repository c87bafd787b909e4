"""Standard error as JSON lines, for machines that read logs: one object a line and nothing else.

Every object has `time` (UTC), `level` (info, warning or error) and `event`; the other keys go with the event. What
libraries warn of becomes the event `log`.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import takewhile
from typing import Any

import typer

from screening.cli.exits import EXIT_UNUSABLE

OPTION = "--log-json"
INFO, WARNING, ERROR = logging.INFO, logging.WARNING, logging.ERROR

_LOG = logging.getLogger("screening")


class _Line(logging.Formatter):
    """A record as one JSON object; in ASCII, so that no terminal, and no line separator in a name, breaks it."""

    def format(self, record: logging.LogRecord) -> str:
        """The object as text."""
        told: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
        }
        if record.name == _LOG.name:
            told |= {"event": record.msg, **getattr(record, "fields", {})}
        else:
            told |= {"event": "log", "logger": record.name, "message": record.getMessage().strip()}
            if record.exc_info:
                told["traceback"] = self.formatException(record.exc_info)
        return json.dumps(told, default=str)


class _Stderr(logging.Handler):
    """Writes to what is standard error at that moment."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        typer.echo(self.format(record), err=True)


def begin() -> None:
    """From now on all that is logged or warned of goes to standard error as JSON lines."""
    handler = _Stderr()
    handler.setFormatter(_Line())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.captureWarnings(True)
    _LOG.setLevel(logging.INFO)


def event(name: str, level: int = INFO, **fields: object) -> None:
    """One line; needs `begin`."""
    _LOG.log(level, name, extra={"fields": fields})


def error(message: str, at: str, exit_code: int = EXIT_UNUSABLE, **fields: object) -> None:
    """The one line that tells why a command ends without an outcome."""
    event("error", ERROR, message=message, at=at, exit_code=exit_code, **fields)


def asked(words: Sequence[str]) -> bool:
    """The words of a command line ask for JSON lines; known before they are parsed, for errors in them."""
    return OPTION in takewhile(lambda word: word != "--", words)
