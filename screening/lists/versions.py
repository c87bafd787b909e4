"""The folder of fetched lists: every version whole under its day and SHA-256, and which of them is in force.

    STORE/UN-SC/manifest.json                        what is in force, what every version is, what the server said of it
    STORE/UN-SC/2026-02-27_1f0c.../consolidated.xml  a version as it was published; never changed, never deleted
    STORE/UN-SC/refused/consolidated.xml             the last download that did not pass, to look at
    STORE/snapshots/...                              the lists in force, compiled
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from screening.errors import ListFileError
from screening.lists.download import Validators

try:
    import fcntl
except ImportError:  # not on Windows: there two fetches at once are not kept apart
    fcntl = None  # type: ignore[assignment]

FORMAT_VERSION = 1
_MANIFEST, _REFUSED, _FRESH = "manifest.json", "refused", ".new-"
_CHANGED = "changed"  # a version that was no more what had been fetched


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of a version.

    Args:
        address: where it came from, without its query. key: tells addresses apart that differ in the query only.
    """

    name: str
    sha256: str
    bytes: int
    address: str
    key: str
    etag: str = ""
    last_modified: str = ""

    @property
    def validators(self) -> Validators:
        """What to show the server, so that it sends only what is new."""
        return Validators(self.etag, self.last_modified)


@dataclass(frozen=True, slots=True)
class Version:
    """A list as it was published once.

    Args:
        name: its folder. sha256: of the file, or of the names and hashes of all files.
        counts: how many names and numbers it has, and how many entries state this and that.
        dated_by: `file` where the list states its day of publication, `server` where only the server does.
        fetched: when it came, ISO 8601.
    """

    name: str
    sha256: str
    list: str
    format: str
    entries: int
    counts: dict[str, int]
    published: date | None
    dated_by: str
    fetched: str
    files: tuple[StoredFile, ...]

    @property
    def day(self) -> str:
        """The day of publication, in words where it is not known."""
        return str(self.published) if self.published else f"unknown day fetched on {self.fetched[:10]}"


@dataclass(frozen=True, slots=True)
class Manifest:
    """The versions of a feed, oldest first; the last one accepted is in force.

    Args:
        confirmed: the day on which the issuer last gave the version in force, or said that it is still the present one.
    """

    in_force: str = ""
    confirmed: date | None = None
    versions: tuple[Version, ...] = ()

    def record(self) -> dict[str, Any] | None:
        """The version in force, as JSON tells it; None where there is none."""
        if (version := self.current) is None:
            return None
        return {
            "version": version.name,
            "published": version.published.isoformat() if version.published else None,
            "dated_by": version.dated_by,
            "sha256": version.sha256,
            "entries": version.entries,
            "fetched": version.fetched,
            "confirmed": self.confirmed.isoformat() if self.confirmed else None,
            "versions": len(self.versions),
        }

    @property
    def told(self) -> str:
        """The version in force, in words."""
        if (version := self.current) is None:
            return "none in force"
        day = version.published or "unknown day"
        return f"in force: {version.entries:,} entries of {day}, confirmed on {self.confirmed}, {version.sha256[:16]}"

    @property
    def current(self) -> Version | None:
        """The version in force."""
        return next((version for version in self.versions if version.name == self.in_force), None)


def digest_of(files: Sequence[StoredFile]) -> str:
    """The SHA-256 of a version: the file's own, or that over the names and hashes of a set."""
    if len(files) == 1:
        return files[0].sha256
    lines = sorted(f"{file.name} {file.sha256}\n" for file in files)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


@contextmanager
def locked(store: Path) -> Iterator[None]:
    """Nobody else fetches into the store meanwhile; a process that dies lets go of it.

    Raises:
        ListFileError: somebody else does, or the folder cannot be written.
    """
    try:
        store.mkdir(parents=True, exist_ok=True)
        with (store / ".lock").open("a") as lock:
            if fcntl is not None:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError as error:
                    raise ListFileError("another `lists fetch` is at work here; wait for its end", at=store) from error
            yield
    except OSError as error:
        raise ListFileError(f"cannot be written ({error.strerror})", at=store) from error


