"""Snapshots are saved whole, load as they were, and tell what they hold."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from screening.errors import ListFileError
from screening.lists.snapshot import ENTRY_COLUMNS, IDENTIFIER_COLUMNS, NAME_COLUMNS, Compiler, Snapshot
from screening.model import Entry, Kind, ListedName, Strength


def _entry(key: str = "XX:1", *names: str) -> Entry:
    return Entry(key, "XX", Kind.PERSON, tuple(ListedName(name) for name in names or ("Anyone",)))


def test_a_saved_snapshot_loads_as_it_was(small, tmp_path):
    """Frames, sources, notes, name and digest come back the same, types and all."""
    small.save(tmp_path / "s")
    loaded = Snapshot.load(tmp_path / "s")
    for name in ("entries", "names", "identifiers"):
        frame = getattr(loaded, name)
        assert frame.equals(getattr(small, name))
        assert list(frame.dtypes) == list(getattr(small, name).dtypes)
    for name in ("sources", "notes", "name", "digest"):
        assert getattr(loaded, name) == getattr(small, name)


def test_the_frames_have_the_columns_that_others_rely_on(small):
    assert tuple(small.entries.columns) == ENTRY_COLUMNS
    assert tuple(small.names.columns) == NAME_COLUMNS
    assert tuple(small.identifiers.columns) == IDENTIFIER_COLUMNS
    assert small.entries["entry_id"].is_unique
    assert small.names["entry"].is_monotonic_increasing
    assert small.identifiers["entry"].is_monotonic_increasing


def test_the_primary_name_comes_first(small):
    """Each entry has one primary name, the one in its row, before its aliases."""
    first = small.names.drop_duplicates("entry")
    assert (first["strength"] == Strength.PRIMARY.value).all()
    assert (small.names["strength"] == Strength.PRIMARY.value).sum() == len(small.entries)
    assert first["text"].tolist() == small.entries["name"].tolist()


def test_the_summary_counts_every_entry(small):
    """Each way of counting adds up to the entries; it can be written as JSON."""
    summary = json.loads(json.dumps(small.summary()))
    assert summary["entries"] == len(small.entries) == 12
    assert sum(summary["by_kind"].values()) == summary["entries"]
    assert sum(summary["by_list"].values()) == summary["entries"]
    assert sum(source["entries"] for source in summary["by_source"]) == summary["entries"]
    assert summary["by_programme"]["DPRK3"] == 2


def test_a_snapshot_that_was_changed_is_refused(small, tmp_path):
    small.save(tmp_path / "s")
    path = tmp_path / "s" / "names.arrow"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(ListFileError, match="changed or cut"):
        Snapshot.load(tmp_path / "s")


@pytest.mark.parametrize("gone", ["snapshot.json", "entries.arrow", "names.arrow", "identifiers.arrow"])
def test_a_snapshot_that_lacks_a_file_is_refused(gone, small, tmp_path):
    small.save(tmp_path / "s")
    (tmp_path / "s" / gone).unlink()
    with pytest.raises(ListFileError):
        Snapshot.load(tmp_path / "s")


def test_a_snapshot_of_another_version_is_refused(small, tmp_path):
    small.save(tmp_path / "s")
    path = tmp_path / "s" / "snapshot.json"
    path.write_text(path.read_text().replace('"format": 1', '"format": 99'))
    with pytest.raises(ListFileError, match="another version"):
        Snapshot.load(tmp_path / "s")


def test_saving_replaces_a_snapshot_and_nothing_else(small, tmp_path):
    """An older snapshot gives way, with what was built from it; a folder of anything else stays."""
    small.save(tmp_path / "s")
    (tmp_path / "s" / "index").mkdir()
    small.save(tmp_path / "s")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["s"]
    assert not (tmp_path / "s" / "index").exists()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("keep")
    with pytest.raises(ListFileError, match="not overwritten"):
        small.save(tmp_path / "mine")


def test_saving_deletes_no_file_that_is_not_the_snapshots_own(small, tmp_path):
    small.save(tmp_path / "s")
    (tmp_path / "s" / "notes.txt").write_text("keep")
    with pytest.raises(ListFileError, match=r"holds notes\.txt"):
        small.save(tmp_path / "s")
    assert (tmp_path / "s" / "notes.txt").read_text() == "keep"


def test_a_save_that_fails_leaves_the_old_snapshot(small, tmp_path, monkeypatch):
    """Whole or not at all."""
    small.save(tmp_path / "s")

    def fail(*_args: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("screening.lists.snapshot._write", fail)
    with pytest.raises(ListFileError, match="No space left"):
        replace(small, name="other").save(tmp_path / "s")
    assert Snapshot.load(tmp_path / "s").name == "small"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["s"]


@pytest.mark.parametrize(
    ("entries", "says"),
    [
        ([_entry("XX:")], "without a key"),
        ([Entry("XX:1", "XX", Kind.PERSON, ())], "without a name"),
        ([_entry("XX:1"), _entry("XX:1", "Other")], "twice"),
    ],
)
def test_an_entry_without_key_or_name_or_with_a_used_key_is_refused(entries, says):
    compiler = Compiler()
    with pytest.raises(ListFileError, match=says):
        for entry in entries:
            compiler.add(entry, "list.csv")


def test_the_digest_tells_every_difference():
    """Another name, strength or measure is another digest; the order of adding is not."""

    def digest(*entries: Entry) -> str:
        compiler = Compiler()
        for entry in entries:
            compiler.add(entry, "list.csv")
        return compiler.snapshot([], "", []).digest

    one, two = _entry("XX:1", "A", "B"), _entry("XX:2", "C")
    assert digest(one, two) == digest(two, one)
    others = [replace(two, names=(ListedName("D"),)), replace(two, measures=("ban",)), replace(two, kind=Kind.VESSEL)]
    assert len({digest(one, two), *(digest(one, other) for other in others)}) == 4
