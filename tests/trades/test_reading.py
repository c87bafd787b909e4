"""Specifies screening.trades.read: files to batches, every row accounted for, nothing dependent on chunks."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pandas as pd
import pytest

import screening.trades
from screening import trades
from screening.errors import ScreeningError, TradeFileError, UsageError
from screening.model import COLUMNS, MARK_COLUMNS, REJECT_COLUMNS
from screening.trades.readers import READERS
from screening.trades.reading import source_names

FORMATS = Path(__file__).resolve().parents[2] / "fixtures" / "trades" / "formats"
PLAIN = "record_id,date,shipper,consignee,discharge_port,quantity,unit\nA1,2024-03-07,OOO Alpha,Beta Co,KPCHO,2950,t\n"


def written(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def whole(reading: trades.Reading) -> list[pd.DataFrame]:
    """Frames, rejects and marks of all batches in one."""
    batches = list(reading)
    return [pd.concat([getattr(b, name) for b in batches], ignore_index=True) for name in ("frame", "rejects", "marks")]


def test_every_reader_is_registered() -> None:
    """A module *file.py beside the registry has its row there."""
    folder = Path(screening.trades.__file__).parent
    assert {f"{reader.format}file" for reader in READERS} == {module.stem for module in folder.glob("*file.py")}
    suffixes = [suffix for reader in READERS for suffix in reader.suffixes]
    assert len(suffixes) == len(set(suffixes))


def test_a_plain_file_becomes_one_batch(tmp_path: Path) -> None:
    """A record carries its file, its row in it, its day and its amount; all columns and types are as stated."""
    (batch,) = trades.read(written(tmp_path / "plain.csv", PLAIN))
    record = batch.frame.iloc[0]
    assert (record["source"], record["row"], record["record_id"]) == ("plain.csv", 2, "A1")
    assert (str(record["shipped_on"].date()), record["amount"], record["unit"]) == ("2024-03-07", 2950.0, "t")
    assert list(batch.frame.columns) == [*COLUMNS, "source", "row", "unreadable", "shipped_on", "amount"]
    assert (tuple(batch.rejects.columns), tuple(batch.marks.columns)) == (REJECT_COLUMNS, MARK_COLUMNS)
    types = batch.frame.dtypes.astype(str).to_dict()
    assert {types.pop(c) for c in (*COLUMNS, "source", "unreadable")} == {"str"}
    assert types == {"row": "int64", "shipped_on": "datetime64[s]", "amount": "float64"}
    assert isinstance(batch.frame.index, pd.RangeIndex)


def test_a_record_without_a_key_has_its_row(tmp_path: Path) -> None:
    """The key is the row's number where the column or the cell is empty."""
    (batch,) = trades.read(written(tmp_path / "a.csv", "record_id,date,shipper\n,2024-03-07,A\nK,2024-03-07,B\n"))
    assert list(batch.frame["record_id"]) == ["2", "K"]


@pytest.mark.parametrize("chunk_rows", [1, 2, 3, 7])
@pytest.mark.parametrize("name", ["broken.csv", "customs-cp1251.csv", "korean.tsv", "payments.jsonl"])
def test_chunks_make_no_difference(name: str, chunk_rows: int) -> None:
    """Records, rejects, marks and counts are the same however many rows are held at once."""
    small, large = trades.read(FORMATS / name, chunk_rows=chunk_rows), trades.read(FORMATS / name)
    for one, other in zip(whole(small), whole(large), strict=True):
        pd.testing.assert_frame_equal(one, other)
    assert small.inputs == large.inputs


def test_counts_add_up_in_every_batch() -> None:
    """Rows read are records and rejects, and a row is one or the other."""
    reading = trades.read(FORMATS / "broken.csv", chunk_rows=2)
    for batch in reading:
        assert not set(batch.frame["row"]) & set(batch.rejects["row"])
        assert batch.rejects["row"].is_unique
        assert set(batch.marks["row"]) <= set(batch.frame["row"])
    info = reading.inputs[0]
    assert info.rows == info.records + info.rejected == 15


