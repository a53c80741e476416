"""Pairs of names to which the program is fitted, made from given and family names of many countries.

Names in their own script come from Faker; what one name becomes in Latin letters, from romanisation tables and from
``variants.toml``. A false pair is what makes people err: brothers and sisters, people of one given name, names that
differ by a letter. They were read while the rules were written, so they measure nothing: ``unseen.py`` does.
"""

import functools
import random
import tomllib
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from anyascii import anyascii
from faker import Faker
from romanise import cyrillic, pinyin, typed_wrong

VARIANTS: Final = tomllib.loads(Path(__file__).with_name("variants.toml").read_text(encoding="utf-8"))
_GIVEN: Final = ("first_names", "first_names_male", "first_names_female")
_FAMILY: Final = ("last_names", "last_names_male")
_WITH_FATHER: Final = 0.3
_PATRONYMIC: Final = {"ru": "ович", "uk": "ович", "bg": "ов"}


@dataclass(frozen=True)
class Pair:
    """Two names, and whether they are one person's."""

    one: str
    other: str
    is_same: bool
    kind: str


@dataclass(frozen=True)
class People:
    """Given and family names of one country, and how a person's name is written twice."""

    kind: str
    given: Sequence[str]
    family: Sequence[str]
    writes: Callable[[str, str, random.Random], tuple[str, str]]


