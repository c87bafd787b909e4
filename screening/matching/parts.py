"""What of one text may be a name: all of it, one of several names, or the part before what is no name."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

from screening.matching.latin import PLAIN, Reading
from screening.matching.looks import ends_in_town, says_number
from screening.matching.settings import Lexicon

PART, TURNED, CUT = 2, 4, 16  # how a reading came about, with those of latin: they add up
GIVEN, LISTED_GIVEN = 4, 12  # words after the comma: a record's 'LAST, First' is a guess, a listed person's is not
DROPPED = re.compile("['`\u2018\u2019\u02bc\u02bb\u02bf\u02be\u00b4\"\u201c\u201d]")

_LONGEST_TOWN = 5  # words
_BINDING = ("of", "the", "in", "and", "de", "du", "der", "for")  # what binds a town to a name
_FORM = 3  # letters of a legal form that is hardly a surname; 'SA' and 'CO' are
_LONG_WORD = 8  # letters of a word that is a name by itself
_I = re.IGNORECASE
_INITIALS = re.compile(r"(?<![^\W\d_])[^\W\d_](?:\.[ ]?[^\W\d_]){1,2}\.(?![^\W\d_])")
_LONE_LETTER = re.compile(r"\.[ ]?\w\.")
_SHOUTED_OUT = re.compile("(?<=[A-Z]{3})(?=[a-z]{2})")  # a blank left out after capitals: 'MEGAFONpao'
_MARKS = re.compile(r"[,;\n\r|]+")
_LINES = re.compile(r"[\n\r]+")
_FOR_ANOTHER = re.compile(
    r"\s+(?:c/o|o/b/o|obo|(?:for and )?on behalf of|to the order of|by order of|for account of|as agents? of)\s+", _I
)
_WORD = re.compile(r"\w+")
_SEVERAL = re.compile(r"\s+(?:/|ex|formerly|aka|a/k/a|fka|f/k/a)\s+", _I)
_ALSO = re.compile(r"\s*(?:ex|formerly|former name|previously|aka|a/k/a|fka|f/k/a|dba|d/b/a)\b[\s.:-]*", _I)
_BRACKETS = re.compile(r"[(\[{]([^()\[\]{}]*)[)\]}]?")
_END_BRACKETS = re.compile(rf"(?:{_BRACKETS.pattern}[\s.,;]*)+$")
_DASH = re.compile(r"\s[-\u2013\u2014]\s")
_NUMBERED_LINE = re.compile(r"(?m)^\s*\d/")
_FOUR_DIGITS = re.compile(r"\d(?:.*?\d){3}", re.DOTALL)
_HOUSE = re.compile(r"^(.*?\S)\s+(\S*[^\W\d_]\S*)\s+\d{1,4}[a-z]?\b.*$", _I | re.DOTALL)
# What stands in a ship's cell and is no part of its name.
_VOYAGE = re.compile(
    r"[\s,(/-]+(?:v|voy|voyage)\b\.?\s*(?:no|nr)?\.?\s*[:#]?\s*\d+\s*[a-z]{0,2}\b|\s*/\s*\d+[a-z]{0,2}\s*$", _I
)
_IMO = re.compile(r"\b(?:I\.?M\.?O\b\.?|ИМО)\s*(?:(?:number|no|nr|n)\b|№)?\s*[.:#-]*\s*(?:\d[\d ]*\d|unknown|n/a)?", _I)
_SIGNS = re.compile(r"\bcall\s*sign\s*[:.]?\s*\S+|(?<!\d)\d{7}(?!\d)", _I)
_EDGES = " \t,;:/-"
_DIGIT = re.compile("[0-9]")
_LAST_WORD = re.compile(r"\s+([a-zA-Z]{2,})\s*$")
_ORDER = re.compile(r"^\s*(?:to\s+)?(?:the\s+)?order\s+of\s+", _I)


def ways(
    text: str,
    lexicon: Lexicon,
    turns: int,
    fields: Collection[int],
    parts: bool = True,
    ship: bool = False,
    looks: tuple[bool, bool, bool] = (True, True, True),
) -> list[Reading]:
    """What of one text may be read as a name, in whatever letters, and how each came about; see names.read.

    Args:
        turns: the most words after the comma of a name that is turned. looks: `parted`, `beside` and `cut`, see Looks.
    """
    parted, beside, cut = looks
    found = [(PLAIN, text)]
    if parted and _has_parts(text) and not _has_form_alone(text, lexicon):
        turned = _turned(text, lexicon, turns) if "," in text and turns else ""
        named, start = (turned, TURNED) if turned else (text, PLAIN)
        found = [(way | start, part) for way, part in (_parts(named, lexicon) if parts else [(PLAIN, named)])]
        if turned and parts:  # what looks like 'LAST, First' may be a company's name with a comma
            seated = _parts(text, lexicon) if _is_seated(text, lexicon) else []
            found += [(PLAIN, text), *((way, part) for way, part in seated if way == PART)]
    if cut:
        found += cuts(text, lexicon, fields)
    if parts and beside and (more := _alone(text, lexicon, ship)):
        told = {part.lower() for _, part in found}
        for part in more:
            if part.lower() not in told:
                told.add(part.lower())
                found.append((PART, part))
    if parted and "." in text and _LONE_LETTER.search(text):
        found += [(way, apart) for way, part in found if (apart := _apart(part, lexicon)) != part]
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


# ---------------------------------------------------------------- what is no name
def ship_name(text: str) -> str:
    """A ship's name without its number, voyage and call sign; the text itself where nothing else is left."""
    if not (_has_digit(text) or says_number(text)):
        return text
    bare = text
    for what in (_IMO, _VOYAGE, _SIGNS):
        bare = what.sub(" ", bare)
    bare = bare.strip(_EDGES)
    return bare if any(map(str.isalpha, bare)) else text


