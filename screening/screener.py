"""Inputs x lists x rules to decisions with evidence: the stages put together, for the command line and for Python."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass, replace
from datetime import date
from importlib import metadata
from pathlib import Path
from typing import Any

import pandas as pd

from screening import lists, pipeline, trades, workplace
from screening.enrich import Enricher
from screening.enrich.identifiers import imo_in_name, read_imo
from screening.errors import RulePackError, UsageError
from screening.exemptions import read as read_exemptions
from screening.identity import Identities
from screening.lists import Snapshot
from screening.lists.snapshot import INDEX, RUNS, is_snapshot
from screening.matching import store
from screening.matching.reach import Reach
from screening.matching.screen import Lookup, Matcher
from screening.matching.settings import Settings
from screening.model import Results
from screening.pipeline import packing, verdict
from screening.pipeline.again import Again, FormerRun
from screening.pipeline.crew import Hire, Processes
from screening.pipeline.spool import Spool
from screening.pipeline.stages import silent, timeless
from screening.rulebook import packs
from screening.rulebook.decide import Judge
from screening.rulebook.letters import Letter, Measured
from screening.rulebook.packs import Rulebook
from screening.signs import is_text, legible
from screening.tables import rules_folder
from screening.trades import Reading
from screening.workplace import Workplace, passing

CHUNK_ROWS = 50_000
EXTRACT = "the extract that ships with the package"
Given = pd.DataFrame | Path | str | Sequence[Path | str]


@dataclass(frozen=True, slots=True)
class Options:
    """How a run screens.

    Args:
        mapping: names the files' columns and says how their dates and numbers are written; of the history too where
            it has such columns. encoding: of the text files, and of a history that does not tell its own.
        history: earlier deliveries that count towards ceilings and links, and are not judged.
        exemptions: letters of the 1718 Committee and licences that may lift alerts.
        as_of: the day under whose law and listings all records are judged; None takes each record's own.
        since: a snapshot against which the same files were screened, and their work kept: only what the change of
            lists can touch is looked at again.
        chunk_rows: about how many rows are held at once; no decision depends on it.
        tell: is called with a stage and a number of rows as the run goes on. clock: seconds, for timings.
    """

    mapping: Path | None = None
    encoding: str | None = None
    history: Path | None = None
    exemptions: Path | None = None
    as_of: date | None = None
    since: Path | None = None
    chunk_rows: int = CHUNK_ROWS
    tell: Callable[[str, int], None] = silent
    clock: Callable[[], float] = timeless


def read_lists(path: Path | None) -> Snapshot:
    """The lists of a snapshot, or of a folder or file as an issuer published it; None is the shipped extract.

    Raises:
        ListFileError: a list does not parse, is cut short, or lacks what its format promises.
        UsageError: there is nothing at the path.
    """
    if path is None:
        return lists.build([lists.extract_folder()], name=EXTRACT)
    if not path.exists():
        raise UsageError(
            "there is no such file or folder; give a snapshot or official list files", at=f"--lists {path}"
        )
    return lists.open_lists(path)


@dataclass(frozen=True, slots=True)
class Kit:
    """All that a process needs to screen as this one does; sent to workers, it makes their stages there.

    Args:
        index: where the index of the names is kept, if anywhere. digest: of the rules; "" where any will do.
    """

    snapshot: Snapshot
    rules: Path
    regimes: tuple[str, ...] | None
    index: Path | None
    as_of: date | None = None
    clock: Callable[[], float] = timeless
    digest: str = ""

    def __call__(self) -> pipeline.Stages:
        """The stages of this process.

        Raises:
            RulePackError: the rules are not usable, or not those that the run began with.
        """
        made = Screener.of(self)
        if self.digest not in ("", made.rulebook.digest):
            raise RulePackError("were changed while the run was under way; run again", at=self.rules)
        return made.stages(self.as_of, self.clock)


@dataclass(frozen=True, slots=True)
class Screener:
    """Lists and rules, ready to screen any number of files; the same lists, rules and records give the same results."""

    kit: Kit
    rulebook: Rulebook
    enricher: Enricher
    matcher: Matcher

    @classmethod
    def from_lists(
        cls, path: Path | str | None, rules: Path | str | None = None, regimes: Iterable[str] | str | None = None
    ) -> Screener:
        """A screener over a snapshot or a folder of official list files.

        Args:
            path: None takes the extract that ships. rules: a folder of packs; None takes those that ship.
            regimes: codes of the regimes to apply, as "UN,US"; None applies all.

        Raises:
            ListFileError: a list is not usable as a whole.
            RulePackError: a rule is not usable.
        """
        folder = Path(rules) if rules is not None else rules_folder()
        codes = regimes.split(",") if isinstance(regimes, str) else regimes
        snapshot = read_lists(Path(path) if path is not None else None)
        built = Path(path) / INDEX if path is not None and is_snapshot(Path(path)) else None
        return cls.of(Kit(snapshot, folder, None if codes is None else tuple(codes), built))

    @classmethod
    def of(cls, kit: Kit) -> Screener:
        """A screener of this kit.

        Raises:
            RulePackError: a rule is not usable.
        """
        rulebook = packs.load(kit.rules, kit.regimes)
        matcher = Matcher(kit.snapshot, Settings.load(kit.rules), kit.index)
        return cls(kit, rulebook, Enricher.load(kit.rules), matcher)

    @property
    def snapshot(self) -> Snapshot:
        """The lists."""
        return self.kit.snapshot

    @property
    def rules(self) -> Path:
        """The folder of the rules."""
        return self.kit.rules

    def stages(self, as_of: date | None, clock: Callable[[], float]) -> pipeline.Stages:
        """What a run is made of; its judge is to be closed after use."""
        identities = Identities.load(self.matcher.settings.lexicon, self.rules)
        return pipeline.Stages(
            self.enricher, self.matcher, self.snapshot, self.rulebook, Judge(self.rulebook), identities,
            self._measured, as_of, clock=clock,
        )  # fmt: skip

    def run(self, given: Given, **options: Any) -> Results:
        """Screen a frame of records, a trade file, or several.

        Args:
            options: those of Options, by name.

        Raises:
            ScreeningError: an input cannot be read as a whole, or nothing trustworthy can be produced.
        """
        with self.running(given, Options(**options)) as results:
            return replace(results, decided=(results.decisions,), hits=tuple(results.hits))

    @contextmanager
    def running(
        self, given: Given, options: Options, jobs: int = 1, place: Workplace | None = None, hire: Hire = Processes
    ) -> Iterator[Results]:
        """The same, the decisions read from the disk while the block lasts, so that no file is too large.

        Args:
            jobs: processes of this machine that share the work. place: where it is put; None for a folder that nobody
                takes up. hire: who does it; see pipeline.crew.

        Raises:
            ScreeningError: an input cannot be read as a whole, or nothing trustworthy can be produced.
        """
        reading = _reading(given, options)
        earlier = _earlier(options)
        if earlier is not None:
            trades.refuse_twins(reading, earlier)
        readings = (reading, earlier) if earlier else (reading,)
        letters = read_exemptions(options.exemptions, self.rulebook.ids) if options.exemptions else ()
        kit = replace(self.kit, as_of=options.as_of, clock=options.clock, digest=self.rulebook.digest)
        stages = replace(self.stages(options.as_of, options.clock), letters=letters, tell=options.tell)
        opened = place.open(self._key(readings, options)) if place else passing()
        before = Snapshot.load(options.since) if options.since else None
        kept = options.since / RUNS / self._key(readings, options, before.digest) if before and options.since else None
        with opened as work, stages.judge, workplace.read(kept) if kept else nullcontext():
            former = self._former(before, kept) if before and kept else None
            spool = Spool(work.folder)
            known = former.verdict if former else pipeline.unknown
            ran = pipeline.run(_inputs(readings, former), stages, hire(stages, kit, jobs), spool, known)
            told, past = _told(readings)
            if former:
                told, past = _counted(former.run.inputs, told), _counted(former.run.history, past)
            if place and place.keep:
                with pipeline.room(spool):
                    held = verdict.save(ran.verdict, spool.folder, letters)
                    FormerRun(spool, ran.parts, told, past, held).save()
            manifest = {
                **ran.results.manifest,
                "inputs": told,
                "history": past,
                "exemptions": _about_exemptions(options.exemptions, letters),
                "as_of": options.as_of.isoformat() if options.as_of else None,
                "since": _since(options, former),
                **self.about(),
            }
            yield replace(ran.results, manifest=manifest)

    def _former(self, before: Snapshot, kept: Path) -> Again | None:
        """The run over the same files against a snapshot, as it was kept in a folder beside that."""
        run = FormerRun.open(kept)
        if run is None:
            return None
        folder = kept.parent.parent / INDEX
        index = store.opened(before.entries, before.names, before.digest, self.matcher.settings, folder)
        return Again(run, Reach.of(before, index, self.matcher))

    def _key(self, readings: Sequence[Reading], options: Options, lists: str = "") -> str:
        """Tells the work of this run, or of the same run against other lists, from that of any other."""
        told = {
            "software": [metadata.version("sanctions-screening"), packing.VERSION],
            "inputs": [[asdict(replace(info, path="")) for info in reading.inputs] for reading in readings],
            "mapping": trades.sha256(options.mapping) if options.mapping else None,
            "lists": lists or self.snapshot.digest,
            "rules": self.rulebook.digest,
            "regimes": self.kit.regimes,
            "as_of": str(options.as_of),
            "encoding": options.encoding,
            "chunk_rows": options.chunk_rows,
        }
        return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()[:16]

    def _measured(self, unit: str) -> Measured | None:
        """What a unit of quantity is; None where it is not known or cannot be told."""
        found = self.enricher.units.find(unit)
        return Measured(found.kind, found.factor) if found is not None and found.factor is not None else None

    def lookup(self, names: Sequence[str], kind: str = "", imo: str = "") -> list[dict[str, Any]]:
        """For each name its matches in the lists, likeliest first, JSON-ready, with what was compared.

        Args:
            kind: person, organisation or vessel; all where it is not given.
            imo: a number that goes with every name; where it is not given, the one that stands in a name.

        Raises:
            UsageError: a name or the number holds bytes that are no text, so that it is not known what is asked.
        """
        for asked in (*names, imo):
            if not is_text(asked):
                raise UsageError(
                    f"{legible(asked)!r} holds bytes that are no text; write it in the encoding that the terminal uses,"
                    " which is UTF-8 nearly everywhere"
                )
        numbers = [read_imo(imo) if imo else imo_in_name(name) for name in names]
        by_name: dict[int, list[Lookup]] = {}
        for number in dict.fromkeys(numbers):
            at = [place for place, one in enumerate(numbers) if one == number]
            told = self.matcher.lookup([names[place] for place in at], kind, number.number, state=number.state)
            by_name |= dict(zip(at, told, strict=True))
        found = []
        for place, (name, number) in enumerate(zip(names, numbers, strict=True)):
            rows = []
            for match in by_name[place]:
                entry = self.snapshot.entry(match.entry)
                listed = self.snapshot.names.iloc[match.name] if match.name >= 0 else None
                rows.append({
                    "entry_id": entry.entry_id,
                    "list": entry.list,
                    "kind": entry.kind.value,
                    "listed_name": entry.names[0].text if listed is None else str(listed["text"]),
                    "name_strength": "identifier" if listed is None else str(listed["strength"]),
                    "score": round(match.score, 1),
                    "certain": match.certain,
                    "status": str(match.status),
                    "reason": match.reason,
                    "programmes": list(entry.programmes),
                    "listed_on": entry.listed_on.isoformat() if entry.listed_on else None,
                    "features": [feature._asdict() for feature in match.features],
                })  # fmt: skip
            found.append({"name": name, "note": number.why, "matches": rows})
        return found

    def about(self) -> dict[str, Any]:
        """What the manifest tells of lists, rules and software."""
        return {
            "lists": {**self.snapshot.summary(), "extract": self.snapshot.name == EXTRACT},
            "rules": {
                "name": self.rules.name,
                "version": self.rulebook.digest[:16],
                "sha256": self.rulebook.digest,
                "rules": len(self.rulebook.rules),
            },
            "regimes": sorted({rule.regime for rule in self.rulebook.rules}),
            "regimes_left_out": list(self.rulebook.left_out),
            "software": {
                "name": "sanctions-screening",
                "version": metadata.version("sanctions-screening"),
                "python": platform.python_version(),
            },
        }


def _reading(given: Given, options: Options) -> Reading:
    if isinstance(given, pd.DataFrame):
        return trades.read_frame(given, options.mapping, chunk_rows=options.chunk_rows)
    paths = [Path(given)] if isinstance(given, Path | str) else [Path(path) for path in given]
    return trades.read(paths, options.mapping, encoding=options.encoding, chunk_rows=options.chunk_rows)


def _earlier(options: Options) -> Reading | None:
    """The history; what is stated of the trade files holds of it too where it is written as they are."""
    if options.history is None:
        return None
    return trades.read(
        [options.history], options.mapping, encoding=options.encoding, lent=True, chunk_rows=options.chunk_rows
    )


def _since(options: Options, former: Again | None) -> dict[str, Any] | None:
    """What the manifest tells of screening again."""
    return {"snapshot": str(options.since), "taken_up": former is not None} if options.since else None


def _inputs(readings: Sequence[Reading], former: Again | None) -> pipeline.Inputs:
    """What is to be screened: the files, or what an earlier run left of them."""
    if former is not None:
        return pipeline.Inputs(
            lambda: former.batches(history=False),
            lambda: former.batches(history=True),
            lambda: _unnumbered(readings),
        )
    reading, *earlier = readings
    return pipeline.Inputs(lambda: reading, lambda: earlier[0] if earlier else (), lambda: _unnumbered(readings))


def _told(readings: Sequence[Reading]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What the manifest says of the files, and of the history."""
    files: list[dict[str, Any]] = []
    past: list[dict[str, Any]] = []
    for place, reading in enumerate(readings):
        (past if place else files).extend(asdict(info) for info in reading.inputs)
    return files, past


def _counted(former: list[dict[str, Any]], now: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What an earlier run says of files that it read, at the paths where they are now."""
    return [{**was, "path": told["path"]} for was, told in zip(former, now, strict=True)]


def _unnumbered(readings: Sequence[Reading]) -> frozenset[str]:
    """The sources that have no column of record ids."""
    return frozenset(
        info.source
        for reading in readings
        for info in reading.inputs
        if "record_id" not in (ours for _, ours in info.columns)
    )


def _about_exemptions(path: Path | None, letters: tuple[Letter, ...]) -> list[dict[str, Any]]:
    if path is None:
        return []
    return [{"source": path.name, "sha256": trades.sha256(path), "items": len(letters)}]
