"""The door to durable-rules: rules compiled to its C engine, one record at a time, every match run to its end.

durable-rules is used in the one way in which it gave no wrong answer when measured: facts, not events; one record in
memory at a time; row numbers as ids; numbers, yes/no and short texts only; few alternatives to a ruleset; every action
completed. Whatever could make it answer wrongly in silence is refused when the rules are compiled.
"""

from __future__ import annotations

import itertools
import json.encoder
import math
from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from types import TracebackType
from typing import Any

import durable_rules_engine as durable

from screening.errors import EngineError, RulePackError

Scalar = bool | float | int | str
Expression = dict[str, Any]
Columns = Mapping[str, Sequence[Scalar | None]]  # records by field; None where a record lacks it

_ALTERNATIVES = 60  # the engine holds 64 alternatives that match one record, and drops the record beyond
_GROUPS = 13  # it takes 15 $and/$or groups in a pattern; the pattern itself and the guard are two
_FIELDS = 240  # it takes 254 fields in a record
_TEXT = 200  # it measures texts in 16 bits; a constant of a rule is far shorter
_RECORD = "r"  # every record carries this, so that no rule fires on the engine's own state
_OPEN = "open"
_ORDER = {">": "$gt", ">=": "$gte", "<": "$lt", "<=": "$lte", "!=": "$neq"}
_ruleset = itertools.count()


def equal(name: str, value: Scalar) -> Expression:
    """The field is there and equals the value."""
    return {name: value}


def compare(name: str, sign: str, value: float | str) -> Expression:
    """The field is there and stands in the order given: > >= < <= between numbers, != also between texts."""
    return {_ORDER[sign]: {name: value}}


def every(*parts: Expression) -> Expression:
    """All parts hold."""
    return {"$and": list(parts)}


def some(*parts: Expression) -> Expression:
    """At least one part holds."""
    return parts[0] if len(parts) == 1 else {"$or": list(parts)}


