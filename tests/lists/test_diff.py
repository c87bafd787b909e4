"""What changed between two snapshots is told entry by entry and field by field, always the same way."""

from __future__ import annotations

import json
import random
import re
from dataclasses import replace
from datetime import date

import pytest
from typer.testing import CliRunner

from screening import cli
from screening.lists import Snapshot, build
from screening.lists.diff import FIELDS, FieldChange, diff
from screening.lists.snapshot import Compiler
from screening.model import Entry, Identifier, Kind, ListedName, Strength

HERON = Entry(
    "XX:1",
    "XX",
    Kind.ORGANISATION,
    (ListedName("Grey Heron"), ListedName("Reiher", Strength.STRONG), ListedName("Crane", Strength.WEAK)),
    (Identifier("imo", "9074729"), Identifier("tax", "7700000001")),
    programmes=("DPRK", "CYBER"),
    measures=("freeze",),
    countries=("KP", "CN"),
    addresses=("9 Harbour Road, Nampo", "Dalian"),
    birth_dates=("1985",),
    listed_on=date(2018, 3, 30),
    remarks="An invented company.",
)
OTHER = Entry("XX:2", "XX", Kind.VESSEL, (ListedName("Stone Crane 5"),))


def _snapshot(*entries: Entry) -> Snapshot:
    compiler = Compiler()
    for entry in entries:
        compiler.add(entry, "list.csv")
    return compiler.snapshot([], "", [])


def test_the_same_lists_do_not_differ(small: Snapshot) -> None:
    difference = diff(small, small)
    assert (difference.added, difference.removed, difference.changed) == ((), (), ())
    assert difference.same == len(small.entries)
    assert difference.touched == frozenset()


def test_entries_that_came_and_went() -> None:
    """By their ids, as they stand where they are."""
    difference = diff(_snapshot(HERON), _snapshot(OTHER))
    assert [one.name for one in difference.added] == ["Stone Crane 5"]
    assert [(one.entry_id, one.programmes, one.listed_on) for one in difference.removed] == [
        ("XX:1", ("DPRK", "CYBER"), "2018-03-30")
    ]
    assert (difference.changed, difference.same) == ((), 0)
    assert difference.touched == {"XX:1", "XX:2"}


@pytest.mark.parametrize(
    ("change", "field", "removed", "added"),
    [
        ({"names": HERON.names[:2]}, "names", ("Crane (weak alias)",), ()),
        ({"names": (*HERON.names, ListedName("큰왜가리", Strength.STRONG))}, "names", (), ("큰왜가리 (strong alias)",)),
        (
            {"names": (*HERON.names[:2], ListedName("Crane", Strength.STRONG))},
            "names",
            ("Crane (weak alias)",),
            ("Crane (strong alias)",),
        ),
        ({"identifiers": HERON.identifiers[:1]}, "identifiers", ("7700000001 (tax)",), ()),
        ({"programmes": ("DPRK", "NPWMD")}, "programmes", ("CYBER",), ("NPWMD",)),
        ({"measures": ()}, "measures", ("freeze",), ()),
        ({"countries": ("KP", "RU", "CN")}, "countries", (), ("RU",)),
        ({"addresses": ("Dalian",)}, "addresses", ("9 Harbour Road, Nampo",), ()),
        ({"birth_dates": ("1986",)}, "birth_dates", ("1985",), ("1986",)),
        ({"listed_on": date(2018, 4, 1)}, "listed_on", ("2018-03-30",), ("2018-04-01",)),
        ({"listed_on": None}, "listed_on", ("2018-03-30",), ()),
        ({"delisted_on": date(2024, 1, 2)}, "delisted_on", (), ("2024-01-02",)),
        ({"kind": Kind.VESSEL}, "kind", ("organisation",), ("vessel",)),
        ({"remarks": ""}, "remarks", ("An invented company.",), ()),
    ],
)
def test_a_changed_entry_tells_its_field(change: dict, field: str, removed: tuple, added: tuple) -> None:
    difference = diff(_snapshot(HERON, OTHER), _snapshot(replace(HERON, **change), OTHER))
    (one,) = difference.changed
    assert one.entry_id == "XX:1"
    assert one.fields == (FieldChange(field, removed, added),)
    assert difference.same == 1


def test_the_order_of_values_is_no_change() -> None:
    turned = replace(HERON, programmes=("CYBER", "DPRK"), addresses=HERON.addresses[::-1])
    assert diff(_snapshot(HERON), _snapshot(turned)).same == 1


