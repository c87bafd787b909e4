"""The ledger of the ceilings: what each record's deliveries come to, with those before it in its period."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from screening.model import LedgerYear
from screening.rulebook.accounts import ACCOUNTS, REFINED, Deliveries
from screening.rulebook.book import Book
from screening.rulebook.rule import Parameter

__all__ = ["ACCOUNTS", "Deliveries", "enter"]


def enter(deliveries: Deliveries, parameters: Mapping[str, Parameter]) -> tuple[dict[str, pd.Series], list[LedgerYear]]:
    """The ledger's facts for every record, and every period of it for the report.

    Args:
        parameters: the figures of law by date; an account whose parameters are not there is not kept.
    """
    chosen, at = deliveries.for_dprk()
    facts: dict[str, pd.Series] = {}
    years: list[LedgerYear] = []
    notes: dict[str, list[pd.Series]] = {"refined": [], "crude": []}
    for account in ACCOUNTS:
        if not {account.month, account.day, account.ceiling} <= set(parameters):
            continue
        book = Book(account, chosen, parameters)
        facts |= book.totals()
        years += book.years()
        notes[account.name.split("_", 1)[0]].append(book.words())
        if account is REFINED:
            facts["refined_pace"] = book.pace()
    for name, texts in notes.items():
        if texts:
            facts[f"{name}_ledger_why"] = _and(texts)
    return {name: _spread(values, at, len(deliveries.trades)) for name, values in facts.items()}, years


def _spread(values: pd.Series, at: np.ndarray, size: int) -> pd.Series:
    """A fact of some records as one of all; it says nothing of the others."""
    silence = "" if values.dtype == "str" else np.nan
    return values.set_axis(at).reindex(range(size), fill_value=silence)


def _and(texts: list[pd.Series]) -> pd.Series:
    found = texts[0]
    for more in texts[1:]:
        found = found + pd.Series(np.where(found.ne("") & more.ne(""), "; ", ""), index=found.index, dtype="str") + more
    return found
