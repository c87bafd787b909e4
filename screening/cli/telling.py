"""What a command tells on standard error while it works and when it is done."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from screening.model import Results


def say(text: str) -> None:
    """One line on standard error."""
    typer.echo(text, err=True)


@contextmanager
def progress(quiet: bool, timings: dict[str, float]) -> Iterator[Callable[[str, int], None]]:
    """A function that is told of stages done; shows a moving line in a terminal, nothing elsewhere."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    shown = console.is_terminal and not quiet and "CI" not in os.environ
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    clock = time.perf_counter()
    with Progress(*columns, console=console, transient=True, disable=not shown) as bar:
        tasks: dict[str, Any] = {}

        def tell(stage: str, rows: int) -> None:
            nonlocal clock
            now = time.perf_counter()
            timings[stage] = timings.get(stage, 0.0) + now - clock
            clock = now
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage, total=None)
            bar.advance(tasks[stage], rows)

        yield tell


def summary(results: Results, out: Path, formats: list[str]) -> None:
    """The outcome of a run in a few lines."""
    manifest: Any = results.manifest
    counts = manifest["counts"]
    say(
        f"{counts['rows_read']:,} rows read = {counts['clear']:,} clear + {counts['review']:,} review"
        f" + {counts['possible_violation']:,} possible violation + {counts['rejected']:,} rejected"
    )
    say(f"Lists: {manifest['lists']['name']}, {manifest['lists']['entries']:,} entries")
    if manifest["regimes_left_out"]:
        say(f"Regimes left out: {', '.join(manifest['regimes_left_out'])}")
    tally: dict[str, int] = {}
    for alert in results.alerts:
        tally[alert.rule_id] = tally.get(alert.rule_id, 0) + 1
    for rule, times in sorted(tally.items(), key=lambda pair: (-pair[1], pair[0])):
        say(f"  {times:>7,}  {rule}")
    for gap in manifest["not_screened"]:
        examples = ", ".join(gap["examples"][:3])
        say(f"Not resolved: {gap['count']:,} {gap['what']}, as {examples}")
    for notice in (notice for info in manifest["inputs"] for notice in info.get("notices", ())):
        say(f"Note: {notice}")
    say(f"Results: {out / 'report.html' if 'html' in formats else out}")
