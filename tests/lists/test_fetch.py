"""What an issuer sends comes into force only where it passes every check; else the list before it stays."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from screening.errors import ListFileError
from screening.lists import Snapshot, age, build, inforce
from screening.lists import fetch as fetching
from screening.lists.download import Network
from screening.lists.sources import Catalogue, load
from screening.lists.versions import Shelf, locked
from screening.tables import rules_folder
from tests.lists import issuer as answers
from tests.lists.issuer import Issuer, page

DAY = date(2026, 3, 1)
ENTITY = (
    "<ENTITY><DATAID>{0}</DATAID><FIRST_NAME>HERON TRADING {0}</FIRST_NAME><UN_LIST_TYPE>DPRK</UN_LIST_TYPE>"
    "<REFERENCE_NUMBER>KPe.{0}</REFERENCE_NUMBER><LISTED_ON>2018-03-30</LISTED_ON></ENTITY>"
)
LIMITS = "connect_seconds: 1, read_seconds: 1, deadline_seconds: 3, attempts: 2, backoff_seconds: 0.01, megabytes: 1"


def un(entries: int = 40, day: str = "2026-02-27") -> bytes:
    """A list of the Security Council's form."""
    body = "".join(ENTITY.format(number) for number in range(entries))
    root = f'<CONSOLIDATED_LIST dateGenerated="{day}T00:00:00Z">'
    return f"{root}<INDIVIDUALS/><ENTITIES>{body}</ENTITIES></CONSOLIDATED_LIST>".encode()


@pytest.fixture
def issuer():
    with answers.running() as running:
        yield running


class Desk:
    """Sources at the misbehaving issuer, and the store they are fetched into."""

    def __init__(self, issuer: Issuer, tmp_path: Path) -> None:
        self.issuer, self.store, self.settings = issuer, tmp_path / "store", tmp_path / "settings.yaml"
        self.sources: dict[str, str] = {}
        self.source("UN-SC", "un-xml", {"un.xml": "/un.xml"})

    def source(self, code: str, form: str, files: dict[str, str], more: str = "", limits: str = "") -> None:
        named = ", ".join(f"{name}: '{self.issuer.url(path)}'" for name, path in files.items())
        limits = f"may_shrink: 0.1, may_grow: 0.25, may_change_entries: 3, least_entries: 2{limits}"
        self.sources[code] = (
            f"{{issuer: Somebody, list: {code}, format: {form}, files: {{{named}}}, limits: {{{limits}}}{more}}}"
        )

    def catalogue(self, **secrets: str) -> Catalogue:
        off = [f"  {feed.id}: {{use: no}}\n" for feed in load(rules_folder()).feeds if feed.id not in self.sources]
        own = [f"  {code}: {text}\n" for code, text in self.sources.items()]
        self.settings.write_text(f"limits: {{{LIMITS}}}\nsources:\n{''.join(off + own)}")
        return load(rules_folder(), self.settings, secrets)

    def fetch(self, *accepted: str, on: date = DAY, **secrets: str) -> list[fetching.Outcome]:
        at = datetime(on.year, on.month, on.day, 2, tzinfo=UTC)
        return list(fetching.fetch(self.catalogue(**secrets).in_use, self.store, Network(), at, accepted))

    def one(self, *accepted: str, on: date = DAY) -> fetching.Outcome:
        (outcome,) = self.fetch(*accepted, on=on)
        assert "\n" not in outcome.told
        return outcome

    def combine(self) -> inforce.Combined:
        return inforce.combine(self.catalogue(), self.store)


@pytest.fixture
def desk(issuer: Issuer, tmp_path: Path) -> Desk:
    return Desk(issuer, tmp_path)


def test_a_first_list_comes_into_force(desk: Desk) -> None:
    """It is kept as it came, under its day and hash, and the manifest says where it is from."""
    desk.issuer.serve("/un.xml", page(un(), ETag='"1"'))
    outcome = desk.one()
    assert outcome.state == fetching.NEW
    assert "the list of 2026-02-27 with 40 entries" in outcome.told
    shelf = Shelf(desk.store, "UN-SC")
    version = shelf.manifest().current
    assert version is not None
    assert version.name == f"2026-02-27_{version.sha256[:16]}"
    assert (shelf.path(version) / "un.xml").read_bytes() == un()
    assert (version.published, version.dated_by, version.entries) == (date(2026, 2, 27), "file", 40)
    assert version.files[0].etag == '"1"'
    assert sorted(path.name for path in shelf.folder.iterdir()) == [version.name, "manifest.json"]


