"""The whole real lists, where they stand beside the checkout: counts and well-known entries."""

from __future__ import annotations

import time
from datetime import date

import pytest

from screening.lists import Snapshot, build


@pytest.mark.parametrize(
    ("path", "code", "count"),
    [
        ("lists/ofac-2023-12-28", "US-SDN", 13821),
        ("lists/ofac-nonsdn-2025-12-19", "US-NONSDN", 442),
        ("lists/layouts/ofac_consolidated_2025-03-28.xml", "US-NONSDN", 443),
        ("lists/un-2026-02-27", "UN-SC", 1003),
        ("lists/uk-2018-04-13", "UK-OFSI", 2106),
        ("lists/opensanctions-ua-2026-03-13", "OS-UKRAINE-WAR-AND-SANCTIONS", 5600),
        ("lists/layouts/uk_sanctions_list_2026-10-08_header_and_one_row.csv", "UK-SL", 1),
        ("lists/layouts/uk_sanctions_list_2026_fragments.xml", "UK-SL", 3),
        ("lists/layouts/eu_fsf_1.1_2026-08-05_fragment.xml", "EU-FSF", 2),
        ("lists/layouts/ch_seco_2026-08-27_fragments.xml", "CH-SECO", 3),
        ("lists/layouts/entities.ftm.json", "OS-EU_FSF", 6),
    ],
)
def test_a_whole_list_has_as_many_entries_as_its_issuer_published(path, code, count, shared):
    assert build([shared / path]).summary()["by_list"] == {code: count}


def test_all_lists_of_a_bank_become_one_snapshot(shared, tmp_path):
    """OFAC, UN, UK and a house list together; the snapshot loads in well under a second."""
    names = ["ofac-2023-12-28", "ofac-nonsdn-2025-12-19", "un-2026-02-27", "uk-2018-04-13"]
    snapshot = build([*(shared / "lists" / name for name in names), shared / "scenarios" / "designations.csv"])
    assert len(snapshot.entries) == 13821 + 442 + 1003 + 2106 + 650
    snapshot.save(tmp_path / "s")
    start = time.perf_counter()
    assert Snapshot.load(tmp_path / "s").digest == snapshot.digest
    assert time.perf_counter() - start < 1


def _entry(snapshot, key):
    found = snapshot.entries.index[snapshot.entries["entry_id"] == key]
    return snapshot.entry(int(found[0]))


def test_well_known_entries_of_ofac(shared):
    """A ship's number written with two blanks, a quoted name, programmes run together, remarks that overflow."""
    snapshot = build([shared / "lists" / "ofac-2023-12-28"])
    ship = _entry(snapshot, "US-SDN:37043")
    assert ("imo", "8904408") in [(number.type, number.value) for number in ship.identifiers]
    komid = _entry(snapshot, "US-SDN:9345")
    assert komid.programmes == ("NPWMD", "DPRK2")
    assert [name.text for name in komid.names if name.strength == "weak alias"] == ["KOMID"]
    lazarus = _entry(snapshot, "US-SDN:27307")
    assert {"WHOIS HACKING TEAM", "APPLEWORM"} <= {name.text for name in lazarus.names}
    assert (snapshot.identifiers["type"] == "imo").sum() > 700
    assert any("12300" in note for note in snapshot.notes)


def test_well_known_entries_of_the_united_nations(shared):
    """Native names, listing days, and a company's IMO number that is not a ship's."""
    snapshot = build([shared / "lists" / "un-2026-02-27"])
    achim = _entry(snapshot, "UN-SC:KPe.061")
    assert [(number.type, number.value) for number in achim.identifiers] == [("company_imo", "5936312")]
    assert achim.listed_on == date(2018, 3, 30)
    assert achim.programmes == ("DPRK",)
    assert snapshot.sources[0].published == date(2026, 2, 27)
    assert not (snapshot.entries["kind"] == "vessel").any()


def test_well_known_entries_of_the_united_kingdom(shared):
    """Ships that stood as entities are ships, companies with an IMO number are not."""
    snapshot = build([shared / "lists" / "uk-2018-04-13"])
    named = snapshot.entries.set_index("name")
    assert named.loc["CHON MA SAN", "kind"] == "vessel"
    assert named.loc["KOREA YUJONG SHIPPING CO LTD", "kind"] == "organisation"
    assert snapshot.entries["listed_on"].notna().all()


def test_the_designations_of_the_scenarios_are_all_there(shared):
    snapshot = build([shared / "scenarios" / "designations.csv"])
    assert len(snapshot.entries) == 650
    doubtful = snapshot.entries[snapshot.entries["remarks"].str.contains("2017-09?", regex=False)]
    assert doubtful["listed_on"].isna().all() and len(doubtful) == 1


def test_the_journal_of_the_european_union_is_read_whole(shared):
    snapshot = build([shared / "lists" / "eu-journal-2026-08"])
    counts = snapshot.summary()["by_list"]
    assert (counts["EU-269"], counts["EU-1509"], counts["EU-833-XLII"]) == (2802, 326, 633)
    assert len(snapshot.entries) == 2802 + 326 + 1746
