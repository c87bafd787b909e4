"""Which rules fire on which records: by the rule engine, held against a plain evaluation of the same conditions."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from types import TracebackType

import numpy as np
import pandas as pd

from screening.errors import EngineError
from screening.rulebook import engine
from screening.rulebook.conditions import ORDERINGS, AllOf, AnyOf, Condition, FactTest, HitTest, Records, answer, bounds
from screening.rulebook.engine import Engine, Expression
from screening.rulebook.facts import DAY, FACTS, Mask, unknown
from screening.rulebook.packs import Rulebook
from screening.rulebook.rule import Period

_FAR = 1e300  # stands for a number without bound, which the engine cannot hold
_EPOCH = pd.Timestamp("1970-01-01")


@dataclass(frozen=True, slots=True)
class Firing:
    """A rule fired on one record, surely or only perhaps; before its first day only perhaps."""

    period: Period
    position: int
    sure: bool


class Judge:
    """All rules of a rulebook compiled once, to be asked batch by batch and closed after use."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._periods = rulebook.periods()
        self._fields = _Fields()
        rules: dict[str, Expression] = {}
        for number, period in enumerate(self._periods):
            sure, perhaps = self._names(number)
            rules[sure] = self._fields.expression(period, perhaps=False)
            rules[perhaps] = self._fields.expression(period, perhaps=True)
        self._engine = Engine(rules)

    def firings(self, records: Records) -> list[Firing]:
        """The rules that fire, by record and then by rule.

        Raises:
            EngineError: engine and plain evaluation differ on a record; the message names rule and record.
        """
        watched = self.watched(records)
        some = records.at(watched)
        plain = self.plainly(some)
        fired = self._engine.evaluate(self._fields.columns(some), len(watched))
        surely, possibly = (self._found(fired, which, len(watched)) for which in (0, 1))
        sure, perhaps = (np.array([p[which] for p in plain], dtype=bool).reshape(surely.shape) for which in (0, 1))
        differ = np.argwhere(((surely != sure) | (possibly != perhaps)).T)
        if len(differ):
            row, number = (int(n) for n in differ[0])
            raise EngineError(
                f"the rule engine and the plain evaluation differ on {self._periods[number].rule.id}: "
                f"{(bool(surely[number, row]), bool(possibly[number, row]))} against "
                f"{(bool(sure[number, row]), bool(perhaps[number, row]))}",
                at=f"record {watched[row]}",
            )
        proper = np.array([not period.early for period in self._periods], dtype=bool)
        return [
            Firing(self._periods[number], int(watched[row]), bool(sure[number, row] and proper[number]))
            for row, number in np.argwhere(perhaps.T).tolist()
        ]

    def _found(self, fired: dict[str, list[int]], which: int, records: int) -> Mask:
        """By period and record, whether the engine fired its rule: surely (0) or perhaps (1)."""
        found = np.zeros((len(self._periods), records), dtype=bool)
        for number in range(len(self._periods)):
            found[number, fired.get(self._names(number)[which], [])] = True
        return found

    def plainly(self, records: Records) -> list[tuple[Mask, Mask]]:
        """For every period of every rule, where it surely and where it perhaps fires, without the engine."""
        return [self._plainly(period, records) for period in self._periods]

    def may_fire(self, rules: Collection[str], records: Records) -> dict[str, Mask]:
        """By rule, where it surely or perhaps fires, without the engine; one that is not judged here fires nowhere."""
        found = {rule: np.zeros(len(records.facts), dtype=bool) for rule in rules}
        for period in self._periods:
            if period.rule.id in found:
                found[period.rule.id] |= self._plainly(period, records)[1]
        return found

    def _names(self, number: int) -> tuple[str, str]:
        """The names under which the engine knows a period's rule: surely, and perhaps."""
        name = f"{self._periods[number].rule.id} from {self._periods[number].since}"
        return f"{name}, surely", f"{name}, perhaps"

    def _plainly(self, period: Period, records: Records) -> tuple[Mask, Mask]:
        sure, perhaps = _in_force(period, records)
        for condition in period.when:
            if not perhaps.any():
                break
            held = answer(condition, records)
            sure, perhaps = sure & held.sure, perhaps & held.perhaps
        return sure, perhaps

    def watched(self, records: Records) -> np.ndarray:
        """The records on which the first condition of some rule may hold; no rule can fire on another."""
        firsts = {period.when[0] for period in self._periods}
        masks = [answer(condition, records).perhaps for condition in firsts]
        return np.flatnonzero(np.logical_or.reduce(masks)) if masks else np.zeros(0, dtype=np.int64)

    def close(self) -> None:
        """Free the engine."""
        self._engine.close()

    def __enter__(self) -> Judge:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _in_force(period: Period, records: Records) -> tuple[Mask, Mask]:
    """Where the period holds on the record's day; a record whose date could not be read perhaps falls into any."""
    day = records.facts[DAY]
    held = (day >= pd.Timestamp(period.since)).to_numpy(dtype=bool)
    if period.until is not None:
        held = held & (day <= pd.Timestamp(period.until)).to_numpy(dtype=bool)
    return held, held | unknown(FACTS[DAY], records.facts, records.unreadable)


