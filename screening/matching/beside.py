"""The name in a party's cell in which other things stand beside it: towns, numbers, another script, another name."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from screening.matching import cyrillic, hangul
from screening.matching.settings import Lexicon

DROPPED = re.compile("['`\u2018\u2019\u02bc\u02bb\u02bf\u02be\u00b4]")  # signs within words
_QUOTES = re.compile("[\"\u201c\u201d\u201e\u00ab\u00bb]")  # signs around names
MARKS = re.compile("[,;\n\r|\uff0c\uff1b\u3001]+")
WORD = re.compile(r"\w+")
# Signs that nobody sees and that are no letters: they part words, or stand within one.
HIDDEN = re.compile("[\x80-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]+")
_I = re.IGNORECASE
END = 7  # letters at the end of a text that tell a town
JOINED = range(7, 15)  # letters of a Korean's name that is written as one word
_MOST = 8  # names read in one cell besides the whole
_MOST_BRACKETS = 12
_LONGEST_TOWN = 5  # words
_LONG_WORD, _TELLING_WORD = 8, 5  # letters of a word that is a name by itself, and of one before its town
_FORM = 3  # letters of a legal form that is hardly a surname; 'SA' and 'CO' are
_ROLE = 3  # letters of what says who a party is that are looked at first
_BINDING = ("of", "the", "in", "and", "de", "du", "der", "for")  # what binds a town to a name
_TOWN_SIGNS = ("g", "gor", "gorod", "city", "respublika")  # 'г. Москва'
_LINES = re.compile(r"[\n\r\t]+")
_ALSO = re.compile(
    r"\s*(?:ex|(?:formerly|previously|also|now) known as|formerly|former name|former|previously|previous|prev|alias|"
    r"trading as|doing business as|a\.?k\.?a|a/k/a|f\.?k\.?a|f/k/a|d\.?b\.?a|d/b/a|t/a)\b[\s.:-]*",
    _I,
)
_SAYS_WHO = re.compile(r"^(?:[^\W\d_]+[.]?\s+){0,3}[^\W\d_]+\s*[:\uff1a]\s*(?=\S)")  # 'Notify party: Korvex'
_TO_WHOM = re.compile(r"[\s,;(]+(?:kind\s+)?(?:attn|attention|att)\b\s*[.:].*$", _I | re.DOTALL)
_BRACKETS = re.compile(r"[(\[{\uff08]([^()\[\]{}\uff08\uff09]*)[)\]}\uff09]?")
_END_BRACKETS = re.compile(rf"(?:{_BRACKETS.pattern}[\s.,;]*)+$")
DASH = re.compile(r"\s[-\u2013\u2014]\s")
_NUMBERED_LINE = re.compile(r"(?m)^\s*\d/|^\s*\d{1,3}[.)]\s")
_FOUR_DIGITS = re.compile(r"\d(?:.*?\d){3}", re.DOTALL)
_PHONE = re.compile(r"[\s,;(/-]+(?:\+\s*\d[\d\s()-]{6,}|\d{9,}).*$", re.DOTALL)
# A bank's or a tax number before a name, with what it is or without.
_NUMBER_FIRST = re.compile(
    r"^\W*(?:(?:[^\W\d_]{2,7}[\s.:#№]*)?(?:\d[\d/ -]{4,}\d|[A-Z]{2}\d{2}[A-Z0-9]{8,})[\s,:/-]+)+(?=[^\W\d_])"
)
_BANK = re.compile(r"[\s,;(/-]+(?:iban|swift|bic)\b.*$", _I | re.DOTALL)
_HOUSE = re.compile(r"^(.*?\S)\s+(\S*[^\W\d_]\S*)\s+\d{1,4}[a-z]?\b.*$", _I | re.DOTALL)
_MAIL = re.compile(r"[\s,;(]+(?:e-?mail\S*\s+|web\S*\s+)?(?:\S+@\S+|www\.\S+|https?://\S+).*$", _I | re.DOTALL)
_OF_SHIP = re.compile(
    r"\b(?:owners?|master|captain|crew|operators?|charterers?|managers?)\b[^,;]{0,20}[,\s]+"
    r"(?:m/?v|m\.\s?v|m/?t|m\.\s?t|vessel|vsl|ship|motor vessel|tanker)\b\.?\s+(\S.*)$",
    _I | re.DOTALL,
)
_SCRIPT_RUNS = re.compile(
    "[A-Za-z\u00c0-\u024f][A-Za-z\u00c0-\u024f0-9 .,'&/-]*|[\u0400-\u04ff][\u0400-\u04ff0-9 .,'&/-]*|"
    "[\u0600-\u06ff][\u0600-\u06ff ]*|[\uac00-\ud7a3][\uac00-\ud7a3 ]*|"
    "[\u3040-\u30ff\u4e00-\u9fff][\u3040-\u30ff\u4e00-\u9fff ]*"
)
_LATIN, _HAN = re.compile("[A-Za-z]"), re.compile("[\u4e00-\u9fff]")
_STRANGE = re.compile("[\u0370-\u1fff\u2c00-\uffff]")
_SYLLABIC = re.compile("[\uac00-\ud7a3\u4e00-\u9fff]{2}|[\uac00-\ud7a3\u4e00-\u9fff] ?[\uac00-\ud7a3\u4e00-\u9fff]")
EDGES = " \t,;:/-\uff0c\uff1b\u3001"
_DIGIT = re.compile("[0-9]")
_MORE = re.compile(r"[(\[{,\n]|[^\x00-\x7f]|- ")  # what is left of a text may say more than a name
_Cuts = Callable[[str, Lexicon], list[str]]


def in_party(text: str, lexicon: Lexicon) -> list[str]:
    """The names in a party's cell before or beside which other things stand."""
    return [part for part in cut(text, lexicon, _party_cuts) if is_named(part) or _is_telling(part, lexicon)]


