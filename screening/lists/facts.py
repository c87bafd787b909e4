"""What is true of the issuers' lists today and may change: the table rules/list-facts.csv."""

from __future__ import annotations

import re
from functools import lru_cache

from screening.errors import RulePackError
from screening.tables import read_table, rules_folder

_TABLE = "list-facts.csv"
_COLUMNS = ("fact", "value", "status", "note")


@lru_cache(maxsize=8)
def stated(fact: str) -> frozenset[str]:
    """The values that the table gives for a fact.

    Raises:
        RulePackError: it gives none.
    """
    path = rules_folder() / _TABLE
    found = frozenset(row["value"] for row in read_table(path, _COLUMNS) if row["fact"] == fact and row["value"])
    if not found:
        raise RulePackError(f"has no row of the fact {fact!r}", at=path)
    return found


@lru_cache(maxsize=8)
def patterns(fact: str) -> re.Pattern[str]:
    """A pattern that finds any of a fact's values as whole words; `*` at the end of a value stands for any ending.

    Raises:
        RulePackError: the table gives no value.
    """
    words = (re.escape(value).replace(r"\*", r"\w*") for value in sorted(stated(fact)))
    return re.compile(rf"\b({'|'.join(words)})\b", re.IGNORECASE)
