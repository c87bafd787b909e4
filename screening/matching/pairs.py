"""The score of pairs of names, by the same steps for one pair or a million, so that both come out the same."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from screening.matching.align import Meeter, Meetings, Side, best, product
from screening.matching.latin import KOREAN, SYLLABLES, TRANSLITERATED
from screening.matching.lookup import spread
from screening.matching.names import CUT, PART, TURNED
from screening.matching.score import distances
from screening.matching.settings import Settings
from screening.matching.table import LIGHT, SPELT_OUT, has_initials, squashed

KINDS = ("person", "organisation", "vessel", "aircraft", "other")
PERSON, VESSEL = KINDS.index("person"), KINDS.index("vessel")
SQUASHED_LEAST, SQUASHED_EDIT = 5, 9  # letters from which names are compared without blanks, and may differ by one edit
ROUNDED = 0.006  # points by which a score may be more than the sum it is rounded from, and a little
TELLING = 0.5  # the weight from which a word tells one name from another
_U = np.uint64


@dataclass(frozen=True)
class Rows:
    """A side's figures per row, worked out once."""

    side: Side

    @cached_property
    def total(self) -> np.ndarray:
        """The weight of each row."""
        return self.side.total()

    @cached_property
    def light(self) -> np.ndarray:
        """The weight of each row's titles and particles."""
        table, weight = self.side.table, self.side.weight[self.side.table.word]
        found: np.ndarray = np.bincount(table.row, np.where(weight <= LIGHT, weight, 0.0), minlength=len(table.text))
        return found

    @cached_property
    def initials(self) -> np.ndarray:
        """Whether a row has a word of which only the beginning stands."""
        found: np.ndarray = has_initials(self.side.table)
        return found

    @cached_property
    def telling(self) -> np.ndarray:
        """The letters of each row's words that are neither trade nor place words nor otherwise common."""
        table, weight = self.side.table, self.side.weight
        letters = np.where(weight >= TELLING, table.vocabulary.size, 0)[table.word]
        found: np.ndarray = np.bincount(table.row, letters, minlength=len(table.text)).astype(np.int64)
        return found

    @cached_property
    def letters(self) -> np.ndarray:
        """The letters of each row's words together."""
        table = self.side.table
        found: np.ndarray = np.bincount(table.row, table.vocabulary.size[table.word], minlength=len(table.text)).astype(
            np.int64
        )
        return found


@dataclass(frozen=True, slots=True)
class Scored:
    """Scores of pairs with what makes them: the words that met, and the points each part added, per pair."""

    score: np.ndarray
    meetings: Meetings
    added: np.ndarray  # points per meeting
    parts: dict[str, np.ndarray]
    whole: np.ndarray  # where the names met written as one word, better than word by word

    def take(self, at: np.ndarray) -> Scored:
        """What is told of the pairs at these places, in this order."""
        off = np.searchsorted(self.meetings.pair, np.arange(len(self.score) + 1))
        count = np.diff(off)[at]
        meeting = spread(off[at], count)
        return Scored(
            self.score[at],
            replace(self.meetings.take(meeting), pair=np.repeat(np.arange(len(at)), count)),
            self.added[meeting],
            {name: points[at] for name, points in self.parts.items()},
            self.whole[at],
        )


def _spelt_out(rows: Rows, row: np.ndarray) -> np.ndarray:
    """Where a row is of syllables, one of which is a particle elsewhere."""
    found: np.ndarray = (rows.side.table.how[row] & SPELT_OUT) > 0
    return found


