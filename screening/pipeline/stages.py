"""What a run is made of: the parts that it is given, each behind the few things that are asked of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Protocol

import pandas as pd

from screening.identity import Identities
from screening.model import Feature, Spoken
from screening.outcome import Port
from screening.rulebook.decide import Judge
from screening.rulebook.letters import Letter, Measured
from screening.rulebook.packs import Rulebook

if TYPE_CHECKING:
    from screening.pipeline.again import Former


class Batch(Protocol):
    """A part of a trade file as read."""

    @property
    def frame(self) -> pd.DataFrame:
        """The records that can be screened (see model)."""

    @property
    def rejects(self) -> pd.DataFrame:
        """The rows that cannot: REJECT_COLUMNS."""

    @property
    def marks(self) -> pd.DataFrame:
        """The cells that could not be read: MARK_COLUMNS."""


@dataclass(frozen=True, slots=True)
class Anew:
    """Records of batches that an earlier run left, to be looked at again together; their cells are marked already."""

    frame: pd.DataFrame


class Enricher(Protocol):
    """What records mean."""

    def enrich(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The facts of every record, one column each."""

    def marks(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The cells that could not be read: MARK_COLUMNS."""

    def things(self, description: str) -> Sequence[str]:
        """What a description of goods lists, as far as its words are known."""

    @property
    def ports(self) -> Mapping[str, Port]:
        """The places that records may name, by id."""


class Matcher(Protocol):
    """Who in the records is listed."""

    @property
    def spoken(self) -> Sequence[Spoken]:
        """The texts that the last call of `screen` read and that were not known before."""

    def screen(self, frame: pd.DataFrame, facts: pd.DataFrame) -> pd.DataFrame:
        """HIT_COLUMNS."""

    def explain_hits(self, hits: pd.DataFrame, frame: pd.DataFrame) -> Sequence[tuple[Feature, ...]]:
        """The evidence of every hit."""


class Snapshot(Protocol):
    """The lists."""

    @property
    def entries(self) -> pd.DataFrame:
        """One row per entry."""

    @property
    def names(self) -> pd.DataFrame:
        """One row per listed name."""


def silent(_stage: str, _rows: int) -> None:
    """Tells nobody."""


def timeless() -> float:
    """A clock that stands still."""
    return 0.0


@dataclass(frozen=True, slots=True)
class Stages:
    """What a run is made of: the same stages for every batch, so that no batch can change another's outcome.

    Args:
        measured: what a unit of quantity is, for letters. as_of: the day under whose law and lists all is judged; None
            takes each record's own. letters: exemptions that may lift alerts. tell: is called with a stage and a number
            of rows as the run goes on. clock: seconds, for the timings of stages.
    """

    enricher: Enricher
    matcher: Matcher
    snapshot: Snapshot
    rulebook: Rulebook
    judge: Judge
    identities: Identities
    measured: Callable[[str], Measured | None]
    as_of: date | None = None
    letters: tuple[Letter, ...] = ()
    tell: Callable[[str, int], None] = silent
    clock: Callable[[], float] = timeless


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a run reads.

    Args:
        read: yields the batches of the trade files. history: those of earlier deliveries, which count unjudged.
        unnumbered: the files whose records have no ids of their own, known once they were read.
    """

    read: Callable[[], Iterable[Batch | Former]]
    history: Callable[[], Iterable[Batch | Former]] = tuple
    unnumbered: Callable[[], frozenset[str]] = frozenset
