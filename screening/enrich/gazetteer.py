"""The places of rules/ports.csv and the phrases that name them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from screening.enrich.countries import HIGH_SEAS, Countries, Land
from screening.enrich.text import Phrases, deletions, is_joined, names, one_edit, words
from screening.errors import RulePackError
from screening.tables import read_table, read_yaml

_COLUMNS = (
    "id", "name", "names", "doubtful_names", "not_with", "homonym", "country", "locodes", "latitude", "longitude",
    "kind", "region", "in_address", "note", "source", "status",
)  # fmt: skip
_AROUND = ("ship_to_ship", "off_shore", "port_words")
FAR_EAST = "far-east"
SEA_AREA = "sea area"
NEAR_LETTERS = 7  # a shorter name has too many neighbours that are names of other places


@dataclass(frozen=True, slots=True)
class Port:
    """A row of rules/ports.csv; country is two codes for a crossing."""

    id: str
    name: str
    country: str
    kind: str
    region: str
    latitude: float
    longitude: float
    homonym: frozenset[str] = frozenset()
    not_with: frozenset[tuple[str, ...]] = frozenset()

    @property
    def countries(self) -> frozenset[str]:
        """The country, or both sides of a crossing."""
        return frozenset(self.country.split("/"))


@dataclass(frozen=True, slots=True)
class Named:
    """A phrase names a port; a doubtful name needs company; by is 'name' or 'locode'."""

    port: Port
    doubtful: bool = False
    by: str = "name"


@dataclass(frozen=True, slots=True)
class Word:
    """A phrase that is about the sea (sts, off) or says nothing (port)."""

    kind: str


class Gazetteer:
    """The ports by id, by phrase, by letters run together, and by near spelling."""

    def __init__(self, rows: list[dict[str, str]], around: dict[str, object], countries: Countries, at: Path) -> None:
        self.countries = countries
        self.ports: dict[str, Port] = {}
        self.phrases: Phrases[Named | Land | Word] = Phrases()
        self.squashed: dict[str, Named] = {}
        self._neighbours: dict[str, set[str]] = {}
        for label, land in countries.phrases:
            self.phrases.add(label, land)
        for kind in _AROUND:
            listed = around.get(kind)
            for label in listed if isinstance(listed, list) else ():
                self.phrases.add(str(label), Word(kind))
        self.not_codes = frozenset(str(around.get("not_codes", "")).split())
        for line, row in enumerate(rows, start=2):
            self._add(row, f"{at}:{line}")

    @classmethod
    def load(cls, ports: Path, around: Path, countries: Countries) -> Gazetteer:
        """The places of the table of ports and the words around them.

        Raises:
            RulePackError: a table cannot be read, or a row of it makes no sense.
        """
        loaded = read_yaml(around)
        if not isinstance(loaded, dict) or not set(_AROUND) <= loaded.keys():
            raise RulePackError(f"lacks one of the lists {', '.join(_AROUND)}", at=around)
        return cls(read_table(ports, _COLUMNS), loaded, countries, ports)

    def _add(self, row: dict[str, str], at: str) -> None:
        if row["id"] in self.ports:
            raise RulePackError(f"the id {row['id']!r} stands twice", at=at)
        unknown = set(row["country"].lower().split("/")) - self.countries.codes.keys() - {HIGH_SEAS.lower()}
        if unknown:
            raise RulePackError(f"has the country {row['country']!r}, which rules/countries.csv lacks", at=at)
        port = Port(
            row["id"], row["name"], row["country"], row["kind"], row["region"],
            _degrees(row["latitude"], at), _degrees(row["longitude"], at),
            frozenset(names(row["homonym"])), frozenset(words(label) for label in names(row["not_with"])),
        )  # fmt: skip
        self.ports[port.id] = port
        doubtful = names(row["doubtful_names"])
        for label in (port.name, *names(row["names"])):
            if label not in doubtful:
                self._name(label, Named(port))
        for label in doubtful:
            self.phrases.add(label, Named(port, doubtful=True))
        for code in names(row["locodes"]):
            self.phrases.add(code, Named(port, by="locode"))
            self.phrases.add(f"{code[:2]} {code[2:]}", Named(port, by="locode"))

    def _name(self, label: str, named: Named) -> None:
        self.phrases.add(label, named)
        squashed = "".join(words(label))
        self.squashed.setdefault(squashed, named)
        near = named.port.country == "KP" or named.port.region == FAR_EAST
        if near and named.port.kind != SEA_AREA and len(squashed) >= NEAR_LETTERS and not is_joined(squashed):
            for shorter in deletions(squashed):
                self._neighbours.setdefault(shorter, set()).add(squashed)

    def neighbour(self, unknown: list[tuple[str, ...]]) -> Port | None:
        """A port of the DPRK or the Russian Far East whose name is one letter from one of the words not known."""
        for left in unknown:
            word = "".join(left)
            for shorter in deletions(word) if len(word) >= NEAR_LETTERS - 1 else ():
                for known in sorted(self._neighbours.get(shorter, ())):
                    if one_edit(word, known):
                        return self.squashed[known].port
        return None


def _degrees(cell: str, at: str) -> float:
    if not cell:
        return float("nan")
    try:
        return float(cell)
    except ValueError:
        raise RulePackError(f"has the coordinate {cell!r}, which is no number", at=at) from None
