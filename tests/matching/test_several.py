"""One cell that names several parties, or a ship by its former name too, is read as all of them."""

from __future__ import annotations

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.lists import build, extract_folder
from screening.matching import names, parts
from screening.matching.looks import looks
from screening.matching.screen import Matcher
from screening.matching.settings import Settings

PIECES = [
    *(",", ";", "/", "|", "\n", "\r", "\t", "\x1c", "\u3000", "\x85", ", ", " / ", "'", ".", "1", "5 Lenin Street"),
    *(" ex ", " formerly ", " aka ", " a/k/a ", " fka ", " obo ", " c/o ", " o/b/o ", " on behalf of ", "order of "),
    *(
        "To the order of ",
        " to the order of ",
        " EX\t",
        "\nAKA ",
        "Border",
        "Alex ",
        "Korvex",
        "Bank",
        " S. A.",
        " Ltd.",
    ),
    *(
        "co",
        "llc",
        "JSC",
        "Иванов",
        "김정은",
        "Müller",
        "\u212aA ",
        "Ivan",
        " ",
        "  ",
        "A Long Name To Fill The Field 9012",
        "MEGAFONpao",
        " (ex ALFA)",
        " [Moscow]",
        " V.012",
        " IMO 9179842",
        " IMO NO. UNKNOWN",
        " CALL SIGN UBAA",
        " Tel. +7 495 1234567",
        " Lenina 5 Moscow",
        " - branch",
        " for account of ",
        ", director",
        "Ministry of Defence of the DPRK",
        "KIMJong",
    ),
]
some_texts = st.lists(st.lists(st.sampled_from(PIECES), max_size=6).map("".join), max_size=8)


def test_each_name_of_a_cell_is_matched() -> None:
    """Two listed firms with a stroke between, and a ship with the name it had before."""
    snapshot = build([extract_folder()])
    matcher = Matcher(snapshot)
    firms, ship = matcher.lookup(["Ibex Shipping Inc / Azia Shipping Company", "SEA STAR ex CHON MA SAN"])
    names = pd.Series([snapshot.entries["name"].iat[hit.entry] for hit in firms])
    assert names.str.contains("IBEX", case=False).any()
    assert names.str.contains("AZIA", case=False).any()
    assert any(snapshot.entries["name"].iat[hit.entry] == "CHON MA SAN" for hit in ship)


@given(some_texts, st.booleans(), st.booleans())
@settings(max_examples=500, deadline=None)
def test_texts_are_read_together_as_each_alone(texts, with_parts, ships) -> None:
    """A text has the same readings beside any others."""
    rules = Settings.load()
    how = {"parts": with_parts, "ships": ships, "fields": rules.fields}
    together = names.read(texts, rules.lexicon, **how)
    alone = [names.read([text], rules.lexicon, **how) for text in texts]
    assert together.text.tolist() == [place for place, one in enumerate(alone) for _ in one.raw]
    assert list(zip(together.how.tolist(), together.raw, strict=True)) == [
        told for one in alone for told in zip(one.how.tolist(), one.raw, strict=True)
    ]
    assert together.native.tolist() == [number for one in alone for number in one.native.tolist()]


@given(st.lists(st.sampled_from(PIECES), max_size=5).map("".join), st.booleans(), st.booleans())
@settings(max_examples=500, deadline=None)
def test_a_text_of_a_single_reading_is_found_without_being_looked_into(text, with_parts, ship) -> None:
    """What the look at all texts passes over has no other way to be read."""
    rules = Settings.load()
    seen = looks([text], rules.fields, rules.lexicon, ship)
    found = parts.ways(text, rules.lexicon, parts.GIVEN, rules.fields, with_parts, ship)
    told = bool(seen.parted[0]), bool(seen.beside[0]), bool(seen.cut[0]), bool(seen.initials[0])
    assert found == parts.ways(text, rules.lexicon, parts.GIVEN, rules.fields, with_parts, ship, told)
    cuts = parts.cuts(text, rules.lexicon, rules.fields)
    if not any((*told[:2], told[3])) or (seen.comma[0] and parts.is_form(text.partition(",")[2], rules.lexicon)):
        assert found == [(names.PLAIN, text), *cuts]
    assert seen.cut[0] or not cuts


@given(st.lists(st.sampled_from(PIECES), max_size=5).map("".join))
@settings(max_examples=300, deadline=None)
def test_a_name_with_its_legal_form_behind_a_comma_is_read_as_any_other_would_be(text) -> None:
    """Where the short way is taken, the long way comes to the same."""
    rules = Settings.load()
    if parts._has_form_alone(text, rules.lexicon):
        assert not parts._turned(text, rules.lexicon, parts.LISTED_GIVEN)
        assert parts._parts(text, rules.lexicon) == [(names.PLAIN, text)]
