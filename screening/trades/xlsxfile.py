"""Reads Excel workbooks (XLSX): every visible sheet with a header of trade columns; the only door to calamine."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice, repeat
from pathlib import Path
from typing import Any

import numpy as np
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from screening.errors import TradeFileError
from screening.trades.excelerrors import damaged_cells
from screening.trades.table import Doubt, Opened, Recognise, Table
from screening.trades.values import column_text, text_of

OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_HEADER_WITHIN = 40


@dataclass(frozen=True, slots=True)
class _Found:
    """A sheet in which something stands: how many names of its header are known, and where the header is (from 0)."""

    name: str
    names: int
    header: tuple[str, ...]
    at: int
    hidden: bool

    @property
    def chosen(self) -> bool:
        """Whether its header is one of trade columns: a single known word may be chance."""
        return self.names > 1


def open_xlsx(path: Path, known: Recognise, encoding: str | None) -> Opened:
    """The workbook with its sheets and their headers found.

    Raises:
        TradeFileError: it is no workbook, is broken or protected, or is empty.
    """
    book = _book(path)
    found = list(_sheets(book, known, path))
    if not found:
        raise TradeFileError("is empty; a header row and one row per trade record are expected", at=path)
    shown = [sheet for sheet in found if not sheet.hidden and sheet.chosen]
    chosen = shown or [next((sheet for sheet in found if sheet.chosen), max(found, key=lambda sheet: sheet.names))]
    notices = []
    if len(chosen) > 1:
        notices.append(f"the sheets {', '.join(repr(sheet.name) for sheet in chosen)} have a header of trade columns")
    elif len(found) > 1 or chosen[0].hidden:
        notices.append(f"the sheet {chosen[0].name!r} is read")
    if chosen[0].hidden:
        notices.append(f"the sheet {chosen[0].name!r} is hidden")
    for kind, hidden in (("sheets", False), ("hidden sheets", True)):
        if others := [sheet.name for sheet in found if sheet.hidden is hidden and sheet not in chosen]:
            notices.append(f"{kind} that are not read: {', '.join(others)}")
    first, *rest = (_opened(book, sheet, path) for sheet in chosen)
    return replace(first, notices=tuple(notices), others=tuple(rest))


def _sheets(book: CalamineWorkbook, known: Recognise, path: Path) -> Iterator[_Found]:
    """The sheets in which something stands, hidden ones last."""
    shy = {s.name for s in book.sheets_metadata if s.visible is not SheetVisibleEnum.Visible}
    names = [s.name for s in book.sheets_metadata if s.typ is SheetTypeEnum.WorkSheet]
    for name in sorted(names, key=shy.__contains__):
        sheet = _sheet(book, name, path)
        rows = [[text_of(cell) for cell in row] for row in islice(sheet.iter_rows(), _HEADER_WITHIN)]
        counts = [known(row) for row in rows]
        if any(any(row) for row in rows):
            at = counts.index(max(counts)) if max(counts) else next(i for i, row in enumerate(rows) if any(row))
            yield _Found(name, counts[at], tuple(cell.strip() for cell in rows[at]), at, name in shy)


def _opened(book: CalamineWorkbook, found: _Found, path: Path) -> Opened:
    def tables(wanted: Sequence[int], chunk_rows: int) -> Iterator[Table]:
        sheet, damaged = _sheet(book, found.name, path), damaged_cells(path, found.name)
        left = (sheet.start or (0, 0))[1]
        # calamine ends where the last value stands, which may be above the last formula
        end = max([*(down for down, _ in damaged), *(sheet.end or ())[:1]], default=-1) + 1
        empty = [""] * len(found.header)
        rows: Iterator[list[Any]] = islice(chain(sheet.iter_rows(), map(list, repeat(empty))), found.at + 1, end)
        row = found.at + 2
        while some := list(islice(rows, chunk_rows)):
            for (down, right), value in damaged.items():
                if row <= down + 1 < row + len(some) and 0 <= right - left < len(found.header):
                    some[down + 1 - row][right - left] = value
            yield _table(some, row, wanted)
            row += len(some)

    return Opened("xlsx", found.header, tables, found.at + 1, sheet=found.name)


def _book(path: Path) -> CalamineWorkbook:
    with path.open("rb") as file:
        head = file.read(4)
    if head == OLD_EXCEL:
        raise TradeFileError(
            "is an Excel file that is protected by a password or older than XLSX; save it as a plain XLSX", at=path
        )
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
        if "xl/workbook.xml" not in names:
            raise TradeFileError("is a ZIP archive but no XLSX workbook; unpack it, or save it as XLSX", at=path)
        return CalamineWorkbook.from_path(str(path))
    except PasswordError as error:
        raise TradeFileError("is protected by a password; save it without", at=path) from error
    except (zipfile.BadZipFile, CalamineError) as error:
        raise TradeFileError(f"is no whole XLSX workbook ({error})", at=path) from error


def _sheet(book: CalamineWorkbook, name: str, path: Path) -> CalamineSheet:
    try:
        return book.get_sheet_by_name(name)
    except CalamineError as error:
        raise TradeFileError(f"has a sheet {name!r} that cannot be read ({error})", at=path) from error


def _table(rows: list[list[Any]], first: int, wanted: Sequence[int]) -> Table:
    """The rows in which something stands."""
    filled = np.fromiter((any(cell != "" for cell in row) for row in rows), np.bool_, len(rows))
    columns = list(zip(*(row for row, stands in zip(rows, filled, strict=True) if stands), strict=True))
    cells, native, doubts = {}, {}, list[Doubt]()
    for position in wanted:
        values = columns[position] if columns else ()
        cells[position], typed, rounded = column_text(values, position)
        if typed is not None:
            native[position] = typed
        doubts += rounded
    numbers = np.arange(first, first + len(rows), dtype=np.int64)[filled]
    return Table(numbers, cells, native, tuple(doubts), blank=int((~filled).sum()))
