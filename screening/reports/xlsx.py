"""alerts.xlsx: a workbook to filter, with the sheets alerts, hits, rejects and run. The only door to XlsxWriter.

Whatever a cell says is written as text or as a number, never as a formula or a link, and text that begins like a
formula is marked as text, so that it stays so when somebody edits the cell. No time is written, so that the same
findings give the same bytes; the manifest holds the times.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pandas as pd

from screening.errors import ReportError
from screening.model import REJECT_COLUMNS, Alert, Hit, Results
from screening.reports.manifest import counts, sources
from screening.reports.plain import plain
from screening.reports.tables import FORMULA
from screening.signs import legible

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format

NAME = "alerts.xlsx"
ROWS = 1_048_576  # what a sheet of Excel holds, its header counted
CELL = 32_767  # what a cell of Excel holds, in UTF-16 code units
EXACT = 10**15  # beyond which Excel rounds a whole number
_CUT = " [cut here; {:,} characters in all]"
_CREATED = datetime(1980, 1, 1)  # Excel wants a day; this one, the first of a ZIP archive, says nothing of the run

Value = str | int | float | None


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A table: its columns with their widths in characters, and its rows."""

    name: str
    columns: Mapping[str, int]
    rows: Iterable[Sequence[Value]]


_RECORD = {
    "date": 11, "vessel": 22, "imo": 9, "load_port": 20, "discharge_port": 20, "hs": 9, "goods": 28, "quantity": 10,
    "unit": 6,
}  # fmt: skip
_ALERTS = {
    "decision": 18, "severity": 10, "rule_id": 26, "title": 44, "records": 16, "source": 20, "row": 8, "reason": 80,
    **_RECORD, "doubt": 30, "lifted_by": 20, "regime": 8, "citations": 40, "false_positives": 40, "alert_id": 19,
}  # fmt: skip
_HITS = {
    "record": 16, "source": 20, "row": 8, "role": 16, "value": 32, "status": 11, "score": 7, "listed_name": 32,
    "name_strength": 13, "list": 12, "entry_id": 24, "kind": 13, "programmes": 24, "listed_on": 11, "by": 10,
    "certain": 8, "reason": 50, "compared": 60,
}  # fmt: skip
_REJECTS = dict(zip(REJECT_COLUMNS, (20, 8, 16, 50, 60), strict=True))
_RUN = {"what": 20, "of": 34, "value": 70}


