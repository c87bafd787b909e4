"""Screening again after the lists changed: only records that had a hit, or have one now, are looked at anew.

Nothing but hits comes from the lists. A record that had none, and whose names and numbers meet nothing on the new
lists either, is looked at with the same outcome, to the last word; which of its names meet something is the one
question that is asked again of every record.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from screening.pipeline import packing
from screening.pipeline.look import Kept, Looked, look, see
from screening.pipeline.spool import Part, Spool
from screening.pipeline.stages import Batch, Former, Stages

_ABOUT = "run.json"


@dataclass(frozen=True, slots=True)
class FormerRun:
    """What an earlier run worked out, kept whole.

    Args:
        inputs, history: what its manifest says of the files.
    """

    spool: Spool
    parts: tuple[Part, ...]
    inputs: list[dict[str, Any]]
    history: list[dict[str, Any]]

    @classmethod
    def open(cls, folder: Path) -> FormerRun | None:
        """The run kept in a folder; None where there is none, or a part of it is missing or harmed."""
        try:
            told = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
            found = cls(Spool(folder), tuple(Part(**part) for part in told["parts"]), told["inputs"], told["history"])
        except (OSError, ValueError, TypeError, KeyError):
            return None
        return found if all(found.spool.holds(part) for part in found.parts) else None

    def batches(self, *, history: bool) -> Iterator[Former]:
        """Its batches in order: those of the trade files, or those of the history."""
        for part in self.parts:
            if part.history == history:
                yield Former(part.rows, self.spool.tables(part))

    def save(self) -> None:
        """Write what `open` reads, beside the parts, which are there."""
        told = {"parts": [asdict(part) for part in self.parts], "inputs": self.inputs, "history": self.history}
        (self.spool.folder / _ABOUT).write_text(json.dumps(told), encoding="utf-8")


def worked(given: Batch | Former, stages: Stages, *, history: bool) -> Looked:
    """A batch looked at, whether for the first time or again."""
    if isinstance(given, Former):
        return renewed(given, stages, history=history)
    return look(given, stages, history=history)


def renewed(former: Former, stages: Stages, *, history: bool) -> Looked:
    """What looking at the whole batch anew would give."""
    started = stages.clock()
    found = packing.found(former.tables)
    records = packing.frame(former.tables["records"])
    touched = stages.matcher.near(records)
    touched[found.hits["position"].to_numpy()] = True
    searching = stages.clock() - started
    if not touched.any():
        parts = (found.rejects, found.marks, found.gaps, found.hits, found.reported, found.kept, found.vessels)
        return Looked(records, *parts, seconds={"enrich": 0.0, "match": searching})
    frame = records[touched].drop(columns="clear").reset_index(drop=True)
    anew = see(frame, found.rejects, found.marks, stages, history=history)
    clear = records["clear"].to_numpy(dtype=object, copy=True)
    clear[touched] = anew.records["clear"].to_numpy(dtype=object)
    return replace(
        anew,
        records=records.assign(clear=pd.Series(clear, index=records.index, dtype="str")),
        gaps=found.gaps,
        hits=anew.hits.assign(position=np.flatnonzero(touched)[anew.hits["position"].to_numpy(dtype=np.int64)]),
        kept=_merged(found.kept, anew.kept, touched),
        vessels=pd.concat([found.vessels, anew.vessels], ignore_index=True).drop_duplicates(ignore_index=True),
        seconds={**anew.seconds, "match": anew.seconds["match"] + searching},
    )


def _merged(former: Kept, anew: Kept, touched: np.ndarray) -> Kept:
    """The kept records that were not touched, and those of the others that are kept now.

    Args:
        touched: which records of the batch were looked at anew.
    """
    rest = ~touched[former.trades["at"].to_numpy()]
    placed = anew.trades.assign(at=np.flatnonzero(touched)[anew.trades["at"].to_numpy()])
    trades = pd.concat([former.trades[rest], placed], ignore_index=True)
    facts = pd.concat([former.facts[rest], anew.facts], ignore_index=True)
    order = np.argsort(trades["at"].to_numpy(), kind="stable")
    return Kept(trades.iloc[order].reset_index(drop=True), facts.iloc[order].reset_index(drop=True))
