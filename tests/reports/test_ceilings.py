"""The year of a ceiling as a chart: deliveries, running totals by basis, notices and the ceiling, at their heights."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from lxml import html as markup

from screening.model import Delivery, LedgerYear, Results
from screening.reports import ceilings, html

CEILING = 500_000.0
NOTICES = (("75 percent", 375_000.0), ("90 percent", 450_000.0), ("95 percent", 475_000.0))


def delivery(number: int, amount: float, total: float, basis: str = "reported", **more: object) -> Delivery:
    given = {
        "source": "a.csv",
        "row": number,
        "record_id": str(number),
        "day": date(2024, 1, 1) + timedelta(7 * number),
    }
    return Delivery(**{**given, "basis": basis, "amount": amount, "total": total, "most": total, "counted": True,
                       "history": False, **more})  # fmt: skip


def year(*deliveries: Delivery) -> LedgerYear:
    start, end = date(2024, 1, 1), date(2024, 12, 31)
    return LedgerYear("refined_barrels", "Refined petroleum", "bbl", start, end, CEILING, NOTICES, deliveries)


def thirty() -> LedgerYear:
    """Thirty loads of 17,158 bbl."""
    return year(*(delivery(n, 17_158.0, 17_158.0 * n) for n in range(1, 31)))


def test_the_ceiling_and_its_notices_stand_at_their_heights() -> None:
    """The higher the amount, the higher its line; 95 percent is the stop, and the last total lies above the ceiling."""
    (chart,) = ceilings.charts([thirty()])
    assert [(mark.name, mark.amount, mark.kind) for mark in chart.marks] == [
        ("75 percent", "375,000", "notice"),
        ("90 percent", "450,000", "notice"),
        ("95 percent", "475,000", "stop"),
        ("ceiling", "500,000", "ceiling"),
    ]
    heights = [mark.y for mark in chart.marks]
    assert heights == sorted(heights, reverse=True)
    last = float(chart.lines[0].path.rpartition("V")[2])
    assert last < heights[-1]
    assert len(chart.bars) == 30
    assert "514,740 bbl reported (102.9 percent of the ceiling)" in chart.summary
    assert "the reported total passed the ceiling on 2024-07-29 with record 30" in chart.summary


@pytest.mark.parametrize(("amount", "passed"), [(CEILING, False), (CEILING + 1, True)])
def test_exactly_the_ceiling_is_not_passed(amount: float, passed: bool) -> None:
    """One barrel more is."""
    (chart,) = ceilings.charts([year(delivery(1, amount, amount))])
    assert ("was not passed" not in chart.summary) is passed


def test_each_basis_has_a_line_and_doubt_one_of_its_own() -> None:
    """Reported and estimated are never one total; what may count besides is drawn as the most."""
    both = year(
        delivery(1, 100.0, 100.0), delivery(2, 900_000.0, 900_000.0, "estimated", most=900_100.0),
        delivery(3, 0.0, 100.0, most=900_100.0, counted=False),
    )  # fmt: skip
    (chart,) = ceilings.charts([both])
    assert [line.name for line in chart.lines] == [
        "reported total", "estimated total", "at most, all bases and doubtful deliveries",
    ]  # fmt: skip
    assert "the estimated total passed the ceiling" in chart.summary
    assert "1 doubtful or without a usable quantity" in chart.summary


def test_the_page_draws_the_year(results: Results) -> None:
    """report.html: one drawing a year with all its marks, and the deliveries in a table beside it."""
    tree = markup.fromstring(html.render(replace(results, ledger=(thirty(),))))
    words = " ".join(tree.text_content().split())
    for told in ("Refined petroleum, 2024-01-01 to 2024-12-31", "75 percent", "90 percent", "95 percent", "500,000"):
        assert told in words
    assert "the reported total passed the ceiling on 2024-07-29" in words
