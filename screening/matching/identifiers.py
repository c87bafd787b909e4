"""Identifiers of entries met exactly: IMO numbers in their column; bank, company and tax numbers in party cells."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from screening.model import Status

_IMO = r"(?<!\w)(?:I\.?M\.?O\.?|ИМО)\s*(?:NO\.?|NR\.?|NUMBER|№)?\s*[.:#-]*\s*"
_TOKEN = re.compile(rf"{_IMO}0?(?P<imo>\d(?:[ -]?\d){{6}})(?!\d)|(?<![A-Z0-9])(?P<other>[A-Z0-9]{{7,20}})(?![A-Z0-9])")
_LABEL = re.compile(r"^(?:INN|OGRN|KPP|TIN|VAT|REG|NO|NR)(?=\d{7})")  # what may stand close to a number
_BRANCH = re.compile("[A-Z]{6}[A-Z0-9]{5}")  # ISO 9362: bank, country, place, and the branch, XXX for the head office
_CELL_TYPES = ("bic", "lei", "tax", "registration", "company_imo", "imo")
NEAR = 70.0  # points of a number one slip away from a listed one: reported, never kept alone


@dataclass(frozen=True)
class Identifiers:
    """The identifiers of a snapshot by value."""

    imo: dict[str, list[int]]
    other: dict[str, list[tuple[int, str]]]
    by_entry: dict[int, list[str]]
    numbered: np.ndarray  # whether each entry has an IMO number

    @staticmethod
    def of(frame: pd.DataFrame, entries: int) -> Identifiers:
        """The identifiers of a frame with the columns entry, type, value."""
        imo: dict[str, list[int]] = {}
        other: dict[str, list[tuple[int, str]]] = {}
        by_entry: dict[int, list[str]] = {}
        numbered = np.zeros(entries, bool)
        for entry, kind, value in zip(
            frame["entry"].tolist(), frame["type"].tolist(), frame["value"].tolist(), strict=True
        ):
            if kind == "imo":
                imo.setdefault(value, []).append(entry)
                by_entry.setdefault(entry, []).append(value)
                numbered[entry] = True
            if kind in _CELL_TYPES and len(value) >= 7:
                other.setdefault(value, []).append((entry, kind))
                if kind == "bic" and len(value) == 11 and value.endswith("XXX"):
                    other.setdefault(value[:8], []).append((entry, kind))
        return Identifiers(imo, other, by_entry, numbered)

    def numbers(self, entry: int) -> str:
        """The IMO numbers of an entry, in words."""
        return " or ".join(self.by_entry.get(entry, []))

    def told(self, entry: int, value: str) -> str:
        """The identifier of the entry that a value met, as listed."""
        for token in [value, *(one for found in _TOKEN.finditer(value.upper()) for one in _values(found))]:
            for listed, e, _ in self._meeting(token):
                if entry == e:
                    return listed
        return self.numbers(entry)

    def like_numbers(self, texts: Sequence[str]) -> np.ndarray:
        """Which texts may hold an IMO number of an entry or one that is a slip away: too many rather than too few."""
        return np.fromiter((self._like_number(str(text)) for text in texts), bool, len(texts))

    def _like_number(self, text: str) -> bool:
        digits = "".join(filter(str.isdecimal, unicodedata.normalize("NFKC", text)))
        plain = "".join(str(unicodedata.decimal(digit)) for digit in digits)
        sevens = {plain[at : at + 7] for at in range(len(plain) - 6)}
        return any(seven in self.imo or self._slips(seven) for seven in sevens)

    # ------------------------------------------------------------ IMO numbers
    def in_numbers(self, number: np.ndarray, state: np.ndarray, written: np.ndarray) -> pd.DataFrame:
        """The hits of the records' IMO numbers; a broken number that is one slip from a listed one is a weak hit."""
        codes, values = pd.factorize(number)
        rows: list[tuple[int, int, float, str, str]] = []
        broken = {str(v) for v in number[state == "invalid"].tolist()}
        for code, value in enumerate(values):
            if value in self.imo:
                rows += [(code, entry, 100.0, Status.KEPT.value, "IMO number equal") for entry in self.imo[value]]
            elif value in broken:
                rows += [
                    (
                        code,
                        entry,
                        NEAR,
                        Status.WEAK.value,
                        f"the check digit of {value} fails; the nearest listed number is {near}",
                    )
                    for near in self._slips(value)
                    for entry in self.imo[near]
                ]
        return _spread(rows, codes, written, "imo")

    def _slips(self, value: str) -> list[str]:
        """The listed numbers that differ from a seven-digit one by a digit or by two neighbours exchanged."""
        if not re.fullmatch(r"\d{7}", value):
            return []
        near = {value[:i] + d + value[i + 1 :] for i in range(7) for d in "0123456789"}
        near |= {value[:i] + value[i + 1] + value[i] + value[i + 2 :] for i in range(6)}
        return sorted(n for n in near if n in self.imo)

    def nearest(self, value: str, entry: int) -> str:
        """What to say of a broken number beside a hit of this entry by name."""
        near = [n for n in self._slips(value) if entry in self.imo[n]]
        if near:
            return f"the check digit of IMO {value} fails; the listed {near[0]} is one slip away"
        return f"the check digit of IMO {value} fails" if value else ""

    # ------------------------------------------------------------ party cells
    def in_texts(self, texts: Sequence[str]) -> np.ndarray:
        """Which texts of party cells hold an identifier of an entry."""
        return np.fromiter(map(self.by_text(texts).__contains__, texts), bool, len(texts))

    def by_text(self, texts: Sequence[str]) -> dict[str, list[tuple[int, str]]]:
        """The entries whose identifiers stand in texts of party cells, with the reason, by text.

        All texts are looked through as one long string, between them a sign that no identifier has.
        """
        found: dict[str, dict[tuple[int, str], None]] = {}
        capitals = [text.upper() for text in texts] if self.other else []
        ends = np.cumsum([len(text) + 1 for text in capitals])
        for token in _TOKEN.finditer("\0".join(capitals)):
            met = [met for value in _values(token) for met in self._meeting(value)]
            for listed, entry, kind in met:
                if kind.endswith("imo") and not token["imo"]:
                    continue
                text = texts[int(np.searchsorted(ends, token.start(), "right"))]
                found.setdefault(text, {})[entry, f"{_WORDS.get(kind, kind)} {listed} equal"] = None
        return {text: list(rows) for text, rows in found.items()}

    def _meeting(self, value: str) -> list[tuple[str, int, str]]:
        """The identifier that a value meets, with its entries and what it is; a branch's BIC meets its bank's too."""
        found = [(value, entry, kind) for entry, kind in self.other.get(value, ())]
        bank = value[:8] if _BRANCH.fullmatch(value) else ""
        return found + [(bank, entry, kind) for entry, kind in self.other.get(bank, ()) if kind == "bic"]

    def in_cells(
        self, codes: np.ndarray, texts: Sequence[str], known: Mapping[str, list[tuple[int, str]]], role: str
    ) -> pd.DataFrame:
        """The hits of identifiers that stand in the cells of a party column.

        Args:
            codes: of each cell, the place of its text. known: what by_text says of the texts.
        """
        rows = [
            (code, entry, 100.0, Status.KEPT.value, reason)
            for code, text in enumerate(texts)
            if text in known
            for entry, reason in known[text]
        ]
        return _spread(rows, codes, np.array(texts, object)[codes], role)


_WORDS = {
    "bic": "BIC",
    "lei": "LEI",
    "tax": "tax number",
    "registration": "registration number",
    "company_imo": "company IMO number",
    "imo": "IMO number",
}


def _values(token: re.Match[str]) -> list[str]:
    """What a token may be as an identifier: an IMO number's digits, or the token with and without its label."""
    if token["imo"]:
        return [re.sub(r"\D", "", token["imo"])]
    return list(dict.fromkeys((token["other"], _LABEL.sub("", token["other"]))))


def _spread(
    rows: list[tuple[int, int, float, str, str]], codes: np.ndarray, written: np.ndarray, role: str
) -> pd.DataFrame:
    """Hits per distinct value as hits per record."""
    if not rows:
        return pd.DataFrame()
    hits = pd.DataFrame(rows, columns=["code", "entry", "score", "status", "reason"])
    hits = hits.merge(pd.DataFrame({"code": codes, "position": np.arange(len(codes))}), on="code")
    hits["role"], hits["name"], hits["by"] = role, -1, "identifier"
    hits["value"] = written[hits["position"].to_numpy(np.int64)]
    return hits.drop(columns="code")
