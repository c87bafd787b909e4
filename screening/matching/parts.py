"""What of one text may be a name: all of it, one of several names, or the part before what is no name."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

from screening.matching import cyrillic
from screening.matching.aboard import in_ship
from screening.matching.beside import MARKS, has_digit, in_party, is_formed, is_named, may_name_ship, words_of
from screening.matching.hangul import is_syllable
from screening.matching.latin import PLAIN, Reading
from screening.matching.settings import Lexicon

PART, TURNED, CUT = 2, 4, 16  # how a reading came about, with those of latin: they add up
GIVEN, LISTED_GIVEN = 4, 12  # words after the comma: a record's 'LAST, First' is a guess, a listed person's is not

_I = re.IGNORECASE
_INITIALS = re.compile(r"(?<![^\W\d_])[^\W\d_](?:\.[ ]?[^\W\d_]){1,2}\.(?![^\W\d_])")
_TWO_INITIALS = re.compile(r"(?<![^\W\d_])([^\W\d_])\.[ ]?([^\W\d_])\.(?![^\W\d_])")
# An initial of two letters, which stands for one in Cyrillic: 'V.Yu. Surkov'; and one that may begin with another.
_DOUBLE_INITIAL = re.compile(r"(?<![^\W\d_])(?:(Y|I|J)[uaeo]|(Z|K|S|C)h|(T)s)\.", _I)
_Y_INITIAL = re.compile(r"(?<![^\W\d_])[ЕEЮЯЁ](?=\.)", _I)
_HAS_INITIALS = re.compile(rf"\.[ ]?\w{{1,2}}\.|{_DOUBLE_INITIAL.pattern}|(?<![^\W\d_])[\u0400-\u04ff]\.", _I)
# Initials that stand close: 'V.V.Putin', 'PutinV.V.', 'Putin.V.V.', 'Putin V.V' or without dots.
_BEFORE_NAME = re.compile(r"(?<![^\W\d_])((?:[^\W\d_]\.){2,3})(?=[^\W\d_]{3})")
_BEHIND_NAME = re.compile(r"(?<=[^\W\d_]{3})\.?(?=[^\W\d_]\.[ ]?[^\W\d_]\.?(?![^\W\d_]))")
_HALF_DOTTED = re.compile(r"(?<![^\s,])([^\W\d_])\.[ ]?([^\W\d_])(?![^\s,])")
_CLOSE = re.compile(rf"{_BEFORE_NAME.pattern}|{_BEHIND_NAME.pattern}|{_HALF_DOTTED.pattern}")
_UNDOTTED = re.compile(r"(?:(\S+) )?([^\W\d_] ?[^\W\d_])(?: (\S+))?")
_MOST_BLANKS = 4  # in a person's name
_BESIDE_LETTERS = 4  # letters of a family name beside initials without dots
_MOST_BESIDE_INITIALS = 2  # words of a person's name that stand beside two initials
_SHOUTED_OUT = re.compile("(?<=[A-Z]{3})(?=[a-z]{2})")  # a blank left out after capitals: 'MEGAFONpao'
_FOR_ANOTHER = re.compile(
    r"[\s,]+(?:c/o|a/c|b/o|care of|o/b/o|obo|(?:for and )?on behalf of|to the order of|by order of|"
    r"(?:for|on) account of|in favou?r of|as agents? (?:of|for)|(?:beneficially )?owned by|controlled by|managed by|"
    r"represented by|(?:a )?(?:subsidiary|branch|affiliate|division) of)\s+",
    _I,
)
_FOR_WHOM = "account", "agent", "agents", "subsidiary", "branch", "affiliate", "division", "care", "favour", "favor"
_BY_WHOM = "owned by", "controlled by", "managed by", "represented by"
_SEVERAL = re.compile(
    r"[\s,]+(?:/|ex|formerly known as|formerly|previously known as|previously|also known as|trading as|t/a|"
    r"doing business as|alias|aka|a/k/a|a\.k\.a\.?|fka|f/k/a|f\.k\.a\.?|dba|d/b/a|d\.b\.a\.?)\s+|[\s,]+ex[-.]\s*", _I
)
_AND = re.compile(r"\s+(?:and|und|&|\+|и)\s+", _I)
_MOST_JOINED = 3  # names with 'and' between
_SPLIT = re.compile(r"\s*[;\uff1b]\s*")  # what parts two names, if not a name and its address
_LAST_WORD = re.compile(r"\s+([a-zA-Z]{2,})\s*$")
_ORDER = re.compile(r"^\s*(?:to\s+(?:the\s+)?order(?:\s+of)?|(?:the\s+)?order\s+of)\s+|^\s*m/s\.?\s+", _I)
LONG = 200  # letters of a text in which runs of blanks and marks are made short
_RUN = re.compile(r"([\s,;:.()\[\]{}/|@'\"-])[\s,;:.()\[\]{}/|@'\"-]{7,}")


def ways(
    text: str,
    lexicon: Lexicon,
    turns: int,
    fields: Collection[int],
    parts: bool = True,
    ship: bool = False,
    looks: tuple[bool, bool, bool, bool] = (True, True, True, True),
) -> list[Reading]:
    """What of one text may be read as a name, in whatever letters, and how each came about; see names.read.

    Args:
        turns: the most words after the comma of a name that is turned.
        looks: `parted`, `beside`, `cut` and `initials`, see Looks.
    """
    parted, beside, cut, initials = looks
    found = [(PLAIN, text)]
    if parted and _has_parts(text) and not _has_form_alone(text, lexicon):
        turned = _turned(text, lexicon, turns) if "," in text and turns else ""
        named, start = (turned, TURNED) if turned else (text, PLAIN)
        found = [(way | start, part) for way, part in (_parts(named, lexicon) if parts else [(PLAIN, named)])]
        if turned and parts:  # what looks like 'LAST, First' may be a company's name with a comma
            found.append((PLAIN, text))
    if cut:
        found += cuts(text, lexicon, fields)
    if parts and (beside or (parted and (len(found) > 1 or _may_stand_alone(text)))):
        told = {part.lower() for _, part in found}
        alone = in_ship if ship else in_party
        ordered = found[0][1] if found[0][0] == PLAIN else text  # without 'to the order of'
        several = [*dict.fromkeys((text, ordered)), *(p for w, p in found if w & PART)]
        for part in [part for one in several for part in alone(one, lexicon)]:
            if part.lower() not in told:
                told.add(part.lower())
                found.append((PART, part))
    if initials and parts and not ship and (loose := _with_dots(text, lexicon)) != text:
        found.append((PLAIN, loose))
        text = loose
    if initials and "." in text and _HAS_INITIALS.search(text):
        spelt = _by_initials if parts else _listed_initials
        found += [(way, apart) for way, part in found for apart in spelt(part, lexicon) if apart != part]
    if parted and _SHOUTED_OUT.search(text):
        found += [(way, out) for way, part in found if (out := _SHOUTED_OUT.sub(" ", part)) != part]
    return found


def cuts(text: str, lexicon: Lexicon, fields: Collection[int]) -> list[Reading]:
    """A text that fills its field, as one that was cut there; one that ends in its legal form has lost nothing."""
    if len(text.strip()) not in fields or text.rpartition(" ")[2].rstrip(".").lower() in lexicon.legal:
        return []
    return [(CUT, cut) for cut in dict.fromkeys((text, _without_begun_form(text, lexicon)))]


@lru_cache(maxsize=4096)
def is_form(text: str, lexicon: Lexicon) -> bool:
    """The text is a legal form and nothing else."""
    words = text.lower().replace(".", "").split()
    return bool(words) and all(word.isascii() and word in lexicon.legal for word in words)


# ---------------------------------------------------------------- several names, and names before what follows
def _turned(text: str, lexicon: Lexicon, most: int) -> str:
    """'PUTIN, Vladimir' as 'Vladimir PUTIN'; nothing for a text that is no 'LAST, First' of at most so many words."""
    if text.count(",") != 1 or has_digit(text) or _has_word(text):
        return ""
    last, first = (part.strip() for part in text.split(","))
    words = words_of(first)
    if not last or not words or len(words) > most or any(map(lexicon.legal.__contains__, words)):
        return ""
    return f"{first} {last}"


def _without_begun_form(text: str, lexicon: Lexicon) -> str:
    """A text that was cut, without its last word where that may be the beginning of a legal form: '... Joint St'."""
    last = text.rpartition(" ")[2]
    if last.isalpha() and last.lower() not in _begun_forms(lexicon):
        return text
    begun = _LAST_WORD.search(text)
    return text[: begun.start()] if begun and begun[1].lower() in _begun_forms(lexicon) else text


@lru_cache(maxsize=8)
def _begun_forms(lexicon: Lexicon) -> frozenset[str]:
    words = {word for form in (*lexicon.legal, *(phrase for phrase, _ in lexicon.phrases)) for word in form.split()}
    return frozenset(word[:size] for word in words for size in range(2, len(word))) - lexicon.legal.keys()


def shortened(text: str) -> str:
    """A long text with its runs of blanks and marks shortened, which tell nothing and take long to look through."""
    if len(text) < LONG:
        return text
    return _RUN.sub(lambda run: run[1] + ("\n" if "\n" in run[0] or "\r" in run[0] else " "), text)


def _with_dots(text: str, lexicon: Lexicon) -> str:
    """The text with blanks around initials that stand close to a name, and dots behind those that have none."""
    if "." in text and not _CLOSE.search(text):
        return text
    spaced = _BEFORE_NAME.sub(r"\1 ", text)
    spaced = _BEHIND_NAME.sub(lambda found: " " if _is_capital(text, found.end()) else found[0], spaced)
    spaced = _HALF_DOTTED.sub(r"\1.\2.", spaced)
    return spaced if "." in spaced else _dotted(spaced, lexicon)


def _is_capital(text: str, place: int) -> bool:
    return place < len(text) and text[place].isupper()


def _dotted(text: str, lexicon: Lexicon) -> str:
    """Two capitals beside one other word as initials, unless they are a word themselves: 'PUTIN VV', not 'KIM IL'."""
    found = _UNDOTTED.fullmatch(text)
    if not found:
        return text
    before, initials, behind = found.groups(default="")
    name, both = before or behind, initials.replace(" ", "")
    if not both.isupper() or not name.isalpha() or len(name) < _BESIDE_LETTERS:
        return text
    spelt = cyrillic.in_latin(both.lower())
    if " " not in initials and behind and both.isascii():
        return text
    if " " not in initials and (spelt in lexicon.legal or spelt in lexicon.meanings or is_syllable(spelt)):
        return text
    return f"{before} {'.'.join(both)}. {behind}".strip()


def _by_initials(text: str, lexicon: Lexicon) -> list[str]:
    """The text with its dotted letters as initials: each of one letter, and where they read as a legal form or a ship's
    prefix (S.A., M.V.) or may do so, one before and one behind the name."""
    if text.count(" ") > _MOST_BLANKS:
        return [_apart(text, lexicon)]
    short = _DOUBLE_INITIAL.sub(lambda found: f"{next(filter(None, found.groups()))}.", text)
    may_be_y = "E." in short or "e." in short or not short.isascii()
    with_y = [other] if may_be_y and (other := _Y_INITIAL.sub("Y", short)) != short else []
    found = [apart for one in (short, *with_y) for apart in (_apart(one, lexicon), _around(one, lexicon))]
    return list(dict.fromkeys(found))


def _listed_initials(text: str, lexicon: Lexicon) -> list[str]:
    """The same of a listed name: a list says more of a person than initials, and a legal form is one."""
    return [_apart(text, lexicon)]


def _around(text: str, lexicon: Lexicon) -> str:
    """A short name with one of its two initials before it and one behind, where they may be read as something else."""
    initials = _TWO_INITIALS.search(text)
    if not initials or not (initials[1].isupper() and initials[2].isupper()):  # as in 'Toma, a.s.'
        return text
    first, second = (cyrillic.in_latin(letter.lower()) for letter in initials.groups())
    beside = f"{text[: initials.start()]} {text[initials.end() :]}".replace(",", " ").replace(".", " ").split()
    rest = [word for word in beside if word.lower() not in lexicon.title]
    taken = f"{first}{second}" in lexicon.legal or f"{first} {second}" in _taken(lexicon)
    if not taken or not 0 < len(rest) <= _MOST_BESIDE_INITIALS or not all(map(str.isalpha, rest)):
        return text
    return " ".join([initials[1], *rest, initials[2]])


@lru_cache(maxsize=8)
def _taken(lexicon: Lexicon) -> frozenset[str]:
    """The phrases of the lexicon."""
    return frozenset(phrase for phrase, _ in lexicon.phrases)


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
    if not comma or not is_form(form, lexicon) or MARKS.search(name):
        return False
    return not (_has_word(text) or _has_several(text))


def _has_parts(text: str) -> bool:
    """The text may be other than one name in natural order, by a look that costs little."""
    if "," in text or ";" in text or "/" in text or "|" in text or "\n" in text or "\r" in text:
        return True
    return _has_word(text) or _has_several(text) or _may_join(text)


def _may_stand_alone(text: str) -> bool:
    """A name in the text may stand before a comma, or a ship's behind who owns it, by a look that costs little."""
    return MARKS.search(text) is not None or may_name_ship(text)


