"""No hit without an alert: the shipped rules divide every list, programme, kind, measure and day among themselves."""

from __future__ import annotations

from datetime import date
from itertools import product

from screening.rulebook import packs
from screening.rulebook.decide import Judge
from screening.tables import rules_folder
from tests.rulebook.conftest import records

LISTED = {
    ("US", "US-SDN"): [
        "DPRK",
        "NPWMD;DPRK2",
        "RUSSIA-EO14024",
        "UKRAINE-EO13661;RUSSIA-EO14024",
        "DPRK3;RUSSIA-EO14024",
        "SDGT",
        "",
    ],
    ("US", "US-NONSDN"): ["NS-PLC", ""],
    ("US", "US-FUTURE"): ["NEW-PROGRAMME"],
    ("UN", "UN-SC"): ["DPRK", "Libya", "Iran", ""],
    ("UN", "UN-1718"): ["UNSCR-1718", ""],
    ("EU", "EU-FSF"): ["PRK", "UKR", "RUS", "SYR", "PRK;UKR", ""],
    ("EU", "EU-1509"): ["EU-PRK"],
    ("EU", "EU-269"): ["EU-UKR"],
    ("EU", "EU-833-XLII"): ["EU-RUS Art 3s(2)(a)"],
    ("UK", "UK-SL"): [
        "The Democratic People's Republic of Korea (Sanctions) (EU Exit) Regulations 2019",
        "The Russia (Sanctions) (EU Exit) Regulations 2019",
        "The Libya (Sanctions) (EU Exit) Regulations 2020",
        "",
    ],
    ("UK", "UK-OFSI"): ["Ukraine (Sovereignty)", "Democratic People's Republic of Korea"],
    ("KR", "KR"): ["ROK-DPRK", ""],
    ("JP", "JP"): ["Japan-autonomous", ""],
    ("CH", "CH-SECO"): ["North Korea", ""],
    ("OS", "OS-UA"): ["UA-WS-MARE", ""],
    ("HOUSE", "HOUSE"): ["", "watch only"],
}
KINDS = ["person", "organisation", "vessel", "aircraft", "other"]
MEASURES = ["", "asset freeze", "port-entry ban", "blocking"]
DAYS = [
    date(1960, 1, 1), date(2006, 10, 13), date(2014, 3, 16), date(2014, 3, 17), date(2020, 12, 30), date(2021, 4, 14),
    date(2021, 4, 15), date(2024, 6, 24), date(2026, 1, 1),
]  # fmt: skip


def test_every_hit_has_an_alert() -> None:
    """Whatever the list, the programme and the day, some rule fires on a party or vessel that is listed."""
    hits = [
        {"authority": authority, "list": code, "programme": programme, "kind": kind, "measure": measure,
         "role": "imo" if kind == "vessel" else "shipper", "by": "identifier"}
        for (authority, code), programmes in LISTED.items()
        for programme, kind, measure in product(programmes, KINDS, MEASURES)
    ]  # fmt: skip
    asked = [(hit, day) for hit, day in product(hits, DAYS)]
    held = records(*({"hits": [hit], "day": day} for hit, day in asked))
    with Judge(packs.load(rules_folder())) as judge:
        alerted = {firing.position for firing in judge.firings(held)}
    assert [asked[position] for position in range(len(asked)) if position not in alerted] == []
