"""Gets the lists from their issuers; what fails a check does not replace the list in force."""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from screening.errors import ListFileError
from screening.lists import checks
from screening.lists.download import Network, Validators, download
from screening.lists.sources import Feed
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
                outcome = _got(feed, shelf, network, at, accepted, current, fresh)
                return replace(outcome, told=f"{outcome.told}{changed}")
            except ListFileError as error:
                raise ListFileError(str(error).replace(f"{fresh}{os.sep}", "")) from error
    except (ListFileError, OSError) as error:
        fault = f"{error.strerror}: {error.filename}" if isinstance(error, OSError) else str(error)
    if current is None:
        return Outcome(feed, MISSING, None, f"{feed.id}: there is no list in force: {fault}{changed}")
    return Outcome(feed, KEPT, current, f"{feed.id}: the list of {current.day} stays in force: {fault}")


def _got(
    feed: Feed, shelf: Shelf, network: Network, at: datetime, accepted: bool, current: Version | None, fresh: Path
) -> Outcome:
    if feed.missing:
        raise ListFileError(f"{feed.missing} holds no token")
    files = _files(feed, shelf, network, current, fresh)
    if current is not None and (files is None or digest_of(files) == current.sha256):
        shelf.confirm(files or current.files, at.date())
        told = f"{feed.id}: unchanged, the list of {current.day} with {current.entries:,} entries"
        return Outcome(feed, UNCHANGED, current, told)
    assert files is not None  # only the files of a list in force can be unchanged
    try:
        version = checks.read(files, fresh, at)
        checks.check(feed, version, at.date())
        if current is not None and not accepted:
            checks.compare(feed, version, current)
    except ListFileError as error:
        page = next((file.name for file in files if _is_web_page(fresh / file.name)), "")
        reason = f"{page} is a web page, not a list" if page else str(error).replace(f"{fresh}{os.sep}", "")
        raise ListFileError(f"{reason} (kept in {shelf.refuse(fresh)})") from error
    shelf.accept(fresh, version, at.date())
    before = f", {version.entries - current.entries:+,} to that of {current.day}" if current else ""
    told = f"{feed.id}: new, the list of {version.day} with {version.entries:,} entries{before}"
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


def _is_web_page(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(256).lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_WEB_PAGE)