def test_several_files_are_read_in_order(tmp_path: Path) -> None:
    """Each batch is of one file; files of one name are told apart by their folders."""
    paths = [written(tmp_path / folder / "t.csv", PLAIN.replace("A1", folder)) for folder in ("2023", "2024")]
    reading = trades.read([*paths, written(tmp_path / "other.csv", PLAIN)])
    assert [tuple(b.frame.loc[0, ["source", "record_id"]]) for b in reading] == [
        ("2023/t.csv", "2023"),
        ("2024/t.csv", "2024"),
        ("other.csv", "A1"),
    ]


def test_a_source_is_the_shortest_ending_that_tells() -> None:
    """As few folders as possible are shown."""
    names = source_names([Path("/a/x/t.csv"), Path("/b/x/t.csv"), Path("/b/u.csv"), Path("/b/y/t.csv")])
    assert names == ["a/x/t.csv", "b/x/t.csv", "u.csv", "y/t.csv"]


def test_the_info_is_what_a_manifest_needs(tmp_path: Path) -> None:
    """Bytes, hash, format and columns of each file, and counts once it is read."""
    path = written(
        tmp_path / "a.csv", "Ref;B/L Date;Exporter;Net weight (kg);Remarks\n1;2024-03-07;A;5;x\n1;2024-03-07;B;6;y\n"
    )
    reading = trades.read(path)
    assert reading.inputs[0].rows == 0
    list(reading)
    info = reading.inputs[0]
    assert info.sha256 == hashlib.sha256(path.read_bytes()).hexdigest() == trades.sha256(path)
    assert (info.bytes, info.rows, info.records, info.rejected) == (path.stat().st_size, 2, 2, 0)
    assert (info.format, info.encoding, info.delimiter, info.header_row) == ("csv", "utf-8", ";", 1)
    assert info.columns == (
        ("Ref", "record_id"),
        ("B/L Date", "date"),
        ("Exporter", "shipper"),
        ("Net weight (kg)", "quantity"),
    )
    assert info.ignored == ("Remarks",)
    assert any("Remarks" in notice for notice in info.notices)
    assert any("1 record_ids repeat" in notice for notice in info.notices)


def test_a_file_is_not_read_twice(tmp_path: Path) -> None:
    """The same file is refused by whatever path; another file of the same bytes is told."""
    path = written(tmp_path / "a.csv", PLAIN)
    (tmp_path / "link.csv").symlink_to(path)
    for twice in ([path, path], [path, tmp_path / "." / "a.csv"], [path, tmp_path / "link.csv"]):
        with pytest.raises(TradeFileError, match="given twice"):
            trades.read(twice)
    reading = trades.read([path, written(tmp_path / "b.csv", PLAIN)])
    assert any("same bytes as a.csv" in notice for notice in reading.inputs[1].notices)


def test_a_pandas_frame_is_one_more_source() -> None:
    """Its typed cells are read as those of a typed file, missing ones are empty, and its index is no matter."""
    frame = pd.DataFrame(
        {
            "Date": [pd.Timestamp("2024-03-07"), pd.NaT, "07.03.2024"],
            "Exporter": ["A", "B", "C"],
            "IMO": [9179842.0, None, float("nan")],
            "Qty (t)": [2950, 1, "1,234"],
            "flag": pd.array(["KP", pd.NA, "NA"], dtype="str"),
        },
        index=[7, 7, 7],
    )
    reading = trades.read_frame(frame, chunk_rows=2)
    records, rejects, _ = whole(reading)
    assert records[["row", "shipper", "imo", "unit", "flag", "unreadable"]].to_numpy().tolist() == [
        [1, "A", "9179842", "t", "KP", ""],
        [3, "C", "", "t", "NA", "quantity"],
    ]
    assert list(rejects["row"]) == [2]
    assert list(records["source"].unique()) == ["frame"]
    assert (reading.inputs[0].rows, reading.inputs[0].format) == (3, "frame")
    with pytest.raises(TradeFileError, match="frame: has no date column"):
        trades.read_frame(frame[["Exporter"]])


