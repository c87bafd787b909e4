"""How text is made comparable."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.enrich.text import Phrases, deletions, fold, one_edit, parts, words

FOLDS = [
    ("Ch'ŏngjin", "chongjin"),
    ("Namp’o", "nampo"),
    ("Владивосто́к", "владивосток"),
    ("Ольга", "олга"),
    ("посёлок", "поселок"),
    ("D.P.R.K.", "dprk"),
    ("N. Korea", "n. korea"),
    ("라진항", "라진항"),
    ("淸津", "淸津"),
    ("ＲＡＪＩＮ", "rajin"),
]


@pytest.mark.parametrize(("text", "folded"), FOLDS)
def test_a_text_is_folded(text: str, folded: str) -> None:
    """Case, diacritics, apostrophes and abbreviation dots go; Hangul stays in syllables."""
    assert fold(text) == folded


@given(st.text(max_size=30))
def test_folding_twice_is_folding_once(text: str) -> None:
    """Words that were folded are words already."""
    assert words(" ".join(words(text))) == words(text)


def test_commas_and_brackets_set_parts_off() -> None:
    """Hyphens and blanks part words, the rest parts phrases."""
    assert parts("port rashid, dubai (ae)") == (("port", "rashid"), ("dubai",), ("ae",))


EDITS = [
    ("chongjin", "chonjin", True),
    ("chongjin", "chongjinn", True),
    ("chongjin", "chomgjin", True),
    ("chongjin", "chonjgin", True),
    ("chongjin", "chongjin", False),
    ("chongjin", "chnjin", False),
    ("chongjin", "hcnogjin", False),
]


@pytest.mark.parametrize(("a", "b", "expected"), EDITS)
def test_one_edit_is_one_letter(a: str, b: str, expected: bool) -> None:
    """Left out, added, changed or swapped with its neighbour; equal words are no edit."""
    assert one_edit(a, b) is expected
    assert one_edit(b, a) is expected


letters = st.text("abc", min_size=1, max_size=7)


@given(letters, letters)
def test_words_one_edit_apart_share_a_deletion(a: str, b: str) -> None:
    """The neighbourhood by deletions misses no pair that is one edit apart."""
    if one_edit(a, b):
        assert deletions(a) & deletions(b)


def test_the_longest_phrase_wins() -> None:
    """A longer phrase uses its words up."""
    phrases: Phrases[str] = Phrases()
    phrases.add("North Korea", "north")
    phrases.add("Korea", "which")
    assert phrases.find(("north", "korea", "coast")) == [(0, 2, ["north"]), (2, 3, [])]


def test_a_word_without_blanks_is_taken_apart_only_as_a_whole() -> None:
    """朝鲜清津港 is three names; a word with a piece that is in no name stays unknown."""
    phrases: Phrases[str] = Phrases()
    for label in ("朝鲜", "清津", "港"):
        phrases.add(label, label)
    assert [m for _, _, m in phrases.find(("朝鲜清津港",))] == [["朝鲜"], ["清津"], ["港"]]
    assert [m for _, _, m in phrases.find(("清津器",))] == [[]]
