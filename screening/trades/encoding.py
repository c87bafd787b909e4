"""In which encoding a text is written; the only place that asks charset-normalizer."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

from charset_normalizer import from_bytes

from screening.errors import TradeFileError, UsageError

_BLOCK = 1 << 20
_SAMPLE = 1 << 16
_UNDECODED = re.compile("[\udc80-\udcff]+")
_BEYOND_ASCII = re.compile("[^\x00-\x7f\udc80-\udcff]")
_WIDE = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class Encoding:
    """A codec of Python's, and what the user should know about how it was found."""

    codec: str
    notices: tuple[str, ...] = ()


def find_encoding(path: Path, stated: str | None = None) -> Encoding:
    """The encoding that was stated, else that of the byte order mark, else UTF-8 where it fits, else a suggestion.

    Raises:
        TradeFileError: the file is no text, or no encoding fits it.
        UsageError: the encoding that was stated is not known.
    """
    head = _head(path)
    if stated:
        return Encoding(_checked(path, _codec(stated), f"is no text in the stated encoding {stated}"))
    for mark, codec in _WIDE:
        if head.startswith(mark):
            return Encoding(_checked(path, codec, f"begins like {codec.upper()} but is no text in it"))
    good, damaged = _utf8(path)
    if damaged and good < 10 * damaged:
        return _suggested(path)
    if damaged:
        return Encoding("utf-8-sig", (f"read as UTF-8, which {damaged} places are not; their rows are rejected",))
    return Encoding("utf-8-sig")


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(4)


def _codec(stated: str) -> str:
    try:
        name = codecs.lookup(stated).name
        "".encode(name)
    except LookupError as error:
        raise UsageError(
            f"the encoding {stated!r} is not known; utf-8, utf-16, cp1251 or cp949 are examples"
        ) from error
    return "utf-8-sig" if name == "utf-8" else name


def _checked(path: Path, codec: str, fault: str) -> str:
    """The codec, once the whole file was seen to decode; only wide codecs refuse what others pass on as damaged."""
    try:
        with path.open(encoding=codec, errors="surrogateescape", newline="") as file:
            while text := file.read(_BLOCK):
                if "\0" in text:
                    raise TradeFileError(
                        "is no text but a binary file; CSV, XLSX, Parquet and JSON Lines are read", at=path
                    )
    except UnicodeError as error:
        raise TradeFileError(fault, at=path) from error
    return codec


def _utf8(path: Path) -> tuple[int, int]:
    """How many characters beyond ASCII are UTF-8, and in how many places the bytes are not."""
    good = damaged = 0
    decoder = codecs.getincrementaldecoder("utf-8")(errors="surrogateescape")
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            if b"\0" in block:
                raise TradeFileError(
                    "is no text but a binary file (it holds NUL bytes); CSV, XLSX, Parquet and JSON Lines are read, "
                    "and UTF-16 without a byte order mark where --encoding says so", at=path,
                )  # fmt: skip
            text = decoder.decode(block)
            if not text.isascii():
                good += len(_BEYOND_ASCII.findall(text))
                damaged += len(_UNDECODED.findall(text))
    damaged += len(_UNDECODED.findall(decoder.decode(b"", True)))
    return good, damaged


def _suggested(path: Path) -> Encoding:
    """What charset-normalizer makes of the first lines that are not ASCII."""
    sample = bytearray()
    with path.open("rb") as file:
        for line in file:
            if not line.isascii():
                sample += line
            if len(sample) > _SAMPLE:
                break
    best = from_bytes(bytes(sample[:_SAMPLE])).best()
    if best is None:
        raise TradeFileError("is no text in any encoding that is known; say which with --encoding", at=path)
    codec = best.encoding.replace("_", "-")
    return Encoding(
        _checked(path, codec, f"is neither UTF-8 nor {codec}; say which encoding it is with --encoding"),
        (f"is not UTF-8; read as {codec}, which is a guess: if names look wrong, say the encoding with --encoding",),
    )
