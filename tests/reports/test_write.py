"""Results are written whole or not at all, in the formats asked for."""

from __future__ import annotations

import errno
import hashlib
import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening import reports
from screening.errors import ReportError, UsageError
from screening.model import Results
from screening.reports import lines, manifest

PLAIN = ("csv", "jsonl")


def _bytes(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def _full_disk(results: Results, folder: Path) -> None:
    (folder / "alerts.jsonl").write_text("half a line", encoding="utf-8")
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_each_format_writes_its_files_and_the_manifest_names_them(results: Results, tmp_path: Path) -> None:
    """manifest.json is always there and holds the SHA-256 of every other file."""
    reports.write(results, tmp_path / "out", PLAIN)
    written = _bytes(tmp_path / "out")
    assert {name.split(".")[0] for name in written} == {"alerts", "decisions", "hits", "manifest", "marks", "rejects"}
    stated = json.loads(written.pop("manifest.json"))
    assert stated["files"] == {name: hashlib.sha256(held).hexdigest() for name, held in written.items()}


def test_what_the_writing_took_is_asked_for_when_all_else_is_written(results: Results, tmp_path: Path) -> None:
    """Only the manifest tells it; the other files are complete by then."""
    seen: list[str] = []

    def closing() -> dict[str, object]:
        (draft,) = tmp_path.iterdir()
        seen.extend(sorted(path.name for path in draft.iterdir()))
        return {"timings": {"reports": 1.5}}

    reports.write(results, tmp_path / "out", PLAIN, closing)
    written = _bytes(tmp_path / "out")
    assert seen == sorted(written.keys() - {"manifest.json"})
    assert json.loads(written["manifest.json"])["timings"] == {"reports": 1.5}


def test_no_format_still_writes_the_manifest(results: Results, tmp_path: Path) -> None:
    """The manifest depends on no format."""
    reports.write(results, tmp_path / "out", ())
    assert list(_bytes(tmp_path / "out")) == ["manifest.json"]


def test_an_unknown_format_names_the_known_ones(results: Results, tmp_path: Path) -> None:
    """A usage error, and nothing is written."""
    with pytest.raises(UsageError, match="'pdf' is no known format; use one or more of csv, jsonl"):
        reports.write(results, tmp_path / "out", ["csv", "pdf"])
    assert not list(tmp_path.iterdir())


def test_the_same_results_give_the_same_bytes(results: Results, tmp_path: Path) -> None:
    """No clock, no order of sets, no folder name gets into a file."""
    reports.write(results, tmp_path / "a", [form.name for form in reports.FORMATS])
    reports.write(results, tmp_path / "b", [form.name for form in reversed(reports.FORMATS)])
    assert _bytes(tmp_path / "a") == _bytes(tmp_path / "b")


def test_a_former_result_is_replaced_whole(results: Results, tmp_path: Path) -> None:
    """No file of the former run stays behind."""
    out = tmp_path / "deep" / "out"
    reports.write(results, out, PLAIN)
    reports.write(results, out, ["csv"])
    assert "alerts.jsonl" not in _bytes(out)
    assert [path.name for path in out.parent.iterdir()] == ["out"]


def test_an_empty_folder_is_taken(results: Results, tmp_path: Path) -> None:
    """An empty --out, made beforehand, is used."""
    (tmp_path / "out").mkdir()
    reports.write(results, tmp_path / "out", PLAIN)
    assert (tmp_path / "out" / "decisions.csv").exists()


@pytest.mark.parametrize("own", [False, True])
def test_a_folder_with_other_files_is_left_alone(results: Results, tmp_path: Path, own: bool) -> None:
    """Notes beside a former result, or a folder that was never ours, are not removed."""
    out = tmp_path / "out"
    if own:
        reports.write(results, out, PLAIN)
    out.mkdir(exist_ok=True)
    (out / "notes.txt").write_text("mine", encoding="utf-8")
    before = _bytes(out)
    with pytest.raises(ReportError, match=r"holds 'notes\.txt', which no former run wrote"):
        reports.write(results, out, PLAIN)
    assert _bytes(out) == before


def test_somebody_elses_manifest_is_not_ours(results: Results, tmp_path: Path) -> None:
    """A manifest.json of another program does not make a folder a former result."""
    (tmp_path / "manifest.json").write_text('{"name": "a web app"}', encoding="utf-8")
    with pytest.raises(ReportError, match=r"holds 'manifest\.json'"):
        reports.write(results, tmp_path, PLAIN)


def test_out_is_a_file(results: Results, tmp_path: Path) -> None:
    """A file in the place of --out is one sentence."""
    (tmp_path / "out").write_text("", encoding="utf-8")
    with pytest.raises(ReportError, match="is a file; name a folder"):
        reports.write(results, tmp_path / "out", PLAIN)


@pytest.mark.parametrize("former", [False, True])
def test_a_full_disk_leaves_nothing_half_written(
    results: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, former: bool
) -> None:
    """What stood in --out stands there still, and no draft is left."""
    out = tmp_path / "out"
    if former:
        reports.write(results, out, ["csv"])
    before = _bytes(out) if former else None
    broken = tuple(replace(form, write=_full_disk) if form.name == "jsonl" else form for form in reports.FORMATS)
    monkeypatch.setattr(reports, "FORMATS", broken)
    with pytest.raises(ReportError, match=r"cannot be written.*No space left"):
        reports.write(results, out, PLAIN)
    assert [path.name for path in tmp_path.iterdir()] == (["out"] if former else [])
    assert before is None or _bytes(out) == before


def test_an_interrupt_between_files_leaves_nothing(
    results: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also a keyboard interrupt cleans up behind itself."""

    def interrupt(results: Results, folder: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(manifest, "write", interrupt)
    with pytest.raises(KeyboardInterrupt):
        reports.write(results, tmp_path / "out", PLAIN)
    assert not list(tmp_path.iterdir())


def test_a_rename_that_fails_brings_the_former_result_back(
    results: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mount point cannot be renamed over; the former result stays and the sentence says what to do."""
    out = tmp_path / "out"
    reports.write(results, out, ["csv"])
    before, rename = _bytes(out), Path.rename

    def refuse(self: Path, target: Path) -> Path:
        if ".draft-" in self.name:
            raise OSError(errno.EBUSY, os.strerror(errno.EBUSY))
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(ReportError, match="is a mount point"):
        reports.write(results, out, PLAIN)
    assert _bytes(out) == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_an_unwritable_place_is_one_sentence(results: Results, tmp_path: Path) -> None:
    """A parent that is a file cannot hold a folder, whoever runs the test."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(ReportError, match="cannot be written"):
        reports.write(results, tmp_path / "file" / "out", PLAIN)


def test_the_draft_of_a_killed_run_is_swept_up_and_a_living_one_is_not(results: Results, tmp_path: Path) -> None:
    """A draft that nobody holds goes; one that another run holds stays."""
    fcntl = pytest.importorskip("fcntl")
    dead, alive = tmp_path / ".out.draft-dead", tmp_path / ".out.draft-alive"
    dead.mkdir()
    alive.mkdir()
    descriptor = os.open(alive, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    try:
        reports.write(results, tmp_path / "out", PLAIN)
        assert sorted(path.name for path in tmp_path.iterdir()) == [".out.draft-alive", "out"]
    finally:
        os.close(descriptor)


def _counted(results: Results, **changed: object) -> Results:
    stated = results.manifest["counts"]
    assert isinstance(stated, dict)
    return replace(results, manifest={**results.manifest, "counts": {**stated, **changed}})


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"rows_read": 8}, "8 rows were read, but 2 clear .* make 7"),
        ({"clear": 1, "review": 3}, "counts 1 rows as clear, but 2"),
        ({"rejected": 3, "rows_read": 8}, "counts 3 rows as rejected, but 2"),
        ({"clear": -1}, "not a whole number"),
        ({"clear": 2.0}, "not a whole number"),
        ({"clear": None}, "not a whole number"),
    ],
)
def test_rows_unaccounted_for_stop_the_report(
    results: Results, tmp_path: Path, changed: dict[str, object], sentence: str
) -> None:
    """Counts that do not add up, or that the frames do not bear out, are never written."""
    with pytest.raises(ReportError, match=sentence):
        reports.write(_counted(results, **changed), tmp_path / "out", PLAIN)
    assert not list(tmp_path.iterdir())


OUTCOMES = st.lists(st.sampled_from(["clear", "review", "possible_violation"]), max_size=30)


@given(outcomes=OUTCOMES, rejected=st.integers(0, 5), wrong=st.integers(-3, 3))
def test_counts_pass_exactly_when_they_add_up(outcomes: list[str], rejected: int, wrong: int) -> None:
    """Whatever the outcomes, true counts pass and a count that is off by anything does not."""
    import pandas as pd

    told = {name: outcomes.count(name) for name in ("clear", "review", "possible_violation")}
    told |= {"rejected": rejected, "rows_read": len(outcomes) + rejected + wrong}
    frame = pd.DataFrame({"decision": pd.Series(outcomes, dtype="str")})
    made = Results((frame,), frame, (), (), pd.DataFrame({"row": range(rejected)}), frame, (), (), {"counts": told})
    if wrong:
        with pytest.raises(ReportError):
            manifest.assert_counts(made)
    else:
        manifest.assert_counts(made)


def test_a_run_over_no_rows_is_written(empty_results: Results, tmp_path: Path) -> None:
    """Empty frames become files with a header and no row."""
    reports.write(empty_results, tmp_path / "out", [form.name for form in reports.FORMATS])
    assert (tmp_path / "out" / "rejects.csv").read_text(encoding="utf-8") == "source,row,column,value,reason\n"


def test_half_a_surrogate_pair_is_written_as_its_escape(results: Results, tmp_path: Path) -> None:
    """Text that no encoding knows is neither lost nor fatal."""
    odd = replace(results.alerts[0], reason="half a pair \ud800")
    lines.write(replace(results, alerts=(odd,)), tmp_path)
    first = (tmp_path / "alerts.jsonl").read_text(encoding="utf-8").splitlines()[0]
    assert json.loads(first)["reason"] == "half a pair \ud800"