@pytest.mark.parametrize("validators", [{"etag": '"1"'}, {"modified": "Fri, 27 Feb 2026 01:00:00 GMT"}, {}])
def test_a_list_that_has_not_changed_stays_and_is_confirmed(validators: dict[str, str], desk: Desk) -> None:
    """By 304 where the server knows its validators, by the same content where it does not."""
    desk.issuer.serve("/un.xml", answers.conditional(un(), **validators))
    desk.one()
    outcome = desk.one(on=DAY + timedelta(days=5))
    assert outcome.state == fetching.UNCHANGED
    manifest = Shelf(desk.store, "UN-SC").manifest()
    assert (manifest.confirmed, len(manifest.versions)) == (DAY + timedelta(days=5), 1)
    assert ("if-none-match" in desk.issuer.headers()) == ("etag" in validators)


def test_a_new_list_comes_into_force_and_the_old_one_is_kept(desk: Desk) -> None:
    desk.issuer.serve("/un.xml", page(un(40)), page(un(42, "2026-02-28")))
    desk.one()
    outcome = desk.one()
    assert "42 entries, +2 to that of 2026-02-27" in outcome.told
    shelf = Shelf(desk.store, "UN-SC")
    assert [(shelf.path(version) / "un.xml").read_bytes() for version in shelf.manifest().versions] == [
        un(40),
        un(42, "2026-02-28"),
    ]
    assert shelf.manifest().in_force == outcome.version.name


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        (page(b"", 404), "answers 404"),
        (page(b"", 500), "answers 500"),
        (answers.cut(un(), 99_999), "broke off"),
        (answers.moved("https://lists.example/un.xml"), "redirect_hosts"),
        (page(b"<!DOCTYPE html><html><body>Down for maintenance</body></html>"), "un.xml is a web page, not a list"),
        (page(b"\n<html>Please sign in</html>"), "un.xml is a web page, not a list"),
        (page(b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]>' + un()), "DOCTYPE"),
        (page(un()[:-200]), "cut short"),
        (page(un(), Content_Length=str(len(un()) - 200)), "cut short"),
        (page(b""), "is empty"),
        (page(b"[]"), "none of the list formats"),
        (page(un(35, "2026-02-28")), "shrank from 40 to 35 entries, more than the 10% allowed"),
        (page(un(51, "2026-02-28")), "grew from 40 to 51 entries, more than the 25% allowed"),
        (page(un(40, "2026-02-28").replace(b"LISTED_ON", b"LISTED")), "from 40 to 0 entries with a listing date"),
        (page(un(40, "2026-02-28").replace(b"UN_LIST_TYPE", b"REGIME")), "from 40 to 0 entries with programmes"),
        (page(un(1, "2026-02-28")), "holds 1 entries, and 2 are the least"),
        (page(un(0, "2026-02-28")), "holds no entries"),
        (page(un(41, "2026-02-26")), "before the one in force"),
        (page(un(41, "2025-08-01")), "212 days ago; 180 are allowed"),
        (page(un(41, "2026-03-05")), "still to come"),
        (page(un(41, "yesterday")), "no readable date"),
        (page(un(41).replace(b' dateGenerated="2026-02-27T00:00:00Z"', b"")), "does not state when"),
        (page(b"x" * 1_000_001), "larger than the 1 MB"),
    ],
)
def test_what_fails_a_check_does_not_replace_the_list_in_force(bad, says: str, desk: Desk) -> None:
    """The sentence says what stays and why; the next good list is taken, and the bad one's validators are forgotten."""
    desk.issuer.serve("/un.xml", page(un(), ETag='"good"'), bad)
    desk.one()
    outcome = desk.one(on=DAY + timedelta(days=1)) if "212" not in says else desk.one()
    assert outcome.state == fetching.KEPT
    assert outcome.told.startswith("UN-SC: the list of 2026-02-27 stays in force: ")
    assert says in outcome.told
    assert ".new-" not in outcome.told
    manifest = Shelf(desk.store, "UN-SC").manifest()
    assert (manifest.confirmed, len(manifest.versions)) == (DAY, 1)
    assert len(desk.combine().snapshot.entries) == 40
    desk.issuer.serve("/un.xml", page(un(41, "2026-02-28")))
    assert desk.one().state == fetching.NEW
    assert desk.issuer.headers()["if-none-match"] == '"good"'


