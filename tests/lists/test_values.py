"""The small readings that all formats share."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.errors import ListFileError
from screening.lists import ofac, values
from screening.lists.house_csv import measures
from screening.lists.ofac_csv import read_remarks
from screening.model import Identifier, Kind, ListedName, Strength

STRENGTHS = st.sampled_from(list(Strength))


@given(st.lists(st.tuples(st.text(max_size=4), STRENGTHS), max_size=8))
def test_names_stand_once_with_one_primary_at_most(listed):
    """No name is lost but the empty ones, and none grows weaker."""
    names = values.names(listed)
    texts = [name.text for name in names]
    assert len(set(texts)) == len(texts)
    assert set(texts) == {values.clean(text) for text, _ in listed} - {""}
    assert sum(name.strength is Strength.PRIMARY for name in names) == any(
        strength is Strength.PRIMARY and values.clean(text) for text, strength in listed
    )


def test_a_name_both_strong_and_weak_is_strong():
    listed = [("A", Strength.PRIMARY), ("B", Strength.WEAK), ("B", Strength.STRONG), ("C", Strength.PRIMARY)]
    assert values.names(listed) == (
        ListedName("A", Strength.PRIMARY),
        ListedName("B", Strength.STRONG),
        ListedName("C", Strength.STRONG),
    )


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("imo", "IMO 9074729", "9074729"),
        ("imo", "IMO9074729", "9074729"),
        ("passport", "PS 654-321", "PS654321"),
        ("bic", "timeru2k", "TIMERU2K"),
    ],
)
def test_numbers_are_upper_case_without_blanks(kind, text, value):
    assert values.identifier(kind, text) == Identifier(kind, value)


@pytest.mark.parametrize("text", ["", " ", "N/A", "-", "none", "..."])
def test_no_number_is_no_identifier(text):
    assert values.identifier("tax", text) is None


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024-05-31", date(2024, 5, 31), date(2024, 5, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024-12", date(2024, 12, 1), date(2024, 12, 31)),
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("26 Feb. 2011", date(2011, 2, 26), date(2011, 2, 26)),
        ("2 December 1985", date(1985, 12, 2), date(1985, 12, 2)),
        ("28.2.2011", date(2011, 2, 28), date(2011, 2, 28)),
    ],
)
def test_part_of_a_date_is_its_first_or_last_day(text, first, last):
    assert values.partial_day(text, "here") == first
    assert values.partial_day(text, "here", last=True) == last


@pytest.mark.parametrize("text", ["2024-13", "31.2.2024", "2024-02-30", "soon", "2024-1"])
def test_what_is_no_date_is_refused(text):
    with pytest.raises(ListFileError, match="no readable date"):
        values.partial_day(text, "here")


@pytest.mark.parametrize(
    ("number", "valid"), [("9179842", True), ("9179843", False), ("917984", False), ("abcdefg", False)]
)
def test_a_ship_number_has_its_check_digit(number, valid):
    assert values.is_ship_number(number) is valid


@pytest.mark.parametrize(
    ("text", "ship", "numbers"),
    [
        ("(IMO number: 8660313). Annex XIV.", True, [("imo", "8660313")]),
        ("Owner of a tanker. IMO number: 5571322.", False, [("company_imo", "5571322")]),
        ("Company Number IMO 5434358  Registered owner", True, [("company_imo", "5434358")]),
        ("International Maritime Organization (IMO) Number: 1790183.", False, [("company_imo", "1790183")]),
        ("IMO: 8937675. MMSI: 445539000.", True, [("imo", "8937675"), ("mmsi", "445539000")]),
        ("SWIFT/BIC: FTBDKPPY.", False, [("bic", "FTBDKPPY")]),
        ("ships with IMO Number: ((a) Chol Ryong", True, []),
    ],
)
def test_comments_state_numbers(text, ship, numbers):
    assert values.stated_numbers(text, ship) == numbers


def test_remarks_state_weak_names_numbers_births_and_countries():
    """Quoted names are weak; an IMO number with two blanks is read; what is linked to is no number."""
    stated = read_remarks(
        "Vessel Registration Identification IMO  8730455; alt. Tax ID No. 77 (Russia) issued 01 Jan 2020; a.k.a. 'X'; "
        "f.k.a. 'PYO'NGSO'NG'; alt. DOB 1986; citizen Egypt; Linked To: RYOM, IMOK; Gender Male; a.k.a. 'UNCLOSED.",
        Kind.VESSEL,
    )
    assert stated.weak_aliases == ("X", "PYO'NGSO'NG")
    assert stated.numbers == (("imo", "8730455"), ("tax", "77"))
    assert (stated.birth_dates, stated.countries) == (("1986",), ("Egypt",))


@pytest.mark.parametrize(
    ("text", "tags"),
    [("DPRK3] [CYBER2", ("DPRK3", "CYBER2")), ("CAATSA - RUSSIA", ("CAATSA - RUSSIA",)), ("[A]", ("A",)), ("", ())],
)
def test_programmes_are_split(text, tags):
    assert ofac.programmes(text) == tags


@given(st.lists(st.sampled_from(["DPRK", "NS-PLC", "SDGT", "CMIC-EO13959"]), min_size=1, max_size=9))
def test_the_list_is_the_one_that_most_entries_belong_to(tags):
    non_sdn = sum(tag in ("NS-PLC", "CMIC-EO13959") for tag in tags)
    assert ofac.which_list([[tag] for tag in tags]) == (ofac.NON_SDN if non_sdn * 2 > len(tags) else ofac.SDN)


@pytest.mark.parametrize(
    ("remarks", "found"),
    [
        ("port-entry ban", ("port-entry ban",)),
        ("asset freeze; port-entry ban", ("asset freeze", "port-entry ban")),
        ("entry into ROK ports only with permission", ("entry into ROK ports only with permission",)),
        ("Vladivostok; procurement for weapons", ()),
        ("In " + "a long story " * 9 + "somebody spoke of a ban", ()),
    ],
)
def test_short_clauses_that_name_a_measure_are_measures(remarks, found):
    assert measures(remarks) == found


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("FOREIGN TERN BANK (FTB)", ["FOREIGN TERN BANK (FTB)", "FOREIGN TERN BANK", "FTB (weak)"]),
        ("Korea Mining Tern Corporation (KOMIT)", ["Korea Mining Tern Corporation (KOMIT)",
                                                   "Korea Mining Tern Corporation", "KOMIT (weak)"]),
        ("RUNNING TERN, LLC (USA)", ["RUNNING TERN, LLC (USA)"]),
        ("TERN SAL (HOLDING)", ["TERN SAL (HOLDING)"]),
        ("TERN HOUSE (TH)", ["TERN HOUSE (TH)"]),
    ],
)  # fmt: skip
def test_an_acronym_in_brackets_is_a_weak_alias(name, found):
    """Only what begins as the name does and takes its letters from it, in their order, is its acronym."""
    listed = values.names([(name, Strength.PRIMARY)])
    assert [one.text + (" (weak)" if one.strength is Strength.WEAK else "") for one in listed] == found


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ('"LIMITED COMPANY ""HERON-TOOLS"""', ('LIMITED COMPANY "HERON-TOOLS"',)),
        ('Heron;"Egret; of Nampo"', ("Heron", "Egret; of Nampo")),
        ('"HERON" COMPANY;Egret', ('"HERON" COMPANY', "Egret")),
        ('COMPANY "HERON";Egret', ('COMPANY "HERON"', "Egret")),
        ("Heron;;Egret; Heron", ("Heron", "Egret")),
    ],
)
def test_a_cell_of_several_values_is_csv_itself(cell, found):
    assert values.cells(cell) == found
