"""The command line: the only place that prints, reads the clock and the environment, and sets exit codes.

No module here imports anything heavier than typer: `screening --help` answers at once. Commands import what they need.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from types import FrameType
from typing import Annotated

import typer

from screening import collector
from screening.cli import lists, log, names, rules, run
from screening.cli.exits import EXIT_SIGNAL, EXIT_UNUSABLE
from screening.cli.telling import say

__all__ = ["app", "main"]

app = typer.Typer(
    name="screening",
    help="Screen trade records against sanctions lists and the law on DPRK oil and arms; explain every alert.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(asked: bool) -> None:
    if asked:
        from importlib import metadata

        typer.echo(f"screening {metadata.version('sanctions-screening')}")
        raise typer.Exit


@app.callback()
def _program(
    _asked: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    pass


app.command()(run.run)
app.command()(names.match)
app.command()(names.evaluate)
app.command()(names.assure)
app.add_typer(lists.app, name="lists")
app.add_typer(rules.app, name="rules")


class Stopped(BaseException):
    """A signal asks the command to end; no handler of errors is meant to catch it."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(number)


def _stop(number: int, _frame: FrameType | None) -> None:
    """End the command with what cleans up after it; a second signal ends it at once."""
    signal.signal(number, signal.SIG_DFL)
    raise Stopped(number)


def _heed_signals() -> None:
    """SIGINT and SIGTERM stop the command in an orderly way, unless whoever started it said to ignore them."""
    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _stop)


def main() -> None:
    """Run a command; whatever goes wrong ends in one sentence and exit code 2, a signal in 128 and its number."""
    from screening.errors import ScreeningError

    log_json = log.asked(sys.argv[1:])
    if log_json:
        log.begin()
    _heed_signals()
    collector.seldom()
    try:
        sys.exit(app(standalone_mode=not log_json))
    except typer.TyperException as error:  # the words do not parse; without --log-json typer tells it by itself
        log.error(error.format_message(), at="command line")
    except ScreeningError as error:
        if log_json:
            log.error(error.message, at=error.at)
        else:
            say(f"screening: {error}")
    except Stopped as stop:
        text = f"stopped by {signal.Signals(stop.number).name}; results are written whole or not at all"
        text += ", and --resume goes on where the run stopped" if sys.argv[1:2] == ["run"] else ""
        code = EXIT_SIGNAL + stop.number
        if log_json:
            log.error(text, at="", exit_code=code)
        else:
            say(f"screening: {text}")
        sys.exit(code)
    except MemoryError:
        text = "there is not memory enough, nothing was written; fewer --jobs or smaller files need less"
        if log_json:
            log.error(text, at="")
        else:
            say(f"screening: {text}")
    except Exception as error:
        debug = bool(os.environ.get("SCREENING_DEBUG"))
        text = f"a fault of the program, nothing was written: {type(error).__name__}: {error}"
        if log_json:
            log.error(text, "", EXIT_UNUSABLE, **({"traceback": traceback.format_exc()} if debug else {}))
        else:
            say(f"screening: {text}")
            if debug:
                raise
    sys.exit(EXIT_UNUSABLE)
