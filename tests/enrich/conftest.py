"""The enricher of the shipped tables, and a way to ask it about one record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from screening.enrich import Enricher
from screening.model import COLUMNS
from screening.tables import rules_folder


@pytest.fixture(scope="session")
def enricher() -> Enricher:
    return Enricher.load(rules_folder())


def frame_of(*records: dict[str, Any]) -> pd.DataFrame:
    """A frame of records as the readers make it; `quantity` is also the amount."""
    made = pd.DataFrame([dict.fromkeys(COLUMNS, "") | {"unreadable": ""} | r for r in records]).astype("str")
    made["amount"] = pd.to_numeric(made["quantity"], errors="coerce")
    return made


@pytest.fixture(scope="session")
def facts(enricher: Enricher) -> Callable[..., dict[str, Any]]:
    """A function from the cells of one record to its facts."""

    def ask(**cells: Any) -> dict[str, Any]:
        found = enricher.enrich(frame_of(cells))
        return {name: found[name].iloc[0] for name in found}

    return ask
