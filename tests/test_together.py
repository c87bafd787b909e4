# ruff: noqa: E501 - rows of records read best one a line
"""What records come to together: ceilings, links and letters, whatever the order of rows, files and batches."""

from __future__ import annotations

import csv
import random
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from screening.errors import TradeFileError, UsageError
from screening.model import Results
from screening.screener import Screener
from tests.conftest import FIXTURES

Row = dict[str, Any]


@pytest.fixture(scope="module")
def screener() -> Screener:
    return Screener.from_lists(FIXTURES / "lists" / "extract")


def oil(number: object, day: str, quantity: object, unit: str = "bbl", **more: Any) -> Row:
    """Diesel from Vostochny to Nampo, notified."""
    given = {"record_id": str(number), "date": day, "hs": "271019", "goods": "diesel", "load_port": "RUVYP",
             "discharge_port": "KPNAM", "quantity": str(quantity), "unit": unit, "committee_notice": "yes"}  # fmt: skip
    return given | more


def crude(number: object, day: str, quantity: object, unit: str = "t") -> Row:
    return oil(number, day, quantity, unit, hs="270900", goods="crude oil", load_port="CNDDG", discharge_port="Sinuiju")


def write(path: Path, rows: Sequence[Row]) -> Path:
    columns = list(dict.fromkeys(key for row in rows for key in row))
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.DictWriter(file, columns, restval="")
        out.writeheader()
        out.writerows(rows)
    return path


def fired(results: Results) -> dict[str, tuple[str, set[str]]]:
    """For each record its decision and rules."""
    decisions = pd.DataFrame(results.decisions)
    columns = (decisions[name] for name in ("record_id", "decision", "rules"))
    return {key: (decision, set(rules.split(";")) - {""}) for key, decision, rules in zip(*columns, strict=True)}


def run(screener: Screener, *rows: Row, **options: Any) -> dict[str, tuple[str, set[str]]]:
    return fired(screener.run(pd.DataFrame(rows).fillna(""), **options))


# ---------------------------------------------------------------- ceilings
def thirty() -> list[Row]:
    start = date(2024, 3, 10)
    shippers = ["OOO Alfa Bunker", "OOO Beta Bunker", "OOO Gamma Bunker"]
    return [
        oil(n, str(start + timedelta(days=7 * (n - 1))), 2300, "t", shipper=shippers[n % 3]) for n in range(1, 31)
    ]  # fmt: skip


def test_thirty_loads_end_alike_in_any_order_file_and_batch(screener: Screener, tmp_path: Path) -> None:
    """Shuffled, split over three files and read row by row: the same records cross the same lines."""
    rows = thirty()
    whole = run(screener, *rows)
    assert [n for n, (_, rules) in whole.items() if "UN-OIL-REFINED-STOP95" in rules] == ["29", "30"]
    assert [n for n, (_, rules) in whole.items() if "UN-OIL-REFINED-CAP" in rules] == ["30"]
    for notice, number in (("75", "22"), ("90", "27"), ("95", "28")):
        assert [n for n, (_, rules) in whole.items() if f"UN-OIL-REFINED-NOTICE{notice}" in rules] == [number]
    random.Random(7).shuffle(rows)
    assert run(screener, *rows) == whole
    files = [write(tmp_path / f"part{n}.csv", rows[n::3]) for n in range(3)]
    assert fired(screener.run(files)) == whole
    assert fired(screener.run(files, chunk_rows=1)) == whole


def test_loads_of_one_day_have_an_order_of_their_own(screener: Screener) -> None:
    """Ties go by the record's own id and content, never by the order of rows."""
    rows = [oil(n, "2024-05-01", 200_000) for n in (1, 2, 3, 10)]
    whole = run(screener, *rows)
    assert [n for n, (_, rules) in whole.items() if "UN-OIL-REFINED-CAP" in rules] == ["3", "10"]
    assert run(screener, *rows[::-1]) == whole


def test_loads_without_ids_end_alike_in_any_order(screener: Screener) -> None:
    """A row's number says nothing of the record: the content decides which load of a day comes first."""
    rows = [oil("", "2024-05-01", n * 100_000, shipper=f"OOO Number {n}") for n in (1, 2, 3)]
    for row in rows:
        del row["record_id"]

    def by_amount(given: list[Row]) -> dict[str, str]:
        decisions = pd.DataFrame(screener.run(pd.DataFrame(given)).decisions)
        return {row["quantity"]: rules for row, rules in zip(given, decisions["rules"], strict=True)}

    assert by_amount(rows) == by_amount(rows[::-1])


@pytest.mark.parametrize(
    ("amounts", "fires"),
    [((500_000,), False), ((500_001,), True), ((499_999, 1), False), ((499_999, 1, 1), True), ((166_666.5,) * 3, False),
     ((0.1,) * 10 + (499_999,), False)],
)  # fmt: skip
def test_exactly_the_ceiling_is_not_beyond_it(screener: Screener, amounts: tuple[float, ...], fires: bool) -> None:
    """Sums are exact: 500,000 bbl do not fire, one barrel more does."""
    rows = [oil(n, f"2024-02-{n:02}", amount) for n, amount in enumerate(amounts, start=1)]
    decision, rules = run(screener, *rows)[str(len(rows))]
    assert ("UN-OIL-REFINED-CAP" in rules) is fires
    assert (decision == "possible_violation") is (fires or "UN-OIL-REFINED-STOP95" in rules)


def test_crude_is_held_against_each_unit_and_never_converted(screener: Screener) -> None:
    """525,000 t exactly do not fire, a tonne more does; barrels are a sum of their own."""
    assert "UN-OIL-CRUDE-CAP" not in run(screener, crude(1, "2024-05-01", 525_000))["1"][1]
    assert "UN-OIL-CRUDE-CAP" in run(screener, crude(1, "2024-05-01", 525_001))["1"][1]
    assert "UN-OIL-CRUDE-CAP" in run(screener, crude(1, "2024-05-01", 4_000_001, "bbl"))["1"][1]
    mixed = run(screener, crude(1, "2024-05-01", 525_000), crude(2, "2024-05-02", 4_000_000, "bbl"))
    assert not {"UN-OIL-CRUDE-CAP"} & (mixed["1"][1] | mixed["2"][1])


def test_the_periods_begin_on_their_own_days(screener: Screener) -> None:
    """Crude on 22 December, refined on 1 January, the leap day in between or not."""
    days = run(screener, crude(1, "2023-12-22", 525_000), crude(2, "2024-12-21", 1), crude(3, "2024-12-22", 1))
    assert [n for n, (_, rules) in days.items() if "UN-OIL-CRUDE-CAP" in rules] == ["2"]
    days = run(screener, oil(1, "2024-02-29", 500_000), oil(2, "2024-12-31", 1), oil(3, "2025-01-01", 1))
    assert [n for n, (_, rules) in days.items() if "UN-OIL-REFINED-CAP" in rules] == ["2"]