def test_what_cannot_be_opened_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    """A folder, a missing file, no file at all: nothing is begun."""
    good = written(tmp_path / "a.csv", PLAIN)
    for bad, says in ((tmp_path, "is a folder"), (tmp_path / "gone.csv", "does not exist")):
        with pytest.raises(TradeFileError, match=says):
            trades.read([good, bad])
    with pytest.raises(UsageError, match="no trade file"):
        trades.read([])
    with pytest.raises(UsageError, match="at least one row"):
        trades.read(good, chunk_rows=0)


def test_content_decides_and_a_wrong_name_is_told(tmp_path: Path) -> None:
    """JSON Lines named .csv are read as what they are."""
    reading = trades.read(written(tmp_path / "a.csv", '{"date": "2024-03-07", "shipper": "A"}\n'))
    assert len(next(reading).frame) == 1
    assert any("named .csv but holds jsonl" in notice for notice in reading.inputs[0].notices)


def test_units_are_joined_and_contradictions_marked(tmp_path: Path) -> None:
    """A unit comes from its cell, the quantity's cell or the column's name; two that differ are marked."""
    text = "date,shipper,Quantity (kg),unit\n" + "".join(
        f"2024-03-07,A,{q},{u}\n"
        for q, u in [("5", ""), ("5", "KGS"), ("5", "t"), ("5 t", ""), ("5 kg", ""), ("", "t"), ("", "")]
    )
    (batch,) = trades.read(written(tmp_path / "a.csv", text))
    assert list(batch.frame["unit"]) == ["kg", "KGS", "t", "t", "kg", "t", ""]
    assert list(batch.frame["unreadable"]) == ["", "", "quantity", "quantity", "", "", ""]
    assert batch.frame["amount"].fillna(-1).tolist() == [5, 5, -1, -1, 5, -1, -1]


def test_a_day_that_no_record_is_of_is_not_read(tmp_path: Path) -> None:
    """The zero dates of programs and days far ahead; the first and the last day of rules/bounds.yaml are read."""
    slips = [
        "0001-01-01",
        "1899-12-30",
        "1900-01-01",
        "1904-01-01",
        "1970-01-01",
        "1989-12-31",
        "2051-01-01",
        "9999-12-31",
    ]
    text = "date,shipper\n" + "".join(f"{day},A\n" for day in [*slips, "1990-01-01", "2050-12-31"])
    (batch,) = trades.read(written(tmp_path / "a.csv", text))
    assert list(batch.frame["unreadable"]) == [*["date"] * len(slips), "", ""]
    assert batch.frame["shipped_on"].isna().tolist() == [*[True] * len(slips), False, False]
    assert [reason.split(",")[0] for reason in batch.marks["reason"]] == [
        *["lies before 1990-01-01"] * 6, *["lies after 2050-12-31"] * 2,
    ]  # fmt: skip


def test_a_quantity_that_nothing_carries_is_not_read(tmp_path: Path) -> None:
    """From the figure of rules/bounds.yaml on, however it is written; just below it, it is read."""
    some = ["1e308", "1e15", "1e15 t", "1e400", "999999999999999", "2950"]
    text = "date,shipper,quantity\n" + "".join(f"2024-03-07,A,{quantity}\n" for quantity in some)
    (batch,) = trades.read(written(tmp_path / "a.csv", text))
    assert list(batch.frame["unreadable"]) == [*["quantity"] * 4, "", ""]
    assert batch.frame["amount"].fillna(-1).tolist() == [*[-1] * 4, 999999999999999, 2950]
    assert all("is too large for a quantity" in reason for reason in batch.marks["reason"])


def test_a_lone_dot_is_a_decimal_point_and_is_told(tmp_path: Path) -> None:
    """The file's notices say how many amounts were read that way and what to do if it is wrong."""
    text = "date,shipper,quantity\n2024-03-07,A,1.234\n2024-03-07,A,12.5\n2024-03-07,A,0.125\n"
    reading = trades.read(written(tmp_path / "a.csv", text))
    assert list(next(reading).frame["amount"]) == [1.234, 12.5, 0.125]
    list(reading)
    assert any("'1.234' (1 in all)" in notice for notice in reading.inputs[0].notices)


