"""OFAC's CSV sets: primary records, addresses, aliases and overflowing remarks, of the SDN and the non-SDN list."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from screening.errors import ListFileError
from screening.lists import csvfile, ofac, values
from screening.lists.files import ListFile
from screening.lists.reader import Parts, Reader, Reading
from screening.model import Entry, Kind, Strength

PRIMARY, ADDRESSES, ALIASES, COMMENTS = "primary", "addresses", "aliases", "comments"
_WIDTHS = {12: PRIMARY, 6: ADDRESSES, 5: ALIASES, 2: COMMENTS}
_KINDS = {"-0-", "individual", "vessel", "aircraft"}
_ALIAS_TYPES = {"aka", "fka", "nka"}
_END = b"\x1a"  # the last byte of every file OFAC publishes (seen in its sets of December 2023 and 2025)
_REMARKS_LIMIT = 1000  # OFAC cuts remarks here and carries on in the comments file
_QUOTED = re.compile(r"(?:alt\. )?(?:a\.k\.a\.|f\.k\.a\.|n\.k\.a\.)[,:]? '(.+)'\.?")
_BORN = re.compile(r"(?:alt\. )?DOB (.+)")
_COUNTRY = re.compile(r"(?:alt\. )?(?:nationality|citizen) (.+)")


def _part(file: ListFile) -> str:
    """Which file of a set this is: OFAC writes no header, so the width and the first cells tell."""
    rows = file.rows(1)
    part = _WIDTHS.get(len(rows[0]), "") if rows else ""
    if not part or not rows[0][0].strip().isdigit():
        return ""
    cells = [cell.strip() for cell in rows[0]]
    fits = {
        PRIMARY: len(cells) == 12 and cells[2] in _KINDS and cells[3] != "",
        ADDRESSES: len(cells) == 6 and cells[1].isdigit(),
        ALIASES: len(cells) == 5 and cells[1].isdigit() and cells[2] in _ALIAS_TYPES,
        COMMENTS: len(cells) == 2 and not cells[1].isdigit(),
    }
    return part if fits[part] else ""


def _sets(files: Sequence[tuple[ListFile, str]]) -> list[dict[str, ListFile]]:
    """The files that belong together: those whose every entry stands in the same primary file, in its folder first."""
    keys = {file.path: {int(cells[0]) for _, cells in _rows(file, part)} for file, part in files}
    sets = [{PRIMARY: file} for file, part in files if part == PRIMARY]
    for file, part in files:
        if part == PRIMARY:
            continue
        homes = [own for own in sets if _belongs(part, keys[file.path], keys[own[PRIMARY].path])]
        homes = [own for own in homes if own[PRIMARY].path.parent == file.path.parent] or homes
        if not homes:
            raise ListFileError(
                f"holds {part} of entries that are in no primary file (sdn.csv or cons_prim.csv); give the whole set",
                at=file.path,
            )
        home = max(homes, key=lambda own: len(keys[file.path] & keys[own[PRIMARY].path]) / len(keys[own[PRIMARY].path]))
        if part in home:
            raise ListFileError(f"holds {part} of the same list as {home[part].path}; give one edition", at=file.path)
        home[part] = file
    for own in sets:
        for part, name in ((ALIASES, "alt.csv or cons_alt.csv"), (ADDRESSES, "add.csv or cons_add.csv")):
            if part not in own:
                raise ListFileError(
                    f"comes without its {part} ({name}); a list is not loaded in part", at=own[PRIMARY].path
                )
        _all_ended(own)
    return sets


def _all_ended(own: Parts) -> None:
    """A file cut between two records shows it by lacking the last byte that the others of its set have."""
    ended = [file for file in own.values() if file.last == _END]
    cut = [file for file in own.values() if file.last != _END]
    if ended and cut:
        raise ListFileError(
            f"is cut short: it does not end in the byte 0x1A as {ended[0].path.name} of the same set does;"
            " fetch the whole set again",
            at=cut[0].path,
        )


def _doubts(parts: Parts, listed: set[int], satellites: _Satellites, code: str) -> Iterator[str]:
    """What a set may lack without a fault to see: OFAC ends its files and gives every entry an address."""
    if parts[PRIMARY].last != _END:
        yield f"{code}: no file ends in the byte 0x1A as OFAC's own do, so a cut between records would not show"
    if without := sorted(listed - satellites.addresses.keys()):
        yield (
            f"{code}: {len(without):,} of {len(listed):,} entries have no row in the addresses, and OFAC writes one for"
            f" each ({', '.join(map(str, without[:10]))}); see that the file is whole"
        )


def _belongs(part: str, keys: set[int], primary: set[int]) -> bool:
    """Every key is one of the primary file; OFAC leaves comments behind of entries that it removed."""
    return bool(keys & primary) if part == COMMENTS else keys <= primary


def _read(parts: Parts) -> Reading:
    primary = list(_rows(parts[PRIMARY], PRIMARY))
    if not primary:
        raise ListFileError("holds no entries", at=parts[PRIMARY].path)
    code = ofac.which_list([ofac.programmes(_value(cells[3])) for _, cells in primary])
    satellites = _Satellites()
    satellites.read(parts)
    reading = Reading(None, [])
    reading.entries = _entries(parts[PRIMARY].path, primary, code, satellites)
    listed = {int(cells[0]) for _, cells in primary}
    reading.notes += _doubts(parts, listed, satellites, code)
    if stale := sorted(satellites.comments.keys() - listed):
        reading.notes.append(
            f"{code}: the comments file carries on the remarks of {len(stale)} entries that are not on the list"
            f" ({', '.join(map(str, stale[:10]))})"
        )
    cut = [
        cells[0]
        for _, cells in primary
        if len(cells[11]) >= _REMARKS_LIMIT and int(cells[0]) not in satellites.comments
    ]
    if cut:
        reading.notes.append(
            f"{code}: the remarks of {len(cut)} entries end at OFAC's limit of {_REMARKS_LIMIT} characters and go on in"
            f" no comments file ({', '.join(cut[:10])})"
        )
    return reading


@dataclass(slots=True)
class _Satellites:
    """What the other files of a set add, by entry."""

    addresses: defaultdict[int, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    aliases: defaultdict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    comments: dict[int, str] = field(default_factory=dict)

    def read(self, parts: Parts) -> None:
        for _, cells in _rows(parts[ADDRESSES], ADDRESSES):
            street, city, country = (_value(cell) for cell in cells[2:5])
            self.addresses[int(cells[0])].append((", ".join(filter(None, (street, city, country))), country))
        for line, cells in _rows(parts[ALIASES], ALIASES):
            if not (name := _value(cells[3])):
                raise ListFileError("has an alias without a name", at=f"{parts[ALIASES].path}:{line}")
            self.aliases[int(cells[0])].append(name)
        if COMMENTS in parts:
            for _, cells in _rows(parts[COMMENTS], COMMENTS):
                self.comments[int(cells[0])] = self.comments.get(int(cells[0]), "") + cells[1]


def _entries(path: Path, primary: list[tuple[int, list[str]]], code: str, satellites: _Satellites) -> Iterator[Entry]:
    for line, cells in primary:
        name, kind_text, tags, _, call_sign = (_value(cell) for cell in cells[1:6])
        if not name:
            raise ListFileError(f"has an entry without a name ({cells[0]})", at=f"{path}:{line}")
        key = int(cells[0])
        kind = ofac.KINDS.get(kind_text, Kind.ORGANISATION)
        remarks = _value(cells[11] + satellites.comments.get(key, ""))
        stated = read_remarks(remarks, kind)
        addresses = satellites.addresses.get(key, [])
        yield Entry(
            entry_id=f"{code}:{key}",
            list=code,
            kind=kind,
            names=values.names(
                [(name, Strength.PRIMARY)]
                + [(alias, Strength.STRONG) for alias in satellites.aliases.get(key, ())]
                + [(alias, Strength.WEAK) for alias in stated.weak_aliases]
            ),
            identifiers=values.identifiers([*stated.numbers, ("call_sign", call_sign)]),
            programmes=ofac.programmes(tags),
            countries=values.once([_value(cells[9]), *stated.countries, *(country for _, country in addresses)]),
            addresses=values.once(address for address, _ in addresses),
            birth_dates=stated.birth_dates,
            remarks=remarks,
        )


@dataclass(frozen=True, slots=True)
class Stated:
    """What the remarks of an entry state."""

    weak_aliases: tuple[str, ...]
    numbers: tuple[tuple[str, str], ...]
    birth_dates: tuple[str, ...]
    countries: tuple[str, ...]


def read_remarks(remarks: str, kind: Kind) -> Stated:
    """Names in quotes, which OFAC holds to be weak, numbers, dates of birth and nationalities."""
    aliases, numbers, born, countries = [], [], [], []
    for clause in remarks.split(";"):
        clause = clause.strip()
        if found := _QUOTED.fullmatch(clause):
            aliases.append(found[1])
        elif found := _BORN.fullmatch(clause):
            born.append(found[1].rstrip("."))
        elif found := _COUNTRY.fullmatch(clause):
            countries.append(found[1].rstrip("."))
        elif one := ofac.number(clause.rstrip("."), kind):
            numbers.append(one)
    return Stated(tuple(aliases), tuple(numbers), tuple(born), tuple(countries))


def _rows(file: ListFile, part: str) -> Iterator[tuple[int, list[str]]]:
    width = next(width for width, name in _WIDTHS.items() if name == part)
    for line, cells in csvfile.records(file, width):
        if not cells[0].strip().isdigit():
            raise ListFileError(
                f"has a record whose first cell is no entry number ({cells[0]!r})", at=f"{file.path}:{line}"
            )
        yield line, cells


def _value(cell: str) -> str:
    """The cell without blanks around it; OFAC writes -0- where it has nothing."""
    cell = values.clean(cell)
    return "" if cell == "-0-" else cell


READER = Reader("ofac-csv", _part, _read, _sets)
