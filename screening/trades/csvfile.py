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


@dataclass(frozen=True, slots=True)
class _Layout:
    """How the rows below the header are written; `damaged` where some bytes do not decode."""

    delimiter: str
    width: int
    first_row: int
    damaged: bool


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

    layout = _Layout(delimiter, len(header), len(above) + 2, found.damaged > 0)

    def tables(wanted: Sequence[int], chunk_rows: int) -> Iterator[Table]:
        with _text(path, found.codec) as file:
            for _ in islice(file, lines):
                pass
            yield from _tables(file, layout, wanted, chunk_rows)

    return Opened(
        "csv",
        tuple(h.strip() for h in header),
        tables,
        len(above) + 1,
        found.codec.removesuffix("-sig"),
        delimiter,
        notices=tuple(notices),
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
                fault = f"has {len(cells)} cell{'s' * (len(cells) != 1)} where the header has {width}"
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


def _tables(file: TextIO, layout: _Layout, wanted: Sequence[int], chunk_rows: int) -> Iterator[Table]:
    chunk = _Chunk(wanted, layout.first_row)
    carried: list[str] = []
    while True:
        fresh = list(islice(file, min(_BLOCK_LINES, chunk_rows)))
        lines = carried + fresh if carried else fresh
        if not lines:
            break
        records = _clean(lines, layout)
        if records is not None:
            chunk.add(records)
            carried = []
        else:
            taken = chunk.add_pieces(_split(lines, layout.delimiter, layout.width, final=not fresh))
            carried = lines[taken:]
        if chunk.size >= chunk_rows:
            yield chunk.table()
            chunk = _Chunk(wanted, chunk.next_row)
    if chunk.size or chunk.blank:
        yield chunk.table()


def _clean(lines: list[str], layout: _Layout) -> list[list[str]] | None:
    """The records of undamaged lines at the speed of C, or None where one needs a closer look."""
    if layout.damaged and _UNDECODED.search("".join(lines)):
        return None
    try:
        records = list(csv.reader(lines, delimiter=layout.delimiter, strict=True))
    except csv.Error:
        return None
    if set(map(len, records)) != {layout.width}:
        return None
    return None if [""] * layout.width in records else records


def _shown(text: str) -> str:
    return _UNDECODED.sub("\ufffd", text)


class _Chunk:
    """Rows gathered until there are enough for a table."""

    def __init__(self, wanted: Sequence[int], next_row: int) -> None:
        self.next_row = next_row
        self.blank = 0
        self._rows: list[np.ndarray] = []
        self._cells: dict[int, list[pa.Array]] = {position: [] for position in wanted}
        self._faults: list[Fault] = []

    @property
    def size(self) -> int:
        """How many rows were gathered, without blank ones."""
        return sum(map(len, self._rows)) + len(self._faults)

    def add(self, records: list[list[str]]) -> None:
        """Take in records that follow each other."""
        self._store(records, np.arange(self.next_row, self.next_row + len(records), dtype=np.int64))
        self.next_row += len(records)

    def add_pieces(self, pieces: Iterator[_Piece]) -> int:
        """Take in what was split with care, and tell how many lines it took."""
        records: list[list[str]] = []
        rows: list[int] = []
        lines = 0
        for piece in pieces:
            if piece.cells is None:
                shown = _UNDECODED.sub("\ufffd", piece.text)
                self._faults.append(Fault(self.next_row, "", shown, piece.reason))
            elif any(piece.cells):
                records.append(piece.cells)
                rows.append(self.next_row)
            else:
                self.blank += 1
            self.next_row += 1
            lines += piece.lines
        self._store(records, np.array(rows, dtype=np.int64))
        return lines

    def _store(self, records: list[list[str]], rows: np.ndarray) -> None:
        columns = list(zip(*records, strict=True))
        for position, arrays in self._cells.items():
            if columns:
                arrays.append(pa.array(columns[position], TEXT))
        self._rows.append(rows)

    def table(self) -> Table:
        """All that was taken in."""
        cells = {position: pa.chunked_array(arrays, TEXT).combine_chunks() for position, arrays in self._cells.items()}
        return Table(np.concatenate(self._rows), cells, faults=tuple(self._faults), blank=self.blank)
