"""The command line keeps the contract: outcomes, files, exit codes, and one clear sentence where something is wrong."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
from typer.testing import CliRunner

from screening import cli
from tests.conftest import FIXTURES

STORY = FIXTURES / "trades" / "spring-2024.csv"
EXTRACT = FIXTURES / "lists" / "extract"
HEADER = "record_id,date,shipper,consignee,vessel,imo,load_port,discharge_port,hs,goods,quantity,unit\n"
INNOCENT = "1,2024-03-01,Tokyo Ceramics,Antwerp Tiles,,,JPTYO,BEANR,690721,ceramic tiles,21,t\n"
GUILTY = "2,2024-03-01,OOO Bunker,Chongjin Depot,CHON MA SAN,8660313,RUVYP,KPCHO,271019,gasoil,3000,t\n"


def screening(*words: object, home: Path) -> subprocess.CompletedProcess[str]:
    """Run the command as a user would, in a home of its own."""
    return subprocess.run(
        [sys.executable, "-m", "screening", *map(str, words)],
        capture_output=True,
        text=True,
        env={"SCREENING_HOME": str(home), "PATH": "/usr/bin:/bin", "CI": "true", "PYTHONUTF8": "1"},
        check=False,
    )


def run(
    tmp_path: Path, text: str | bytes, *options: object, name: str = "trades.csv"
) -> subprocess.CompletedProcess[str]:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return screening("run", path, "--lists", EXTRACT, "--out", tmp_path / "out", *options, home=tmp_path / "home")


def counts(tmp_path: Path) -> dict[str, int]:
    found = json.loads((tmp_path / "out" / "manifest.json").read_text())["counts"]
    outcomes = ("clear", "review", "possible_violation", "rejected")
    assert found["rows_read"] == sum(found[outcome] for outcome in outcomes)
    return {outcome: found[outcome] for outcome in outcomes}


@pytest.mark.parametrize(
    ("text", "options", "code"),
    [
        (HEADER + INNOCENT, (), 0),
        (HEADER + INNOCENT + GUILTY, (), 1),
        (HEADER + INNOCENT + GUILTY, ("--fail-on", "never"), 0),
        (HEADER + INNOCENT + "3,,A,B,,,,,,,,\n", (), 3),
        (HEADER + GUILTY + "3,,A,B,,,,,,,,\n", (), 1),
        (HEADER + GUILTY + "3,,A,B,,,,,,,,\n", ("--fail-on", "never"), 3),
    ],
)
def test_the_exit_code_tells_the_outcome(tmp_path: Path, text: str, options: tuple[str, ...], code: int) -> None:
    """0 nothing found, 1 something at or above --fail-on, 3 as 0 but rows were rejected."""
    done = run(tmp_path, text, *options)
    assert done.returncode == code, done.stderr
    assert sum(counts(tmp_path).values()) == text.count("\n") - 1


def test_broken_rows_are_rejected_each_with_its_reason(tmp_path: Path) -> None:
    """Nothing is lost: the sound rows are screened, the others told with row and reason."""
    done = run(tmp_path, HEADER + INNOCENT + "2,2024-03-01,too,few\n" + GUILTY + "4,2024-03-01," + "x," * 20 + "\n")
    assert done.returncode == 1
    assert counts(tmp_path) == {"clear": 1, "review": 0, "possible_violation": 1, "rejected": 2}
    with (tmp_path / "out" / "rejects.csv").open(newline="") as file:
        rejects = list(csv.DictReader(file))
    assert [row["row"] for row in rejects] == ["3", "5"]
    assert all(row["reason"] for row in rejects)


@pytest.mark.parametrize(
    ("text", "name", "says"),
    [
        (bytes(range(256)) * 20, "binary.csv", "binary.csv"),
        ("", "empty.csv", "empty"),
        ("colour,size\nred,5\n", "other.csv", "colour"),
        (b"PK\x03\x04 not a workbook", "book.xlsx", "book.xlsx"),
        (b"PAR1 no parquet", "file.parquet", "file.parquet"),
    ],
)
def test_a_file_that_is_none_gets_one_sentence(tmp_path: Path, text: str | bytes, name: str, says: str) -> None:
    """Exit code 2, nothing written, and no traceback."""
    done = run(tmp_path, text, name=name)
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "out").exists()


def test_a_list_that_is_cut_short_stops_the_run(tmp_path: Path) -> None:
    """A list is never loaded in part."""
    whole = next((FIXTURES / "lists").glob("un*/*.xml")).read_bytes()
    (tmp_path / "list.xml").write_bytes(whole[: len(whole) * 2 // 3])
    (tmp_path / "trades.csv").write_text(HEADER + INNOCENT)
    done = screening(
        "run", tmp_path / "trades.csv", "--lists", tmp_path / "list.xml", "--out", tmp_path / "out", home=tmp_path
    )
    assert (done.returncode, len(done.stderr.strip().splitlines())) == (2, 1)
    assert "list.xml" in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("run",),
        ("run", "nowhere.csv", "--out", "out"),
        ("run", STORY, "--out", "out", "--lists", "nowhere"),
        ("run", STORY, "--out", "out", "--rules", "nowhere"),
        ("run", STORY, "--out", "out", "--regimes", "UNO"),
        ("run", STORY, "--out", "out", "--formats", "pdf"),
        ("run", STORY, "--out", "out", "--mapping", "nowhere.yaml"),
        ("run", STORY, "--out", "out", "--colour"),
        ("match", ""),
        ("match", "Ibex Shipping", " - "),
        ("match", "Ibex Shipping", "--kind", "ship"),
        ("rules", "show", "NO-RULE"),
        ("lists", "show", "nowhere"),
    ],
)
def test_wrong_usage_is_exit_code_2(tmp_path: Path, words: tuple[object, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    """Told in words, never as a traceback, and nothing is written."""
    monkeypatch.chdir(tmp_path)
    done = screening(*words, home=tmp_path / "home")
    assert done.returncode == 2, done.stderr
    assert done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_fault_of_the_program_is_exit_code_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Python's own exit code for a crash is 1, which would read as a finding."""

    def broken(**_: object) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr(cli, "app", broken)
    with pytest.raises(SystemExit) as left:
        cli.main()
    assert left.value.code == 2
    assert "fault of the program" in capsys.readouterr().err