def test_a_lone_dot_beside_semicolons_is_ambiguous(tmp_path: Path) -> None:
    """Where semicolons part the cells the comma may be the decimal sign; a mapping decides."""
    path = written(tmp_path / "a.csv", "date;shipper;quantity\n2024-03-07;A;1.234\n2024-03-07;A;12.5\n")
    (batch,) = reading = trades.read(path)
    assert list(batch.frame["unreadable"]) == ["quantity", ""]
    assert "could be 1234 or 1.234" in batch.marks.loc[0, "reason"]
    assert reading.inputs[0].notices == ()
    for decimal, amount in ((".", 1.234), (",", 1234)):
        assert next(trades.read(path, trades.Mapping(decimal=decimal))).frame.loc[0, "amount"] == amount


def test_half_a_sign_in_a_frame_is_shown_and_marked() -> None:
    """A lone surrogate, which no file can hold, leaves the row and the rest of the cell to be screened."""
    rows = [["\ud800Korea Mining", "27\udc01", "V"], ["B", 2710, "V"], [None, "2711", "V"]]
    frame = pd.DataFrame([["2024-03-07", *cells] for cells in rows], dtype=object)
    frame.columns = pd.Index(["date", "shipper", "hs", "vessel\udfff"], dtype=object)
    (batch,) = reading = trades.read_frame(frame)
    assert list(batch.frame["shipper"]) == ["\ufffdKorea Mining", "B", ""]
    assert list(batch.frame["hs"]) == ["27\ufffd", "2710", "2711"]
    assert list(batch.frame["unreadable"]) == ["shipper;hs", "", ""]
    assert ("vessel\ufffd", "vessel") in reading.inputs[0].columns


def test_a_name_with_bytes_that_are_no_text_is_shown(tmp_path: Path) -> None:
    """Such bytes are replacement characters, and files whose names then look alike stay apart."""
    paths = [written(tmp_path / os.fsdecode(name), PLAIN) for name in (b"a\xff.csv", b"a\xfe.csv")]
    reading = trades.read(paths)
    assert [batch.frame.loc[0, "source"] for batch in reading] == ["a\ufffd.csv", "a\ufffd.csv (2)"]
    assert all(info.path.endswith("a\ufffd.csv") for info in reading.inputs)


def test_answers_in_many_languages(tmp_path: Path) -> None:
    """Words for yes and no become yes and no; anything else is kept and marked."""
    words = ["yes", "Да", "예", "是", "TRUE", "1", "нет", "NO", "아니오", "否", "0", "", "perhaps"]
    text = "date,shipper,committee notice\n" + "".join(f"2024-03-07,A,{word}\n" for word in words)
    (batch,) = trades.read(written(tmp_path / "a.csv", text))
    assert list(batch.frame["committee_notice"]) == ["yes"] * 6 + ["no"] * 5 + ["", "perhaps"]
    assert list(batch.marks["value"]) == ["perhaps"]


def test_the_scenarios_read_without_a_word(shared: Path) -> None:
    """Every shipped scenario's trade file reads whole, without rejects, marks or notices."""
    for path in sorted(shared.glob("scenarios/*/trades.csv")):
        reading = trades.read(path)
        _, rejects, marks = whole(reading)
        assert rejects.empty and marks.empty, path
        assert reading.inputs[0].notices == (), path


@pytest.mark.parametrize(
    "content",
    [b"\0\1\2", b"{", b"[]", b"PK\x03\x04", b"PAR1", b"\xff\xfe", b"\xff\xfe\0\xd8", b'"', b"\r", b"sep=;", b"{}\n{}"],
)
@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".parquet", ".jsonl", "", ".gz"])
def test_no_content_ends_in_a_traceback(tmp_path: Path, content: bytes, suffix: str) -> None:
    """Whatever a file holds, and whatever it is called, it is read or refused in a sentence."""
    path = tmp_path / f"t{suffix}"
    path.write_bytes(content)
    with pytest.raises(ScreeningError) as refused:
        list(trades.read(path))
    assert "\n" not in refused.value.message
