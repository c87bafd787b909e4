"""What a command tells on standard error while it works and when it is done: for people, or as JSON lines."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from screening.cli import log
from screening.cli.home import LAST
from screening.signs import legible

if TYPE_CHECKING:
    from screening.cli.measure import Stopwatch
    from screening.model import Results

Show = Callable[[str, int, float], None]  # a stage, rows and seconds of its latest step


def say(text: str) -> None:
    """One line on standard error; what a terminal would obey is shown by its number."""
    typer.echo(legible(" ".join(text.splitlines())), err=True)


def show(text: str) -> None:
    """The same on standard output."""
    typer.echo(legible(" ".join(text.splitlines())))


def searched(name: str, entries: int) -> str:
    """Which lists names were looked for in; the extract that ships is named as such."""
    return f"Lists: {name}, {entries:,} entries"


def tell(log_json: bool, text: str, event: str, level: int = log.INFO, **fields: object) -> None:
    """A sentence for people, or the event that it tells of, with the sentence as `message`."""
    if log_json:
        log.event(event, level, message=text, **fields)
    else:
        say(text)


@contextmanager
def progress(watch: Stopwatch, log_json: bool, quiet: bool) -> Iterator[Callable[[str, int], None]]:
    """A function that is told of a stage and its rows, each time some are done: takes their time and shows them."""
    with _shown(log_json, quiet) as show:

        def done(stage: str, rows: int) -> None:
            show(stage, rows, watch.lap(stage))

        yield done


def _shown(log_json: bool, quiet: bool) -> AbstractContextManager[Show]:
    if quiet:
        return nullcontext(lambda stage, rows, seconds: None)
    if log_json:
        return nullcontext(
            lambda stage, rows, seconds: log.event("progress", stage=stage, rows=rows, seconds=round(seconds, 3))
        )
    return _bar()


@contextmanager
def _bar() -> Iterator[Show]:
    """A moving line in a terminal, nothing elsewhere."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    shown = console.is_terminal and "CI" not in os.environ
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=not shown) as bar:
        tasks: dict[str, Any] = {}

        def show(stage: str, rows: int, seconds: float) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage, total=None)
            bar.advance(tasks[stage], rows)

        yield show


def summary(results: Results, out: Path, formats: list[str], seconds: float, log_json: bool) -> None:
    """The outcome of a run: a few lines, or a line for every warning and then the event `finished`."""
    manifest: Any = results.manifest
    rules = Counter(alert.rule_id for alert in results.alerts)
    fired = dict(sorted(rules.items(), key=lambda pair: (-pair[1], pair[0])))
    if not log_json:
        _headlines(manifest, fired)
    for gap in manifest["not_screened"]:
        text = f"Not resolved: {gap['count']:,} {gap['what']}, as {', '.join(gap['examples'][:3])}"
        tell(log_json, text, "not_resolved", log.WARNING, what=gap["what"], count=gap["count"])
    for given in (*manifest["inputs"], *manifest["history"]):
        for notice in given.get("notices", ()):
            tell(log_json, f"Note: {given['source']}: {notice}", "note", log.WARNING, file=given["source"])
    since = manifest["since"]
    if since and not since["taken_up"]:
        before = since["snapshot"]
        why = f"{before} keeps no whole run of the same files, rules, options and program"
        why = "there is no snapshot that was the default before" if before == str(LAST) else why
        text = f"Note: --since was not taken up, everything was screened: {why}"
        tell(log_json, text, "note", log.WARNING, since=before)
    if not log_json:
        say(f"Results: {out / 'report.html' if 'html' in formats else out}")
        return
    log.event(
        "finished",
        counts=manifest["counts"],
        history=_earlier(manifest),
        alerts=fired,
        lists=manifest["lists"]["name"],
        entries=manifest["lists"]["entries"],
        regimes_left_out=manifest["regimes_left_out"],
        exit_code=manifest["exit_code"],
        folder=str(out),
        seconds=round(seconds, 3),
    )


def _earlier(manifest: Any) -> dict[str, int]:
    """The rows of the history: read, records that count, and rejected."""
    return {name: sum(given[name] for given in manifest["history"]) for name in ("rows", "records", "rejected")}


def _headlines(manifest: Any, fired: dict[str, int]) -> None:
    counts = manifest["counts"]
    say(
        f"{counts['rows_read']:,} rows read = {counts['clear']:,} clear + {counts['review']:,} review"
        f" + {counts['possible_violation']:,} possible violation + {counts['rejected']:,} rejected"
    )
    if manifest["history"]:
        rows, counted, rejected = _earlier(manifest).values()
        say(f"Earlier deliveries: {rows:,} rows read = {counted:,} counted + {rejected:,} rejected")
    say(searched(manifest["lists"]["name"], manifest["lists"]["entries"]))
    if manifest["regimes_left_out"]:
        say(f"Regimes left out: {', '.join(manifest['regimes_left_out'])}")
    for rule, times in fired.items():
        say(f"  {times:>7,}  {rule}")
