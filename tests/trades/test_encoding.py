"""Specifies screening.trades.encoding: UTF-8 strictly, byte order marks, else a suggestion that is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from screening.errors import TradeFileError, UsageError
from screening.trades.encoding import find_encoding

RUSSIAN = (
    "дата;грузоотправитель;грузополучатель;судно;порт погрузки\n"
    "07.03.2024;ООО «Приморский Бункер», г. Находка;Торговая компания Раджин;Северная;Восточный\n"
)
KOREAN = (
    "선적일,송하인,수하인,선명,선적항,품명\n2024-03-07,대한상사 주식회사,나홋카 무역,한진 스타,부산항,경유와 휘발유\n"
    * 3
)
CHINESE = (
    "日期,发货人,收货人,船名,装货港,货名\n2024-03-07,大连海运有限公司,罗津贸易公司,北方一号,大连港,柴油和汽油\n" * 3
)


@pytest.mark.parametrize(
    ("text", "encoding", "found"),
    [
        (RUSSIAN, "utf-8", "utf-8-sig"),
        (RUSSIAN, "utf-8-sig", "utf-8-sig"),
        (RUSSIAN, "utf-16", "utf-16"),
        (KOREAN, "utf-16", "utf-16"),
        (RUSSIAN, "utf-32", "utf-32"),
        (RUSSIAN, "cp1251", "cp1251"),
        (KOREAN, "cp949", "cp949"),
        (CHINESE, "gb18030", "gb18030"),
        ("date,shipper\n", "ascii", "utf-8-sig"),
    ],
)
def test_an_encoding_is_found(tmp_path: Path, text: str, encoding: str, found: str) -> None:
    """The text that is read is the text that was written, and a guess is told to be one."""
    path = tmp_path / "t.csv"
    path.write_bytes(text.encode(encoding))
    result = find_encoding(path)
    assert path.read_bytes().decode(result.codec) == text
    assert result.damaged == 0
    assert bool(result.notices) == (found not in ("utf-8-sig", "utf-16", "utf-32"))


@pytest.mark.parametrize(
    ("content", "stated", "refusal", "says"),
    [
        (b"a\0b", None, TradeFileError, "NUL"),
        ("date,дата".encode("utf-16-le"), None, TradeFileError, "--encoding"),
        (b"\xff\xfea", None, TradeFileError, "byte order mark"),
        (b"abc", "utf-16", TradeFileError, "stated encoding"),
        (b"a\0b", "cp1251", TradeFileError, "binary"),
        (b"abc", "klingon", UsageError, "klingon"),
        (b"abc", "rot13", UsageError, "rot13"),
    ],
)
def test_what_is_no_text_is_refused(
    tmp_path: Path, content: bytes, stated: str | None, refusal: type[Exception], says: str
) -> None:
    """Binary files, wrong statements and unknown encodings end in a sentence."""
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    with pytest.raises(refusal, match=says):
        find_encoding(path, stated)


def test_utf_16_without_a_mark_is_read_where_it_is_stated(tmp_path: Path) -> None:
    """The statement that the refusal asks for works."""
    path = tmp_path / "t.csv"
    path.write_bytes(RUSSIAN.encode("utf-16-le"))
    assert find_encoding(path, "utf-16-le").codec == "utf-16-le"


@pytest.mark.parametrize(
    ("cell", "encoding"),
    [("김정은", "cp949"), ("Иванов", "cp1251"), ("大连海运公司", "gb18030"), ("Société", "cp1252")],
)
def test_a_guess_between_encodings_is_no_guess(tmp_path: Path, cell: str, encoding: str) -> None:
    """A file with so few letters beyond ASCII that several encodings fit alike is read when the encoding is stated."""
    path = tmp_path / "t.csv"
    path.write_bytes(f"date,shipper\n2024-03-01,{cell}\n".encode(encoding))
    with pytest.raises(TradeFileError, match="fit it alike but read it otherwise; say which it is with --encoding"):
        find_encoding(path)
    assert path.read_bytes().decode(find_encoding(path, encoding).codec).endswith(f"{cell}\n")
