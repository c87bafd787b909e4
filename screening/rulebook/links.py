"""Links between records: what one record means beside another of the same vessel or parties, in date order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from screening.rulebook import calls, exchanges, hulls
from screening.rulebook.facts import Mask
from screening.rulebook.linked import Found, Linked, Party, names_vessel, near_dprk
from screening.rulebook.rule import Parameter

__all__ = ["ARRIVALS", "PARAMETERS", "Arrival", "Found", "Linked", "Party", "find", "followed", "near_dprk", "needed"]
PARAMETERS = ("barter_days", "split_days", "split_barrels", "two_places_days", "us_port_call_days", "transfer_days")


def needed(facts: pd.DataFrame) -> Mask:
    """The records that sums and links need, whatever the rules: those that have or may have to do with the DPRK."""
    ends = facts["to_kp"].fillna(True) | facts["from_kp"].fillna(True)
    return (ends | facts["kp_flag"].fillna(True)).to_numpy(dtype=bool) | followed(facts)


def followed(facts: pd.DataFrame) -> Mask:
    """The records whose vessel's other records links need: it is near the DPRK, or meets another ship at sea."""
    return np.asarray(near_dprk(facts) | (calls.at_sea(facts) & names_vessel(facts)), dtype=bool)


class Arrival(NamedTuple):
    """Ports where it counts whence a vessel came: the records there, and those that put it where it then counts."""

    at: Callable[[pd.DataFrame], Mask]
    after: Callable[[pd.DataFrame], Mask]


ARRIVALS: Mapping[str, Arrival] = {
    "us_port": Arrival(calls.at_us_port, lambda facts: calls.in_dprk(facts) | calls.at_sea(facts)),
    "russian": Arrival(calls.russian, calls.at_rajin),
}


def find(linked: Linked, parameters: Mapping[str, Parameter]) -> Found:
    """All links among the records.

    Args:
        parameters: the figures of policy by date; a link whose parameters are not there is not sought.
    """
    found = Found()
    traced = hulls.two_places(linked, found, parameters.get("two_places_days"))
    facts = linked.facts
    calls.calls(linked, found, "kp_call", "days_since_kp_call", calls.in_dprk(facts) & traced, calls.at_us_port(facts))
    calls.calls(linked, found, "rajin_call", "days_since_rajin", calls.at_rajin(facts) & traced, calls.russian(facts))
    if {"us_port_call_days", "transfer_days"} <= set(parameters):
        calls.transfers(linked, found, traced, parameters["us_port_call_days"], parameters["transfer_days"])
    if "barter_days" in parameters:
        exchanges.barter(linked, found, parameters["barter_days"])
    if {"split_days", "split_barrels"} <= set(parameters):
        exchanges.split(linked, found, parameters["split_days"], parameters["split_barrels"])
    hulls.identity(linked, found)
    return found
