"""The nouns of the field, as frozen values, and the columns of the frames that travel between the stages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, Protocol, runtime_checkable

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd


class Kind(StrEnum):
    """What a list entry is."""

    PERSON = "person"
    ORGANISATION = "organisation"
    VESSEL = "vessel"
    AIRCRAFT = "aircraft"
    OTHER = "other"


class Strength(StrEnum):
    """How well the issuer says a name identifies its entry."""

    PRIMARY = "primary"
    STRONG = "strong alias"
    WEAK = "weak alias"


class Status(StrEnum):
    """What became of a hit."""

    KEPT = "kept"
    WEAK = "weak"
    SUPPRESSED = "suppressed"
    RULED_OUT = "ruled_out"


class Decision(StrEnum):
    """The outcome of a record, gravest last."""

    CLEAR = "clear"
    REVIEW = "review"
    POSSIBLE_VIOLATION = "possible_violation"

    @property
    def gravity(self) -> int:
        """0 for clear, 1 for review, 2 for possible violation."""
        return list(Decision).index(self)


class Severity(StrEnum):
    """How much an alert matters, gravest last."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def gravity(self) -> int:
        """0 for low to 3 for critical."""
        return list(Severity).index(self)


@dataclass(frozen=True, slots=True)
class ListedName:
    """A name under which an entry is listed, as the issuer wrote it."""

    text: str
    strength: Strength = Strength.PRIMARY


@dataclass(frozen=True, slots=True)
class Identifier:
    """A number that identifies an entry; `type` is one of IDENTIFIER_TYPES."""

    type: str
    value: str


