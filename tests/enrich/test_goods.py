"""What goods are, by code and by description."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.enrich.goods import Classifier, Goods
from screening.errors import RulePackError
from screening.tables import read_table, rules_folder

RULES = rules_folder()
CLASSIFIER = Classifier.load(RULES / "goods.csv", RULES / "goods_words.yaml")


def classed(hs: str, text: str) -> Goods:
    return CLASSIFIER.classify(CLASSIFIER.code(hs), CLASSIFIER.text(text))


# hs, text, classes, product
AGREED = [
    ("271019", "Gasoil 0.2%", "refined_petroleum", "gasoil"),
    ("271019", "дизельное топливо", "refined_petroleum", "gasoil"),
    ("271019", "경유", "refined_petroleum", "gasoil"),
    ("271019", "柴油", "refined_petroleum", "gasoil"),
    ("271019", "fuel oil", "refined_petroleum", "fuel_oil"),
    ("271019", "мазут М-100", "refined_petroleum", "fuel_oil"),
    ("271012", "бензин АИ-92", "refined_petroleum", "gasoline"),
    ("2710", "нефтепродукты", "refined_petroleum", ""),
    ("271019", "", "refined_petroleum", ""),
    ("2710.19.62", "diesel and gasoline", "refined_petroleum", ""),
    ("HS 2710 19", "ДТ", "refined_petroleum", "gasoil"),
    ("270900", "crude oil", "crude_oil", ""),
    ("270900", "", "crude_oil", ""),
    ("271113", "butane", "ngl_condensate;refined_petroleum", "lpg"),
    ("271112", "", "ngl_condensate;refined_petroleum", "lpg"),
    ("271111", "LNG", "natural_gas", ""),
    ("271320", "bitumen", "petroleum_residue", "bitumen"),
    ("930690", "152mm artillery shells", "arms_ammunition", ""),
    ("930190", "rocket launchers", "arms_ammunition", ""),
    ("930520", "shotgun barrels and stocks", "civil_firearms", ""),
    ("871000", "", "armoured_vehicle;transport", ""),
    ("890610", "", "transport;vessels;warship", ""),
    ("880212", "helicopter", "aircraft;transport", ""),
    ("270111", "anthracite", "coal", ""),
    ("260111", "железная руда", "iron_and_ore", ""),
    ("720839", "steel coils", "iron_and_ore;metals_supply", ""),
    ("780110", "lead", "lead;metals_supply", ""),
    ("030363", "frozen fish", "seafood", ""),
    ("160414", "tuna, canned", "seafood", ""),
    ("030389", "рыбная продукция, dry containers", "seafood", ""),
    ("620342", "garments", "textiles", ""),
    ("080290", "잣", "food_agri", ""),
    ("250510", "silica sand", "earth_stone", ""),
    ("440710", "пиломатериалы", "wood", ""),
    ("842952", "экскаваторы", "machinery_electrical", ""),
    ("841829", "vaccine refrigerators", "machinery_electrical", ""),
    ("870323", "cars", "transport", ""),
    ("852610", "radar", "machinery_electrical;military_electronics", ""),
    ("220830", "whisky", "luxury_art", ""),
    ("300490", "medicines", "humanitarian_food_medicine", ""),
    ("060319", "cut flowers", "other", ""),
    ("691110", "ceramics", "other", ""),
]


@pytest.mark.parametrize(("hs", "text", "classes", "product"), AGREED)
def test_code_and_text_agree(hs: str, text: str, classes: str, product: str) -> None:
    """A text that agrees with the code, or says less, leaves the code's class and may name the product."""
    found = classed(hs, text)
    assert (found.classes, found.product, found.conflict, found.known) == (classes, product, False, True)


FINER = [
    ("271019", "TS-1", "aviation_fuel", "kerosene"),
    ("271019", "топливо ТС-1", "aviation_fuel", "kerosene"),
    ("271020", "Jet A-1", "aviation_fuel", "kerosene"),
    ("271019", "авиакеросин", "aviation_fuel", "kerosene"),
    ("271012", "avgas 100LL", "aviation_fuel", "gasoline"),
    ("271019", "항공유", "aviation_fuel", "kerosene"),
    ("270900", "stable gas condensate", "ngl_condensate", ""),
    ("270900", "condensate", "ngl_condensate", ""),
    ("27", "diesel", "refined_petroleum", "gasoil"),
    ("30363", "frozen fish", "seafood", ""),
]


