"""The user's own statement of what a file's columns are called and how its dates and numbers are written."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from pathlib import Path

from screening.errors import RulePackError, UsageError
from screening.model import COLUMNS
from screening.tables import read_yaml
from screening.trades.words import fold

IGNORED = "ignore"
_OPTIONS = ("date_format", "decimal")
_DATE_FORMATS = ("day-first", "month-first", "iso")


@dataclass(frozen=True, slots=True)
class Mapping:
    """Their columns (folded) to ours, and what the user says of dates and numbers; '' where nothing is said.

    Args:
        columns: a column of theirs to one of ours, or to IGNORED.
        written: the folded names as the user wrote them.
        date_format: day-first, month-first, iso, or a pattern of strptime.
        decimal: the decimal sign, '.' or ','.
    """

    columns: dict[str, str] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)
    date_format: str = ""
    decimal: str = ""
    path: Path | None = None


def load_mapping(path: Path) -> Mapping:
    """What a mapping file says: YAML (`their column: our column`, date_format, decimal), or CSV of two such columns.

    Raises:
        UsageError: it cannot be read, names a column twice or one that is none of ours, or misuses an option.
    """
    pairs = _csv_pairs(path) if path.suffix.lower() == ".csv" else _yaml_pairs(path)
    options = dict.fromkeys(_OPTIONS, "")
    columns: dict[str, str] = {}
    written: dict[str, str] = {}
    for theirs, ours in pairs:
        if theirs in options:
            options[theirs] = ours.strip() if theirs == "date_format" else ours
            continue
        key, target = fold(theirs) or theirs.strip(), fold(ours) or IGNORED
        if key in columns:
            raise UsageError(f"names the column {theirs!r} twice", at=path)
        exact = {fold(column): column for column in COLUMNS} | {IGNORED: IGNORED}
        if target not in exact:
            raise UsageError(f"maps {theirs!r} to {ours!r}, which is none of: {', '.join(COLUMNS)}, {IGNORED}", at=path)
        columns[key], written[key] = exact[target], theirs
    _check(options, path)
    return Mapping(columns, written, options["date_format"], options["decimal"], path)


def _check(options: dict[str, str], path: Path) -> None:
    date_format, decimal = options["date_format"], options["decimal"]
    if "%" not in date_format:
        options["date_format"] = date_format = date_format.lower()
    if date_format and date_format not in _DATE_FORMATS and "%" not in date_format:
        raise UsageError(
            f"says date_format {date_format!r}; day-first, month-first, iso or a pattern like %d.%m.%y is possible",
            at=path,
        )
    if decimal not in ("", ".", ","):
        raise UsageError(f"says decimal {decimal!r}; '.' or ',' is possible", at=path)


def _yaml_pairs(path: Path) -> list[tuple[str, str]]:
    try:
        read = read_yaml(path)
    except RulePackError as error:
        raise UsageError(error.message, at=error.at) from error
    except UnicodeDecodeError as error:
        raise UsageError("is not written in UTF-8", at=path) from error
    if not isinstance(read, dict):
        raise UsageError("is no mapping; lines like `Exporter: shipper` are expected", at=path)
    nested = read.pop("columns", {})
    if not isinstance(nested, dict):
        raise UsageError("has `columns` without lines like `Exporter: shipper` below it", at=path)
    pairs = [*read.items(), *nested.items()]
    if wrong := [theirs for theirs, ours in pairs if not isinstance(ours, str)]:
        raise UsageError(f"gives {wrong[0]!r} more than one column", at=path)
    return pairs


def _csv_pairs(path: Path) -> list[tuple[str, str]]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = [row for row in csv.reader(file, strict=True) if any(cell.strip() for cell in row)]
    except OSError as error:
        raise UsageError(f"cannot be read ({error.strerror})", at=path) from error
    except UnicodeDecodeError as error:
        raise UsageError("is not written in UTF-8", at=path) from error
    except csv.Error as error:
        raise UsageError(f"is no usable CSV: {error}", at=path) from error
    if wrong := [row for row in rows if len(row) != 2]:
        raise UsageError(f"needs two cells a row, their column and ours, and has {wrong[0]!r}", at=path)
    if rows and [fold(cell) for cell in rows[0]] in (["theirs", "ours"], ["theircolumn", "ourcolumn"], ["from", "to"]):
        rows = rows[1:]
    return [(theirs.strip(), ours.strip()) for theirs, ours in rows]
