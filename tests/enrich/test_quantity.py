"""Amounts in tonnes, barrels, boxes and pieces."""

from __future__ import annotations

import math
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.enrich.quantity import Units, unit_key
from screening.errors import RulePackError
from screening.tables import rules_folder

UNITS = Units.load(rules_folder() / "units.yaml")
REFINED = frozenset({"refined_petroleum"})
CRUDE = frozenset({"crude_oil"})

SPELLINGS = [
    ("tonne", "t MT mt mts tonne tonnes тн т тонн 톤 吨 T M.T."),
    ("bare ton", "ton tons Ton"),
    ("kilogram", "kg KGS кг 킬로그램"),
    ("barrel", "bbl bbls BBL barrel barrels барр баррель баррелей 배럴 桶"),
    ("kilolitre", "kL kl KL 킬로리터 ㎘"),
    ("cubic metre", "m3 m³ ㎥ cbm CBM куб.м м3"),
    ("litre", "L l ltr litres литр 리터"),
    ("bare gallon", "gal gallons"),
    ("US gallon", "USG"),
    ("TEU", "TEU teu teus"),
    ("FEU", "FEU"),
    ("piece", "pcs PCS шт 개 件 rounds"),
    ("thousand barrels", "M Mbbl kb MB"),
    ("pound", "lb lbs"),
]


@pytest.mark.parametrize(("name", "written"), SPELLINGS)
def test_a_unit_is_known_in_its_spellings(name: str, written: str) -> None:
    """Case, dots and raised figures never matter."""
    for label in written.split():
        unit = UNITS.find(label)
        assert unit is not None, label
        assert unit.name == name, label


@pytest.mark.parametrize(
    ("unit", "product", "amount", "barrels"),
    [
        ("t", "gasoil", 2950, 22_007.0),
        ("t", "gasoline", 900, 7_515.0),
        ("kg", "gasoil", 1_000_000, 7_460.0),
        ("t", "kerosene", 100, 788.0),
        ("t", "fuel_oil", 1721, 10_928.35),
        ("t", "lpg", 10, 116.0),
        ("kL", "fuel_oil", 1168, 7346.5),
        ("m3", "", 1, 6.2898107704),
        ("gal", "gasoil", 42, 1.0),
        ("L", "", 158.987294928, 1.0),
        ("bbl", "", 475_000, 475_000.0),
    ],
)
def test_an_amount_is_so_many_barrels(unit: str, product: str, amount: float, barrels: float) -> None:
    """Mass by the factor of the product, volume exactly."""
    measure = UNITS.measure(unit, product, REFINED)
    assert measure.barrels is not None
    assert math.isclose(amount * measure.barrels, barrels, rel_tol=1e-5)


def test_an_unknown_product_is_an_interval() -> None:
    """The basket stands between the least and the greatest factor of the Committee's table."""
    measure = UNITS.measure("t", "", REFINED)
    assert (measure.low, measure.barrels, measure.high) == (6.35, 8.33, 11.60)
    assert "not known" in measure.why


def test_volume_has_no_interval() -> None:
    """A volume needs no density, whatever the product."""
    measure = UNITS.measure("kL", "", REFINED)
    assert measure.low == measure.barrels == measure.high


def test_crude_is_never_converted() -> None:
    """Crude counts in tonnes against one limit and in barrels against another."""
    by_mass, by_volume = UNITS.measure("t", "", CRUDE), UNITS.measure("bbl", "", CRUDE)
    assert (by_mass.tonnes, by_mass.barrels) == (1.0, None)
    assert (by_volume.tonnes, by_volume.barrels) == (None, 1.0)
    assert "not converted" in by_mass.why


def test_a_bare_ton_is_metric_and_ambiguous() -> None:
    """A short ton is less and a long ton more: the interval holds both."""
    measure = UNITS.measure("tons", "gasoil", REFINED)
    assert measure.ambiguous
    assert measure.tonnes == 1.0
    assert measure.low == pytest.approx(0.90718474 * 7.46)
    assert measure.high == pytest.approx(1.0160469088 * 7.46)


@pytest.mark.parametrize("unit", ["M", "Mbbl", "kb", "MB", "LT"])
def test_an_amount_that_cannot_be_told_is_none(unit: str) -> None:
    """M is a thousand in the oil trade and a million elsewhere."""
    measure = UNITS.measure(unit, "gasoil", REFINED)
    assert measure.ambiguous
    assert (measure.tonnes, measure.barrels) == (None, None)
    assert "cannot be told" in measure.why