def test_another_format_or_another_list_is_refused(desk: Desk, lists_folder: Path) -> None:
    """Each is a whole official list, but not the one that was asked for."""
    desk.issuer.serve("/un.xml", page((lists_folder / "uk-sanctions-list-xml" / "uk.xml").read_bytes()))
    assert "has the format uk-sanctions-list-xml, not un-xml" in desk.one().told
    desk.source("US-SDN", "house-csv", {"a.csv": "/a.csv"})
    desk.issuer.serve("/a.csv", page((lists_folder / "house-csv" / "designations.csv").read_bytes()))
    assert any("holds the list" in outcome.told for outcome in desk.fetch())


def test_a_refused_list_is_kept_to_look_at_and_can_be_accepted(desk: Desk) -> None:
    """--accept takes the next download however much it differs from the one in force."""
    desk.issuer.serve("/un.xml", page(un(40)), page(un(20, "2026-02-28")))
    desk.one()
    outcome = desk.one()
    assert "`--accept UN-SC`" in outcome.told
    refused = desk.store / "UN-SC" / "refused"
    assert str(refused) in outcome.told
    assert len(build([refused]).entries) == 20
    assert desk.one("UN-SC").state == fetching.NEW
    assert len(desk.combine().snapshot.entries) == 20


def test_what_can_never_be_right_cannot_be_accepted(desk: Desk) -> None:
    desk.issuer.serve("/un.xml", page(un(40)), page(un(40, "2020-01-01")))
    desk.one()
    assert desk.one("UN-SC").state == fetching.KEPT


def _ofac(desk: Desk, lists_folder: Path, **modified: str) -> None:
    desk.sources.clear()
    files = {name: f"/{name}" for name in ("sdn.csv", "alt.csv", "add.csv", "sdn_comments.csv")}
    desk.source("US-SDN", "ofac-csv", files)
    for name, path in files.items():
        body = (lists_folder / "ofac-csv" / name).read_bytes()
        stamp = modified.get(name.partition(".")[0], "Fri, 27 Feb 2026 15:00:00 GMT")
        desk.issuer.serve(path, answers.conditional(body, modified=stamp))


def test_a_set_of_files_is_dated_by_the_server_where_it_states_no_day(desk: Desk, lists_folder: Path) -> None:
    """OFAC's CSV files: the oldest Last-Modified of the set."""
    _ofac(desk, lists_folder, add="Thu, 26 Feb 2026 15:00:00 GMT")
    version = desk.one().version
    assert version is not None
    assert (version.published, version.dated_by, len(version.files)) == (date(2026, 2, 26), "server", 4)
    assert desk.combine().snapshot.sources[0].published == date(2026, 2, 26)
    shutil.rmtree(desk.store)
    _ofac(desk, lists_folder, alt="some day")
    assert "age is not known" in desk.one().told


def test_of_a_set_only_the_files_that_changed_are_sent(desk: Desk, lists_folder: Path) -> None:
    """The others are taken from the version before; a set that does not belong together is refused."""
    _ofac(desk, lists_folder)
    desk.one()
    remarks = (lists_folder / "ofac-csv" / "sdn_comments.csv").read_bytes()
    later = "Sat, 28 Feb 2026 15:00:00 GMT"
    desk.issuer.serve("/sdn_comments.csv", page(remarks.replace(b"HERON", b"HERRON"), Last_Modified=later))
    outcome = desk.one()
    assert outcome.state == fetching.NEW
    shelf = Shelf(desk.store, "US-SDN")
    assert sorted(path.name for path in shelf.path(outcome.version).iterdir()) == [
        "add.csv", "alt.csv", "sdn.csv", "sdn_comments.csv",
    ]  # fmt: skip
    assert desk.one().state == fetching.UNCHANGED
    torn = b'99999,1,"Harbour","Nampo","Korea, North",-0- \r\n' + (lists_folder / "ofac-csv" / "add.csv").read_bytes()
    desk.issuer.serve("/add.csv", page(torn, Last_Modified=later))
    assert "in no primary file" in desk.one().told