class _Fields:
    """The fields of the engine's documents, and how a condition reads them.

    Yes/no facts, numbers and single texts go to the engine as they are; a test over several values, or over hits, goes
    as a yes/no field of its own. Where something is not known: `fact?` says that a number or text is not, and a yes/no
    field with '+' or '-' that it may be true or may be false, so that "perhaps" costs the engine no alternatives.
    """

    def __init__(self) -> None:
        self._facts: dict[str, None] = {DAY: None}
        self._tests: dict[FactTest | HitTest, str] = {}

    def expression(self, period: Period, *, perhaps: bool) -> Expression:
        """The condition that a period's rule is: its days and all its conditions."""
        days = [engine.compare(DAY, ">=", _number(pd.Timestamp(period.since)))]
        if period.until is not None:
            days.append(engine.compare(DAY, "<=", _number(pd.Timestamp(period.until))))
        parts = [self._one(condition, perhaps) for condition in period.when]
        if perhaps:
            return engine.every(engine.some(engine.every(*days), engine.equal(f"{DAY}?", True)), *parts)
        return engine.every(*days, *parts)

    def _one(self, condition: Condition, perhaps: bool) -> Expression:
        if isinstance(condition, AnyOf):
            return engine.some(*(self._one(test, perhaps) for test in condition.tests))
        if isinstance(condition, AllOf):
            return engine.every(*(self._one(test, perhaps) for test in condition.tests))
        if isinstance(condition, HitTest) or condition.operator not in ("is", "is_not", *ORDERINGS):
            name = self._tests.setdefault(condition, f"t{len(self._tests)}")
            return engine.equal(f"{name}+" if perhaps else name, True)
        surely, at_best = bounds(condition)
        self._facts |= dict.fromkeys((condition.fact, surely, at_best))
        if FACTS[condition.fact].type == "yes/no" and perhaps:
            return engine.equal(f"{condition.fact}{'+' if condition.operand else '-'}", True)
        if perhaps:
            return engine.some(self._leaf(condition, at_best), engine.equal(f"{condition.fact}?", True))
        return self._leaf(condition, surely)

    @staticmethod
    def _leaf(test: FactTest, name: str) -> Expression:
        operand = _number(pd.Timestamp(test.operand)) if isinstance(test.operand, date) else test.operand
        if test.operator == "is":
            return engine.equal(name, operand)  # type: ignore[arg-type]
        sign = "!=" if test.operator == "is_not" else ORDERINGS[test.operator]
        return engine.compare(name, sign, operand)  # type: ignore[arg-type]

    def columns(self, records: Records) -> dict[str, list[bool | float | str | None]]:
        """The fields of all records; None where a record lacks one."""
        found: dict[str, list[bool | float | str | None]] = {}
        for name in self._facts:
            fact = FACTS[name]
            found[name] = _values(records.facts[name], fact.type)
            missing = unknown(fact, records.facts, records.unreadable)
            if fact.type == "yes/no":
                true = records.facts[name].fillna(False).to_numpy(dtype=bool)
                found[f"{name}+"], found[f"{name}-"] = _true(missing | true), _true(missing | ~true)
            else:
                found[f"{name}?"] = _true(missing)
        for test, name in self._tests.items():
            held = answer(test, records)
            found[name], found[f"{name}+"] = _true(held.sure), _true(held.perhaps)
        return found


def _values(column: pd.Series, kind: str) -> list[bool | float | str | None]:
    """The values of a fact as the engine takes them, None where there is none."""
    if kind in ("text", "set"):
        return [str(value) for value in column.tolist()]
    days = (column - _EPOCH) // pd.Timedelta(days=1) if kind == "date" else column
    values = days.astype("boolean" if kind == "yes/no" else "float64")
    held = values.clip(-_FAR, _FAR) if kind == "number" else values
    found: list[bool | float | str | None] = held.astype(object).where(values.notna().to_numpy(), None).tolist()
    return found


def _true(mask: Mask) -> list[bool | float | str | None]:
    """A field that is there and true where the mask is."""
    found = np.full(len(mask), None, dtype=object)
    found[mask] = True
    return found.tolist()


def _number(day: pd.Timestamp) -> float:
    return float((day - _EPOCH).days)
