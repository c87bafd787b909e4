"""What the second phase found, written down beside the parts it rests on: while these stay, so does the verdict."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from screening.model import Alert, Citation, Decision, Delivery, Hit, LedgerYear, RecordKey, Severity
from screening.pipeline import packing
from screening.pipeline.judged import Judged
from screening.pipeline.packing import Found
from screening.pipeline.spool import Part, Spool
from screening.rulebook import telling
from screening.rulebook.letters import Letter

_ABOUT, _FRAMES = "verdict.json", ("records", "legs")
FILES = (_ABOUT, *(f"verdict-{name}.arrow" for name in _FRAMES))
_OWN = [field.name for field in fields(Alert) if field.name != "hits"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the second phase made of the records that it looked at.

    Args:
        looked_at: of each part, the places of these records.
    """

    judged: Judged
    looked_at: tuple[np.ndarray, ...]


def save(
    verdict: Verdict, spool: Spool, parts: Sequence[Part], found: Sequence[Found], letters: Sequence[Letter]
) -> None:
    """Write the verdict on what was found with these letters, beside the parts.

    Raises:
        OSError: it cannot be written.
    """
    judged, place = verdict.judged, dict[Hit, _Place]()
    alerted = np.array(sorted(judged.by_record), np.int64)
    for number, (part, one) in enumerate(zip(parts, found, strict=True)):
        at = list(_places(one))
        theirs = np.isin(one.hits["position"].to_numpy() + part.first, alerted) & (not part.history)
        rows = np.flatnonzero(theirs)
        for row, hit in zip(rows.tolist(), spool.reported(part).take(rows), strict=True):
            place[hit] = (number, *at[row])
    numbers = {id(alert): number for number, alert in enumerate(judged.alerts)}
    told = {
        "letters": _key(letters),
        "looked_at": [at.tolist() for at in verdict.looked_at],
        "alerts": [_told(alert) | {"hits": [place[hit] for hit in alert.hits]} for alert in judged.alerts],
        "by_record": [[at, [numbers[id(alert)] for alert in alerts]] for at, alerts in judged.by_record.items()],
        "ledger": [asdict(year) for year in judged.ledger],
    }
    (spool.folder / _ABOUT).write_text(json.dumps(told, default=str), encoding="utf-8")
    for name in _FRAMES:
        (spool.folder / f"verdict-{name}.arrow").write_bytes(packing.written(getattr(judged, name)))


def load(
    spool: Spool, parts: Sequence[Part], found: Sequence[Found], letters: Sequence[Letter], folder: Path
) -> Verdict | None:
    """The verdict that was written with these letters on what was found, if that is the same where it was looked at.

    None where there is none, or it was with other letters.

    Args:
        folder: where it was written.
    """
    try:
        told = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
        if told["letters"] != _key(letters):
            return None
        hits = _hits(spool, parts, found, {tuple(place) for row in told["alerts"] for place in row["hits"]})
        alerts = tuple(_alert(row, hits) for row in told["alerts"])
        frames = {name: packing.frame((folder / f"verdict-{name}.arrow").read_bytes()) for name in _FRAMES}
        by_record = {at: [alerts[number] for number in numbers] for at, numbers in told["by_record"]}
        judged = Judged(alerts, by_record, ledger=tuple(map(_year, told["ledger"])), **frames)
        return Verdict(judged, tuple(np.array(at, np.int64) for at in told["looked_at"]))
    except (OSError, ValueError, TypeError, KeyError, IndexError):
        return None


def retold(verdict: Verdict, former: Mapping[_Known, Hit]) -> Verdict | None:
    """The verdict with scores of hits that were others before put into its words; None where more would be otherwise.

    Args:
        former: these hits as they were; see known.
    """
    anew: dict[int, Alert] = {}
    for alert in verdict.judged.alerts:
        before = tuple(former.get(known(hit), hit) for hit in alert.hits)
        told = alert if before == alert.hits else telling.retold(alert, before)
        if told is None:
            return None
        anew[id(alert)] = told
    judged = verdict.judged
    by_record = {at: [anew[id(alert)] for alert in alerts] for at, alerts in judged.by_record.items()}
    return replace(verdict, judged=replace(judged, alerts=tuple(anew.values()), by_record=by_record))


_Known = tuple[str, int, str, str, str]


def known(hit: Hit) -> _Known:
    """What tells a hit from all others of a run."""
    return hit.source, hit.row, hit.role, hit.entry_id, hit.by


_Place = tuple[int, int, int]  # of a hit: its part, its record's place there, and which of the record's it is


def _places(found: Found) -> Iterator[tuple[int, int]]:
    """Of every hit of a part, its record's place there, and which of the record's it is."""
    position = found.hits["position"]
    return zip(position.tolist(), position.groupby(position).cumcount().tolist(), strict=True)


def _hits(
    spool: Spool, parts: Sequence[Part], found: Sequence[Found], wanted: Collection[_Place]
) -> dict[_Place, Hit]:
    """The hits at these places."""
    hits: dict[_Place, Hit] = {}
    for number, (part, one) in enumerate(zip(parts, found, strict=True)):
        rows = {(number, *at): row for row, at in enumerate(_places(one))}
        here = [place for place in rows if place in wanted]
        if here:
            hits.update(zip(here, spool.reported(part).take(np.array([rows[p] for p in here])), strict=True))
    return hits


def _key(letters: Sequence[Letter]) -> str:
    return hashlib.sha256(repr(letters).encode()).hexdigest()


def _told(alert: Alert) -> dict[str, Any]:
    """All of an alert but its hits."""
    told = {name: getattr(alert, name) for name in _OWN}
    for name in ("citations", "records", "rests_on"):
        told[name] = [{field: getattr(one, field) for field in one.__slots__} for one in told[name]]
    return told


def _alert(row: Mapping[str, Any], hits: Mapping[_Place, Hit]) -> Alert:
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
