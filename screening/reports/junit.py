"""junit.xml: the run as test results, for CI servers; one suite a trade file.

A record is a test case: a possible violation fails, a clear record passes, a row that could not be read is an error. A
record to be reviewed fails where the run fails on reviews (--fail-on review), and is skipped otherwise: shown, and not
broken. In a large file each rule is a test case instead. No name or value of a record is written (see nameless), and
no time of day, so that the same findings give the same bytes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import cast
from xml.etree import ElementTree

import pandas as pd

from screening.model import DECISION_COLUMNS, REJECT_COLUMNS, Alert, Decision, Results
from screening.reports import nameless
from screening.reports.manifest import OUTCOMES
from screening.signs import legible

NAME = "junit.xml"
# GitLab refuses a report of more than 250,000 XML objects (an issue of its tracker, 507482) or 30 MB, and takes a case
# for some ten objects: more records than this, the smallest files counted first, and a file is told rule by rule.
LARGE = 10_000
# GitLab cannot read text nodes of 10 MB, and nobody reads a list of thousands there: so many records a case are named.
NAMED = 100
_STATED = ("row", "record_id", "decision", "severity", "rules")
_REJECTED = ("row", "column", "reason")
_PASSED, _FAILURE, _SKIPPED, _ERROR = "", "failure", "skipped", "error"


@dataclass(frozen=True, slots=True)
class Case:
    """One test case: its outcome is the name of the element that tells it, '' where it passed."""

    name: str
    outcome: str = _PASSED
    kind: str = ""
    message: str = ""
    text: str = ""
    row: int = 0


@dataclass(slots=True)
class _File:
    """What the run found in one trade file.

    Args:
        tally: records by decision. others: of these, records that no standing alert names.
        decisions: of the records that are told one by one, or are named in alerts.
    """

    source: str
    rejects: pd.DataFrame
    tally: Counter[str] = field(default_factory=Counter)
    others: Counter[str] = field(default_factory=Counter)
    parts: list[pd.DataFrame] = field(default_factory=list)
    alerts: dict[int, list[Alert]] = field(default_factory=dict)  # by row

    @property
    def rows(self) -> int:
        """Rows read."""
        return self.tally.total() + len(self.rejects)

    @property
    def decisions(self) -> pd.DataFrame:
        """The decisions that were taken in."""
        return pd.concat(self.parts, ignore_index=True) if self.parts else pd.DataFrame(columns=list(DECISION_COLUMNS))

    def take(self, rows: pd.DataFrame, whole: bool) -> None:
        """Take in decisions of this file, all of them or those that alerts name."""
        standing = [row for row, alerts in self.alerts.items() if any(not alert.lifted_by for alert in alerts)]
        self.others.update(rows.loc[~rows["row"].isin(standing), "decision"].tolist())
        self.parts.append(rows if whole else rows[rows["row"].isin(list(self.alerts))])


def write(results: Results, folder: Path) -> None:
    """Write the file."""
    fails = _review_outcome(results)
    files = _files(results)
    detailed = _detailed(files.values())
    for frame in results.decided:
        for source, rows in frame.groupby("source", sort=False):
            files[str(source)].take(rows, str(source) in detailed)
    root = ElementTree.Element("testsuites", name="screening")
    for source, file in files.items():
        cases = _records(file, fails) if source in detailed else _rules(file, fails)
        shown = "a record" if source in detailed else "a rule"
        root.append(_suite(file, list(cases), {"a case is": shown, "a review is": fails}))
    for key in ("tests", "failures", "errors", "skipped"):
        root.set(key, str(sum(int(suite.get(key, "0")) for suite in root)))
    ElementTree.indent(root, space=" ")
    text = ElementTree.tostring(root, encoding="unicode")
    (folder / NAME).write_bytes(f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode())


def _review_outcome(results: Results) -> str:
    return _FAILURE if results.manifest.get("fail_on") == Decision.REVIEW.value else _SKIPPED


def _outcome(decision: str, review: str) -> str:
    return {Decision.CLEAR.value: _PASSED, Decision.REVIEW.value: review}.get(decision, _FAILURE)


# ---------------------------------------------------------------- what is told of each file
def _files(results: Results) -> dict[str, _File]:
    """The files of the run in the order in which they were given, each with what was found in it."""
    rejects = _framed(results.rejects, REJECT_COLUMNS)
    tallies: dict[str, Counter[str]] = {}
    for frame in results.decided:
        for source, decisions in frame.groupby("source", sort=False)["decision"]:
            tallies.setdefault(str(source), Counter()).update(decisions.tolist())
    inputs = results.manifest.get("inputs")
    names = [str(each["source"]) for each in inputs] if isinstance(inputs, list) else []
    rejected = {str(name): rows for name, rows in rejects.groupby("source", sort=False)}
    files = {
        name: _File(name, rejected.get(name, rejects.iloc[:0]), tallies.get(name, Counter()))
        for name in dict.fromkeys([*names, *tallies, *rejected])
    }
    for alert in results.alerts:
        for key in alert.records:
            if key.source in files:  # an alert may name deliveries of earlier files, which are not judged again
                files[key.source].alerts.setdefault(key.row, []).append(alert)
    return files


def _framed(frame: object, columns: tuple[str, ...]) -> pd.DataFrame:
    return cast(pd.DataFrame, frame).reindex(columns=list(columns))


def _detailed(files: Iterable[_File]) -> set[str]:
    """The files that are told record by record: the smallest ones, as many as LARGE allows."""
    found, total = set(), 0
    for file in sorted(files, key=lambda file: file.rows):
        total += file.rows
        if total <= LARGE:
            found.add(file.source)
    return found


def _records(file: _File, review: str) -> Iterator[Case]:
    """A case for every row of the file, in its order."""
    stated = zip(*(file.decisions[column] for column in _STATED), strict=True)
    found = [
        _record(int(row), *map(str, texts), alerts=file.alerts.get(int(row), []), review=review)
        for row, *texts in stated
    ]
    seen: Counter[int] = Counter()
    for row, column, reason in zip(*(file.rejects[column] for column in _REJECTED), strict=True):
        seen[int(row)] += 1
        name = f"row {row}" if seen[int(row)] == 1 else f"row {row} ({seen[int(row)]})"
        told = f"column {column}: {reason}" if column else str(reason)
        found.append(Case(name, _ERROR, "rejected", f"could not be read: {told}", row=int(row)))
    yield from sorted(found, key=lambda case: case.row)


def _record(
    row: int, record_id: str, decision: str, severity: str, rules: str, *, alerts: list[Alert], review: str
) -> Case:
    text = "\n".join(_alert(alert) for alert in alerts)
    name, outcome = f"{record_id} (row {row})", _outcome(decision, review)
    if not outcome:
        return Case(name, text=text, row=row)
    message = f"{decision.replace('_', ' ')}, severity {severity}: {rules.replace(';', ', ')}"
    return Case(name, outcome, decision, message, text, row)


def _alert(alert: Alert) -> str:
    return f"{alert.rule_id}, alert {alert.alert_id}: {nameless.sentence(alert)}. Law: {nameless.law(alert)}."


# ---------------------------------------------------------------- large files
def _rules(file: _File, review: str) -> Iterator[Case]:
    """A case for every rule that fired in the file, for its rejected rows by column, and for all its other records."""
    standing: dict[str, list[tuple[int, Alert]]] = {}
    lifted: dict[str, list[tuple[int, Alert]]] = {}
    for row in sorted(file.alerts):
        for alert in file.alerts[row]:
            (lifted if alert.lifted_by else standing).setdefault(alert.rule_id, []).append((row, alert))
    named = file.decisions
    ids = dict(zip(named["row"], named["record_id"], strict=True))
    for rule in sorted(standing):
        yield _rule(rule, standing[rule], ids, review)
    for rule in sorted(lifted):
        yield Case(f"{rule}, lifted", text=_some(len(lifted[rule]), _lines(lifted[rule], ids)))
    for column, rows in file.rejects.groupby("column", sort=True):
        lines = (f"row {row}: {reason}" for row, reason in zip(rows["row"], rows["reason"], strict=True))
        name = f"rejected rows, column {column!s}" if column else "rejected rows"
        yield Case(name, _ERROR, "rejected", f"{len(rows):,} rows could not be read", _some(len(rows), lines))
    yield from _others(file.others, review)


def _rule(rule: str, found: list[tuple[int, Alert]], ids: Mapping[int, str], review: str) -> Case:
    gravest = max((alert.decision for _, alert in found), key=lambda decision: decision.gravity).value
    ordered = sorted(found, key=lambda pair: (-pair[1].decision.gravity, -pair[1].severity.gravity, pair[0]))
    violations = sum(alert.decision is Decision.POSSIBLE_VIOLATION for _, alert in found)
    message = f"{found[0][1].title}: {violations:,} possible violation, {len(found) - violations:,} review"
    return Case(rule, _outcome(gravest, review), gravest, message, _some(len(ordered), _lines(ordered, ids)))


def _lines(found: Iterable[tuple[int, Alert]], ids: Mapping[int, str]) -> Iterator[str]:
    return (f"row {row}, {ids.get(row, '')}: {_alert(alert)}" for row, alert in found)


def _others(tally: Mapping[str, int], review: str) -> Iterator[Case]:
    """The records that no standing alert names: they are clear, and a case that fails where one is not."""
    for kind in sorted(tally):
        outcome = _outcome(kind, review)
        told = f"{tally[kind]:,} records that no alert names are {kind.replace('_', ' ')}"
        if outcome:
            yield Case(f"records without an alert, {kind}", outcome, kind, told)
        else:
            yield Case("all other records", text=told)


def _some(count: int, lines: Iterable[str]) -> str:
    """The first NAMED of so many lines, and how many there are beyond them."""
    rest = [f"and {count - NAMED:,} more"] if count > NAMED else []
    return "\n".join([*islice(lines, NAMED), *rest])


# ---------------------------------------------------------------- XML
def _suite(file: _File, cases: list[Case], stated: Mapping[str, str]) -> ElementTree.Element:
    source = legible(file.source)
    totals = {
        key: str(sum(case.outcome == outcome for case in cases))
        for key, outcome in (("failures", _FAILURE), ("errors", _ERROR), ("skipped", _SKIPPED))
    }
    suite = ElementTree.Element("testsuite", {"name": source, "tests": str(len(cases)), **totals})
    properties = ElementTree.SubElement(suite, "properties")
    tally = {outcome: file.tally[outcome] for outcome in OUTCOMES}
    tally |= {"rejected": len(file.rejects), "rows_read": file.rows}
    for name, value in (*((name, str(tally[name])) for name in ("rows_read", *OUTCOMES)), *stated.items()):
        ElementTree.SubElement(properties, "property", name=name, value=value)
    for case in cases:
        suite.append(_case(case, source))
    return suite


def _case(case: Case, source: str) -> ElementTree.Element:
    place = {"file": source, **({"line": str(case.row)} if case.row else {})}
    found = ElementTree.Element("testcase", {"classname": source, "name": legible(case.name), **place})
    text = legible(case.text)
    if case.outcome:
        told = ElementTree.SubElement(found, case.outcome, type=case.kind, message=legible(case.message))
        told.text = text
    elif text:
        ElementTree.SubElement(found, "system-out").text = text
    return found
