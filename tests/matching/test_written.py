"""Names as documents distort them: found, and told apart where they are others."""

from __future__ import annotations

import itertools
from concurrent.futures import ProcessPoolExecutor

import numpy as np
import pandas as pd
import pytest

import screening
from screening import score_names
from screening.matching import names
from screening.matching.screen import Matcher
from screening.matching.settings import Settings
from tests.matching.test_properties import some_names
from tests.matching.test_screen import snapshot

PERSON, COMPANY, SHIP = "person", "organisation", "vessel"


def test_the_promise_of_the_documentation_holds():
    found = screening.score_names("Ким Чен Ын", "KIM JONG UN", kind="person")
    assert found.score >= 95 and found.features


@pytest.mark.parametrize(
    ("ours", "theirs", "kind", "least"),
    [
        ("САNО СОRRЕА Jhоn", "CANO CORREA Jhon", PERSON, 100),  # Cyrillic letters among Latin ones
        ("Вoстoчный", "Vostochny", COMPANY, 90),  # Latin letters among Cyrillic ones
        ("단천상업은행", "Tanchon Commercial Bank", COMPANY, 90),
        ("MURWANA5HYAKA 0mar", "MURWANASHYAKA Omar", PERSON, 100),
        ("Ali Harnid Rashid", "Ali Hamid Rashid", PERSON, 80),
        ("Dvd Ams Mzngo", "David Amos Mazengo", PERSON, 78),
        ("Daxid Amos Mazengw", "David Amos Mazengo", PERSON, 78),
        ("Petsr Samuel Mudde", "Peter Samuel Mudde", PERSON, 78),
        ("KHAWLA BARZAN IBRAHIM HASAN AL-TIKR", "KHAWLA BARZAN IBRAHIM HASAN AL-TIKRITI", PERSON, 78),
        ("Korvex Severomorsk Machine Building", "Korvex Severomorsk Machine Building Works Minsk", COMPANY, 77),
        ("Санандадж", "SANANDAJ", SHIP, 95),
        ("بانک ملت", "BANK MELLAT", COMPANY, 95),  # words of which the vowels are known, in Persian letters
        ("بنك صادرات", "BANK SADERAT", COMPANY, 95),  # and in Arabic ones
        ("كشتيراني جمهوري اسلامي ايران", "ISLAMIC REPUBLIC OF IRAN SHIPPING LINES", COMPANY, 95),
        ("أيمن الظواهري", "AL-ZAWAHIRI, Ayman", PERSON, 95),
        ("Y. Korvexov", "KORVEXOV, Yuri Valentinovich", PERSON, 78),  # y is no particle here
        ("V. Korvexov", "KORVEXOV, Viktor Viktorovich", PERSON, 78),  # the given name's initial, not the patronymic's
        ("Sergey Ten", "TEN, Sergey Yuryevich", PERSON, 78),  # a name and no number
        ("V.V.Korvexov", "KORVEXOV, Viktor Valentinovich", PERSON, 85),  # initials that stand close, or without dots
        ("В.В.Корвексов", "KORVEXOV, Viktor Valentinovich", PERSON, 85),
        ("KORVEXOV V.V", "KORVEXOV, Viktor Valentinovich", PERSON, 85),
        ("KORVEXOV VV", "KORVEXOV, Viktor Valentinovich", PERSON, 85),
        ("KORVEXOV A S", "KORVEXOV, Anton Sergeevich", PERSON, 85),
        ("Mr. A.S. Korvexov", "KORVEXOV, Anton Sergeevich", PERSON, 85),
        ("Аксёнов Сергей", "AKSYONOV, Sergey Valeryevich", PERSON, 78),
        ("Shariat, Hossein", "SHARIAT, Hossein", PERSON, 100),  # no misspelt sharika
        ("Limited Liabiliti Company Korvex", "KORVEX LLC", COMPANY, 95),
        ('ООО"Корвекс"', "KORVEX OOO", COMPANY, 90),
        ('M/V"KORVEX 3"', "KORVEX 3", SHIP, 100),
        ("Korvex Star III", "KORVEX STAR 3", COMPANY, 95),
        ("박춘일 귀하", "PAK, Chun Il", PERSON, 95),  # to Mr Pak
        ("대표 박춘일", "PAK, Chun Il", PERSON, 95),
        ("Ангара", "ANGARA", SHIP, 95),
        ("Victory III", "VICTORY 3", SHIP, 100),
        ("Muhammad Y. Ahmed", "Muhammad Yunis Ahmed", PERSON, 85),
        ("华为技术有限公司", "華為技術有限公司", COMPANY, 80),
        ("Wang Wei", "王偉", PERSON, 95),
        ("Чхончхонган", "CHONG CHON GANG", SHIP, 95),  # Korean in Cyrillic, as one word and by syllables
        ("Хван Гым Сан 2", "HWANG GUM SAN 2", SHIP, 90),
        ("Кымган-3", "KUM GANG 3", SHIP, 90),
        ("Чхве Рён Хэ", "CHOE, Ryong Hae", PERSON, 95),
        ("낙원2", "RAK WON 2", SHIP, 90),  # the South's spelling of 락원
        ("최용해", "CHOE, Ryong Hae", PERSON, 90),  # and of 최룡해
        ("대홍단호", "DAI HONG DAN", SHIP, 90),
        ("리영길 대장", "RI, Yong Gil", PERSON, 90),
        ("조선광업개발무역회사", "KOREA MINING DEVELOPMENT TRADING CORPORATION", COMPANY, 90),
        ("大连海博国际货运有限公司", "DALIAN HAIBO INTERNATIONAL FREIGHT CO. LTD.", COMPANY, 90),
        ("Lee Yong-gil", "RI, Yong Gil", PERSON, 90),
        ("Gupta A.K.", "GUPTA, Atul Kumar", PERSON, 85),
        ("A. B. Usmanov", "USMANOV, Alisher Burhanovich", PERSON, 85),
        ("Mr. Oleg Smolin", "SMOLIN, Oleg Nikolayevich", PERSON, 78),  # a title contradicts no patronymic
        ("Abdelmalek al-Houthi", "AL HOUTHI, Abdul Malik", PERSON, 94),
        ("Mohamed Yehia Mojahed", "MOHAMMED YAHYA MUJAHID", PERSON, 80),
        ("OAO Gazprom", "Gasprom JSC", COMPANY, 77),
        ("Jurij Sinelschtschikow", "SINELSHCHIKOV, Yury Petrovich", PERSON, 78),
        ("RT-PROJECT TECHNOLOGY OPEN JOINT ST", "RT-PROJECT TECHNOLOGY OPEN JOINT STOCK COMPANY", COMPANY, 90),
        ("Ra Nam 02", "RA NAM 2", SHIP, 100),
        ("Captain Kokovin", "KAPITAN KOKOVIN", SHIP, 90),
    ],
)
def test_a_name_is_known_however_it_is_written(ours, theirs, kind, least):
    assert score_names(ours, theirs, kind).score >= least


