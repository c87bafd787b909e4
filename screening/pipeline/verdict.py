"""What the second phase found, written down beside the parts it rests on: while these stay, so does the verdict."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from screening import outcome
from screening.model import Alert, Citation, Decision, Delivery, Hit, LedgerYear, RecordKey, Severity
from screening.pipeline import packing
from screening.pipeline.gather import HISTORY
from screening.pipeline.judged import Judged
from screening.pipeline.spool import shared
from screening.pipeline.ties import Ties
from screening.rulebook import telling
from screening.rulebook.alerts import ID_LENGTH
from screening.rulebook.letters import Letter

_ABOUT, _HITS, _FRAMES = "verdict.json", "verdict-hits.arrow", ("records", "legs")
FILES = (_ABOUT, _HITS, *(f"verdict-{name}.arrow" for name in _FRAMES))
_OWN = [field.name for field in fields(Alert) if field.name != "hits"]


class Held(NamedTuple):
    """The folder of the files of a verdict, and the SHA-256 of each."""

    folder: Path
    files: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the second phase made of the records that it looked at.

    Args:
        looked_at: of each part, the places of these records. held: where just this is written, if it is.
    """

    judged: Judged
    looked_at: tuple[np.ndarray, ...]
    held: Held | None = None


def save(verdict: Verdict, folder: Path, letters: Sequence[Letter]) -> Held:
    """Write the verdict that was come to with these letters, or take it over where it is written already.

    Raises:
        OSError: it cannot be written.
    """
    if verdict.held:
        for name in verdict.held.files:
            shared(verdict.held.folder / name, folder / name)
        return verdict.held._replace(folder=folder)
    files = _files(verdict, letters)
    for name, held in files.items():
        (folder / name).unlink(missing_ok=True)  # it may be an earlier run's too
        (folder / name).write_bytes(held)
    return Held(folder, {name: hashlib.sha256(held).hexdigest() for name, held in files.items()})


def _files(verdict: Verdict, letters: Sequence[Letter]) -> dict[str, bytes]:
    """What `load` reads, by the names of the files."""
    judged = verdict.judged
    numbers = {id(alert): number for number, alert in enumerate(judged.alerts)}
    hits = {id(hit): hit for alert in judged.alerts for hit in alert.hits}
    place = {one: number for number, one in enumerate(hits)}
    told = {
        "letters": _key(letters),
        "looked_at": [at.tolist() for at in verdict.looked_at],
        "alerts": [_told(alert) | {"hits": [place[id(hit)] for hit in alert.hits]} for alert in judged.alerts],
        "by_record": [[at, [numbers[id(alert)] for alert in alerts]] for at, alerts in judged.by_record.items()],
        "ledger": [asdict(year) for year in judged.ledger],
        "ties": [sorted(judged.ties.numbers), sorted(judged.ties.names)],
    }
    frames = [packing.written(getattr(judged, name)) for name in _FRAMES]
    made = (json.dumps(told, default=str).encode(), packing.reported(list(hits.values())), *frames)
    return dict(zip(FILES, made, strict=True))


def load(held: Held, letters: Sequence[Letter]) -> Verdict | None:
    """The verdict that was written; None where it is not there, or was come to with other letters."""
    folder = held.folder
    try:
        told = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
        if told["letters"] != _key(letters):
            return None
        hits = list(packing.Reported((folder / _HITS).read_bytes()))
        alerts = tuple(_alert(row, hits) for row in told["alerts"])
        frames = {name: packing.frame((folder / f"verdict-{name}.arrow").read_bytes()) for name in _FRAMES}
        by_record = {at: [alerts[number] for number in numbers] for at, numbers in told["by_record"]}
        ledger, ties = tuple(map(_year, told["ledger"])), Ties(*map(frozenset, told["ties"]))
        judged = Judged(alerts, by_record, ledger=ledger, ties=ties, **frames)
        return Verdict(judged, tuple(np.array(at, np.int64) for at in told["looked_at"]), held)
    except (OSError, ValueError, TypeError, KeyError, IndexError):
        return None


