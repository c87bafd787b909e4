"""What a name in another script may be read as in Latin letters, in the spellings that lists and trade papers use."""

from __future__ import annotations

import itertools
import re
from functools import lru_cache

MOST = 8  # readings of one text; beyond it the later syllables keep their commonest reading

HANGUL = re.compile("[\uac00-\ud7a3]")
CYRILLIC = re.compile("[\u0400-\u04ff]")

# Hangul jamo in Unicode order: initials, vowels, finals. DPRK spelling as the DPRK's own press and papers write it,
# McCune-Reischauer without its marks, and the South's revised romanisation.
_DPRK = (
    ["k", "kk", "n", "t", "tt", "r", "m", "p", "pp", "s", "ss", ".", "j", "jj", "ch", "kh", "th", "ph", "h"],
    [
        "a",
        "ae",
        "ya",
        "yae",
        "o",
        "e",
        "yo",
        "ye",
        "o",
        "wa",
        "wae",
        "oe",
        "yo",
        "u",
        "wo",
        "we",
        "wi",
        "yu",
        "u",
        "ui",
        "i",
    ],
    [
        ".",
        "k",
        "k",
        "k",
        "n",
        "n",
        "n",
        "t",
        "l",
        "k",
        "m",
        "l",
        "l",
        "l",
        "p",
        "l",
        "m",
        "p",
        "p",
        "t",
        "t",
        "ng",
        "t",
        "t",
        "k",
        "t",
        "p",
        "t",
    ],
)
_PLAIN = (  # as the lists write it: no h after k, t, p
    ["k", "kk", "n", "t", "tt", "r", "m", "p", "pp", "s", "ss", ".", "j", "jj", "ch", "k", "t", "p", "h"], _DPRK[1], _DPRK[2],
)  # fmt: skip
_MCCUNE = (
    ["k", "kk", "n", "t", "tt", "r", "m", "p", "pp", "s", "ss", ".", "ch", "tch", "ch", "k", "t", "p", "h"],
    _DPRK[1],
    _DPRK[2],
)
_REVISED = (
    ["g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", ".", "j", "jj", "ch", "k", "t", "p", "h"],
    [
        "a",
        "ae",
        "ya",
        "yae",
        "eo",
        "e",
        "yeo",
        "ye",
        "o",
        "wa",
        "wae",
        "oe",
        "yo",
        "u",
        "wo",
        "we",
        "wi",
        "yu",
        "eu",
        "ui",
        "i",
    ],
    _DPRK[2],
)
_VOICED = {"k": "g", "t": "d", "p": "b", "ch": "j", "j": "j"}
# The usual Latin spelling of a surname where it differs from the system's
_SURNAME = {"이": ("ri", "lee"), "리": ("ri", "lee"), "박": ("pak", "park"), "최": ("choe", "choi"), "김": ("kim", "kim"),
            "강": ("kang", "kang"), "임": ("rim", "lim"), "림": ("rim", "lim"), "류": ("ryu", "yoo"), "유": ("ryu", "yoo"),
            "노": ("ro", "roh"), "로": ("ro", "roh"), "백": ("paek", "baek"), "정": ("jong", "jung"), "조": ("jo", "cho"),
            "양": ("ryang", "yang"), "량": ("ryang", "yang"), "여": ("ryo", "yeo"), "신": ("sin", "shin"), "문": ("mun", "moon"),
            "오": ("o", "oh"), "우": ("u", "woo"), "장": ("jang", "jang"), "전": ("jon", "jeon"), "구": ("ku", "koo")}  # fmt: skip

# Cyrillic to Latin: the passport and press spelling; what other systems write differently meets it as a respelling.
_CYRILLIC = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґўђјљњћџѓќѕүөһәғқңұҳҷӣӯ",
        [
            "a",
            "b",
            "v",
            "g",
            "d",
            "e",
            "e",
            "zh",
            "z",
            "i",
            "y",
            "k",
            "l",
            "m",
            "n",
            "o",
            "p",
            "r",
            "s",
            "t",
            "u",
            "f",
            "kh",
            "ts",
            "ch",
            "sh",
            "shch",
            ".",
            "y",
            ".",
            "e",
            "yu",
            "ya",
            "i",
            "i",
            "ie",
            "g",
            "u",
            "dj",
            "j",
            "lj",
            "nj",
            "c",
            "dz",
            "gj",
            "kj",
            "dz",
            "u",
            "o",
            "h",
            "a",
            "g",
            "k",
            "n",
            "u",
            "h",
            "j",
            "i",
            "u",
        ],
        strict=True,
    )
)
# Arabic and Persian letters, long vowels as vowels; short vowels are not written and are left to the skeleton.
ARABIC = re.compile("[\u0600-\u06ff]")
_ARABIC = dict(
    zip(
        "اأإآبتثجحخدذرزسشصضطظعغفقكلمنهةويىئؤءپچژگکیﻻ",
        [
            "a",
            "a",
            "i",
            "a",
            "b",
            "t",
            "th",
            "j",
            "h",
            "kh",
            "d",
            "dh",
            "r",
            "z",
            "s",
            "sh",
            "s",
            "d",
            "t",
            "z",
            "a",
            "gh",
            "f",
            "q",
            "k",
            "l",
            "m",
            "n",
            "h",
            "a",
            "u",
            "i",
            "a",
            "i",
            "u",
            ".",
            "p",
            "ch",
            "zh",
            "g",
            "k",
            "i",
            "la",
        ],
        strict=True,
    )
)
_ARTICLE = re.compile(r"(?<![\u0600-\u06ff])(?:ال)(?=[\u0600-\u06ff]{2})")
_UKRAINIAN = re.compile("[іїєґ]")


