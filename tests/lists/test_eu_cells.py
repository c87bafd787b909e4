"""Cells of the Official Journal that print several names, or numbers among words."""

from __future__ import annotations

import pytest

from screening.lists.eu_cells import names, numbers
from screening.model import Kind

_PERSON, _FIRM, _SHIP = Kind.PERSON, Kind.ORGANISATION, Kind.VESSEL


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("Tern-Aero / Крачка-Аэро", _FIRM, ["Tern-Aero", "Крачка-Аэро"]),
        ("Ivan TERN / Ivan TYERN / Iwan Tern", _PERSON, ["Ivan TERN", "Ivan TYERN", "Iwan Tern"]),
        ("Ivan Ivanovich TERN/TYERN", _PERSON, ["Ivan Ivanovich TERN", "Ivan Ivanovich TYERN"]),
        ("Ivan/ Iwan Petrovich TERN (Russian:Иван КРАЧКА)", _PERSON,
         ["Ivan Petrovich TERN", "Iwan Petrovich TERN (Иван КРАЧКА)", "Iwan Petrovich TERN", "Иван КРАЧКА"]),
        ("Anna TERN/", _PERSON, ["Anna TERN"]),
        ("Анна КРАЧКА / укр. Ганна КРАЧКА", _PERSON, ["Анна КРАЧКА", "Ганна КРАЧКА"]),
        ("Анна КРАЧКА Belarusian: Ганна КРАЧКА", _PERSON, ["Анна КРАЧКА", "Ганна КРАЧКА"]),
        ("NTW/NTW Mir", _FIRM, ["NTW/NTW Mir", "NTW", "NTW Mir"]),
        ("Egret 24 / Heron 24", _FIRM, ["Egret 24", "Heron 24"]),
        ("Tern A/S", _FIRM, ["Tern A/S"]),
        ("Tern A / S", _FIRM, ["Tern A / S"]),
        ("Tern J/V Corporation", _FIRM, ["Tern J/V Corporation"]),
        ("Tern c/o Egret Ltd", _FIRM, ["Tern c/o Egret Ltd"]),
        ("Tern a/k/a Egret", _FIRM, ["Tern a/k/a Egret"]),
        ("Stone Crane (Happy Swan)", _SHIP, ["Stone Crane (Happy Swan)", "Stone Crane", "Happy Swan"]),
        ("Grey Heron (Holding) Company", _FIRM, ["Grey Heron (Holding) Company"]),
        ("Chinese:", _PERSON, []),
        ("Text of image", _PERSON, []),
    ],
)  # fmt: skip
def test_the_names_that_a_cell_prints_as_one(text, kind, found):
    """A slash joins names only where whole names stand on both sides; labels of languages are no names."""
    assert names(text, kind) == found


@pytest.mark.parametrize(
    ("text", "of_type", "found"),
    [
        ("563110000 (issued by the DPRK)", "passport", ["passport 563110000"]),
        ("5031000000 (Tax ID/INN)", "registration", ["tax 5031000000"]),
        ("5008000000(Tax ID/INN)", "registration", ["tax 5008000000"]),
        ("3525000000 OKPO: 07500000 KPP: 352501001", "tax", ["tax 3525000000", "registration 07500000"]),
        ("7702100000 / 770101001", "tax", ["tax 7702100000"]),
        ("165101001", "registration", []),
        ("271201000000, 016154000000 (Russia)", "tax", ["tax 271201000000", "tax 016154000000"]),
        ("1026604000000 (OGRN), 6660010000 (TIN)", "registration", ["registration 1026604000000", "tax 6660010000"]),
        ("Passport 717637000, National ID No. 781005000000", "id", ["passport 717637000", "id 781005000000"]),
        ("series 1502 No 746000, issued 22.8.2002 by the Department", "passport", ["passport 1502 746000"]),
        ("Russian passport no. 55 0314000, valid from 6.12.2019 until 6.12.2029", "passport", ["passport 55 0314000"]),
        ("PS 472330000 (expires 4.7.2017)", "passport", ["passport PS 472330000"]),
        ("108220000; 745220000", "passport", ["passport 108220000", "passport 745220000"]),
        ("Does not exist", "company_imo", []),
        ("YCVHSDFHDUA5", "id", ["id YCVHSDFHDUA5"]),
    ],
)
def test_the_numbers_among_the_words_of_a_cell(text, of_type, found):
    """The number alone, with the type that a label gives it; the code of a tax office identifies nobody."""
    assert [f"{kind} {number}" for kind, number in numbers(text, of_type)] == found
