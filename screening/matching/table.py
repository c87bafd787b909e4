"""Names as rows of words: what of each is its core, its legal form and its number, and how much each word weighs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from screening.matching import kernels, names
from screening.matching.hangul import is_syllable
from screening.matching.letters import Letters
from screening.matching.lookup import Lookup, spread
from screening.matching.names import CUT, Readings
from screening.matching.reference import COUNTER, CRAFT, LEGAL, NUMERAL, ROMAN, SHIP, STOP, most, reference
from screening.matching.score import distances
from screening.matching.settings import Lexicon, Settings
from screening.matching.vocabulary import Vocabulary, deletions, fold, hashes, join
from screening.model import Spoken

SPELT_OUT = 64  # beside how a reading came about (see names): all its words are syllables, one a particle elsewhere
_MOST_SYLLABLES, _LONGEST_SYLLABLE = 5, 8  # words of a name, and letters of one
LONGEST = 62  # words of a name that are compared
_U = np.uint64
LIGHT = 0.12  # words up to this weight (titles, particles) are not counted as words that meet or miss


@dataclass(frozen=True, slots=True)
class Table:
    """Readings as rows; `off` bounds each row's core words in `word`.

    Args:
        text: whose reading the row is. how: how it came about.
        line: hash of the whole reading. legal, number: hash of its legal forms and of its numbers, 0 for none.
        native: a number for its Hangul or Chinese characters, 0 for none.
    """

    text: np.ndarray
    how: np.ndarray
    off: np.ndarray
    word: np.ndarray
    line: np.ndarray
    legal: np.ndarray
    number: np.ndarray
    native: np.ndarray
    vocabulary: Vocabulary
    letter: np.ndarray  # per word of the vocabulary: its first letter, 0 for a number
    initial: np.ndarray  # per word of the vocabulary: whether it is one letter
    form_like: np.ndarray  # per word of the vocabulary: whether it is long and within an edit of a legal form

    @property
    def size(self) -> np.ndarray:
        """The number of core words of each row."""
        return np.diff(self.off)

    def take(self, rows: np.ndarray) -> Table:
        """These rows alone, with the same vocabulary."""
        size = self.size[rows]
        by_row = (self.text, self.how, self.line, self.legal, self.number, self.native)
        text, how, line, legal, number, native = (column[rows] for column in by_row)
        off, word = np.concatenate([[0], np.cumsum(size)]), self.word[spread(self.off[rows], size)]
        return Table(text, how, off, word, line, legal, number, native, self.vocabulary, self.letter, self.initial,
                     self.form_like)  # fmt: skip

    @property
    def row(self) -> np.ndarray:
        """The row of each core word."""
        return np.repeat(np.arange(len(self.text)), self.size)


def tabulate(readings: Readings, settings: Settings, person: np.ndarray, vessel: np.ndarray) -> Table:
    """The readings as a table; `person` and `vessel` say of each text whether it is known to name one."""
    lexicon, lines = settings.lexicon, readings.raw
    ship = vessel[readings.text]
    bag = names.words(lines, lexicon, ship)
    row = np.repeat(np.arange(len(lines)), np.diff(bag.off))
    vocabulary = Vocabulary.of(bag.words, lexicon)
    flags = _Flags.of(vocabulary, lexicon)
    word = bag.word
    legal = flags.legal[word]
    legal = (legal | flags.form_like[word] & _between(legal, row)) & ~person[readings.text][row]
    legal &= ~flags.narrow[word] | _at_end(legal | flags.stop[word], row, bag.off)
    legal &= ~ship[row]
    prefix = flags.ship[word] & _leading(flags.ship[word], row, bag.off) & (ship[row] | flags.craft[word])
    prefix |= ship[row] & flags.counter[word] & _beside(flags.number[word] != 0, row)
    core = ~(legal | prefix)
    bare = np.bincount(row[core & ~flags.stop[word]], minlength=len(lines)) == 0
    core |= bare[row]
    core &= np.arange(len(word)) - bag.off[row] < LONGEST
    place = np.arange(len(word)) - bag.off[row]
    mixed = (vocabulary.spelt[word] + _U(1)) * (2 * place.astype(_U) + _U(0x51ED270B))
    line, forms, number = (
        _sum(values, row, len(lines))
        for values in (
            mixed,
            np.where(legal & ~bare[row], flags.form[word], _U(0)),
            np.where(core, flags.number[word] + np.where(ship[row], flags.letter[word], _U(0)), _U(0)),
        )
    )
    off = np.concatenate([[0], np.cumsum(np.bincount(row[core], minlength=len(lines)))])
    spelt_out = _spelt_out(vocabulary, flags.stop, word[core], row[core], len(lines))
    return Table(
        readings.text,
        readings.how | np.where(spelt_out, SPELT_OUT, 0).astype(np.int8),
        off,
        word[core],
        line,
        forms,
        number,
        readings.native,
        vocabulary,
        *_letters(vocabulary.words),
        flags.form_like,
    )


def spoken(texts: Sequence[str], table: Table, *, ship: bool) -> Spoken:
    """Texts with the words of their table."""
    readings = np.searchsorted(table.text, np.arange(len(texts) + 1))
    return Spoken(ship, texts, readings, table.off, table.word, list(table.vocabulary.words))


def retold(said: Spoken, lexicon: Lexicon) -> Table:
    """The table of texts as far as their words tell it: no legal forms, no numbers, nor how each reading came about."""
    rows = len(said.words) - 1
    none, text = np.zeros(rows, _U), np.repeat(np.arange(len(said.texts)), np.diff(said.readings))
    how, vocabulary = np.zeros(rows, np.int8), Vocabulary.of(said.vocabulary, lexicon)
    return Table(text, how, said.words, said.word, none, none, none, none, vocabulary, *_letters(vocabulary.words),
                 _form_like(vocabulary, lexicon))  # fmt: skip


def _spelt_out(
    vocabulary: Vocabulary, stop: np.ndarray, word: np.ndarray, row: np.ndarray, rows: int
) -> np.ndarray:
    """The rows of Korean syllables and numbers only, among them what elsewhere is a particle: Mu Du Bong."""
    counts, particle = np.bincount(row, minlength=rows), np.bincount(row[stop[word]], minlength=rows)
    some = (particle > 0) & (counts > particle) & (counts <= _MOST_SYLLABLES)
    some &= np.bincount(row[vocabulary.size[word] > _LONGEST_SYLLABLE], minlength=rows) == 0
    asked = np.unique(word[some[row]])
    fits = np.zeros(len(vocabulary.words), bool)
    fits[asked] = list(map(is_syllable, vocabulary.words.some(asked)))
    found: np.ndarray = some & (np.bincount(row[~fits[word]], minlength=rows) == 0)
    return found


def _letters(words: Letters) -> tuple[np.ndarray, np.ndarray]:
    letter = words.firsts
    letter[letter < ord("a")] = 0
    return letter, (letter > 0) & (words.sizes == 1)


@dataclass(frozen=True, slots=True)
class _Flags:
    """What the lexicon says of each word."""

    legal: np.ndarray
    narrow: np.ndarray  # a legal form only at either end of a name
    form: np.ndarray
    stop: np.ndarray
    ship: np.ndarray
    craft: np.ndarray  # a ship prefix wherever a name may stand
    counter: np.ndarray  # says that the number beside it is one
    number: np.ndarray
    form_like: np.ndarray
    letter: np.ndarray  # of a word of one letter, which tells a ship from others as a number does

    @staticmethod
    def of(vocabulary: Vocabulary, lexicon: Lexicon) -> _Flags:
        words, told = vocabulary.words, reference(lexicon)
        place = told.places(vocabulary.spelt)
        flags = told.what[place]
        legal = flags & LEGAL > 0
        number, letter = (np.zeros(len(words), _U) for _ in range(2))
        at = np.flatnonzero((words.digits > 0) | (flags & NUMERAL > 0))
        number[at] = hashes(list(map(_number, words.some(at))))
        at = np.flatnonzero((vocabulary.size == 1) & (number == 0))
        letter[at] = vocabulary.spelt[at]
        return _Flags(
            legal,
            vocabulary.size <= 2,
            np.where(legal, told.form[place], _U(0)),
            flags & STOP > 0,
            flags & SHIP > 0,
            flags & CRAFT > 0,
            flags & COUNTER > 0,
            number,
            _form_like(vocabulary, lexicon),
            letter,
        )


def _number(word: str) -> str:
    """The number that a word tells, if any."""
    digits = "".join(c for c in word if c.isdigit())
    return ROMAN.get(word, digits.lstrip("0") or digits[:1])


def _form_like(vocabulary: Vocabulary, lexicon: Lexicon) -> np.ndarray:
    """Long words within an edit of a long legal form: 'liabilty', 'compani', 'limitid'.

    Between legal forms they are one. Elsewhere they are words of the name, for 'Shariat' is a family name, and weigh
    little; see search.py.
    """
    forms = _form_folds(lexicon)
    found: np.ndarray = forms[np.minimum(np.searchsorted(forms, vocabulary.hash), len(forms) - 1)] == vocabulary.hash
    if kernels.LIBRARY is not None:
        found |= kernels.near(vocabulary.words, _long_words(lexicon))
        return found
    long = np.flatnonzero(vocabulary.size >= _LONG_FORM - 1)
    found[long] |= _near(vocabulary.words.some(long), lexicon)
    return found


def _near(words: list[str], lexicon: Lexicon) -> np.ndarray:
    """Which of the words are within an edit of a long legal form."""
    place, value = deletions(words, np.ones(len(words), np.int8))
    at, other = _long_forms(lexicon).find(value)
    known, found = _long_words(lexicon), np.zeros(len(words), bool)
    pairs = list(dict.fromkeys(zip(place[at].tolist(), other.tolist(), strict=True)))
    apart = distances([words[a] for a, _ in pairs], [known[b] for _, b in pairs], 1)
    found[[a for (a, _), d in zip(pairs, apart.tolist(), strict=True) if d <= 1]] = True
    return found


_LONG_FORM = 7  # letters of a legal form that is known through a misspelling


@lru_cache(maxsize=8)
def _long_words(lexicon: Lexicon) -> Letters:
    return Letters.of([word for word in lexicon.legal if len(word) >= _LONG_FORM])


@lru_cache(maxsize=8)
def _form_folds(lexicon: Lexicon) -> np.ndarray:
    return np.unique(hashes(fold([word for word in lexicon.legal if len(word) >= 5], lexicon)))


@lru_cache(maxsize=8)
def _long_forms(lexicon: Lexicon) -> Lookup:
    words = _long_words(lexicon)
    return Lookup.of(*deletions(words, np.ones(len(words), np.int8)))


def _sum(values: np.ndarray, row: np.ndarray, rows: int) -> np.ndarray:
    total = np.concatenate([np.zeros(1, _U), np.cumsum(values, dtype=_U)])
    ends = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=rows))])
    found: np.ndarray = total[ends[1:]] - total[ends[:-1]]
    return found


def _leading(flag: np.ndarray, row: np.ndarray, off: np.ndarray) -> np.ndarray:
    """Where the flag holds for the word and every word before it in the row."""
    missing = np.concatenate([[0], np.cumsum(~flag)])
    found: np.ndarray = missing[1:] == missing[off[row]]
    return found


def _beside(flag: np.ndarray, row: np.ndarray) -> np.ndarray:
    """Where the flag holds for the word before or after in the same row."""
    before, after = (np.zeros(len(flag), bool) for _ in range(2))
    before[1:], after[:-1] = flag[:-1] & (row[1:] == row[:-1]), flag[1:] & (row[1:] == row[:-1])
    found: np.ndarray = before | after
    return found


def _between(flag: np.ndarray, row: np.ndarray) -> np.ndarray:
    """Where the flag holds for the words on both sides in the same row."""
    found = np.zeros(len(flag), bool)
    found[1:-1] = flag[:-2] & flag[2:] & (row[:-2] == row[2:])
    return found


def _at_end(flag: np.ndarray, row: np.ndarray, off: np.ndarray) -> np.ndarray:
    """Where the flag holds from the word to one end of its row."""
    missing = np.concatenate([[0], np.cumsum(~flag)])
    found: np.ndarray = (missing[1:] == missing[off[row]]) | (missing[off[row + 1]] == missing[:-1])
    return found


# ---------------------------------------------------------------- weights
def caps(vocabulary: Vocabulary, settings: Settings) -> np.ndarray:
    """The most that each word may weigh, whatever the lists say: the reference of common words."""
    lexicon = settings.lexicon
    classes = tuple(settings[f"weight.{name}"] for name in ("title", "place", "trade", "title", "stop"))
    short, initial, number = settings["weight.short"], settings["weight.initial"], settings["weight.number"]

    found = most(lexicon, classes)[reference(lexicon).places(vocabulary.spelt)]
    size, digits = vocabulary.size, vocabulary.words.digits
    sized = np.select([size == 1, size == 2], [initial, short], 1.0)
    least = np.select([digits == 0, digits == size], [sized, number], np.minimum(sized, number))
    capped: np.ndarray = np.minimum(found, least)
    return capped


def rarity(table: Table, settings: Settings) -> np.ndarray:
    """How much each word of a list's table weighs: its rarity among the list's names, up to its cap.

    Told in steps of counts, so that a list that changes a little leaves nearly all words weighing what they weighed.
    """
    vocabulary, steps, least = table.vocabulary, settings["weight.steps"], settings["weight.names"]
    _, same = np.unique(vocabulary.hash, return_inverse=True)
    whole = np.log2(least) * steps + np.rint(np.log2(max(len(table.text) / least, 1.0)) * steps)
    name = table.text[table.row]  # a name with several readings counts once
    pairs = np.unique(name * (same.max(initial=0) + 1) + same[table.word])
    count = np.bincount(pairs % (same.max(initial=0) + 1), minlength=same.max(initial=0) + 1)[same]
    scale = 1 - np.rint(np.log2(np.maximum(count, 1)) * steps) / whole
    weight: np.ndarray = np.minimum(np.clip(scale, settings["weight.least"], 1.0), caps(vocabulary, settings))
    return weight


@dataclass(frozen=True, slots=True)
class Joins:
    """Runs of two or three words of a row written together: row, first word's place in the row, words, hash."""

    row: np.ndarray
    start: np.ndarray
    words: np.ndarray
    hash: np.ndarray

    def take(self, at: np.ndarray) -> Joins:
        """The runs at these places."""
        return Joins(self.row[at], self.start[at], self.words[at], self.hash[at])


