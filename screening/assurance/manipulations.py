"""The ways in which assure alters a listed name: a registry of pure functions, from what changes nothing to what hurts.

Each takes the words of a name as a document would write them and a source of chance, and gives the altered name, or
nothing where it does not apply.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from screening.assurance import writing
from screening.model import Kind

PARTIES = frozenset({Kind.PERSON, Kind.ORGANISATION})
EVERY = frozenset(Kind)
FIELD = 35  # characters of a name line in payment messages and many customs systems
_LONG = 5  # letters of a word that is misspelt
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_ACCENTS = str.maketrans("aceinouszyACEINOUSZY", "áçéíñöúšžýÁÇÉÍÑÖÚŠŽÝ")
_RESPELT = (
    ("kh", "h"), ("shch", "sch"), ("zh", "j"), ("ya", "ia"), ("yu", "iu"), ("ts", "c"), ("iy", "y"), ("ov", "off"),
    ("ou", "u"), ("ee", "i"), ("q", "k"), ("ph", "f"), ("w", "v"), ("ei", "ey"), ("x", "ks"), ("mm", "m"), ("y", "i"),
)  # fmt: skip
_LOOKALIKES = str.maketrans("aceopxyiABEKMHOPCTX", "асеорхуіАВЕКМНОРСТХ")
_MISREAD = (("O", "0"), ("I", "1"), ("S", "5"), ("B", "8"), ("rn", "m"), ("m", "rn"), ("Z", "2"))
_TITLES = ("Mr.", "Dr.", "Gen.", "Sheikh", "Eng.", "Haji")
_ADDED = ("Orion", "Delta", "Meridian", "Union", "Lotus", "Falcon")
_ADDRESSES = (", 12 Harbour Road, Dubai", ", Ul. Lenina 54, Vladivostok", ", P.O. Box 118, Hong Kong")
_BEHIND = (" Tel. +7 423 2301234", " INN 7712345678", " Lenina 54 Vladivostok", " (Moscow)", " passport 70 123456")
_SAILING = (" V.012E", " VOY 12", " (TANKER)", ", PANAMA", " CALL SIGN UBAA")
_FORMS = ("Ltd", "LLC", "Co., Ltd.", "JSC", "GmbH", "Corp.")


@dataclass(frozen=True, slots=True)
class Manipulation:
    """One way to alter a name.

    Args:
        grade: 1 leaves the words as they are, 2 changes letters, 3 changes words or script.
        kinds: the kinds of entry it is tried on.
    """

    name: str
    grade: int
    meaning: str
    kinds: frozenset[Kind]
    change: Callable[[str, Random], str]


REGISTRY: dict[str, Manipulation] = {}
_Change = Callable[[str, Random], str]


def _register(name: str, grade: int, meaning: str, kinds: frozenset[Kind] = EVERY) -> Callable[[_Change], _Change]:
    def add(change: _Change) -> _Change:
        REGISTRY[name] = Manipulation(name, grade, meaning, kinds, change)
        return change

    return add


# ---------------------------------------------------------------- 1: the words as they are
@_register("exact", 1, "as listed")
def exact(name: str, chance: Random) -> str:
    """The name as it is."""
    return name


@_register("case", 1, "capitals and small letters exchanged")
def case(name: str, chance: Random) -> str:
    """Small letters for a name in capitals, else capitals."""
    return name.lower() if name.isupper() else name.upper()


@_register("diacritics", 1, "accents put on letters, or taken off")
def diacritics(name: str, chance: Random) -> str:
    """Accents taken off where there are any, else put on the letters of one word."""
    bare = writing.without_accents(name)
    return bare if bare != name else _one_word(name, chance, lambda word: word.translate(_ACCENTS), least=3)


@_register("punctuation", 1, "commas, dots, hyphens and apostrophes left out")
def punctuation(name: str, chance: Random) -> str:
    """The name without signs; nothing where it has none."""
    return _changed(name, " ".join(re.sub(r"[-/]", " ", re.sub(r"[.,'`’\"()]", "", name)).split()))


@_register("spacing", 1, "blanks doubled and at both ends")
def spacing(name: str, chance: Random) -> str:
    """The name with wide blanks."""
    return f" {name.replace(' ', '  ')} " if " " in name else ""


@_register("order", 1, "the last word first")
def order(name: str, chance: Random) -> str:
    """The last word put first."""
    words = name.replace(",", " ").split()
    return _changed(name, " ".join([words[-1], *words[:-1]])) if len(words) > 1 else ""


@_register("legal form dropped", 1, "the legal form left out", frozenset({Kind.ORGANISATION}))
def legal_dropped(name: str, chance: Random) -> str:
    """A company's name without its legal form."""
    kept = [word for word in name.split() if not writing.is_legal(word)]
    return _changed(name, " ".join(kept)) if len(kept) > 1 else ""


