"""The vocabulary: every fact a rule may name, what it means, and when it counts as unknown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from screening.errors import EngineError

Type = Literal["yes/no", "text", "set", "number", "date"]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing known about a record.

    Args:
        cells: the columns it is read from; a fact whose cell could not be read, and which has no value, is unknown.
        low, high: the facts that bound a number which is known only within limits, '' where it has none.
        of: where it comes from: 'record' is what enrichment makes of one record, 'hits' its matches, 'ledger' and
            'letters' sums and letters over many records; any other word is the link between records that it tells of.
    """

    name: str
    type: Type
    meaning: str
    unit: str = ""
    cells: tuple[str, ...] = ()
    low: str = ""
    high: str = ""
    of: str = "record"


def _bounded(name: str, meaning: str, unit: str, of: str) -> tuple[Fact, Fact, Fact]:
    """A number with the two facts that bound it."""
    return (
        Fact(name, "number", meaning, unit=unit, of=of, low=f"{name}_low", high=f"{name}_high"),
        Fact(f"{name}_low", "number", f"the least that {name} can surely be", unit=unit, of=of),
        Fact(f"{name}_high", "number", f"the most that {name} can be, over all bases and doubtful deliveries", unit=unit, of=of),
    )


_ENDS = ("load_port", "discharge_port", "onward_port", "origin", "destination")
DAY = "day"

