"""Names of nobody listed: made up from the word tables that ship, or read from the user's own file."""

from __future__ import annotations

import csv
from pathlib import Path
from random import Random

from screening.errors import UsageError
from screening.model import Kind
from screening.tables import read_table, rules_folder

CLASSES = ("head", "trade", "form", "given", "family", "ship", "ship second")
_NAMES = ("name", "party", "full_name", "company", "vessel")
_KINDS = {kind.value: kind.value for kind in Kind} | {
    "company": "organisation", "entity": "organisation", "organization": "organisation", "individual": "person",
    "ship": "vessel",
}  # fmt: skip


def made_up(count: int, seed: int, rules: Path | None = None) -> list[tuple[str, str]]:
    """So many distinct (kind, name) of invented companies, persons and ships, half of them companies."""
    rows = read_table((rules or rules_folder()) / "innocent_words.csv", ("class", "word"))
    words = {name: [row["word"] for row in rows if row["class"] == name] for name in CLASSES}
    chance = Random(f"{seed}|innocent")
    makers = (_company, _person, _company, _ship)
    found: dict[tuple[str, str], None] = {}
    for _ in range(20 * count):
        found[makers[len(found) % len(makers)](words, chance)] = None
        if len(found) == count:
            break
    return list(found)


def _company(words: dict[str, list[str]], chance: Random) -> tuple[str, str]:
    heads = chance.sample(words["head"], chance.choice((1, 1, 2)))
    parts = [*heads, chance.choice(words["trade"]), chance.choice(words["form"])]
    return Kind.ORGANISATION.value, " ".join(part for part in parts if part)


def _person(words: dict[str, list[str]], chance: Random) -> tuple[str, str]:
    given = chance.sample(words["given"], chance.choice((1, 1, 2)))
    return Kind.PERSON.value, " ".join([*given, chance.choice(words["family"])])


def _ship(words: dict[str, list[str]], chance: Random) -> tuple[str, str]:
    number = chance.choice(("", "", f" {chance.randrange(1, 20)}"))
    return Kind.VESSEL.value, f"{chance.choice(words['ship'])} {chance.choice(words['ship second'])}{number}"


def read(path: Path) -> list[tuple[str, str]]:
    """The (kind, name) of a file: CSV with a column `name` and perhaps `kind`, or one name a line.

    Raises:
        UsageError: the file cannot be read, has no names, or an unknown kind.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError("cannot be read as text in UTF-8; give a CSV with a column `name`", at=path) from error
    rows = [row for row in csv.reader(lines) if any(cell.strip() for cell in row)]
    header = [cell.strip().lower() for cell in rows[0]] if rows else []
    column = next((header.index(name) for name in _NAMES if name in header), None)
    if column is None:
        found = [(Kind.ORGANISATION.value, line.strip()) for line in lines if line.strip()]
    else:
        kind = header.index("kind") if "kind" in header else None
        found = [
            (_kind(row[kind] if kind is not None and kind < len(row) else "", path), row[column].strip())
            for row in rows[1:]
            if column < len(row) and row[column].strip()
        ]
    if not found:
        raise UsageError("holds no names; give one name a line, or a CSV with a column `name`", at=path)
    return list(dict.fromkeys(found))


def _kind(text: str, path: Path) -> str:
    word = text.strip().lower() or Kind.ORGANISATION.value
    if word not in _KINDS:
        raise UsageError(f"has an unknown kind {text!r}; use person, organisation or vessel", at=path)
    return _KINDS[word]
