"""Charts of the effectiveness reports: plain geometry, drawn by templates as inline SVG."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from screening.assurance.assure import Assurance, Cell
from screening.assurance.pairs import Evaluation, Tally

WIDTH, HEIGHT = 760.0, 360.0
LEFT, RIGHT, TOP, BOTTOM = 46.0, 104.0, 14.0, 40.0
LEAST = 40  # the lowest threshold told
ROW = 26.0
LABEL = 190.0
BAR = 430.0
MEASURES = ("precision", "recall", "f1")


@dataclass(frozen=True, slots=True)
class Line:
    """One measure over the threshold."""

    name: str
    points: str
    label: str
    label_y: float


@dataclass(frozen=True, slots=True)
class Mark:
    """A shipped cut-off: where it stands and what it is called."""

    x: float
    y: float
    label: str


@dataclass(frozen=True, slots=True)
class Curve:
    """Precision, recall and F1 over the threshold, with grid lines and the shipped cut-offs."""

    lines: tuple[Line, ...]
    marks: tuple[Mark, ...]
    across: tuple[tuple[float, str], ...]  # y, label
    up: tuple[tuple[float, str], ...]  # x, label


@dataclass(frozen=True, slots=True)
class Bar:
    """What became of the names of one manipulation: shares as lengths from `LABEL` on."""

    name: str
    meaning: str
    y: float
    pieces: tuple[tuple[str, float, float], ...]  # outcome, start, length
    figure: str


def thresholds() -> range:
    """The thresholds that are told."""
    return range(LEAST, 101)


def curve(evaluation: Evaluation) -> Curve:
    """The measures at every whole threshold."""
    tallies = [(threshold, evaluation.at(threshold)) for threshold in thresholds()]
    ends = _apart([_y(getattr(tallies[-1][1], name)) for name in MEASURES])
    lines = [_line(name, tallies, end) for name, end in zip(MEASURES, ends, strict=True)]
    kinds = evaluation.groups("kind")
    limits: dict[float, list[str]] = {}
    for kind in kinds:
        limits.setdefault(evaluation.cut_offs[kind], []).append(kind)
    marks = [
        Mark(_x(limit), TOP + 14 + 15 * place, f"{', '.join(names)} {limit:g}")
        for place, (limit, names) in enumerate(sorted(limits.items()))
        if LEAST <= limit <= 100
    ]
    across = tuple((_y(share / 5), f"{share / 5:.1f}") for share in range(6))
    return Curve(tuple(lines), tuple(marks), across, tuple((_x(at), str(at)) for at in range(LEAST, 101, 10)))


def _line(name: str, tallies: Sequence[tuple[int, Tally]], end: float) -> Line:
    points = " ".join(f"{_x(at):.1f},{_y(getattr(tally, name)):.1f}" for at, tally in tallies)
    return Line(name, points, {"f1": "F1"}.get(name, name), end)


def _x(threshold: float) -> float:
    return round(LEFT + (threshold - LEAST) / (100 - LEAST) * (WIDTH - LEFT - RIGHT), 1)


def _y(share: float) -> float:
    return round(TOP + (1 - share) * (HEIGHT - TOP - BOTTOM), 1)


def _apart(heights: Sequence[float]) -> list[float]:
    """Heights of labels moved down where they would cover each other."""
    found = list(heights)
    order = sorted(range(len(found)), key=lambda place: found[place])
    for before, after in itertools.pairwise(order):
        found[after] = max(found[after], found[before] + 16)
    over = max(0.0, max(found) - (HEIGHT - BOTTOM))
    return [height - over for height in found]


def bars(assurance: Assurance) -> tuple[Bar, ...]:
    """A bar for each manipulation, in the order of the registry."""
    found = []
    for place, way in enumerate(assurance.tried):
        cell = assurance.total(way.name)
        found.append(Bar(way.name, way.meaning, place * ROW, _pieces(cell), f"{cell.rate:.1%} of {cell.tried:,}"))
    return tuple(found)


def _pieces(cell: Cell) -> tuple[tuple[str, float, float], ...]:
    missed = cell.tried - cell.found - cell.other - cell.weak
    start, pieces = LABEL, []
    for outcome, count in (("found", cell.found), ("other", cell.other), ("weak", cell.weak), ("missed", missed)):
        length = round(BAR * count / max(cell.tried, 1), 1)
        if count:
            pieces.append((outcome, round(start, 1), length))
        start += length
    return tuple(pieces)
