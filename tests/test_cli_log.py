"""With --log-json standard error is JSON lines, one object a line and nothing else, whatever happens."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import warnings
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from screening import cli
from screening.cli import log
from screening.lists.sources import load
from screening.tables import rules_folder
from tests.conftest import FIXTURES
from tests.lists import issuer as answers
from tests.lists.issuer import page

EXTRACT = FIXTURES / "lists" / "extract"
HEADER = "record_id,date,shipper,consignee,load_port,discharge_port,goods,quantity,unit\n"
INNOCENT = "1,2024-03-01,Tokyo Ceramics,Antwerp Tiles,JPTYO,BEANR,ceramic tiles,21,t\n"
UNKNOWN = "2,2024-03-01,Tokyo Ceramics,Antwerp Tiles,Nowhere Bay,BEANR,things\u2028and more,21,t\n"


def screening(*words: object, home: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "screening", *map(str, words)],
        capture_output=True,
        text=True,
        env={"SCREENING_HOME": str(home), "PATH": "/usr/bin:/bin", "CI": "true", "PYTHONUTF8": "1"} | variables,
        check=False,
    )


def told(text: str) -> list[dict[str, Any]]:
    """The events; every line is one, with its time in UTC, and in order."""
    events = [json.loads(line) for line in text.splitlines()]
    times = [datetime.fromisoformat(event["time"]) for event in events]
    assert times == sorted(times)
    assert all(time.utcoffset() == timedelta(0) for time in times)
    assert {event["level"] for event in events} <= {"info", "warning", "error"}
    assert all(event["event"] for event in events)
    return events


@pytest.fixture
def trades(tmp_path: Path) -> Path:
    path = tmp_path / "trades.csv"
    path.write_text(HEADER + INNOCENT + UNKNOWN + "3,,A,B,,,,,\n", encoding="utf-8")
    return path


def test_a_run_tells_its_stages_its_warnings_and_its_outcome(trades: Path, tmp_path: Path) -> None:
    """In the order in which they happen; standard output stays the manifest's."""
    out = tmp_path / "out"
    done = screening("run", trades, "--lists", EXTRACT, "--out", out, "--log-json", "--json", home=tmp_path)
    events = told(done.stderr)
    names = [event["event"] for event in events]
    assert list(dict.fromkeys(names)) == ["started", "progress", "not_resolved", "finished"]
    assert events[0]["files"] == [str(trades)]
    stages = [event["stage"] for event in events if event["event"] == "progress"]
    assert (stages[0], stages[-1]) == ("loading", "reports")
    assert [stage for stage in stages if stage in ("screen", "link", "decide")] == ["screen", "link", "decide"]
    assert all({"rows", "seconds"} <= set(event) for event in events if event["event"] == "progress")
    assert all(event["level"] == "warning" and event["message"] for event in events if event["event"] == "not_resolved")
    manifest = json.loads(done.stdout)
    last = events[-1]
    assert last["counts"] == manifest["counts"]
    assert last["exit_code"] == manifest["exit_code"] == done.returncode == 3
    assert last["folder"] == str(out)


def test_quiet_leaves_nothing_but_errors(trades: Path, tmp_path: Path) -> None:
    """As without --log-json: no progress, no summary."""
    words = ("run", trades, "--lists", EXTRACT, "--out", tmp_path / "out", "--log-json", "--quiet")
    assert screening(*words, home=tmp_path).stderr == ""
    (event,) = told(screening(*words, "--history", "nowhere.csv", home=tmp_path).stderr)
    assert (event["level"], event["event"], event["at"]) == ("error", "error", "nowhere.csv")