@pytest.mark.parametrize(("hs", "text", "classes", "product"), FINER)
def test_the_text_wins_where_it_says_more(hs: str, text: str, classes: str, product: str) -> None:
    """TS-1 is jet fuel although its code is that of all middle distillates."""
    found = classed(hs, text)
    assert (found.classes, found.product, found.conflict) == (classes, product, False)


def test_a_mixed_load_keeps_both_classes() -> None:
    """Diesel and jet fuel in one line are both."""
    assert classed("271019", "diesel, jet fuel").classes == "aviation_fuel;refined_petroleum"


AGAINST = [
    ("030363", "152mm shells", "arms_ammunition;seafood"),
    ("620342", "garments, shells", "arms_ammunition;textiles"),
    ("0303", "coal", "coal;seafood"),
    ("842952", "снаряды 152 мм", "arms_ammunition;machinery_electrical"),
    ("950300", "ammunition", "arms_ammunition"),
    ("030389", "gasoil", "refined_petroleum;seafood"),
    ("030363", "152mm", "arms_ammunition;seafood"),
    ("100630", "used AK rifles", "arms_ammunition;humanitarian_food_medicine"),
    ("100630", "винтовки АК", "arms_ammunition;humanitarian_food_medicine"),
    ("100630", "gasoil in drums 200 l", "humanitarian_food_medicine;refined_petroleum"),
    ("300490", "АИ-92 бензин в бочках по 200 л", "humanitarian_food_medicine;refined_petroleum"),
    ("220290", "Gasoil 10 ppm in ISO tanks", "refined_petroleum"),
    ("220290", "мазут марки М100 ГОСТ 10585", "refined_petroleum"),
    ("030389", "frozen fish with 152mm rounds", "arms_ammunition;seafood"),
    ("030389", "fish / rockets 122mm", "arms_ammunition;seafood"),
    ("030389", "gun barrels", "arms_ammunition;seafood"),
    ("251611", "anthracite coal lumps", "coal;earth_stone"),
    ("100630", "frozen squid, 200 cartons", "humanitarian_food_medicine;seafood"),
    ("27", "coal, 152mm rounds", "arms_ammunition;coal"),
    ("84", "used AK rifles", "arms_ammunition;machinery_electrical"),
    ("1006", "rice, tractors", "humanitarian_food_medicine;transport"),
    ("100630", "rice and tractors", "humanitarian_food_medicine;transport"),
    ("100630", "рис и тракторы", "humanitarian_food_medicine;transport"),
    ("100630", "大米和拖拉机", "humanitarian_food_medicine;transport"),
    ("100630", "쌀 및 뜨락또르", "humanitarian_food_medicine;transport"),
    ("310210", "urea; used trucks 5 units", "humanitarian_food_medicine;transport"),
    ("080290", "walnuts, timber", "food_agri;wood"),
]


@pytest.mark.parametrize(("hs", "text", "classes"), AGAINST)
def test_a_contradiction_keeps_both_and_is_told(hs: str, text: str, classes: str) -> None:
    """Where code and text name different goods both classes count."""
    found = classed(hs, text)
    assert (found.classes, found.conflict) == (classes, True)


TEXT_ALONE = [
    ("포탄", "arms_ammunition"),
    ("방사포탄", "arms_ammunition"),
    ("Снаряды артиллерийские", "arms_ammunition"),
    ("炮弹", "arms_ammunition"),
    ("ammunition, 20 pallets", "arms_ammunition"),
    ("석탄 5000톤", "coal"),
    ("диз. топливо", "refined_petroleum"),
    ("무연탄", "coal"),
    ("mines", "arms_ammunition"),
    ("oil seeds", "food_agri"),
    ("152mm", "arms_ammunition"),
    ("152 mm steel pipes", "metals_supply"),
    ("изделие 152 мм", "arms_ammunition"),
    ("топливо РТ", "aviation_fuel"),
    ("РТ", "aviation_fuel"),
    ("кабель РТ", "machinery_electrical"),
    ("патроны охотничьи", "civil_firearms"),
]


