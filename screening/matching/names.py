"""Names as words: every spelling of a name brought to plain lower-case words, in bulk over distinct names."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from screening.matching import kernels, latin
from screening.matching.latin import PLAIN, Reading
from screening.matching.settings import Lexicon

PART, TURNED, CUT = 2, 4, 16  # how a reading came about, with those of latin: they add up
ROMAN = {"ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "xi": "11", "xii": "12"}

_LONGEST_SEAT = 5  # words
_FORM = 3  # letters of a legal form that is hardly a surname; 'SA' and 'CO' are
_GIVEN, _LISTED_GIVEN = 4, 12  # words after the comma: a record's 'LAST, First' is a guess, a listed person's is not
_DOTTED = re.compile(r"(?<![a-z0-9])[a-z](?:\.[ ]?[a-z])+(?![a-z0-9])\.?")
_INITIALS = re.compile(r"(?<![^\W\d_])[^\W\d_](?:\.[ ]?[^\W\d_]){1,2}\.(?![^\W\d_])")
_LONE_LETTER = re.compile(r"\.[ ]?\w\.")
_DROPPED = re.compile("['`\u2018\u2019\u02bc\u02bb\u02bf\u02be\u00b4\"\u201c\u201d]")
_SLASHED = re.compile(r"(?<![a-z0-9])([a-z])/([a-z])(?![a-z0-9])")
_OTHER = re.compile("[^a-z0-9 \n]+")
_POSSESSIVE = re.compile(r"(?<=[a-z]{2})['`\u2019]s(?![a-z])")
# A blank left out after capitals: 'KIMJong', or 'MEGAFONpao'.
_SHOUTED, _SHOUTED_OUT = re.compile("(?<=[A-Z]{2})(?=[A-Z][a-z]{2})"), re.compile("(?<=[A-Z]{3})(?=[a-z]{2})")
_MARKS = re.compile(r"[,;\n\r|]+")
_SPLIT = re.compile(r"[,;\n\r|]+|\s+(?:c/o|o/b/o|obo|on behalf of|to the order of)\s+", re.IGNORECASE)
_WORD, _LETTERS = re.compile(r"\w+"), re.compile("[a-z]+")
_SEVERAL = re.compile(r"\s+(?:/|ex|formerly|aka|a/k/a|fka|f/k/a)\s+", re.IGNORECASE)
# Signs that may part names, blanks that are not ASCII and the sign of the kelvin taken for some; and how the words end
# that do: 'order of', 'aka'.
_PARTING = np.array([
    chr(code) in ",;/|\n\r\u212a" or (code >= 128 and chr(code).isspace()) for code in range(0x3002)
])  # fmt: skip
_PARTING_ENDS = np.array([(ord(a) << 8) + ord(b) for a, b in ("ex", "ly", "ka", "bo", "of")], np.uint32)
_BEFORE_END = np.array([ord(c) for c in "rafo/"], np.uint32)  # the letter before these, where it is no blank
_DIGIT = re.compile("[0-9]")
# One digit inside a word or before its letters: 'shipp1ng', '0mar'. At the end of a word it is a number.
_MISREAD = re.compile(r"(?<![a-z0-9])[01258](?=[a-z]{3})|(?<=[a-z])[01258](?=[a-z]{2})|(?<=[a-z]{2})[01258](?=[a-z])")
_READ_AS = {"0": "o", "2": "z", "5": "s", "8": "b"}
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
    looks = _looks(texts, fields, lexicon)
    looked_at = looks.foreign | looks.parted | looks.cut  # all others have one reading, the text as it stands
    places = np.flatnonzero(looked_at)
    flags = (flag[places].tolist() for flag in (looks.parted, looks.comma, looks.cut))
    ways = [
        _ways(texts[place], lexicon, turns[place], parts, fields)
        if parted and not (comma and _is_form(texts[place].partition(",")[2], lexicon))
        else [(PLAIN, texts[place]), *(_cuts(texts[place], lexicon, fields) if cut else ())]
        for place, parted, comma, cut in zip(places.tolist(), *flags, strict=True)
    ]
    found = _in_ascii(ways, looks.foreign[places].tolist())
    count = np.ones(len(texts), np.int64)
    count[places] = [len(readings) for readings in found]
    owner = np.repeat(np.arange(len(texts)), count)
    raw, how, native = np.empty(len(owner), object), np.zeros(len(owner), np.int8), np.zeros(len(texts), np.uint64)
    raw[~looked_at[owner]] = np.array(texts, object)[~looked_at]
    raw[looked_at[owner]] = np.array([reading for readings in found for _, reading in readings], object)
    how[looked_at[owner]] = [way for readings in found for way, _ in readings]
    native[looks.foreign] = latin.native([texts[place] for place in np.flatnonzero(looks.foreign).tolist()])
    return Readings(owner, how, raw.tolist(), native[owner], lexicon)


def _in_ascii(ways: Sequence[list[Reading]], foreign: Sequence[bool]) -> list[list[Reading]]:
    """The ways of texts, each in its ASCII readings.

    Args:
        foreign: whether a text has letters that are not ASCII.
    """
    strange = [part for some, any_strange in zip(ways, foreign, strict=True) if any_strange for _, part in some]
    readings = iter(latin.ascii_readings(strange))
    return [
        [(way | more, reading) for way, _ in some for more, reading in next(readings)] if any_strange else some
        for some, any_strange in zip(ways, foreign, strict=True)
    ]


class _Looks(NamedTuple):
    """What can be told of texts by a look at all at once.

    Args:
        foreign: those with letters that are not ASCII. cut: those that may have the length of a field.
        parted: those with a sign or a word that may part names, a letter between dots, capitals that end in a word, or
            the end of a seat.
        comma: those of which only one comma says so: where a legal form stands behind it, the text is one name.
    """

    foreign: np.ndarray
    cut: np.ndarray
    parted: np.ndarray
    comma: np.ndarray


def _looks(texts: Sequence[str], fields: Collection[int], lexicon: Lexicon) -> _Looks:
    if not texts:
        return _Looks(*[np.zeros(0, bool)] * 4)
    codes = np.frombuffer((" ".join(texts) + " ").encode("utf-32-le", "surrogatepass"), np.uint32)
    ends = np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)) + 1)
    starts = np.append(0, ends[:-1])
    parted = _PARTING[np.minimum(codes, len(_PARTING) - 1)]
    blank = np.flatnonzero(codes[4:] <= 32) + 4
    third, second, last = (codes[blank - back] | 32 for back in (3, 2, 1))
    begun = (codes[blank - 3] <= 32) | np.isin(third, _BEFORE_END)
    parted[blank] |= begun & np.isin((second << 8) + last, _PARTING_ENDS)
    dot = np.flatnonzero(codes == ord("."))  # a letter between dots, or more than that: 'A. B. Usmanov'
    parted[dot] |= np.logical_or(*(codes.take(dot - back, mode="wrap") == ord(".") for back in (2, 3)))
    capital, small = codes - ord("A") < 26, codes - ord("a") < 26
    parted[4:] |= capital[:-4] & capital[1:-3] & capital[2:-2] & small[3:-1] & small[4:]
    ended = sum(((codes[np.maximum(ends - 4 + at, 0)] | 32) << np.uint64(8 * at)) for at in range(3))
    parted[starts] |= np.isin(ended, [sum(ord(c) << 8 * at for at, c in enumerate(end)) for end in _seat_ends(lexicon)])
    cut = (codes[starts] <= 32) | (codes[ends - 2] <= 32)  # blanks do not count in the length of a text
    cut |= np.isin(ends - starts - 1, list(fields))
    signs = np.add.reduceat(parted, starts, dtype=np.int64)
    comma = (signs == 1) & np.logical_or.reduceat(codes == ord(","), starts)
    return _Looks(np.maximum.reduceat(codes, starts) >= 128, cut, signs > 0, comma)


def _ways(text: str, lexicon: Lexicon, turns: int, parts: bool, fields: Collection[int]) -> list[Reading]:
    """What of one text may be read as a name, in whatever letters, and how each came about; see `read`.

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
    ways += _cuts(text, lexicon, fields)
    if parts and text[-3:].lower() in _seat_ends(lexicon) and (body := _without_seat(text, lexicon)):
        ways.append((PART, body))
    if "." in text and _LONE_LETTER.search(text):
        ways += [(way, apart) for way, part in ways if (apart := _apart(part, lexicon)) != part]
    if _SHOUTED_OUT.search(text):
        ways += [(way, out) for way, part in ways if (out := _SHOUTED_OUT.sub(" ", part)) != part]
    return ways


