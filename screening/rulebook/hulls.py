"""Links by the ship itself: one number at two places, under several names, and one name under several numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from screening.rulebook.facts import Mask
from screening.rulebook.linked import Found, Groups, Linked, day_of, figures, near_dprk, said, vessel_of
from screening.rulebook.rule import Parameter


def two_places(linked: Linked, found: Found, limit: Parameter | None) -> Mask:
    """The records whose vessel can be traced: its number does not load in two countries at once on several days.

    Where it does, the number stands for more than one ship, and where either of them was cannot be told from it.
    """
    facts = linked.facts
    here = pd.DataFrame({"vessel": linked.vessel, "day": linked.trades["shipped_on"], "country": facts["load_country"]})
    seen = pd.concat([here, linked.seen[list(here)]], ignore_index=True)
    seen = seen[seen["vessel"].ne("") & seen["day"].notna() & ~seen["country"].isin(["", "KP", "XZ"])]
    daily = seen.drop_duplicates().groupby(["vessel", "day"], sort=False).size()
    doubled = daily[daily > 1].groupby("vessel").size()
    near = pd.Series(near_dprk(facts), index=facts.index)
    days = linked.vessel.map(doubled).fillna(0.0).astype("float64")
    found.facts["two_places_days"] = days.where(near)
    if limit is None:
        return np.ones(len(days), dtype=bool)
    traced: Mask = days.to_numpy() < figures(limit, linked.law)
    return traced | days.eq(0).to_numpy()


def identity(linked: Linked, found: Found) -> None:
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
    words, joined = linked.facts["identity_why"].to_numpy(dtype=object, copy=True), Groups()
    for chosen, key in ((many_names, "number"), (many_numbers, "name")):
        for told, group in close[chosen].sort_values("rank").groupby(key, sort=True):
            members = group.index.tolist()
            distinct = group.drop_duplicates("name" if key == "number" else "number").index
            cells = [_known_as(linked, place, key) for place in distinct]
            what = f"IMO number {told} goes under" if key == "number" else f"{vessel_of(linked, members[0])} has"
            sentence = f"{what} {' and '.join([', '.join(cells[:-1]), cells[-1]])}"
            for place in members:
                joined.join(members[0], place)
                words[place] = "; ".join(filter(None, (words[place], sentence)))
    found.facts["identity_why"] = pd.Series(words, dtype="str")
    found.groups["identity"] = joined.numbers(linked.rank)


def _known_as(linked: Linked, place: int, key: str) -> str:
    shown = linked.stated.at("vessel", place) if key == "number" else f"IMO {linked.facts['imo_number'].iat[place]}"
    return f"{shown} on {day_of(linked, place)} ({said(linked, place)})"
