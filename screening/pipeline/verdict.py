"""What the second phase found, written down beside the parts it rests on: while these stay, so does the verdict."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from screening.model import Alert, Citation, Decision, Delivery, Hit, LedgerYear, RecordKey, Severity
from screening.pipeline import packing
from screening.pipeline.judged import Judged
from screening.pipeline.packing import Found
from screening.pipeline.spool import Part
from screening.rulebook.letters import Letter

_ABOUT, _FRAMES = "verdict.json", ("records", "legs")
_OWN = [field.name for field in fields(Alert) if field.name != "hits"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the second phase made of the records that it looked at.

    Args:
        looked_at: of each part, the places of these records.
    """

    judged: Judged
    looked_at: tuple[np.ndarray, ...]


def places(at: np.ndarray, parts: Sequence[Part], found: Sequence[Found]) -> tuple[np.ndarray, ...]:
    """Of each part, the places of the records that stand at `at` among all decisions; of the history, all it kept."""
    return tuple(
        one.kept.trades["at"].to_numpy() if part.history
        else at[(at >= part.first) & (at < part.first + part.rows)] - part.first
        for part, one in zip(parts, found, strict=True)
    )  # fmt: skip


def save(verdict: Verdict, found: Sequence[Found], letters: Sequence[Letter], folder: Path) -> None:
    """Write the verdict on what was found with these letters.

    Raises:
        OSError: it cannot be written.
    """
    judged, place = verdict.judged, {id(hit): key for key, hit in _hits(found)}
    numbers = {id(alert): number for number, alert in enumerate(judged.alerts)}
    told = {
        "letters": _key(letters),
        "looked_at": [at.tolist() for at in verdict.looked_at],
        "alerts": [_told(alert) | {"hits": [place[id(hit)] for hit in alert.hits]} for alert in judged.alerts],
        "by_record": [[at, [numbers[id(alert)] for alert in alerts]] for at, alerts in judged.by_record.items()],
        "ledger": [asdict(year) for year in judged.ledger],
    }
    (folder / _ABOUT).write_text(json.dumps(told, default=str), encoding="utf-8")
    for name in _FRAMES:
        (folder / f"verdict-{name}.arrow").write_bytes(packing.written(getattr(judged, name)))


def load(found: Sequence[Found], letters: Sequence[Letter], folder: Path) -> Verdict | None:
    """The verdict that was written with these letters on what was found, if that is the same where it was looked at.

    None where there is none, or it was with other letters.
    """
    try:
        told = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
        if told["letters"] != _key(letters):
            return None
        hits = dict(_hits(found))
        alerts = tuple(_alert(row, hits) for row in told["alerts"])
        frames = {name: packing.frame((folder / f"verdict-{name}.arrow").read_bytes()) for name in _FRAMES}
        by_record = {at: [alerts[number] for number in numbers] for at, numbers in told["by_record"]}
        judged = Judged(alerts, by_record, ledger=tuple(map(_year, told["ledger"])), **frames)
        return Verdict(judged, tuple(np.array(at, np.int64) for at in told["looked_at"]))
    except (OSError, ValueError, TypeError, KeyError, IndexError):
        return None


_Key = tuple[int, int, int]


def _hits(found: Sequence[Found]) -> Iterator[tuple[_Key, Hit]]:
    """Every hit with what tells it from the others: its part, its record's place there, and which of the record's."""
    for number, one in enumerate(found):
        position = one.hits["position"]
        which = position.groupby(position).cumcount()
        for at, nth, hit in zip(position.tolist(), which.tolist(), one.reported, strict=True):
            yield (number, at, nth), hit


def _key(letters: Sequence[Letter]) -> str:
    return hashlib.sha256(repr(letters).encode()).hexdigest()


def _told(alert: Alert) -> dict[str, Any]:
    """All of an alert but its hits."""
    told = {name: getattr(alert, name) for name in _OWN}
    for name in ("citations", "records", "rests_on"):
        told[name] = [{field: getattr(one, field) for field in one.__slots__} for one in told[name]]
    return told


def _alert(row: Mapping[str, Any], hits: Mapping[_Key, Hit]) -> Alert:
    return Alert(**{
        **row,
        "decision": Decision(row["decision"]),
        "severity": Severity(row["severity"]),
        "citations": tuple(Citation(**one) for one in row["citations"]),
        "records": tuple(RecordKey(**one) for one in row["records"]),
        "rests_on": tuple(RecordKey(**one) for one in row["rests_on"]),
        "hits": tuple(hits[part, at, nth] for part, at, nth in row["hits"]),
    })  # fmt: skip


def _year(row: Mapping[str, Any]) -> LedgerYear:
    return LedgerYear(**{
        **row,
        "start": date.fromisoformat(row["start"]),
        "end": date.fromisoformat(row["end"]),
        "notices": tuple((what, amount) for what, amount in row["notices"]),
        "deliveries": tuple(Delivery(**{**one, "day": date.fromisoformat(one["day"])}) for one in row["deliveries"]),
    })  # fmt: skip
