"""The core, in two phases: every batch is read, enriched and matched; then what rules may look at is judged together.

The first phase looks at each batch by itself, so any number of workers may share it; it keeps only records that some
rule watches or that sums and links need, the decisions of the others are clear. The second adds up and links what was
kept, over all files and in the order of dates, and judges it. So a verdict depends on no row, file or batch order and
on no number of workers, and memory is bounded by what is kept.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import pandas as pd

from screening import outcome
from screening.errors import ScreeningError
from screening.model import MARK_COLUMNS, REJECT_COLUMNS, Decision, Hit, Results
from screening.pipeline import lines
from screening.pipeline.again import Former, Group
from screening.pipeline.crew import Crew, Task
from screening.pipeline.gather import Gathered, gathered
from screening.pipeline.judged import Judged, judged
from screening.pipeline.packing import Found
from screening.pipeline.spool import Part, Spool
from screening.pipeline.stages import Batch, Inputs, Stages
from screening.pipeline.verdict import Verdict

__all__ = ["Batch", "Inputs", "Stages", "run", "unknown"]

_TOGETHER = 25_000  # records of an earlier run that are looked at anew are so many at once
_STATED = ("source", "row", "record_id")


@dataclass(frozen=True, slots=True)
class Decided:
    """The decisions of all records, part by part, as often as they are asked for while the spool is there."""

    spool: Spool
    parts: tuple[Part, ...]
    judged: pd.DataFrame  # see outcome.judged
    named: pd.DataFrame  # source, row and record_id of the same records

    def counts(self) -> dict[str, int]:
        """How many records came to each decision: those without an alert are clear."""
        tally = Counter(self.judged["decision"].tolist())
        tally[Decision.CLEAR.value] += sum(part.rows for part in self.parts) - len(self.judged)
        return {decision.value: tally[decision.value] for decision in Decision}

    def tally(self) -> dict[str, int]:
        """How many are held of each decision, as the lines tell it that are written."""
        held = sum(len(self.spool.lines(part)) for part in self.parts)
        tally = Counter(self.judged["decision"].tolist())
        tally[Decision.CLEAR.value] += held - sum(len(self._own(part)) for part in self.parts)
        return dict(tally)

    def __iter__(self) -> Iterator[pd.DataFrame]:
        for part in self.parts:
            yield outcome.decided(self.spool.records(part, _STATED), self.spool.near(part), self._own(part))

    def rendered(self) -> Iterator[bytes | memoryview]:
        """The lines of decisions.csv."""
        others = lines.judged(self.named, self.judged)
        for part in self.parts:
            low, high = self._bounds(part)
            at = self.judged.index[low:high].to_numpy(np.int64) - part.first
            yield from lines.written(self.spool.lines(part), at, others[low:high])

    def _own(self, part: Part) -> pd.DataFrame:
        """What became of the records of a part that have alerts, by their place there."""
        low, high = self._bounds(part)
        own = self.judged.iloc[low:high]
        return own.set_axis(own.index - part.first)

    def _bounds(self, part: Part) -> list[int]:
        """Where what became of the records of a part begins, and ends."""
        found: list[int] = self.judged.index.searchsorted([part.first, part.first + part.rows]).tolist()
        return found


@dataclass(frozen=True, slots=True)
class Hits:
    """The hits of all records, part by part, as often as they are asked for while the spool is there."""

    spool: Spool
    parts: tuple[Part, ...]

    def __iter__(self) -> Iterator[Hit]:
        return itertools.chain.from_iterable(self.spool.reported(part) for part in self.parts)

    def rendered(self) -> Iterator[bytes | memoryview]:
        """The lines of hits.jsonl."""
        return itertools.chain.from_iterable(self.spool.hit_lines(part) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Run:
    """What a run came to, and on what it rests.

    Args:
        parts: of the spool. found: in each.
    """

    results: Results
    parts: tuple[Part, ...]
    found: tuple[Found, ...]
    verdict: Verdict


Known = Callable[[Spool, Sequence[Part], Sequence[Found], Stages, Callable[[Gathered], Judged]], Verdict | None]


def unknown(*_: object) -> None:
    """No earlier run tells anything."""


def run(inputs: Inputs, stages: Stages, crew: Crew, spool: Spool, known: Known = unknown) -> Run:
    """Screen all batches and put their outcomes together.

    Counts, and seconds of work by stage, are in the manifest. Rows of the history that are rejected are among the marks
    and in what was not screened: `counts` and `rejects` hold the rows of the trade files and nothing else. What the
    first phase finds is put into the spool, and parts that it holds already are not looked at again; the decisions are
    read from it.

    Args:
        known: what the second phase comes to, where an earlier run tells it.

    Raises:
        ScreeningError: rows read and rows accounted for differ, or a worker died.
    """
    parts, seconds = _first_phase(inputs, stages, crew, spool)
    found = [spool.found(part) for part in parts]

    def judge(kept: Gathered) -> Judged:
        return judged(kept, inputs.unnumbered(), stages)

    verdict = known(spool, parts, found, stages, judge)
    if verdict is None:
        kept = gathered(spool, parts, found, stages)
        stages.tell("gather", len(kept.trades))
        verdict = Verdict(judge(kept), kept.looked_at)
    told = verdict.judged
    current = [(part, one) for part, one in zip(parts, found, strict=True) if not part.history]
    rejects = outcome.joined([one.rejects for _, one in current], REJECT_COLUMNS)
    decisions = Decided(spool, tuple(part for part, _ in current), outcome.judged(told.by_record), _named(told))
    counts = _counts(decisions, len(rejects), sum(part.rows + len(one.rejects) for part, one in current))
    drawn, legs = outcome.drawn(told.legs, stages.enricher.ports)
    lost = outcome.joined([one.rejects for part, one in zip(parts, found, strict=True) if part.history], REJECT_COLUMNS)
    gaps = [*outcome.uncounted(lost), *outcome.not_screened(spool.gaps(part) for part, _ in current)]
    marks = [one.marks for one in found] + ([] if lost.empty else [lost.assign(record_id="")])
    results = Results(
        decided=decisions,
        records=told.records.drop(columns="at"),
        alerts=told.alerts,
        hits=Hits(spool, tuple(part for part, _ in current)),
        rejects=rejects,
        marks=outcome.joined(marks, MARK_COLUMNS),
        places=drawn,
        legs=legs,
        ledger=told.ledger,
        manifest={"counts": counts, "not_screened": gaps, "work_seconds": seconds},
    )
    return Run(results, tuple(parts), tuple(found), verdict)


def _first_phase(inputs: Inputs, stages: Stages, crew: Crew, spool: Spool) -> tuple[list[Part], dict[str, float]]:
    """Look at every batch that the spool does not hold; all parts, history last, and the seconds of each stage."""
    parts: list[Part] = []
    seconds = {"read": 0.0, "enrich": 0.0, "match": 0.0}
    groups: dict[Part, Group] = {}

    def tasks() -> Iterator[Task]:
        started, group = stages.clock(), Group()
        for part, batch in _numbered(inputs):
            seconds["read"] += stages.clock() - started
            parts.append(part)
            if group.rows >= _TOGETHER or group.of_other_kind(part):
                yield from together(group)
                group = Group()
            if spool.holds(part):
                stages.tell("screen", part.rows)
            elif not isinstance(batch, Former):
                yield part, batch
            elif batch.touched.any():
                group.add(part, batch)
            else:
                take_over(part, batch, batch.carried())
            started = stages.clock()
        yield from together(group)

    def together(group: Group) -> Iterator[Task]:
        if group.parts:
            first = group.parts[0][0]
            groups[first] = group
            yield first, group.anew()

    def take_over(part: Part, former: Former, changed: Mapping[str, bytes]) -> None:
        with room(spool):
            spool.carry(part, former.spool, changed)
        stages.tell("screen", part.rows)

    for first, packed in crew.looked(tasks()):
        for stage, took in packed.seconds.items():
            seconds[stage] += took
        if first in groups:
            for part, former, anew in groups.pop(first).told(packed):
                take_over(part, former, former.renewed(anew))
            continue
        with room(spool):
            spool.add(first, packed)
        stages.tell("screen", first.rows)
    return parts, {stage: round(took, 3) for stage, took in seconds.items()}


@contextmanager
def room(spool: Spool) -> Iterator[None]:
    """What the block writes into the spool fits there.

    Raises:
        ScreeningError: it does not.
    """
    try:
        yield
    except OSError as error:
        raise ScreeningError(
            f"the work cannot be written there ({error.strerror}); make room and run again with --resume",
            at=spool.folder,
        ) from error


def _numbered(inputs: Inputs) -> Iterator[tuple[Part, Batch | Former]]:
    first = 0
    for number, batch in enumerate(inputs.read()):
        yield Part(number, _rows(batch), first), batch
        first += _rows(batch)
    for number, batch in enumerate(inputs.history()):
        yield Part(number, _rows(batch), history=True), batch


def _rows(batch: Batch | Former) -> int:
    return batch.rows if isinstance(batch, Former) else len(batch.frame)


def _named(judged: Judged) -> pd.DataFrame:
    """What records that have alerts are called, in their order."""
    records = judged.records
    found: pd.DataFrame = records.loc[records["at"].isin(list(judged.by_record)), list(_STATED)]
    return found


def _counts(decisions: Decided, rejected: int, rows_read: int) -> dict[str, int]:
    """The rows of each outcome, which are the rows read."""
    counts = {**decisions.counts(), "rejected": rejected, "rows_read": rows_read}
    if sum(counts[name] for name in (*Decision, "rejected")) != rows_read:
        raise ScreeningError(f"the rows read and the rows accounted for differ: {counts}")
    return counts
