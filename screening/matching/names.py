"""Names as words: every spelling of a name brought to plain lower-case words, in bulk over distinct names."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

import numpy as np
import pyarrow as pa
from anyascii import anyascii

from screening.matching import kernels, scripts
from screening.matching.settings import Lexicon

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")
PLAIN, TRANSLITERATED, PART, TURNED, SYLLABLES, CUT = 0, 1, 2, 4, 8, 16  # how a reading came about; they add up
ROMAN = {"ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "xi": "11", "xii": "12"}

_FORM = 3  # letters of a legal form that is hardly a surname; 'SA' and 'CO' are
_GIVEN, _LISTED_GIVEN = 4, 12  # words after the comma: a record's 'LAST, First' is a guess, a listed person's is not
_DOTTED = re.compile(r"(?<![a-z0-9])[a-z](?:\.[ ]?[a-z])+(?![a-z0-9])\.?")
_INITIALS = re.compile(r"(?<![^\W\d_])[^\W\d_](?:\.[ ]?[^\W\d_]){1,2}\.(?![^\W\d_])")
_LONE_LETTER = re.compile(r"\.[ ]?\w\.")
_DROPPED = re.compile("['`\u2018\u2019\u02bc\u02bb\u02bf\u02be\u00b4\"\u201c\u201d]")
_SLASHED = re.compile(r"(?<![a-z0-9])([a-z])/([a-z])(?![a-z0-9])")
_OTHER = re.compile("[^a-z0-9 \n]+")
_POSSESSIVE = re.compile(r"(?<=[a-z]{2})['`\u2019]s(?![a-z])")
_SHOUTED = re.compile("(?<=[A-Z]{3})(?=[a-z]{2})")
_CAMEL = re.compile("(?<=[a-z])(?=[A-Z])")
_MARKS = re.compile(r"[,;\n\r|]+")
_SPLIT = re.compile(r"[,;\n\r|]+|\s+(?:c/o|o/b/o|obo|on behalf of|to the order of)\s+", re.IGNORECASE)
_WORD, _LETTERS = re.compile(r"\w+"), re.compile("[a-z]+")
_SEVERAL = re.compile(r"\s+(?:/|ex|formerly|aka|a/k/a|fka|f/k/a)\s+", re.IGNORECASE)
# Signs that may part names, all that is not ASCII taken for one; and how the words end that do: 'order of', 'aka'.
_PARTING = np.array([chr(code) in ",;/|\n\r" for code in range(128)] + [True])
_PARTING_ENDS = np.array([(ord(a) << 8) + ord(b) for a, b in ("ex", "ly", "ka", "bo", "of")], np.uint32)
_DIGIT = re.compile("[0-9]")
_READABLE = re.compile("[a-zA-Z0-9]")
# One digit inside a word or before its letters: 'shipp1ng', '0mar'. At the end of a word it is a number.
_MISREAD = re.compile(r"(?<![a-z0-9])[01258](?=[a-z]{3})|(?<=[a-z])[01258](?=[a-z]{2})|(?<=[a-z]{2})[01258](?=[a-z])")
_READ_AS = {"0": "o", "2": "z", "5": "s", "8": "b"}
_HAN = re.compile("[\u4e00-\u9fff]")
_NATIVE = re.compile("[\uac00-\ud7a3\u4e00-\u9fff]")
_NUMBERED = re.compile(r"(?<=[a-z])(?=[0-9])|(?<=[0-9])(?=[a-z])")
_ROMAN_WORD = re.compile(rf"(?<= )(?:{'|'.join(ROMAN)})(?![a-z0-9])")
# 'Abdelmalek' as 'abdul malek' and 'Abdurrahman' as 'abdul rrahman', but neither 'Abdullah' nor 'Abdullaev'.
_SERVANT = re.compile(r"(?<![a-z0-9])abd(?:ou|[aeiou])(?:l(?!lah|lae|lay)(?=[a-z]{4})|(?=r[a-z]{4}))")
_LAST_WORD = re.compile(r"\s+([a-zA-Z]{2,})\s*$")
_ZEROS = re.compile(r"(?<![a-z0-9])0+(?=[0-9])")
_ORDER = re.compile(r"^\s*(?:to\s+)?(?:the\s+)?order\s+of\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Readings:
    """Readings of texts; `text` says whose each is, `how` how it came about (TRANSLITERATED, PART)."""

    text: np.ndarray
    how: np.ndarray
    raw: list[str]  # in ASCII
    native: np.ndarray  # hash of the text's Hangul or Chinese characters, 0 for none
    lexicon: Lexicon

    @property
    def lines(self) -> list[str]:
        """The readings as plain lines."""
        return plain(self.raw, self.lexicon)


def read(
    texts: Sequence[str],
    lexicon: Lexicon,
    natural: np.ndarray | None = None,
    parts: bool = False,
    fields: Collection[int] = (),
) -> Readings:
    """All readings of the texts, each text's own first.

    Args:
        natural: where true, 'LAST, First' is turned to natural order.
        parts: also read the part of a long text that stands before its address.
        fields: lengths at which a text may have been cut; one so long is read as cut too.
    """
    turns = [_GIVEN] * len(texts) if natural is None else np.where(natural, _LISTED_GIVEN, 0).tolist()
    count, several = np.ones(len(texts), np.int64), _several(texts, fields)
    raw: list[str] = []
    how: list[int] = []
    done = 0
    for place in several:  # all others have one reading, which is the text as it stands
        found = _readings(texts[place], lexicon, turns[place], parts, fields)
        count[place] = len(found)
        raw += texts[done:place]
        raw += [reading for _, reading in found]
        how += [way for way, _ in found]
        done = place + 1
    raw += texts[done:]
    owner = np.repeat(np.arange(len(texts)), count)
    ways = np.zeros(len(raw), np.int8)
    ways[np.isin(owner, several)] = how
    return Readings(owner, ways, raw, _native(texts, several)[owner], lexicon)


def _several(texts: Sequence[str], fields: Collection[int]) -> list[int]:
    """The texts that may have another reading than themselves, by a look that costs little for all texts at once.

    These are texts with other than ASCII letters, with a sign or a word that may part names, with a letter between
    dots, or as long as a field.
    """
    if not texts:
        return []
    codes = np.frombuffer((" ".join(texts) + " ").encode("utf-32-le", "surrogatepass"), np.uint32)
    ends = np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)) + 1)
    starts = np.append(0, ends[:-1])
    parted = _PARTING[np.minimum(codes, 128)]
    blank = np.flatnonzero(codes[2:] <= 32) + 2
    before = ((codes[blank - 2] | 32) << 8) + (codes[blank - 1] | 32)
    parted[blank] |= np.isin(before, _PARTING_ENDS)
    dot = np.flatnonzero(codes == ord("."))  # a letter between dots, or more than that: 'A. B. Usmanov'
    parted[dot] |= np.logical_or(*(codes.take(dot - back, mode="wrap") == ord(".") for back in (2, 3)))
    found = np.logical_or.reduceat(parted, starts)
    found |= (codes[starts] <= 32) | (codes[ends - 2] <= 32)  # blanks do not count in the length of a text
    found |= np.isin(ends - starts - 1, list(fields))
    several: list[int] = np.flatnonzero(found).tolist()
    return several


def _readings(text: str, lexicon: Lexicon, turns: int, parts: bool, fields: Collection[int]) -> list[tuple[int, str]]:
    """The readings of one text in ASCII, and how each came about; see `read`.

    Args:
        turns: the most words after the comma of a name that is turned.
    """
    ways = [(PLAIN, text)]
    if _has_parts(text) and not _has_form_alone(text, lexicon):
        turned = _turned(text, lexicon, turns) if "," in text and turns else ""
        named, start = (turned, TURNED) if turned else (text, PLAIN)
        ways = [(way | start, part) for way, part in (_parts(named, lexicon) if parts else [(PLAIN, named)])]
        if turned and parts and _is_seated(text, lexicon):
            ways += [(way, part) for way, part in _parts(text, lexicon) if way == PART]
    if len(text.strip()) in fields:
        ways += [(CUT, cut) for cut in dict.fromkeys((text, _without_begun_form(text, lexicon)))]
    if "." in text and _LONE_LETTER.search(text):
        ways += [(way, apart) for way, part in ways if (apart := _apart(part, lexicon)) != part]
    found = []
    for way, part in ways:
        if part.isascii():
            found.append((way, part))
        else:
            found += [(way | more, reading) for more, reading in _latin(part)]
    return found


def plain(texts: Sequence[str], lexicon: Lexicon) -> list[str]:
    """ASCII texts as lower-case words with single blanks between, dots and quotes gone, phrases folded to one word.

    All texts go through each step as one long string: a step costs the length of the text, not the number of texts.
    """
    if not texts:
        return []
    whole = _SHOUTED.sub(" ", "\n".join(text.replace("\n", " ") for text in texts)).lower()
    whole = whole.replace("&", " and ").replace("+", " plus ").replace("@", " at ")
    whole = _POSSESSIVE.sub("s", whole)
    whole = _DROPPED.sub("", whole)
    whole = _DOTTED.sub(lambda found: _undotted(found[0], lexicon), whole)
    whole = _SLASHED.sub(r"\1\2", whole)
    whole = _MISREAD.sub(_letter, whole)
    whole = _OTHER.sub(" ", whole)
    whole = "\n".join([f" {' '.join(line.split())} " for line in whole.split("\n")])
    for phrase, word in lexicon.phrases:
        needle = f" {phrase} "
        if needle in whole:
            whole = whole.replace(needle, f" {word} ")
    whole = _SERVANT.sub("abdul ", whole)
    return [line[1:-1] for line in whole.split("\n")]


def _letter(found: re.Match[str]) -> str:
    """The letter that a scanner read as this digit; 1 is an i between consonants, else an l."""
    digit = found[0]
    if digit != "1":
        return _READ_AS[digit]
    sides = found.string[max(found.start() - 1, 0) : found.end() + 1].replace("1", "")
    return "l" if any(letter in "aeiou" for letter in sides) else "i"


class _Table(dict[_Key, _Value]):
    """What becomes of each character, worked out when it is first met."""

    def __init__(self, of: Callable[[_Key], _Value]) -> None:
        super().__init__()
        self.of = of

    def __missing__(self, key: _Key) -> _Value:
        found = self[key] = self.of(key)
        return found


def _without_marks(code: int) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", chr(code)) if not unicodedata.combining(c))


_OTHER_SCRIPT = re.compile("[^\x00-\u024f]")
_LATIN_ASCII = _Table[int, str](lambda code: anyascii(_without_marks(code)))
_ASCII = _Table[int, str](lambda code: anyascii(chr(code)))
_BARE = _Table[int, str](_without_marks)
_LATIN = _Table[str, bool](lambda c: ord(c) < 0x250 or not c.isalpha())


def _undotted(text: str, lexicon: Lexicon) -> str:
    """'s.a.r.l.' as 'sarl'; letters with blanks between are joined only where they make a legal form."""
    joined = text.replace(".", "").replace(" ", "")
    return f"{joined} " if " " not in text or joined in lexicon.legal else text.replace(".", " ")


def _latin(text: str) -> list[tuple[int, str]]:
    """The ASCII readings of a text with other letters: diacritics off, other scripts transliterated."""
    folded = unicodedata.normalize("NFKC", text)
    if not _OTHER_SCRIPT.search(folded):
        return [(PLAIN, folded.translate(_LATIN_ASCII))]
    if scripts.SPELT.search(folded.lower()):
        folded = folded if (one := scripts.unmasked(folded.lower())) == folded.lower() else one
        spelt = scripts.readings(folded.lower())
        if spelt:
            return [(TRANSLITERATED | (SYLLABLES if syllables else 0), _ascii(one)) for one, syllables in spelt.items()]
    bare = folded.translate(_BARE)
    if all(map(_LATIN.__getitem__, bare)):
        return [(PLAIN, bare.translate(_ASCII))]
    read = _CAMEL.sub(" ", (scripts.translated(folded) if _HAN.search(folded) else folded).translate(_ASCII))
    if not _READABLE.search(read):  # characters without a reading stand for themselves
        read = " ".join(f"u{ord(c):x}" for c in folded if c.isalnum())
    return [(TRANSLITERATED | (SYLLABLES if _HAN.search(folded) else 0), read)]


def _ascii(text: str) -> str:
    return text if text.isascii() else text.translate(_ASCII)


def _native(texts: Sequence[str], at: Iterable[int]) -> np.ndarray:
    """For each text a number that stands for its Hangul or Chinese characters, the lowest bit for which of the two.

    Args:
        at: places of all texts that may have such characters.
    """
    found = np.zeros(len(texts), np.uint64)
    for index in at:
        text = texts[index]
        if text.isascii() or not _NATIVE.search(text):
            continue
        for bit, script in enumerate((scripts.HANGUL, _HAN)):
            letters = "".join(sorted(script.findall(text)))
            if letters:
                digest = hashlib.blake2b(letters.encode(), digest_size=8).digest()
                found[index] = (int.from_bytes(digest, "little") & ~1) | bit
    return found


def _turned(text: str, lexicon: Lexicon, most: int) -> str:
    """'PUTIN, Vladimir' as 'Vladimir PUTIN'; nothing for a text that is no 'LAST, First' of at most so many words."""
    if text.count(",") != 1 or _has_digit(text):
        return ""
    last, first = (part.strip() for part in text.split(","))
    words = _words(first)
    if not last or not words or len(words) > most or any(map(lexicon.legal.__contains__, words)):
        return ""
    return f"{first} {last}"


def _is_seated(text: str, lexicon: Lexicon) -> bool:
    """What looks like 'LAST, First' may be a body or a company, and where it sits: 'Korvex LLC, Moscow'."""
    name, _, seat = text.partition(",")
    words = _words(name)
    formed = len(words) > 1 and any(word in lexicon.legal and len(word) >= _FORM for word in words)
    return formed or _is_seat(seat, lexicon)


def _is_seat(text: str, lexicon: Lexicon) -> bool:
    return " ".join(_words(text)) in lexicon.seat


def _words(text: str) -> list[str]:
    """The words of a text in small letters, dotted letters as one."""
    found: list[str] = _WORD.findall(_DROPPED.sub("", text.lower()).replace(".", ""))
    return found


def _without_begun_form(text: str, lexicon: Lexicon) -> str:
    """A text that was cut, without its last word where that may be the beginning of a legal form: '... Joint St'."""
    begun = _LAST_WORD.search(text)
    return text[: begun.start()] if begun and begun[1].lower() in _begun_forms(lexicon) else text


@lru_cache(maxsize=8)
def _begun_forms(lexicon: Lexicon) -> frozenset[str]:
    words = {word for form in (*lexicon.legal, *(phrase for phrase, _ in lexicon.phrases)) for word in form.split()}
    return frozenset(word[:size] for word in words for size in range(2, len(word))) - lexicon.legal.keys()


def _apart(text: str, lexicon: Lexicon) -> str:
    """The text with dotted letters as initials of their own: 'A. B. Usmanov' and 'Gupta A.K.', but 'Romano S.A.'."""
    return _INITIALS.sub(lambda found: _letters_of(found, lexicon), text)


def _letters_of(found: re.Match[str], lexicon: Lexicon) -> str:
    letters = found[0].replace(".", "").replace(" ", "")
    form = letters.lower() in lexicon.legal and (found.start() > 0 or " " not in found[0].strip())
    return found[0] if form else f"{' '.join(letters)} "


def _has_form_alone(text: str, lexicon: Lexicon) -> bool:
    """What stands after the one comma is a legal form, as in most names that have one: 'Korvex, Ltd.'."""
    name, comma, form = text.partition(",")
    if not comma or not _is_form(form, lexicon) or _MARKS.search(name):
        return False
    return not (_has_word(text) or _has_several(text))


@lru_cache(maxsize=4096)
def _is_form(text: str, lexicon: Lexicon) -> bool:
    words = text.lower().replace(".", "").split()
    return bool(words) and all(word.isascii() and word in lexicon.legal for word in words)


def _has_digit(text: str) -> bool:
    return _DIGIT.search(text) is not None if text.isascii() else any(map(str.isdigit, text))


def _has_parts(text: str) -> bool:
    """The text may be other than one name in natural order, by a look that costs little."""
    if "," in text or ";" in text or "/" in text or "|" in text or "\n" in text or "\r" in text:
        return True
    return _has_word(text) or _has_several(text)


def _has_word(text: str) -> bool:
    """The text may name one party for another, by a look that costs little."""
    small = text.lower()
    return "/o" in small or "order" in small or "behalf" in small or "obo" in small


def _has_several(text: str) -> bool:
    """The text may hold several names, by a look that costs little."""
    small = text.lower()
    if not ("/" in small or "ex" in small or "ka" in small or "formerly" in small):
        return False
    return _SEVERAL.search(text) is not None


def _parts(text: str, lexicon: Lexicon) -> list[tuple[int, str]]:
    """The text, each of several names in it, and the part before an address or another party that seems to follow."""
    bare = _ORDER.sub("", text) if _has_word(text) else text
    found = [(PLAIN, bare)]
    if not _has_parts(bare):
        return found
    if _has_several(bare) and len(several := [name for name in _SEVERAL.split(bare) if name.strip()]) > 1:
        found += [(PART, name) for name in several]
    pieces = (_SPLIT if _has_word(bare) else _MARKS).split(bare)
    if len(pieces) < 2:
        return found
    head, tail = pieces[0].strip(), [piece for piece in pieces[1:] if piece.strip()]
    is_legal = lexicon.legal.__contains__
    while tail and all(map(is_legal, _LETTERS.findall(tail[0].lower().replace(".", "")))):
        head += " " + tail.pop(0)
    if not tail:
        return found
    words = _WORD.findall(head.lower().replace(".", ""))
    named = len(words) >= 2 or any(len(w) >= 8 for w in words)
    address = len(tail) >= 2 or _has_digit("".join(tail)) or any(map(is_legal, words)) or _is_seat(tail[0], lexicon)
    if named and address:
        found.append((PART, head))
    if "c/o" in bare.lower():
        found.append((PART, tail[-1]))
    return found


@dataclass(frozen=True, slots=True)
class Bag:
    """Lines as words: `off` bounds each line's words, `word` says which of `words` each is."""

    off: np.ndarray
    word: np.ndarray
    words: list[str]


def words(texts: Sequence[str], lexicon: Lexicon, ship: np.ndarray) -> Bag:
    """The plain words of ASCII texts, each distinct word once, in order of first appearance.

    Args:
        ship: of each text, whether it names a ship: numbers are words of their own then.
    """
    found = kernels.words(texts, lexicon, ship, ROMAN) if kernels.LIBRARY is not None else None
    if found is not None:
        return Bag(*found)
    lines = plain(texts, lexicon)
    for at in np.flatnonzero(ship).tolist():
        counted = _ROMAN_WORD.sub(lambda found: ROMAN[found[0]], _NUMBERED.sub(" ", lines[at]))
        lines[at] = _ZEROS.sub("", counted)
    return split(lines)


def split(lines: Sequence[str]) -> Bag:
    """The words of plain lines."""
    counts = np.fromiter((line.count(" ") + 1 if line else 0 for line in lines), np.int64, len(lines))
    flat = " ".join(line for line in lines if line).split(" ") if counts.any() else []
    coded = pa.array(flat, pa.string()).dictionary_encode()
    off = np.concatenate([[0], np.cumsum(counts)])
    return Bag(off, coded.indices.to_numpy().astype(np.int64), coded.dictionary.to_pylist())
