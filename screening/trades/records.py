"""Makes records of the rows of a table: what cannot be screened is rejected, what cannot be read is marked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from screening.model import COLUMNS, MARK_COLUMNS, REJECT_COLUMNS
from screening.trades.bounds import Bounds, load_bounds
from screening.trades.columns import SUBJECTS, Layout
from screening.trades.dates import Day, parse_date
from screening.trades.mapping import Mapping
from screening.trades.numbers import parse_number
from screening.trades.table import TEXT, Fault, Flags, Table
from screening.trades.words import Words, fold

_Texts = npt.NDArray[np.object_]
_PLAIN_NUMBER = r"^[0-9]{1,15}(\.[0-9]{1,15})?$"
_DOT_AND_THREE = r"^[1-9][0-9]{0,2}\.[0-9]{3}$"
_NO_SUBJECT = "names no party, no vessel and no port, so there is nothing to screen"
_NO_DATE = "date is empty: a record is judged under the law of its day"
_NO_ANSWER = "is neither yes nor no; yes, no or an empty cell is expected"


@dataclass(frozen=True, slots=True)
class Meaning:
    """All that is needed to read the cells of one file."""

    source: str
    layout: Layout
    mapping: Mapping
    words: Words
    dot_groups: bool = False  # whether a dot in a quantity may separate thousands
    bounds: Bounds = field(default_factory=load_bounds)

    @property
    def date_format(self) -> str:
        """What the user states of day and month, else what the column's name states."""
        return self.mapping.date_format or self.layout.date_format


@dataclass(frozen=True, slots=True)
class Records:
    """Records of one table with what was rejected and marked; the frames have the columns that model.py states."""

    frame: pd.DataFrame
    rejects: pd.DataFrame
    marks: pd.DataFrame
    dotted: int  # quantities like 1.234, read with a decimal point


@dataclass(slots=True)
class _Marks:
    """Cells that cannot be read, column by column."""

    reasons: dict[str, Any] = field(default_factory=dict)  # column -> texts, '' where the cell was read

    def add(self, column: str, reasons: Any) -> None:
        """Take in the reasons of one column, behind those that it has."""
        before = self.reasons.get(column)
        if before is not None:
            reasons = pc.if_else(pc.equal(before, ""), reasons, before)
        if pc.any(pc.not_equal(reasons, "")).as_py():
            self.reasons[column] = reasons

    def unread(self, column: str, count: int) -> Flags:
        """Which of so many cells cannot be read."""
        reasons = self.reasons.get(column)
        return np.zeros(count, np.bool_) if reasons is None else _flags(pc.not_equal(reasons, ""))


def make_records(table: Table, meaning: Meaning) -> Records:
    """The records of a table; rows read are the frame's and the rejects' together."""
    places = meaning.layout.places
    cells = {column: pc.utf8_trim_whitespace(table.cells[position]) for column, position in places.items()}
    keep, faults = _sift(cells, table)
    native = {c: table.native[p] for c, p in places.items() if p in table.native}
    doubts = _doubts(table, places)
    rows = table.rows
    if not keep.all():
        chosen = pa.array(np.flatnonzero(keep))
        cells = {column: texts.take(chosen) for column, texts in cells.items()}
        native = {column: flags[keep] for column, flags in native.items()}
        doubts = {column: texts.take(chosen) for column, texts in doubts.items()}
        rows = rows[keep]
    marks = _Marks()
    for column, reasons in doubts.items():
        marks.add(column, reasons)
    shipped_on = _dates(cells["date"], native.get("date"), meaning, marks)
    amount, dotted = _amounts(cells, native.get("quantity"), meaning, marks)
    _answers(cells, meaning, marks)
    frame = _frame(cells, rows, meaning.source, shipped_on, amount, marks)
    assert len(frame) + len(faults) == len(table.rows) + len(table.faults), "rows were lost"
    rejects = pd.DataFrame(
        [(meaning.source, f.row, f.column, f.value, f.reason) for f in faults], columns=list(REJECT_COLUMNS)
    ).astype(dict.fromkeys(REJECT_COLUMNS, "str") | {"row": "int64"})
    return Records(frame, rejects, _mark_frame(frame, marks), dotted)


def _sift(cells: dict[str, Any], table: Table) -> tuple[Flags, list[Fault]]:
    """Which rows are records, and the rows that are none, in the order of the file."""
    empty = np.ones(len(table.rows), dtype=np.bool_)
    for subject in SUBJECTS:
        if subject in cells:
            empty &= _flags(pc.equal(cells[subject], ""))
    undated = _flags(pc.equal(cells["date"], "")) & ~empty
    faults = list(table.faults)
    faults += [Fault(int(table.rows[at]), "", _said(cells, at), _NO_SUBJECT) for at in np.flatnonzero(empty).tolist()]
    faults += [Fault(int(table.rows[at]), "date", "", _NO_DATE) for at in np.flatnonzero(undated).tolist()]
    return ~(empty | undated), sorted(faults, key=lambda fault: fault.row)


