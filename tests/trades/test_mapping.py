"""Specifies screening.trades.mapping: what a user may say of a file, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from screening import trades
from screening.errors import UsageError
from screening.trades.mapping import load_mapping


def loaded(path: Path, text: str) -> trades.Mapping:
    path.write_text(text, encoding="utf-8")
    return load_mapping(path)


def test_columns_stand_at_the_top_or_below_columns(tmp_path: Path) -> None:
    """Both ways say the same."""
    flat = loaded(tmp_path / "a.yaml", "Exporter Name: shipper\nNotes: ignore\n'2': Goods\ndecimal: ','\n")
    nested = loaded(tmp_path / "b.yaml", "decimal: ','\ncolumns:\n  Exporter Name: shipper\n  Notes: ''\n  2: goods\n")
    assert flat.columns == nested.columns == {"exportername": "shipper", "notes": "ignore", "2": "goods"}
    assert (flat.decimal, flat.date_format) == (",", "")


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("m.yaml", "Exporter: shiper", "'shiper', which is none of"),
        ("m.yaml", "Exporter: shipper\nEXPORTER: seller", "twice"),
        ("m.yaml", "Exporter: shipper\nExporter: seller", "stands twice"),
        ("m.yaml", "date_format: american", "day-first, month-first, iso"),
        ("m.yaml", "decimal: ';'", "'.' or ',' is possible"),
        ("m.yaml", "- a\n- b", "is no mapping"),
        ("m.yaml", "Exporter: [shipper, seller]", "more than one column"),
        ("m.yaml", "columns: shipper", "without lines"),
        ("m.yaml", "a: [", "no usable YAML"),
        ("m.csv", "Exporter,shipper,seller", "two cells a row"),
        ("m.csv", 'Exporter,"ship"per', "no usable CSV"),
    ],
)
def test_a_mapping_that_is_not_usable_is_refused(tmp_path: Path, name: str, text: str, says: str) -> None:
    """The sentence says what is wrong and where."""
    with pytest.raises(UsageError) as refused:
        loaded(tmp_path / name, text)
    assert says in refused.value.message
    assert name in refused.value.at


@pytest.mark.parametrize("name", ["gone.yaml", "gone.csv"])
def test_a_mapping_that_is_missing_is_refused(tmp_path: Path, name: str) -> None:
    """A path that leads nowhere is a fault of the command."""
    with pytest.raises(UsageError, match="cannot be read"):
        load_mapping(tmp_path / name)


def test_a_mapped_column_that_no_file_has_is_refused(tmp_path: Path) -> None:
    """A slip of the pen in a mapping is told; a column that one of several files lacks is not."""
    one, other = tmp_path / "one.csv", tmp_path / "other.csv"
    one.write_text("date,Who\n2024-03-07,A\n", encoding="utf-8")
    other.write_text("date,shipper\n2024-03-07,B\n", encoding="utf-8")
    mapping = tmp_path / "m.yaml"
    mapping.write_text("Who: shipper\n", encoding="utf-8")
    assert [b.frame.loc[0, "shipper"] for b in trades.read([one, other], mapping)] == ["A", "B"]
    mapping.write_text("Whom: shipper\n", encoding="utf-8")
    with pytest.raises(UsageError, match="'Whom', which is in none of the files"):
        trades.read([other], mapping)
