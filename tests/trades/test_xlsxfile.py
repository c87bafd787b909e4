"""Specifies screening.trades.xlsxfile: sheets, typed cells, and workbooks that cannot be read."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from screening import trades
from screening.errors import TradeFileError


def saved(path: Path, sheets: dict[str, list[list[object]]], hidden: tuple[str, ...] = ()) -> Path:
    """A workbook with these sheets."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        sheet.sheet_state = "hidden" if name in hidden else "visible"
    book.save(path)
    return path


HEADER: list[object] = ["Date", "Shipper", "IMO", "HS", "Quantity", "Committee notice"]


def test_typed_cells_become_the_text_a_person_would_type(tmp_path: Path) -> None:
    """Dates are days, whole numbers have no point, zeros in front stay where the cell is text."""
    rows: list[list[object]] = [
        HEADER,
        [datetime(2024, 3, 7), "A", 9179842, "030363", 2950.5, True],
        [date(2024, 3, 8), "B", "9179842", 271019.0, "1 234,5", "нет"],
        ["2024-03-09", "=1+1", None, None, 1.234, None],
    ]
    book = openpyxl.load_workbook(saved(tmp_path / "t.xlsx", {"Sheet1": rows}))
    book.worksheets[0]["B4"].data_type = "s"
    book.save(tmp_path / "t.xlsx")
    reading = trades.read(tmp_path / "t.xlsx")
    (batch,) = reading
    frame = batch.frame
    assert list(frame["date"]) == ["2024-03-07", "2024-03-08", "2024-03-09"]
    assert list(frame["imo"]) == ["9179842", "9179842", ""]
    assert list(frame["hs"]) == ["030363", "271019", ""]
    assert list(frame["amount"]) == [2950.5, 1234.5, 1.234]
    assert list(frame["committee_notice"]) == ["yes", "no", ""]
    assert frame.loc[2, "shipper"] == "=1+1"
    assert list(frame["row"]) == [2, 3, 4]
    assert batch.marks.empty
    assert reading.inputs[0].notices == ()  # the dot of a typed number is no question


def test_a_typed_number_or_date_is_not_read_by_the_mapping(tmp_path: Path) -> None:
    """A stated decimal comma or order of days concerns text; a number cell is what it is."""
    rows: list[list[object]] = [
        HEADER,
        [datetime(2024, 3, 7), "A", None, None, 1.234, None],
        ["03/04/2024", "B", None, None, "1.234", None],
    ]
    mapping = trades.Mapping(decimal=",", date_format="%d/%m/%Y")
    (batch,) = trades.read(saved(tmp_path / "t.xlsx", {"S": rows}), mapping)
    assert list(batch.frame["amount"]) == [1.234, 1234]
    assert list(batch.frame["shipped_on"].dt.strftime("%Y-%m-%d")) == ["2024-03-07", "2024-04-03"]


def test_a_number_beyond_fifteen_digits_is_marked(tmp_path: Path) -> None:
    """A spreadsheet has already rounded it; a number of fifteen digits is exact."""
    rows: list[list[object]] = [HEADER, ["2024-03-07", "A", 12345678901234567890, 123456789012345, 45358, None]]
    (batch,) = trades.read(saved(tmp_path / "t.xlsx", {"S": rows}))
    assert batch.frame.loc[0, "unreadable"] == "imo"
    assert batch.frame.loc[0, "hs"] == "123456789012345"
    assert "15 digits" in batch.marks.loc[0, "reason"]


