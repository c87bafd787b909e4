"""The run as test results, read back by a reader that is not ours."""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from junitparser import Error, Failure, JUnitXml, Skipped
from lxml import etree

from screening.model import DECISION_COLUMNS, REJECT_COLUMNS, RecordKey, Results
from screening.reports import junit
from screening.signs import legible
from tests.reports.leaks import private_texts

GOLDEN = Path(__file__).parent / "golden"
OUTCOMES = {Failure: "failure", Skipped: "skipped", Error: "error"}


def read(results: Results, folder: Path) -> JUnitXml:
    junit.write(results, folder)
    return JUnitXml.fromfile(str(folder / junit.NAME))


def outcomes(read_back: JUnitXml) -> dict[str, str]:
    """The outcome of every case by its name."""
    found = {}
    for suite in read_back:
        for case in suite:
            told = [OUTCOMES[type(result)] for result in case.result]
            assert len(told) <= 1
            found[f"{suite.name}: {case.name}"] = told[0] if told else "passed"
    return found


def stated(results: Results, **changed: Any) -> Results:
    return replace(results, manifest={**results.manifest, **changed})


def test_the_story_matches_its_golden_file(results: Results, tmp_path: Path, golden) -> None:
    """Read like code."""
    junit.write(results, tmp_path)
    golden(GOLDEN / "junit.xml", (tmp_path / "junit.xml").read_text(encoding="utf-8"))


def test_every_row_is_a_case_with_its_outcome(results: Results, tmp_path: Path) -> None:
    """A possible violation fails, a review is skipped, a clear record passes, a rejected row is an error."""
    assert outcomes(read(results, tmp_path)) == {
        "may.csv: T-001 (row 2)": "failure",
        "may.csv: T-002 (row 3)": "skipped",
        "may.csv: =2+5 (row 4)": "passed",
        "may.csv: T-004 (row 5)": "skipped",
        "may.csv: row 6": "error",
        "june.xlsx: 7 (row 2)": "passed",
        "june.xlsx: row 3": "error",
    }


@pytest.mark.parametrize(
    ("fail_on", "outcome"), [("review", "failure"), ("possible_violation", "skipped"), ("never", "skipped")]
)
def test_a_review_fails_where_the_run_fails_on_reviews(
    results: Results, tmp_path: Path, fail_on: str, outcome: str
) -> None:
    """As --fail-on in the manifest says, and the suite states it."""
    told = read(stated(results, fail_on=fail_on), tmp_path)
    assert outcomes(told)["may.csv: T-002 (row 3)"] == outcome
    assert {p.name: p.value for p in next(iter(told)).properties()}["a review is"] == outcome


def test_totals_are_the_sums_of_the_cases_and_the_counts_of_the_run(results: Results, tmp_path: Path) -> None:
    """Rows read are the cases, and each suite states the four outcomes."""
    told = read(results, tmp_path)
    assert (told.tests, told.failures, told.errors, told.skipped) == (7, 1, 2, 2)
    for suite in told:
        tally = Counter(type(result) for case in suite for result in case.result)
        assert (suite.tests, suite.failures, suite.errors, suite.skipped) == (
            len(list(suite)), tally[Failure], tally[Error], tally[Skipped],
        )  # fmt: skip
        properties = {p.name: p.value for p in suite.properties()}
        parts = ("clear", "review", "possible_violation", "rejected")
        assert int(properties["rows_read"]) == sum(int(properties[part]) for part in parts) == suite.tests


def test_a_failure_names_rules_law_and_alerts_and_nobody(results: Results, tmp_path: Path) -> None:
    """What a dashboard needs to find the alert; no party, vessel or value of a record."""
    junit.write(results, tmp_path)
    text = (tmp_path / "junit.xml").read_text(encoding="utf-8")
    for wanted in ("UN-VESSEL-PORTBAN", "UNSCR 2371 (2017), paragraph 6 (unverified)", "alert b2c4", "US-SDN at 91.4"):
        assert wanted in text
    assert not [private for private in private_texts(results) if private in text]


def test_a_file_without_rows_is_a_suite_without_cases(empty_results: Results, results: Results, tmp_path: Path) -> None:
    """It was given, so it is told."""
    given_files = stated(empty_results, inputs=results.manifest["inputs"])
    assert [(suite.name, suite.tests) for suite in read(given_files, tmp_path)] == [("may.csv", 0), ("june.xlsx", 0)]
    assert read(empty_results, tmp_path).tests == 0


def test_two_faults_in_one_row_are_two_cases(results: Results, tmp_path: Path) -> None:
    """GitLab takes the first of two cases of one name and drops the other."""
    rejects = pd.DataFrame([("may.csv", 6, column, "", "is empty") for column in ("date", "vessel")],
                           columns=list(REJECT_COLUMNS))  # fmt: skip
    found = outcomes(read(replace(results, rejects=rejects), tmp_path))
    assert {"may.csv: row 6", "may.csv: row 6 (2)"} <= found.keys()


def test_an_alert_that_names_an_earlier_delivery_makes_no_suite_of_it(results: Results, tmp_path: Path) -> None:
    """Files of an earlier year count towards ceilings and are not judged again."""
    old = replace(results.alerts[0], records=(RecordKey("last-year.csv", 9, "L-9"), *results.alerts[0].records))
    told = read(replace(results, alerts=(old, *results.alerts[1:])), tmp_path)
    assert [suite.name for suite in told] == ["may.csv", "june.xlsx"]


