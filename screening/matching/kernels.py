"""The door to compiled/: what search.py, pairs.py and likeness.py do with NumPy, compiled, with the same results.

`LIBRARY` is None where the package was installed without a C compiler: NumPy does the work then, several times as
slowly. A library that was not compiled from these very files is left aside.
"""

from __future__ import annotations

import ctypes
import hashlib
from collections.abc import Callable, Mapping, Sequence
from ctypes import Structure, byref, c_char_p, c_double, c_int64, c_void_p
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np

from screening.matching.letters import Letters
from screening.matching.structures import (
    ANY_WORD,
    BY_KIND,
    FIGURES,
    LIKINGS,
    PLACE,
    POSTING,
    SPARED,
    WORD,
    AlikeOf,
    FiguresOf,
    LikingsOf,
    ListedOf,
    LookupOf,
    PostingsOf,
    QueryOf,
    SideOf,
    VocabularyOf,
)

if TYPE_CHECKING:
    from screening.matching.align import Side
    from screening.matching.index import Index, Postings
    from screening.matching.likeness import Finder, Like
    from screening.matching.lookup import Lookup
    from screening.matching.search import Query
    from screening.matching.settings import Lexicon, Settings
    from screening.matching.vocabulary import Vocabulary

_U = np.uint64
_ROOM = 1 << 20  # results handed over at a time, at least


def _opened() -> ctypes.CDLL | None:
    here = Path(__file__)
    try:
        library = ctypes.CDLL(str(here.with_name("_kernels.so")))
        library.kernels_source.restype = c_char_p
        built_from: bytes = library.kernels_source()
        files = sorted(here.with_name("compiled").glob("*.[ch]"))
        own = hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest().encode()
    except (OSError, AttributeError):
        return None
    if built_from != own:
        return None
    for name in ("like_words", "search_rows", "words_of", "spell_words", "near_words"):
        getattr(library, name).restype = c_int64
    return library


LIBRARY = _opened()


# ---------------------------------------------------------------- words of texts
def words(
    texts: Sequence[str], lexicon: Lexicon, ship: np.ndarray, roman: Mapping[str, str], numbers: int
) -> tuple[np.ndarray, np.ndarray, Letters] | None:
    """Bounds of each text's words, which of the distinct words each is, and these: see names.words.

    None for texts that are not ASCII.

    Args:
        ship: of each text, whether it names a ship. roman: numbers that are written in letters.
        numbers: so many of these, the first, are numbers in any name, the others in a ship's.
    """
    text, off = "".join(texts), np.zeros(len(texts) + 1, np.int64)
    if not text.isascii():
        return None
    np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)), out=off[1:])
    phrases, legal = _known_words(lexicon)
    written = "".join(f"{word}\n{number}\n" for word, number in roman.items()).encode()
    room, most = 6 * len(text) + len(phrases) + 64, len(text) // 2 + len(phrases) + 64
    bounds, word = np.empty(len(texts) + 1, np.int64), np.empty(room, np.int32)
    letters, letters_off = np.empty(room, np.uint8), np.empty(most + 1, np.int64)
    flags = np.ascontiguousarray(ship, np.bool_)
    count = _call(
        "words_of", text.encode(), off, len(texts), flags, phrases, len(phrases), legal, len(legal),
        written, len(written), numbers, bounds, word, room, letters, letters_off, most,
    )  # fmt: skip
    return bounds, word[: bounds[-1]].astype(np.int64), Letters(letters, letters_off[: count + 1])


@lru_cache(maxsize=8)
def _known_words(lexicon: Lexicon) -> tuple[bytes, bytes]:
    """The lexicon's phrases, each with its meaning, and its legal forms, on lines."""
    phrases = "".join(f"{phrase}\n{word}\n" for phrase, word in lexicon.phrases)
    return phrases.encode(), "".join(f"{word}\n" for word in lexicon.legal).encode()


def near(words: Letters, known: Letters) -> np.ndarray:
    """Which of the words are within an edit of a known one."""
    found = np.zeros(len(words), np.bool_)
    _call("near_words", words.letters, words.off, len(words), known.letters, known.off, len(known), found)
    return found


