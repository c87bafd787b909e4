"""Decisions that are kept as lines read as those that are written from frames."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from screening import outcome
from screening.model import DECISION_COLUMNS
from screening.pipeline import lines
from screening.reports import tables

TEXTS = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from('\r\n",;\t=+-@＝'), max_size=8)


def written(decisions: pd.DataFrame) -> bytes:
    """Decisions as the report has them."""
    file = io.StringIO()
    tables._write_rows(decisions, DECISION_COLUMNS, file)
    return file.getvalue().encode()


@given(st.lists(st.tuples(TEXTS, TEXTS, st.booleans(), TEXTS), max_size=12))
def test_clear_records(rows: list[tuple[str, str, bool, str]]) -> None:
    """Whatever stands in a source, a record id or a reason: the bytes of the report, in one piece."""
    source, name, near, reason = ([row[place] for row in rows] for place in range(4))
    records = pd.DataFrame({
        "source": pd.Series(source, dtype="str"), "row": np.arange(2, 2 + len(rows)),
        "record_id": pd.Series(name, dtype="str"),
    })  # fmt: skip
    at = np.flatnonzero(np.array(near, bool))
    told = pd.DataFrame({"at": at, "reason": pd.Series([reason[place] for place in at], dtype="str")})
    made = lines.clear(records, told)
    none = np.zeros(0, np.int64)
    assert b"".join(lines.written(made, none, ())) == written(outcome.decided(records, told, outcome.judged({})))
    assert len(made) == len(rows)


@given(st.lists(st.tuples(TEXTS, st.booleans()), max_size=12))
def test_some_lines_in_the_place_of_others(rows: list[tuple[str, bool]]) -> None:
    """Written at once or put in and kept, and whatever stands before them."""
    names, chosen = [row[0] for row in rows], np.array([row[1] for row in rows], bool)
    count = len(rows)
    source, name = (pd.Series(texts, dtype="str") for texts in (["a"] * count, names))
    records = pd.DataFrame({"source": source, "row": np.arange(count), "record_id": name})
    nobody = pd.DataFrame({"at": np.zeros(0, np.int64), "reason": pd.Series(dtype="str")})
    made, at = lines.clear(records, nobody), np.flatnonzero(chosen)
    others = [f"{place}\n".encode() for place in at.tolist()]
    whole = [line.as_py() for line in made]
    for place, line in zip(at.tolist(), others, strict=True):
        whole[place] = line
    assert b"".join(lines.written(made, at, others)) == b"".join(whole)
    assert [line.as_py() for line in lines.replaced(made, at, others)] == whole
    half = count // 2
    assert b"".join(lines.written(made[half:], at[:0], ())) == b"".join(line.as_py() for line in made[half:])