def test_the_last_quarter_of_2017_has_a_ceiling_of_its_own(screener: Screener) -> None:
    """It runs from 1 October, and nothing of it counts towards 2018."""
    days = run(
        screener,
        oil(0, "2017-09-30", 9),
        oil(1, "2017-10-01", 500_000),
        oil(2, "2017-12-31", 1),
        oil(3, "2018-01-01", 9),
    )
    assert [n for n, (_, rules) in days.items() if rules & {"UN-OIL-REFINED-2017", "UN-OIL-REFINED-CAP"}] == ["2"]


def test_jet_fuel_counts_and_bitumen_only_perhaps(screener: Screener) -> None:
    """Aviation fuel is a refined product; whether bitumen is one is not settled."""
    jet = oil(2, "2024-06-01", 2, goods="TS-1 jet fuel")
    assert "UN-OIL-REFINED-CAP" in run(screener, oil(1, "2024-05-01", 499_999), jet)["2"][1]
    bitumen = oil(1, "2024-05-01", 499_999, hs="271320", goods="petroleum bitumen")
    results = screener.run(pd.DataFrame([bitumen, oil(2, "2024-06-01", 2)]))
    caps = [a for a in results.alerts if a.rule_id == "UN-OIL-REFINED-CAP"]
    assert [(a.records[0].record_id, a.decision) for a in caps] == [("2", "review")]


def test_a_product_that_is_not_known_counts_within_its_bounds(screener: Screener) -> None:
    """A tonnage that may or may not cross the ceiling leads to review, whichever load it is told on."""
    unknown = oil(2, "2024-06-01", 5000, "t", hs="2710", goods="petroleum products")
    for history, want in ((400_000, None), (450_000, "review"), (499_999, "possible_violation")):
        results = screener.run(pd.DataFrame([oil(1, "2024-05-01", history), unknown]))
        found = [a.decision.value for a in results.alerts if a.rule_id == "UN-OIL-REFINED-CAP"]
        assert found == ([want] if want else []), history


def test_the_basis_decides_how_sure_a_total_is(screener: Screener) -> None:
    """What is reported crosses surely; what crosses only with estimates leads to review; estimates alone are a basis too."""
    estimated = oil(1, "2024-05-01", 499_999, basis="estimated")
    results = screener.run(pd.DataFrame([estimated, oil(2, "2024-06-01", 2)]))
    (cap,) = (a for a in results.alerts if a.rule_id == "UN-OIL-REFINED-CAP")
    assert cap.decision == "review"
    assert "2 bbl reported since 2024-01-01 in 1 delivery" in cap.reason
    assert "besides 499,999 bbl estimated, which may tell of the same deliveries" in cap.reason
    assert "only if what is estimated is added to what is reported" in cap.reason
    results = screener.run(pd.DataFrame([oil(1, "2024-05-01", 500_001, basis="observed"), oil(2, "2024-06-01", 2)]))
    reasons = {a.records[0].record_id: a.reason for a in results.alerts if a.rule_id == "UN-OIL-REFINED-CAP"}
    assert "crossed on the observed basis" in reasons["1"]
    assert "crossed on the observed basis and not on the reported one" in reasons["2"]
    results = screener.run(pd.DataFrame([estimated, oil(2, "2024-06-01", 2, basis="estimated")]))
    (cap,) = (a for a in results.alerts if a.rule_id == "UN-OIL-REFINED-CAP")
    assert cap.decision == "possible_violation"
    assert "on the estimated basis" in cap.reason


def test_a_quantity_that_cannot_be_read_is_told_and_is_never_clear(screener: Screener) -> None:
    """Its own total is unknown, which leads to review; later totals say that it is not in them."""
    rows = [oil(1, "2024-05-01", "about a lot"), oil(2, "2024-06-01", 500_001)]
    results = screener.run(pd.DataFrame(rows))
    caps = {a.records[0].record_id: a for a in results.alerts if a.rule_id == "UN-OIL-REFINED-CAP"}
    assert caps["1"].decision == "review"
    assert "1 earlier delivery without a usable quantity" in caps["2"].reason


def test_a_number_at_two_places_on_a_day_is_no_ship_that_can_be_traced(screener: Screener) -> None:
    """Its call in the DPRK bars no later call at a US port, and the record of that call says why; a true ship is barred."""

    def call(number: object, day: str, load: str, discharge: str) -> Row:
        sand = {"hs": "250510", "goods": "silica sand", "vessel": "FICTION BULK", "imo": "9999979"}
        return {"record_id": number, "date": day, "load_port": load, "discharge_port": discharge, **sand}

    voyage = [call(1, "2024-01-01", "KPNAM", "CNDAL"), call(2, "2024-03-01", "CNDAL", "USLAX")]
    elsewhere = [
        call(number, day, port, "JPTYO")
        for number, day, port in [
            (3, "2024-02-01", "BRSSZ"),
            (4, "2024-02-01", "NLRTM"),
            (5, "2024-02-09", "BRSSZ"),
            (6, "2024-02-09", "NLRTM"),
        ]
    ]
    assert "US-510-180DAY" in run(screener, *voyage)["2"][1]
    doubled = run(screener, *voyage, *elsewhere)
    assert "US-510-180DAY" not in doubled["2"][1]
    assert "RF-TWO-PLACES" in doubled["1"][1]


def test_history_counts_and_is_not_judged(screener: Screener, tmp_path: Path) -> None:
    """Earlier deliveries are in the sums and in the manifest, and in no decision."""
    past = write(tmp_path / "past.csv", [oil("", "2024-01-05", 480_000)])
    results = screener.run(pd.DataFrame([oil(1, "2024-06-01", 20_000), oil(2, "2024-07-01", 1)]), history=past)
    assert {n: rules & {"UN-OIL-REFINED-CAP", "UN-OIL-REFINED-STOP95"} for n, (_, rules) in fired(results).items()} == {
        "1": {"UN-OIL-REFINED-STOP95"}, "2": {"UN-OIL-REFINED-CAP", "UN-OIL-REFINED-STOP95"}}  # fmt: skip
    assert len(pd.DataFrame(results.decisions)) == 2
    assert results.manifest["history"][0]["source"] == "past.csv"  # type: ignore[index]
    assert [d.history for year in results.ledger for d in year.deliveries] == [True, False, False]


