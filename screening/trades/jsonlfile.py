"""Reads JSON Lines, one object a line; a line that is none is rejected alone. The only place that asks msgspec."""

from __future__ import annotations

import json
import re
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
_KEY = re.compile(rb'"[ \t\r\n]*:')


def open_jsonl(path: Path, known: Recognise, encoding: str | None) -> Opened:
    """The file with all keys that occur in it; those inside an object are named after both, as in vessel.name.

    Raises:
        TradeFileError: the file is one JSON array, or no line of it is an object.
    """
    keys: dict[str, bool] = {}  # every name, and whether a line has more than an object or null under it
    within: dict[str, set[str]] = {}  # of names with an object under them, those inside it
    alone: set[str] = set()  # names that stand by themselves in a line
    faults = lines = 0
    first = ""
    with path.open("rb") as file:
        for some in _blocks(file, _BLOCK_LINES):
            for decoded in map(_decode, some):
                if isinstance(decoded, dict):
                    _take_in(keys, within, alone, decoded)
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
    for name, inner in within.items():
        keys[name] = keys[name] or bool(known([name]) and not any(known([one]) for one in inner))
    headers = tuple(name for name, stands in keys.items() if stands or name not in within)

    def tables(wanted: Sequence[int], chunk_rows: int) -> Iterator[Table]:
        row = 1
        with path.open("rb") as opened:
            for some in _blocks(opened, chunk_rows):
                yield _table(some, row, headers, wanted, sound=not faults)
                row += len(some)

    inside = {one: name for name, inner in within.items() for one in inner - alone}
    return Opened("jsonl", headers, tables, inside=inside)


def _blocks(file: Any, size: int) -> Iterator[list[bytes]]:
    first = True
    while lines := list(islice(file, size)):
        if first:
            lines[0] = lines[0].removeprefix(_BOM)
        first = False
        yield lines


def _take_in(keys: dict[str, bool], within: dict[str, set[str]], alone: set[str], decoded: dict[str, Any]) -> None:
    """Note the names of a line, which of them hold objects, and which stand in none."""
    if {dict, type(None)}.isdisjoint(map(type, decoded.values())):
        keys.update(dict.fromkeys(decoded, True))
        alone.update(decoded)
        return
    inner: set[str] = set()
    for name, value in decoded.items():
        if type(value) is dict and value:
            keys.setdefault(name, False)
            some = {f"{name}.{key}" for key in value}
            within.setdefault(name, set()).update(some)
            inner |= some
        elif value is not None and type(value) is not dict:
            keys[name] = True
        else:
            keys.setdefault(name, False)
    alone.update(decoded.keys() - inner)


def _decode(line: bytes, *, sound: bool = False) -> dict[str, Any] | str | None:
    """The values of a line by name, None where nothing stands in it, or why it is no object.

    What stands in an object within stands under both names, and the object itself under its own.
    """
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
    if not sound and (repeated := _repeated(line, read)):
        return repeated
    if dict not in map(type, read.values()):
        return read
    flat: dict[str, Any] = {}
    for name, value in read.items():
        inner = {f"{name}.{key}": v for key, v in value.items()} if isinstance(value, dict) else {}
        inner[name] = value
        if clash := flat.keys() & inner.keys():
            return _TWICE.format(min(clash))
        flat |= inner
    return flat


_TWICE = "holds {!r} twice, and which of the two is meant cannot be told"


def _repeated(line: bytes, read: dict[str, Any]) -> str:
    """Why a line is not read in which a name stands twice in one object, '' where none does.

    Every name has a colon and a closing quote before it, so where there are no more of these than names that were kept,
    none was dropped; only other lines are parsed a second time, with all their names.
    """
    kept = len(read) if {dict, list}.isdisjoint(map(type, read.values())) else _names(read)
    if line.count(b":") == kept or len(_KEY.findall(line)) == kept:
        return ""
    twice: list[str] = []

    def gather(pairs: list[tuple[str, Any]]) -> None:
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                twice.append(name)
            seen.add(name)

    try:
        json.loads(line, object_pairs_hook=gather)
    except (ValueError, RecursionError) as error:
        return f"is no JSON: {error}"
    return _TWICE.format(twice[0]) if twice else ""


def _names(value: Any) -> int:
    """How many names the objects hold, one within the other."""
    if not isinstance(value, dict | list):
        return 0
    inner = list(value.values()) if isinstance(value, dict) else value
    own = len(value) if isinstance(value, dict) else 0
    if {dict, list} & set(map(type, inner)):
        own += sum(map(_names, inner))
    return own


def _table(lines: list[bytes], first: int, headers: Sequence[str], wanted: Sequence[int], *, sound: bool) -> Table:
    """The records of some lines; `sound` says that no line of the file has a fault, so that none is looked for."""
    names = [headers[position] for position in wanted]
    records: list[dict[str, Any]] = []
    rows: list[int] = []
    faults: list[Fault] = []
    blank = 0
    kinds = {list, dict}
    for row, decoded in enumerate((_decode(line, sound=sound) for line in lines), first):
        if decoded is None:
            blank += 1
        elif isinstance(decoded, str):
            faults.append(Fault(row, "", _shown(lines[row - first]), decoded))
        elif not kinds.isdisjoint(map(type, map(decoded.get, names))) and (fault := _nested(row, decoded, names)):
            faults.append(fault)
        else:
            records.append(decoded)
            rows.append(row)
    cells, native, doubts = {}, {}, list[Doubt]()
    for position, name in zip(wanted, names, strict=True):
        cells[position], typed, rounded = column_text([_single(record.get(name, "")) for record in records], position)
        if typed is not None:
            native[position] = typed
        doubts += rounded
    return Table(np.array(rows, dtype=np.int64), cells, native, tuple(doubts), tuple(faults), blank)


def _nested(row: int, decoded: dict[str, Any], names: Sequence[str]) -> Fault | None:
    """The fault of a line with a list or an object in a column that is read; an empty one is no value."""
    for name in names:
        value = decoded.get(name)
        if isinstance(value, list | dict) and value:
            reason = f"{name!r} is a list; a single value is expected"
            if isinstance(value, dict):
                reason = (
                    f"{name!r} is an object, none of whose values is read; a single value is expected in every line, "
                    f"or an object in every line with its value named in --mapping, as '{name}.{next(iter(value))}'"
                )
            return Fault(row, name, json.dumps(value, ensure_ascii=False, default=str), reason)
    return None


def _single(value: Any) -> Any:
    """The value, nothing for an empty list or object."""
    return "" if isinstance(value, list | dict) else value


def _shown(line: bytes) -> str:
    return line.decode("utf-8", "replace").rstrip("\r\n")
