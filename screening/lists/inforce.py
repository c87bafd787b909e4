"""The lists in force, as one snapshot that runs use."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from dataclasses import dataclass, replace
from datetime import date
from importlib import metadata
from pathlib import Path

from screening.errors import ListFileError
from screening.lists import Snapshot, age, build
from screening.lists.snapshot import FORMAT_VERSION
from screening.lists.sources import Catalogue, Feed
from screening.lists.versions import Shelf, Version


@dataclass(frozen=True, slots=True)
class Combined:
    """The lists in force as one snapshot in a folder; `fresh` where it was compiled just now."""

    snapshot: Snapshot
    folder: Path
    fresh: bool
    confirmed: dict[str, date]


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
            name=", ".join(f"{feed.id} of {version.day}" for feed, version in in_force.items()),
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
    others = [path for path in current.parent.iterdir() if path.is_dir() and path != current]
    half = [path for path in others if path.name.startswith(".")]  # left behind by a fetch that was killed
    whole = sorted(set(others) - set(half), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in (*half, *whole[keep - 1 :]):
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
