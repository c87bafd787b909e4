"""What else of a record speaks for a weak hit: then it is kept, to be looked at, and never certain.

A weak alias or a common word never carries an alert alone. Where such a name is all that the cell says, it is kept if
the entry's country is the country of the record at that party's end, or stands in the cell, or if another party or the
ship of the same record is listed under the same programme. Only hits that were kept before speak for others, so that
the order of hits does not matter. Against a ship's name of one word speaks the flag of another country.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from screening.matching.settings import Settings
from screening.model import Status
from screening.tables import read_table, rules_folder

_WORDS = re.compile(r"[^\W_]+")
_ENDS = {
    "shipper": ("load", "origin"),
    "seller": ("load", "origin"),
    "consignee": ("discharge", "onward", "destination"),
    "buyer": ("discharge", "onward", "destination"),
    "notify_party": ("discharge", "onward", "destination"),
    "terminal": ("load", "discharge"),
    "vessel": ("flag",),
    "owner": ("flag",),
    "operator": ("flag",),
}


def corroborate(
    hits: pd.DataFrame, entries: pd.DataFrame, facts: pd.DataFrame, settings: Settings
) -> tuple[pd.DataFrame, np.ndarray]:
    """The hits, weak ones kept where something else of their record speaks for them; and which these are.

    Args:
        facts: aligned with the records; the columns load_country, flag_country and so on are read where they are there.
    """
    weak = hits["status"].eq(Status.WEAK.value) & hits["by"].eq("name")
    at = np.flatnonzero((weak & (hits["score"] >= settings["corroborate.least"])).to_numpy())
    raised = np.zeros(len(hits), bool)
    if not len(at) or "countries" not in entries:
        return hits, raised
    status, reason = hits["status"].to_numpy(object).copy(), hits["reason"].to_numpy(object).copy()
    beside = _beside(hits, entries, set(hits["position"].iloc[at].tolist()))
    columns = ("position", "role", "value", "entry")
    rows = zip(at.tolist(), *(hits[name].iloc[at].tolist() for name in columns), strict=True)
    countries, programmes = (entries[name].to_numpy(object) for name in ("countries", "programmes"))
    ends = {f"{end}_country" for ends in _ENDS.values() for end in ends}
    known = {column: facts[column].to_numpy(object) for column in ends if column in facts}
    for place, position, role, value, entry in rows:
        told = _place(position, role, value, str(countries[entry]), known)
        told = told or _listed_beside(beside[position], role, str(programmes[entry]))
        if told:
            raised[place] = True
            status[place] = Status.KEPT.value
            reason[place] = f"{_what(str(reason[place]))}, kept because {told}"
    return hits.assign(status=status, reason=reason), raised


def under_another_flag(
    hits: pd.DataFrame, entries: pd.DataFrame, listed: pd.Series, facts: pd.DataFrame, numbered: np.ndarray
) -> np.ndarray:
    """Which hits are a ship's name of one word, as Maria, under the flag of another country than the listed ship's.

    Args:
        listed: the listed names. numbered: of each record, whether it gives a number, which tells more than a flag.
    """
    found = np.zeros(len(hits), bool)
    if "countries" not in entries or "flag_country" not in facts:
        return found
    position, name = hits["position"].to_numpy(np.int64), hits["name"].to_numpy(np.int64)
    ships = hits["role"].eq("vessel") & hits["status"].eq(Status.KEPT.value)
    at = np.flatnonzero(ships.to_numpy() & (name >= 0) & ~numbered[position])
    flags, codes, entry = facts["flag_country"].to_numpy(object), _countries(), hits["entry"].to_numpy(np.int64)
    for place in at.tolist():
        countries = str(entries["countries"].iat[entry[place]]).lower().split(";")
        own = {codes[text.strip()] for text in countries if text.strip() in codes}
        flag = str(flags[position[place]])
        found[place] = bool(flag and own) and flag not in own and len(str(listed.iat[int(name[place])]).split()) == 1
    return found


def _what(reason: str) -> str:
    return "a weak alias" if "alias" in reason else "a common word or a single one"


def _place(position: int, role: str, value: str, countries: str, facts: Mapping[str, np.ndarray]) -> str:
    """The clause that says where the entry's country is also the record's, '' where it is not."""
    names = _countries()
    listed = [text.strip() for text in countries.split(";")]
    codes = {names[text.lower()]: text for text in listed if text.lower() in names}
    for end in _ENDS.get(role, ()):
        column = f"{end}_country"
        code = str(facts[column][position]) if column in facts else ""
        if code in codes:
            return f"the entry is of {codes[code]}, and so is the record's {_END_WORDS[end]}"
    if not codes:
        return ""
    spoken = f" {' '.join(_WORDS.findall(value.lower()))} "
    for _, label, code in sorted(one for listed in codes for one in _spoken()[listed]):
        if f" {label} " in spoken and label != value.strip().lower():
            return f"the entry is of {codes[code]}, which stands beside the name"
    return ""


_END_WORDS = {
    "load": "port of loading",
    "discharge": "port of discharge",
    "onward": "onward port",
    "origin": "origin",
    "destination": "destination",
    "flag": "flag",
}


_Beside = list[tuple[str, set[str], str]]


def _beside(hits: pd.DataFrame, entries: pd.DataFrame, positions: set[int]) -> dict[int, _Beside]:
    """By record, the role, programmes and value of the hits that were kept without help."""
    found: dict[int, _Beside] = defaultdict(list)
    kept = hits[hits["status"].eq(Status.KEPT.value) & hits["position"].isin(positions)]
    for position, role, value, entry in kept[["position", "role", "value", "entry"]].itertuples(index=False):
        found[position].append((role, _parts(str(entries["programmes"].iat[entry])), value))
    return found


def _listed_beside(beside: _Beside, role: str, programmes: str) -> str:
    """The clause that names another party of the record under the same programme, '' where there is none."""
    own = _parts(programmes)
    common = sorted((other, value, sorted(own & theirs)[0]) for other, theirs, value in beside
                    if other != role and own & theirs)  # fmt: skip
    if not common:
        return ""
    other, value, programme = common[0]
    return f"the {other.replace('_', ' ')} '{value}' is listed under {programme} too"


def _parts(programmes: str) -> set[str]:
    return {part for part in programmes.split(";") if part}


@lru_cache(maxsize=2)
def _countries(folder: Path | None = None) -> dict[str, str]:
    """Names and codes of countries, in small letters, to ISO codes."""
    found: dict[str, str] = {}
    for row in read_table((folder or rules_folder()) / "countries.csv", ("code", "alpha3", "name", "names", "kind")):
        if row["kind"] == "country":
            names = [row["name"], row["code"], row["alpha3"], *row["names"].split(";")]
            found |= {name.strip().lower(): row["code"] for name in names if name.strip()}
    return found


@lru_cache(maxsize=2)
def _spoken() -> dict[str, list[tuple[int, str, str]]]:
    """The names of each country that may stand in a cell, each with its place among all and its code."""
    found: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
    for place, (label, code) in enumerate(_countries().items()):
        if len(label) > 2:
            found[code].append((place, label, code))
    return found