@pytest.mark.parametrize(
    ("names", "day", "stated"),
    [
        ({"date": "Tag", "quantity": "Menge"}, "05.01.2024", "Tag: date\nMenge: quantity\ndate_format: day-first\n"),
        ({}, "2024-01-05", "Tag: date\nMenge: quantity\ndate_format: day-first\n"),
        ({}, "03/04/2024", "date_format: day-first\n"),
    ],
    ids=["written as the trade file", "written in our names", "its days are ambiguous"],
)
def test_the_mapping_holds_of_the_history_as_far_as_it_is_written_so(
    screener: Screener, tmp_path: Path, names: dict[str, str], day: str, stated: str
) -> None:
    """The history is read with the columns and the order of days that are stated of the trade files."""
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(stated, encoding="utf-8")
    theirs = {"date": "Tag", "quantity": "Menge"} if "Tag" in stated else {}
    now = {theirs.get(key, key): value for key, value in oil(1, "01.06.2024", 30_000).items()}
    past = {names.get(key, key): value for key, value in oil(0, day, 480_000).items()}
    files = write(tmp_path / "now.csv", [now]), write(tmp_path / "past.csv", [past])
    found = fired(screener.run(files[0], history=files[1], mapping=mapping))
    assert "UN-OIL-REFINED-CAP" in found["1"][1]


def test_a_history_that_nothing_can_be_read_from_gets_the_usual_sentence(screener: Screener, tmp_path: Path) -> None:
    """It has neither the columns that the mapping names nor ours."""
    (tmp_path / "mapping.yaml").write_text("Tag: date\n", encoding="utf-8")
    now = write(tmp_path / "now.csv", [{"Tag": "2024-06-01", "shipper": "A"}])
    past = write(tmp_path / "past.csv", [{"Jour": "2024-06-01", "shipper": "A"}])
    with pytest.raises(TradeFileError, match=r"past.csv: has no date column; found: Jour, shipper"):
        screener.run(now, history=past, mapping=tmp_path / "mapping.yaml")


@pytest.mark.parametrize("encoding", ["cp1251", "utf-8", "utf-16"])
def test_the_encoding_holds_of_a_history_that_does_not_tell_its_own(
    screener: Screener, tmp_path: Path, encoding: str
) -> None:
    """UTF-8 and a byte order mark speak for themselves; other bytes are read as stated of the trade files."""
    rows = oil(1, "2024-06-01", 30_000, shipper="ООО Бункер"), oil(0, "2024-01-05", 480_000, goods="дизельное топливо")
    now, past = (write(tmp_path / name, [row]) for name, row in zip(("now.csv", "past.csv"), rows, strict=True))
    now.write_bytes(now.read_text(encoding="utf-8").encode("cp1251"))
    past.write_bytes(past.read_text(encoding="utf-8").encode(encoding))
    results = screener.run(now, history=past, encoding="cp1251")
    assert results.manifest["history"][0]["encoding"] == encoding  # type: ignore[index]
    assert "UN-OIL-REFINED-CAP" in fired(results)["1"][1]


def test_a_trade_file_is_not_its_own_history(screener: Screener, tmp_path: Path) -> None:
    """By content, whatever its name: its records would count twice."""
    now = write(tmp_path / "now.csv", [oil(1, "2024-06-01", 30_000)])
    past = tmp_path / "past.csv"
    past.write_bytes(now.read_bytes())
    for given in (now, past):
        with pytest.raises(TradeFileError, match=r"holds the same bytes as the trade file now\.csv; its records would"):
            screener.run(now, history=given)


def test_the_reason_says_when_the_ceiling_falls(screener: Screener) -> None:
    """A quarter of the ceiling in a quarter of the year: it falls at the end of it; past it, the day on which it fell."""
    results = screener.run(pd.DataFrame([oil(1, "2024-01-10", 375_000), oil(2, "2024-02-01", 125_001)]))
    reasons = {a.rule_id: a.reason for a in results.alerts}
    assert "reached on 2024-01-14" in reasons["UN-OIL-REFINED-NOTICE75"]
    assert "the ceiling fell on 2024-02-01" in reasons["UN-OIL-REFINED-CAP"]


# ---------------------------------------------------------------- links
def ship(
    number: object, day: str, load: str, discharge: str, vessel: str = "FICTION BULK", imo: str = "9999979", **more: Any
) -> Row:
    given = {"record_id": str(number), "date": day, "vessel": vessel, "imo": imo, "load_port": load,
             "discharge_port": discharge, "hs": "691110", "goods": "ceramics", "quantity": "900", "unit": "t"}  # fmt: skip
    return given | more


@pytest.mark.parametrize(("days", "fires"), [(0, True), (180, True), (181, False), (-1, False)])
def test_a_call_bars_for_180_days(screener: Screener, days: int, fires: bool) -> None:
    """The 180th day is barred, the 181st is not, nor any before the call; the call's own record is not accused."""
    called = date(2024, 1, 1)
    rows = [ship(1, str(called), "KPNAM", "CNDAL"), ship(2, str(called + timedelta(days=days)), "CNDAL", "USLAX")]
    for chunk_rows in (1, 100):
        found = run(screener, *rows[::-1], chunk_rows=chunk_rows)
        assert ("US-510-180DAY" in found["2"][1]) is fires
        assert "US-510-180DAY" not in found["1"][1]


OTHER = {"vessel": "FICTION TANKER", "imo": "9999993"}


@pytest.mark.parametrize(
    ("change", "days", "decision"),
    [
        ({"goods": "gasoil, ship-to-ship from M/T FICTION BULK"}, 170, "possible_violation"),  # 180 days after its call
        (
            {"goods": "gasoil, ship-to-ship from M/T FICTION BULK"},
            171,
            "review",
        ),  # 181 after the call, 171 after the transfer
        ({"goods": "gasoil, from tanker IMO 9999979"}, 170, "possible_violation"),
        ({"goods": "gasoil, from tanker IMO 9999979"}, 181, None),
        ({}, 180, "review"),  # the same waters, a day after: perhaps the other side
        ({}, 181, None),
        ({"load_port": "South China Sea"}, 20, None),
        ({"date": "2024-01-13"}, 20, None),  # two days after the other was there
        ({"discharge_port": "KPNAM"}, 20, "possible_violation"),  # it called there itself
        ({"load_port": "South China Sea", "destination": "KP"}, 20, "review"),  # goods for the DPRK, handed over at sea
    ],
)
def test_a_transfer_at_sea_bars_like_the_call_of_the_other_ship(
    screener: Screener, change: Row, days: int, decision: str | None
) -> None:
    """Surely where the papers name a ship that had called in the DPRK, perhaps where it may have been such a one."""
    met = (
        oil(3, "2024-01-12", 900, "t", load_port="East China Sea", discharge_port="CNDAL", committee_notice="", **OTHER)
        | change
    )
    rows = [
        ship(1, "2024-01-02", "KPNAM", "CNDAL"),
        ship(2, "2024-01-11", "CNDAL", "East China Sea"),
        met,
        ship(4, str(date.fromisoformat(str(met["date"])) + timedelta(days=days)), "CNDAL", "USLAX", **OTHER),
    ]
    for chunk_rows in (1, 100):
        results = screener.run(pd.DataFrame(rows[::-1]).fillna(""), chunk_rows=chunk_rows)
        found = {a.records[0].record_id: a for a in results.alerts if a.rule_id == "US-510-180DAY"}
        assert (found["4"].decision.value if "4" in found else None) == decision
        assert not found or "3" in {key.record_id for key in found["4"].rests_on} or "discharge_port" in change


