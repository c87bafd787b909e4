"""Who is the same as whom in trade records: vessels by number, else by name; parties by listed entry or by name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from screening.matching import names
from screening.matching.aboard import ship_name
from screening.matching.settings import Lexicon
from screening.matching.vocabulary import fold
from screening.model import PARTY_ROLES
from screening.rulebook.links import Party
from screening.tables import read_table

NO_NAMES = Path("red-flags") / "no-names.csv"
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Identities:
    """Tells names apart by the words that are left when legal forms and ship prefixes are gone.

    Args:
        nobody: names that name nobody, as 'to order'.
    """

    lexicon: Lexicon
    nobody: frozenset[str]

    @classmethod
    def load(cls, lexicon: Lexicon, rules: Path) -> Identities:
        """Read the names that name nobody.

        Raises:
            RulePackError: their table is missing or lacks a column.
        """
        rows = read_table(rules / NO_NAMES, ("name",))
        return cls(lexicon, frozenset(names.plain([row["name"] for row in rows], lexicon)))

    def keys(self, texts: Sequence[str], *, respelt: bool = False) -> dict[str, frozenset[str]]:
        """For each distinct text, the names it may be read as; none where it names nobody.

        Args:
            respelt: words that only respell a name, as two romanisations do, are one.
        """
        distinct = [text for text in dict.fromkeys(texts) if text.strip()]
        read = names.read(distinct, self.lexicon)
        lines = read.lines
        known = list({word for line in lines for word in line.split(" ")}) if respelt else []
        spelt = dict(zip(known, fold(known, self.lexicon), strict=True))
        found: dict[str, set[str]] = {text: set() for text in distinct}
        dropped = set(self.lexicon.legal) | set(self.lexicon.legal.values()) | self.lexicon.ship
        for owner, line in zip(read.text.tolist(), lines, strict=True):
            words = [word for word in line.split(" ") if word not in dropped] or line.split(" ")
            if line and line not in self.nobody and " ".join(words) not in self.nobody:
                found[distinct[owner]].add("".join(spelt.get(word, word) for word in words))
        return {text: frozenset(readings) for text, readings in found.items()} | {"": frozenset()}

    def vessels(self, texts: pd.Series, number: pd.Series) -> tuple[pd.Series, pd.Series]:
        """For every record the vessel's identity and its name's: '' where none is stated.

        A vessel is its IMO number if that is valid, else its name; names that share a reading are one name.

        Args:
            texts: the vessels as written. number: their IMO numbers; '' where none or no valid one is stated.
        """
        written = texts.astype("str").str.strip()
        written = written.map({text: ship_name(text) for text in written.unique().tolist()})
        named = written.map(_one_each(self.keys(written.unique().tolist()))).fillna("")
        known = ("imo:" + number).where(number.ne(""), ("ship:" + named).where(named.ne(""), ""))
        return known.astype("str"), named.astype("str")

    def parties(self, trades: pd.DataFrame, hits: pd.DataFrame, positions: np.ndarray) -> list[Party]:
        """The parties of some records: by name, and by the listed entry that they certainly are.

        Who somebody is does not depend on the day of listing: an entry listed later, or no more, links its names too.

        Args:
            hits: of the same records, joined to their entries.
        """
        chosen = trades.iloc[positions]
        texts = pd.unique(chosen[list(PARTY_ROLES)].to_numpy(dtype=object).ravel()).tolist()
        keys = self.keys([str(text) for text in texts], respelt=True)
        found = [
            Party(int(position), f"name:{key}", role, str(value))
            for role in PARTY_ROLES
            for position, value in zip(positions.tolist(), chosen[role].tolist(), strict=True)
            for key in sorted(keys.get(str(value), ()))
        ]
        certain = hits[hits["named"] & hits["certain"] & hits["position"].isin(positions)]
        columns = (certain[name].tolist() for name in ("position", "entry_id", "role", "value"))
        found += [
            Party(position, f"entry:{entry}", role, value)
            for position, entry, role, value in zip(*columns, strict=True)
        ]
        return found


def _one_each(keys: dict[str, frozenset[str]]) -> dict[str, str]:
    """One name for each text: the first of all readings that texts have in common, directly or by way of others."""
    parent: dict[str, str] = {}

    def root(key: str) -> str:
        while parent.setdefault(key, key) != key:
            key = parent[key]
        return key

    for readings in keys.values():
        first, *others = sorted(readings) or [""]
        for other in others:
            one, two = sorted((root(first), root(other)))
            parent[two] = one
    return {text: root(min(readings)) if readings else "" for text, readings in keys.items()}


def ranks(trades: pd.DataFrame, own_ids: np.ndarray) -> np.ndarray:
    """The place of every record among all: by day, then by its own id, then by all else that it states.

    Where a file gives no ids, a row's number says nothing of the record and decides only between equal ones.

    Args:
        own_ids: whether the record's id is its own and not its row number.
    """
    ids = trades["record_id"].astype("str").where(own_ids, "")
    by_number = ids.map(lambda text: _DIGITS.sub(lambda digits: digits[0].zfill(20), text))
    keys = trades.assign(day=trades["shipped_on"], id=by_number)
    first = keys.groupby(["day", "id"], dropna=False).ngroup()
    stated = [column for column in trades.columns if column not in _PLACES]
    tied = keys[first.duplicated(keep=False)].sort_values([*stated, "source", "row"], kind="stable")
    then = pd.Series(np.arange(len(tied)), index=tied.index).reindex(keys.index, fill_value=0)
    found = np.empty(len(trades), dtype=np.int64)
    found[np.lexsort((then, first))] = np.arange(len(trades))
    return found


_PLACES = ("source", "row", "record_id", "shipped_on", "unreadable", "amount", "at", "history")
