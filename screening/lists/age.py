"""How old lists are: days since the issuer last confirmed them, or since they were published."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

from screening.errors import ListFileError
from screening.lists.snapshot import Snapshot
from screening.lists.versions import write_whole

_CONFIRMED = "confirmed.json"


def age_fault(
    snapshot: Snapshot, days: float | Mapping[str, float], today: date, confirmed: Mapping[str, date] | None = None
) -> str:
    """Which lists are older than allowed, and by how much, as one clause; empty where none is.

    A list whose age nobody knows is not known to be young enough.

    Args:
        days: the age allowed, for all lists or by list code; codes that are not there have no limit.
        confirmed: the day on which the issuer last gave a list or confirmed it, by list code.
    """
    faults = []
    for source in snapshot.sources:
        allowed = days.get(source.list, float("inf")) if isinstance(days, Mapping) else days
        days_known = (source.published, (confirmed or {}).get(source.list))
        known = [day for day in days_known if day and day <= today + timedelta(days=1)]  # time zones differ by a day
        if allowed == float("inf"):
            continue
        if not known:
            faults.append(f"{source.list} states no day of publication, or one to come, so that its age is not known")
        elif (age := (today - max(known)).days) > allowed:
            word = "published" if max(known) == source.published else "confirmed by its issuer"
            faults.append(f"{source.list} was last {word} on {max(known)}, {age} days ago; {allowed:g} are allowed")
    return ", ".join(faults)


def confirm(folder: Path, confirmed: Mapping[str, date]) -> None:
    """Notes beside a snapshot on which day each list was last given or confirmed by its issuer."""
    days = {code: day.isoformat() for code, day in sorted(confirmed.items())}
    write_whole(folder / _CONFIRMED, json.dumps(days, indent=1) + "\n")


def confirmed(folder: Path) -> dict[str, date]:
    """The days noted beside a snapshot; none where it was not made by `lists fetch`.

    Raises:
        ListFileError: the note is not readable.
    """
    try:
        text = (folder / _CONFIRMED).read_text(encoding="utf-8")
    except OSError:
        return {}
    try:
        return {str(code): date.fromisoformat(day) for code, day in json.loads(text).items()}
    except (ValueError, TypeError, AttributeError) as error:
        raise ListFileError("cannot be read; fetch the lists again", at=folder / _CONFIRMED) from error
