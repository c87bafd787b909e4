"""Finds the cells of a workbook that calamine gives as empty: errors such as #REF!, and formulas without a value."""

from __future__ import annotations

import html
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from screening.errors import TradeFileError
from screening.trades.values import Damaged, Unvalued

_BLOCK = 1 << 20
_CELL = re.compile(rb'<(?:\w+:)?c\b([^>]*\bt="e"[^>]*)>(.*?)</(?:\w+:)?c>', re.DOTALL)
_FORMULA = re.compile(
    rb"<(?:\w+:)?c\b([^<>]*)>\s*<(?:\w+:)?f\b[^<>]*(?:/>|>([^<]*)</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_TEXT = re.compile(rb"\bt=[\"']str[\"']")  # the value of such a formula is text, and may well be empty
_PLACE = re.compile(rb'\br="([A-Z]+)([0-9]+)"')
_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]*)<")


def damaged_cells(path: Path, sheet: str) -> dict[tuple[int, int], Damaged]:
    """The errors and the formulas without a value of one sheet by row and column, both counted from 0.

    Raises:
        TradeFileError: the sheet cannot be found or unpacked.
    """
    found: dict[tuple[int, int], Damaged] = {}
    try:
        with zipfile.ZipFile(path) as archive:
            for attributes, damaged in _cells(archive, _part(archive, sheet)):
                if place := _PLACE.search(attributes):
                    found[int(place[2]) - 1, _column(place[1])] = damaged
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


def _cells(archive: zipfile.ZipFile, part: str) -> Iterator[tuple[bytes, Damaged]]:
    """Attributes of the damaged cells of a part and what stands in them, a block at a time."""
    held = b""
    with archive.open(part) as file:
        while block := file.read(_BLOCK):
            held += block
            whole = held.rfind(b"</row>")
            if whole < 0:
                whole = held.rfind(b":row>")
            if b't="e"' in held[: max(whole, 0)]:
                for attributes, inside in _CELL.findall(held, 0, whole):
                    value = _VALUE.search(inside)
                    yield attributes, Damaged(value[1].decode("utf-8", "replace") if value else "#ERROR")
            formulas = _FORMULA.findall(held, 0, max(whole, 0)) if b"<f" in held or b":f" in held else ()
            for attributes, formula in formulas:
                if not _TEXT.search(attributes):
                    yield attributes, Unvalued(f"={html.unescape(formula.decode('utf-8', 'replace'))}")
            held = held[max(whole, 0) :]


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
