"""What the links between records share: the records in order, who is the same, and how a record is told in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pandas as pd

from screening.rulebook.cells import Cells
from screening.rulebook.facts import Mask
from screening.rulebook.rule import Parameter

PORTS = ("load", "discharge", "onward")


class Party(NamedTuple):
    """A party of a record under one of the keys by which parties are told apart."""

    position: int
    key: str
    role: str
    value: str


@dataclass(frozen=True)
class Linked:
    """The records among which links are sought.

    Args:
        rank: their order. law: the day under whose law each is judged. vessel: a vessel's identity, '' for none.
        name: the vessel's name as it is told apart. seen: the same vessels in other records: vessel, day and country of
            loading. parties: the parties of the records at some positions.
    """

    trades: pd.DataFrame
    facts: pd.DataFrame
    rank: np.ndarray
    law: pd.Series
    vessel: pd.Series
    name: pd.Series
    seen: pd.DataFrame
    parties: Callable[[np.ndarray], list[Party]]

    def __post_init__(self) -> None:
        object.__setattr__(self, "stated", Cells(self.trades))
        object.__setattr__(self, "known", Cells(self.facts.assign(vessel=self.vessel, law=self.law)))

    stated: Cells = field(init=False, repr=False)
    known: Cells = field(init=False, repr=False)

    @property
    def days(self) -> np.ndarray:
        """The days of the records as whole numbers; that of an unreadable date means nothing."""
        return self.trades["shipped_on"].to_numpy().astype("datetime64[D]").astype(np.int64)


@dataclass(frozen=True, slots=True)
class Found:
    """The facts that links give, and by link the groups of records and the records that others draw on."""

    facts: dict[str, pd.Series] = field(default_factory=dict)
    groups: dict[str, dict[int, int]] = field(default_factory=dict)
    rests: dict[str, dict[int, tuple[int, ...]]] = field(default_factory=dict)


def near_dprk(facts: pd.DataFrame) -> Mask:
    """The records that surely put their vessel near the DPRK: goods to or from it, a call there, its flag."""
    calls = np.logical_or.reduce([facts[f"{port}_country"].eq("KP").to_numpy() for port in PORTS])
    told = [facts[name].fillna(False).to_numpy(dtype=bool) for name in ("to_kp", "from_kp", "kp_flag")]
    return np.asarray(np.logical_or.reduce([calls, *told]) & names_vessel(facts), dtype=bool)


def names_vessel(facts: pd.DataFrame) -> Mask:
    """The record names its vessel, by name or number."""
    return np.asarray(facts["imo_state"].ne("empty") | facts["vessel_text"].str.strip().ne(""), dtype=bool)


class Groups:
    """Records put together, directly or by way of others."""

    def __init__(self) -> None:
        self._parent: dict[int, int] = {}

    def _root(self, place: int) -> int:
        while self._parent.setdefault(place, place) != place:
            place = self._parent[place]
        return place

    def join(self, one: int, other: int) -> None:
        """Put two records, and all that are with them, together."""
        low, high = sorted((self._root(one), self._root(other)))
        self._parent[high] = low

    def numbers(self, rank: np.ndarray) -> dict[int, int]:
        """For each record that is with another, the number of its group, in the order of their first records."""
        members: dict[int, list[int]] = {}
        for place in self._parent:
            members.setdefault(self._root(place), []).append(place)
        groups = sorted((g for g in members.values() if len(g) > 1), key=lambda g: min(int(rank[p]) for p in g))
        return {place: number for number, group in enumerate(groups) for place in group}


def of_class(facts: pd.DataFrame, classes: Iterable[str]) -> Mask:
    """The goods are of one of the classes."""
    codes, distinct = pd.factorize(facts["goods_class"])
    wanted = set(classes)
    held = np.array([bool(wanted & set(text.split(";"))) for text in distinct], dtype=bool)
    return np.asarray(held[codes] if len(distinct) else np.zeros(len(codes), dtype=bool))


def figure(parameter: Parameter, *days: pd.Timestamp) -> float:
    """The figure on the last of the days; one that is not in force, or on no known day, lets nothing link."""
    known = [day.date() for day in days if not pd.isna(day)]
    value = parameter.on(max(known)) if known else None
    return value.value if value else -1.0


def figures(parameter: Parameter, days: pd.Series) -> np.ndarray:
    """The figure on each day."""
    codes, distinct = pd.factorize(days, use_na_sentinel=False)
    return np.array([figure(parameter, day) for day in distinct], dtype="float64")[codes]


def day_of(linked: Linked, place: int) -> str:
    """The day of a record in words."""
    day = linked.stated.at("shipped_on", place)
    return "a day not known" if pd.isna(day) else str(day.date())


def said(linked: Linked, place: int) -> str:
    """Which record it is."""
    return f"record {linked.trades['record_id'].iat[place]} of {linked.trades['source'].iat[place]}"


def vessel_of(linked: Linked, place: int) -> str:
    """The vessel of a record, name and number as written."""
    name, number = (str(linked.stated.at(column, place)).strip() for column in ("vessel", "imo"))
    return " ".join(filter(None, (name, f"IMO {number}" if number else "")))


def port_of(linked: Linked, place: int) -> str:
    """The port of the DPRK in the record, as written."""
    for port in PORTS:
        if linked.known.at(f"{port}_country", place) == "KP":
            return str(linked.stated.at(f"{port}_port", place))
    return ""


def what_of(linked: Linked, place: int) -> str:
    """What a record carries, and from where to where."""
    goods = str(linked.stated.at("goods", place)) or f"HS {linked.stated.at('hs', place)}"
    ends = [str(linked.stated.at(column, place)) for column in ("load_port", "discharge_port")]
    return f"{goods} from {ends[0] or 'a port not stated'} to {ends[1] or 'a port not stated'}"
