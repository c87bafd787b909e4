"""Our matcher and nomenklatura's scorers in one run, on the same names: labelled pairs, a public benchmark, a list.

    python tests/bench/bench_peer.py --peer-python PEER/bin/python [--only pairs,benchmark,list] [--seeds 0,1,2]

PEER is an environment of its own with nomenklatura; without it ours is measured alone, and the output says so. The
public benchmark is `sanctions-screening-benchmark`, which stands in our environment. README.md beside this file says
how to install both, what is measured, and what was found.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from bench_matching import altered
from rapidfuzz import fuzz, process, utils

from screening.assurance.pairs import evaluate, read
from screening.lists import build
from screening.matching.screen import SHIP, Matcher
from screening.matching.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
USUAL = 0.7  # the cut-off that nomenklatura's users are given
SHORTLIST = 12  # listed names that the peer is asked about for each name of the public benchmark


class Peer:
    """nomenklatura in its own interpreter."""

    def __init__(self, python: Path) -> None:
        worker = Path(__file__).with_name("peer_nomenklatura.py")
        self.process = subprocess.Popen(
            [python, worker], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        told = self.process.stdout.readline() if self.process.stdout else ""
        if not told:
            raise ImportError((self.process.communicate()[1] or "it said nothing").strip().splitlines()[-1])
        self.version = json.loads(told)["version"]

    def ask(self, do: str, **task: Any) -> Any:
        """The answer to one task."""
        sent, answered = self.process.stdin, self.process.stdout
        assert sent and answered
        sent.write(json.dumps({"do": do, **task}) + "\n")
        sent.flush()
        return json.loads(answered.readline())


# ---------------------------------------------------------------- labelled pairs
def f1(match: np.ndarray, taken: np.ndarray) -> float:
    """The harmonic mean of precision and recall."""
    return float(2 * (match & taken).sum() / max(match.sum() + taken.sum(), 1))


def told_of_pairs(
    name: str, score: np.ndarray, taken: np.ndarray, match: np.ndarray, strong: np.ndarray, rate: float
) -> str:
    """One line: F1 at the cut-off in use and at the best one, strong pairs wrong, the plateau at the top, speed."""
    cuts = np.unique(score)
    best = max(cuts, key=lambda cut: f1(match, score >= cut))
    top = score >= score.max() if score.max() >= 1 else np.zeros(len(score), bool)
    return (
        f"  {name:<16} F1 {f1(match, taken):.3f} as shipped, {f1(match, score >= best):.3f} at its best cut-off "
        f"({best:.3g}); STRONG wrong {int((taken != match)[strong].sum())} of {int(strong.sum())}; at the top score "
        f"{top.mean():.1%} of all, {(top & taken).sum() / max(taken.sum(), 1):.1%} of those taken; {rate:,.0f} pairs/s"
    )


def labelled(path: Path, peer: Peer | None, algorithms: list[str]) -> None:
    """Prints how ours and theirs decide labelled pairs."""
    pairs, settings = read(path), Settings.load()
    match = np.array([pair.match for pair in pairs])
    strong = np.array([pair.quality == "STRONG" for pair in pairs])
    print(f"labelled pairs: {len(pairs)} of {path.name}, {match.sum()} of them matches")
    evaluate(pairs[:5], settings)
    start = time.process_time()
    scored = evaluate(pairs, settings).pairs
    rate = len(pairs) / (time.process_time() - start)
    ours = np.array([one.score for one in scored]) / 100
    taken = np.array([one.score >= one.cut_off for one in scored])
    print(told_of_pairs("ours", ours, taken, match, strong, rate))
    for algorithm in algorithms if peer else []:
        told = peer.ask("scores", algorithm=algorithm, pairs=[[p.kind, p.ours, p.theirs] for p in pairs])
        score = np.array(told["scores"])
        print(told_of_pairs(algorithm, score, score >= USUAL, match, strong, len(pairs) / told["seconds"]))


# ---------------------------------------------------------------- the public benchmark
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
class Asked:
    """A scorer as the benchmark calls it: 0 to 1 for a query and a listed name, all worked out beforehand."""

    name: str
    points: dict[tuple[str, str], float] = field(default_factory=dict)

    def __call__(self, query: str, candidate: str) -> float:
        return self.points.get((query, candidate), 0.0)

    @staticmethod
    def ours(bench: Any) -> Asked:
        """Our matcher's kept hits, all queries searched at once."""
        pool, queries = Pool.of(bench.candidates), list(dict.fromkeys(case.query for case in bench.cases))
        hits = Matcher(pool).find(queries)
        hits = hits[hits["status"] == "kept"]
        texts = pool.names["text"].tolist()
        rows = zip(hits["text"], hits["name"], hits["score"], strict=True)
        return Asked("ours", {(queries[query], texts[name]): score / 100 for query, name, score in rows})

    @staticmethod
    def theirs(bench: Any, peer: Peer, algorithm: str) -> Asked:
        """The peer's scores of each query's nearest listed names and of the right entry's own."""
        texts = list(dict.fromkeys(text for names in bench.candidates.values() for text in names))
        wanted = {case.query: bench.candidates.get(case.expected_entity_id, []) for case in bench.cases}
        queries = list(wanted)
        like = process.cdist(queries, texts, scorer=fuzz.WRatio, processor=utils.default_process, dtype=np.uint8)
        near = np.argsort(-like.astype(int), axis=1, kind="stable")[:, :SHORTLIST]
        pairs = [
            (query, text)
            for place, query in enumerate(queries)
            for text in dict.fromkeys([*(texts[at] for at in near[place]), *wanted[query]])
        ]
        told = peer.ask("scores", algorithm=algorithm, pairs=[["person", *pair] for pair in pairs])
        return Asked(algorithm, dict(zip(pairs, told["scores"], strict=True)))


