"""Every format is read from its small hand-written list as the golden file beside it says."""

from __future__ import annotations

import importlib
import pkgutil
import shutil
from pathlib import Path

import pytest

import screening.lists
from screening.errors import ListFileError
from screening.lists import build
from screening.lists.registry import READERS

FORMATS = [
    "ofac-csv", "ofac-nonsdn-csv", "ofac-xml", "un-xml", "uk-conlist-csv", "uk-sanctions-list-csv",
    "uk-sanctions-list-xml", "eu-fsf-xml", "eu-journal-csv", "swiss-xml", "opensanctions-csv", "ftm-json", "house-csv",
]  # fmt: skip
SINGLE = [name for name in FORMATS if not name.startswith(("ofac-csv", "ofac-nonsdn"))]


@pytest.mark.parametrize("name", FORMATS)
def test_a_small_list_reads_as_its_golden_file_says(name, lists_folder, golden, told):
    """Names with strength, identifiers, programmes, measures, places and days, entry by entry."""
    golden(lists_folder / f"{name}.golden.json", told(build([lists_folder / name])))


def test_every_reader_module_stands_in_the_registry():
    """A module of lists/ with a READER is a row of READERS, and each format has its small list."""
    names = [one.name for one in pkgutil.iter_modules(screening.lists.__path__)]
    modules = [importlib.import_module(f"screening.lists.{name}") for name in names]
    readers = [module.READER for module in modules if hasattr(module, "READER")]
    assert sorted(reader.format for reader in readers) == sorted(reader.format for reader in READERS)
    assert {reader.format for reader in READERS} <= set(FORMATS)


@pytest.mark.parametrize("name", FORMATS)
def test_a_list_is_recognised_under_any_file_name(name, lists_folder, tmp_path, told):
    """Content alone tells what a file is: renamed files give the same entries."""
    for number, file in enumerate(sorted((lists_folder / name).iterdir(), reverse=True)):
        shutil.copy(file, tmp_path / f"{number}_download{file.suffix}")
    assert build([tmp_path]).digest == build([lists_folder / name]).digest


@pytest.mark.parametrize("name", SINGLE)
def test_each_file_belongs_to_one_format_only(name, lists_folder):
    """No two readers claim the same file."""
    from screening.lists.files import find

    for file in find([lists_folder / name])[0]:
        assert sum(bool(reader.part(file)) for reader in READERS) == 1


@pytest.mark.parametrize(
    ("suffix", "content"),
    [
        (".csv", b"name,price\nnails,3\n"),
        (".csv", b"\x7fELF\x00\x01\x02\x00"),
        (".xml", b"<html><body>Service unavailable</body></html>"),
        (".xml", b"Service unavailable"),
        (".json", b'{"error": "not found"}\n'),
        (".csv", b""),
    ],
)
def test_a_file_of_no_known_format_is_refused(suffix, content, tmp_path):
    """One sentence that names the file."""
    path = tmp_path / f"list{suffix}"
    path.write_bytes(content)
    with pytest.raises(ListFileError) as refused:
        build([tmp_path])
    assert str(path) in refused.value.at
    assert "\n" not in refused.value.message


@pytest.mark.parametrize("name", ["ofac-xml", "un-xml", "uk-sanctions-list-xml", "eu-fsf-xml", "swiss-xml"])
def test_xml_with_a_document_type_is_refused(name, lists_folder, tmp_path):
    """No entity is resolved and no file is read on its behalf."""
    (tmp_path / "secret.txt").write_text("SECRET")
    text = next((lists_folder / name).iterdir()).read_text(encoding="utf-8")
    declaration, _, rest = text.partition("?>")
    evil = f'{declaration}?><!DOCTYPE x [<!ENTITY e SYSTEM "file://{tmp_path}/secret.txt">]>{rest}'
    path = tmp_path / "list.xml"
    for content in (evil.encode(), evil.replace("UTF-8", "UTF-16").replace("utf-8", "UTF-16").encode("utf-16")):
        path.write_bytes(content)
        with pytest.raises(ListFileError) as refused:
            build([path])
        assert "DOCTYPE" in refused.value.message


