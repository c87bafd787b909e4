"""The page an officer sends on: it says what the run found, all of it, and nothing in it can run."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as markup

from screening.model import Alert, Citation, Decision, RecordKey, Results, Severity
from screening.reports import cards, html, page

GOLDEN = Path(__file__).parent / "golden"


def _body(text: str) -> str:
    """The page without its style, script and policy, which have tests of their own."""
    text = re.sub(r"(<style>).*?(</style>)", r"\1\2", text, flags=re.DOTALL)
    text = re.sub(r"(<script>).*?(</script>)", r"\1\2", text, flags=re.DOTALL)
    return re.sub(r'(http-equiv="Content-Security-Policy" content=")[^"]*', r"\1", text)


def _words(text: str) -> str:
    return " ".join(markup.document_fromstring(_body(text)).text_content().split())


def test_the_page_matches_its_golden_file(results: Results, golden) -> None:
    """The whole page of the story, read like code."""
    golden(GOLDEN / "report.html", _body(html.render(results)))


def test_what_a_file_says_is_never_markup(results: Results) -> None:
    """A party named like a script, a port with tags: shown as written, wherever they stand."""
    text = html.render(results)
    assert "<script>alert(1)" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "Port &lt;b&gt;Nowhere&lt;/b&gt;" in text
    assert len(re.findall("<script", text)) == 1


HOSTILE = (
    "</script><script>x()</script>", '"><img src=x onerror=x()>', "{{ 7*7 }}{% raw %}", "<!--", "javascript:x()",
    "&lt;b&gt;",
)  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_as_it_is(results: Results, text: str) -> None:
    """Every field that comes from a file, a list or a rule is text and nothing else."""
    hit = replace(results.hits[1], value=text, listed_name=text, entry_id=text, reason=text, role=text, list=text)
    alert = replace(
        results.alerts[2],
        title=text, reason=text, doubt=text, false_positives=text, lifted_by=text, facts={text: text}, hits=(hit,),
        citations=(Citation(text, "seen"),), rule_id=text,
    )  # fmt: skip
    place = replace(results.places[0], name=text, country=text)
    manifest = {**results.manifest, "lists": {"name": text, "sources": [{"list": text, "files": [text]}]}}
    shown = html.render(replace(results, alerts=(alert,), places=(place, *results.places[1:]), manifest=manifest))
    tree = markup.document_fromstring(shown)
    assert len(tree.xpath("//script")) == 1
    assert not tree.xpath("//img | //iframe | //object | //embed | //form | //base")
    assert not tree.xpath("//@*[starts-with(name(), 'on')] | //@style")
    assert shown.count(str(html.Markup.escape(text))) >= 8


def test_the_page_loads_nothing(results: Results) -> None:
    """No address of a network, no source of another file; the policy admits its own style and script alone."""
    text = html.render(results)
    tree = markup.document_fromstring(text)
    assert not tree.xpath("//@src | //link | //@srcset | //@poster")
    assert all(link.startswith("#") for link in tree.xpath("//@href"))
    assert "http://" not in text and "https://" not in text and "@import" not in text
    policy = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    for tag in ("style", "script"):
        inside = re.search(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        assert inside is not None
        digest = base64.b64encode(hashlib.sha256(inside.group(1).encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


def test_the_extract_is_warned_of_at_the_top(results: Results) -> None:
    """Who reads a clear record must see that the full lists were not asked; over full lists nothing is said."""
    assert "Not the full lists" not in _words(html.render(results))
    lists = {**results.manifest["lists"], "extract": True, "entries": 88}  # type: ignore[dict-item]
    words = _words(html.render(replace(results, manifest={**results.manifest, "lists": lists})))
    assert words.index("Not the full lists.") < words.index("rows read")
    assert "the extract that ships with the package alone, 88 entries" in words


def test_regimes_left_out_are_named_among_what_was_not_screened(results: Results) -> None:
    """A record is not clear of a regime whose rules were not applied."""
    assert "Regimes left out" not in _words(html.render(results))
    words = _words(html.render(replace(results, manifest={**results.manifest, "regimes_left_out": ["EU", "KR"]})))
    assert "Regimes left out: EU, KR." in words.split("What was not screened")[-1]


def test_sources_are_read_under_either_name(results: Results) -> None:
    """A manifest names the sources of its lists once, older ones under another name."""
    lists = dict(results.manifest["lists"])  # type: ignore[call-overload]
    lists["sources"] = lists.pop("by_source")
    assert html.render(replace(results, manifest={**results.manifest, "lists": lists})) == html.render(results)


def test_a_rule_shows_the_decisions_of_its_alerts(results: Results) -> None:
    """Alerts that are only for review are not counted as possible violations, lifted ones as neither."""
    alert = results.alerts[0]
    doubted = replace(alert, alert_id="x", decision=Decision.REVIEW, doubt="the port is not certain")
    lifted = replace(alert, alert_id="y", lifted_by="a letter")
    shown = replace(results, alerts=(alert, doubted, replace(doubted, alert_id="z"), lifted))
    (fired,) = page.context(shown)["fired"]
    assert fired.decisions == ((Decision.POSSIBLE_VIOLATION, 1), (Decision.REVIEW, 2))
    assert (fired.alerts, fired.lifted) == (4, 1)
    assert 'possible violation</span> 1<br><span class="badge review">review</span> 2</td>' in html.render(shown)
    (fired,) = page.context(replace(results, alerts=(lifted,)))["fired"]
    assert fired.decisions == ()


def test_sheets_of_one_workbook_are_one_file(results: Results) -> None:
    """The page counts files, not the tables in them."""
    inputs = [{"source": name, "path": "t.xlsx", "sha256": "1f"} for name in ("t.xlsx", "t.xlsx [April]")]
    shown = replace(results, manifest={**results.manifest, "inputs": inputs})
    assert "of 1 file screened" in page.context(shown)["scope"]


def test_every_link_and_label_has_its_target(results: Results) -> None:
    """No id stands twice, and each anchor, label and arrow head that is named exists."""
    tree = markup.document_fromstring(html.render(results))
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    named = {link[1:] for link in tree.xpath("//@href")}
    named |= {name for names in tree.xpath("//@aria-labelledby") for name in names.split()}
    named |= {mark[5:-1] for mark in tree.xpath("//@marker-end")}
    assert named <= set(ids)


def test_headings_descend_one_step_at_a_time(results: Results) -> None:
    """One h1, and no level is left out on the way down."""
    headings = markup.document_fromstring(html.render(results)).xpath("//h1|//h2|//h3|//h4|//h5")
    levels = [int(heading.tag[1]) for heading in headings]
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_page_says_what_it_claims_and_what_it_does_not(results: Results) -> None:
    """Possible violations, never a finding; the exit code in words; both kinds of citation."""
    words = _words(html.render(results))
    assert "It never finds that a violation took place" in words
    assert "exit code 1: at least one record led to a decision of possible violation" in words
    for said in (
        "source seen", "unverified", "In doubt:", "Fires wrongly when:", "Lifted by:", "the list gives no date",
        "not stated in the file", "Sketch, not for navigation", "could not be read: is no number",
    ):  # fmt: skip
        assert said in words


def test_names_in_four_scripts_say_their_language(results: Results) -> None:
    """So that a browser takes the right glyphs and a reader the right voice."""
    text = html.render(results)
    assert '<bdi lang="ko">조선무역회사</bdi>' in text
    assert '<bdi lang="ru">Восточный</bdi>' in text
    assert '<bdi lang="zh">罗先贸易 &amp; Söhne</bdi>' in text
    assert "<bdi>Vostok Trading LLC</bdi>" in text


def test_signs_that_cannot_be_seen_are_shown() -> None:
    """A sign that turns the reading direction round could make one name read as another."""
    assert html.seen("LLC \u202eGRA\u0000") == "LLC [U+202E]GRA␀"
    assert html.seen(None) == ""


def test_the_sum_is_printed(results: Results) -> None:
    """Rows read = clear + review + possible violation + rejected, in words for who cannot see the tiles."""
    assert "7 rows read = 2 clear + 2 for review + 1 possible violation + 2 rejected" in html.render(results)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(["clear", "review", "possible_violation"]), max_size=40), st.integers(0, 12))
def test_the_printed_counts_always_add_up(empty_results_of, outcomes: list[str], rejected: int) -> None:
    """Whatever a run found, the numbers on the tiles sum to the rows read, and the bar is full."""
    text = html.render(empty_results_of(outcomes, rejected))
    tiles = [int(n.replace(",", "")) for n in markup.document_fromstring(text).xpath("//ul[@class='sum']//b/text()")]
    assert tiles[0] == sum(tiles[1:]) == len(outcomes) + rejected
    told = dict(zip(("rows_read", "clear", "review", "possible_violation", "rejected"), tiles, strict=True))
    assert told["review"] == outcomes.count("review")
    if tiles[0]:
        assert sum(share.length for share in page.shares(told)) == pytest.approx(1000, abs=0.05)


@pytest.fixture(scope="module")
def empty_results_of():
    """A function that makes a run of these outcomes with no alerts."""

    def make(outcomes: list[str], rejected: int) -> Results:
        decisions = pd.DataFrame(
            {"source": "a.csv", "row": range(2, len(outcomes) + 2), "decision": pd.Series(outcomes, dtype="str")}
        )
        rejects = pd.DataFrame({"source": ["a.csv"] * rejected, "row": range(rejected)})
        counts = {name: outcomes.count(name) for name in ("clear", "review", "possible_violation")}
        counts |= {"rejected": rejected, "rows_read": len(outcomes) + rejected}
        nothing = pd.DataFrame()
        rejects = rejects.assign(column="", value="", reason="")
        return Results((decisions,), nothing, (), (), rejects, nothing, (), (), {"counts": counts})

    return make


def _crowd(count: int) -> Results:
    """A run with so many records, each with one alert, severities mixed."""
    severities, law = list(Severity), (Citation("house rule", "seen"),)
    keys = [RecordKey("big.csv", row, f"R{row}") for row in range(2, count + 2)]
    alerts = tuple(
        Alert(f"a{n}", "RF-X", "A red flag", Decision.REVIEW, severities[n % 4], "RF", law, (key,), f"why {n}", {})
        for n, key in enumerate(keys)
    )
    frame = pd.DataFrame({"source": "big.csv", "row": [k.row for k in keys], "record_id": [k.record_id for k in keys]})
    decisions = frame.assign(decision="review", severity="low", rules="RF-X", score="", reason="")
    counts = {"rows_read": count, "clear": 0, "review": count, "possible_violation": 0, "rejected": 0}
    return Results((decisions,), frame, alerts, (), pd.DataFrame(), pd.DataFrame(), (), (), {"counts": counts})


def test_a_large_run_shows_the_gravest_and_counts_the_rest() -> None:
    """Nothing is cut silently: what is left out is counted by gravity and pointed to its file."""
    crowd = _crowd(cards.MOST_CARDS + 300)
    text = html.render(crowd)
    assert text.count("<article") == cards.MOST_CARDS
    words = _words(text)
    assert f"This page shows the {cards.MOST_CARDS} gravest of {cards.MOST_CARDS + 300} cards." in words
    assert "100 review (medium), 200 review (low)" in words
    assert "Records that stand on no card, all of them in decisions.csv: 300 review" in words


def test_a_record_without_an_alert_is_counted_too(results: Results) -> None:
    """A record for review on which no alert stands would otherwise be missed."""
    words = _words(html.render(replace(results, alerts=results.alerts[:2])))
    assert "Records that stand on no card, all of them in decisions.csv: 2 review" in words


def test_a_run_that_found_nothing_reads_well(empty_results: Results) -> None:
    """No rows, no alerts, no places, and a manifest of nothing but counts."""
    words = _words(html.render(empty_results))
    assert "No rows were read" in words and "No rule fired on any record" in words
    assert "The manifest names no list" in words and "None: every row could be read" in words
