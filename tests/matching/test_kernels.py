"""The compiled search and the one in NumPy find the same pairs with the same scores, to the last bit."""

from __future__ import annotations

import random
import string
from dataclasses import fields

import hypothesis
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.lists import open_lists
from screening.matching import kernels, names
from screening.matching.compare import score_names
from screening.matching.index import Index
from screening.matching.likeness import Finder
from screening.matching.score import distances
from screening.matching.search import Found, Query, exhaust, search
from screening.matching.settings import Settings
from screening.matching.table import _form_like, tabulate
from screening.matching.vocabulary import Vocabulary

TEXT = """korvex marine shipping trading chon ma san kim jong un ri song chol muhammad mohammed al abdul rahman petro
vostok vostochny trans energy aleksandr alexander ivanov ivanovich j m a s gazprom gasprom neft invest group holding
ltd llc ooo company limited golden flower kwangson haedong paek myong 5 6 12 ii bank melli mellat iran"""
WORDS = TEXT.split()
KINDS = ("person", "organisation", "vessel", "aircraft", "other")
SCRIPTS = ["김정은", "천마산", "Ким Чен Ын", "Иванов", "金正恩", "محمد", "Müller", "Łódź"]

pytestmark = pytest.mark.skipif(kernels.LIBRARY is None, reason="the kernels are not compiled here")


def some_names(rng: random.Random, count: int) -> list[str]:
    """Names of one to eight words and scripts, most of them altered in one of many ways."""
    found = []
    for _ in range(count):
        words = [rng.choice(WORDS) for _ in range(rng.randint(1, 8))]
        at = rng.randrange(len(words))
        place = rng.randrange(len(words[at]))
        match rng.randrange(16):
            case 0:
                words[at] = words[at][:place] + rng.choice(string.ascii_lowercase) + words[at][place:]
            case 1:
                words[at] = words[at][:place] + words[at][place + 1 :]
            case 2:
                words[at : at + 2] = ["".join(words[at : at + 2])]
            case 3:
                words = [rng.choice(SCRIPTS)]
            case 4:
                words = [words[-1] + ",", *words[:-1]]
            case 5:
                words[at] = words[at].translate(str.maketrans("oizsb", "01258"))
            case 6:
                words[at] = words[at][:1] + "".join(letter for letter in words[at][1:] if letter not in "aeiou")
            case 7:
                words = " ".join(words * 4)[: rng.choice([20, 30, 35])].split()
            case 8:
                words.insert(at, rng.choice(["/", "ex", "formerly", "c/o", "aka", "o/b/o"]))
            case 9:
                words[at] = words[at][0] + rng.choice(["", "."])
            case 10:
                words[at] = words[at].translate(str.maketrans("ywvkqf", "iwwcks"))
        found.append(" ".join(words))
    return found


