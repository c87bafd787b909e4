"""What an alert says: a rule's sentence filled with what the record states, its hits in words, and what is in doubt."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from screening.model import Alert, Hit
from screening.rulebook.conditions import AllOf, Answer, AnyOf, Condition, FactTest, HitTest, Records, answer, leaves
from screening.rulebook.facts import DAY, FACTS
from screening.rulebook.rule import Period


def sentence(explain: str, values: Mapping[str, Any], hits: Sequence[Hit]) -> str:
    """A rule's sentence with the names in braces replaced by what the record says."""
    told = {name: v.replace(";", " and ") for name, v in values.items() if name in FACTS and FACTS[name].type == "set"}
    return _Sentence().vformat(explain, (), {**values, **told, "hits": "; ".join(map(_met, hits))})


def plain(value: Any) -> Any:
    """A fact as JSON holds it; None where it is unknown."""
    if pd.isna(value) or (isinstance(value, float) and not np.isfinite(value)):
        return None
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return value.item() if isinstance(value, np.generic) else value


def retold(alert: Alert, before: Sequence[Hit]) -> Alert | None:
    """An alert whose words were told of other scores of its hits, told of those that they have now.

    Scores stand in an alert's words, and nothing rests on them but which doubtful hit is told first; None where that is
    another, where the hits differ in more than their scores, or where the words are not sure to be found.
    """
    now, words = alert.hits, dict[str, str]()
    if _most_like(before) != _most_like(now) or len(before) != len(now):
        return None
    for old, new in zip(before, now, strict=True):
        if replace(old, score=new.score, features=new.features) != new or (old.score != new.score and old.by != "name"):
            return None
        for was, told in ((_met(old), _met(new)), (_open_match(old), _open_match(new))):
            if words.setdefault(was, told) != told:
                return None
    words = {was: told for was, told in words.items() if was != told}
    if any(text.count(was) > 1 for text in (alert.reason, alert.doubt) for was in words):
        return None
    return replace(alert, reason=_replaced(alert.reason, words), doubt=_replaced(alert.doubt, words))


def _replaced(text: str, words: Mapping[str, str]) -> str:
    """The text with some words in place of others, all at once: what is put may be what another stood for."""
    if not words:
        return text
    return re.sub("|".join(map(re.escape, words)), lambda found: words[found[0]], text)


def _most_like(hits: Sequence[Hit]) -> int:
    """The place of the likeliest of the hits that are not certain, -1 where all are."""
    uncertain = [place for place, hit in enumerate(hits) if not hit.certain]
    return max(uncertain, key=lambda place: hits[place].score, default=-1)


def _met(hit: Hit) -> str:
    listed = f"listed on {hit.listed_on}" if hit.listed_on else "the list gives no listing date"
    how = (
        "matches" if hit.by == "name" else "has the identifier of" if hit.score == 100 else "is close to the number of"
    )
    return f"{hit.role} '{hit.value}' {how} {hit.listed_name} ({hit.entry_id}; score {hit.score:.1f}; {listed})"


def _open_match(hit: Hit) -> str:
    return f"the match with {hit.listed_name} is not certain, score {hit.score:.1f}"


class Doubts:
    """What kept rules from firing surely on some records: a date, a fact or a match that is open.

    Every condition is answered once, for all of these records together.
    """

    def __init__(self, records: Records, positions: Iterable[int]) -> None:
        chosen = sorted(set(positions))
        self._row = {position: row for row, position in enumerate(chosen)}
        self._hits = records.hits
        self._some = Records(records.facts.iloc[chosen], records.hits, records.unreadable.iloc[chosen])
        self._undated = self._some.facts[DAY].isna().to_numpy(dtype=bool)
        self._answers: dict[FactTest, Answer] = {}
        self._columns: dict[str, list[Any]] = {}

    def of(self, period: Period, position: int, hits: Sequence[Hit]) -> str:
        """The doubts about one rule on one record, a semicolon between.

        Args:
            hits: those on which the rule would rest.
        """
        doubts = ["the date could not be read"] if self._undated[self._row[position]] else []
        if period.early:
            since = period.rule.since
            doubts.append(f"the measure dates from {since}, and the list does not say when the entry was listed")
        for condition in period.when:
            if not self._surely(condition, position):
                doubts += [told for test in leaves(condition) for told in self._open(test, position, hits)]
        return "; ".join(dict.fromkeys(doubts))

    def _open(self, test: FactTest | HitTest, position: int, hits: Sequence[Hit]) -> list[str]:
        """Why a single test holds perhaps and not surely; nothing where it is not so."""
        if isinstance(test, HitTest):
            likeliest = _most_like(hits)
            return [_open_match(hits[likeliest])] if likeliest >= 0 else []
        held, row = self._answer(test), self._row[position]
        if test.fact == DAY or not held.perhaps[row] or held.sure[row]:
            return []
        if FACTS[test.fact].low:
            return [self._between(test, row)]
        fact, named = FACTS[test.fact], f"{test.fact}_why"
        why = str(self._value(named, row)) if named in FACTS else ""
        if fact.type != "yes/no":
            cells = " and ".join(cell.replace("_", " ") for cell in fact.cells)
            return [f"the {fact.name.replace('_', ' ')} is not known, since {cells} could not be read"]
        return [f"it is not known whether {fact.meaning.split(':')[0]}" + (f" ({why})" if why else "")]

    def _between(self, test: FactTest, row: int) -> str:
        """The bounds of a number within which a limit lies."""
        fact = FACTS[test.fact]
        low, high = (float(self._value(name, row)) for name in (fact.low, fact.high))
        name = fact.name.replace("_", " ")
        if not np.isfinite(low) or not np.isfinite(high):
            least = f", at least {low:,.0f} {fact.unit}" if np.isfinite(low) and low > 0 else ""
            return f"{name} is not known{least}"
        limit = f"{test.operand:,.0f}" if isinstance(test.operand, float) else str(test.operand)
        asked = f"{test.operator.replace('_', ' ')} {limit}"
        return f"{name} lies between {low:,.0f} and {high:,.0f} {fact.unit}, {asked} decides"

    def _surely(self, condition: Condition, position: int) -> bool:
        if isinstance(condition, AnyOf):
            return any(self._surely(test, position) for test in condition.tests)
        if isinstance(condition, AllOf):
            return all(self._surely(test, position) for test in condition.tests)
        if isinstance(condition, HitTest):
            return bool(self._hits.matching(condition).sure[position])
        return bool(self._answer(condition).sure[self._row[position]])

    def _answer(self, test: FactTest) -> Answer:
        if test not in self._answers:
            self._answers[test] = answer(test, self._some)
        return self._answers[test]

    def _value(self, fact: str, row: int) -> Any:
        if fact not in self._columns:
            self._columns[fact] = self._some.facts[fact].tolist()
        return self._columns[fact][row]


class _Sentence(string.Formatter):
    """Fills a rule's sentence; a figure that is unknown reads 'unknown', a text that is empty 'not stated'."""

    def format_field(self, value: Any, format_spec: str) -> str:
        told = plain(value)
        if told is None:
            return "unknown"
        if told == "":
            return "not stated"
        if isinstance(told, bool):
            return "yes" if told else "no"
        if isinstance(told, str):
            return told
        return str(format(told, format_spec))
