"""The facts of known stories, written down by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

Ask = Callable[..., dict[str, Any]]

# story, cells, facts
STORIES: list[tuple[str, dict[str, str], dict[str, Any]]] = [
    (
        "gasoil from Vostochny to Chongjin without notice",
        {
            "shipper": "OOO Primorsky Bunker",
            "consignee": "Korea Paekyangsan Shipping Co Ltd",
            "vessel": "PAEK YANG SAN 1",
            "flag": "KP",
            "load_port": "RUVYP",
            "discharge_port": "KPCHO",
            "hs": "271019",
            "goods": "Gasoil 0.2%",
            "quantity": "2950",
            "unit": "t",
            "committee_notice": "no",
        },
        {
            "to_kp": True,
            "from_ru": True,
            "route_ru_kp": True,
            "kp_flag": True,
            "goods_class": "refined_petroleum",
            "barrels": 22007.0,
            "committee_notice": False,
            "korea_ambiguous": False,
            "kp_indirect": False,
            "goods_conflict": False,
        },
    ),
    (
        "diesel in Russian to Nampo",
        {
            "consignee": "Nampo Oil Terminal",
            "imo": "8660313",
            "flag": "KP",
            "load_port": "RUVYP",
            "discharge_port": "KPNAM",
            "hs": "271019",
            "goods": "дизельное топливо",
            "quantity": "3500",
            "unit": "т",
        },
        {
            "to_kp": True,
            "route_ru_kp": True,
            "barrels": 26110.0,
            "imo_state": "valid",
            "imo_number": "8660313",
            "committee_notice": pd.NA,
        },
    ),
    (
        "one of thirty small loads",
        {
            "flag": "KP",
            "load_port": "RUVYP",
            "discharge_port": "KPWON",
            "hs": "271019",
            "goods": "diesel",
            "quantity": "2300",
            "unit": "t",
            "committee_notice": "yes",
        },
        {"to_kp": True, "barrels": 17158.0, "barrels_low": 17158.0, "barrels_high": 17158.0, "committee_notice": True},
    ),
    (
        "containers from Rajin to Dunay",
        {
            "shipper": "Rason Foreign Transportation",
            "vessel": "ANGARA",
            "imo": "9179842",
            "flag": "RU",
            "load_port": "KPRJN",
            "discharge_port": "Dunay",
            "goods": "general cargo, 300 containers",
            "quantity": "300",
            "unit": "TEU",
        },
        {
            "from_kp": True,
            "to_ru": True,
            "route_ru_kp": True,
            "discharge_place": "RU-DUNAY",
            "goods_vague": True,
            "goods_known": False,
            "goods_class": "",
            "teu": 300.0,
            "imo_state": "valid",
        },
    ),
    (
        "southern diesel to Sakhalin",
        {
            "shipper": "Ulsan Refining Co",
            "consignee": "Sakhalin Fuel",
            "imo": "9999981",
            "flag": "KR",
            "load_port": "KRUSN",
            "discharge_port": "RUKOR",
            "origin": "Korea",
            "hs": "271019",
            "goods": "gasoil 10ppm",
            "quantity": "5000",
            "unit": "t",
        },
        {
            "to_kp": False,
            "from_kp": False,
            "to_ru": True,
            "korea_ambiguous": False,
            "origin_country": "KR",
            "route_ru_kp": False,
            "kp_indirect": False,
        },
    ),
    (
        "Korea and little else",
        {
            "shipper": "OOO Neftetrans",
            "consignee": "Korea Oil Trading Co., Nampo",
            "load_port": "Nakhodka",
            "discharge_port": "Nampo, Korea",
            "hs": "271012",
            "goods": "бензин АИ-92",
            "quantity": "900",
            "unit": "t",
        },
        {
            "to_kp": pd.NA,
            "korea_ambiguous": True,
            "from_ru": True,
            "barrels": 7515.0,
            "kp_indirect": False,
            "route_ru_kp": False,
        },
    ),
    (
        "Port Rashid by code",
        {
            "load_port": "RUVVO",
            "discharge_port": "AEPRA",
            "hs": "030363",
            "goods": "frozen fish",
            "quantity": "400",
            "unit": "t",
        },
        {
            "to_kp": False,
            "from_ru": True,
            "discharge_place": "AE-RASHID",
            "route_ru_kp": False,
            "goods_class": "seafood",
        },
    ),
    (
        "Port Rashid by name",
        {
            "load_port": "Vladivostok",
            "discharge_port": "Port Rashid, Dubai",
            "hs": "030363",
            "goods": "frozen fish",
            "quantity": "400",
            "unit": "t",
        },
        {"to_kp": False, "discharge_place": "AE-RASHID", "route_ru_kp": False},
    ),
    (
        "refrigerators for vaccines",
        {
            "shipper": "UN agency, Copenhagen",
            "consignee": "Ministry of Public Health, Pyongyang",
            "load_port": "CNDAL",
            "discharge_port": "KPNAM",
            "hs": "841829",
            "goods": "vaccine refrigerators",
            "quantity": "120",
            "unit": "pcs",
        },
        {
            "to_kp": True,
            "goods_class": "machinery_electrical",
            "pieces": 120.0,
            "kp_indirect": False,
            "goods_conflict": False,
        },
    ),
    (
        "sporting-gun parts between others",
        {
            "load_port": "ITGOA",
            "discharge_port": "NZAKL",
            "hs": "930520",
            "goods": "shotgun barrels and stocks",
            "quantity": "800",
            "unit": "kg",
        },
        {"to_kp": False, "from_kp": False, "goods_class": "civil_firearms", "amount_t": 0.8},
    ),
    (
        "flowers",
        {
            "shipper": "Jindallae Flowers Ltd, Seoul",
            "consignee": "Unsan Hospital Supply",
            "load_port": "KRINC",
            "discharge_port": "JPTYO",
            "hs": "060319",
            "goods": "cut flowers",
            "quantity": "2",
            "unit": "t",
        },
        {
            "goods_class": "other",
            "kp_indirect": False,
            "korea_ambiguous": False,
            "load_country": "KR",
            "discharge_country": "JP",
        },
    ),
    (
        "renamed tanker",
        {
            "vessel": "NEW HOPE 9",
            "imo": "8914934",
            "flag": "SL",
            "load_port": "CNLYG",
            "discharge_port": "KPNAM",
            "hs": "271019",
            "goods": "gasoil",
            "quantity": "1800",
            "unit": "t",
        },
        {"to_kp": True, "flag_country": "SL", "barrels": 13428.0, "route_ru_kp": False},
    ),
    (
        "cargo to Syria",
        {
            "vessel": "MARIA E",
            "imo": "9617923",
            "flag": "TG",
            "load_port": "RUNVS",
            "discharge_port": "SYTTS",
            "goods": "general cargo",
            "quantity": "1",
            "unit": "lot",
        },
        {"from_ru": True, "discharge_country": "SY", "goods_vague": True, "imo_state": "valid"},
    ),
    (
        "ship to ship by volume",
        {
            "vessel": "YU JONG 2",
            "imo": "8604917",
            "flag": "KP",
            "load_port": "STS East China Sea",
            "discharge_port": "KP",
            "hs": "271019",
            "goods": "fuel oil",
            "quantity": "1168",
            "unit": "kL",
        },
        {
            "sts": True,
            "kp_flag": True,
            "to_kp": True,
            "load_country": "XZ",
            "load_place": "STS-ECS",
            "barrels": 7346.49898,
        },
    ),
    (
        "fishery products on the arms route",
        {
            "shipper": "Rajin Fishery Station",
            "flag": "RU",
            "load_port": "KPRJN",
            "discharge_port": "RUVYP",
            "hs": "030389",
            "goods": "рыбная продукция, dry containers",
            "quantity": "840",
            "unit": "t",
        },
        {"from_kp": True, "route_ru_kp": True, "goods_class": "seafood", "goods_conflict": False, "amount_t": 840.0},
    ),
    (
        "crude by pipeline",
        {
            "load_port": "Dandong pipeline",
            "discharge_port": "Sinuiju",
            "hs": "270900",
            "goods": "crude oil",
            "quantity": "43750",
            "unit": "t",
            "committee_notice": "yes",
        },
        {"to_kp": True, "goods_class": "crude_oil", "amount_t": 43750.0, "load_country": "CN", "route_ru_kp": False},
    ),
    (
        "excavators to Rason",
        {
            "consignee": "Rason City People's Committee",
            "load_port": "RUVVO",
            "discharge_port": "KPRJN",
            "hs": "842952",
            "goods": "экскаваторы",
            "quantity": "12",
            "unit": "pcs",
        },
        {"to_kp": True, "route_ru_kp": True, "goods_class": "machinery_electrical"},
    ),
    (
        "sand out of Nampo",
        {
            "load_port": "KPNAM",
            "discharge_port": "CNDAL",
            "hs": "250510",
            "goods": "silica sand",
            "quantity": "4000",
            "unit": "t",
        },
        {"from_kp": True, "goods_class": "earth_stone", "us_port": False},
    ),
    (
        "a call at Los Angeles",
        {
            "load_port": "CNDAL",
            "discharge_port": "USLAX",
            "hs": "691110",
            "goods": "ceramics",
            "quantity": "900",
            "unit": "t",
        },
        {"us_port": True, "goods_class": "other", "to_kp": False},
    ),
    (
        "anthracite to Rizhao",
        {
            "imo": "8747604",
            "flag": "KN",
            "load_port": "KPNAM",
            "discharge_port": "Rizhao, China",
            "hs": "270111",
            "goods": "anthracite",
            "quantity": "5000",
            "unit": "t",
        },
        {"from_kp": True, "goods_class": "coal", "discharge_place": "CN-RIZHAO", "to_kp": False},
    ),
]


@pytest.mark.parametrize(("cells", "expected"), [s[1:] for s in STORIES], ids=[s[0] for s in STORIES])
def test_a_story_has_its_facts(facts: Ask, cells: dict[str, str], expected: dict[str, Any]) -> None:
    """What a reader of the papers would say is what the facts say."""
    found = facts(**cells)

    def differs(name: str, value: Any) -> bool:
        return found[name] is not pd.NA if value is pd.NA else bool(found[name] != value)

    assert {name: found[name] for name, value in expected.items() if differs(name, value)} == {}
