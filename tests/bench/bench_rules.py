"""Records per second of processor time of the rule stage with all packs, beside the same conditions in pandas alone.

    python tests/bench/bench_rules.py [--records 20000]

The records are drawn from the cases of the rules, so that rules fire on nearly all: the worst file there is. Then one
in fifty is such a record and the others are trade that no rule watches, as in an ordinary file. `engine and pandas` is
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


def drawn(book: Rulebook, count: int, every: int = 1) -> Records:
    """Records drawn from the cases of the rules, on other days, two cases mixed in each.

    Args:
        every: one record in so many is such a one, the others state nothing that a rule watches.
    """
    rng = random.Random(1)
    cases = [case for rule in book.rules for case in rule.cases]
    made = []
    for number in range(count):
        if number % every:
            made.append(Case("", date(2024, 1, 1), (), (), "true"))
            continue
        one, other = rng.choice(cases), rng.choice(cases)
        day = date(2018, 1, 1) + timedelta(days=rng.randrange(2500))
        made.append(Case("", day, tuple({**dict(one.facts), **dict(other.facts)}.items()), one.hits, "true"))
    return _records(made, book.concerns)


def measure(book: Rulebook, kind: str, records: Records) -> None:
    """Print the figures of both ways over the same records."""
    count = len(records.facts)
    with Judge(book) as judge:
        started = time.process_time()
        firings = judge.firings(records)
        together = time.process_time() - started
        started = time.process_time()
        fresh = HitTable(records.hits.frame, count)  # without the answers that the first pass left
        plain = judge.plainly(Records(records.facts.copy(), fresh, records.unreadable))
        alone = time.process_time() - started
    fired = sum(int(perhaps.sum()) for _, perhaps in plain)
    assert fired == len(firings)
    print(f"{kind}: {count:,} records, {fired:,} firings")
    print(f"  engine and pandas  {count / together:>10,.0f} records/s")
    print(f"  pandas alone       {count / alone:>10,.0f} records/s")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=20_000)
    asked = parser.parse_args()
    book = packs.load(rules_folder())
    print(f"{len(book.rules)} rules, {len(book.periods())} periods")
    measure(book, "every record watched", drawn(book, asked.records))
    measure(book, "one record in fifty watched", drawn(book, asked.records, every=50))


if __name__ == "__main__":
    main()