@pytest.mark.parametrize(
    ("words", "says", "at"),
    [
        (("run", "nowhere.csv", "--out", "out"), "does not exist", "nowhere.csv"),
        (("run", "nowhere.csv", "--out", "out", "--formats", "pdf"), "'pdf' is no known format", "--formats"),
        (("run", "nowhere.csv", "--out", "out", "--lists", "gone"), "no such file or folder", "--lists gone"),
        (("run", "nowhere.csv", "--out", "out", "--colour"), "No such option: --colour", "command line"),
        (("run", "--out", "out"), "Missing argument", "command line"),
        (("run", "nowhere.csv", "--out", "out", "--max-list-age", "old"), "Invalid value", "command line"),
        (("lists", "fetch", "NOBODY"), "is no source", "NOBODY"),
    ],
)
def test_an_error_is_exit_code_2_and_one_line(tmp_path: Path, words: tuple[str, ...], says: str, at: str) -> None:
    """The last line, with what is wrong and where."""
    done = screening(*words, "--log-json", home=tmp_path)
    events = told(done.stderr)
    assert done.returncode == 2
    assert [event["level"] for event in events].count("error") == 1
    assert events[-1]["level"] == "error"
    assert says in events[-1]["message"]
    assert events[-1]["at"] == at
    assert events[-1]["exit_code"] == 2


@pytest.mark.parametrize("debug", [False, True])
def test_a_fault_of_the_program_is_one_line_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], debug: bool
) -> None:
    """With SCREENING_DEBUG the traceback is inside it."""

    def broken(**_: object) -> None:
        warnings.warn("a library is old", stacklevel=1)
        logging.getLogger("some.library").warning("a server\nis slow")
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr(cli, "app", broken)
    monkeypatch.setattr(sys, "argv", ["screening", "run", "--log-json"])
    if debug:
        monkeypatch.setenv("SCREENING_DEBUG", "1")
    root, shown = logging.getLogger(), warnings.showwarning
    handlers, level = root.handlers[:], root.level
    try:
        with pytest.raises(SystemExit) as left:
            cli.main()
    finally:
        logging.captureWarnings(False)
        root.handlers[:], warnings.showwarning = handlers, shown
        root.setLevel(level)
    assert left.value.code == 2
    events = told(capsys.readouterr().err)
    assert [event["event"] for event in events][-2:] == ["log", "error"]
    assert events[-2]["message"] == "a server\nis slow"
    assert "fault of the program" in events[-1]["message"]
    assert ("traceback" in events[-1]) is debug


def test_words_after_two_dashes_are_files() -> None:
    """A file may have the name of the option."""
    assert log.asked(["run", "a.csv", "--log-json"])
    assert not log.asked(["run", "--", "--log-json"])


def test_help_is_help_also_for_machines(tmp_path: Path) -> None:
    """On standard output, with exit code 0 and nothing on standard error."""
    done = screening("run", "--log-json", "--help", home=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "--log-json" in done.stdout


def test_fetching_tells_of_every_list(tmp_path: Path) -> None:
    """A list that is new, one night; the next night the issuer is down, and the list stays."""
    today = datetime.now(UTC).date()
    entity = "<ENTITY><DATAID>{0}</DATAID><FIRST_NAME>HERON {0}</FIRST_NAME><UN_LIST_TYPE>DPRK</UN_LIST_TYPE></ENTITY>"
    body = "".join(entity.format(number) for number in range(40))
    root = f'<CONSOLIDATED_LIST dateGenerated="{today}T00:00:00Z">'
    text = f"{root}<INDIVIDUALS/><ENTITIES>{body}</ENTITIES></CONSOLIDATED_LIST>"
    with answers.running() as issuer:
        issuer.serve("/un.xml", page(text.encode()), page(b"", 503))
        others = "".join(f"  {feed.id}: {{use: no}}\n" for feed in load(rules_folder()).feeds)
        ours = f"  OURS: {{issuer: I, list: UN-SC, format: un-xml, files: {{un.xml: '{issuer.url('/un.xml')}'}}}}\n"
        limits = "limits: {attempts: 1, least_entries: 2}\n"
        (tmp_path / "lists.yaml").write_text(f"{limits}sources:\n{others}{ours}")
        words = ("lists", "fetch", "--settings", tmp_path / "lists.yaml", "--log-json")
        first = screening(*words, home=tmp_path)
        second = screening(*words, home=tmp_path)
    events = told(first.stderr)
    assert first.returncode == second.returncode == 0, first.stderr
    assert [event["event"] for event in events] == ["list", "in_force", "finished"]
    assert (events[0]["source"], events[0]["state"], events[0]["entries"]) == ("OURS", "new", 40)
    assert events[-1]["counts"] == {"new": 1}
    kept = told(second.stderr)[0]
    assert (kept["level"], kept["state"]) == ("warning", "kept")