def test_a_list_that_was_never_in_force_is_missing(desk: Desk) -> None:
    desk.issuer.serve("/un.xml", page(b"", 404))
    outcome = desk.one()
    assert (outcome.state, outcome.version) == (fetching.MISSING, None)
    assert "there is no list in force" in outcome.told
    with pytest.raises(ListFileError, match="no list is in force"):
        desk.combine()


def test_a_source_without_its_token_is_left_out_and_told(desk: Desk, lists_folder: Path) -> None:
    """Once in force it stays so, and the missing token is told as a failure."""
    desk.issuer.serve("/un.xml", page(un()))
    desk.issuer.serve("/fsf.xml", page((lists_folder / "eu-fsf-xml" / "fsf.xml").read_bytes()))
    desk.source("EU-FSF", "eu-fsf-xml", {"fsf.xml": "/fsf.xml?token={token}"}, ", token: EU_TOKEN")
    outcomes = {outcome.feed.id: outcome for outcome in desk.fetch()}
    assert outcomes["EU-FSF"].state == fetching.LEFT_OUT
    assert "EU_TOKEN holds no token" in outcomes["EU-FSF"].told
    assert "EU-FSF is not among these lists: EU_TOKEN holds no token" in desk.combine().snapshot.notes
    outcomes = {outcome.feed.id: outcome for outcome in desk.fetch(on=date(2026, 8, 6), EU_TOKEN="geheim")}
    assert outcomes["EU-FSF"].state == fetching.NEW
    outcomes = {outcome.feed.id: outcome for outcome in desk.fetch(on=date(2026, 8, 6))}
    assert outcomes["EU-FSF"].state == fetching.KEPT
    written = b"".join(path.read_bytes() for path in desk.store.rglob("*.json"))
    assert b"geheim" not in written


def test_a_version_that_was_changed_is_not_used(desk: Desk) -> None:
    """It is asked for afresh, without validators, never screened against, and set aside for what was fetched anew."""
    desk.issuer.serve("/un.xml", answers.conditional(un(), etag='"1"'))
    version = desk.one().version
    (desk.store / "UN-SC" / version.name / "un.xml").write_bytes(un(39))
    with pytest.raises(ListFileError, match="was changed since it was fetched"):
        desk.combine()
    outcome = desk.one()
    assert (outcome.state, outcome.version.sha256) == (fetching.NEW, version.sha256)
    assert "was changed since it was fetched" in outcome.told
    assert "if-none-match" not in desk.issuer.headers()
    assert len(desk.combine().snapshot.entries) == 40
    assert (desk.store / "UN-SC" / "changed" / "un.xml").read_bytes() == un(39)
    assert desk.one().state == fetching.UNCHANGED


def test_a_fetch_killed_at_any_point_leaves_nothing_half(desk: Desk) -> None:
    """A half download goes; a version that was moved to its place but not yet noted is noted by the next fetch."""
    desk.issuer.serve("/un.xml", page(un()))
    (desk.store / "UN-SC" / ".new-killed").mkdir(parents=True)
    desk.one()
    (desk.store / "UN-SC" / "manifest.json").unlink()
    assert desk.one().state == fetching.NEW
    assert len([path for path in (desk.store / "UN-SC").iterdir() if path.is_dir()]) == 1


