"""ASCII words as their letters end to end: what the compiled part takes and gives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np


class Letters(Sequence[str]):
    """ASCII words as their letters end to end and where each begins; a word is made of them when it is asked for."""

    def __init__(self, letters: np.ndarray, off: np.ndarray) -> None:
        self.letters, self.off = np.append(letters[: off[-1]], np.uint8(0)), off

    def __len__(self) -> int:
        return len(self.off) - 1

    def __getitem__(self, place: int) -> str:  # type: ignore[override]  # no slices
        return self.letters[self.off[place] : self.off[place + 1]].tobytes().decode("ascii")

    def __iter__(self) -> Iterator[str]:
        text, ends = self.letters[:-1].tobytes().decode("ascii"), self.off.tolist()
        return map(text.__getitem__, map(slice, ends, ends[1:]))


class Words(list[str]):
    """A list of ASCII words with their letters besides, which a list takes long to give."""

    letters: np.ndarray
    off: np.ndarray

    @classmethod
    def of(cls, letters: np.ndarray, off: np.ndarray) -> Words:
        """The words that stand in these letters."""
        found = cls(spelt := Letters(letters, off))
        found.letters, found.off = spelt.letters, off
        return found
