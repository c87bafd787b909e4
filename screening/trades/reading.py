"""Reads trade files of any format into batches of records, and accounts for every row."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from screening.errors import TradeFileError, UsageError
from screening.signs import readable
from screening.trades.columns import carries_records, known, lay_out
from screening.trades.encoding import lent_encoding
from screening.trades.framed import open_frame
from screening.trades.mapping import Mapping, load_mapping
from screening.trades.readers import READERS, reader_of
from screening.trades.records import Meaning, make_records
from screening.trades.table import TEXT, Opened, Table
from screening.trades.words import Words, fold, load_words


@dataclass(frozen=True)
class Batch:
    """Some consecutive rows of one file: those to be screened, those rejected, and the cells that cannot be read.

    Args:
        frame: the columns that model.py states, indexed 0..n-1.
        rejects: REJECT_COLUMNS, one row for each row that is not in the frame.
        marks: MARK_COLUMNS, one row for each cell that cannot be read.
    """

    frame: pd.DataFrame
    rejects: pd.DataFrame
    marks: pd.DataFrame


@dataclass(frozen=True, slots=True)
class InputInfo:
    """What a file turned out to be, for the manifest; the counts are complete once the file is read.

    Args:
        source: its name as records carry it.
        rows: rows read = records + rejected; rows in which nothing stands are only counted in `blank`.
        columns: each of their columns that is read, with ours.
        ignored: their columns that are not read.
        notices: sentences that the user should see.
    """

    source: str
    path: str
    bytes: int
    sha256: str
    format: str
    header_row: int
    encoding: str
    delimiter: str
    sheet: str
    columns: tuple[tuple[str, str], ...]
    ignored: tuple[str, ...]
    notices: tuple[str, ...]
    rows: int = 0
    records: int = 0
    rejected: int = 0
    marked: int = 0
    blank: int = 0


class Reading:
    """The batches of some files, in order; `inputs` tells what the files are."""

    def __init__(self, files: Sequence[_File], chunk_rows: int) -> None:
        self._inputs = [file.info for file in files]
        self._batches = self._read(files, chunk_rows)

    def __iter__(self) -> Iterator[Batch]:
        return self

    def __next__(self) -> Batch:
        return next(self._batches)

    @property
    def inputs(self) -> tuple[InputInfo, ...]:
        """What each file is; its counts are complete once its last batch was taken."""
        return tuple(self._inputs)

    def _read(self, files: Sequence[_File], chunk_rows: int) -> Iterator[Batch]:
        for number, file in enumerate(files):
            keys: list[np.ndarray] = []
            dotted = 0
            for table in _tables(file, chunk_rows):
                made = make_records(table, file.meaning)
                info = self._inputs[number]
                self._inputs[number] = replace(
                    info,
                    rows=info.rows + len(made.frame) + len(made.rejects),
                    records=info.records + len(made.frame),
                    rejected=info.rejected + len(made.rejects),
                    marked=info.marked + len(made.marks),
                    blank=info.blank + table.blank,
                )
                keys.append(pd.util.hash_array(made.frame["record_id"].to_numpy(dtype=object), categorize=False))
                dotted += made.dotted
                yield Batch(made.frame, made.rejects, made.marks)
            info = self._inputs[number]
            assert info.rows == info.records + info.rejected
            self._inputs[number] = replace(info, notices=(*info.notices, *_afterthoughts(info.rows, keys, dotted)))


def _tables(file: _File, chunk_rows: int) -> Iterator[Table]:
    """The tables of a file; an empty one where it has no rows."""
    wanted = tuple(file.meaning.layout.places.values())
    some = False
    for table in file.opened.tables(wanted, chunk_rows):
        some = True
        yield table
    if not some:
        yield Table(np.array([], dtype=np.int64), {position: pa.array([], TEXT) for position in wanted})


@dataclass(frozen=True, slots=True)
class _File:
    """A file that is ready to be read."""

    info: InputInfo
    opened: Opened
    meaning: Meaning


def read(
    paths: Sequence[Path | str] | Path | str,
    mapping: Mapping | Path | str | None = None,
    *,
    encoding: str | None = None,
    lent: bool = False,
    chunk_rows: int = 100_000,
) -> Reading:
    """The records of trade files, batch by batch; every file is opened and its columns settled before the first batch.

    Args:
        mapping: the user's statement of columns, dates and numbers, or the file it stands in.
        encoding: of the text files; found by itself where not given.
        lent: mapping and encoding were stated of other files; they hold here as far as these files have such columns,
            and do not tell their encoding themselves.
        chunk_rows: about how many rows are held at once; the records do not depend on it.

    Raises:
        TradeFileError: a file cannot be read as a whole, or is given twice.
        UsageError: the mapping or the encoding is not usable.
    """
    given = [Path(path) for path in ([paths] if isinstance(paths, str | Path) else paths)]
    if not given:
        raise UsageError("no trade file is given")
    if chunk_rows < 1:
        raise UsageError(f"at least one row must be held at once, not {chunk_rows}")
    _refuse_repeats(given)
    stated = load_mapping(Path(mapping)) if isinstance(mapping, str | Path) else mapping or Mapping()
    words = load_words()
    names = source_names(given)
    opened = [_open(path, name, stated, words, encoding, lent) for path, name in zip(given, names, strict=True)]
    files = _with_twins([file for files in opened for file in files])
    if not lent:
        _refuse_unused(stated, files)
    return Reading(files, chunk_rows)


def read_frame(
    frame: pd.DataFrame,
    mapping: Mapping | Path | str | None = None,
    *,
    source: str = "frame",
    chunk_rows: int = 100_000,
) -> Reading:
    """The records of a pandas frame, as `read` gives those of files; `row` counts its rows from 1.

    Raises:
        TradeFileError: its columns are not those of trade records.
        UsageError: the mapping is not usable.
    """
    stated = load_mapping(Path(mapping)) if isinstance(mapping, str | Path) else mapping or Mapping()
    file = _settled(open_frame(frame), source, readable(source), stated, load_words())
    _refuse_unused(stated, [file])
    return Reading([file], chunk_rows)


def refuse_twins(files: Reading, history: Reading) -> None:
    """See that no file of the history is one of the trade files.

    Raises:
        TradeFileError: one holds the same bytes, so that its records would count twice.
    """
    first = {info.sha256: info for info in reversed(files.inputs) if info.sha256}
    for info in history.inputs:
        if twin := first.get(info.sha256):
            raise TradeFileError(
                f"holds the same bytes as the trade file {twin.source}; its records would count twice, so leave it out"
                " of one of the two",
                at=f"--history {info.path}",
            )


def sha256(path: Path | str) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def source_names(paths: Sequence[Path]) -> list[str]:
    """For each path its file name, with as many folders before it as tell it from the others.

    Bytes of a name that are no text show as a replacement character, with a number where two names would look alike.
    """
    parts = [path.absolute().parts for path in paths]
    names = []
    for own in parts:
        length = 1
        while length < len(own) and sum(other[-length:] == own[-length:] for other in parts) > 1:
            length += 1
        shown = readable("/".join(own[-length:]))
        name, number = shown, 1
        while name in names:
            number += 1
            name = f"{shown} ({number})"
        names.append(name)
    return names


def _refuse_repeats(paths: Sequence[Path]) -> None:
    seen: dict[Path, Path] = {}
    for path in paths:
        if seen.setdefault(path.resolve(), path) is not path:
            raise TradeFileError("is given twice; its records would count twice", at=path)


def _refuse_unused(mapping: Mapping, files: Sequence[_File]) -> None:
    found = {fold(header) or header for file in files for header in file.opened.headers}
    if unused := [mapping.written.get(name, name) for name in mapping.columns if name not in found]:
        raise UsageError(
            f"the mapping names the column {unused[0]!r}, which is in none of the files", at=mapping.path or ""
        )


def _with_twins(files: list[_File]) -> list[_File]:
    """The files, those with the same content as an earlier one told so."""
    first: dict[tuple[str, str], str] = {}
    told = []
    for file in files:
        twin = first.setdefault((file.info.sha256, file.info.sheet), file.info.source)
        notices = file.info.notices
        if twin != file.info.source:
            notices = (*notices, f"holds the same bytes as {twin}; its records count twice")
        told.append(replace(file, info=replace(file.info, notices=notices)))
    return told


def _open(path: Path, source: str, mapping: Mapping, words: Words, encoding: str | None, lent: bool) -> list[_File]:
    """The tables of a file that hold trade records; the first bears the file's name, others that of their sheet too."""
    reader = reader_of(path)
    if lent and encoding:
        encoding = lent_encoding(path, encoding)
    opened = reader.open(path, lambda headers: known(headers, words, mapping), encoding)
    every = (opened, *opened.others)
    tables = [table for table in every if carries_records(table.headers, words, mapping)] or [opened]
    notices = list(opened.notices)
    if any(path.suffix.lower() in other.suffixes for other in READERS if other is not reader):
        notices.insert(0, f"is named {path.suffix} but holds {reader.format}, and is read as that")
    if left := [table.sheet for table in every if table not in tables]:
        notices.append(f"sheets that are not read, having no date or nothing to screen: {', '.join(left)}")
    size, digest = path.stat().st_size, sha256(path)
    files = []
    for number, table in enumerate(tables):
        name, at = (f"{source} [{table.sheet}]", f"{path} [{table.sheet}]") if number else (source, path)
        file = _settled(replace(table, notices=() if number else tuple(notices)), at, name, mapping, words)
        files.append(replace(file, info=replace(file.info, path=readable(str(path)), bytes=size, sha256=digest)))
    return files


