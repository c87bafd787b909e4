"""Which countries a trade goes to and comes from, and on what evidence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from screening.enrich.addresses import Address
from screening.enrich.columns import READ_COLUMNS, Codes, Column, Mask, texts
from screening.enrich.gazetteer import FAR_EAST
from screening.enrich.places import Places
from screening.model import PARTY_ROLES, PLACE_COLUMNS

ENDS = {"from": ("load_port", "origin"), "to": ("discharge_port", "onward_port", "destination")}
PARTIES = {"from": ("shipper", "seller"), "to": ("consignee", "notify_party", "buyer")}
END_OF = {column: end for end, columns in ENDS.items() for column in columns}
CHINA_BORDER = "china-border"
COUNTRIES = ("KP", "KR", "RU", "US")  # that the facts ask about


@dataclass(frozen=True, slots=True)
class Parties:
    """One column of party cells, and what those that say something of the two Koreas say.

    Args:
        codes: which of the texts the cell of each row is. said: by place among the texts.
    """

    role: str
    codes: Codes
    texts: list[str]
    said: dict[int, Address]

    @classmethod
    def read(cls, role: str, codes: Codes, texts: list[str], address: Callable[[str], Address]) -> Parties:
        """The column of a role."""
        said = {place: found for place, found in enumerate(map(address, texts)) if found}
        return cls(role, codes, texts, said)

    def mask(self, test: Callable[[Address], bool]) -> Mask:
        """The rows whose cell passes the test; one that says nothing does not."""
        passed = np.zeros(len(self.texts), dtype=bool)
        passed[[place for place, address in self.said.items() if test(address)]] = True
        return passed[self.codes] if passed.any() else np.zeros(len(self.codes), dtype=bool)

    def told(self, rows: Codes) -> pd.Series:
        """The evidence of some rows in words, by row."""
        return pd.Series([self._note(place) for place in self.codes[rows].tolist()], index=rows, dtype="str")

    def _note(self, place: int) -> str:
        said = self.said.get(place)
        if said and said.north:
            named = said.north.upper() if len(said.north) < 6 else said.north.title()
            return f"{self.role} '{self.texts[place]}' names {named}"
        return f"{self.role} '{self.texts[place]}' says Korea and not which" if said and said.korea else ""


class Evidence:
    """The places of a frame of records weighed against each other, end by end."""

    def __init__(
        self,
        frame: pd.DataFrame,
        columns: Mapping[str, Column],
        address: Callable[[str], Address],
        places: Places,
    ) -> None:
        self.rows = len(frame)
        self.columns = columns
        self.places = places
        self.sure = {
            country: {name: column.within(country) for name, column in columns.items()} for country in COUNTRIES
        }
        self.maybe = {
            country: {name: column.perhaps(country) for name, column in columns.items()} for country in COUNTRIES
        }
        self.far_east = {n: c.mask(lambda r: r.region == FAR_EAST and r.country == "RU") for n, c in columns.items()}
        self.at_border = {n: c.mask(lambda r: r.region == CHINA_BORDER) for n, c in columns.items()}
        self.country = {name: column.text(lambda r: r.country) for name, column in columns.items()}
        self.place = {name: columns[name].text(lambda r: r.place) for name in PLACE_COLUMNS}
        self.how = {name: columns[name].text(lambda r: r.how) for name in PLACE_COLUMNS}
        self._extra: dict[str, list[tuple[Mask, str | pd.Series]]] = {name: [] for name in columns}
        self._mark_unreadable(frame)
        self._read_parties(frame, address)
        self._settle_doubtful()
        self._settle_namesakes()
        self._settle_korea()

    def _none(self) -> Mask:
        return np.zeros(self.rows, dtype=bool)

    def _mark_unreadable(self, frame: pd.DataFrame) -> None:
        """A cell that could not be read may mean any country."""
        if "unreadable" not in frame:
            return
        codes, values = texts(frame, "unreadable")
        for name in self.columns:
            hit = np.fromiter((name in value.split(";") for value in values), dtype=bool, count=len(values))[codes]
            if hit.any():
                for country in self.maybe:
                    self.maybe[country][name] = self.maybe[country][name] | hit
                silent = hit.copy()  # a cell that says why it means nothing need not be told twice
                silent[hit] = self.columns[name].told(np.flatnonzero(hit)).eq("").to_numpy()
                self._extra[name].append((silent, f"{name} could not be read"))

    def _read_parties(self, frame: pd.DataFrame, address: Callable[[str], Address]) -> None:
        self._parties = {role: Parties.read(role, *texts(frame, role), address) for role in PARTY_ROLES}
        self.party_north = {role: cells.mask(lambda a: bool(a.north)) for role, cells in self._parties.items()}
        self.party_south = {role: cells.mask(lambda a: bool(a.south)) for role, cells in self._parties.items()}
        self.party_korea = {role: cells.mask(lambda a: a.korea) for role, cells in self._parties.items()}

    # ------------------------------------------------------------ settling
    def _others(self, country: str, name: str) -> Mask:
        """Another cell at the same end of the trade is in the country."""
        found = self._none()
        for other in ENDS[END_OF[name]]:
            if other != name:
                found |= self.sure[country][other]
        return found

    def _across(self, country: str, name: str) -> Mask:
        """A cell at the other end of the trade is in the country."""
        found = self._none()
        for other in ENDS["to" if END_OF[name] == "from" else "from"]:
            found |= self.sure[country][other]
        return found

    def _become(self, name: str, mask: Mask, country: str, place: str, note: str) -> None:
        """Take the cells for this country, and this place if it is given, on other evidence in the record."""
        for code, by_column in self.sure.items():
            by_column[name] = np.where(mask, code == country, by_column[name])
            self.maybe[code][name] = self.maybe[code][name] & ~mask
        self.country[name] = self.country[name].mask(mask, country)
        if name in self.place:
            self.place[name] = self.place[name].mask(mask, place)
            self.how[name] = self.how[name].mask(mask, "name" if place else "country")
        port = self.places.ports.get(place)
        self.far_east[name] = np.where(mask, port is not None and port.region == FAR_EAST, self.far_east[name])
        self._extra[name].append((mask, note))

    def _settle_doubtful(self) -> None:
        """A name that needs company is taken where the record gives it: Dunay beside Rajin or a Russian flag."""
        for name in END_OF:
            column = self.columns[name]
            for place in sorted({r.settles for r in column.meanings if r.how == "unresolved" and not r.korea} - {""}):
                port = self.places.ports[place]
                asked = column.asking(place, korea=False)
                company = self._others(port.country, name) if port.country in self.sure else self._none()
                if port.country == "KP":
                    company |= self._any(self.party_north, PARTIES[END_OF[name]]) | self.sure["KP"]["flag"]
                if port.region == FAR_EAST:
                    company |= self._across("KP", name) | self.sure["RU"]["flag"] | self.sure["KP"]["flag"]
                stated = [c for c in ENDS[END_OF[name]] if c != name and c not in PLACE_COLUMNS]
                against = self._none()
                for other in stated:
                    against |= (self.country[other] != "").to_numpy() & (self.country[other] != port.country).to_numpy()
                company &= asked & ~against
                if company.any():
                    note = ": taken so by the other cells of the record"
                    self._become(name, company, port.country, place, note)

    def _settle_namesakes(self) -> None:
        """Nampo beside a stated South Korea is a contradiction and stays open; a name that is either settles there."""
        for name in END_OF:
            column = self.columns[name]
            either = column.mask(lambda r: r.how == "unresolved" and not r.korea and {"KP", "KR"} <= r.maybe)
            default = column.mask(lambda r: bool(r.settles) and r.country == "KP" and "KR" in r.namesakes)
            if not (either | default).any():
                continue
            north = self._others("KP", name) | self.sure["KP"]["flag"]
            south = self._others("KR", name) & ~north
            party = self._any(self.party_north, PARTIES[END_OF[name]])
            settled = either & south & ~party & ~self.sure["KP"][name]
            self._become(name, settled, "KR", "", ": in South Korea by the other cells at its end")
            self._contradict(name, (default & south) | (either & south & party))

    def _contradict(self, name: str, mask: Mask) -> None:
        """Leave open which Korea a cell means where another cell at its end is in the South, and tell both."""
        if not mask.any():
            return
        self.sure["KP"][name] = self.sure["KP"][name] & ~mask
        for code in ("KP", "KR"):
            self.maybe[code][name] = self.maybe[code][name] | mask
        self.country[name] = self.country[name].mask(mask, "")
        if name in self.place:
            self.place[name] = self.place[name].mask(mask, "")
            self.how[name] = self.how[name].mask(mask, "unresolved")
        for other in ENDS[END_OF[name]]:
            against = mask & self.sure["KR"][other]
            if against.any():
                clause = pd.Series("", index=range(self.rows), dtype="str")
                rows = np.flatnonzero(against)
                clause.iloc[rows] = ", but " + self.columns[other].told(rows) + ": the two contradict each other"
                self._extra[name].append((against, clause))

    def _settle_korea(self) -> None:
        """Bare Korea is settled by evidence at its own end, and otherwise stays open."""
        self.korea_open = self._none()
        self._korea_columns: dict[str, Mask] = {}
        for name, end in END_OF.items():
            asked = self.columns[name].mask(lambda r: r.korea)
            if not asked.any():
                continue
            north = self._others("KP", name) | self._any(self.party_north, PARTIES[end]) | self.sure["KP"]["flag"]
            south = self._others("KR", name) | self._any(self.party_south, PARTIES[end])
            for place in sorted({r.settles for r in self.columns[name].meanings if r.korea}):
                this = asked & self.columns[name].asking(place, korea=True)
                self._become(name, this & north, "KP", place, ": the DPRK by other evidence at its end")
                self._become(name, this & south & ~north, "KR", "", ": South Korea by other evidence at its end")
            self._korea_columns[name] = asked & ~north & ~south
            self.korea_open |= self._korea_columns[name]
        for end, roles in PARTIES.items():
            settled = self._any(self.party_north, roles) | self._any(self.party_south, roles)
            for name in ENDS[end]:
                settled |= self.sure["KP"][name] | self.sure["KR"][name]
            for role in roles:
                self._korea_columns[role] = self.party_korea[role] & ~settled
                self.korea_open |= self._korea_columns[role]

    def _any(self, masks: Mapping[str, Mask], keys: tuple[str, ...]) -> Mask:
        found = self._none()
        for key in keys:
            found |= masks[key]
        return found

    # ------------------------------------------------------------ facts
    def why(self, masks: Mapping[str, Mask]) -> pd.Series:
        """The evidence of the cells that count, in words, '; ' between."""
        found = pd.Series("", index=range(self.rows), dtype="str")
        for name, mask in masks.items():
            if not mask.any():
                continue
            rows = np.flatnonzero(mask)
            note = (self.columns[name] if name in self.columns else self._parties[name]).told(rows)
            for settled, clause in self._extra.get(name, ()):
                added = clause if isinstance(clause, str) else clause.iloc[rows]
                note = note.mask(settled[rows], note + added)
            before = found.iloc[rows]
            comma = pd.Series(np.where(before == "", "", "; "), index=before.index, dtype="str")
            found.iloc[rows] = before + comma + note
        return found

    def direction(self, country: str, end: str) -> tuple[pd.Series, pd.Series]:
        """Whether goods go to or come from the country, unknown where only a doubtful cell says so, and why."""
        sure = {name: self.sure[country][name] for name in ENDS[end]}
        maybe = {name: self.maybe[country][name] for name in ENDS[end]}
        yes, perhaps = self._any(sure, ENDS[end]), self._any(maybe, ENDS[end])
        fact = pd.Series(pd.array(yes, dtype="boolean")).mask(perhaps & ~yes, pd.NA)
        return fact, self.why({n: sure[n] | (maybe[n] & ~yes) for n in ENDS[end]})

    def indirect(self) -> tuple[pd.Series, pd.Series]:
        """The DPRK stands only in a party's address, or in an onward port behind another port of discharge."""
        kp = self.sure["KP"]
        direct = kp["load_port"] | kp["discharge_port"] | kp["origin"] | kp["destination"]
        masks = {role: self.party_north[role] & ~direct for role in PARTY_ROLES}
        masks["onward_port"] = kp["onward_port"] & ~kp["discharge_port"]
        return pd.Series(self._any(masks, tuple(masks))), self.why(masks)

    def korea(self) -> tuple[pd.Series, pd.Series]:
        """Korea is named at one end and nothing there says which."""
        return pd.Series(self.korea_open), self.why(self._korea_columns)

    def route(self) -> tuple[pd.Series, pd.Series]:
        """One end is in the Russian Far East, the other in the DPRK, its border with China left out."""
        kp = {n: self.sure["KP"][n] & ~self.at_border[n] for n in END_OF}
        east = self.far_east
        to_kp = east["load_port"] & self._any(kp, ENDS["to"])
        from_kp = self._any(kp, ENDS["from"]) & (east["discharge_port"] | east["onward_port"])
        found = to_kp | from_kp
        masks = {n: found & (kp[n] | (east[n] if n in PLACE_COLUMNS else False)) for n in END_OF}
        return pd.Series(found), self.why(masks)

    def at_sea(self) -> tuple[pd.Series, pd.Series]:
        """Loading or discharge is at sea, or between ships."""
        masks = {name: self.columns[name].mask(lambda r: r.sea) for name in ("load_port", "discharge_port")}
        return pd.Series(self._any(masks, tuple(masks))), self.why(masks)

    def flag(self) -> pd.Series:
        """Whether the vessel flies the flag of the DPRK; bare Korea stays open unless the record names the South."""
        north, maybe = self.sure["KP"]["flag"], self.maybe["KP"]["flag"]
        korea = self.columns["flag"].mask(lambda r: r.korea)
        if korea.any():
            maybe = maybe & ~(
                korea & (self._any(self.sure["KR"], tuple(END_OF)) | self._any(self.party_south, PARTY_ROLES))
            )
        return pd.Series(pd.array(north, dtype="boolean")).mask(maybe & ~north, pd.NA)

    def facts(self) -> dict[str, pd.Series]:
        """All facts about places, by name."""
        found: dict[str, pd.Series] = {}
        for country in ("KP", "RU"):
            for end in ENDS:
                found[f"{end}_{country.lower()}"], found[f"{end}_{country.lower()}_why"] = self.direction(country, end)
        found["kp_indirect"], found["kp_indirect_why"] = self.indirect()
        found["korea_ambiguous"], found["korea_ambiguous_why"] = self.korea()
        found["route_ru_kp"], found["route_ru_kp_why"] = self.route()
        found["sts"], found["sts_why"] = self.at_sea()
        found["kp_flag"] = self.flag()
        for name in READ_COLUMNS:
            found[f"{name.removesuffix('_port')}_country"] = self.country[name]
        for name in PLACE_COLUMNS:
            short = name.removesuffix("_port")
            found[f"{short}_place"], found[f"{short}_how"] = self.place[name], self.how[name]
        lands = self.places.countries.us_territories
        territories = {name: self.columns[name].mask(lambda r: r.country in lands) for name in PLACE_COLUMNS}
        found["us_port"] = pd.Series(self._any(self.sure["US"], PLACE_COLUMNS) | self._any(territories, PLACE_COLUMNS))
        return found
