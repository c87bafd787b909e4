"""The years of the ceilings as charts: deliveries, running totals, notices and the ceiling, as plain geometry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from screening.model import Delivery, LedgerYear

WIDTH, HEIGHT = 1000.0, 380.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 86.0, 986.0, 22.0, 340.0
_MOST_ROWS = 60
_TICKS = 5
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Mark:
    """A level across the chart: the ceiling or a notice."""

    name: str
    amount: str
    y: float
    kind: str


@dataclass(frozen=True, slots=True)
class Line:
    """A running total as drawn."""

    name: str
    path: str
    kind: str


@dataclass(frozen=True, slots=True)
class Chart:
    """One period of one ceiling as drawn and in words."""

    title: str
    unit: str
    summary: str
    marks: tuple[Mark, ...]
    lines: tuple[Line, ...]
    bars: tuple[tuple[float, float, float, str], ...]  # x, y, height, title
    months: tuple[tuple[float, str], ...]
    scale: tuple[tuple[float, str], ...]
    rows: tuple[Delivery, ...]
    rest: int


def charts(years: Sequence[LedgerYear]) -> tuple[Chart, ...]:
    """A chart for every period of every ceiling that has a delivery, the latest first."""
    return tuple(_chart(year) for year in sorted(years, key=lambda y: (y.account, -y.start.toordinal())))


def _chart(year: LedgerYear) -> Chart:
    top = max([year.ceiling * 1.12, *(max(d.most, d.total) * 1.04 for d in year.deliveries)])
    at = _Scale(year.start, year.end, top)
    marks = [
        Mark(name, _amount(amount), at.y(amount), "stop" if name == year.notices[-1][0] else "notice")
        for name, amount in year.notices
    ]
    marks.append(Mark("ceiling", _amount(year.ceiling), at.y(year.ceiling), "ceiling"))
    bases = list(dict.fromkeys(d.basis for d in year.deliveries))
    lines = [Line(f"{basis} total", _steps(at, year, basis), f"b{min(n, 3)}") for n, basis in enumerate(bases)]
    if year.deliveries[-1].most > max(d.total for d in year.deliveries):
        lines.append(Line("at most, all bases and doubtful deliveries", _steps(at, year, ""), "most"))
    return Chart(
        title=f"{year.title}, {year.start} to {year.end}",
        unit=year.unit,
        summary=_summary(year, bases),
        marks=tuple(marks),
        lines=tuple(lines),
        bars=tuple(_bars(at, year)),
        months=tuple(_months(at, year)),
        scale=tuple(_levels(at, year.ceiling)),
        rows=year.deliveries[-_MOST_ROWS:],
        rest=max(len(year.deliveries) - _MOST_ROWS, 0),
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    """Where days and amounts lie in the drawing."""

    start: date
    end: date
    top: float

    def x(self, day: date) -> float:
        whole = max((self.end - self.start).days, 1)
        return round(_LEFT + (_RIGHT - _LEFT) * min(max((day - self.start).days / whole, 0.0), 1.0), 1)

    def y(self, amount: float) -> float:
        return round(_BOTTOM - (_BOTTOM - _TOP) * min(amount / self.top, 1.0), 1)


def _steps(at: _Scale, year: LedgerYear, basis: str) -> str:
    """The running total of a basis, of everything that may count where none is named, as steps by day."""
    by_day: dict[date, float] = {}
    for delivery in year.deliveries:
        if not basis or delivery.basis == basis:
            by_day[delivery.day] = delivery.total if basis else delivery.most
    drawn = "".join(f"H{at.x(day)}V{at.y(total)}" for day, total in by_day.items())
    return f"M{at.x(year.start)},{at.y(0.0)}{drawn}"


def _bars(at: _Scale, year: LedgerYear) -> list[tuple[float, float, float, str]]:
    """The amounts delivered on each day, one bar a day."""
    by_day: dict[date, list[Delivery]] = {}
    for delivery in year.deliveries:
        by_day.setdefault(delivery.day, []).append(delivery)
    found = []
    for day, deliveries in by_day.items():
        amount = sum(d.amount for d in deliveries)
        told = f"{day}: {_amount(amount)} {year.unit} in {len(deliveries)}"
        found.append((round(at.x(day) - 1.5, 1), at.y(amount), round(_BOTTOM - at.y(amount), 1), told))
    return found


def _months(at: _Scale, year: LedgerYear) -> list[tuple[float, str]]:
    found = [(at.x(year.start), f"{year.start.day} {_MONTHS[year.start.month - 1]}")]
    month = date(year.start.year + year.start.month // 12, year.start.month % 12 + 1, 1)
    while month <= year.end:
        if at.x(month) - found[-1][0] > 44:
            found.append((at.x(month), _MONTHS[month.month - 1]))
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return found


def _levels(at: _Scale, ceiling: float) -> list[tuple[float, str]]:
    """Levels beside the chart, fifths of the ceiling or of some ceilings."""
    step = ceiling / _TICKS * max(round(at.top / ceiling), 1)
    return [(at.y(n * step), _amount(n * step)) for n in range(int(at.top // step) + 1)]


def _summary(year: LedgerYear, bases: list[str]) -> str:
    last = {basis: next(d.total for d in reversed(year.deliveries) if d.basis == basis) for basis in bases}
    told = ", ".join(
        f"{_amount(total)} {year.unit} {basis} ({100 * total / year.ceiling:.1f} percent of the ceiling)"
        for basis, total in last.items()
    )
    fell = next((d for d in year.deliveries if d.total > year.ceiling), None)
    end = "; the ceiling was not passed"
    if fell:
        end = f"; the {fell.basis} total passed the ceiling on {fell.day} with record {fell.record_id}"
    open_ones = sum(not d.counted for d in year.deliveries)
    doubt = f"; {open_ones} doubtful or without a usable quantity, not in these totals" if open_ones else ""
    history = sum(d.history for d in year.deliveries)
    past = f", {history} of them from the history" if history else ""
    return f"{len(year.deliveries)} deliveries{past}: {told}{end}{doubt}."


def _amount(amount: float) -> str:
    return f"{amount:,.1f}".removesuffix(".0")
