"""Two results of the same records held against each other: which decisions changed, and which rules changed them."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from screening.errors import UsageError

Key = tuple[str, str, str]  # source, row, record_id


@dataclass(frozen=True, slots=True)
class Change:
    """A record whose outcome is not the same in both results.

    Args:
        before, after: its decision, '' where the result does not hold the record.
        gone, new: rules that fired in the one or the other only. reworded: rules that fired in both for another reason.
    """

    key: Key
    before: str
    after: str
    gone: tuple[str, ...]
    new: tuple[str, ...]
    reworded: tuple[tuple[str, str, str], ...]

    def __str__(self) -> str:
        source, row, record = self.key
        head = f"{source}:{row} record {record}: {self.before or 'not there'}"
        lines = [head + (f" -> {self.after or 'not there'}" if self.after != self.before else "")]
        lines += [f"  - {rule}" for rule in self.gone] + [f"  + {rule}" for rule in self.new]
        for rule, old, new in self.reworded:
            lines += [f"  ~ {rule}", f"      was: {old}", f"      now: {new}"]
        return "\n".join(lines)


def changes(before: Path, after: Path) -> Iterator[Change]:
    """The records that differ, in the order of the first result and then of the second.

    Raises:
        UsageError: a folder holds no results.
    """
    old, new = _read(before), _read(after)
    for key in dict.fromkeys([*old, *new]):
        was, then = old.get(key, ("", {})), new.get(key, ("", {}))
        reworded = tuple(
            (rule, was[1][rule], then[1][rule])
            for rule in sorted(was[1].keys() & then[1].keys())
            if was[1][rule] != then[1][rule]
        )
        gone, added = sorted(was[1].keys() - then[1].keys()), sorted(then[1].keys() - was[1].keys())
        if was[0] != then[0] or gone or added or reworded:
            yield Change(key, was[0], then[0], tuple(gone), tuple(added), reworded)


def _read(folder: Path) -> dict[Key, tuple[str, dict[str, str]]]:
    """For each record its decision, and the reason of each rule that fired on it."""
    reasons: dict[tuple[str, str], dict[str, str]] = {}
    found = {}
    try:
        with (folder / "alerts.jsonl").open(encoding="utf-8") as lines:
            for line in lines:
                alert = json.loads(line)
                lifted = f" (lifted by {alert['lifted_by']})" if alert["lifted_by"] else ""
                rule = alert["rule_id"] + lifted
                for place in alert["rows"]:
                    reasons.setdefault((place["source"], str(place["row"])), {})[rule] = alert["reason"]
        with (folder / "decisions.csv").open(newline="", encoding="utf-8") as rows:
            for row in csv.DictReader(rows):
                key = (row["source"], row["row"], row["record_id"])
                found[key] = row["decision"], reasons.get(key[:2], {})
    except (OSError, ValueError, KeyError) as error:
        raise UsageError("holds no decisions.csv and alerts.jsonl; give two result folders", at=folder) from error
    return found
