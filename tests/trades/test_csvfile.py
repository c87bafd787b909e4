"""Specifies screening.trades.csvfile: however a table was written, it reads back, and damage stays where it is."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from screening import trades
from screening.errors import TradeFileError, UsageError

HEADER = ["record_id", "date", "shipper", "goods"]
FUNCTION_FIXTURE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)


def rows_of(text: str | bytes, path: Path, **options: object) -> tuple[pd.DataFrame, pd.DataFrame, trades.InputInfo]:
    """Frame, rejects and info of a file with this content."""
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    reading = trades.read(path, **options)  # type: ignore[arg-type]
    batches = list(reading)
    return (
        pd.concat([b.frame for b in batches], ignore_index=True),
        pd.concat([b.rejects for b in batches], ignore_index=True),
        reading.inputs[0],
    )


CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)


@FUNCTION_FIXTURE
@given(
    rows=st.lists(st.tuples(CELLS, CELLS), max_size=6),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    chunk_rows=st.sampled_from([1, 2, 100]),
)
def test_any_table_of_text_reads_back(
    tmp_path: Path, rows: list[tuple[str, str]], delimiter: str, encoding: str, quoting: int, chunk_rows: int
) -> None:
    """Whatever delimiter, encoding and quoting a table was written with, its cells come back as they were."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=delimiter, quoting=quoting)  # type: ignore[arg-type]
    writer.writerow(HEADER)
    for shipper, goods in rows:
        writer.writerow(["x", "2024-03-07", f"<{shipper}>", f"<{goods}>"])
    frame, rejects, info = rows_of(file.getvalue().encode(encoding), tmp_path / "t.csv", chunk_rows=chunk_rows)
    assert list(zip(frame["shipper"], frame["goods"], strict=True)) == [(f"<{s}>", f"<{g}>") for s, g in rows]
    assert rejects.empty
    assert list(frame["row"]) == list(range(2, 2 + len(rows)))
    assert info.rows == len(rows)


DAMAGE = {
    "a cell too few": "d,2024-03-07,shipper",
    "a cell too many": "d,2024-03-07,shipper,goods,more",
    "an unclosed quote": 'd,2024-03-07,"shipper,goods',
    "an unclosed quote at the end": 'd,2024-03-07,shipper,"goods',
    "an unclosed quote at the start": '"d,2024-03-07,shipper,goods',
    "text after a quote": 'd,2024-03-07,"ship"per,goods',
    "no date": "d,,shipper,goods",
    "no party": "d,2024-03-07,,goods",
    "only blanks": " , , , ",
}
SOUND = [
    "{},2024-03-07,shipper,goods",
    '{},2024-03-07,"ship, per","go""ods"',
    '{},2024-03-07,"ship\nper",5" pipe',
    '"{}","2024-03-07","x\n\n,,,\ny",""',
]


@FUNCTION_FIXTURE
@given(
    lines=st.lists(st.sampled_from(sorted(DAMAGE)) | st.sampled_from(SOUND), max_size=12),
    chunk_rows=st.sampled_from([1, 3, 1000]),
    ending=st.sampled_from(["\n", "\r\n"]),
)
def test_damage_stays_where_it_is(tmp_path: Path, lines: list[str], chunk_rows: int, ending: str) -> None:
    """Every damaged row is rejected under its own number, and every sound row around it is read."""
    written = [DAMAGE[line] if line in DAMAGE else line.format(f"r{number}") for number, line in enumerate(lines)]
    text = ending.join([",".join(HEADER), *written]) + ending
    frame, rejects, info = rows_of(text, tmp_path / "t.csv", chunk_rows=chunk_rows)
    sound = [number for number, line in enumerate(lines) if line not in DAMAGE]
    assert list(frame["record_id"]) == [f"r{number}" for number in sound]
    assert list(frame["row"]) == [number + 2 for number in sound]
    assert list(rejects["row"]) == [number + 2 for number, line in enumerate(lines) if line in DAMAGE]
    assert info.rows == len(lines)


def test_blank_lines_are_counted_apart(tmp_path: Path) -> None:
    """Rows in which nothing stands are no records and no rejects, wherever they are, but keep their number."""
    frame, rejects, info = rows_of("date,shipper\n\n2024-03-07,A\n,\n\n2024-03-08,B\n\n\n", tmp_path / "t.csv")
    assert list(frame["row"]) == [3, 6]
    assert (len(rejects), info.rows, info.blank) == (0, 2, 5)


def test_an_unclosed_quote_before_many_rows_costs_one_row(tmp_path: Path) -> None:
    """The rows after an unclosed quote are read, however many there are."""
    rest = "".join(f"2024-03-07,shipper {n},goods\n" for n in range(20_000))
    frame, rejects, _ = rows_of('date,shipper,goods\n2024-03-07,"open,goods\n' + rest, tmp_path / "t.csv")
    assert len(frame) == 20_000
    assert list(rejects["row"]) == [2]


