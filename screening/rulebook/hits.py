"""Hits as rules see them: who is listed where and for what, and whether the entry was in force on the record's day."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, cast

import numpy as np
import pandas as pd

from screening.model import Status
from screening.rulebook.conditions import Answer, HitTest, fits
from screening.rulebook.facts import Mask
from screening.tables import read_table

PROGRAMMES = Path("designated-parties") / "programmes.csv"
OTHER = "other"
_READ = ("authority", "list", "kind", "programmes", "measures", "concerns", "role", "by")
_LISTED = ("authority", "list", "kind", "programmes", "measures")


class Listed(Protocol):
    """The part of a snapshot that rules read."""

    @property
    def entries(self) -> pd.DataFrame:
        """One row per entry (see Snapshot)."""


@dataclass(frozen=True, slots=True)
class Concerns:
    """What a programme is about: the DPRK, Russia, or something else."""

    rows: tuple[tuple[str, str, str], ...]

    @classmethod
    def load(cls, rules: Path) -> Concerns:
        """Read the table of programmes.

        Raises:
            RulePackError: it is missing or lacks a column.
        """
        rows = read_table(rules / PROGRAMMES, ("authority", "programme", "concern"))
        return cls(tuple((row["authority"], row["programme"], row["concern"]) for row in rows))

    def of(self, authority: str, programme: str) -> str:
        """The concern of one programme; 'other' where no row of the table fits."""
        for row_authority, pattern, concern in self.rows:
            if fits(authority, (row_authority,)) and fits(programme, (pattern,)):
                return concern
        return OTHER


@dataclass(frozen=True, slots=True)
class HitTable:
    """The hits of a batch of records, joined to their entries.

    Args:
        frame: HIT_COLUMNS and, of the entry, authority, list, kind, programmes, measures, listed_on, delisted_on,
            concerns; `named` is true where a hit is kept, be its entry listed on the record's day or not: that is who
            the record names; `counts` where the entry is listed then besides.
        records: how many records the batch has.
    """

    frame: pd.DataFrame
    records: int
    _answers: dict[HitTest, tuple[Answer, dict[int, tuple[int, ...]]]] = field(default_factory=dict, compare=False)
    _kinds: list[tuple[np.ndarray, list[dict[Hashable, str]]]] = field(default_factory=list, compare=False)

    def matching(self, test: HitTest) -> Answer:
        """For every record, whether a hit that counts fits the test."""
        return self._answer(test)[0]

    def supporting(self, test: HitTest, position: int) -> tuple[int, ...]:
        """The rows of a record's hits that count and fit the test."""
        return self._answer(test)[1].get(position, ())

    def _answer(self, test: HitTest) -> tuple[Answer, dict[int, tuple[int, ...]]]:
        if test not in self._answers:
            fitting = self.frame["counts"].to_numpy(dtype=bool) & self._fitting(test)
            position = self.frame["position"].to_numpy(dtype=np.int64)
            perhaps, sure = np.zeros(self.records, dtype=bool), np.zeros(self.records, dtype=bool)
            perhaps[position[fitting]] = True
            sure[position[fitting & self.frame["certain"].to_numpy(dtype=bool)]] = True
            rows: dict[int, tuple[int, ...]] = {}
            for row in np.flatnonzero(fitting):
                rows[int(position[row])] = (*rows.get(int(position[row]), ()), int(row))
            self._answers[test] = Answer(sure, perhaps), rows
        return self._answers[test]

    def _fitting(self, test: HitTest) -> Mask:
        """The hits that fit every key of the test, whether or not they count; hits alike are asked once."""
        if self.frame.empty:
            return np.zeros(0, dtype=bool)
        if not self._kinds:
            kinds = self.frame.groupby(list(_READ), sort=False, dropna=False).ngroup()
            distinct = self.frame.loc[~kinds.duplicated(), list(_READ)].to_dict("records")
            self._kinds.append((kinds.to_numpy(), distinct))
        kind, alike = self._kinds[0]
        found = np.array([_fits(hit, test) for hit in alike], dtype=bool)
        return np.asarray(found[kind], dtype=bool)


