"""What the first phase makes of a batch as bytes, for the way between processes and for the disk: Arrow tables."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from screening.model import Feature, Hit, Spoken
from screening.pipeline.look import Kept, Looked

VERSION = 6  # raise it when what the first phase leaves behind, or how, changes
_TEXT = pa.large_string()
_FEATURE = pa.struct(
    [(name, pa.float64() if name in ("similarity", "added") else _TEXT) for name in Feature._fields]
)  # fmt: skip
_TYPES: Mapping[str, pa.DataType] = {
    "row": pa.int64(), "score": pa.float64(), "certain": pa.bool_(), "listed_on": pa.date32(),
    "features": pa.list_(_FEATURE), "programmes": pa.list_(_TEXT),
}  # fmt: skip
_HIT = pa.schema([(f.name, _TYPES.get(f.name, _TEXT)) for f in fields(Hit)])
_SPOKEN = pa.schema([("ship", pa.bool_()), ("text", _TEXT), ("readings", pa.large_list(pa.large_list(_TEXT)))])
FOUND = ("rejects", "marks", "hits")
_AT_ONCE = 1_000  # hits
_LZ4 = pa.ipc.IpcWriteOptions(compression="lz4")


@dataclass(frozen=True, slots=True)
class Packed:
    """A batch that was looked at: tables by name, the records by themselves; and how it went."""

    tables: Mapping[str, bytes]
    rows: int
    seconds: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Found:
    """What was found in a batch, of `Looked` what memory can hold of every batch at once."""

    rejects: pd.DataFrame
    marks: pd.DataFrame
    hits: pd.DataFrame


def packed(looked: Looked) -> Packed:
    """The batch as bytes."""
    frames = {name: getattr(looked, name) for name in (*FOUND, "records", "near", "gaps")}
    tables = {name: written(frame) for name, frame in (frames | _second(looked.kept)).items()}
    tables["reported"] = _written(_reported(looked.reported))
    tables["spoken"] = _written(_spoken(looked.spoken))
    return Packed(tables, len(looked.records), dict(looked.seconds))


def changed(tables: Mapping[str, bytes], looked: Looked, reported: bytes) -> dict[str, bytes]:
    """The tables of a batch with what lists can change, and with its hits as reports show them."""
    frames = {"hits": looked.hits, "near": looked.near, **_second(looked.kept)}
    return {**tables, **{name: written(frame) for name, frame in frames.items()}, "reported": reported}


def _second(kept: Kept) -> dict[str, pd.DataFrame]:
    """What goes on to the second phase, by the names of its tables."""
    return {"kept": kept.trades, "facts": kept.facts}


def found(tables: Mapping[str, Any]) -> Found:
    """What was found in a batch, from its tables as bytes or buffers.

    Raises:
        ValueError, KeyError: these are no such tables.
    """
    return Found(**{name: frame(tables[name]) for name in FOUND})


def kept(tables: Mapping[str, Any]) -> Kept:
    """The records of a batch that go on to the second phase."""
    return Kept(frame(tables["kept"]), frame(tables["facts"]))


class Reported:
    """The hits of a batch as reports show them, made when they are asked for: as a table they take a tenth."""

    def __init__(self, table: Any) -> None:
        self._read = _read(table)

    def __iter__(self) -> Iterator[Hit]:
        for batch in self._read.to_batches(_AT_ONCE):
            yield from map(_hit, batch.to_pylist())

    def take(self, rows: np.ndarray) -> list[Hit]:
        """The hits in these rows."""
        return [_hit(row) for row in self._read.take(pa.array(rows, pa.int64())).to_pylist()]


class Columns:
    """The columns of a table, all or some, asked without making a frame of it."""

    def __init__(self, table: Any, columns: Sequence[str] = ()) -> None:
        self._read = _read(table, columns)

    @property
    def rows(self) -> int:
        """How many there are."""
        return int(self._read.num_rows)

    @property
    def names(self) -> frozenset[str]:
        """The names of the columns."""
        return frozenset(self._read.column_names)

    def numbers(self, column: str) -> np.ndarray:
        """A column of numbers."""
        found: np.ndarray = self._read[column].to_numpy()
        return found

    def distinct(self, column: str) -> list[str]:
        """The distinct texts of a column."""
        return list(self._read[column].unique().to_pylist())

    def among(self, column: str, values: Collection[str]) -> np.ndarray:
        """Which texts of a column are among these."""
        texts = self._read[column]
        if not len(texts):  # and of no type, for want of a text
            return np.zeros(0, bool)
        found: np.ndarray = pc.is_in(texts, pa.array(list(values), texts.type)).to_numpy()
        return found


def frame(table: Any, columns: Sequence[str] = (), rows: np.ndarray | None = None) -> pd.DataFrame:
    """A table as a frame, all its rows and columns or some: other columns are not unpacked."""
    read = _read(table, columns)
    made: pd.DataFrame = (read if rows is None else read.take(rows)).to_pandas()
    return made[list(columns)] if columns else made


def some(reported: Any, which: np.ndarray, others: Sequence[Hit], order: np.ndarray) -> bytes:
    """The hits of a table that are chosen, and others after them, in this order."""
    return _written(pa.concat_tables([_read(reported).filter(pa.array(which)), _reported(others)]).take(order))


def same(former: Any, table: Any) -> bool:
    """Whether two tables hold the same."""
    return bool(_read(former).equals(_read(table)))


def _spoken(several: Sequence[Spoken]) -> pa.Table:
    """Texts, the words of each of their readings, and whether they are ships' names."""
    columns = [pa.array([], type_) for type_ in _SPOKEN.types]
    parts = [pa.table(columns, _SPOKEN)]
    for said in several:
        words = pa.array(list(said.vocabulary), _TEXT).take(pa.array(said.word, pa.int64()))
        readings = pa.LargeListArray.from_arrays(pa.array(said.words, pa.int64()), words)
        texts = pa.LargeListArray.from_arrays(pa.array(said.readings, pa.int64()), readings)
        ships = pa.array(np.full(len(said.texts), said.ship))
        parts.append(pa.table([ships, pa.array(said.texts, _TEXT), texts], _SPOKEN))
    return pa.concat_tables(parts)


