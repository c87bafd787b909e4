"""What the first phase makes of a batch as bytes, for the way between processes and for the disk: Arrow tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

import pandas as pd
import pyarrow as pa

from screening.model import Feature, Hit
from screening.pipeline.look import Kept, Looked

VERSION = 2  # raise it when what the first phase leaves behind, or how, changes
_TEXT = pa.large_string()
_FEATURE = pa.struct(
    [(f.name, pa.float64() if f.name in ("similarity", "added") else _TEXT) for f in fields(Feature)]
)  # fmt: skip
_TYPES: Mapping[str, pa.DataType] = {
    "row": pa.int64(), "score": pa.float64(), "certain": pa.bool_(), "listed_on": pa.date32(),
    "features": pa.list_(_FEATURE), "programmes": pa.list_(_TEXT),
}  # fmt: skip
_HIT = pa.schema([(f.name, _TYPES.get(f.name, _TEXT)) for f in fields(Hit)])
_FRAMES = ("rejects", "marks", "gaps", "hits", "vessels")
_LZ4 = pa.ipc.IpcWriteOptions(compression="lz4")


@dataclass(frozen=True, slots=True)
class Packed:
    """A batch that was looked at: tables by name, the records by themselves; and how it went."""

    tables: Mapping[str, bytes]
    rows: int
    seconds: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Found:
    """What was found in a batch: all of `Looked` but its records."""

    rejects: pd.DataFrame
    marks: pd.DataFrame
    gaps: pd.DataFrame
    hits: pd.DataFrame
    reported: tuple[Hit, ...]
    kept: Kept
    vessels: pd.DataFrame


def packed(looked: Looked) -> Packed:
    """The batch as bytes."""
    frames = {name: getattr(looked, name) for name in _FRAMES}
    frames |= {"records": looked.records, "kept": looked.kept.trades, "facts": looked.kept.facts}
    tables = {name: _written(pa.Table.from_pandas(frame, preserve_index=False)) for name, frame in frames.items()}
    tables["reported"] = _written(pa.Table.from_pylist([_row(hit) for hit in looked.reported], schema=_HIT))
    return Packed(tables, len(looked.records), dict(looked.seconds))


def found(tables: Mapping[str, Any]) -> Found:
    """What was found in a batch, from its tables as bytes or buffers.

    Raises:
        ValueError, KeyError: these are no such tables.
    """
    reported = tuple(_hit(row) for row in _read(tables["reported"]).to_pylist())
    kept = Kept(frame(tables["kept"]), frame(tables["facts"]))
    return Found(reported=reported, kept=kept, **{name: frame(tables[name]) for name in _FRAMES})


def frame(table: Any, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """A table as a frame, all its columns or some."""
    read = _read(table)
    made: pd.DataFrame = (read.select(list(columns)) if columns else read).to_pandas()
    return made


def _written(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, table.schema, options=_LZ4) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def _read(table: Any) -> pa.Table:
    return pa.ipc.open_file(table).read_all()


def _row(hit: Hit) -> dict[str, Any]:
    row = {name: getattr(hit, name) for name in _HIT.names}
    return row | {"features": [asdict(feature) for feature in hit.features], "programmes": list(hit.programmes)}


def _hit(row: dict[str, Any]) -> Hit:
    features = tuple(Feature(**feature) for feature in row["features"])
    return Hit(**row | {"features": features, "programmes": tuple(row["programmes"])})
