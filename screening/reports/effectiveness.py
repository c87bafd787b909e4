"""What `evaluate` and `assure` found, as lines of text, as JSON, and as a file: one page, a chart, or a table."""

from __future__ import annotations

import csv
import io
import json
import secrets
from pathlib import Path
from typing import Any

from screening.assurance.assure import EXAMPLES, Assurance, Cell
from screening.assurance.pairs import Evaluation, ScoredPair, Tally
from screening.errors import ReportError, UsageError
from screening.model import Feature
from screening.reports import curve, html
from screening.reports.plain import plain
from screening.reports.tables import FORMULA

FORMATS = (".html", ".svg", ".csv", ".json")
_GRADES = {1: "the words as they are", 2: "letters", 3: "words and script"}


def check(path: Path | None) -> None:
    """Raises where a file could not be written in the form its name asks for.

    Raises:
        UsageError: the ending is none of FORMATS, or the path is a folder.
    """
    if path is None:
        return
    if path.suffix.lower() not in FORMATS:
        raise UsageError(f"ends in none of {', '.join(FORMATS)}; name a file with one of them", at=f"--out {path}")
    if path.is_dir():
        raise UsageError("is a folder; name a file", at=f"--out {path}")


# ---------------------------------------------------------------- labelled pairs
def evaluation_lines(evaluation: Evaluation, name: str) -> list[str]:
    """The table of thresholds, the shipped cut-offs by kind and quality, and the worst mistakes with evidence."""
    matches = sum(one.pair.match for one in evaluation.pairs)
    lines = [f"{name}: {len(evaluation.pairs):,} pairs, {matches:,} of them matches", ""]
    lines.append(f"{'threshold':<22}{'precision':>10}{'recall':>10}{'F1':>10}{'false':>8}{'missed':>8}")
    best = max(curve.thresholds(), key=lambda threshold: evaluation.at(threshold).f1)
    for threshold in sorted({*range(50, 101, 5), best}):
        mark = f"{threshold} (best F1)" if threshold == best else str(threshold)
        lines.append(_tally_line(mark, evaluation.at(threshold)))
    lines += ["", _tally_line("shipped cut-offs", evaluation.at())]
    for kind in evaluation.groups("kind"):
        lines.append(_tally_line(f"  {kind} at {evaluation.cut_offs[kind]:g}", evaluation.at(kind=kind)))
    for quality in evaluation.groups("quality"):
        lines.append(_tally_line(f"  {quality or 'no quality stated'}", evaluation.at(quality=quality)))
    for title, match in (("Matches missed by most", True), ("Taken for matches by most", False)):
        wrong = evaluation.worst(match)
        lines += ["", f"{title}:" if wrong else f"{title}: none"]
        for one in wrong:
            pair = one.pair
            lines.append(f"  {one.score:>5.1f}  {pair.ours} ~ {pair.theirs}  ({pair.kind}, line {pair.line})")
            lines += [f"         {_compared(feature)}" for feature in one.features]
    return lines


def _tally_line(name: str, tally: Tally) -> str:
    figures = f"{tally.precision:>10.3f}{tally.recall:>10.3f}{tally.f1:>10.3f}"
    return f"{name:<22}{figures}{tally.false:>8,}{tally.missed:>8,}"


def _compared(feature: Feature) -> str:
    return f"{feature.added:>+6.1f}  {feature.name:<10} {feature.ours or '-'} ~ {feature.theirs or '-'}  {feature.note}"


def evaluation_object(evaluation: Evaluation, name: str) -> dict[str, Any]:
    """The evaluation as other programs read it."""
    return {
        "pairs": len(evaluation.pairs),
        "source": name,
        "cut_offs": {kind: evaluation.cut_offs[kind] for kind in evaluation.groups("kind")},
        "shipped": _measures(evaluation.at()),
        "by_kind": {kind: _measures(evaluation.at(kind=kind)) for kind in evaluation.groups("kind")},
        "by_quality": {q: _measures(evaluation.at(quality=q)) for q in evaluation.groups("quality")},
        "thresholds": [{"threshold": at, **_measures(evaluation.at(at))} for at in curve.thresholds()],
        "missed": [_pair_object(one) for one in evaluation.worst(True)],
        "false": [_pair_object(one) for one in evaluation.worst(False)],
    }


def _measures(tally: Tally) -> dict[str, Any]:
    shares = {name: round(getattr(tally, name), 4) for name in curve.MEASURES}
    return {**shares, "found": tally.found, "missed": tally.missed, "false": tally.false, "apart": tally.apart}


def _pair_object(one: ScoredPair) -> dict[str, Any]:
    return {
        "name1": one.pair.ours,
        "name2": one.pair.theirs,
        "kind": one.pair.kind,
        "line": one.pair.line,
        "score": one.score,
        "cut_off": one.cut_off,
        "features": [plain(feature) for feature in one.features],
    }


def write_evaluation(evaluation: Evaluation, name: str, path: Path) -> None:
    """Write the evaluation in the form the file's name asks for; a CSV file holds the curve.

    Raises:
        ReportError: the file cannot be written.
    """
    told = evaluation_object(evaluation, name)
    match path.suffix.lower():
        case ".json":
            text = _json(told)
        case ".csv":
            rows = [[row[key] for key in ("threshold", *curve.MEASURES, "found", "missed", "false", "apart")]
                    for row in told["thresholds"]]  # fmt: skip
            text = _csv(["threshold", *curve.MEASURES, "found", "missed", "false", "apart"], rows)
        case ".svg":
            text = html.effectiveness("curve.svg.j2", chart=curve, drawn=curve.curve(evaluation), alone=True)
        case _:
            text = html.effectiveness(
                "evaluation.html.j2",
                chart=curve,
                drawn=curve.curve(evaluation),
                told=told,
                name=name,
                kinds=evaluation.groups("kind"),
                steps=[row for row in told["thresholds"] if row["threshold"] % 5 == 0],
            )
    _write(text, path)