def test_the_ship_that_is_named_beside_a_transfer_does_not_depend_on_row_order(screener: Screener) -> None:
    """Of two ships of the DPRK's flag in the same waters on a day, the same one is told of, however rows are shuffled."""
    met = {"load_port": "STS Yellow Sea", "discharge_port": "KRPUS", "date": "2018-01-05", "imo": "", "flag": "KP"}
    rows = [
        ship(1, "", "", "", "ALPHA QUEEN") | met | {"flag": "PA"},
        ship(2, "", "", "", "BRAVO QUEEN") | met,
        ship(3, "", "", "", "CHARLIE QUEEN") | met,
        ship(4, "2018-02-05", "KRPUS", "USHOU", "ALPHA QUEEN", "", flag="PA"),
    ]
    told = set()
    for order in permutations(rows):
        alerts = screener.run(pd.DataFrame(order)).alerts
        told.add(tuple((a.alert_id, a.reason) for a in alerts if a.rule_id == "US-510-180DAY"))
    assert len(told) == 1 and told != {()}


def test_a_vessel_without_a_number_is_its_name(screener: Screener) -> None:
    """The same name without numbers links; another ship of the name with a number of its own does not."""
    rows = [
        ship(1, "2024-01-01", "KPNAM", "CNDAL", imo=""),
        ship(2, "2024-02-01", "CNDAL", "USLAX", "M/V Fiction Bulk", ""),
    ]
    assert "US-510-180DAY" in run(screener, *rows)["2"][1]
    assert "US-510-180DAY" not in run(screener, rows[0], {**rows[1], "imo": "9999979"})["2"][1]


def test_a_russian_port_after_rajin_is_for_review(screener: Screener) -> None:
    """The leg between the two is not in the papers; the vessel and the days are."""
    rows = [
        ship(1, "2024-01-01", "KPRJN", "CNDAL"),
        ship(2, "2024-01-20", "CNDAL", "RUVVO"),
        ship(3, "2024-03-01", "CNDAL", "RUVVO"),
    ]
    found = run(screener, *rows, chunk_rows=1)
    assert [n for n, (_, rules) in found.items() if "RF-VOYAGE" in rules] == ["2"]


def barter(gap: int, **change: Any) -> list[Row]:
    arms = ship(1, "2024-03-01", "KPRJN", "RUVYP", "FICTION FEEDER", "9999943", hs="930690", goods="152mm artillery shells",
                shipper="Rason Foreign Transportation", consignee="OOO Dalnevostochny Sklad")  # fmt: skip
    back = oil(2, str(date(2024, 3, 1) + timedelta(days=gap)), 3000, "t", shipper="Dalnevostochny Sklad LLC",
               consignee="Chongjin Fuel Depot", vessel="FICTION TANKER", imo="9999993")  # fmt: skip
    return [arms, back | change]


def test_arms_for_oil_is_one_alert_for_both(screener: Screener) -> None:
    """The party that took the arms sends the oil: one alert names both records, and both decisions show it."""
    results = screener.run(pd.DataFrame(barter(60)).fillna(""), chunk_rows=1)
    assert all("RF-BARTER" in rules for _, rules in fired(results).values())
    (alert,) = (a for a in results.alerts if a.rule_id == "RF-BARTER")
    assert [key.record_id for key in alert.records] == ["1", "2"]
    assert "60 days apart" in alert.reason
    assert "Sklad" in alert.reason


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        (barter(61), "a day too late"),
        (barter(10, shipper="OOO Sopka"), "nobody in common"),
        (barter(10, shipper="To order", consignee="TO ORDER"), "names that name nobody"),
        (barter(10, discharge_port="KRPUS"), "oil for the South"),
    ],
)
def test_what_is_no_exchange_is_not_linked(screener: Screener, rows: list[Row], why: str) -> None:
    """Too late, nobody in common, or not to the North."""
    if "nobody" in why:
        rows[0] = rows[0] | {"consignee": "To the order"}
    assert not any("RF-BARTER" in rules for _, rules in run(screener, *rows).values()), why


@pytest.mark.parametrize(
    ("name", "links"),
    [
        ("ООО Дальневосточный Склад", True),
        ("Dalnevostochnyi Sklad, OOO", True),
        ("ООО Дальневосточный Банк", False),
        ("OOO Dalneye Sklad", False),
    ],
)
def test_a_party_in_another_script_is_the_same(screener: Screener, name: str, links: bool) -> None:
    """Two romanisations of one Russian name are one party; another name is not."""
    found = run(screener, *barter(10, shipper=name))
    assert all(("RF-BARTER" in rules) is links for _, rules in found.values())


EASTERN = {"consignee": "Vostochnaya Stevedoring Company LLC"}, {"shipper": "ООО Восточная стивидорная компания"}


@pytest.mark.parametrize("days", [0, 400])
def test_a_listed_party_in_two_spellings_links_before_it_was_listed_too(screener: Screener, days: int) -> None:
    """Who somebody is does not depend on the day of listing (23 February 2024): it links, and counts for no rule before."""
    rows = [row | change for row, change in zip(barter(20), EASTERN, strict=True)]
    for row in rows:
        row["date"] = str(date.fromisoformat(row["date"]) - timedelta(days=60) + timedelta(days=days))
    results = screener.run(pd.DataFrame(rows).fillna(""))
    assert all("RF-BARTER" in rules for _, rules in fired(results).values())
    assert all(("US-14024-BLOCK" in rules) is (days > 0) for _, rules in fired(results).values())
    (alert,) = (a for a in results.alerts if a.rule_id == "RF-BARTER")
    assert all(name in alert.reason for change in EASTERN for name in change.values())


@pytest.mark.parametrize(
    ("one", "other", "links"),
    [
        ({"consignee": "TBK"}, {"shipper": "LLC Toplivo Bunkering Company"}, False),
        ({"consignee": "OOO Sopka", "vessel": "PAEK MA", "imo": "9066978"}, {"vessel": "백마", "imo": ""}, True),
        ({"consignee": "OOO Sopka", "vessel": "PAEK MA", "imo": "9999943"}, {"vessel": "백마", "imo": ""}, False),
    ],
)
def test_a_hit_that_was_ruled_out_links_nobody(screener: Screener, one: Row, other: Row, links: bool) -> None:
    """A weak alias alone, and a listed ship's name over another ship's number, name no entry; before 30 March 2018 too."""
    for day in ("2018-03-01", "2024-07-01"):
        arms, back = (row | change for row, change in zip(barter(0), (one, other), strict=True))
        found = run(screener, arms | {"date": day}, back | {"date": day})
        assert all(("RF-BARTER" in rules) is links for _, rules in found.values())


