"""What a ship's IMO number does to the hits of its name: it decides, rules out, or is reported as broken."""

from __future__ import annotations

import numpy as np
import pandas as pd

from screening.matching.identifiers import Identifiers
from screening.model import Status


def reconcile(
    hits: pd.DataFrame, identifiers: Identifiers, number: np.ndarray, state: np.ndarray, vessel: np.ndarray
) -> pd.DataFrame:
    """Name and number of one ship as one hit; a ship of the same name with another valid number ruled out.

    Args:
        number, state, vessel: of each record: its IMO number, whether that is valid or invalid, and the ship's name.
    """
    position, entry = hits["position"].to_numpy(np.int64), hits["entry"].to_numpy(np.int64)
    name, role = hits["name"].to_numpy(np.int64).copy(), hits["role"].to_numpy(str)
    reason, status = hits["reason"].to_numpy(object).copy(), hits["status"].to_numpy(object).copy()
    ship, equal = role == "vessel", (role == "imo") & (hits["score"].to_numpy() == 100)
    key = position * len(identifiers.numbered) + entry
    both = ship & np.isin(key, key[equal])

    at = np.flatnonzero(equal)
    known = dict(zip(key[both].tolist(), name[both].tolist(), strict=True))
    name[at] = [known.get(k, -1) for k in key[at].tolist()]
    reason[at] = [_told(int(name[i]), str(vessel[position[i]]).strip()) for i in at.tolist()]

    other = ship & ~both & (state[position] == "valid") & identifiers.numbered[entry]
    status[other] = Status.RULED_OUT.value
    for i in np.flatnonzero(other).tolist():
        reason[i] = f"IMO {number[position[i]]} is valid and not the listed {identifiers.numbers(int(entry[i]))}"
    broken = ship & ~both & (state[position] == "invalid")
    for i in np.flatnonzero(broken).tolist():
        told = identifiers.nearest(str(number[position[i]]), int(entry[i]))
        reason[i] = "; ".join(part for part in (reason[i], told) if part)

    kept = ship & (status == Status.KEPT.value)
    status[(role == "imo") & ~equal & np.isin(key, key[kept])] = Status.KEPT.value
    settled: pd.DataFrame = hits.assign(name=name, reason=reason, status=status)[~both]
    return settled


def _told(name: int, vessel: str) -> str:
    if name >= 0:
        return "IMO number equal, and the name too"
    return f"IMO number equal; the ship's name {vessel!r} is none of the listed names" if vessel else "IMO number equal"
