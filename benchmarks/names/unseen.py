"""Test pairs of names that no rule of the program was written for, and that no person has read.

``pairs.py`` has the pairs to which the program is fitted. Everything is different here: the lists of names
(mimesis, and locales of Faker that the others do not use), the romanisation (tables of Unicode CLDR and of iuliia
instead of ours; for scripts without vowels the spellings that Wikidata has for one name), the ways in which two
spellings differ, and the seed. A name that stands in a list of the other pairs is left out. Half of the pairs are
true: that is the base rate of all figures. logic-v2 has the names of Wikidata inside itself, so those pairs favour
it.
"""

import random
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from anyascii import anyascii
from name_lists import Language, languages
from pairs import Pair

_SEED: Final = "unseen pairs of names, 29 November 2026"
_FREQUENT: Final = 6
"""Every fourth name is one of the first six of its list."""

_TYPED_WRONG: Final = 0.12
_OWN_SCRIPT: Final = 0.6
_ROMANISED_TWICE: Final = 0.5


@dataclass(frozen=True)
class Named:
    """A person of these pairs, in the script of the language."""

    given: str
    family: str
    father: str


Parts = tuple[list[str], list[str]]
"""The parts of two names, in the order in which they are written."""


def unseen_pairs(count: int) -> list[Pair]:
    """``count`` pairs, half of them true, evenly over all languages; the same ones at each call."""
    drawn = random.Random(_SEED)
    every = languages()
    found: list[Pair] = []
    while len(found) < count:
        language = every[len(found) // 2 % len(every)]
        own = _person(language, drawn)
        found.append(_pair(language, own, own, drawn))
        own = other = _person(language, drawn)
        while language.are_one(own.given, other.given) and language.are_one(own.family, other.family):
            own = _person(language, drawn)
            other = drawn.choice(_OTHERS)(language, own, drawn)
        found.append(_pair(language, own, other, drawn))
    return found


def _person(language: Language, drawn: random.Random) -> Named:
    def name(names: Sequence[str]) -> str:
        return drawn.choice(names[:_FREQUENT] if drawn.random() < 0.25 else names)

    return Named(name(language.given), name(language.family), name(language.given))


def _pair(language: Language, own: Named, other: Named, drawn: random.Random) -> Pair:
    """Both names are written in the same ways, true or not: no way gives the answer away."""
    way = drawn.choice(sorted(_WAYS))
    one, second = _written(language, _WAYS[way](own, other), drawn)
    if drawn.random() < _TYPED_WRONG:
        second = _typed_wrong(second, drawn)
    if drawn.random() < 0.5:
        one, second = second, one
    return Pair(one, second, own == other, f"{language.code} {way}")


def _written(language: Language, parts: Parts, drawn: random.Random) -> tuple[str, str]:
    """Two names: in their own script beside Latin letters, or in Latin letters twice."""
    one, other = parts
    if language.is_latin:
        how = drawn.choice([_without_marks, lambda text: language.romanised(text, drawn), lambda text: text])
        return " ".join(one), " ".join(map(how, other))
    latin = [language.romanised(part, drawn) for part in other]
    if drawn.random() < _OWN_SCRIPT:
        return language.joined(one), " ".join(latin)
    return " ".join(language.romanised(part, drawn) for part in one), " ".join(latin)


def _without_marks(text: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFD", text) if not unicodedata.combining(one))


def _typed_wrong(name: str, drawn: random.Random) -> str:
    """One letter became the next of the alphabet, was left out, doubled, or changed place."""
    places = [at for at in range(1, len(name) - 1) if name[at].isalpha() and name[at + 1].isalpha()]
    if not places:
        return name
    at = drawn.choice(places)
    return drawn.choice(
        [
            name[:at] + chr(ord(name[at]) + 1) + name[at + 1 :],
            name[:at] + name[at + 1 :],
            name[: at + 1] + name[at:],
            name[:at] + name[at + 1] + name[at] + name[at + 2 :],
        ]
    )


def _initial(name: str) -> str:
    return f"{name[:1]}."


_WAYS: Final[Mapping[str, Callable[[Named, Named], Parts]]] = {
    "plain": lambda one, other: ([one.given, one.family], [other.given, other.family]),
    "plain, of another list": lambda one, other: ([one.family, one.given], [other.family, other.given]),
    "other order": lambda one, other: ([one.given, one.family], [other.family, other.given]),
    "father left out": lambda one, other: ([one.given, one.father, one.family], [other.given, other.family]),
    "with fathers": lambda one, other: (
        [one.given, one.father, one.family],
        [other.family, other.given, other.father],
    ),
    "initial of the father": lambda one, other: (
        [one.given, one.father, one.family],
        [other.given, _initial(other.father), other.family],
    ),
    "initial": lambda one, other: ([one.given, one.family], [_initial(other.given), other.family]),
}


def _sibling(language: Language, own: Named, drawn: random.Random) -> Named:
    return Named(_person(language, drawn).given, own.family, own.father)


def _namesake(language: Language, own: Named, drawn: random.Random) -> Named:
    other = _person(language, drawn)
    return Named(own.given, other.family, other.father)


def _alike(language: Language, own: Named, drawn: random.Random) -> Named:
    """Of thirty persons the one whose name shares most letters with this one."""
    letters = set(anyascii(own.given + own.family).lower())
    some = [_person(language, drawn) for _ in range(30)]
    return max(some, key=lambda one: len(letters & set(anyascii(one.given + one.family).lower())))


def _stranger(language: Language, _own: Named, drawn: random.Random) -> Named:
    return _person(language, drawn)


_OTHERS: Final = (_sibling, _sibling, _namesake, _alike, _alike, _stranger)
