"""CSV as issuers write it: every record whole, or the file is refused."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from typing import TextIO

from screening.errors import ListFileError
from screening.lists.files import ListFile

csv.field_size_limit(1 << 24)


def records(
    file: ListFile,
    width: int = 0,
    *,
    encodings: Sequence[str] = ("utf-8-sig",),
    delimiter: str = ",",
    unended: bool = False,
) -> Iterator[tuple[int, list[str]]]:
    """The records with the line each ends on; a last 0x1A byte, which OFAC writes, is no record.

    Args:
        width: how many cells every record has; 0 where the reader sees to it.
        unended: the last line may lack its line break, as in a file kept by hand.

    Raises:
        ListFileError: the file is not text, a record has another width, a quote stays open, or the last record is cut.
    """
    encoding = _encoding(file, encodings)
    with file.path.open(newline="", encoding=encoding) as text:
        yield from _records(file, text, width, delimiter, unended)


def _encoding(file: ListFile, encodings: Sequence[str]) -> str:
    """The first encoding in which the whole file is text."""
    for encoding in encodings:
        try:
            with file.path.open(newline="", encoding=encoding) as text:
                while text.read(1 << 20):
                    pass
            return encoding
        except UnicodeDecodeError:
            continue
    raise ListFileError(f"is not {encodings[0].removesuffix('-sig').upper()} text", at=file.path)


def _records(
    file: ListFile, text: TextIO, width: int, delimiter: str, unended: bool
) -> Iterator[tuple[int, list[str]]]:
    last = [""]

    def lines() -> Iterator[str]:
        for line in text:
            if line != "\x1a":
                last[0] = line
                yield line

    reader = csv.reader(lines(), strict=True, delimiter=delimiter)
    try:
        for cells in reader:
            if width and cells and len(cells) != width:
                raise ListFileError(
                    f"has {_counted(cells)} where a whole record has {width}", at=f"{file.path}:{reader.line_num}"
                )
            if not unended and not last[0].endswith(("\n", "\r")):
                raise ListFileError(
                    "is cut short: its last line does not end in a line break", at=f"{file.path}:{reader.line_num}"
                )
            if cells:
                yield reader.line_num, cells
    except csv.Error as error:
        raise ListFileError(f"does not parse as CSV ({error})", at=f"{file.path}:{reader.line_num}") from error


def _counted(cells: Sequence[str]) -> str:
    """How many cells these are, in words."""
    return f"{len(cells)} cell{'' if len(cells) == 1 else 's'}"


def rows(
    file: ListFile,
    required: Sequence[str],
    *,
    skip: int = 0,
    encodings: Sequence[str] = ("utf-8-sig",),
    delimiter: str = ",",
    unended: bool = False,
) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows below a header by column name, cells stripped, with the line each ends on.

    Args:
        required: columns the header must have.
        skip: records before the header.
        unended: the last line may lack its line break; it must have all its cells.

    Raises:
        ListFileError: as records, or the header lacks a column or names one twice.
    """
    header: list[str] = []
    for line, cells in records(file, encodings=encodings, delimiter=delimiter, unended=unended):
        if skip:
            skip -= 1
        elif not header:
            header = [cell.strip() for cell in cells]
            for column in required:
                if header.count(column) != 1:
                    fault = "lacks" if column not in header else "repeats"
                    raise ListFileError(f"{fault} the column {column!r}", at=file.path)
        elif len(cells) != len(header):
            raise ListFileError(f"has {_counted(cells)} where the header has {len(header)}", at=f"{file.path}:{line}")
        else:
            yield line, {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
