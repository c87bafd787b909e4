"""What changed between two snapshots: entries added, removed and changed, and in which fields."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import pandas as pd

from screening.lists.snapshot import Snapshot

_SEPARATED = {"programmes": ";", "measures": ";", "countries": ";", "addresses": "\n", "birth_dates": "\n"}
_SINGLE = ("kind", "listed_on", "delisted_on", "remarks")
FIELDS = ("names", "identifiers", "kind", "listed_on", "delisted_on", *_SEPARATED, "remarks")
_KEY = ["entry_id", "field", "value"]
_EXCERPT = 60


@dataclass(frozen=True, slots=True)
class FieldChange:
    """The values of one field that an entry lost and got; order within a field says nothing and is no change."""

    field: str
    removed: tuple[str, ...]
    added: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EntryChange:
    """An entry that was added or removed, as it stands where it is, or one that changed, as it stands afterwards."""

    entry_id: str
    list: str
    kind: str
    name: str
    programmes: tuple[str, ...]
    listed_on: str
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """From one snapshot to another, entries in the order of their ids; `same` counts those that did not change."""

    before: Snapshot
    after: Snapshot
    added: tuple[EntryChange, ...]
    removed: tuple[EntryChange, ...]
    changed: tuple[EntryChange, ...]
    same: int

    @property
    def touched(self) -> frozenset[str]:
        """The ids of all entries that were added or removed, or changed in any field."""
        return frozenset(one.entry_id for part in (self.added, self.removed, self.changed) for one in part)

    def record(self) -> dict[str, Any]:
        """As JSON tells it."""
        return {
            "before": _side(self.before),
            "after": _side(self.after),
            "counts": {
                "added": len(self.added),
                "removed": len(self.removed),
                "changed": len(self.changed),
                "same": self.same,
                "fields": self._by_field(),
            },
            "added": [_told(one) for one in self.added],
            "removed": [_told(one) for one in self.removed],
            "changed": [{**_told(one), "fields": _told_fields(one)} for one in self.changed],
        }

    def _by_field(self) -> dict[str, int]:
        counts = dict.fromkeys(FIELDS, 0)
        for one in self.changed:
            for change in one.fields:
                counts[change.field] += 1
        return {field: count for field, count in counts.items() if count}

    def words(self) -> Iterator[str]:
        """The same in words, a line at a time."""
        yield f"{_side_words(self.before)} -> {_side_words(self.after)}"
        counts = f"{len(self.added):,} added, {len(self.removed):,} removed, {len(self.changed):,} changed"
        fields = ", ".join(f"{field} {count:,}" for field, count in self._by_field().items())
        yield f"{counts}{f' ({fields})' if fields else ''}, {self.same:,} the same"
        for sign, entries in (("+", self.added), ("-", self.removed)):
            for one in entries:
                listed = f"listed on {one.listed_on}" if one.listed_on else "no listing date"
                yield f"{sign} {one.entry_id}  {one.name}  ({'; '.join((one.kind, *one.programmes, listed))})"
        for one in self.changed:
            yield f"~ {one.entry_id}  {one.name}"
            for change in one.fields:
                yield f"    {change.field}: {_change_words(change)}"


def diff(before: Snapshot, after: Snapshot) -> Difference:
    """What changed from one snapshot to the other; entries are the same where their ids are."""
    old, new = before.entries, after.entries
    added, removed = ~new["entry_id"].isin(old["entry_id"]), ~old["entry_id"].isin(new["entry_id"])
    common = new.loc[~added, "entry_id"]
    changes = _changes(_values(before, common), _values(after, common))
    changed = new[new["entry_id"].isin(list(changes))]
    return Difference(
        before,
        after,
        added=tuple(_entries(new[added], {})),
        removed=tuple(_entries(old[removed], {})),
        changed=tuple(_entries(changed, changes)),
        same=len(common) - len(changes),
    )


def _values(snapshot: Snapshot, ids: pd.Series[Any]) -> pd.DataFrame:
    """Every value of these entries on a row of its own: entry_id, field, value."""
    entries = snapshot.entries
    parts = []
    for field, separator in _SEPARATED.items():
        values = entries.set_index("entry_id")[field].str.split(separator).explode()
        parts.append(values.rename("value").reset_index().assign(field=field))
    for field in _SINGLE:
        values = entries[field].astype("str").fillna("").replace("NaT", "")
        parts.append(pd.DataFrame({"entry_id": entries["entry_id"], "value": values, "field": field}))
    for field, frame, first, second in (
        ("names", snapshot.names, "text", "strength"),
        ("identifiers", snapshot.identifiers, "value", "type"),
    ):
        owners = entries["entry_id"].take(frame["entry"].to_numpy()).to_numpy()
        parts.append(
            pd.DataFrame({"entry_id": owners, "value": frame[first] + " (" + frame[second] + ")", "field": field})
        )
    whole = pd.concat([part[_KEY] for part in parts], ignore_index=True)
    return whole[(whole["value"] != "") & whole["entry_id"].isin(ids)].drop_duplicates()


def _changes(old: pd.DataFrame, new: pd.DataFrame) -> dict[str, tuple[FieldChange, ...]]:
    """By entry what it lost and got, fields in the order of FIELDS."""
    both = old.merge(new, on=_KEY, how="outer", indicator=True)
    moved = both[both["_merge"] != "both"]
    moved = moved.assign(rank=moved["field"].map({field: rank for rank, field in enumerate(FIELDS)}))
    moved = moved.sort_values(["entry_id", "rank", "value"], kind="stable")
    rows = zip(moved["entry_id"], moved["field"], moved["value"], moved["_merge"] == "right_only", strict=True)
    found: dict[str, tuple[FieldChange, ...]] = {}
    for (entry_id, field), group in groupby(rows, key=lambda row: row[:2]):
        values = [(value, is_new) for _, _, value, is_new in group]
        change = FieldChange(
            field,
            removed=tuple(value for value, is_new in values if not is_new),
            added=tuple(value for value, is_new in values if is_new),
        )
        found[entry_id] = (*found.get(entry_id, ()), change)
    return found


def _entries(rows: pd.DataFrame, changes: dict[str, tuple[FieldChange, ...]]) -> Iterator[EntryChange]:
    days = rows["listed_on"].dt.strftime("%Y-%m-%d").fillna("")
    columns = (rows["entry_id"], rows["list"], rows["kind"], rows["name"], rows["programmes"], days)
    for entry_id, code, kind, name, programmes, day in zip(*columns, strict=True):
        yield EntryChange(
            entry_id, code, kind, name, tuple(p for p in programmes.split(";") if p), day, changes.get(entry_id, ())
        )


def _told(one: EntryChange) -> dict[str, Any]:
    return {
        "entry_id": one.entry_id,
        "list": one.list,
        "kind": one.kind,
        "name": one.name,
        "programmes": list(one.programmes),
        "listed_on": one.listed_on or None,
    }


def _told_fields(one: EntryChange) -> dict[str, dict[str, list[str]]]:
    return {change.field: {"removed": list(change.removed), "added": list(change.added)} for change in one.fields}


def _side(snapshot: Snapshot) -> dict[str, Any]:
    summary = snapshot.summary()
    return {key: summary[key] for key in ("name", "digest", "entries", "by_list", "by_source")}


def _side_words(snapshot: Snapshot) -> str:
    sources = ", ".join(
        f"{source.list} {source.published or 'of unknown day'} ({source.entries:,} entries)"
        for source in snapshot.sources
    )
    return sources or snapshot.name


def _change_words(change: FieldChange) -> str:
    if len(change.removed) == len(change.added) == 1:
        return " -> ".join(f'"{text}"' for text in _excerpts(change.removed[0], change.added[0]))
    gone = [f'- "{value}"' for value in change.removed]
    return ", ".join([*gone, *(f'+ "{value}"' for value in change.added)])


def _excerpts(old: str, new: str) -> tuple[str, str]:
    """Where two long texts differ, a little of what stands before and after it in both."""
    if max(len(old), len(new)) <= 2 * _EXCERPT:
        return old, new
    start = next((at for at, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    rest = min(len(old), len(new)) - start
    pairs = zip(reversed(old), reversed(new), strict=False)
    end = next((at for at, (a, b) in enumerate(pairs) if a != b or at >= rest), rest)
    return _around(old, start, len(old) - end), _around(new, start, len(new) - end)


def _around(text: str, start: int, end: int) -> str:
    first, last = max(0, start - _EXCERPT // 3), min(len(text), end + _EXCERPT // 3)
    return f"{'…' if first else ''}{text[first:last]}{'…' if last < len(text) else ''}"
