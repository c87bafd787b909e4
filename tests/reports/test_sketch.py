"""Sketch maps: every place is on one, or is told to be on none."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from screening.model import Decision, Leg, Place, Results
from screening.reports import sketch


def test_places_of_the_theatre_and_places_elsewhere_have_a_sketch_each(results: Results) -> None:
    """Busan stands on both, since a leg leads from there to Antwerp."""
    near, _, far = sketch.sketches(results.places, results.legs)
    assert {dot.place.name for dot in near.dots} == {"Vostochny", "Chongjin", "Rajin", "Dunay", "Busan"}
    assert {dot.place.name for dot in far.dots} == {"Busan", "Antwerp"}
    assert len(near.arcs) + len(far.arcs) == len(results.legs)
    assert near.arcs[-1].leg.decision is Decision.POSSIBLE_VIOLATION  # drawn last, on top


def test_a_crowded_coast_is_drawn_closer(results: Results) -> None:
    """With Busan in the picture, four ports lie within a third of its width; without it there is room."""
    _, closer, _ = sketch.sketches(results.places, results.legs)
    assert {dot.place.name for dot in closer.dots} == {"Vostochny", "Chongjin", "Rajin", "Dunay"}
    assert all(dot.label for dot in closer.dots)
    alone = sketch.sketches(results.places[:4], results.legs)
    assert [one.title for one in alone] == ["Ports of North-East Asia"]


def test_a_place_without_coordinates_is_named(results: Results) -> None:
    """It is on no sketch, and the page says so."""
    lost = replace(results.places[0], latitude=float("nan"))
    places = (lost, *results.places[1:])
    assert sketch.undrawn(places) == (lost,)
    drawn = sketch.sketches(places, results.legs)
    assert all(dot.place.place_id != lost.place_id for one in drawn for dot in one.dots)
    assert len(sketch.legs_listed(places, results.legs)) == len(results.legs)


def test_no_places_no_sketch() -> None:
    """A run that resolved no place draws nothing."""
    assert sketch.sketches((), ()) == ()


def test_one_place_alone_is_drawn() -> None:
    """With no leg there is still a window around it."""
    (only,) = sketch.sketches((Place("KP-NAMPO", "Nampo", "KP", 38.73, 125.4, 3),), ())
    assert only.dots[0].label == "Nampo" and only.dprk


POINTS = st.tuples(st.floats(-84, 84), st.floats(-179, 179))
ENDS = st.tuples(st.integers(0, 24), st.integers(0, 24))


@settings(max_examples=60, deadline=None)
@given(st.lists(POINTS, min_size=1, max_size=25), st.lists(ENDS, max_size=30))
def test_every_place_is_inside_its_sketch(points: list[tuple[float, float]], pairs: list[tuple[int, int]]) -> None:
    """Wherever places lie, each is drawn within the frame, and no leg between two of them is lost."""
    places = tuple(Place(f"P{n}", f"Place {n}", "", lat, lon, n) for n, (lat, lon) in enumerate(points))
    legs = tuple(
        Leg(f"P{a}", f"P{b}", 1, Decision.REVIEW) for a, b in set(pairs) if a != b and max(a, b) < len(points)
    )
    drawn = [one for one in sketch.sketches(places, legs) if one.title != "The same, closer"]
    assert {dot.place.place_id for one in drawn for dot in one.dots} == {place.place_id for place in places}
    assert sum(len(one.arcs) + one.omitted for one in drawn) == len(legs)
    for one in drawn:
        assert all(0 <= dot.x <= sketch.WIDTH and 0 <= dot.y <= one.height for dot in one.dots)
        assert {dot.place.name for dot in one.dots if not dot.label} == set(one.unlabelled)