@pytest.mark.parametrize(("text", "classes"), TEXT_ALONE)
def test_the_text_alone_gives_the_class(text: str, classes: str) -> None:
    """Without a code the words decide."""
    assert (classed("", text).classes, classed("", text).known) == (classes, True)


INNOCENT = [
    "scallop shells",
    "shells of scallops",
    "empty clam shells",
    "oyster shells, crushed",
    "turtle shells",
    "створки гребешка",
    "가리비껍질",
    "sea shells",
    "egg shells",
    "nutshells",
    "coconut shells",
    "shell and tube heat exchanger",
    "rocket salad",
    "cartridge filter",
    "toner cartridges",
    "arms chair",
    "armchairs",
    "jet printer",
    "fuel pump",
    "coal tar dye",
    "nail guns",
    "soldering irons",
    "blood vessel clamps",
    "submarine cable",
    "bath bombs",
    "mortar and pestle",
    "widgets",
    "расходомеры",
    "патрон токарный",
]


@pytest.mark.parametrize("text", INNOCENT)
def test_innocent_texts_have_no_class(text: str) -> None:
    """A longer innocent phrase uses up a word of arms or oil."""
    found = classed("", text)
    assert (found.classes, found.known) == ("", False)


ORDINARY = [
    ("842952", "diesel excavators"),
    ("870421", "diesel lorries, new"),
    ("940520", "kerosene lamps for camping"),
    ("300490", "vitamin D2 tablets, 200 boxes"),
    ("380210", "activated coal in bags of mine"),
    ("846789", "staple guns and cartridges"),
    ("401130", "tyres for aircraft, retreaded"),
    ("871200", "bicycles, steel"),
    ("100630", "rice, 50 kg bags"),
    ("151110", "palm oil, crude"),
    ("080550", "lemons, limes"),
    ("300490", "medicines, vaccines; rice"),
]


@pytest.mark.parametrize(("hs", "text"), ORDINARY)
def test_a_word_that_goes_with_the_code_is_no_contradiction(hs: str, text: str) -> None:
    """Under some codes a word of oil or arms is an ordinary one."""
    assert classed(hs, text).classes == classed(hs, "").classes
    assert not classed(hs, text).conflict


STATUES = [
    ("970300", "", "luxury_art;statues"),
    ("", "bronze statue of a leader", "luxury_art;statues"),
    ("", "монумент из гранита", "statues"),
    ("", "동상", "luxury_art;statues"),
    ("", "铜像", "luxury_art;statues"),
    ("741980", "bronze bust", "statues"),
    ("970110", "memorial sculptures for a park", "statues"),
]


@pytest.mark.parametrize(("hs", "text", "within"), STATUES)
def test_statues_are_a_class_of_their_own(hs: str, text: str, within: str) -> None:
    """Statues are told by their heading and by words, and contradict no code of metal or stone."""
    found = classed(hs, text)
    assert set(within.split(";")) <= set(found.classes.split(";"))
    assert not found.conflict


VAGUE = [
    "general cargo",
    "general cargo, 300 containers",
    "containers",
    "merchandise",
    "as per invoice",
    "Goods as per attached list",
    "генеральный груз",
    "сборный груз",
    "товары",
    "일반화물",
    "普通货物",
    "said to contain: goods",
    "N/A",
]


@pytest.mark.parametrize("text", VAGUE)
def test_a_text_that_says_nothing_is_vague(text: str) -> None:
    """General cargo is told as such; with a code the goods are known all the same."""
    assert (classed("", text).vague, classed("", text).known) == (True, False)
    assert (classed("620342", text).vague, classed("620342", text).known) == (True, True)


@pytest.mark.parametrize("hs", ["abc", "1", "12345678901", "77", "001234", "27-1O"])
def test_a_code_that_cannot_be_read_is_no_code(hs: str) -> None:
    """Not 2 to 10 digits, or of no chapter: the text decides, and the fault is told."""
    found = classed(hs, "diesel")
    assert (found.classes, found.hs) == ("refined_petroleum", "")
    assert "HS code" in found.why
    assert not classed(hs, "").known


