"""Reads JSON Lines, one object a line; a line that is none is rejected alone. The only place that asks msgspec."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from screening.errors import TradeFileError
from screening.trades.table import Doubt, Fault, Opened, Recognise, Table
from screening.trades.values import column_text

_DECODER = msgspec.json.Decoder(dict[str, Any], float_hook=Decimal)
_BLOCK_LINES = 10_000
_BOM = b"\xef\xbb\xbf"


def open_jsonl(path: Path, known: Recognise, encoding: str | None) -> Opened:
    """The file with all keys that occur in it; those inside an object are named after both, as in vessel.name.

    Raises:
        TradeFileError: the file is one JSON array, or no line of it is an object.
    """
    keys: dict[str, None] = {}
    faults = lines = 0
    first = ""
    with path.open("rb") as file:
        for some in _blocks(file, _BLOCK_LINES):
            for decoded in map(_decode, some):
                if isinstance(decoded, dict):
                    keys.update(dict.fromkeys(decoded))
                elif decoded is not None:
                    faults += 1
                    first = first or decoded
                lines += decoded is not None
    if not lines:
        raise TradeFileError("is empty; one JSON object per line is expected", at=path)
    if faults == lines:
        with path.open("rb") as file:
            array = file.read(64).removeprefix(_BOM).lstrip().startswith(b"[")
        if array:
            raise TradeFileError("is one JSON array; one object per line is expected", at=path)
        raise TradeFileError(f"holds no JSON object on any line; the first {first}", at=path)
    headers = tuple(keys)

    def tables(wanted: Sequence[int], chunk_rows: int) -> Iterator[Table]:
        row = 1
        with path.open("rb") as opened:
            for some in _blocks(opened, chunk_rows):
                yield _table(some, row, headers, wanted)
                row += len(some)

    return Opened("jsonl", headers, tables)


def _blocks(file: Any, size: int) -> Iterator[list[bytes]]:
    first = True
    while lines := list(islice(file, size)):
        if first:
            lines[0] = lines[0].removeprefix(_BOM)
        first = False
        yield lines


def _decode(line: bytes) -> dict[str, Any] | str | None:
    """The values of a line by name, None where nothing stands in it, or why it is no object."""
    if not line.strip():
        return None
    try:
        read = _DECODER.decode(line)
    except UnicodeDecodeError:
        return "is not written in UTF-8"
    except msgspec.ValidationError:
        return "is no JSON object"
    except (msgspec.DecodeError, RecursionError) as error:
        return f"is no JSON: {error}"
    if dict not in map(type, read.values()):
        return read
    flat: dict[str, Any] = {}
    for name, value in read.items():
        inner = {f"{name}.{key}": v for key, v in value.items()} if isinstance(value, dict) else {name: value}
        if clash := flat.keys() & inner.keys():
            return f"holds {min(clash)!r} twice"
        flat |= inner
    return flat


def _table(lines: list[bytes], first: int, headers: Sequence[str], wanted: Sequence[int]) -> Table:
    names = [headers[position] for position in wanted]
    records: list[dict[str, Any]] = []
    rows: list[int] = []
    faults: list[Fault] = []
    blank = 0
    for row, decoded in enumerate(map(_decode, lines), first):
        if decoded is None:
            blank += 1
        elif isinstance(decoded, str):
            faults.append(Fault(row, "", _shown(lines[row - first]), decoded))
        elif {list, dict} & {type(decoded.get(name)) for name in names}:
            name = next(name for name in names if isinstance(decoded.get(name), list | dict))
            faults.append(
                Fault(row, name, str(decoded[name]), "is a list or an object within one; a single value is expected")
            )
        else:
            records.append(decoded)
            rows.append(row)
    cells, native, doubts = {}, {}, list[Doubt]()
    for position, name in zip(wanted, names, strict=True):
        cells[position], typed, rounded = column_text([record.get(name, "") for record in records], position)
        if typed is not None:
            native[position] = typed
        doubts += rounded
    return Table(np.array(rows, dtype=np.int64), cells, native, tuple(doubts), tuple(faults), blank)


def _shown(line: bytes) -> str:
    return line.decode("utf-8", "replace").rstrip("\r\n")
