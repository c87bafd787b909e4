"""The files offered as lists: found, hashed, and seen from the beginning, so that content tells what they are."""

from __future__ import annotations

import csv
import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from screening.errors import ListFileError

LIST_SUFFIXES = (".csv", ".tsv", ".xml", ".json", ".jsonl", ".ndjson")
_HEAD_BYTES = 65536


@dataclass(frozen=True, slots=True)
class ListFile:
    """A file with its hash, its first bytes and its last one."""

    path: Path
    sha256: str
    head: bytes
    last: bytes = b""

    @property
    def start(self) -> str:
        """The first bytes as text, undecodable ones replaced, without a byte order mark."""
        return self.head.decode("utf-8", errors="replace").lstrip("\ufeff")

    def rows(self, count: int) -> list[list[str]]:
        """The first rows that are not empty, as far as the beginning of the file shows them whole, as cells."""
        lines = self.start.splitlines(keepends=True)
        if len(self.head) >= _HEAD_BYTES:
            lines.pop()
        try:
            return list(islice(filter(None, csv.reader(lines)), count))
        except csv.Error:
            return []


def find(paths: Iterable[Path]) -> tuple[list[ListFile], list[str]]:
    """The list files among files and folders, each content once, and what was left aside and why.

    Raises:
        ListFileError: a path does not exist, or nothing among the paths could be a list.
    """
    paths = list(paths)
    notes: list[str] = []
    found: dict[str, ListFile] = {}
    for path in sorted({inner for given in paths for inner in _walk(given, notes)}):
        file = _open(path)
        if (first := found.setdefault(file.sha256, file)) is not file:
            notes.append(f"{path.name} was read once only: it is the same as {first.path}")
    if not found:
        raise ListFileError(f"holds no list; list files end in {', '.join(LIST_SUFFIXES)}", at=_told(paths))
    return list(found.values()), notes


def legible(path: Path) -> Path:
    """The path itself, where its name is text that reports and snapshots can hold.

    Raises:
        ListFileError: the name has bytes that are not UTF-8.
    """
    if (told := _printable(path)) != str(path):
        raise ListFileError("has a name with bytes that are not UTF-8; rename it", at=told)
    return path


def _printable(path: Path) -> str:
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _walk(path: Path, notes: list[str]) -> Iterable[Path]:
    legible(path)
    if path.is_file():
        yield path
        return
    if not path.is_dir():
        raise ListFileError("does not exist; give list files or a folder of them", at=path)
    for inner in sorted(path.rglob("*")):
        if not inner.is_file():
            continue
        if inner.suffix.lower() in LIST_SUFFIXES:
            yield legible(inner)
        else:
            told, suffix = _printable(inner.relative_to(path)), _printable(Path(inner.suffix or "no suffix"))
            notes.append(f"{told} was left aside: no list ends in {suffix}")


def _open(path: Path) -> ListFile:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
            digest.update(head)
            last = head[-1:]
            while block := file.read(1 << 20):
                digest.update(block)
                last = block[-1:]
    except OSError as error:
        raise ListFileError(f"cannot be read ({error.strerror})", at=path) from error
    if not head:
        raise ListFileError("is empty", at=path)
    return ListFile(path, digest.hexdigest(), head, last)


def _told(paths: Iterable[Path]) -> str:
    return ", ".join(map(_printable, paths)) or "lists"
