"""The first phase: a batch is enriched and matched by itself, and what rules, sums and links may look at is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from screening import outcome
from screening.model import MARK_COLUMNS, Hit, Spoken
from screening.pipeline.stages import Batch, Stages
from screening.rulebook import alerts as alerting
from screening.rulebook import facts as vocabulary
from screening.rulebook import hits as listed
from screening.rulebook import links
from screening.rulebook.conditions import Records
from screening.rulebook.hits import HitTable

# Of every record: its vessel's number if that is valid, the country where it loads, and where links ask whence it came.
SEEN = ("number", "load_country", *links.ARRIVALS)


@dataclass(frozen=True, slots=True)
class Kept:
    """Records of a batch that go on to the second phase.

    Args:
        trades: the records as read, with `at`, their place in the batch, in its order.
        facts: of each, those that need no other record.
    """

    trades: pd.DataFrame
    facts: pd.DataFrame

    def at(self, places: np.ndarray) -> Kept:
        """Those at some places of the batch."""
        found = self.trades["at"].isin(places)
        return Kept(*(one[found.to_numpy()].reset_index(drop=True) for one in (self.trades, self.facts)))


@dataclass(frozen=True, slots=True)
class Looked:
    """What the first phase makes of a batch.

    Args:
        records: all records of the batch, with SEEN. near: those near a list; see outcome.near.
        hits: of all records, joined to their entries; `position` is a place in the batch. reported: each of them as
            reports show it.
        spoken: the names that were read, but for those that a batch before had. seconds: by stage.
    """

    records: pd.DataFrame
    near: pd.DataFrame
    rejects: pd.DataFrame
    marks: pd.DataFrame
    gaps: pd.DataFrame
    hits: pd.DataFrame
    reported: tuple[Hit, ...]
    spoken: tuple[Spoken, ...]
    kept: Kept
    seconds: Mapping[str, float]


def look(batch: Batch, stages: Stages, *, history: bool = False) -> Looked:
    """Enrich and match one batch, and keep what may matter.

    Args:
        history: the records count towards sums and links and are not judged.
    """
    started = stages.clock()
    marks = stages.enricher.marks(batch.frame)
    frame = _marked(batch.frame, marks)
    all_marks = outcome.joined([batch.marks, marks], MARK_COLUMNS).sort_values("row", kind="stable", ignore_index=True)
    marking = stages.clock() - started
    looked = see(frame, batch.rejects, all_marks, stages, history=history)
    return replace(looked, seconds={**looked.seconds, "enrich": looked.seconds["enrich"] + marking})


def see(frame: pd.DataFrame, rejects: pd.DataFrame, marks: pd.DataFrame, stages: Stages, *, history: bool) -> Looked:
    """The same, of records whose cells that cannot be read are marked."""
    started = stages.clock()
    enriched = stages.enricher.enrich(frame)
    meant = stages.clock()
    table, reported = matched(frame, enriched, stages)
    facts = own_facts(frame, enriched, table, stages)
    needed = links.needed(facts)
    if not history:
        needed[stages.judge.watched(Records(facts, table, frame["unreadable"]))] = True
    return Looked(
        records=frame.assign(**_seen(facts)),
        near=outcome.near(table),
        rejects=rejects,
        marks=marks,
        gaps=outcome.gaps(frame, enriched),
        hits=table.frame,
        reported=reported,
        spoken=tuple(stages.matcher.spoken),
        kept=Kept(*(f[needed].reset_index(drop=True) for f in (frame.assign(at=np.arange(len(frame))), facts))),
        seconds={"enrich": meant - started, "match": stages.clock() - meant},
    )


def _seen(facts: pd.DataFrame) -> dict[str, pd.Series]:
    """SEEN of every record."""
    number = facts["imo_number"].where(facts["imo_state"].eq("valid"), "")
    arrives = {name: pd.Series(arrival.at(facts)) for name, arrival in links.ARRIVALS.items()}
    return {"number": number, "load_country": facts["load_country"], **arrives}


def _marked(frame: pd.DataFrame, marks: pd.DataFrame) -> pd.DataFrame:
    """The records with the columns of marked cells added to those that could not be read."""
    if marks.empty:
        return frame
    columns = marks.groupby("row")["column"].agg(";".join)
    more = frame["row"].map(columns).fillna("").astype("str")
    between = np.where(frame["unreadable"].ne("") & more.ne(""), ";", "")
    return frame.assign(unreadable=frame["unreadable"] + pd.Series(between, index=frame.index, dtype="str") + more)


def matched(frame: pd.DataFrame, enriched: pd.DataFrame, stages: Stages) -> tuple[HitTable, tuple[Hit, ...]]:
    """The hits of the records, joined to their entries, and as reports show them."""
    hits = stages.matcher.screen(frame, enriched)
    table = listed.join(hits, stages.snapshot, law(frame, stages), stages.rulebook.concerns)
    evidence = stages.matcher.explain_hits(table.frame, frame)
    return table, alerting.hits(table, stages.snapshot.names, frame, evidence)


def law(frame: pd.DataFrame, stages: Stages) -> pd.Series:
    """The day under whose law and listings each record is judged."""
    if stages.as_of is None:
        return frame["shipped_on"]
    return pd.Series(pd.Timestamp(stages.as_of), index=frame.index, dtype="datetime64[s]")


def own_facts(frame: pd.DataFrame, enriched: pd.DataFrame, table: HitTable, stages: Stages) -> pd.DataFrame:
    """The facts of records that need no other record."""
    facts = vocabulary.frame(enriched, frame.assign(shipped_on=law(frame, stages)))
    facts["identity_changed"], facts["identity_changed_why"] = listed.identity_changed(
        table, frame["vessel"], stages.snapshot.entries
    )
    facts["dprk_hit"] = listed.concerning(table, "dprk")
    facts["identity_why"] = facts["identity_changed_why"]
    return facts
