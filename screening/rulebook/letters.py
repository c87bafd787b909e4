"""Letters of the 1718 Committee and licences: the records they cover by item, date, parties and a quantity used up."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import numpy as np
import pandas as pd

from screening.model import PARTY_ROLES
from screening.rulebook.conditions import words
from screening.rulebook.facts import Mask

_RECEIVERS = ("consignee", "notify_party", "buyer")
_LITTLE = 3  # letters of a word that may be no name of goods: 'for', 'and'


class Measured(NamedTuple):
    """What one of a unit is: mass, volume, count or box, and how much of it."""

    kind: str
    factor: Decimal


@dataclass(frozen=True, slots=True)
class Letter:
    """One item of a letter or licence.

    Args:
        holder, consignee: the names under which each appears, ';' between; '' where the letter names none.
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
    consignee: str = ""


class _Cover(NamedTuple):
    """How near a letter comes to covering a record, in words too; `amount` in the letter's unit is used up by it."""

    degree: int
    why: str
    amount: Decimal = Decimal(0)
    named: bool = True  # the record names holder and consignee, where the letter does


_OTHER_ITEM, _OTHER_DATE, _NO_RULE, _TOO_MUCH, _IN_DOUBT, _COVERED = range(6)


def match(
    given: Sequence[Letter],
    trades: pd.DataFrame,
    rank: np.ndarray,
    measured: Callable[[str], Measured | None],
    may_fire: Callable[[np.ndarray], Mapping[str, Mask]],
    things: Callable[[str], Sequence[str]],
) -> dict[str, pd.Series]:
    """The facts about letters for every record; a letter's quantity is used up by covered records in their order.

    Args:
        rank: the order of the records. measured: what a unit is, None where it is not known. may_fire: of the records
            at some places, by each rule that a letter lifts, on which of them it fires at least perhaps. things: what a
            description lists, as far as its words are known.
    """
    size = len(trades)
    reference = trades["exemption"].str.strip().to_numpy(dtype=object)
    covers, doubt = np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)
    lifts, why = np.full(size, "", dtype=object), np.full(size, "", dtype=object)
    by_reference: dict[str, list[_Balance]] = {}
    for letter in given:
        by_reference.setdefault(_key(letter.reference), []).append(_Balance(letter))
    cited = np.flatnonzero(reference != "")
    fires = may_fire(cited)
    for number in np.argsort(rank[cited]).tolist():
        place = int(cited[number])
        named = [part for part in re.split(r"[;,]", reference[place]) if part.strip()]
        lines = [line for part in named for line in by_reference.get(_key(part), ())]
        if not lines:
            why[place] = f"{reference[place]} is in no file of exemptions given to this run"
            continue
        needed = {rule for line in lines for rule in line.letter.lifts if fires[rule][number]}
        if needed:
            lifts[place] = ";".join(sorted({rule for line in lines for rule in line.letter.lifts}))
        record = trades.iloc[place]
        items = [line.letter.item for line in lines if line.letter.item]
        case = _Case(record, needed, things(str(record["goods"])) if items else (), items)
        answers = [(line, line.covers(case, measured)) for line in lines]
        best, cover = max(answers, key=lambda answer: answer[1].degree)
        if cover.degree >= _IN_DOUBT:
            best.use(cover, str(record["record_id"]))
            covers[place], doubt[place] = True, cover.degree == _IN_DOUBT
            lifts[place] = ";".join(best.letter.lifts)
        why[place] = cover.why
    return {
        "letter": pd.Series(reference, dtype="str"),
        "letter_covers": pd.Series(covers, dtype="boolean"),
        "letter_in_doubt": pd.Series(doubt, dtype="boolean"),
        "letter_lifts": pd.Series(lifts, dtype="str"),
        "letter_why": pd.Series(why, dtype="str"),
    }


class _Case(NamedTuple):
    """A record that cites letters.

    Args:
        needed: the rules that these lift and that may fire on it. things: what its description lists. items: what the
            letters are for, in words.
    """

    record: pd.Series
    needed: Set[str]
    things: Sequence[str]
    items: Sequence[str]