@pytest.mark.parametrize(
    ("ours", "theirs", "kind"),
    [
        ("Victory", "Victory 3", SHIP),  # a number on one side only is another ship until its IMO number says otherwise
        ("Victory 4", "Victory III", SHIP),
        ("KPA Navy", "Korean People's Army Navy", COMPANY),  # acronyms only where the list gives them
        ("MSC Shipping", "Masco Shipping", COMPANY),  # three consonants are as often an acronym
        ("Tanla Platforms Limited", "T-PLATFORMS", COMPANY),  # a letter in a company's name is its own
        ("LADY D", "LADY R", SHIP),  # and so is a ship's
        ("Lena B", "LENA", SHIP),
        ("김정은", "KIM, Yong Un", PERSON),  # syllables are known from Hangul and Chinese
        ("钟伟", "ZHANG, Wei", PERSON),
        ("김광수", "KIM, Su Kwang", PERSON),  # the same syllables in another order
        ("V. Korvexov", "KORVEXOV, Yury Viktorovich", PERSON),  # an initial of the patronymic alone
        ("A. Korvex", "KORVEX, Bob Alan", PERSON),
        ("MMTC Limited", "MITEC", COMPANY),
        ("Al Korvex", "Korvex al-Sharia", COMPANY),
        ("文张", "ZHANG, Wen-Fu", PERSON),  # a person's syllables are none left out
    ],
)
def test_another_name_is_not_taken_for_it(ours, theirs, kind):
    assert score_names(ours, theirs, kind).score < 77


