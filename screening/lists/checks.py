"""What a download must be like to come into force: the list it should be, young enough, a likely successor."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

from screening.errors import ListFileError
from screening.lists import Snapshot, build
from screening.lists.sources import Feed
from screening.lists.versions import StoredFile, Version, digest_of

_STATED = ("programmes", "measures", "countries", "addresses", "birth_dates")


def read(files: tuple[StoredFile, ...], fresh: Path, at: datetime) -> Version:
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
        counts=_counts(snapshot),
        published=published,
        dated_by="file" if dated else "server" if published else "",
        fetched=at.astimezone(UTC).isoformat(timespec="seconds"),
        files=files,
    )


def _counts(snapshot: Snapshot) -> dict[str, int]:
    entries = snapshot.entries
    stated = {f"entries with {column}": int((entries[column] != "").sum()) for column in _STATED}
    days = {"entries with a listing date": int(entries["listed_on"].notna().sum())}
    return {"names": len(snapshot.names), "numbers": len(snapshot.identifiers), **stated, **days}


def _served(files: tuple[StoredFile, ...]) -> date | None:
    """The day of the server's Last-Modified, the oldest of a set; None where it does not say it of every file."""
    days = []
    for file in files:
        try:
            days.append(parsedate_to_datetime(file.last_modified).astimezone(UTC).date())
        except (ValueError, OverflowError):
            return None
    return min(days)


def check(feed: Feed, version: Version, today: date) -> None:
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


def compare(feed: Feed, version: Version, current: Version) -> None:
    """The download is a likely successor of the list in force."""
    limits, look = feed.limits, f"look at it with `lists diff` and take it with `--accept {feed.id}`"
    change = version.entries - current.entries
    share = limits.may_shrink if change < 0 else limits.may_grow
    if abs(change) > max(share * current.entries, limits.may_change_entries):
        word = "shrank" if change < 0 else "grew"
        raise ListFileError(
            f"{word} from {current.entries:,} to {version.entries:,} entries, more than the {share:.0%} allowed; {look}"
        )
    for what, before in current.counts.items():
        now = version.counts.get(what, 0)
        if before - now > max(limits.may_shrink * before, limits.may_change_entries):
            allowed = f"more than the {limits.may_shrink:.0%} allowed"
            raise ListFileError(f"shrank from {before:,} to {now:,} {what}, {allowed}; {look}")
    if version.published and current.published and version.published < current.published:
        raise ListFileError(f"was published on {version.published}, before the one in force; {look}")
