"""Links by calls: a vessel at one port some days after it called at another, or met a ship that had."""

from __future__ import annotations

from itertools import dropwhile
from typing import NamedTuple

import numpy as np
import pandas as pd

from screening.model import PARTY_ROLES
from screening.rulebook.conditions import words
from screening.rulebook.facts import Mask
from screening.rulebook.linked import PORTS, Found, Linked, day_of, figure, port_of, said, vessel_of
from screening.rulebook.rule import Parameter

_RAJIN = "KP-RAJIN"
_HIGH_SEAS = "XZ"
_PAPERS = ("goods", "load_port", "discharge_port", "onward_port")
_SHORT = 4
_SHIP = frozenset(("mv", "mt", "ms", "m", "v", "t", "master", "owner", "owners", "of", "the", "vessel", "ship"))


def in_dprk(facts: pd.DataFrame) -> Mask:
    """The vessel calls in the DPRK: it loads or discharges there."""
    return np.asarray(facts["load_country"].eq("KP") | facts["discharge_country"].eq("KP"), dtype=bool)


def at_rajin(facts: pd.DataFrame) -> Mask:
    """The vessel calls at Rajin."""
    return np.asarray(facts["load_place"].eq(_RAJIN) | facts["discharge_place"].eq(_RAJIN), dtype=bool)


def at_us_port(facts: pd.DataFrame) -> Mask:
    """A port of the record lies in the United States."""
    return facts["us_port"].fillna(False).to_numpy(dtype=bool)


def russian(facts: pd.DataFrame) -> Mask:
    """A port of the record lies in Russia and none in the DPRK, so that it says nothing of a call there."""
    ports = [facts[f"{port}_country"] for port in PORTS]
    at = np.logical_or.reduce([port.eq("RU").to_numpy() for port in ports])
    return np.asarray(at & ~np.logical_or.reduce([port.eq("KP").to_numpy() for port in ports]), dtype=bool)


def calls(linked: Linked, found: Found, link: str, fact: str, at: Mask, arrivals: Mask) -> None:
    """For records that arrive, the days since the same vessel's last call elsewhere, 0 on the same day.

    A record that loads in the DPRK and goes on to the port is itself the call; one that discharges there comes after.
    """
    known = linked.vessel.ne("").to_numpy() & linked.trades["shipped_on"].notna().to_numpy()
    later, sooner = np.flatnonzero(known & arrivals), np.flatnonzero(known & at)
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
                call = f"{port_of(linked, last)} on {day_of(linked, last)} ({said(linked, last)})"
                words[place] = f"{vessel_of(linked, place)} called at {call}"
                rests[place] = (last,)
    found.facts.update({fact: pd.Series(days), f"{link}_why": pd.Series(words, dtype="str")})
    found.rests[link] = rests


def _by_vessel(linked: Linked, positions: np.ndarray) -> dict[str, list[int]]:
    """The records of each vessel in their order."""
    by_vessel: dict[str, list[int]] = {}
    for position in positions[np.argsort(linked.rank[positions])].tolist():
        by_vessel.setdefault(linked.known.at("vessel", position), []).append(position)
    return by_vessel


# ---------------------------------------------------------------- transfers at sea
class _Meeting(NamedTuple):
    """A transfer at sea that may bar its vessel: its record, and the last call of a ship that the papers name."""

    place: int
    why: str
    call: int | None = None


def transfers(linked: Linked, found: Found, traced: Mask, bar: Parameter, apart: Parameter) -> None:
    """For records at US ports, the days since their vessel met, at sea, a ship that had called in the DPRK.

    Papers name one ship. Where those of the transfer name the other too, by name or number, the days run surely from
    its call; where goods for or of the DPRK change hands at sea, or such a ship was in those waters, they may run.

    Args:
        traced: the records whose ship can be traced. bar: for how many days a call bars. apart: within how many days
            two records of one sea area may be the two sides of one transfer.
    """
    facts, size, day = linked.facts, len(linked.trades), linked.days
    known = linked.vessel.ne("").to_numpy() & linked.trades["shipped_on"].notna().to_numpy()
    later = np.flatnonzero(known & at_us_port(facts))
    sea = _Sea(linked, known & traced & at_sea(facts), known & traced & in_dprk(facts), bar, apart)
    low, high, told = np.full(size, np.nan), np.full(size, np.nan), np.full(size, "", dtype=object)
    rests: dict[int, tuple[int, ...]] = {}
    for place in later.tolist() if len(sea.places) else ():
        before = [
            m for m in sea.meetings(linked.known.at("vessel", place)) if m.place != place and day[m.place] <= day[place]
        ]
        if not before:
            continue
        last = before[-1]
        low[place], high[place] = day[place] - day[last.place], np.inf
        if named := [(int(day[m.call]), m) for m in before if m.call is not None]:
            latest, meeting = max(named, key=lambda pair: pair[0])
            high[place] = day[place] - latest
            last = meeting if high[place] <= figure(bar, linked.known.at("law", place)) else last
        met = (
            f"{vessel_of(linked, place)} met a ship at sea on {day_of(linked, last.place)} ({said(linked, last.place)})"
        )
        told[place] = f"{met}: {last.why}"
        rests[place] = (last.place,) if last.call is None else (last.place, last.call)
    names = ("days_since_kp_transfer", "days_since_kp_transfer_low", "days_since_kp_transfer_high")
    found.facts.update(dict(zip(names, map(pd.Series, (low, low, high)), strict=True)))
    found.facts["kp_transfer_why"] = pd.Series(told, dtype="str")
    found.rests["kp_transfer"] = rests


