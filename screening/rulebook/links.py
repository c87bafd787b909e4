"""Links between records: what one record means beside another of the same vessel or parties, in date order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pandas as pd

from screening.rulebook.cells import Cells
from screening.rulebook.facts import Mask
from screening.rulebook.rule import Parameter

_ARMS = ("arms_ammunition", "explosives", "armoured_vehicle", "warship", "military_electronics")
_OIL = ("refined_petroleum", "aviation_fuel", "crude_oil", "ngl_condensate", "natural_gas", "petroleum_residue")
PARAMETERS = ("barter_days", "split_days", "split_barrels", "two_places_days")
_RAJIN = "KP-RAJIN"
_PORTS = ("load", "discharge", "onward")


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
        name: the vessel's name as it is told apart. parties: the parties of the records at some positions.
    """

    trades: pd.DataFrame
    facts: pd.DataFrame
    rank: np.ndarray
    law: pd.Series
    vessel: pd.Series
    name: pd.Series
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


def needed(facts: pd.DataFrame) -> Mask:
    """The records that sums and links need, whatever the rules: those that have or may have to do with the DPRK."""
    ends = facts["to_kp"].fillna(True) | facts["from_kp"].fillna(True)
    return (ends | facts["kp_flag"].fillna(True)).to_numpy(dtype=bool) | near_dprk(facts)


def near_dprk(facts: pd.DataFrame) -> Mask:
    """The records that surely put their vessel near the DPRK: goods to or from it, a call there, its flag."""
    calls = np.logical_or.reduce([facts[f"{port}_country"].eq("KP").to_numpy() for port in _PORTS])
    told = [facts[name].fillna(False).to_numpy(dtype=bool) for name in ("to_kp", "from_kp", "kp_flag")]
    return np.asarray(np.logical_or.reduce([calls, *told]) & _names_vessel(facts), dtype=bool)


def _names_vessel(facts: pd.DataFrame) -> Mask:
    return np.asarray(facts["imo_state"].ne("empty") | facts["vessel_text"].str.strip().ne(""), dtype=bool)


def find(linked: Linked, parameters: Mapping[str, Parameter]) -> Found:
    """All links among the records.

    Args:
        parameters: the figures of policy by date; a link whose parameters are not there is not sought.
    """
    found = Found()
    traced = _two_places(linked, found, parameters.get("two_places_days"))
    _calls(linked, found, "kp_call", "days_since_kp_call", _in_dprk(linked.facts) & traced, "us_port")
    _calls(linked, found, "rajin_call", "days_since_rajin", _at(linked.facts, _RAJIN) & traced, "russian")
    if "barter_days" in parameters:
        _barter(linked, found, parameters["barter_days"])
    if {"split_days", "split_barrels"} <= set(parameters):
        _split(linked, found, parameters["split_days"], parameters["split_barrels"])
    _identity(linked, found)
    return found


# ---------------------------------------------------------------- calls
def _two_places(linked: Linked, found: Found, limit: Parameter | None) -> Mask:
    """The records whose vessel can be traced: its number does not load in two countries at once on several days.

    Where it does, the number stands for more than one ship, and where either of them was cannot be told from it.
    """
    facts, size = linked.facts, len(linked.trades)
    seen = pd.DataFrame({"vessel": linked.vessel, "day": linked.trades["shipped_on"], "country": facts["load_country"]})
    seen = seen[seen["vessel"].ne("") & seen["day"].notna() & ~seen["country"].isin(["", "KP", "XZ"])]
    daily = seen.drop_duplicates().groupby(["vessel", "day"], sort=False).size()
    doubled = daily[daily > 1].groupby("vessel").size()
    near = pd.Series(near_dprk(facts), index=facts.index)
    days = linked.vessel.map(doubled).fillna(0.0).astype("float64")
    found.facts["two_places_days"] = days.where(near)
    if limit is None:
        return np.ones(size, dtype=bool)
    at = np.flatnonzero(days).tolist()
    laws = [linked.known.at("law", place) for place in at]
    traced = np.ones(size, dtype=bool)
    traced[at] = days.to_numpy()[at] < np.array([_on(limit, law) for law in laws], dtype="float64")
    return traced


def _in_dprk(facts: pd.DataFrame) -> Mask:
    """The vessel calls in the DPRK: it loads or discharges there."""
    return np.asarray(facts["load_country"].eq("KP") | facts["discharge_country"].eq("KP"), dtype=bool)


