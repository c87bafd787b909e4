"""The command line: the only place that prints, reads the clock and the environment, and sets exit codes."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from screening.lists import Snapshot
    from screening.lists.download import Network
    from screening.model import Results

# Nothing heavier than typer is imported here: `screening --help` answers at once. Commands import what they need.

INNOCENT = 4_000  # invented names that `assure` screens where the user gives none

EXIT_BELOW, EXIT_FOUND, EXIT_UNUSABLE, EXIT_REJECTED, EXIT_INTERRUPTED = 0, 1, 2, 3, 130

app = typer.Typer(
    name="screening",
    help="Screen trade records against sanctions lists and the law on DPRK oil and arms; explain every alert.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
lists_app = typer.Typer(help="Fetch, build, show and compare lists.", no_args_is_help=True, rich_markup_mode=None)
rules_app = typer.Typer(help="List, show, check and test the rules.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(lists_app, name="lists")
app.add_typer(rules_app, name="rules")


class FailOn(StrEnum):
    """From which decision on a run ends with exit code 1."""

    REVIEW = "review"
    POSSIBLE_VIOLATION = "possible_violation"
    NEVER = "never"


Rules = Annotated[Path | None, typer.Option("--rules", help="A folder of rule packs. Default: the packs that ship.")]
Lists = Annotated[
    Path | None,
    typer.Option(
        "--lists",
        help="A snapshot or a folder of official list files. Default: the snapshot last built, else the extract.",
    ),
]


@app.command()
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
    exemptions: Annotated[
        Path | None, typer.Option(help="Letters of the 1718 Committee and licences, as CSV.")
    ] = None,
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
    jobs: Annotated[int, typer.Option(min=1, help="Processes that share the work.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print the manifest to standard output.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress and no summary.")] = False,
) -> None:
    """Screen trade files and write decisions, alerts, hits and a report.

    Exit codes: 0 nothing at or above --fail-on; 1 at least one such decision; 2 nothing trustworthy was produced;
    3 as 0, but rows were rejected.
    """
    from dataclasses import replace

    from screening import reports
    from screening.screener import Options, Screener

    started, clock = datetime.now(UTC), time.perf_counter()
    wanted = _named(formats, "--formats")
    reports.check(wanted)
    asked = _named(regimes, "--regimes") if regimes is not None else None
    timings: dict[str, float] = {}
    with _progress(quiet, timings) as tell:
        screener = Screener.from_lists(_chosen_lists(lists), rules, asked)
        if max_list_age is not None:
            _refuse_old_lists(screener.snapshot, _chosen_lists(lists), max_list_age, started.date())
        tell("lists and rules", 0)
        options = Options(
            mapping=mapping,
            encoding=encoding,
            history=history,
            exemptions=exemptions,
            as_of=as_of.date() if as_of else None,
            tell=tell,
            clock=time.perf_counter,
        )
        with screener.running(files, options, jobs) as results:
            stages: Any = results.manifest["timings"]
            code = _exit_code(results, fail_on)
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
            }
            timings["whole"] = time.perf_counter() - clock
            manifest = {
                **results.manifest,
                "settings": settings,
                "fail_on": fail_on.value,
                "exit_code": code,
                "started": started.isoformat(timespec="seconds"),
                "finished": datetime.now(UTC).isoformat(timespec="seconds"),
                "timings": {k: round(v, 3) for k, v in {**timings, **stages}.items()},
            }
            results = replace(results, manifest=manifest)
            reports.write(results, out, wanted)
            tell("report", 0)
    if not quiet:
        _summary(results, out, wanted)
    if as_json:
        typer.echo((out / "manifest.json").read_text(encoding="utf-8"), nl=False)
    raise typer.Exit(code)


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
    return EXIT_REJECTED if counts["rejected"] else EXIT_BELOW


def _summary(results: Results, out: Path, formats: list[str]) -> None:
    manifest: Any = results.manifest
    counts = manifest["counts"]
    say = _say
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


@app.command()
def match(
    names: Annotated[list[str], typer.Argument(help="Names in any script.", show_default=False)],
    kind: Annotated[str | None, typer.Option(help="person, organisation or vessel. Default: any.")] = None,
    imo: Annotated[str | None, typer.Option(help="The vessel's IMO number.")] = None,
    lists: Lists = None,
    rules: Rules = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the matches as JSON.")] = False,
) -> None:
    """Look names up in the lists and explain each score."""
    from screening.errors import UsageError
    from screening.screener import Screener

    if kind not in (None, "person", "organisation", "vessel"):
        raise UsageError(f"{kind!r} is no kind; use person, organisation or vessel", at="--kind")
    screener = Screener.from_lists(_chosen_lists(lists), rules)
    found = screener.lookup(names, kind or "", imo or "")
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    for one in found:
        typer.echo(f"{one['name']}: {len(one['matches']) or 'no'} match{'es' if len(one['matches']) != 1 else ''}")
        for hit in one["matches"]:
            listed_on = f"listed on {hit['listed_on']}" if hit["listed_on"] else "the list gives no listing date"
            typer.echo(f"  {hit['score']:>5.1f}  {hit['listed_name']}  ({hit['name_strength']}, {hit['kind']})")
            typer.echo(f"         {hit['entry_id']}  {'; '.join(hit['programmes'])}  {listed_on}")
            if hit["reason"]:
                typer.echo(f"         {hit['status']}: {hit['reason']}")
            for feature in hit["features"]:
                compared = f"{feature['ours'] or '-'} ~ {feature['theirs'] or '-'}"
                typer.echo(f"         {feature['added']:>+6.1f}  {feature['name']:<10} {compared}  {feature['note']}")


@app.command()
def evaluate(
    pairs: Annotated[
        Path, typer.Argument(help="CSV of labelled pairs: name1, name2, is_match, perhaps kind.", show_default=False)
    ],
    out: Annotated[Path | None, typer.Option(help="Also write it to a file: .html, .svg, .csv or .json.")] = None,
    rules: Rules = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Score labelled name pairs: precision, recall and F1 per threshold, and the worst mistakes."""
    from screening.assurance import pairs as labelled
    from screening.matching.settings import Settings
    from screening.reports import effectiveness
    from screening.tables import rules_folder

    effectiveness.check(out)
    found = labelled.evaluate(labelled.read(pairs), Settings.load(rules or rules_folder()))
    if out is not None:
        effectiveness.write_evaluation(found, pairs.name, out)
    if as_json:
        typer.echo(json.dumps(effectiveness.evaluation_object(found, pairs.name), ensure_ascii=False, indent=2))
    else:
        typer.echo("\n".join(effectiveness.evaluation_lines(found, pairs.name)))


