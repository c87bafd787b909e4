"""Which places have a hash: what words, runs of words and whole names are found by."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

_U = np.uint64


@dataclass(frozen=True, slots=True)
class Lookup:
    """Hashes with the places that have them, sorted, and what finds them quickly.

    Args:
        coarse: bits for the first bits of a hash, all but `coarse_shift`, that say no quickly.
        bucket: where hashes with the same first bits, all but `shift`, begin.
    """

    hash: np.ndarray
    place: np.ndarray
    coarse: np.ndarray
    coarse_shift: int
    bucket: np.ndarray
    shift: int

    @staticmethod
    def of(place: np.ndarray, value: np.ndarray) -> Lookup:
        """The lookup of these places by their hashes."""
        order = np.argsort(value, kind="stable")
        ordered = value[order]
        bits, few = min(24, max(12, len(value).bit_length() + 3)), max(len(value).bit_length() - 2, 1)
        coarse = np.zeros(1 << bits, bool)
        coarse[(ordered >> _U(64 - bits)).astype(np.int64)] = True
        first = np.searchsorted(ordered, np.arange(1 << few, dtype=_U) << _U(64 - few))
        return Lookup(
            hash=ordered,
            place=place[order].astype(np.int32),
            coarse=np.packbits(coarse, bitorder="little"),
            coarse_shift=64 - bits,
            bucket=np.append(first, len(value)).astype(np.int32),
            shift=64 - few,
        )

    def may_hold(self, value: np.ndarray) -> np.ndarray:
        """Which of the hashes may be there: all that are, and some more."""
        bit = value >> _U(self.coarse_shift)
        found: np.ndarray = self.coarse[(bit >> _U(3)).astype(np.int64)] >> (bit & _U(7)).astype(np.uint8) & 1 > 0
        return found

    def find(self, value: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """All (position in `value`, place) with equal hashes."""
        maybe = np.flatnonzero(self.may_hold(value))
        sought = value[maybe]
        low = np.searchsorted(self.hash, sought, "left")
        count = np.searchsorted(self.hash, sought, "right") - low
        return np.repeat(maybe, count), self.place[spread(low, count)].astype(np.int64)


def spread(start: np.ndarray, count: np.ndarray) -> np.ndarray:
    """start[0], start[0]+1, ... for count[0] numbers, then the same from start[1], and so on."""
    total = int(count.sum())
    if not total:
        return np.zeros(0, np.int64)
    ends = np.cumsum(count)
    found: np.ndarray = np.arange(total) + np.repeat(start - (ends - count), count)
    return found


def distinct(keys: np.ndarray) -> np.ndarray:
    """The distinct keys in ascending order."""
    ordered = np.sort(keys)
    found: np.ndarray = ordered[np.flatnonzero(np.diff(ordered, prepend=-1))]
    return found
