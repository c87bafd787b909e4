"""The shipped packs over 100,000 generated records: the engine and the plain evaluation fire the same rules on each."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pandas as pd

from screening.rulebook import packs
from screening.rulebook.conditions import Records
from screening.rulebook.decide import Judge
from screening.rulebook.facts import DTYPES, FACTS
from screening.rulebook.hits import HitTable
from screening.tables import rules_folder

RECORDS, BATCH = 100_000, 20_000
COUNTRIES = ["", "KP", "RU", "CN", "KR", "JP", "US", "GB", "DE", "NL", "XZ"]
CLASSES = [
    "", "coal", "refined_petroleum", "aviation_fuel", "crude_oil", "arms_ammunition", "humanitarian_food_medicine",
    "textiles", "machinery_electrical", "seafood", "lead", "luxury_art", "food_agri;seafood",
    "metals_supply;iron_and_ore", "vessels", "other", "petroleum_residue", "natural_gas", "ngl_condensate",
    "military_electronics", "metals_minerals",
    "statues", "wood",
]  # fmt: skip
TEXTS = {
    "hs_code": ["", "2710", "271019", "2709", "930690", "8701", "100630", "2844", "880730", "8901", "310230"],
    "goods_text": ["", "rice", "rice and parts", "spare parts for Tu-204 aircraft", "diesel", "燃料", "запчасти Ан-24"],
    "load_place": ["", "KP-RAJIN", "RU-VOSTOCHNY", "RU-VLADIVOSTOK"],
    "imo_state": ["empty", "valid", "invalid"],
    "sender_text": ["", "World Food Programme | ", "OOO Alfa | "],
}
MIDDLES = [
    0,
    1,
    18,
    24,
    30,
    60,
    180,
    75,
    90,
    95,
    10_000,
    475_000,
    500_000,
    525_000,
    4_000_000,
]  # where rules draw lines
HITS = {
    "authority": ["UN", "US", "EU", "UK", "KR", "JP", "CH"],
    "programmes": ["DPRK", "PRK", "RUSSIA-EO14024", "SDGT", "EU-UKR", "", "DPRK3;SDGT"],
    "kind": ["person", "organisation", "vessel"],
    "measures": ["", "asset freeze", "port-entry ban"],
    "concerns": ["dprk", "russia", "other"],
    "role": ["shipper", "consignee", "imo", "vessel", "remitting_bank", "owner", "insurer"],
}  # fmt: skip


def column(rng: np.random.Generator, name: str, size: int) -> Any:
    """Values of one fact, near the lines that rules draw, and often enough not known."""
    fact = FACTS[name]
    if fact.type == "yes/no":
        return pd.array(rng.choice(np.array([True, False, False, pd.NA], dtype=object), size), dtype="boolean")
    if fact.type == "date":
        days = rng.integers(-9000, 21_000, size).astype("datetime64[D]").astype("datetime64[s]")
        return np.where(rng.random(size) < 0.05, np.datetime64("NaT"), days)
    if fact.type == "number":
        values = rng.choice(MIDDLES, size) + rng.choice([-1, -0.5, 0, 0, 0.5, 1], size)
        return np.where(rng.random(size) < 0.3, np.nan, values)
    if fact.type == "set":
        return rng.choice(CLASSES if name == "goods_class" else ["", "UN-2397-IMPORTS", "UN-COAL;US-510-BLOCK"], size)
    return rng.choice(TEXTS.get(name, COUNTRIES if name.endswith("_country") else [""]), size)


def generated(rng: np.random.Generator, size: int) -> Records:
    """Records of a batch: their facts, bounds in order, hits on every fifth, unreadable cells on every tenth."""
    facts = {name: pd.Series(column(rng, name, size)).astype(DTYPES[fact.type]) for name, fact in FACTS.items()}  # type: ignore[call-overload]
    for fact in FACTS.values():
        if fact.low:
            spread = rng.choice([0, 0, 1, 30_000, np.inf], (2, size))
            facts[fact.low], facts[fact.high] = facts[fact.name] - spread[0], facts[fact.name] + spread[1]
    cells = rng.choice(["hs", "goods;hs", "date", "load_port;discharge_port", "imo"], size)
    unreadable = pd.Series(np.where(rng.random(size) < 0.1, cells, ""), dtype="str")
    count = size // 5
    hits = pd.DataFrame({key: rng.choice(values, count) for key, values in HITS.items()}).astype("str")
    hits["list"] = hits["authority"] + rng.choice(["-SDN", "-SC", "-NONSDN", "-833-XLII", ""], count)
    hits["by"] = rng.choice(["identifier", "name"], count)
    hits["position"] = np.sort(rng.integers(0, size, count))
    hits["certain"], hits["counts"] = rng.random(count) < 0.6, rng.random(count) < 0.8
    return Records(pd.DataFrame(facts), HitTable(hits, size), unreadable)


def test_engine_and_plain_evaluation_agree_on_generated_records() -> None:
    """`firings` holds every answer of the engine against the plain one; nearly every rule fires somewhere."""
    rng = np.random.default_rng(4)
    book = packs.load(rules_folder())
    fired: Counter[tuple[str, bool]] = Counter()
    with Judge(book) as judge:
        for _ in range(RECORDS // BATCH):
            records = generated(rng, BATCH)
            found = judge.firings(records)
            fired.update((firing.period.rule.id, firing.sure) for firing in found)
            plain = sum(int(perhaps.sum()) for _, perhaps in judge.plainly(records))
            assert len(found) == plain
            assert len(judge.watched(records)) > BATCH * 0.9
    silent = [rule.id for rule in book.rules if not fired[rule.id, True] + fired[rule.id, False]]
    assert sum(fired.values()) > RECORDS
    assert len(silent) <= 3, silent
