"""The score of two names by themselves, with or without a list to tell which words are common."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from screening.errors import UsageError
from screening.matching import names
from screening.matching.explain import features
from screening.matching.index import Index
from screening.matching.pairs import KINDS
from screening.matching.search import Query
from screening.matching.settings import Settings
from screening.matching.table import tabulate
from screening.model import Score
from screening.signs import is_text, legible

SCORED = ("person", "organisation", "vessel")


def score_names(ours: str, theirs: str, kind: str = "", settings: Settings | None = None) -> Score:
    """How alike two names are, 0 to 100, with what was compared.

    Args:
        ours: the name as a record has it. theirs: as a list has it.
        kind: person, organisation or vessel; where it is not given, the kind by which the names are most alike.

    Raises:
        UsageError: the kind is none of these, or a name is no text.
    """
    for name in (ours, theirs):
        if not isinstance(name, str):
            raise UsageError(f"{name!r} is no name; a text is expected", at="score_names")
        if not is_text(name):
            raise UsageError(f"{legible(name)!r} holds bytes that are no text", at="score_names")
    if kind not in ("", *SCORED):
        raise UsageError(f"{kind!r} is no kind; use person, organisation or vessel", at="kind")
    kinds = [kind] if kind else ["person", "organisation"]
    scores = [score_pairs([(ours, theirs)], k, settings)[0] for k in kinds]
    return max(scores, key=lambda score: score.score)


def score_pairs(pairs: Sequence[tuple[str, str]], kind: str, settings: Settings | None = None) -> list[Score]:
    """The score of each pair of names of one kind, each by itself, words weighing what the reference of words says."""
    settings = settings or Settings.load()
    theirs = pd.DataFrame({"entry": np.arange(len(pairs)), "text": [b for _, b in pairs]})
    index = Index.build(
        pd.DataFrame({"kind": [kind if kind in KINDS else "other"] * len(pairs)}), theirs, settings, counted=False
    )
    table = tabulate(
        names.read([a for a, _ in pairs], settings.lexicon, parts=True, fields=settings.fields, ships=kind == "vessel"),
        settings,
        np.zeros(len(pairs), bool),
        np.full(len(pairs), kind == "vessel"),
    )
    query = Query.of(table, index, settings, counted=False)
    scorer = query.scorer(index, settings)
    a, b = (np.searchsorted(owner, np.arange(len(pairs) + 1)) for owner in (table.text, index.name))
    triples = [(k, x, y) for k in range(len(pairs)) for x in range(a[k], a[k + 1]) for y in range(b[k], b[k + 1])]
    which, left, right = (np.array(column, np.int64) for column in zip(*triples, strict=True))
    score = scorer.score(left, right).score
    order = np.lexsort((right, left, -score, which))
    best = order[np.flatnonzero(np.diff(which[order], prepend=-1))]
    scored = scorer.score(left[best], right[best])
    told = features(scorer, scored, left[best], right[best])
    return [Score(float(points), feature) for points, feature in zip(scored.score, told, strict=True)]