@_register("legal form changed", 1, "another legal form", frozenset({Kind.ORGANISATION}))
def legal_changed(name: str, chance: Random) -> str:
    """A company's name with a legal form that is not its own."""
    kept = [word for word in name.split() if not writing.is_legal(word)]
    forms = [form for form in _FORMS if form.lower() not in name.lower()]
    return " ".join([*kept, chance.choice(forms)]) if len(kept) > 1 and forms else ""


@_register("title", 1, "a title before the name", frozenset({Kind.PERSON}))
def title(name: str, chance: Random) -> str:
    """A person's name after a title."""
    return f"{chance.choice(_TITLES)} {name}"


@_register("ship prefix", 1, "M/V and the like before the name", frozenset({Kind.VESSEL}))
def ship_prefix(name: str, chance: Random) -> str:
    """A ship's name after a prefix."""
    return f"{chance.choice(('M/V', 'MT', 'M.V.', 'MV'))} {name}"


@_register("address", 1, "the address in the same cell", PARTIES)
def address(name: str, chance: Random) -> str:
    """A name of several words with an address after it."""
    return name.replace(",", "") + chance.choice(_ADDRESSES) if " " in name else ""


# ---------------------------------------------------------------- 2: letters
@_register("what follows", 1, "a telephone, tax or passport number, street or town behind the name", PARTIES)
def what_follows(name: str, chance: Random) -> str:
    """The name with something behind it that no sign sets apart."""
    return f"{name}{chance.choice(_BEHIND)}"


@_register("voyage", 1, "the voyage, the ship's type, flag or call sign behind its name", frozenset({Kind.VESSEL}))
def voyage(name: str, chance: Random) -> str:
    """A ship's name with what else its cell holds."""
    return f"{name}{chance.choice(_SAILING)}"


@_register("other name", 1, "a former name, or another that it is the former of, in brackets")
def other_name(name: str, chance: Random) -> str:
    """The name before or in the brackets that tell another."""
    other = chance.choice(_ADDED)
    return chance.choice((f"{name} (ex {other})", f"{other} (formerly {name})"))


@_register("typo", 2, "one letter wrong")
def typo(name: str, chance: Random) -> str:
    """One letter of a long word replaced."""
    return _one_word(name, chance, lambda word: _replaced(word, chance))


@_register("swapped letters", 2, "two neighbouring letters exchanged")
def swapped(name: str, chance: Random) -> str:
    """Two neighbouring letters of a long word exchanged."""

    def swap(word: str) -> str:
        at = chance.randrange(len(word) - 1)
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]

    return _one_word(name, chance, swap)


@_register("dropped letter", 2, "one letter left out")
def dropped_letter(name: str, chance: Random) -> str:
    """One inner letter of a long word left out."""

    def drop(word: str) -> str:
        at = chance.randrange(1, len(word) - 1)
        return word[:at] + word[at + 1 :]

    return _one_word(name, chance, drop)


@_register("doubled letter", 2, "one letter twice")
def doubled_letter(name: str, chance: Random) -> str:
    """One letter of a long word written twice."""

    def double(word: str) -> str:
        at = chance.randrange(len(word))
        return word[: at + 1] + word[at:]

    return _one_word(name, chance, double)


@_register("two typos", 2, "two letters wrong")
def two_typos(name: str, chance: Random) -> str:
    """Two letters of the name replaced, in two words where it has two long ones."""
    long = [place for place, word in enumerate(name.split()) if len(word) >= _LONG and word.isalpha()]
    if not long:
        return ""
    if len(long) == 1:
        return _one_word(name, chance, lambda word: _replaced(_replaced(word, chance), chance), least=8)
    words = name.split()
    for place in chance.sample(long, 2):
        words[place] = _replaced(words[place], chance)
    return _changed(name, " ".join(words))


@_register("misread", 2, "letters read as digits or as their like, as scanners do")
def misread(name: str, chance: Random) -> str:
    """One letter or pair of letters replaced by what a scanner takes it for."""
    text = name.upper() if name.isupper() else name
    fits = [(old, new) for old, new in _MISREAD if old in text or (old in text.upper() and len(old) == 1)]
    if not fits:
        return ""
    old, new = chance.choice(fits)
    return _changed(name, re.sub(re.escape(old), new, text, count=1, flags=re.IGNORECASE))