def test_two_runs_differ_in_nothing_but_what_they_took(tmp_path: Path) -> None:
    """Every file has the same bytes again, save the manifest's times and memory (and the page, from day to day)."""
    took = {"started", "finished", "timings", "work_seconds", "peak_memory_mb", "peak_memory_worker_mb"}
    written, manifests = [], []
    for _ in range(2):
        assert run(tmp_path, HEADER + INNOCENT + GUILTY, "--formats", "csv,jsonl,xlsx,junit,sarif").returncode == 1
        files = {path.name: path.read_bytes() for path in sorted((tmp_path / "out").iterdir())}
        stated = json.loads(files.pop("manifest.json"))
        assert took <= set(stated)
        manifests.append({key: value for key, value in stated.items() if key not in took})
        written.append(files)
    assert written[0] == written[1]
    assert manifests[0] == manifests[1]


def test_the_manifest_tells_what_every_stage_took(tmp_path: Path) -> None:
    """The stages add up to the whole, also the reports that are written before it; memory is this run's own."""
    ballast = bytearray(300_000_000)  # of the program that starts the run, which is none of the run's
    ballast[::4096] = b"x" * len(ballast[::4096])
    run(tmp_path, HEADER + INNOCENT + GUILTY)
    stated = json.loads((tmp_path / "out" / "manifest.json").read_text())
    timings = stated["timings"]
    assert {"loading", "screen", "gather", "link", "decide", "reports", "whole"} <= set(timings)
    assert {"read", "enrich", "match"} == set(stated["work_seconds"])
    assert timings["reports"] > 0
    assert sum(timings.values()) - timings["whole"] == pytest.approx(timings["whole"], abs=0.02)
    assert 20 < stated["peak_memory_mb"] < 300
    assert stated["started"] <= stated["finished"]