def readings(text: str) -> tuple[str, ...]:
    """The Latin readings of a lower-case text in Hangul, Cyrillic or Arabic, likeliest first; () for others."""
    if HANGUL.search(text):
        return tuple(dict.fromkeys(_hangul(text)))
    if ARABIC.search(text):
        usual = _arabic(text)
        foreign = usual.replace("i", "e").replace("u", "o")
        return tuple(dict.fromkeys((usual, foreign, foreign.replace("b", "p"))))
    if CYRILLIC.search(text):
        return tuple(dict.fromkeys((_cyrillic(text), *_korean_in_cyrillic(text))))
    return ()


def _cyrillic(text: str) -> str:
    table = _CYRILLIC | ({"г": "h", "и": "y", "й": "i"} if _UKRAINIAN.search(text) else {})
    return "".join(table.get(letter, letter).replace(".", "") if letter in table else letter for letter in text)


def _arabic(text: str) -> str:
    spelt = []
    for word in _ARTICLE.sub("ال ", text).split():
        letters = [_ARABIC.get(letter, letter).replace(".", "") for letter in word if not 0x64B <= ord(letter) <= 0x65F]
        first = {"و": "w", "ي": "y", "ی": "y"}.get(word[0])
        spelt.append("".join([first or letters[0], *letters[1:]]) if letters else "")
    return " ".join(spelt)


# ---------------------------------------------------------------- Hangul
def _jamo(syllable: str) -> tuple[int, int, int]:
    code = ord(syllable) - 0xAC00
    return code // 588, code % 588 // 28, code % 28


def _spell(syllable: str, system: tuple[list[str], list[str], list[str]], voiced: bool) -> str:
    first, vowel, last = _jamo(syllable)
    start = system[0][first].strip(".")
    return (_VOICED.get(start, start) if voiced else start) + system[1][vowel] + system[2][last].strip(".")


def _hangul(text: str) -> list[str]:
    found = []
    for system, voiced, surname in ((_PLAIN, False, 0), (_PLAIN, True, 0), (_DPRK, False, 0), (_MCCUNE, False, 0),
                                    (_REVISED, False, 1)):  # fmt: skip
        found.append(_tidy(_written(text, system, voiced, surname)))
    found.append(_tidy(_assimilated(text)))
    return found


def _written(text: str, system: tuple[list[str], list[str], list[str]], voiced: bool, surname: int) -> str:
    parts, first = [], True
    single = {
        i
        for i in range(len(text))
        if not HANGUL.match(text[i - 1 : i] or " ") and not HANGUL.match(text[i + 1 : i + 2] or " ")
    }
    for place, letter in enumerate(text):
        if not HANGUL.match(letter):
            parts.append(letter)
            continue
        known = _SURNAME.get(letter) if place in single or (first and not single) else None
        parts.append(f" {known[surname] if known else _spell(letter, system, voiced and not first)} ")
        first = False
    return "".join(parts)


def _assimilated(text: str) -> str:
    """The spelling by sound over syllable borders, as in Amnokgang for 압록강."""
    parts: list[str] = []
    for run in re.split("([\uac00-\ud7a3]+)", text):
        if not HANGUL.match(run):
            parts.append(run)
            continue
        syllables = [[_PLAIN[0][a].strip("."), _PLAIN[1][b], _PLAIN[2][c].strip(".")] for a, b, c in map(_jamo, run)]
        for left, right in itertools.pairwise(syllables):
            if right[0] in ("n", "m", "r") and left[2] in ("k", "p", "t"):
                left[2] = {"k": "ng", "p": "m", "t": "n"}[left[2]]
            if right[0] == "r" and left[2] in ("ng", "m"):
                right[0] = "n"
            if {left[2], right[0]} == {"l", "n"} or (left[2], right[0]) in (("n", "r"), ("l", "r")):
                left[2] = right[0] = "l"
            if left[2] == "l" and right[0] == "":
                left[2] = "r"
            if right[0] in _VOICED and left[2] in ("", "n", "m", "ng", "l"):
                right[0] = _VOICED[right[0]]
        parts.append(" " + "".join("".join(s) for s in syllables) + " ")
    return "".join(parts)


