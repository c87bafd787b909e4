"""What the address in a party cell says of the two Koreas."""

from __future__ import annotations

import re
from dataclasses import dataclass

from screening.enrich.countries import Countries
from screening.enrich.text import fold, is_joined, names, parts, words

SHORT_JOINED = 2  # characters: 원산 is Wonsan and stands in 원산지, place of origin


class AddressWords:
    """Finds whole words and phrases in party cells, in any script."""

    def __init__(self, phrases: tuple[str, ...]) -> None:
        spaced = {" ".join(found) for phrase in phrases if (found := words(phrase))}
        joined = sorted((p for p in spaced if is_joined(p)), key=len, reverse=True)
        plain = sorted(spaced - set(joined), key=len, reverse=True)
        choices = [rf"(?<!\w)(?:{'|'.join(map(re.escape, plain))})(?!\w)"] if plain else []
        choices += [re.escape(p) for p in joined]
        self.starts = frozenset(phrase.split(" ", 1)[0] for phrase in plain)
        self._pattern = re.compile("|".join(choices)) if choices else None

    def find(self, spoken: str) -> str:
        """The first of the phrases that stands in the text, '' if none; the text is folded words with single blanks."""
        found = self._pattern.search(spoken) if self._pattern else None
        return found[0] if found else ""


@dataclass(frozen=True, slots=True)
class Address:
    """What a party cell says of the two Koreas: words that place it in one, or that it says Korea and not which."""

    north: str = ""
    south: str = ""
    korea: bool = False

    def __bool__(self) -> bool:
        """It says something of them."""
        return bool(self.north or self.south or self.korea)


class Addresses:
    """Reads the address in party cells."""

    def __init__(self, countries: Countries, ports: list[dict[str, str]]) -> None:
        self._north = AddressWords(countries.addresses("KP") + _labels(ports, "yes", namesake=False))
        self._with_korea = AddressWords(_labels(ports, "with-korea", namesake=False))
        self._namesakes = AddressWords(_labels(ports, "yes", True) + _labels(ports, "with-korea", True))
        self._namesakes_alone = AddressWords(_labels(ports, "yes", namesake=True))
        self._south = AddressWords(countries.addresses("KR"))
        korea = tuple(label for label, land in countries.phrases if land.kind == "korea")
        self._korea = AddressWords(korea)
        self._last_words = frozenset(words(label) for label in korea)
        self._starts = frozenset().union(
            *(phrases.starts for phrases in (self._north, self._namesakes, self._south, self._korea))
        )

    def read(self, cell: str) -> Address:
        """What one cell says."""
        said = words(cell)
        spoken = " ".join(said)
        if self._starts.isdisjoint(said) and (spoken.isascii() or not is_joined(spoken)):
            return Address()  # as most cells do: no phrase begins in it
        if north := self._north.find(spoken):
            return Address(north=north)
        south, korea, namesake = self._south.find(spoken), self._korea.find(spoken), self._namesakes.find(spoken)
        if korea and not south:
            if near := self._with_korea.find(spoken):
                return Address(north=near)
            return Address(korea=bool(namesake) or self._ends_in_korea(cell))
        if namesake and not south:
            return Address(north=self._namesakes_alone.find(spoken))
        return Address(south=south)

    def _ends_in_korea(self, cell: str) -> bool:
        """A part after the first is Korea and no more."""
        return any(part in self._last_words for part in parts(fold(cell))[1:])


def _labels(ports: list[dict[str, str]], in_address: str, namesake: bool) -> tuple[str, ...]:
    """The names of ports that count so in addresses; a short name in a script without blanks does not."""
    rows = [row for row in ports if row["in_address"] == in_address and bool(row["homonym"]) == namesake]
    labels = [label for row in rows for label in (row["name"], *names(row["names"]))]
    return tuple(label for label in labels if len(label) > SHORT_JOINED or not is_joined(label))