@dataclass(frozen=True, slots=True)
class _Met:
    """The words of pairs that met.

    Args:
        held: the meetings; w, v: what the words of each weigh on our side and theirs.
        kind: of their entry. syllables: where a name was read from syllables. total, other: weights of the names.
        ours, theirs: the shares of them that met. share: of the score, from the better of the two.
        missing, over: weights that did not meet, ours and theirs. begun: where an initial of ours met their first
            word.
        exact: words at least so alike are the same.
    """

    held: Meetings
    kind: np.ndarray
    syllables: np.ndarray
    w: np.ndarray
    v: np.ndarray
    total: np.ndarray
    other: np.ndarray
    ours: np.ndarray
    theirs: np.ndarray
    share: np.ndarray
    missing: np.ndarray
    over: np.ndarray
    begun: np.ndarray
    exact: float

    def count(self, flag: np.ndarray) -> np.ndarray:
        """The meetings of each pair for which the flag holds."""
        return np.bincount(self.held.pair[flag], minlength=len(self.kind))

    @property
    def left_out(self) -> np.ndarray:
        """Where a word that counts met nothing."""
        found: np.ndarray = (self.missing > LIGHT) | (self.over > LIGHT)
        return found

    @property
    def unlike(self) -> np.ndarray:
        """Where words met that are not the same."""
        found: np.ndarray = self.count(self.held.similarity < self.exact) > 0
        return found

    @property
    def tells(self) -> np.ndarray:
        """How many meetings tell one name from others."""
        return self.count(np.minimum(self.w, self.v) >= TELLING)

    def points(self) -> np.ndarray:
        """What each meeting adds to the score."""
        pair, similarity = self.held.pair, self.held.similarity
        better = np.where(self.ours >= self.theirs, self.share, 1 - self.share)[pair]
        found: np.ndarray = 100 * similarity * (
            better * self.w / self.total[pair] + (1 - better) * self.v / self.other[pair]
        )  # fmt: skip
        return found


