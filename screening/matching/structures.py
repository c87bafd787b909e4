"""The structures of compiled/, in the order of their fields there, filled from arrays."""

from __future__ import annotations

from ctypes import Structure, c_double, c_int64, c_void_p
from typing import Any, ClassVar

import numpy as np


class _Filled(Structure):
    """A structure whose pointers are filled from arrays, and which keeps these alive."""

    arrays: ClassVar[dict[str, Any]] = {}
    kept: list[Any]

    @classmethod
    def of(cls, **values: Any) -> Any:
        """The structure with these values; arrays are brought to the type that the C code reads."""
        found, kept = cls(), list[Any]()
        for name, value in values.items():
            if name in cls.arrays:
                array: np.ndarray = np.ascontiguousarray(value, cls.arrays[name])
                kept.append(array)
                setattr(found, name, array.ctypes.data)
            else:
                kept.append(value)
                setattr(found, name, value)
        found.kept = kept
        return found


def _fields(types: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    """The fields of a structure, and the types of those that are arrays."""
    arrays = {name: kind for name, kind in types.items() if isinstance(kind, np.dtype) or issubclass(kind, np.generic)}
    return [(name, c_void_p if name in arrays else kind) for name, kind in types.items()], arrays


_I, _D, _U, _B = np.int64, np.float64, np.uint64, np.uint8


class LookupOf(_Filled):
    """A Lookup."""

    _fields_, arrays = _fields(
        {"hash": _U, "place": np.int32, "bucket": np.int32, "coarse": _B}
        | dict.fromkeys(("size", "shift", "coarse_shift"), c_int64)
    )


WORD = np.dtype(
    [(name, _U) for name in ("hash", "spelt", "letters", "bones", "spare")]
    + [(name, np.int32) for name in ("text", "size", "fold", "length")]
    + [("fold_letters", np.uint32), ("sounds", np.int8), ("known", np.uint8), ("first", _B), ("edits", np.int8)]
)


class VocabularyOf(_Filled):
    """A Vocabulary."""

    _fields_, arrays = _fields({"words": c_int64, "word": WORD, "text": _B, "fold": _B})


LIKINGS = (
    *("respelt", "short_letters", "short_edit", "four_letters"),
    *("skeleton", "skeleton_edit", "first_letter", "bare", "bare_short", "least", "confused", "confused_letters"),
)


class AlikeOf(_Filled):
    """A Like of the words of one vocabulary with its own."""

    _fields_, arrays = _fields({"off": _I, "theirs": _I, "similarity": _D})


class LikingsOf(_Filled):
    """The figures of likeness."""

    _fields_, arrays = _fields(dict.fromkeys(LIKINGS, c_double))


class SideOf(_Filled):
    """A Side."""

    _fields_, arrays = _fields(
        {"rows": c_int64, "words": c_int64}
        | dict.fromkeys(("off", "word", "size", "letter", "run_off", "run_start", "run_words"), _I)
        | dict.fromkeys(("run_hash", "spelt", "legal", "number", "native"), _U)
        | {"weight": _D, "total": _D, "letters": np.int32, "initial": np.bool_, "initials": np.bool_}
        | {"text": _B, "text_off": _I, "how": np.int8}
    )


PLACE = np.dtype([("word", np.int32), ("weight", np.float32)])


SPARED, ANY_WORD = 3, 0xFFFF
POSTING = np.dtype(
    [("row", np.int32), ("adds", np.uint16), ("word", np.uint16, SPARED), ("share", _B, SPARED), ("known", _B)]
)


class PostingsOf(_Filled):
    """Postings."""

    _fields_, arrays = _fields({"off": _I, "at": POSTING})


class ListedOf(_Filled):
    """An Index."""

    _fields_, arrays = _fields(
        {"side": SideOf, "kind": _I}
        | dict.fromkeys(("words", "lead_words", "runs", "lead_runs"), PostingsOf)
        | {"squashed": LookupOf, "places": PLACE}
    )


class QueryOf(_Filled):
    """A Query."""

    _fields_, arrays = _fields(
        {"side": SideOf, "like_off": _I, "like": _I, "similarity": _D, "join": _U}
        | {"join_run": _I, "run_word": _I, "cost": _I, "reach": _D, "enough": _D, "twin": _I}
    )


BY_KIND = ("coverage", "added", "contradiction", "information.least", "information.part")
FIGURES = {
    "coverage.syllables": "syllables",
    "similarity.joined": "joined",
    "similarity.respelt": "respelt",
    "similarity.initial": "initial",
    "similarity.initial_needs": "initial_needs",
    "similarity.initial_needs_company": "initial_needs_company",
    "similarity.syllable": "syllable",
    "cut.word": "cut_word",
    "cut.coverage": "cut_coverage",
    "read_as_korean": "read_as_korean",
} | {
    f"deduct.{name}": name
    for name in (
        *("inexact", "lone", "order", "syllable_order", "syllable_missing", "syllable_dropped", "spacing"),
        *("legal_dropped", "legal_differs", "transliterated", "hangul_differs", "chinese_differs"),
        *("part", "cut", "number_differs", "number_missing"),
    )
}


class FiguresOf(_Filled):
    """The figures of the score."""

    _fields_, arrays = _fields(
        {name.replace(".", "_"): c_double * 5 for name in BY_KIND}
        | dict.fromkeys([*FIGURES.values(), "untold", "initials"], c_double)
        | {"cheap": c_int64}
    )