def lifted(results: Results) -> Results:
    """The story, its last record clear because an exemption lifts all that was raised on it."""
    alerts = tuple(replace(a, lifted_by="EX-AID: letter 7") if a.records[0].row == 5 else a for a in results.alerts)
    decisions = pd.DataFrame(results.decisions)
    decisions.loc[decisions["row"].eq(5), ["decision", "severity", "rules"]] = ["clear", "", "EX-AID"]
    return replace(results, alerts=alerts, decided=(decisions,))


def test_a_lifted_alert_passes_and_stays_visible(results: Results, tmp_path: Path) -> None:
    """The record is clear; what was lifted, and by which rule, is told as its output."""
    told = read(lifted(results), tmp_path)
    case = next(case for suite in told for case in suite if case.name.startswith("T-004"))
    assert not case.result
    assert "RF-KOREA-AMBIGUOUS" in case.system_out
    assert "lifted by EX-AID." in case.system_out


# ---------------------------------------------------------------- large files
def test_a_large_file_is_told_rule_by_rule_and_a_small_one_beside_it_is_not(
    results: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The smallest files are told record by record, as many as there is room for."""
    monkeypatch.setattr(junit, "LARGE", 3)
    assert outcomes(read(lifted(results), tmp_path)) == {
        "may.csv: RF-PAIR": "skipped",
        "may.csv: UN-OIL-REFINED-NONOTIFY": "failure",
        "may.csv: UN-VESSEL-PORTBAN": "failure",
        "may.csv: US-14024-BLOCK": "skipped",
        "may.csv: EX-TEST, lifted": "passed",
        "may.csv: RF-KOREA-AMBIGUOUS, lifted": "passed",
        "may.csv: rejected rows": "error",
        "may.csv: all other records": "passed",
        "june.xlsx: 7 (row 2)": "passed",
        "june.xlsx: row 3": "error",
    }
    text = (tmp_path / "junit.xml").read_text(encoding="utf-8")
    assert not [private for private in private_texts(results) if private in text]


def test_many_small_files_are_one_large_one(results: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a CI server can hold is a matter of all cases together."""
    monkeypatch.setattr(junit, "LARGE", 1)
    told = outcomes(read(results, tmp_path))
    assert told["june.xlsx: all other records"] == "passed"
    assert told["june.xlsx: rejected rows, column date"] == "error"


def test_a_rule_names_its_gravest_records_and_counts_the_rest(tmp_path: Path, results: Results) -> None:
    """Each rule names its gravest records first, so many at most, and says how many more there are."""
    count = 20_000
    decisions = pd.DataFrame({"source": "big.csv", "row": range(2, count + 2)}).assign(
        record_id="R", decision="clear", severity="", rules="", score="", reason=""
    )
    decisions.loc[decisions.index[:500], "decision"] = "review"
    decisions.loc[decisions.index[400], "decision"] = "possible_violation"
    base = results.alerts[2]
    alerts = [replace(base, alert_id=f"{n:04x}", records=(RecordKey("big.csv", n + 2, "R"),)) for n in range(500)]
    alerts[400] = replace(results.alerts[0], rule_id=base.rule_id, records=alerts[400].records)
    big = replace(results, decided=(decisions[list(DECISION_COLUMNS)],), rejects=pd.DataFrame(), alerts=tuple(alerts))
    told = read(stated(big, inputs=[]), tmp_path)
    cases = {case.name: case for suite in told for case in suite}
    rule = cases[base.rule_id].result[0]
    assert isinstance(rule, Failure)
    assert rule.message.endswith("1 possible violation, 499 review")
    lines = rule.text.splitlines()
    assert lines[0].startswith("row 402, R: ")
    assert lines[-1] == "and 400 more"
    assert cases["all other records"].system_out == "19,500 records that no alert names are clear"
    assert (tmp_path / "junit.xml").stat().st_size < 100_000


def test_a_record_that_is_not_clear_never_passes_for_want_of_an_alert(
    results: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where a file is told by rules, and no alert names the record."""
    monkeypatch.setattr(junit, "LARGE", 0)
    found = outcomes(read(replace(results, alerts=()), tmp_path))
    assert found["may.csv: records without an alert, possible_violation"] == "failure"
    assert found["may.csv: records without an alert, review"] == "skipped"


# ---------------------------------------------------------------- text
@example(text="\ud800")
@given(text=st.text(st.characters() | st.sampled_from("\x00\x07\r\n\t\ud800\ufffe\uffff]]>&<\"'"), max_size=20))
def test_whatever_a_cell_holds_the_file_is_sound(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    """Every name reads back; signs that XML forbids are shown by their number."""
    folder = tmp_path_factory.mktemp("junit")
    source = text.encode("utf-8", "ignore").decode()  # frames hold no half surrogate pair, and so no such file
    cells = (f"a{source}.csv", 2, text, "clear", "", "", "", "")
    decisions = pd.DataFrame([cells], columns=list(DECISION_COLUMNS), dtype=object)
    rejects = pd.DataFrame([("b.csv", 3, text, text, f"says {text}")], columns=list(REJECT_COLUMNS), dtype=object)
    made = Results((decisions,), decisions, (), (), rejects, rejects, (), (), {})
    junit.write(made, folder)
    parsed = etree.parse(io.BytesIO((folder / "junit.xml").read_bytes()))
    names = [case.get("name") for case in parsed.iter("testcase")]
    assert names == [f"{legible(text)} (row 2)", "row 3"]
    assert parsed.find(".//error").get("message", "").endswith(f"says {legible(text)}")
    assert len(list(JUnitXml.fromfile(str(folder / "junit.xml")))) == 2