def test_help_loads_nothing_heavy() -> None:
    """The help text answers at once."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "screening", "--help"], capture_output=True, text=True, check=True
    )
    loaded = {line.rsplit("|", 1)[-1].strip() for line in done.stderr.splitlines()}
    assert not loaded & {"pandas", "numpy", "pyarrow", "rapidfuzz", "durable_rules_engine", "lxml", "scipy", "jinja2"}


def test_a_built_snapshot_becomes_the_default(tmp_path: Path) -> None:
    """`lists build` compiles, `lists show` tells, and a run without --lists uses what was built last."""
    built = screening("lists", "build", EXTRACT, "--out", tmp_path / "snapshot", home=tmp_path / "home")
    assert built.returncode == 0, built.stderr
    shown = screening("lists", "show", tmp_path / "snapshot", "--json", home=tmp_path / "home")
    told = json.loads(shown.stdout)
    assert told["entries"] == sum(told["by_kind"].values()) > 50
    (tmp_path / "trades.csv").write_text(HEADER + GUILTY)
    done = screening("run", tmp_path / "trades.csv", "--out", tmp_path / "out", "--json", home=tmp_path / "home")
    assert done.returncode == 1, done.stderr
    assert json.loads(done.stdout)["lists"]["digest"] == told["digest"]


def test_without_a_snapshot_the_extract_is_named_as_such(tmp_path: Path) -> None:
    """Nobody takes the shipped extract for the official lists."""
    (tmp_path / "trades.csv").write_text(HEADER + INNOCENT)
    done = screening("run", tmp_path / "trades.csv", "--out", tmp_path / "out", home=tmp_path / "home")
    assert "the extract that ships with the package" in done.stderr
    assert "the extract that ships with the package" in (tmp_path / "out" / "report.html").read_text()


@pytest.mark.parametrize(
    "words", [("Kim \udcff Jong Un",), ("Kim \udcff Jong Un", "--json"), ("A", "--imo", "\udcff9")]
)
def test_match_refuses_bytes_that_are_no_text(tmp_path: Path, words: tuple[str, ...]) -> None:
    """One sentence that shows them by their numbers."""
    done = screening("match", *words, home=tmp_path / "home")
    assert (done.returncode, done.stdout) == (2, "")
    assert "[U+DCFF]" in done.stderr
    assert "bytes that are no text" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("more", [(), ("--json",)])
def test_match_tells_which_lists_were_searched(tmp_path: Path, more: tuple[str, ...]) -> None:
    """No match in the extract is no match in the extract alone; standard output is as it was."""
    done = screening("match", "Tokyo Ceramics", *more, home=tmp_path / "home")
    assert done.returncode == 0
    assert done.stderr.startswith("Lists: the extract that ships with the package, ")
    assert "Lists:" not in done.stdout
    named = screening("match", "Tokyo Ceramics", "--lists", EXTRACT, *more, home=tmp_path / "home")
    assert named.stderr.startswith("Lists: extract, ")


def test_the_rules_commands_answer() -> None:
    """list, show, check and test work on the shipped packs."""
    runner = CliRunner()
    listed = runner.invoke(cli.app, ["rules", "list", "--on", "2017-06-01"])
    assert "UN-COAL " not in listed.stdout
    assert "UN-STS" not in listed.stdout
    assert "UN-STS" in runner.invoke(cli.app, ["rules", "list"]).stdout
    assert "paragraph" in runner.invoke(cli.app, ["rules", "show", "UN-COAL"]).stdout
    assert "are sound" in runner.invoke(cli.app, ["rules", "check"]).stdout
    assert runner.invoke(cli.app, ["rules", "test"]).exit_code == 0


def test_match_explains_each_score(tmp_path: Path) -> None:
    """A name in any script finds its entry, word by word; one that is nobody's finds nothing."""
    done = screening("match", "천마산", "Ibex Shiping", "Tokyo Ceramics", "--lists", EXTRACT, "--json", home=tmp_path)
    assert done.returncode == 0, done.stderr
    ship, firm, nobody = json.loads(done.stdout)
    assert ship["matches"][0]["listed_name"] in ("CHON MA SAN", "천마산")
    assert firm["matches"][0]["listed_name"].startswith("IBEX SHIPPING")
    assert firm["matches"][0]["score"] < 100
    assert {feature["ours"] for feature in firm["matches"][0]["features"]} >= {"ibex"}
    assert nobody["matches"] == []
    assert "matches" in screening("match", "Ibex Shipping", "--lists", EXTRACT, home=tmp_path).stdout


def test_match_tells_what_an_imo_number_says(tmp_path: Path) -> None:
    """A valid number of another ship rules the name out; a broken one is told with the right check digit."""
    other = screening("match", "Chon Ma San", "--imo", "9074729", "--lists", EXTRACT, home=tmp_path).stdout
    assert "ruled out: IMO 9074729 is valid and not the listed" in other
    done = screening("match", "Chon Ma San", "--imo", "8660314", "--lists", EXTRACT, "--json", home=tmp_path)
    (broken,) = json.loads(done.stdout)
    assert "by the check it should be 3" in broken["note"]
    assert "8660313 is one slip away" in broken["matches"][0]["reason"]


def test_a_word_without_end_does_not_stop_the_run(tmp_path: Path) -> None:
    """A counterparty whose name is four hundred letters, or the like in another script, is one more row to screen."""
    long = (
        HEADER + INNOCENT.replace("Tokyo Ceramics", "A" * 900) + INNOCENT.replace("Tokyo Ceramics", "ア" * 300) + GUILTY
    )
    done = run(tmp_path, long)
    assert done.returncode == 1, done.stderr
    assert counts(tmp_path)["possible_violation"] == 1


