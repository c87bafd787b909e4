"""Results made by hand: a small story of spring 2024, with traps for whoever writes it down."""

# ruff: noqa: E501
from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from screening.model import (
    COLUMNS,
    DECISION_COLUMNS,
    MARK_COLUMNS,
    REJECT_COLUMNS,
    Alert,
    Citation,
    Decision,
    Feature,
    Hit,
    Leg,
    Place,
    RecordKey,
    Results,
    Severity,
)

GOLDEN = Path(__file__).parent / "golden"

RECORDS = (
    {
        "source": "may.csv", "row": 2, "record_id": "T-001", "date": "2024-05-02", "shipper": "Vostok Trading LLC",
        "consignee": "조선무역회사", "vessel": "PAEK YANG SAN 1", "imo": "9020534", "flag": "KP",
        "load_port": "Восточный", "discharge_port": "KPCHO", "hs": "271019", "goods": "Дизельное топливо",
        "quantity": "9 500", "unit": "t", "basis": "reported",
    },
    {
        "source": "may.csv", "row": 3, "record_id": "T-002", "date": "2024-05-04", "shipper": "ООО Трансморфлот",
        "consignee": "Ministry stores", "vessel": "ANGARA", "imo": "9179842", "flag": "RU", "load_port": "Rajin",
        "discharge_port": "Dunay", "goods": "containers", "quantity": "300", "unit": "TEU", "basis": "reported",
    },
    {
        "source": "may.csv", "row": 5, "record_id": "T-004", "date": "2024-05-09", "shipper": "<script>alert(1)</script>",
        "consignee": "罗先贸易 & Söhne", "vessel": "MARIA", "load_port": "Nampo, Korea", "discharge_port": "Antwerp",
        "goods": "general cargo", "quantity": "about 20", "unit": "pcs", "basis": "reported",
    },
)  # fmt: skip

KEYS = tuple(RecordKey(str(r["source"]), int(r["row"]), str(r["record_id"])) for r in RECORDS)


def ship_hit() -> Hit:
    """An IMO number that is listed, under the same name."""
    return Hit(
        *("may.csv", 2, "T-001", "vessel", "PAEK YANG SAN 1", "UN-SC:KPe.301", "UN-SC", "vessel", "PAEK YANG SAN 1"),
        name_strength="primary",
        score=100.0,
        by="identifier",
        certain=True,
        features=(
            Feature("IMO number", "9020534", "9020534", 1.0, 70.0, "the number decides"),
            Feature("ship name", "PAEK YANG SAN 1", "PAEK YANG SAN 1", 1.0, 30.0),
        ),
        programmes=("DPRK",),
        listed_on=date(2018, 3, 30),
        status="kept",
        reason="the IMO number is the listed one",
    )


def party_hit() -> Hit:
    """A Cyrillic name that meets a Latin one nearly."""
    return Hit(
        *("may.csv", 3, "T-002", "shipper", "ООО Трансморфлот", "US-SDN:35123", "US-SDN", "organisation"),
        listed_name="LLC TRANSMORFLOTT",
        name_strength="strong alias",
        score=91.4,
        by="name",
        certain=False,
        features=(
            Feature("word", "transmorflot", "transmorflott", 0.96, 84.9, "misspelt, or like in sound"),
            Feature("word", "llc", "llc", 1.0, 9.0, "equal"),
            Feature("inexact", "llc transmorflot", "llc transmorflott", 0.0, -2.0, "a word is misspelt"),
            Feature("script", "llc transmorflot", "llc transmorflott", 0.0, -0.5, "read out of another script"),
        ),
        programmes=("RUSSIA-EO14024",),
        listed_on=None,
        status="kept",
        reason="score 91.4 is above the cut-off 85",
    )


def weak_hit() -> Hit:
    """A common ship's name that corroborates nothing."""
    return Hit(
        *("may.csv", 5, "T-004", "vessel", "MARIA", "EU-833-XLII:8517839", "EU-833-XLII", "vessel", "MARIA", "weak alias"),
        score=88.0,
        by="name",
        certain=False,
        features=(Feature("ship name", "MARIA", "MARIA", 1.0, 88.0, "a common name"),),
        programmes=("3s",),
        listed_on=date(2024, 6, 24),
        status="weak",
        reason="a common name alone carries no alert",
    )


