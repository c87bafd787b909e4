"""One account of the ledger: its deliveries added up in date order, basis by basis, in exact arithmetic."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from math import ceil

import numpy as np
import pandas as pd

from screening.model import Delivery, LedgerYear
from screening.rulebook.accounts import REFINED, Account, Deliveries
from screening.rulebook.cells import Cells
from screening.rulebook.facts import Mask
from screening.rulebook.rule import Parameter

_EXACT = 10**6  # totals are added as whole millionths, so that twelve equal loads make exactly twelve times one
_REPORTED = "reported"


class Book:
    """One account over all records, in date order."""

    def __init__(self, account: Account, deliveries: Deliveries, parameters: Mapping[str, Parameter]) -> None:
        self.account, self.parameters = account, parameters
        self.trades, self.size = deliveries.trades, len(deliveries.trades)
        facts, to_kp = deliveries.facts, deliveries.facts["to_kp"]
        classes = (";" + facts["goods_class"] + ";").to_numpy(dtype=object)
        names, codes = np.unique(classes.astype(str), return_inverse=True)
        sure = np.array([_holds(text, account.sure, but=("ngl_condensate",)) for text in names], dtype=bool)[codes]
        open_ = np.array([_holds(text, (*account.sure, *account.doubtful)) for text in names], dtype=bool)[codes]
        low, likely, most = (facts[name].to_numpy(dtype="float64") for name in account.figures)
        other = self._stated_otherwise(facts)
        unnamed = facts["goods_class"].eq("").to_numpy() & (account is REFINED) & ~np.isnan(facts["barrels"].to_numpy())
        counted = to_kp.fillna(True).to_numpy(dtype=bool) & (open_ | unnamed) & ~other
        self.certain: Mask = counted & to_kp.fillna(False).to_numpy(dtype=bool) & sure
        period = parameters[account.month], parameters[account.day]
        starts = _starts(self.trades["shipped_on"].where(counted), deliveries.law.where(counted), *period)
        self.undated = int((counted & self.trades["shipped_on"].isna().to_numpy()).sum())
        self.counted: Mask = counted & (starts.notna() | self.trades["shipped_on"].isna()).to_numpy()
        self.readable: Mask = ~np.isnan(likely) & ~np.isnan(low) & ~np.isnan(most)
        self.starts, self.law, self.history = starts, deliveries.law, deliveries.history
        self.basis = self.trades["basis"].str.strip().str.casefold().replace("", _REPORTED).to_numpy(dtype=object)
        at = np.flatnonzero(self.counted & starts.notna().to_numpy())
        self.order = at[np.lexsort((deliveries.rank[at], starts.to_numpy()[at]))]
        self.amounts = [_whole(values, self.counted) for values in (low, likely, most)]
        self.days = _dates(self.trades["shipped_on"])
        self.begins, self.judged_on = _dates(starts), _dates(self.law)
        self.stated = Cells(self.trades)
        self._add_up()

    def _stated_otherwise(self, facts: pd.DataFrame) -> Mask:
        """Crude that is stated in the unit of the other ceiling: each unit is held against its own, never converted."""
        mass, volume = facts["amount_t"].notna().to_numpy(), facts["barrels"].notna().to_numpy()
        return {"crude_tonnes": volume & ~mass, "crude_barrels": mass & ~volume}.get(
            self.account.name, np.zeros(self.size, dtype=bool)
        )

    def _add_up(self) -> None:
        """Running totals: of its own basis for what surely counts, and at most over everything that may."""
        order, start = self.order, self.starts.to_numpy()[self.order]
        sure, readable = (self.certain & self.readable)[order], self.readable[order]
        period = pd.factorize(start)[0]
        own = pd.factorize(pd.MultiIndex.from_arrays([start, self.basis[order]]))[0]
        zero = np.zeros(len(order), dtype=object)
        self.totals_of: dict[str, np.ndarray] = {}
        self.own_amount: dict[str, np.ndarray] = {}
        for name, amounts, counts, groups in (
            ("low", self.amounts[0], sure, own),
            ("", self.amounts[1], sure, own),
            ("high", self.amounts[2], readable, period),
        ):
            added = np.where(counts, amounts[order], zero)
            self.totals_of[name], self.own_amount[name] = _running(added, groups), added
        self.on_basis = {
            basis: _running(np.where(sure & (self.basis[order] == basis), self.amounts[1][order], zero), period)
            for basis in sorted(set(self.basis[order][sure]))
        }
        self.number = _running(sure.astype(object), own)
        self.unread = _running((~readable).astype(object), period)
        self.period = period

    def totals(self) -> dict[str, pd.Series]:
        """The facts of the account: totals with and without the record, and as shares of the ceiling."""
        found: dict[str, pd.Series] = {}
        sure, readable = self.certain[self.order], self.readable[self.order]
        undated = self.counted & self.trades["shipped_on"].isna().to_numpy()
        both = ("to_date", "before") if self.account is REFINED else ("to_date",)
        ceiling = self._ceilings()
        for when in both:
            figures = {}
            for bound in ("low", "", "high"):
                total = self.totals_of[bound] - (self.own_amount[bound] if when == "before" else 0)
                values = np.full(self.size, np.nan)
                values[self.order] = [float(Fraction(int(t), _EXACT)) for t in total]
                if bound == "low":
                    values[self.order[~sure]] = 0.0  # what may not count at all crosses nothing surely
                if bound == "high" and when == "to_date":
                    values[self.order[~readable]] = np.inf
                if bound == "" and when == "to_date":
                    values[self.order[~readable]] = np.nan
                if when == "to_date":
                    values[undated] = {"low": 0.0, "": np.nan, "high": np.inf}[bound]
                figures[bound] = values
            for bound, values in figures.items():
                suffix = f"_{bound}" if bound else ""
                found[f"{self.account.name}_{when}{suffix}"] = pd.Series(values)
                if self.account is REFINED and when == "before":
                    found[f"refined_percent_before{suffix}"] = pd.Series(values * 100 / ceiling)
            if self.account is REFINED:
                likely = np.where(self.certain, figures[""], np.nan)
                found[f"refined_share_{when}"] = pd.Series(likely * 100 / ceiling)
        return found

    def _ceilings(self) -> np.ndarray:
        codes, distinct = pd.factorize(np.array(self.judged_on, dtype=object))
        values = [_figure(self.parameters.get(self.account.ceiling), day) for day in distinct]
        return np.array(values, dtype="float64")[codes] if values else np.zeros(0)

    def words(self) -> pd.Series:
        """For every delivery, what its totals are made of."""
        found = [""] * self.size
        unit, ceiling = self.account.unit, self._ceilings()
        for at, place in enumerate(self.order.tolist()):
            total, low, most = (self.totals_of[name][at] for name in ("", "low", "high"))
            basis, start = self.basis[place], self.begins[place]
            own = self.amounts[2][place] if self.readable[place] else 0
            told = [
                f"{_plain(total)} {unit} {basis} since {start} in {_many(self.number[at], 'delivery', 'deliveries')}"
            ]
            if low != total:
                told.append(f"at least {_plain(low)} {unit} where the product or the unit is not known")
            others = {name: int(sums[at]) for name, sums in self.on_basis.items() if name != basis and sums[at]}
            if others:
                besides = " and ".join(f"{_plain(amount)} {unit} {name}" for name, amount in others.items())
                told.append(f"besides {besides}, which may tell of the same deliveries")
            if most != total:
                told.append(f"at most {_plain(most)} {unit} over all bases and doubtful deliveries")
            if not self.certain[place]:
                told.append("whether this delivery counts is not certain")
            if not self.readable[place]:
                told.append("its own quantity could not be read or told")
            if earlier := int(self.unread[at]) - (not self.readable[place]):
                told.append(
                    f"{_many(earlier, 'earlier delivery', 'earlier deliveries')} without a usable quantity not in it"
                )
            if self.undated:
                told.append(f"{_many(self.undated, 'delivery', 'deliveries')} without a readable date not in it")
            limit = ceiling[place] * _EXACT
            if total > limit:
                told.append(f"the ceiling is crossed on the {basis} basis")
            elif most > limit:
                told.append(f"the ceiling is crossed {_only(basis, total, others, limit)}")
            elif not self.readable[place] or own == 0:
                told.append("")
            found[place] = "; ".join(filter(None, told))
        for place in np.flatnonzero(self.counted & self.trades["shipped_on"].isna().to_numpy()):
            found[place] = "its date could not be read, so that its period is not known"
        return pd.Series(found, dtype="str")

    def pace(self) -> pd.Series:
        """For every delivery, when the ceiling falls at the rate of its basis up to then, or when it fell."""
        found, ceiling = [""] * self.size, self._ceilings()
        fell: dict[tuple[int, str], date] = {}
        for at, place in enumerate(self.order.tolist()):
            key, total = (int(self.period[at]), self.basis[place]), int(self.totals_of[""][at])
            day, start = self.days[place], self.begins[place]
            if np.isnan(ceiling[place]) or total <= 0:
                continue
            limit = int(ceiling[place] * _EXACT)
            if total > limit:
                found[place] = f"the ceiling fell on {fell.setdefault(key, day)}"
                continue
            days = ceil(Fraction(limit, total) * ((day - start).days + 1))
            end = self._end(start, self.judged_on[place])
            falls = start + timedelta(days=days - 1) if days < 10_000 else date.max
            found[place] = (
                f"at the present rate the ceiling is reached on {falls}" if falls <= end
                else f"at the present rate the ceiling is not reached by {end}"
            )  # fmt: skip
        return pd.Series(found, dtype="str")

    def _end(self, start: date, law: date) -> date:
        """The last day of the period that begins on a day."""
        following = start.replace(year=start.year + 1)
        changes = [
            v.since for v in self.parameters[self.account.month].values if start < v.since <= following
            and law <= following
        ]  # fmt: skip
        return min([following, *changes]) - timedelta(days=1)

    def years(self) -> list[LedgerYear]:
        """Every period with a delivery, as the report draws it."""
        found, ceiling = [], self._ceilings()
        for period in range(int(self.period.max()) + 1 if len(self.period) else 0):
            rows = np.flatnonzero(self.period == period).tolist()
            first = int(self.order[rows[0]])
            start, limit = self.begins[first], float(ceiling[first])
            if np.isnan(limit):
                continue
            day = self.judged_on[first]
            notices = tuple(
                (told, percent * limit / 100)
                for name, told in self.account.percents
                if not np.isnan(percent := _figure(self.parameters.get(name), day))
            )
            found.append(
                LedgerYear(
                    account=self.account.name,
                    title=self.account.title,
                    unit=self.account.unit,
                    start=start,
                    end=self._end(start, self.judged_on[first]),
                    ceiling=limit,
                    notices=notices,
                    deliveries=tuple(self._delivery(row) for row in rows),
                )
            )
        return found

    def _delivery(self, at: int) -> Delivery:
        place = int(self.order[at])
        return Delivery(
            source=str(self.stated.at("source", place)),
            row=int(self.stated.at("row", place)),
            record_id=str(self.stated.at("record_id", place)),
            day=self.days[place],
            basis=str(self.basis[place]),
            amount=float(Fraction(int(self.own_amount[""][at]), _EXACT)) if self.certain[place] else 0.0,
            total=float(Fraction(int(self.totals_of[""][at]), _EXACT)),
            most=float(Fraction(int(self.totals_of["high"][at]), _EXACT)),
            counted=bool(self.certain[place] and self.readable[place]),
            history=bool(self.history[place]),
        )


def _dates(days: pd.Series) -> list[date]:
    """Days as dates; one that is not known stands beyond all others."""
    return [day or date.max for day in days.to_numpy().astype("datetime64[D]").tolist()]


def _holds(text: str, classes: tuple[str, ...], but: tuple[str, ...] = ()) -> bool:
    return any(f";{one};" in text for one in classes) and not any(f";{one};" in text for one in but)


def _whole(values: np.ndarray, counted: Mask) -> np.ndarray:
    """The amounts that count as whole millionths, Python integers that never overflow; all others are 0."""
    found = np.zeros(len(values), dtype=object)
    known = counted & ~np.isnan(values)
    found[known] = [round(value * _EXACT) for value in values[known].tolist()]
    return found


def _running(amounts: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """The running totals of each group, in the order given."""
    found = np.zeros(len(amounts), dtype=object)
    by_group = np.argsort(groups, kind="stable")
    bounds: list[int] = np.flatnonzero(np.diff(groups[by_group], prepend=-1, append=-1)).tolist() if len(groups) else []
    for first, last in pairwise(bounds):
        rows = by_group[first:last]
        found[rows] = np.cumsum(amounts[rows])
    return found


def _starts(days: pd.Series, law: pd.Series, month: Parameter, first: Parameter) -> pd.Series:
    """The first day of the period in which each day falls; NaT where the day or its law knows none."""
    pairs = pd.MultiIndex.from_arrays([days, law])
    codes, distinct = pd.factorize(pairs)
    found = [_start(day, on, month, first) for day, on in distinct]
    values = pd.array(found, dtype="datetime64[s]")
    taken = values.take(codes, allow_fill=True) if len(found) else pd.array([pd.NaT] * len(days), dtype="datetime64[s]")
    return pd.Series(taken)


def _start(day: pd.Timestamp, law: pd.Timestamp, month: Parameter, first: Parameter) -> pd.Timestamp | None:
    if pd.isna(day) or pd.isna(law):
        return None
    of_month, of_day = month.on(law.date()), first.on(law.date())
    if of_month is None or of_day is None:
        return None
    start = date(day.year, int(of_month.value), int(of_day.value))
    return pd.Timestamp(start if start <= day.date() else start.replace(year=day.year - 1))


def _figure(parameter: Parameter | None, day: date) -> float:
    value = parameter.on(day) if parameter else None
    return value.value if value else float("nan")


def _only(basis: str, total: int, others: Mapping[str, int], limit: float) -> str:
    """How a ceiling is crossed that the total of one basis leaves uncrossed."""
    if alone := [name for name, amount in others.items() if amount > limit]:
        return f"on the {' and the '.join(alone)} basis and not on the {basis} one"
    if total + sum(others.values()) > limit:
        return f"only if what is {' and '.join(others)} is added to what is {basis}"
    return "only if all that may count is added"


def _plain(amount: object) -> str:
    """A total in whole millionths as a reader writes it."""
    exact = Fraction(int(amount), _EXACT)  # type: ignore[call-overload]
    return f"{int(exact):,}" if exact.denominator == 1 else f"{float(exact):,.1f}"


def _many(count: object, one: str, several: str) -> str:
    return f"{count:,} {one if count == 1 else several}"
