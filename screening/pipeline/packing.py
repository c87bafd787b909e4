"""What the first phase makes of a batch as bytes, for the way between processes and for the disk: Arrow tables."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, ClassVar

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from screening.model import PARTY_ROLES, Feature, Hit, Spoken
from screening.pipeline import lines
from screening.pipeline.look import Kept, Looked
from screening.reports.lines import hit_line

VERSION = 7  # raise it when what the first phase leaves behind, or how, changes; lines of reports are part of it
_TEXT = pa.large_string()
_FEATURE = pa.struct(
    [(name, pa.float64() if name in ("similarity", "added") else _TEXT) for name in Feature._fields]
)  # fmt: skip
_TYPES: Mapping[str, pa.DataType] = {
    "row": pa.int64(), "score": pa.float64(), "certain": pa.bool_(), "listed_on": pa.date32(),
    "features": pa.list_(_FEATURE), "programmes": pa.list_(_TEXT),
}  # fmt: skip
_HIT = pa.schema([(f.name, _TYPES.get(f.name, _TEXT)) for f in fields(Hit)])
_LINE = "line"
_REPORTED = _HIT.append(pa.field(_LINE, pa.large_binary()))
_SPOKEN = pa.schema([("ship", pa.bool_()), ("text", _TEXT), ("readings", pa.large_list(pa.large_list(_TEXT)))])
FOUND = ("rejects", "marks", "hits")
_AT_ONCE = 1_000  # hits
_NOWHERE = np.zeros(0, np.int64)
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
    tables["cells"] = _written(_cells(looked.records))
    tables["lines"] = _lines(lines.clear(looked.records, looked.near))
    return Packed(tables, len(looked.records), dict(looked.seconds))


@dataclass(frozen=True, slots=True)
class Changing:
    """What lists can change of records: of a batch, or of some that were looked at together.

    Args:
        hits, near, kept: as of Looked. reported: the hits as reports show them, as a table. lines: see lines.clear.
    """

    hits: pd.DataFrame
    near: pd.DataFrame
    kept: Kept
    reported: pa.Table
    lines: pa.Array

    NAMES: ClassVar = ("hits", "near", "kept", "facts", "reported", "lines")

    @classmethod
    def of(cls, tables: Mapping[str, Any]) -> Changing:
        """These of a batch, from its tables as bytes."""
        reported, made = _read(tables["reported"]), clear_lines(tables["lines"])
        return cls(frame(tables["hits"]), frame(tables["near"]), kept(tables), reported, made)

    def tables(self) -> dict[str, bytes]:
        """The same as bytes."""
        frames = {"hits": self.hits, "near": self.near, **_second(self.kept)}
        tables = {name: written(frame) for name, frame in frames.items()}
        return tables | {"reported": _written(self.reported), "lines": _lines(self.lines)}

    def part(self, first: int, end: int) -> Changing:
        """Those of the records from one place to before another."""
        hits = _within(self.hits["position"], first, end)
        near, places = (_within(one["at"], first, end) for one in (self.near, self.kept.trades))
        moved = (self.kept.trades[places].assign(at=lambda one: one["at"] - first), self.kept.facts[places])
        return Changing(
            self.hits[hits].assign(position=lambda one: one["position"] - first),
            self.near[near].assign(at=lambda one: one["at"] - first),
            Kept(*moved),
            self.reported.filter(pa.array(hits)),
            self.lines[first:end],
        )


def _within(places: pd.Series, first: int, end: int) -> np.ndarray:
    at = places.to_numpy(np.int64)
    found: np.ndarray = (at >= first) & (at < end)
    return found


def hashed(texts: Sequence[str]) -> np.ndarray:
    """A number for each text, by which it is known from others."""
    found: np.ndarray = pd.util.hash_array(np.array(texts, object), categorize=False)
    return found


def _cells(records: pd.DataFrame) -> pa.Table:
    """The hashes of the distinct texts in the columns of parties, and in that of ships, in order."""
    hashes = []
    for columns in (PARTY_ROLES, ("vessel",)):
        texts = [pc.unique(pa.array(records[column])) for column in columns if column in records]
        filled = [text for one in texts for text in one.to_pylist() if text.strip()]
        hashes.append(np.unique(hashed(filled)))
    return pa.table({"ship": np.repeat([False, True], [len(one) for one in hashes]), "hash": np.concatenate(hashes)})


def cells(table: Any) -> tuple[np.ndarray, np.ndarray]:
    """The hashes of the texts of parties in a batch, and of those of ships."""
    read = _read(table)
    ship, hashes = (read[column].to_numpy() for column in ("ship", "hash"))
    return hashes[~ship], hashes[ship]


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
        self._read = _read(table, _HIT.names)

    def __iter__(self) -> Iterator[Hit]:
        for batch in self._read.to_batches(_AT_ONCE):
            yield from map(_hit, batch.to_pylist())

    def take(self, rows: np.ndarray) -> list[Hit]:
        """The hits in these rows."""
        return [_hit(row) for row in self._read.take(pa.array(rows, pa.int64())).to_pylist()]


def hit_lines(reported: Any) -> Iterator[bytes | memoryview]:
    """The hits of a batch as lines of hits.jsonl, some at a time."""
    for made in _read(reported, (_LINE,))[_LINE].chunks:
        yield from lines.written(made, _NOWHERE, ())


def clear_lines(table: Any) -> pa.Array:
    """The lines of a batch as if no rule fired; see lines."""
    return _read(table)[_LINE].combine_chunks()


def _lines(made: pa.Array) -> bytes:
    return _written(pa.table({_LINE: made}))


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


def some(reported: pa.Table, which: np.ndarray, others: pa.Table, order: np.ndarray) -> pa.Table:
    """The hits of a table that are chosen, and others after them, in this order."""
    return pa.concat_tables([reported.filter(pa.array(which)), others]).take(order)


def placed(table: Any, columns: Mapping[str, np.ndarray]) -> bytes:
    """A table with other numbers in some columns."""
    read = _read(table)
    for name, values in columns.items():
        at = read.schema.get_field_index(name)
        read = read.set_column(at, read.schema.field(at), pa.array(values))
    return _written(read)


def reported(hits: Sequence[Hit]) -> bytes:
    """Hits as reports show them, as Reported reads them."""
    return _written(pa.Table.from_pylist([_row(hit) for hit in hits], schema=_HIT))


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


def spoken(tables: Sequence[Any]) -> list[Spoken]:
    """The texts of some batches with their words, those of parties and those of ships."""
    read, found = pa.concat_tables([_read(table) for table in tables]), list[Spoken]()
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
    both = _read(joined), _read(reported, _HIT.names)
    found = both[0]
    for name in both[1].column_names:
        found = found.append_column(f"reported {name}", both[1][name])
    chosen = pa.array(np.isin(found["position"].to_numpy(), places), pa.bool_())
    dropped = [name for name in found.column_names if name.removeprefix("reported ") in without]
    return found.drop_columns(dropped).filter(chosen)


def differing(place: str, former: pa.Table, table: pa.Table) -> np.ndarray:
    """The places, told by a column, whose rows are others in one table than in the other."""
    if former.equals(table):
        return _NOWHERE
    was, now = (_by_place(one, place) for one in (former, table))
    return np.array(sorted(at for at in was.keys() | now.keys() if was.get(at) != now.get(at)), np.int64)


def _by_place(table: pa.Table, place: str) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    for row in table.to_pylist():
        found.setdefault(row[place], []).append(row)
    return found


def kept_rows(tables: Mapping[str, Any]) -> pa.Table:
    """The records of a batch that go on to the second phase, each with its facts, and `at`."""
    trades, facts = _read(tables["kept"]), _read(tables["facts"])
    for name in facts.column_names:
        trades = trades.append_column(f"fact {name}", facts[name])
    return trades


def shown(joined: Any, reported: Any, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The rows of the hits of the records at these places of a batch, and all that is shown of each."""
    rows = np.flatnonzero(np.isin(_read(joined, ("position",))["position"].to_numpy(), places))
    return rows, _read(reported, (_LINE,))[_LINE].to_numpy()[rows]


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
    fields = [place for column in columns if (place := schema.get_field_index(column)) >= 0]
    read = pa.ipc.open_file(table, options=pa.ipc.IpcReadOptions(included_fields=fields)).read_all()
    return read.select([]) if columns and not fields else read  # no fields stands for all


def _reported(hits: Sequence[Hit]) -> pa.Table:
    return pa.Table.from_pylist([{**_row(hit), _LINE: hit_line(hit)} for hit in hits], schema=_REPORTED)


def _row(hit: Hit) -> dict[str, Any]:
    row = {name: getattr(hit, name) for name in _HIT.names}
    return row | {"features": [feature._asdict() for feature in hit.features], "programmes": list(hit.programmes)}


def _hit(row: dict[str, Any]) -> Hit:
    features = tuple(Feature._make(feature.values()) for feature in row["features"])
    return Hit(**row | {"features": features, "programmes": tuple(row["programmes"])})
