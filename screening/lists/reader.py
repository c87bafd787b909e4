"""What every reader of an official list offers, and what it hands back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from screening.lists.files import ListFile
from screening.model import Entry

Parts = Mapping[str, ListFile]


@dataclass(slots=True)
class Reading:
    """One list as it is being read: the entries come as they are asked for, the notes as they arise.

    Args:
        published: the day of publication the files state; it may become known only while the entries come.
    """

    published: date | None
    entries: Iterable[Entry]
    notes: list[str] = field(default_factory=list)


def _alone(files: Sequence[tuple[ListFile, str]]) -> list[dict[str, ListFile]]:
    """Each file is a list of its own."""
    return [{part: file} for file, part in files]


@dataclass(frozen=True, slots=True)
class Reader:
    """One format of official lists.

    Args:
        format: its name in sources and manifests.
        part: which part of the format a file holds, told from its content; empty where it is of another format.
        read: the list made of the parts.
        sets: which files belong together, where a list comes in several.
        shared: several files of the format may hold entries of the same list.
    """

    format: str
    part: Callable[[ListFile], str]
    read: Callable[[Parts], Reading]
    sets: Callable[[Sequence[tuple[ListFile, str]]], list[dict[str, ListFile]]] = _alone
    shared: bool = False
