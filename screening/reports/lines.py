"""alerts.jsonl and hits.jsonl: one JSON object a line, keys in the order of the contract."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from screening.model import Alert, Feature, Hit, Rendered, Results
from screening.reports.plain import plain


def write(results: Results, folder: Path) -> None:
    """Write both files, in the order in which the run found alerts and hits."""
    with (folder / "alerts.jsonl").open("wb") as file:
        file.writelines(_line(alert_object(alert)) for alert in results.alerts)
    hits = results.hits.rendered() if isinstance(results.hits, Rendered) else map(hit_line, results.hits)
    with (folder / "hits.jsonl").open("wb") as file:
        file.writelines(hits)


def hit_line(hit: Hit) -> bytes:
    """The hit as it stands in hits.jsonl."""
    return _line(hit_object(hit))


def alert_object(alert: Alert) -> dict[str, Any]:
    """The alert as other programs read it; `rows` says where each of `records` stands."""
    return {
        "alert_id": alert.alert_id,
        "rule_id": alert.rule_id,
        "title": alert.title,
        "decision": alert.decision.value,
        "severity": alert.severity.value,
        "regime": alert.regime,
        "citations": [{"text": citation.text, "status": citation.status} for citation in alert.citations],
        "records": [record.record_id for record in alert.records],
        "rows": [{"source": record.source, "row": plain(record.row)} for record in alert.records],
        "rests_on": [{"source": k.source, "row": plain(k.row), "record": k.record_id} for k in alert.rests_on],
        "reason": alert.reason,
        "doubt": alert.doubt,
        "facts": {name: plain(alert.facts[name]) for name in sorted(alert.facts)},
        "hits": [hit_object(hit) for hit in alert.hits],
        "lifted_by": alert.lifted_by,
        "false_positives": alert.false_positives,
    }


def hit_object(hit: Hit) -> dict[str, Any]:
    """The hit as other programs read it; `source` and `row` say where its record stands."""
    return {
        "record": hit.record_id,
        "source": hit.source,
        "row": plain(hit.row),
        "role": hit.role,
        "value": hit.value,
        "entry_id": hit.entry_id,
        "list": hit.list,
        "kind": str(hit.kind),
        "listed_name": hit.listed_name,
        "name_strength": str(hit.name_strength),
        "score": plain(round(hit.score, 2)),
        "by": hit.by,
        "certain": bool(hit.certain),
        "features": [_feature_object(feature) for feature in hit.features],
        "programmes": list(hit.programmes),
        "listed_on": plain(hit.listed_on),
        "status": str(hit.status),
        "reason": hit.reason,
    }


def _feature_object(feature: Feature) -> dict[str, Any]:
    return feature._replace(similarity=round(feature.similarity, 4), added=round(feature.added, 2))._asdict()


_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


def _line(found: dict[str, Any]) -> bytes:
    """An object as a line; what no encoding knows (half a surrogate pair) becomes the escape that JSON has for it."""
    return f"{_encode(found)}\n".encode(errors="backslashreplace")
