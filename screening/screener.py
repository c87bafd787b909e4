"""Inputs x lists x rules to decisions with evidence: the stages put together, for the command line and for Python."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from importlib import metadata
from pathlib import Path
from typing import Any

import pandas as pd

from screening import lists, pipeline, trades
from screening.enrich import Enricher
from screening.errors import UsageError
from screening.exemptions import read as read_exemptions
from screening.identity import Identities
from screening.lists import Snapshot
from screening.matching.screen import Matcher
from screening.matching.settings import Settings
from screening.model import Results
from screening.rulebook import packs
from screening.rulebook.decide import Judge
from screening.rulebook.letters import Letter, Measured
from screening.rulebook.packs import Rulebook
from screening.tables import rules_folder
from screening.trades import Reading

CHUNK_ROWS = 100_000
EXTRACT = "the extract that ships with the package"


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
class Screener:
    """Lists and rules, ready to screen any number of files; the same lists, rules and records give the same results."""

    snapshot: Snapshot
    rulebook: Rulebook
    enricher: Enricher
    matcher: Matcher
    rules: Path

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
        rulebook = packs.load(folder, regimes.split(",") if isinstance(regimes, str) else regimes)
        enricher = Enricher.load(folder)
        snapshot = read_lists(Path(path) if path is not None else None)
        built = Path(path) if path is not None and (Path(path) / "snapshot.json").is_file() else None
        return cls(snapshot, rulebook, enricher, Matcher(snapshot, Settings.load(folder), built), folder)

    def run(
        self,
        given: pd.DataFrame | Path | str | Sequence[Path | str],
        *,
        mapping: Path | None = None,
        encoding: str | None = None,
        history: Path | None = None,
        exemptions: Path | None = None,
        as_of: date | None = None,
        chunk_rows: int = CHUNK_ROWS,
        tell: Callable[[str, int], None] = lambda stage, rows: None,
    ) -> Results:
        """Screen a frame of records, a trade file, or several.

        Args:
            mapping: names the file's columns and says how its dates and numbers are written.
            history: earlier deliveries that count towards ceilings and links, and are not judged.
            exemptions: letters of the 1718 Committee and licences that may lift alerts.
            as_of: the day under whose law and listings all records are judged; None takes each record's own.
            chunk_rows: about how many rows are held at once; no decision depends on it.
            tell: is called with a stage and a number of rows as the run goes on.

        Raises:
            ScreeningError: an input cannot be read as a whole, or nothing trustworthy can be produced.
        """
        readings: list[Reading] = []
        earlier: list[Reading] = []

        def read() -> Reading:
            if isinstance(given, pd.DataFrame):
                readings.append(trades.read_frame(given, mapping, chunk_rows=chunk_rows))
            else:
                paths = [Path(given)] if isinstance(given, Path | str) else [Path(path) for path in given]
                readings.append(trades.read(paths, mapping, encoding=encoding, chunk_rows=chunk_rows))
            return readings[-1]

        def read_history() -> Iterable[pipeline.Batch]:
            if history is not None:
                earlier.append(trades.read([history], chunk_rows=chunk_rows))
            return earlier[-1] if earlier else ()

        letters = read_exemptions(exemptions, self.rulebook.ids) if exemptions is not None else ()
        with Judge(self.rulebook) as judge:
            stages = pipeline.Stages(
                self.enricher, self.matcher, self.snapshot, self.rulebook, judge,
                Identities.load(self.matcher.settings.lexicon, self.rules), self._measured, as_of, letters, tell,
            )  # fmt: skip
            inputs = pipeline.Inputs(read, read_history, lambda: _unnumbered([*readings[:1], *earlier]))
            results = pipeline.run(inputs, stages)
        manifest = {
            **results.manifest,
            "inputs": [asdict(info) for info in readings[0].inputs],
            "history": [asdict(info) for reading in earlier for info in reading.inputs],
            "exemptions": _about_exemptions(exemptions, letters),
            "as_of": as_of.isoformat() if as_of else None,
            **self.about(),
        }
        return replace(results, manifest=manifest)

    def _measured(self, unit: str) -> Measured | None:
        """What a unit of quantity is; None where it is not known or cannot be told."""
        found = self.enricher.units.find(unit)
        return Measured(found.kind, found.factor) if found is not None and found.factor is not None else None

    def lookup(self, names: Sequence[str], kind: str = "", imo: str = "") -> list[dict[str, Any]]:
        """For each name its matches in the lists, likeliest first, JSON-ready, with what was compared.

        Args:
            kind: person, organisation or vessel; all where it is not given. imo: a number that goes with every name.
        """
        found = []
        for name, matches in zip(names, self.matcher.lookup(names, kind, imo), strict=True):
            rows = []
            for match in matches:
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
                    "features": [asdict(feature) for feature in match.features],
                })  # fmt: skip
            found.append({"name": name, "matches": rows})
        return found

    def about(self) -> dict[str, Any]:
        """What the manifest tells of lists, rules and software."""
        return {
            "lists": {**self.snapshot.summary(), "sources": self.snapshot.summary()["by_source"]},
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


def _unnumbered(readings: list[Reading]) -> frozenset[str]:
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