@pytest.mark.parametrize("unit", ["lot", "banana", "?", "тонна-километр"])
def test_an_unknown_unit_is_never_taken_for_one(unit: str) -> None:
    """An unknown unit gives no amount, and says so."""
    measure = UNITS.measure(unit, "gasoil", REFINED)
    assert (measure.tonnes, measure.barrels, measure.teu, measure.pieces) == (None, None, None, None)
    assert "not known" in measure.why


def test_goods_that_are_no_petroleum_have_no_barrels() -> None:
    """Fish in tonnes or wine in litres is not counted in barrels; goods that nothing names are, by volume."""
    assert UNITS.measure("t", "", frozenset({"seafood"})).barrels is None
    assert UNITS.measure("L", "", frozenset({"luxury_art"})).barrels is None
    assert UNITS.measure("bbl", "", frozenset()).barrels == 1.0


def test_boxes_are_counted_in_twenty_feet() -> None:
    """A forty-foot box is two; a box of unsaid length is one, in doubt."""
    assert [UNITS.measure(u, "", frozenset()).teu for u in ("TEU", "FEU", "containers")] == [1.0, 2.0, 1.0]
    assert [UNITS.measure(u, "", frozenset()).ambiguous for u in ("TEU", "FEU", "containers")] == [False, False, True]


SURE = [u for u in UNITS.units.values() if u.factor is not None]
amounts = st.decimals(min_value=0, max_value=10**9, places=3, allow_nan=False, allow_infinity=False)


@given(st.sampled_from(SURE), amounts)
def test_there_and_back_is_the_same(unit: object, amount: Decimal) -> None:
    """Into the base unit and back gives the amount."""
    factor = unit.factor  # type: ignore[attr-defined]
    assert abs(amount * factor / factor - amount) <= Decimal("1e-12")


@given(
    st.sampled_from([u.name for u in SURE]),
    st.sampled_from(["", *UNITS.product_names]),
    st.sampled_from(sorted(UNITS.sets)),
)
def test_the_interval_holds_its_middle(unit: str, product: str, factor_set: str) -> None:
    """Low is never above the middle, nor the middle above high, in any factor set."""
    measure = UNITS.measure(unit, product, REFINED, factor_set)
    if measure.barrels is not None:
        assert measure.low is not None
        assert measure.high is not None
        assert 0 < measure.low <= measure.barrels <= measure.high


def test_heavier_products_give_fewer_barrels() -> None:
    """In every factor set a tonne of gas is more barrels than one of gasoline, and so on down to fuel oil."""
    for name in UNITS.sets:
        factors = [UNITS.factor(p, name).middle for p in ("lpg", "gasoline", "kerosene", "gasoil", "fuel_oil")]
        assert factors == sorted(factors, reverse=True)


@given(st.text(max_size=15))
def test_no_unit_is_too_strange(text: str) -> None:
    """A unit key is found or not; it never fails."""
    assert unit_key(unit_key(text)) == unit_key(text)
    UNITS.measure(text, "", REFINED)


def test_definitions_hold_against_one_another() -> None:
    """42 US gallons are a barrel, 2,240 pounds a long ton."""
    factor = {u.name: u.factor for u in SURE}
    assert factor["barrel"] == UNITS.barrel == 42 * (factor["US gallon"] or 0)
    assert factor["long ton"] == 2240 * (factor["pound"] or 0)
    assert factor["short ton"] == 2000 * (factor["pound"] or 0)


BAD = [
    ('factor: "0.001"', 'factor: "zero"', "is no number"),
    ('factor: "0.001"', 'factor: "0"', "above zero"),
    ("kind: count", "kind: heap", "kind 'heap'"),
    ("default_factors: un1718-2021", "default_factors: mine", "default factor set"),
    ("product_names:", "names_of_products:", "lacks the part"),
]


@pytest.mark.parametrize(("old", "new", "told"), BAD)
def test_a_bad_figure_is_refused(tmp_path: Path, old: str, new: str, told: str) -> None:
    """A table that makes no sense is refused when it is loaded."""
    text = (rules_folder() / "units.yaml").read_text(encoding="utf-8")
    assert old in text
    bad = tmp_path / "units.yaml"
    bad.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RulePackError, match=told):
        Units.load(bad)


def test_thousands_of_barrels_in_words_are_read() -> None:
    """Written out, a thousand barrels is no longer in doubt."""
    for label in ("тыс. барр.", "thousand barrels", "тыс. баррелей"):
        assert UNITS.fault(label) == ""
        assert UNITS.measure(label, "", frozenset()).barrels == pytest.approx(1000)
    assert "not known" in UNITS.fault("flasks")
