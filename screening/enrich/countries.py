"""Names and codes of countries, and the words that place an address in one of the two Koreas."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from screening.enrich.text import names
from screening.errors import RulePackError
from screening.tables import read_table

_COLUMNS = ("code", "alpha3", "name", "names", "kind", "region", "bare_code", "source", "status")
_KINDS = ("country", "region", "state", "korea", "high-seas", "address")
HIGH_SEAS = "XZ"
US_TERRITORY = "us-territory"


@dataclass(frozen=True, slots=True)
class Land:
    """What a phrase says about the country: its kind is country, region, state, korea or high-seas."""

    kind: str
    code: str
    region: str = ""


class Countries:
    """The countries of rules/countries.csv by name and code."""

    def __init__(self, rows: list[dict[str, str]], at: Path) -> None:
        self.phrases: list[tuple[str, Land]] = []
        self.codes: dict[str, str] = {}
        self.bare: set[str] = set()
        self.english: dict[str, str] = {HIGH_SEAS: "the high seas"}
        self.us_territories: set[str] = set()  # whose ports are ports of the United States
        self._addresses: dict[str, tuple[str, ...]] = {}
        for line, row in enumerate(rows, start=2):
            if row["kind"] not in _KINDS:
                raise RulePackError(f"has the kind {row['kind']!r}; use {', '.join(_KINDS)}", at=f"{at}:{line}")
            self._add(row)

    @classmethod
    def load(cls, path: Path) -> Countries:
        """The countries of a table.

        Raises:
            RulePackError: the table cannot be read or has a kind that is not known.
        """
        return cls(read_table(path, _COLUMNS), path)

    def _add(self, row: dict[str, str]) -> None:
        known = (row["name"], *names(row["names"]))
        if row["kind"] == "address":
            self._addresses[row["code"]] = known
            return
        land = Land(row["kind"], row["code"], row["region"])
        labels = known if row["kind"] in ("country", "korea", "high-seas") else names(row["names"])
        if row["kind"] == "region" and row["name"][:1].isupper():
            labels = known
        self.phrases += [(label, land) for label in labels]
        if row["kind"] == "country":
            self.english[row["code"]] = row["name"]
            if row["region"] == US_TERRITORY:
                self.us_territories.add(row["code"])
            for code in (row["code"], row["alpha3"]):
                self.codes[code.lower()] = row["code"]
            if row["bare_code"] == "yes":
                self.bare.update((row["code"].lower(), row["alpha3"].lower()))

    def addresses(self, code: str) -> tuple[str, ...]:
        """The words that place a party in the country wherever they stand in its cell."""
        return self._addresses.get(code, ())


def code_tokens(text: str, countries: Countries, last: tuple[str, ...], own: bool) -> str:
    """The country whose ISO code the words are, '' if they are none.

    Args:
        own: the words stand alone in their part of the text; a code that is also a word counts only so, in capitals.
    """
    if len(last) != 1 or last[0] not in countries.codes:
        return ""
    if last[0] in countries.bare:
        return countries.codes[last[0]]
    capitals = re.search(rf"(?<!\w){last[0].upper()}(?!\w)", text) is not None
    return countries.codes[last[0]] if own and capitals else ""