def pairs(count: int, seed: int) -> list[Pair]:
    """``count`` pairs, half of them true, evenly over all peoples."""
    drawn = random.Random(seed)
    peoples = _peoples()
    found = []
    while len(found) < count:
        people = peoples[len(found) // 2 % len(peoples)]
        own = (drawn.choice(people.given), drawn.choice(people.family), drawn.choice(people.given))
        found.append(Pair(*_disturbed(*_two(people, own, own, drawn), drawn), True, people.kind))
        other = _stranger(people.given, people.family, own, drawn)
        found.append(Pair(*_disturbed(*_two(people, own, other, drawn), drawn), False, people.kind))
    return found


def drawn_names(persons: int, drawn: random.Random, *, is_one_word: bool) -> Iterator[tuple[str, list[str]]]:
    """For each people names of strangers, each in one of its spellings, or given names only."""
    for people in _peoples():
        names = []
        for _ in range(persons):
            given = drawn.choice(people.given)
            family = drawn.choice(people.family)
            whole = drawn.choice(people.writes(given, family, drawn))
            names.append(given if is_one_word else whole)
        yield people.kind, names


Three = tuple[str, str, str]
"""The given name, the family name and the father's name of a person."""


def _two(people: People, one: Three, other: Three, drawn: random.Random) -> tuple[str, str]:
    """Two names as two offices write them: some with the father's name, some with an initial."""
    first = people.writes(one[0], one[1], drawn)[0]
    second = people.writes(other[0], other[1], drawn)[1]
    how = drawn.random()
    if how < _WITH_FATHER and len(first.split()) == len(second.split()) == 2:
        ending = _PATRONYMIC.get(people.kind, "")
        fathers = [people.writes(name[2] + ending, name[1], drawn)[at] for at, name in enumerate((one, other))]
        middle, other_middle = (name.split()[0] for name in fathers)
        given, family = first.split()
        first = f"{given} {middle} {family}"
        if how < _WITH_FATHER / 3:
            given, family = second.split()
            second = drawn.choice(
                [
                    f"{given} {other_middle} {family}",
                    f"{given} {other_middle[0]}. {family}",
                    f"{family} {given} {other_middle}",
                ]
            )
    return first, second


def _stranger(given: Sequence[str], family: Sequence[str], own: Three, drawn: random.Random) -> Three:
    how = drawn.random()
    father = drawn.choice(given)
    if how < 0.35:  # brothers and sisters
        other = drawn.choice(given), own[1], own[2]
    elif how < 0.6:  # one given name
        other = own[0], drawn.choice(family), father
    elif how < 0.9:  # names that look alike
        other = _nearest(own[0], given, drawn), _nearest(own[1], family, drawn), father
    else:
        other = drawn.choice(given), drawn.choice(family), father
    if other[:2] == own[:2]:
        other = drawn.choice([name for name in given if name != own[0]]), other[1], other[2]
    return other


def _nearest(name: str, names: Sequence[str], drawn: random.Random) -> str:
    """Of some others, the one that shares most letters; a name may be kept."""
    some = drawn.sample(list(names), min(40, len(names)))
    letters = set(anyascii(name).lower())
    return max(some, key=lambda one: len(letters & set(anyascii(one).lower())) - abs(len(one) - len(name)))


def _disturbed(one: str, other: str, drawn: random.Random) -> tuple[str, str]:
    if drawn.random() < 0.12:
        other = typed_wrong(other, drawn)
    if drawn.random() < 0.15:
        other = " ".join(reversed(other.split()))
    if drawn.random() < 0.1 and len(other.split()) > 1:
        first, rest = other.split(maxsplit=1)
        other = f"{first[0]}. {rest}"
    if drawn.random() < 0.5:
        one, other = other, one
    return one, other


def names_of(locales: Sequence[str]) -> tuple[list[str], list[str]]:
    """Given names and family names of Faker's lists for some countries."""
    given = [name for one in locales for name in _listed_by_faker(one, _GIVEN)]
    family = [name for one in locales for name in _listed_by_faker(one, _FAMILY)]
    return given, family


@functools.cache
def known_names() -> frozenset[str]:
    """Every name of these pairs, in small Latin letters."""
    words = [word for rows in VARIANTS.values() for row in rows for word in row.split(" ")]
    lists = [name for people in _peoples() for names in (people.given, people.family) for name in names]
    return frozenset(anyascii(name).lower() for name in (*words, *lists))


def _person(locale: str, kinds: Sequence[str]) -> list[str]:
    names = _listed_by_faker(locale, kinds)
    return [name for name in names if name.isalpha() and (len(name) > 2 or not name.isascii())]


def _listed_by_faker(locale: str, kinds: Sequence[str]) -> list[str]:
    found: dict[str, None] = {}
    for provider in Faker(locale).providers:
        if ".person." in type(provider).__module__:
            for kind in kinds:
                found.update(dict.fromkeys(str(name) for name in getattr(provider, kind, ())))
    return sorted(found)


def _both(kind: str, locale: str, writes: Callable[[str, str, random.Random], tuple[str, str]]) -> People:
    given, family = _person(locale, _GIVEN), _person(locale, _FAMILY)
    return People(kind, given, family, writes)


def _plain(name: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFD", name) if not unicodedata.combining(letter))


def _latin(given: str, family: str, drawn: random.Random) -> tuple[str, str]:
    one = f"{given} {family}"
    other = _plain(one) if drawn.random() < 0.7 else one
    if drawn.random() < 0.25:  # a second given or family name that one list has
        other = drawn.choice(
            [f"{other} {_plain(family)[::-1].capitalize()}", other.replace(" ", f" {given[:1]}. ", 1)]
        )
    return one, other


def _east(given: str, family: str, drawn: random.Random, *, ukrainian: bool = False) -> tuple[str, str]:
    name = f"{given} {family}"
    roman = cyrillic(name, drawn, ukrainian=ukrainian)
    return (name if drawn.random() < 0.6 else cyrillic(name, drawn, ukrainian=ukrainian)), roman


def _listed(kind: str, given: str, family: str) -> People:
    rows = {row.split(" ")[0]: row for row in (*VARIANTS[given], *VARIANTS[family])}
    rows |= {" ".join(row.split(" ")[:2]): row for row in VARIANTS[given] if row.startswith("عبد ")}
    rows.pop("عبد", None)

    def writes(one: str, other: str, drawn: random.Random) -> tuple[str, str]:
        def latin() -> str:
            words = [drawn.choice(rows[part][len(part) + 1 :].split(" ")) for part in (one, other)]
            return " ".join(words)

        return (f"{one} {other}" if drawn.random() < 0.6 else latin()), latin()

    own = [name for name in rows if rows[name] in VARIANTS[given]]
    return People(kind, own, [name for name in rows if rows[name] in VARIANTS[family]], writes)


def _chinese(given: str, family: str, drawn: random.Random) -> tuple[str, str]:
    name = family + given
    return name, pinyin(anyascii(family).capitalize() + anyascii(given), drawn)


def _greek(given: str, family: str, drawn: random.Random) -> tuple[str, str]:
    name = f"{given} {family}"
    latin = anyascii(_plain(name)).lower()
    if drawn.random() < 0.5:
        latin = latin.replace("ch", "h").replace("ks", "x").replace("f", drawn.choice(["f", "ph"]))
    return name, latin.title()


def _peoples() -> list[People]:
    return [
        _both("ru", "ru_RU", _east),
        _both("uk", "uk_UA", lambda given, family, drawn: _east(given, family, drawn, ukrainian=True)),
        _both("bg", "bg_BG", _east),
        _listed("ar", "arabic_given", "arabic_family"),
        _listed("ar", "arabic_given", "arabic_family"),
        _listed("hi", "hindi_given", "hindi_family"),
        _listed("fa", "persian_given", "persian_family"),
        _listed("ko", "korean_given", "korean_family"),
        _both("zh", "zh_CN", _chinese),
        _both("el", "el_GR", _greek),
        _both("es", "es_MX", _latin),
        _both("pt", "pt_BR", _latin),
        _both("fr", "fr_FR", _latin),
        _both("ro", "ro_RO", _latin),
        _both("en", "en_US", _latin),
        _both("tr", "tr_TR", _latin),
    ]
