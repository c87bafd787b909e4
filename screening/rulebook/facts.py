"""The vocabulary: every fact a rule may name, what it means, and when it counts as unknown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

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
    """

    name: str
    type: Type
    meaning: str
    unit: str = ""
    cells: tuple[str, ...] = ()


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
        Fact("us_port", "yes/no", "a port of the record lies in the United States"),
        Fact("kp_flag", "yes/no", "the vessel flies the flag of the DPRK"),
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
        Fact("barrels", "number", "the volume", unit="bbl", cells=("quantity", "unit")),
        Fact("barrels_high", "number", "the volume at the highest factor that fits", unit="bbl", cells=("quantity", "unit")),
        Fact("barrels_why", "text", "the factor and factor set behind the volume"),
        Fact("teu", "number", "containers", unit="TEU", cells=("quantity", "unit")),
        Fact("tonnes_per_teu", "number", "mass by container, where both are stated", unit="t/TEU", cells=("quantity", "unit")),
        Fact("quantity_ambiguous", "yes/no", "the unit has several meanings, as a bare 'ton' does"),
        # which ship
        Fact("imo_number", "text", "the IMO number as written, digits only", cells=("imo",)),
        Fact("imo_state", "text", "empty, valid, or invalid by its check digit", cells=("imo",)),
        Fact("imo_why", "text", "what is wrong with the IMO number, in words"),
        Fact("identity_changed", "yes/no", "the IMO number is a listed vessel's, the name is none it is listed under"),
        Fact("identity_changed_why", "text", "the evidence behind identity_changed, in words"),
        # papers
        Fact("committee_notice", "yes/no", "the delivery was notified to the 1718 Committee", cells=("committee_notice",)),
    )
}  # fmt: skip


def frame(enriched: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    """The facts of every record, one column each, typed as FACTS says and aligned with `records`.

    Args:
        enriched: the columns enrichment computed. records: the trade records (see model).

    Raises:
        EngineError: enrichment left out a fact of the vocabulary.
    """
    columns: dict[str, object] = {}
    for fact in FACTS.values():
        if fact.type == "date":
            columns[fact.name] = records["shipped_on"]
        elif fact.name.startswith("identity_changed"):
            continue
        elif fact.name not in enriched:
            raise EngineError(f"enrichment gives no fact {fact.name!r}")
        elif fact.type == "yes/no":
            columns[fact.name] = enriched[fact.name].astype("boolean")
        elif fact.type == "number":
            columns[fact.name] = enriched[fact.name].astype("float64")
        else:
            columns[fact.name] = enriched[fact.name].astype("str")
    return pd.DataFrame(columns, index=records.index)


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
