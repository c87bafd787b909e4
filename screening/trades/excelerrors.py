"""Finds the cells of a workbook that hold an error such as #REF!, which calamine gives as empty."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from screening.errors import TradeFileError

_BLOCK = 1 << 20
_CELL = re.compile(rb'<(?:\w+:)?c\b([^>]*\bt="e"[^>]*)>(.*?)</(?:\w+:)?c>', re.DOTALL)
_PLACE = re.compile(rb'\br="([A-Z]+)([0-9]+)"')
_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]*)<")


def error_cells(path: Path, sheet: str) -> dict[tuple[int, int], str]:
    """The errors of one sheet by row and column, both counted from 0.

    Raises:
        TradeFileError: the sheet cannot be found or unpacked.
    """
    found: dict[tuple[int, int], str] = {}
    try:
        with zipfile.ZipFile(path) as archive:
            for attributes, inside in _cells(archive, _part(archive, sheet)):
                place, value = _PLACE.search(attributes), _VALUE.search(inside)
                if place:
                    text = value[1].decode("utf-8", "replace") if value else "#ERROR"
                    found[int(place[2]) - 1, _column(place[1])] = text
    except (zipfile.BadZipFile, KeyError, ElementTree.ParseError, EOFError, zlib.error) as error:
        raise TradeFileError(f"is no whole XLSX workbook ({error})", at=path) from error
    return found


def _part(archive: zipfile.ZipFile, sheet: str) -> str:
    """The file inside the workbook that holds a sheet."""
    relation = ""
    for node in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter():
        if node.tag.endswith("}sheet") and node.get("name") == sheet:
            relation = next(value for key, value in node.items() if key.endswith("}id"))
    for node in ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels")):
        if node.get("Id") == relation:
            target = node.get("Target", "")
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    raise KeyError(f"no part for the sheet {sheet!r}")


def _cells(archive: zipfile.ZipFile, part: str) -> Iterator[tuple[bytes, bytes]]:
    """Attributes and content of the error cells of a part, a block at a time."""
    held = b""
    with archive.open(part) as file:
        while block := file.read(_BLOCK):
            held += block
            whole = held.rfind(b"</row>")
            if whole < 0:
                whole = held.rfind(b":row>")
            if b't="e"' in held[: max(whole, 0)]:
                yield from _CELL.findall(held, 0, whole)
            held = held[max(whole, 0) :]


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
