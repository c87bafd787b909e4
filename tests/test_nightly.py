"""The jobs of the README, taken out of it and run word for word, as far as one machine can.

What stands in for the outside: `uv run` runs the command in this environment, `pip install uv` does nothing (the first
commands of the README, run by .ci/run, show both), `lists/` is the extract that ships and `trades/` the story of spring
2024. The actions of GitHub are not run.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from screening.tables import read_yaml
from tests.conftest import FIXTURES, ROOT

UV = '#!/bin/sh\n[ "$1" = run ] || exit 64\nshift\nexec "$@"\n'
PIP = '#!/bin/sh\n[ "$*" = "install uv" ] || exit 64\n'


def block(name: str) -> str:
    """The code block of the README that stands under the comment of this name."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    found = re.findall(rf"<!-- {name} -->\n```\w*\n(.*?)```", readme, re.DOTALL)
    assert len(found) == 1, f"the README has {len(found)} blocks {name!r}"
    return found[0]


def job(name: str, folder: Path) -> Any:
    """The YAML of a block; its text is also left in the folder."""
    (folder / f"{name}.yml").write_text(block(name), encoding="utf-8")
    return read_yaml(folder / f"{name}.yml")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home folder with nothing in it."""
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout as a night finds it: list files and trade files, no results."""
    return _night(tmp_path / "checkout")


def _night(folder: Path) -> Path:
    (folder / "trades").mkdir(parents=True)
    (folder / "trades" / "spring.csv").symlink_to(FIXTURES / "trades" / "spring-2024.csv")
    (folder / "lists").symlink_to(FIXTURES / "lists" / "extract")
    return folder


def _run(shell: list[str], script: str, folder: Path, home: Path, *, ours: bool) -> subprocess.CompletedProcess[str]:
    """Run a script as a CI server does, with the stand-ins and this environment's commands where `ours`."""
    tools = home / "bin"
    tools.mkdir()
    for name, text in (("uv", UV), ("pip", PIP)):
        (tools / name).write_text(text, encoding="utf-8")
        (tools / name).chmod(0o755)
    path = f"{tools}:{Path(sys.executable).parent}:" if ours else ""
    kept = {key: os.environ[key] for key in ("LANG", "LC_ALL", "SYSTEMROOT") if key in os.environ}
    return subprocess.run(
        [*shell, script],
        cwd=folder,
        env={**kept, "HOME": str(home), "PATH": f"{path}/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.mark.parametrize(("name", "schema"), [("github", "vendor.github-workflows"), ("gitlab", "vendor.gitlab-ci")])
def test_the_jobs_fit_the_schemas_of_their_servers(tmp_path: Path, name: str, schema: str) -> None:
    """Checked by the tool and the schemas that both servers' users check with."""
    (tmp_path / f"{name}.yml").write_text(block(name), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(tmp_path / f"{name}.yml")],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_github_job_screens_and_leaves_what_it_hands_on(tmp_path: Path, checkout: Path, home: Path) -> None:
    """Possible violations make the job fail with exit code 1, and the files of the later steps are there."""
    steps = job("github", tmp_path)["jobs"]["screen"]["steps"]
    scripts = [step["run"] for step in steps if "run" in step]
    assert len(scripts) == 1
    done = _run(["bash", "-e", "-c"], scripts[0], checkout, home, ours=True)
    assert done.returncode == 1, done.stderr
    assert "35 rows read = " in done.stderr
    uploads = {step["uses"].split("@")[0]: step for step in steps if "with" in step}
    assert (checkout / uploads["actions/upload-artifact"]["with"]["path"] / "manifest.json").is_file()
    assert (checkout / uploads["github/codeql-action/upload-sarif"]["with"]["sarif_file"]).is_file()
    for step in uploads.values():  # a run that ends with exit code 2 leaves nothing to upload
        named = re.findall(r"hashFiles\('([^']+)'\)", step["if"])
        assert len(named) == 1
        assert (checkout / named[0]).is_file()


def test_the_gitlab_job_screens_and_leaves_what_it_hands_on(tmp_path: Path, checkout: Path, home: Path) -> None:
    """As on GitHub; GitLab reads the test results itself."""
    screen = job("gitlab", tmp_path)["screening"]
    done = _run(["bash", "-eo", "pipefail", "-c"], "\n".join(screen["script"]), checkout, home, ours=True)
    assert done.returncode == 1, done.stderr
    artifacts = screen["artifacts"]
    assert [path for path in artifacts["paths"] if not (checkout / path).is_dir()] == []
    assert (checkout / artifacts["reports"]["junit"]).is_file()


def test_the_jobs_say_when_they_have_nothing_to_screen(tmp_path: Path, checkout: Path, home: Path) -> None:
    """No trade file is exit code 2 and one sentence, never a green job."""
    (checkout / "trades" / "spring.csv").unlink()
    script = job("github", tmp_path)["jobs"]["screen"]["steps"][2]["run"]
    done = _run(["bash", "-e", "-c"], script, checkout, home, ours=True)
    assert done.returncode == 2
    assert "trades/*.csv" in done.stderr
    assert not (checkout / "results").exists()


def cron() -> tuple[list[str], str]:
    """The five fields of the crontab's line and the command as cron hands it to the shell."""
    line = block("cron").strip()
    *fields, command = line.split(maxsplit=5)
    assert not re.search(r"(?<!\\)%", command), "cron takes a bare percent sign for a line end"
    return fields, command.replace(r"\%", "%")


def test_the_cron_line_screens_into_a_folder_of_the_day(home: Path) -> None:
    """Run by sh, with the path and the home that cron gives; the mail tells the exit code."""
    fields, command = cron()
    assert all(re.fullmatch(r"\*|\d{1,2}", field) for field in fields)
    _night(home / "nightly")
    (home / "screening").mkdir()
    (home / "screening" / ".venv").symlink_to(sys.prefix)
    before = date.today()
    done = _run(["sh", "-c"], command, home / "nightly", home, ours=False)
    assert (done.stdout, done.stderr) == ("screening ended with exit code 1\n", "")
    days = {(before + timedelta(days=n)).isoformat() for n in range(2)}
    assert {path.name for path in (home / "nightly" / "results").iterdir()} <= days
    assert next((home / "nightly" / "results").glob("*/report.html")).is_file()


def test_the_cron_line_mails_the_sentence_of_an_error(home: Path) -> None:
    """Nothing to screen, or nothing installed: never silence."""
    _, command = cron()
    _night(home / "nightly")
    done = _run(["sh", "-c"], command, home / "nightly", home, ours=False)
    assert "not found" in done.stderr
    assert done.stdout == "screening ended with exit code 127\n"