def test_a_long_quoted_cell_crosses_blocks(tmp_path: Path) -> None:
    """A cell of a thousand lines is one cell."""
    cell = "line\n" * 3000
    text = 'date,shipper,goods\n2024-03-06,first,x\n2024-03-07,"<' + cell + '>",goods\n2024-03-08,last,x\n'
    frame, rejects, _ = rows_of(text, tmp_path / "t.csv")
    assert rejects.empty
    assert list(frame["shipper"]) == ["first", f"<{cell}>", "last"]


@pytest.mark.parametrize(
    ("above", "row"),
    [("Export report, March\n\n", 3), ("\n\n\n", 4), ("sep=,\n", 2), ('Prepared by,"A, B"\nPeriod,2024\n', 3)],
)
def test_the_header_is_found_below_other_lines(tmp_path: Path, above: str, row: int) -> None:
    """A title or empty lines above the header are no records, and count in the row numbers."""
    frame, _, info = rows_of(above + "date,shipper,goods\n2024-03-07,A,B\n", tmp_path / "t.csv")
    assert info.header_row == row
    assert list(frame["row"]) == [row + 1]


def test_the_delimiter_is_the_one_that_gives_known_columns(tmp_path: Path) -> None:
    """Commas inside names do not mislead: the header decides."""
    text = "date;shipper;goods\n2024-03-07;Alpha, Beta, Gamma, Ltd;a, b, c\n"
    frame, _, info = rows_of(text, tmp_path / "t.csv")
    assert info.delimiter == ";"
    assert list(frame["shipper"]) == ["Alpha, Beta, Gamma, Ltd"]


def test_codes_and_formulas_stay_text(tmp_path: Path) -> None:
    """Leading zeros, NA and what looks like a formula are text like any other."""
    frame, _, _ = rows_of("date,shipper,hs,flag,goods\n2024-03-07,A,030363,NA,=1+1\n", tmp_path / "t.csv")
    assert frame.loc[0, ["hs", "flag", "goods"]].tolist() == ["030363", "NA", "=1+1"]


def test_a_line_that_does_not_decode_is_rejected_alone(tmp_path: Path) -> None:
    """In a UTF-8 file a line in another encoding costs that line and is told."""
    sound = "2024-03-07,Приморский Бункер\n".encode()
    damaged = "2024-03-07,Бункер\n".encode("cp1251")
    content = b"date,shipper\n" + sound * 5 + damaged + sound
    frame, rejects, info = rows_of(content, tmp_path / "t.csv")
    assert (len(frame), list(rejects["row"]), info.rows) == (6, [7], 7)
    assert "UTF-8" in info.notices[0]


def test_a_stated_encoding_wins(tmp_path: Path) -> None:
    """What the user states is not second-guessed."""
    frame, _, info = rows_of(
        "date,shipper\n2024-03-07,Бункер\n".encode("koi8-r"), tmp_path / "t.csv", encoding="koi8-r"
    )
    assert list(frame["shipper"]) == ["Бункер"]
    assert (info.encoding, info.notices) == ("koi8-r", ())


def test_an_unknown_encoding_is_refused(tmp_path: Path) -> None:
    """An encoding that is none is a fault of the command."""
    with pytest.raises(UsageError, match="utf-9"):
        rows_of("date,shipper\n2024-03-07,A\n", tmp_path / "t.csv", encoding="utf-9")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"\n \n\n", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (bytes(range(256)) * 8, "binary"),
        (b"\x7fELF\x02\x01\x01\x00\x00", "binary"),
        (b"foo,bar\n1,2\n", "no column that is known; found: foo, bar"),
        (b"shipper,goods\nA,B\n", "no date column"),
        (b"date,goods\n2024-03-07,B\n", "no column of a party, a vessel or a port"),
        (b"date,exporter,consignor\n2024-03-07,A,B\n", "'exporter' and 'consignor'"),
        (b"date,shipper,Shipper\n2024-03-07,A,B\n", "'shipper' and 'Shipper'"),
        (b"PK\x03\x04 no archive", "XLSX"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_one_sentence(tmp_path: Path, content: bytes, says: str) -> None:
    """The sentence names the file and what is wrong with it."""
    path = tmp_path / "bad.csv"
    with pytest.raises(TradeFileError) as refused:
        rows_of(content, path)
    assert says in refused.value.message
    assert refused.value.at == str(path)
    assert "\n" not in refused.value.message


def test_a_header_alone_is_a_file_without_records(tmp_path: Path) -> None:
    """No record is an answer, and its frame has all columns."""
    frame, rejects, info = rows_of("date,shipper\n", tmp_path / "t.csv")
    assert (len(frame), len(rejects), info.rows) == (0, 0, 0)
    assert str(frame["shipped_on"].dtype) == "datetime64[s]"
