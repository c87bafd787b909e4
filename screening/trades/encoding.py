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
    """A codec of Python's, in how many places the file does not decode by it, and what the user should know."""

    codec: str
    damaged: int = 0
    notices: tuple[str, ...] = ()


def find_encoding(path: Path, stated: str | None = None) -> Encoding:
    """The encoding that was stated, else that of the byte order mark, else UTF-8 where it fits, else what fits best.

    Raises:
        TradeFileError: the file is no text, no encoding fits it, or several do alike.
        UsageError: the encoding that was stated is not known.
    """
    if stated:
        return _tried(path, _codec(stated), "of the stated encoding")
    head = _head(path)
    for mark, codec in _WIDE:
        if head.startswith(mark):
            return _tried(path, codec, "of the encoding that its byte order mark tells")
    if _is_utf8(path):
        return Encoding("utf-8-sig")
    good, damaged = _utf8(path)
    if good < 10 * damaged:
        return _suggested(path)
    return Encoding("utf-8-sig", damaged, _told("utf-8", damaged))


def lent_encoding(path: Path, stated: str) -> str | None:
    """The encoding that was stated of other files; None where this one tells its own, by a mark or by being UTF-8.

    Raises:
        UsageError: the encoding that was stated is not known.
    """
    _codec(stated)
    head = _head(path)
    own = any(head.startswith(mark) for mark, _ in _WIDE) or not _utf8(path)[1]
    return None if own else stated


def _told(codec: str, damaged: int) -> tuple[str, ...]:
    name = codec.upper().removesuffix("-SIG")
    places = f"{damaged} places" if damaged != 1 else "one place"
    return (f"bytes in {places} are no text in {name}; the rows they stand in are rejected",) if damaged else ()


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


def _tried(path: Path, codec: str, origin: str) -> Encoding:
    """The codec with the number of places that it does not decode; UTF-16 and UTF-32 are whole or nothing."""
    damaged = 0
    try:
        with path.open(encoding=codec, errors="surrogateescape", newline="") as file:
            while text := file.read(_BLOCK):
                if "\0" in text:
                    raise TradeFileError(f"is no text {origin}, {codec}, but a binary file", at=path)
                damaged += 0 if text.isascii() else len(_UNDECODED.findall(text))
    except UnicodeError as error:
        raise TradeFileError(f"is no text {origin}, {codec}", at=path) from error
    return Encoding(codec, damaged, _told(codec, damaged))


def _is_utf8(path: Path) -> bool:
    """Every byte of the file is UTF-8 text."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    sound = True
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            if b"\0" in block:
                raise TradeFileError(
                    "is no text but a binary file (it holds NUL bytes); CSV, XLSX, Parquet and JSON Lines are read, "
                    "and UTF-16 without a byte order mark where --encoding says so", at=path,
                )  # fmt: skip
            sound = sound and _decodes(decoder, block)
    return sound and _decodes(decoder, b"", final=True)


def _decodes(decoder: codecs.IncrementalDecoder, block: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(block, final)
    except UnicodeDecodeError:
        return False
    return True


def _utf8(path: Path) -> tuple[int, int]:
    """How many characters beyond ASCII are UTF-8, and in how many places the bytes are not."""
    good = damaged = 0
    with path.open(encoding="utf-8", errors="surrogateescape", newline="") as file:
        while text := file.read(_BLOCK):
            good += len(_BEYOND_ASCII.findall(text))
            damaged += len(_UNDECODED.findall(text))
    return good, damaged


def _suggested(path: Path) -> Encoding:
    """What charset-normalizer makes of the first lines that are not ASCII, where one encoding fits them best.

    Where others fit as well and read other names, no name can be relied on: a listed one may be among those not read.
    """
    sample = bytearray()
    with path.open("rb") as file:
        for line in file:
            if not line.isascii():
                sample += line
            if len(sample) > _SAMPLE:
                break
    matches = from_bytes(bytes(sample))
    best = matches.best()
    if best is None:
        raise TradeFileError("is no text in any encoding that is known; say which with --encoding", at=path)
    fit = (best.chaos, best.coherence)
    rivals = [one for one in matches if (one.chaos, one.coherence) == fit and str(one) != str(best)]
    if rivals:
        named = [one.encoding.replace("_", "-") for one in (best, *rivals[:3])]
        raise TradeFileError(
            f"is not UTF-8, and {', '.join(named[:-1])} and {named[-1]} fit it alike but read it otherwise; say which"
            " it is with --encoding",
            at=path,
        )
    found = _tried(path, best.encoding.replace("_", "-"), "of the encoding that fits its first lines")
    guess = (
        f"is not UTF-8; read as {found.codec}, which is a guess: if names look wrong, say the encoding with --encoding"
    )
    return Encoding(found.codec, found.damaged, (guess, *found.notices))