def test_a_full_disk_leaves_the_list_in_force(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.issuer.serve("/un.xml", page(un()), page(un(41, "2026-02-28")))
    desk.one()

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("screening.lists.versions._sync", full)
    outcome = desk.one()
    assert outcome.state == fetching.KEPT
    assert "No space left" in outcome.told
    monkeypatch.undo()
    assert desk.one().state == fetching.NEW


def test_a_manifest_that_is_none_is_told(desk: Desk) -> None:
    for text in ("{", "[]", '{"format": 99}', '{"format": 1, "in_force": "x", "confirmed": null, "versions": []}'):
        (desk.store / "UN-SC").mkdir(parents=True, exist_ok=True)
        (desk.store / "UN-SC" / "manifest.json").write_text(text)
        with pytest.raises(ListFileError, match="is no manifest"):
            desk.one()


def test_one_fetch_at_a_time(tmp_path: Path) -> None:
    refused = pytest.raises(ListFileError, match="another `lists fetch`")
    with locked(tmp_path / "store"), refused, locked(tmp_path / "store"):
        pass
    with locked(tmp_path / "store"):
        pass


def test_the_snapshot_is_compiled_once_and_older_ones_go(desk: Desk) -> None:
    """The same lists, the same folder; the five last snapshots are kept, every download is."""
    desk.issuer.serve("/un.xml", *(page(un(40 + number, "2026-02-28")) for number in range(8)))
    folders = []
    for number in range(8):
        desk.one()
        first, second = desk.combine(), desk.combine()
        assert (first.fresh, second.fresh) == (True, False)
        assert first.folder == second.folder
        assert Snapshot.load(first.folder).digest == first.snapshot.digest
        assert first.snapshot.name == "UN-SC of 2026-02-28"
        os.utime(first.folder, (number, number))
        folders.append(first.folder)
    assert [folder.exists() for folder in folders] == [False] * 3 + [True] * 5
    assert len(Shelf(desk.store, "UN-SC").manifest().versions) == 8


def test_lists_are_too_old_when_nobody_confirms_them(desk: Desk) -> None:
    """Three days without an answer of the issuer pass, the fourth does not; nor does a list of last year."""
    desk.issuer.serve("/un.xml", page(un()), page(b"", 404))
    desk.one()
    combined = desk.combine()
    assert not inforce.age_fault(desk.catalogue(), combined, DAY + timedelta(days=3))
    fault = inforce.age_fault(desk.catalogue(), combined, DAY + timedelta(days=4))
    assert fault == "UN-SC was last confirmed by its issuer on 2026-03-01, 4 days ago; 3 are allowed"
    assert "published on 2026-02-27, 181 days ago" in inforce.age_fault(
        desk.catalogue(), combined, date(2026, 2, 27) + timedelta(days=181)
    )


@pytest.mark.parametrize(
    ("published", "confirmed", "fault"),
    [
        ("2026-02-22", None, ""),
        ("2026-02-21", None, "published on 2026-02-21, 8 days ago; 7 are allowed"),
        ("2025-01-01", DAY, ""),
        ("2025-01-01", date(2026, 2, 20), "confirmed by its issuer on 2026-02-20, 9 days ago"),
        ("2026-03-02", None, ""),
        ("2099-01-01", None, "age is not known"),
    ],
)
def test_the_age_counts_from_publication_or_confirmation(published, confirmed, fault, tmp_path: Path) -> None:
    """A day still to come is no day of publication."""
    (tmp_path / "un.xml").write_bytes(un(2, published))
    snapshot = build([tmp_path])
    found = age.age_fault(snapshot, 7, DAY, {"UN-SC": confirmed} if confirmed else {})
    assert fault in found
    assert bool(fault) == bool(found)


def test_the_age_of_an_undated_list_is_not_known(lists_folder: Path) -> None:
    snapshot = build([lists_folder / "ofac-csv"])
    assert "US-SDN states no day of publication" in age.age_fault(snapshot, 7, DAY)
    assert not age.age_fault(snapshot, 7, DAY, {"US-SDN": DAY})
    assert not age.age_fault(snapshot, {"UN-SC": 7}, DAY)


# ---------------------------------------------------------------- the command
def screening(*words: object, home: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "screening", *map(str, words)],
        capture_output=True,
        text=True,
        env={"SCREENING_HOME": str(home), "PATH": "/usr/bin:/bin", "CI": "true", "PYTHONUTF8": "1"} | variables,
        check=False,
    )