def _said(cells: dict[str, Any], at: int) -> str:
    """What stands in the known columns of a row."""
    return " | ".join(said for texts in cells.values() if (said := texts[int(at)].as_py()))


def _doubts(table: Table, places: dict[str, int]) -> dict[str, Any]:
    """The reasons of cells that the file has damaged, by column."""
    columns = {position: column for column, position in places.items()}
    reasons: dict[str, list[str]] = {}
    for doubt in table.doubts:
        if doubt.column in columns:
            reasons.setdefault(columns[doubt.column], [""] * len(table.rows))[doubt.place] = doubt.reason
    return {column: pa.array(texts, TEXT) for column, texts in reasons.items()}


def _flags(array: Any) -> Flags:
    return np.asarray(array.to_numpy(zero_copy_only=False), dtype=np.bool_)


def _distinct(texts: Any) -> tuple[list[str], npt.NDArray[np.int64]]:
    """The distinct texts, and for each cell which of them it is."""
    coded = pc.dictionary_encode(texts)
    return coded.dictionary.to_pylist(), np.asarray(coded.indices.to_numpy(zero_copy_only=False), dtype=np.int64)


def _dates(texts: Any, native: Flags | None, meaning: Meaning, marks: _Marks) -> npt.NDArray[np.datetime64]:
    """The day of each record, NaT where the cell cannot be read."""
    days, reasons = _dates_as(texts, meaning.date_format, meaning)
    if native is not None and meaning.date_format:
        true_days, true_reasons = _dates_as(texts, "", meaning)
        days, reasons = np.where(native, true_days, days), pc.if_else(pa.array(native), true_reasons, reasons)
    marks.add("date", reasons)
    return np.where(marks.unread("date", len(days)), np.datetime64("NaT", "s"), days)


def _dates_as(texts: Any, date_format: str, meaning: Meaning) -> tuple[npt.NDArray[np.datetime64], Any]:
    distinct, which = _distinct(texts)
    found = [_believed(parse_date(text, date_format, meaning.words.months), meaning.bounds) for text in distinct]
    days = np.array([day.date for day in found], dtype="datetime64[s]")
    return days[which] if len(found) else np.array([], "datetime64[s]"), _spread([day.reason for day in found], which)


def _believed(day: Day, bounds: Bounds) -> Day:
    """The day, or why no record is of it."""
    reason = bounds.day_fault(day.date) if day.date else ""
    return Day(None, reason) if reason else day


def _spread(values: list[str], which: npt.NDArray[np.int64]) -> Any:
    return pa.array(values, TEXT).take(pa.array(which))


def _amounts(
    cells: dict[str, Any], native: Flags | None, meaning: Meaning, marks: _Marks
) -> tuple[npt.NDArray[np.float64], int]:
    """The amount of each record, NaN where the cell is empty or cannot be read; units written with it go to `unit`."""
    count = len(cells["date"])
    amount = np.full(count, np.nan)
    if "quantity" not in cells:
        return amount, 0
    texts, decimal = cells["quantity"], meaning.mapping.decimal
    typed = np.zeros(count, np.bool_) if native is None else native
    filled = _flags(pc.not_equal(texts, ""))
    units, reasons = np.full(count, "", dtype=object), np.full(count, "", dtype=object)
    dotted = 0
    for chosen, sign in ((filled & ~typed, decimal), (filled & typed, ".")):
        places = np.flatnonzero(chosen)
        some = texts.take(pa.array(places))
        if sign == "" and not meaning.dot_groups:
            dotted = int(pc.sum(pc.match_substring_regex(some, _DOT_AND_THREE)).as_py() or 0)
        either = meaning.dot_groups and not sign
        amount[places], units[places], reasons[places] = _numbers(some, sign, meaning.bounds, dot_groups=either)
    marks.add("quantity", pa.array(reasons, TEXT))
    if (units != "").any():
        _join_unit(cells, pa.array(units, TEXT), "the cell itself says", meaning, marks)
    if meaning.layout.unit:
        stated = pc.if_else(pa.array(filled), pa.scalar(meaning.layout.unit, TEXT), pa.scalar("", TEXT))
        _join_unit(cells, stated, "the column's name says", meaning, marks)
    amount[marks.unread("quantity", count)] = np.nan
    return amount, dotted