def spell(
    words: Letters, meanings: Letters, meant: np.ndarray, folding: bytes, sounding: bytes, longest: int
) -> tuple[Letters, tuple[np.ndarray, ...]]:
    """Of each word its fold; and of all, hashes of fold, skeleton and consonants, and letters, sounds and edits.

    Args:
        meant: of each word the place in `meanings` of the spelling that is folded, -1 for its own.
        folding, sounding: respellings, old and new in turn on lines.
    """
    count, text, other = len(words), words.letters, meanings.letters
    folds, folds_off = np.empty(2 * (len(text) + len(other)) + 16 * count, np.uint8), np.empty(count + 1, np.int64)
    hashes, bones, spares, letters = (np.empty(count, _U) for _ in range(4))
    sounds, edits = np.empty(count, np.int64), np.empty(count, np.int8)
    bare, brief = np.empty(count, np.bool_), np.empty(count, np.bool_)
    _call(
        "spell_words", text, words.off, other, meanings.off, meant, count, longest, folding, len(folding), sounding,
        len(sounding), folds, folds_off, hashes, bones, spares, letters, sounds, edits, bare, brief,
    )  # fmt: skip
    return Letters(folds, folds_off), (hashes, bones, spares, letters, sounds, edits, bare, brief)


# ---------------------------------------------------------------- likeness of words
_finders: WeakKeyDictionary[Finder, tuple[Any, ...]] = WeakKeyDictionary()
_indexes: WeakKeyDictionary[Index, Any] = WeakKeyDictionary()


def _lookup(found: Lookup) -> Any:
    return LookupOf.of(
        hash=found.hash, place=found.place, bucket=found.bucket, coarse=found.coarse, size=len(found.hash),
        shift=found.shift, coarse_shift=found.coarse_shift,
    )  # fmt: skip


def _vocabulary(words: Vocabulary) -> Any:
    fold, starts, some = words.folds.letters, words.folds.off[:-1], words.length > 0
    word = np.zeros(len(words.words), WORD)
    word["text"], word["fold"] = words.words.off[:-1], starts
    bits = np.uint32(1) << (fold[:-1] & 31).astype(np.uint32)
    word["fold_letters"][some] = np.bitwise_or.reduceat(bits, starts[some]) if some.any() else 0
    word["sounds"] = np.minimum(words.sounds, 99)
    for name in ("hash", "spelt", "letters", "bones", "spare", "size", "length", "first", "edits"):
        word[name] = getattr(words, name)
    word["known"] = words.known + 2 * words.bare.astype(np.uint8) + 4 * words.brief.astype(np.uint8)
    return VocabularyOf.of(words=len(word), word=word, text=words.words.letters, fold=fold)