def test_small_loads_to_a_party_that_was_listed_later_are_looked_at_together(screener: Screener) -> None:
    """Its spellings in two scripts are one buyer, months before it was listed."""
    names = (
        "Vostochnaya Stevedoring Company LLC",
        "ООО Восточная стивидорная компания",
        "VOSTOCHNAYA STEVEDORING COMPANY",
    )
    rows = [
        oil(n, f"2024-01-0{n}", 4000, shipper=f"OOO Number {n}", buyer=name) for n, name in enumerate(names, start=1)
    ]
    assert all("RF-SPLIT" in rules for _, rules in run(screener, *rows).values())


def test_one_vessel_links_both_ways(screener: Screener) -> None:
    """Oil first and arms later, on one hull, is the same exchange."""
    rows = barter(-20, shipper="OOO Sopka", vessel="FEEDER ONE", imo="9999943")
    assert all("RF-BARTER" in rules for _, rules in run(screener, *rows).values())


def test_small_loads_to_one_party_are_looked_at_together(screener: Screener) -> None:
    """Three loads below the threshold that together reach it; two, or three for several parties, are let be."""
    rows = [oil(n, f"2024-05-{n:02}", 4000, consignee="Nampo Depot", shipper=f"OOO Number {n}") for n in (1, 9, 20)]
    results = screener.run(pd.DataFrame(rows))
    (alert,) = (a for a in results.alerts if a.rule_id == "RF-SPLIT")
    assert [key.record_id for key in alert.records] == ["1", "9", "20"]
    assert not any("RF-SPLIT" in rules for _, rules in run(screener, *rows[:2]).values())
    apart = [row | {"consignee": f"Depot {n}"} for n, row in enumerate(rows)]
    assert not any("RF-SPLIT" in rules for _, rules in run(screener, *apart).values())


def test_one_hull_under_several_names_is_one_alert(screener: Screener) -> None:
    """A number that calls in the DPRK and goes under two names elsewhere; a spelling is no second name."""
    rows = [ship(1, "2024-01-01", "KPNAM", "CNDAL", "UNICORN"), ship(2, "2024-05-01", "CNDAL", "VNHPH", "NEW DAWN"),
            ship(3, "2024-06-01", "CNDAL", "VNHPH", "M/V New Dawn")]  # fmt: skip
    results = screener.run(pd.DataFrame(rows), chunk_rows=1)
    (alert,) = (a for a in results.alerts if a.rule_id == "RF-IDENTITY")
    assert [key.record_id for key in alert.records] == ["1", "2", "3"]
    assert "goes under UNICORN" in alert.reason
    innocent = [row | {"load_port": "CNDAL"} for row in rows]
    assert not any("RF-IDENTITY" in rules for _, rules in run(screener, *innocent).values())
    spelt = [rows[0], rows[1] | {"vessel": "MV Unicorn"}]
    assert not any("RF-IDENTITY" in rules for _, rules in run(screener, *spelt).values())


def test_one_name_under_several_numbers_needs_the_dprk_on_both(screener: Screener) -> None:
    """An innocent namesake is let be."""
    rows = [ship(1, "2024-01-01", "KPNAM", "CNDAL"), ship(2, "2024-05-01", "KPNAM", "CNDAL", imo="9999993")]
    assert all("RF-IDENTITY" in rules for _, rules in run(screener, *rows).values())
    rows[1] |= {"load_port": "VNHPH"}
    assert not any("RF-IDENTITY" in rules for _, rules in run(screener, *rows).values())


# ---------------------------------------------------------------- exemptions
LETTER = {"reference": "HE-1", "holder": "UN agency", "hs": "841829", "item": "vaccine refrigerators", "quantity": "120",
          "unit": "pcs", "valid_from": "2024-03-01", "valid_to": "2024-11-30", "lifts": "UN-2397-IMPORTS"}  # fmt: skip


def fridges(number: object, day: str, quantity: object, **more: Any) -> Row:
    given = {"record_id": str(number), "date": day, "shipper": "UN agency", "load_port": "CNDAL", "discharge_port": "KPNAM",
             "hs": "841829", "goods": "refrigerators for vaccines, vaccine cold chain", "quantity": str(quantity),
             "unit": "pcs", "exemption": "HE-1"}  # fmt: skip
    return given | more


def test_a_letter_is_used_up_in_the_order_of_dates(screener: Screener, tmp_path: Path) -> None:
    """Deliveries are covered until the quantity is used; one that would exceed it is not, a smaller later one is."""
    letters = write(tmp_path / "letters.csv", [LETTER])
    rows = [fridges(1, "2024-05-01", 100), fridges(2, "2024-06-01", 30), fridges(3, "2024-07-01", 20)]
    for given in (rows, rows[::-1]):
        results = screener.run(pd.DataFrame(given), exemptions=letters, chunk_rows=1)
        found = fired(results)
        assert {n: "UN-2397-IMPORTS" in rules for n, (_, rules) in found.items()} == {"1": False, "2": True, "3": False}
    lifted = {a.records[0].record_id: a for a in results.alerts if a.rule_id == "UN-2397-IMPORTS"}
    assert lifted["1"].lifted_by == "EX-HUMANITARIAN"
    assert "100 pcs of the 120 pcs" in lifted["1"].reason
    assert "of which 100 are used by record 1" in lifted["2"].reason


@pytest.mark.parametrize(
    "change",
    [
        {"date": "2024-12-01"}, {"date": "2024-02-29"}, {"hs": "841810"}, {"goods": "ice machines"}, {"quantity": "121"},
        {"quantity": ""}, {"unit": "t"}, {"exemption": "HE-2"}, {"exemption": ""}, {"date": "31.02.2024"},
    ],
)  # fmt: skip
def test_a_letter_must_fit_in_everything(screener: Screener, tmp_path: Path, change: Row) -> None:
    """Date, code, words, quantity, unit and reference: where one does not fit, the alert stands."""
    letters = write(tmp_path / "letters.csv", [LETTER])
    found = run(screener, fridges(1, "2024-05-01", 120) | change, exemptions=letters)
    assert "UN-2397-IMPORTS" in found["1"][1]


def test_a_letter_that_fits_lifts_and_the_lifted_alert_stays_visible(screener: Screener, tmp_path: Path) -> None:
    """On its last day, to the last piece."""
    letters = write(tmp_path / "letters.csv", [LETTER])
    found = run(screener, fridges(1, "2024-11-30", 120), exemptions=letters)
    assert "UN-2397-IMPORTS" not in found["1"][1]
    assert found["1"][0] != "possible_violation"


