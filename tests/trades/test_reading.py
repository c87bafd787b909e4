"""Specifies screening.trades.read: batches, names, counts."""

from __future__ import annotations

from pathlib import Path

from screening import trades

PLAIN = "record_id,date,shipper,consignee,discharge_port,quantity,unit\nA1,2024-03-07,OOO Alpha,Beta Co,KPCHO,2950,t\n"


def test_a_plain_file_becomes_one_batch(tmp_path: Path) -> None:
    """A record carries its file, its row in it, its day and its amount."""
    path = tmp_path / "plain.csv"
    path.write_text(PLAIN, encoding="utf-8")
    (batch,) = trades.read(path)
    record = batch.frame.iloc[0]
    assert (record["source"], record["row"], record["record_id"]) == ("plain.csv", 2, "A1")
    assert (str(record["shipped_on"].date()), record["amount"], record["unit"]) == ("2024-03-07", 2950.0, "t")
    assert batch.rejects.empty
    assert batch.marks.empty
