"""What a cell says about a place: a port, rail point or sea area of rules/ports.csv, or at least a country."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from screening.enrich.countries import HIGH_SEAS, Land, code_tokens
from screening.enrich.gazetteer import NEAR_LETTERS, SEA_AREA, Gazetteer, Named, Port
from screening.enrich.text import fold, parts

_LOCODE = re.compile(r"([A-Z]{2})([ -]?)([A-Z2-9]{3})")
_DEGREES = re.compile(
    r"""^\W*(?:
      [NS]?\s*\d{1,2}[°\-:.\s]\s*\d{1,2}(?:[.'′:\-\s]\s*\d{1,3})*[\s"'″′]*\s*[NSСЮ]\W*
      [EWВЗ]?\s*\d{1,3}[°\-:.\s]\s*\d{1,2}(?:[.'′:\-\s]\s*\d{1,3})*[\s"'″′]*\s*[EWВЗ]
    | [NS]\s*\d{1,2}[°\-:.\s]\s*\d{1,2}[\d.'′:\-\s"″]*\W*[EW]\s*\d{1,3}[°\-:.\s]\s*\d{1,2}[\d.'′:\-\s"″]*
    | -?\d{1,2}\.\d+\s*[,;/\s]\s*-?\d{1,3}\.\d+
    | \d{1,2}\s*°?\s*[NSСЮ]\W*\d{1,3}\s*°?\s*[EWВЗ]
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_LOST = re.compile(r"[^\w\ufffd]*(?:\ufffd|\?\s*\?)[^\w]*")  # nothing but signs that stand for lost letters
WATCHED = ("KP", "KR", "RU")  # a port of these is taken even with unknown words beside its name


@dataclass(frozen=True, slots=True)
class Reading:
    """What one cell says.

    Args:
        how: locode, name, near, country, unresolved or empty.
        maybe: countries that the cell may mean.
        korea: the cell says Korea, or a name that both Koreas have beside it, and not which.
        settles: the place it is, once other evidence says which country is meant: a name with a namesake.
        sea: a sea area, coordinates, or a transfer between ships.
    """

    how: str = "empty"
    place: str = ""
    country: str = ""
    maybe: frozenset[str] = frozenset()
    korea: bool = False
    settles: str = ""
    namesakes: frozenset[str] = frozenset()
    region: str = ""
    kind: str = ""
    sea: bool = False
    note: str = ""


@dataclass(slots=True)
class _Found:
    """The phrases of a cell by what they are."""

    named: list[Named] = field(default_factory=list)
    loose: dict[str, int] = field(default_factory=dict)  # ports whose name has unknown words beside it, and its letters
    lands: list[Land] = field(default_factory=list)
    unknown: list[tuple[str, ...]] = field(default_factory=list)
    sts: bool = False
    off: bool = False
    all_words: tuple[str, ...] = ()

    def countries(self) -> frozenset[str]:
        """The countries stated in words or by an ISO code."""
        return frozenset(land.code for land in self.lands if land.kind in ("country", "region"))

    def says(self, kind: str) -> bool:
        """Some phrase is of this kind."""
        return any(land.kind == kind for land in self.lands)


class Places:
    """Reads cells by the gazetteer."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer
        self.countries = gazetteer.countries
        self.ports = gazetteer.ports

    def read(self, text: str) -> Reading:
        """What the cell says; equal cells say the same whatever stands around them."""
        cell = text.strip()
        if not cell:
            return Reading()
        if _LOST.fullmatch(cell):
            return Reading("unresolved", maybe=frozenset((*WATCHED, "US")), note=f"'{cell}' has lost its letters")
        if _DEGREES.search(cell):
            return Reading("name", country=HIGH_SEAS, sea=True, kind=SEA_AREA, note=f"'{cell}' is a position at sea")
        code = code_tokens(cell, self.countries, (cell.casefold(),), own=True)
        if code:
            return self._stated(cell, _Found(), code)
        found = self._found(cell)
        if found.sts or found.off or found.says("high-seas") or any(n.port.kind == SEA_AREA for n in found.named):
            return self._at_sea(cell, found)
        return self._on_land(cell, found)

    def _found(self, cell: str) -> _Found:
        found = _Found()
        runs = parts(fold(cell))
        text = tuple(word for run in runs for word in run)
        found.all_words = text
        part_of = [i for i, run in enumerate(runs) for _ in run]
        unknown: dict[int, list[str]] = {}
        named_in: dict[int, list[tuple[Named, int]]] = {}
        pieces = self.gazetteer.phrases.find(text)
        for start, end, meanings in pieces:
            if not meanings:
                unknown.setdefault(part_of[start], []).append(text[start])
                continue
            for meaning in meanings:
                if isinstance(meaning, Named):
                    named_in.setdefault(part_of[start], []).append((meaning, sum(map(len, text[start:end]))))
                    found.named.append(meaning)
                elif isinstance(meaning, Land):
                    if meaning.kind != "state" or end == len(text) or end - start == len(runs[part_of[start]]):
                        found.lands.append(meaning)
                else:
                    found.sts |= meaning.kind == "ship_to_ship"
                    found.off |= meaning.kind == "off_shore" and start == 0
        self._codes(cell, runs, unknown, found)
        found.unknown = [tuple(left) for left in unknown.values()]
        for part, left in unknown.items():
            if any(not word.isdigit() for word in left):
                found.loose.update({n.port.id: letters for n, letters in named_in.get(part, ()) if n.by == "name"})
        found.named = [n for n in found.named if not self._excluded(n.port, found)]
        return found

    def _codes(
        self, cell: str, runs: tuple[tuple[str, ...], ...], unknown: dict[int, list[str]], found: _Found
    ) -> None:
        """Take ISO codes at the end of the text, or alone in a part, out of the words not known."""
        for part, left in list(unknown.items()):
            own = runs[part] == tuple(left) and len(left) == 1
            last = part == len(runs) - 1 and runs[part][-1] == left[-1]
            code = code_tokens(cell, self.countries, tuple(left[-1:]), own) if own or last else ""
            if code:
                found.lands.append(Land("country", code))
                left.pop()
                if not left:
                    del unknown[part]

    def _excluded(self, port: Port, found: _Found) -> bool:
        return any(
            port.not_with and found.all_words[i : i + len(phrase)] == phrase
            for phrase in port.not_with
            for i in range(len(found.all_words) - len(phrase) + 1)
        )

    def _at_sea(self, cell: str, found: _Found) -> Reading:
        area = next((n.port for n in found.named if n.port.kind == SEA_AREA), None)
        if area is not None and area.country != HIGH_SEAS:
            note = f"'{cell}' is {area.name} ({area.country})"
            return Reading("name", area.id, area.country, kind=area.kind, sea=True, note=note)
        ashore = frozenset(c for n in found.named if n.port.kind != SEA_AREA for c in n.port.countries)
        maybe = ashore | found.countries() | (frozenset({"KP", "KR"}) if found.says("korea") else frozenset())
        note = f"'{cell}' is a sea area or a transfer between ships"
        how, place = ("name", area.id) if area else ("country", "")
        return Reading(how, place, HIGH_SEAS, maybe, kind=SEA_AREA, sea=True, note=note)

    def _on_land(self, cell: str, found: _Found) -> Reading:
        stated = found.countries()
        if found.says("state") and (any(n.port.country == "US" for n in found.named) or "US" in stated):
            stated = frozenset({"US"})
        sure = [n for n in found.named if not n.doubtful]
        if len(stated) == 1:
            return self._stated(cell, found, next(iter(stated)))
        if len(stated) > 1:
            inside = [n for n in sure if n.port.country in stated]
            if len({n.port.country for n in inside}) == 1:
                return replace(self._as_port(cell, inside[0]), maybe=stated - {inside[0].port.country})
            both = " and ".join(sorted(stated))
            return Reading("country", maybe=stated, note=f"'{cell}' names {both}")
        if found.says("korea"):
            return self._bare_korea(cell, sure, found.named)
        if sure:
            return self._by_name(cell, found, sure)
        if found.named:
            first = found.named[0].port
            either = first.countries | first.homonym if self._in_both_koreas(first) else frozenset()
            return Reading(
                "unresolved", settles=first.id, namesakes=first.homonym, maybe=either,
                note=f"'{cell}' may be {first.name} ({first.country})",
            )  # fmt: skip
        return self._by_code(cell) or self._by_spelling(cell, found)

    def _stated(self, cell: str, found: _Found, country: str) -> Reading:
        """The text names the country; a port of that country is taken, a port of another only as a doubt."""
        english = self.countries.english.get(country, country)
        region = next((land.region for land in found.lands if land.code == country and land.region), "")
        inside = [n for n in found.named if n.port.country == country]
        if inside:
            return replace(self._as_port(cell, inside[0]), settles="", namesakes=frozenset())
        other = [
            n for n in found.named
            if not n.doubtful and country not in n.port.homonym and n.by == "name" and country not in n.port.countries
        ]  # fmt: skip
        maybe = frozenset(c for n in other for c in n.port.countries)
        near = None if found.named else self.gazetteer.neighbour(found.unknown)
        if near is not None and near.country == country:
            note = f"'{cell}' is in {english} ({country}), perhaps {near.name}"
            return Reading("near", country=country, region=region, note=note)
        note = f"'{cell}' is in {english} ({country})"
        return Reading("country", country=country, maybe=maybe, region=region, note=note)

    def _bare_korea(self, cell: str, sure: list[Named], named: list[Named]) -> Reading:
        """Korea is named without saying which: settled by a port that one of the two has alone."""
        clear = [n for n in sure if not n.port.homonym]
        if clear:
            return self._as_port(cell, clear[0])
        both = next((n.port for n in (*sure, *named) if n in sure or self._in_both_koreas(n.port)), None)
        note = f"'{cell}' does not say which Korea"
        if both is None:
            return Reading("country", korea=True, maybe=frozenset({"KP", "KR"}), note=note)
        return Reading(
            "unresolved", korea=True, maybe=frozenset({"KP", "KR"}), settles=both.id, namesakes=both.homonym, note=note
        )

    @staticmethod
    def _in_both_koreas(port: Port) -> bool:
        return port.country == "KP" and "KR" in port.homonym

    def _by_name(self, cell: str, found: _Found, sure: list[Named]) -> Reading:
        lands = {n.port.country for n in sure}
        first = sure[0]
        if len(lands) > 1 or "/" in first.port.country:
            countries = frozenset(c for n in sure for c in n.port.countries)
            return Reading(
                "name", first.port.id if len(lands) == 1 else "", maybe=countries, kind=first.port.kind,
                region=first.port.region if len(lands) == 1 else "",
                note=f"'{cell}' names {' and '.join(n.port.name for n in sure)} ({', '.join(sorted(countries))})",
            )  # fmt: skip
        letters = found.loose.get(first.port.id, NEAR_LETTERS)
        note = f"'{cell}' contains the name of {first.port.name} ({first.port.country})"
        if first.port.id in found.loose and first.port.country not in WATCHED:
            return Reading("unresolved", note=note)
        if letters < NEAR_LETTERS - 1:
            return Reading("near", maybe=first.port.countries, note=note)
        return self._as_port(cell, first)

    def _as_port(self, cell: str, named: Named) -> Reading:
        port = named.port
        return Reading(
            named.by, port.id, port.country, region=port.region, kind=port.kind, namesakes=port.homonym,
            settles=port.id if port.homonym and named.by == "name" else "",
            note=f"'{cell}' is {port.name} ({port.country})",
        )  # fmt: skip

    def _by_code(self, cell: str) -> Reading | None:
        found = _LOCODE.fullmatch(cell)
        if cell.upper() == HIGH_SEAS or (found and found[1] == HIGH_SEAS):
            note = f"'{cell}' is on the high seas"
            return Reading("locode", country=HIGH_SEAS, sea=cell.upper() == HIGH_SEAS, note=note)
        if found is None or found[1] + found[3] in self.gazetteer.not_codes:
            return None
        if found[1].lower() not in self.countries.codes:
            return None
        if found[2] and found[1].lower() not in self.countries.bare:
            return None
        english = self.countries.english[self.countries.codes[found[1].lower()]]
        return Reading("locode", country=found[1], note=f"'{cell}' has a code of {english} ({found[1]})")

    def _by_spelling(self, cell: str, found: _Found) -> Reading:
        squashed = ["".join(left) for left in found.unknown] + ["".join(found.all_words)]
        for word in squashed:
            if word in self.gazetteer.squashed:
                return self._as_port(cell, self.gazetteer.squashed[word])
        near = self.gazetteer.neighbour(found.unknown)
        if near is not None:
            note = f"'{cell}' is one letter from {near.name} ({near.country})"
            return Reading("near", maybe=near.countries, note=note)
        return Reading("unresolved", note=f"'{cell}' is in no table of places")
