"""What the first phase found, batch by batch, in a folder of its own: memory holds what the second phase needs.

A part is a folder that appears whole or not at all, so that a run that was killed can be taken up where it stopped.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from screening.pipeline import packing
from screening.pipeline.look import Kept
from screening.pipeline.packing import Columns, Found, Packed, Reported

_ABOUT = "part.json"


@dataclass(frozen=True, slots=True)
class Part:
    """A batch in the spool.

    Args:
        number: its place among the batches of the trade files, or of the history.
        first: the place of its first record among all records of the trade files.
    """

    number: int
    rows: int
    first: int = 0
    history: bool = False

    @property
    def name(self) -> str:
        """The name of its folder."""
        return f"{'history' if self.history else 'part'}-{self.number:06}"


class Spool:
    """Parts in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def holds(self, part: Part) -> bool:
        """Whether the part is there, unharmed and of as many rows."""
        about = self._about(part)
        return about is not None and about["rows"] == part.rows and self._unharmed(part, about["sha256"])

    def _about(self, part: Part) -> dict[str, Any] | None:
        """What is written of the part; None where it is not there."""
        try:
            told = json.loads((self.folder / part.name / _ABOUT).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return told if isinstance(told, dict) and {"rows", "sha256"} <= told.keys() else None

    def _unharmed(self, part: Part, digests: dict[str, str]) -> bool:
        held = self.folder / part.name
        try:
            return all(_digest((held / name).read_bytes()) == digest for name, digest in digests.items())
        except OSError:
            return False

    def add(self, part: Part, packed: Packed) -> None:
        """Write a part; a harmed one of its name is replaced.

        Raises:
            OSError: it cannot be written.
        """
        self._put(part, packed.tables, {})

    def carry(self, part: Part, former: Spool, changed: Mapping[str, bytes]) -> None:
        """Take a part over from another spool, where it is known to be unharmed, but for tables that changed.

        Raises:
            OSError: it cannot be read or written.
        """
        about = former._about(part)
        if about is None:
            raise FileNotFoundError(former.folder / part.name)
        held = former.folder / part.name
        stay = {held / name: digest for name, digest in about["sha256"].items() if Path(name).stem not in changed}
        self._put(part, changed, stay)

    def _put(self, part: Part, tables: Mapping[str, bytes], stay: Mapping[Path, str]) -> None:
        """A part of these tables and of files, told with their digests, that stay as they are in another."""
        target = self.folder / part.name
        draft = self.folder / f".{part.name}"
        for former in (draft, target):
            shutil.rmtree(former, ignore_errors=True)
        draft.mkdir()
        for held in stay:
            shared(held, draft / held.name)
        for name, table in tables.items():
            (draft / f"{name}.arrow").write_bytes(table)
        digests = {held.name: digest for held, digest in stay.items()}
        digests |= {f"{name}.arrow": _digest(table) for name, table in tables.items()}
        (draft / _ABOUT).write_text(json.dumps({"rows": part.rows, "sha256": digests}), encoding="utf-8")
        draft.rename(target)

    def tables(self, part: Part, names: Sequence[str] = ()) -> dict[str, bytes]:
        """The tables of a part, all or some."""
        held = self.folder / part.name
        paths = [held / f"{name}.arrow" for name in names] if names else held.glob("*.arrow")
        return {path.stem: path.read_bytes() for path in paths}

    def found(self, part: Part) -> Found:
        """What was found in a part."""
        return packing.found(self.tables(part, packing.FOUND))

    def kept(self, part: Part) -> Kept:
        """The records of a part that go on to the second phase."""
        return packing.kept(self.tables(part, ("kept", "facts")))

    def reported(self, part: Part) -> Reported:
        """The hits of a part as reports show them."""
        return Reported(self.tables(part, ("reported",))["reported"])

    def hit_lines(self, part: Part) -> Iterator[bytes | memoryview]:
        """The hits of a part as lines of hits.jsonl."""
        return packing.hit_lines(self.tables(part, ("reported",))["reported"])

    def lines(self, part: Part) -> pa.Array:
        """The decisions of a part as lines, as if no rule fired: see lines."""
        return packing.clear_lines(self.tables(part, ("lines",))["lines"])

    def gaps(self, part: Part) -> pd.DataFrame:
        """The gaps of a part: see outcome."""
        return packing.frame(self.tables(part, ("gaps",))["gaps"])

    def near(self, part: Part) -> pd.DataFrame:
        """The records of a part that are near a list: see outcome."""
        return packing.frame(self.tables(part, ("near",))["near"])

    def columns(self, part: Part, names: Sequence[str]) -> Columns:
        """Some columns of the records of a part, as far as it has them."""
        with pa.memory_map(str(self.folder / part.name / "records.arrow")) as mapped:
            return Columns(mapped, names)

    def records(self, part: Part, columns: Sequence[str] = (), at: np.ndarray | None = None) -> pd.DataFrame:
        """The records of a part (see Looked), all or those at some places, all columns or some."""
        with pa.memory_map(str(self.folder / part.name / "records.arrow")) as mapped:
            return packing.frame(mapped, columns, at)


def shared(held: Path, there: Path) -> None:
    """Put a file that is never written to again into another folder too: the same one where the disk allows it."""
    there.unlink(missing_ok=True)  # what a stopped run left there, which may be the same file
    try:
        os.link(held, there)
    except OSError:
        shutil.copyfile(held, there)


def _digest(table: bytes) -> str:
    return hashlib.sha256(table).hexdigest()