def test_a_lost_zero_is_read_both_ways() -> None:
    """Five digits may be a code that lost its first zero: both readings count until the text says which."""
    assert classed("30363", "").classes == "humanitarian_food_medicine;seafood"
    assert classed("27101", "").classes == "humanitarian_food_medicine;refined_petroleum"


SEVERAL = [
    ("030389; 930690", "fish", "arms_ammunition;seafood", "030389"),
    ("030389/930690", "", "arms_ammunition;seafood", "030389"),
    ("030389 930690", "", "arms_ammunition;seafood", "030389"),
    ("0303.89, 9306.90", "", "arms_ammunition;seafood", "030389"),
    ("9306.90.00 shells", "", "arms_ammunition", "93069000"),
    ("271019 (gasoil)", "", "refined_petroleum", "271019"),
    ("030389; abc; 930690", "", "arms_ammunition;seafood", "030389"),
]


@pytest.mark.parametrize(("hs", "text", "classes", "first"), SEVERAL)
def test_every_code_of_a_cell_counts(hs: str, text: str, classes: str, first: str) -> None:
    """Several codes give all their classes, and a text that names one does not take the other away."""
    found = classed(hs, text)
    assert (found.classes, found.hs, found.conflict) == (classes, first, False)


BOXES = [
    ("general cargo, 300 containers", 300.0),
    ("42 TEU toys", 42.0),
    ("12 x 40HC machinery", 24.0),
    ("10 FEU", 20.0),
    ("20 контейнеров", 20.0),
    ("gasoil 10ppm", None),
    ("", None),
]


@pytest.mark.parametrize(("text", "teu"), BOXES)
def test_boxes_in_the_text_are_counted(text: str, teu: float | None) -> None:
    """Boxes that a description names are told in TEU."""
    found = CLASSIFIER.text(text).teu
    assert (found == teu) if teu is not None else found != found


@given(st.text(max_size=12), st.text(max_size=60))
def test_no_text_is_too_strange(hs: str, text: str) -> None:
    """Every code and text is classed; known goods have a class, a conflict has a code."""
    found = classed(hs, text)
    assert found.known == bool(found.classes)
    assert not found.conflict or found.hs


@given(st.sampled_from(AGREED), st.sampled_from(["upper", "lower", "title"]))
def test_case_never_matters(case: tuple[str, str, str, str], how: str) -> None:
    """The same words in another case are the same goods."""
    hs, text, classes, _ = case
    assert classed(hs, getattr(text, how)()).classes == classes


def test_the_headings_of_the_world_do_not_contradict_themselves(shared: Path) -> None:
    """The description of a heading, cut at 60 characters, never contradicts its own code, nor turns it into arms."""
    wrong = []
    with (shared / "pools" / "hs6.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for text in (row["description"].split(";")[0][:60], row["description"][:60]):
                found = classed(row["hs"], text)
                alone = classed(row["hs"], "")
                if found.conflict or (
                    "arms" in found.classes and "arms" not in alone.classes and row["hs"][:2] != "93"
                ):
                    wrong.append((row["hs"], text, found.classes))
    assert wrong == []


def test_every_class_of_the_words_has_its_headings(tmp_path: Path) -> None:
    """A word list with a class that no heading has is refused with its place in the file."""
    words = tmp_path / "goods_words.yaml"
    words.write_text("refines: {}\nkin: []\nwords:\n  - {class: spice, strength: plain, status: seen, en: pepper}\n")
    with pytest.raises(RulePackError, match=r"words 1.*'spice'"):
        Classifier.load(RULES / "goods.csv", words)


def test_headings_are_distinct_and_dated() -> None:
    """A code stands once, with classes, citation and the day of the measure."""
    rows = read_table(RULES / "goods.csv", ("hs", "classes", "citation", "since"))
    assert len({r["hs"] for r in rows}) == len(rows)
    assert all(r["hs"].isdigit() and r["classes"] and r["citation"] and r["since"] for r in rows)
