"""What rules/words.csv says of words, asked of all words of a table at once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

import numpy as np

from screening.matching.letters import Letters
from screening.matching.lookup import Lookup
from screening.matching.settings import Lexicon

LEGAL, STOP, SHIP, CRAFT, COUNTER, NUMERAL = (1 << bit for bit in range(6))
# Roman numbers behind a name; and those that are a name elsewhere, and a number only behind a ship's.
NUMBERS = {"ii": "2", "iii": "3", "iv": "4", "vii": "7", "viii": "8", "ix": "9", "xii": "12"}
ROMAN = NUMBERS | {"vi": "6", "xi": "11"}
_CRAFT = "mv", "vsl"
_U = np.uint64


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """The words of a lexicon; the last row of each column is that of words which it has not.

    Args:
        what: what each is, as bits. form: hash of the one spelling of a legal form, 0 for none.
        meant: of a word with another spelling than its own that is folded, the place of that in `meanings`; else -1.
        named: whether it is in the table of spellings.
    """

    words: list[str]
    lookup: Lookup
    what: np.ndarray
    form: np.ndarray
    meant: np.ndarray
    meanings: Letters
    named: np.ndarray

    def places(self, spelt: np.ndarray) -> np.ndarray:
        """The row of each word, told by its hash."""
        found = np.full(len(spelt), len(self.words))
        at, place = self.lookup.find(spelt)
        found[at] = place
        return found


@lru_cache(maxsize=8)
def reference(lexicon: Lexicon) -> Reference:
    """The reference of a lexicon."""
    kinds: dict[int, Collection[str]] = {
        LEGAL: lexicon.legal, STOP: lexicon.stop, SHIP: lexicon.ship, CRAFT: _CRAFT, COUNTER: lexicon.counter,
        NUMERAL: ROMAN,
    }  # fmt: skip
    tables = (*_classes(lexicon), lexicon.spelling)
    known = chain(*kinds.values(), *tables, *(table.values() for table in tables))
    words = [word for word in dict.fromkeys(known) if word.isascii()]
    what = [sum(bit for bit, some in kinds.items() if word in some) for word in words]
    respelt = frozenset(lexicon.spelling) | frozenset(lexicon.spelling.values())
    meant = [word for word in words if word in lexicon.meanings]
    order = {word: place for place, word in enumerate(meant)}
    return Reference(
        words,
        Lookup.of(np.arange(len(words)), Letters.of(words).hashes()),
        np.array([*what, 0], np.uint8),
        Letters.of([*(lexicon.legal.get(word, "") for word in words), ""]).hashes(),
        np.array([*(order.get(word, -1) for word in words), -1]),
        Letters.of([lexicon.meanings[word] for word in meant]),
        np.array([*(word in respelt for word in words), False]),
    )


@lru_cache(maxsize=8)
def most(lexicon: Lexicon, weights: tuple[float, ...]) -> np.ndarray:
    """The most that each word of the reference may weigh; of a word of several classes the last counts.

    Args:
        weights: of legal forms, places, words of trade, titles and particles.
    """
    weighed = {word: weight for table, weight in zip(_classes(lexicon), weights, strict=True)
               for word in (*table, *table.values())}  # fmt: skip
    return np.array([*(weighed.get(word, 1.0) for word in reference(lexicon).words), 1.0])


def _classes(lexicon: Lexicon) -> tuple[dict[str, str], ...]:
    """The classes of common words."""
    return lexicon.legal, lexicon.place, lexicon.trade, lexicon.title, lexicon.stop