def join(hits: pd.DataFrame, snapshot: Listed, shipped_on: pd.Series, concerns: Concerns) -> HitTable:
    """Hits with what rules ask of their entries; a kept hit whose entry is not in force on the day is ruled out.

    Args:
        hits: HIT_COLUMNS. shipped_on: of every record of the batch, NaT where the date could not be read.
    """
    entries = snapshot.entries
    joined = hits.copy()
    chosen = entries.iloc[hits["entry"].to_numpy()]
    for column in (*_LISTED, "entry_id", "listed_on", "delisted_on"):
        joined[column] = chosen[column].to_numpy()
    pairs = joined[["authority", "programmes"]].drop_duplicates()
    texts = {
        (authority, programmes): ";".join(sorted({concerns.of(authority, p) for p in (programmes or "").split(";")}))
        for authority, programmes in pairs.itertuples(index=False)
    }
    joined["concerns"] = [texts[key] for key in zip(joined["authority"], joined["programmes"], strict=True)]
    day = shipped_on.reindex(hits["position"]).to_numpy()
    joined["shipped_on"] = day
    return HitTable(in_force(joined).reset_index(drop=True), len(shipped_on))


def in_force(joined: pd.DataFrame) -> pd.DataFrame:
    """The hits with `named`: kept, and `counts`: the entry listed on the record's day; else ruled out and told why.

    Args:
        joined: has status, reason, listed_on, delisted_on and shipped_on; a day that is not known excludes nothing.
    """
    judged = joined.copy()
    kept = judged["status"].eq(Status.KEPT)
    early = kept & (judged["listed_on"] > judged["shipped_on"])
    late = kept & (judged["delisted_on"] <= judged["shipped_on"])
    judged.loc[early | late, "status"] = Status.RULED_OUT.value
    judged.loc[early, "reason"] = "listed only from " + _days(judged.loc[early, "listed_on"]) + ", after the shipment"
    judged.loc[late, "reason"] = "delisted on " + _days(judged.loc[late, "delisted_on"]) + ", before the shipment"
    judged["named"], judged["counts"] = kept, kept & ~early & ~late
    return judged


def _days(dates: pd.Series) -> pd.Series:
    return cast("pd.Series[str]", dates.dt.strftime("%Y-%m-%d").astype("str"))


def _fits(hit: dict[Hashable, str], test: HitTest) -> bool:
    several = {
        "programme": hit["programmes"].split(";"),
        "concern": hit["concerns"].split(";"),
        "measure": hit["measures"].split(";"),
        "role": ["vessel" if hit["role"] in ("vessel", "imo") else "party", hit["role"]],
    }
    for key, patterns in test.wanted:
        base = key.removeprefix("not_")
        if any(fits(value, patterns) for value in several.get(base) or [hit[base]]) == key.startswith("not_"):
            return False
    return True


def concerning(table: HitTable, concern: str) -> pd.Series:
    """Where a hit that counts concerns it: yes if it is certain, unknown if not, else no."""
    held = table.matching(HitTest((("concern", (concern,)),)))
    found = pd.Series(held.sure, dtype="boolean")
    return found.mask(held.perhaps & ~held.sure, pd.NA)


def identity_changed(
    table: HitTable, vessels: pd.Series[str], entries: pd.DataFrame
) -> tuple[pd.Series, pd.Series[str]]:
    """Where the IMO number is a listed vessel's and the stated name is none it is listed under, with the words.

    Args:
        vessels: the vessel names of all records as written, '' where none is stated. entries: the snapshot's.
    """
    words = pd.Series("", index=vessels.index, dtype="str")
    by_imo = table.frame[table.frame["counts"] & table.frame["role"].eq("imo") & table.frame["by"].eq("identifier")]
    named = set(by_imo.loc[by_imo["name"] >= 0, "position"])
    first = by_imo.drop_duplicates("position")
    for position, value, entry in zip(first["position"], first["value"], first["entry"], strict=True):
        vessel = str(vessels.at[position])
        if position not in named and vessel.strip():
            listed = entries["name"].iat[entry]
            words.at[position] = f"the IMO number {value} is listed as {listed}, the record calls the ship {vessel}"
    return words.ne("").astype("boolean"), words