def test_since_last_is_the_snapshot_that_was_the_default_before(tmp_path: Path) -> None:
    """The first night there is none, and everything is screened; then the lists built before are taken up."""
    home, trades, out = tmp_path / "home", tmp_path / "trades.csv", tmp_path / "out"
    trades.write_text(HEADER + INNOCENT + GUILTY)

    told: list[str] = []

    def night(lists: str, name: str) -> dict[str, object] | None:
        listed = tmp_path / f"{name}.csv"
        listed.write_text(lists)
        assert screening("lists", "build", listed, "--out", tmp_path / name, home=home).returncode == 0
        ran = screening("run", trades, "--since", "last", "--fail-on", "never", "--out", out, home=home)
        assert ran.returncode == 0, ran.stderr
        told.append(ran.stderr)
        since: dict[str, object] | None = json.loads((out / "manifest.json").read_text())["since"]
        return since

    lists = (EXTRACT / "designations.csv").read_text()
    assert night(lists, "one") == {"snapshot": "last", "taken_up": False}
    assert "Note: --since was not taken up, everything was screened: there is no snapshot that was" in told[-1]
    assert night("".join(lists.splitlines(keepends=True)[:-1]), "two") == {
        "snapshot": str((tmp_path / "one").resolve()),
        "taken_up": True,
    }
    assert "Note: --since" not in told[-1]
    trades.write_text(HEADER + INNOCENT)
    ran = screening("run", trades, "--since", tmp_path / "two", "--out", out, "--log-json", home=home)
    notes = [one for one in map(json.loads, ran.stderr.splitlines()) if one["event"] == "note"]
    assert [one["since"] for one in notes] == [str(tmp_path / "two")]
    assert "keeps no whole run of the same files" in notes[0]["message"]


DELIVERED = "9,2024-01-05,OOO Bunker,Chongjin Depot,,,RUVYP,KPCHO,271019,gasoil,3000,t\n"


def test_rejected_rows_of_the_history_cannot_be_missed(tmp_path: Path) -> None:
    """They are in no sum: exit code 3, a line in the summary, in the events, in marks.csv and in the report."""
    past = tmp_path / "past.csv"
    past.write_bytes((HEADER + DELIVERED + "8,2024-01-06,too,few\n").encode())
    done = run(tmp_path, HEADER + INNOCENT, "--history", past)
    assert done.returncode == 3, done.stderr
    assert "Earlier deliveries: 2 rows read = 1 counted + 1 rejected" in done.stderr
    assert "Not resolved: 1 rows of --history rejected; they are in no sum" in done.stderr
    assert "past.csv row 3: has 4 cells" in done.stderr
    assert counts(tmp_path) == {"clear": 1, "review": 0, "possible_violation": 0, "rejected": 0}
    with (tmp_path / "out" / "marks.csv").open(newline="", encoding="utf-8-sig") as file:
        assert [(row["source"], row["row"]) for row in csv.DictReader(file)] == [("past.csv", "3")]
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "rows of the history were rejected and are in no sum" in page and "past.csv row 3" in page
    logged = run(tmp_path, HEADER + INNOCENT, "--history", past, "--log-json").stderr
    told = [json.loads(line) for line in logged.splitlines()]
    assert told[-1]["history"] == {"rows": 2, "records": 1, "rejected": 1}
    assert told[-1]["exit_code"] == 3


def test_what_is_to_be_said_of_the_history_is_said(tmp_path: Path) -> None:
    """A column that is not read is told of it as it is of trade files."""
    past = tmp_path / "past.csv"
    past.write_text(HEADER.replace("unit", "unit,remark") + DELIVERED.replace("\n", ",x\n"))
    done = run(tmp_path, HEADER + INNOCENT, "--history", past)
    assert done.returncode == 0, done.stderr
    assert "Note: past.csv: columns that are not known and not read: remark" in done.stderr


def test_no_cell_and_no_word_speaks_to_the_terminal(tmp_path: Path) -> None:
    """Control characters of a port, and of a name that is looked up, are shown by their numbers."""
    done = run(tmp_path, HEADER + '1,2024-05-01,A,B,,,"\x1b[31mX\x1b]0;t\x07\u202eY\nZ",JPTYO,,tiles,1,t\n')
    assert "as [U+001B][31mX[U+001B]]0;t[U+0007][U+202E]Y Z" in done.stderr
    found = screening("match", "\x1b[31mNobody At All", "--lists", EXTRACT, home=tmp_path / "home")
    assert found.stdout.startswith("[U+001B][31mNobody At All: ")


def test_a_file_without_rows_is_told(tmp_path: Path) -> None:
    """It is no fault, since a night may have no trade; but nobody should take it for a file that was screened."""
    done = run(tmp_path, HEADER)
    assert done.returncode == 0, done.stderr
    assert "Note: trades.csv: has no rows below its header" in done.stderr


def test_the_version_is_told(tmp_path: Path) -> None:
    """One line on standard output."""
    done = screening("--version", home=tmp_path)
    assert (done.returncode, done.stdout) == (0, f"screening {metadata.version('sanctions-screening')}\n")
    assert screening("--help", home=tmp_path).stdout.count("Screen trade records against sanctions lists") == 1
