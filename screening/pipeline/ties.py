"""By what records hang together in the second phase, and which stand alone: no sum, link or letter joins them.

Sums and links are about records that have to do with the DPRK or with transfers between ships, and draw on others of
the same vessels. So a kept record that has to do with neither, and whose vessel none of those names, is judged by what
itself states and by its hits. This is asked of kept records only; see again.py for those that are not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from screening.identity import Identities
from screening.matching.aboard import ship_name
from screening.pipeline.look import Kept
from screening.rulebook import links


@dataclass(frozen=True, slots=True)
class Ties:
    """The vessels of the records that sums and links need.

    Args:
        numbers: their valid IMO numbers. names: all that their names, and names that are one with them, are read as.
    """

    numbers: frozenset[str]
    names: frozenset[str]

    @classmethod
    def of(cls, needed: np.ndarray, texts: pd.Series, number: pd.Series, name: pd.Series, by: Identities) -> Ties:
        """Those among some records.

        Args:
            needed: which records sums and links need. texts, number: of their vessels, as written and where valid.
            name: what names are told apart by; see Identities.vessels.
        """
        named = name.isin(set(name[needed]) - {""})
        return cls(frozenset(number[needed]) - {""}, _readings(texts[named | needed].unique().tolist(), by))

    def free(self, records: Kept, by: Identities) -> bool:
        """The records stand alone, each of them."""
        trades, facts = records.trades, records.facts
        numbers = facts.loc[facts["imo_state"].eq("valid"), "imo_number"]
        return not (
            links.needed(facts).any()
            or trades["exemption"].str.strip().ne("").any()
            or numbers.isin(self.numbers).any()
            or self.names & _readings(trades["vessel"].unique().tolist(), by)
        )


def _readings(texts: Iterable[str], by: Identities) -> frozenset[str]:
    """All that vessels' names are read as, with what stands beside them and without."""
    written = [text.strip() for text in texts]
    return frozenset[str]().union(*by.keys([*written, *map(ship_name, written)]).values())
