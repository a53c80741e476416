"""Names of countries in many languages, the words around places, and the cases of a name."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

from reviewer.atlas.folding import place_key

MOST_WORDS: Final = 6
"""The longest name of a place, in words."""

_BENGALI_ENDINGS: Final = ("তে", "ের", "\u09af\u09bc", "\u09df", "ে", "র", "কে", "এ")
_ARABIC_BEGINNINGS: Final = ("و", "ب", "ل", "ف", "ك")
_CASE_LETTERS: Final = re.compile("[\u0400-\u04ff]")
_BENGALI: Final = re.compile("[\u0980-\u09ff]")
_ARABIC: Final = re.compile("[\u0621-\u06d3]")
_FEWEST_OF_A_STEM: Final = 2


@cache
def place_words() -> Mapping[str, Any]:
    """The words of ``place_words.toml``."""
    return tomllib.loads(files("reviewer.reading").joinpath("place_words.toml").read_text(encoding="utf-8"))


@cache
def keys_in(section: str, *names: str) -> frozenset[str]:
    """The words of a section, as keys of places; of some of its rows, or of all."""
    rows = place_words()[section]
    return frozenset(place_key(one) for name in names or rows for one in rows[name].split("|") if one)


def country_name(code: str, language: str = "en") -> str:
    """The name of a country in a language of the site; the code where there is none."""
    listed: Mapping[str, Mapping[str, str]] = known_names()["countries"]
    return (listed.get(language) or listed["en"]).get(code, code)


@cache
def known_names() -> Mapping[str, Any]:
    """Names of CLDR: ``countries`` by language and ISO code, ``months`` and ``weekdays`` by language."""
    names: Mapping[str, Any] = json.loads(
        files("reviewer.atlas").joinpath("names.json").read_text(encoding="utf-8")
    )
    return names


@cache
def countries() -> Mapping[str, str]:
    """The ISO code for each key of a country's name, in all languages."""
    found: dict[str, str] = {}
    for code, names in place_words()["countries"].items():
        found.update(dict.fromkeys(map(place_key, names.split("|")), code))
    for named in known_names()["countries"].values():
        for code, name in named.items():
            for one in (name, name.partition("(")[0]):
                if len(key := place_key(one.replace("&", "and"))) > 1:
                    found.setdefault(key, code)
    return found


@cache
def _cyrillic_cases() -> list[tuple[str, list[str]]]:
    """Endings of cases in Russian and Ukrainian, and the endings of the nominative that may be meant."""
    rows = [one.partition(":") for one in place_words()["cases"]["cyrillic"].split()]
    return [(ending, nominatives.replace("0", "").split(",")) for ending, _, nominatives in rows]


@cache
def country_beginnings() -> frozenset[str]:
    """The first words of countries' names of several words."""
    return frozenset(
        " ".join(words[:count])
        for words in (key.split() for key in countries() if " " in key)
        for count in range(1, len(words))
    )


def stems(key: str) -> Iterator[str]:
    """The key itself, and those from which it may be bent, by cases or by words written in one with it."""
    yield key
    head, _, last = key.rpartition(" ")
    front = f"{head} " if head else ""
    if _CASE_LETTERS.search(last):
        for ending, nominatives in _cyrillic_cases():
            if last.endswith(ending) and len(last) - len(ending) >= _FEWEST_OF_A_STEM:
                yield from (front + last[: -len(ending)] + one for one in nominatives)
    elif _BENGALI.search(last):
        yield from (
            key[: -len(ending)]
            for ending in _BENGALI_ENDINGS
            if last.endswith(ending) and len(last) - len(ending) >= _FEWEST_OF_A_STEM
        )
    elif _ARABIC.search(key):
        if key.startswith("لل") and len(key) > 4:
            yield "ال" + key[2:]
        if key.startswith(_ARABIC_BEGINNINGS) and len(key) > _FEWEST_OF_A_STEM + 2:
            yield key[1:]
            if key[1:].startswith(_ARABIC_BEGINNINGS) and len(key) > _FEWEST_OF_A_STEM + 3:
                yield key[2:]
    elif last.endswith("'s"):
        yield key[:-2]