@pytest.mark.parametrize(
    ("change", "names", "decision"),
    [
        ({}, {}, "clear"),
        ({"shipper": "UN Agency Supply Division", "seller": "UN agency"}, {}, "clear"),
        ({"shipper": "Dalian Golden Trading"}, {}, "review"),
        ({"shipper": "Dalian Golden Trading"}, {"holder": ""}, "clear"),
        ({"shipper": "Dalian Golden Trading"}, {"holder": "UN agency; Dalian Golden Trading Co"}, "clear"),
        ({}, {"consignee": "Ministry of Public Health"}, "review"),
        ({"consignee": "Ministry of Public Health, Pyongyang"}, {"consignee": "Ministry of Public Health"}, "clear"),
        ({"shipper": "Ministry of Public Health"}, {"consignee": "Ministry of Public Health", "holder": ""}, "review"),
    ],
)
def test_a_letter_of_other_parties_leaves_the_alert_to_review(
    screener: Screener, tmp_path: Path, change: Row, names: Row, decision: str
) -> None:
    """It fits in all but the parties: the alert is not lifted, nor is it a possible violation, and it says why."""
    letters = write(tmp_path / "letters.csv", [LETTER | names])
    results = screener.run(pd.DataFrame([fridges(1, "2024-05-01", 120) | change]), exemptions=letters)
    assert fired(results)["1"][0] == decision
    (alert,) = (a for a in results.alerts if a.rule_id == "UN-2397-IMPORTS")
    assert bool(alert.lifted_by) is (decision == "clear")
    assert ("is named in no cell of the record" in alert.reason) is (decision == "review")


def test_what_others_use_of_a_letter_puts_its_rest_in_doubt(screener: Screener, tmp_path: Path) -> None:
    """The holder's own load still fits the letter; whether what others took counts is a question for a person."""
    letters = write(tmp_path / "letters.csv", [LETTER])
    rows = [fridges(1, "2024-05-01", 100, shipper="Dalian Golden Trading"), fridges(2, "2024-06-01", 20),
            fridges(3, "2024-07-01", 100), fridges(4, "2024-08-01", 1)]  # fmt: skip
    results = screener.run(pd.DataFrame(rows), exemptions=letters)
    decisions = {n: decision for n, (decision, _) in fired(results).items()}
    assert decisions == {"1": "review", "2": "clear", "3": "review", "4": "possible_violation"}
    (third,) = (a for a in results.alerts if a.rule_id == "UN-2397-IMPORTS" and a.records[0].record_id == "3")
    assert "record 1 of other parties asked for 100 of it before" in third.reason


@pytest.mark.parametrize(
    ("change", "uses"),
    [
        ({"load_port": "KPNAM", "discharge_port": "CNDAL"}, False),
        ({"load_port": "CNDAL", "discharge_port": "VNHPH"}, False),
        ({"load_port": "CNDAL", "discharge_port": "Korea"}, True),
        ({"load_port": "CNDAL", "discharge_port": "VNHPH", "onward_port": "KPNAM"}, True),
    ],
)
def test_a_letter_is_used_up_only_where_a_rule_that_it_lifts_may_fire(
    screener: Screener, tmp_path: Path, change: Row, uses: bool
) -> None:
    """What leaves the DPRK, or has nothing to do with it, uses nothing of a letter for what goes there, and is told so."""
    letters = write(tmp_path / "letters.csv", [LETTER])
    rows = [fridges(2, "2024-05-01", 120) | change, fridges(1, "2024-06-01", 120)]
    for given in (rows, rows[::-1]):
        results = screener.run(pd.DataFrame(given).fillna(""), exemptions=letters, chunk_rows=1)
        assert (fired(results)["1"][0] == "clear") is not uses
    reasons = [alert.reason for alert in results.alerts if alert.records[0].record_id == "2"]
    told = (
        "HE-1 (vaccine refrigerators) lifts UN-2397-IMPORTS, which does not fire on this record; nothing of it is used"
    )
    assert all((told in reason) is not uses for reason in reasons)


@pytest.mark.parametrize(
    ("goods", "decision"),
    [
        ("vaccine refrigerators", "clear"),
        ("vaccine refrigerators and spare shelves", "clear"),
        ("vaccine refrigerators and excavators", "possible_violation"),
        ("vaccine refrigerators; trucks", "possible_violation"),
        ("vaccine refrigerators and solar panels", "review"),
    ],
)
def test_a_letter_covers_its_items_and_nothing_beside_them(
    screener: Screener, tmp_path: Path, goods: str, decision: str
) -> None:
    """Excavators in one record with the refrigerators of the letter are not lifted; two of its items are for review."""
    panels = LETTER | {"hs": "854143", "item": "solar panels", "quantity": "40"}
    letters = write(tmp_path / "letters.csv", [LETTER, panels])
    assert run(screener, fridges(1, "2024-05-01", 20, goods=goods), exemptions=letters)["1"][0] == decision


def test_an_innocent_record_that_cites_a_letter_uses_none_of_it_wherever_its_ship_was(
    screener: Screener, tmp_path: Path
) -> None:
    """The same outcome whether it stands alone or its ship's call at Rajin, long before, has it looked at with others."""
    letters = write(tmp_path / "letters.csv", [LETTER])
    hull = {"vessel": "FICTION FEEDER", "imo": "9999943"}
    innocent = fridges(1, "2024-05-02", 120, load_port="CNDAL", discharge_port="RUVVO", **hull)
    call = ship(2, "2024-01-01", "KPRJN", "CNDAL", *hull.values())
    last = fridges(3, "2024-06-01", 120)
    found = [
        screener.run(pd.DataFrame(rows).fillna(""), exemptions=letters)
        for rows in ([innocent, last], [call, innocent, last], [last, innocent, call])
    ]
    decided = [pd.DataFrame(one.decisions).set_index("record_id")[["decision", "rules", "reason"]] for one in found]
    assert all(one.loc[["1", "3"]].equals(decided[0].loc[["1", "3"]]) for one in decided)
    assert decided[0]["decision"].tolist() == ["clear", "clear"]


def test_a_letter_of_several_items_is_used_up_by_the_item_whose_rule_fires(screener: Screener, tmp_path: Path) -> None:
    """The same goods under two lines of one letter, one for what goes to the DPRK and one for what leaves it."""
    back = LETTER | {"lifts": "UN-2397-EXPORTS", "quantity": "20"}
    letters = write(tmp_path / "letters.csv", [LETTER, back])
    out = {"load_port": "KPNAM", "discharge_port": "CNDAL"}
    rows = [fridges(1, "2024-05-01", 20, **out), fridges(2, "2024-05-02", 120), fridges(3, "2024-05-03", 1, **out)]
    found = run(screener, *rows, exemptions=letters)
    barred = {"UN-2397-EXPORTS", "UN-2397-IMPORTS"}
    assert [bool(rules & barred) for _, rules in found.values()] == [False, False, True]


