"""Holds a run against the truth of a made trade file: python tests/bench/truth.py trades.truth.csv out.

Prints, for each planted case, how many were decided as the truth says, the share of planted positives that are not
clear, and the share of innocent rows that are not clear. Exit code 1 where a case that must be decided is not.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from pathlib import Path

MEANS = {
    "clear": {"clear"},
    "review": {"review"},
    "possible_violation": {"possible_violation"},
    "not_clear": {"review", "possible_violation"},
    "not_violation": {"clear", "review"},
}
MUST = ("party exact", "vessel renamed", "oil to KP", "arms from KP", "sts")


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def main(truth_path: Path, out: Path) -> int:
    """Print the comparison; 1 where a case that must be decided is not."""
    decided = {row["record_id"]: row for row in rows(out / "decisions.csv")}
    truth = {row["record_id"]: row for row in rows(truth_path)}
    planted, right, positives, found = Counter[str](), Counter[str](), 0, 0
    for key, want in truth.items():
        got = decided[key]
        rules = set(got["rules"].split(";"))
        fires, silent = (set(filter(None, want[name].split(";"))) for name in ("fires", "silent"))
        planted[want["case"]] += 1
        fits = got["decision"] in MEANS[want["decision"]] and fires <= rules and not silent & rules
        right[want["case"]] += fits
        if not fits:
            asked = f"want {want['decision']} {want['fires']}"
            print(f"  {key} {want['case']}: {got['decision']}, {asked} ({got['rules']})")
        if want["decision"] in ("possible_violation", "not_clear", "review"):
            positives += 1
            found += got["decision"] != "clear"
    for case in sorted(planted):
        print(f"{case:<34} {right[case]:>6} of {planted[case]:>6}")
    innocent = [row for key, row in decided.items() if key not in truth]
    loud = [row for row in innocent if row["decision"] != "clear"]
    print(f"planted positives not clear: {found} of {positives} = {found / max(positives, 1):.2%}")
    print(f"innocent rows not clear:     {len(loud)} of {len(innocent)} = {len(loud) / max(len(innocent), 1):.3%}")
    for reason, times in Counter(row["reason"][:110] for row in loud).most_common(12):
        print(f"  {times:>6}  {reason}")
    return int(any(right[case] < planted[case] for case in MUST))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
