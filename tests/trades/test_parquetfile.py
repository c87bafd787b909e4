"""Specifies screening.trades.parquetfile: types become text, structs are opened, broken files refused."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from screening import trades
from screening.errors import TradeFileError


def saved(path: Path, columns: dict[str, pa.Array], **options: object) -> Path:
    pq.write_table(pa.table(columns), path, **options)
    return path


@pytest.mark.parametrize("coded", [False, True])
def test_bytes_that_are_no_text_are_shown_and_marked(tmp_path: Path, coded: bool) -> None:
    """A writer that breaks the promise of UTF-8 does not end the run; the rest of the cell is screened."""
    names = pa.array([b"\xffKorea Mining", None, b"B"], pa.binary()).view(pa.string())
    names = names.dictionary_encode() if coded else names
    (batch,) = trades.read(
        saved(tmp_path / "t.parquet", {"date": pa.array(["2024-03-07"] * 3), "imo": pa.array("123"), "shipper": names})
    )
    assert list(batch.frame["shipper"]) == ["\ufffdKorea Mining", "", "B"]
    assert list(batch.frame["unreadable"]) == ["shipper", "", ""]
    assert "no text" in batch.marks.loc[0, "reason"]


SEOUL = timezone(timedelta(hours=9))
DATES = [
    pa.array(["2024-03-07", "07.03.2024"]),
    pa.array([date(2024, 3, 7)] * 2),
    pa.array([datetime(2024, 3, 7), datetime(2024, 3, 7, 23, 59)]),
    pa.array([datetime(2024, 3, 7, 1, tzinfo=SEOUL)] * 2, pa.timestamp("us", "+09:00")),
    pa.array([20240307, 20240307]),
    pa.array(["2024-03-07"] * 2).dictionary_encode(),
]


@pytest.mark.parametrize("dates", DATES, ids=lambda array: str(array.type))
def test_every_type_of_date_is_read(tmp_path: Path, dates: pa.Array) -> None:
    """Texts, days, moments (as of their own zone) and numbers like 20240307 give the day."""
    (batch,) = trades.read(saved(tmp_path / "t.parquet", {"date": dates, "shipper": pa.array(["A", "B"])}))
    assert list(batch.frame["shipped_on"].dt.strftime("%Y-%m-%d")) == ["2024-03-07"] * 2


@pytest.mark.parametrize(
    ("values", "texts", "amounts"),
    [
        (pa.array([2950, 0]), ["2950", "0"], [2950, 0]),
        (pa.array([2950.0, 1.234]), ["2950", "1.234"], [2950, 1.234]),
        (pa.array([Decimal("2950.000"), Decimal("1.234")]), ["2950", "1.234"], [2950, 1.234]),
        (pa.array(["2950", "1,5"]), ["2950", "1,5"], [2950, 1.5]),
        (pa.array([1e-5, 2.5], pa.float32()), ["9.999999747378752e-06", "2.5"], [9.999999747378752e-06, 2.5]),
    ],
)
def test_every_type_of_number_is_read(tmp_path: Path, values: pa.Array, texts: list[str], amounts: list[float]) -> None:
    """Whole numbers have no point, and no digit is lost."""
    path = saved(
        tmp_path / "t.parquet",
        {"date": pa.array(["2024-03-07"] * 2), "shipper": pa.array(["A", "B"]), "quantity": values},
    )
    (batch,) = trades.read(path)
    assert list(batch.frame["quantity"]) == texts
    assert list(batch.frame["amount"]) == amounts


def test_missing_values_are_empty_and_rounded_ones_marked(tmp_path: Path) -> None:
    """A number that pandas made a float because another was missing is whole again; null and NaN are empty."""
    columns = {
        "date": pa.array(["2024-03-07"] * 3),
        "vessel": pa.array(["A", "B", "C"]),
        "imo": pa.array([9179842.0, None, float("nan")]),
        "hs": pa.array([1e17, 30363.0, None]),
        "flag": pa.array([b"KP", None, b"\xff"]),
        "quantity": pa.array([float("inf"), None, 1.0]),
    }
    (batch,) = trades.read(saved(tmp_path / "t.parquet", columns))
    assert list(batch.frame["imo"]) == ["9179842", "", ""]
    assert list(batch.frame["hs"])[1:] == ["30363", ""]
    assert list(batch.frame["flag"]) == ["KP", "", "ff"]
    assert list(batch.frame["unreadable"]) == ["hs;quantity", "", ""]


def test_structs_are_opened_and_deeper_ones_refused(tmp_path: Path) -> None:
    """A vessel with name and imo gives both; a list where text belongs is refused, elsewhere ignored."""
    columns = {
        "date": pa.array(["2024-03-07"]),
        "vessel": pa.array([{"name": "SEVERNAYA", "imo": 9179842}]),
        "tags": pa.array([["a", "b"]]),
    }
    (batch,) = trades.read(saved(tmp_path / "t.parquet", columns))
    assert batch.frame.loc[0, ["vessel", "imo"]].tolist() == ["SEVERNAYA", "9179842"]
    with pytest.raises(TradeFileError, match="'goods' of list"):
        list(trades.read(saved(tmp_path / "u.parquet", columns | {"goods": columns["tags"]})))


def test_rows_are_numbered_through_row_groups_and_chunks(tmp_path: Path) -> None:
    """The number of a row does not depend on how the file is cut."""
    columns = {"date": pa.array(["2024-03-07"] * 10), "shipper": pa.array([f"S{n}" for n in range(10)])}
    path = saved(tmp_path / "t.parquet", columns, row_group_size=3)
    for chunk_rows in (1, 4, 100):
        rows = [row for batch in trades.read(path, chunk_rows=chunk_rows) for row in batch.frame["row"]]
        assert rows == list(range(1, 11))


def test_a_file_without_rows_gives_an_empty_batch(tmp_path: Path) -> None:
    """No record is an answer."""
    path = saved(tmp_path / "t.parquet", {"date": pa.array([], pa.string()), "shipper": pa.array([], pa.string())})
    (batch,) = trades.read(path)
    assert len(batch.frame) == 0


def test_a_broken_file_is_refused(tmp_path: Path) -> None:
    """Cut short, or no Parquet at all: one sentence."""
    path = saved(tmp_path / "t.parquet", {"date": pa.array(["2024-03-07"]), "shipper": pa.array(["A"])})
    whole = path.read_bytes()
    for content in (whole[:-20], b"PAR1", b"date,shipper\n", b""):
        path.write_bytes(content)
        with pytest.raises(TradeFileError) as refused:
            trades.read(path)
        assert "\n" not in refused.value.message


def test_damage_inside_is_refused_and_not_read_in_part(tmp_path: Path) -> None:
    """A page that does not decode ends in a sentence that says after which row."""
    columns = {"date": pa.array(["2024-03-07"] * 1000), "shipper": pa.array([f"Shipper {n}" for n in range(1000)])}
    path = saved(tmp_path / "t.parquet", columns, use_dictionary=False, compression="zstd")
    content = bytearray(path.read_bytes())
    content[60:400] = b"\xff" * 340
    path.write_bytes(content)
    with pytest.raises(TradeFileError, match="breaks off after row 0"):
        list(trades.read(path))
