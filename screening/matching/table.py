"""Names as rows of words: what of each is its core, its legal form and its number, and how much each word weighs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from screening.matching.names import CUT, Readings, split
from screening.matching.score import distances
from screening.matching.settings import Lexicon, Settings
from screening.matching.vocabulary import Lookup, Vocabulary, deletions, fold, hashes, join, spread

LONGEST = 62  # words of a name that are compared
_U = np.uint64
_ROMAN = {"ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "xi": "11", "xii": "12"}
_ROMAN_WORD = re.compile(rf"(?<= )(?:{'|'.join(_ROMAN)})(?![a-z0-9])")
_NUMBERED = re.compile(r"(?<=[a-z])(?=[0-9])|(?<=[0-9])(?=[a-z])")
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

    @property
    def size(self) -> np.ndarray:
        """The number of core words of each row."""
        return np.diff(self.off)

    @property
    def row(self) -> np.ndarray:
        """The row of each core word."""
        return np.repeat(np.arange(len(self.text)), self.size)


def tabulate(readings: Readings, settings: Settings, person: np.ndarray, vessel: np.ndarray) -> Table:
    """The readings as a table; `person` and `vessel` say of each text whether it is known to name one."""
    lexicon, lines = settings.lexicon, readings.lines
    ship = vessel[readings.text]
    for at in np.flatnonzero(ship).tolist():
        lines[at] = _ROMAN_WORD.sub(lambda found: _ROMAN[found[0]], _NUMBERED.sub(" ", lines[at]))
    bag = split(lines)
    row = np.repeat(np.arange(len(lines)), np.diff(bag.off))
    flags = _Flags.of(bag.words, lexicon)
    word = bag.word
    legal = flags.legal[word] & ~person[readings.text][row]
    legal &= ~flags.narrow[word] | _at_end(legal | flags.stop[word], row, bag.off)
    legal &= ~ship[row]
    prefix = flags.ship[word] & _leading(flags.ship[word], row, bag.off) & (ship[row] | flags.craft[word])
    core = ~(legal | prefix)
    bare = np.bincount(row[core & ~flags.stop[word]], minlength=len(lines)) == 0
    core |= bare[row]
    core &= np.arange(len(word)) - bag.off[row] < LONGEST
    word_hash = hashes(bag.words)
    place = np.arange(len(word)) - bag.off[row]
    mixed = (word_hash[word] + _U(1)) * (2 * place.astype(_U) + _U(0x51ED270B))
    line, forms, number = (
        _sum(values, row, len(lines))
        for values in (
            mixed,
            np.where(legal & ~bare[row], flags.form[word], _U(0)),
            np.where(core, flags.number[word], _U(0)),
        )
    )
    vocabulary = Vocabulary.of(bag.words, lexicon)
    off = np.concatenate([[0], np.cumsum(np.bincount(row[core], minlength=len(lines)))])
    return Table(
        readings.text,
        readings.how,
        off,
        word[core],
        line,
        forms,
        number,
        readings.native,
        vocabulary,
        *_letters(bag.words),
    )


def _letters(words: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    letter = np.array([ord(word[0]) if word[:1].isalpha() else 0 for word in words], np.int64)
    return letter, (letter > 0) & np.array([len(word) == 1 for word in words], bool)


@dataclass(frozen=True, slots=True)
class _Flags:
    """What the lexicon says of each word."""

    legal: np.ndarray
    narrow: np.ndarray  # a legal form only at either end of a name
    form: np.ndarray
    stop: np.ndarray
    ship: np.ndarray
    craft: np.ndarray  # a ship prefix wherever a name may stand
    number: np.ndarray

    @staticmethod
    def of(words: Sequence[str], lexicon: Lexicon) -> _Flags:
        legal = np.array([w in lexicon.legal for w in words], bool) | _misspelt(words, lexicon)
        form = np.where(legal, hashes([lexicon.legal.get(w, "") for w in words]), _U(0))
        ship = np.array([w in lexicon.ship for w in words], bool)
        digits = [
            "".join(c for c in w if c.isdigit()).lstrip("0") or ("0" if any(c.isdigit() for c in w) else "")
            for w in words
        ]
        values = [_ROMAN.get(w, d) for w, d in zip(words, digits, strict=True)]
        return _Flags(
            legal,
            np.array([len(w) <= 2 for w in words], bool),
            form,
            np.array([w in lexicon.stop for w in words], bool),
            ship,
            np.array([w in ("mv", "vsl") for w in words], bool),
            hashes(values),
        )


def _misspelt(words: Sequence[str], lexicon: Lexicon) -> np.ndarray:
    """Long words within an edit of a long legal form: 'liabilty', 'compani', 'limitid'."""
    forms = _long_forms(lexicon)
    long = [i for i, w in enumerate(words) if len(w) >= _LONG_FORM - 1]
    vocabulary = Vocabulary.of([words[i] for i in long], lexicon)
    place, value = deletions(vocabulary.words, np.ones(len(long), np.int8))
    at, other = forms.find(value)
    found = np.zeros(len(words), bool)
    pairs = list(dict.fromkeys(zip(place[at].tolist(), other.tolist(), strict=True)))
    known = _long_words(lexicon)
    apart = distances([vocabulary.words[a] for a, _ in pairs], [known[b] for _, b in pairs], 1)
    found[[long[a] for (a, _), d in zip(pairs, apart.tolist(), strict=True) if d <= 1]] = True
    same = _form_folds(lexicon)
    found[[i for i, f in enumerate(fold(words, lexicon)) if f in same]] = True
    return found


_LONG_FORM = 7  # letters of a legal form that is known through a misspelling


@lru_cache(maxsize=8)
def _long_words(lexicon: Lexicon) -> list[str]:
    return [word for word in lexicon.legal if len(word) >= _LONG_FORM]


@lru_cache(maxsize=8)
def _form_folds(lexicon: Lexicon) -> frozenset[str]:
    return frozenset(fold([word for word in lexicon.legal if len(word) >= 5], lexicon))


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


def _at_end(flag: np.ndarray, row: np.ndarray, off: np.ndarray) -> np.ndarray:
    """Where the flag holds from the word to one end of its row."""
    missing = np.concatenate([[0], np.cumsum(~flag)])
    found: np.ndarray = (missing[1:] == missing[off[row]]) | (missing[off[row + 1]] == missing[:-1])
    return found


# ---------------------------------------------------------------- weights
def caps(words: Sequence[str], settings: Settings) -> np.ndarray:
    """The most that each word may weigh, whatever the lists say: the reference of common words."""
    lexicon = settings.lexicon
    known: dict[str, float] = {}
    for table, name in (
        (lexicon.legal, "title"),
        (lexicon.place, "place"),
        (lexicon.trade, "trade"),
        (lexicon.title, "title"),
        (lexicon.stop, "stop"),
    ):
        known |= dict.fromkeys([*table, *table.values()], settings[f"weight.{name}"])
    short, initial, number = settings["weight.short"], settings["weight.initial"], settings["weight.number"]

    def most(word: str) -> float:
        found = known.get(word, 1.0)
        if not word.isalpha():
            return min(found, number)
        return min(found, initial if len(word) == 1 else short if len(word) == 2 else 1.0)

    return np.array([most(word) for word in words], float)


def rarity(table: Table, settings: Settings) -> np.ndarray:
    """How much each word of a list's table weighs: its rarity among the list's names, up to its cap."""
    vocabulary = table.vocabulary
    _, same = np.unique(vocabulary.hash, return_inverse=True)
    rows = max(len(table.text), int(settings["weight.names"]))
    name = table.text[table.row]  # a name with several readings counts once
    pairs = np.unique(name * (same.max(initial=0) + 1) + same[table.word])
    count = np.bincount(pairs % (same.max(initial=0) + 1), minlength=same.max(initial=0) + 1)[same]
    scale = np.log(rows / np.maximum(count, 1)) / np.log(rows)
    weight: np.ndarray = np.minimum(np.clip(scale, settings["weight.least"], 1.0), caps(vocabulary.words, settings))
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


def joins(table: Table) -> Joins:
    """All runs of two or three words of each row."""
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
        found.append((row[at][keep], (at - off[row[at]])[keep], np.full(int(keep.sum()), count), value[keep]))
    rows, start, words, value = (np.concatenate(parts) for parts in zip(*found, strict=True))
    order = np.argsort(rows, kind="stable")
    return Joins(rows[order], start[order], words[order], value[order])


def squashed(table: Table, rows: np.ndarray) -> list[str]:
    """Each row's words written as one."""
    words = table.vocabulary.words
    size = table.size[rows]
    parts = [words[w] for w in table.word[spread(table.off[rows], size)].tolist()]
    ends = np.cumsum(size).tolist()
    return ["".join(parts[a:b]) for a, b in zip([0, *ends[:-1]], ends, strict=False)]


def has_initials(table: Table) -> np.ndarray:
    """Whether each row has a word of which only the beginning stands: one letter, or the last before a cut."""
    found: np.ndarray = np.bincount(table.row[table.initial[table.word]], minlength=len(table.text)) > 0
    begun: np.ndarray = found | ((table.how & CUT) > 0)
    return begun
