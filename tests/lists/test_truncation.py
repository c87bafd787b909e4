"""A list that is cut short is never loaded in part."""

from __future__ import annotations

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
    with pytest.raises(ListFileError):
        build([path])


@QUICK
@given(st.sampled_from(["sdn.csv", "add.csv", "alt.csv", "sdn_comments.csv"]), st.floats(0, 1))
def test_ofac_files_cut_within_a_record_are_refused(tmp_path, name, share):
    """The set is refused when any of its files is cut; between two records nothing but a missing 0x1A shows it."""
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
    """The byte 0x1A that ends OFAC's files may be missing when the last record is whole."""
    folder = tmp_path / "set"
    shutil.copytree(FOLDER / "ofac-csv", folder)
    for path in folder.iterdir():
        path.write_bytes(path.read_bytes().rstrip(b"\x1a"))
    assert build([folder]).digest == build([FOLDER / "ofac-csv"]).digest


def test_a_quote_left_open_is_refused(tmp_path):
    path = tmp_path / "house.csv"
    text = (FOLDER / "house-csv" / "designations.csv").read_text(encoding="utf-8")
    path.write_text(text.replace('"GREY HERON, LTD"', '"GREY HERON, LTD'), encoding="utf-8")
    with pytest.raises(ListFileError):
        build([path])