FACTS: dict[str, Fact] = {
    fact.name: fact
    for fact in (
        Fact(DAY, "date", "the shipment date, under whose law the record is judged", cells=("date",)),
        # which way
        Fact("to_kp", "yes/no", "the goods go to the DPRK, directly or onward: a port or the stated destination says so", cells=_ENDS),
        Fact("from_kp", "yes/no", "the goods come from the DPRK: the loading port or the stated origin says so", cells=_ENDS),
        Fact("to_ru", "yes/no", "the goods go to Russia", cells=_ENDS),
        Fact("from_ru", "yes/no", "the goods come from Russia", cells=_ENDS),
        Fact("to_kp_why", "text", "the evidence behind to_kp, in words"),
        Fact("from_kp_why", "text", "the evidence behind from_kp, in words"),
        Fact("to_ru_why", "text", "the evidence behind to_ru, in words"),
        Fact("from_ru_why", "text", "the evidence behind from_ru, in words"),
        Fact("kp_indirect", "yes/no", "a DPRK place or address stands only in a party's cell or in the onward port"),
        Fact("kp_indirect_why", "text", "the evidence behind kp_indirect, in words"),
        Fact("korea_ambiguous", "yes/no", "'Korea' stands at one end and nothing there says which Korea"),
        Fact("korea_ambiguous_why", "text", "the evidence behind korea_ambiguous, in words"),
        Fact("route_ru_kp", "yes/no", "one end is a port or rail point of the Russian Far East, the other one of the DPRK"),
        Fact("route_ru_kp_why", "text", "the evidence behind route_ru_kp, in words"),
        Fact("sts", "yes/no", "loading or discharge is at a sea area, by ship-to-ship transfer, or given as coordinates"),
        Fact("sts_why", "text", "the evidence behind sts, in words"),
        Fact("us_port", "yes/no", "a port of the record lies in the United States or a territory of theirs"),
        Fact("kp_flag", "yes/no", "the vessel flies the flag of the DPRK", cells=("flag",)),
        Fact("flag_country", "text", "the vessel's flag", unit="ISO 3166 alpha-2"),
        Fact("load_country", "text", "the country of the loading port", unit="ISO 3166 alpha-2"),
        Fact("discharge_country", "text", "the country of the port of discharge", unit="ISO 3166 alpha-2"),
        Fact("onward_country", "text", "the country of the onward port", unit="ISO 3166 alpha-2"),
        Fact("origin_country", "text", "the stated country of origin", unit="ISO 3166 alpha-2"),
        Fact("destination_country", "text", "the stated country of final destination", unit="ISO 3166 alpha-2"),
        Fact("load_place", "text", "the loading place's id in rules/ports.csv"),
        Fact("discharge_place", "text", "the discharge place's id in rules/ports.csv"),
        Fact("onward_place", "text", "the onward place's id in rules/ports.csv"),
        # what
        Fact("hs_code", "text", "the HS code, digits only", cells=("hs",)),
        Fact("goods_class", "set", "the classes of rules/goods.csv that HS code and description give", cells=("hs", "goods")),
        Fact("goods_why", "text", "which heading or words gave the class"),
        Fact("goods_known", "yes/no", "HS code or description says what is carried"),
        Fact("goods_vague", "yes/no", "the description says nothing, as 'general cargo' does"),
        Fact("goods_conflict", "yes/no", "HS code and description say different things"),
        # how much
        Fact("amount_t", "number", "the mass", unit="t", cells=("quantity", "unit")),
        Fact("barrels_low", "number", "the volume at the lowest factor that fits", unit="bbl", cells=("quantity", "unit")),
        Fact("barrels", "number", "the volume", unit="bbl", cells=("quantity", "unit"), low="barrels_low", high="barrels_high"),
        Fact("barrels_high", "number", "the volume at the highest factor that fits", unit="bbl", cells=("quantity", "unit")),
        Fact("barrels_why", "text", "the factor and factor set behind the volume"),
        Fact("teu", "number", "containers", unit="TEU", cells=("quantity", "unit")),
        Fact("tonnes_per_teu", "number", "mass by container, where both are stated", unit="t/TEU", cells=("quantity", "unit")),
        Fact("quantity_ambiguous", "yes/no", "the unit has several meanings, as a bare 'ton' does"),
        # which ship
        Fact("imo_number", "text", "the IMO number as written, digits only", cells=("imo",)),
        Fact("imo_state", "text", "empty, valid, or invalid by its check digit", cells=("imo",)),
        Fact("imo_why", "text", "what is wrong with the IMO number, in words"),
        Fact("identity_changed", "yes/no", "the IMO number is a listed vessel's, the name is none it is listed under", of="hits"),
        Fact("identity_changed_why", "text", "the evidence behind identity_changed, in words", of="hits"),
        Fact("dprk_hit", "yes/no", "a party or vessel of the record is listed for the DPRK", of="hits"),
        # papers
        Fact("committee_notice", "yes/no", "the delivery was notified to the 1718 Committee", cells=("committee_notice",)),
        Fact("letter", "text", "the reference of a letter or licence that the record names", of="letters"),
        Fact("letter_covers", "yes/no", "a letter given to the run covers item, quantity and date of the record", of="letters"),
        Fact("letter_in_doubt", "yes/no", "the letter that covers it names a holder or consignee whom the record does not, or is used up if such records count", of="letters"),
        Fact("letter_lifts", "set", "the rules that this letter lifts", of="letters"),
        Fact("letter_why", "text", "what the letter covers and how much of it is used, or why it does not cover the record", of="letters"),
        # as written
        Fact("goods_text", "text", "the description of the goods as written", of="cells", cells=("goods",)),
        Fact("vessel_text", "text", "the vessel's name as written", of="cells", cells=("vessel",)),
        Fact("sender_text", "text", "shipper and seller as written", of="cells"),
        Fact("receiver_text", "text", "consignee, notify party and buyer as written", of="cells"),
        # sums over all deliveries of a period: this run's files and --history, in the order of their dates
        *_bounded("refined_barrels_before", "refined petroleum delivered to the DPRK in the period before this delivery, on its own basis (reported, estimated or observed)", "bbl", "ledger"),
        *_bounded("refined_barrels_to_date", "the same with this delivery", "bbl", "ledger"),
        *_bounded("refined_percent_before", "refined_barrels_before as a share of the ceiling", "percent", "ledger"),
        Fact("refined_share_before", "number", "refined_barrels_before as a share of the ceiling, likely figure, without bounds", unit="percent", of="ledger"),
        Fact("refined_share_to_date", "number", "the same with this delivery", unit="percent", of="ledger"),
        *_bounded("crude_tonnes_to_date", "crude oil stated by mass, delivered to the DPRK in the period with this delivery", "t", "ledger"),
        *_bounded("crude_barrels_to_date", "crude oil stated by volume, delivered to the DPRK in the period with this delivery", "bbl", "ledger"),
        Fact("refined_ledger_why", "text", "the deliveries behind the refined totals, by basis, and what could not be counted", of="ledger"),
        Fact("refined_pace", "text", "the day on which the refined ceiling falls at the present rate", of="ledger"),
        Fact("crude_ledger_why", "text", "the deliveries behind the crude totals, by basis, and what could not be counted", of="ledger"),
        # links to other records of this run's files and --history
        Fact("days_since_kp_call", "number", "days since the vessel last called in the DPRK, by the records", unit="days", of="kp_call"),
        Fact("kp_call_why", "text", "the record of that call, in words", of="kp_call"),
        *_bounded("days_since_kp_transfer", "days since the vessel last met, at sea, a ship that had called in the DPRK", "days", "kp_transfer"),
        Fact("kp_transfer_why", "text", "the record of that transfer, and what is known of the other ship, in words", of="kp_transfer"),
        Fact("two_places_days", "number", "days on which the vessel's number loads in two countries outside the DPRK at once, for records near the DPRK", unit="days", of="identity"),
        Fact("days_since_rajin", "number", "days since the vessel last called at Rajin, by another record", unit="days", of="rajin_call"),
        Fact("rajin_call_why", "text", "the record of that call, in words", of="rajin_call"),
        *_bounded("barter_gap", "days to the nearest record that goes the other way, arms out of the DPRK or oil into it, of a linked party or vessel", "days", "barter"),
        Fact("barter_why", "text", "that record and what links the two, in words", of="barter"),
        Fact("split_count", "number", "deliveries of oil to the DPRK, each below the threshold, that one party or vessel had within the days of the policy, this one included", unit="deliveries", of="split"),
        Fact("split_barrels", "number", "their volume together", unit="bbl", of="split"),
        Fact("split_why", "text", "the deliveries and what links them, in words", of="split"),
        Fact("imo_names", "number", "names under which the records give this IMO number, where its vessel has to do with the DPRK", unit="names", of="identity"),
        Fact("name_imos", "number", "valid IMO numbers of vessels that have to do with the DPRK and bear this name in the records", unit="numbers", of="identity"),
        Fact("identity_why", "text", "what does not fit about the vessel's name and number, in words", of="identity"),
    )
}  # fmt: skip

