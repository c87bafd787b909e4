"""results.sarif: alerts for code-scanning dashboards, SARIF 2.1.0 (OASIS), one result an alert.

A location is a file and a row: `startLine` is the row as a spreadsheet numbers it. Rows that could not be read are told
file by file, as notifications of the run. No name or value of a record is written (see nameless). No time is written
either, so that the same findings give the same bytes; the manifest holds the times.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

import pandas as pd

from screening.model import Alert, Decision, RecordKey, Results, Severity
from screening.reports import nameless
from screening.reports.manifest import counts
from screening.reports.plain import plain

NAME = "results.sarif"
SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
# GitHub shows 100 locations of a result and refuses a file with a result that has more than 1,000.
RELATED = 100
_UNREAD = "Rows that could not be read and were not screened"
_REJECTED = {
    "id": "rejected-rows",
    "shortDescription": {"text": _UNREAD},
    "fullDescription": {"text": f"{_UNREAD}. They are neither clear nor suspicious: nothing is known of them."},
    "help": {"text": "rejects.csv names each row, its column and the reason. Mend the file and screen it again."},
}


def write(results: Results, folder: Path) -> None:
    """Write the file, on one line."""
    text = json.dumps(log(results), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    (folder / NAME).write_bytes(f"{text}\n".encode(errors="backslashreplace"))


def log(results: Results) -> dict[str, Any]:
    """The whole log as JSON objects; the same findings give the same log."""
    stated = results.manifest
    rules = list(_rules(results.alerts).values())
    index = {rule["id"]: number for number, rule in enumerate(rules)}
    screened = {str(source) for frame in results.decided for source in frame["source"].unique()}
    software, lists, pack = (_mapping(stated.get(key)) for key in ("software", "lists", "rules"))
    driver = {"name": "screening", "rules": rules, "notifications": [_REJECTED]}
    if version := software.get("version"):
        driver["semanticVersion"] = version
    invocation: dict[str, Any] = {"executionSuccessful": True, "toolExecutionNotifications": _rejects(results)}
    if isinstance(code := stated.get("exit_code"), int):
        invocation["exitCode"] = code
    run = {
        "tool": {"driver": driver},
        "invocations": [invocation],
        "artifacts": _artifacts(stated.get("inputs")),
        "results": [_result(alert, index[alert.rule_id], screened) for alert in results.alerts],
        "properties": {
            "counts": counts(results),
            "lists": {key: plain(lists[key]) for key in ("name", "digest", "entries") if key in lists},
            "rules": {key: plain(pack[key]) for key in ("name", "version") if key in pack},
        },
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def level(decision: Decision, severity: Severity) -> str:
    """A possible violation is an error; what is to be reviewed a warning, or a note where it matters little.

    SARIF has a kind "review", but a result of any kind but "fail" must have no level, and dashboards then hide it.
    """
    if decision is Decision.POSSIBLE_VIOLATION:
        return "error"
    return "note" if severity is Severity.LOW else "warning"


def _rules(alerts: Iterable[Alert]) -> dict[str, dict[str, Any]]:
    """The rules that fired, by id and in order of ids, with what helps to read their alerts."""
    first: dict[str, Alert] = {}
    for alert in alerts:
        first.setdefault(alert.rule_id, alert)
    return {rule_id: _rule(first[rule_id]) for rule_id in sorted(first)}


def _rule(alert: Alert) -> dict[str, Any]:
    law, wrongly = nameless.law(alert), alert.false_positives or "not stated"
    return {
        "id": alert.rule_id,
        "shortDescription": {"text": alert.title},
        "fullDescription": {"text": f"{alert.title}. Law: {law}."},
        "help": {
            "text": f"Law: {law}\nFires wrongly when: {wrongly}\nThe alert's reason stands in the run's own reports.",
            "markdown": f"**Law:** {law}\n\n**Fires wrongly when:** {wrongly}\n\nThe alert's reason stands in the"
            " run's own reports.",
        },
        "properties": {"tags": ["sanctions", alert.regime], "regime": alert.regime},
    }


def _result(alert: Alert, index: int, screened: set[str]) -> dict[str, Any]:
    first = next((key for key in alert.records if key.source in screened), alert.records[0])
    others = [key for key in alert.records if key != first]
    told = f"Record {first.record_id} and {len(others):,} more" if others else f"Record {first.record_id}"
    found: dict[str, Any] = {
        "ruleId": alert.rule_id,
        "ruleIndex": index,
        "level": level(alert.decision, alert.severity),
        "message": {"text": f"{told}: {nameless.sentence(alert)}."},
        "locations": [_location(first)],
        # GitHub matches alerts of two runs by the second, other readers by the first.
        "partialFingerprints": {"alertId/v1": alert.alert_id, "primaryLocationLineHash": f"{alert.alert_id}:1"},
        "suppressions": [_suppression(alert)] if alert.lifted_by else [],
        "properties": {
            "alertId": alert.alert_id,
            "decision": alert.decision.value,
            "severity": alert.severity.value,
            "records": [key.record_id for key in (first, *others[:RELATED])],
        },
    }
    if others:
        found["relatedLocations"] = [
            {"id": number, **_location(key), "message": {"text": f"Record {key.record_id}"}}
            for number, key in enumerate(others[:RELATED], 1)
        ]
    return found


def _suppression(alert: Alert) -> dict[str, str]:
    """A suppression of no stated status is an accepted one."""
    return {"kind": "external", "justification": f"lifted by {nameless.lifting(alert)}"}


def _location(key: RecordKey) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": {"uri": _uri(key.source)}}
    if key.row > 0:
        place["region"] = {"startLine": int(key.row)}
    return {"physicalLocation": place}


def _uri(source: str) -> str:
    """The file's name as a relative reference."""
    return quote(source, safe="/", errors="backslashreplace")


def _artifacts(inputs: object) -> list[dict[str, Any]]:
    found = []
    for each in inputs if isinstance(inputs, list) else []:
        one: dict[str, Any] = {"location": {"uri": _uri(str(each["source"]))}, "roles": ["analysisTarget"]}
        if digest := each.get("sha256"):
            one["hashes"] = {"sha-256": digest}
        found.append(one)
    return found


def _rejects(results: Results) -> list[dict[str, Any]]:
    """For each file with rows that could not be read, how many and the first of them."""
    rejects = cast(pd.DataFrame, results.rejects)
    if rejects.empty:
        return []
    return [
        {
            "level": "error",
            "descriptor": {"id": _REJECTED["id"], "index": 0},
            "message": {"text": f"{len(rows):,} rows of {source} could not be read and were not screened."},
            "locations": [_location(RecordKey(str(source), int(rows.min()), ""))],
        }
        for source, rows in rejects.groupby("source", sort=True)["row"]
    ]


def _mapping(stated: object) -> dict[str, Any]:
    return stated if isinstance(stated, dict) else {}
