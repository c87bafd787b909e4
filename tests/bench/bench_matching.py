"""Throughput and recall of the matcher beside the fastest full scan there is, in one process and on the same names.

    python tests/bench/bench_matching.py [--names 20000] [--grow 0,60000,300000] [--shared ../shared]

The full scan is rapidfuzz's `process.cdist` of the pre-sorted `ratio` with a cut-off of 80, on one core. Queries are
real names that are on no list, and 5 % altered list names; normalisation and evidence are counted for the matcher,
only the sorting of words for the full scan. Both are timed in processor time, in turn, several rounds of the same work,
the lists as they are and grown in turn too; the best round of each counts, so that what else the machine does disturbs
the comparison less.

An altered name is found if the entry whose name it was is among the hits, for both; a name that is on no list is a
false alert if anything is found, for the matcher any hit that is kept. First, the index is built and then opened again,
as the first run on a machine does and every later one.
"""

from __future__ import annotations

import argparse
import itertools
import random
import resource
import string
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace

import numpy as np
import pandas as pd
from rapidfuzz import fuzz, process

from screening.lists import build
from screening.lists.snapshot import Snapshot
from screening.matching import kernels
from screening.matching.screen import Matcher

ROOT = Path(__file__).resolve().parents[2]


def altered(rng: random.Random, name: str) -> str:
    """The name with one of the changes that trade documents make: typo, order, joined words, a word dropped."""
    words = name.replace(",", " ").split()
    way = rng.choice(["typo", "order", "joined", "dropped"])
    if way == "order" and len(words) > 1:
        rng.shuffle(words)
    elif way == "joined" and len(words) > 1:
        at = rng.randrange(len(words) - 1)
        words[at : at + 2] = [words[at] + words[at + 1]]
    elif way == "dropped" and len(words) > 2:
        words.pop(rng.randrange(len(words)))
    else:
        at = max(range(len(words)), key=lambda i: len(words[i]))
        place = rng.randrange(len(words[at]))
        words[at] = words[at][:place] + rng.choice(string.ascii_lowercase) + words[at][place + 1 :]
    return " ".join(words)