def _broken(name: str, old: str, new: str, lists_folder: Path, tmp_path: Path) -> ListFileError:
    shutil.copytree(lists_folder / name, tmp_path / "list")
    for path in (tmp_path / "list").iterdir():
        text = path.read_bytes()
        if old.encode() in text:
            path.write_bytes(text.replace(old.encode(), new.encode()))
            break
    else:
        pytest.fail(f"{old!r} is not in {name}")
    with pytest.raises(ListFileError) as refused:
        build([tmp_path / "list"])
    return refused.value


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        ("ofac-xml", "<Record_Count>3<", "<Record_Count>4<", "promises 4 records and holds 3"),
        ("ofac-xml", "<Record_Count>3</Record_Count>", "", "Record_Count"),
        ("ofac-xml", "<category>weak</category>", "", "unknown category"),
        ("ofac-xml", "<lastName>STONE CRANE 5</lastName>", "", "without a name"),
        ("ofac-xml", "<uid>103</uid>", "", "without a key"),
        ("ofac-csv", "102,23,", "177,23,", "in no primary file"),
        ("ofac-csv", '"GREY HERON TRADING COMPANY",-0- ,"DPRK3', '"",-0- ,"DPRK3', "without a name"),
        ("un-xml", ' dateGenerated="2026-02-27T00:00:09.554Z"', "", "dateGenerated"),
        ("un-xml", "<LISTED_ON>2017-06-02", "<LISTED_ON>2017-06-32", "no readable date"),
        ("un-xml", "<FIRST_NAME>WHITE EGRET LINES</FIRST_NAME>", "", "without a name"),
        ("uk-conlist-csv", "Group ID", "Group No", "none of the list formats"),
        ("uk-conlist-csv", "05/06/2017", "05/16/2017", "no readable date"),
        ("uk-conlist-csv", "Individual", "Indiwidual", "unknown group type"),
        ("uk-sanctions-list-csv", "Name type", "Name kind", "lacks the column 'Name type'"),
        ("uk-sanctions-list-csv", "Report Date: 08-Oct-2026", "Report Date:", "report date"),
        ("uk-sanctions-list-xml", "<DateGenerated>20/08/2026</DateGenerated>", "", "DateGenerated"),
        ("uk-sanctions-list-xml", "<UniqueID>DPR9001</UniqueID>", "", "without a key"),
        ("eu-fsf-xml", 'wholeName="Crane" strong="false"', 'wholeName="Crane"', "whether it is strong"),
        ("eu-journal-csv", "LegalEntity", "Thing", "unknown schema"),
        ("opensanctions-csv", '"id","schema"', '"key","schema"', "lacks the column 'id'"),
        ("ftm-json", '"id": "NK-1"', '"ID": "NK-1"', "no entity"),
        ("house-csv", ",vessel,", ",ship,", "kind 'ship'"),
        ("house-csv", "2018-03-30", "30.3.18", "no readable date"),
        ("house-csv", ",native_names", ",native", "lacks the column 'native_names'"),
        ("house-csv", "entry_id,list,", "id,code,", "lacks the column 'entry_id'"),
        ("house-csv", '3,YY,,person,"PAK, Il Nam"', "3,YY,,person,", "name is empty"),
        ("swiss-xml", ' date="2026-08-27"', "", "does not state its date"),
    ],
)
def test_what_a_format_promises_and_does_not_hold_is_refused(name, old, new, says, lists_folder, tmp_path):
    """Missing counts, dates, names, keys and columns: one sentence that names the file."""
    refused = _broken(name, old, new, lists_folder, tmp_path)
    assert says in refused.message
    assert str(tmp_path) in refused.at
    assert "\n" not in refused.message