@pytest.mark.parametrize(
    ("text", "apart"),
    [
        ("Korvex Trading LLC, Moscow", "korvex trading llc"),
        ("Ministry of National Defence, Pyongyang", "ministry of national defence"),
        ("Ministry of National Defence, DPRK", "ministry of national defence"),
        ("Ministry of National Defence of the DPRK", "ministry of national defence"),
        ("Korvex Trading (Moscow)", "korvex trading"),
        ("Korvex Trading (France) SARL", ""),  # another company than its sisters
        ("Korvex Trading Tel. +7 495 1234567", "korvex trading"),
        ("Korvex Trading - Moscow branch", "korvex trading"),
        ("Ministry of National Defence, Ottawa", ""),  # every land has one
        ("Ministry of National Defence Canada", ""),
        ("Korvex Vostok Moscow", "korvex vostok"),
        ("Korvex, S.A. de C.V., Panama", "korvex sadecv"),
        ("Shipping Lines of Iran Dubai", "shipping lines of iran"),
        ("Bank of Moscow", ""),  # where a town is bound to it, it is of the name
        ("Makin Moscow", "makin"),
        ("Trade Moscow", ""),  # a common word names nobody
        ("Bank of Pyongyang", ""),  # a word alone names nobody
        ("PUTIN, Vladimir", ""),
        ("DE SA, Paulo", ""),  # a surname is no legal form
        ("Korvex Trading, Ltd.", ""),
    ],
)
def test_the_name_before_a_seat_is_read_alone_too(text, apart):
    """A company and its town, a body of the DPRK and Pyongyang look like 'LAST, First', and are read so besides."""
    read = names.read([text], Settings.load().lexicon, parts=True)
    alone = {line for line, how in zip(read.lines, read.how.tolist(), strict=True) if how & names.PART}
    assert alone == {apart} - {""}


@pytest.mark.parametrize(
    "text",
    [
        "KORVEX STEEL WORKS AND GLOBEX TRADING LLC",
        "Globex Trading LLC & Korvex Steel Works",
        "Globex Marine Ltd owned by Korvex Steel Works",
        "GLOBEX SHIPPING A/C KORVEX STEEL WORKS",
        "Globex LLC t/a Korvex Steel Works",
        "INN 7701234567 KPP 770101001 Korvex Steel Works",
        "7701234567/770101001 Korvex Steel Works",
        "IBAN DE89370400440532013000 Korvex Steel Works",
        "Consignee Korvex Steel Works",
        "ORDERING CUSTOMER KORVEX STEEL WORKS",
        "in favour of Korvex Steel Works",
        "Korvex Steel Works IBAN DE89370400440532013000",
        "Korvex Steel Works SWIFT ABCDRU22500",
        "Korvex Steel Works +7 495 1234567",
        "Korvex Steel Works www.globex.com",
        "Korvex Steel Works 40817810099910004312",
    ],
)
def test_a_party_is_read_without_what_payments_write_beside_it(text):
    read = names.read([text], Settings.load().lexicon, parts=True)
    assert "korvex steel works" in read.lines