def _numbers(
    texts: Any, decimal: str, bounds: Bounds, *, dot_groups: bool
) -> tuple[npt.NDArray[np.float64], _Texts, _Texts]:
    """Amounts, units and the reasons why there is no amount, for cells that are not empty."""
    units, reasons = np.full(len(texts), "", dtype=object), np.full(len(texts), "", dtype=object)
    plain = _flags(pc.match_substring_regex(texts, _PLAIN_NUMBER)) & (decimal != ",")
    if dot_groups:
        plain &= ~_flags(pc.match_substring_regex(texts, _DOT_AND_THREE))
    sure = pc.if_else(pa.array(plain), texts, pa.scalar("0", TEXT))
    amounts = np.array(pc.cast(sure, pa.float64()).to_numpy(zero_copy_only=False))
    others = np.flatnonzero(~plain)
    if len(others):
        distinct, which = _distinct(texts.take(pa.array(others)))
        read = [parse_number(text, decimal, dot_groups=dot_groups) for text in distinct]
        amounts[others] = np.array([number.amount for number in read])[which]
        units[others] = np.array([number.unit for number in read], dtype=object)[which]
        reasons[others] = np.array([number.reason for number in read], dtype=object)[which]
    for place in np.flatnonzero(amounts >= bounds.below).tolist():
        reasons[place] = bounds.quantity_fault(amounts[place])
    return amounts, units, reasons


def _join_unit(cells: dict[str, Any], stated: Any, says: str, meaning: Meaning, marks: _Marks) -> None:
    """Write a unit that stands elsewhere into empty unit cells; where the two disagree the quantity cannot be read."""
    unit = cells.get("unit")
    if unit is None:
        cells["unit"] = stated
        return
    pairs, which = _distinct(_joined(unit, stated, "\x1f"))
    reasons = []
    for pair in pairs:
        ours, theirs = pair.split("\x1f")
        clash = ours and theirs and _unit(ours, meaning.words) != _unit(theirs, meaning.words)
        reasons.append(f"has the unit {ours!r} beside it while {says} {theirs!r}" if clash else "")
    cells["unit"] = pc.if_else(pc.equal(unit, ""), stated, unit)
    if any(reasons):
        marks.add("quantity", _spread(reasons, which))


def _unit(written: str, words: Words) -> str:
    return words.units.get(fold(written), fold(written))


def _answers(cells: dict[str, Any], meaning: Meaning, marks: _Marks) -> None:
    """Turn the words for yes and no into yes and no."""
    texts = cells.get("committee_notice")
    if texts is None:
        return
    distinct, which = _distinct(texts)
    read = [meaning.words.answers.get(fold(text) or text, "") for text in distinct]
    unread = [bool(text) and not answer for text, answer in zip(distinct, read, strict=True)]
    cells["committee_notice"] = _spread([t if u else a for t, a, u in zip(distinct, read, unread, strict=True)], which)
    if any(unread):
        marks.add("committee_notice", _spread([_NO_ANSWER if u else "" for u in unread], which))


def _frame(
    cells: dict[str, Any],
    rows: npt.NDArray[np.int64],
    source: str,
    shipped_on: npt.NDArray[np.datetime64],
    amount: npt.NDArray[np.float64],
    marks: _Marks,
) -> pd.DataFrame:
    count = len(rows)
    absent = pa.array(np.full(count, "", dtype=object), TEXT)
    texts = {column: cells.get(column, absent) for column in COLUMNS}
    key = texts["record_id"]
    texts["record_id"] = pc.if_else(pc.equal(key, ""), pc.cast(pa.array(rows), TEXT), key)
    columns: dict[str, Any] = {column: _pandas(values) for column, values in texts.items()}
    columns["source"] = _pandas(pa.array([source], TEXT).take(pa.array(np.zeros(count, np.int64))))
    columns["row"] = rows
    columns["unreadable"] = _pandas(_unreadable(marks, absent))
    columns["shipped_on"], columns["amount"] = shipped_on, amount
    return pd.DataFrame(columns, copy=False)


def _joined(left: Any, right: Any, sign: str) -> Any:
    return pc.binary_join_element_wise(left, right, pa.scalar(sign, TEXT))


def _pandas(values: Any) -> Any:
    return pd.array(pa.chunked_array([values], TEXT), dtype="str")


def _unreadable(marks: _Marks, absent: Any) -> Any:
    """The columns that cannot be read, ';' between, for each record."""
    joined = absent
    for column in COLUMNS:
        if column in marks.reasons:
            name = pa.scalar(column, TEXT)
            more = pc.if_else(pc.equal(joined, ""), name, _joined(joined, name, ";"))
            joined = pc.if_else(pa.array(marks.unread(column, len(absent))), more, joined)
    return joined


def _mark_frame(frame: pd.DataFrame, marks: _Marks) -> pd.DataFrame:
    parts = []
    for column in COLUMNS:
        if column not in marks.reasons:
            continue
        unread = marks.unread(column, len(frame))
        if unread.any():
            values = {name: frame.loc[unread, name] for name in ("source", "row", "record_id")}
            values |= {
                "column": pd.Series(column, values["row"].index, dtype="str"),
                "value": frame.loc[unread, column],
            }
            reasons = pd.array(marks.reasons[column].filter(pa.array(unread)), dtype="str")
            parts.append(pd.DataFrame(values | {"reason": reasons}))
    if not parts:
        empty = pd.DataFrame({column: [] for column in MARK_COLUMNS})
        return empty.astype(dict.fromkeys(MARK_COLUMNS, "str") | {"row": "int64"})
    return pd.concat(parts).sort_values("row", kind="stable", ignore_index=True)