def cut(text: str, lexicon: Lexicon, cuts: _Cuts) -> list[str]:
    """What cuts leave of the text, and of what they left of it."""
    bare = text.strip(EDGES)
    found, at = [bare], 0
    while at < len(found) <= _MOST:
        one = found[at]
        for part in cuts(one, lexicon) if not at or _MORE.search(one) or ends_in_town(one, lexicon) else ():
            if (part := part.strip(EDGES)) and part not in found:
                found.append(part)
        at += 1
    return found[1 : _MOST + 1]


# ---------------------------------------------------------------- words
def words_of(text: str) -> list[str]:
    """The words of a text in small letters, dotted letters as one; Cyrillic words in Latin letters."""
    if text.isascii():
        plain = text.lower().replace(".", "").replace("'", "").replace('"', " ").replace("`", "")
        return WORD.findall(plain)
    return [cyrillic.in_latin(word) for word in WORD.findall(_unmarked(text.lower()).replace(".", ""))]


def _unmarked(text: str) -> str:
    return DROPPED.sub("", _QUOTES.sub(" ", text))


def is_named(text: str) -> bool:
    """Words enough to name somebody: two, a long one, or two syllables of Hangul or Chinese."""
    words = WORD.findall(text)
    return len(words) > 1 or any(len(word) >= _LONG_WORD for word in words) or _SYLLABIC.search(text) is not None


def _is_telling(text: str, lexicon: Lexicon) -> bool:
    """One word that may name somebody: of some letters, and not of the reference."""
    word = text.lower()
    return len(word) >= _TELLING_WORD and word.isalpha() and word not in _common(lexicon)


def is_formed(words: list[str], lexicon: Lexicon) -> bool:
    """The words have a legal form among them that is hardly a surname."""
    return len(words) > 1 and any(word in lexicon.legal and len(word) >= _FORM for word in words)


def is_place(words: list[str], lexicon: Lexicon) -> bool:
    """The words are a town or state, or several."""
    words = [word for word in words if word not in _TOWN_SIGNS]
    while size := town_size(words, lexicon):
        words = words[:-size]
        if not words:
            return True
    return False


def is_title(words: list[str], lexicon: Lexicon) -> bool:
    """The words are titles."""
    return bool(words) and all(word in lexicon.title for word in words)


def _tells(words: list[str], lexicon: Lexicon) -> bool:
    """Words that are more than what every land has: a legal form, a land, or a word that is not of the reference."""
    known, place = _common(lexicon), lexicon.place
    return is_formed(words, lexicon) or any(word not in known or word in place for word in words)


@lru_cache(maxsize=8)
def _common(lexicon: Lexicon) -> frozenset[str]:
    """The words of the reference, which name nobody."""
    return frozenset().union(lexicon.legal, lexicon.stop, lexicon.title, lexicon.place, lexicon.trade)


def town_size(words: list[str], lexicon: Lexicon) -> int:
    """How many words the town or state has that ends a name."""
    sizes = range(min(len(words), _LONGEST_TOWN), 0, -1)
    return next((size for size in sizes if " ".join(words[-size:]) in lexicon.town), 0)