def retold(verdict: Verdict, hits: Mapping[Known, Hit]) -> Verdict | None:
    """The verdict with scores of hits that are others now put into its words; None where more would be otherwise.

    Args:
        hits: these hits as they are now; see known.
    """
    if not hits:
        return verdict
    anew: dict[int, Alert] = {}
    for alert in verdict.judged.alerts:
        now = tuple(hits.get(known(hit), hit) for hit in alert.hits)
        told = alert if now == alert.hits else telling.retold(replace(alert, hits=now), alert.hits)
        if told is None:
            return None
        anew[id(alert)] = told
    judged = verdict.judged
    by_record = {at: [anew[id(alert)] for alert in alerts] for at, alerts in judged.by_record.items()}
    return Verdict(replace(judged, alerts=tuple(anew.values()), by_record=by_record), verdict.looked_at)


Known = tuple[str, int, str, str, str]


def known(hit: Hit) -> Known:
    """What tells a hit from all others of a run."""
    return hit.source, hit.row, hit.role, hit.entry_id, hit.by


def without(judged: Judged, places: Collection[int]) -> Judged | None:
    """The same but for records at some places, of which each stands alone; None where an alert tells of others too."""
    gone = {id(alert): alert for at in places for alert in judged.by_record.get(at, ())}
    if any(len(alert.records) > 1 or alert.rests_on for alert in gone.values()):
        return None
    return replace(
        judged,
        alerts=tuple(alert for alert in judged.alerts if id(alert) not in gone),
        by_record={at: alerts for at, alerts in judged.by_record.items() if at not in places},
        records=judged.records[~judged.records["at"].isin(places)],
        legs=judged.legs[~judged.legs["at"].isin(places)],
    )


def joined(one: Judged, other: Judged) -> Judged:
    """Of records that have nothing to do with each other, what all of them come to; the ledger is that of the first."""
    by_record = one.by_record | other.by_record
    first: dict[int, int] = {}
    for at in sorted(by_record, reverse=True):
        first |= dict.fromkeys(map(id, by_record[at]), at)
    ordered = sorted([*one.alerts, *other.alerts], key=lambda alert: (first[id(alert)], alert.rule_id))
    records, legs = _below(one.records, other.records), _below(one.legs, other.legs)
    return replace(one, alerts=tuple(ordered), by_record=by_record, records=records, legs=legs)


def numbered(judged: Judged) -> Judged:
    """The same with the ids of alerts that state the same facts told apart anew."""
    former = [replace(alert, alert_id=alert.alert_id[:ID_LENGTH]) for alert in judged.alerts]
    alerts = dict(zip(map(id, judged.alerts), outcome.numbered(former), strict=True))
    by_record = {at: [alerts[id(alert)] for alert in found] for at, found in judged.by_record.items()}
    return replace(judged, alerts=tuple(alerts.values()), by_record=by_record)


def _below(one: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """Rows on records by the places of these, those of the history last."""
    frame = pd.concat([one, other], ignore_index=True)
    at = frame["at"].to_numpy(np.int64)
    return frame.iloc[np.lexsort((at, at == HISTORY))].reset_index(drop=True)


def _key(letters: Sequence[Letter]) -> str:
    return hashlib.sha256(repr(letters).encode()).hexdigest()


def _told(alert: Alert) -> dict[str, Any]:
    """All of an alert but its hits."""
    told = {name: getattr(alert, name) for name in _OWN}
    for name in ("citations", "records", "rests_on"):
        told[name] = [{field: getattr(one, field) for field in one.__slots__} for one in told[name]]
    return told


def _alert(row: Mapping[str, Any], hits: Sequence[Hit]) -> Alert:
    return Alert(**{
        **row,
        "decision": Decision(row["decision"]),
        "severity": Severity(row["severity"]),
        "citations": tuple(Citation(**one) for one in row["citations"]),
        "records": tuple(RecordKey(**one) for one in row["records"]),
        "rests_on": tuple(RecordKey(**one) for one in row["rests_on"]),
        "hits": tuple(hits[place] for place in row["hits"]),
    })  # fmt: skip


def _year(row: Mapping[str, Any]) -> LedgerYear:
    return LedgerYear(**{
        **row,
        "start": date.fromisoformat(row["start"]),
        "end": date.fromisoformat(row["end"]),
        "notices": tuple((what, amount) for what, amount in row["notices"]),
        "deliveries": tuple(Delivery(**{**one, "day": date.fromisoformat(one["day"])}) for one in row["deliveries"]),
    })  # fmt: skip
