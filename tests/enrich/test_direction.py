"""Where goods go and come from, on the evidence of the whole record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from screening.enrich import FACTS, Enricher
from tests.enrich.conftest import frame_of

Ask = Callable[..., dict[str, Any]]
UNKNOWN = pd.NA


def same(found: Any, expected: Any) -> bool:
    return found is pd.NA if expected is pd.NA else bool(found == expected)


# cells of the record, facts expected
RECORDS: list[tuple[str, dict[str, str], dict[str, Any]]] = [
    ("discharge gives the direction", {"discharge_port": "KPNAM"}, {"to_kp": True, "from_kp": False}),
    (
        "onward gives the direction",
        {"discharge_port": "CNDAL", "onward_port": "KPNAM"},
        {"to_kp": True, "kp_indirect": True},
    ),
    ("destination gives the direction", {"destination": "Korea, Democratic People's Republic of"}, {"to_kp": True}),
    ("loading gives the direction", {"load_port": "라진항"}, {"from_kp": True, "to_kp": False}),
    ("origin gives the direction", {"load_port": "CNDAL", "origin": "DPRK"}, {"from_kp": True}),
    ("Russia likewise", {"load_port": "Murmansk", "destination": "РФ"}, {"from_ru": True, "to_ru": True}),
    (
        "nothing is nowhere",
        {},
        {"to_kp": False, "from_kp": False, "to_ru": False, "from_ru": False, "load_how": "empty"},
    ),
    (
        "a near spelling is unknown",
        {"discharge_port": "Chonjin"},
        {"to_kp": UNKNOWN, "discharge_country": "", "discharge_how": "near"},
    ),
    (
        "a near spelling beside the country is sure",
        {"discharge_port": "Chonjin, DPRK"},
        {"to_kp": True, "discharge_how": "near"},
    ),
    ("a sure end settles a near one", {"discharge_port": "Chonjin", "destination": "KP"}, {"to_kp": True}),
    (
        "a cell that could not be read is unknown",
        {"unreadable": "discharge_port"},
        {"to_kp": UNKNOWN, "from_kp": False, "to_ru": UNKNOWN},
    ),
    # which Korea
    (
        "Korea with a southern port",
        {"load_port": "KRUSN", "origin": "Korea"},
        {"korea_ambiguous": False, "from_kp": False, "origin_country": "KR"},
    ),
    (
        "Korea with a northern port",
        {"load_port": "KPNAM", "origin": "Korea"},
        {"korea_ambiguous": False, "from_kp": True, "origin_country": "KP"},
    ),
    (
        "Korea with a port elsewhere",
        {"load_port": "CNDAL", "origin": "Korea"},
        {"korea_ambiguous": True, "from_kp": UNKNOWN},
    ),
    (
        "Korea with a port at the other end",
        {"discharge_port": "KRUSN", "origin": "Korea"},
        {"korea_ambiguous": True, "from_kp": UNKNOWN},
    ),
    (
        "Nampo, Korea",
        {"discharge_port": "Nampo, Korea"},
        {"korea_ambiguous": True, "to_kp": UNKNOWN, "discharge_place": ""},
    ),
    (
        "Nampo, Korea under a DPRK flag",
        {"discharge_port": "Nampo, Korea", "flag": "KP"},
        {"korea_ambiguous": False, "to_kp": True, "discharge_place": "KP-NAMPO"},
    ),
    (
        "Nampo, Korea for a party in Pyongyang",
        {"discharge_port": "Nampo, Korea", "consignee": "Trading Co, Pyongyang"},
        {"korea_ambiguous": False, "to_kp": True},
    ),
    (
        "Nampo, Korea and the South stated",
        {"discharge_port": "Nampo, Korea", "destination": "South Korea"},
        {"korea_ambiguous": False, "to_kp": False, "discharge_country": "KR"},
    ),
    (
        "Korea for a party in Seoul",
        {"destination": "Korea", "consignee": "Hanil Co Ltd, Seoul"},
        {"korea_ambiguous": False, "to_kp": False},
    ),
    ("Nampo alone", {"discharge_port": "Nampo"}, {"to_kp": True}),
    (
        "Nampo of southern origin",
        {"load_port": "Nampo", "origin": "KR"},
        {"from_kp": UNKNOWN, "load_country": "", "load_place": ""},
    ),
    (
        "coal out of Nampo of southern origin",
        {"load_port": "Nampo", "discharge_port": "Cam Pha", "origin": "KR"},
        {"from_kp": UNKNOWN},
    ),
    (
        "Nampo, the South stated",
        {"load_port": "Vostochny", "discharge_port": "Nampo", "destination": "KR"},
        {"to_kp": UNKNOWN},
    ),
    (
        "Nampo, a party there and the South stated",
        {"discharge_port": "Nampo", "destination": "KR", "consignee": "Nampo Oil Terminal, DPRK"},
        {"to_kp": UNKNOWN},
    ),
    ("Nampo, South Korea in one cell", {"discharge_port": "Nampo, South Korea", "destination": "KR"}, {"to_kp": False}),
    ("Taean of southern origin", {"load_port": "Taean", "origin": "Republic of Korea"}, {"from_kp": False}),
    ("Taean alone", {"load_port": "Taean"}, {"from_kp": UNKNOWN, "load_place": ""}),
    (
        "Taean for the DPRK",
        {"discharge_port": "Taean", "destination": "DPRK"},
        {"to_kp": True, "discharge_place": "KP-TAEAN"},
    ),
    (
        "Taean for a party in Pyongyang",
        {"discharge_port": "Taean", "consignee": "Trading Co, Pyongyang"},
        {"to_kp": True, "discharge_place": "KP-TAEAN"},
    ),
    (
        "Taean for a party in Pyongyang, the South stated",
        {"discharge_port": "Taean", "consignee": "Trading Co, Pyongyang", "destination": "KR"},
        {"to_kp": UNKNOWN},
    ),
    ("Nampo, DPRK and the South stated", {"discharge_port": "Nampo, DPRK", "destination": "KR"}, {"to_kp": True}),
    ("the South across", {"load_port": "KRPUS", "discharge_port": "Nampo"}, {"to_kp": True}),
    (
        "a party's name says Korea",
        {"load_port": "CNDAL", "consignee": "Korea Oil Trading Co"},
        {"korea_ambiguous": False},
    ),
    (
        "a party's address says Korea",
        {"discharge_port": "CNDAL", "consignee": "Oil Trading Co, Korea"},
        {"korea_ambiguous": True},
    ),
    (
        "a party in Nampo, Korea",
        {"consignee": "Korea Oil Trading Co., Nampo"},
        {"korea_ambiguous": True, "kp_indirect": False},
    ),
    (
        "a party's Korea is settled by the port",
        {"discharge_port": "KRPUS", "consignee": "Trading Co, Korea"},
        {"korea_ambiguous": False},
    ),
    # the Danube and the closed port
    ("Dunay alone", {"discharge_port": "Dunay"}, {"to_ru": False, "discharge_how": "unresolved"}),
    (
        "Dunay out of Rajin",
        {"load_port": "KPRJN", "discharge_port": "Dunay"},
        {"to_ru": True, "discharge_place": "RU-DUNAY", "route_ru_kp": True},
    ),
    ("Dunay out of an unnamed DPRK port", {"load_port": "Najin", "discharge_port": "Дунай"}, {"to_ru": True}),
    (
        "Dunay by the destination",
        {"load_port": "CNDAL", "discharge_port": "Dunay", "destination": "RU"},
        {"to_ru": True, "discharge_place": "RU-DUNAY"},
    ),
    ("Dunay under a Russian flag", {"discharge_port": "Dunai", "flag": "RU"}, {"to_ru": True}),
    (
        "Dunay in Ukraine under a Russian flag",
        {"discharge_port": "Dunai, Ukraine", "flag": "RU"},
        {"to_ru": False, "discharge_country": "UA"},
    ),
    (
        "Dunay against its destination",
        {"discharge_port": "Dunai", "flag": "RU", "destination": "Serbia"},
        {"to_ru": False},
    ),
    ("Boston by the origin", {"load_port": "Boston", "origin": "US"}, {"us_port": True}),
    # indirect
    (
        "a notify party in Pyongyang",
        {"discharge_port": "CNDAL", "notify_party": "Trading Corp, Pyongyang"},
        {"kp_indirect": True, "to_kp": False},
    ),
    ("a bank in the DPRK", {"remitting_bank": "Bank, 평양"}, {"kp_indirect": True}),
    ("a consignee in the DPRK by country", {"consignee": "Korea Ponghwa, DPRK"}, {"kp_indirect": True}),
    ("a consignee in Rajin, Korea", {"consignee": "Foreign Transport, Rajin, Korea"}, {"kp_indirect": True}),
    ("a Malay firm", {"consignee": "Rajin Enterprise Sdn Bhd"}, {"kp_indirect": False}),
    ("place of origin in Korean", {"shipper": "원산지 식품"}, {"kp_indirect": False}),
    ("a shipbuilder", {"shipper": "현대조선"}, {"kp_indirect": False, "korea_ambiguous": False}),
    (
        "direct is not indirect",
        {"discharge_port": "KPNAM", "consignee": "Ministry, Pyongyang"},
        {"kp_indirect": False, "to_kp": True},
    ),
    # route
    ("oil route", {"load_port": "RUVYP", "discharge_port": "KPCHO"}, {"route_ru_kp": True}),
    ("arms route", {"load_port": "라진", "discharge_port": "порт Восточный"}, {"route_ru_kp": True}),
    ("rail route", {"load_port": "Tumangang", "discharge_port": "Khasan"}, {"route_ru_kp": True}),
    ("unnamed DPRK port", {"load_port": "RUNJK", "discharge_port": "KP"}, {"route_ru_kp": True}),
    ("border with China", {"load_port": "RUVVO", "discharge_port": "Sinuiju"}, {"route_ru_kp": False, "to_kp": True}),
    ("Baltic port", {"load_port": "RUPRI", "discharge_port": "KPCHO"}, {"route_ru_kp": False}),
    (
        "cosmodrome",
        {"load_port": "Vostochny Cosmodrome", "discharge_port": "KPCHO"},
        {"route_ru_kp": False, "from_ru": True},
    ),
    ("the South", {"load_port": "KRUSN", "discharge_port": "RUVVO"}, {"route_ru_kp": False}),
    # at sea, flag, United States
    (
        "ship to ship",
        {"load_port": "STS East China Sea", "discharge_port": "KP", "flag": "KP"},
        {"sts": True, "kp_flag": True, "to_kp": True},
    ),
    ("onward at sea", {"onward_port": "STS"}, {"sts": False}),
    ("flag by name", {"flag": "DPR Korea"}, {"kp_flag": True, "flag_country": "KP"}),
    ("flag of one Korea", {"flag": "Korea"}, {"kp_flag": UNKNOWN}),
    ("flag of one Korea, a port of the South", {"flag": "Korea", "load_port": "KRPUS"}, {"kp_flag": False}),
    ("flag that nobody can read", {"flag": "Qzx", "unreadable": "flag"}, {"kp_flag": UNKNOWN}),
    ("flag of the South", {"flag": "KOR"}, {"kp_flag": False, "flag_country": "KR"}),
    ("a US port", {"discharge_port": "USLAX"}, {"us_port": True}),
    ("a US port by name", {"discharge_port": "Houston, TX"}, {"us_port": True}),
    ("a port of a US territory", {"discharge_port": "GUAPR"}, {"us_port": True}),
    ("the same by name", {"discharge_port": "San Juan, Puerto Rico"}, {"us_port": True}),
    ("British islands of like name", {"discharge_port": "Road Town, Virgin Islands (UK)"}, {"us_port": False}),
]


@pytest.mark.parametrize(("cells", "expected"), [r[1:] for r in RECORDS], ids=[r[0] for r in RECORDS])
def test_a_record_goes_where_its_evidence_says(facts: Ask, cells: dict[str, str], expected: dict[str, Any]) -> None:
    """Each end of the trade is settled by the evidence at that end."""
    found = facts(**cells)
    assert {name: found[name] for name, value in expected.items() if not same(found[name], value)} == {}


@pytest.mark.parametrize(
    ("cells", "fact", "told"),
    [
        ({"discharge_port": "KPCHO"}, "to_kp", "discharge_port 'KPCHO' is Chongjin (KP)"),
        (
            {"discharge_port": "KPCHO", "destination": "DPRK"},
            "to_kp",
            "discharge_port 'KPCHO' is Chongjin (KP); destination 'DPRK' is in North Korea (KP)",
        ),
        ({"discharge_port": "Chonjin"}, "to_kp", "discharge_port 'Chonjin' is one letter from Chongjin (KP)"),
        ({"unreadable": "load_port"}, "from_kp", "load_port could not be read"),
        (
            {"load_port": "KPRJN", "discharge_port": "Dunay"},
            "to_ru",
            "discharge_port 'Dunay' may be Dunay (RU): taken so by the other cells of the record",
        ),
        (
            {"discharge_port": "CNDAL", "notify_party": "Corp, Pyongyang"},
            "kp_indirect",
            "notify_party 'Corp, Pyongyang' names Pyongyang",
        ),
        ({"destination": "Korea"}, "korea_ambiguous", "destination 'Korea' does not say which Korea"),
        ({"load_port": "KRUSN", "discharge_port": "RUVVO"}, "to_kp", ""),
    ],
)
def test_the_evidence_is_told_in_words(facts: Ask, cells: dict[str, str], fact: str, told: str) -> None:
    """A fact that holds, or is in doubt, says by which cells; one that does not says nothing."""
    assert facts(**cells)[f"{fact}_why"] == told


def test_a_record_does_not_depend_on_its_neighbours(enricher: Enricher) -> None:
    """Alone, in any company and in any order a record has the same facts."""
    cells = [r[1] for r in RECORDS]
    together = enricher.enrich(frame_of(*cells))
    backwards = enricher.enrich(frame_of(*reversed(cells)))[::-1].reset_index(drop=True)
    alone = pd.concat([enricher.enrich(frame_of(c)) for c in cells], ignore_index=True)
    pd.testing.assert_frame_equal(together, backwards)
    pd.testing.assert_frame_equal(together, alone)


def test_all_facts_are_there_in_their_types(enricher: Enricher) -> None:
    """The frame of facts has the columns and types of FACTS and the index of the records, with no record too."""
    frame = frame_of({"load_port": "KPNAM"}, {}).set_index(pd.Index([7, 3]))
    for records in (frame, frame.iloc[:0]):
        found = enricher.enrich(records)
        assert {name: str(dtype) for name, dtype in found.dtypes.items()} == FACTS
        assert list(found.index) == list(records.index)


def test_a_contradiction_tells_both_sides(facts: Callable[..., dict[str, Any]]) -> None:
    """The reason names the port that is the DPRK's by default and the cell that says the South."""
    why = facts(discharge_port="Nampo", destination="KR")["to_kp_why"]
    assert "'Nampo' is Nampo (KP)" in why
    assert "destination 'KR' is in" in why
    assert "contradict" in why