def _tidy(text: str) -> str:
    return " ".join(text.split())


# ---------------------------------------------------------------- Korean names in Cyrillic (Kontsevich and press)
_K_FIRST = {"": "", "к": "k", "г": "g", "кк": "kk", "н": "n", "т": "t", "д": "d", "тт": "tt", "р": "r", "л": "r", "м": "m",
            "п": "p", "б": "b", "пп": "pp", "с": "s", "сс": "ss", "ч": "j", "дж": "j", "чч": "jj", "чх": "ch", "кх": "k",
            "тх": "t", "пх": "p", "х": "h", "ш": "s", "ц": "ch"}  # fmt: skip
_K_VOWEL = {"а": "a", "э": "ae", "я": "ya", "о": "o", "е": "o", "ё": "yo", "йе": "ye", "ва": "wa", "вэ": "wae", "ве": "oe",
            "у": "u", "во": "wo", "ви": "wi", "ю": "yu", "ы": "u", "ый": "ui", "и": "i", "ой": "oe", "уэ": "we", "ай": "ae"}  # fmt: skip
_K_LAST = {"": ("",), "к": ("k",), "г": ("k",), "н": ("n", "ng"), "т": ("t",), "ль": ("l",), "л": ("l",), "р": ("l",), "м": ("m",),
           "п": ("p",), "б": ("p",), "нъ": ("n",), "нг": ("ng",)}  # fmt: skip
# Where one spelling stands for two syllables and one of them is by far the commoner in names.
_K_USUAL = {"ким": ("kim",), "чен": ("jong",), "ын": ("un",), "ир": ("il",), "иль": ("il",), "чхоль": ("chol",), "чер": ("chol",),
            "чоль": ("chol",), "пак": ("pak",), "ли": ("ri",), "ри": ("ri",), "цой": ("choe",), "чхве": ("choe",), "нам": ("nam",),
            "сен": ("song",), "ен": ("yong",), "ён": ("yong", "yon"), "мен": ("myong",), "мён": ("myong",), "кван": ("kwang",),
            "гван": ("gwang",), "хван": ("hwang",), "кён": ("kyong",), "кен": ("kyong",), "хён": ("hyon", "hyong"), "рен": ("ryong",),
            "рён": ("ryong",), "дон": ("dong",), "тон": ("tong",), "чан": ("jang", "chang"), "кан": ("kang",), "сон": ("song", "son"),
            "сан": ("san", "sang"), "чун": ("jun", "chun", "jung"), "хек": ("hyok",), "хёк": ("hyok",), "пэк": ("paek",), "тэк": ("taek",),
            "хе": ("hye",), "чже": ("je",), "чжу": ("ju",), "чжин": ("jin",), "чжон": ("jong",), "чхон": ("chon",), "чон": ("jon", "jong"),
            "пхеньян": ("pyongyang",), "пхёнъян": ("pyongyang",), "пон": ("pong",), "бон": ("bong",), "ван": ("wang",), "сок": ("sok",),
            "гон": ("gon", "gong"), "ман": ("man",), "чин": ("jin",), "ок": ("ok",), "мун": ("mun",), "гук": ("guk",), "кук": ("kuk",)}  # fmt: skip


@lru_cache(maxsize=4096)
def _korean_syllable(text: str) -> tuple[str, ...]:
    if text in _K_USUAL:
        return _K_USUAL[text]
    found: dict[str, None] = {}
    for cut in range(min(3, len(text))):
        first = _K_FIRST.get(text[:cut])
        if first is None:
            continue
        for end in range(cut + 1, len(text) + 1):
            vowel, last = _K_VOWEL.get(text[cut:end]), _K_LAST.get(text[end:])
            if vowel is not None and last is not None:
                found |= dict.fromkeys(first + vowel + x for x in last)
    return tuple(found)


@lru_cache(maxsize=4096)
def _korean_word(word: str) -> tuple[str, ...]:
    """The readings of a Cyrillic word of one to three Korean syllables; () where it is none."""
    whole = _korean_syllable(word)
    if whole or len(word) < 3:
        return whole
    for cut in range(min(len(word) - 1, 5), 0, -1):
        start, rest = _korean_syllable(word[:cut]), ()
        if start:
            rest = _korean_word(word[cut:])
        if start and rest:
            return tuple(f"{a}{b}" for a, b in itertools.product(start, rest))[:4]
    return ()


def _korean_in_cyrillic(text: str) -> list[str]:
    words = re.findall("[а-яё]+", text)
    if not 2 <= len(words) <= 4 or max(map(len, words)) > 10:
        return []
    spelt = [_korean_word(word) for word in words]
    return [" ".join(parts) for parts in itertools.islice(itertools.product(*spelt), MOST)] if all(spelt) else []
