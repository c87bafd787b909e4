"""Reads delimited text: delimiter, encoding and header found by themselves, a damaged row told from its neighbours.

The splitting is the standard library's csv module in strict mode. pyarrow.csv is faster, but it reads an unclosed
quote as text and takes the rows that follow into one cell without a word; here such a row is rejected alone and reading
goes on with the line after it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TextIO

import numpy as np
import pyarrow as pa

from screening.errors import TradeFileError
from screening.trades.encoding import find_encoding
from screening.trades.table import TEXT, Fault, Opened, Recognise, Table

_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_LINES = 400
_HEADER_WITHIN = 40  # records
_BLOCK_LINES = 1000  # small enough to stay in the processor's cache: three times as fast as 100,000
_UNDECODED = re.compile("[\udc80-\udcff]")
_SEP = re.compile(r"sep=(.)\s*", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Piece:
    """The outcome of splitting at one place: cells, or why there are none; `lines` is how many lines it took."""

    lines: int
    cells: list[str] | None
    text: str = ""
    reason: str = ""


def open_csv(path: Path, known: Recognise, encoding: str | None) -> Opened:
    """The file with its delimiter, encoding and header found.

    Raises:
        TradeFileError: the file is no text, is empty, or no encoding fits.
    """
    found = find_encoding(path, encoding)
    with _text(path, found.codec) as file:
        sample = list(islice(file, _SAMPLE_LINES))
    if not "".join(sample).strip():
        raise TradeFileError("is empty; a header row and one row per trade record are expected", at=path)
    delimiter, header, above, lines = _header(sample, known)
    notices = list(found.notices)
    told = above[1:] if _SEP.fullmatch(sample[0].lstrip("\ufeff")) else above
    if said := [cell for row in told for cell in row if cell.strip()]:
        notices.append(f"the rows above the header (row {len(above) + 1}) are not records: {' | '.join(said)[:200]}")

    def tables(wanted: Sequence[int], chunk_rows: int) -> Iterator[Table]:
        with _text(path, found.codec) as file:
            for _ in islice(file, lines):
                pass
            yield from _tables(file, delimiter, len(header), wanted, len(above) + 2, chunk_rows)

    return Opened(
        "csv", tuple(h.strip() for h in header), tables, len(above) + 1, found.codec, delimiter, notices=tuple(notices)
    )


def _text(path: Path, codec: str) -> TextIO:
    """The file as lines that keep their ends; bytes that do not decode become lone surrogates."""
    return path.open(encoding=codec, errors="surrogateescape", newline="")


def _header(sample: list[str], known: Recognise) -> tuple[str, list[str], list[list[str]], int]:
    """Delimiter, header cells, the rows above, and the number of lines down to the header's end.

    The header is the row, near the top, that holds most known names; where no row holds any, the first one that is not
    empty, so that its names can be told.
    """
    stated = _SEP.fullmatch(sample[0].lstrip("\ufeff"))
    best: tuple[int, int, str, list[list[str]], int] = (-1, 0, ",", [], 0)
    for delimiter in (stated[1],) if stated else _DELIMITERS:
        rows: list[list[str]] = []
        lines = 0
        for piece in islice(_split(sample, delimiter, None, final=True), _HEADER_WITHIN):
            rows.append(piece.cells or [])
            lines += piece.lines
            names = 0 if stated and len(rows) == 1 else known(rows[-1])
            filled = len(rows[-1]) if any(cell.strip() for cell in rows[-1]) and not best[0] > 0 else 0
            if (names, 0 if names else filled) > best[:2]:
                best = (names, 0 if names else filled, delimiter, list(rows), lines)
    _, _, delimiter, rows, lines = best
    return delimiter, rows[-1], rows[:-1], lines


def _split(lines: Sequence[str], delimiter: str, width: int | None, *, final: bool) -> Iterator[_Piece]:
    """One piece per record or damaged line; stops before a record that goes on past lines that are not `final`."""
    at = 0
    while at < len(lines):
        ended = False

        def feed(start: int) -> Iterator[str]:
            nonlocal ended
            yield from islice(lines, start, None)
            ended = True

        reader = csv.reader(feed(at), delimiter=delimiter, strict=True)
        start, before = at, 0
        while at < len(lines):
            try:
                cells = next(reader)
                fault = ""
            except csv.Error as error:
                if ended and not final and "field larger" not in str(error):
                    return
                cells, fault = [], _told(error, ended)
            span, before = reader.line_num - before, reader.line_num
            text = "".join(islice(lines, at, at + span))
            if not fault and width is not None and cells and len(cells) != width:
                fault = f"has {len(cells)} cells where the header has {width}"
            if not fault and _UNDECODED.search(text):
                fault = "holds bytes that are no text in the file's encoding"
            if not fault:
                yield _Piece(span, cells)
                at += span
                continue
            yield _Piece(1, None, lines[at].rstrip("\r\n"), fault if span == 1 else _UNCLOSED)
            at += 1
            if span > 1:
                break  # the lines after the first are read anew
        else:
            return
        assert at > start


_UNCLOSED = "opens a quote that is not closed in the same row"


def _told(error: csv.Error, ended: bool) -> str:
    if ended or "field larger" in str(error):
        return _UNCLOSED
    return "has text after a closing quote; a quote inside a quoted cell must be doubled"


def _tables(
    file: TextIO, delimiter: str, width: int, wanted: Sequence[int], row: int, chunk_rows: int
) -> Iterator[Table]:
    chunk = _Chunk(wanted)
    carried: list[str] = []
    while True:
        fresh = list(islice(file, min(_BLOCK_LINES, chunk_rows)))
        lines = carried + fresh if carried else fresh
        carried = []
        if not lines:
            break
        records = _clean(lines, delimiter, width)
        if records is not None:
            chunk.add(records, np.arange(row, row + len(records), dtype=np.int64))
            row += len(records)
        else:
            taken = 0
            rows: list[int] = []
            records = []
            for piece in _split(lines, delimiter, width, final=not fresh):
                if piece.cells is None:
                    chunk.faults.append(Fault(row, "", _shown(piece.text), piece.reason))
                elif any(piece.cells):
                    records.append(piece.cells)
                    rows.append(row)
                else:
                    chunk.blank += 1
                row += 1
                taken += piece.lines
            carried = lines[taken:]
            chunk.add(records, np.array(rows, dtype=np.int64))
        if chunk.size >= chunk_rows:
            yield chunk.table()
            chunk = _Chunk(wanted)
    if chunk.size or chunk.blank:
        yield chunk.table()


def _clean(lines: list[str], delimiter: str, width: int) -> list[list[str]] | None:
    """The records of undamaged lines at the speed of C, or None where one needs a closer look."""
    try:
        records = list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    if set(map(len, records)) != {width}:
        return None
    return None if [""] * width in records else records


def _shown(text: str) -> str:
    return _UNDECODED.sub("\ufffd", text)


class _Chunk:
    """Rows gathered until there are enough for a table."""

    def __init__(self, wanted: Sequence[int]) -> None:
        self.wanted = wanted
        self.rows: list[np.ndarray] = []
        self.cells: dict[int, list[pa.Array]] = {position: [] for position in wanted}
        self.faults: list[Fault] = []
        self.blank = 0
        self.size = 0

    def add(self, records: list[list[str]], rows: np.ndarray) -> None:
        """Take the records in, column by column."""
        columns = list(zip(*records, strict=True))
        for position, arrays in self.cells.items():
            if columns:
                arrays.append(pa.array(columns[position], TEXT))
        self.rows.append(rows)
        self.size = sum(map(len, self.rows)) + len(self.faults)

    def table(self) -> Table:
        """All that was taken in."""
        cells = {position: pa.chunked_array(arrays, TEXT).combine_chunks() for position, arrays in self.cells.items()}
        return Table(np.concatenate(self.rows), cells, faults=tuple(self.faults), blank=self.blank)