def test_every_field_of_an_entry_is_compared() -> None:
    """A field that the model gets later must find its way here; an id belongs to one list."""
    assert set(Entry.__dataclass_fields__) == {"entry_id", "list", *FIELDS}


def test_the_words_show_where_long_texts_differ() -> None:
    long = "He was born in Nampo. " * 20
    changed = replace(HERON, remarks=long + "He died in 2024. " + long, programmes=("DPRK",))
    words = list(diff(_snapshot(replace(HERON, remarks=long + long)), _snapshot(changed)).words())
    assert words[1] == "0 added, 0 removed, 1 changed (programmes 1, remarks 1), 0 the same"
    assert words[2:4] == ["~ XX:1  Grey Heron", '    programmes: - "CYBER"']
    assert "He died in 2024." in words[4]
    assert len(words[4]) < 200


def test_the_order_of_entries_and_names_does_not_matter(small: Snapshot) -> None:
    """The same two lists give the same words, whatever way they were put together."""
    entries = [small.entry(position) for position in range(len(small.entries))]
    later = [replace(entry, countries=("KP",)) for entry in entries[:-2]]
    first = list(diff(_snapshot(*entries), _snapshot(*later)).words())
    for seed in range(3):
        mixed = random.Random(seed)
        before, after = mixed.sample(entries, len(entries)), mixed.sample(later, len(later))
        assert list(diff(_snapshot(*before), _snapshot(*after)).words()) == first


def test_the_command_tells_it_in_words_and_as_json(lists_folder, tmp_path) -> None:
    """Of two files of the issuer, or two snapshots; a difference is no error."""
    text = (lists_folder / "un-xml" / "consolidated.xml").read_text(encoding="utf-8")
    later = tmp_path / "later.xml"
    later.write_text(text.replace("KPe.902", "KPe.999").replace("2017-06-02", "2017-06-03"), encoding="utf-8")
    words = CliRunner().invoke(cli.app, ["lists", "diff", str(lists_folder / "un-xml"), str(later)])
    assert words.exit_code == 0
    assert words.stdout.splitlines()[:2] == [
        "UN-SC 2026-02-27 (3 entries) -> UN-SC 2026-02-27 (3 entries)",
        "1 added, 1 removed, 1 changed (listed_on 1), 1 the same",
    ]
    assert '    listed_on: "2017-06-02" -> "2017-06-03"' in words.stdout
    build([later]).save(tmp_path / "snapshot")
    asked = ["lists", "diff", str(lists_folder / "un-xml"), str(tmp_path / "snapshot"), "--json"]
    told = json.loads(CliRunner().invoke(cli.app, asked).stdout)
    assert told["counts"] == {"added": 1, "removed": 1, "changed": 1, "same": 1, "fields": {"listed_on": 1}}
    assert told["changed"][0]["fields"] == {"listed_on": {"removed": ["2017-06-02"], "added": ["2017-06-03"]}}
    assert told["added"][0]["entry_id"] == "UN-SC:KPe.999"


def test_no_name_speaks_to_the_terminal(tmp_path) -> None:
    """A list may hold what a terminal obeys, or what turns a name round: it is shown by its number."""
    names = [HERON, replace(HERON, entry_id="XX:3", names=(ListedName("\x1b]0;t\x07\u202eGrey"),))]
    for count in (1, 2):
        _snapshot(*names[:count]).save(tmp_path / str(count))
    words = CliRunner().invoke(cli.app, ["lists", "diff", str(tmp_path / "1"), str(tmp_path / "2")])
    assert "[U+001B]]0;t[U+0007][U+202E]Grey" in words.stdout


def test_the_change_of_the_security_councils_list_in_winter(shared) -> None:
    """From November 2025 to February 2026, counted on the raw files too."""
    paths = [shared / "lists" / name for name in ("un-2025-11-20", "un-2026-02-27")]
    difference = diff(*(build([path]) for path in paths))
    old, new = (
        set(re.findall(r"<REFERENCE_NUMBER>\s*(.*?)\s*</REFERENCE_NUMBER>", path.read_text(encoding="utf-8")))
        for path in (path / "consolidated.xml" for path in paths)
    )
    assert {one.entry_id for one in difference.added} == {f"UN-SC:{key}" for key in new - old}
    assert {one.entry_id for one in difference.removed} == {f"UN-SC:{key}" for key in old - new}
    assert (len(difference.added), len(difference.removed), len(difference.changed)) == (4, 1, 2)
