"""The family of reports: one module and one row of FORMATS each; results are written whole or not at all.

A report decides nothing: it writes what `Results` holds. Whatever formats are asked for, `manifest.json` is written
last and names every other file with its SHA-256.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path

from screening.errors import UsageError
from screening.model import Results
from screening.reports import manifest
from screening.reports.folder import assert_usable, whole

__all__ = ["FORMATS", "Format", "assert_usable", "check", "write"]


@dataclass(frozen=True, slots=True)
class Format:
    """One way to write results: its name on the command line, what it is for, the function that writes its files."""

    name: str
    about: str
    write: Callable[[Results, Path], None]


def _by(module: str) -> Callable[[Results, Path], None]:
    """What a module of this package writes; it is loaded when it is asked to."""

    def write(results: Results, folder: Path) -> None:
        import_module(f"{__name__}.{module}").write(results, folder)

    return write


FORMATS = (
    Format("csv", "decisions.csv, rejects.csv and marks.csv, for spreadsheets", _by("tables")),
    Format("jsonl", "alerts.jsonl and hits.jsonl, for other programs", _by("lines")),
    Format("html", "report.html, one page to read and send on", _by("html")),
    Format("xlsx", "alerts.xlsx, a workbook to filter: alerts, hits, rejects, run", _by("xlsx")),
    Format("junit", "junit.xml, test results for CI servers", _by("junit")),
    Format("sarif", "results.sarif, alerts for code-scanning dashboards", _by("sarif")),
)


def check(formats: Sequence[str]) -> tuple[Format, ...]:
    """The formats of these names, in the order of FORMATS, each once.

    Raises:
        UsageError: a name is unknown.
    """
    known = {form.name: form for form in FORMATS}
    for name in formats:
        if name not in known:
            raise UsageError(f"{name!r} is no known format; use one or more of {', '.join(known)}", at="--formats")
    return tuple(form for form in FORMATS if form.name in formats)


def write(
    results: Results, folder: Path, formats: Sequence[str], closing: Callable[[], Mapping[str, object]] = dict
) -> None:
    """Write the results into `folder`, whole or not at all; a former result there is replaced.

    Args:
        closing: what only the manifest tells, asked for when the other files are written: what that took, and when.

    Raises:
        UsageError: a format is unknown.
        ReportError: the counts do not add up, or the folder cannot be written or holds something else.
    """
    chosen = check(formats)
    manifest.assert_counts(results)
    with whole(folder) as draft:
        for form in chosen:
            form.write(results, draft)
        manifest.write(replace(results, manifest={**results.manifest, **closing()}), draft)