def _alone(text: str, lexicon: Lexicon, ship: bool) -> list[str]:
    """The names in a cell beside which other things stand."""
    return _ship_alone(text) if ship else _party_alone(text, lexicon)


def _ship_alone(text: str) -> list[str]:
    """The names in a ship's cell beside which other things stand."""
    found = [_MARKS.split(text)[0]] if _MARKS.search(text) else []
    for part in (text, *_in_brackets(text), *found):
        if (bare := ship_name(part)) != text and any(map(str.isalpha, bare)):
            found.append(bare)
    return [part.strip(_EDGES) for part in (*found, *_in_brackets(text)) if any(map(str.isalpha, part))]


def _party_alone(text: str, lexicon: Lexicon) -> list[str]:
    """The names in a party's cell before or beside which other things stand."""
    found = _in_brackets(text)
    if "- " in text or not text.isascii():
        found += _DASH.split(text)[:-1][:1]
    if text[-1:].isalpha() and ends_in_town(text, lexicon):
        found += _without_towns(text, lexicon)
    if _has_digit(text):
        found += _before_numbers(text, lexicon)
    if "\n" in text or "\r" in text:
        found += _LINES.split(_NUMBERED_LINE.sub("", text))
    return [part.strip(_EDGES) for part in found if _is_named(part)]


def _in_brackets(text: str) -> list[str]:
    """The text without brackets that end it or tell another name, and a name inside: several words, or that other one.

    Other brackets are of the name, as in 'Bowne Global Solutions (France) SARL', whose sisters have other ones.
    """
    if "(" not in text and "[" not in text and "{" not in text:
        return []
    bare = _BRACKETS.sub(lambda one: " " if _ALSO.match(one[1]) else one[0], text)
    found = [" ".join(_END_BRACKETS.sub("", bare).split())]
    for inside in (one[1].strip() for one in _BRACKETS.finditer(text)):
        also = _ALSO.match(inside)
        if also and also.end() < len(inside):
            found.append(inside[also.end() :])
        elif len([word for word in _WORD.findall(inside) if word.isalpha()]) > 1:
            found.append(inside)
    return found


def _before_numbers(text: str, lexicon: Lexicon) -> list[str]:
    """The part before a telephone, tax or passport number, a day of birth, or a street with its house number."""
    head = _NUMBERED_LINE.sub("", text) if "/" in text else text
    head = _labelled(lexicon).sub("", head) if ":" in head or _FOUR_DIGITS.search(head) else head
    found = [head] if head != text else []
    streets = head.count(" ") > 2 and "," not in head and "\n" not in head  # two words, the street's and its number
    house = _HOUSE.match(head) if streets else None
    return found + ([house[1], f"{house[1]} {house[2]}"] if house and len(_words(house[1])) > 1 else [])


