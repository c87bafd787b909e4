"""Reads a file of letters of the 1718 Committee and of licences."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from screening.errors import UsageError
from screening.rulebook.letters import Letter
from screening.trades.bounds import load_bounds

COLUMNS = ("reference", "hs", "item", "quantity", "unit", "valid_from", "valid_to", "lifts")
OPTIONAL = ("holder", "consignee")  # held against the record's parties where they say something


def read(path: Path, rules: Collection[str]) -> tuple[Letter, ...]:
    """The letters of a CSV file, one row an item.

    Args:
        rules: the ids of the rules that a letter may lift.

    Raises:
        UsageError: the file cannot be read, lacks a column, or a row makes no sense; nothing is taken from it then.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UsageError(f"cannot be read ({error.strerror})", at=f"--exemptions {path}") from error
    except UnicodeDecodeError as error:
        raise UsageError("is no text in UTF-8; write it as CSV in UTF-8", at=f"--exemptions {path}") from error
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.DictReader(text.splitlines(), delimiter=delimiter, strict=True)
    try:
        header = [(name or "").strip().casefold() for name in reader.fieldnames or ()]
        reader.fieldnames = header
        if missing := [name for name in COLUMNS if name not in header]:
            raise UsageError(f"lacks the column {missing[0]!r}; it needs {', '.join(COLUMNS)}", at=path)
        found = tuple(_letter(row, rules, f"{path}:{reader.line_num}") for row in reader)
    except csv.Error as error:
        raise UsageError(f"is no usable CSV: {error}", at=path) from error
    return found


def _letter(row: dict[str, str | None], rules: Collection[str], at: str) -> Letter:
    if None in row or None in row.values():
        raise UsageError(f"has more or fewer cells than the {len(set(row) - {None})} columns of the header", at=at)
    cell = {name: (row.get(name) or "").strip() for name in (*COLUMNS, *OPTIONAL)}
    hs, lifts = re.sub(r"[\s.]", "", cell["hs"]), tuple(re.split(r"[;\s]+", cell["lifts"])) if cell["lifts"] else ()
    if not cell["reference"]:
        raise UsageError("names no reference", at=at)
    if not hs and not cell["item"]:
        raise UsageError(f"{cell['reference']} names neither HS code nor item, so it would cover anything", at=at)
    if hs and not re.fullmatch(r"\d{2,10}", hs):
        raise UsageError(f"{cell['reference']} has {cell['hs']!r} where an HS code of 2 to 10 digits is due", at=at)
    if not lifts:
        raise UsageError(f"{cell['reference']} does not say which rules it lifts, as UN-2397-IMPORTS", at=at)
    if unknown := [rule for rule in lifts if rule not in rules]:
        raise UsageError(f"{cell['reference']} lifts {unknown[0]!r}, no rule; see `screening rules list`", at=at)
    since, until = (_day(cell[name], name, cell["reference"], at) for name in ("valid_from", "valid_to"))
    if until < since:
        raise UsageError(f"{cell['reference']} ends on {until}, before it begins on {since}", at=at)
    quantity = _quantity(cell, at)
    lifted = tuple(filter(None, lifts))
    return Letter(
        reference=cell["reference"],
        holder=cell["holder"],
        consignee=cell["consignee"],
        hs=hs,
        item=cell["item"],
        quantity=quantity,
        unit=cell["unit"],
        valid_from=since,
        valid_to=until,
        lifts=lifted,
    )


def _day(text: str, name: str, reference: str, at: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{reference} has {text!r} as {name} where a day as 2024-03-01 is due", at=at) from None


def _quantity(cell: dict[str, str], at: str) -> Decimal | None:
    if not cell["quantity"]:
        return None
    try:
        quantity = Decimal(cell["quantity"].replace(" ", ""))
    except InvalidOperation:
        quantity = Decimal(-1)
    if not quantity.is_finite() or quantity < 0:
        raise UsageError(f"{cell['reference']} has the quantity {cell['quantity']!r}, which is no amount", at=at)
    if fault := load_bounds().quantity_fault(float(quantity)):
        raise UsageError(f"{cell['reference']} has the quantity {cell['quantity']!r}, which {fault}", at=at)
    if not cell["unit"]:
        raise UsageError(f"{cell['reference']} has a quantity and no unit", at=at)
    return quantity