def _has_word(text: str) -> bool:
    """The text may name one party for another, by a look that costs little."""
    small = text.lower()
    if "/o" in small or "order" in small or "behalf" in small or "obo" in small or "m/s" in small or "agent" in small:
        return True
    if "a/c" in small or (" by " in small and any(map(small.__contains__, _BY_WHOM))):
        return True
    return " of" in small and any(f"{what} of" in small for what in _FOR_WHOM)


def _may_join(text: str) -> bool:
    """The text may hold two parties with 'and' between, by a look that costs little."""
    if " & " in text or " + " in text:
        return True
    small = text.lower()
    return " and " in small or " und " in small or " и " in small


def _joined(text: str, lexicon: Lexicon) -> list[str]:
    """Two parties with 'and' between: one of them is a company with its form, or all are people by their words."""
    names = _AND.split(text) if _may_join(text) and "," not in text else []
    if not 1 < len(names) <= _MOST_JOINED:
        return []
    words = [words_of(name) for name in names]
    if any(sum(word not in lexicon.legal for word in some) < 2 for some in words):
        return []
    common = (lexicon.trade, lexicon.place, lexicon.legal)
    people = not any(word in known for some in words for word in some for known in common)
    return names if people or any(is_formed(some, lexicon) for some in words) else []


def _has_several(text: str) -> bool:
    """The text may hold several names, by a look that costs little."""
    small = text.lower()
    if not ("/" in small or "ex" in small or "ka" in small or "k.a" in small or "formerly" in small or "ba" in small):
        told = "alias" in small or "known as" in small or "previously" in small or "b.a" in small
        return (told or " as " in small) and _SEVERAL.search(text) is not None
    return _SEVERAL.search(text) is not None


def _parts(text: str, lexicon: Lexicon) -> list[Reading]:
    """The text, each of several names in it, and the part before an address or another party that seems to follow."""
    bare = _ORDER.sub("", text) if _has_word(text) else text
    found = [(PLAIN, bare)]
    if not _has_parts(bare):
        return found
    if _has_several(bare) and len(several := [name for name in _SEVERAL.split(bare) if name.strip()]) > 1:
        found += [(PART, name) for name in several]
    parties = _FOR_ANOTHER.split(bare) if _has_word(bare) else [bare]
    if len(parties) > 1:
        found += [(PART, party) for party in parties if is_named(party)]
    found += [(PART, name) for name in _joined(bare, lexicon)]
    if ";" in bare or "\uff1b" in bare:
        found += [(PART, one) for one in _SPLIT.split(bare) if is_named(one)]
    return list(dict.fromkeys(found))