def grown(
    names: pd.DataFrame, entries: pd.DataFrame, size: int, rng: random.Random
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The list with names put together from the halves of its own names, until it has so many."""
    texts = names["text"].tolist()
    kinds = entries["kind"].tolist()
    rows, more = [], []
    for place in range(size - len(texts)):
        a, b = rng.choice(texts).split(), rng.choice(texts).split()
        rows.append((len(entries) + place, " ".join(a[: (len(a) + 1) // 2] + b[len(b) // 2 :]), "primary"))
        more.append(rng.choice(kinds))
    extra = pd.DataFrame(rows, columns=["entry", "text", "strength"])
    return pd.concat([names, extra], ignore_index=True), pd.DataFrame({"kind": [*kinds, *more]})


@dataclass(frozen=True)
class Asked:
    """The names that are looked for: `owner` is the entry whose altered name each is, -1 where it is none's."""

    texts: list[str]
    owner: np.ndarray

    @property
    def innocent(self) -> np.ndarray:
        """Those that are on no list."""
        return self.owner < 0

    def recall(self, found: set[tuple[int, int]]) -> float:
        """The share of altered names for which (place, entry) is found."""
        at = np.flatnonzero(~self.innocent).tolist()
        return sum((place, int(self.owner[place])) in found for place in at) / len(at)


def asked(snapshot: Snapshot, pools: Path, count: int, rng: random.Random) -> Asked:
    """Names on no list, and one altered name of the list in twenty."""
    innocent = [
        line
        for pool in ("companies", "persons", "vessels")
        for line in (pools / f"{pool}.txt").read_text("utf-8").splitlines()
    ]
    listed = zip(snapshot.names["text"].tolist(), snapshot.names["entry"].tolist(), strict=True)
    latin = [(text, entry) for text, entry in listed if text.isascii() and len(text.split()) > 1]
    changed = [(altered(rng, text), entry) for text, entry in rng.choices(latin, k=count // 20)]
    while len(innocent) < count:
        a, b = rng.choice(innocent).split(), rng.choice(innocent).split()
        innocent.append(" ".join(a[: (len(a) + 1) // 2] + b[len(b) // 2 :]))
    all_asked = dict.fromkeys(rng.sample(innocent, count - len(changed)), -1) | dict(changed)
    pairs = list(all_asked.items())
    rng.shuffle(pairs)
    return Asked([text for text, _ in pairs], np.array([entry for _, entry in pairs]))


class Contest:
    """The matcher and the full scan over one list."""

    def __init__(self, names: pd.DataFrame, entries: pd.DataFrame, identifiers: pd.DataFrame, chosen: Asked) -> None:
        self.names, self.asked, self.ours, self.theirs = names, chosen, 0.0, 0.0
        self.sorted = [sorted_words(text) for text in names["text"].tolist()]
        self.listed = SimpleNamespace(entries=entries, names=names, identifiers=identifiers, digest=str(len(names)))
        with TemporaryDirectory() as cache:
            self.first, self.later, self.matcher = self._opened(Path(cache))

    def _opened(self, cache: Path) -> tuple[float, float, Matcher]:
        seconds = []
        for _ in range(2):
            start = time.process_time()
            matcher = Matcher(self.listed, cache_dir=cache)
            matcher.find(self.asked.texts[:1])
            seconds.append(time.process_time() - start)
        return seconds[0], seconds[1], Matcher(self.listed)

    def match(self) -> None:
        """Times the matcher once."""
        start, texts = time.process_time(), self.asked.texts
        self.hits = self.matcher.find(texts)
        kept = self.hits[self.hits["status"] == "kept"]
        columns = {"role": "shipper", "name": kept["name"], "by": "name", "value": [texts[t] for t in kept["text"]]}
        self.told = self.matcher.explain_hits(pd.DataFrame(columns))
        self.ours = max(self.ours, len(texts) / (time.process_time() - start))
        self.kept = set(kept["text"])

    def scan(self, count: int) -> None:
        """Times the full scan once, over the first names."""
        start = time.process_time()
        for _ in scanned(self.asked.texts[:count], self.sorted):
            pass
        self.theirs = max(self.theirs, count / (time.process_time() - start))

    def scan_found(self, count: int) -> tuple[float, float]:
        """The share of altered names that the full scan finds, and of the first others for which it finds anything."""
        owner, found = self.names["entry"].to_numpy(), set()
        at, others = (np.flatnonzero(of).tolist() for of in (~self.asked.innocent, self.asked.innocent))
        for place, scores in zip(at, scanned([self.asked.texts[i] for i in at], self.sorted), strict=True):
            found |= {(place, entry) for entry in owner[scores > 0].tolist()}
        false = [bool(scores.any()) for scores in scanned([self.asked.texts[i] for i in others[:count]], self.sorted)]
        return self.asked.recall(found), sum(false) / len(false)

    def report(self, count: int) -> None:
        """Prints what was measured."""
        recall, false = self.scan_found(count)
        innocent = np.flatnonzero(self.asked.innocent).tolist()
        found = set(zip(self.hits["text"].tolist(), self.hits["entry"].tolist(), strict=True))
        alerts = sum(place in self.kept for place in innocent) / len(innocent)
        kept = self.hits[self.hits["status"] == "kept"]
        sure = self.asked.recall(set(zip(kept["text"].tolist(), kept["entry"].tolist(), strict=True)))
        print(
            f"list of {len(self.names):,} names: ready in {self.first:.1f} s, later in {self.later:.1f} s; "
            f"{len(self.asked.texts):,} distinct names, {len(self.told):,} hits with evidence\n"
            f"  matcher   {self.ours:>9,.0f} names/s   altered names' own entry found {self.asked.recall(found):.1%} "
            f"({sure:.1%} kept)   other names with a kept hit {alerts:.2%}\n"
            f"  full scan {self.theirs:>9,.0f} names/s   altered names' own entry found {recall:.1%}   "
            f"other names with a hit {false:.2%}\n"
            f"  {self.ours / self.theirs:.1f} times"
        )


def sorted_words(text: str) -> str:
    """The text in small letters, its words in the order of the alphabet."""
    return " ".join(sorted(text.lower().split()))


def scanned(texts: list[str], listed: list[str]) -> Iterator[np.ndarray]:
    """For each text its score against every listed one, 0 below the cut-off."""
    ours = [sorted_words(text) for text in texts]
    for i in range(0, len(ours), 250):
        part = ours[i : i + 250]
        yield from process.cdist(part, listed, scorer=fuzz.ratio, score_cutoff=80, dtype=np.uint8, workers=1)


def main() -> None:
    """Prints the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--names", type=int, default=20_000)
    options.add_argument("--scan", type=int, default=2_000, help="names of the full scan")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--grow", default="0", help="the list grown to so many names, 0 as it is, as 0,60000,300000")
    options.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    chosen = options.parse_args()
    rng = random.Random(1)
    lists = chosen.shared / "lists"
    snapshot = build([lists / "ofac-2023-12-28", lists / "un-2026-02-27"])
    sought = asked(snapshot, chosen.shared / "pools", chosen.names, rng)
    names, entries = snapshot.names, snapshot.entries
    sizes = [int(size) for size in chosen.grow.split(",")]
    several = [grown(names, entries, size, rng) if size else (names, entries) for size in sizes]
    contests = [Contest(*listed, snapshot.identifiers, sought) for listed in several]
    for _ in range(chosen.rounds):
        for contest in contests:
            contest.match()
            contest.scan(chosen.scan)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    for contest in contests:
        contest.report(chosen.scan)
    for small, large in itertools.pairwise(contests):
        times = len(large.names) / len(small.names)
        print(f"a list {times:.1f} times as long costs {small.ours / large.ours:.1f} times as much a name")
    print(f"{'compiled' if kernels.LIBRARY else 'not compiled'}; peak memory {peak:,.0f} MB, all lists together")


if __name__ == "__main__":
    main()
