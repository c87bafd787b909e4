"""The door to dask.distributed: the workers of a cluster look at the batches, here or on other machines.

A worker may see no disk of ours and may have worked for others before, so it is sent all that a verdict rests on: lists
and settings once, with the rules as bytes, and then batches. It refuses to work with another program than ours.
"""

from __future__ import annotations

import hashlib
import logging
import pickle
import platform
import re
import tempfile
import threading
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import CancelledError
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from importlib import metadata
from itertools import chain, islice
from pathlib import Path
from typing import Any

import dask
import distributed
from distributed import Client, Future, LocalCluster

import screening
from screening.errors import ScreeningError, UsageError
from screening.pipeline.again import worked
from screening.pipeline.crew import AHEAD, LOST, Kit, Task
from screening.pipeline.packing import Packed
from screening.pipeline.spool import Part
from screening.pipeline.stages import Stages
from screening.tables import rules_folder

PATIENCE = 30.0  # seconds without an answer, or without any worker, after which a cluster is given up
KEPT = 2  # kits whose stages a worker keeps: ours and that of another run
_GONE = "the cluster was lost ({why}); what was finished is kept, run again with --resume"


def _program() -> dict[str, str]:
    """What a verdict rests on besides lists and rules: our code and tables, Python, and the libraries, by version."""
    digest = hashlib.sha256()
    for root in (Path(screening.__file__).parent, rules_folder()):
        for path in sorted(p for p in root.rglob("*") if p.suffix in (".py", ".yaml", ".csv")):
            digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    needed = [one for one in metadata.requires("sanctions-screening") or () if "extra" not in one]
    libraries = {name: metadata.version(name) for one in needed if (name := re.split(r"[^\w.-]", one)[0])}
    python = ".".join(platform.python_version_tuple()[:2])
    return {"sanctions-screening": digest.hexdigest()[:12], "python": python, **libraries}


PROGRAM = _program()  # as this process loaded it: a worker may live longer than the files it was started from


@dataclass(frozen=True, slots=True)
class Parcel:
    """All that a worker needs, without any file of ours.

    Args:
        kit: pickled, since another program might not be able to read it. rules: every file of the folder, by name.
    """

    program: Mapping[str, str]
    kit: bytes
    rules: Mapping[str, bytes]

    @classmethod
    def of(cls, kit: Kit) -> Parcel:
        """The kit with its rules."""
        files = sorted(path for path in kit.rules.rglob("*") if path.suffix in (".yaml", ".csv"))
        rules = {path.relative_to(kit.rules).as_posix(): path.read_bytes() for path in files}
        return cls(PROGRAM, pickle.dumps(kit), rules)

    def stages(self) -> Stages:
        """The stages of this process; the index of the names is taken where it stands on this machine too, else built.

        Raises:
            UsageError: this process runs another program.
        """
        for name in sorted(self.program.keys() | PROGRAM.keys()):
            ours, theirs = self.program.get(name, "none"), PROGRAM.get(name, "none")
            if ours != theirs:
                raise UsageError(
                    f"a worker has {name} {theirs} and this program {ours}; give both the same versions and start the"
                    " workers again",
                    at="--engine dask",
                )
        kit: Any = pickle.loads(self.kit)
        with tempfile.TemporaryDirectory(prefix="screening-rules-") as folder:
            for name, content in self.rules.items():
                path = Path(folder) / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            index = kit.index if kit.index is not None and kit.index.is_dir() else None
            made: Stages = replace(kit, rules=Path(folder), index=index)()
        return made


_HERE: dict[str, Stages] = {}
_ONE = threading.Lock()  # a worker may have several threads; stages serve one batch at a time


def look_there(parcel: bytes, digest: str, batch: bytes, history: bool) -> Packed:
    """Look at a batch in this worker, whose stages are made with the first one of this parcel."""
    with _ONE:
        if digest not in _HERE:
            made = pickle.loads(parcel).stages()
            while len(_HERE) >= KEPT:
                _HERE.pop(next(iter(_HERE))).judge.close()
            _HERE[digest] = made
        return worked(pickle.loads(batch), _HERE[digest], history=history)


