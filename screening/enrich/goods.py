"""What the goods of a record are, by HS code and by the words of its description."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from screening.enrich.text import fold, is_joined, names, parts
from screening.errors import RulePackError
from screening.tables import read_table, read_yaml

_COLUMNS = ("hs", "classes", "product", "title", "citation", "since", "source", "status")
_LANGUAGES = ("en", "ru", "ko", "zh")
_STEM = 3  # letters by which a stem is looked up
_HS_NOISE = re.compile(r"^(?:hs|h\.s\.|hts|тн\s*вэд|code)[\s:.№#-]*", re.IGNORECASE)
_CHAPTERS = frozenset(f"{n:02}" for n in range(1, 100)) - {"77"}
_BOXES = re.compile(
    r"(?<![\w.])(\d{1,5})\s*(?:x|х|\*)?\s*(?:(20|40|45)\s*(?:'|ft|feet|фут\w*)?\s*(?:gp|dc|dv|hc|hq|rf|st)?\b)?\s*-?\s*"
    r"(teu|feu|(?:dry\s+|reefer\s+|loaded\s+)?containers?|cntrs?|контейнер\w*|конт\b|дфэ|콘테이너|컨테이너|集装箱|gp\b|dc\b|hc\b|hq\b)",
    re.IGNORECASE,
)
_TONNES = re.compile(r"(?<![\w.])(\d+(?:[.,]\d+)?)\s*(?:mt|t|tonnes?|т|тонн\w*|톤|吨)(?!\w)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Term:
    """A phrase of the vocabulary and what it says; '' in classes for innocent, vague and neutral words."""

    phrase: tuple[str, ...]
    kind: str  # class, none, vague or neutral
    classes: frozenset[str] = frozenset()
    product: str = ""
    strong: bool = False
    not_hs: tuple[str, ...] = ()
    generic: bool = False


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
    """What a description says: terms found, whether its first part holds nothing but known words, and boxes and tonnes named."""

    terms: tuple[Term, ...] = ()
    whole: bool = False
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
    """An HS code as written: digits, and the headings it may be read under; several where a leading zero may be lost."""

    digits: str = ""
    headings: tuple[Heading, ...] = ()
    chapter: bool = False
    fault: str = ""


OTHER = "other"


@dataclass(slots=True)
class Vocabulary:
    """The words of rules/goods_words.yaml, found longest first."""

    exact: dict[str, list[Term]] = field(default_factory=dict)
    stems: dict[str, list[Term]] = field(default_factory=dict)
    joined: dict[str, list[Term]] = field(default_factory=dict)

    def add(self, label: str, term: Term, plural: bool) -> None:
        """Know the phrase, and in English its plural."""
        phrase = tuple(re.findall(r"\w+\*?", fold(label)))
        if not phrase:
            return
        made = replace(term, phrase=phrase)
        first = phrase[0]
        if is_joined("".join(phrase)):
            whole = "".join(phrase)
            self.joined.setdefault(whole[0], []).append(replace(term, phrase=(whole,)))
        elif first.endswith("*") and len(first) > _STEM:
            self.stems.setdefault(first[:_STEM], []).append(made)
        else:
            self.exact.setdefault(first, []).append(made)
            last = phrase[-1]
            if plural and last.isalpha() and last.isascii() and len(last) > 2 and not last.endswith("s"):
                for ending in ("s", "es") if last.endswith(("ch", "sh", "x", "z")) else ("s",):
                    many = (*phrase[:-1], last + ending)
                    self.exact.setdefault(many[0], []).append(replace(term, phrase=many))

    def sort(self) -> None:
        """Put the longest phrases first."""
        for table in (self.exact, self.stems, self.joined):
            for terms in table.values():
                terms.sort(key=lambda t: (-len(t.phrase), -len("".join(t.phrase))))

    def find(self, words: tuple[str, ...]) -> list[tuple[Term | None, str]]:
        """The terms in a run of words, None for a word that is in none, each with its first word."""
        found: list[tuple[Term | None, str]] = []
        at = 0
        while at < len(words):
            word = words[at]
            if is_joined(word):
                found += [(term, word) for term in self._inside(word)]
                at += 1
                continue
            term = self._at(words, at)
            found.append((term, word))
            at += len(term.phrase) if term else 1
        return found

    def _at(self, words: tuple[str, ...], at: int) -> Term | None:
        word = words[at]
        best: Term | None = None
        for table, key in ((self.exact, word), (self.stems, word[:_STEM])):
            for term in table.get(key, ()):
                if best is not None and len(term.phrase) <= len(best.phrase):
                    break
                if _fits(term.phrase, words[at : at + len(term.phrase)]):
                    best = term
                    break
        return best

    def _inside(self, word: str) -> list[Term | None]:
        found: list[Term | None] = []
        at, unknown = 0, False
        while at < len(word):
            term = next((t for t in self.joined.get(word[at], ()) if word.startswith(t.phrase[0], at)), None)
            whole = term is not None and (len(term.phrase[0]) > 1 or len(word) == 1 or term.kind == "neutral")
            if term is not None and whole:
                found.append(term)
                at += len(term.phrase[0])
            else:
                unknown |= not word[at].isdigit()
                at += 1
        return [*found, None] if unknown or not found else found


def _fits(phrase: tuple[str, ...], words: tuple[str, ...]) -> bool:
    return len(phrase) == len(words) and all(
        word.startswith(part[:-1]) if part.endswith("*") else word == part for part, word in zip(phrase, words, strict=True)
    )


class Classifier:
    """Classes goods by the tables under rules/."""

    def __init__(self, headings: dict[str, Heading], vocabulary: Vocabulary, relations: dict[str, Any]) -> None:
        self.headings = headings
        self.vocabulary = vocabulary
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
        return cls(headings, _vocabulary(loaded["words"], classes, word_list), loaded)

    # ------------------------------------------------------------ the code
    def code(self, cell: str) -> Code:
        """An HS code, with dots, blanks and the letters HS taken off."""
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
        return Code(digits, found, chapter=True)

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
        whole = bool(runs) and _all_known(runs[0]) and any(t is not None and t.kind == "class" for t, _ in runs[0])
        empty_phrase = any(t.kind == "vague" and (len(t.phrase) > 1 or is_joined(t.phrase[0])) for t in terms)
        empty_words = all(map(_all_known, runs)) and any(t.kind == "vague" for t in terms)
        return Text(terms, whole, not classed and (empty_phrase or empty_words), False, _boxes(folded), _tonnes(folded))

    # ------------------------------------------------------------ both
    def classify(self, code: Code, text: Text) -> Goods:
        """The classes of goods with this code and description; the text wins where it is more specific."""
        by_code = frozenset(c for h in code.headings for c in h.classes)
        counted = [t for t in text.terms if t.kind == "class" and not code.digits.startswith(t.not_hs or ("-",))]
        if not code.chapter:
            return self._by_text(code, text, counted)
        asserted = [t for t in counted if t.strong or text.whole]
        why = [self._code_why(code)]
        classes, conflict = self._weigh(code, by_code, asserted)
        if classes != by_code:
            words = ", ".join(dict.fromkeys(f"'{_shown(t)}'" for t in asserted if t.classes & classes and not t.generic))
            why.append(f"the text says {words}: {_listed(_classes(asserted) & classes)}")
        products = {t.product for t in counted if t.product and t.classes & (classes | by_code)}
        product = products.pop() if len(products) == 1 else ""
        if not product and not products:
            from_code = {h.product for h in code.headings}
            product = from_code.pop() if len(from_code) == 1 else ""
        return Goods(
            code.digits, ";".join(sorted(classes)) or OTHER, product, "; ".join(why), conflict, True, text.vague
        )

    def _weigh(
        self, code: Code, by_code: frozenset[str], asserted: list[Term]
    ) -> tuple[frozenset[str], bool]:
        """The classes by code and text together, and whether the two contradict each other."""
        said = _classes(asserted)
        if not said:
            return by_code, False
        if said & by_code and (len(code.headings) > 1 or any(h.broad for h in code.headings)):
            return said & by_code, False
        refining = {c for c in said if self._refines.get(c, frozenset()) & by_code}
        kept = _classes([t for t in asserted if not t.generic and not t.classes & refining])
        replaced = {old for new in refining for old in self._refines[new]} - kept
        classes = (by_code - replaced) | refining
        loose = [t for t in asserted if t.strong and not self._agrees(t.classes, by_code)]
        strong = _classes([t for t in asserted if t.strong])
        if loose or not self._agrees(said, by_code):
            return classes | strong | (said if not self._agrees(said, by_code) else frozenset()), True
        return classes | (strong - replaced), False

    def _agrees(self, said: frozenset[str], coded: frozenset[str]) -> bool:
        """One class is in both, refines one of the code's, or is kin to one."""
        refines = any(self._refines.get(c, frozenset()) & coded for c in said)
        return bool(said & coded) or refines or any(said & group and coded & group for group in self._kin)

    def _by_text(self, code: Code, text: Text, counted: list[Term]) -> Goods:
        classes = frozenset(c for t in counted for c in t.classes)
        refined = {old for new in classes for old in self._refines.get(new, ())}
        longest = classes - refined if classes - refined else classes
        products = {t.product for t in counted if t.product and t.classes & longest}
        words = ", ".join(dict.fromkeys(f"'{_shown(t)}'" for t in counted if t.classes & longest))
        why = [code.fault] if code.fault else []
        if longest:
            why.append(f"the text says {words}: {_listed(longest)}")
        elif text.vague:
            why.append("the text says nothing about the goods")
        elif not text.empty:
            why.append("no word of the text is in the vocabulary of goods")
        product = products.pop() if len(products) == 1 else ""
        return Goods(
            code.digits, ";".join(sorted(longest)), product, "; ".join(why), False, bool(longest), text.vague
        )

    @staticmethod
    def _code_why(code: Code) -> str:
        if not code.headings:
            return f"HS {code.digits} is of no class that a measure names"
        told = " or ".join(f"{h.hs} {h.title}" for h in code.headings)
        lost = " (a leading zero may be lost)" if len(code.digits) % 2 else ""
        return f"HS {code.digits}{lost} is {_listed(frozenset(c for h in code.headings for c in h.classes))}: {told}"


