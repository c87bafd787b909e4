"""Specifies screening.trades.columns and words: which column is which, and what is told instead of guessed."""

from __future__ import annotations

from pathlib import Path

import pytest

from screening.errors import RulePackError, TradeFileError
from screening.model import COLUMNS
from screening.trades.columns import Layout, lay_out
from screening.trades.mapping import Mapping
from screening.trades.words import fold, load_words

WORDS = load_words()
FILE = Path("file.csv")


def laid_out(headers: list[str], mapping: Mapping | None = None) -> Layout:
    return lay_out(headers, WORDS, mapping or Mapping(), FILE)


def placed(header: str) -> str:
    """Which of our columns one header is, '' where none."""
    layout = (
        laid_out(["date", "insurer", header])
        if fold(header) not in ("date", "insurer")
        else laid_out([header, "vessel"])
    )
    return next((ours for ours, place in layout.places.items() if place == 2), "")


@pytest.mark.parametrize("column", [c for c in COLUMNS if c not in ("date", "insurer")])
def test_our_own_names_are_known_in_any_spelling(column: str) -> None:
    """Case, spaces, underscores and hyphens do not count."""
    for spelling in (column, column.upper(), column.replace("_", " ").title(), column.replace("_", "-"), f" {column} "):
        assert placed(spelling) == column


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("Exporter", "shipper"),
        ("CONSIGNOR", "shipper"),
        ("sender", "shipper"),
        ("Грузоотправитель", "shipper"),
        ("수출자", "shipper"),
        ("发货人", "shipper"),
        ("Importer", "consignee"),
        ("грузополучатель", "consignee"),
        ("수하인", "consignee"),
        ("收货人", "consignee"),
        ("Notify", "notify_party"),
        ("Ship-owner", "owner"),
        ("Судовладелец", "owner"),
        ("POL", "load_port"),
        ("Port of Loading", "load_port"),
        ("Порт погрузки", "load_port"),
        ("선적항", "load_port"),
        ("装货港", "load_port"),
        ("POD", "discharge_port"),
        ("порт выгрузки", "discharge_port"),
        ("양하항", "discharge_port"),
        ("IMO No.", "imo"),
        ("IMO №", "imo"),
        ("Номер ИМО", "imo"),
        ("HS Code", "hs"),
        ("ТН ВЭД", "hs"),
        ("Код ТНВЭД ЕАЭС", "hs"),
        ("Description of Goods", "goods"),
        ("наименование товара", "goods"),
        ("품명", "goods"),
        ("货名", "goods"),
        ("Qty", "quantity"),
        ("Net weight (kg)", "quantity"),
        ("Вес нетто, кг", "quantity"),
        ("중량(톤)", "quantity"),
        ("quantity_t", "quantity"),
        ("Weight [MT]", "quantity"),
        ("UoM", "unit"),
        ("Country of origin", "origin"),
        ("Final destination", "destination"),
        ("Vessel (name)", "vessel"),
        ("Vessel (flag)", "flag"),
        ("Vessel (shipper)", ""),
        ("Gross weight (kg)", ""),
        ("Remarks", ""),
        ("shipperx", ""),
        ("", ""),
        ("quantity_thousand_t", ""),
        ("vessel_t", ""),
    ],
)
def test_common_names_are_known(header: str, column: str) -> None:
    """Names of trade, customs and bank files in four languages are known; what is not certain is left."""
    assert placed(header) == column


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("Net weight (kg)", "kg"),
        ("Вес нетто, кг", "kg"),
        ("중량(톤)", "t"),
        ("quantity_t", "t"),
        ("quantity in barrels", "bbl"),
        ("Weight [MT]", "t"),
        ("Quantity (thousand t)", "thousand t"),
        ("quantity", ""),
        ("Qty", ""),
    ],
)
def test_a_unit_in_the_name_is_taken(header: str, unit: str) -> None:
    """A unit in brackets is taken even where it is not known, so that thousands of tonnes never become tonnes."""
    assert laid_out(["date", "shipper", header]).unit == unit


@pytest.mark.parametrize(
    ("header", "stated"),
    [("Date (DD/MM/YYYY)", "day-first"), ("date [mm/dd/yyyy]", "month-first"), ("Date (local)", ""), ("date", "")],
)
def test_the_order_of_a_date_in_the_name_is_taken(header: str, stated: str) -> None:
    """A column's name may say how its dates are written."""
    assert laid_out([header, "shipper"]).date_format == stated