def _settled(opened: Opened, at: object, source: str, mapping: Mapping, words: Words) -> _File:
    """What was opened, with its columns known."""
    layout = lay_out(opened.headers, words, mapping, at, opened.inside)
    columns = tuple((opened.headers[place], ours) for ours, place in sorted(layout.places.items(), key=lambda p: p[1]))
    notices = list(opened.notices)
    if unknown := [name for name in layout.ignored if name not in layout.beside]:
        notices.append(f"columns that are not known and not read: {', '.join(unknown)}")
    if layout.beside:
        notices.append(
            f"columns that are not read because others stand for the same: {', '.join(layout.beside)}; "
            f"say with --mapping where they belong"
        )
    info = InputInfo(
        source, "", 0, "", opened.format, opened.header_row, opened.encoding, opened.delimiter, opened.sheet, columns,
        layout.ignored, tuple(notices),
    )  # fmt: skip
    return _File(info, opened, Meaning(source, layout, mapping, words, dot_groups=opened.delimiter == ";"))


def _afterthoughts(rows: int, keys: list[np.ndarray], dotted: int) -> list[str]:
    """What can only be told of a file once it was read."""
    notices = [] if rows else ["has no rows below its header"]
    every = np.concatenate(keys) if keys else np.array([])
    if repeated := len(every) - len(np.unique(every)):
        notices.append(f"{repeated} record_ids repeat an earlier one; records are told apart by their row")
    if dotted:
        notices.append(
            f"quantities like '1.234' ({dotted} in all) are read with a decimal point; if the dot separates thousands, "
            f"say decimal: ',' in --mapping"
        )
    return notices