def at_sea(facts: pd.DataFrame) -> Mask:
    """The goods pass from ship to ship at sea."""
    return facts["sts"].fillna(False).to_numpy(dtype=bool)


class _Sea:
    """The transfers at sea, and which of them were with a ship that had called in the DPRK, or may have been."""

    def __init__(self, linked: Linked, at_sea: Mask, called: Mask, bar: Parameter, apart: Parameter) -> None:
        self.linked, self.days = linked, linked.days
        self.places = _by_vessel(linked, np.flatnonzero(at_sea))
        self._calls = _by_vessel(linked, np.flatnonzero(called))
        self._bar, self._apart = (max(value.value for value in figure.values) for figure in (bar, apart))
        self._names = {ship: _names(linked, found) for ship, found in self._calls.items()}
        self._waters: dict[str, list[int]] = {}
        met = np.flatnonzero(at_sea)
        for place in met[np.argsort(linked.rank[met])].tolist():
            self._waters.setdefault(_waters(linked, place), []).append(place)

    def meetings(self, ship: str) -> list[_Meeting]:
        """The transfers of one ship that may bar it, in their order."""
        return [meeting for place in self.places.get(ship, ()) if (meeting := self._meeting(ship, place))]

    def _meeting(self, ship: str, place: int) -> _Meeting | None:
        """The strongest sign: the papers name such a ship, one was in those waters, the goods are of the DPRK."""
        papers = _told(self.linked, place)
        for other, names in self._names.items():
            if (
                other != ship
                and any(name in papers for name in names)
                and (call := self._recent(other, place)) is not None
            ):
                return _Meeting(place, _called(self.linked, call), call)
        for beside in self._waters[_waters(self.linked, place)] if _waters(self.linked, place) else ():
            other = self.linked.known.at("vessel", beside)
            if other != ship and abs(self.days[beside] - self.days[place]) <= self._apart:
                if (call := self._recent(other, place)) is not None:
                    return _Meeting(place, f"in those waters then was {_called(self.linked, call)}")
                if self.linked.known.at("kp_flag", beside) is True:
                    return _Meeting(
                        place, f"in those waters then was {vessel_of(self.linked, beside)} of the DPRK's flag"
                    )
        for fact in ("to_kp", "from_kp"):
            if self.linked.known.at(fact, place) is True:
                return _Meeting(
                    place, f"the goods are for or of the DPRK ({self.linked.known.at(f'{fact}_why', place)})"
                )
        return None

    def _recent(self, ship: str, place: int) -> int | None:
        """The ship's last call in the DPRK before a transfer, within the days of the bar."""
        before = [p for p in self._calls.get(ship, ()) if 0 <= self.days[place] - self.days[p] <= self._bar]
        return before[-1] if before else None


def _names(linked: Linked, places: list[int]) -> set[str]:
    """A ship's numbers and names as the papers of others hold them; a name of four letters or less says nothing."""
    numbers = {str(linked.known.at("imo_number", p)) for p in places if linked.known.at("imo_state", p) == "valid"}
    names = {words(str(linked.stated.at("vessel", p))) for p in places}
    return {f" {text} " for text in numbers | {name for name in names if len(name) > _SHORT}}


def _told(linked: Linked, place: int) -> str:
    """What the papers of a record say in words; of a party that is a ship, its name, and of any other its numbers."""
    told = [words(str(linked.stated.at(column, place))) for column in _PAPERS]
    for role in PARTY_ROLES:
        said = words(str(linked.stated.at(role, place))).split()
        bare = list(dropwhile(_SHIP.__contains__, said))
        before = set(said[: len(said) - len(bare)])
        ship = bool(before - {"of", "the"}) or "imo" in said  # a company may bear the name of a ship
        told.append(" ".join(bare if ship else [word for word in said if word.isdigit()]))
    return f" {' '.join(told)} "


def _waters(linked: Linked, place: int) -> str:
    """The sea area of a record; '' where it gives none that is known."""
    for end in ("load", "discharge"):
        if linked.known.at(f"{end}_country", place) == _HIGH_SEAS:
            return str(linked.known.at(f"{end}_place", place))
    return ""


def _called(linked: Linked, call: int) -> str:
    port = f"{port_of(linked, call)} on {day_of(linked, call)} ({said(linked, call)})"
    return f"{vessel_of(linked, call)}, which called at {port}"