class _Balance:
    """A letter and how much of it is used: by records that name its parties, and by records that do not."""

    def __init__(self, letter: Letter) -> None:
        self.letter = letter
        self.used, self.by = Decimal(0), list[str]()
        self.strange, self.strangers = Decimal(0), list[str]()

    def use(self, cover: _Cover, record_id: str) -> None:
        """Take what a covered record uses up."""
        if cover.named:
            self.used += cover.amount
            self.by.append(f"record {record_id}")
        else:
            self.strange += cover.amount
            self.strangers.append(f"record {record_id}")

    def covers(self, case: _Case, measured: Callable[[str], Measured | None]) -> _Cover:
        """How near the letter comes to covering the record."""
        record = case.record
        letter, name = self.letter, f"{self.letter.reference} ({self.letter.item or 'HS ' + self.letter.hs})"
        code, text = re.sub(r"\D", "", str(record["hs"])), _stems(str(record["goods"]))
        if letter.hs and not (code and code.startswith(letter.hs)):
            return _Cover(_OTHER_ITEM, f"{name} is for HS {letter.hs}, the record states {code or 'none'}")
        if missing := [word for word in _stems(letter.item) if word not in text]:
            return _Cover(_OTHER_ITEM, f"{name} is for {letter.item}; the record does not say '{missing[0]}'")
        if beside := _besides(case.things, case.items):
            return _Cover(_OTHER_ITEM, f"{name} is for {letter.item}; the record lists {' and '.join(beside)} too")
        held = f"{name} holds from {letter.valid_from} to {letter.valid_to}"
        if pd.isna(record["shipped_on"]):
            return _Cover(_OTHER_DATE, f"{held}; the date was not read")
        day = record["shipped_on"].date()
        if not letter.valid_from <= day <= letter.valid_to:
            return _Cover(_OTHER_DATE, f"{held}, the record is of {day}")
        if case.needed.isdisjoint(letter.lifts):
            rules = " and ".join(letter.lifts)
            return _Cover(_NO_RULE, f"{name} lifts {rules}, which does not fire on this record; nothing of it is used")
        absent = _absent(letter, record)
        stranger = (
            f"; whether it is meant is open: {' and '.join(absent)} is named in no cell of the record" if absent else ""
        )
        if letter.item and (beside := _besides(case.things, [letter.item])):
            stranger += f"; how much of the record is {' and '.join(beside)}, another item, is not stated"
        if letter.quantity is None:
            degree = _IN_DOUBT if stranger else _COVERED
            return _Cover(degree, f"{name} covers it and sets no quantity{stranger}", named=not absent)
        ours, theirs = measured(str(record["unit"])), measured(letter.unit)
        amount = record["amount"]
        if ours is None or theirs is None or ours.kind != theirs.kind or pd.isna(amount):
            stated = f"{record['quantity']} {record['unit']}".strip() or "no quantity"
            return _Cover(
                _TOO_MUCH, f"{name} covers {letter.quantity} {letter.unit}, which {stated} cannot be held against"
            )
        asked = Decimal(str(amount)) * ours.factor / theirs.factor
        before = f", of which {_plain(self.used)} are used by {' and '.join(self.by)}" if self.by else ""
        allowed = f"{letter.quantity} {letter.unit}"
        left = letter.quantity - self.used - asked
        if left < 0:
            return _Cover(_TOO_MUCH, f"{name} covers {allowed}{before}; the record asks for {_plain(asked)}")
        if left < self.strange and not absent:
            stranger += (
                f"; {' and '.join(self.strangers)} of other parties asked for {_plain(self.strange)} of it before"
            )
        share = f"{_plain(asked)} {letter.unit} of the {allowed}"
        told = f"{name} covers {share} it allows{before}; {_plain(left)} are left{stranger}"
        return _Cover(_IN_DOUBT if stranger else _COVERED, told, asked, not absent)


def _besides(things: Sequence[str], items: Sequence[str]) -> list[str]:
    """The things of which no word is in any of the items."""
    named = [word for item in items for word in _stems(item)]
    return [thing for thing in things if not any(_akin(part, word) for part in _stems(thing) for word in named)]


def _akin(part: str, word: str) -> bool:
    """One word begins with the other, as those of languages that bend them do; a short one says little."""
    return word.startswith(part) or (len(word) > _LITTLE and part.startswith(word))


def _absent(letter: Letter, record: pd.Series) -> list[str]:
    """Holder and consignee of the letter, where the record names neither them nor anybody like them."""
    asked = (("holder", letter.holder, PARTY_ROLES), ("consignee", letter.consignee, _RECEIVERS))
    return [
        f"its {part} {names}"
        for part, names, roles in asked
        if names and not any(_same(name, str(record[role])) for name in names.split(";") for role in roles)
    ]


def _same(one: str, other: str) -> bool:
    """All words of one name are in the other; a single word must be its first."""
    fewer, more = sorted((words(one).split(), words(other).split()), key=len)
    return bool(fewer) and set(fewer) <= set(more) and (len(fewer) > 1 or fewer[0] == more[0])


def _key(reference: str) -> str:
    return re.sub(r"\s+", "", reference).casefold()


def _stems(text: str) -> list[str]:
    """The words of a text, an English plural as its singular."""
    return [word[:-1] if len(word) > 3 and word.endswith("s") else word for word in words(text).split()]


def _plain(amount: Decimal) -> str:
    return f"{amount.normalize():f}"
