"""What the ceilings count: an account each, and the deliveries that a ledger adds up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from screening.rulebook.facts import Mask


@dataclass(frozen=True, slots=True)
class Account:
    """What is added up against one ceiling, and the parameters that say over which period and how much.

    Args:
        name: the facts of the account begin with it. sure: classes that count. doubtful: classes that may count.
        figures: the facts with the least, the likely and the most that a record delivers.
        month, day: parameters with the first day of a period. percents: parameters of notices, and their names.
    """

    name: str
    title: str
    unit: str
    sure: tuple[str, ...]
    doubtful: tuple[str, ...]
    figures: tuple[str, str, str]
    month: str
    day: str
    ceiling: str
    percents: tuple[tuple[str, str], ...] = ()

    @property
    def parameters(self) -> tuple[str, ...]:
        """The parameters that the account reads."""
        return (self.month, self.day, self.ceiling, *(name for name, _ in self.percents))


_CRUDE = ("crude_oil",)
REFINED = Account(
    "refined_barrels",
    "Refined petroleum delivered to the DPRK",
    "bbl",
    ("refined_petroleum", "aviation_fuel"),
    ("petroleum_residue", "natural_gas"),
    ("barrels_low", "barrels", "barrels_high"),
    "refined_period_month",
    "refined_period_day",
    "refined_ceiling",
    (
        ("refined_first_notice", "first notice"),
        ("refined_second_notice", "second notice"),
        ("refined_stop", "deliveries stop"),
    ),
)
CRUDE_TONNES = Account(
    "crude_tonnes", "Crude oil delivered to the DPRK, stated by mass", "t", _CRUDE, (), ("amount_t",) * 3,
    "crude_period_month", "crude_period_day", "crude_ceiling_tonnes",
)  # fmt: skip
CRUDE_BARRELS = Account(
    "crude_barrels", "Crude oil delivered to the DPRK, stated by volume", "bbl", _CRUDE, (),
    ("barrels_low", "barrels", "barrels_high"), "crude_period_month", "crude_period_day", "crude_ceiling_barrels",
)  # fmt: skip
ACCOUNTS = (REFINED, CRUDE_TONNES, CRUDE_BARRELS)


@dataclass(frozen=True, slots=True)
class Deliveries:
    """The records that a ledger adds up.

    Args:
        trades: the records as read. facts: what is known of each. rank: their order within a day (see order).
        law: the day under whose law each is judged. history: which of them are earlier deliveries, not judged.
    """

    trades: pd.DataFrame
    facts: pd.DataFrame
    rank: np.ndarray
    law: pd.Series
    history: Mask

    def for_dprk(self) -> tuple[Deliveries, np.ndarray]:
        """The records that go or may go to the DPRK, and where they stand among all."""
        at = np.flatnonzero(self.facts["to_kp"].fillna(True).to_numpy(dtype=bool))
        trades, facts = (frame.iloc[at].reset_index(drop=True) for frame in (self.trades, self.facts))
        law = self.law.iloc[at].reset_index(drop=True)
        return Deliveries(trades, facts, self.rank[at], law, self.history[at]), at
