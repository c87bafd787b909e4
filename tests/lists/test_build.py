"""Files and folders become one snapshot, or are refused with one sentence."""

from __future__ import annotations

import os
import shutil
from datetime import date
from pathlib import Path

import pytest

from screening.errors import ListFileError
from screening.lists import build, extract_folder, open_lists


def _copy(lists_folder: Path, name: str, to: Path) -> Path:
    shutil.copytree(lists_folder / name, to, dirs_exist_ok=True)
    return to


def test_the_order_of_the_paths_does_not_matter(lists_folder):
    """The same lists in another order give the same digest."""
    paths = [lists_folder / name for name in ("un-xml", "house-csv", "ofac-csv", "uk-conlist-csv")]
    assert build(paths).digest == build(paths[::-1]).digest


def test_both_ofac_sets_may_lie_in_one_folder(lists_folder, tmp_path):
    """Addresses and aliases find the primary file that has their entries, under any file names."""
    _copy(lists_folder, "ofac-csv", tmp_path)
    _copy(lists_folder, "ofac-nonsdn-csv", tmp_path)
    for number, path in enumerate(sorted(tmp_path.iterdir())):
        path.rename(tmp_path / f"f{number * 7 % 10}_{number}.csv")
    snapshot = build([tmp_path])
    assert snapshot.summary()["by_list"] == {"US-SDN": 6, "US-NONSDN": 2}
    assert {"GREY HERON TRADING CO", "TP BANK"} <= set(snapshot.names["text"])


def test_sets_may_lie_in_subfolders(lists_folder, tmp_path):
    """Folders are walked to the bottom; what cannot be a list is left aside and told."""
    _copy(lists_folder, "ofac-csv", tmp_path / "us" / "sdn")
    _copy(lists_folder, "ofac-nonsdn-csv", tmp_path / "us" / "other")
    (tmp_path / "us" / "note.txt").write_text("fetched on Monday")
    snapshot = build([tmp_path])
    assert len(snapshot.entries) == 8
    assert any("note.txt was left aside" in note for note in snapshot.notes)


@pytest.mark.parametrize(
    ("gone", "says"), [("alt.csv", "aliases"), ("add.csv", "addresses"), ("sdn.csv", "no primary file")]
)
def test_an_incomplete_ofac_set_is_refused(gone, says, lists_folder, tmp_path):
    """A list is never loaded in part: the sentence says what is missing."""
    _copy(lists_folder, "ofac-csv", tmp_path)
    (tmp_path / gone).unlink()
    with pytest.raises(ListFileError, match=says):
        build([tmp_path])


def test_a_file_whose_name_is_no_text_is_refused_in_one_sentence(lists_folder, tmp_path):
    """Bytes that are not UTF-8 stand in no report and no snapshot."""
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/l\xe9.csv"))
    try:
        shutil.copy(lists_folder / "house-csv" / "designations.csv", path)
    except OSError:
        pytest.skip("this file system takes no such name")
    for given in (tmp_path, path):
        with pytest.raises(ListFileError, match="not UTF-8") as refused:
            build([given])
        str(refused.value).encode("utf-8")


def test_the_same_file_twice_is_read_once_and_told(lists_folder, tmp_path):
    _copy(lists_folder, "un-xml", tmp_path / "a")
    _copy(lists_folder, "un-xml", tmp_path / "b")
    snapshot = build([tmp_path])
    assert len(snapshot.entries) == 3
    assert any("read once only" in note for note in snapshot.notes)


def test_two_editions_of_one_list_are_refused(lists_folder, tmp_path):
    """The union of two editions would hold parties that were delisted."""
    _copy(lists_folder, "un-xml", tmp_path)
    text = (tmp_path / "consolidated.xml").read_text(encoding="utf-8")
    (tmp_path / "older.xml").write_text(
        text.replace("2026-02-27T", "2025-11-20T").replace("901<", "904<"), encoding="utf-8"
    )
    with pytest.raises(ListFileError, match="edition"):
        build([tmp_path])


def test_one_strange_file_refuses_the_whole_folder(lists_folder, tmp_path):
    _copy(lists_folder, "un-xml", tmp_path)
    (tmp_path / "prices.csv").write_text("name,price\nnails,3\n")
    with pytest.raises(ListFileError, match="none of the list formats"):
        build([tmp_path])


def test_nothing_to_read_is_refused(tmp_path):
    (tmp_path / "readme.txt").write_text("empty")
    with pytest.raises(ListFileError, match="holds no list"):
        build([tmp_path])
    with pytest.raises(ListFileError, match="does not exist"):
        build([tmp_path / "missing"])


def test_the_day_of_publication_is_the_files_own_or_given(lists_folder):
    """OFAC's CSV files state none; a given day never replaces a stated one."""
    given = {"US-SDN": date(2023, 12, 28), "UN-SC": date(1999, 1, 1)}
    snapshot = build([lists_folder / "ofac-csv", lists_folder / "un-xml"], published=given)
    assert {source.list: source.published for source in snapshot.sources} == {
        "US-SDN": date(2023, 12, 28),
        "UN-SC": date(2026, 2, 27),
    }
    assert build([lists_folder / "ofac-csv"]).sources[0].published is None


def test_the_shipped_extract_reads_and_names_the_ships_of_the_story():
    """The extract covers every list that matters for oil and arms in spring 2024."""
    snapshot = open_lists(extract_folder())
    assert {"US-SDN", "UN-1718", "EU-1509", "EU-269", "EU-833-XLII", "UK", "KR", "JP"} == set(snapshot.entries["list"])
    assert {"ANGARA", "MARIA", "MAIA-1", "LADY R", "CHON MA SAN", "YU JONG 2", "PAEK MA", "PATRIOT"} <= set(
        snapshot.entries["name"]
    )
    vessels = snapshot.entries.index[snapshot.entries["kind"] == "vessel"]
    numbered = snapshot.identifiers[snapshot.identifiers["type"] == "imo"]["entry"]
    assert set(vessels) == set(numbered)
    assert snapshot.entries["listed_on"].notna().all()


def test_a_saved_snapshot_opens_as_itself(small, tmp_path):
    """open_lists takes a snapshot or a folder of list files."""
    small.save(tmp_path / "snapshot")
    assert open_lists(tmp_path / "snapshot").digest == small.digest
