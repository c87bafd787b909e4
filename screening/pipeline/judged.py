"""The second phase: sums, links and letters over all kept records, and what the rules make of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from screening import outcome
from screening.identity import ranks
from screening.model import COLUMNS, Alert, LedgerYear
from screening.pipeline.gather import HISTORY, Gathered
from screening.pipeline.look import law
from screening.pipeline.stages import Stages
from screening.pipeline.ties import Ties
from screening.rulebook import alerts as alerting
from screening.rulebook import facts as vocabulary
from screening.rulebook import ledger, letters, links
from screening.rulebook.conditions import Records
from screening.rulebook.facts import Mask
from screening.rulebook.hits import HitTable


@dataclass(frozen=True, slots=True)
class Judged:
    """What the second phase finds.

    Args:
        by_record: the alerts of records, by place among all decisions. records: those that alerts name, as read, with
            `at`, this place. legs: of records with an alert. ties: by which records hang together.
    """

    alerts: tuple[Alert, ...]
    by_record: dict[int, list[Alert]]
    records: pd.DataFrame
    legs: pd.DataFrame
    ledger: tuple[LedgerYear, ...]
    ties: Ties


def judged(kept: Gathered, unnumbered: frozenset[str], stages: Stages) -> Judged:
    """Sums, links and letters as facts, and what the rules make of all facts.

    Args:
        unnumbered: the files whose records have no ids of their own.
    """
    trades = kept.trades
    rank = ranks(trades, ~trades["source"].isin(unnumbered).to_numpy(dtype=bool))
    table = HitTable(kept.hits, len(trades))
    facts, linked, years, ties = _joined_facts(kept, table, rank, stages)
    stages.tell("link", len(trades))
    count = int(trades["at"].ne(HISTORY).sum())
    records = Records(facts, table, trades["unreadable"])
    alone = Records(facts.iloc[:count], _first(table, count), trades["unreadable"].iloc[:count])
    firings = stages.judge.firings(alone)
    raised = alerting.alerts(firings, alerting.Evidence(trades, records, table, kept.reported, rank, linked, count))
    alerts = tuple(outcome.numbered(alert for alert, _ in raised))
    stages.tell("decide", count)
    by_position: dict[int, list[Alert]] = {}
    for alert, (_, positions) in zip(alerts, raised, strict=True):
        for position in positions:
            by_position.setdefault(position, []).append(alert)
    at = trades["at"].to_numpy()
    return Judged(
        alerts,
        {int(at[position]): found for position, found in by_position.items()},
        _named(trades, alerts),
        outcome.legs(facts, _gravity(by_position), at),
        tuple(years),
        ties,
    )


def _joined_facts(
    kept: Gathered, table: HitTable, rank: np.ndarray, stages: Stages
) -> tuple[pd.DataFrame, links.Found, Sequence[LedgerYear], Ties]:
    """The facts of all records, those that rest on other records too, with links, ledgers and ties."""
    trades, parameters = kept.trades, stages.rulebook.parameters
    facts, history, day = kept.facts.copy(), trades["at"].eq(HISTORY).to_numpy(), law(trades, stages)
    sums, years = ledger.enter(ledger.Deliveries(trades, facts, rank, day, history), parameters)
    vessel, name, seen, ties = _vessels(kept, stages)

    def parties(chosen: np.ndarray) -> list[links.Party]:
        return stages.identities.parties(trades, kept.hits, chosen)

    linked = links.find(links.Linked(trades, facts, rank, day, vessel, name, seen, parties), parameters)
    _add(facts, {**sums, **linked.facts})
    liftable = {rule for letter in stages.letters for rule in letter.lifts}

    def may_fire(cited: np.ndarray) -> dict[str, Mask]:
        return stages.judge.may_fire(liftable, Records(facts, table, trades["unreadable"]).at(cited))

    _add(facts, letters.match(stages.letters, trades, rank, stages.measured, may_fire, stages.enricher.things))
    return facts, linked, years, ties


def _add(facts: pd.DataFrame, more: Mapping[str, pd.Series]) -> None:
    """Facts that rest on several records, as the vocabulary types them."""
    for column, values in more.items():
        facts[column] = vocabulary.typed(column, values)


def _vessels(kept: Gathered, stages: Stages) -> tuple[pd.Series, pd.Series, pd.DataFrame, Ties]:
    """The identities and names of the records' vessels, where the same were seen besides, and ties."""
    numbers = kept.facts["imo_number"].where(kept.facts["imo_state"].eq("valid"), "")
    both = {
        "texts": pd.concat([kept.trades["vessel"], kept.seen["vessel"]], ignore_index=True),
        "number": pd.concat([numbers, kept.seen["number"]], ignore_index=True),
    }
    count = len(kept.trades)
    vessel, name = stages.identities.vessels(**both)
    seen = {"vessel": vessel[count:].to_numpy(), "day": kept.seen["shipped_on"], "country": kept.seen["load_country"]}
    needed = np.append(links.needed(kept.facts), np.ones(len(kept.seen), bool))
    ties = Ties.of(needed, both["texts"], both["number"], name, stages.identities)
    return vessel[:count], name[:count], pd.DataFrame(seen), ties


def _named(trades: pd.DataFrame, alerts: Sequence[Alert]) -> pd.DataFrame:
    """The records that alerts name, as read."""
    named = {(key.source, key.row) for alert in alerts for key in (*alert.records, *alert.rests_on)}
    keys = zip(trades["source"].tolist(), trades["row"].tolist(), strict=True)
    shown = np.array([key in named for key in keys], dtype=bool)
    return trades.loc[shown, ["source", "row", *COLUMNS, "at"]].reset_index(drop=True)


def _gravity(by_position: Mapping[int, Sequence[Alert]]) -> pd.Series:
    """The gravity of the gravest alert of each record that has one."""
    gravest = {place: max(alert.decision.gravity for alert in found) for place, found in sorted(by_position.items())}
    return pd.Series(list(gravest.values()), index=np.array(list(gravest), dtype=np.int64), dtype="int64")


def _first(table: HitTable, records: int) -> HitTable:
    """The hits of the first records."""
    return HitTable(table.frame[table.frame["position"] < records].reset_index(drop=True), records)