@_register("vowels dropped", 2, "words without their inner vowels")
def vowels_dropped(name: str, chance: Random) -> str:
    """Every word of four letters and more without its inner vowels."""
    words = [
        word[0] + re.sub("[aeiou]", "", word[1:-1], flags=re.IGNORECASE) + word[-1] if len(word) >= 4 else word
        for word in name.split()
    ]
    return _changed(name, " ".join(words))


@_register("respelt", 2, "another romanisation of the same sounds")
def respelt(name: str, chance: Random) -> str:
    """One or two sounds spelt as another system spells them."""
    low = name.lower()
    fits = [pair for pair in _RESPELT if pair[0] in low]
    if not fits or len(name) < 6:
        return ""
    for old, new in chance.sample(fits, min(len(fits), 2)):
        low = low.replace(old, new, 1)
    return _changed(name, low.title())


@_register("lookalike letters", 2, "Cyrillic letters that look like Latin ones")
def lookalikes(name: str, chance: Random) -> str:
    """One word of the name with Cyrillic letters where they look the same."""
    return _one_word(name, chance, lambda word: word.translate(_LOOKALIKES), least=3)


# ---------------------------------------------------------------- 3: words and script
@_register("joined words", 3, "two words written as one")
def joined_words(name: str, chance: Random) -> str:
    """Two neighbouring words without the blank between."""
    words = name.replace(",", "").split()
    if len(words) < 2:
        return ""
    at = chance.randrange(len(words) - 1)
    return " ".join([*words[:at], words[at] + words[at + 1].lower(), *words[at + 2 :]])


@_register("split word", 3, "one word written as two")
def split_word(name: str, chance: Random) -> str:
    """A long word with a blank inside."""

    def split(word: str) -> str:
        at = chance.randrange(3, len(word) - 2)
        return f"{word[:at]} {word[at:]}"

    return _one_word(name, chance, split, least=6)


@_register("initials", 3, "one given name as an initial", frozenset({Kind.PERSON}))
def initials(name: str, chance: Random) -> str:
    """The second given name, or the only one, as an initial; the last word stays."""
    words = name.split()
    if len(words) < 3 or not words[1].isascii() or len(words[1]) < 3:
        return ""
    return " ".join([words[0], f"{words[1][0]}.", *words[2:]])


@_register("dropped word", 3, "one word of three or more left out")
def dropped_word(name: str, chance: Random) -> str:
    """One word left out, of three or more."""
    words = name.split()
    if len([word for word in words if len(word) > 2 and not writing.is_legal(word)]) < 3:
        return ""
    at = chance.randrange(len(words))
    return " ".join([*words[:at], *words[at + 1 :]])


@_register("added word", 3, "one word too many", PARTIES)
def added_word(name: str, chance: Random) -> str:
    """A word that is not the name's put after its first word."""
    words = name.split()
    return " ".join([words[0], chance.choice(_ADDED), *words[1:]]) if len(words) > 1 else ""


@_register("cut", 3, f"cut at {FIELD} characters")
def cut(name: str, chance: Random) -> str:
    """The first characters of a long name, as a field holds them."""
    return name[:FIELD].rstrip() if len(name) > FIELD else ""


@_register("Cyrillic", 3, "written in Cyrillic by its sound")
def cyrillic(name: str, chance: Random) -> str:
    """The name in Cyrillic letters; nothing for a name with digits or other letters."""
    return writing.in_cyrillic(name)


@_register("Hangul", 3, "written in Hangul, where all its words are Korean syllables")
def hangul(name: str, chance: Random) -> str:
    """A Korean name in Hangul; nothing for other names."""
    return writing.in_hangul(name)


# ---------------------------------------------------------------- what they share
def _changed(before: str, after: str) -> str:
    return after if after != before else ""


def _replaced(word: str, chance: Random) -> str:
    at = chance.randrange(1, len(word))
    other = chance.choice([letter for letter in _LETTERS if letter != word[at].lower()])
    return word[:at] + (other.upper() if word[at].isupper() else other) + word[at + 1 :]


def _one_word(name: str, chance: Random, change: Callable[[str], str], least: int = _LONG) -> str:
    """The name with one of its words of so many letters changed, legal forms apart; nothing where it has none."""
    words = name.split()
    long = [place for place, word in enumerate(words)
            if len(word) >= least and word.isalpha() and not writing.is_legal(word)]  # fmt: skip
    if not long:
        return ""
    place = chance.choice(long)
    words[place] = change(words[place])
    return _changed(name, " ".join(words))
