"""Screening of trade records against sanctions lists and the law on DPRK oil and arms.

The public surface is `Screener`, `score_names` and the value types of `screening.model`; they load on first use, so
that the command line starts at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from screening.matching.compare import score_names
    from screening.screener import Screener

__all__ = ["Screener", "score_names"]


def __getattr__(name: str) -> Any:
    if name == "Screener":
        from screening.screener import Screener

        return Screener
    if name == "score_names":
        from screening.matching.compare import score_names

        return score_names
    raise AttributeError(name)
