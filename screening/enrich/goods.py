"""What the goods of a record are, by HS code and by the words of its description."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from screening.enrich.text import fold, is_joined, names, parts
from screening.enrich.vocabulary import Term, Vocabulary, all_known, things, vocabulary
from screening.errors import RulePackError
from screening.tables import read_table, read_yaml

_COLUMNS = ("hs", "classes", "product", "title", "citation", "since", "source", "status")
_HS_NOISE = re.compile(r"^(?:hs|h\.s\.|hts|тн\s*вэд|code)[\s:.№#-]*", re.IGNORECASE)
_CHAPTERS = frozenset(f"{n:02}" for n in range(1, 100)) - {"77"}
_CODE = re.compile(r"\d{2}(?:\d{2})?(?:[.\s\-]?\d{2}){0,3}(?=$|[\s(:]+\D)")  # with words behind it
_APART = re.compile(r"[;,/|+&\n]+|\s+and\s+")
_BOXES = re.compile(
    r"(?<![\w.])(\d{1,5})\s*(?:[xх*]\s*(20|40|45)\s*(?:ft|feet|фут\w*|gp|dc|dv|hc|hq|rf)\b"
    r"|[xх*]?\s*(?:dry\s|reefer\s|loaded\s)?\s*(teu|feu|containers?|cntrs?|контеинер\w*|дфэ|콘테이너|컨테이너|集装箱))"
)  # over folded text
_TONNES = re.compile(r"(?<![\w.])(\d+(?:[.,]\d+)?)\s*(?:mt|t|tonnes?|т|тонн\w*|톤|吨)(?!\w)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Heading:
    """A row of rules/goods.csv."""

    hs: str
    classes: frozenset[str]
    product: str
    title: str
    broad: bool = False  # holds headings of several classes, so that the text may narrow it


@dataclass(frozen=True, slots=True)
class Text:
    """What a description says.

    Args:
        terms: what was found, neutral words left out.
        whole: the text up to its first comma holds nothing but known words.
        things: the class words of each thing it lists, set apart by signs or 'and', where all of its words are known.
        teu: the boxes it names; tonnes: the weight it names.
    """

    terms: tuple[Term, ...] = ()
    whole: bool = False
    things: tuple[tuple[Term, ...], ...] = ()
    vague: bool = False
    empty: bool = True
    teu: float = float("nan")
    tonnes: float = float("nan")


@dataclass(frozen=True, slots=True)
class Goods:
    """What the goods are: classes joined by ';' ('' unknown), and why."""

    hs: str = ""
    classes: str = ""
    product: str = ""
    why: str = ""
    conflict: bool = False
    known: bool = False
    vague: bool = False


@dataclass(frozen=True, slots=True)
class Code:
    """An HS code as written, and the headings it may be read under: two where a leading zero may be lost.

    Args:
        digits: of the first code where a cell holds several.
        codes: the digits of every code of the cell; with several, all headings count.
        fault: what of the cell could not be read.
    """

    digits: str = ""
    headings: tuple[Heading, ...] = ()
    chapter: bool = False
    fault: str = ""
    codes: tuple[str, ...] = ()

    def within(self, prefixes: tuple[str, ...]) -> bool:
        """Every code begins with one of these digits."""
        return bool(self.codes and prefixes) and all(digits.startswith(prefixes) for digits in self.codes)


OTHER = "other"


class Classifier:
    """Classes goods by the tables under rules/."""

    def __init__(self, headings: dict[str, Heading], known: Vocabulary, relations: dict[str, Any]) -> None:
        self.headings = headings
        self.vocabulary = known
        self._refines = {name: frozenset(of) for name, of in relations["refines"].items()}
        self._kin = [frozenset(group) for group in relations["kin"]]

    @classmethod
    def load(cls, table: Path, word_list: Path) -> Classifier:
        """The classifier of a table of HS headings and a list of words.

        Raises:
            RulePackError: a table cannot be read, or a row of it makes no sense.
        """
        headings = {
            row["hs"]: Heading(row["hs"], frozenset(names(row["classes"])), row["product"], row["title"])
            for row in read_table(table, _COLUMNS)
        }
        classes = {c for heading in headings.values() for c in heading.classes}
        loaded = read_yaml(word_list)
        if not isinstance(loaded, dict) or not {"words", "refines", "kin"} <= loaded.keys():
            raise RulePackError("lacks one of the lists words, refines, kin", at=word_list)
        return cls(headings, vocabulary(loaded["words"], classes, word_list), loaded)

    # ------------------------------------------------------------ the code
    def code(self, cell: str) -> Code:
        """The HS codes of a cell, with dots, blanks, the letters HS and words behind a code taken off."""
        whole = self._one(cell)
        if not whole.fault:
            return whole
        read = [code for piece in _pieces(cell) if (code := self._one(piece)).codes or code.fault]
        good = [code for code in read if not code.fault]
        if not good:
            return whole
        bad = "; ".join(code.fault for code in read if code.fault)
        codes = tuple(dict.fromkeys(digits for code in good for digits in code.codes))
        headings = tuple(dict.fromkeys(heading for code in good for heading in code.headings))
        return Code(codes[0], headings, True, bad, codes)

    def _one(self, cell: str) -> Code:
        """A cell that holds one code and nothing else."""
        written = _HS_NOISE.sub("", cell.strip())
        digits = re.sub(r"[\s.\-]", "", re.sub(r"(?<=\d{6})\.0$", "", written))
        if not written:
            return Code()
        if not (digits.isascii() and digits.isdigit()) or not 2 <= len(digits) <= 10:
            return Code("", fault=f"the HS code '{cell.strip()}' is not 2 to 10 digits")
        readings = [digits] if len(digits) % 2 == 0 else [digits, "0" + digits]
        valid = [d for d in readings if d[:2] in _CHAPTERS]
        if not valid:
            return Code("", fault=f"the HS code '{cell.strip()}' is of no chapter")
        found = tuple(h for d in valid if (h := self._heading(d)) is not None)
        return Code(digits, found, chapter=True, codes=(digits,))

    def _heading(self, digits: str) -> Heading | None:
        """The longest heading that the code begins with; the heading of a chapter's only class for a chapter alone."""
        for length in range(len(digits), 1, -1):
            if digits[:length] in self.headings:
                return self.headings[digits[:length]]
        below = [h for hs, h in self.headings.items() if hs.startswith(digits)]
        if below and len(digits) < 4:
            classes = frozenset(c for h in below for c in h.classes)
            return Heading(digits, classes, "", "a chapter that holds these", broad=True)
        return None

    # ------------------------------------------------------------ the text
    def text(self, cell: str) -> Text:
        """What a description says by itself."""
        if not cell.strip():
            return Text()
        folded = fold(cell)
        runs = [self.vocabulary.find(run) for run in parts(folded)]
        terms = tuple(t for run in runs for t, _ in run if t is not None and t.kind != "neutral")
        classed = any(t.kind == "class" for t in terms)
        whole = bool(runs) and all_known(runs[0]) and any(t is not None and t.kind == "class" for t, _ in runs[0])
        empty_phrase = any(t.kind == "vague" and (len(t.phrase) > 1 or is_joined(t.phrase[0])) for t in terms)
        empty_words = all(map(all_known, runs)) and any(t.kind == "vague" for t in terms)
        vague = not classed and (empty_phrase or empty_words)
        return Text(terms, whole, things(runs), vague, False, _boxes(folded), _tonnes(folded))

    # ------------------------------------------------------------ both
    def classify(self, code: Code, text: Text) -> Goods:
        """The classes of goods with this code and description; the text wins where it is more specific."""
        by_code = frozenset(c for h in code.headings for c in h.classes)
        counted = [t for t in text.terms if t.kind == "class" and not code.within(t.not_hs)]
        counted = [t for t in counted if not t.bare] or counted
        if not code.chapter:
            return self._by_text(code, text, counted)
        telling = [t for t in counted if t.telling and not code.within(t.ordinary_hs)]
        sure = {t for t in telling if not t.classes <= by_code and not self._refined(t.classes, by_code)}
        sure |= self._besides(text, [t for t in counted if not t.generic and not code.within(t.ordinary_hs)], by_code)
        asserted = [t for t in counted if t.strong or text.whole or t in sure]
        why = [self._code_why(code), *filter(None, (code.fault,))]
        classes, conflict = self._weigh(code, by_code, asserted, sure)
        if classes != by_code:
            told = [t for t in asserted if t.classes & classes and not t.generic]
            why.append(f"the text says {_quoted(told)}: {_listed(_classes(asserted) & classes)}")
        products = {t.product for t in counted if t.product and t.classes & (classes | by_code)}
        product = products.pop() if len(products) == 1 else ""
        if not product and not products:
            from_code = {h.product for h in code.headings}
            product = from_code.pop() if len(from_code) == 1 else ""
        return Goods(
            code.digits, ";".join(sorted(classes)) or OTHER, product, "; ".join(why), conflict, True, text.vague
        )

    def _besides(self, text: Text, counted: list[Term], by_code: frozenset[str]) -> set[Term]:
        """The words of things listed beside the goods of the code, as tractors beside rice."""
        things = [[term for term in thing if term in counted] for thing in text.things]
        agreeing = [bool(thing) and self._agrees(_classes(thing), by_code) for thing in things]
        if not any(agreeing):
            return set()
        return {term for thing, agrees in zip(things, agreeing, strict=True) if not agrees for term in thing}

    def _weigh(
        self, code: Code, by_code: frozenset[str], asserted: list[Term], sure: set[Term]
    ) -> tuple[frozenset[str], bool]:
        """The classes by code and text together, and whether the two contradict each other; `sure` words are strong."""
        said = _classes(asserted)
        if not said:
            return by_code, False
        if len(code.codes) == 1 and said & by_code and (len(code.headings) > 1 or any(h.broad for h in code.headings)):
            by_code = said & by_code
        refining = {c for c in said if self._refines.get(c, frozenset()) & by_code}
        kept = _classes([t for t in asserted if not t.generic and not t.classes & refining])
        replaced = {old for new in refining for old in self._refines[new]} - kept
        classes = (by_code - replaced) | refining
        strongly = [t for t in asserted if t.strong or t in sure]
        loose = [t for t in strongly if not self._agrees(t.classes, by_code)]
        strong = _classes(strongly)
        if loose or not self._agrees(said, by_code):
            return classes | strong | (said if not self._agrees(said, by_code) else frozenset()), True
        return classes | (strong - replaced), False

    def _refined(self, said: frozenset[str], coded: frozenset[str]) -> bool:
        """A class that is said refines one of the code's."""
        return any(self._refines.get(c, frozenset()) & coded for c in said)

    def _agrees(self, said: frozenset[str], coded: frozenset[str]) -> bool:
        """One class is in both, refines one of the code's, or is kin to one."""
        kin = any(said & group and coded & group for group in self._kin)
        return bool(said & coded) or self._refined(said, coded) or kin

    def _by_text(self, code: Code, text: Text, counted: list[Term]) -> Goods:
        classes = frozenset(c for t in counted for c in t.classes)
        refined = {old for new in classes for old in self._refines.get(new, ())}
        longest = classes - refined if classes - refined else classes
        products = {t.product for t in counted if t.product and t.classes & longest}
        why = [code.fault] if code.fault else []
        if longest:
            why.append(f"the text says {_quoted([t for t in counted if t.classes & longest])}: {_listed(longest)}")
        elif text.vague:
            why.append("the text says nothing about the goods")
        elif not text.empty:
            why.append("no word of the text is in the vocabulary of goods")
        product = products.pop() if len(products) == 1 else ""
        return Goods(code.digits, ";".join(sorted(longest)), product, "; ".join(why), False, bool(longest), text.vague)

    @staticmethod
    def _code_why(code: Code) -> str:
        shown = " and ".join(code.codes)
        if not code.headings:
            return f"HS {shown} is of no class that a measure names"
        told = (" and " if len(code.codes) > 1 else " or ").join(f"{h.hs} {h.title}" for h in code.headings)
        lost = " (a leading zero may be lost)" if any(len(digits) % 2 for digits in code.codes) else ""
        return f"HS {shown}{lost} is {_listed(frozenset(c for h in code.headings for c in h.classes))}: {told}"


