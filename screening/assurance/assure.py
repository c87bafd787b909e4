"""The effectiveness test: listed names altered on purpose and screened as records are, beside innocent names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Protocol

import numpy as np
import pandas as pd

from screening.assurance.manipulations import REGISTRY, Manipulation
from screening.model import Kind, Status, Strength

_CRAFT = (Kind.VESSEL.value, Kind.AIRCRAFT.value)
EXAMPLES = 3


class Matcher(Protocol):
    """What a run screens with."""

    def screen(self, frame: pd.DataFrame, facts: pd.DataFrame) -> pd.DataFrame:
        """HIT_COLUMNS."""


class Snapshot(Protocol):
    """The lists; see lists.snapshot."""

    @property
    def entries(self) -> pd.DataFrame:
        """One row per entry."""

    @property
    def names(self) -> pd.DataFrame:
        """One row per listed name."""


@dataclass(frozen=True, slots=True)
class Miss:
    """An altered name that did not find its entry."""

    list: str
    manipulation: str
    listed: str
    altered: str
    became: str  # weak, another entry, or nothing


@dataclass(frozen=True, slots=True)
class Cell:
    """What became of the altered names of one list and manipulation.

    Args:
        found: a kept hit of the entry. other: only of another entry. weak: only a hit that does not alert by itself.
    """

    list: str
    manipulation: str
    tried: int
    found: int
    other: int
    weak: int

    @property
    def rate(self) -> float:
        """The share that found their entry; 1 where nothing was tried."""
        return self.found / self.tried if self.tried else 1.0


@dataclass(frozen=True, slots=True)
class Alarm:
    """An innocent name that was stopped."""

    name: str
    kind: str
    listed: str
    score: float


@dataclass(frozen=True, slots=True)
class Assurance:
    """What the test found; `innocent` counts names by kind, and those with a kept or only a weak hit."""

    sample: int
    seed: int
    cells: tuple[Cell, ...]
    misses: tuple[Miss, ...]
    innocent: tuple[tuple[str, int, int, int], ...]
    alarms: tuple[Alarm, ...]

    def total(self, manipulation: str = "", of_list: str = "") -> Cell:
        """The cells of a manipulation, of a list, or all, put together."""
        chosen = [c for c in self.cells if manipulation in ("", c.manipulation) and of_list in ("", c.list)]
        counts = (sum(getattr(c, name) for c in chosen) for name in ("tried", "found", "other", "weak"))
        return Cell(of_list, manipulation, *counts)

    @property
    def lists(self) -> tuple[str, ...]:
        """The lists tested, in order."""
        return tuple(sorted({cell.list for cell in self.cells}))

    @property
    def tried(self) -> tuple[Manipulation, ...]:
        """The manipulations that applied to some name, in the order of the registry."""
        names = {cell.manipulation for cell in self.cells}
        return tuple(one for name, one in REGISTRY.items() if name in names)


def assure(
    snapshot: Snapshot, matcher: Matcher, innocent: Sequence[tuple[str, str]], sample: int = 200, seed: int = 1
) -> Assurance:
    """Alter up to `sample` names of every list in every way, screen them, and screen the innocent names.

    Args:
        innocent: kind and name; vessels are screened as ships' names, others as parties.
    """
    altered = _altered(_sampled(snapshot, sample, seed), seed)
    hits = _screened(matcher, altered["altered"], altered["kind"])
    cells, misses = _judged(altered, hits)
    counts, alarms = _alarms(pd.DataFrame(innocent, columns=["kind", "name"]), matcher, snapshot.names)
    return Assurance(sample, seed, cells, misses, counts, alarms)


def written(name: str, kind: str) -> str:
    """A listed name as a document writes it: a person's 'LAST, First' in natural order."""
    last, comma, first = name.partition(",")
    if kind != Kind.PERSON.value or not comma or "," in first:
        return " ".join(name.split())
    return " ".join(f"{first} {last}".split())


def _sampled(snapshot: Snapshot, sample: int, seed: int) -> pd.DataFrame:
    """Up to `sample` primary names and strong aliases of each list: list, kind, entry, entry_id, name."""
    names = snapshot.names[snapshot.names["strength"] != Strength.WEAK.value]
    entry = names["entry"].to_numpy(np.int64)
    all_of = snapshot.entries.iloc[entry][["list", "kind", "entry_id"]].reset_index(drop=True)
    all_of["entry"], all_of["name"] = entry, names["text"].astype(str).to_numpy(object)
    chosen = []
    for code, rows in all_of.groupby("list", sort=True):
        places = rows.sort_values(["entry_id", "name"], kind="stable").index.tolist()
        chosen += sorted(Random(f"{seed}|{code}").sample(places, min(sample, len(places))))
    return all_of.loc[chosen].reset_index(drop=True)