def of_lists(shared, rng: random.Random, count: int) -> list[str]:
    """Names of the UN list, in its scripts, and of real companies, people and ships."""
    listed = open_lists(shared / "lists" / "un-2025-11-20").names["text"].astype(str).tolist()
    pools = (shared / "pools" / f"{pool}.txt" for pool in ("companies", "persons", "vessels"))
    return rng.sample(listed, count) + [
        name for pool in pools for name in rng.sample(pool.read_text("utf-8").split("\n"), count // 3)
    ]


@pytest.fixture(scope="module")
def rules() -> Settings:
    return Settings.load()


def both(monkeypatch: pytest.MonkeyPatch, work):
    """The result compiled, and in NumPy."""
    compiled = work()
    with monkeypatch.context() as without:
        without.setattr(kernels, "LIBRARY", None)
        return compiled, work()


def searched(texts: list[str], listed: list[str], kinds: list[str], ship: bool, rules: Settings, way=search):
    """All that is found of the texts in the list: rows, and scores."""
    rows = pd.DataFrame({"entry": np.arange(len(listed)), "text": listed})
    index = Index.build(pd.DataFrame({"kind": kinds}), rows, rules)
    readings = names.read(texts, rules.lexicon, parts=True, fields=rules.fields)
    nobody = np.zeros(len(texts), bool)
    query = Query.of(tabulate(readings, rules, nobody, nobody | ship), index, rules)
    least = np.array([rules.by_kind("cut_off")[kind] for kind in KINDS])[index.kind]
    found = way(index, query, least, rules)
    ways = query.side.table.how[found.row]
    return list(zip(found.row.tolist(), found.listed.tolist(), found.score.tolist(), strict=True)), ways


@pytest.mark.parametrize("seed", range(6))
def test_the_compiled_search_finds_what_numpy_finds(seed, rules, monkeypatch):
    rng = random.Random(seed)
    kinds, listed, texts = rng.choices(KINDS, k=400), some_names(rng, 400), some_names(rng, 600)
    texts += [" ".join(rng.sample(listed, 2))[:35] for _ in range(50)] + [name[:20] for name in listed]
    compiled, numpy = both(monkeypatch, lambda: searched(texts, listed, kinds, seed % 2 == 1, rules)[0])
    assert compiled == numpy and len(numpy) > 400


@pytest.mark.parametrize("ship", [False, True])
def test_the_compiled_search_finds_in_real_names_what_numpy_finds(ship, rules, monkeypatch, shared):
    rng = random.Random(11)
    listed, texts = of_lists(shared, rng, 600), of_lists(shared, rng, 900)
    texts += [f"{a} / {b}" for a, b in zip(listed[:100], texts[:100], strict=True)] + [name[:35] for name in listed]
    kinds = rng.choices(KINDS, k=len(listed))
    compiled, numpy = both(monkeypatch, lambda: searched(texts, listed, kinds, ship, rules)[0])
    assert compiled == numpy and len(numpy) > 400


def test_no_pair_that_scores_enough_is_passed_over_where_names_are_cut(rules):
    rng = random.Random(21)
    listed = [" ".join(rng.sample(WORDS, rng.randint(3, 7))) for _ in range(150)]
    texts, kinds = [name[: rng.choice([20, 30, 35])] for name in listed], rng.choices(KINDS, k=len(listed))

    def every(index: Index, query: Query, least: np.ndarray, rules: Settings) -> Found:
        found = exhaust(index, query, 50.0, rules)
        enough = found.score >= least[found.listed]
        return Found(found.row[enough], found.listed[enough], found.score[enough])

    pruned, ways = searched(texts, listed, kinds, False, rules)
    assert sorted(pruned) == sorted(searched(texts, listed, kinds, False, rules, every)[0])
    assert np.count_nonzero(ways & names.CUT) > 20


def test_words_are_as_like_compiled_as_in_numpy(rules, monkeypatch):
    rng = random.Random(7)
    words = list(dict.fromkeys("".join(rng.choices("aeikhgnoszy1", k=rng.randint(1, 9))) for _ in range(3000)))
    words += ["x" * 70, "x" * 69 + "y", "ab" * 40, "ab" * 39 + "ba", *WORDS, "peter", "petsr", "mikhail", "mkhl"]
    words += ["ind", "industrie"]  # one is known to mean a word of which the other is a misspelling
    words += ["".join(letter for letter in word if letter not in "aeiou") or "x" for word in WORDS]
    words = list(dict.fromkeys(words))

    def work():
        theirs, ours = (Vocabulary.of(words[start::2], rules.lexicon) for start in (0, 1))
        found = Finder.of(theirs).like(ours, rules)
        return found.off, found.ours, found.theirs, found.similarity

    compiled, numpy = both(monkeypatch, work)
    assert len(numpy[0]) > 1000
    for mine, wanted in zip(compiled, numpy, strict=True):
        assert np.array_equal(mine, wanted)


def test_a_word_of_the_list_is_like_what_it_was_found_to_be_like_when_the_index_was_built(rules):
    rng = random.Random(11)
    texts = some_names(rng, 150)
    index = Index.build(
        pd.DataFrame({"kind": ["person"] * 150}), pd.DataFrame({"entry": np.arange(150), "text": texts}), rules
    )
    listed = index.side.table.vocabulary.words
    ours = Vocabulary.of([*listed[::2], *(word[:-1] + "q" for word in listed[1::2] if len(word) > 3)], rules.lexicon)
    told, anew = index.like(ours, rules), index.finder.like(ours, rules)
    assert np.count_nonzero(np.diff(told.off)[: len(listed[::2])] > 1) > 10
    for mine, wanted in zip(
        (told.off, told.ours, told.theirs, told.similarity),
        (anew.off, anew.ours, anew.theirs, anew.similarity),
        strict=True,
    ):
        assert np.array_equal(mine, wanted)


def test_results_that_need_more_room_than_there_is_come_in_parts(rules, monkeypatch):
    rng = random.Random(3)
    texts = some_names(rng, 200)
    index = Index.build(
        pd.DataFrame({"kind": ["person"] * 200}), pd.DataFrame({"entry": np.arange(200), "text": texts}), rules
    )
    nobody = np.zeros(len(texts), bool)

    def work():
        table = tabulate(names.read(texts, rules.lexicon), rules, nobody, nobody)
        found = search(index, Query.of(table, index, rules), np.full(len(index.name), 40.0), rules)
        return found.row.tolist(), found.listed.tolist(), found.score.tolist()

    whole = work()
    monkeypatch.setattr(kernels, "_ROOM", 1)
    assert work() == whole


def test_a_library_of_another_source_is_left_aside(monkeypatch, tmp_path):
    assert kernels._opened() is not None
    monkeypatch.setattr(kernels, "__file__", str(tmp_path / "kernels.py"))
    assert kernels._opened() is None


def test_distances_is_the_reference_of_the_edit_distance():
    assert distances(["abcd", "abcd", "abcd"], ["abdc", "xbcy", "wxyz"], 3).tolist() == [1, 2, 4]


ODD = (
    *("A.B.CD", "s. a. r. l. Korvex", "S.A.R.L.", "a.b c.d", "a. b", "M/V a/b/c", "ABCdef ABCDe", "O'Neil's & Co+ @x"),
    *(
        "Sh1pp1ng 0mar 8ank 1abc x2y m2n 5ea ab1 b1b a1e a1b2cd x 10 12ab 9ab5c",
        "JIN HONG II",
        "III HONG VIIX 5xii a.ii",
    ),
    *("co ltd co ltd co ltd", "one one one two", "JIN HONG5A6", "x\ny", "\x00\t-", "", "  ", "u.s.a.9", "a.b."),
)
FORMS = ("co", "ltd", "s", "a", "r", "l", "de", "c", "v", "joint", "stock", "one", "two")
some_texts = st.one_of(
    st.text(st.sampled_from(" .,'/&+@-\"\n\tabcAB19"), max_size=24),
    st.text(st.sampled_from("aeibcdx012589 "), max_size=16),
    st.lists(st.sampled_from([*names.ROMAN, "hong", "5", "iix"])).map(" ".join),
    st.lists(st.sampled_from([*WORDS, *FORMS])).map(" ".join),
    st.sampled_from(ODD),
)


@given(st.lists(some_texts, max_size=6), st.booleans())
@hypothesis.settings(max_examples=400, deadline=None)
def test_texts_have_the_same_words_compiled_as_with_regular_expressions(texts, ship):
    rules = Settings.load()
    compiled = kernels.words(texts, rules.lexicon, np.full(len(texts), ship), names.ROMAN, len(names.NUMBERS))
    library, kernels.LIBRARY = kernels.LIBRARY, None
    try:
        wanted = names.words(texts, rules.lexicon, np.full(len(texts), ship))
    finally:
        kernels.LIBRARY = library
    assert compiled is not None
    assert compiled[0].tolist() == wanted.off.tolist()
    assert compiled[1].tolist() == wanted.word.tolist()
    assert list(compiled[2]) == list(wanted.words)


some_words = st.one_of(st.sampled_from(WORDS), st.text(st.sampled_from("abcdefghijkoqstuwxyz01"), min_size=1))


@given(st.lists(some_words, max_size=30))
@hypothesis.settings(max_examples=300, deadline=None)
def test_words_are_spelt_the_same_compiled_as_with_strings(words):
    rules = Settings.load()
    compiled = Vocabulary.of(words, rules.lexicon)
    library, kernels.LIBRARY = kernels.LIBRARY, None
    try:
        wanted = Vocabulary.of(words, rules.lexicon)
    finally:
        kernels.LIBRARY = library
    for field in fields(Vocabulary):
        assert np.array_equal(getattr(compiled, field.name), getattr(wanted, field.name)), field.name


def test_every_word_of_the_lexicon_is_spelt_the_same_compiled(rules, monkeypatch):
    words = [word for word in {**rules.lexicon.meanings, **rules.lexicon.legal} if word.isalnum()]
    compiled, wanted = both(monkeypatch, lambda: Vocabulary.of(words, rules.lexicon))
    assert list(compiled.folds) == list(wanted.folds) and np.array_equal(compiled.bones, wanted.bones)


def test_legal_forms_are_known_misspelt_compiled_as_in_numpy(rules, monkeypatch):
    rng = random.Random(5)
    words = [word for word in rules.lexicon.legal if len(word) >= 5]
    for word in list(words):
        at, letter = rng.randrange(len(word) - 1), rng.choice(string.ascii_lowercase)
        words += [word[:at] + word[at + 1 :], word[:at] + letter + word[at:], word[:at] + letter + word[at + 1 :]]
        words += [word[:at] + word[at + 1] + word[at] + word[at + 2 :], word[at:] + word[:at], word[2:], word + "xy"]
    vocabulary = Vocabulary.of(list(dict.fromkeys(words)), rules.lexicon)
    compiled, numpy = both(monkeypatch, lambda: _form_like(vocabulary, rules.lexicon).tolist())
    assert compiled == numpy and 100 < sum(numpy) < len(numpy) - 100


@pytest.mark.parametrize("text", ["A" * 500, " ".join(f"abcdefghij{k}" for k in range(60))])
def test_a_text_of_any_length_is_read_and_meets_itself(text, rules, monkeypatch):
    compiled, numpy = both(monkeypatch, lambda: score_names(text, text, "organisation").score)
    assert compiled == numpy == 100