def _pieces(cell: str) -> list[str]:
    """The codes of a cell that holds several, or words behind one; a piece that begins with no code is left whole."""
    tokens = cell.split()
    if len(tokens) > 1 and all(re.fullmatch(r"\d{6}|\d{8}|\d{10}", token) for token in tokens):
        return tokens
    pieces = [_HS_NOISE.sub("", piece.strip()) for piece in _APART.split(cell) if piece.strip()]
    return [found[0] if (found := _CODE.match(piece)) else piece for piece in pieces]


def _classes(terms: list[Term]) -> frozenset[str]:
    return frozenset(c for t in terms for c in t.classes)


def _listed(classes: frozenset[str]) -> str:
    return " and ".join(c.replace("_", " ") for c in sorted(classes))


def _quoted(terms: list[Term]) -> str:
    phrases = (" ".join(part.replace("*", "…") for part in t.phrase) for t in terms)
    return ", ".join(f"'{phrase}'" for phrase in dict.fromkeys(phrases))


def _boxes(text: str) -> float:
    """The boxes of a description in TEU, not a number where it names none."""
    found = _BOXES.search(text)
    if found is None:
        return float("nan")
    long = (found[2] or "20") != "20" or found[3] == "feu"
    return float(found[1]) * (2 if long else 1)


def _tonnes(text: str) -> float:
    found = _TONNES.search(text)
    return float(found[1].replace(",", ".")) if found else float("nan")
