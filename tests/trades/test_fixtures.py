"""Holds what the hand-written files of every format give against golden text that is read like code."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from screening import trades

FORMATS = Path(__file__).resolve().parents[2] / "fixtures" / "trades" / "formats"
CASES = {
    "broken.csv": None,
    "customs-cp1251.csv": None,
    "korean.tsv": None,
    "payments.jsonl": None,
    "house.csv": FORMATS / "house.mapping.yaml",
}


def told(path: Path, mapping: Path | None) -> str:
    """All that reading a file gives, as text: the cells of each record, then rejects, marks and counts."""
    reading = trades.read(path, mapping)
    lines = []
    for batch in reading:
        for record in batch.frame.astype({"shipped_on": "str"}).to_dict("records"):
            cells = {k: v for k, v in record.items() if v not in ("", "NaT") and not (k == "amount" and pd.isna(v))}
            lines.append("record " + " | ".join(f"{k}={v!r}" for k, v in cells.items() if k != "source"))
        for kind, frame in (("reject", batch.rejects), ("mark", batch.marks)):
            lines += [f"{kind} " + " | ".join(map(repr, row[1:])) for row in frame.itertuples(index=False, name=None)]
    (info,) = reading.inputs
    for name in (
        "format",
        "header_row",
        "encoding",
        "delimiter",
        "columns",
        "ignored",
        "notices",
        "rows",
        "records",
        "rejected",
        "marked",
        "blank",
    ):
        lines.append(f"{name}: {getattr(info, name)!r}")
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("name", CASES)
def test_a_fixture_reads_as_its_golden_text(name: str, golden: Callable[[Path, str], None]) -> None:
    """Every record, reject, mark and notice of the file stands in the text beside it."""
    golden(FORMATS / f"{name}.golden", told(FORMATS / name, CASES[name]))


def test_both_forms_of_a_mapping_say_the_same() -> None:
    """A mapping in YAML and the same in CSV give the same records."""
    path = FORMATS / "house.csv"
    assert told(path, FORMATS / "house.mapping.yaml") == told(path, FORMATS / "house.mapping.csv")