def like(
    finder: Finder, ours: Vocabulary, settings: Settings, longest: int, same: np.ndarray, alike: Like
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Bounds of each word's part, the words of the finder that are like it, and how like: see Finder.like.

    Args:
        longest: letters of a word that are looked at.
    """
    if finder not in _finders:
        found = [_lookup(of) for of in (finder.spellings, finder.bones, finder.spare)]
        _finders[finder] = _vocabulary(finder.vocabulary), *found
    theirs, *found = _finders[finder]
    figures = LikingsOf.of(**{name: settings[f"similarity.{name}"] for name in LIKINGS})
    own, words = _vocabulary(ours), len(ours.words)
    known = AlikeOf.of(off=alike.off, theirs=alike.theirs, similarity=alike.similarity)
    off = np.zeros(words + 1, np.int64)

    def go(start: int, room: int) -> tuple[int, int, tuple[np.ndarray, ...]]:
        other, similarity = np.empty(room, np.int64), np.empty(room)
        part = np.zeros(words - start + 1, np.int64)
        stop = _call(
            "like_words", own, theirs, *found, known, same, figures, longest, start, part, other, similarity, room
        )
        count = int(part[stop - start])
        off[start : stop + 1] = part[: stop - start + 1] + off[start]
        return stop, count, (other, similarity)

    other, similarity = _gathered(go, words, 2 * theirs.words + _ROOM, (np.int64, np.float64))
    return off, other, similarity


# ---------------------------------------------------------------- the search
def _side(side: Side, total: np.ndarray, initials: np.ndarray) -> Any:
    table, words = side.table, side.table.vocabulary.words
    letters = np.bincount(table.row, table.vocabulary.size[table.word], minlength=len(table.text))
    return SideOf.of(
        rows=len(table.text), words=len(table.vocabulary.words), off=table.off, word=table.word,
        size=table.vocabulary.size, letter=table.letter, run_off=side.run_off, run_start=side.runs.start,
        run_words=side.runs.words, run_hash=side.runs.hash, spelt=table.vocabulary.spelt, legal=table.legal,
        number=table.number, native=table.native, weight=side.weight, total=total, letters=letters,
        initial=table.initial, initials=initials, text=words.letters, text_off=words.off, how=table.how,
    )  # fmt: skip


def _known(index: Index) -> np.ndarray:
    """Of each row what its postings tell besides: its kind and initials, and the words that do not lead it."""
    found, table = np.zeros(len(index.name), POSTING), index.side.table
    at = np.flatnonzero(~index.lead)
    row, word = table.row[at], table.word[at]
    count = np.bincount(row, minlength=len(found))
    place = np.arange(len(at)) - np.repeat(np.cumsum(count) - count, count)
    share = np.minimum(np.ceil(index.side.weight[word] / index.total[row] * 255), 255)
    few = place < SPARED
    found["word"][row[few], place[few]] = word[few] & ANY_WORD
    found["share"][row[few], place[few]] = share[few]
    many = np.flatnonzero(count > SPARED)
    found["word"][many], found["share"][many] = ANY_WORD, 0
    found["share"][many, 0] = np.minimum(np.ceil(index.spared[many] * 255), 255)
    found["known"] = 2 * index.kind + index.initials
    return found


def _postings(of: Postings, known: np.ndarray) -> Any:
    at = known[of.row]
    at["row"], at["adds"] = of.row, of.adds
    return PostingsOf.of(off=of.off, at=at)


def _listed(index: Index) -> Any:
    known = _known(index)
    posted = {name: _postings(getattr(index, name), known) for name in ("words", "lead_words", "runs", "lead_runs")}
    side = _side(index.side, index.total, index.initials)
    places = np.empty(len(index.lead), PLACE)
    places["word"], places["weight"] = index.side.table.word, index.side.weight[index.side.table.word]
    return ListedOf.of(
        side=side, kind=index.kind, squashed=_lookup(index.squashed), places=places, **posted,
    )  # fmt: skip


def search(
    index: Index, query: Query, least: np.ndarray, settings: Settings, enough: np.ndarray, cheap: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows of ours and of the index that reach `least`, and their scores: see search.search."""
    if index not in _indexes:
        _indexes[index] = _listed(index)
    listed = _indexes[index]
    kinds = {name.replace(".", "_"): (c_double * 5)(*settings.by_kind(name).values()) for name in BY_KIND}
    told = {field: settings[name] for name, field in FIGURES.items()}
    figures = FiguresOf.of(**kinds, **told, untold=settings["information.untold"],
        initials=settings["information.initials"], cheap=cheap)
    side = _side(query.side, query.total, query.initials)
    asked = QueryOf.of(
        side=side, like_off=query.like.off, like=query.like.theirs, similarity=query.like.similarity, join=query.join,
        join_run=query.join_run, run_word=query.run_word, cost=query.cost, reach=query.reach, enough=enough,
        twin=query.twin,
    )  # fmt: skip
    points = np.ascontiguousarray(least, np.float64)

    def go(start: int, room: int) -> tuple[int, int, tuple[np.ndarray, ...]]:
        row, other, score = np.empty(room, np.int64), np.empty(room, np.int64), np.empty(room)
        count = np.zeros(1, np.int64)
        stop = _call("search_rows", listed, asked, figures, points, start, row, other, score, room, count)
        return stop, int(count[0]), (row, other, score)

    row, other, score = _gathered(go, len(query.total), len(index.name) + _ROOM, (np.int64, np.int64, np.float64))
    return row, other, score


def _call(name: str, *given: Any) -> int:
    assert LIBRARY is not None
    stop: int = getattr(LIBRARY, name)(*(
        byref(one) if isinstance(one, Structure) else c_void_p(one.ctypes.data) if isinstance(one, np.ndarray)
        else c_char_p(one) if isinstance(one, bytes) else c_int64(one)
        for one in given
    ))  # fmt: skip
    if stop < 0:
        raise MemoryError("no memory left to search names with")
    return stop


def _gathered(
    go: Callable[[int, int], tuple[int, int, tuple[np.ndarray, ...]]], end: int, room: int, kinds: Sequence[type]
) -> list[np.ndarray]:
    """The results of a kernel that is called again from where it stopped, until the end."""
    parts: list[tuple[np.ndarray, ...]] = [tuple(np.zeros(0, kind) for kind in kinds)]
    start = 0
    while start < end:
        start, count, columns = go(start, room)
        parts.append(tuple(column[:count].copy() for column in columns))
    return [np.concatenate(column) for column in zip(*parts, strict=True)]