def _cuts(text: str, lexicon: Lexicon, fields: Collection[int]) -> list[Reading]:
    """A text that fills its field, as one that was cut there."""
    if len(text.strip()) not in fields:
        return []
    return [(CUT, cut) for cut in dict.fromkeys((text, _without_begun_form(text, lexicon)))]


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


def _undotted(text: str, lexicon: Lexicon) -> str:
    """'s.a.r.l.' as 'sarl'; letters with blanks between are joined only where they make a legal form."""
    joined = text.replace(".", "").replace(" ", "")
    return f"{joined} " if " " not in text or joined in lexicon.legal else text.replace(".", " ")


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


def _without_seat(text: str, lexicon: Lexicon) -> str:
    """'Ministry of Defence of the DPRK' without its end; nothing where less than two words are left, or for a comma."""
    words = _words(text)
    for size in range(min(len(words), _LONGEST_SEAT), 0, -1) if "," not in text else ():
        if " ".join(words[-size:]) in lexicon.seat:
            left = words[:-size]
            while left and left[-1] in ("of", "the", "in"):
                left.pop()
            return " ".join(left) if len(left) > 1 else ""
    return ""


@lru_cache(maxsize=8)
def _seat_ends(lexicon: Lexicon) -> frozenset[str]:
    return frozenset(seat[-3:] for seat in lexicon.seat)


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