def test_an_exact_name_wins_over_a_synonym() -> None:
    """The other column is told, and taken for its second meaning where it has one."""
    layout = laid_out(["date", "bl date", "shipper", "exporter", "foo"])
    assert layout.places == {"date": 0, "shipper": 2, "seller": 3}
    assert layout.ignored == ("bl date", "foo")
    assert layout.beside == ("bl date",)


@pytest.mark.parametrize(
    ("headers", "column", "other"),
    [
        (["date", "consignee", "consignee_name"], "consignee", "consignee_name"),
        (["date", "consignee name", "Consignee"], "consignee", "consignee name"),
        (["date", "shipper", "seller", "exporter"], "shipper", "exporter"),
        (["date", "vessel", "ship name"], "vessel", "ship name"),
        (["date", "shipper", "load_port", "POL"], "load_port", "POL"),
        (["date", "shipper", "destination", "final destination"], "destination", "final destination"),
        (["date", "shipper", "goods", "description"], "goods", "description"),
    ],
)
def test_a_party_beside_its_own_column_is_refused(headers: list[str], column: str, other: str) -> None:
    """Nobody named in a column that is passed over goes unscreened; the way out that is told works."""
    says = f"two columns for {column}: .*{other!r}; say which is meant with --mapping, as `{other}: ignore`"
    with pytest.raises(TradeFileError, match=says):
        laid_out(headers)
    assert laid_out(headers, Mapping({fold(other): "ignore"})).ignored == (other,)
    assert laid_out(headers, Mapping({fold(other): "notify_party"})).places["notify_party"] == headers.index(other)


@pytest.mark.parametrize(
    "headers",
    [
        ["date", "shipper", "exporter", "consignee", "importer"],
        ["record_id", "reference", "date", "shipment date", "vessel", "vessel flag", "quantity", "net weight", "unit"],
        ["date", "shipper", "consignee address", "notify_party", "load_port", "country of origin", "cargo"],
    ],
)
def test_a_usual_file_is_not_refused(headers: list[str]) -> None:
    """Our own names beside other names of other columns, and second numbers, days and weights, are no doubt."""
    assert laid_out(headers).places["date"] == headers.index("date")


def test_two_columns_of_one_name_cannot_be_mapped() -> None:
    """What would be right is told: a mapping could only leave out both."""
    with pytest.raises(TradeFileError, match=r"'consignee' and 'Consignee'; give one of them another name"):
        laid_out(["date", "consignee", "Consignee"])


def test_two_synonyms_of_one_column_are_refused() -> None:
    """The sentence names both and the way out, and the way out works."""
    with pytest.raises(TradeFileError, match="'consignor' and 'sender'; say which is meant with --mapping"):
        laid_out(["date", "consignor", "sender"])
    assert laid_out(["date", "consignor", "sender"], Mapping({"sender": "ignore"})).places == {"date": 0, "shipper": 1}
    assert laid_out(["date", "consignor", "sender"], Mapping({"sender": "shipper"})).places == {"date": 0, "shipper": 2}


def test_a_mapping_wins_over_a_name() -> None:
    """What the user says of a column is taken, whatever its name would mean."""
    layout = laid_out(["date", "shipper", "carrier"], Mapping({"shipper": "seller", "carrier": "ignore"}))
    assert layout.places == {"date": 0, "seller": 1}
    assert layout.ignored == ("carrier",)


def test_words_are_checked_at_load(tmp_path: Path) -> None:
    """A columns.yaml with a strange column or a word of two meanings is refused."""
    good = "columns: {date: [day]}\nheader_units: {t: [t]}\ndate_hints: {}\nanswers: {}\nmonths: {}\n"
    for number, (text, says) in enumerate(
        [
            ("columns: {}\n", "lacks the section"),
            (good.replace("date: [day]", "dat: [day]"), "'dat'"),
            (good.replace("{t: [t]}", "{t: [t], kg: [T]}"), "two meanings"),
        ]
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "columns.yaml").write_text(text, encoding="utf-8")
        with pytest.raises(RulePackError, match=says):
            load_words(folder)