@pytest.mark.parametrize(
    "text",
    [
        *("Vessel Name: KUM GANG 3", "KUM GANG 3 TANKER", "LPG/C KUM GANG 3", "PER MV KUM GANG 3", "KUM GANG 3 V-12"),
        *("KUM GANG 3 12E", "KUM GANG 3 & OCEAN GLORY", "KUM GANG 3 OWNER: GLOBEX", "KUM GANG 3号", "т/к KUM GANG 3"),
    ],
)
def test_a_ship_is_read_without_what_papers_write_beside_it(text):
    lexicon = Settings.load().lexicon
    read = names.read([text], lexicon, parts=True, ships=True)
    bag = names.words(read.raw, lexicon, np.full(len(read.raw), True))
    words = list(bag.words)
    lines = {" ".join(words[word] for word in bag.word[a:b]) for a, b in itertools.pairwise(bag.off.tolist())}
    assert {"kum gang 3", "mv kum gang 3"} & lines


def test_the_name_before_a_town_and_its_land_is_read_before_either():
    read = names.read(["KORVEX TRADING LLC Abu Dhabi UAE"], Settings.load().lexicon, parts=True)
    assert read.lines[1:] == ["korvex trading llc abu dhabi", "korvex trading llc"]


def test_a_number_at_the_end_or_a_lone_letter_is_no_misread_digit():
    lexicon = Settings.load().lexicon
    read = names.read(["JIN HONG5", "g4s b2b 3m 7up", "2nd Street"], lexicon).lines
    assert read == ["jin hong5", "g4s b2b 3m 7up", "second street"]


def _hits(texts: list[str]) -> pd.DataFrame:
    found = Matcher(snapshot()).find(texts)
    return found.assign(text=pd.Series([texts[place] for place in found["text"]], dtype="str"))


def test_one_process_finds_what_two_find():
    import random

    texts = [*some_names(random.Random(3), 60), "Korvex Tradng", "Ким Чен Ын", "Walid Mahmuod Saadi", "Golden", "Sun"]
    with ProcessPoolExecutor(2) as pool:
        parts = list(pool.map(_hits, [texts[:30], texts[30:]]))
    both = pd.concat(parts, ignore_index=True).sort_values(["text", "entry"]).reset_index(drop=True)
    alone = _hits(texts).drop_duplicates(["text", "entry"]).sort_values(["text", "entry"]).reset_index(drop=True)
    pd.testing.assert_frame_equal(both.drop_duplicates(["text", "entry"]).reset_index(drop=True), alone)


def test_an_entry_found_by_number_and_name_is_told_once():
    (found,) = Matcher(snapshot()).lookup(["Chonma San"], imo="8660313")
    assert [one.entry for one in found] == [0, 3]
    assert all(one.score == 100 and "and the name too" in one.reason and one.features for one in found)


def test_a_name_in_capitals_ends_where_the_next_word_begins() -> None:
    """A blank left out between a surname or a legal form in capitals and the next word is put back."""
    lexicon = Settings.load().lexicon
    read = names.read(["DIRNAWIHamzah", "OAOTransneft", "KIMJong Un", "GmbH", "MVs", "PDVSAs"], lexicon).lines
    assert read == ["dirnawi hamzah", "dirnawih amzah", "oao transneft", "oaot ransneft", "kim jong un", "kimj ong un",
                    "gmbh", "mvs", "pdvsas"]  # fmt: skip


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("조선대성은행", "KOREA DAESONG BANK"),  # spoken as one, so the second word begins voiced
        ("조선광선은행", "KOREA KWANGSON BANKING CORPORATION"),
        ("정찰총국", "RECONNAISSANCE GENERAL BUREAU"),
        ("국방성", "MINISTRY OF NATIONAL DEFENCE"),
    ],
)
def test_bodies_of_the_dprk_are_found_by_their_names_in_hangul(ours, theirs):
    assert score_names(ours, theirs, COMPANY).score >= 77