# ---------------------------------------------------------------- altered names of the lists
def assurance_lines(assurance: Assurance, name: str, most_lists: int = 6) -> list[str]:
    """Detection by manipulation and list, innocent names stopped, and some names missed."""
    shown = assurance.lists[:most_lists]
    total = assurance.total()
    lines = [
        f"{name}: up to {assurance.sample:,} names of each list, seed {assurance.seed}; {total.tried:,} altered names, "
        f"{total.rate:.1%} found their entry",
        "",
        f"{'':<22}{'names':>8}{'found':>8}{'other':>7}{'weak':>6}  " + "".join(f"{code[:11]:>12}" for code in shown),
    ]
    for grade, title in _GRADES.items():
        ways = [way for way in assurance.tried if way.grade == grade]
        lines += [f"{title}:"] if ways else []
        for way in ways:
            each = [assurance.total(way.name, code) for code in shown]
            lines.append(_cell_line(f"  {way.name}", assurance.total(way.name), each))
    lines.append(_cell_line("all", total, [assurance.total(of_list=code) for code in shown]))
    if len(assurance.lists) > len(shown):
        lines.append(f"{len(assurance.lists) - len(shown)} more lists stand in --json and --out")
    lines += ["", f"{'innocent names':<22}{'names':>8}{'stopped':>8}{'':>7}{'weak':>6}"]
    for kind, tried, stopped, weak in assurance.innocent:
        share = f"  {stopped / tried:.2%} stopped" if tried else ""
        lines.append(f"  {kind:<20}{tried:>8,}{stopped:>8,}{'':>7}{weak:>6,}{share}")
    lines += [f"    {one.score:>5.1f}  {one.name} ~ {one.listed}" for one in assurance.alarms[:EXAMPLES]]
    lines += ["", "Some that were missed:"]
    for way in assurance.tried:
        missed = [miss for miss in assurance.misses if miss.manipulation == way.name]
        lines += [f"  {way.name:<20} {one.listed} -> {one.altered} ({one.became})" for one in missed[:1]]
    return lines


def _cell_line(name: str, cell: Cell, each: list[Cell]) -> str:
    rates = "".join(f"{one.rate:>12.1%}" if one.tried else f"{'-':>12}" for one in each)
    return f"{name:<22}{cell.tried:>8,}{cell.rate:>8.1%}{cell.other:>7,}{cell.weak:>6,}  {rates}"


def assurance_object(assurance: Assurance, name: str) -> dict[str, Any]:
    """The test as other programs read it."""
    ways = [
        {"manipulation": way.name, "grade": way.grade, "meaning": way.meaning, **_cell(assurance.total(way.name))}
        for way in assurance.tried
    ]
    return {
        "lists": name,
        "sample": assurance.sample,
        "seed": assurance.seed,
        "all": _cell(assurance.total()),
        "manipulations": ways,
        "by_list": [{"list": code, **_cell(assurance.total(of_list=code))} for code in assurance.lists],
        "cells": [{"list": c.list, "manipulation": c.manipulation, **_cell(c)} for c in assurance.cells],
        "innocent": [
            {"kind": kind, "names": tried, "stopped": stopped, "weak": weak}
            for kind, tried, stopped, weak in assurance.innocent
        ],
        "false_alerts": [plain(alarm) for alarm in assurance.alarms],
        "missed": [plain(miss) for miss in assurance.misses],
    }


def _cell(cell: Cell) -> dict[str, Any]:
    rate = round(cell.rate, 4)
    return {"names": cell.tried, "found": cell.found, "other": cell.other, "weak": cell.weak, "rate": rate}


def write_assurance(assurance: Assurance, name: str, path: Path) -> None:
    """Write the test in the form the file's name asks for; a CSV file holds a row for each list and manipulation.

    Raises:
        ReportError: the file cannot be written.
    """
    told = assurance_object(assurance, name)
    match path.suffix.lower():
        case ".json":
            text = _json(told)
        case ".csv":
            columns = ["list", "manipulation", "names", "found", "other", "weak", "rate"]
            text = _csv(columns, [[cell[column] for column in columns] for cell in told["cells"]])
        case ".svg":
            text = html.effectiveness("bars.svg.j2", chart=curve, drawn=curve.bars(assurance), alone=True)
        case _:
            text = html.effectiveness(
                "assurance.html.j2",
                chart=curve,
                drawn=curve.bars(assurance),
                told=told,
                assurance=assurance,
                name=name,
                grades=_GRADES,
            )
    _write(text, path)


# ---------------------------------------------------------------- files
def _json(told: dict[str, Any]) -> str:
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def _csv(columns: list[str], rows: list[list[Any]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([[_guarded(cell) for cell in row] for row in rows])
    return out.getvalue()


def _guarded(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def _write(text: str, path: Path) -> None:
    """Write the file whole or not at all."""
    draft = path.with_name(f".{path.name}.draft-{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(text, encoding="utf-8", errors="backslashreplace")
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise ReportError(f"cannot be written ({error.strerror}); name another file", at=path) from error