def joins(table: Table, known: Lookup | None = None) -> Joins:
    """All runs of two or three words of each row; where words are known that they are to meet, those that may."""
    word, row, off, vocabulary = table.word, table.row, table.off, table.vocabulary
    found = []
    for count in (2, 3):
        last = max(len(word) - count + 1, 0)
        at = np.flatnonzero(row[:last] == row[count - 1 :][:last]) if last else np.zeros(0, np.int64)
        value, length = vocabulary.spelt[word[at]], vocabulary.size[word[at]]
        for step in range(1, count):
            value = join(value, length, vocabulary.spelt[word[at + step]])
            length = length + vocabulary.size[word[at + step]]
        keep = (length >= 4) & (length <= 30)
        keep &= True if known is None else known.may_hold(value)
        found.append((row[at][keep], (at - off[row[at]])[keep], np.full(int(keep.sum()), count), value[keep]))
    rows, start, words, value = (np.concatenate(parts) for parts in zip(*found, strict=True))
    order = np.argsort(rows, kind="stable")
    return Joins(rows[order], start[order], words[order], value[order])


def squashed(table: Table, rows: np.ndarray) -> list[str]:
    """Each row's words written as one."""
    size = table.size[rows]
    parts = table.vocabulary.words.some(table.word[spread(table.off[rows], size)])
    ends = np.cumsum(size).tolist()
    return ["".join(parts[a:b]) for a, b in zip([0, *ends[:-1]], ends, strict=False)]


def has_letters(table: Table) -> np.ndarray:
    """Whether each row has a word of one letter."""
    found: np.ndarray = np.bincount(table.row[table.initial[table.word]], minlength=len(table.text)) > 0
    return found


def has_initials(table: Table) -> np.ndarray:
    """Whether each row has a word of which only the beginning may stand: one letter, or the last before a cut."""
    begun: np.ndarray = has_letters(table) | ((table.how & CUT) > 0)
    return begun
