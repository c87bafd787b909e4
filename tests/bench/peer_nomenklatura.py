"""nomenklatura's scores, in an interpreter that has it: reads tasks as JSON lines, answers each with one JSON line.

Run by bench_peer.py with --peer-python; it needs nothing of this project, and this project nothing of nomenklatura.
"""

from __future__ import annotations

import json
import logging
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nomenklatura
from followthemoney import Dataset, StatementEntity
from nomenklatura.blocker import Index
from nomenklatura.matching import ScoringConfig, get_algorithm
from nomenklatura.resolver import Linker
from nomenklatura.store import SimpleMemoryStore

SCHEMATA = {"person": "Person", "organisation": "Organization", "vessel": "Vessel", "aircraft": "Airplane"}
DATASET = Dataset.make({"name": "peer", "title": "peer"})


def entity(key: str, kind: str, names: list[str]) -> StatementEntity:
    """A thing with these names and nothing else."""
    shape = {"id": key, "schema": SCHEMATA.get(kind, "LegalEntity"), "properties": {"name": names}}
    return StatementEntity.from_data(DATASET, shape, cleaned=False)


def scores(algorithm: str, pairs: list[list[str]]) -> dict[str, Any]:
    """The score of each pair (kind, name, name), and the processor's seconds without reading them in."""
    scorer, config = get_algorithm(algorithm), ScoringConfig.defaults()
    made: dict[tuple[str, str], StatementEntity] = {}
    for kind, *names in pairs:
        for name in names:
            if (kind, name) not in made:
                made[kind, name] = entity(f"e{len(made)}", kind, [name])
    for pair in {pair[0]: pair for pair in pairs}.values():  # the first comparison loads tables
        scorer.compare(made[pair[0], pair[1]], made[pair[0], pair[2]], config)
    start = time.process_time()
    found = [scorer.compare(made[kind, a], made[kind, b], config).score for kind, a, b in pairs]
    return {"scores": found, "seconds": time.process_time() - start}


def screen(algorithm: str, listed: list[tuple[str, list[str]]], queries: list[list[str]]) -> dict[str, Any]:
    """The best score of each query (kind, name) among what nomenklatura's own index proposes, and whose it is."""
    store = SimpleMemoryStore(DATASET, Linker({}))
    scores(algorithm, [[kind, names[0], names[0]] for kind, names in listed[:1]])
    start = time.process_time()
    entries = {f"l{place}": entity(f"l{place}", kind, names) for place, (kind, names) in enumerate(listed)}
    with store.writer() as writer, tempfile.TemporaryDirectory() as folder:
        for one in entries.values():
            writer.add_entity(one)
        index = Index(store.default_view(), Path(folder))
        index.build()
        built = time.process_time() - start
        start, candidates = time.process_time(), 0
        asked = {f"q{place}": entity(f"q{place}", *_one(query)) for place, query in enumerate(queries)}
        scorer, config = get_algorithm(algorithm), ScoringConfig.defaults()
        best: list[tuple[float, int]] = [(0.0, -1)] * len(queries)
        for key, proposed in index.match_entities(asked.values()):
            query = asked[key.id]
            candidates += len(proposed)
            found = ((scorer.compare(query, entries[one.id], config).score, int(one.id[1:])) for one, _ in proposed)
            best[int(key.id[1:])] = max(found, default=(0.0, -1))
        return {"best": best, "built": built, "seconds": time.process_time() - start, "candidates": candidates}


def _one(query: list[str]) -> tuple[str, list[str]]:
    return query[0], [query[1]]


def answers(lines: Iterator[str]) -> Iterator[dict[str, Any]]:
    """The version first, then the answer to each task."""
    yield {"version": nomenklatura.__version__}
    tasks = {"scores": scores, "screen": screen}
    for task in map(json.loads, lines):
        yield tasks[task.pop("do")](**task)


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    for answer in answers(iter(sys.stdin.readline, "")):
        print(json.dumps(answer), flush=True)
