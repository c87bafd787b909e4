"""The command that screens trade files."""

from __future__ import annotations

import os
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from screening.cli import home, log, measure, telling
from screening.cli.exits import EXIT_BELOW, EXIT_FOUND, EXIT_REJECTED
from screening.cli.measure import Stopwatch
from screening.cli.options import Engine, FailOn, Lists, LogJson, Rules, named

if TYPE_CHECKING:
    from screening.lists import Snapshot
    from screening.model import Results
    from screening.workplace import Workplace


def run(
    files: Annotated[
        list[Path], typer.Argument(help="Trade files: CSV, XLSX, Parquet or JSON Lines.", show_default=False)
    ],
    out: Annotated[Path, typer.Option("--out", help="The folder for the results, written whole or not at all.")],
    lists: Lists = None,
    rules: Rules = None,
    regimes: Annotated[str | None, typer.Option(help="Regimes to apply, as UN,US,EU. Default: all.")] = None,
    mapping: Annotated[Path | None, typer.Option(help="A file that maps the columns' names to ours.")] = None,
    history: Annotated[
        Path | None, typer.Option(help="Earlier deliveries that count towards the ceilings and are not judged.")
    ] = None,
    exemptions: Annotated[Path | None, typer.Option(help="Letters of the 1718 Committee and licences, as CSV.")] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            help="Judge all records under the law and listings of this day. Default: of their own.",
        ),
    ] = None,
    encoding: Annotated[
        str | None, typer.Option(help="The encoding of text files. Default: found from the file.")
    ] = None,
    fail_on: Annotated[
        FailOn, typer.Option(help="The decision from which on the exit code is 1.")
    ] = FailOn.POSSIBLE_VIOLATION,
    formats: Annotated[
        str, typer.Option(help="What to write: csv, jsonl, html, xlsx, junit, sarif.")
    ] = "csv,jsonl,html",
    max_list_age: Annotated[
        int | None,
        typer.Option(
            min=0, help="Days since each list was last confirmed by its issuer or published; where more, exit code 2."
        ),
    ] = None,
    jobs: Annotated[
        int | None, typer.Option(min=1, help="Processes that share the work. Default: one for each core.")
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Take up the same run where it was stopped: finished parts are not redone.")
    ] = False,
    since: Annotated[
        Path | None,
        typer.Option(
            help="A snapshot these files were screened against before, or `last` for the one before the default: only "
            "what changed is looked at again."
        ),
    ] = None,
    keep: Annotated[
        bool,
        typer.Option(
            help="Leave what was worked out, a copy of the records with it, in a built snapshot's folder for --since."
        ),
    ] = True,
    engine: Annotated[
        Engine, typer.Option(help="Who shares the work: processes of this machine, or the workers of a Dask cluster.")
    ] = Engine.LOCAL,
    scheduler: Annotated[
        str | None,
        typer.Option(help="With --engine dask, the cluster's address, as tcp://host:8786. Default: one started here."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the manifest to standard output.")] = False,
    log_json: LogJson = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress and no summary.")] = False,
) -> None:
    """Screen trade files and write decisions, alerts, hits and a report.

    Exit codes: 0 nothing at or above --fail-on; 1 at least one such decision; 2 nothing trustworthy was produced;
    3 as 0, but rows were rejected, of the trade files or of --history.
    """
    watch, started = Stopwatch(), datetime.now(UTC)
    if log_json:
        log.begin()
        if not quiet:
            log.event("started", files=[str(path) for path in files], folder=str(out))

    from dataclasses import replace

    from screening import reports
    from screening.errors import UsageError
    from screening.pipeline import crew
    from screening.screener import Options, Screener

    wanted = named(formats, "--formats")
    reports.check(wanted)
    reports.assert_usable(out)
    if scheduler and engine is not Engine.DASK:
        raise UsageError("goes with --engine dask", at="--scheduler")
    hire = crew.clustered(scheduler) if engine is Engine.DASK else crew.Processes
    asked = named(regimes, "--regimes") if regimes is not None else None
    settings = {
        "lists": str(lists) if lists else None,
        "rules": str(rules) if rules else None,
        "regimes": asked,
        "fail_on": fail_on.value,
        "formats": wanted,
        "mapping": str(mapping) if mapping else None,
        "encoding": encoding,
        "max_list_age": max_list_age,
        "history": str(history) if history else None,
        "exemptions": str(exemptions) if exemptions else None,
        "as_of": as_of.date().isoformat() if as_of else None,
        "since": str(since) if since else None,
    }
    before = home.former(since)
    place = _workplace(home.chosen(lists), out, keep=keep, resume=resume)
    with telling.progress(watch, log_json, quiet) as tell:
        screener = Screener.from_lists(home.chosen(lists), rules, asked)
        if max_list_age is not None:
            _refuse_old_lists(screener.snapshot, home.chosen(lists), max_list_age, started.date())
        tell("loading", 0)
        options = Options(
            mapping=mapping,
            encoding=encoding,
            history=history,
            exemptions=exemptions,
            as_of=as_of.date() if as_of else None,
            since=before,
            tell=tell,
            clock=time.perf_counter,
        )
        with screener.running(files, options, jobs or measure.cores(), place, hire) as found:
            code = _exit_code(found, fail_on)
            none = {"snapshot": str(since), "taken_up": False} if since else None  # there is no former default
            stated = {
                "since": found.manifest["since"] if before else none,
                "settings": settings,
                "fail_on": fail_on.value,
                "exit_code": code,
                "started": started.isoformat(timespec="seconds"),
            }

            def closing() -> dict[str, object]:
                tell("reports", 0)
                finished = datetime.now(UTC).isoformat(timespec="seconds")
                return {"finished": finished, "timings": watch.timings(), **measure.peaks()}

            results = replace(found, manifest={**found.manifest, **stated})
            reports.write(results, out, wanted, closing)
    if not quiet:
        telling.summary(results, out, wanted, watch.whole, log_json)
    if as_json:
        typer.echo((out / "manifest.json").read_text(encoding="utf-8"), nl=False)
    raise typer.Exit(code)


def _workplace(lists: Path | None, out: Path, *, keep: bool, resume: bool) -> Workplace:
    """Where the run works: in the folder of a built snapshot, else beside the results."""
    from screening.lists.snapshot import RUNS, is_snapshot
    from screening.workplace import Workplace

    if lists is not None and is_snapshot(lists) and os.access(lists, os.W_OK):
        return Workplace(lists / RUNS, keep=keep, resume=resume, shared=True)
    whole = out.resolve()
    return Workplace(whole.parent / f".{whole.name}.work", resume=resume)


def _refuse_old_lists(snapshot: Snapshot, folder: Path | None, days: int, today: date) -> None:
    from screening.errors import ListFileError
    from screening.lists import age

    if fault := age.age_fault(snapshot, days, today, age.confirmed(folder) if folder else {}):
        raise ListFileError(f"{fault}; run `screening lists fetch`", at="--max-list-age")


def _exit_code(results: Results, fail_on: FailOn) -> int:
    from screening.model import Decision

    counts: Any = results.manifest["counts"]
    if fail_on is not FailOn.NEVER:
        limit = Decision(fail_on.value).gravity
        if any(counts[decision.value] for decision in Decision if decision.gravity >= limit):
            return EXIT_FOUND
    past: Any = results.manifest["history"]
    rejected = counts["rejected"] or any(given["rejected"] for given in past)
    return EXIT_REJECTED if rejected else EXIT_BELOW
