"""Gets the lists from their issuers; what fails a check does not replace the list in force."""

from __future__ import annotations

import hashlib
import json
import math
import os
import shutil
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from screening.errors import ListFileError
from screening.lists import Snapshot, age, build
from screening.lists.download import Network, Validators, download
from screening.lists.snapshot import FORMAT_VERSION
from screening.lists.sources import Catalogue, Feed
from screening.lists.versions import Shelf, StoredFile, Version, digest_of

NEW, UNCHANGED, KEPT, MISSING, LEFT_OUT = "new", "unchanged", "kept", "missing", "left_out"
_WEB_PAGE = (b"<!doctype html", b"<html")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one feed.

    Args:
        state: new or unchanged; kept where the download failed and the list before it stays in force; missing where
            there is none before it; left_out where it was not asked for want of a token.
        version: the version in force now.
        told: the same in one sentence.
    """

    feed: Feed
    state: str
    version: Version | None
    told: str

    def record(self) -> dict[str, Any]:
        """As JSON tells it."""
        version = self.version
        return {
            "source": self.feed.id,
            "list": self.feed.list,
            "state": self.state,
            "told": self.told,
            "version": version.name if version else None,
            "published": version.published.isoformat() if version and version.published else None,
            "sha256": version.sha256 if version else None,
            "entries": version.entries if version else None,
        }


@dataclass(frozen=True, slots=True)
class Combined:
    """The lists in force as one snapshot in a folder; `fresh` where it was compiled just now."""

    snapshot: Snapshot
    folder: Path
    fresh: bool
    confirmed: dict[str, date]


def fetch(
    feeds: Iterable[Feed], store: Path, network: Network, at: datetime, accepted: Collection[str] = ()
) -> Iterator[Outcome]:
    """Asks for each feed and puts in force what passes its checks.

    Args:
        at: the present.
        accepted: feeds whose new list a person has looked at: it may differ from the one in force by any measure.
    """
    for feed in feeds:
        yield _one(feed, Shelf(store, feed.id), network, at, feed.id in accepted)


def _one(feed: Feed, shelf: Shelf, network: Network, at: datetime, accepted: bool) -> Outcome:
    current = shelf.manifest().current
    if feed.missing and current is None:
        return Outcome(feed, LEFT_OUT, None, f"{feed.id}: left out, {feed.missing} holds no token. {feed.note}".strip())
    if current is not None and not shelf.sound(current):
        changed, current = f"; {current.name} was changed since it was fetched and is not used", None
    else:
        changed = ""
    try:
        with shelf.workspace() as fresh:
            try:
                return _got(feed, shelf, network, at, accepted, current, fresh)
            except ListFileError as error:
                raise ListFileError(str(error).replace(f"{fresh}{os.sep}", "")) from error
    except (ListFileError, OSError) as error:
        fault = f"{error.strerror}: {error.filename}" if isinstance(error, OSError) else str(error)
    if current is None:
        return Outcome(feed, MISSING, None, f"{feed.id}: there is no list in force: {fault}{changed}")
    return Outcome(feed, KEPT, current, f"{feed.id}: the list of {_day(current)} stays in force: {fault}")


def _got(
    feed: Feed, shelf: Shelf, network: Network, at: datetime, accepted: bool, current: Version | None, fresh: Path
) -> Outcome:
    if feed.missing:
        raise ListFileError(f"{feed.missing} holds no token")
    files = _files(feed, shelf, network, current, fresh)
    if current is not None and (files is None or digest_of(files) == current.sha256):
        shelf.confirm(files or current.files, at.date())
        told = f"{feed.id}: unchanged, the list of {_day(current)} with {current.entries:,} entries"
        return Outcome(feed, UNCHANGED, current, told)
    assert files is not None  # only the files of a list in force can be unchanged
    try:
        version = _version(feed, files, fresh, at)
        _check(feed, version, at.date())
        if current is not None and not accepted:
            _compare(feed, version, current)
    except ListFileError as error:
        page = next((file.name for file in files if _is_web_page(fresh / file.name)), "")
        reason = f"{page} is a web page, not a list" if page else str(error).replace(f"{fresh}{os.sep}", "")
        raise ListFileError(f"{reason} (kept in {shelf.refuse(fresh)})") from error
    shelf.accept(fresh, version, at.date())
    before = f", {version.entries - current.entries:+,} to that of {_day(current)}" if current else ""
    told = f"{feed.id}: new, the list of {_day(version)} with {version.entries:,} entries{before}"
    return Outcome(feed, NEW, version, f"{told}, SHA-256 {version.sha256[:16]}")


def _files(
    feed: Feed, shelf: Shelf, network: Network, current: Version | None, fresh: Path
) -> tuple[StoredFile, ...] | None:
    """The feed's files, in `fresh`; None where the server says that none has changed."""
    fresh.mkdir()
    held = {(file.name, file.key): file for file in current.files} if current else {}
    files, changed = [], False
    for address in feed.files:
        before = held.get((address.name, address.key))
        validators = before.validators if before else Validators()
        target = fresh / address.name
        got = download(address.url, target, feed.limits, network, validators, feed.redirect_hosts)
        if got is None:
            assert before is not None and current is not None  # a server may answer 304 only to validators
            shutil.copyfile(shelf.path(current) / before.name, target)
            files.append(before)
        else:
            changed = True
            files.append(
                StoredFile(
                    address.name, got.sha256, got.bytes, address.told, address.key,
                    got.validators.etag, got.validators.last_modified,
                )
            )  # fmt: skip
    return tuple(files) if changed or len(files) != len(held) else None


