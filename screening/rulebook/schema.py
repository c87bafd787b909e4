"""The JSON Schema of rule files for editors, made from the code so that the two cannot part."""

from __future__ import annotations

from typing import Any

from screening.model import Severity
from screening.rulebook.conditions import HIT_KEYS, OPERATORS, ORDERINGS
from screening.rulebook.facts import FACTS
from screening.rulebook.reading import DECISIONS, OPTIONAL, REQUIRED, SETS, STATUSES

_DAY = {"type": ["string", "integer"], "description": "A day as 2018-01-01."}
_TEXT = {"type": "string", "minLength": 1}
_SCALAR = {"type": ["string", "number", "boolean"]}
_TEXTS = {"type": "array", "minItems": 1, "items": _SCALAR}


def schema() -> dict[str, Any]:
    """What a *.rule.yaml may hold."""
    part = {"$ref": "#/$defs/test"}
    together = _object({"all": {"type": "array", "minItems": 1, "items": part}}, ("all",))
    either = _object({"any": {"type": "array", "minItems": 1, "items": {"anyOf": [part, together]}}}, ("any",))
    properties: dict[str, Any] = {
        "id": {**_TEXT, "description": "The name of the file without .rule.yaml."},
        "title": {**_TEXT, "description": "What an officer reads first."},
        "regime": {**_TEXT, "description": "Where it is not the pack's."},
        "decision": {"enum": list(DECISIONS), "description": "lift makes the rule an exemption."},
        "severity": {"enum": [severity.value for severity in Severity]},
        "in_force": _object({"from": _DAY, "to": _DAY}, ("from",)),
        "citations": {
            "type": "array",
            "minItems": 1,
            "items": _object({"text": _TEXT, "status": {"enum": list(STATUSES)}}, ("text", "status")),
        },
        "when": {"type": "array", "minItems": 1, "items": {"anyOf": [part, either]}},
        "explain": {**_TEXT, "description": "The sentence of the alert; {fact}, {parameter} or {hits} in braces."},
        "false_positives": {**_TEXT, "description": "What typically makes it fire wrongly."},
        "note": _TEXT,
        "lifts": {
            "anyOf": [_TEXTS, _object({"fact": {"enum": _facts("set")}}, ("fact",))],
            "description": "Of an exemption: the rules it lifts, or the fact that names them.",
        },
        "leaves": {"enum": ["clear", "review"], "description": "Of an exemption: what is left of the alerts it lifts."},
        "early": {"enum": ["review"], "description": "What undated entries lead to before the rule's first day."},
        "cases": {"type": "array", "minItems": 2, "items": {"$ref": "#/$defs/case"}},
    }
    assert set(properties) == {*REQUIRED, *OPTIONAL}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A rule of the sanctions screening",
        **_object(properties, REQUIRED),
        "$defs": {"test": {"anyOf": [*_tests(), _object({"hit": _hit()}, ("hit",))]}, "case": _case()},
    }


def _tests() -> list[dict[str, Any]]:
    """The tests of a fact, by what kind of fact it is."""
    number = {"anyOf": [{"type": "number"}, {"type": "string", "pattern": "^[$][a-z0-9_]+$|^-?[0-9.]+$"}]}
    operands = dict.fromkeys(ORDERINGS, number) | {
        "is": _SCALAR,
        "is_not": {"type": "string"},
        **dict.fromkeys((*SETS, "begins", "begins_not", "mentions", "lacks"), _TEXTS),
    }
    assert set(operands) == set(OPERATORS)
    kinds = {
        "yes/no": ("is",),
        "text": ("is", "is_not", "any_of", "none_of", "begins", "begins_not", "mentions", "lacks"),
        "set": SETS,
        "number": tuple(ORDERINGS),
    }
    return [
        _object({"fact": {"enum": _facts(kind)}, operator: operands[operator]}, ("fact", operator))
        for kind, operators in kinds.items()
        for operator in operators
    ] + [_object({"fact": {"enum": _facts("date")}, sign: _DAY}, ("fact", sign)) for sign in ORDERINGS]


def _hit() -> dict[str, Any]:
    return {**_object({key: _TEXTS for name in HIT_KEYS for key in (name, f"not_{name}")}, ()), "minProperties": 1}


def _case() -> dict[str, Any]:
    hit = dict.fromkeys((*HIT_KEYS, "certain", "listed_on"), _SCALAR)
    return _object(
        {
            "name": _TEXT,
            "date": _DAY,
            "facts": _object(dict.fromkeys(FACTS, _SCALAR), ()),
            "hits": {"type": "array", "items": _object(hit, ())},
            "fires": {"enum": [True, False, "true", "review", "false"]},
        },
        ("name", "date", "fires"),
    )


def _facts(kind: str) -> list[str]:
    return [fact.name for fact in FACTS.values() if fact.type == kind]


def _object(properties: dict[str, Any], required: tuple[str, ...]) -> dict[str, Any]:
    found: dict[str, Any] = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**found, "required": list(required)} if required else found