DTYPES = {"yes/no": "boolean", "text": "str", "set": "str", "number": "float64", "date": "datetime64[s]"}
DEFAULTS: dict[str, Any] = {"yes/no": False, "text": "", "set": "", "number": np.nan}
_TEXTS = {
    "goods_text": ("goods",),
    "vessel_text": ("vessel",),
    "sender_text": ("shipper", "seller"),
    "receiver_text": ("consignee", "notify_party", "buyer"),
}


def frame(enriched: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    """The facts of every record, one column each, typed as FACTS says and aligned with `records`.

    What comes from hits, from other records and from letters has its default: it is filled in once that is known.

    Args:
        enriched: the columns enrichment computed. records: the trade records (see model).

    Raises:
        EngineError: enrichment left out a fact of the vocabulary.
    """
    columns: dict[str, object] = {}
    for fact in FACTS.values():
        if fact.type == "date":
            columns[fact.name] = records["shipped_on"]
        elif fact.of == "cells":
            columns[fact.name] = _written(records, _TEXTS[fact.name])
        elif fact.of != "record":
            columns[fact.name] = typed(fact.name, pd.Series(DEFAULTS[fact.type], index=records.index))
        elif fact.name not in enriched:
            raise EngineError(f"enrichment gives no fact {fact.name!r}")
        else:
            columns[fact.name] = typed(fact.name, enriched[fact.name])
    return pd.DataFrame(columns, index=records.index)


def typed(name: str, values: pd.Series) -> pd.Series:
    """Values as the vocabulary types the fact."""
    dtype: Any = DTYPES[FACTS[name].type]
    found: pd.Series = values.astype(dtype)
    return found


def _written(records: pd.DataFrame, cells: tuple[str, ...]) -> pd.Series:
    """The texts of some cells, a bar between."""
    found = records[cells[0]].astype("str")
    for cell in cells[1:]:
        found = found + " | " + records[cell].astype("str")
    return found


def unknown(fact: Fact, facts: pd.DataFrame, unreadable: pd.Series) -> Mask:
    """Where nothing can be said about a fact: its value is missing and a cell it is read from could not be read."""
    values = facts[fact.name]
    if fact.type == "yes/no":
        missing = values.isna()
        return missing.to_numpy(dtype=bool)
    if not unreadable.ne("").any():
        return np.zeros(len(values), dtype=bool)
    empty = values.isna() if fact.type in ("number", "date") else values.eq("")
    damaged = pd.Series(False, index=values.index)
    for cell in fact.cells:
        damaged |= (";" + unreadable + ";").str.contains(f";{cell};", regex=False)
    return (empty & damaged).to_numpy(dtype=bool)