def _at(facts: pd.DataFrame, place: str) -> Mask:
    return np.asarray(facts["load_place"].eq(place) | facts["discharge_place"].eq(place), dtype=bool)


def _russian(facts: pd.DataFrame) -> Mask:
    """A port of the record lies in Russia and none in the DPRK, so that it says nothing of a call there."""
    ports = [facts[f"{port}_country"] for port in _PORTS]
    at = np.logical_or.reduce([port.eq("RU").to_numpy() for port in ports])
    return np.asarray(at & ~np.logical_or.reduce([port.eq("KP").to_numpy() for port in ports]), dtype=bool)


def _calls(linked: Linked, found: Found, link: str, fact: str, calls: Mask, arrivals: str) -> None:
    """For records at certain ports, the days since the same vessel's last call elsewhere, 0 on the same day.

    A record that loads in the DPRK and goes on to the port is itself the call; one that discharges there comes after.
    """
    facts, dated = linked.facts, linked.trades["shipped_on"].notna().to_numpy()
    known = linked.vessel.ne("").to_numpy() & dated
    at_port = _russian(facts) if arrivals == "russian" else facts[arrivals].fillna(False).to_numpy(dtype=bool)
    later, sooner = np.flatnonzero(known & at_port), np.flatnonzero(known & calls)
    size = len(linked.trades)
    days, words = np.full(size, np.nan), np.full(size, "", dtype=object)
    rests: dict[int, tuple[int, ...]] = {}
    if len(later) and len(sooner):
        day = linked.days
        by_vessel = _by_vessel(linked, sooner)
        for place in later.tolist():
            own = linked.known.at("discharge_country", place) == "KP" and linked.known.at("load_country", place) != "KP"
            before = [
                p for p in by_vessel.get(linked.known.at("vessel", place), ())
                if day[p] <= day[place] and not (p == place and own)
            ]  # fmt: skip
            if before:
                last = before[-1]
                days[place] = day[place] - day[last]
                call = f"{_port(linked, last)} on {_day(linked, last)} ({_said(linked, last)})"
                words[place] = f"{_vessel(linked, place)} called at {call}"
                rests[place] = (last,)
    found.facts.update({fact: pd.Series(days), f"{link}_why": pd.Series(words, dtype="str")})
    found.rests[link] = rests


def _by_vessel(linked: Linked, positions: np.ndarray) -> dict[str, list[int]]:
    """The records of each vessel in their order."""
    by_vessel: dict[str, list[int]] = {}
    for position in positions[np.argsort(linked.rank[positions])].tolist():
        by_vessel.setdefault(linked.known.at("vessel", position), []).append(position)
    return by_vessel


# ---------------------------------------------------------------- arms for oil
def _barter(linked: Linked, found: Found, limit: Parameter) -> None:
    """Arms out of the DPRK and oil into it that share a vessel or a party, within the days of the policy."""
    facts, size = linked.facts, len(linked.trades)
    dated = linked.trades["shipped_on"].notna().to_numpy()
    from_kp, to_kp = (facts[name].fillna(True).to_numpy(dtype=bool) & dated for name in ("from_kp", "to_kp"))
    surely_from, surely_to = (facts[name].fillna(False).to_numpy(dtype=bool) for name in ("from_kp", "to_kp"))
    arms, oil = _of(facts, _ARMS), _of(facts, _OIL)
    unsaid = (facts["goods_vague"] | ~facts["goods_known"]).fillna(True).to_numpy(dtype=bool)
    hidden = unsaid & facts["route_ru_kp"].fillna(True).to_numpy(dtype=bool)
    out, into = np.flatnonzero(from_kp & (arms | hidden)), np.flatnonzero(to_kp & oil)
    gap, words = np.full((3, size), np.nan), np.full(size, "", dtype=object)
    gap[1:] = np.inf
    edges = _shared(linked, out, into) if len(out) and len(into) else {}
    day = linked.days
    joined = _Groups()
    for (one, other), why in sorted(edges.items(), key=lambda e: tuple(sorted(linked.rank[list(e[0])].tolist()))):
        apart = abs(int(day[one] - day[other]))
        sure = bool(surely_from[one] and surely_to[other] and arms[one])
        within = _on(limit, linked.known.at("law", one), linked.known.at("law", other))
        if apart <= within:
            joined.join(one, other)
        for place, beside in ((one, other), (other, one)):
            if apart < gap[1, place]:
                gap[1, place] = apart
                words[place] = (
                    f"{_what(linked, beside)} on {_day(linked, beside)} ({_said(linked, beside)}), {why}"
                    + ("" if sure else "; whether arms went out or oil went in is not certain")
                )  # fmt: skip
            if sure and apart < gap[2, place]:
                gap[0, place] = gap[2, place] = apart
    gap[1:][np.isinf(gap[1:]) & (words == "")] = np.nan
    gap[0] = np.where(np.isnan(gap[0]), np.where(np.isinf(gap[1]), np.nan, gap[1]), gap[0])
    names = ("barter_gap", "barter_gap_low", "barter_gap_high")
    found.facts.update({name: pd.Series(values) for name, values in zip(names, gap, strict=True)})
    found.facts["barter_why"] = pd.Series(words, dtype="str")
    found.groups["barter"] = joined.numbers(linked.rank)