class Shelf:
    """The versions of one feed."""

    def __init__(self, store: Path, feed: str) -> None:
        self.folder = store / feed

    def manifest(self) -> Manifest:
        """What the manifest says; nothing is in force where there is none.

        Raises:
            ListFileError: it cannot be read, or was not written by this program.
        """
        path = self.folder / _MANIFEST
        try:
            text = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return Manifest()
        except (OSError, UnicodeDecodeError) as error:
            raise ListFileError("cannot be read", at=path) from error
        try:
            return _manifest(json.loads(text))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ListFileError(
                "is no manifest of fetched lists; move the folder away to start afresh", at=path
            ) from error

    def path(self, version: Version) -> Path:
        """The folder of a version."""
        return self.folder / version.name

    def sound(self, version: Version) -> bool:
        """Every file of the version is there and as it was fetched."""
        return all(_sha256(self.path(version) / file.name) == file.sha256 for file in version.files)

    @contextmanager
    def workspace(self) -> Iterator[Path]:
        """A folder for a download, gone afterwards; what a killed run left behind goes too."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for stale in self.folder.glob(f"{_FRESH}*"):
            shutil.rmtree(stale, ignore_errors=True)
        with tempfile.TemporaryDirectory(prefix=_FRESH, dir=self.folder, ignore_cleanup_errors=True) as folder:
            yield Path(folder) / "list"

    def accept(self, fresh: Path, version: Version, on: date) -> None:
        """Moves a checked download to its place and puts it in force; what was changed there is set aside."""
        target, manifest = self.path(version), self.manifest()
        if target.exists() and not self.sound(version):
            aside = self.folder / _CHANGED
            shutil.rmtree(aside, ignore_errors=True)
            target.rename(aside)
        if not target.exists():
            for path in (*fresh.iterdir(), fresh):
                _sync(path)
            fresh.rename(target)
        others = tuple(one for one in manifest.versions if one.name != version.name)
        self._write(Manifest(version.name, on, (*others, version)))

    def confirm(self, files: Sequence[StoredFile], on: date) -> None:
        """Notes that the version in force is still the present one, and what the server says of its files now."""
        manifest = self.manifest()
        versions = tuple(
            replace(one, files=tuple(files)) if one.name == manifest.in_force else one for one in manifest.versions
        )
        self._write(replace(manifest, confirmed=on, versions=versions))

    def refuse(self, fresh: Path) -> Path:
        """Keeps a download that did not pass, in place of the one before it; says where."""
        target = self.folder / _REFUSED
        shutil.rmtree(target, ignore_errors=True)
        fresh.rename(target)
        return target

    def _write(self, manifest: Manifest) -> None:
        record = {"format": FORMAT_VERSION, **asdict(manifest)}
        write_whole(self.folder / _MANIFEST, json.dumps(record, ensure_ascii=False, indent=1, default=_iso) + "\n")


def write_whole(path: Path, text: str) -> None:
    """The file has the new text or still the old one, whatever happens meanwhile."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _sync(path: Path) -> None:
    """What is written is on the disk, so that a power cut after the rename leaves no empty file."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    except OSError:
        return ""
    return digest.hexdigest()


def _iso(value: Any) -> str:
    assert isinstance(value, date | datetime)
    return value.isoformat()


def _manifest(record: dict[str, Any]) -> Manifest:
    if record["format"] != FORMAT_VERSION:
        raise ValueError("another version")
    versions = tuple(_version(one) for one in record["versions"])
    manifest = Manifest(record["in_force"], _day(record["confirmed"]), versions)
    if manifest.in_force and manifest.current is None:
        raise ValueError("the version in force is not among the versions")
    return manifest


def _version(record: dict[str, Any]) -> Version:
    files = tuple(StoredFile(**file) for file in record["files"])
    return Version(**{**record, "published": _day(record["published"]), "files": files})


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
