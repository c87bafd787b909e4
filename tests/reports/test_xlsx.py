"""The workbook, opened by two readers that are not ours."""

from __future__ import annotations

import errno
import os
import time
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from python_calamine import CalamineWorkbook

from screening import reports
from screening.errors import ReportError
from screening.model import REJECT_COLUMNS, Results
from screening.reports import xlsx
from screening.signs import legible
from tests.reports.conftest import make_results


def opened(results: Results, folder: Path) -> Workbook:
    xlsx.write(results, folder)
    return load_workbook(folder / xlsx.NAME)


def table(book: Workbook, name: str) -> list[dict[str, object]]:
    header, *rows = book[name].iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in rows]


def calamine(folder: Path, name: str) -> list[list[object]]:
    return CalamineWorkbook.from_path(str(folder / xlsx.NAME)).get_sheet_by_name(name).to_python(skip_empty_area=False)


def rejecting(results: Results, values: list[str]) -> Results:
    """The results with rejected rows whose cells hold these values."""
    rows = [("may.csv", n, "goods", value, "is odd") for n, value in enumerate(values, 2)]
    return replace(results, rejects=pd.DataFrame(rows, columns=list(REJECT_COLUMNS), dtype=object))


def test_four_sheets_with_a_frozen_header_filters_and_widths(results: Results, tmp_path: Path) -> None:
    """Alerts, hits, rejects and run; the filter spans the table."""
    book = opened(results, tmp_path)
    assert book.sheetnames == ["alerts", "hits", "rejects", "run"]
    for sheet in book:
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref == sheet.dimensions
        assert sheet["A1"].font.bold
        assert sheet.column_dimensions["A"].width > 10
    assert [path.name for path in tmp_path.iterdir()] == ["alerts.xlsx"]


def test_an_alert_is_a_row_with_its_record(results: Results, tmp_path: Path) -> None:
    """What an officer sorts by, what the record says, the reason and the law."""
    rows = table(opened(results, tmp_path), "alerts")
    assert [row["alert_id"] for row in rows] == [alert.alert_id for alert in results.alerts]
    ban = rows[1]
    assert ban["reason"] == results.alerts[1].reason
    assert ban["citations"] == "UNSCR 2371 (2017), paragraph 6 (unverified)"
    assert (ban["source"], ban["row"], ban["vessel"], ban["imo"]) == ("may.csv", 2, "PAEK YANG SAN 1", "9020534")
    assert rows[4]["records"] == "T-001; T-002"
    assert rows[5]["lifted_by"] == "EX-HUMANITARIAN: letter 1718/24 covers it"


def test_a_hit_is_a_row_with_what_was_compared(results: Results, tmp_path: Path) -> None:
    """Scores and rows are numbers, IMO numbers stay text, days are ISO 8601."""
    ship, party, weak = table(opened(results, tmp_path), "hits")
    assert (party["value"], party["listed_name"], party["score"]) == ("ООО Трансморфлот", "LLC TRANSMORFLOTT", 91.4)
    assert isinstance(ship["row"], int)
    assert (ship["listed_on"], party["listed_on"]) == (date(2018, 3, 30).isoformat(), None)
    assert str(ship["compared"]).startswith("IMO number: 9020534 ~ 9020534 (+70.0); ship name: ")
    assert weak["status"] == "weak"


def test_the_run_tells_counts_inputs_and_lists_and_no_time(results: Results, tmp_path: Path) -> None:
    """Every row is accounted for here too."""
    rows = table(opened(results, tmp_path), "run")
    counts = {row["of"]: row["value"] for row in rows if row["what"] == "rows"}
    assert counts.pop("rows_read") == sum(counts.values()) == 7
    told = {(row["what"], row["of"]): row["value"] for row in rows}
    assert told["inputs", "1 sha256"] == "1f" * 32
    assert told["sources", "1 published"] == "2023-12-28"
    assert (told["fail on", None], told["exit code", None]) == ("possible_violation", 1)
    assert (told["sheets", "alerts"], told["sheets", "hits"], told["sheets", "rejects"]) == (6, 3, 2)
    assert told["regimes", None] == "UN; US; EU; RF"
    assert not {"started", "finished", "timings"} & {row["what"] for row in rows}


def test_both_readers_see_the_same(results: Results, tmp_path: Path) -> None:
    """Cell for cell, in every sheet."""
    book = opened(results, tmp_path)
    for sheet in book:
        ours = [["" if cell is None else cell for cell in row] for row in sheet.iter_rows(values_only=True)]
        assert calamine(tmp_path, sheet.title) == ours


INJECTIONS = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\n=1", "=HYPERLINK(\"http://x\",\"y\")", "=cmd|'/c calc'!A1", "＝1+1",
    "http://example.org", "mailto:x@y", "internal:A1", "{=1+1}", "<r><t>x</t></r>", "<r><t>x</r>", "<b>&amp;</b>",
    "_x0041_", "1.5", "true", "#REF!", " padded ", "it's", "'quoted",
]  # fmt: skip