def _shared(linked: Linked, out: np.ndarray, into: np.ndarray) -> dict[tuple[int, int], str]:
    """The pairs of records, one of each side, that share a vessel or a party, and which."""
    parties = linked.parties(np.union1d(out, into))
    parties += [
        Party(int(p), linked.known.at("vessel", p), "vessel", _vessel(linked, int(p)))
        for p in np.union1d(out, into) if linked.known.at("vessel", p)
    ]  # fmt: skip
    left, right = set(out.tolist()), set(into.tolist())
    by_key: dict[str, tuple[dict[int, Party], dict[int, Party]]] = {}
    for party in parties:
        sides = by_key.setdefault(party.key, ({}, {}))
        for side, members in zip(sides, (left, right), strict=True):
            if party.position in members:
                side.setdefault(party.position, party)
    edges: dict[tuple[int, int], str] = {}
    for key in sorted(by_key):
        ones, others = by_key[key]
        for one, party in ones.items():
            for other, same in others.items():
                if one != other:
                    edges.setdefault((one, other), _link_words(party, same))
    return edges


def _link_words(one: Party, other: Party) -> str:
    if one.role == "vessel":
        return f"by the same vessel {one.value}"
    roles = " and ".join(dict.fromkeys(party.role.replace("_", " ") for party in (one, other)))
    return f"{one.value} being {roles}"


# ---------------------------------------------------------------- split deliveries
def _split(linked: Linked, found: Found, days: Parameter, threshold: Parameter) -> None:
    """Small deliveries of oil to the DPRK that one party or vessel had within the days of the policy."""
    facts, size = linked.facts, len(linked.trades)
    barrels = facts["barrels"].to_numpy(dtype="float64")
    limits = np.array([_on(threshold, day) for day in linked.law])
    dated = linked.trades["shipped_on"].notna().to_numpy()
    small = facts["to_kp"].fillna(False).to_numpy(dtype=bool) & _of(facts, _OIL) & (barrels < limits) & dated
    chosen = np.flatnonzero(small)
    count, volume, words = np.full(size, np.nan), np.full(size, np.nan), np.full(size, "", dtype=object)
    joined = _Groups()
    day = linked.days
    for members in _by_key(linked, chosen).values():
        ordered = sorted(members, key=lambda p: int(linked.rank[p]))
        first = 0
        for last, place in enumerate(ordered):
            while day[place] - day[ordered[first]] > _on(days, linked.known.at("law", place)):
                first += 1
            window = ordered[first : last + 1]
            total = float(np.sum(barrels[window]))
            if len(window) < 2 or total < limits[place]:
                continue
            for one in window:
                joined.join(window[0], one)
                if np.isnan(count[one]) or len(window) > count[one]:
                    count[one], volume[one] = len(window), total
                    words[one] = (
                        f"{members[one]}: {len(window)} deliveries from {_day(linked, window[0])} to "
                        f"{_day(linked, window[-1])}, together {total:,.0f} bbl"
                    )
    found.facts.update({"split_count": pd.Series(count), "split_barrels": pd.Series(volume)})
    found.facts["split_why"] = pd.Series(words, dtype="str")
    found.groups["split"] = joined.numbers(linked.rank)


def _by_key(linked: Linked, positions: np.ndarray) -> dict[str, dict[int, str]]:
    """By party or vessel, the records it stands in and how it is called there."""
    found: dict[str, dict[int, str]] = {}
    for party in linked.parties(positions) if len(positions) else ():
        found.setdefault(party.key, {}).setdefault(party.position, f"{party.role.replace('_', ' ')} {party.value}")
    for position in positions.tolist():
        if linked.known.at("vessel", position):
            found.setdefault(linked.known.at("vessel", position), {})[position] = f"vessel {_vessel(linked, position)}"
    return found