class Scorer:
    """Scores pairs of our rows and their rows.

    Args:
        kind: the kind of entry of each of their rows, as a place in KINDS.
    """

    def __init__(self, meeter: Meeter, kind: np.ndarray, settings: Settings, theirs: Rows | None = None) -> None:
        self.meeter, self.kind, self.settings = meeter, kind, settings
        self.ours, self.theirs = Rows(meeter.ours), theirs or Rows(meeter.theirs)
        self.figure = {
            name: np.array([settings.by_kind(name)[k] for k in KINDS])
            for name in ("coverage", "added", "contradiction", "information.least", "information.part")
        }

    # ------------------------------------------------------------ words
    def promising(self, left: np.ndarray, right: np.ndarray, least: np.ndarray) -> np.ndarray:
        """The pairs that may score `least` or more: no other can, whatever the alignment."""
        found = self.meeter.meetings(left, right)
        w, v = self._weights(found, left, right)
        ours = np.minimum(np.bincount(found.pair, w * found.similarity, minlength=len(left)) / self.ours.total[left], 1)
        theirs = np.minimum(
            np.bincount(found.pair, v * found.similarity, minlength=len(left)) / self.theirs.total[right], 1
        )
        share = self._share_of_better(ours, theirs, self.kind[right], left, right)
        keep = 100 * _covered(ours, theirs, share) >= least - ROUNDED
        enough = np.minimum(ours, theirs) >= self.settings["similarity.initial_needs"] - 1e-6
        keep |= (self.ours.initials[left] | self.theirs.initials[right]) & enough
        return np.flatnonzero(keep)

    def _share_of_better(
        self, ours: np.ndarray, theirs: np.ndarray, kind: np.ndarray, left: np.ndarray, right: np.ndarray
    ) -> np.ndarray:
        """The share of the score that comes from the better covered of the two names."""
        usual, added = self.figure["coverage"][kind], self.figure["added"][kind]
        share = np.where(theirs > ours, np.minimum(usual, added), usual)
        share = np.where(self._syllables(left, right), self.settings["coverage.syllables"], share)
        cut = (self.ours.side.table.how[left] & CUT) > 0
        cut &= np.minimum(ours, theirs) >= self.settings["similarity.initial_needs"] - 1e-9
        found: np.ndarray = np.where(cut, np.maximum(share, self.settings["cut.coverage"]), share)
        return found

    def _syllables(self, left: np.ndarray, right: np.ndarray) -> np.ndarray:
        """Where a name was read out of a script of syllables, so that each word is one and none is left out."""
        found: np.ndarray = ((self.ours.side.table.how[left] | self.theirs.side.table.how[right]) & SYLLABLES) > 0
        return found

    def _weights(self, found: Meetings, left: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """What the words of each meeting weigh on either side."""
        return (
            _weigh(self.ours.side, left[found.pair], found.ours, found.our_words),
            _weigh(self.theirs.side, right[found.pair], found.theirs, found.their_words),
        )

    def _initials(self, held: Meetings, left: np.ndarray, right: np.ndarray) -> Meetings:
        """Initials that meet a word not yet met, where words already cover enough of both names."""
        w, v = self._weights(held, left, right)
        least, pairs = self.settings["similarity.initial_needs"], len(left)
        ours = np.bincount(held.pair, w * held.similarity, minlength=pairs) / self.ours.total[left]
        theirs = np.bincount(held.pair, v * held.similarity, minlength=pairs) / self.theirs.total[right]
        some = self.ours.initials[left] | self.theirs.initials[right]
        usual = (self.kind[right] == PERSON) | ((self.ours.side.table.how[left] & CUT) > 0)
        needed = np.where(usual, least, self.settings["similarity.initial_needs_company"])
        at = np.flatnonzero(some & (np.minimum(ours, theirs) >= needed - 1e-9))
        a, b = self.ours.side.table, self.theirs.side.table
        pair, place, other = product(a.off, left[at], b.off, right[at])
        x, y = a.word[place], b.word[other]
        fits = (a.initial[x] != b.initial[y]) & (a.letter[x] == b.letter[y]) & (a.letter[x] > 0)
        cut = self._cut_words(left[at][pair], place, x, y)
        fits = (fits | cut) & ((self.ours.side.weight[x] > LIGHT) | a.initial[x])
        fits &= (self.theirs.side.weight[y] > LIGHT) | b.initial[y]
        pair, place, other = (
            at[pair[fits]],
            place[fits] - a.off[left[at[pair[fits]]]],
            other[fits] - b.off[right[at[pair[fits]]]],
        )
        one = np.ones(len(pair), np.int64)
        like = np.where(cut[fits], self.settings["cut.word"], self.settings["similarity.initial"])
        found = Meetings(pair, place, one, other, one, like)
        used = held.used(pairs)
        free = ((used[0][pair] >> place.astype(_U)) | (used[1][pair] >> other.astype(_U))) & _U(1) == 0
        found = found.take(np.flatnonzero(free))
        return best(found, -found.theirs.astype(float), pairs)  # an initial is rather the first given name's

    def _begun(self, held: Meetings, left: np.ndarray) -> np.ndarray:
        """The meetings of a letter of ours with their first word."""
        table = self.ours.side.table
        letter = table.initial[table.word[table.off[left[held.pair]] + held.ours]]
        found: np.ndarray = np.flatnonzero(letter & (held.theirs == 0))
        return found

    def _cut_words(self, row: np.ndarray, place: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """Where our word is the last of a text that may be cut, and their word begins with it."""
        a, b = self.ours.side.table, self.theirs.side.table
        found = ((a.how[row] & CUT) > 0) & (place == a.off[row + 1] - 1) & (a.letter[x] == b.letter[y])
        found &= (a.vocabulary.size[x] > 1) & (a.vocabulary.size[x] < b.vocabulary.size[y])
        at = np.flatnonzero(found)
        ours, theirs = a.vocabulary.words.some(x[at]), b.vocabulary.words.some(y[at])
        found[at] = list(map(str.startswith, theirs, ours))
        return np.asarray(found, bool)

    # ------------------------------------------------------------ the sum
    def score(self, left: np.ndarray, right: np.ndarray) -> Scored:
        """The score of each pair of our row and their row: what the words come to, what is taken off, what is told."""
        met = self._met(left, right)
        parts = self._words(met, left, right)
        points, whole = self._whole(left, right)
        whole &= points > sum(parts.values())
        parts = {name: np.where(whole, points if name == "words" else 0.0, part) for name, part in parts.items()}
        parts |= self._names(left, right, met.kind)
        score = np.clip(sum(parts.values()), 0, 100)
        over = np.maximum(score - self.settings["read_as_korean"], 0)
        parts["korean"] = -np.where(self._read_as_korean(left, right), over, 0.0)
        score += parts["korean"]
        parts["information"] = -score * self._untold(met, whole)
        score += parts["information"]
        return Scored(np.round(score, 2), met.held, met.points(), parts, whole)

    def _met(self, left: np.ndarray, right: np.ndarray) -> _Met:
        """The words of each pair that meet."""
        pairs, kind = len(left), self.kind[right]
        found, syllables = self.meeter.meetings(left, right), self._syllables(left, right)
        found = found.take(
            np.flatnonzero(~syllables[found.pair] | (found.similarity >= self.settings["similarity.syllable"]))
        )
        held = best(found, self._weights(found, left, right)[0], pairs)
        held = held.plus(self._initials(held, left, right))
        w, v = self._weights(held, left, right)
        total, other = self.ours.total[left], self.theirs.total[right]
        ours = np.bincount(held.pair, w * held.similarity, minlength=pairs) / total
        theirs = np.bincount(held.pair, v * held.similarity, minlength=pairs) / other
        count = np.bincount(held.pair[np.minimum(w, v) > LIGHT], minlength=pairs)
        share = np.where(count > 1, self._share_of_better(ours, theirs, kind, left, right), 0.0)
        missing = (1 - np.bincount(held.pair, w, minlength=pairs) / total) * total
        over = (1 - np.bincount(held.pair, v, minlength=pairs) / other) * other
        begun = np.bincount(held.pair[self._begun(held, left)], minlength=pairs) > 0
        return _Met(held, kind, syllables, w, v, total, other, ours, theirs, share, missing, over, begun,
                    self.settings["similarity.joined"] - 1e-9)  # fmt: skip

    def _words(self, met: _Met, left: np.ndarray, right: np.ndarray) -> dict[str, np.ndarray]:
        """The points of the words that met, and what is taken off for how they met and for those that did not."""
        held, get, kind, lesser = met.held, self.settings.__getitem__, met.kind, np.minimum(met.w, met.v)
        unmet = self._unmet(self.ours, left, held, met.w, met.missing) / met.total
        unmet *= self._unmet(self.theirs, right, held, met.v, met.over) / met.other
        inexact = -get("deduct.inexact") * (met.left_out | met.unlike)
        lacking = met.syllables & met.left_out & (kind == PERSON)
        dropped = _spelt_out(self.ours, left) & (met.missing > 1e-6)
        dropped |= _spelt_out(self.theirs, right) & (met.over > 1e-6)
        dropped &= ~met.left_out
        misspelt = met.count((lesser >= TELLING) & (held.similarity < get("similarity.respelt")))
        joined = met.count((held.our_words > 1) | (held.their_words > 1)) > 0
        disordered, rotated = self._disordered(held, lesser > LIGHT, left, right)
        order = np.where(met.syllables & ~rotated, get("deduct.syllable_order"), get("deduct.order"))
        return {
            "words": 100 * _covered(met.ours, met.theirs, met.share),
            "contradiction": -100 * self.figure["contradiction"][kind] * np.sqrt(unmet),
            "inexact": inexact
            - np.where(lacking, get("deduct.syllable_missing"), 0.0)
            - np.where(dropped, get("deduct.syllable_dropped"), 0.0),
            "lone word": -get("deduct.lone") * ((met.tells == 1) & (misspelt == 1)),
            "spacing": -get("deduct.spacing") * joined,
            "order": -order * disordered,
        }

    def _untold(self, met: _Met, whole: np.ndarray) -> np.ndarray:
        """The share of the score that is lost because the words that met are too common to name anyone."""
        heavy = np.minimum(met.w, met.v) > LIGHT
        told = (met.held.similarity * np.minimum(met.w, met.v))[heavy]
        known = np.bincount(met.held.pair[heavy], told, minlength=len(whole))
        least, part = self.figure["information.least"][met.kind], self.figure["information.part"][met.kind]
        initials = met.begun & (met.missing <= LIGHT) & (met.kind == PERSON)
        need = np.select([~met.left_out, initials], [least, self.settings["information.initials"]], part)
        poor = (known < need - 1e-9) & (met.left_out | met.unlike) & ~whole
        untold = met.left_out & (met.tells == 0) & (met.kind != PERSON) & ~whole
        less = np.where(poor, 1 - known / need, 0.0)
        found: np.ndarray = np.maximum(less, np.where(untold, self.settings["information.untold"], 0.0))
        return found

    @staticmethod
    def _unmet(rows: Rows, row: np.ndarray, held: Meetings, weight: np.ndarray, missing: np.ndarray) -> np.ndarray:
        """What of the weight that is missing from a side is neither title nor particle."""
        met = np.bincount(held.pair, np.where(weight <= LIGHT, weight, 0.0), minlength=len(row))
        found: np.ndarray = np.maximum(missing - (rows.light[row] - met) - 1e-9, 0)
        return found

    def _disordered(
        self, held: Meetings, heavy: np.ndarray, left: np.ndarray, right: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Where words that met stand in another order, and where only what stood first stands last or the reverse.

        Family name first or last is the same order where a comma tells which it is.
        """
        at = np.flatnonzero(heavy)
        at = at[np.lexsort((held.ours[at], held.pair[at]))]
        pair, theirs, pairs = held.pair[at], held.theirs[at], len(left)
        back = (pair[1:] == pair[:-1]) & (theirs[1:] < theirs[:-1])
        falls = np.bincount(pair[1:][back], minlength=pairs)
        first = np.flatnonzero(np.diff(pair, prepend=-1))
        wraps = np.zeros(pairs, bool)
        wraps[pair[first]] = theirs[np.append(first[1:], len(pair))[: len(first)] - 1] < theirs[first]
        turned = ((self.ours.side.table.how[left] | self.theirs.side.table.how[right]) & TURNED) > 0
        rotated = (falls == 1) & wraps
        return (falls > 0) & ~(turned & rotated), rotated

    def _names(self, left: np.ndarray, right: np.ndarray, kind: np.ndarray) -> dict[str, np.ndarray]:
        """What is taken off for the names as wholes: legal form, script, part of a text, numbers."""
        a, b, get = self.ours.side.table, self.theirs.side.table, self.settings.__getitem__
        form, their_form = a.legal[left], b.legal[right]
        differs = (form != their_form) & (kind != PERSON)
        dropped = differs & ((form == 0) | (their_form == 0))
        script = (a.how[left] & TRANSLITERATED) + (b.how[right] & TRANSLITERATED)
        x, y = a.native[left], b.native[right]
        both = _of_one_script(x, y)
        off = np.where(x & _U(1) == 0, get("deduct.hangul_differs"), get("deduct.chinese_differs"))
        number, their_number = a.number[left], b.number[right]
        unequal = (kind == VESSEL) & (number != their_number)
        one = unequal & ((number == 0) | (their_number == 0))
        return {
            "legal form": -_first(dropped, get("deduct.legal_dropped"), differs, get("deduct.legal_differs")),
            "script": -get("deduct.transliterated") * np.where(both, 0, np.minimum(script, 1)),
            "native": -np.where(both & (x != y), off, 0.0),
            "part": -get("deduct.part") * ((a.how[left] & PART) > 0),
            "cut": -get("deduct.cut") * ((a.how[left] & CUT) > 0),
            "number": -_first(one, get("deduct.number_missing"), unequal, get("deduct.number_differs")),
        }

    def _read_as_korean(self, left: np.ndarray, right: np.ndarray) -> np.ndarray:
        """Where Chinese characters were read as Korean, and the other name is in none."""
        a, b = self.ours.side.table, self.theirs.side.table
        korean = (a.how[left] | b.how[right]) & KOREAN > 0
        found: np.ndarray = korean & ~_of_one_script(a.native[left], b.native[right])
        return found

    def _whole(self, left: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Points of each pair written without blanks and whether they are within an edit of each other that way."""
        a, b = self.ours.letters[left], self.theirs.letters[right]
        same = self.ours.side.table.number[left] == self.theirs.side.table.number[right]
        close = (np.abs(a - b) <= 1) & (np.minimum(a, b) >= SQUASHED_LEAST) & same
        at = np.flatnonzero(close)
        apart = distances(squashed(self.ours.side.table, left[at]), squashed(self.theirs.side.table, right[at]), 1)
        longer = np.maximum(a, b)[at]
        telling = np.minimum(self.ours.telling[left[at]], self.theirs.telling[right[at]])
        known = self._syllables(left[at], right[at])
        fits = (apart == 0) | ((apart == 1) & (telling >= SQUASHED_EDIT) & ~known)
        points, whole = np.zeros(len(left)), np.zeros(len(left), bool)
        spacing, inexact = self.settings["deduct.spacing"], self.settings["deduct.inexact"]
        points[at] = (
            100 * self.settings["similarity.joined"] * (1 - apart / longer) - spacing - np.where(apart > 0, inexact, 0)
        )
        whole[at] = fits
        return points, whole


def _of_one_script(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Where both names are in Hangul, or both in Chinese characters, told by Table.native."""
    found: np.ndarray = (x != 0) & (y != 0) & ((x ^ y) & _U(1) == 0)
    return found


def _covered(ours: np.ndarray, theirs: np.ndarray, share: np.ndarray) -> np.ndarray:
    covered: np.ndarray = share * np.maximum(ours, theirs) + (1 - share) * np.minimum(ours, theirs)
    return covered


def _weigh(side: Side, row: np.ndarray, place: np.ndarray, words: np.ndarray) -> np.ndarray:
    first = side.table.off[row] + place
    found: np.ndarray = side.weight[side.table.word[first]]
    for more in (1, 2):
        at = np.flatnonzero(words > more)
        found[at] += side.weight[side.table.word[first[at] + more]]
    return found


def _first(one: np.ndarray, points: float, other: np.ndarray, others: float) -> np.ndarray:
    """So many points where the one holds, else so many where the other does."""
    found: np.ndarray = np.where(one, points, np.where(other, others, 0.0))
    return found
