"""ASCII words as their letters end to end: what the compiled part takes and gives, and what all are asked at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np

_U = np.uint64
_BASE = 0x9E3779B97F4A7C15
_MOST = 400  # powers of the base that are kept


def _multiplied(count: int) -> np.ndarray:
    found = np.full(count, _BASE, _U)
    found[:1] = 1
    multiplied: np.ndarray = np.multiply.accumulate(found)
    return multiplied


POWERS = _multiplied(_MOST)
INVERSES = np.array([pow(pow(_BASE, -1, 1 << 64), i, 1 << 64) for i in range(3)], _U)


def powers(count: int) -> np.ndarray:
    """So many powers of the base of hashes, for words of any length."""
    return POWERS[:count] if count <= _MOST else _multiplied(count)


class Letters(Sequence[str]):
    """ASCII words as their letters end to end and where each begins; words are made of them where they are asked for.

    Args:
        letters: the codes of the letters, and what may follow. off: where each word begins, and where the last ends.
    """

    def __init__(self, letters: np.ndarray, off: np.ndarray) -> None:
        self.letters, self.off = np.append(letters[: off[-1]], np.uint8(0)), off

    @staticmethod
    def of(words: Sequence[str]) -> Letters:
        """The letters of these words.

        Raises:
            UnicodeEncodeError: a word is not ASCII.
        """
        if isinstance(words, Letters):
            return words
        off = np.zeros(len(words) + 1, np.int64)
        np.cumsum(np.fromiter(map(len, words), np.int64, len(words)), out=off[1:])
        return Letters(np.frombuffer("".join(words).encode("ascii"), np.uint8), off)

    def __len__(self) -> int:
        return len(self.off) - 1

    def __getitem__(self, place: int) -> str:  # type: ignore[override]  # no slices
        return self._words[place]

    def __iter__(self) -> Iterator[str]:
        return iter(self._words)

    @cached_property
    def _text(self) -> str:
        return self.letters[:-1].tobytes().decode("ascii")

    @cached_property
    def _words(self) -> list[str]:
        ends = self.off.tolist()
        return list(map(self._text.__getitem__, map(slice, ends, ends[1:])))

    def some(self, places: np.ndarray) -> list[str]:
        """The words at these places; a few cost little."""
        text, bounds = self._text, zip(self.off[places].tolist(), self.off[places + 1].tolist(), strict=True)
        return [text[start:end] for start, end in bounds]

    @property
    def sizes(self) -> np.ndarray:
        """The letters of each word."""
        return np.diff(self.off)

    @property
    def firsts(self) -> np.ndarray:
        """The first letter of each word as a number, 0 where there is none."""
        found: np.ndarray = np.where(self.sizes > 0, self.letters[self.off[:-1]], 0).astype(np.int64)
        return found

    @property
    def digits(self) -> np.ndarray:
        """The digits of each word."""
        return self._sums((self.letters - np.uint8(ord("0")) < 10).astype(np.int64))

    def hashes(self) -> np.ndarray:
        """A 64-bit hash of each word; see vocabulary.hashes."""
        return self._sums(np.append(self._coded(), _U(0)))

    def beginnings(self, least: int) -> np.ndarray:
        """The hashes of what these words begin with, of at least so many letters and not all: distinct, sorted."""
        running = np.concatenate([np.zeros(1, _U), np.cumsum(self._coded(), dtype=_U)])
        size, place = np.repeat(self.sizes, self.sizes), self._places() + 1
        found = running[1:] - np.repeat(running[self.off[:-1]], self.sizes)
        return np.unique(found[(place >= least) & (place < size)])

    def _places(self) -> np.ndarray:
        """The place of each letter in its word."""
        found: np.ndarray = np.arange(len(self.letters) - 1) - np.repeat(self.off[:-1], self.sizes)
        return found

    def _coded(self) -> np.ndarray:
        """What each letter adds to the hash of its word."""
        of_place = powers(int(self.sizes.max(initial=0)))
        found: np.ndarray = (self.letters[:-1].astype(_U) + _U(1)) * of_place[self._places()]
        return found

    def _sums(self, values: np.ndarray) -> np.ndarray:
        """The sum of each word's values; `values` has one more than there are letters."""
        if not len(self):
            return np.zeros(0, values.dtype)
        found: np.ndarray = np.where(self.sizes > 0, np.add.reduceat(values, self.off[:-1]), values.dtype.type(0))
        return found
