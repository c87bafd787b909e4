"""From records to facts: goods, quantities and notices together."""

from __future__ import annotations

import math
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from screening.enrich import Enricher
from screening.errors import RulePackError
from screening.tables import rules_folder
from tests.enrich.conftest import frame_of

Ask = Callable[..., dict[str, Any]]


def test_barrels_follow_goods_and_unit(facts: Ask) -> None:
    """The product of the text gives the factor, and the why tells it with its set and status."""
    found = facts(hs="271019", goods="Gasoil 0.2%", quantity="2950", unit="t")
    assert (found["amount_t"], found["barrels_low"], found["barrels"], found["barrels_high"]) == (
        2950,
        22007,
        22007,
        22007,
    )
    assert found["barrels_why"] == "7.46 bbl/t (gas oil or diesel, un1718-2021, inferred)"


def test_an_unknown_product_gives_an_interval(facts: Ask) -> None:
    """HS 2710 alone leaves the product open."""
    found = facts(hs="271019", quantity="1000", unit="t")
    assert (found["barrels_low"], found["barrels"], found["barrels_high"]) == (6350, 8330, 11600)


@pytest.mark.filterwarnings("error")
def test_what_is_too_large_to_be_converted_is_not_known(facts: Ask) -> None:
    """No infinite barrels, tonnes or boxes, and no warning."""
    found = facts(hs="271019", goods="Gasoil", quantity="1e308", unit="kt")
    assert all(math.isnan(found[name]) for name in ("amount_t", "barrels_low", "barrels", "barrels_high"))
    assert math.isnan(facts(goods=f"coal {'9' * 400} t", quantity="1e308", unit="FEU")["teu"])
    assert math.isnan(facts(goods=f"coal {'9' * 400} t", quantity="2", unit="TEU")["tonnes_per_teu"])


def test_volume_is_exact(facts: Ask) -> None:
    """1,168 kilolitres are 7,346.5 barrels."""
    found = facts(hs="271019", goods="fuel oil", quantity="1168", unit="kL")
    assert round(found["barrels"], 1) == 7346.5
    assert found["barrels_low"] == found["barrels"] == found["barrels_high"]
    assert math.isnan(found["amount_t"])


def test_crude_keeps_its_own_measure(facts: Ask) -> None:
    """Crude in tonnes has no barrels."""
    found = facts(hs="270900", goods="crude oil", quantity="43750", unit="t")
    assert found["amount_t"] == 43750
    assert math.isnan(found["barrels"])


@pytest.mark.parametrize(
    ("quantity", "unit", "told"),
    [
        ("", "t", "quantity is empty"),
        ("-5", "t", "quantity is empty"),
        ("5", "banana", "'banana' is not known"),
        ("5", "", "unit is empty"),
        ("5", "Mbbl", "cannot be told"),
    ],
)
def test_an_amount_that_cannot_be_read_is_told(facts: Ask, quantity: str, unit: str, told: str) -> None:
    """No amount is ever made up."""
    found = facts(hs="271019", goods="diesel", quantity=quantity, unit=unit)
    assert math.isnan(found["barrels"])
    assert told in found["barrels_why"]


def test_no_quantity_and_no_unit_is_silent(facts: Ask) -> None:
    """A record without quantity has nothing to explain."""
    assert facts(hs="271019", goods="diesel")["barrels_why"] == ""


def test_equal_loads_add_up(facts: Ask) -> None:
    """Barrels are kept to a millionth, so that sums at a ceiling do not tip over by binary fractions."""
    load = facts(hs="271019", goods="diesel", quantity="2300", unit="t")["barrels"]
    assert load == 17158.0
    assert 30 * load == 514_740.0


def test_weight_by_box(facts: Ask) -> None:
    """Tonnes by box come of the unit and the text together."""
    found = facts(hs="620342", goods="garments, 40 containers", quantity="800", unit="t")
    assert (found["teu"], found["tonnes_per_teu"]) == (40.0, 20.0)
    assert facts(goods="toys", quantity="300", unit="TEU")["teu"] == 300.0


def test_jet_fuel_is_jet_fuel(facts: Ask) -> None:
    """TS-1 under the code of diesel is aviation fuel, counted by the factor of kerosene."""
    found = facts(hs="271019", goods="топливо ТС-1", quantity="100", unit="т")
    assert (found["goods_class"], found["barrels"]) == ("aviation_fuel", 788.0)
    assert "тс 1" in found["goods_why"]


@pytest.mark.parametrize(
    ("cell", "answer"),
    [
        ("yes", True),
        ("Да", True),
        ("예", True),
        ("是", True),
        ("no", False),
        ("НЕТ", False),
        ("否", False),
        ("", None),
        ("perhaps", None),
    ],
)
def test_a_notice_is_yes_no_or_unknown(facts: Ask, cell: str, answer: bool | None) -> None:
    """An empty cell is not a no."""
    found = facts(committee_notice=cell)["committee_notice"]
    assert found is pd.NA if answer is None else found == answer


def test_the_tables_of_another_folder_are_used(tmp_path: Path) -> None:
    """Figures come from the folder that is given, and a missing table is told."""
    for name in ("ports.csv", "countries.csv", "place_words.yaml", "goods.csv", "goods_words.yaml", "units.yaml"):
        shutil.copy(rules_folder() / name, tmp_path / name)
    units = tmp_path / "units.yaml"
    units.write_text(
        units.read_text(encoding="utf-8").replace('gasoil: {factor: "7.46"', 'gasoil: {factor: "7.00"', 1),
        encoding="utf-8",
    )
    frame = frame_of({"hs": "271019", "goods": "diesel", "quantity": "10", "unit": "t"})
    assert Enricher.load(tmp_path).enrich(frame)["barrels"].tolist() == [70.0]
    units.unlink()
    with pytest.raises(RulePackError, match=r"units\.yaml"):
        Enricher.load(tmp_path)


def test_columns_that_a_file_lacks_are_empty(enricher: Enricher) -> None:
    """A frame with a date and a port alone has all facts."""
    found = enricher.enrich(pd.DataFrame({"load_port": pd.Series(["KPNAM"], dtype="str")}))
    assert found["from_kp"].tolist() == [True]
    assert found["imo_state"].tolist() == ["empty"]


def test_the_number_in_the_name_counts_only_without_an_imo_cell(facts: Callable[..., dict[str, Any]]) -> None:
    """An IMO number in the vessel's name is read where the imo cell is empty, and told as such."""
    found = facts(vessel="SEA STAR (IMO 8660313)", imo="")
    assert (found["imo_number"], found["imo_state"]) == ("8660313", "valid")
    assert "the vessel cell" in found["imo_why"]
    assert facts(vessel="SEA STAR (IMO 8660313)", imo="9179842")["imo_number"] == "9179842"