def test_no_cell_becomes_a_formula_or_a_link(results: Results, tmp_path: Path) -> None:
    """What a cell of the input says is text, as written, also once somebody edits it."""
    book = opened(rejecting(results, INJECTIONS), tmp_path)
    cells = [row[REJECT_COLUMNS.index("value")] for row in book["rejects"].iter_rows(min_row=2)]
    for text, cell in zip(INJECTIONS, cells, strict=True):
        assert cell.data_type in ("s", "inlineStr"), text
        assert cell.hyperlink is None
        if text[0] in "=+-@\t\n＝":
            assert cell.quotePrefix, text
    written = [text + " " if text.startswith("<r>") else text for text in INJECTIONS]
    assert [row[3] for row in calamine(tmp_path, "rejects")[1:]] == written
    with zipfile.ZipFile(tmp_path / xlsx.NAME) as archive:
        for name in archive.namelist():
            if "sheet" in name:
                held = archive.read(name)
                assert b"<f>" not in held
                assert b"<hyperlink" not in held


CELLS = st.text(st.characters() | st.sampled_from("\x00\x07\r\n\t\ud800\ufffe\uffff\u202e<>&_x="), max_size=20)


@example(texts=["\ud800", "<r></r>"])
@given(texts=st.lists(CELLS, min_size=1, max_size=8))
def test_every_cell_reads_back_in_both_readers(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    """Signs that a workbook cannot hold are shown by their number; nothing else changes."""
    folder = tmp_path_factory.mktemp("xlsx")
    book = opened(rejecting(make_results(), texts), folder)
    want = [f"{text} " if text.startswith("<r>") and text.endswith("</r>") else text for text in map(legible, texts)]
    assert [str(row["value"] or "") for row in table(book, "rejects")] == want
    assert [row[3] for row in calamine(folder, "rejects")[1:]] == want


def test_a_text_too_long_for_a_cell_is_cut_and_says_so(results: Results, tmp_path: Path) -> None:
    """Excel counts in UTF-16: a sign beyond the basic plane counts twice and is not cut in half."""
    long = ["x" * 40_000, "𝄞" * 20_000, "x" * xlsx.CELL]
    rows = table(opened(rejecting(results, long), tmp_path), "rejects")
    cut, signs, whole = (str(row["value"]) for row in rows)
    assert cut.endswith(" [cut here; 40,000 characters in all]")
    assert len(cut) == xlsx.CELL
    assert signs.endswith("𝄞 [cut here; 20,000 characters in all]")
    assert len(signs.encode("utf-16-le")) <= 2 * xlsx.CELL
    assert whole == long[2]


def test_a_table_too_long_for_a_sheet_goes_on_in_further_ones(
    results: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each with header and filter, and the run tells the sheets and their rows; none is lost or left empty."""
    monkeypatch.setattr(xlsx, "ROWS", 4)
    book = opened(rejecting(results, [f"cell {n}" for n in range(8)]), tmp_path)
    assert book.sheetnames == ["alerts", "alerts 2", "hits", "rejects", "rejects 2", "rejects 3", "run", *(
        f"run {n}" for n in range(2, len([name for name in book.sheetnames if name.startswith("run")]) + 1)
    )]  # fmt: skip
    found = [row["value"] for name in ("rejects", "rejects 2", "rejects 3") for row in table(book, name)]
    assert found == [f"cell {n}" for n in range(8)]
    assert book["rejects 3"].auto_filter.ref == "A1:E3"
    told = [row for n in range(1, 6) for row in table(book, "run" if n == 1 else f"run {n}")]
    rows = {row["of"]: row["value"] for row in told if row["what"] == "sheets"}
    assert rows == {"alerts": 3, "alerts 2": 3, "hits": 3, "rejects": 3, "rejects 2": 3, "rejects 3": 2}


def test_the_limit_is_that_of_excel(results: Results, tmp_path: Path) -> None:
    """A sheet that is full to the last row opens; the row behind it goes to the next sheet."""
    assert xlsx.ROWS == 2**20
    pytest.importorskip("xlsxwriter")
    from xlsxwriter.worksheet import Worksheet

    assert Worksheet().xls_rowmax == xlsx.ROWS
    assert Worksheet().xls_strmax == xlsx.CELL


def test_the_same_findings_give_the_same_bytes_at_any_time_and_place(
    results: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the clock, the time zone nor the times of the run get into the file."""
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    xlsx.write(results, tmp_path / "a")
    later = {**results.manifest, "started": "2030-01-01T00:00:00+00:00", "timings": {"read": 99}}
    monkeypatch.setenv("TZ", "Asia/Pyongyang")
    time.tzset()
    try:
        time.sleep(2.1)  # a ZIP archive counts in steps of two seconds
        xlsx.write(replace(results, manifest=later), tmp_path / "b")
    finally:
        monkeypatch.undo()
        time.tzset()
    assert (tmp_path / "a" / xlsx.NAME).read_bytes() == (tmp_path / "b" / xlsx.NAME).read_bytes()


def test_a_run_without_a_finding_has_its_sheets(empty_results: Results, tmp_path: Path) -> None:
    """A header and no row."""
    book = opened(empty_results, tmp_path)
    assert book.sheetnames == ["alerts", "hits", "rejects", "run"]
    assert book["alerts"].max_row == 1
    assert book["alerts"].auto_filter.ref == "A1:W1"


def test_a_full_disk_is_one_sentence(results: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As with every other report: told in words, and nothing is left behind."""

    def full(self: zipfile.ZipFile, *args: object, **options: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(zipfile.ZipFile, "write", full)
    with pytest.raises(ReportError, match=r"cannot be written.*No space left"):
        reports.write(results, tmp_path / "out", ["xlsx"])
    assert not list(tmp_path.iterdir())
