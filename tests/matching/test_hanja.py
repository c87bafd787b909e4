"""Korean names in Chinese characters, simplified and traditional: found as listed, and Chinese names left alone."""

from __future__ import annotations

import pytest

from screening import score_names
from screening.lists import open_lists
from screening.matching import hanja, kernels, names
from screening.matching.latin import KOREAN, SYLLABLES, TRANSLITERATED, ascii_readings
from screening.matching.screen import PARTY, SHIP, Matcher
from screening.matching.settings import Settings
from screening.tables import read_table, rules_folder
from tests.matching.test_screen import snapshot

PERSONS = """
金正恩 金正恩 KIM, Jong Un
金与正 金與正 KIM, Yo Jong
黄炳誓 黃炳誓 HWANG, Pyong So
崔龙海 崔龍海 CHOE, Ryong Hae
吴克烈 吳克烈 O, Kuk-Ryol
李勇茂 李勇茂 RI, Yong Mu
朴永植 朴永植 PAK, Yong Sik
赵延俊 趙延俊 JO, Yon Jun
李万建 李萬建 RI, Man Gon
李炳哲 李炳哲 RI, Pyong Chol
全日浩 全日浩 JON, Il Ho
尹浩镇 尹浩鎭 YUN HO-JIN
白世凤 白世鳳 PAEK, Se Bong
郑京择 鄭京擇 JONG, Kyong Thaek
罗京洙 羅京洙 RA, Kyong-Su
柳镇 柳鎭 RYU, Jin
俞哲宇 兪哲宇 YU, Chol U
林成顺 林成順 RIM, Song Sun
"""
SHIPS = """
天马山号 天馬山號 CHON MA SAN
白马江 白馬江 BAEK MA KANG
清川江 淸川江 CHONG CHON GANG
会宁 會寧 HOE RYONG
合掌江6号 合掌江6號 HAP JANG GANG 6
金刚3 金剛3 KUM GANG 3
乐园2 樂園2 RAK WON 2
绫罗岛 綾羅島 RUNG RA DO
礼成江1 禮成江1 RYE SONG GANG 1
龙军峰 龍軍峯 RYONG GUN BONG
大同江 大同江 TAE DONG GANG
羊角岛 羊角島 YANG GAK DO
"""
COMPANIES = """
朝鲜大成银行 朝鮮大成銀行 KOREA DAESONG BANK
端川商业银行 端川商業銀行 TANCHON COMMERCIAL BANK
朝鲜光鲜金融公司 朝鮮光鮮金融公司 KOREA KWANGSON BANKING CORPORATION
朝鲜矿业开发贸易公司 朝鮮鑛業開發貿易公司 KOREA MINING DEVELOPMENT TRADING CORPORATION
朝鲜连峰总公司 朝鮮連峰總公司 KOREA RYONBONG GENERAL CORPORATION
朝鲜檀君贸易公司 朝鮮檀君貿易公司 KOREA TANGUN TRADING CORPORATION
南川江贸易公司 南川江貿易公司 NAMCHONGANG TRADING CORPORATION
青松联合会社 靑松聯合會社 GREEN PINE ASSOCIATED CORPORATION
高丽信用开发银行 高麗信用開發銀行 KORYO CREDIT DEVELOPMENT BANK
罗先国际商业银行 羅先國際商業銀行 RASON INTERNATIONAL COMMERCIAL BANK
柳京商业银行 柳京商業銀行 RYUGYONG COMMERCIAL BANK
金刚银行 金剛銀行 KUMGANG BANK
太平山船务有限公司 太平山船務有限公司 THAEPHYONGSAN SHIPPING CO LTD
侦察总局 偵察總局 RECONNAISSANCE GENERAL BUREAU
"""
PERSONS_OF_CHINA = ["王伟", "李娜", "张伟", "陈秀英", "刘洋", "司马光", "欧阳修", "邓小平", "周杰", "山田太郎"]
COMPANIES_OF_CHINA = ["华为技术有限公司", "上海宏远贸易有限公司", "青岛海洋水产食品有限公司", "東京海運株式会社"]
CHINESE = PERSONS_OF_CHINA + COMPANIES_OF_CHINA


def rows(table: str) -> list[tuple[str, str, str]]:
    return [(simple, full, name) for simple, full, name in (line.split(" ", 2) for line in table.split("\n") if line)]


LISTED = [(kind, row) for kind, table in (("person", PERSONS), ("vessel", SHIPS), ("organisation", COMPANIES))
          for row in rows(table)]  # fmt: skip


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    """A list of all these names."""
    return Matcher(snapshot([(f"X:{at}", "X", kind, row[2], [], [], []) for at, (kind, row) in enumerate(LISTED)]))


def first(matcher: Matcher, text: str, family: str) -> str:
    found = matcher.find([text], family)
    kept = found[found["status"] == "kept"].sort_values("score", ascending=False)
    return str(matcher.snapshot.entries["name"].iloc[kept["entry"].iloc[0]]) if len(kept) else ""