@pytest.mark.parametrize(
    ("change", "decision", "lifted"),
    [
        ({}, "clear", {"US-13810-TRADE"}),
        ({"load_port": "DEHAM"}, "clear", {"US-13810-TRADE", "EU-1509-GOODS"}),
        ({"load_port": "GBTIL"}, "clear", {"US-13810-TRADE", "UK-DPRK-TRADE"}),
        ({"load_port": "JPTYO"}, "review", {"US-13810-TRADE"}),
        ({"load_port": "KRPUS"}, "review", {"US-13810-TRADE"}),
        ({"load_port": "USLAX"}, "review", {"US-13810-TRADE"}),
        ({"goods": "milled rice and spare parts"}, "review", set()),
        ({"goods": "general cargo"}, "review", set()),
        ({"hs": "", "goods": "sturgeon caviar"}, "review", set()),
        ({"hs": "1O06", "goods": ""}, "review", set()),
        ({"goods": "rice, tractors"}, "possible_violation", set()),
        ({"load_port": "KPNAM", "discharge_port": "CNDAL"}, "review", set()),
        ({"hs": "1006;8429"}, "possible_violation", set()),
        ({"consignee": "Korea Mining Development Trading Corporation"}, "possible_violation", set()),
        ({"date": "31.02.2024"}, "review", set()),
    ],
)
def test_food_to_the_north_is_lifted_and_nothing_that_may_be_more(
    screener: Screener, change: Row, decision: str, lifted: set[str]
) -> None:
    """Rice alone, for nobody listed, under a law that leaves food out; where anything else may be meant the alert stands."""
    row = {"record_id": "1", "date": "2024-05-01", "shipper": "Alfa Grain", "consignee": "Nampo Food Store", "load_port": "CNDAL",
           "discharge_port": "KPNAM", "hs": "100630", "goods": "milled rice", "quantity": "500", "unit": "t"}  # fmt: skip
    results = screener.run(pd.DataFrame([row | change]))
    assert fired(results)["1"][0] == decision
    assert {a.rule_id for a in results.alerts if a.lifted_by} == lifted
    assert all(a.lifted_by == "EX-FOOD-MEDICINE" for a in results.alerts if a.lifted_by)


def test_food_from_the_united_states_is_for_a_person_to_look_at(screener: Screener) -> None:
    """What a law only may let go is left to review, with the exemption in the reason; machines from there are not."""
    row = {"record_id": "1", "date": "2024-05-01", "shipper": "Alfa Grain", "load_port": "USLAX", "discharge_port": "KPNAM",
           "hs": "100590", "goods": "maize", "quantity": "500", "unit": "t"}  # fmt: skip
    results = screener.run(pd.DataFrame([row]))
    (alert,) = (a for a in results.alerts if a.rule_id == "US-510-EXPORT")
    assert (alert.decision, alert.lifted_by) == ("review", "")
    assert "perhaps exempt under EX-FOOD-MEDICINE-US" in alert.doubt
    found = run(screener, row | {"hs": "842952", "goods": "excavators"})["1"]
    assert found[0] == "possible_violation"


def test_relief_that_a_listed_body_receives_is_for_review(screener: Screener) -> None:
    """The carve-out of resolution 2664 frees who may send relief; a trading firm that sends the same is not meant."""
    row = {"record_id": "1", "date": "2024-05-01", "shipper": "World Food Programme", "load_port": "CNDAL", "discharge_port": "KPNAM",
           "consignee": "Korea Mining Development Trading Corporation", "hs": "100630", "goods": "rice", "quantity": "9", "unit": "t"}  # fmt: skip
    frozen = [a for a in screener.run(pd.DataFrame([row])).alerts if a.rule_id == "UN-ASSET-FREEZE"]
    assert [(a.decision, a.lifted_by) for a in frozen] == [("review", "")]
    for change in ({"shipper": "Golden Trading"}, {"hs": "8701", "goods": "tractors"}, {"date": "2022-12-08"}):
        frozen = [a for a in screener.run(pd.DataFrame([row | change])).alerts if a.rule_id == "UN-ASSET-FREEZE"]
        assert [a.decision for a in frozen] == ["possible_violation"], change


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"valid_to": "soon"}, "a day as"),
        ({"valid_to": "2023-01-01"}, "before it begins"),
        ({"quantity": "many"}, "no amount"),
        ({"quantity": "1e999999"}, "too large for a quantity"),
        ({"lifts": "UN-EVERYTHING"}, "no rule"),
        ({"lifts": ""}, "which rules it lifts"),
        ({"reference": ""}, "no reference"),
        ({"hs": "", "item": ""}, "cover anything"),
        ({"unit": ""}, "no unit"),
    ],
)
def test_a_faulty_letter_stops_the_run(screener: Screener, tmp_path: Path, change: Row, says: str) -> None:
    """One sentence that names file and line; nothing is lifted on half a letter."""
    letters = write(tmp_path / "letters.csv", [LETTER | change])
    with pytest.raises(UsageError, match=says) as caught:
        run(screener, fridges(1, "2024-05-01", 1), exemptions=letters)
    assert "letters.csv:2" in str(caught.value)


def test_a_file_that_holds_no_letters_stops_the_run(screener: Screener, tmp_path: Path) -> None:
    """A file of another kind, no file, and no text."""
    (tmp_path / "other.csv").write_text("colour,size\nred,5\n")
    (tmp_path / "binary.csv").write_bytes(bytes(range(256)))
    for name in ("other.csv", "binary.csv", "nowhere.csv"):
        with pytest.raises(UsageError):
            run(screener, fridges(1, "2024-05-01", 1), exemptions=tmp_path / name)


def coal(**change: Any) -> Row:
    given = {"record_id": "1", "date": "2018-01-20", "shipper": "OOO Kuzbass Export", "consignee": "Dalian Steel",
             "load_port": "KPRJN", "discharge_port": "CNDAL", "origin": "RU", "hs": "270112", "goods": "bituminous coal",
             "quantity": "45000", "unit": "t", "committee_notice": "yes"}  # fmt: skip
    return given | change


@pytest.mark.parametrize(
    ("change", "stands"),
    [
        ({}, False),
        ({"committee_notice": "no"}, True),
        ({"committee_notice": ""}, True),
        ({"origin": ""}, True),
        ({"origin": "KP"}, True),
        ({"load_port": "KPCHO"}, True),
        ({"hs": "260111", "goods": "iron ore"}, True),
        ({"consignee": "Korea Mining Development Trading Corporation"}, True),
    ],
)
def test_rajin_coal_has_four_conditions(screener: Screener, change: Row, stands: bool) -> None:
    """Foreign coal, Rajin alone, notified, nobody listed: where one is missing the ban stands."""
    decision, rules = run(screener, coal(**change))["1"]
    assert bool(rules & {"UN-COAL", "UN-IRON"}) is stands
    assert (decision == "possible_violation") is stands
    assert ("EX-RAJIN" in rules) is not stands