def _alerts() -> tuple[Alert, ...]:
    seen, unverified = "seen", "unverified"
    return (
        Alert(
            "a1f0", "UN-OIL-REFINED-NONOTIFY", "Refined petroleum to the DPRK without notice to the 1718 Committee",
            Decision.POSSIBLE_VIOLATION, Severity.HIGH, "UN",
            (Citation("UNSCR 2397 (2017), paragraph 5", seen), Citation("UNSCR 2397 (2017), paragraph 5(a)", unverified)),
            (KEYS[0],), "9,500 t of refined petroleum (71,000 to 79,000 bbl) to Chongjin (KP), no notice stated",
            {"to_kp": True, "goods_class": "refined_petroleum", "barrels": 76_950.0, "committee_notice": None},
            false_positives="A notice that the file leaves out; fuel in the ship's own bunkers.",
        ),
        Alert(
            "b2c4", "UN-VESSEL-PORTBAN", "Vessel barred from ports", Decision.POSSIBLE_VIOLATION, Severity.CRITICAL, "UN",
            (Citation("UNSCR 2371 (2017), paragraph 6", unverified),), (KEYS[0],),
            "the vessel PAEK YANG SAN 1 (IMO 9020534) is entry KPe.301, barred from ports since 2018-03-30",
            {"imo_state": "valid"}, (ship_hit(),), false_positives="A number reused in the papers of another ship.",
        ),
        Alert(
            "c3d8", "US-14024-BLOCK", "Party blocked under EO 14024", Decision.REVIEW, Severity.HIGH, "US",
            (Citation("EO 14024 (15 April 2021)", seen),), (KEYS[1],),
            "the shipper 'ООО Трансморфлот' may be LLC TRANSMORFLOTT [RUSSIA-EO14024]", {}, (party_hit(),),
            doubt="the name matches at 91.4 and not for certain", false_positives="Another company of the same name.",
        ),
        Alert(
            "d4ea", "RF-KOREA-AMBIGUOUS", "Korea without saying which", Decision.REVIEW, Severity.LOW, "RF",
            (Citation("house rule", unverified),), (KEYS[2],), "'Nampo, Korea' is in the DPRK or in the Republic of Korea",
            {"korea_ambiguous": True}, lifted_by="", false_positives="Nampo in Boryeong.",
        ),
        Alert(
            "e5fb", "RF-PAIR", "The same parties swap sides within 90 days", Decision.REVIEW, Severity.MEDIUM, "RF",
            (Citation("house rule", unverified),), (KEYS[0], KEYS[1]), "T-001 brings oil in, T-002 takes containers out, 2 days apart",
            {"days_between": 2},
        ),
        Alert(
            "f60c", "EX-TEST", "Goods that an exemption lifts", Decision.REVIEW, Severity.LOW, "UN",
            (Citation("UNSCR 2397 (2017), paragraph 25", unverified),), (KEYS[2],), "general cargo to a humanitarian body",
            {}, lifted_by="EX-HUMANITARIAN: letter 1718/24 covers it", false_positives="=HYPERLINK(\"x\")",
        ),
    )  # fmt: skip


