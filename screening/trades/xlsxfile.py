"""Reads Excel workbooks (XLSX): the first sheet with a header of trade columns; the only place that asks calamine."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from itertools import islice
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
from screening.trades.excelerrors import error_cells
from screening.trades.table import Doubt, Opened, Recognise, Table
from screening.trades.values import Damaged, column_text, text_of

OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_HEADER_WITHIN = 40


def open_xlsx(path: Path, known: Recognise, encoding: str | None) -> Opened:
    """The workbook with its sheet and header found.

    Raises:
        TradeFileError: it is no workbook, is broken or protected, or is empty.
    """
    book = _book(path)
    found: list[tuple[str, int, list[str], int]] = []  # sheet, known names, header, row
    shy = [s.name for s in book.sheets_metadata if s.visible is not SheetVisibleEnum.Visible]
    sheets = [s.name for s in book.sheets_metadata if s.typ is SheetTypeEnum.WorkSheet]
    for name in sorted(sheets, key=shy.__contains__):
        sheet = _sheet(book, name, path)
        rows = [[text_of(cell) for cell in row] for row in islice(sheet.iter_rows(), _HEADER_WITHIN)]
        counts = [known(row) for row in rows]
        if rows and any(any(row) for row in rows):
            best = counts.index(max(counts)) if max(counts) else next(i for i, row in enumerate(rows) if any(row))
            found.append((name, counts[best], rows[best], best))
    if not found:
        raise TradeFileError("is empty; a header row and one row per trade record are expected", at=path)
    name, _, header, at = next((sheet for sheet in found if sheet[1] > 1), max(found, key=lambda sheet: sheet[1]))
    notices = [f"the sheet {name!r} is read"] if len(found) > 1 or name in shy else []
    if name in shy:
        notices.append(f"the sheet {name!r} is hidden")
    if others := [sheet for sheet, *_ in found if sheet != name]:
        notices.append(f"sheets that are not read: {', '.join(others)}")

    def tables(wanted: Sequence[int], chunk_rows: int) -> Iterator[Table]:
        sheet, errors = _sheet(book, name, path), error_cells(path, name)
        rows = islice(sheet.iter_rows(), at + 1, None)
        left = (sheet.start or (0, 0))[1]
        row = at + 2
        while some := list(islice(rows, chunk_rows)):
            for (down, right), text in errors.items():
                if row <= down + 1 < row + len(some) and right >= left:
                    some[down + 1 - row][right - left] = Damaged(text)
            yield _table(some, row, wanted)
            row += len(some)

    return Opened("xlsx", tuple(cell.strip() for cell in header), tables, at + 1, sheet=name, notices=tuple(notices))


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