def _version(feed: Feed, files: tuple[StoredFile, ...], fresh: Path, at: datetime) -> Version:
    """The download read as a list.

    Raises:
        ListFileError: it cannot be read as a whole.
    """
    snapshot = build([fresh])
    stated = [source.published for source in snapshot.sources]
    dated = min((day for day in stated if day), default=None) if all(stated) else None
    published = dated or _served(files)
    sha256 = digest_of(files)
    return Version(
        name=f"{published or 'undated'}_{sha256[:16]}",
        sha256=sha256,
        list=";".join(sorted({code for source in snapshot.sources for code in source.list.split(";")})),
        format=";".join(sorted({source.format for source in snapshot.sources})),
        entries=len(snapshot.entries),
        published=published,
        dated_by="file" if dated else "server" if published else "",
        fetched=at.astimezone(UTC).isoformat(timespec="seconds"),
        files=files,
    )


def _served(files: tuple[StoredFile, ...]) -> date | None:
    """The day of the server's Last-Modified, the oldest of a set; None where it does not say it of every file."""
    days = []
    for file in files:
        try:
            days.append(parsedate_to_datetime(file.last_modified).astimezone(UTC).date())
        except (ValueError, OverflowError):
            return None
    return min(days)


def _check(feed: Feed, version: Version, today: date) -> None:
    """The download is the list it should be, and not too old."""
    limits = feed.limits
    if version.format != feed.format:
        raise ListFileError(f"has the format {version.format}, not {feed.format}")
    if version.list != feed.list:
        raise ListFileError(f"holds the list {version.list}, not {feed.list}")
    if version.entries < limits.least_entries:
        raise ListFileError(f"holds {version.entries:,} entries, and {limits.least_entries:,.0f} are the least")
    if version.published is None:
        if limits.max_age_days != math.inf:
            raise ListFileError("states no day of publication, nor does the server, so that its age is not known")
        return
    days = (today - version.published).days
    if days > limits.max_age_days:
        allowed = f"{limits.max_age_days:g} are allowed"
        raise ListFileError(f"was published on {version.published}, {days} days ago; {allowed}")
    if -days > limits.may_be_ahead_days:
        raise ListFileError(f"states that it was published on {version.published}, which is still to come")


