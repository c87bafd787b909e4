"""Each manipulation does to a name what it says, applies only where it can, and hangs on its seed alone."""

from __future__ import annotations

from random import Random

import pytest

from screening.assurance.manipulations import FIELD, REGISTRY
from screening.matching.score import distances
from screening.model import Kind

PERSON, COMPANY, SHIP, SHORT = "Ri Myong Chol Ivanovich", "Korvex Trading Co., Ltd.", "OCEAN TRADER 5", "Al"
LONG = "Republican Unitary Enterprise for Machine Building"


def altered(way: str, name: str, seed: int = 1) -> str:
    return REGISTRY[way].change(name, Random(seed))


EXPECTED = [
    ("exact", PERSON, PERSON),
    ("case", PERSON, PERSON.upper()),
    ("case", "OCEAN", "ocean"),
    ("diacritics", "José Müller", "Jose Muller"),
    ("diacritics", "Nova", "Ñövá"),
    ("punctuation", COMPANY, "Korvex Trading Co Ltd"),
    ("punctuation", SHORT, ""),
    ("spacing", "Al Bir", " Al  Bir "),
    ("order", PERSON, "Ivanovich Ri Myong Chol"),
    ("order", SHORT, ""),
    ("legal form dropped", COMPANY, "Korvex Trading"),
    ("legal form dropped", "Korvex", ""),
    ("initials", PERSON, "Ri M. Chol Ivanovich"),
    ("initials", "Al Bir", ""),
    ("vowels dropped", "Jamil Mukulu", "Jml Mklu"),
    ("cut", LONG, LONG[:FIELD].rstrip()),
    ("cut", PERSON, ""),
    ("Cyrillic", "Vostochnaya Shakhta", "Восточная Шахта"),
    ("Cyrillic", "OCEAN TRADER 5", ""),
    ("Hangul", "Kim Jong Un", "김정운"),
    ("Hangul", "Ocean Trader", ""),
]


@pytest.mark.parametrize(("way", "name", "wanted"), EXPECTED)
def test_a_manipulation_does_what_its_name_says(way, name, wanted):
    assert altered(way, name) == wanted


@pytest.mark.parametrize("way", ["typo", "dropped letter", "doubled letter", "swapped letters"])
def test_one_mistake_is_one_edit(way):
    for seed in range(20):
        found = altered(way, COMPANY, seed)
        assert not found or distances([COMPANY.lower()], [found.lower()], 3)[0] == 1


def test_two_typos_are_two_edits_and_need_a_long_word():
    assert all(distances([COMPANY], [altered("two typos", COMPANY, s)], 4)[0] == 2 for s in range(20))
    assert altered("two typos", SHORT) == ""


def test_words_are_joined_split_dropped_and_added():
    assert all(len(altered("joined words", PERSON, s).split()) == 3 for s in range(9))
    assert all(len(altered("split word", PERSON, s).split()) == 5 for s in range(9))
    assert all(len(altered("dropped word", PERSON, s).split()) == 3 for s in range(9))
    assert all(len(altered("added word", PERSON, s).split()) == 5 for s in range(9))
    assert all(altered(way, SHORT) == "" for way in ("joined words", "split word", "dropped word", "added word"))


def test_what_comes_before_and_after_a_name():
    assert altered("title", PERSON).endswith(f" {PERSON}") and altered("ship prefix", SHIP).endswith(SHIP)
    assert altered("address", PERSON).startswith(f"{PERSON},") and altered("address", SHORT) == ""
    changed = altered("legal form changed", COMPANY)
    assert changed.startswith("Korvex Trading ") and not changed.endswith("Co., Ltd.")


def test_misread_and_lookalike_letters_look_the_same_and_are_not():
    assert altered("misread", "SOLIS") in ("S0LIS", "5OLIS", "SOL1S") and altered("misread", "Grey") == ""
    mixed = altered("lookalike letters", "Korvex")
    assert mixed != "Korvex" and len(mixed) == 6 and not mixed.isascii()


def test_another_romanisation_changes_letters_only():
    found = altered("respelt", "Khrushchev Yuri")
    assert found and found.split()[0][0] in "KH" and altered("respelt", SHORT) == ""


@pytest.mark.parametrize("way", REGISTRY)
def test_the_same_seed_gives_the_same_name_and_any_name_is_taken(way):
    for name in (PERSON, COMPANY, SHIP, SHORT, LONG, "김정은", "A", "---", "Ким Чен Ын"):
        first = altered(way, name, 3)
        assert first == altered(way, name, 3) and isinstance(first, str)


def test_every_manipulation_has_a_grade_a_meaning_and_a_kind():
    assert len(REGISTRY) >= 15
    assert all(way.grade in (1, 2, 3) and way.meaning and way.kinds <= frozenset(Kind) for way in REGISTRY.values())