@pytest.mark.parametrize(("kind", "row"), LISTED)
def test_a_name_in_simplified_or_traditional_characters_finds_its_entry_first(matcher, kind, row):
    for text in row[:2]:
        assert first(matcher, text, SHIP if kind == "vessel" else PARTY) == row[2]


def test_a_title_is_no_part_of_a_name(matcher):
    assert first(matcher, "金正恩委员长", PARTY) == first(matcher, "金正恩同志", PARTY) == "KIM, Jong Un"


def test_names_that_are_chinese_or_japanese_find_no_korean(matcher):
    assert [text for text in CHINESE if first(matcher, text, PARTY)] == []


def test_numpy_finds_what_the_compiled_search_finds(matcher, monkeypatch):
    texts = [text for _, row in LISTED for text in row[:2]] + CHINESE
    compiled = [matcher.find(texts, family) for family in (PARTY, SHIP)]
    monkeypatch.setattr(kernels, "LIBRARY", None)
    for family, found in zip((PARTY, SHIP), compiled, strict=True):
        assert matcher.find(texts, family).equals(found)


@pytest.mark.parametrize(
    ("text", "hangul"),
    [
        ("李林", ["리림"]),  # the North keeps what begins a word
        ("金金", ["김금", "금금"]),  # a surname only at the beginning
        ("會寧", ["회녕", "회령"]),
        ("天馬山號", ["천마산"]),
        ("樂天", ["락천", "악천"]),  # and no third
        ("の金", []),
        ("広島", []),  # a form that only Japan has
    ],
)
def test_characters_are_read_as_the_north_reads_them(text, hangul):
    assert hanja.in_hangul([text]) == [hangul]


def test_every_reading_says_that_it_was_read_out_of_syllables():
    (found,) = ascii_readings(["金正恩"])
    assert [how for how, _ in found] == [TRANSLITERATED | SYLLABLES] + 2 * [TRANSLITERATED | SYLLABLES | KOREAN]
    assert [text.split() for _, text in found] == [["Jin", "Zheng", "En"], ["kim", "jong", "un"], ["kum", "jong", "un"]]


def test_a_name_that_may_be_chinese_is_never_certain():
    score = score_names("金正恩", "KIM, Jong Un", kind="person")
    assert 90 < score.score < Settings.load()["certain"]
    assert "Chinese characters read as Korean" in score.features[-1].note
    assert score_names("김정은", "KIM, Jong Un", kind="person").score > Settings.load()["certain"]


def test_texts_that_are_none_of_koreas_are_read_as_chinese_alone():
    (found,) = ascii_readings(["赢"])  # no character of the table, and no other text beside it
    assert [text for _, text in found] == ["Ying"]
    assert ascii_readings(["の金", "赢"]) == [ascii_readings([text])[0] for text in ("の金", "赢")]


def test_a_long_text_has_no_more_readings_than_a_short_one():
    long = "金樂寧率行車" * 200
    assert len(names.read([long], Settings.load().lexicon).raw) <= 1 + 2 * hanja.MOST


def test_the_same_characters_meet_exactly():
    assert score_names("朝鲜联合机械贸易会社", "朝鲜联合机械贸易会社", kind="organisation").score == 100


def test_each_character_has_one_row_and_its_readings_are_syllables():
    table = read_table(rules_folder() / "translit" / "hanja.csv", ("hanja", "readings", "surname", "forms", "source"))
    characters = [character for row in table for character in row["hanja"] + row["forms"]]
    assert len(characters) == len(set(characters)) and all(map(hanja.HAN.fullmatch, characters))
    readings = [reading for row in table for reading in (*row["readings"].split(";"), row["surname"] or "가")]
    assert all(len(reading) == 1 and "가" <= reading <= "힣" for reading in readings)
    assert all(row["source"] for row in table)


OFFICIAL = [
    ("金英哲", "KIM YONG CHOL", PARTY),
    ("張成哲", "JANG SONG CHOL", PARTY),
    ("玄光日", "HYON KWANG IL", PARTY),
    ("裵元旭", "PAE WON UK", PARTY),
    ("趙春龍", "CHO CHUN RYONG", PARTY),
    ("强盛1号", "KANG SONG 1", SHIP),
    ("鸭绿江", "AM NOK GANG", SHIP),
    ("南川江贸易公司", "NAMCHONGANG TRADING CORPORATION", PARTY),
    ("土城技术贸易公司", "TOSONG TECHNOLOGY TRADING CORPORATION", PARTY),
]


def test_names_of_official_lists_are_found_first(shared):
    for family, folder in ((PARTY, "un-2026-02-27"), (SHIP, "ofac-2023-12-28")):
        matcher = Matcher(open_lists(shared / "lists" / folder))
        for text, name in ((text, name) for text, name, of in OFFICIAL if of == family):
            assert first(matcher, text, family).upper() == name
