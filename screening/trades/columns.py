"""Which of a file's columns is which of ours; what is not known for certain is told, never guessed."""

from __future__ import annotations

import re
from collections import abc
from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType

from screening.errors import TradeFileError
from screening.model import COLUMNS, PARTY_ROLES, PLACE_COLUMNS
from screening.trades.mapping import IGNORED, Mapping
from screening.trades.words import Words, fold

Inside = abc.Mapping[str, str]
SUBJECTS = (*PARTY_ROLES, "vessel", "imo", *PLACE_COLUMNS)
# Columns that are not passed over for another of the same meaning: what stands in them may be what is prohibited.
# Beside a record_id, date or quantity another number, day or weight is usual, and the one of our name is meant.
_HEARD = frozenset((*SUBJECTS, "flag", "origin", "destination", "hs", "goods"))
_NOWHERE: Inside = MappingProxyType({})
_BRACKETED = re.compile(r"(.*?)\s*[(\[（]\s*([^()\[\]（）]+?)\s*[)\]）]\s*", re.DOTALL)
_TRAILING = re.compile(r"(.*?\S)(?:\s*,\s*|\s+in\s+|\s+в\s+|[\s_]+)([^\s_,]+)\s*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Layout:
    """Where our columns stand in a file.

    Args:
        places: our column to its position in the header.
        unit: the unit that the name of the quantity column states, '' where none.
        date_format: the order of day and month that the name of the date column states, '' where none.
        ignored: the names of columns that are not read.
        beside: those of them that would be known, did not another column stand for the same.
    """

    places: dict[str, int]
    unit: str = ""
    date_format: str = ""
    ignored: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What a column's name may stand for, best first, and what else it states."""

    columns: tuple[str, ...] = ()
    exact: bool = False
    unit: str = ""
    date_format: str = ""


def known(headers: Sequence[str], words: Words, mapping: Mapping) -> int:
    """How many names are columns of a trade record."""
    return sum(bool(_meaning(header, words, mapping).columns) for header in headers)


def carries_records(headers: Sequence[str], words: Words, mapping: Mapping) -> bool:
    """Whether a name may stand for the date and another for something to screen, so that rows below are records."""
    columns = {column for header in headers for column in _meaning(header, words, mapping).columns}
    return "date" in columns and not columns.isdisjoint(SUBJECTS)


def lay_out(headers: Sequence[str], words: Words, mapping: Mapping, at: object, inside: Inside = _NOWHERE) -> Layout:
    """The place of each of our columns.

    Args:
        inside: names that stand only in an object under another name, with that name.

    Raises:
        TradeFileError: no column is known, two are the same one, or a date or anything to screen is missing. Two are
            also the same where one is called by our name and the other by a synonym, if they say what is screened.
    """
    meanings = [_meaning(header, words, mapping) for header in headers]
    places: dict[str, int] = {}
    for position, meaning in enumerate(meanings):
        if meaning.exact:
            _place(places, meaning.columns[:1], position, headers, at)
    exact = set(places)
    for position, meaning in enumerate(meanings):
        if not meaning.exact:
            _place(places, [c for c in meaning.columns if c not in exact][:1], position, headers, at)
    _refuse_unheard(places, meanings, headers, mapping, at, inside)
    _check(places, headers, at)
    ignored = [position for position in range(len(headers)) if position not in places.values()]
    return Layout(
        places,
        meanings[places["quantity"]].unit if "quantity" in places else "",
        meanings[places["date"]].date_format,
        tuple(_shown(headers[position], position) for position in ignored),
        tuple(_shown(headers[position], position) for position in ignored if meanings[position].columns),
    )


def _place(places: dict[str, int], columns: Sequence[str], position: int, headers: Sequence[str], at: object) -> None:
    for column in columns:
        if column in places:
            raise _twins(column, headers[places[column]], headers[position], at)
        places[column] = position


def _twins(column: str, one: str, other: str, at: object) -> TradeFileError:
    way_out = f"say which is meant with --mapping, as `{other}: {IGNORED}` for the one to be left out"
    if fold(one) == fold(other):
        way_out = "give one of them another name in the file"
    return TradeFileError(f"has two columns for {column}: {one!r} and {other!r}; {way_out}", at=at)


def _refuse_unheard(
    places: dict[str, int],
    meanings: Sequence[_Meaning],
    headers: Sequence[str],
    mapping: Mapping,
    at: object,
    inside: Inside,
) -> None:
    """A party in a column that is passed over would go unscreened, unless the user has said which column is meant.

    What stands in an object under a name that is read itself goes unread with its whole row, and is told with that.
    """
    stated, read = set(mapping.columns.values()), {headers[place] for place in places.values()}
    for position, meaning in enumerate(meanings):
        heard = [column for column in meaning.columns if column in _HEARD]
        if not heard or position in places.values() or inside.get(headers[position]) in read:
            continue
        if not stated.issuperset(meaning.columns):
            raise _twins(heard[0], headers[places[heard[0]]], headers[position], at)


def _check(places: dict[str, int], headers: Sequence[str], at: object) -> None:
    found = ", ".join(_shown(h, i) for i, h in enumerate(headers[:40])) + (", ..." if len(headers) > 40 else "")
    if not places:
        raise TradeFileError(
            f"has no column that is known; found: {found[:600]}; expected some of: {', '.join(COLUMNS)}; "
            f"say which is which with --mapping", at=at,
        )  # fmt: skip
    if "date" not in places:
        raise TradeFileError(f"has no date column; found: {found[:600]}; say which it is with --mapping", at=at)
    if not any(subject in places for subject in SUBJECTS):
        raise TradeFileError(
            f"has no column of a party, a vessel or a port; found: {found[:600]}; "
            f"expected one of: {', '.join(SUBJECTS)}",
            at=at,
        )


def _shown(header: str, position: int) -> str:
    return " ".join(header.split()) or f"column {position + 1} (without a name)"


def _meaning(header: str, words: Words, mapping: Mapping) -> _Meaning:
    """What a name stands for: as mapped, as ours, as a synonym, or one of these with a unit or a remark behind it."""
    key = fold(header) or header.strip()
    split = _BRACKETED.fullmatch(header) or _TRAILING.fullmatch(header)
    unit = ""
    if split and (fold(split[2]) in words.units or split.re is _BRACKETED):
        unit = words.units.get(fold(split[2]), split[2])
    if key in mapping.columns:
        ours = mapping.columns[key]
        return _Meaning(
            () if ours == IGNORED else (ours,), True, unit if ours == "quantity" else "", _hint(ours, split, words)
        )
    if whole := _plain(key, words):
        return whole
    if not split:
        return _Meaning()
    base = _plain(fold(split[1]), words)
    if base is None or (split.re is _TRAILING and not (base.columns == ("quantity",) and unit)):
        return _Meaning()
    remark = _plain(fold(split[2]), words)
    if base.columns == ("quantity",):
        return _Meaning(base.columns, False, unit)
    if remark and not set(remark.columns) & set(base.columns):
        return _Meaning()
    return _Meaning(base.columns, False, "", _hint(base.columns[0], split, words))


def _plain(key: str, words: Words) -> _Meaning | None:
    if key in words.exact:
        return _Meaning((words.exact[key],), True)
    if key in words.synonyms:
        return _Meaning(words.synonyms[key])
    return None


def _hint(column: str, split: re.Match[str] | None, words: Words) -> str:
    return words.hints.get(fold(split[2]), "") if column == "date" and split else ""
