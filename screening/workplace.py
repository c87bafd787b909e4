"""Where a run puts what it works out: a folder of its own, to be taken up by --resume, and kept for --since."""

from __future__ import annotations

import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from screening.errors import ScreeningError
from screening.folders import left_over, locked, release

KEPT = 2  # runs whose work stays beside a snapshot: tonight's and one more


@dataclass(frozen=True, slots=True)
class Work:
    """The work of one run.

    Args:
        key: told by all that the work rests on: inputs, lists, rules, settings. resumed: parts were there already.
    """

    folder: Path
    key: str
    resumed: bool


@dataclass(frozen=True, slots=True)
class Workplace:
    """Where work is done.

    Args:
        root: the folder for the folders of runs. keep: what was worked out stays there after the run.
        resume: a run that was stopped is taken up. shared: runs over other files are done there too.
    """

    root: Path
    keep: bool = False
    resume: bool = False
    shared: bool = False

    @contextmanager
    def open(self, key: str) -> Iterator[Work]:
        """A folder for the work of this key: removed or kept when the block ends well, left to be resumed when not.

        Raises:
            ScreeningError: it cannot be made.
        """
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            folder, resumed = self._claimed(key)
            lock = locked(folder)
        except OSError as error:
            raise ScreeningError(
                f"the work cannot be put there ({error.strerror}); make room or name another folder", at=self.root
            ) from error
        try:
            yield Work(folder, key, resumed)
        except BaseException:
            if not any(folder.glob("part-*")):
                shutil.rmtree(folder, ignore_errors=True)
            raise
        else:
            self._finish(folder, key)
        finally:
            release(lock)

    def _claimed(self, key: str) -> tuple[Path, bool]:
        """The folder to work in, and whether it is that of a stopped run of the same key; others of that are removed.

        What runs over other files left in a shared place is for them to take up; no more than KEPT of these stay.
        """
        found: Path | None = None
        others = list[Path]()
        for left in left_over(self.root, ".run-*"):
            if not left.name.startswith(f".run-{key}-"):
                others.append(left)
            elif self.resume and found is None:
                found = left
            else:
                shutil.rmtree(left, ignore_errors=True)
        for old in _newest_first(others)[KEPT if self.shared else 0 :]:
            shutil.rmtree(old, ignore_errors=True)
        if found is not None:
            return found, any(found.glob("part-*"))
        fresh = self.root / f".run-{key}-{secrets.token_hex(4)}"
        fresh.mkdir(mode=0o700)
        return fresh, False

    def _finish(self, folder: Path, key: str) -> None:
        """Keep the work, and no more than KEPT, or remove it."""
        if self.keep:
            target = self.root / key
            if target in left_over(self.root, key):
                shutil.rmtree(target, ignore_errors=True)
            if target.exists():  # somebody reads it; it holds the same
                shutil.rmtree(folder, ignore_errors=True)
                return
            folder.rename(target)
            others = [path for path in left_over(self.root, "[!.]*") if path != target]
            for old in _newest_first(others)[KEPT - 1 :]:
                shutil.rmtree(old, ignore_errors=True)
        else:
            shutil.rmtree(folder, ignore_errors=True)
            if not any(self.root.iterdir()):
                self.root.rmdir()


def _newest_first(folders: list[Path]) -> list[Path]:
    return sorted(folders, key=lambda path: (-path.stat().st_mtime_ns, path.name))


@contextmanager
def read(folder: Path) -> Iterator[None]:
    """While the block lasts, no run removes this folder of an earlier one; it need not be there."""
    lock = None
    with suppress(OSError):
        lock = locked(folder, shared=True)
    try:
        yield
    finally:
        release(lock)


@contextmanager
def passing() -> Iterator[Work]:
    """A folder for work that nobody will take up."""
    with tempfile.TemporaryDirectory(prefix="screening-", ignore_cleanup_errors=True) as folder:
        yield Work(Path(folder), "", resumed=False)
