"""How alike two names are: rapidfuzz's door, and the sum of what met, what is missing and what differs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist


def distances(ours: Sequence[str], theirs: Sequence[str], most: int) -> np.ndarray:
    """The optimal string alignment distance of each pair; `most` + 1 where it is greater than `most`."""
    if not ours:
        return np.zeros(0, np.int64)
    found = cpdist(ours, theirs, scorer=OSA.distance, score_cutoff=most, dtype=np.int32)
    return np.asarray(found, np.int64)
