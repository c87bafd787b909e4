"""Official lists: files of the issuers, recognised by content, compiled to one snapshot."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from screening.errors import ListFileError
from screening.lists.files import ListFile, find, legible
from screening.lists.reader import Reader, Reading
from screening.lists.registry import READERS
from screening.lists.snapshot import Compiler, Snapshot
from screening.model import Source

__all__ = ["Snapshot", "build", "extract_folder", "open_lists"]

_PACKAGED = Path(__file__).parent.parent / "_extract"
_CHECKOUT = Path(__file__).parent.parent.parent / "fixtures" / "lists" / "extract"


def extract_folder() -> Path:
    """The list extract that ships with the program, for trying it."""
    return _PACKAGED if _PACKAGED.is_dir() else _CHECKOUT


def open_lists(path: Path) -> Snapshot:
    """The snapshot in a folder, or the one that the list files there make.

    Raises:
        ListFileError: the path is neither.
    """
    return Snapshot.load(path) if (legible(path) / "snapshot.json").is_file() else build([path])


def build(paths: Iterable[Path], *, name: str = "", published: Mapping[str, date] | None = None) -> Snapshot:
    """One snapshot of all lists in the files and folders; every list file is used, or none.

    Args:
        name: what reports call the snapshot; the names of the paths where it is not given.
        published: the day of publication by list code, for files that do not state it.

    Raises:
        ListFileError: a file is of no known format, is cut short or faulty, belongs to an incomplete set, or a list is
            given in two editions.
    """
    paths = list(paths)
    files, notes = find(paths)
    compiler = Compiler()
    sources: list[Source] = []
    for reader, own in _recognised(files):
        for parts in reader.sets(own) if own else ():
            reading = reader.read(parts)
            sources.append(_compile(compiler, reader, list(parts.values()), reading, published or {}))
            notes += reading.notes
    _one_edition(sources)
    return compiler.snapshot(sources, name or ", ".join(path.name for path in paths), notes)


def _recognised(files: list[ListFile]) -> list[tuple[Reader, list[tuple[ListFile, str]]]]:
    by_reader: dict[str, list[tuple[ListFile, str]]] = {reader.format: [] for reader in READERS}
    for file in files:
        for reader in READERS:
            if part := reader.part(file):
                by_reader[reader.format].append((file, part))
                break
        else:
            formats = ", ".join(reader.format for reader in READERS)
            raise ListFileError(f"is none of the list formats known ({formats})", at=file.path)
    return [(reader, by_reader[reader.format]) for reader in READERS]


def _compile(
    compiler: Compiler, reader: Reader, files: list[ListFile], reading: Reading, published: Mapping[str, date]
) -> Source:
    at, codes, before = str(files[0].path), set(), len(compiler)
    for entry in reading.entries:
        compiler.add(entry, at)
        codes.add(entry.list)
    if not codes:
        raise ListFileError("holds no entries", at=at)
    code = ";".join(sorted(codes))
    return Source(
        list=code,
        format=reader.format,
        files=tuple(file.path.name for file in files),
        sha256=tuple(file.sha256 for file in files),
        published=reading.published or published.get(code),
        entries=len(compiler) - before,
    )


def _one_edition(sources: list[Source]) -> None:
    shared = {reader.format for reader in READERS if reader.shared}
    first: dict[str, Source] = {}
    for source in sources:
        other = first.setdefault(source.list, source)
        if other is not source and not {source.format, other.format} <= shared:
            raise ListFileError(
                f"holds the list {source.list}, and so does {other.files[0]}; give one edition", at=source.files[0]
            )
