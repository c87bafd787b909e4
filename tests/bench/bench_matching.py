"""Throughput and recall of the matcher beside the fastest full scan there is, in one process and on the same names.

    python tests/bench/bench_matching.py [--names 20000] [--grow 300000] [--shared ../shared]

The full scan is rapidfuzz's `process.cdist` of the pre-sorted `ratio` with a cut-off of 80, on one core. Queries are
real names that are on no list, and 5 % altered list names; normalisation and evidence are counted for the matcher,
only the sorting of words for the full scan. Both are timed in processor time, in turn, several rounds of the same work;
the best round of each counts, so that what else the machine does disturbs the comparison less.
"""

from __future__ import annotations

import argparse
import random
import resource
import string
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
from rapidfuzz import fuzz, process

from screening.lists import build
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


def scan(queries: list[str], listed: list[str]) -> tuple[float, np.ndarray]:
    """Names per second of the full scan, and whether each query found something."""
    start = time.process_time()
    sort = [" ".join(sorted(q.lower().split())) for q in queries]
    against = [" ".join(sorted(q.lower().split())) for q in listed]
    found = [
        process.cdist(sort[i : i + 250], against, scorer=fuzz.ratio, score_cutoff=80, dtype=np.uint8, workers=1).max(
            axis=1
        )
        > 0
        for i in range(0, len(sort), 250)
    ]
    return len(queries) / (time.process_time() - start), np.concatenate(found)


def main() -> None:
    """Prints the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--names", type=int, default=20_000)
    options.add_argument("--scan", type=int, default=2_000, help="names of the full scan")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--grow", type=int, default=0, help="grow the list to so many names")
    options.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    chosen = options.parse_args()
    rng = random.Random(1)
    lists = chosen.shared / "lists"
    snapshot = build([lists / "ofac-2023-12-28", lists / "un-2026-02-27"])
    names, entries = snapshot.names, snapshot.entries
    if chosen.grow:
        names, entries = grown(names, entries, chosen.grow, rng)
    pools = chosen.shared / "pools"
    innocent = [
        line
        for pool in ("companies", "persons", "vessels")
        for line in (pools / f"{pool}.txt").read_text("utf-8").splitlines()
    ]
    latin = [text for text in snapshot.names["text"].tolist() if text.isascii() and len(text.split()) > 1]
    changed = [altered(rng, rng.choice(latin)) for _ in range(chosen.names // 20)]
    while len(innocent) < chosen.names:
        a, b = rng.choice(innocent).split(), rng.choice(innocent).split()
        innocent.append(" ".join(a[: (len(a) + 1) // 2] + b[len(b) // 2 :]))
    queries = list(dict.fromkeys(rng.sample(innocent, chosen.names - len(changed)) + changed))
    rng.shuffle(queries)

    start = time.process_time()
    matcher = Matcher(SimpleNamespace(entries=entries, names=names, identifiers=snapshot.identifiers, digest=""))
    built = time.process_time() - start
    ours, theirs, few = 0.0, 0.0, queries[: chosen.scan]
    for _ in range(chosen.rounds):
        start = time.process_time()
        hits = matcher.find(queries)
        kept = hits[hits["status"] == "kept"]
        told = matcher.explain_hits(
            pd.DataFrame(
                {"role": "shipper", "name": kept["name"], "by": "name", "value": [queries[t] for t in kept["text"]]}
            )
        )
        ours = max(ours, len(queries) / (time.process_time() - start))
        speed, found = scan(few, names["text"].tolist())
        theirs = max(theirs, speed)
    planted = set(changed)
    at = [i for i, q in enumerate(queries) if q in planted]
    found_ours = set(hits["text"])
    recall = sum(i in found_ours for i in at) / len(at)
    at_scan = [i for i, q in enumerate(few) if q in planted]
    print(
        f"list {len(names):,} names, index built in {built:.1f} s; "
        f"{len(queries):,} distinct names, {len(told):,} hits with evidence"
    )
    print(
        f"matcher   {ours:>9,.0f} names/s   altered names found {recall:.1%}   "
        f"other names with a kept hit {len(set(kept['text']) - set(at)) / (len(queries) - len(at)):.2%}"
    )
    print(
        f"full scan {theirs:>9,.0f} names/s   altered names found {np.mean(found[at_scan]):.1%}   "
        f"other names found {np.mean(np.delete(found, at_scan)):.2%}"
    )
    how = "compiled" if kernels.LIBRARY else "without kernels.c"
    print(
        f"{ours / theirs:.1f} times, {how}; peak memory "
        f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB",
        file=sys.stdout,
    )


if __name__ == "__main__":
    main()
