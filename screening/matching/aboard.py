"""The name in a ship's cell in which other things stand beside it: its number, a voyage, what it is, another ship."""

from __future__ import annotations

import re

from screening.matching.beside import (
    DASH,
    EDGES,
    HIDDEN,
    MARKS,
    WORD,
    by_script,
    cut,
    ends_in_town,
    has_digit,
    in_brackets,
    is_mixed,
    is_named,
    town_size,
    words_of,
)
from screening.matching.settings import Lexicon

_I = re.IGNORECASE
_VOYAGE = re.compile(
    r"[\s,(/-]+(?:v|voy|voyage)\b\.?\s*(?:no|nr)?\.?\s*[:#]?\s*\d+\s*[a-z]{0,2}\b|\s*/\s*\d+[a-z]{0,2}\s*$|"
    r"[\s-]+\d{2,5}[ewns]\s*$|[\s,(/-]+(?:v|voy)[.-]?\d+[a-z]?\s*$",
    _I,
)
_IMO = re.compile(r"\b(?:I\.?M\.?O\b\.?|ИМО)\s*(?:(?:number|no|nr|n)\b|№)?\s*[.:#-]*\s*(?:\d[\d ]*\d|unknown|n/a)?", _I)
_SIGNS = re.compile(r"\bcall\s*sign\s*[:.]?\s*\S+|(?<!\d)\d{7}(?!\d)", _I)
_SAID_OF_SHIP = re.compile(
    r"[\s,(-]+(?:tbn|t\.b\.n|to be nominated|or sub(?:s|stitute)?\b|flag\b|mmsi\b|et[ad]\b|built\b|blt\b|dwt\b|"
    r"owners?\s*:|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}).*$",
    _I | re.DOTALL,
)
_FORMER = re.compile(
    r"(?:^|[\s,(]+)(?:ex|(?:formerly|previously|also) known as|formerly|previously|former)(?:\s*[.:-]\s*|\s+)", _I
)
_TWO_SHIPS = re.compile(r"\s*/\s*|\s+(?:&|\+)\s+|\s+and\s+(?=(?:m/?v|m\.\s?v|m/?t)\b)", _I)
_SHIP_HO = re.compile(r"(?<=\w)\s+ho\s*$|(?<=[\uac00-\ud7a3]{2})호\s*$|(?<=[a-z0-9]) *[호号號]\s*$", _I)
_SHIPS_KIND = (  # what a ship is, before its name or behind
    "tanker|vessel|vlcc|ulcc|aframax|suezmax|panamax|fs[uo]|bulk carrier|bulker|l[np]g/?c?|l[np]g carrier|"
    "т/[кх]|танкер|балкер|газовоз|теплоход|сухогруз"
)
_SHIPS_TITLE = re.compile(
    rf"^(?:(?:vessel|ship)'?s?[ ]name|name of (?:the )?(?:vessel|ship)|per|on board|{_SHIPS_KIND}|화물선|유조선)\b"
    rf"\s*[:.]?\s+|^(?:화물선|유조선)\s*(?=\S)|\s+(?:{_SHIPS_KIND})\s*$",
    _I,
)
_SINGLE_LETTERS = re.compile(r"(?<!\w)(\w) +(?=\w(?!\w))")
_SAYS_MORE = re.compile(
    r"imo|call|имо|i\.m\.o|flag|name|^per\s|board|tanker|vessel|carrier|bulker|vlcc|ulcc|max\b|\bfs[uo]\b|l[np]g|"
    r"blt|owner|[-\s]v\W?\d|\d[ewns]\s*$|[호号號]\s*$|mmsi|\bex\b|former|&|\band\b|\+|tbn|t\.b\.n|"
    r"nominated|\bor sub|\bet[ad]\b|built|dwt|"
    r"\bho\s*$|호\s*$|(?<!\w)\w +\w(?!\w)|\s[-\u2013\u2014]\s|[\u0370-\uffff]",
    _I,
)
_BLANKS = re.compile(" {2,}")


def in_ship(text: str, lexicon: Lexicon) -> list[str]:
    """The names in a ship's cell beside which other things stand."""
    return [part for part in cut(text, lexicon, _ship_cuts) if any(map(str.isalpha, part))]


def says_more(text: str, lexicon: Lexicon) -> bool:
    """A ship's cell says more than its name, by a look that costs little."""
    return _SAYS_MORE.search(text) is not None or ends_in_town(text, lexicon)


def says_number(text: str) -> bool:
    """The text speaks of a ship's number or call sign, by a look that costs little."""
    small = text.lower()
    return "imo" in small or "call" in small or "имо" in small or "i.m.o" in small


def ship_name(text: str) -> str:
    """A ship's name without its number, voyage and call sign; the text itself where nothing else is left."""
    if not (has_digit(text) or says_number(text)):
        return text
    bare = text
    for what in (_IMO, _VOYAGE, _SIGNS):
        bare = _BLANKS.sub(" ", what.sub(" ", bare))
    bare = bare.strip(EDGES)
    return bare if any(map(str.isalpha, bare)) else text


def _ships_own(text: str) -> list[str]:
    titled = _SHIPS_TITLE.sub("", text)
    return [ship_name(text), ship_name(titled), *_FORMER.split(text), _SAID_OF_SHIP.sub("", text)]


def _ships_mark(text: str) -> list[str]:
    """Without the 'ho' that says that it is a ship, and with single letters as one word."""
    bare = _SHIP_HO.sub("", text)
    return [*([bare] if is_named(bare) else []), _SINGLE_LETTERS.sub(r"\1", text)]


def _ships_two(text: str) -> list[str]:
    """Two names of one ship, or two ships."""
    names = _TWO_SHIPS.split(text)
    return names if len(names) > 1 and all(sum(map(str.isalpha, name)) > 2 for name in names) else []


def _ships_flag(text: str, lexicon: Lexicon) -> list[str]:
    """Without the DPRK behind the name, or another state or town where two words are left, unlike 'Express France'."""
    words = words_of(text)
    size = town_size(words, lexicon)
    left = [word for word in words[: len(words) - size] if word not in lexicon.ship]
    own = " ".join(words[len(words) - size :]) in lexicon.seat
    if not size or not left or not (own or len(left) > 1):
        return []
    return [text[: list(WORD.finditer(text))[-size].start()]]


def _ship_cuts(text: str, lexicon: Lexicon) -> list[str]:
    """What each cut leaves of the text."""
    found = [MARKS.split(text)[0], *in_brackets(text), *_ships_own(text), *_ships_two(text), *_ships_mark(text)]
    found += DASH.split(text)[:-1][:1] + _ships_flag(text, lexicon)
    found += [HIDDEN.sub(" ", text)] if HIDDEN.search(text) else []
    return found + (by_script(text) if is_mixed(text) else [])