def test_the_command_fetches_and_what_it_fetched_is_the_default(desk: Desk, tmp_path: Path) -> None:
    """A night in which all goes well, one in which the issuer is down, and one in which it is down for too long."""
    home, today = tmp_path / "home", datetime.now(UTC).date()
    published, late = (str(today - timedelta(days=days)) for days in (10, 4))
    desk.issuer.serve("/un.xml", page(un(40, published)), page(b"", 503))
    desk.catalogue()
    done = screening("lists", "fetch", "--settings", desk.settings, "--json", home=home)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["sources"][0]["state"] == "new"
    assert "40 entries in force" in done.stderr
    assert (home / "current").read_text() == told["snapshot"]
    assert any(path.name.startswith("matching-") for path in Path(told["snapshot"]).rglob("*"))

    down = screening("lists", "fetch", "--settings", desk.settings, home=home)
    assert down.returncode == 0
    assert "stays in force: " in down.stderr
    assert "answers 503" in down.stderr

    (tmp_path / "trades.csv").write_text("date,shipper,consignee\n2024-01-01,Heron Trading 7,Somebody\n")
    ran = screening("run", tmp_path / "trades.csv", "--out", tmp_path / "out", "--max-list-age", 7, "--json", home=home)
    assert ran.returncode == 1, ran.stderr
    assert json.loads(ran.stdout)["lists"]["digest"] == told["digest"]

    for path in (home / "lists" / "UN-SC" / "manifest.json", Path(told["snapshot"]) / "confirmed.json"):
        path.write_text(path.read_text().replace(str(today), late))
    shown = screening("lists", "sources", "--settings", desk.settings, home=home)
    assert f"in force: 40 entries of {published}, confirmed on {late}" in shown.stdout
    old = screening("lists", "fetch", "--settings", desk.settings, home=home)
    assert old.returncode == 2
    assert "4 days ago; 3 are allowed" in old.stderr
    assert "Traceback" not in old.stderr


def test_the_command_refuses_to_go_on_without_a_list(desk: Desk, tmp_path: Path) -> None:
    """A source that has never been in force and cannot be had: exit code 2, and the default stays."""
    home = tmp_path / "home"
    desk.issuer.serve("/un.xml", page(b"", 404))
    desk.catalogue()
    done = screening("lists", "fetch", "--settings", desk.settings, home=home)
    assert done.returncode == 2
    assert "UN-SC cannot be screened against" in done.stderr
    assert not (home / "current").exists()
    assert len(done.stderr.strip().splitlines()) == 2
    for words in (("fetch", "NONE"), ("fetch", "--settings", tmp_path / "no.yaml"), ("diff", tmp_path, tmp_path / "x")):
        wrong = screening("lists", *words, home=home)
        assert wrong.returncode == 2
        assert len(wrong.stderr.strip().splitlines()) == 1, wrong.stderr


def test_a_run_refuses_lists_of_unknown_age(tmp_path: Path) -> None:
    """The extract that ships states no day; a run that asks for young lists does not use it."""
    (tmp_path / "trades.csv").write_text("date,shipper,consignee\n2024-01-01,A Trading,Somebody\n")
    done = screening(
        "run", tmp_path / "trades.csv", "--out", tmp_path / "out", "--max-list-age", 7, home=tmp_path / "home"
    )
    assert done.returncode == 2
    assert "age is not known" in done.stderr
    assert not (tmp_path / "out").exists()


def test_the_token_is_nowhere_to_be_read(desk: Desk, tmp_path: Path) -> None:
    """Neither on the screen nor in any file."""
    desk.sources.clear()
    desk.source("UN-SC", "un-xml", {"un.xml": "/un.xml?token={token}"}, ", token: UN_TOKEN")
    desk.issuer.serve("/un.xml", page(un(40, str(datetime.now(UTC).date()))), page(b"", 404))
    desk.catalogue()
    for _ in range(2):
        done = screening("lists", "fetch", "--settings", desk.settings, home=tmp_path / "home", UN_TOKEN="geheim")
        assert done.returncode == 0, done.stderr
        assert "geheim" not in done.stderr
    assert desk.issuer.asked[0][0].endswith("token=geheim")
    assert not any(b"geheim" in path.read_bytes() for path in (tmp_path / "home").rglob("*") if path.is_file())
