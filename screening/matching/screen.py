"""The parties and vessels of trade records against the entries of a snapshot: hits with their status."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
import pandas as pd

from screening import collector
from screening.matching import names, store
from screening.matching.align import product
from screening.matching.corroborate import corroborate, under_another_flag
from screening.matching.explain import features
from screening.matching.identifiers import Identifiers
from screening.matching.lookup import spread
from screening.matching.pairs import KINDS, Rows
from screening.matching.reconcile import reconcile
from screening.matching.search import Found, Query, exhaust, search
from screening.matching.settings import Settings
from screening.matching.table import Table, spoken, tabulate
from screening.model import HIT_COLUMNS, PARTY_ROLES, Feature, Score, Spoken, Status, Strength

PARTY, SHIP = "party", "vessel"
_WEAK = "a weak alias alone does not carry a hit"
_COMMON = "common words or a single word alone do not carry a hit"
_SHIP_NOTE = "the number decides, not the name"
_MOST_KNOWN = 1 << 18  # texts that are kept in mind, of parties and of ships
_NOWHERE = 0, 0
_CRAFT = [KINDS.index("vessel"), KINDS.index("aircraft")]


class Lookup(NamedTuple):
    """An entry that a text may name: `entry` and `name` are rows of the snapshot, `name` -1 for a number alone."""

    entry: int
    name: int
    score: float
    status: str
    reason: str
    certain: bool
    features: tuple[Feature, ...]


class Listed(Protocol):
    """What of a snapshot is searched; see lists.snapshot.Snapshot."""

    @property
    def entries(self) -> pd.DataFrame:
        """One row per entry."""

    @property
    def names(self) -> pd.DataFrame:
        """One row per listed name."""

    @property
    def identifiers(self) -> pd.DataFrame:
        """One row per number."""

    @property
    def digest(self) -> str:
        """The same lists, the same digest."""


class _Known:
    """What is known of texts that were looked at.

    Args:
        span: of each text, the rows of `hits` that are its own. identified: see Identifiers.by_text.
    """

    def __init__(self) -> None:
        self.span: dict[str, tuple[int, int]] = {}
        self.hits = _no_hits()
        self.identified: dict[str, list[tuple[int, str]]] = {}

    def add(self, texts: Sequence[str], hits: pd.DataFrame) -> None:
        """Adds texts with their hits, as Matcher.find tells them."""
        bounds = np.searchsorted(hits["text"].to_numpy(np.int64), np.arange(len(texts) + 1)) + len(self.hits)
        self.span.update(dict.fromkeys(texts, _NOWHERE))
        for place in np.flatnonzero(np.diff(bounds)).tolist():
            self.span[texts[place]] = int(bounds[place]), int(bounds[place + 1])
        self.hits = pd.concat([self.hits, hits], ignore_index=True) if len(self.hits) else hits


class Matcher:
    """Finds the entries of one snapshot in trade records.

    A text's hits depend on the text, the snapshot and the settings alone; each distinct text is searched once.

    Args:
        cache_dir: where the index is kept, built by the first process and mapped by the others; None to build it anew.
    """

    def __init__(self, snapshot: Listed, settings: Settings | None = None, cache_dir: Path | None = None) -> None:
        self.snapshot = snapshot
        self.settings = settings or Settings.load()
        self.index = store.opened(snapshot.entries, snapshot.names, snapshot.digest, self.settings, cache_dir)
        self.identifiers = Identifiers.of(snapshot.identifiers, len(snapshot.entries))
        self._entry = snapshot.names["entry"].to_numpy(np.int64)
        self._weak = (snapshot.names["strength"] == Strength.WEAK.value).to_numpy(bool)
        self._least = {family: self._cut_offs(family) for family in (PARTY, SHIP)}
        self._known = {PARTY: _Known(), SHIP: _Known()}
        self._rows = Rows(self.index.side)
        self._bounds = _bounds(self.index.name, len(self._entry))  # of each listed name, its rows
        self._last: dict[str, tuple[Sequence[str], Query]] = {}
        self._met: dict[str, Found] = {}  # what the last search of each family found
        self.spoken: list[Spoken] = []  # what the last call of `screen` read that was not known before

    def _cut_offs(self, family: str) -> np.ndarray:
        own = np.array([self.settings.by_kind("cut_off")[kind] for kind in KINDS])
        craft = np.isin(np.arange(len(KINDS)), _CRAFT)
        cross = craft if family == PARTY else ~craft
        found: np.ndarray = np.where(cross, self.settings["cross.cut_off"], own)[self.index.kind]
        return found

    # ------------------------------------------------------------ names
    @collector.waits()
    def find(self, texts: Sequence[str], family: str = PARTY, least: float | None = None) -> pd.DataFrame:
        """The best name of each entry that each text may name: text (its place), entry, name, score, status, reason.

        Args:
            least: the least score, every name of the list scored; the cut-offs where it is not given.
        """
        query = self._query(texts, family)
        self._last[family] = texts, query
        table = query.side.table
        if least is None:
            found = search(self.index, query, self._least[family], self.settings)
        else:
            found = exhaust(self.index, query, least, self.settings)
        self._met[family] = found
        name = self.index.name[found.listed]
        text, entry, weak = table.text[found.row], self._entry[name], self._weak[name]
        doubt = weak | (single := self._common(table, found, family))
        order = np.lexsort((name, -found.score, doubt, entry, text))
        best = order[(np.diff(text[order], prepend=-1) != 0) | (np.diff(entry[order], prepend=-1) != 0)]
        return pd.DataFrame({
            "text": text[best],
            "entry": entry[best],
            "name": name[best],
            "score": found.score[best],
            "status": np.where(doubt[best], Status.WEAK.value, Status.KEPT.value),
            "reason": np.select([weak[best], single[best]], [_WEAK, _COMMON], ""),
        })  # fmt: skip

    def _query(self, texts: Sequence[str], family: str) -> Query:
        nobody, ship = np.zeros(len(texts), bool), np.full(len(texts), family == SHIP)
        readings = names.read(
            texts, self.settings.lexicon, parts=True, fields=self.settings.fields, ships=family == SHIP
        )
        return Query.of(tabulate(readings, self.settings, nobody, ship), self.index, self.settings)

    def _asked(self, texts: Sequence[str], family: str) -> tuple[dict[str, int], Query]:
        """The places of texts among which all of these are, with their query: those that were searched last, mostly."""
        last, query = self._last.get(family, ((), None))
        wanted = set(texts)
        place = {text: at for at, text in enumerate(last) if text in wanted}
        if query is not None and len(place) == len(wanted):
            return place, query
        return dict(zip(texts, range(len(texts)), strict=True)), self._query(texts, family)

    def _common(self, table: Table, found: Found, family: str) -> np.ndarray:
        """Where what met is one word that fits many, or common words alone and not quite the name."""
        index, listed = self.index, found.listed
        craft = np.isin(index.kind[listed], _CRAFT)
        legal = index.side.table.legal[listed]
        same = (found.score >= 99) & (((legal != 0) & (table.legal[found.row] == legal)) | index.known[listed])
        own = (~index.distinctive[listed] & ~same) | (index.common[listed] & (found.score < self.settings["certain"]))
        doubt: np.ndarray = np.where(
            craft == (family == SHIP), own & ~craft, index.single[listed] | index.common[listed]
        )
        return doubt

    def _learn(self, texts: Sequence[str], family: str) -> _Known:
        """What is known of the texts once those that were not looked at before are."""
        wanted, known = list(dict.fromkeys(text for text in texts if text.strip())), self._known[family]
        new = [text for text in wanted if text not in known.span]
        if known.span and len(known.span) + len(new) > _MOST_KNOWN:
            known, new = _Known(), wanted
            self._known[family] = known
        if new:
            known.add(new, self.find(new, family))
            self.spoken.append(spoken(new, self._last[family][1].side.table, ship=family == SHIP))
            if family == PARTY:
                known.identified.update(self.identifiers.by_text(new))
        return known

    def _in_columns(self, frame: pd.DataFrame, roles: Sequence[str], family: str) -> list[pd.DataFrame]:
        """The hits of columns by name, and of columns of parties by identifier too; all texts are searched together."""
        cells = {role: _distinct(frame[role]) for role in roles}
        known = self._learn([text for _, texts in cells.values() for text in texts], family)
        found = [_named(codes, texts, known, role) for role, (codes, texts) in cells.items()]
        if family == SHIP:
            return found
        return found + [
            self.identifiers.in_cells(codes, texts, known.identified, role) for role, (codes, texts) in cells.items()
        ]

    # ------------------------------------------------------------ records
    def screen(self, frame: pd.DataFrame, facts: pd.DataFrame) -> pd.DataFrame:
        """The hits of all records of the frame, with the columns HIT_COLUMNS, by position, role and entry.

        Args:
            facts: aligned with the frame; `imo_number` and `imo_state` are read.
        """
        self.spoken = []
        found = self._in_columns(frame, [role for role in PARTY_ROLES if role in frame], PARTY)
        found += self._in_columns(frame, ["vessel"] if "vessel" in frame else [], SHIP)
        number, state = _column(frame, facts, "imo_number"), _column(frame, facts, "imo_state")
        cell = _column(frame, frame, "imo")  # the number may stand beside the ship's name instead
        found.append(
            self.identifiers.in_numbers(number, state, np.where(cell == "", _column(frame, frame, "vessel"), cell))
        )
        hits = (
            pd.concat([part for part in found if len(part)], ignore_index=True) if any(map(len, found)) else _no_hits()
        )
        if len(hits):
            hits = reconcile(hits, self.identifiers, number, state, _column(frame, frame, "vessel"))
        hits, raised = corroborate(hits, self.snapshot.entries, facts, self.settings)
        sure = (hits["status"] == Status.KEPT.value) & (hits["score"] >= self.settings["certain"])
        numbered = np.isin(state, ("valid", "invalid"))
        other = under_another_flag(hits, self.snapshot.entries, self.snapshot.names["text"], facts, numbered)
        hits.loc[other, "reason"] = (
            "a ship's name of one word, without a number, under another flag than the listed ship's"
        )
        hits["certain"] = sure.to_numpy(bool) & ~raised & ~other
        hits = hits.sort_values(["position", "role", "entry"], kind="stable").reset_index(drop=True)
        return hits[list(HIT_COLUMNS)].astype({k: v for k, v in HIT_COLUMNS.items() if v != "str"})

    def lookup(
        self,
        texts: Sequence[str],
        kind: str = "",
        imo: str = "",
        least: float | None = None,
        limit: int = 10,
        state: str = "valid",
    ) -> list[list[Lookup]]:
        """For each text the entries it may name, likeliest first, with evidence, and those ruled out last.

        Args:
            kind: person, organisation or vessel; both parties and vessels are searched where it is not given.
            imo: an IMO number that belongs to every text. state: whether it is valid or invalid.
            least: the least score shown; the cut-offs of the settings where it is not given.
        """
        families = [SHIP] if kind == SHIP else [PARTY] if kind else [PARTY, SHIP]
        parts = [self._looked_up(texts, family, least) for family in families]
        said = self.identifiers.by_text(texts)
        parts.append(self.identifiers.in_cells(np.arange(len(texts)), texts, said, "party"))
        every = np.ones(len(texts), object)
        number, states = every * imo, every * (state if imo else "empty")
        parts.append(self.identifiers.in_numbers(number, states, number))
        hits = pd.concat([part for part in parts if len(part)] or [_no_hits()], ignore_index=True)
        if imo and len(hits):
            hits = reconcile(hits, self.identifiers, number, states, np.array(texts, object))
        kinds = self.snapshot.entries["kind"].to_numpy(str)
        if kind:
            hits = hits[kinds[hits["entry"].to_numpy(np.int64)] == kind]
        hits = hits.assign(out=hits["status"].eq(Status.RULED_OUT.value), numbered=hits["by"].ne("identifier"))
        order = ["position", "out", "score", "numbered", "entry", "role"]
        hits = hits.sort_values(order, ascending=[True, True, False, True, True, True], kind="stable")
        hits = hits.drop_duplicates(["position", "entry"])
        hits = hits[hits.groupby("position").cumcount() < limit].reset_index(drop=True)
        found: list[list[Lookup]] = [[] for _ in texts]
        columns = (hits[name].tolist() for name in ("position", "entry", "name", "score", "status", "reason"))
        told = self.explain_hits(hits, pd.DataFrame({"vessel": texts}, dtype=object))
        for why, (text, entry, name, score, status, reason) in zip(told, zip(*columns, strict=True), strict=True):
            certain = status == Status.KEPT.value and score >= self.settings["certain"]
            found[text].append(Lookup(entry, name, score, status, reason, certain, why))
        return found

    def _looked_up(self, texts: Sequence[str], family: str, least: float | None) -> pd.DataFrame:
        hits = self.find(texts, family, least)
        craft = np.isin(self.index.kind[np.searchsorted(self.index.name, hits["name"].to_numpy(np.int64))], _CRAFT)
        hits = hits[craft == (family == SHIP)].reset_index(drop=True)  # the others are found better as what they are
        hits["value"] = [texts[place] for place in hits["text"].tolist()]
        role = "vessel" if family == SHIP else "party"
        found: pd.DataFrame = hits.rename(columns={"text": "position"}).assign(role=role, by="name")
        return found

    # ------------------------------------------------------------ evidence
    @collector.waits()
    def explain_hits(self, hits: pd.DataFrame, frame: pd.DataFrame | None = None) -> list[tuple[Feature, ...]]:
        """What was compared for each hit and what each part added, in the order of the hits.

        Args:
            frame: the records; with it, a hit by IMO number also tells how the ship's name compares.
        """
        role, by = hits["role"].to_numpy(str), hits["by"].to_numpy(str)
        name, value = hits["name"].to_numpy(np.int64), hits["value"].to_numpy(object)
        found: list[tuple[Feature, ...]] = [()] * len(hits)
        for family in (PARTY, SHIP):
            at = np.flatnonzero(((role == SHIP) == (family == SHIP)) & (by == "name"))
            for place, score in zip(at.tolist(), self._explain(value[at].tolist(), name[at], family), strict=True):
                found[place] = score.features
        for place in np.flatnonzero(by == "identifier").tolist():
            found[place] = (self._identified(hits.iloc[place]),)
        if frame is not None and "vessel" in frame:
            for place, told in self._renamed(hits, frame):
                found[place] += told
        return found

    def _identified(self, hit: pd.Series) -> Feature:
        listed, score = self.identifiers.told(int(hit["entry"]), str(hit["value"])), float(hit["score"])
        return Feature("identifier", str(hit["value"]), listed, score / 100, score, str(hit["reason"]))

    def _renamed(self, hits: pd.DataFrame, frame: pd.DataFrame) -> list[tuple[int, tuple[Feature, ...]]]:
        """For hits by IMO number, how the ship's name in the record compares with the listed one."""
        vessel = frame["vessel"].astype(str).to_numpy(object)[hits["position"].to_numpy(np.int64)]
        named = np.array([bool(text.strip()) for text in vessel], bool)
        at = np.flatnonzero((hits["role"] == "imo").to_numpy() & named)
        entry, name = hits["entry"].to_numpy(np.int64)[at], hits["name"].to_numpy(np.int64)[at]
        listed = np.where(name >= 0, name, np.searchsorted(self._entry, entry))
        texts = self.snapshot.names["text"].to_numpy(object)[listed]
        told = self._explain(vessel[at].tolist(), listed, SHIP)
        return [
            (place, (Feature("ship's name", vessel[place], text, round(score.score / 100, 3), 0.0, _SHIP_NOTE),))
            for place, text, score in zip(at.tolist(), texts.tolist(), told, strict=True)
        ]

    def _explain(self, values: list[str], listed: np.ndarray, family: str) -> list[Score]:
        """The scores of texts with listed names; a text and a name that come again are compared once."""
        if not values:
            return []
        (value, texts), names_listed = pd.factorize(np.array(values, object)), len(self.snapshot.names)
        pairs, which = np.unique(value * names_listed + listed, return_inverse=True)
        told = self._compare(texts.tolist(), *np.divmod(pairs, names_listed), family)
        return [told[place] for place in which.tolist()]

    def _likeliest(
        self, query: Query, asked: np.ndarray, listed: np.ndarray, family: str
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """For each pair of a text and a listed name the rows of both that may be the most alike: pair, ours, theirs.

        The search has told those that reach the cut-off; of any other pair all readings are compared.
        """
        table, names = query.side.table, len(self.snapshot.names)
        pairs = asked * names + listed
        met = self._met[family] if self._last.get(family, ((), None))[1] is query else None
        told = table.text[met.row] * names + self.index.name[met.listed] if met is not None else np.zeros(0, np.int64)
        order = np.lexsort((met.listed, met.row, -met.score, told)) if met is not None else told
        first = order[np.flatnonzero(np.diff(told[order], prepend=-1))]
        at = np.searchsorted(told[first], pairs)
        known = at < len(first)
        known[known] = told[first][at[known]] == pairs[known]
        others = np.flatnonzero(~known)
        count = int(table.text[-1]) + 1
        which, left, right = product(_bounds(table.text, count), asked[others], self._bounds, listed[others])
        if met is not None:
            best = first[at[known]]
            which = np.concatenate([np.flatnonzero(known), others[which]])
            left, right = np.concatenate([met.row[best], left]), np.concatenate([met.listed[best], right])
        return which, left, right

    def _compare(self, texts: list[str], asked: np.ndarray, listed: np.ndarray, family: str) -> list[Score]:
        """The score of each text asked about with a listed name, in the readings of both that are most alike."""
        place, query = self._asked(texts, family)
        asked = np.array([place[text] for text in texts], np.int64)[asked]
        which, left, right = self._likeliest(query, asked, listed, family)
        rows, left = np.unique(left, return_inverse=True)
        scorer = query.scorer(self.index, self.settings, self._rows, rows)
        scored = scorer.score(left, right)
        order = np.lexsort((right, left, -scored.score, which))
        best = order[np.flatnonzero(np.diff(which[order], prepend=-1))]
        told = features(scorer, scored.take(best), left[best], right[best])
        return [Score(score, evidence) for score, evidence in zip(scored.score[best].tolist(), told, strict=True)]


def _distinct(column: pd.Series) -> tuple[np.ndarray, list[str]]:
    """The place of each cell's text among the distinct texts, and these."""
    codes, texts = pd.factorize(column.astype(str), sort=False)
    return codes, np.asarray(texts, object).tolist()


def _named(codes: np.ndarray, texts: Sequence[str], known: _Known, role: str) -> pd.DataFrame:
    """The hits by name of a column, whose cells are told by the place of their text."""
    start, end = np.array([known.span.get(text, _NOWHERE) for text in texts], np.int64).reshape(-1, 2).T
    code = np.repeat(np.arange(len(texts)), end - start)
    if not len(code):
        return _no_hits()
    order = np.argsort(codes, kind="stable")
    off = np.searchsorted(codes[order], np.arange(len(texts) + 1))
    cells = off[code + 1] - off[code]
    found = known.hits.iloc[np.repeat(spread(start, end - start), cells)].reset_index(drop=True)
    found["position"] = order[spread(off[code], cells)]
    found["role"] = role
    found["value"] = np.repeat(np.array(texts, object)[code], cells)
    found["by"] = "name"
    return found


def _bounds(owner: np.ndarray, owners: int) -> np.ndarray:
    found: np.ndarray = np.searchsorted(owner, np.arange(owners + 1))
    return found


def _column(frame: pd.DataFrame, source: pd.DataFrame, name: str) -> np.ndarray:
    return source[name].astype(str).to_numpy(object) if name in source else np.full(len(frame), "", object)


def _no_hits() -> pd.DataFrame:
    columns = {
        name: pd.Series([], dtype=kind if kind != "str" else object)
        for name, kind in HIT_COLUMNS.items()
        if name != "certain"
    }
    return pd.DataFrame(columns)