@pytest.mark.parametrize(
    "ours",
    ["YU JONG NO. 2", "YU JONG NR 2", "YU JONG-2 HO", "유정 제2호", "YU JONG 2 (ex CHON MA)", "OIL TANKER YU JONG 2",
     "YU JONG 2 V.012", "YU JONG 2 IMO 9179842", "YU JONG 2 CALL SIGN UBAA", "YU JONG 2, DPRK", "MIRAE (ex YU JONG 2)"],
)  # fmt: skip
def test_a_ship_is_found_beside_what_else_its_cell_holds(ours):
    """The word for a number, a former name, the voyage, the IMO number."""
    assert score_names(ours, "YU JONG 2", SHIP).score >= 95
    assert score_names(ours, "YU JONG 3", SHIP).score < 80


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ООО «Корвекс», Москва", "ooo korveks"),
        ("АО «Корвекс» г. Москва", "ao korveks"),
        ("조선대성은행, 평양", "korea taesong bank"),
        ("端川商业银行，平壤", "tan chon commercial bank"),
        ("金正恩 平壤", "kim jong un"),
        ("Korvex Trading SA, Rolle", "korvex trading sa"),
        ("Korvex Bank, Head Office", "korvex bank"),
        ("Kim Jong Un, Supreme Leader", "kim jong un"),
        ("김정은(金正恩)", "kim jong un"),
        ("金正恩（Kim Jong Un）", "kim jong un"),
        ("Korvex Bank 조선대성은행", "korvex bank"),
        ("Korvex Mining Corp. (KOMIC), Beijing", "korvex mining corp"),
        ("Blue Ltd, subsidiary of Korvex Bank", "korvex bank"),
        ("Blue Ltd also known as Korvex Bank", "korvex bank"),
        ("Korvex Bank e-mail x@korvex.example", "korvex bank"),
        ("1. Korvex Bank", "korvex bank"),
        ("Owners of MV Korvex Star", "korvex star"),
        ("Master, MV Korvex Star", "korvex star"),
    ],
)
def test_what_else_stands_in_a_partys_cell_is_no_part_of_the_name(text, name):
    assert name in names.read([text], Settings.load().lexicon, parts=True).lines


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("KORVEX STAR TBN", "korvex star"),
        ("MV KORVEX STAR FLAG DPRK", "mv korvex star"),
        ("KORVEX STAR OR SUBSTITUTE", "korvex star"),
        ("KORVEX STAR 2401E", "korvex star"),
        ("KORVEX STAR ETA 12 SEP", "korvex star"),
        ("KORVEX DPRK", "korvex"),
        ("KORVEX STAR RUSSIA", "korvex star"),
        ("NEW STAR/PAEK MA", "paek ma"),
        ("NEW STAR (prev. PAEK MA)", "paek ma"),
        ("ex-PAEK MA", "paek ma"),
        ("MV PAEK MA & MV KORVEX", "mv korvex"),
        ("K X STAR", "kx star"),
        ("PO CHON HO", "po chon"),
    ],
)
def test_what_else_stands_in_a_ships_cell_is_no_part_of_the_name(text, name):
    assert name in names.read([text], Settings.load().lexicon, parts=True, ships=True).lines


def test_a_ship_that_is_named_after_a_town_keeps_it():
    assert names.read(["EXPRESS FRANCE"], Settings.load().lexicon, parts=True, ships=True).lines == ["express france"]


def test_a_cell_of_many_brackets_is_read_at_once():
    text = "(" * 20_000 + "Kim Jong Un" + ")" * 20_000
    assert set(names.read([text], Settings.load().lexicon, parts=True).lines) == {"kim jong un"}