@app.command()
def assure(
    lists: Lists = None,
    rules: Rules = None,
    out: Annotated[Path | None, typer.Option(help="Also write it to a file: .html, .svg, .csv or .json.")] = None,
    sample: Annotated[int, typer.Option(min=1, help="How many names of each list are altered.")] = 200,
    seed: Annotated[int, typer.Option(help="The same seed alters the same names in the same way.")] = 1,
    innocent: Annotated[
        Path | None, typer.Option(help="Names of nobody listed, one a line or CSV. Default: invented ones.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Alter listed names in graded ways, screen them, and tell which were found, beside innocent names."""
    from screening.assurance import assure as test
    from screening.assurance import innocent as nobody
    from screening.reports import effectiveness
    from screening.screener import Screener

    effectiveness.check(out)
    screener = Screener.from_lists(_chosen_lists(lists), rules)
    names = nobody.read(innocent) if innocent else nobody.made_up(INNOCENT, seed, screener.rules)
    found = test.assure(screener.snapshot, screener.matcher, names, sample, seed)
    if out is not None:
        effectiveness.write_assurance(found, screener.snapshot.name, out)
    if as_json:
        typer.echo(
            json.dumps(effectiveness.assurance_object(found, screener.snapshot.name), ensure_ascii=False, indent=2)
        )
    else:
        typer.echo("\n".join(effectiveness.assurance_lines(found, screener.snapshot.name)))


@lists_app.command("build")
def lists_build(
    paths: Annotated[list[Path], typer.Argument(help="Official list files, or folders of them.", show_default=False)],
    out: Annotated[Path, typer.Option("--out", help="The folder for the snapshot.")],
    rules: Rules = None,
) -> None:
    """Compile official list files, recognised by their content, to one snapshot."""
    from screening import lists as official

    snapshot = official.build(paths)
    snapshot.save(out)
    _index(snapshot, out, rules)
    _remember(out)
    _show(snapshot)


@lists_app.command("show")
def lists_show(
    snapshot: Annotated[
        Path, typer.Argument(help="A snapshot, or a folder of official list files.", show_default=False)
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Tell what a snapshot holds: entries in all, by source, list, kind and programme."""
    from screening.screener import read_lists

    found = read_lists(snapshot)
    if as_json:
        typer.echo(json.dumps(found.summary(), ensure_ascii=False, indent=2, default=str))
    else:
        _show(found, typer.echo)


Settings = Annotated[
    Path | None, typer.Option("--settings", help="A YAML file that adds sources, or overrides those known.")
]
Store = Annotated[
    Path | None, typer.Option("--store", help="The folder of fetched lists. Default: `lists` in SCREENING_HOME.")
]


@lists_app.command("sources")
def lists_sources(
    settings: Settings = None,
    store: Store = None,
    rules: Rules = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print them as JSON.")] = False,
) -> None:
    """Tell which lists can be fetched and from where, and which version of each is in force."""
    from screening.lists import sources
    from screening.lists.versions import Shelf
    from screening.tables import rules_folder

    catalogue = sources.load(rules or rules_folder(), settings, os.environ)
    in_force = {feed.id: Shelf(store or _home() / "lists", feed.id).manifest() for feed in catalogue.feeds}
    if as_json:
        found = [{**feed.record(), "in_force": in_force[feed.id].record()} for feed in catalogue.feeds]
        typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    for feed in catalogue.feeds:
        state = "" if feed.in_use else "not in use"
        state = state or (f"not fetched: {feed.missing} holds no token" if feed.missing else "in use")
        typer.echo(f"{feed.id:<14} {feed.issuer}\n{'':<14} {feed.list}, {feed.format}, {state}")
        for address in feed.files:
            typer.echo(f"{'':<14} {address.told} ({feed.status})")
        typer.echo(f"{'':<14} {in_force[feed.id].told}")


@lists_app.command("fetch")
def lists_fetch(
    names: Annotated[
        list[str] | None, typer.Argument(help="Sources to ask. Default: all in use.", show_default=False)
    ] = None,
    settings: Settings = None,
    store: Store = None,
    accept: Annotated[
        list[str] | None,
        typer.Option(help="A source whose new list you have looked at: take it, however much it differs."),
    ] = None,
    rules: Rules = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON.")] = False,
) -> None:
    """Get the lists from their issuers; what fails a check does not replace the list in force.

    Exit codes: 0 every list is in force and young enough, also where a download failed; 2 a list is missing, or was
    not confirmed by its issuer for longer than allowed.
    """
    from screening.errors import ListFileError
    from screening.lists import fetch, inforce, sources, versions
    from screening.tables import rules_folder

    folder, now = store or _home() / "lists", datetime.now(UTC)
    catalogue = sources.load(rules or rules_folder(), settings, os.environ)
    feeds = catalogue.named([*(names or ()), *(accept or ())])
    with versions.locked(folder):
        outcomes = []
        for outcome in fetch.fetch(feeds, folder, _network(), now, accept or ()):
            _say(outcome.told)
            outcomes.append(outcome)
        missing = [one.feed.id for one in outcomes if one.state == fetch.MISSING]
        fault = f"{', '.join(missing)} cannot be screened against; the lists used so far stay" if missing else ""
        combined = None if missing else inforce.combine(catalogue, folder)
        if combined:
            _index(combined.snapshot, combined.folder, rules)
            _remember(combined.folder)
            fault = inforce.age_fault(catalogue, combined, now.date())
            _say(f"{len(combined.snapshot.entries):,} entries in force: {combined.folder}")
    if as_json:
        whole = {
            "sources": [one.record() for one in outcomes],
            "fault": fault or None,
            "snapshot": str(combined.folder) if combined else None,
            "digest": combined.snapshot.digest if combined else None,
        }
        typer.echo(json.dumps(whole, ensure_ascii=False, indent=2))
    if fault:
        raise ListFileError(fault, at="lists fetch")


def _network() -> Network:
    """Proxies and certificates as the environment names them, in the variables that curl reads too."""
    from importlib import metadata

    from screening.lists.download import Network

    def named(*variables: str) -> str:
        return next((os.environ[name] for name in variables if os.environ.get(name)), "")

    return Network(
        https_proxy=named("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"),
        http_proxy=named("http_proxy", "all_proxy", "ALL_PROXY"),
        no_proxy=named("no_proxy", "NO_PROXY"),
        ca_file=named("SSL_CERT_FILE", "CURL_CA_BUNDLE"),
        agent=f"sanctions-screening/{metadata.version('sanctions-screening')}",
    )


@lists_app.command("diff")
def lists_diff(
    before: Annotated[Path, typer.Argument(help="A snapshot, or official list files.", show_default=False)],
    after: Annotated[Path, typer.Argument(help="The later one.", show_default=False)],
    as_json: Annotated[bool, typer.Option("--json", help="Print the changes as JSON.")] = False,
) -> None:
    """Tell which entries were added, removed and changed between two snapshots, and in what."""
    from screening.lists import open_lists
    from screening.lists.diff import diff

    difference = diff(open_lists(before), open_lists(after))
    if as_json:
        typer.echo(json.dumps(difference.record(), ensure_ascii=False, indent=2))
    else:
        typer.echo("\n".join(difference.words()))


def _index(snapshot: Snapshot, folder: Path, rules: Path | None) -> None:
    """Keeps the matching index beside a snapshot, so that the first run need not build it."""
    from screening.lists.snapshot import INDEX
    from screening.matching.screen import Matcher
    from screening.matching.settings import Settings
    from screening.tables import rules_folder

    Matcher(snapshot, Settings.load(rules or rules_folder()), folder / INDEX)


def _show(snapshot: Snapshot, say: Callable[[str], None] | None = None) -> None:
    say = say or _say
    summary = snapshot.summary()
    say(f"{summary['entries']:,} entries, {summary['names']:,} names, digest {summary['digest'][:16]}")
    for source in summary["by_source"]:
        published = source["published"] or "day of publication not stated"
        say(f"{source['entries']:>9,}  {source['list']}  {source['format']}, {published}, {', '.join(source['files'])}")
    for title, counts in (("kinds", summary["by_kind"]), ("programmes", summary["by_programme"])):
        say(f"{title}: " + ", ".join(f"{name} {count:,}" for name, count in counts.items()))
    for note in summary["notes"]:
        say(f"Note: {note}")


@rules_app.command("list")
def rules_list(
    on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only rules in force on this day.")] = None,
    rules: Rules = None,
) -> None:
    """List the rules: id, decision, severity, days in force, title."""
    from screening.rulebook import packs
    from screening.tables import rules_folder

    book = packs.load(rules or rules_folder())
    for rule in book.on(on.date()) if on else book.rules:
        days = f"{rule.since} to {rule.until or 'now'}"
        decision = "lift" if rule.lifts is not None else rule.decision.value
        typer.echo(f"{rule.id:<26} {decision:<19} {rule.severity.value:<9} {days:<25} {rule.title}")


@rules_app.command("show")
def rules_show(
    rule_id: str, on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])] = None, rules: Rules = None
) -> None:
    """Show one rule: the law it rests on, what it reads, its figures on a day, its cases."""
    from screening.errors import UsageError
    from screening.rulebook import packs
    from screening.rulebook.facts import FACTS
    from screening.rulebook.rule import facts_of, figures_of
    from screening.tables import rules_folder

    book = packs.load(rules or rules_folder())
    rule = next((r for r in book.rules if r.id == rule_id), None)
    if rule is None:
        raise UsageError(f"there is no rule {rule_id!r}; `screening rules list` names them", at="rules show")
    decision = "lift" if rule.lifts is not None else rule.decision.value
    typer.echo(f"{rule.id}: {rule.title}\n{decision}, severity {rule.severity.value}, regime {rule.regime}")
    typer.echo(f"In force from {rule.since}" + (f" to {rule.until}" if rule.until else ""))
    for citation in rule.citations:
        typer.echo(f"Law: {citation.text} ({citation.status})")
    if rule.lifts is not None:
        lifted = f"what the fact {rule.lifts} names" if isinstance(rule.lifts, str) else ", ".join(rule.lifts)
        typer.echo(f"Lifts: {lifted}")
    typer.echo("When:")
    for condition in rule.when:
        typer.echo(f"  {condition}")
    for name in figures_of(rule, book.parameters):
        value = book.parameters[name].on(on.date() if on else date.today())
        told = f"{value.value:g} {book.parameters[name].unit} ({value.citation.text})" if value else "none in force"
        typer.echo(f"  ${name}: {told}")
    typer.echo("Reads:")
    for name in dict.fromkeys(name for c in rule.when for name in facts_of(c)):
        typer.echo(f"  {name}: {FACTS[name].meaning}")
    typer.echo(f"Fires wrongly when: {rule.false_positives}\nCases:")
    for case in rule.cases:
        typer.echo(f"  {case.day}  {case.fires:<6}  {case.name}")


@rules_app.command("check")
def rules_check(rules: Rules = None) -> None:
    """Read all packs and tell everything that cannot be trusted, with file and line; exit code 2 where there is any."""
    from screening.enrich import Enricher
    from screening.matching.settings import Settings
    from screening.rulebook import packs
    from screening.rulebook.decide import Judge
    from screening.tables import rules_folder

    folder = rules or rules_folder()
    faults = packs.lint(folder) if folder.is_dir() else []
    for fault in faults:
        _say(f"screening: {fault}")
    if faults:
        raise typer.Exit(EXIT_UNUSABLE)
    book = packs.load(folder)
    Judge(book).close()
    Enricher.load(folder)
    Settings.load(folder)
    typer.echo(f"{len(book.rules)} rules in {len(book.packs)} packs are sound (version {book.digest[:16]})")


@rules_app.command("diff")
def rules_diff(
    before: Annotated[Path, typer.Argument(help="The results of a run, as with the old rules.", show_default=False)],
    after: Annotated[Path, typer.Argument(help="The results of another, as with the new.", show_default=False)],
) -> None:
    """Tell which decisions differ between two results and which rules made it so; exit code 1 where any does."""
    from screening.compare import changes

    found = list(changes(before, after))
    for change in found:
        typer.echo(str(change))
    decisions = sum(change.before != change.after for change in found)
    typer.echo(f"{len(found):,} records differ, {decisions:,} of them in the decision")
    raise typer.Exit(EXIT_FOUND if found else EXIT_BELOW)


@rules_app.command("test")
def rules_test(rules: Rules = None) -> None:
    """Run the cases inside the rule files; exit code 1 where one does not hold."""
    from screening.rulebook import cases, packs
    from screening.tables import rules_folder

    verdicts = cases.run(packs.load(rules or rules_folder()))
    failed = [verdict for verdict in verdicts if not verdict.holds]
    for verdict in failed:
        typer.echo(f"{verdict.rule.path}: {verdict.case.name!r} expects {verdict.case.fires}, got {verdict.got}")
    typer.echo(f"{len(verdicts) - len(failed)} of {len(verdicts)} cases hold")
    raise typer.Exit(EXIT_FOUND if failed else EXIT_BELOW)


# ---------------------------------------------------------------- what the machine knows
def _home() -> Path:
    data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(os.environ.get("SCREENING_HOME") or Path(data) / "screening")


def _remember(snapshot: Path) -> None:
    """Make a snapshot the one that runs use when none is named."""
    from screening.errors import ListFileError
    from screening.lists.versions import write_whole

    try:
        _home().mkdir(parents=True, exist_ok=True)
        write_whole(_home() / "current", str(snapshot.resolve()))
    except OSError as error:
        raise ListFileError(
            f"the snapshot is built, but cannot be made the default ({error.strerror})", at=_home()
        ) from error


def _chosen_lists(given: Path | None) -> Path | None:
    """The lists named, else the snapshot last built; None where there is neither."""
    if given is not None:
        return given
    try:
        last = Path((_home() / "current").read_text(encoding="utf-8"))
    except OSError:
        return None
    return last


def _named(text: str, option: str) -> list[str]:
    """The words of an option that must name something."""
    from screening.errors import UsageError

    if not _words(text):
        raise UsageError("names nothing; leave the option out for the default", at=option)
    return _words(text)


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _say(text: str) -> None:
    typer.echo(text, err=True)


@contextmanager
def _progress(quiet: bool, timings: dict[str, float]) -> Iterator[Callable[[str, int], None]]:
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
    with Progress(*columns, console=console, transient=True, disable=not shown) as progress:
        tasks: dict[str, Any] = {}

        def tell(stage: str, rows: int) -> None:
            nonlocal clock
            now = time.perf_counter()
            timings[stage] = timings.get(stage, 0.0) + now - clock
            clock = now
            if stage not in tasks:
                tasks[stage] = progress.add_task(stage, total=None)
            progress.advance(tasks[stage], rows)

        yield tell


def main() -> None:
    """Run a command; whatever goes wrong ends in one sentence and exit code 2, an interruption in 130."""
    from screening.errors import ScreeningError

    try:
        app()
    except ScreeningError as error:
        _say(f"screening: {error}")
        sys.exit(EXIT_UNUSABLE)
    except KeyboardInterrupt:
        sys.exit(EXIT_INTERRUPTED)
    except Exception as error:
        _say(f"screening: a fault of the program, nothing was written: {type(error).__name__}: {error}")
        if os.environ.get("SCREENING_DEBUG"):
            raise
        sys.exit(EXIT_UNUSABLE)