class Cluster:
    """The workers of a Dask cluster.

    Args:
        kit: makes a worker's stages; it is sent there. jobs: workers, where the cluster is started here.
        scheduler: the address of a cluster; None starts one on this machine.
    """

    def __init__(self, _stages: Stages, kit: Kit, jobs: int, *, scheduler: str | None = None) -> None:
        self._kit, self._jobs, self._scheduler = kit, jobs, scheduler
        self._at = f"--scheduler {scheduler}" if scheduler else "--engine dask"

    def looked(self, tasks: Iterable[Task]) -> Iterator[tuple[Part, Packed]]:
        """Whichever batch is done first."""
        rest = iter(tasks)
        first = next(rest, None)
        if first is None:
            return
        with ExitStack() as held:
            held.enter_context(_quiet())
            client = held.enter_context(self._joined())
            sent = _Sent(client, self._kit, self._at)
            yield from sent.looked(chain([first], rest))

    @contextmanager
    def _joined(self) -> Iterator[Client]:
        """A client of the cluster, which has a worker."""
        with ExitStack() as held:
            try:
                cluster = self._scheduler or held.enter_context(_started(self._jobs))
                client = held.enter_context(_Client(cluster))
            except (OSError, ValueError, TimeoutError, RuntimeError, MemoryError) as error:  # of what is no Dask, too
                raise UsageError(f"no scheduler can be reached there ({_why(error)})", at=self._at) from error
            try:
                client.wait_for_workers(1, timeout=PATIENCE)
            except TimeoutError as error:
                raise UsageError("the cluster has no workers; start some", at=self._at) from error
            yield client


class _Client(Client):
    """A client that is closed where it cannot be made; Dask would try when it is deleted, and print how that ends."""

    def __init__(self, cluster: str | LocalCluster) -> None:
        try:
            super().__init__(cluster, timeout=PATIENCE, set_as_default=False, name="screening")  # type: ignore[no-untyped-call]
        except BaseException:
            self.close(timeout=1)  # type: ignore[no-untyped-call]
            raise


def _started(jobs: int) -> LocalCluster:
    return LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=jobs, threads_per_worker=1, processes=True, memory_limit=0, dashboard_address=None,
        silence_logs=logging.CRITICAL,
    )  # fmt: skip


class _Sent:
    """A kit on its way to the workers of a cluster, and the batches after it."""

    def __init__(self, client: Client, kit: Kit, at: str) -> None:
        self._client, self._at = client, at
        parcel = pickle.dumps(Parcel.of(kit))
        self._digest = hashlib.sha256(parcel).hexdigest()
        with self._told():
            # A task, not scattered: where its worker dies, the scheduler still has it.
            self._parcel = client.submit(bytes, parcel, key=f"screening-{self._digest}")
            distributed.wait(self._parcel, timeout=PATIENCE)  # type: ignore[no-untyped-call]
            client.replicate([self._parcel])  # type: ignore[no-untyped-call]

    def looked(self, tasks: Iterable[Task]) -> Iterator[tuple[Part, Packed]]:
        """The batches sent out, no more at once than the workers need to be busy."""
        out: dict[Future[Packed], Part] = {}
        rest = iter(tasks)
        while True:
            for part, batch in islice(rest, max(0, self._workers() * (1 + AHEAD) - len(out))):
                with self._told():
                    future = self._client.submit(
                        look_there, self._parcel, self._digest, pickle.dumps(batch), part.history, pure=False
                    )
                out[future] = part
            if not out:
                return
            for future in self._done(list(out)):
                with self._told():
                    found = future.result()
                yield out.pop(future), found

    def _workers(self) -> int:
        """How many there are now, and one where there is none for the moment."""
        with self._told():
            return max(1, len(self._client.nthreads()))  # type: ignore[no-untyped-call]

    def _done(self, out: list[Future[Packed]]) -> set[Future[Packed]]:
        """Those of the batches that are done, at least one."""
        while True:
            with self._told():
                try:
                    wait = distributed.wait(out, timeout=PATIENCE, return_when="FIRST_COMPLETED")  # type: ignore[no-untyped-call]
                    return set(wait.done)
                except TimeoutError:
                    if not self._client.nthreads():  # type: ignore[no-untyped-call]
                        raise

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What goes wrong with the cluster in the block is told in a sentence."""
        try:
            with self._client.as_current():
                yield
        except distributed.KilledWorker as error:
            raise ScreeningError(LOST, at=self._at) from error
        except ImportError as error:
            raise UsageError(f"a worker lacks this program ({_why(error)}); install it there", at=self._at) from error
        except (OSError, TimeoutError, CancelledError) as error:
            raise ScreeningError(_GONE.format(why=_why(error)), at=self._at) from error


def _why(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]


@contextmanager
def _quiet() -> Iterator[None]:
    """Dask keeps to itself what it has to say, other than by raising it."""
    logger = logging.getLogger("distributed")
    former = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        with dask.config.set({"distributed.admin.large-graph-warning-threshold": "1 TB"}):
            yield
    finally:
        logger.setLevel(former)
