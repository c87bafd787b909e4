"""What the second phase found, written down beside the parts it rests on: while these stay, so does the verdict."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import date
from pathlib import Path
from typing import Any

from screening.model import Alert, Citation, Decision, Delivery, Hit, LedgerYear, RecordKey, Severity
from screening.pipeline import packing
from screening.pipeline.judged import Judged
from screening.pipeline.packing import Found
from screening.rulebook.letters import Letter

_ABOUT, _FRAMES = "verdict.json", ("records", "legs")
_OWN = [field.name for field in fields(Alert) if field.name != "hits"]


def save(judged: Judged, found: Sequence[Found], letters: Sequence[Letter], folder: Path) -> None:
    """Write the verdict on what was found with these letters.

    Raises:
        OSError: it cannot be written.
    """
    place = {id(hit): number for number, hit in enumerate(_hits(found))}
    numbers = {id(alert): number for number, alert in enumerate(judged.alerts)}
    told = {
        "letters": _key(letters),
        "alerts": [_told(alert) | {"hits": [place[id(hit)] for hit in alert.hits]} for alert in judged.alerts],
        "by_record": [[at, [numbers[id(alert)] for alert in alerts]] for at, alerts in judged.by_record.items()],
        "ledger": [asdict(year) for year in judged.ledger],
    }
    (folder / _ABOUT).write_text(json.dumps(told, default=str), encoding="utf-8")
    for name in _FRAMES:
        (folder / f"verdict-{name}.arrow").write_bytes(packing.written(getattr(judged, name)))


def load(found: Sequence[Found], letters: Sequence[Letter], folder: Path) -> Judged | None:
    """The verdict that was written on just what was found, with just these letters; None where there is none."""
    try:
        told = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
        if told["letters"] != _key(letters):
            return None
        hits = list(_hits(found))
        alerts = tuple(_alert(row, hits) for row in told["alerts"])
        frames = {name: packing.frame((folder / f"verdict-{name}.arrow").read_bytes()) for name in _FRAMES}
        by_record = {at: [alerts[number] for number in numbers] for at, numbers in told["by_record"]}
        return Judged(alerts, by_record, ledger=tuple(map(_year, told["ledger"])), **frames)
    except (OSError, ValueError, TypeError, KeyError, IndexError):
        return None


def _hits(found: Sequence[Found]) -> Iterator[Hit]:
    for one in found:
        yield from one.reported


def _key(letters: Sequence[Letter]) -> str:
    return hashlib.sha256(repr(letters).encode()).hexdigest()


def _told(alert: Alert) -> dict[str, Any]:
    """All of an alert but its hits."""
    told = {name: getattr(alert, name) for name in _OWN}
    for name in ("citations", "records", "rests_on"):
        told[name] = [asdict(one) for one in told[name]]
    return told


def _alert(row: Mapping[str, Any], hits: Sequence[Hit]) -> Alert:
    return Alert(**{
        **row,
        "decision": Decision(row["decision"]),
        "severity": Severity(row["severity"]),
        "citations": tuple(Citation(**one) for one in row["citations"]),
        "records": tuple(RecordKey(**one) for one in row["records"]),
        "rests_on": tuple(RecordKey(**one) for one in row["rests_on"]),
        "hits": tuple(hits[number] for number in row["hits"]),
    })  # fmt: skip


def _year(row: Mapping[str, Any]) -> LedgerYear:
    return LedgerYear(**{
        **row,
        "start": date.fromisoformat(row["start"]),
        "end": date.fromisoformat(row["end"]),
        "notices": tuple((what, amount) for what, amount in row["notices"]),
        "deliveries": tuple(Delivery(**{**one, "day": date.fromisoformat(one["day"])}) for one in row["deliveries"]),
    })  # fmt: skip
