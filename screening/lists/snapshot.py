"""The lists compiled to frames: saved whole, shared between processes, the same lists always of the same digest."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from screening.errors import ListFileError
from screening.lists.files import legible
from screening.model import Entry, Identifier, Kind, ListedName, Source, Strength

FORMAT_VERSION = 1
ENTRY_COLUMNS = (
    "entry_id", "list", "authority", "kind", "name", "programmes", "measures", "countries", "addresses", "birth_dates",
    "listed_on", "delisted_on", "remarks",
)  # fmt: skip
NAME_COLUMNS = ("entry", "text", "strength")
IDENTIFIER_COLUMNS = ("entry", "type", "value")
_FRAMES = {"entries": ENTRY_COLUMNS, "names": NAME_COLUMNS, "identifiers": IDENTIFIER_COLUMNS}
_DAYS = ("listed_on", "delisted_on")
_LINES = ("addresses", "birth_dates")  # joined by line breaks: addresses contain semicolons
_INDEX = "snapshot.json"
INDEX, RUNS = "index", "runs"  # folders beside the tables: the index of the names, and what runs worked out


def is_snapshot(path: Path) -> bool:
    """Whether a snapshot was built there."""
    return (path / _INDEX).is_file()


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """All entries of all lists that a run screens against.

    Args:
        entries: one row per entry, ordered by entry_id; programmes, measures and countries have ';' between, addresses
            and birth dates a line break; days are NaT where the list gives none.
        names: one row per name, ordered by entry, the primary name first; `entry` is a row of entries.
        identifiers: one row per number; upper case, no blanks.
        digest: SHA-256 over the content; the same lists give the same digest, whatever the order of the files.
        name: what reports call it.
        notes: what was left aside or deserves a word, one sentence each.
    """

    entries: pd.DataFrame
    names: pd.DataFrame
    identifiers: pd.DataFrame
    sources: tuple[Source, ...]
    digest: str
    name: str = ""
    notes: tuple[str, ...] = ()

    def entry(self, position: int) -> Entry:
        """The entry in a row of `entries`, with its names and identifiers."""
        row = self.entries.iloc[position]
        own_names = self.names.iloc[_slice(self.names, position)]
        own_identifiers = self.identifiers.iloc[_slice(self.identifiers, position)]
        return Entry(
            entry_id=row["entry_id"],
            list=row["list"],
            kind=Kind(row["kind"]),
            names=tuple(
                ListedName(text, Strength(strength))
                for text, strength in zip(own_names["text"], own_names["strength"], strict=True)
            ),
            identifiers=tuple(
                Identifier(kind, value)
                for kind, value in zip(own_identifiers["type"], own_identifiers["value"], strict=True)
            ),
            programmes=_parts(row["programmes"], ";"),
            measures=_parts(row["measures"], ";"),
            countries=_parts(row["countries"], ";"),
            addresses=_parts(row["addresses"], "\n"),
            birth_dates=_parts(row["birth_dates"], "\n"),
            listed_on=_day(row["listed_on"]),
            delisted_on=_day(row["delisted_on"]),
            remarks=row["remarks"],
        )

    def summary(self) -> dict[str, Any]:
        """What the snapshot holds, as JSON tells it: entries in all, by source, list, kind and programme."""
        programmes = self.entries["programmes"].str.split(";").explode()
        return {
            "name": self.name,
            "digest": self.digest,
            "entries": len(self.entries),
            "names": len(self.names),
            "identifiers": len(self.identifiers),
            "by_source": [_source_record(source) for source in self.sources],
            "by_list": _counts(self.entries["list"]),
            "by_kind": _counts(self.entries["kind"]),
            "by_programme": _counts(programmes[programmes != ""]),
            "notes": list(self.notes),
        }

    def save(self, folder: Path) -> None:
        """Writes the snapshot as a folder that stands whole or not at all; an older snapshot there is replaced.

        Raises:
            ListFileError: the folder holds something else, or cannot be written.
        """
        legible(folder)
        if folder.exists() and not (folder / _INDEX).is_file() and (not folder.is_dir() or any(folder.iterdir())):
            raise ListFileError("is no snapshot and is not overwritten; name another folder", at=folder)
        if foreign := _foreign(folder):
            raise ListFileError(
                f"holds {', '.join(foreign[:3])}, which no snapshot has and saving would delete; move it away or name"
                " another folder",
                at=folder,
            )
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as temporary:
                fresh, old = Path(temporary) / "new", Path(temporary) / "old"
                fresh.mkdir()
                hashes = {name: _write(getattr(self, name), fresh / f"{name}.arrow") for name in _FRAMES}
                (fresh / _INDEX).write_text(
                    json.dumps(self._record(hashes), ensure_ascii=False, indent=1), encoding="utf-8"
                )
                if folder.exists():
                    folder.rename(old)
                fresh.rename(folder)
                if (old / RUNS).exists():  # what runs kept, or are at
                    (old / RUNS).rename(folder / RUNS)
                shutil.rmtree(old, ignore_errors=True)
        except OSError as error:
            raise ListFileError(f"cannot be written ({error.strerror})", at=folder) from error

    def _record(self, hashes: dict[str, str]) -> dict[str, Any]:
        return {
            "format": FORMAT_VERSION,
            "name": self.name,
            "digest": self.digest,
            "entries": len(self.entries),
            "files": hashes,
            "sources": [_source_record(source) for source in self.sources],
            "notes": list(self.notes),
        }

    @classmethod
    def load(cls, folder: Path) -> Snapshot:
        """The snapshot saved in a folder; its files are mapped, so that processes share them.

        Raises:
            ListFileError: the folder is no snapshot, of another version, or was changed since it was written.
        """
        try:
            record = json.loads((folder / _INDEX).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ListFileError(f"is no snapshot: {_INDEX} cannot be read", at=folder) from error
        if not isinstance(record, dict) or record.get("format") != FORMAT_VERSION:
            raise ListFileError("is a snapshot of another version of this program; build it anew", at=folder)
        frames = {name: _load(folder / f"{name}.arrow", columns, record) for name, columns in _FRAMES.items()}
        return cls(
            **frames,
            sources=tuple(_source(one) for one in record["sources"]),
            digest=record["digest"],
            name=record["name"],
            notes=tuple(record["notes"]),
        )


class Compiler:
    """Takes entries one by one and compiles them to a snapshot."""

    def __init__(self) -> None:
        self._rows: dict[str, list[Any]] = {column: [] for column in ENTRY_COLUMNS}
        self._names: list[tuple[int, str, str]] = []
        self._numbers: list[tuple[int, str, str]] = []
        self._keys: dict[str, str] = {}

    def __len__(self) -> int:
        return len(self._keys)

    def add(self, entry: Entry, at: str) -> None:
        """Adds an entry that stands in the source `at`.

        Raises:
            ListFileError: the entry has no key or no name, or its key was used before.
        """
        key = entry.entry_id
        if not key.partition(":")[2]:
            raise ListFileError(f"has an entry without a key ({_primary(entry) or 'nor a name'})", at=at)
        if not entry.names:
            raise ListFileError(f"has an entry without a name ({key})", at=at)
        if (first := self._keys.setdefault(key, at)) is not at:
            raise ListFileError(f"has the entry {key}, which {first} has too; give one edition of each list", at=at)
        position = len(self._rows["entry_id"])
        if position + 1 != len(self._keys):
            raise ListFileError(f"has the entry {key} twice", at=at)
        self._row(entry)
        self._names += [(position, name.text, name.strength.value) for name in entry.names]
        self._numbers += [(position, number.type, number.value) for number in entry.identifiers]

    def _row(self, entry: Entry) -> None:
        rows = self._rows
        rows["entry_id"].append(entry.entry_id)
        rows["list"].append(entry.list)
        rows["authority"].append(entry.authority)
        rows["kind"].append(entry.kind.value)
        rows["name"].append(entry.names[0].text)
        for column in ("programmes", "measures", "countries"):
            rows[column].append(";".join(part.replace(";", ",") for part in getattr(entry, column)))
        for column in _LINES:
            rows[column].append("\n".join(getattr(entry, column)))
        for column in _DAYS:
            rows[column].append(getattr(entry, column))
        rows["remarks"].append(entry.remarks)

    def snapshot(self, sources: Sequence[Source], name: str, notes: Iterable[str]) -> Snapshot:
        """All entries added, in the order of their keys."""
        order = np.array(sorted(range(len(self._keys)), key=self._rows["entry_id"].__getitem__), dtype=np.int64)
        place = np.empty_like(order)
        place[order] = np.arange(len(order))
        entries = pd.DataFrame({column: _column(column, self._rows[column]) for column in ENTRY_COLUMNS})
        entries = entries.take(order).reset_index(drop=True)
        names = _aligned(self._names, NAME_COLUMNS, place)
        identifiers = _aligned(self._numbers, IDENTIFIER_COLUMNS, place)
        ordered = sorted(sources, key=lambda source: (source.list, source.format, source.sha256))
        return Snapshot(
            entries,
            names,
            identifiers,
            tuple(ordered),
            _digest(entries, names, identifiers),
            name,
            tuple(sorted(notes)),
        )


def _column(column: str, values: list[Any]) -> pd.Series[Any]:
    if column in _DAYS:
        return pd.Series(np.array([np.datetime64(value or "NaT", "s") for value in values], dtype="datetime64[s]"))
    return pd.Series(values, dtype="str")


def _aligned(rows: list[tuple[int, str, str]], columns: tuple[str, ...], place: np.ndarray[Any, Any]) -> pd.DataFrame:
    entry, second, third = zip(*rows, strict=True) if rows else ((), (), ())
    at = place[np.array(entry, dtype=np.int64)]
    frame = pd.DataFrame(
        {columns[0]: at, columns[1]: pd.Series(second, dtype="str"), columns[2]: pd.Series(third, dtype="str")}
    )
    return frame.take(np.argsort(at, kind="stable")).reset_index(drop=True)


def _digest(*frames: pd.DataFrame) -> str:
    digest = hashlib.sha256()
    for frame in frames:
        for column in frame:
            digest.update(f"\x1d{column}\x1d".encode())
            digest.update("\x1f".join(frame[column].astype("str").fillna("").tolist()).encode())
    return digest.hexdigest()


def _foreign(folder: Path) -> list[str]:
    """What stands in a snapshot's folder and is neither the snapshot's nor made from it."""
    inside = folder.iterdir() if folder.is_dir() else ()
    ours = (_INDEX, INDEX, RUNS)
    return sorted(path.name for path in inside if path.name not in ours and path.suffix != ".arrow")


def _write(frame: pd.DataFrame, path: Path) -> str:
    table = pa.Table.from_pandas(frame, preserve_index=False)
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table)
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _load(path: Path, columns: tuple[str, ...], record: dict[str, Any]) -> pd.DataFrame:
    try:
        mapped = pa.memory_map(str(path))
        if hashlib.sha256(mapped.read_buffer()).hexdigest() != record["files"][path.stem]:
            raise ListFileError("was changed or cut since the snapshot was written; build it anew", at=path)
        frame: pd.DataFrame = pa.ipc.open_file(mapped).read_all().to_pandas()
    except (OSError, pa.ArrowInvalid, KeyError) as error:
        raise ListFileError("is missing or cannot be read; build the snapshot anew", at=path) from error
    if tuple(frame.columns) != columns:
        raise ListFileError("has other columns than a snapshot has; build it anew", at=path)
    return frame


def _slice(frame: pd.DataFrame, position: int) -> slice:
    first, last = np.searchsorted(frame["entry"].to_numpy(), [position, position + 1])
    return slice(int(first), int(last))


def _parts(text: str, separator: str) -> tuple[str, ...]:
    return tuple(text.split(separator)) if text else ()


def _day(value: Any) -> date | None:
    return None if pd.isna(value) else value.date()


def _counts(column: pd.Series[Any]) -> dict[str, int]:
    counts = column.value_counts()
    return {str(key): int(counts[key]) for key in sorted(counts.index, key=lambda key: (-counts[key], key))}


def _primary(entry: Entry) -> str:
    return entry.names[0].text if entry.names else ""


def _source_record(source: Source) -> dict[str, Any]:
    return {
        "list": source.list,
        "format": source.format,
        "files": list(source.files),
        "sha256": list(source.sha256),
        "published": source.published.isoformat() if source.published else None,
        "entries": source.entries,
    }


def _source(record: dict[str, Any]) -> Source:
    published = datetime.fromisoformat(record["published"]).date() if record["published"] else None
    return Source(
        record["list"], record["format"], tuple(record["files"]), tuple(record["sha256"]), published, record["entries"]
    )
