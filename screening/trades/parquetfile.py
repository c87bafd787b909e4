"""Reads Parquet, some row groups at a time; the only place that asks pyarrow.parquet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from screening.errors import TradeFileError
from screening.trades.table import TEXT, Doubt, Flags, Opened, Recognise, Table
from screening.trades.values import column_text


def open_parquet(path: Path, known: Recognise, encoding: str | None) -> Opened:
    """The file with its columns; those inside a struct are named after both, as in vessel.name.

    Raises:
        TradeFileError: it is no Parquet file, or is broken.
    """
    try:
        with pq.ParquetFile(path) as file:
            schema = file.schema_arrow
    except (pa.ArrowException, OSError) as error:
        raise TradeFileError(f"is no whole Parquet file ({_first_line(error)})", at=path) from error
    flat = pa.Table.from_batches([], schema).flatten()

    def tables(wanted: Sequence[int], chunk_rows: int) -> Iterator[Table]:
        names = {position: flat.schema.names[position] for position in wanted}
        for position, name in names.items():
            if pa.types.is_nested(flat.schema.field(position).type):
                raise TradeFileError(
                    f"has a column {name!r} of {flat.schema.field(position).type}; text is expected", at=path
                )
        row = 1
        try:
            with pq.ParquetFile(path) as opened:
                for batch in opened.iter_batches(batch_size=chunk_rows, use_threads=False):
                    yield _table(pa.Table.from_batches([batch]).flatten(), row, wanted)
                    row += batch.num_rows
        except (pa.ArrowException, OSError) as error:
            raise TradeFileError(f"breaks off after row {row - 1} ({_first_line(error)})", at=path) from error

    return Opened("parquet", tuple(flat.schema.names), tables)


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__


def _table(batch: pa.Table, first: int, wanted: Sequence[int]) -> Table:
    cells, native, doubts = {}, {}, list[Doubt]()
    for position in wanted:
        cells[position], typed, rounded = _texts(batch.column(position).combine_chunks(), position)
        if typed is not None:
            native[position] = typed
        doubts += rounded
    return Table(np.arange(first, first + batch.num_rows, dtype=np.int64), cells, native, tuple(doubts))


def _texts(values: Any, position: int) -> tuple[Any, Flags | None, list[Doubt]]:
    """The text of one column; each distinct value is looked at once."""
    if isinstance(values, pa.ChunkedArray):
        values = values.combine_chunks()
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    read = _read
    if pa.types.is_string(values.type) or pa.types.is_large_string(values.type) or pa.types.is_string_view(values.type):
        values = values.cast(TEXT)
        if _whole(values):
            return pc.fill_null(values, ""), None, []
        values, read = values.cast(pa.large_binary()), _halved
    coded = pc.dictionary_encode(values, null_encoding="encode")
    which = coded.indices.to_numpy(zero_copy_only=False)
    texts, native, rounded = column_text([read(value) for value in coded.dictionary.to_pylist()], position)
    doubts = [
        Doubt(place, position, doubt.reason)
        for doubt in rounded
        for place in np.flatnonzero(which == doubt.place).tolist()
    ]
    return texts.take(pa.array(which)), None if native is None else native[which], doubts


def _whole(texts: Any) -> bool:
    """All bytes are UTF-8, as the format promises."""
    try:
        texts.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _halved(value: bytes | None) -> str | None:
    """The text, each byte that is none as half a sign, as which the cell is told."""
    return None if value is None else value.decode("utf-8", "surrogateescape")


def _read(value: Any) -> Any:
    """Bytes as the text they are, or as their digits."""
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            return value.hex()
    return value
