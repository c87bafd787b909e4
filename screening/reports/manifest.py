"""The manifest: what was screened, with what, and that every row is accounted for.

`Results.manifest` holds, JSON-ready (dates as text):

* `counts`: rows_read, clear, review, possible_violation, rejected (whole numbers; required)
* `inputs`: a list of {source, sha256, format, rows, rejected, ignored (columns not read), notices}
* `lists`: {name, digest, entries, notes, extract (true where no more than the extract that ships was screened against),
  by_source: a list of {list, format, files, sha256, published, entries}}
* `rules`: {name, version, rules (how many)}; `regimes`, `regimes_left_out`: lists of codes
* `settings`: a mapping of options as used; `software`: {name, version, python}
* `not_screened`: a list of {what, count, examples}
* `started`, `exit_code`, `fail_on`
* `finished`, `timings` (stage to seconds), `peak_memory_mb` and `peak_memory_worker_mb`, known when all else is written

Only `counts` is required; a report says "not stated" for what is absent. Writing adds `kind` and `files`.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import pandas as pd

from screening.errors import ReportError
from screening.model import Counted, Decision, Results
from screening.reports.plain import plain

NAME = "manifest.json"
KIND = "screening results"
OUTCOMES = (*(decision.value for decision in Decision), "rejected")


def sources(lists: object) -> list[Any]:
    """What the manifest's `lists` say of each source; older manifests call them `sources`."""
    held = lists if isinstance(lists, Mapping) else {}
    found = held["by_source"] if "by_source" in held else held.get("sources")
    return list(found) if isinstance(found, list | tuple) else []


def counts(results: Results) -> dict[str, int]:
    """The rows read and the rows of each outcome.

    Raises:
        ReportError: the manifest lacks one, or it is no whole number.
    """
    stated = results.manifest.get("counts")
    found = dict(stated) if isinstance(stated, Mapping) else {}
    for name in ("rows_read", *OUTCOMES):
        count = found.get(name)
        if not isinstance(count, int) or isinstance(count, bool) or count < 0:
            raise ReportError(f"the count {name!r} is {count!r}, not a whole number", at="manifest")
    return {name: found[name] for name in ("rows_read", *OUTCOMES)}


def assert_counts(results: Results) -> None:
    """Rows read are clear, review, possible violation and rejected together, and the frames hold just as many.

    Raises:
        ReportError: a row is unaccounted for.
    """
    told = counts(results)
    total = sum(told[name] for name in OUTCOMES)
    if total != told["rows_read"]:
        parts = " + ".join(f"{told[name]} {name}" for name in OUTCOMES)
        raise ReportError(f"{told['rows_read']} rows were read, but {parts} make {total}", at="manifest")
    found = _tally(results)
    found["rejected"] = len(cast(pd.DataFrame, results.rejects))
    for name in sorted({*OUTCOMES, *found}):
        if found.get(name, 0) != told.get(name, 0):
            raise ReportError(
                f"counts {told.get(name, 0)} rows as {name}, but {found.get(name, 0)} are held as such", at="manifest"
            )


def _tally(results: Results) -> Counter[str]:
    """How many records are held of each decision."""
    if isinstance(results.decided, Counted):
        return Counter(results.decided.tally())
    found = Counter[str]()
    for frame in results.decided:
        found.update({str(name): int(n) for name, n in frame["decision"].value_counts().items() if n})
    return found


def write(results: Results, folder: Path) -> None:
    """Write manifest.json, keys sorted, with the SHA-256 of every other file of the folder."""
    files = {path.name: _digest(path) for path in sorted(folder.iterdir())}
    stated = {**results.manifest, "counts": counts(results), "kind": KIND, "files": files}
    text = json.dumps(plain(stated), ensure_ascii=False, sort_keys=True, indent=2, allow_nan=False)
    (folder / NAME).write_bytes(f"{text}\n".encode(errors="backslashreplace"))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
