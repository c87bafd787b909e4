"""Decisions as the lines of decisions.csv: made once, as if no rule fired, and put right where one does.

Nearly all records are clear and stay so from run to run, so that most lines are written as they are kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from screening import outcome
from screening.reports import tables

_TEXT, _LINES = pa.large_string(), pa.large_binary()
_UNJUDGED = outcome.judged({})
_AFAR = pd.DataFrame({"at": np.zeros(0, np.int64), "reason": pd.Series(dtype="str")})


def clear(records: pd.DataFrame, near: pd.DataFrame) -> pa.Array:
    """Of each record the line that it has where no rule fires on it.

    Args:
        near: of these records; see outcome.near.
    """
    source, row, name = (_column(records[name]) for name in ("source", "row", "record_id"))
    own = pc.or_(*(pc.match_substring_regex(texts, tables.SPECIAL).fill_null(True) for texts in (source, name)))
    several = own.to_numpy(zero_copy_only=False).copy()
    several[near["at"].to_numpy(np.int64)] = True
    made = pc.binary_join_element_wise(source, row, name, *(pa.scalar(one, _TEXT) for one in (_tail(), ",")))
    made, at = made.cast(_LINES), np.flatnonzero(several)
    return replaced(made, at, _told(records.iloc[at], near.assign(at=np.searchsorted(at, near["at"])), _UNJUDGED))


def _column(values: pd.Series) -> pa.Array:
    found = pa.array(values).cast(_TEXT)
    return found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found


def judged(records: pd.DataFrame, decisions: pd.DataFrame) -> list[bytes]:
    """The line of each of some records that have alerts.

    Args:
        decisions: what became of each; see outcome.judged.
    """
    return _told(records, _AFAR, decisions.reset_index(drop=True))


def _told(records: pd.DataFrame, near: pd.DataFrame, judged: pd.DataFrame) -> list[bytes]:
    return tables.decision_lines(outcome.decided(records.reset_index(drop=True), near, judged))


def _tail() -> str:
    """What every record that is clear for want of hits and rules has in common."""
    one = pd.DataFrame({"source": ["a"], "row": [1], "record_id": ["b"]})
    (line,) = _told(one, _AFAR, _UNJUDGED)
    return line.decode().removeprefix("a,1,b,")


def replaced(made: pa.Array, at: np.ndarray, others: Sequence[bytes]) -> pa.Array:
    """The lines with those at some places replaced."""
    if not len(at):
        return made
    order = np.arange(len(made))
    order[at] = len(made) + np.arange(len(at))
    return pa.concat_arrays([made, pa.array(others, _LINES)]).take(pa.array(order))


def written(made: pa.Array, at: np.ndarray, others: Sequence[bytes]) -> Iterator[bytes | memoryview]:
    """The same as a file has them, in as few pieces as may be."""
    _, bounds, text = made.buffers()
    end = np.frombuffer(bounds, np.int64)[made.offset :]
    shown, after = memoryview(text or b""), int(end[0])
    for place, line in zip(at.tolist(), others, strict=True):
        yield shown[after : end[place]]
        yield line
        after = int(end[place + 1])
    yield shown[after : end[len(made)]]
