"""The commands about official lists: build, show, sources, fetch, diff."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from screening.cli import home, log, telling
from screening.cli.exits import EXIT_BELOW
from screening.cli.options import LogJson, Rules
from screening.cli.telling import say

if TYPE_CHECKING:
    from screening.lists import Snapshot
    from screening.lists.download import Network

app = typer.Typer(help="Fetch, build, show and compare lists.", no_args_is_help=True, rich_markup_mode=None)

Settings = Annotated[
    Path | None, typer.Option("--settings", help="A YAML file that adds sources, or overrides those known.")
]
Store = Annotated[
    Path | None, typer.Option("--store", help="The folder of fetched lists. Default: `lists` in SCREENING_HOME.")
]


@app.command("build")
def build(
    paths: Annotated[list[Path], typer.Argument(help="Official list files, or folders of them.", show_default=False)],
    out: Annotated[Path, typer.Option("--out", help="The folder for the snapshot.")],
    rules: Rules = None,
) -> None:
    """Compile official list files, recognised by their content, to one snapshot."""
    from screening import lists as official

    snapshot = official.build(paths)
    snapshot.save(out)
    _index(snapshot, out, rules)
    home.remember(out)
    _show(snapshot)


@app.command("show")
def show(
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
        _show(found, telling.show)


@app.command("sources")
def sources(
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
    in_force = {feed.id: Shelf(store or home.folder() / "lists", feed.id).manifest() for feed in catalogue.feeds}
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


@app.command("fetch")
def fetch(
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
    log_json: LogJson = False,
) -> None:
    """Get the lists from their issuers; what fails a check does not replace the list in force.

    Exit codes: 0 every list is in force and young enough, also where a download failed; 2 a list is missing, or was
    not confirmed by its issuer for longer than allowed.
    """
    if log_json:
        log.begin()

    from screening.errors import ListFileError
    from screening.lists import fetch, inforce, sources, versions
    from screening.tables import rules_folder

    folder, now = store or home.folder() / "lists", datetime.now(UTC)
    catalogue = sources.load(rules or rules_folder(), settings, os.environ)
    feeds = catalogue.named([*(names or ()), *(accept or ())])
    with versions.locked(folder):
        outcomes = []
        for outcome in fetch.fetch(feeds, folder, _network(), now, accept or ()):
            level = log.WARNING if outcome.state in (fetch.KEPT, fetch.MISSING) else log.INFO
            about = {key: value for key, value in outcome.record().items() if key != "told"}
            telling.tell(log_json, outcome.told, "list", level, **about)
            outcomes.append(outcome)
        missing = [one.feed.id for one in outcomes if one.state == fetch.MISSING]
        fault = f"{', '.join(missing)} cannot be screened against; the lists used so far stay" if missing else ""
        combined = None if missing else inforce.combine(catalogue, folder)
        if combined:
            _index(combined.snapshot, combined.folder, rules)
            home.remember(combined.folder)
            fault = inforce.age_fault(catalogue, combined, now.date())
            entries = len(combined.snapshot.entries)
            told = f"{entries:,} entries in force: {combined.folder}"
            telling.tell(log_json, told, "in_force", entries=entries, digest=combined.snapshot.digest)
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
    if log_json:
        states = Counter(one.state for one in outcomes)
        log.event("finished", counts=states, exit_code=EXIT_BELOW, folder=str(combined.folder) if combined else None)


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


@app.command("diff")
def diff(
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
        for line in difference.words():
            telling.show(line)


def _index(snapshot: Snapshot, folder: Path, rules: Path | None) -> None:
    """Keeps the matching index beside a snapshot, so that the first run need not build it."""
    from screening.lists.snapshot import INDEX
    from screening.matching.screen import Matcher
    from screening.matching.settings import Settings
    from screening.tables import rules_folder

    Matcher(snapshot, Settings.load(rules or rules_folder()), folder / INDEX)


def _show(snapshot: Snapshot, tell: Callable[[str], None] = say) -> None:
    summary = snapshot.summary()
    tell(f"{summary['entries']:,} entries, {summary['names']:,} names, digest {summary['digest'][:16]}")
    for source in summary["by_source"]:
        published = source["published"] or "day of publication not stated"
        files = ", ".join(source["files"])
        tell(f"{source['entries']:>9,}  {source['list']}  {source['format']}, {published}, {files}")
    for title, counts in (("kinds", summary["by_kind"]), ("programmes", summary["by_programme"])):
        tell(f"{title}: " + ", ".join(f"{name} {count:,}" for name, count in counts.items()))
    for note in summary["notes"]:
        tell(f"Note: {note}")
