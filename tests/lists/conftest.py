"""What tests of lists share: the small hand-written lists, and how entries are written in golden files."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from screening.lists import Snapshot, build

LISTS = Path(__file__).resolve().parents[2] / "fixtures" / "lists"


@pytest.fixture
def lists_folder() -> Path:
    """The folder of the hand-written lists, one folder per format."""
    return LISTS


@pytest.fixture(scope="session")
def small() -> Snapshot:
    """Hand-written lists of several issuers, as one snapshot."""
    return build([LISTS / name for name in ("ofac-csv", "un-xml", "house-csv")], name="small")


def told(snapshot: Snapshot) -> str:
    """The whole snapshot as JSON that a person can read and compare."""
    entries = [snapshot.entry(position) for position in range(len(snapshot.entries))]
    sources = [{**asdict(source), "sha256": len(source.sha256)} for source in snapshot.sources]
    whole = {"sources": sources, "notes": snapshot.notes, "entries": [_plain(asdict(entry)) for entry in entries]}
    return json.dumps(whole, ensure_ascii=False, indent=1, default=str) + "\n"


def _plain(entry: dict) -> dict:
    entry["names"] = [f"{name['text']} ({name['strength']})" for name in entry["names"]]
    entry["identifiers"] = [f"{number['type']} {number['value']}" for number in entry["identifiers"]]
    return {key: value for key, value in entry.items() if value not in ((), [], None, "")}


@pytest.fixture(name="told")
def _told():
    return told