IDENTIFIER_TYPES = (
    "imo", "company_imo", "mmsi", "bic", "lei", "tax", "registration", "passport", "id", "call_sign", "other",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """A designated party on one list.

    Args:
        entry_id: the list's code, a colon, the issuer's own key; unique in a snapshot.
        list: the list's code; the part before the first hyphen is the authority, as in US-SDN.
        names: the primary name first; native-script names are names like any other.
        measures: what the designation entails, as the issuer words it.
        countries: ISO 3166 alpha-2 codes or names, as listed.
        listed_on: None where the list gives no date.
    """

    entry_id: str
    list: str
    kind: Kind
    names: tuple[ListedName, ...]
    identifiers: tuple[Identifier, ...] = ()
    programmes: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    birth_dates: tuple[str, ...] = ()
    listed_on: date | None = None
    delisted_on: date | None = None
    remarks: str = ""

    @property
    def authority(self) -> str:
        """The issuing authority's short code: US, UN, EU, UK, KR, JP ..."""
        return self.list.split("-", 1)[0]


@dataclass(frozen=True, slots=True)
class Source:
    """One official list as it was read: a file, or a set of files that belong together."""

    list: str
    format: str
    files: tuple[str, ...]
    sha256: tuple[str, ...]
    published: date | None
    entries: int


# ---------------------------------------------------------------- trade records
PARTY_ROLES = (
    "shipper", "consignee", "notify_party", "seller", "buyer", "carrier", "owner", "operator", "insurer", "terminal",
    "remitting_bank", "beneficiary_bank",
)  # fmt: skip
VESSEL_COLUMNS = ("vessel", "imo", "flag")
PLACE_COLUMNS = ("load_port", "discharge_port", "onward_port")
COLUMNS = (
    "record_id", "date", *PARTY_ROLES, *VESSEL_COLUMNS, *PLACE_COLUMNS, "origin", "destination", "hs", "goods",
    "quantity", "unit", "committee_notice", "exemption", "basis",
)  # fmt: skip

# A frame of trade records has these string columns besides COLUMNS, and is indexed 0..n-1:
#   source       the file's name as shown to the user
#   row          int64, the row of the file as a spreadsheet numbers it (line number in JSON Lines)
#   unreadable   the columns whose cells could not be read, ';' between, '' where all could
# and these typed columns:
#   shipped_on   datetime64[s], NaT where `date` could not be read
#   amount       float64, NaN where `quantity` is empty or could not be read
MARK_COLUMNS = ("source", "row", "record_id", "column", "value", "reason")
REJECT_COLUMNS = ("source", "row", "column", "value", "reason")


# ---------------------------------------------------------------- matching
class Feature(NamedTuple):
    """One thing that was compared, both values as the reviewer saw them, and what it added to the score."""

    name: str
    ours: str
    theirs: str
    similarity: float
    added: float
    note: str = ""


class Score(NamedTuple):
    """How alike two names are, 0 to 100, and why."""

    score: float
    features: tuple[Feature, ...] = ()


class Spoken(NamedTuple):
    """Texts with the words that they were read as, which a change of lists is held against.

    Args:
        ship: whether they were read as ships' names. readings: where the readings of each begin, and the last ends.
        words: where the words of each reading begin, and the last ends. word: which of `vocabulary` each is.
    """

    ship: bool
    texts: Sequence[str]
    readings: np.ndarray
    words: np.ndarray
    word: np.ndarray
    vocabulary: Sequence[str]


# One row per record, role and entry; `position` is the record's index in its frame.
HIT_COLUMNS = {
    "position": "int64",  # record's index in the frame of records
    "role": "str",  # the column the value stood in: shipper, vessel, imo ...
    "value": "str",  # as written
    "entry": "int64",  # index in Snapshot.entries
    "name": "int64",  # index in Snapshot.names; -1 where an identifier alone matched
    "by": "str",  # 'identifier' or 'name'
    "score": "float64",  # 0..100
    "certain": "bool",  # identifier equal, or the score at or above the cut-off for certainty
    "status": "str",  # Status
    "reason": "str",  # of the status, one clause
}


@dataclass(frozen=True, slots=True)
class Hit:
    """A possible match of one party or vessel of a record with one list entry, as reports show it."""

    source: str
    row: int
    record_id: str
    role: str
    value: str
    entry_id: str
    list: str
    kind: str
    listed_name: str
    name_strength: str
    score: float
    by: str
    certain: bool
    features: tuple[Feature, ...]
    programmes: tuple[str, ...]
    listed_on: date | None
    status: str
    reason: str


# ---------------------------------------------------------------- results
@dataclass(frozen=True, slots=True)
class Citation:
    """A paragraph of law and whether its text was seen or is from memory."""

    text: str
    status: str  # 'seen' or 'unverified'


@dataclass(frozen=True, slots=True)
class RecordKey:
    """Where a record stands."""

    source: str
    row: int
    record_id: str


@dataclass(frozen=True, slots=True)
class Alert:
    """A rule fired for one record or a linked group."""

    alert_id: str
    rule_id: str
    title: str
    decision: Decision
    severity: Severity
    regime: str
    citations: tuple[Citation, ...]
    records: tuple[RecordKey, ...]
    reason: str
    facts: dict[str, object]
    hits: tuple[Hit, ...] = ()
    lifted_by: str = ""
    doubt: str = ""  # why a rule that states a graver decision led to review only
    false_positives: str = ""  # what typically makes the rule fire wrongly
    rests_on: tuple[RecordKey, ...] = ()  # other records that the alert draws on and does not accuse


@dataclass(frozen=True, slots=True)
class Place:
    """A port, rail point or sea area that the file names, for the sketch map."""

    place_id: str
    name: str
    country: str
    latitude: float
    longitude: float
    records: int


@dataclass(frozen=True, slots=True)
class Leg:
    """Traffic between two places of the sketch map; `decision` is the gravest among its records."""

    start: str
    end: str
    records: int
    decision: Decision


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery in a ledger, with the totals after it.

    Args:
        amount: what it adds to the total of its basis. total: of its basis. most: over all bases, what is doubtful too.
        counted: it surely counts, and its quantity is known. history: it comes from --history.
    """

    source: str
    row: int
    record_id: str
    day: date
    basis: str
    amount: float
    total: float
    most: float
    counted: bool
    history: bool


@dataclass(frozen=True, slots=True)
class LedgerYear:
    """One period of one ceiling: its deliveries in order, its notices (what, amount) and its ceiling."""

    account: str
    title: str
    unit: str
    start: date
    end: date
    ceiling: float
    notices: tuple[tuple[str, float], ...]
    deliveries: tuple[Delivery, ...]


@runtime_checkable
class Rendered(Protocol):
    """Decisions or hits that are held as the lines of the file they go to."""

    def rendered(self) -> Iterator[bytes | memoryview]:
        """These lines, some at a time."""


@runtime_checkable
class Counted(Protocol):
    """Decisions that tell how many they are without being read."""

    def tally(self) -> Mapping[str, int]:
        """How many records are held of each decision."""


@dataclass(frozen=True, slots=True)
class Results:
    """All that one run found, as the reports read it.

    Args:
        decided: frames of DECISION_COLUMNS, to be read one after the other as often as wanted: a row per screened
            record in input order.
        records: the records named in alerts, a frame of COLUMNS plus source and row.
        hits: likewise one after the other, as often as wanted.
        rejects: REJECT_COLUMNS. marks: MARK_COLUMNS.
        ledger: the periods of the ceilings that the records fall in.
        manifest: JSON-ready; see reports/README in the manifest module for its keys.
    """

    decided: Iterable[pd.DataFrame]
    records: object
    alerts: tuple[Alert, ...]
    hits: Iterable[Hit]
    rejects: object
    marks: object
    places: tuple[Place, ...]
    legs: tuple[Leg, ...]
    manifest: dict[str, object] = field(default_factory=dict)
    ledger: tuple[LedgerYear, ...] = ()

    @property
    def decisions(self) -> pd.DataFrame:
        """The decisions of all records, DECISION_COLUMNS."""
        import pandas as pd

        return pd.concat(self.decided, ignore_index=True)


DECISION_COLUMNS = ("source", "row", "record_id", "decision", "severity", "rules", "score", "reason")