def listed(folder: Path, sources: Any) -> Any:
    """The benchmark's own reading of OFAC's CSV files."""
    entities = sources._parse_sdn((folder / "sdn.csv").read_text(encoding="utf-8", errors="replace"))
    sources._parse_alt((folder / "alt.csv").read_text(encoding="utf-8", errors="replace"), entities)
    taken = datetime.now(UTC).isoformat(timespec="seconds")
    return sources.ListSnapshot(folder.name, taken, list(entities.values()), str(folder))


def public(folder: Path, peer: Peer | None, algorithms: list[str], chosen: argparse.Namespace) -> None:
    """Prints recall and near-miss false positives of each seed, and ours by class for the last one."""
    try:
        from ssb import benchmark, sources
    except ImportError:
        print("public benchmark: not measured, pip install sanctions-screening-benchmark")
        return
    for place, seed in enumerate(map(int, chosen.seeds.split(","))):
        bench = benchmark.build(listed(folder, sources), limit=chosen.limit, seed=seed)
        counts = f"{bench.manifest.positive_count:,} altered names, {bench.manifest.negative_count:,} near misses"
        print(f"public benchmark, seed {seed}: {counts}")
        ours = Asked.ours(bench)
        asked = [Asked.theirs(bench, peer, name) for name in algorithms] if peer and place < chosen.peer_seeds else []
        card = None
        for scorer, cut in ((ours, 0.01), *((one, USUAL) for one in asked)):  # only kept hits of ours have points
            found = benchmark.score(bench, scorer, threshold=cut)
            card = card or found
            print(f"  {scorer.name:<16} recall {found.overall_recall:.4f}, "
                  f"near-miss false positives {found.false_positive_rate:.4f}")  # fmt: skip
    print(benchmark.format_scorecard(card))
    _misses(bench, ours, chosen.misses)


def _misses(bench: Any, ours: Asked, most: int) -> None:
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


