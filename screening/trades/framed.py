"""Takes a pandas frame as one more source of trade records, cell for cell as a typed file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from screening.signs import readable
from screening.trades.table import Doubt, Opened, Table
from screening.trades.values import column_text


def open_frame(frame: pd.DataFrame) -> Opened:
    """The frame as if it were a file; its rows are numbered from 1 in their order, whatever its index."""

    def tables(wanted: Sequence[int], chunk_rows: int) -> Iterator[Table]:
        for start in range(0, len(frame), chunk_rows):
            yield _table(frame.iloc[start : start + chunk_rows], start + 1, wanted)

    return Opened("frame", tuple(readable(str(name)) for name in frame.columns), tables)


def _table(part: pd.DataFrame, first: int, wanted: Sequence[int]) -> Table:
    cells, native, doubts = {}, {}, list[Doubt]()
    for position in wanted:
        column = part.iloc[:, position]
        values = column.astype(object).where(column.notna(), None).tolist()
        cells[position], typed, damaged = column_text(values, position)
        if typed is not None:
            native[position] = typed
        doubts += damaged
    return Table(np.arange(first, first + len(part), dtype=np.int64), cells, native, tuple(doubts))