def make_results() -> Results:
    """Seven rows read: two clear, two for review, one possible violation, two rejected."""
    decisions = pd.DataFrame(
        [
            ("may.csv", 2, "T-001", "possible_violation", "critical", "UN-OIL-REFINED-NONOTIFY;UN-VESSEL-PORTBAN;RF-PAIR",
             100.0, "the vessel PAEK YANG SAN 1 (IMO 9020534) is entry KPe.301"),
            ("may.csv", 3, "T-002", "review", "high", "US-14024-BLOCK;RF-PAIR", 91.4, "the shipper may be listed"),
            ("may.csv", 4, "=2+5", "clear", "", "", float("nan"), ""),
            ("may.csv", 5, "T-004", "review", "low", "RF-KOREA-AMBIGUOUS", 88.0, "-1 is no country, 'Nampo, Korea'"),
            ("june.xlsx", 2, "7", "clear", "", "", float("nan"), ""),
        ],
        columns=list(DECISION_COLUMNS),
    )  # fmt: skip
    rejects = pd.DataFrame(
        [
            ("may.csv", 6, "", "@SUM(A1:A9)|cut", "has 3 cells where the header has 12"),
            ("june.xlsx", 3, "date", "31.31.2024", "is no date; use 2024-05-31"),
        ],
        columns=list(REJECT_COLUMNS),
    )
    marks = pd.DataFrame(
        [("may.csv", 5, "T-004", "quantity", "about 20", "is no number; kept, the rules that need it lead to review")],
        columns=list(MARK_COLUMNS),
    )
    records = pd.DataFrame(RECORDS).reindex(columns=["source", "row", *COLUMNS])
    text = [c for c in records if c != "row"]
    records[text] = records[text].astype("str").fillna("")
    alerts = _alerts()
    places = (
        Place("RU-VOSTOCHNY", "Vostochny", "RU", 42.7333, 133.05, 1),
        Place("KP-CHONGJIN", "Chongjin", "KP", 41.7667, 129.8167, 1),
        Place("KP-RAJIN", "Rajin", "KP", 42.2333, 130.30, 1),
        Place("RU-DUNAY", "Dunay", "RU", 42.89, 132.34, 1),
        Place("KR-BUSAN", "Busan", "KR", 35.0982, 129.0358, 2),
        Place("BE-ANR", "Antwerp", "BE", 51.2667, 4.3667, 1),
    )
    legs = (
        Leg("RU-VOSTOCHNY", "KP-CHONGJIN", 1, Decision.POSSIBLE_VIOLATION),
        Leg("KP-RAJIN", "RU-DUNAY", 1, Decision.REVIEW),
        Leg("KR-BUSAN", "RU-VOSTOCHNY", 2, Decision.CLEAR),
        Leg("KR-BUSAN", "BE-ANR", 1, Decision.CLEAR),
    )
    return Results(
        (decisions,), records, alerts, (ship_hit(), party_hit(), weak_hit()), rejects, marks, places, legs, make_manifest()
    )


def make_manifest() -> dict[str, object]:
    """A manifest as the command makes it, at a time that stands still."""
    return {
        "counts": {"rows_read": 7, "clear": 2, "review": 2, "possible_violation": 1, "rejected": 2},
        "inputs": [
            {"source": "may.csv", "sha256": "1f" * 32, "format": "CSV", "rows": 5, "rejected": 1, "ignored": ["Kapitän"], "notices": ["read as windows-1252"]},
            {"source": "june.xlsx", "sha256": "2e" * 32, "rows": 2, "rejected": 1},
        ],
        "lists": {
            "name": "house lists", "digest": "9a" * 32, "entries": 14_870,
            "by_source": [
                {"list": "US-SDN", "format": "OFAC CSV set", "files": ["sdn.csv", "alt.csv"], "sha256": ["3d" * 32, "4c" * 32],
                 "published": "2023-12-28", "entries": 13_821},
                {"list": "UN-SC", "format": "UN consolidated XML", "files": ["un.xml"], "sha256": ["5b" * 32],
                 "published": None, "entries": 1_003},
            ],
        },
        "rules": {"name": "shipped packs", "version": "2024.1", "rules": 41},
        "regimes": ["UN", "US", "EU", "RF"],
        "settings": {"matching": {"cut_off": 85, "certain": 95}, "formats": ["csv", "jsonl", "html"]},
        "software": {"name": "screening", "version": "0.1.0", "python": "3.11.7"},
        "not_screened": [
            {"what": "ports that could not be resolved", "count": 1, "examples": ["Port <b>Nowhere</b>"]},
            {"what": "goods without a class", "count": 2, "examples": ["containers", "general cargo"]},
        ],
        "started": "2024-06-01T08:00:00+00:00", "finished": "2024-06-01T08:00:02+00:00",
        "timings": {"read": 0.1, "match": 0.7}, "exit_code": 1, "fail_on": "possible_violation",
    }  # fmt: skip


@pytest.fixture
def results() -> Results:
    """The story, made anew for each test."""
    return make_results()


@pytest.fixture
def empty_results() -> Results:
    """A run over a file of no rows."""
    nothing = make_results()
    return replace(
        nothing,
        decided=(nothing.decisions.iloc[:0],),
        records=nothing.records.iloc[:0],  # type: ignore[attr-defined]
        rejects=pd.DataFrame(),
        marks=pd.DataFrame(),
        alerts=(),
        hits=(),
        places=(),
        legs=(),
        manifest={"counts": dict.fromkeys(("rows_read", "clear", "review", "possible_violation", "rejected"), 0)},
    )
