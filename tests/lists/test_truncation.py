"""A list that is cut short is never loaded in part."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from screening.errors import ListFileError
from screening.lists import build

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "lists"
XML = ["ofac-xml", "un-xml", "uk-sanctions-list-xml", "eu-fsf-xml", "swiss-xml"]
LINES = ["uk-conlist-csv", "uk-sanctions-list-csv", "opensanctions-csv", "house-csv", "ftm-json"]
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def _cut(name: str, share: float, tmp_path: Path) -> tuple[Path, bytes, int]:
    source = next((FOLDER / name).iterdir())
    content = source.read_bytes()
    at = int(share * (len(content.rstrip()) - 1))
    path = tmp_path / f"cut{source.suffix}"
    path.write_bytes(content[:at])
    return path, content, at


@QUICK
@given(st.sampled_from(XML), st.floats(0, 1))
def test_xml_cut_at_any_byte_is_refused(tmp_path, name, share):
    path, _, _ = _cut(name, share, tmp_path)
    with pytest.raises(ListFileError):
        build([path])


@QUICK
@given(st.sampled_from(LINES), st.floats(0, 1))
def test_lines_cut_within_a_record_are_refused(tmp_path, name, share):
    """Between two records a cut cannot be seen, anywhere else it is; JSON is whole without its line break too."""
    path, content, at = _cut(name, share, tmp_path)
    before, after = content[:at], content[at:]
    whole = before.endswith((b"\n", b"\r")) or (name == "ftm-json" and after.startswith(b"\n"))
    if whole and before.count(b'"') % 2 == 0:
        return
    if name == "house-csv" and _has_all_cells(path):
        return
    with pytest.raises(ListFileError):
        build([path])


def _has_all_cells(path: Path) -> bool:
    """A list kept by hand may end without a line break."""
    try:
        rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines(keepends=True), strict=True))
    except (csv.Error, UnicodeDecodeError):
        return False
    return len(rows) > 1 and len(rows[-1]) == len(rows[0])


def test_a_house_list_without_its_last_line_break_is_read_and_noted(tmp_path):
    path = tmp_path / "designations.csv"
    path.write_bytes((FOLDER / "house-csv" / "designations.csv").read_bytes().rstrip(b"\r\n"))
    found = build([path])
    assert found.digest == build([FOLDER / "house-csv"]).digest
    assert any("no line break" in note for note in found.notes)


@pytest.mark.parametrize("name", ["sdn.csv", "add.csv", "alt.csv", "sdn_comments.csv"])
def test_an_ofac_file_cut_between_two_records_is_refused(tmp_path, name):
    """It lacks the byte 0x1A that the other files of its set end in."""
    folder = tmp_path / "set"
    shutil.copytree(FOLDER / "ofac-csv", folder)
    lines = (folder / name).read_bytes().splitlines(keepends=True)
    (folder / name).write_bytes(b"".join(lines[:-2]))
    with pytest.raises(ListFileError, match=r"cut short|in no primary file"):
        build([folder])


def test_entries_of_ofac_without_an_address_row_are_told(tmp_path):
    folder = tmp_path / "set"
    shutil.copytree(FOLDER / "ofac-csv", folder)
    lines = (folder / "add.csv").read_bytes().splitlines(keepends=True)
    (folder / "add.csv").write_bytes(b"".join(lines[:-3]) + b"\x1a")
    assert any("2 of 6 entries have no row in the addresses" in note for note in build([folder]).notes)


@pytest.mark.parametrize("section", ["INDIVIDUALS", "ENTITIES"])
def test_a_list_of_the_united_nations_without_a_section_is_refused(tmp_path, section):
    text = (FOLDER / "un-xml" / "consolidated.xml").read_text(encoding="utf-8")
    before, _, rest = text.partition(f"<{section}>")
    (tmp_path / "un.xml").write_text(before + rest.partition(f"</{section}>")[2], encoding="utf-8")
    with pytest.raises(ListFileError, match=f"lacks the section {section}"):
        build([tmp_path])


@QUICK
@given(st.sampled_from(["sdn.csv", "add.csv", "alt.csv", "sdn_comments.csv"]), st.floats(0, 1))
def test_ofac_files_cut_within_a_record_are_refused(tmp_path, name, share):
    """The set is refused when any of its files is cut within a record."""
    folder = tmp_path / "set"
    shutil.copytree(FOLDER / "ofac-csv", folder, dirs_exist_ok=True)
    content = (folder / name).read_bytes()
    at = int(share * (len(content) - 3))
    if content[:at].endswith((b"\r", b"\n")):
        return
    (folder / name).write_bytes(content[:at])
    with pytest.raises(ListFileError):
        build([folder])


def test_ofac_files_without_their_last_byte_are_whole(tmp_path):
    """The byte 0x1A may be missing from all files of a set made by hand; it is told that a cut would not show."""
    folder = tmp_path / "set"
    shutil.copytree(FOLDER / "ofac-csv", folder)
    for path in folder.iterdir():
        path.write_bytes(path.read_bytes().rstrip(b"\x1a"))
    found = build([folder])
    assert found.digest == build([FOLDER / "ofac-csv"]).digest
    assert any("0x1A" in note for note in found.notes)


def test_a_quote_left_open_is_refused(tmp_path):
    path = tmp_path / "house.csv"
    text = (FOLDER / "house-csv" / "designations.csv").read_text(encoding="utf-8")
    path.write_text(text.replace('"GREY HERON, LTD"', '"GREY HERON, LTD'), encoding="utf-8")
    with pytest.raises(ListFileError):
        build([path])