def test_parts_for_civil_aircraft_are_exempt(screener: Screener) -> None:
    """The types that the resolution names, and parts only."""
    row = {"record_id": "1", "date": "2024-05-01", "shipper": "OOO Aviadetal", "load_port": "RUVVO", "discharge_port": "KPFNJ",
           "destination": "KP", "hs": "880730", "goods": "spare parts for Tu-204 passenger aircraft", "quantity": "3", "unit": "pcs"}  # fmt: skip
    assert "UN-2397-IMPORTS" not in run(screener, row)["1"][1]
    assert "UN-2397-IMPORTS" in run(screener, row | {"goods": "spare parts for Il-76 aircraft"})["1"][1]


# ---------------------------------------------------------------- dates
def test_a_file_can_be_judged_as_of_another_day(screener: Screener) -> None:
    """Coal of June 2017 was for review under the law of its day and is banned under today's; the manifest says which."""
    row = coal(date="2017-06-03", load_port="KPNAM", origin="")
    assert run(screener, row)["1"][0] == "review"
    results = screener.run(pd.DataFrame([row]), as_of=date(2024, 1, 1))
    assert fired(results)["1"][0] == "possible_violation"
    assert results.manifest["as_of"] == "2024-01-01"


# ---------------------------------------------------------------- stories
def test_crude_through_the_pipeline_in_kilotonnes(screener: Screener) -> None:
    """Half the ceiling, the other half in another unit, then one tonne on the last day and one on the first of the next."""
    rows = [crude(1, "2024-01-10", 300, "kt"), crude(2, "2024-06-10", 225_000_000, "kg"), crude(3, "2024-12-21", 1),
            crude(4, "2024-12-22", 1) | {"committee_notice": "no"}]  # fmt: skip
    found = run(screener, *rows)
    assert [n for n, (_, rules) in found.items() if "UN-OIL-CRUDE-CAP" in rules] == ["3"]
    assert [n for n, (_, rules) in found.items() if "UN-OIL-CRUDE-NOREPORT" in rules] == ["4"]


def test_earlier_deliveries_take_the_year_to_the_stop(screener: Screener, tmp_path: Path) -> None:
    """Exactly 95 percent with this load is a notice, a barrel after it is barred, and the ceiling is a line of its own."""
    past = write(tmp_path / "past.csv", [oil("", "2024-01-20", 474_000)])
    loads = ((1, 1000), (2, 1), (3, 24_999), (4, 1))
    found = run(screener, *(oil(n, f"2024-05-0{n}", load) for n, load in loads), history=past)
    lines = ("UN-OIL-REFINED-NOTICE95", "UN-OIL-REFINED-STOP95", "UN-OIL-REFINED-CAP")
    assert [[line.rsplit("-", 1)[1] for line in lines if line in rules] for _, rules in found.values()] == [
        ["NOTICE95"], ["STOP95"], ["STOP95"], ["STOP95", "CAP"]]  # fmt: skip


def test_a_letter_is_used_up_in_whatever_unit(screener: Screener, tmp_path: Path) -> None:
    """Six thousand kilograms and four tonnes of the ten; a kilogram more is too much."""
    pumps = LETTER | {
        "holder": "Relief International",
        "hs": "8413",
        "item": "water pumps",
        "quantity": "10",
        "unit": "t",
    }
    letters = write(tmp_path / "letters.csv", [pumps])
    loads = ((1, 6000, "kg"), (2, 4, "t"), (3, 1, "kg"))
    rows = [
        fridges(n, f"2024-05-0{n}", amount, unit=unit, hs="841370", goods="water pumps", shipper="Relief International")
        for n, amount, unit in loads
    ]
    assert [decision for decision, _ in run(screener, *rows, exemptions=letters).values()] == [
        "clear", "clear", "possible_violation"]  # fmt: skip


def test_oil_taken_in_parts_for_arms_is_one_exchange(screener: Screener) -> None:
    """Three loads below the threshold within the days of the exchange, all linked to the arms; one on day 61 is not."""
    arms, back = barter(10)
    loads = [back | {"record_id": str(n), "date": day, "quantity": "4000", "unit": "bbl"}
             for n, day in ((2, "2024-03-11"), (3, "2024-03-20"), (4, "2024-04-30"), (5, "2024-05-01"))]  # fmt: skip
    found = run(screener, arms, *loads)
    assert [n for n, (_, rules) in found.items() if "RF-BARTER" in rules] == ["1", "2", "3", "4"]
    results = screener.run(pd.DataFrame([arms, *loads]))
    assert len([a for a in results.alerts if a.rule_id == "RF-BARTER"]) == 1


def test_arms_from_rajin_are_seen_under_any_paper(screener: Screener) -> None:
    """By their name, by an origin behind Vostochny, and as boxes that nobody names."""
    boxes = {"hs": "", "quantity": "300", "unit": "TEU"}
    found = run(
        screener,
        ship(1, "2023-09-12", "KPRJN", "RUVYP", **boxes | {"goods": "122mm rockets"}),
        ship(2, "2023-09-12", "RUVYP", "RUVVO", **boxes | {"goods": "artillery ammunition", "origin": "KP"}),
        ship(3, "2023-09-12", "KPRJN", "RUVYP", **boxes | {"goods": "general cargo"}),
    )
    assert [decision for decision, _ in found.values()] == ["possible_violation", "possible_violation", "review"]
    assert all("UN-ARMS-FROM-KP" in found[n][1] for n in ("1", "2"))
    assert {"RF-DOCS", "RF-ROUTE"} <= found["3"][1]


@pytest.mark.parametrize(
    ("discharge", "decision"), [("KPCHO", "possible_violation"), ("KPFNJ", "possible_violation"), ("RUVVO", "clear")]
)
def test_jet_fuel_is_barred_in_the_north_and_free_at_an_airport_elsewhere(
    screener: Screener, discharge: str, decision: str
) -> None:
    """A notice frees no jet fuel; a plane that fills up abroad for its way back takes none to the DPRK as goods."""
    row = oil(1, "2024-05-01", 20, "t", goods="jet fuel for the return flight of a passenger plane", load_port="RUVVO")
    assert run(screener, row | {"discharge_port": discharge, "shipper": "OOO Aerofuel"})["1"][0] == decision


def test_korea_is_settled_by_an_address_and_by_nothing_else(screener: Screener) -> None:
    """A street of Seoul clears it, Pyongyang and a bare name leave it to review."""
    buyers = (
        "Chosun General Trading, Korea",
        "Taesong Co, Pyongyang, Korea",
        "Hanil Energy, 12 Teheran-ro, Seoul, Korea",
    )
    rows = [oil(n, "2024-05-01", 2000, discharge_port="Korea", consignee=buyer) for n, buyer in enumerate(buyers)]
    assert [decision for decision, _ in run(screener, *rows).values()] == ["review", "review", "clear"]