# ---------------------------------------------------------------- one hull, several names
def _identity(linked: Linked, found: Found) -> None:
    """One IMO number under several names, and one name under several numbers, of vessels that are near the DPRK."""
    facts, size = linked.facts, len(linked.trades)
    near = pd.Series(near_dprk(facts))
    number = facts["imo_number"].where(facts["imo_state"].eq("valid"), "")
    pairs = pd.DataFrame({"number": number, "name": linked.name, "near": near, "rank": linked.rank})
    pairs = pairs[pairs["number"].ne("") & pairs["name"].ne("")]
    close = pairs[pairs["number"].isin(pairs.loc[pairs["near"], "number"])]
    names = close.groupby("number")["name"].nunique()
    numbers = close[close["near"]].groupby("name")["number"].nunique()
    several, shared = set(names.index[names > 1]), set(numbers.index[numbers > 1])
    many_names = close["number"].isin(several)
    many_numbers = close["near"] & close["name"].isin(shared)
    counts = {fact: np.full(size, np.nan) for fact in ("imo_names", "name_imos")}
    counts["imo_names"][close.index[many_names]] = names[close.loc[many_names, "number"]].to_numpy()
    counts["name_imos"][close.index[many_numbers]] = numbers[close.loc[many_numbers, "name"]].to_numpy()
    found.facts.update({fact: pd.Series(values) for fact, values in counts.items()})
    words, joined = linked.facts["identity_why"].to_numpy(dtype=object, copy=True), _Groups()
    for chosen, key in ((many_names, "number"), (many_numbers, "name")):
        for told, group in close[chosen].sort_values("rank").groupby(key, sort=True):
            members = group.index.tolist()
            distinct = group.drop_duplicates("name" if key == "number" else "number").index
            cells = [_known_as(linked, place, key) for place in distinct]
            what = f"IMO number {told} goes under" if key == "number" else f"{_vessel(linked, members[0])} has"
            sentence = f"{what} {' and '.join([', '.join(cells[:-1]), cells[-1]])}"
            for place in members:
                joined.join(members[0], place)
                words[place] = "; ".join(filter(None, (words[place], sentence)))
    found.facts["identity_why"] = pd.Series(words, dtype="str")
    found.groups["identity"] = joined.numbers(linked.rank)


def _known_as(linked: Linked, place: int, key: str) -> str:
    shown = linked.stated.at("vessel", place) if key == "number" else f"IMO {linked.facts['imo_number'].iat[place]}"
    return f"{shown} on {_day(linked, place)} ({_said(linked, place)})"


# ---------------------------------------------------------------- shared
class _Groups:
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


def _of(facts: pd.DataFrame, classes: Iterable[str]) -> Mask:
    """The goods are of one of the classes."""
    codes, distinct = pd.factorize(facts["goods_class"])
    wanted = set(classes)
    held = np.array([bool(wanted & set(text.split(";"))) for text in distinct], dtype=bool)
    return np.asarray(held[codes] if len(distinct) else np.zeros(len(codes), dtype=bool))


def _on(parameter: Parameter, *days: pd.Timestamp) -> float:
    """The figure on the last of the days; one that is not in force, or on no known day, lets nothing link."""
    known = [day.date() for day in days if not pd.isna(day)]
    value = parameter.on(max(known)) if known else None
    return value.value if value else -1.0


def _day(linked: Linked, place: int) -> str:
    day = linked.stated.at("shipped_on", place)
    return "a day not known" if pd.isna(day) else str(day.date())


def _said(linked: Linked, place: int) -> str:
    return f"record {linked.trades['record_id'].iat[place]} of {linked.trades['source'].iat[place]}"


def _vessel(linked: Linked, place: int) -> str:
    name, number = (str(linked.stated.at(column, place)).strip() for column in ("vessel", "imo"))
    return " ".join(filter(None, (name, f"IMO {number}" if number else "")))


def _port(linked: Linked, place: int) -> str:
    """The port of the DPRK in the record, as written."""
    for port in _PORTS:
        if linked.known.at(f"{port}_country", place) == "KP":
            return str(linked.stated.at(f"{port}_port", place))
    return ""


def _what(linked: Linked, place: int) -> str:
    goods = str(linked.stated.at("goods", place)) or f"HS {linked.stated.at('hs', place)}"
    ends = [str(linked.stated.at(column, place)) for column in ("load_port", "discharge_port")]
    return f"{goods} from {ends[0] or 'a port not stated'} to {ends[1] or 'a port not stated'}"
