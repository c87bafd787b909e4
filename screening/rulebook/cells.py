"""Single cells of a frame, read from lists: reading them from the frame costs fifty times as much."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd


class Cells:
    """The cells of a frame, by column and place."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self._frame = frame
        self._lists: dict[str, Any] = {}

    def at(self, column: str, place: int) -> Any:
        """The value of one cell."""
        if column not in self._lists:
            self._lists[column] = self._read(self._frame[column])
        value = self._lists[column][place]
        return pd.Timestamp(value) if isinstance(value, np.datetime64) else value

    @staticmethod
    def _read(column: pd.Series) -> Any:
        """The values as a list; days as an array, of which a cell becomes a Timestamp only when it is asked for."""
        return column.to_numpy() if column.dtype.kind == "M" else column.tolist()