def _altered(sampled: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Every name of the sample in every way that applies to it; chance hangs on seed, way and name alone."""
    rows = []
    for of_list, kind, entry_id, entry, name in sampled.itertuples(index=False):
        text = written(name, kind)
        for way in REGISTRY.values():
            if Kind(kind) not in way.kinds:
                continue
            found = way.change(text, Random(f"{seed}|{way.name}|{entry_id}|{name}"))
            if found:
                rows.append((of_list, way.name, kind, entry, name, found))
    return pd.DataFrame(rows, columns=["list", "manipulation", "kind", "entry", "listed", "altered"])


def _screened(matcher: Matcher, names: pd.Series, kinds: pd.Series) -> pd.DataFrame:
    """The hits of the names as a run finds them: a ship's in the vessel column, others in a party's."""
    craft = kinds.isin(_CRAFT)
    frame = pd.DataFrame({"shipper": names.where(~craft, ""), "vessel": names.where(craft, "")}).reset_index(drop=True)
    nothing = pd.DataFrame({"imo_number": [""] * len(frame), "imo_state": ["empty"] * len(frame)})
    return matcher.screen(frame, nothing)


def _judged(altered: pd.DataFrame, hits: pd.DataFrame) -> tuple[tuple[Cell, ...], tuple[Miss, ...]]:
    position = hits["position"].to_numpy(np.int64)
    kept = hits["status"].eq(Status.KEPT.value).to_numpy()
    own = hits["entry"].to_numpy(np.int64) == altered["entry"].to_numpy(np.int64)[position]
    flags = {}
    for name, some in (("found", kept & own), ("stopped", kept), ("hit", np.ones(len(hits), bool))):
        flags[name] = np.zeros(len(altered), bool)
        flags[name][position[some]] = True
    table = altered.assign(
        tried=True,
        found=flags["found"],
        other=flags["stopped"] & ~flags["found"],
        weak=flags["hit"] & ~flags["stopped"],
    )
    sums = table.groupby(["list", "manipulation"], sort=True)[["tried", "found", "other", "weak"]].sum().reset_index()
    cells = tuple(Cell(str(row[0]), str(row[1]), *map(int, row[2:])) for row in sums.itertuples(index=False))
    lost = table[~table["found"]].copy()
    lost["became"] = np.select(
        [lost["other"].to_numpy(bool), lost["weak"].to_numpy(bool)], ["another entry", "weak"], "nothing"
    )
    shown = lost.groupby(["manipulation", "list"], sort=False).head(EXAMPLES)
    columns = ["list", "manipulation", "listed", "altered", "became"]
    return cells, tuple(Miss(*map(str, row)) for row in shown[columns].itertuples(index=False))


def _alarms(
    innocent: pd.DataFrame, matcher: Matcher, names: pd.DataFrame
) -> tuple[tuple[tuple[str, int, int, int], ...], tuple[Alarm, ...]]:
    """Innocent names by kind with a kept hit and with only a weak one, and the kept hits, highest first."""
    hits = _screened(matcher, innocent["name"], innocent["kind"])
    hits["kind"] = innocent["kind"].to_numpy(object)[hits["position"].to_numpy(np.int64)]
    kept = hits[hits["status"].eq(Status.KEPT.value)]
    stopped = set(kept["position"])
    weak = hits[~hits["position"].isin(stopped)]
    counts = tuple(
        (
            str(kind),
            len(rows),
            int(kept.loc[kept["kind"] == kind, "position"].nunique()),
            int(weak.loc[weak["kind"] == kind, "position"].nunique()),
        )
        for kind, rows in innocent.groupby("kind", sort=True)
    )
    first = kept.sort_values(["score", "value", "entry"], ascending=[False, True, True], kind="stable")
    texts = names["text"].to_numpy(object)
    alarms = tuple(
        Alarm(str(value), str(kind), str(texts[name]) if name >= 0 else "an identifier", float(score))
        for value, kind, name, score in first[["value", "kind", "name", "score"]].itertuples(index=False)
    )
    return counts, alarms