def spoken(table: Any) -> list[Spoken]:
    """The texts of a batch with their words, those of parties and those of ships."""
    read, found = _read(table), []
    for ship in (False, True):
        part = read.filter(pc.equal(read["ship"], ship)).combine_chunks()
        if not part.num_rows:
            continue
        readings = part["readings"].chunk(0)
        words = readings.flatten()
        coded = words.flatten().dictionary_encode()
        found.append(
            Spoken(
                ship,
                part["text"].to_pylist(),
                _bounds(readings),
                _bounds(words),
                coded.indices.to_numpy().astype(np.int64),
                coded.dictionary.to_pylist(),
            )
        )
    return found


def _bounds(lists: Any) -> np.ndarray:
    """Where each of some lists begins, and the last ends."""
    return np.append(0, np.cumsum(pc.list_value_length(lists).to_numpy(zero_copy_only=False))).astype(np.int64)


def hits(joined: Any, reported: Any, places: np.ndarray, without: Sequence[str]) -> pa.Table:
    """The hits of the records at these places of a batch, as rules and as reports see them, without some columns."""
    both = _read(joined), _read(reported)
    found = both[0]
    for name in both[1].column_names:
        found = found.append_column(f"reported {name}", both[1][name])
    chosen = pa.array(np.isin(found["position"].to_numpy(), places), pa.bool_())
    dropped = [name for name in found.column_names if name.removeprefix("reported ") in without]
    return found.drop_columns(dropped).filter(chosen)


def scores(joined: Any, reported: Any, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The rows of the hits of the records at these places of a batch, and the scores that they show."""
    rows = np.flatnonzero(np.isin(_read(joined, ("position",))["position"].to_numpy(), places))
    return rows, _read(reported, ("score",))["score"].to_numpy()[rows]


def written(frame: pd.DataFrame) -> bytes:
    """A frame as a table."""
    return _written(pa.Table.from_pandas(frame, preserve_index=False))


def _written(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, table.schema, options=_LZ4) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def _read(table: Any, columns: Sequence[str] = ()) -> pa.Table:
    schema = pa.ipc.open_file(table).schema
    fields = [schema.get_field_index(column) for column in columns]
    return pa.ipc.open_file(table, options=pa.ipc.IpcReadOptions(included_fields=fields)).read_all()


def _reported(hits: Sequence[Hit]) -> pa.Table:
    return pa.Table.from_pylist([_row(hit) for hit in hits], schema=_HIT)


def _row(hit: Hit) -> dict[str, Any]:
    row = {name: getattr(hit, name) for name in _HIT.names}
    return row | {"features": [feature._asdict() for feature in hit.features], "programmes": list(hit.programmes)}


def _hit(row: dict[str, Any]) -> Hit:
    features = tuple(Feature._make(feature.values()) for feature in row["features"])
    return Hit(**row | {"features": features, "programmes": tuple(row["programmes"])})