def test_an_error_of_the_spreadsheet_is_marked(tmp_path: Path) -> None:
    """A cell that shows #REF! is no empty cell: it is kept as it shows and marked, wherever the sheet begins."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row, cells in enumerate([HEADER, ["#N/A", "A"], ["2024-03-07", "#REF!"], ["2024-03-08", "B"]], 3):
        for column, value in enumerate(cells, 2):
            cell = sheet.cell(row, column, value)
            cell.data_type = "e" if str(value).startswith("#") else cell.data_type
    book.save(tmp_path / "t.xlsx")
    for chunk_rows in (1, 100):
        batches = list(trades.read(tmp_path / "t.xlsx", chunk_rows=chunk_rows))
        found = [tuple(r) for b in batches for r in b.frame[["row", "date", "shipper", "unreadable"]].to_numpy()]
        assert found == [(4, "#N/A", "A", "date"), (5, "2024-03-07", "#REF!", "shipper"), (6, "2024-03-08", "B", "")]
        assert "error of the spreadsheet" in batches[0].marks.loc[0, "reason"]


def test_a_serial_number_that_is_no_date_cell_is_no_date(tmp_path: Path) -> None:
    """45358 without a date format could be anything."""
    (batch,) = trades.read(saved(tmp_path / "t.xlsx", {"S": [HEADER, [45358, "A"]]}))
    assert batch.frame.loc[0, "unreadable"] == "date"


@pytest.mark.parametrize("serial", [0, 1, 366, 1462])
def test_a_date_cell_of_nothing_is_no_date(tmp_path: Path, serial: int) -> None:
    """A spreadsheet shows the serial numbers of nothing as days of 1900 to 1904."""
    book = openpyxl.load_workbook(saved(tmp_path / "t.xlsx", {"S": [HEADER, [serial, "A"], [45358, "B"]]}))
    for cell in ("A2", "A3"):
        book.worksheets[0][cell].number_format = "yyyy-mm-dd"
    book.save(tmp_path / "t.xlsx")
    (batch,) = trades.read(tmp_path / "t.xlsx")
    assert list(batch.frame["unreadable"]) == ["date", ""]
    assert batch.frame["shipped_on"].isna().tolist() == [True, False]


@pytest.mark.parametrize("chunk_rows", [1, 100])
def test_a_formula_without_a_value_is_marked(tmp_path: Path, chunk_rows: int) -> None:
    """It is no empty cell, and a row of nothing else at the end is no missing row; an empty text is a value."""
    some, none = ["2024-03-07", "=B9&A1", None, None, "=1+1"], ["=A2", "=B2", None, None, "=E2"]
    rows: list[list[object]] = [HEADER, some, [], none]
    path = saved(tmp_path / "t.xlsx", {"S": rows})
    batches = list(trades.read(path, chunk_rows=chunk_rows))
    found = [tuple(r) for b in batches for r in b.frame[["row", "shipper", "unreadable"]].to_numpy()]
    assert found == [(2, "=B9&A1", "shipper;quantity"), (4, "=B2", "date;shipper;quantity")]
    assert "formula whose value" in batches[0].marks.loc[0, "reason"]
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part.replace(b'<c r="E2">', b'<c r="E2" t="str">'))
    assert next(trades.read(path)).frame.loc[0, "unreadable"] == "shipper"


def test_every_visible_sheet_of_trade_records_is_read_and_the_others_told(tmp_path: Path) -> None:
    """Cover sheets are passed over, a header may stand lower, a further sheet is a source with counts of its own."""
    sheets: dict[str, list[list[object]]] = {
        "Old": [HEADER, ["2020-01-01", "Hidden"]],
        "Cover": [["Cargo report"]],
        "March": [["March 2024"], [], [None, *HEADER], [None, "2024-03-07", "A"], [], [None, "2024-03-08", "B"]],
        "Ports": [["Load port", "Discharge port"], ["Rajin", "Dunay"]],
        "April": [HEADER, ["2024-04-01", "C"], ["2024-04-02", None]],
    }
    reading = trades.read(saved(tmp_path / "t.xlsx", sheets, hidden=("Old",)))
    batch, april = reading
    info, further = reading.inputs
    assert (list(batch.frame["shipper"]), list(batch.frame["row"])) == (["A", "B"], [4, 6])
    assert (info.source, info.sheet, info.header_row, info.blank) == ("t.xlsx", "March", 3, 1)
    assert info.notices[1:4] == (
        "sheets that are not read: Cover",
        "hidden sheets that are not read: Old",
        "sheets that are not read, having no date or nothing to screen: Ports",
    )
    assert (list(april.frame["shipper"]), list(april.frame["source"])) == (["C"], ["t.xlsx [April]"])
    assert (further.source, further.rows, further.rejected) == ("t.xlsx [April]", 2, 1)
    assert (further.path, further.sha256, further.notices) == (info.path, info.sha256, ())


def test_a_sheet_of_trade_records_that_is_not_clear_is_refused(tmp_path: Path) -> None:
    """Two columns for one are as wrong on the second sheet as on the first, and the sheet is named."""
    sheets: dict[str, list[list[object]]] = {
        "May": [HEADER, ["2024-03-07", "A"]],
        "June": [["Date", "Shipper", "Shipper"], ["2024-06-07", "A", "B"]],
    }
    with pytest.raises(TradeFileError, match=r"t\.xlsx \[June\]: has two columns for shipper"):
        trades.read(saved(tmp_path / "t.xlsx", sheets))


def test_a_hidden_sheet_is_read_where_no_other_has_records(tmp_path: Path) -> None:
    """It is told that the sheet is hidden."""
    sheets: dict[str, list[list[object]]] = {"Cover": [["Cargo report"]], "Old": [HEADER, ["2020-01-01", "Hidden"]]}
    reading = trades.read(saved(tmp_path / "t.xlsx", sheets, hidden=("Old",)))
    assert list(next(reading).frame["shipper"]) == ["Hidden"]
    assert "the sheet 'Old' is hidden" in reading.inputs[0].notices


def test_chunks_make_no_difference(tmp_path: Path) -> None:
    """Rows are the same however many are held at once."""
    rows: list[list[object]] = [
        HEADER,
        *[[datetime(2024, 3, 1 + n), f"S{n}", None if n % 2 else 9179842, "x", n, ""] for n in range(9)],
    ]
    path = saved(tmp_path / "t.xlsx", {"S": rows})
    (whole,) = trades.read(path)
    parts = list(trades.read(path, chunk_rows=2))
    assert [len(part.frame) for part in parts] == [2, 2, 2, 2, 1]
    assert [s for part in parts for s in part.frame["shipper"]] == list(whole.frame["shipper"])


def _zip(names: list[str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"PK\x03\x04 and no more", "no whole XLSX"),
        (_zip(["letter.docx"]), "ZIP archive but no XLSX"),
        (_zip(["xl/workbook.xml"]), "no whole XLSX"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "password"),
        (b"date,shipper\n", "no whole XLSX"),
        (b"", "is empty"),
    ],
)
def test_a_broken_or_protected_workbook_is_refused(tmp_path: Path, content: bytes, says: str) -> None:
    """One sentence, whatever is wrong with it."""
    path = tmp_path / "t.xlsx"
    path.write_bytes(content)
    with pytest.raises(TradeFileError, match=says):
        trades.read(path)


def test_a_workbook_cut_short_is_refused(tmp_path: Path) -> None:
    """Half a workbook is none."""
    path = saved(tmp_path / "t.xlsx", {"S": [HEADER, ["2024-03-07", "A"]]})
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(TradeFileError, match="no whole XLSX"):
        trades.read(path)


@pytest.mark.parametrize(
    ("sheets", "says"), [({"S": []}, "is empty"), ({"S": [["foo", "bar"], [1, 2]]}, "found: foo, bar")]
)
def test_a_workbook_without_a_known_column_is_refused(
    tmp_path: Path, sheets: dict[str, list[list[object]]], says: str
) -> None:
    """What was found is told."""
    with pytest.raises(TradeFileError, match=says):
        trades.read(saved(tmp_path / "t.xlsx", sheets))