def _compare(feed: Feed, version: Version, current: Version) -> None:
    """The download is a likely successor of the list in force."""
    limits, look = feed.limits, f"look at it with `lists diff` and take it with `--accept {feed.id}`"
    change = version.entries - current.entries
    share = limits.may_shrink if change < 0 else limits.may_grow
    if abs(change) > max(share * current.entries, limits.may_change_entries):
        word = "shrank" if change < 0 else "grew"
        raise ListFileError(
            f"{word} from {current.entries:,} to {version.entries:,} entries, more than the {share:.0%} allowed; {look}"
        )
    if version.published and current.published and version.published < current.published:
        raise ListFileError(f"was published on {version.published}, before the one in force; {look}")


def _is_web_page(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(256).lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_WEB_PAGE)


def _day(version: Version) -> str:
    return str(version.published) if version.published else f"unknown day fetched on {version.fetched[:10]}"


def combine(catalogue: Catalogue, store: Path) -> Combined:
    """The lists in force as one snapshot under the store, compiled where it is not there yet.

    Raises:
        ListFileError: none is in force, one was changed since it was fetched, or they do not go together.
    """
    shelves = {feed: Shelf(store, feed.id) for feed in catalogue.in_use}
    manifests = {feed: shelf.manifest() for feed, shelf in shelves.items()}
    in_force = {feed: version for feed, manifest in manifests.items() if (version := manifest.current)}
    if not in_force:
        raise ListFileError("no list is in force", at=store)
    notes = [
        f"{feed.id} is not among these lists: "
        + (f"{feed.missing} holds no token" if feed.missing else "it was not fetched")
        for feed in catalogue.in_use
        if feed not in in_force
    ]
    confirmed = {
        code: day
        for feed in in_force
        if (day := manifests[feed].confirmed)
        for code in {feed.list, *feed.codes}
    }
    folder = store / "snapshots" / _key(in_force, notes)
    snapshot = _saved(folder)
    if fresh := snapshot is None:
        for feed, version in in_force.items():
            if not shelves[feed].sound(version):
                raise ListFileError("was changed since it was fetched; fetch it again", at=shelves[feed].path(version))
        built = build(
            [shelves[feed].path(version) for feed, version in in_force.items()],
            name=", ".join(f"{feed.id} of {_day(version)}" for feed, version in in_force.items()),
            published={code: version.published for feed, version in in_force.items() if version.published
                       for code in {feed.list, *feed.codes}},
        )  # fmt: skip
        snapshot = replace(built, notes=tuple(sorted((*built.notes, *notes))))
        snapshot.save(folder)
    age.confirm(folder, confirmed)
    os.utime(folder)
    _prune(folder, int(catalogue.limits.keep_snapshots))
    assert snapshot is not None
    return Combined(snapshot, folder, fresh, confirmed)


def _key(in_force: dict[Feed, Version], notes: list[str]) -> str:
    versions = [(feed.id, version.sha256, str(version.published)) for feed, version in in_force.items()]
    whole = json.dumps([sorted(versions), sorted(notes), metadata.version("sanctions-screening"), FORMAT_VERSION])
    return hashlib.sha256(whole.encode()).hexdigest()[:16]


def _saved(folder: Path) -> Snapshot | None:
    try:
        return Snapshot.load(folder)
    except ListFileError:
        return None


def _prune(current: Path, keep: int) -> None:
    """Older snapshots go, for they can be compiled again; the lists as published stay."""
    others = (path for path in current.parent.iterdir() if path.is_dir() and path != current)
    for path in sorted(others, key=lambda path: path.stat().st_mtime, reverse=True)[keep - 1 :]:
        shutil.rmtree(path, ignore_errors=True)


def age_fault(catalogue: Catalogue, combined: Combined, today: date) -> str:
    """Which lists in force were not confirmed for too long, or were published too long ago; empty where none."""
    limits = {code: feed.limits for feed in catalogue.in_use for code in {feed.list, *feed.codes}}
    unconfirmed = {code: own.max_unconfirmed_days for code, own in limits.items()}
    old = {code: own.max_age_days for code, own in limits.items()}
    faults = (
        age.age_fault(combined.snapshot, unconfirmed, today, combined.confirmed),
        age.age_fault(combined.snapshot, old, today),
    )
    return ", ".join(dict.fromkeys(fault for fault in faults if fault))
