"""The index on disk: written once per snapshot and settings, mapped by every process that screens against it."""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
import tempfile
import zlib
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, get_type_hints

import numpy as np
import pandas as pd

from screening.matching.index import Index
from screening.matching.letters import Letters
from screening.matching.settings import Settings

VERSION = 22  # raise it when what an index holds, or how a name is read, changes
_SUMS = "sums.json"


def opened(entries: pd.DataFrame, names: pd.DataFrame, digest: str, settings: Settings, cache: Path | None) -> Index:
    """The index of a snapshot: from the cache where it stands there, else built and left there."""
    if cache is None:
        return Index.build(entries, names, settings)
    folder = folder_of(cache, digest, settings.digest)
    index = load(folder)
    if index is None:
        index = Index.build(entries, names, settings)
        with contextlib.suppress(OSError):  # a cache that cannot be written costs time, not the run
            save(index, folder)
    return index


def folder_of(cache: Path, snapshot: str, settings: str) -> Path:
    """Where the index of a snapshot and settings, told by their digests, stands in a cache."""
    return cache / f"matching-{hashlib.sha256(f'{VERSION} {snapshot} {settings}'.encode()).hexdigest()[:24]}"


def save(index: Index, folder: Path) -> None:
    """Writes the index whole or not at all; an index that another process wrote meanwhile stays."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".matching-", dir=folder.parent) as temporary:
        fresh = Path(temporary) / "new"
        fresh.mkdir()
        _save(index, fresh, "index")
        (fresh / _SUMS).write_text(json.dumps(_sums(fresh)), encoding="utf-8")
        try:
            fresh.rename(folder)
        except OSError:
            if not folder.is_dir():
                raise


def load(folder: Path) -> Index | None:
    """The index in a folder, its arrays mapped; None where there is none or it is not as it was saved."""
    if not folder.is_dir():
        return None
    try:
        if json.loads((folder / _SUMS).read_text(encoding="utf-8")) != _sums(folder):
            raise ValueError("the index is damaged")
        found: Index = _load(Index, folder, "index")
    except (OSError, ValueError, EOFError):
        shutil.rmtree(folder, ignore_errors=True)
        return None
    return found


def _sums(folder: Path) -> dict[str, int]:
    """A check sum of each file of an index: enough to tell damage, which is all that is feared here."""
    files = sorted(path for path in folder.iterdir() if path.name != _SUMS)
    return {path.name: zlib.crc32(np.memmap(path, np.uint8, "r").data) for path in files}


def _save(value: Any, folder: Path, name: str) -> None:
    if is_dataclass(value):
        for field in fields(value):
            _save(getattr(value, field.name), folder, f"{name}.{field.name}")
    elif isinstance(value, Letters):
        np.save(folder / f"{name}.letters.npy", value.letters)
        np.save(folder / f"{name}.off.npy", value.off)
    else:
        np.save(folder / f"{name}.npy", np.asarray(value))


def _load(kind: Any, folder: Path, name: str) -> Any:
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return kind(**{field.name: _load(hints[field.name], folder, f"{name}.{field.name}") for field in fields(kind)})  # type: ignore[operator]
    if kind is int:
        return int(np.load(folder / f"{name}.npy"))
    if kind is Letters:
        return Letters(_load(np.ndarray, folder, f"{name}.letters"), _load(np.ndarray, folder, f"{name}.off"))
    return np.load(folder / f"{name}.npy", mmap_mode="r").view(np.ndarray)
