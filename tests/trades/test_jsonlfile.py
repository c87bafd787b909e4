"""Specifies screening.trades.jsonlfile: one object a line, each damaged line rejected alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from screening import trades
from screening.errors import TradeFileError

GOOD = '{"date": "2024-03-07", "shipper": "A"}'


def read(path: Path, text: str | bytes, **options: int) -> tuple[trades.Batch, trades.InputInfo]:
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    reading = trades.read(path, **options)  # type: ignore[arg-type]
    (batch,) = reading
    return batch, reading.inputs[0]


def test_numbers_keep_their_digits(tmp_path: Path) -> None:
    """A long key, a whole float and a small amount are the text a person would type."""
    line = (
        '{"record_id": 12345678901234567890, "date": 20240307, "vessel": "A", "imo": 9179842.0, "hs": "030363", '
        '"quantity": 1.2340, "committee_notice": false, "goods": null}'
    )
    batch, info = read(tmp_path / "t.jsonl", line)
    record = batch.frame.iloc[0]
    assert record[["record_id", "imo", "hs", "goods"]].tolist() == ["12345678901234567890", "9179842", "030363", ""]
    assert (record["amount"], record["committee_notice"]) == (1.234, "no")
    assert info.notices == ()


def test_a_byte_order_mark_and_blank_lines_are_no_matter(tmp_path: Path) -> None:
    """Rows keep the number of their line."""
    batch, info = read(tmp_path / "t.jsonl", f"\ufeff{GOOD}\n\n  \n{GOOD}\n")
    assert (list(batch.frame["row"]), info.blank, info.rows) == ([1, 4], 2, 2)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{", "is no JSON"),
        (b'{"date": NaN}', "is no JSON"),
        (b"[1]", "no JSON object"),
        (b'"text"', "no JSON object"),
        (b"\xff", "is no JSON"),
        (b'{"date": "\xff"}', "UTF-8"),
        (GOOD.encode() + b" more", "is no JSON"),
        (b"[" * 5000, "is no JSON"),
        (b"{}", "no party"),
        (b'{"date": "2024-03-07", "shipper": ["A"]}', "a list"),
        (b'{"date": {"day": {"of": "year"}}, "shipper": "A"}', "'date' is an object"),
        (b'{"date": "2024-03-07", "vessel": {"name": {"en": "A"}}}', "'vessel.name' is an object"),
        (b'{"a.b": 1, "a": {"b": 2}}', "twice"),
        (b'{"date": "2024-03-07", "shipper": "Korea Mining", "shipper": "B"}', "holds 'shipper' twice"),
        (b'{"date": "2024-03-07", "shipper": "Korea Mining", "shi\\u0070per" : "B: C"}', "holds 'shipper' twice"),
        (b'{"date": "2024-03-07", "shipper": "A", "tags": [{"x": 1, "x": 2}]}', "holds 'x' twice"),
        (b'{"date": "2024-03-07", "shipper": {"name": "Korea Mining"}}', "'shipper' is an object"),
        (b'{"date": "2024-03-07", "load_port": "V", "shipper": {"title": "Korea Mining"}}', "'shipper' is an object"),
    ],
)
def test_a_damaged_line_is_rejected_alone(tmp_path: Path, line: bytes, reason: str) -> None:
    """The lines around it are read, and the reason is told."""
    text = GOOD.encode() + b"\n" + line + b"\n" + GOOD.encode().replace(b"shipper", b"vessel.name") + b"\n"
    batch, info = read(tmp_path / "t.jsonl", text)
    assert list(batch.frame["row"]) == [1, 3]
    assert list(batch.rejects["row"]) == [2]
    assert reason in batch.rejects.loc[0, "reason"]
    assert info.rows == 3


def test_an_object_that_is_not_read_rejects_its_line_wherever_it_stands(tmp_path: Path) -> None:
    """A party is not lost in an object whose values have no known names; known ones, null and {} are no matter."""
    lines = [
        '{"date": "2024-03-07", "vessel": "V", "shipper": {"title": "A"}}',
        '{"date": "2024-03-07", "vessel": "V", "shipper": {}}',
        '{"date": "2024-03-07", "vessel": "V", "shipper": null}',
    ]
    batch, _ = read(tmp_path / "t.jsonl", "\n".join(lines))
    assert list(batch.frame["row"]) == [2, 3]
    assert batch.rejects[["row", "column", "value"]].to_numpy().tolist() == [[1, "shipper", '{"title": "A"}']]
    batch, _ = read(tmp_path / "t.jsonl", "\n".join(lines).replace("title", "name"))
    assert list(batch.frame["shipper"]) == ["A", "", ""]


@pytest.mark.parametrize(
    "line",
    [
        '{"date": "2024-03-07T10:15:00", "shipper": "A: \\":\\" {B}", "tags": [{"shipper": "x"}, {"shipper": "y"}]}',
        '{"date" : "2024-03-07", "shipper"\t: "http://x", "more": {"shipper": {"shipper": ":"}}}',
    ],
)
def test_colons_and_names_in_other_objects_are_no_repetition(tmp_path: Path, line: str) -> None:
    """Only a name that stands twice in one and the same object is one."""
    batch, _ = read(tmp_path / "t.jsonl", line)
    assert list(batch.frame["shipper"]) == [json.loads(line)["shipper"]]


def test_columns_are_those_of_all_lines(tmp_path: Path) -> None:
    """A key that occurs late is a column from the first line on, so that an exact name wins everywhere."""
    late = {"shipper": "B", "bl date": "2024-03-06", "date": "2024-03-07"}
    lines = [{"shipper": "A", "bl date": "2024-03-06"}] * 3 + [late]
    text = "\n".join(map(json.dumps, lines))
    path = tmp_path / "t.jsonl"
    path.write_text(text, encoding="utf-8")
    for chunk_rows in (1, 100):
        reading = trades.read(path, chunk_rows=chunk_rows)
        assert [s for batch in reading for s in batch.frame["shipper"]] == ["B"]
        assert (reading.inputs[0].rows, reading.inputs[0].rejected) == (4, 3)


@pytest.mark.parametrize("late", ['"consignor": "C"', '"shipper.name": "C"'])
def test_a_party_under_a_second_name_is_refused(tmp_path: Path, late: str) -> None:
    """A name with a dot is one of its own where it stands beside the other and not in an object."""
    path = tmp_path / "t.jsonl"
    path.write_text(f"{GOOD}\n{GOOD[:-1]}, {late}}}\n", encoding="utf-8")
    with pytest.raises(TradeFileError, match="two columns for shipper"):
        trades.read(path)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (f"[{GOOD}]", "one JSON array"),
        ("\n\n", "is empty"),
        ("no\njson\n", "no JSON object on any line"),
        ('{"a": 1}', "found: a"),
    ],
)
def test_a_file_that_is_no_json_lines_is_refused(tmp_path: Path, text: str, says: str) -> None:
    """One sentence says what it is instead."""
    with pytest.raises(TradeFileError, match=says):
        read(tmp_path / "t.json", text)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(rows=st.lists(st.tuples(st.text(max_size=10), st.booleans()), min_size=1, max_size=8))
def test_any_text_reads_back(tmp_path: Path, rows: list[tuple[str, bool]]) -> None:
    """Whatever text JSON can carry comes back as it was, escaped or not."""
    lines = [json.dumps({"date": "2024-03-07", "shipper": f"<{text}>"}, ensure_ascii=ascii_) for text, ascii_ in rows]
    batch, info = read(tmp_path / "t.jsonl", "\n".join(lines))
    assert list(batch.frame["shipper"]) == [f"<{text}>" for text, _ in rows]
    assert info.rows == len(rows)