def _all_known(found: list[tuple[Term | None, str]]) -> bool:
    """Every word is in the vocabulary, or a figure."""
    return all(t.kind != "none" if t is not None else word[:1].isdigit() for t, word in found)


def _classes(terms: list[Term]) -> frozenset[str]:
    return frozenset(c for t in terms for c in t.classes)


def _listed(classes: frozenset[str]) -> str:
    return " and ".join(c.replace("_", " ") for c in sorted(classes))


def _shown(term: Term) -> str:
    return " ".join(part.replace("*", "…") for part in term.phrase)


def _boxes(text: str) -> float:
    """The boxes of a description in TEU, not a number where it names none."""
    found = _BOXES.search(text)
    if found is None:
        return float("nan")
    long = found[2] in ("40", "45") or found[3] == "feu"
    return float(found[1]) * (2 if long else 1)


def _tonnes(text: str) -> float:
    found = _TONNES.search(text)
    return float(found[1].replace(",", ".")) if found else float("nan")


def _vocabulary(rows: list[dict[str, Any]], classes: set[str], at: Path) -> Vocabulary:
    vocabulary = Vocabulary()
    for number, row in enumerate(rows, start=1):
        where = f"{at}: words {number}"
        kind = row.get("class", "")
        listed = frozenset(names(kind))
        special = kind in ("none", "vague", "neutral")
        if not special and not listed:
            raise RulePackError("has no class", at=where)
        if not special and not listed <= classes | {"aviation_fuel"}:
            raise RulePackError(f"has the class {kind!r}, which rules/goods.csv lacks", at=where)
        if row.get("strength") not in ("strong", "plain") or not row.get("status"):
            raise RulePackError("needs a strength (strong or plain) and a status", at=where)
        term = Term(
            (), kind if special else "class", frozenset() if special else listed, row.get("product", ""),
            row["strength"] == "strong", tuple(row.get("not_hs", ())), row.get("generic", "") == "yes",
        )  # fmt: skip
        for language in _LANGUAGES:
            for label in names(row.get(language, "")):
                vocabulary.add(label, term, plural=language == "en" and term.kind != "neutral")
    vocabulary.sort()
    return vocabulary
