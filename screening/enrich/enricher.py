"""From a frame of records to a frame of facts; each distinct value is read once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.types import pandas_dtype

from screening.enrich.addresses import Addresses
from screening.enrich.columns import Cells, Codes, read_columns, texts
from screening.enrich.countries import Countries
from screening.enrich.direction import Evidence
from screening.enrich.gazetteer import Gazetteer, Port
from screening.enrich.goods import Classifier, Goods
from screening.enrich.identifiers import imo_in_name, read_imo
from screening.enrich.marks import marks
from screening.enrich.places import Places
from screening.enrich.quantity import Measure, Units
from screening.enrich.text import REMEMBERED, fold
from screening.tables import read_table

_DIRECTIONS = tuple(f"{end}_{country}" for country in ("kp", "ru") for end in ("to", "from"))
_FLAGS = ("kp_indirect", "korea_ambiguous", "route_ru_kp", "sts")
FACTS: dict[str, str] = {
    **dict.fromkeys((*_DIRECTIONS, "kp_flag"), "boolean"),
    **dict.fromkeys((f"{name}_why" for name in (*_DIRECTIONS, *_FLAGS)), "str"),
    **dict.fromkeys((*_FLAGS, "us_port"), "bool"),
    **dict.fromkeys(
        (f"{name}_country" for name in ("flag", "load", "discharge", "onward", "origin", "destination")), "str"
    ),
    **dict.fromkeys((f"{name}_{what}" for name in ("load", "discharge", "onward") for what in ("place", "how")), "str"),
    **dict.fromkeys(("hs_code", "goods_class", "goods_why"), "str"),
    **dict.fromkeys(("goods_conflict", "goods_known", "goods_vague", "quantity_ambiguous"), "bool"),
    **dict.fromkeys(
        ("amount_t", "barrels_low", "barrels", "barrels_high", "teu", "pieces", "tonnes_per_teu"), "float64"
    ),
    **dict.fromkeys(("barrels_why", "imo_number", "imo_state", "imo_why"), "str"),
    "committee_notice": "boolean",
}
_YES = frozenset(map(fold, ("yes", "y", "true", "1", "да", "예", "네", "是", "有", "notified")))
_NO = frozenset(map(fold, ("no", "n", "false", "0", "нет", "아니오", "아니", "否", "无", "not notified")))
_PARTIES = 4 * REMEMBERED  # of them a file has more than of anything else, and little is kept of each
_DIGITS = 6  # decimals of a barrel that are kept, so that equal loads add up to equal sums

Value = TypeVar("Value")


class Enricher:
    """Computes the facts of records by the reference tables under rules/."""

    def __init__(self, places: Places, addresses: Addresses, classifier: Classifier, units: Units) -> None:
        self.places = places
        self.units = units
        self._classifier = classifier
        self._cell = Cells(places).read
        self._address = lru_cache(_PARTIES)(addresses.read)
        self._code = lru_cache(REMEMBERED)(classifier.code)
        self._text = lru_cache(REMEMBERED)(classifier.text)
        self._kind = lru_cache(REMEMBERED)(self._classified)
        self._imo = lru_cache(REMEMBERED)(read_imo)
        self._imo_in_name = lru_cache(REMEMBERED)(imo_in_name)

    @classmethod
    def load(cls, rules_dir: Path) -> Enricher:
        """An enricher by the tables in a folder.

        Raises:
            RulePackError: a table is missing, cannot be read, or makes no sense.
        """
        countries = Countries.load(rules_dir / "countries.csv")
        places = Places(Gazetteer.load(rules_dir / "ports.csv", rules_dir / "place_words.yaml", countries))
        ports = read_table(rules_dir / "ports.csv", ("id", "name", "names", "homonym", "in_address"))
        classifier = Classifier.load(rules_dir / "goods.csv", rules_dir / "goods_words.yaml")
        return cls(places, Addresses(countries, ports), classifier, Units.load(rules_dir / "units.yaml"))

    @property
    def ports(self) -> dict[str, Port]:
        """The places by id, for maps."""
        return self.places.ports

    def enrich(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The facts of the records, in the columns of FACTS, on the frame's own index."""
        columns = read_columns(frame, self._cell)
        facts = Evidence(frame, columns, self._address, self.places).facts()
        facts |= self._goods(frame)
        facts |= self._imo_facts(frame)
        facts["committee_notice"] = _notices(frame)
        made = pd.DataFrame({name: facts[name].astype(pandas_dtype(dtype)) for name, dtype in FACTS.items()})
        made.index = frame.index
        return made

    def marks(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The filled cells of codes, units, IMO numbers and countries that could not be read, in MARK_COLUMNS."""
        countries = dict.fromkeys(("flag", "origin", "destination"), self._country_fault)
        return marks(frame, {"hs": self._hs_fault, "unit": self.units.fault, "imo": self._imo_fault} | countries)

    def things(self, description: str) -> tuple[str, ...]:
        """What a description of goods lists: the words of class of each thing whose words are all known."""
        listed = self._text(description).things
        phrases = ([" ".join(term.phrase).replace("*", "") for term in thing] for thing in listed)
        return tuple(" ".join(dict.fromkeys(thing)) for thing in phrases)

    def _hs_fault(self, cell: str) -> str:
        fault = self._code(cell).fault
        return f"{fault}; an HS code has 2 to 10 digits, such as 2710.19" if fault else ""

    def _country_fault(self, cell: str) -> str:
        read, note = self._cell(cell)
        if read.country or read.korea or read.how not in ("unresolved", "near"):
            return ""
        return f"{note or repr(cell)}; a country is given by its name or its ISO code, such as Panama or PA"

    def _goods(self, frame: pd.DataFrame) -> dict[str, pd.Series]:
        hs_codes, hs_values = texts(frame, "hs")
        text_codes, text_values = texts(frame, "goods")
        descriptions = list(map(self._text, text_values))
        pair_codes, pairs = _pairs(hs_codes, text_codes, len(text_values))
        goods = [self._kind(hs_values[hs], text_values[text]) for hs, text in pairs]
        facts = {
            "hs_code": _take(pair_codes, [g.hs for g in goods], "str"),
            "goods_class": _take(pair_codes, [g.classes for g in goods], "str"),
            "goods_why": _take(pair_codes, [g.why for g in goods], "str"),
            "goods_conflict": _take(pair_codes, [g.conflict for g in goods], "bool"),
            "goods_known": _take(pair_codes, [g.known for g in goods], "bool"),
            "goods_vague": _take(pair_codes, [g.vague for g in goods], "bool"),
        }
        named = _Named(
            _take(text_codes, [d.teu for d in descriptions], "float64").to_numpy(),
            _take(text_codes, [d.tonnes for d in descriptions], "float64").to_numpy(),
        )
        return facts | self._quantities(frame, pair_codes, goods, named)

    def _classified(self, hs: str, text: str) -> Goods:
        return self._classifier.classify(self._code(hs), self._text(text))

    def _quantities(
        self, frame: pd.DataFrame, goods_codes: Codes, goods: Sequence[Goods], named: _Named
    ) -> dict[str, pd.Series]:
        unit_codes, units = texts(frame, "unit")
        kinds, kind_of = np.unique([f"{g.product}|{g.classes}" for g in goods], return_inverse=True)
        pair_codes, pairs = _pairs(unit_codes, kind_of.astype(np.intp)[goods_codes], len(kinds))
        measures = [self._measure(units[unit], str(kinds[kind])) for unit, kind in pairs]
        empty = pd.Series(np.nan, index=frame.index)
        amount = pd.to_numeric(frame.get("amount", empty), errors="coerce").to_numpy(dtype="float64", na_value=np.nan)
        amount = np.where(amount >= 0, amount, np.nan)

        def figure(get: Callable[[Measure], float | None]) -> NDArray[np.float64]:
            factors = np.array([np.nan if (f := get(m)) is None else f for m in measures], dtype="float64")
            with np.errstate(over="ignore", invalid="ignore"):
                made: NDArray[np.float64] = np.round(amount * factors[pair_codes], _DIGITS)
            return _finite(made)

        tonnes, teu = figure(lambda m: m.tonnes), figure(lambda m: m.teu)
        teu_all, tonnes_all = np.where(np.isnan(teu), named.teu, teu), np.where(np.isnan(tonnes), named.tonnes, tonnes)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            per_teu = _finite(np.where((teu_all > 0) & (tonnes_all > 0), tonnes_all / teu_all, np.nan))
        why = _take(pair_codes, [m.why for m in measures], "str")
        has_unit = pd.Series(np.array([bool(u.strip()) for u in units], dtype=bool)[unit_codes])
        silent = np.isnan(amount) & ~has_unit.to_numpy()
        missing = np.isnan(amount) & has_unit.to_numpy()
        return {
            "amount_t": pd.Series(tonnes),
            "barrels_low": pd.Series(figure(lambda m: m.low)),
            "barrels": pd.Series(figure(lambda m: m.barrels)),
            "barrels_high": pd.Series(figure(lambda m: m.high)),
            "barrels_why": why.mask(silent, "").mask(missing, "the quantity is empty or could not be read"),
            "teu": pd.Series(teu_all),
            "pieces": pd.Series(figure(lambda m: m.pieces)),
            "tonnes_per_teu": pd.Series(per_teu),
            "quantity_ambiguous": _take(pair_codes, [m.ambiguous for m in measures], "bool"),
        }

    def _measure(self, unit: str, kind: str) -> Measure:
        product, classes = kind.split("|", 1)
        return self.units.measure(unit, product, frozenset(filter(None, classes.split(";"))))

    def _imo_fault(self, cell: str) -> str:
        read = self._imo(cell)
        right = "an IMO number has 7 digits of which the last is a check digit, such as 9074729"
        return f"{read.why}; {right}" if read.state == "invalid" else ""

    def _imo_facts(self, frame: pd.DataFrame) -> dict[str, pd.Series]:
        """The IMO number of the imo cell, or of the vessel cell where that is empty and the word IMO stands there."""
        codes, values = texts(frame, "imo")
        name_codes, names = texts(frame, "vessel")
        from_cell, from_name = list(map(self._imo, values)), list(map(self._imo_in_name, names))
        empty = np.array([i.state == "empty" for i in from_cell], dtype=bool)[codes]
        joint = np.where(empty, len(from_cell) + name_codes, codes)
        read = from_cell + from_name
        return {
            "imo_number": _take(joint, [i.number for i in read], "str"),
            "imo_state": _take(joint, [i.state for i in read], "str"),
            "imo_why": _take(joint, [i.why for i in read], "str"),
        }


class _Named:
    """Boxes and tonnes that descriptions name, a number for each record."""

    def __init__(self, teu: NDArray[np.float64], tonnes: NDArray[np.float64]) -> None:
        self.teu = teu
        self.tonnes = tonnes


def _pairs(first: Codes, second: Codes, width: int) -> tuple[Codes, list[tuple[int, int]]]:
    """The distinct pairs of two columns of codes, and for each row which pair it is."""
    joint, found = pd.factorize(first.astype(np.int64) * max(width, 1) + second)
    return joint, [(int(pair) // max(width, 1), int(pair) % max(width, 1)) for pair in found]


def _finite(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The figures, not a number where one is too large to be told."""
    return np.where(np.isfinite(values), values, np.nan)


def _take(codes: Codes, values: list[Value], dtype: str) -> pd.Series:
    """The value of each row, from the values of the distinct cells."""
    if dtype == "str":
        return pd.Series(pd.Series(values, dtype="str").array.take(codes))
    return pd.Series(np.array(values, dtype=dtype)[codes])


def _notices(frame: pd.DataFrame) -> pd.Series:
    """Yes or no as written, unknown for an empty cell or any other word."""
    codes, values = texts(frame, "committee_notice")
    folded = [fold(value).strip() for value in values]
    answers = pd.array([True if v in _YES else False if v in _NO else pd.NA for v in folded], dtype="boolean")
    return pd.Series(answers.take(codes))
