"""Law that was not read is marked unverified: in the rule, in `rules show`, in every alert and in every report."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import html as markup
from openpyxl import load_workbook
from typer.testing import CliRunner

from screening import cli, reports
from screening.model import Alert, Citation, Decision, RecordKey, Results
from screening.rulebook import packs
from screening.rulebook.packs import Rulebook
from screening.rulebook.rule import Period
from screening.screener import Screener
from screening.tables import rules_folder
from tests.conftest import FIXTURES

SEEN, UNVERIFIED = "seen", "unverified"
LEFT_OUT = "## Left out, and why"


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return packs.load(rules_folder())


@pytest.fixture(scope="module")
def results() -> Results:
    """A day of records that raises many alerts, among them a lifted one."""
    return Screener.from_lists(FIXTURES / "lists" / "extract").run(FIXTURES / "trades" / "spring-2024.csv")


# ---------------------------------------------------------------- from the rule to the alert
def test_an_alert_carries_the_status_of_each_citation(book: Rulebook, results: Results) -> None:
    """The alert has its rule's citations as the rule marks them, and none turns into one that was seen."""
    rules = {rule.id: rule for rule in book.rules}
    assert len({alert.rule_id for alert in results.alerts}) > 5
    for alert in results.alerts:
        own = rules[alert.rule_id].citations
        assert alert.citations[: len(own)] == own
        assert all(citation.status in (SEEN, UNVERIFIED) for citation in alert.citations)


def test_a_figure_that_was_not_read_is_law_of_the_alert(book: Rulebook) -> None:
    """The 60 days of arms for oil stand in no text: whoever reads the alert is told, with the figure."""
    by_id = {period.rule.id: period for period in book.periods()}
    told = [c for c in by_id["RF-BARTER"].law if c.status == UNVERIFIED]
    assert [c.text for c in told] == [
        "The figure barter days, 60 days: A working figure of this rulebook; no text gives one"
    ]
    for period in book.periods():
        for name, _ in period.figures:
            value = book.parameters[name].on(period.since)
            assert value is not None
            if value.citation.status == UNVERIFIED:
                assert any(value.citation.text in c.text and c.status == UNVERIFIED for c in period.law), name


def test_a_lifted_alert_carries_the_law_that_lifts_it(tmp_path: Path) -> None:
    """Coal through Rajin: the exemption's paragraphs, seen and unverified, stand beside the ban's."""
    path = tmp_path / "coal.csv"
    row = {
        "record_id": "1", "date": "2018-01-20", "shipper": "OOO Kuzbass Export", "load_port": "KPRJN",
        "discharge_port": "CNDAL", "origin": "RU", "hs": "270112", "goods": "steam coal", "committee_notice": "yes",
    }  # fmt: skip
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.DictWriter(file, row)
        out.writeheader()
        out.writerow(row)
    lifted = Screener.from_lists(FIXTURES / "lists" / "extract").run(path).alerts
    (alert,) = (alert for alert in lifted if alert.rule_id == "UN-COAL")
    assert alert.lifted_by == "EX-RAJIN"
    assert Citation("UNSCR 2270 (2016), paragraph 29; 2397 (2017), paragraph 16", UNVERIFIED) in alert.citations


# ---------------------------------------------------------------- from the alert to the reader
def of_every_rule(book: Rulebook) -> tuple[Alert, ...]:
    """An alert of each period of each rule, on one record."""

    def alert(number: int, period: Period) -> Alert:
        rule = period.rule
        return Alert(
            f"{number:016x}", rule.id, rule.title, Decision.REVIEW, rule.severity, rule.regime, period.law,
            (RecordKey("may.csv", 2, "T-001"),), "a reason", {}, false_positives=rule.false_positives,
        )  # fmt: skip

    return tuple(alert(number, period) for number, period in enumerate(book.periods()))