# ---------------------------------------------------------------- names against a list
def against_list(shared: Path, peer: Peer | None, algorithms: list[str], size: int) -> None:
    """Prints names a second, altered names found and other names hit, against the lists of OFAC and the UN."""
    snapshot = build([shared / "lists" / "ofac-2023-12-28", shared / "lists" / "un-2026-02-27"])
    kinds, rng = snapshot.entries["kind"].tolist(), random.Random(1)
    names: list[list[str]] = [[] for _ in kinds]
    for entry, text in zip(snapshot.names["entry"], snapshot.names["text"], strict=True):
        names[entry].append(text)
    fit = [e for e, texts in enumerate(names) if texts and texts[0].isascii() and " " in texts[0]]
    queries = [(kinds[e], altered(rng, names[e][0]), e) for e in rng.sample(fit, size // 2)]
    for kind, pool in (("organisation", "companies"), ("person", "persons"), ("vessel", "vessels")):
        lines = (shared / "pools" / f"{pool}.txt").read_text(encoding="utf-8").splitlines()
        queries += [(kind, line, -1) for line in rng.sample(lines, size // 6)]
    rng.shuffle(queries)
    print(f"names against a list: {len(queries)} names, half of them altered listed names, {len(kinds):,} entries")
    want = np.array([entry for _, _, entry in queries])

    start = time.process_time()
    matcher = Matcher(snapshot)
    built = time.process_time() - start
    matcher.find(["warm up"])
    start = time.process_time()
    best = np.full(len(queries), -1)
    for family in ("party", SHIP):
        own = [i for i, (kind, _, _) in enumerate(queries) if (kind == SHIP) == (family == SHIP)]
        hits = matcher.find([queries[i][1] for i in own], family)
        hits = hits[hits["status"] == "kept"].sort_values("score", kind="stable")
        best[np.array(own)[hits["text"].to_numpy()]] = hits["entry"].to_numpy()  # the best hit is written last
    _tell("ours", want, best, len(queries) / (time.process_time() - start), built)
    for algorithm in algorithms if peer else []:
        told = peer.ask(
            "screen",
            algorithm=algorithm,
            listed=list(zip(kinds, names, strict=True)),
            queries=[[kind, name] for kind, name, _ in queries],
        )
        best = np.array([entry if points >= USUAL else -1 for points, entry in told["best"]])
        _tell(algorithm, want, best, len(queries) / told["seconds"], told["built"])
        print(f"  {'':<16} its index proposed {told['candidates'] / len(queries):.1f} entries a name")


def _tell(name: str, want: np.ndarray, best: np.ndarray, rate: float, built: float) -> None:
    right = np.mean(best[want >= 0] == want[want >= 0])
    some, other = np.mean(best[want >= 0] >= 0), np.mean(best[want < 0] >= 0)
    print(
        f"  {name:<16} {rate:>9,.0f} names/s, index built in {built:.1f} s; altered names found {some:.1%}, "
        f"their own entry first {right:.1%}; other names hit {other:.2%}"
    )


def main() -> int:
    """Prints every part."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--peer-python", type=Path, help="an interpreter that has nomenklatura")
    options.add_argument("--algorithms", default="logic-v2,logic-v1,name-based,regression-v1,er-unstable")
    options.add_argument("--only", default="pairs,benchmark,list")
    options.add_argument("--shared", type=Path, default=ROOT.parent / "shared", help="reference lists and pairs")
    options.add_argument("--pairs", type=Path, help="labelled pairs, as `screening evaluate` reads them")
    options.add_argument("--limit", type=int, default=250, help="listed persons, the public benchmark's own default")
    options.add_argument("--seeds", default="0,1,2")
    options.add_argument("--peer-seeds", type=int, default=1, help="seeds of which the peer is measured too; slow")
    options.add_argument("--names", type=int, default=1200, help="names against the list")
    options.add_argument("--misses", type=int, default=0, help="show so many misses of each class")
    chosen = options.parse_args()
    pairs = chosen.pairs or chosen.shared / "labelled" / "name_pairs.csv"
    ofac = chosen.shared / "lists" / "ofac-2023-12-28"
    peer = _peer(chosen.peer_python)
    algorithms, only = chosen.algorithms.split(","), chosen.only.split(",")
    if "pairs" in only:
        labelled(pairs, peer, algorithms) if pairs.is_file() else print(f"labelled pairs: not measured, no {pairs}")
    if not ofac.is_dir():
        print(f"public benchmark and list: not measured, no OFAC files in {ofac}")
        return 0
    if "benchmark" in only:
        public(ofac, peer, algorithms, chosen)
    if "list" in only:
        against_list(chosen.shared, peer, algorithms[:1], chosen.names)
    return 0


def _peer(python: Path | None) -> Peer | None:
    if python is None:
        print("nomenklatura: not measured, --peer-python names no interpreter that has it")
        return None
    try:
        peer = Peer(python)
    except (OSError, ImportError) as error:
        print(f"nomenklatura: not measured, it is not installed in {python} ({error})")
        return None
    print(f"nomenklatura {peer.version} in {python}; its scorers are taken at {USUAL}, the cut-off its users are given")
    return peer


if __name__ == "__main__":
    sys.exit(main())