class Engine:
    """Rulesets compiled in the C engine, to be closed after use.

    Args:
        rules: name to expression; a name holds no quote or backslash.

    Raises:
        RulePackError: a rule is beyond what the engine can be trusted with.
    """

    def __init__(self, rules: Mapping[str, Expression]) -> None:
        self._handles: list[tuple[int, frozenset[str]]] = []  # and the fields that its rules read
        self._kinds: dict[str, type] = {}
        chunk: dict[str, Expression] = {}
        used, read = 0, frozenset[str]()
        for name, expression in rules.items():
            alternatives, groups = self._measure(name, expression)
            fields = frozenset(_fields(expression))
            if alternatives > _ALTERNATIVES or groups > _GROUPS or len(fields) > _FIELDS:
                raise RulePackError(f"{name} has too many alternatives for the rule engine; split the rule")
            if used + alternatives > _ALTERNATIVES or len(read | fields) > _FIELDS:
                self._create(chunk)
                chunk, used, read = {}, 0, frozenset()
            chunk[name] = expression
            used, read = used + alternatives, read | fields
        if chunk:
            self._create(chunk)
        self._refuse_collisions()

    def _measure(self, name: str, expression: Expression) -> tuple[int, int]:
        """How many alternatives and groups an expression has; learns the kinds of its fields."""
        ((key, value),) = expression.items()
        if key in ("$and", "$or"):
            parts = [self._measure(name, part) for part in value]
            if not parts:
                raise RulePackError(f"{name} has an empty group")
            counts = [alternatives for alternatives, _ in parts]
            return (math.prod(counts) if key == "$and" else sum(counts)), 1 + sum(groups for _, groups in parts)
        field, constant = next(iter(value.items())) if key in _ORDER.values() else (key, value)
        if field in ("id", "sid", _RECORD, _OPEN) or field.startswith(("$", "__")) or "." in field:
            raise RulePackError(f"{name} uses the reserved field {field!r}")
        kind: type = float if isinstance(constant, int | float) and not isinstance(constant, bool) else type(constant)
        if kind not in (bool, float, str) or (kind is str and len(constant) > _TEXT):
            raise RulePackError(f"{name} holds {field} against {constant!r}, which the rule engine cannot compare")
        if key in ("$gt", "$gte", "$lt", "$lte") and kind is not float:
            raise RulePackError(f"{name} orders {field} by something that is no number")
        if self._kinds.setdefault(field, kind) is not kind:
            raise RulePackError(f"{name} takes {field} for a {kind.__name__}, another rule for something else")
        return 1, 0

    def _create(self, rules: Mapping[str, Expression]) -> None:
        bodies = {name: {"all": [{"m": {"$and": [{_RECORD: 1}, expression]}}]} for name, expression in rules.items()}
        text = _ruletext({"__open": {"all": [{"m": {_OPEN: 1}}]}, **bodies})
        handle = durable.create_ruleset(f"rules{next(_ruleset)}", text)
        self._handles.append((handle, frozenset(f for expression in rules.values() for f in _fields(expression))))
        # A state that never ran an action holds pointers that were never set: run one before anything else.
        list(_drain(handle, durable.assert_event(handle, f'{{"id":"open","{_OPEN}":1}}')[1]))

    def _refuse_collisions(self) -> None:
        """The engine knows a field by a 32-bit hash of its name alone."""
        names = [*self._kinds, "id", "sid", _RECORD, _OPEN, "$s"]
        if len({_fnv(name) for name in names}) != len(names):
            raise RulePackError("two facts have names that the rule engine cannot tell apart; rename one")

    @property
    def fields(self) -> dict[str, type]:
        """The fields that the rules read, with their kinds: bool, float or str."""
        return dict(self._kinds)

    def evaluate(self, columns: Columns, records: int) -> dict[str, list[int]]:
        """By rule, the numbers of the records on which it fires.

        Raises:
            EngineError: a record holds a value of the wrong kind, or the engine refused it.
        """
        parts = {name: self._encoded(name, values) for name, values in columns.items() if name in self._kinds}
        fired: dict[str, list[int]] = {}
        for handle, fields in self._handles:
            read = [parts[name] for name in sorted(fields & parts.keys())]
            for number, held in zip(range(records), zip(*read, strict=True), strict=bool(read)):
                text = ",".join(filter(None, held))  # a record without any of the fields meets no condition
                matched = self._assert(handle, f'{{"id":"{number}","{_RECORD}":1,{text}}}') if text else []
                if matched:
                    for match in matched:
                        fired.setdefault(match[2 : match.index('":', 2)], []).append(number)
                    durable.retract_fact(handle, f'{{"id":"{number}"}}')
        return fired

    def _assert(self, handle: int, text: str) -> list[str]:
        code, offset = durable.assert_fact(handle, text)
        if code > 1:
            raise EngineError(f"the rule engine refused a record (code {code})")
        return list(_drain(handle, offset)) if code == 0 else []

    def _encoded(self, name: str, values: Sequence[Scalar | None]) -> list[str]:
        """A field of all records as pieces of JSON, each distinct value put into words once; '' where it is absent."""
        kind, field = self._kinds[name], _text(name)
        allowed = {type(None), kind, int} if kind is float else {type(None), kind}
        if not set(map(type, values)) <= allowed:
            number = next(n for n, value in enumerate(values) if type(value) not in allowed)
            raise EngineError(f"record {number}: {name} is {values[number]!r}, not a {kind.__name__}")
        pieces = {value: "" if value is None else f"{field}:{_text(value)}" for value in set(values)}
        return [pieces[value] for value in values]

    def close(self) -> None:
        """Free the rulesets; deleting a ruleset alone would leak its states."""
        while self._handles:
            handle, _ = self._handles.pop()
            durable.delete_state(handle, "0")
            durable.delete_ruleset(handle)

    def __enter__(self) -> Engine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _fields(expression: Expression) -> Iterator[str]:
    """The fields that an expression reads."""
    ((key, value),) = expression.items()
    if key in ("$and", "$or"):
        for part in value:
            yield from _fields(part)
    else:
        yield next(iter(value)) if key in _ORDER.values() else key


def _drain(handle: int, offset: int) -> Iterator[str]:
    """Run every pending action to its end: one left open locks the state for a minute, and hits vanish."""
    started = durable.start_action_for_state(handle, offset)
    match = started[1] if started else None
    while match is not None:
        yield match
        match = durable.complete_and_start_action(handle, offset)


def _ruletext(given: Any) -> str:
    """JSON of a ruleset, whose numbers too the C parser must read back exactly."""
    if isinstance(given, dict):
        return "{" + ",".join(f"{_text(key)}:{_ruletext(value)}" for key, value in given.items()) + "}"
    if isinstance(given, list):
        return "[" + ",".join(map(_ruletext, given)) + "]"
    return _text(given)


def _text(value: Scalar) -> str:
    """JSON that the C parser reads back exactly: a number with an exponent needs a dot before it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.encoder.encode_basestring(value[: _TEXT + 1])
    if not math.isfinite(value):
        raise EngineError(f"{value!r} is no number the rule engine can hold")
    digits = repr(float(value))
    return digits.replace("e", ".0e") if "e" in digits and "." not in digits else digits


def _fnv(name: str) -> int:
    return reduce(lambda h, b: ((h ^ (b - 256 if b > 127 else b)) * 16777619) & 0xFFFFFFFF, name.encode(), 0x811C9DC5)
