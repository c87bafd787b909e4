"""Records per second of the rule stage with all packs, beside the same conditions in pandas alone, in one run.

    python tests/bench/bench_rules.py [--records 20000]

The records are those that some rule watches: each has at least one fact that a rule may fire on. `engine and pandas` is
the stage as it runs, both held against each other; `pandas alone` is the plain evaluation by itself.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))


from screening.rulebook import packs
from screening.rulebook.cases import _records
from screening.rulebook.conditions import Records
from screening.rulebook.decide import Judge
from screening.rulebook.hits import HitTable
from screening.rulebook.packs import Rulebook
from screening.rulebook.rule import Case
from screening.tables import rules_folder


def drawn(book: Rulebook, count: int) -> Records:
    """Records drawn from the cases of the rules, on other days, two cases mixed in each."""
    rng = random.Random(1)
    cases = [case for rule in book.rules for case in rule.cases]
    made = []
    for _ in range(count):
        one, other = rng.choice(cases), rng.choice(cases)
        day = date(2018, 1, 1) + timedelta(days=rng.randrange(2500))
        made.append(Case("", day, tuple({**dict(one.facts), **dict(other.facts)}.items()), one.hits, "true"))
    return _records(made, book.concerns)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=20_000)
    asked = parser.parse_args()
    book = packs.load(rules_folder())
    records = drawn(book, asked.records)
    with Judge(book) as judge:
        started = time.perf_counter()
        firings = judge.firings(records)
        together = time.perf_counter() - started
        started = time.perf_counter()
        fresh = HitTable(records.hits.frame, len(records.facts))  # without the answers that the first pass left
        plain = judge.plainly(Records(records.facts.copy(), fresh, records.unreadable))
        alone = time.perf_counter() - started
    fired = sum(int(perhaps.sum()) for _, perhaps in plain)
    assert fired == len(firings)
    print(f"{len(book.rules)} rules, {len(book.periods())} periods, {asked.records:,} records, {fired:,} firings")
    print(f"engine and pandas  {asked.records / together:>10,.0f} records/s")
    print(f"pandas alone       {asked.records / alone:>10,.0f} records/s")


if __name__ == "__main__":
    main()
