"""Trade files in, batches of records out: CSV, XLSX, Parquet and JSON Lines, with every row accounted for."""

from screening.trades.mapping import Mapping, load_mapping
from screening.trades.reading import Batch, InputInfo, Reading, read, read_frame, refuse_twins, sha256

__all__ = [
    "Batch", "InputInfo", "Mapping", "Reading", "load_mapping", "read", "read_frame", "refuse_twins", "sha256",
]  # fmt: skip
