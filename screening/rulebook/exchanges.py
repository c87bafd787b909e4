"""Links by trade: arms for oil between the same hands, and deliveries cut up to stay small."""

from __future__ import annotations

import numpy as np
import pandas as pd

from screening.rulebook.linked import (
    Found,
    Groups,
    Linked,
    Party,
    day_of,
    figure,
    figures,
    of_class,
    said,
    vessel_of,
    what_of,
)
from screening.rulebook.rule import Parameter

_ARMS = ("arms_ammunition", "explosives", "armoured_vehicle", "warship", "military_electronics")
_OIL = ("refined_petroleum", "aviation_fuel", "crude_oil", "ngl_condensate", "natural_gas", "petroleum_residue")


def barter(linked: Linked, found: Found, limit: Parameter) -> None:
    """Arms out of the DPRK and oil into it that share a vessel or a party, within the days of the policy."""
    facts, size = linked.facts, len(linked.trades)
    dated = linked.trades["shipped_on"].notna().to_numpy()
    from_kp, to_kp = (facts[name].fillna(True).to_numpy(dtype=bool) & dated for name in ("from_kp", "to_kp"))
    surely_from, surely_to = (facts[name].fillna(False).to_numpy(dtype=bool) for name in ("from_kp", "to_kp"))
    arms, oil = of_class(facts, _ARMS), of_class(facts, _OIL)
    unsaid = (facts["goods_vague"] | ~facts["goods_known"]).fillna(True).to_numpy(dtype=bool)
    hidden = unsaid & facts["route_ru_kp"].fillna(True).to_numpy(dtype=bool)
    out, into = np.flatnonzero(from_kp & (arms | hidden)), np.flatnonzero(to_kp & oil)
    gap, words = np.full((3, size), np.nan), np.full(size, "", dtype=object)
    gap[1:] = np.inf
    edges = _shared(linked, out, into) if len(out) and len(into) else {}
    day = linked.days
    joined = Groups()
    for (one, other), why in sorted(edges.items(), key=lambda e: tuple(sorted(linked.rank[list(e[0])].tolist()))):
        apart = abs(int(day[one] - day[other]))
        sure = bool(surely_from[one] and surely_to[other] and arms[one])
        within = figure(limit, linked.known.at("law", one), linked.known.at("law", other))
        if apart <= within:
            joined.join(one, other)
        for place, beside in ((one, other), (other, one)):
            if apart < gap[1, place]:
                gap[1, place] = apart
                words[place] = (
                    f"{what_of(linked, beside)} on {day_of(linked, beside)} ({said(linked, beside)}), {why}"
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
        Party(int(p), linked.known.at("vessel", p), "vessel", vessel_of(linked, int(p)))
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
    listed = one.key.startswith("entry:") and one.value.casefold() != other.value.casefold()
    names = f"{one.value} and {other.value}, which the lists know as one," if listed else one.value
    if one.role in ("vessel", "imo"):
        return f"by the same vessel {names.removesuffix(',')}"
    roles = " and ".join(dict.fromkeys(party.role.replace("_", " ") for party in (one, other)))
    return f"{names} being {roles}"


def split(linked: Linked, found: Found, days: Parameter, threshold: Parameter) -> None:
    """Small deliveries of oil to the DPRK that one party or vessel had within the days of the policy."""
    facts, size = linked.facts, len(linked.trades)
    barrels = facts["barrels"].to_numpy(dtype="float64")
    limits = figures(threshold, linked.law)
    dated = linked.trades["shipped_on"].notna().to_numpy()
    small = facts["to_kp"].fillna(False).to_numpy(dtype=bool) & of_class(facts, _OIL) & (barrels < limits) & dated
    chosen = np.flatnonzero(small)
    count, volume, words = np.full(size, np.nan), np.full(size, np.nan), np.full(size, "", dtype=object)
    joined = Groups()
    day = linked.days
    for members in _by_key(linked, chosen).values():
        ordered = sorted(members, key=lambda p: int(linked.rank[p]))
        first = 0
        for last, place in enumerate(ordered):
            while day[place] - day[ordered[first]] > figure(days, linked.known.at("law", place)):
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
                        f"{members[one]}: {len(window)} deliveries from {day_of(linked, window[0])} to "
                        f"{day_of(linked, window[-1])}, together {total:,.0f} bbl"
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
            found.setdefault(linked.known.at("vessel", position), {})[position] = (
                f"vessel {vessel_of(linked, position)}"
            )
    return found
