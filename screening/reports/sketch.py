"""Sketch maps of the places and legs a run names: plain geometry, drawn by the page's template as inline SVG."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from screening.model import Leg, Place
from screening.reports import coast

WIDTH = 1000.0
_HEIGHTS = (430.0, 640.0)
_MARGIN = 0.16  # of the frame, around the outermost places
_MOST_LEGS = 200
_MOST_LABELS = 60
_BEND = 0.16  # of a leg's length
_LETTER, _LINE = 9.0, 18.0  # a label's letter is about so wide and its line so high, in units of the drawing

Point = tuple[float, float]
Box = tuple[float, float, float, float]  # left, top, right, bottom

# North-East Asia, the theatre of the first sketch: west, south, east, north.
THEATRE = (112.0, 20.0, 166.0, 62.0)
# The coast from Kimchaek to Olga, where ports of the DPRK and of Russia lie too close for a sketch of the theatre.
COAST = (128.8, 40.5, 135.6, 44.2)
_CROWDED = 0.35  # of the drawing's width: where the places of the coast take less, they get a sketch of their own


@dataclass(frozen=True, slots=True)
class Dot:
    """A place as drawn: its point, and its label beside it ('' where there was no room)."""

    place: Place
    x: float
    y: float
    label: str
    label_x: float
    label_y: float
    anchor: str


@dataclass(frozen=True, slots=True)
class Arc:
    """A leg as drawn."""

    leg: Leg
    path: str
    width: float
    title: str


@dataclass(frozen=True, slots=True)
class Sketch:
    """One map: paths and points in a drawing WIDTH wide and `height` high."""

    title: str
    height: float
    land: str
    lakes: str
    dprk: str
    borders: str
    grid: tuple[tuple[str, float, float, str], ...]
    countries: tuple[tuple[str, float, float], ...]
    arcs: tuple[Arc, ...]
    dots: tuple[Dot, ...]
    unlabelled: tuple[str, ...]
    omitted: int


@dataclass(frozen=True, slots=True)
class _Frame:
    """A window on the world, and how a point of it is drawn."""

    west: float
    north: float
    scale: float  # units of the drawing per degree of latitude
    squeeze: float  # a degree of longitude is so much of one of latitude at the window's middle
    height: float

    def at(self, longitude: float, latitude: float) -> tuple[float, float]:
        x = (longitude - self.west) * self.squeeze * self.scale
        return round(x, 1), round((self.north - latitude) * self.scale, 1)

    def holds(self, x: float, y: float, margin: float = 0.0) -> bool:
        return margin <= x <= WIDTH - margin and margin <= y <= self.height - margin


def sketches(places: Sequence[Place], legs: Sequence[Leg]) -> tuple[Sketch, ...]:
    """A sketch of North-East Asia for what lies there, closer where it is crowded, and one of the wider world."""
    known = {place.place_id: place for place in places if _drawable(place)}
    drawn = sorted(
        (leg for leg in legs if leg.start in known and leg.end in known),
        key=lambda leg: (-leg.decision.gravity, -leg.records, leg.start, leg.end),
    )
    near = {key for key, place in known.items() if _inside(place, THEATRE)}
    close = {key for key, place in known.items() if _inside(place, COAST)}
    inner = [leg for leg in drawn if {leg.start, leg.end} <= near]
    outer = [leg for leg in drawn if not {leg.start, leg.end} <= near]
    far = [place for key, place in known.items() if key not in near or any(key in (g.start, g.end) for g in outer)]
    found = []
    if near:
        here = [place for key, place in known.items() if key in near]
        found.append(_sketch("Ports of North-East Asia", here, inner, least=3.2))
        across = [dot.x for dot in found[0].dots if dot.place.place_id in close]
        if len(across) > 2 and close < near and max(across) - min(across) < _CROWDED * WIDTH:
            legs_there = [leg for leg in inner if {leg.start, leg.end} <= close]
            found.append(_sketch("The same, closer", [known[key] for key in sorted(close)], legs_there, least=1.5))
    if any(place.place_id not in near for place in far):
        found.append(_sketch("Ports elsewhere", far, outer, least=24.0))
    return tuple(found)


def undrawn(places: Iterable[Place]) -> tuple[Place, ...]:
    """The places without usable coordinates."""
    return tuple(place for place in places if not _drawable(place))


def _drawable(place: Place) -> bool:
    return abs(place.latitude) <= 85 and abs(place.longitude) <= 180  # NaN compares as false


def _inside(place: Place, window: tuple[float, float, float, float]) -> bool:
    west, south, east, north = window
    return west <= place.longitude <= east and south <= place.latitude <= north


def _sketch(title: str, places: Sequence[Place], legs: Sequence[Leg], least: float) -> Sketch:
    frame = _frame(places, least)
    names = {place.place_id: place for place in places}
    busiest = max((leg.records for leg in legs), default=1)
    shown = legs[:_MOST_LEGS]
    arcs = [_arc(leg, names, frame, busiest) for leg in shown if leg.start != leg.end]
    dots = _dots(sorted(places, key=lambda place: (-place.records, place.place_id)), shown, frame)
    return Sketch(
        title=title,
        height=frame.height,
        land="".join(_path(line, frame, "Z") for line in coast.LAND),
        lakes=_path(coast.CASPIAN, frame, "Z"),
        dprk=_path(coast.DPRK, frame, "Z"),
        borders="".join(_path(line, frame, "") for line in coast.BORDERS),
        grid=_grid(frame),
        countries=_countries(frame),
        arcs=tuple(reversed(arcs)),  # the gravest are drawn last, on top
        dots=dots,
        unlabelled=tuple(dot.place.name for dot in dots if not dot.label),
        omitted=len(legs) - len(shown),
    )


def _frame(places: Sequence[Place], least: float) -> _Frame:
    """A window around the places with a margin, at least `least` degrees high, of a shape that a page can hold."""
    south, north = min(p.latitude for p in places), max(p.latitude for p in places)
    west, east = min(p.longitude for p in places), max(p.longitude for p in places)
    squeeze = max(math.cos(math.radians((south + north) / 2)), 0.2)
    tall = max((north - south) * (1 + 2 * _MARGIN), least)
    wide = max((east - west) * (1 + 2 * _MARGIN) * squeeze, least * 1.6)
    height = min(max(WIDTH * tall / wide, _HEIGHTS[0]), _HEIGHTS[1])
    scale = min(WIDTH / wide, height / tall)
    middle_x, middle_y = (west + east) / 2, (south + north) / 2
    return _Frame(
        middle_x - WIDTH / scale / squeeze / 2, middle_y + height / scale / 2, scale, squeeze, round(height, 1)
    )


def _path(line: coast.Line, frame: _Frame, end: str) -> str:
    points = [frame.at(*point) for point in line]
    reach = 400.0
    if all(x < -reach for x, _ in points) or all(x > WIDTH + reach for x, _ in points):
        return ""
    if all(y < -reach for _, y in points) or all(y > frame.height + reach for _, y in points):
        return ""
    return "M" + "L".join(f"{x:g},{y:g}" for x, y in points) + end


def _grid(frame: _Frame) -> tuple[tuple[str, float, float, str], ...]:
    """Meridians and parallels: (path, where the label stands, label)."""
    span = frame.height / frame.scale
    step = next(step for step in (1, 2, 5, 10, 20, 30, 60) if span / step <= 6)
    lines: list[tuple[str, float, float, str]] = []
    for degree in range(-180, 361, step):
        x, _ = frame.at(degree, 0)
        if 0 < x < WIDTH:
            lines.append((f"M{x:g},0V{frame.height:g}", x + 4, frame.height - 6, _longitude(degree)))
    for degree in range(-90, 91, step):
        _, y = frame.at(0, degree)
        if 0 < y < frame.height - 16:
            lines.append((f"M0,{y:g}H{WIDTH:g}", 5, y - 4, f"{abs(degree)}° {'N' if degree >= 0 else 'S'}"))
    return tuple(lines)


def _longitude(degree: int) -> str:
    turned = (degree + 180) % 360 - 180
    return f"{abs(turned)}° {'E' if turned >= 0 else 'W'}"


def _countries(frame: _Frame) -> tuple[tuple[str, float, float], ...]:
    """Country names, where the window is close enough for them to be of use and holds their place."""
    if frame.scale < 14:
        return ()
    placed = [(name, *frame.at(longitude, latitude)) for name, longitude, latitude in coast.LABELS]
    return tuple((name, x, y) for name, x, y in placed if frame.holds(x, y, 40))


def _arc(leg: Leg, places: dict[str, Place], frame: _Frame, busiest: int) -> Arc:
    """A curve that bends to the right of its way, so that both ways between two places stay apart."""
    start, end = places[leg.start], places[leg.end]
    (x1, y1), (x, y), (x2, y2) = _bow(leg, places, frame)
    away = math.hypot(x2 - x, y2 - y) or 1.0
    stop = min(9.0, away / 2)  # the arrow's head ends before the dot
    x2, y2 = x2 + (x - x2) / away * stop, y2 + (y - y2) / away * stop
    weight = 2.0 + 2.6 * math.log1p(leg.records) / math.log1p(max(busiest, 2))
    noun = "record" if leg.records == 1 else "records"
    return Arc(
        leg,
        f"M{x1:g},{y1:g}Q{x:.1f},{y:.1f} {x2:.1f},{y2:.1f}",
        round(weight, 1),
        f"{start.name} to {end.name}: {leg.records:,} {noun}",
    )


def _bow(leg: Leg, places: dict[str, Place], frame: _Frame) -> tuple[Point, Point, Point]:
    """Start, the point that bends the curve, and end."""
    start, end = places[leg.start], places[leg.end]
    (x1, y1), (x2, y2) = frame.at(start.longitude, start.latitude), frame.at(end.longitude, end.latitude)
    return (x1, y1), ((x1 + x2) / 2 - (y2 - y1) * _BEND, (y1 + y2) / 2 + (x2 - x1) * _BEND), (x2, y2)


def _dots(places: Sequence[Place], legs: Sequence[Leg], frame: _Frame) -> tuple[Dot, ...]:
    """The places, busiest first; a label hides no dot and no other label, and if it can be no leg, or is left out."""
    points = [frame.at(place.longitude, place.latitude) for place in places]
    boxes = [(x - 6, y - 6, x + 6, y + 6) for x, y in points]
    lines = _along(legs, {place.place_id: place for place in places}, frame)
    dots = []
    for number, (place, (x, y)) in enumerate(zip(places, points, strict=True)):
        wide = sum(_LETTER * (1.7 if ord(letter) > 0x1100 else 1.0) for letter in place.name)
        spots = (
            (x + 10, y + 5, "start"), (x - 10, y + 5, "end"), (x, y - 12, "middle"), (x, y + 22, "middle"),
            (x + 9, y - 9, "start"), (x + 9, y + 19, "start"), (x - 9, y - 9, "end"), (x - 9, y + 19, "end"),
        )  # fmt: skip
        free = [spot for spot in spots if number < _MOST_LABELS and _free(_box(spot, wide), boxes, frame)]
        clear = [spot for spot in free if _free(_box(spot, wide), lines, frame)]
        label_x, label_y, anchor = spot = next(iter(clear or free), (x, y, ""))
        if anchor:
            boxes.append(_box(spot, wide))
        dots.append(Dot(place, x, y, place.name if anchor else "", label_x, label_y, anchor or "start"))
    return tuple(dots)


def _along(legs: Sequence[Leg], places: dict[str, Place], frame: _Frame) -> list[Box]:
    """Small boxes strung along the legs as drawn."""
    found = []
    for leg in legs:
        (x1, y1), (x, y), (x2, y2) = _bow(leg, places, frame)
        for step in range(1, 20):
            t = step / 20
            at_x = (1 - t) ** 2 * x1 + 2 * t * (1 - t) * x + t * t * x2
            at_y = (1 - t) ** 2 * y1 + 2 * t * (1 - t) * y + t * t * y2
            found.append((at_x - 3, at_y - 3, at_x + 3, at_y + 3))
    return found


def _box(spot: tuple[float, float, str], wide: float) -> Box:
    x, y, anchor = spot
    left = {"start": x, "end": x - wide, "middle": x - wide / 2}.get(anchor, x)
    return left, y - _LINE + 4, left + wide, y + 4


def _free(box: Box, boxes: Sequence[Box], frame: _Frame) -> bool:
    left, top, right, bottom = box
    if not all(frame.holds(x, y) for x, y in ((left, top), (right, bottom))):
        return False
    return all(right < a or left > c or bottom < b or top > d for a, b, c, d in boxes)


def legs_listed(places: Sequence[Place], legs: Sequence[Leg]) -> tuple[tuple[str, str, Leg], ...]:
    """The legs with the names of their ends, gravest and busiest first, for who cannot see the sketch."""
    names = {place.place_id: f"{place.name} ({place.country})" if place.country else place.name for place in places}
    ordered = sorted(legs, key=lambda leg: (-leg.decision.gravity, -leg.records, leg.start, leg.end))
    return tuple((names.get(leg.start, leg.start), names.get(leg.end, leg.end), leg) for leg in ordered)

