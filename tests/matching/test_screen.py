"""The matcher on a handful of entries."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from screening.matching import screen
from screening.matching.identifiers import Identifiers
from screening.matching.screen import Matcher

ENTRIES = [
    ("US-SDN:1", "US-SDN", "vessel", "CHON MA SAN", ["CHONMASAN"], [], ["8660313"]),
    ("US-SDN:2", "US-SDN", "person", "KIM, Jong Un", [], ["SUN"], []),
    (
        "US-SDN:3",
        "US-SDN",
        "organisation",
        "OBSHCHESTVO S OGRANICHENNOI OTVETSTVENNOSTYU KORVEX",
        ["KORVEX TRADING LLC"],
        ["GOLDEN"],
        [],
    ),
    ("UN-SC:4", "UN-SC", "vessel", "CHON MA SAN", [], [], ["8660313"]),
    ("US-SDN:5", "US-SDN", "vessel", "JIN HONG 5", [], [], []),
    ("US-SDN:6", "US-SDN", "person", "SAADI, Walid Mahmoud", [], [], []),
]


@dataclass(frozen=True)
class Snapshot:
    """The three frames of a snapshot."""

    entries: pd.DataFrame
    names: pd.DataFrame
    identifiers: pd.DataFrame
    digest: str = "a"


def snapshot(rows=ENTRIES) -> Snapshot:
    entries = pd.DataFrame([row[:4] for row in rows], columns=["entry_id", "list", "kind", "name"])
    names, numbers = [], []
    for place, (_, _, _, name, strong, weak, imo) in enumerate(rows):
        names += [
            (place, name, "primary"),
            *((place, n, "strong alias") for n in strong),
            *((place, n, "weak alias") for n in weak),
        ]
        numbers += [(place, "imo", n) for n in imo]
    return Snapshot(
        entries,
        pd.DataFrame(names, columns=["entry", "text", "strength"]),
        pd.DataFrame(numbers, columns=["entry", "type", "value"]),
    )


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher(snapshot())


def hits(matcher: Matcher, imo: str = "", state: str = "", **cells: str) -> pd.DataFrame:
    frame = pd.DataFrame([{"shipper": "", "vessel": "", "imo": imo, **cells}])
    facts = pd.DataFrame({"imo_number": [imo], "imo_state": [state or ("valid" if imo else "empty")]})
    return matcher.screen(frame, facts)


def test_an_equal_name_scores_100_and_is_certain(matcher):
    found = hits(matcher, shipper="Kim Jong Un")
    assert found[["score", "certain", "status"]].values.tolist() == [[100.0, True, "kept"]]


def test_a_name_in_native_script_finds_its_entry(matcher):
    for text in ("김정은", "Ким Чен Ын"):
        assert hits(matcher, shipper=text)["certain"].tolist() == [True]
    assert set(hits(matcher, vessel="천마산")["entry"]) == {0, 3}


def test_joined_words_and_another_legal_form_are_certain_and_a_typo_is_not(matcher):
    assert hits(matcher, shipper="Korvex Co., Ltd.")["certain"].tolist() == [True]
    assert hits(matcher, vessel="Chonma San")["certain"].tolist() == [True, True]
    typo = hits(matcher, shipper="Walid Mahmuod Saadi")
    assert typo["status"].tolist() == ["kept"] and not typo["certain"].any()


def test_a_weak_alias_alone_is_weak(matcher):
    assert set(hits(matcher, shipper="Sun")["status"]) == {"weak"}
    assert "kept" not in set(hits(matcher, shipper="Golden Flowers Ltd")["status"])


def test_another_number_is_another_ship(matcher):
    assert hits(matcher, vessel="JIN HONG 5")["status"].tolist() == ["kept"]
    assert hits(matcher, vessel="JIN HONG 6").empty


def test_an_equal_imo_number_decides_and_takes_the_name_along(matcher):
    found = hits(matcher, imo="8660313", vessel="Chon Ma San")
    assert found[["role", "by", "score"]].values.tolist() == [["imo", "identifier", 100.0]] * 2
    assert (found["name"] >= 0).all()
    renamed = hits(matcher, imo="8660313", vessel="Ocean Hope")
    assert renamed["name"].tolist() == [-1, -1] and "Ocean Hope" in renamed["reason"][0]


def test_another_valid_imo_number_rules_the_name_out(matcher):
    found = hits(matcher, imo="9074729", vessel="Chon Ma San")
    assert found["status"].tolist() == ["ruled_out", "ruled_out"] and "8660313" in found["reason"][0]


def test_a_broken_imo_number_names_the_nearest_listed_one(matcher):
    found = hits(matcher, imo="8660331", state="invalid")
    assert found["status"].tolist() == ["weak", "weak"] and "8660313" in found["reason"][0]


def test_the_part_before_the_address_is_the_name(matcher):
    assert hits(matcher, shipper="Korvex Trading LLC, Ussuriysk, Volodarskogo 54")["status"].tolist() == ["kept"]


def test_every_hit_says_what_met_what(matcher):
    found = hits(matcher, shipper="Walid Mahmuod Saadi", imo="8660313")
    told = matcher.explain_hits(found)
    assert all(told) and any(f.ours == "mahmuod" and f.theirs == "mahmoud" for f in told[-1])
    assert sum(f.added for f in told[-1]) == pytest.approx(found["score"].iloc[-1], abs=0.3)


def test_a_hit_by_number_tells_how_the_name_compares(matcher):
    frame = pd.DataFrame([{"vessel": "Ocean Hope", "imo": "8660313"}])
    found = matcher.screen(frame, pd.DataFrame({"imo_number": ["8660313"], "imo_state": ["valid"]}))
    told = matcher.explain_hits(found, frame)
    assert [(f.name, f.ours, f.theirs) for f in told[0]][1] == ("ship's name", "Ocean Hope", "CHON MA SAN")


def test_an_empty_frame_has_no_hits(matcher):
    frame = pd.DataFrame({"shipper": pd.Series([], dtype=str)})
    assert matcher.screen(frame, pd.DataFrame()).empty
    assert np.dtype("int64") == matcher.screen(frame, pd.DataFrame())["position"].dtype


def test_an_index_from_the_cache_finds_the_same(matcher, tmp_path):
    first, second = (Matcher(snapshot(), cache_dir=tmp_path) for _ in range(2))
    assert len(list(tmp_path.iterdir())) == 1
    texts = ["Chonma San", "Walid Mahmuod Saadi", "Korvex", "김정은", "Golden"]
    for family in ("party", "vessel"):
        wanted = matcher.find(texts, family)
        pd.testing.assert_frame_equal(first.find(texts, family), wanted)
        pd.testing.assert_frame_equal(second.find(texts, family), wanted)


def test_an_index_that_is_cut_short_is_built_anew(tmp_path):
    Matcher(snapshot(), cache_dir=tmp_path)
    (part,) = tmp_path.glob("*/index.kind.npy")
    part.write_bytes(b"")
    assert len(Matcher(snapshot(), cache_dir=tmp_path).find(["Kim Jong Un"])) == 1


def test_looking_a_name_up_tells_entries_with_evidence(matcher):
    (found,) = matcher.lookup(["Chon Ma San"], imo="8660313")
    assert [(one.entry, one.score) for one in found[:2]] == [(0, 100.0), (3, 100.0)]
    assert all(one.entry in (0, 3) and one.certain and one.features for one in found)
    (person,) = matcher.lookup(["Ким Чен Ын"], kind="person")
    assert person[0].entry == 1 and person[0].certain and person[0].features


def test_a_number_that_is_valid_and_another_rules_a_looked_up_ship_out(matcher):
    (found,) = matcher.lookup(["Chon Ma San"], imo="9074729")
    assert {one.entry for one in found} == {0, 3}
    assert all(one.status == "ruled_out" and "8660313" in one.reason and not one.certain for one in found)


def test_a_broken_number_is_told_with_the_listed_one_nearest_to_it(matcher):
    named, other = matcher.lookup(["Chon Ma San", "Sun Flower"], imo="8660314", state="invalid")
    assert all(one.status == "kept" and "8660313 is one slip away" in one.reason for one in named)
    assert [(one.entry, one.status, one.score) for one in other] == [(0, "weak", 70.0), (3, "weak", 70.0)]
    assert all("nearest listed number is 8660313" in one.reason for one in other)


def test_the_numbers_of_a_company_are_looked_up_in_the_text():
    frames = snapshot()
    frames.identifiers.loc[len(frames.identifiers)] = [2, "bic", "KORVRUMM"]
    (found,) = Matcher(frames).lookup(["Sun Flower Bank, BIC KORVRUMM"])
    assert [(one.entry, one.score, one.reason) for one in found] == [(2, 100.0, "BIC KORVRUMM equal")]
    assert found[0].features[0].theirs == "KORVRUMM"

def test_what_was_looked_up_before_changes_nothing(monkeypatch):
    texts = ["Chon Ma San", "KIM Jong Un", "Korvex, Llc", "Golden", "Walid Mahmuod Saadi", "Nobody", "", "김정은"]
    frame = pd.DataFrame({"shipper": texts, "buyer": texts[::-1], "vessel": texts[2:] + texts[:2], "imo": ""})
    facts = pd.DataFrame({"imo_number": [""] * len(texts), "imo_state": ["empty"] * len(texts)})
    matcher = Matcher(snapshot())
    wanted = matcher.screen(frame, facts)
    told = matcher.explain_hits(wanted, frame)
    assert len(wanted) > 8 and all(told)
    for most in (1, 3, 1 << 18):
        monkeypatch.setattr(screen, "_MOST_KNOWN", most)
        other = Matcher(snapshot())
        for part in (frame[3:5].reset_index(drop=True), frame[:2], frame):
            found = other.screen(part, facts[: len(part)])
        pd.testing.assert_frame_equal(found, wanted)
        assert other.explain_hits(found, frame) == told
        assert all(len(known.span) <= max(most, len(texts)) for known in other._known.values())
        other.find(["Ocean Hope"])
        assert other.explain_hits(found, frame) == told


def test_identifiers_in_cells_are_told_text_by_text():
    rows = [(0, "bic", "KORVRUMM"), (1, "tax", "7712345678"), (2, "imo", "8660313"), (0, "bic", "ABCDRUMMXXX")]
    known = Identifiers.of(pd.DataFrame(rows, columns=["entry", "type", "value"]), 3)
    texts = [
        "Bank korvrumm",
        "IMO",
        "8660313",
        "imo no. 8660313",
        "straße INN 7712345678 KORVRUMM",
        "KORVRUMMX",
        "ABCDRUMM",
        "KORVRUMMXXX",
        "a/c with KORVRUMM012",
    ]
    assert known.by_text(texts) == {
        "Bank korvrumm": [(0, "BIC KORVRUMM equal")],
        "imo no. 8660313": [(2, "IMO number 8660313 equal")],
        "straße INN 7712345678 KORVRUMM": [(1, "tax number 7712345678 equal"), (0, "BIC KORVRUMM equal")],
        "ABCDRUMM": [(0, "BIC ABCDRUMM equal")],
        "KORVRUMMXXX": [(0, "BIC KORVRUMM equal")],  # the head office
        "a/c with KORVRUMM012": [(0, "BIC KORVRUMM equal")],  # a branch
    }
    assert known.in_texts(texts).tolist() == [text in known.by_text([text]) for text in texts]


def test_a_word_common_on_the_list_alone_carries_the_company_that_is_just_it():
    """A dozen bodies are called after Al-Qaida: the word is common there, and nowhere else."""
    places = ["Iraq", "Yemen", "Mali", "Sinai", "Syria", "Libya", "Sahel", "Maghreb", "Asia", "Kenya", "Chad", "Niger"]
    named = ["AL-QAIDA", *(f"Al-Qaida in {place}" for place in places), "Trading"]
    rows = [(f"UN-SC:{at}", "UN-SC", "organisation", name, [], [], []) for at, name in enumerate(named)]
    found = Matcher(snapshot(rows)).find(["Al Qaida", "Trading"])
    assert found.loc[found["entry"].isin([0, len(named) - 1]), "status"].tolist() == ["kept", "weak"]
