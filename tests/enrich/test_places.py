"""What a cell says about a place."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.enrich import Enricher
from screening.enrich.countries import Countries
from screening.enrich.gazetteer import Gazetteer
from screening.enrich.places import Places, Reading
from screening.enrich.text import names
from screening.errors import RulePackError
from screening.tables import read_table, rules_folder

RULES = rules_folder()
PLACES = Places(
    Gazetteer.load(RULES / "ports.csv", RULES / "place_words.yaml", Countries.load(RULES / "countries.csv"))
)
ROWS = read_table(RULES / "ports.csv", ("id", "name", "names", "doubtful_names", "locodes"))
WATCHED = {"KP", "RU"}

# cell, how, place, country, countries it may mean besides
CELLS = [
    # codes
    ("KPCHO", "locode", "KP-CHONGJIN", "KP", ""),
    ("KP CHO", "locode", "KP-CHONGJIN", "KP", ""),
    ("kpcho", "locode", "KP-CHONGJIN", "KP", ""),
    ("KPXYZ", "locode", "", "KP", ""),
    ("RUABC", "locode", "", "RU", ""),
    ("CNDLC", "locode", "CN-DALIAN", "CN", ""),
    ("KRUSN", "locode", "KR-ULSAN", "KR", ""),
    ("QQABC", "unresolved", "", "", ""),
    ("XZLGT", "locode", "", "XZ", ""),
    ("Chongjin (KPCHO)", "name", "KP-CHONGJIN", "KP", ""),
    # names that have the form of a code
    ("RUMOI", "name", "JP-RUMOI", "JP", ""),
    ("USTKA", "name", "PL-USTKA", "PL", ""),
    ("RUGAO", "unresolved", "", "", ""),
    ("CHIBA", "unresolved", "", "", ""),
    ("NAMPO", "name", "KP-NAMPO", "KP", ""),
    # scripts
    ("Ch'ŏngjin", "name", "KP-CHONGJIN", "KP", ""),
    ("청진", "name", "KP-CHONGJIN", "KP", ""),
    ("라진항", "name", "KP-RAJIN", "KP", ""),
    ("라진 항", "name", "KP-RAJIN", "KP", ""),
    ("羅津", "name", "KP-RAJIN", "KP", ""),
    ("清津港", "name", "KP-CHONGJIN", "KP", ""),
    ("朝鲜清津港", "name", "KP-CHONGJIN", "KP", ""),
    ("порт Восточный", "name", "RU-VOSTOCHNY", "RU", ""),
    ("г. Владивосток, Россия", "name", "RU-VLADIVOSTOK", "RU", ""),
    ("Находка", "name", "RU-NAKHODKA", "RU", ""),
    ("나홋카항", "name", "RU-NAKHODKA", "RU", ""),
    ("海参崴", "name", "RU-VLADIVOSTOK", "RU", ""),
    # words around the name
    ("Port of Nampo", "name", "KP-NAMPO", "KP", ""),
    ("NAMPO PORT", "name", "KP-NAMPO", "KP", ""),
    ("Rajin-hang", "name", "KP-RAJIN", "KP", ""),
    ("Rajin, pier 3", "name", "KP-RAJIN", "KP", ""),
    ("Sonbong (Rason)", "name", "KP-SONBONG", "KP", ""),
    ("Dandong pipeline", "name", "CN-DANDONG", "CN", ""),
    ("Chongjin port, Hamgyong, DPRK", "name", "KP-CHONGJIN", "KP", ""),
    ("Wonsan harbour, D.P.R.K.", "name", "KP-WONSAN", "KP", ""),
    ("Nam Po", "name", "KP-NAMPO", "KP", ""),
    ("Khasan station", "name", "RU-KHASAN", "RU", ""),
    ("станция Хасан", "name", "RU-KHASAN", "RU", ""),
    # country in the text
    ("Nampo, DPRK", "name", "KP-NAMPO", "KP", ""),
    ("Nampo KP", "name", "KP-NAMPO", "KP", ""),
    ("Nampo, kp", "name", "KP-NAMPO", "KP", ""),
    ("Rizhao, China", "name", "CN-RIZHAO", "CN", ""),
    ("Kosong, DPRK", "country", "", "KP", ""),
    ("Port Rashid, Dubai", "name", "AE-RASHID", "AE", ""),
    ("Somewhere, Turkey", "country", "", "TR", ""),
    # the country alone
    ("KP", "country", "", "KP", ""),
    ("PRK", "country", "", "KP", ""),
    ("North Korea", "country", "", "KP", ""),
    ("DPR Korea", "country", "", "KP", ""),
    ("N. Korea", "country", "", "KP", ""),
    ("Korea (North)", "country", "", "KP", ""),
    ("Korea, Democratic People's Republic of", "country", "", "KP", ""),
    ("Democratic People’s Republic of Korea", "country", "", "KP", ""),
    ("КНДР", "country", "", "KP", ""),
    ("조선", "country", "", "KP", ""),
    ("북한", "country", "", "KP", ""),
    ("北朝鮮", "country", "", "KP", ""),
    ("Republic of Korea", "country", "", "KR", ""),
    ("Korea, Republic of", "country", "", "KR", ""),
    ("한국", "country", "", "KR", ""),
    ("РФ", "country", "", "RU", ""),
    ("Primorye", "country", "", "RU", ""),
    ("NO", "country", "", "NO", ""),
    # traps
    ("Ras Tanura", "name", "SA-RASTANURA", "SA", ""),
    ("Rajula", "name", "IN-RAJULA", "IN", ""),
    ("Tumen", "name", "CN-TUMEN", "CN", ""),
    ("Tumangang", "name", "KP-TUMANGANG", "KP", ""),
    ("Vostochny Cosmodrome", "name", "RU-COSMODROME", "RU", ""),
    ("Космодром Восточный", "name", "RU-COSMODROME", "RU", ""),
    ("Vostochny, Amur Oblast", "country", "", "RU", ""),
    ("Vostochny, Sverdlovsk", "country", "", "RU", ""),
    ("Primorsk", "name", "RU-PRIMORSK", "RU", ""),
    ("Fokino", "name", "RU-FOKINO", "RU", ""),
    ("Fokino, Bryansk", "country", "", "RU", ""),
    ("Nampo, South Korea", "country", "", "KR", ""),
    ("Taean", "unresolved", "", "", "KP KR"),
    ("Taean, DPRK", "name", "KP-TAEAN", "KP", ""),
    ("Taean, Republic of Korea", "country", "", "KR", ""),
    ("Taean-gun", "name", "KR-TAEANGUN", "KR", ""),
    ("Boryeong", "name", "KR-BORYEONG", "KR", ""),
    ("Hasan", "name", "RU-KHASAN", "RU", ""),
    ("Imam Hasan", "unresolved", "", "", ""),
    ("Hassan", "unresolved", "", "", ""),
    ("Dunay", "unresolved", "", "", ""),
    ("Дунай", "unresolved", "", "", ""),
    ("Dunai, Ukraine", "country", "", "UA", ""),
    ("Дунай, Измаил", "name", "UA-IZMAIL", "UA", ""),
    ("Danube", "unresolved", "", "", ""),
    ("Дунай, Приморье", "name", "RU-DUNAY", "RU", ""),
    ("Dunay, Russia", "name", "RU-DUNAY", "RU", ""),
    ("Olga", "name", "RU-OLGA", "RU", ""),
    ("Murmansk", "name", "RU-MURMANSK", "RU", ""),
    ("Georgia", "country", "", "GE", ""),
    ("Los Angeles, CA", "name", "US-LOSANGELES", "US", ""),
    ("Boston", "unresolved", "", "", ""),
    ("Boston, MA", "name", "US-BOSTON", "US", ""),
    # doubt
    ("Chonjin", "near", "", "", "KP"),
    ("Nahkodka", "near", "", "", "RU"),
    ("Chonjin, DPRK", "near", "", "KP", ""),
    ("Rajin, China", "country", "", "CN", "KP"),
    ("Rajin/Vostochny", "name", "", "", "KP RU"),
    ("Korea", "country", "", "", "KP KR"),
    ("Nampo, Korea", "unresolved", "", "", "KP KR"),
    ("Taean, Korea", "unresolved", "", "", "KP KR"),
    ("Busan, Korea", "name", "KR-BUSAN", "KR", ""),
    ("Chongjin, Korea", "name", "KP-CHONGJIN", "KP", ""),
    ("Korea-Russia Friendship Bridge", "name", "XING-KHASAN", "", "KP RU"),
    ("Esnnad", "unresolved", "", "", ""),
    ("", "empty", "", "", ""),
]


@pytest.mark.parametrize(("cell", "how", "place", "country", "maybe"), CELLS, ids=[c[0] or "empty" for c in CELLS])
def test_a_cell_is_read(cell: str, how: str, place: str, country: str, maybe: str) -> None:
    """The place, the country and the doubt of a cell by itself."""
    read = PLACES.read(cell)
    assert (read.how, read.place, read.country, set(read.maybe)) == (how, place, country, set(maybe.split()))


SEA = [
    ("STS East China Sea", "STS-ECS", "XZ"),
    ("STS", "", "XZ"),
    ("ship-to-ship, Yellow Sea", "STS-YELLOW", "XZ"),
    ("Sea of Japan", "STS-SOJ", "XZ"),
    ("동해", "STS-SOJ", "XZ"),
    ("international waters", "", "XZ"),
    ("high seas", "", "XZ"),
    ("XZ", "", "XZ"),
    ("38-30N 124-40E", "", "XZ"),
    ("38°30'N 124°40'E", "", "XZ"),
    ("N38.5 E124.5", "", "XZ"),
    ("29.5, 126.0", "", "XZ"),
    ("off Nampo", "STS-KPEEZ", "KP"),
    ("DPRK EEZ", "STS-KPEEZ", "KP"),
    ("off Vladivostok", "", "XZ"),
]


@pytest.mark.parametrize(("cell", "place", "country"), SEA)
def test_a_sea_area_is_at_sea(cell: str, place: str, country: str) -> None:
    """Sea areas, coordinates and transfers between ships are on the high seas, DPRK waters in the DPRK."""
    read = PLACES.read(cell)
    assert (read.sea, read.place, read.country) == (True, place, country)


@pytest.mark.parametrize("cell", ["동해항", "Southend-on-Sea", "Offenbach", "12-14 Dock Road", "Stsiapanavichy"])
def test_land_is_not_at_sea(cell: str) -> None:
    """A port whose name holds a word of the sea is a port."""
    assert not PLACES.read(cell).sea


def variants() -> Iterator[tuple[str, str]]:
    for row in ROWS:
        doubtful = names(row["doubtful_names"])
        yield from ((label, row["id"]) for label in (row["name"], *names(row["names"])) if label not in doubtful)
        yield from ((code, row["id"]) for code in names(row["locodes"]))


VARIANTS = list(variants())


def test_every_name_of_the_table_is_its_own_place() -> None:
    """No name of one row is read as another place."""
    assert [(label, place) for label, place in VARIANTS if PLACES.read(label).place != place] == []


def spelt(label: str) -> set[str]:
    squeezed = re.sub(r"\s+", "  ", label)
    return {label.upper(), label.lower(), label.title(), f"  {squeezed} ", label.replace("'", "’"), label + " "}


@given(st.sampled_from(VARIANTS))
def test_case_apostrophes_and_blanks_never_matter(variant: tuple[str, str]) -> None:
    """The same name in another dress is the same place."""
    label, place = variant
    for other in spelt(label):
        assert PLACES.read(other).place == place


@given(st.text(max_size=40))
def test_no_text_is_too_strange(text: str) -> None:
    """Whatever stands in the cell, it is read, and a country is a code of the table."""
    read = PLACES.read(text)
    assert isinstance(read, Reading)
    assert read.country in {"", "XZ", *PLACES.countries.english}


# Foreign towns that bear a name of the Russian table: the better known one is taken.
NAMESAKES = {"USPIE", "USMW3"}


def test_the_ports_of_the_world_are_not_taken_for_ours(shared: Path) -> None:
    """Of the names of sea ports elsewhere none is read as the DPRK or Russia, for sure or perhaps."""
    taken = []
    with (shared / "pools" / "sea_ports.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            home = row["locode"][:2]
            if home in WATCHED or row["locode"] in NAMESAKES:
                continue
            for label in (row["name"], row["name_ascii"], row["name"].upper(), row["locode"]):
                read = PLACES.read(label)
                if ({read.country} | read.maybe) & WATCHED or read.korea:
                    taken.append((row["locode"], label, read.note))
    assert taken == []


def test_the_ports_of_the_two_countries_are_known_by_code(shared: Path) -> None:
    """Every code of a sea port gives its country, and every DPRK sea port is known by name too."""
    with (shared / "pools" / "sea_ports.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            assert PLACES.read(row["locode"]).country == row["locode"][:2]
            if row["locode"].startswith("KP"):
                assert PLACES.read(row["name"]).country == "KP"


def test_a_table_with_a_repeated_id_is_refused(tmp_path: Path) -> None:
    """Two rows of one id are an error of the table, told with its line."""
    header, first = (RULES / "ports.csv").read_text(encoding="utf-8").splitlines()[:2]
    table = tmp_path / "ports.csv"
    table.write_text("\n".join([header, first, first]), encoding="utf-8")
    with pytest.raises(RulePackError, match=r"ports.csv:3.*stands twice"):
        Gazetteer.load(table, RULES / "place_words.yaml", PLACES.countries)


def test_every_row_tells_its_source(enricher: Enricher) -> None:
    """Each reference row says where it is from and whether that was seen."""
    assert enricher.ports.keys() == {row["id"] for row in ROWS}
    for table in ("ports.csv", "countries.csv", "goods.csv"):
        for row in read_table(RULES / table, ("source", "status")):
            assert row["source"]
            assert row["status"] in ("seen", "unverified", "inferred")