def write(results: Results, folder: Path) -> None:
    """Write the workbook; a table too long for one sheet goes on in further ones, which the sheet `run` tells.

    Raises:
        ReportError: the workbook would be larger than Excel opens. OSError: it cannot be written.
    """
    import xlsxwriter  # 0.15 s, for those who ask for a workbook
    from xlsxwriter.exceptions import FileCreateError, FileSizeError

    options = {"constant_memory": True, "tmpdir": str(folder), "strings_to_numbers": False}
    options |= {"strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(str(folder / NAME), options)
    book.set_properties({"title": "Sanctions screening", "created": _CREATED})
    pen = _Pen(book, book.add_format({"bold": True, "bottom": 1}), book.add_format({"quote_prefix": True}))
    written = dict[str, int]()
    for sheet in (
        _Sheet("alerts", _ALERTS, _alerts(results)),
        _Sheet("hits", _HITS, (_hit(hit) for hit in results.hits)),
        _Sheet("rejects", _REJECTS, _rejects(results)),
    ):
        written |= pen.write(sheet)
    pen.write(_Sheet("run", _RUN, _run(results, written)))
    try:
        book.close()
    except FileCreateError as error:
        raise error.args[0] from error  # the OSError itself, which the folder's writer knows how to tell
    except FileSizeError as error:
        raise ReportError("would be larger than Excel can open; leave xlsx out of --formats", at=NAME) from error


# ---------------------------------------------------------------- what the sheets hold
def _alerts(results: Results) -> Iterator[Sequence[Value]]:
    """A row an alert, with the record that it names first."""
    frame = cast(pd.DataFrame, results.records)
    frame = frame.reindex(columns=["source", "row", *_RECORD])
    records = {(cells[0], int(cells[1])): cells[2:] for cells in frame.itertuples(index=False, name=None)}
    unknown = ("",) * len(_RECORD)
    for alert in results.alerts:
        key = alert.records[0]
        yield (
            *(alert.decision.value, alert.severity.value, alert.rule_id, alert.title),
            *("; ".join(key.record_id for key in alert.records), key.source, key.row, alert.reason),
            *records.get((key.source, key.row), unknown),
            *(alert.doubt, alert.lifted_by, alert.regime, _citations(alert), alert.false_positives, alert.alert_id),
        )


def _citations(alert: Alert) -> str:
    return "; ".join(c.text if c.status == "seen" else f"{c.text} ({c.status})" for c in alert.citations)


def _hit(hit: Hit) -> Sequence[Value]:
    compared = "; ".join(f"{f.name}: {f.ours or '-'} ~ {f.theirs or '-'} ({f.added:+.1f})" for f in hit.features)
    return (
        *(hit.record_id, hit.source, hit.row, hit.role, hit.value, hit.status, round(hit.score, 2), hit.listed_name),
        *(hit.name_strength, hit.list, hit.entry_id, hit.kind, "; ".join(hit.programmes), plain(hit.listed_on)),
        *(hit.by, "yes" if hit.certain else "no", hit.reason, compared),
    )


def _rejects(results: Results) -> Iterator[Sequence[Value]]:
    frame = cast(pd.DataFrame, results.rejects).reindex(columns=list(REJECT_COLUMNS))
    return frame.itertuples(index=False, name=None)


def _run(results: Results, written: Mapping[str, int]) -> Iterator[Sequence[Value]]:
    """What the manifest states of the run, times left out, and the rows of each sheet."""
    stated = results.manifest
    lists = stated.get("lists")
    named = ("name", "digest", "entries", "extract", "notes")
    told = {
        "rows": counts(results),
        "sheets": written,
        **{key: stated.get(key) for key in ("exit_code", "fail_on", "inputs")},
        "lists": {key: lists[key] for key in named if key in lists} if isinstance(lists, Mapping) else None,
        "sources": sources(lists),
        **{key: stated.get(key) for key in ("rules", "regimes", "regimes_left_out")},
        **{key: stated.get(key) for key in ("settings", "software", "not_screened")},
    }
    for what, value in told.items():
        for path, leaf in _leaves(plain(value)):
            yield what.replace("_", " "), path, str(leaf) if isinstance(leaf, bool) else leaf


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Value]]:
    """The values of nested mappings and lists, each with the names and numbers that lead to it."""
    if isinstance(value, Mapping):
        for name, held in value.items():
            yield from _leaves(held, f"{path} {name}".strip())
    elif isinstance(value, list) and any(isinstance(held, Mapping | list) for held in value):
        for number, held in enumerate(value, 1):
            yield from _leaves(held, f"{path} {number}".strip())
    elif isinstance(value, list):
        yield path, "; ".join(str(held) for held in value)
    else:
        yield path, value


# ---------------------------------------------------------------- how they are written
@dataclass(frozen=True, slots=True)
class _Pen:
    """Writes tables into a workbook, row after row, so that no table is held in memory."""

    book: Workbook
    header: Format
    quoted: Format

    def write(self, sheet: _Sheet) -> dict[str, int]:
        """Write the table; the names of the sheets it took, with their rows."""
        rows = iter(sheet.rows)
        found, row = dict[str, int](), next(rows, None)
        while row is not None or not found:
            name = f"{sheet.name} {len(found) + 1}" if found else sheet.name
            page, at = self._page(name, sheet.columns), 0
            string, number, quoted = page.write_string, page.write_number, self.quoted
            while row is not None and at < ROWS - 1:
                at += 1
                for column, value in enumerate(row):
                    if isinstance(value, str):
                        if value:
                            text = _fitting(value)
                            if text.startswith(FORMULA):
                                string(at, column, text, quoted)
                            else:
                                string(at, column, text)
                    elif value is not None and math.isfinite(value):
                        if abs(value) < EXACT:
                            number(at, column, value)
                        else:
                            string(at, column, str(value))
                row = next(rows, None)
            page.autofilter(0, 0, at, len(sheet.columns) - 1)
            found[name] = at
        return found

    def _page(self, name: str, columns: Mapping[str, int]) -> Any:
        page = self.book.add_worksheet(name)
        page.freeze_panes(1, 0)
        for number, (title, width) in enumerate(columns.items()):
            page.set_column(number, number, width)
            page.write_string(0, number, title, self.header)
        return page


def _fitting(text: str) -> str:
    """The text as a cell can hold it: signs legible, and a cut told where it is too long."""
    found = legible(text)
    if len(found) > CELL // 2 and len(found.encode("utf-16-le")) // 2 > CELL:
        note = _CUT.format(len(found))
        kept = found.encode("utf-16-le")[: 2 * (CELL - len(note))].decode("utf-16-le", errors="ignore")
        found = kept + note
    # XlsxWriter takes a text of this form for rich text, and writes it into the sheet as the XML that it is.
    return f"{found} " if found.startswith("<r>") and found.endswith("</r>") else found
