"""Screening of trade records against sanctions lists and the law on DPRK oil and arms.

The public surface is `Screener`, `score_names` and the value types of `screening.model`; they load on first use, so
that the command line starts at once.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from screening.errors import ScreeningError
    from screening.matching.compare import score_names
    from screening.model import Alert, Citation, Decision, Entry, Feature, Hit, Results, Score, Severity
    from screening.screener import Screener

__all__ = [
    "Alert", "Citation", "Decision", "Entry", "Feature", "Hit", "Results", "Score", "Screener", "ScreeningError",
    "Severity", "score_names",
]  # fmt: skip

_HOMES = {
    "Screener": "screening.screener",
    "score_names": "screening.matching.compare",
    "ScreeningError": "screening.errors",
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'screening' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES.get(name, "screening.model")), name)
