"""Romanisation tables: the ways in which one name is written in Latin letters by different offices."""

import random
import re
from collections.abc import Callable, Mapping
from typing import Final

_PLAIN: Final = dict(
    zip(
        "абвгдезийклмнопрстуфыэіїєґ",
        [
            "a",
            "b",
            "v",
            "g",
            "d",
            "e",
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
            "y",
            "e",
            "i",
            "i",
            "ie",
            "g",
        ],
        strict=True,
    )
)
TABLES: Final[Mapping[str, Mapping[str, str]]] = {
    "BGN": {
        **_PLAIN,
        "ж": "zh",
        "х": "kh",
        "ц": "ts",
        "ч": "ch",
        "ш": "sh",
        "щ": "shch",
        "ю": "yu",
        "я": "ya",
        "ё": "yo",
        "ї": "yi",
        "є": "ye",
    },
    "ICAO": {
        **_PLAIN,
        "ж": "zh",
        "й": "i",
        "х": "kh",
        "ц": "ts",
        "ч": "ch",
        "ш": "sh",
        "щ": "shch",
        "ю": "iu",
        "я": "ia",
        "ё": "e",
        "ъ": "ie",
    },
    "French": {
        **_PLAIN,
        "ж": "j",
        "й": "i",
        "у": "ou",
        "х": "kh",
        "ц": "ts",
        "ч": "tch",
        "ш": "ch",
        "щ": "chtch",
        "ю": "iou",
        "я": "ia",
        "ё": "io",
    },
    "German": {
        **_PLAIN,
        "в": "w",
        "ж": "sch",
        "з": "s",
        "й": "i",
        "х": "ch",
        "ц": "z",
        "ч": "tsch",
        "ш": "sch",
        "щ": "schtsch",
        "ю": "ju",
        "я": "ja",
        "ё": "jo",
    },
    "Polish": {
        **_PLAIN,
        "в": "w",
        "ж": "z",
        "й": "j",
        "х": "ch",
        "ц": "c",
        "ч": "cz",
        "ш": "sz",
        "щ": "szcz",
        "ю": "ju",
        "я": "ja",
        "ё": "io",
    },
    "ISO 9": {
        **_PLAIN,
        "ж": "z",
        "й": "j",
        "х": "h",
        "ц": "c",
        "ч": "c",
        "ш": "s",
        "щ": "s",
        "ю": "ju",
        "я": "ja",
        "ё": "e",
    },
    "English": {
        **_PLAIN,
        "ж": "zh",
        "х": "h",
        "ц": "ts",
        "ч": "ch",
        "ш": "sh",
        "щ": "sch",
        "ю": "u",
        "я": "ya",
        "ё": "e",
    },
}
_UKRAINIAN: Final = {"г": "h", "и": "y", "й": "i"}
_INITIALS: Final = ("zh ch", "ch ch", "sh sh", "j ch", "q ch", "x hs", "z ts", "c ts", "b p", "d t", "g k", "r j")


def cyrillic(name: str, drawn: random.Random, *, ukrainian: bool = False) -> str:
    """A Cyrillic name by one of the tables."""
    how = drawn.choice(sorted(TABLES))
    table = {**TABLES[how], **(_UKRAINIAN if ukrainian and how in {"BGN", "ICAO", "English"} else {})}
    words = []
    for word in name.lower().split():
        text = "".join(table.get(letter, "" if letter.isalpha() else letter) for letter in word)
        if how in {"BGN", "English"}:
            text = re.sub("iy$|yy$", drawn.choice(["y", "iy", "i"]), text)
        if how == "French":
            text = re.sub("in$", "ine", re.sub("ov$", drawn.choice(["ov", "off"]), text))
        if how == "English":
            text = text.replace("ks", drawn.choice(["ks", "x"]))
        words.append(text.capitalize())
    return " ".join(words)


def pinyin(syllables: str, drawn: random.Random) -> str:
    """A Chinese name from syllables in capitals each: pinyin, or Wade-Giles."""
    family, *given = re.findall("[A-Z][a-z]*", syllables)
    if drawn.random() < 0.25:
        family, given = _wade_giles(family), [_wade_giles(one) for one in given]
    joined = (
        drawn.choice(["".join, "-".join, " ".join])([given[0], *(one.lower() for one in given[1:])])
        if given
        else ""
    )
    return drawn.choice([f"{family} {joined}", f"{family} {joined}", f"{joined} {family}"]).strip()


def _wade_giles(syllable: str) -> str:
    text = syllable.lower()
    for row in _INITIALS:
        old, new = row.split()
        if text.startswith(old) and not (old in "zc" and text[1:2] == "h"):
            text = new + text[len(old) :]
            break
    return text.replace("ong", "ung").replace("ian", "ien").capitalize()


def typed_wrong(name: str, drawn: random.Random) -> str:
    """One letter left out, doubled, or exchanged with the next one."""
    places = [at for at in range(1, len(name) - 1) if name[at].isalpha() and name[at + 1].isalpha()]
    if not places:
        return name
    at = drawn.choice(places)
    how: Callable[[], str] = drawn.choice(
        [
            lambda: name[:at] + name[at + 1 :],
            lambda: name[:at] + name[at] + name[at:],
            lambda: name[:at] + name[at + 1] + name[at] + name[at + 2 :],
        ]
    )
    return how()