@pytest.mark.parametrize("mark", ["(", ",;", "\n", " ", "- ", "( ", "/", ".", "@", ", ex "])
@pytest.mark.parametrize("ships", [False, True])
def test_a_cell_of_many_marks_is_read_at_once(mark, ships):
    """Patterns that look for a name behind marks would take minutes for each of these."""
    text = "KIM JONG UN " + mark * 5_000 + " @b www.x owner of mv"
    assert "kim jong un" in names.read([text], Settings.load().lexicon, parts=True, ships=ships).lines[0]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("KERIMOV S.A.", "s kerimov a"),
        ("S.A. Kerimov", "s kerimov a"),
        ("RUDENKO M.V.", "m rudenko v"),
        ("Руденко М.В.", "m rudenko v"),
        ("SURKOV V.Yu.", "surkov v y"),
        ("Vladislav Yu. Surkov", "vladislav y surkov"),
        ("Surkov Vladislav Yu.", "surkov vladislav y"),
        ("Сурков Владислав Ю.", "surkov vladislav y"),
        ("Сурков В.Ю.", "surkov v y"),
        ("PRIGOZHIN E.V.", "prigozhin y v"),
        ("TO THE ORDER OF KORVEX LLC, MOSCOW", "korvex llc"),
        ("SUNNY ROSE (formerly known as KORVEX LLC)", "korvex llc"),
        ('SUNNY ROSE (a.k.a. "KORVEX LLC")', "korvex llc"),
        ("SUNNY ROSE d/b/a KORVEX LLC", "korvex llc"),
        ("SUNNY ROSE trading as KORVEX LLC", "korvex llc"),
        ("SUNNY ROSE previously KORVEX LLC", "korvex llc"),
        ("SUNNY ROSE ex-KORVEX LLC", "korvex llc"),
        ("SUNNY ROSE TRADING LTD; KORVEX LLC", "korvex llc"),
        ("SUNNY ROSE TRADING LTD care of KORVEX LLC", "korvex llc"),
        ("SUNNY ROSE TRADING LTD as agent for KORVEX LLC", "korvex llc"),
        ("NOTIFY PARTY: KORVEX LLC", "korvex llc"),
        ("KORVEX LLC ATTN: MR SMITH", "korvex llc"),
        ("M/S KORVEX LLC", "korvex llc"),
        ("KORVEX LLC\t19 Vavilova Moscow", "korvex llc"),
        ("KIMJONGUN", "kim jong un"),
        ("KIM\u200bJONG\u200bUN", "kim jong un"),
        ("KIM\x85JONG\x85UN", "kim jong un"),
        ("KI\u200bM JO\u00adNG UN", "kim jong un"),
        ("SUNNY ROSE LTD, KIM JONG UN", "kim jong un"),
        ("SUNNY ROSE TRADING LTD, KORVEX LLC", "korvex llc"),
        ("KimYongChol", "kim yong chol"),
        ("RI H0NG S0P", "ri hong sop"),
        ("M0R0Z0V SERGEY", "morozov sergey"),
        ("Anatolij Čepiga", "anatolij chepiga"),
        ("Toma, a.s.", "toma as"),
    ],
)
def test_who_is_named_among_initials_labels_and_others(text, name):
    assert name in names.read([text], Settings.load().lexicon, parts=True).lines


@pytest.mark.parametrize(
    ("ours", "theirs", "kind", "low", "high"),
    [
        ("KIM IN CHOL", "KIM, Chol", PERSON, 0, 78),
        ("PAK IN CHUN", "PAK TO CHUN", PERSON, 0, 78),
        ("Mr PAK TO CHUN", "PAK TO CHUN", PERSON, 90, 100),
        ("MU BONG", "MU DU BONG", SHIP, 0, 80),
        ("MU DU BONG", "MU DU BONG", SHIP, 100, 100),
        ("Ministry of Oil", "Oil Ministry", COMPANY, 90, 100),
        ("Olga Ivanova", "KULYGINA, Olga Ivanovna", PERSON, 0, 78),
        ("Olga Ivanovna Kulygina", "KULYGINA, Olga Ivanovna", PERSON, 95, 100),
        ("بانک ملی ایران", "BANK MELLI IRAN", COMPANY, 77, 100),
    ],
)
def test_syllables_are_no_particles_and_surnames_no_patronymics(ours, theirs, kind, low, high):
    assert low <= score_names(ours, theirs, kind).score <= high


@pytest.mark.parametrize("former", ["ex-PAEK MA", "EX.PAEK MA", "previously PAEK MA", "(formerly known as PAEK MA)"])
def test_a_ship_is_known_by_its_former_name(former):
    assert "paek ma" in names.read([f"NEW STAR {former}"], Settings.load().lexicon, parts=True, ships=True).lines
