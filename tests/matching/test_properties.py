"""What must hold for any names: the verdict depends on name, list and settings alone, and the search loses nothing."""

from __future__ import annotations

import random
import string

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from screening.matching import names
from screening.matching import search as search_module
from screening.matching.compare import score_names
from screening.matching.index import Index
from screening.matching.search import Query, by_squashed, candidates, search
from screening.matching.settings import Settings
from screening.matching.table import tabulate

WORDS = [
    "korvex",
    "marine",
    "shipping",
    "trading",
    "chon",
    "ma",
    "san",
    "kim",
    "jong",
    "un",
    "ri",
    "song",
    "chol",
    "muhammad",
    "mohammed",
    "ahmad",
    "hassan",
    "al",
    "abdul",
    "bank",
    "melli",
    "iran",
    "petro",
    "vostok",
    "vostochny",
    "trans",
    "energy",
    "global",
    "star",
    "ocean",
    "5",
    "6",
    "ii",
    "aleksandr",
    "alexander",
    "ivanov",
    "ivanovich",
    "sergei",
    "j",
    "m",
    "a",
    "olga",
    "gazprom",
    "sakhalin",
    "neft",
    "invest",
    "group",
    "holding",
    "ltd",
    "llc",
    "ooo",
    "company",
    "limited",
    "shpk",
    "golden",
    "flower",
    "kwangson",
    "haedong",
    "paek",
    "san",
    "myong",
    "guk",
]
KINDS = ("person", "organisation", "vessel", "aircraft")


def some_names(rng: random.Random, count: int) -> list[str]:
    """Names of one to five words, some of them misspelt, joined or turned."""
    found = []
    for _ in range(count):
        words = rng.choices(WORDS, k=rng.randint(1, 5))
        at = rng.randrange(len(words))
        match rng.randrange(5):
            case 0:
                place = rng.randrange(len(words[at]))
                words[at] = words[at][:place] + rng.choice(string.ascii_lowercase) + words[at][place + 1 :]
            case 1 if len(words) > 1:
                at = rng.randrange(len(words) - 1)
                words[at : at + 2] = [words[at] + words[at + 1]]
            case 2 if len(words) > 1:
                words = [words[-1] + ",", *words[:-1]]
        found.append(" ".join(words).title())
    return found


@pytest.fixture(scope="module")
def rules() -> Settings:
    return Settings.load()


def an_index(rng: random.Random, rules: Settings, count: int = 150) -> Index:
    entries = pd.DataFrame({"kind": rng.choices(KINDS, k=count)})
    return Index.build(entries, pd.DataFrame({"entry": np.arange(count), "text": some_names(rng, count)}), rules)


def a_query(texts: list[str], index: Index, rules: Settings, vessel: bool = False) -> Query:
    nobody = np.zeros(len(texts), bool)
    return Query.of(
        tabulate(names.read(texts, rules.lexicon, parts=True), rules, nobody, nobody | vessel), index, rules
    )


@pytest.mark.parametrize("seed", range(6))
def test_the_search_finds_just_what_scoring_every_pair_finds(seed, rules):
    rng = random.Random(seed)
    index = an_index(rng, rules)
    query = a_query(some_names(rng, 300), index, rules, vessel=bool(seed % 2))
    rows, listed = len(query.side.table.text), len(index.name)
    left, right = np.repeat(np.arange(rows), listed), np.tile(np.arange(listed), rows)
    score = query.scorer(index, rules).score(left, right).score
    own = np.array([rules.by_kind("cut_off")[k] for k in ("person", "organisation", "vessel", "aircraft", "other")])[
        index.kind
    ]
    for least in (own, np.maximum(own, 92.0)):
        wanted = {
            (a, b, s) for a, b, s in zip(left.tolist(), right.tolist(), score.tolist(), strict=True) if s >= least[b]
        }
        found = search(index, query, least, rules)
        assert set(zip(found.row.tolist(), found.listed.tolist(), found.score.tolist(), strict=True)) == wanted


@pytest.mark.parametrize("seed", range(3))
def test_a_pair_scores_the_same_alone_in_a_batch_in_any_order_and_in_any_chunk(seed, rules, monkeypatch):
    rng = random.Random(100 + seed)
    index = an_index(rng, rules)
    texts = list(dict.fromkeys(some_names(rng, 120)))

    def hits(texts: list[str]) -> set[tuple[str, int, float]]:
        query = a_query(texts, index, rules)
        least = np.full(len(index.name), 80.0)
        found = search(index, query, least, rules)
        owner = query.side.table.text
        return {
            (texts[owner[row]], int(b), float(s))
            for row, b, s in zip(found.row, found.listed, found.score, strict=True)
        }

    whole = hits(texts)
    assert hits(texts[::-1]) == whole
    assert set().union(*(hits([text]) for text in texts[:40])) == {hit for hit in whole if hit[0] in set(texts[:40])}
    assert hits(texts[:50]) | hits(texts[50:]) == whole
    monkeypatch.setattr(search_module, "_CHUNK", 7)
    assert hits(texts) == whole


def test_only_equal_names_reach_100(rules):
    rng = random.Random(5)
    texts = some_names(rng, 300)
    index = Index.build(
        pd.DataFrame({"kind": ["organisation"] * 300}), pd.DataFrame({"entry": np.arange(300), "text": texts}), rules
    )
    query = a_query(texts, index, rules)
    found = search(index, query, np.full(len(index.name), 99.99), rules)
    legal = query.side.table.legal[found.row] == index.side.table.legal[found.listed]
    same_words = [
        sorted(_words(query.side.table, a)) == sorted(_words(index.side.table, b))
        for a, b in zip(found.row, found.listed, strict=True)
    ]
    assert len(found.row) >= 300 and legal.all() and all(same_words)


def _words(table, row) -> list[str]:
    return [table.vocabulary.words[w] for w in table.word[table.off[row] : table.off[row + 1]]]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40))
@example("Ab:Cd,Ef")  # is turned as 'LAST, First' too
@example("A,§:A")
def test_any_text_is_read_without_complaint_and_meets_itself(text):
    score = score_names(text, text, "organisation")
    in_latin = text.isascii()
    assert score.score >= (100 if in_latin else 99.5) or not score.features  # what is read out of a script may differ


def test_candidates_bound_and_squashed_names_stay_within_the_chunk(rules):
    rng = random.Random(9)
    index = an_index(rng, rules)
    query = a_query(some_names(rng, 60), index, rules)
    left, _ = candidates(index, query, 20, 40, np.full(len(index.name), 70.0), rules)
    more, _ = by_squashed(index, query, 20, 40)
    assert all(20 <= row < 40 for row in [*left.tolist(), *more.tolist()])