def ends_in_town(text: str, lexicon: Lexicon) -> bool:
    """The text may end in a town, by a look that costs little."""
    if text.isascii():
        end, ends = text[-END:].lower(), town_ends(lexicon)
        return end in ends or end[1:] in ends or end[2:] in ends or end[3:] in ends or end[4:] in ends
    last = _unmarked(text.rpartition(" ")[2].rpartition(".")[2].lower()).strip(EDGES)
    return cyrillic.in_latin(last) in _last_words(lexicon)


@lru_cache(maxsize=8)
def town_ends(lexicon: Lexicon) -> frozenset[str]:
    """The last letters of towns in Latin letters, the blank before a short word with them."""
    return frozenset(f" {town}"[-END:] for town in lexicon.town if town.isascii())


@lru_cache(maxsize=8)
def last_letters(lexicon: Lexicon) -> frozenset[int]:
    """The codes of the last letters of towns in Hangul or Chinese characters."""
    return frozenset(ord(town[-1]) for town in lexicon.town if not town.isascii())


@lru_cache(maxsize=8)
def _last_words(lexicon: Lexicon) -> frozenset[str]:
    return frozenset(town.rpartition(" ")[2] for town in lexicon.town)


def has_digit(text: str) -> bool:
    """The text has a digit, of whatever script."""
    return _DIGIT.search(text) is not None if text.isascii() else any(map(str.isdigit, text))


# ---------------------------------------------------------------- in a party's cell
def in_brackets(text: str) -> list[str]:
    """The text without brackets that end it or tell another name, and a name inside: several words, or that other one.

    Other brackets are of the name, as in 'Bowne Global Solutions (France) SARL', whose sisters have other ones.
    """
    if not 0 < sum(map(text.count, "([{\uff08")) <= _MOST_BRACKETS:
        return []
    bare = _BRACKETS.sub(lambda one: " " if _ALSO.match(one[1]) else one[0], text)
    found = [" ".join(_END_BRACKETS.sub("", bare).split())]
    for inside in (one[1].strip() for one in _BRACKETS.finditer(text)):
        also = _ALSO.match(inside)
        if also and also.end() < len(inside):
            found.append(inside[also.end() :])
        elif len([word for word in WORD.findall(inside) if word.isalpha()]) > 1 or _SYLLABIC.search(inside):
            found.append(inside)
    return found


def _before_comma(text: str, lexicon: Lexicon) -> list[str]:
    """The part before an address, a title or a town that follows a comma, its legal form with it.

    Behind one comma there may stand a given name: only a body, a name of three words, or one before a town or title
    is taken to stand alone, and only if it is more than every land has.
    """
    pieces = MARKS.split(text)
    head, tail = pieces[0].strip(), [piece for piece in pieces[1:] if piece.strip()]
    while tail and all(word in lexicon.legal or word in _BINDING for word in words_of(tail[0])):
        head += " " + tail.pop(0)
    if not tail:
        return []
    words, follows = words_of(head), words_of(tail[0])
    telling = [word for word in words if word not in _BINDING]
    formed = len(telling) > 1 and any(word in lexicon.legal for word in telling)
    if formed or len(tail) > 1 or has_digit("".join(tail)) or " ".join(follows) in lexicon.seat:
        return [head, tail[0]] if formed and _may_be_another(tail[0], follows, lexicon) else [head]
    named = len(telling) > 2 or (len(telling) > 1 and any(word in lexicon.trade for word in telling))
    beside = is_title(follows, lexicon) or is_place(follows, lexicon)
    return [head] if (named or beside) and _tells(words, lexicon) else []


def _may_be_another(text: str, words: list[str], lexicon: Lexicon) -> bool:
    """What follows the comma behind a body may be another party, and no address: 'Korvex Ltd, Kim Jong Un'."""
    if len(words) < 2 or has_digit(text) or is_place(words, lexicon) or is_title(words, lexicon):
        return False
    return is_named(text) and _tells(words, lexicon)


def _without_towns(text: str, lexicon: Lexicon) -> list[str]:
    """A name without the last of the towns and states behind it, without the last two: 'Korvex LLC Moscow Russia'.

    'Ministry of Defence of the DPRK' loses its end too: of the bodies of the DPRK the name is enough to know them.
    """
    spans = list(WORD.finditer(text))
    words = [cyrillic.in_latin(DROPPED.sub("", one[0].lower())) for one in spans]
    own, found = True, list[str]()
    while size := town_size(words, lexicon):
        own &= " ".join(words[-size:]) in lexicon.seat
        words = words[:-size]
        while words and (words[-1] in _TOWN_SIGNS or (own and words[-1] in _BINDING)):
            words.pop()
        if words and words[-1] not in _BINDING and (own or _tells(words, lexicon)):
            found.append(text[: spans[len(words) - 1].end()])
    return found


