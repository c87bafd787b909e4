"""Letters of the 1718 Committee and licences: which records they cover by item, date and a quantity that is used up."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import numpy as np
import pandas as pd

from screening.rulebook.conditions import words


class Measured(NamedTuple):
    """What one of a unit is: mass, volume, count or box, and how much of it."""

    kind: str
    factor: Decimal


@dataclass(frozen=True, slots=True)
class Letter:
    """One item of a letter or licence.

    Args:
        hs: codes begin with it; '' where the letter names no code. item: in words; '' where it names none.
        quantity: None where the letter sets no limit. lifts: the rules whose alerts it lifts.
    """

    reference: str
    holder: str
    hs: str
    item: str
    quantity: Decimal | None
    unit: str
    valid_from: date
    valid_to: date
    lifts: tuple[str, ...]


def match(
    given: Sequence[Letter], trades: pd.DataFrame, rank: np.ndarray, measured: Callable[[str], Measured | None]
) -> dict[str, pd.Series]:
    """The facts about letters for every record; a letter's quantity is used up by covered records in their order.

    Args:
        rank: the order of the records. measured: what a unit is, None where it is not known.
    """
    size = len(trades)
    reference, covers = trades["exemption"].str.strip().to_numpy(dtype=object), np.zeros(size, dtype=bool)
    lifts, why = np.full(size, "", dtype=object), np.full(size, "", dtype=object)
    by_reference: dict[str, list[_Balance]] = {}
    for letter in given:
        by_reference.setdefault(_key(letter.reference), []).append(_Balance(letter))
    cited = np.flatnonzero(reference != "")
    for place in cited[np.argsort(rank[cited])].tolist():
        named = [part for part in re.split(r"[;,]", reference[place]) if part.strip()]
        lines = [line for part in named for line in by_reference.get(_key(part), ())]
        if not lines:
            why[place] = f"{reference[place]} is in no file of exemptions given to this run"
            continue
        lifts[place] = ";".join(sorted({rule for line in lines for rule in line.letter.lifts}))
        record = trades.iloc[place]
        answers = [(line, *line.covers(record, measured)) for line in lines]
        best = max(answers, key=lambda answer: answer[1])
        if best[1] == _COVERED:
            covers[place], lifts[place] = True, ";".join(best[0].letter.lifts)
        why[place] = best[2]
    return {
        "letter": pd.Series(reference, dtype="str"),
        "letter_covers": pd.Series(covers, dtype="boolean"),
        "letter_lifts": pd.Series(lifts, dtype="str"),
        "letter_why": pd.Series(why, dtype="str"),
    }


_OTHER_ITEM, _OTHER_DATE, _TOO_MUCH, _COVERED = range(4)


class _Balance:
    """A letter and how much of it is used."""

    def __init__(self, letter: Letter) -> None:
        self.letter = letter
        self.used = Decimal(0)
        self.by: list[str] = []

    def covers(self, record: pd.Series, measured: Callable[[str], Measured | None]) -> tuple[int, str]:
        """How near the letter comes to covering the record, and why; a covered record uses its quantity up."""
        letter, name = self.letter, f"{self.letter.reference} ({self.letter.item or 'HS ' + self.letter.hs})"
        code, text = re.sub(r"\D", "", str(record["hs"])), _stems(str(record["goods"]))
        if letter.hs and not (code and code.startswith(letter.hs)):
            return _OTHER_ITEM, f"{name} is for HS {letter.hs}, the record states {code or 'none'}"
        if missing := [word for word in _stems(letter.item) if word not in text]:
            return _OTHER_ITEM, f"{name} is for {letter.item}; the record does not say '{missing[0]}'"
        if pd.isna(record["shipped_on"]):
            return _OTHER_DATE, f"{name} holds from {letter.valid_from} to {letter.valid_to}; the date was not read"
        day = record["shipped_on"].date()
        if not letter.valid_from <= day <= letter.valid_to:
            return _OTHER_DATE, f"{name} holds from {letter.valid_from} to {letter.valid_to}, the record is of {day}"
        if letter.quantity is None:
            return _COVERED, f"{name} covers it and sets no quantity"
        ours, theirs = measured(str(record["unit"])), measured(letter.unit)
        amount = record["amount"]
        if ours is None or theirs is None or ours.kind != theirs.kind or pd.isna(amount):
            stated = f"{record['quantity']} {record['unit']}".strip() or "no quantity"
            return _TOO_MUCH, f"{name} covers {letter.quantity} {letter.unit}, which {stated} cannot be held against"
        asked = Decimal(str(amount)) * ours.factor / theirs.factor
        before = f", of which {_plain(self.used)} are used by {' and '.join(self.by)}" if self.by else ""
        allowed = f"{letter.quantity} {letter.unit}"
        if self.used + asked > letter.quantity:
            return _TOO_MUCH, f"{name} covers {allowed}{before}; the record asks for {_plain(asked)}"
        self.used += asked
        self.by.append(f"record {record['record_id']}")
        left = _plain(letter.quantity - self.used)
        share = f"{_plain(asked)} {letter.unit} of the {allowed}"
        return _COVERED, f"{name} covers {share} it allows{before}; {left} are left"


def _key(reference: str) -> str:
    return re.sub(r"\s+", "", reference).casefold()


def _stems(text: str) -> list[str]:
    """The words of a text, an English plural as its singular."""
    return [word[:-1] if len(word) > 3 and word.endswith("s") else word for word in words(text).split()]


def _plain(amount: Decimal) -> str:
    return f"{amount.normalize():f}"
