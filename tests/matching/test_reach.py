"""What a change of lists can touch: never too little, and on a small change little."""

from __future__ import annotations

import random
from typing import Any

import pandas as pd
import pytest

from screening.lists import Snapshot, build
from screening.lists.snapshot import Compiler
from screening.matching.reach import Reach
from screening.matching.screen import PARTY, SHIP, Matcher
from screening.model import Entry, Kind, ListedName
from tests.conftest import FIXTURES

SNAPSHOT = build([FIXTURES / "lists" / "extract"])
ENTRIES = [SNAPSHOT.entry(place) for place in range(len(SNAPSHOT.entries))]
NAMES = SNAPSHOT.names["text"].tolist()


def compiled(entries: list[Entry]) -> Snapshot:
    """A snapshot of these entries."""
    compiler = Compiler()
    for entry in entries:
        compiler.add(entry, "here")
    return compiler.snapshot((), "some", ())


def listed(places: list[int]) -> Snapshot:
    """A snapshot of some entries of the extract."""
    return compiled([ENTRIES[place] for place in places])


def told(matcher: Matcher, texts: list[str], family: str) -> dict[int, list[Any]]:
    """The hits of each text by the ids and names they met, not by their places."""
    hits = matcher.find(texts, family)
    ids, names = matcher.snapshot.entries["entry_id"], matcher.snapshot.names["text"]
    found: dict[int, list[Any]] = {}
    for text, entry, name, *rest in hits.itertuples(index=False):
        found.setdefault(text, []).append((ids.iat[entry], names.iat[name], *rest))
    return {text: sorted(rows) for text, rows in found.items()}


def reach(before: Matcher, after: Matcher) -> Reach:
    return Reach.of(before.snapshot, before.index, after)


# Few words, some alike, some that join to others, so that lists share them and texts come near to many names.
WORDS = ["hamdan", "hamdun", "dagalo", "tijani", "tijany", "musa", "mousa", "moosa", "awad", "korea", "kum", "gang",
         "kumgang", "star", "trading", "al", "2", "sudan", "rapid", "support", "habib", "qubaysi"]  # fmt: skip


def invented(chance: random.Random, count: int, first: int) -> list[Entry]:
    """Entries of all kinds, with one or two names of one to four of the words."""
    found = []
    for number in range(count):
        names = {" ".join(chance.choices(WORDS, k=chance.randint(1, 4))) for _ in range(chance.randint(1, 2))}
        kind = chance.choice([Kind.PERSON, Kind.ORGANISATION, Kind.VESSEL])
        found.append(Entry(f"X-Y:{first + number:03}", "X-Y", kind, tuple(map(ListedName, sorted(names)))))
    return found


@pytest.mark.parametrize("seed", range(12))
def test_every_text_with_other_hits_is_told(seed: int) -> None:
    """Where entries come and go, of 3,000 names of the same words, none is missed."""
    chance = random.Random(seed)
    rest = invented(chance, chance.randint(5, 60), 0)
    before, after = (Matcher(compiled([*rest, *invented(chance, chance.randint(0, 2), at)])) for at in (400, 800))
    texts = [chance.choice([" ", " ", ""]).join(chance.choices(WORDS, k=chance.randint(1, 4))) for _ in range(3_000)]
    change = reach(before, after)
    for family in (PARTY, SHIP):
        now_told, formerly = change.texts(texts, family == SHIP)
        was, now = told(before, texts, family), told(after, texts, family)
        for place, text in enumerate(texts):
            held = {row[0] for row in was.get(place, [])}
            if was.get(place) != now.get(place):  # it is told itself, or by a hit that it had
                assert now_told[place] or held & change.entries or (held and formerly[place]), text


def test_no_change_touches_nothing() -> None:
    """The same list twice."""
    matcher = Matcher(SNAPSHOT)
    change = reach(matcher, matcher)
    assert not change.entries
    for cells, what in ((NAMES, "party"), (NAMES, "vessel"), (["9179842"], "imo")):
        assert not any(mask.any() for mask in change.cells(cells, what))


def test_a_new_entry_touches_its_own_names_and_few_others() -> None:
    """Of all the names of the list, those of the entry and those that share its rarest words."""
    rest = [place for place in range(len(ENTRIES)) if place != 7]
    change = reach(Matcher(listed(rest)), Matcher(SNAPSHOT))
    assert ENTRIES[7].entry_id in change.entries
    mask, _ = change.cells(NAMES, "party")
    own = [name.text for name in ENTRIES[7].names]
    assert mask[[NAMES.index(name) for name in own]].all()
    assert mask.mean() < 0.2


@pytest.mark.parametrize("column", ["party", "vessel", "imo"])
def test_a_new_number_touches_the_cells_that_give_it(column: str) -> None:
    """Also one slip away, where the number stands by itself; in a party's cell only as it is."""
    place = next(at for at, entry in enumerate(ENTRIES) if any(one.type == "imo" for one in entry.identifiers))
    number = next(one.value for one in ENTRIES[place].identifiers if one.type == "imo")
    rest = [at for at in range(len(ENTRIES)) if at != place]
    change = reach(Matcher(listed(rest)), Matcher(SNAPSHOT))
    slip = number[:-1] + str((int(number[-1]) + 1) % 10)
    mask, _ = change.cells([f"IMO {number}", slip, "1234567"], column)
    assert mask.tolist() == [True, column != "party", False]


def test_entries_that_did_not_change_are_found_where_they_stand_now() -> None:
    """With each of their names in its place; those that went are told as gone."""
    before, after = listed([3, 5, 8]), listed([1, 3, 8, 9])
    change = reach(Matcher(before), Matcher(after))
    for frame, places in (("entries", change.entry), ("names", change.name)):
        old, new = getattr(before, frame), getattr(after, frame)
        columns = ["entry_id"] if frame == "entries" else ["text", "strength"]
        stays = pd.Series(places >= 0)
        assert stays.any()
        assert not stays.all()
        assert old.loc[stays.to_numpy(), columns].values.tolist() == new.iloc[places[stays]][columns].values.tolist()