def _before_numbers(text: str, lexicon: Lexicon) -> list[str]:
    """The part before a telephone, tax or passport number, a day of birth, or a street with its house number."""
    head = _NUMBERED_LINE.sub("", text)
    head = _labelled(lexicon).sub("", head) if ":" in head or _FOUR_DIGITS.search(head) else head
    found = [head] if head != text else []
    if _FOUR_DIGITS.search(text):
        cuts = ((_PHONE, head), (_BANK, head), (_NUMBER_FIRST, text))
        found += [cut for what, whole in cuts if (cut := what.sub("", whole)) != whole]
    streets = head.count(" ") > 2 and "," not in head and "\n" not in head  # two words, the street's and its number
    house = _HOUSE.match(head) if streets else None
    return found + ([house[1], f"{house[1]} {house[2]}"] if house and len(words_of(house[1])) > 1 else [])


@lru_cache(maxsize=8)
def _labelled(lexicon: Lexicon) -> re.Pattern[str]:
    """A number that stands behind a name, with what it is and all that follows."""
    labels = "|".join(re.escape(label) for label in sorted(lexicon.label, key=lambda label: (-len(label), label)))
    what = rf"[\s,;(/-]+(?:{labels})\b\.?(?:\s*(?:no|nr|number|code)\b\.?)?"
    return re.compile(rf"{what}\s*(?::|[#№+(]*\s*\d).*$", _I | re.DOTALL)


@lru_cache(maxsize=8)
def _role_begins(lexicon: Lexicon) -> frozenset[str]:
    return frozenset(role[:_ROLE] for role in lexicon.role)


@lru_cache(maxsize=8)
def _role(lexicon: Lexicon) -> re.Pattern[str]:
    """What says who the party is, before its name and with no colon."""
    roles = "|".join(re.escape(role) for role in sorted(lexicon.role, key=lambda role: (-len(role), role)))
    return re.compile(rf"(?:{roles})\b[\s.]+(?=\S)", _I)


def is_mixed(text: str) -> bool:
    """The text has Latin letters and others, or Hangul and Chinese characters."""
    if _LATIN.search(text):
        return _STRANGE.search(text) is not None
    return hangul.HANGUL.search(text) is not None and _HAN.search(text) is not None


def by_script(text: str) -> list[str]:
    """The parts of a text that is written in several scripts, as papers write one name twice."""
    runs = [run for run in _SCRIPT_RUNS.findall(text) if is_named(run)]
    return runs if len(runs) > 1 else []


def may_name_ship(text: str) -> bool:
    """The text may name a ship behind its owners or its master, by a look that costs little."""
    small = text.lower()
    return "owner" in small or "master" in small or "manager" in small or "charterer" in small or "operator" in small


def _party_cuts(text: str, lexicon: Lexicon) -> list[str]:
    """What each cut that may apply leaves of the text; most are ruled out by a look that costs little."""
    foreign, found = not text.isascii(), list[str]()
    if "(" in text or "[" in text or "{" in text or "\uff08" in text:
        found += in_brackets(text)
    if foreign and is_mixed(text):
        found += by_script(text)
    if "," in text or foreign or MARKS.search(text):
        found += _before_comma(text, lexicon)
    if "- " in text or foreign:
        found += DASH.split(text)[:-1][:1]
    if "@" in text or "www." in text or "://" in text:
        found.append(_MAIL.sub("", text))
    if text[-1:].isalpha() and ends_in_town(text, lexicon):
        found += _without_towns(text, lexicon)
    if has_digit(text):
        found += _before_numbers(text, lexicon)
    if foreign and HIDDEN.search(text):
        found.append(HIDDEN.sub(" ", text))
    if text[:_ROLE].lower() in _role_begins(lexicon) and (role := _role(lexicon).match(text)):
        found.append(text[role.end() :])
    if ":" in text or "\uff1a" in text:
        found += [_SAYS_WHO.sub("", text), _TO_WHOM.sub("", text)]
    if "\n" in text or "\r" in text or "\t" in text:
        found += _LINES.split(_NUMBERED_LINE.sub("", text))
    if len(text) in JOINED and text.isascii() and text.isalpha():
        found += hangul.apart(text.lower())
    if may_name_ship(text):
        found += [found[1] for found in _OF_SHIP.finditer(text)]
    return found
