"""The readers of trade files, one row each; a new format is one file and one row here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from screening.errors import TradeFileError
from screening.trades.csvfile import open_csv
from screening.trades.jsonlfile import open_jsonl
from screening.trades.parquetfile import open_parquet
from screening.trades.table import Open
from screening.trades.xlsxfile import OLD_EXCEL, open_xlsx


@dataclass(frozen=True, slots=True)
class Reader:
    """How a format is told from others: by how a file of it begins, else by how the file's name ends."""

    format: str
    begins: tuple[bytes, ...]
    suffixes: tuple[str, ...]
    open: Open


READERS = (
    Reader("xlsx", (b"PK\x03\x04", OLD_EXCEL), (".xlsx", ".xlsm", ".xls"), open_xlsx),
    Reader("parquet", (b"PAR1",), (".parquet", ".pq"), open_parquet),
    Reader("jsonl", (b"{",), (".jsonl", ".ndjson", ".json"), open_jsonl),
    Reader("csv", (), (".csv", ".tsv", ".tab", ".txt"), open_csv),
)


def reader_of(path: Path) -> Reader:
    """The reader for a file: by its first bytes, else by its name, else as delimited text.

    Raises:
        TradeFileError: there is no such file, it is a folder, or it cannot be opened.
    """
    if path.is_dir():
        raise TradeFileError("is a folder; name the files in it", at=path)
    if path.exists() and not path.is_file():
        raise TradeFileError(
            "is no regular file; save what it gives to one, since a file is read more than once", at=path
        )
    try:
        with path.open("rb") as file:
            head = file.read(64)
    except FileNotFoundError as error:
        raise TradeFileError("does not exist", at=path) from error
    except OSError as error:
        raise TradeFileError(f"cannot be read ({error.strerror})", at=path) from error
    if not head:
        raise TradeFileError("is empty; a header row and one row per trade record are expected", at=path)
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    for reader in READERS:
        if text.startswith(reader.begins):
            return reader
    for reader in READERS:
        if path.suffix.lower() in reader.suffixes:
            return reader
    return next(reader for reader in READERS if reader.format == "csv")
