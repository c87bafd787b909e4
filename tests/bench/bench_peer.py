"""The public benchmark `sanctions-screening-benchmark` (PyPI), scored with our matcher beside its own baseline.

    pip install sanctions-screening-benchmark
    python tests/bench/bench_peer.py [--limit 250] [--seeds 0,1,2] [--lists ../shared/lists/ofac-2023-12-28]

The benchmark alters listed names of persons in some eighteen ways and makes near misses out of them: given name of one
with family name of another, one word exchanged, the longest word mutilated. A positive counts where the best kept hit
is the entry; a near miss where there is any kept hit. The names are read from OFAC's own CSV files, not the network.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from screening.matching.screen import Matcher

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Pool:
    """The benchmark's candidates as the three frames of a snapshot."""

    entries: pd.DataFrame
    names: pd.DataFrame
    identifiers: pd.DataFrame
    digest: str = "peer"

    @staticmethod
    def of(candidates: dict[str, list[str]]) -> Pool:
        """Every candidate a person, its first name the primary one."""
        names = [
            (place, text, "strong alias" if rank else "primary")
            for place, texts in enumerate(candidates.values())
            for rank, text in enumerate(texts)
        ]
        return Pool(
            pd.DataFrame({"entry_id": list(candidates), "list": "US-SDN", "kind": "person"}),
            pd.DataFrame(names, columns=["entry", "text", "strength"]),
            pd.DataFrame(columns=["entry", "type", "value"]),
        )


@dataclass
class Ours:
    """The matcher as the benchmark calls it: 0 to 1 for a query and a listed name; all queries are searched at once."""

    candidates: dict[str, list[str]]
    queries: list[str]
    name: str = "screening"
    points: dict[tuple[str, str], float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        pool = Pool.of(self.candidates)
        queries = list(dict.fromkeys(self.queries))
        hits = Matcher(pool).find(queries)
        hits = hits[hits["status"] == "kept"]
        texts = pool.names["text"].tolist()
        for query, name, score in zip(hits["text"], hits["name"], hits["score"], strict=True):
            self.points[queries[query], texts[name]] = score / 100

    def __call__(self, query: str, candidate: str) -> float:
        return self.points.get((query, candidate), 0.0)


def listed(folder: Path, sources: Any) -> Any:
    """The benchmark's own reading of OFAC's CSV files."""
    entities = sources._parse_sdn((folder / "sdn.csv").read_text(encoding="utf-8", errors="replace"))
    sources._parse_alt((folder / "alt.csv").read_text(encoding="utf-8", errors="replace"), entities)
    read = datetime.now(UTC).isoformat(timespec="seconds")
    return sources.ListSnapshot(folder.name, read, list(entities.values()), str(folder))


def main() -> int:
    """Prints recall and near-miss false positives, by class for the last seed."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--limit", type=int, default=250, help="listed persons, the benchmark's own default")
    options.add_argument("--seeds", default="0,1,2")
    options.add_argument("--lists", type=Path, default=ROOT.parent / "shared" / "lists" / "ofac-2023-12-28")
    options.add_argument("--baseline", action="store_true", help="also its own matcher; slow")
    options.add_argument("--misses", type=int, default=0, help="show so many misses of each class")
    chosen = options.parse_args()
    try:
        from ssb import benchmark, matching, sources
    except ImportError:
        print("skipped: sanctions-screening-benchmark is not installed; pip install sanctions-screening-benchmark")
        return 0
    if not chosen.lists.is_dir():
        print(f"skipped: no OFAC files in {chosen.lists}")
        return 0
    for seed in map(int, chosen.seeds.split(",")):
        bench = benchmark.build(listed(chosen.lists, sources), limit=chosen.limit, seed=seed)
        ours = Ours(bench.candidates, [case.query for case in bench.cases])
        card = benchmark.score(bench, ours, threshold=0.01)  # only kept hits have points: our cut-offs decide
        told = f"recall {card.overall_recall:.4f}, near-miss false positives {card.false_positive_rate:.4f}"
        counts = f"{card.manifest.positive_count:,} positives, {card.manifest.negative_count:,} near misses"
        print(f"seed {seed}: {counts}; {told}")
    print(benchmark.format_scorecard(card))
    _misses(bench, ours, chosen.misses)
    if chosen.baseline:
        print(benchmark.format_scorecard(benchmark.score(bench, matching.BaselineMatcher(), threshold=0.85)))
    return 0


def _misses(bench: Any, ours: Ours, most: int) -> None:
    best: dict[str, tuple[float, str]] = {}
    owner = {text: entity for entity, texts in reversed(bench.candidates.items()) for text in texts}
    for (query, text), points in ours.points.items():
        best[query] = max(best.get(query, (0.0, "")), (points, text))
    shown: Counter[str] = Counter()
    for case in bench.cases:
        points, text = best.get(case.query, (0.0, ""))
        wrong = bool(text) if case.expected_entity_id is None else owner.get(text) != case.expected_entity_id
        shown[case.perturbation] += wrong
        if wrong and shown[case.perturbation] <= most:
            print(f"  {case.perturbation:<16} {case.query!r} of {case.source_name!r}: {points:.2f} {text!r}")


if __name__ == "__main__":
    sys.exit(main())