@lru_cache(maxsize=8)
def _labelled(lexicon: Lexicon) -> re.Pattern[str]:
    """A number that stands behind a name, with what it is and all that follows."""
    labels = "|".join(re.escape(label) for label in sorted(lexicon.label, key=lambda label: (-len(label), label)))
    what = rf"[\s,;(/-]+(?:{labels})\b\.?(?:\s*(?:no|nr|number|code)\b\.?)?"
    return re.compile(rf"{what}\s*(?::|[#№+(]*\s*\d).*$", _I | re.DOTALL)


def _is_named(text: str) -> bool:
    """Words enough to name somebody: two, or a long one."""
    words = _WORD.findall(text)
    return len(words) > 1 or any(len(word) >= _LONG_WORD for word in words)


# ---------------------------------------------------------------- several names, and names before what follows
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
    return _is_formed(_words(name), lexicon) or _is_seat(seat, lexicon) or _is_title(seat, lexicon)


def _without_towns(text: str, lexicon: Lexicon) -> list[str]:
    """A name without the last of the towns and states behind it, without the last two: 'Korvex LLC Moscow Russia'.

    'Ministry of Defence of the DPRK' loses its end too: of the bodies of the DPRK the name is enough to know them.
    """
    words, own, found = _words(text), True, list[str]()
    while size := _town_size(words, lexicon):
        own &= " ".join(words[-size:]) in lexicon.seat
        words = words[:-size]
        while own and words and words[-1] in _BINDING:
            words.pop()
        if words and words[-1] not in _BINDING and (own or _tells(words, lexicon)):
            found.append(" ".join(words))
    return found


def _tells(words: list[str], lexicon: Lexicon) -> bool:
    """Words that are more than what every land has: a legal form, a land, or a word that is not of the reference."""
    known, place = _common(lexicon), lexicon.place
    return _is_formed(words, lexicon) or any(word not in known or word in place for word in words)


@lru_cache(maxsize=8)
def _common(lexicon: Lexicon) -> frozenset[str]:
    """The words of the reference, which name nobody."""
    return frozenset().union(lexicon.legal, lexicon.stop, lexicon.title, lexicon.place, lexicon.trade)


def _town_size(words: list[str], lexicon: Lexicon) -> int:
    """How many words the town or state has that ends a name."""
    sizes = range(min(len(words), _LONGEST_TOWN), 0, -1)
    return next((size for size in sizes if " ".join(words[-size:]) in lexicon.town), 0)


def _is_formed(words: list[str], lexicon: Lexicon) -> bool:
    """The words have a legal form among them that is hardly a surname."""
    return len(words) > 1 and any(word in lexicon.legal and len(word) >= _FORM for word in words)


def _is_seat(text: str, lexicon: Lexicon) -> bool:
    return " ".join(_words(text)) in lexicon.seat


def _words(text: str) -> list[str]:
    """The words of a text in small letters, dotted letters as one."""
    found: list[str] = _WORD.findall(DROPPED.sub("", text.lower()).replace(".", ""))
    return found


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
    if not comma or not is_form(form, lexicon) or _MARKS.search(name):
        return False
    return not (_has_word(text) or _has_several(text))


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
    if "/o" in small or "order" in small or "behalf" in small or "obo" in small:
        return True
    return "account of" in small or "agent of" in small or "agents of" in small


def _has_several(text: str) -> bool:
    """The text may hold several names, by a look that costs little."""
    small = text.lower()
    if not ("/" in small or "ex" in small or "ka" in small or "formerly" in small):
        return False
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
        found += [(PART, party) for party in parties if _is_named(party)]
    for party in parties:
        head = _before_address(party, lexicon)
        if head and _is_named(head):
            found.append((PART, head))
    return list(dict.fromkeys(found))


def _before_address(text: str, lexicon: Lexicon) -> str:
    """The part before an address or a title that follows, its legal form with it; '' where none seems to follow."""
    pieces = _MARKS.split(text)
    head, tail = pieces[0].strip(), [piece for piece in pieces[1:] if piece.strip()]
    is_legal = lexicon.legal.__contains__
    while tail and all(is_legal(word) or word in _BINDING for word in _words(tail[0])):
        head += " " + tail.pop(0)
    if not tail:
        return ""
    formed = any(map(is_legal, _WORD.findall(head.lower().replace(".", ""))))
    follows = formed or len(tail) >= 2 or _has_digit("".join(tail))
    return head if follows or _is_seat(tail[0], lexicon) or _is_title(tail[0], lexicon) else ""


def _is_title(text: str, lexicon: Lexicon) -> bool:
    words = _words(text)
    return bool(words) and all(word in lexicon.title for word in words)