@pytest.fixture(scope="module")
def written(book: Rulebook, results: Results, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Reports of a run with an alert of every rule."""
    folder = tmp_path_factory.mktemp("reports") / "out"
    first = results.alerts[0].records[0]
    alerts = tuple(replace(alert, records=(first,)) for alert in of_every_rule(book))
    reports.write(replace(results, alerts=alerts), folder, ["jsonl", "html", "xlsx", "junit", "sarif"])
    return folder


def told(book: Rulebook, status: str) -> set[str]:
    return {c.text for period in book.periods() for c in period.law if c.status == status}


def test_the_lines_carry_the_status(book: Rulebook, written: Path) -> None:
    """alerts.jsonl: text and status of every citation."""
    alerts = [json.loads(line) for line in (written / "alerts.jsonl").read_text(encoding="utf-8").splitlines()]
    found = {(c["text"], c["status"]) for alert in alerts for c in alert["citations"]}
    assert found == {(text, status) for status in (SEEN, UNVERIFIED) for text in told(book, status)}


def test_the_page_marks_what_was_not_read(book: Rulebook, written: Path) -> None:
    """report.html: each citation stands behind a mark, and an unverified one behind no other."""
    tree = markup.fromstring((written / "report.html").read_bytes())
    marked: dict[str, set[str]] = {SEEN: set(), UNVERIFIED: set()}
    for badge in tree.xpath("//span[contains(concat(' ', @class, ' '), ' badge ') and following-sibling::text()]"):
        for status in marked.keys() & set(badge.get("class").split()):
            marked[status].add(" ".join((badge.tail or "").split()))
    assert told(book, UNVERIFIED) <= marked[UNVERIFIED]
    assert told(book, SEEN) <= marked[SEEN]
    assert not (told(book, UNVERIFIED) - told(book, SEEN)) & marked[SEEN]


@pytest.mark.parametrize("name", ["junit.xml", "results.sarif", "alerts.xlsx"])
def test_other_reports_mark_it_in_words(book: Rulebook, written: Path, name: str) -> None:
    """Where a citation is one text among others, the word stands behind it."""
    text = "\n".join(_texts(written / name))
    for citation in sorted(told(book, UNVERIFIED)):
        assert f"{citation} (unverified)" in text
    for citation in sorted(told(book, SEEN) - told(book, UNVERIFIED)):
        assert f"{citation} (unverified)" not in text


def _texts(path: Path) -> Iterator[str]:
    if path.suffix == ".xlsx":
        for sheet in load_workbook(path, read_only=True):
            yield from (str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell)
    elif path.suffix == ".sarif":
        yield from (
            rule["help"]["text"] for rule in json.loads(path.read_bytes())["runs"][0]["tool"]["driver"]["rules"]
        )
    else:
        yield from markup.fromstring(path.read_bytes()).itertext()


def test_rules_show_marks_law_and_figures(book: Rulebook) -> None:
    """`rules show`: every citation with its status, every figure with that of its own."""
    for rule in book.rules:
        shown = CliRunner().invoke(cli.app, ["rules", "show", rule.id]).output
        for citation in rule.citations:
            assert f"Law: {citation.text} ({citation.status})" in shown
        assert ("Leaves: review" in shown) is (rule.leaves is Decision.REVIEW)
        assert ("list entries without a listing date" in shown) is rule.early
    assert "(Executive Order 13810, section 2; 31 CFR 510.208; unverified)" in CliRunner().invoke(
        cli.app, ["rules", "show", "US-510-180DAY"]
    ).output  # fmt: skip


# ---------------------------------------------------------------- beside the law as it was gathered
def _measures(shared: Path) -> Iterator[tuple[str, list[str]]]:
    """The ids of the measures and what is said of their sources."""
    for line in (shared / "domain" / "regimes.md").read_text(encoding="utf-8").splitlines():
        found = re.match(r"\| ([A-Z]{2}-[A-Z0-9][^|]*) \|", line) or re.match(r"\* \*\*(EX-[A-Z0-9-]+)\*\*", line)
        if found:
            ids = re.split(r"[,/]\s*", found[1])
            for one in ids:
                yield one if "-" in one else f"{ids[0].split('-')[0]}-{one}", re.findall(r"\[([^\]]*)\]", line)


def test_what_was_gathered_from_memory_is_unverified(shared: Path, book: Rulebook) -> None:
    """A measure marked as from memory has no citation that was seen; one marked so in part has an unverified one."""
    rules = {rule.id: rule for rule in book.rules}
    held = 0
    for name, marks in _measures(shared):
        if name not in rules or not any(re.search(r"\bM\b", mark) for mark in marks):
            continue
        held += 1
        statuses = [citation.status for citation in rules[name].citations]
        assert UNVERIFIED in statuses, name
        if marks[-1] == "M" and name != "EU-1509-GOODS":  # of which the regulation itself was seen, its articles not
            assert SEEN not in statuses, name
    assert held > 25


def test_every_measure_is_a_rule_or_left_out_with_a_reason(shared: Path, book: Rulebook) -> None:
    """No measure that was gathered is passed over in silence."""
    ids = {rule.id for rule in book.rules}
    readme = (rules_folder() / "README.md").read_text(encoding="utf-8")
    left_out = readme.split(LEFT_OUT)[1].split("\n## ")[0]
    tags = {"US-13551", "US-13382", "US-13687", "US-13722"}  # orders behind a tag, told by US-510-BLOCK's citations
    missing = [name for name, _ in _measures(shared) if name not in ids | tags and name not in left_out]
    assert missing == []


def test_what_is_left_out_has_a_reason() -> None:
    """The table of what is left out gives a reason in every row, and a rule that it names as left out is none."""
    readme = (rules_folder() / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (.+?) \| (.+?) \|$", readme.split(LEFT_OUT)[1].split("\n## ")[0], re.MULTILINE)[2:]
    ids = {rule.id for rule in packs.load(rules_folder()).rules}
    assert len(rows) > 15
    assert all(len(reason.split()) > 2 for _, reason in rows)
    partly = re.compile(r"most of|beyond|EX-HUMANITARIAN's|'s price cap|, RF-VOYAGE|RF-FLAG")
    wrong = [
        what for what, _ in rows if not partly.search(what) and set(re.findall(r"[A-Z]{2}-[A-Z0-9-]+", what)) & ids
    ]
    assert wrong == []
