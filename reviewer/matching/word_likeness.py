"""Likeness of two words of names: an edit distance in which sounds that are confused cost little."""

from functools import lru_cache
from typing import Final

from reviewer.matching.name_form import NameWord
from reviewer.matching.nicknames import are_nicknames

_VOWELS: Final = frozenset("aeiou")
_VOWEL_WEIGHT: Final = 0.5
_CONSONANT_WEIGHT: Final = 1.0
_CHEAP: Final = 0.05
"""A vowel that the other script leaves out."""

_LAST_VOWEL: Final = 1.0
"""A vowel at the end, as of Alexandra beside Alexander: it tells a woman's name from a man's."""

_NEAR_VOWELS: Final = frozenset({"ae", "ei", "ou", "ai", "ao", "iu"})
_NEAR: Final = {
    frozenset(pair): cost
    for cost, pairs in {
        0.25: (
            "Zs",
            "Zz",
            "ZC",
            "SC",
            "Js",
            "Jz",
            "JS",
            "JC",
            "hk",
            "gh",
            "kg",
            "vf",
            "vb",
            "td",
            "JZ",
            "Jg",
            "Ji",
            "vu",
            "Ss",
        ),
        0.4: (
            "bp",
            "sz",
            "fp",
            "Cs",
            "Ck",
            "Zk",
            "Zt",
            "Ct",
            "Jd",
            "zd",
            "zt",
            "fb",
            "mn",
            "Sz",
            "gJ",
            "hf",
            "Ch",
            "Sk",
            "kZ",
        ),
        0.6: ("rl", "ln", "st", "hS", "rd"),
    }.items()
    for pair in pairs
}
_SHORT_SOUNDS, _SHORT_FACTOR = 4, 1.4
"""Of words this short, as Ali and Saleh, a difference says more."""

_NICKNAME: Final = 0.85
_INITIAL: Final = 0.7
_CACHED: Final = 1 << 16


@lru_cache(maxsize=_CACHED)
def word_likeness(one: NameWord, other: NameWord) -> float:
    """How alike two words are, from 0 to 1."""
    if one.is_initial or other.is_initial:
        return _INITIAL if one.sound[:1] == other.sound[:1] else 0.0
    distance = _distance(one, other)
    if min(len(one.sound), len(other.sound)) <= _SHORT_SOUNDS and one.has_vowels and other.has_vowels:
        distance *= _SHORT_FACTOR
    best = 1 - distance / max(_weight(one), _weight(other))
    if best < _NICKNAME and are_nicknames(one.written, other.written):
        return _NICKNAME
    return max(0.0, best)


def _weight(word: NameWord) -> float:
    weights = (_VOWEL_WEIGHT if letter in _VOWELS else _CONSONANT_WEIGHT for letter in word.sound)
    return max(1.0, sum(weights))


def _distance(one: NameWord, other: NameWord) -> float:
    first, second = one.sound, other.sound
    if first == second:
        return 0.0 if one.written == other.written else _CHEAP
    # A vowel costs nearly nothing where the other word's script leaves vowels out.
    first_costs = [_missing(letter, at, first, is_cheap=not other.has_vowels) for at, letter in enumerate(first)]
    second_costs = [_missing(letter, at, second, is_cheap=not one.has_vowels) for at, letter in enumerate(second)]
    has_both = one.has_vowels and other.has_vowels
    row = [0.0]
    for cost in second_costs:
        row.append(row[-1] + cost)
    for letter, cost in zip(first, first_costs, strict=True):
        left = row[0] + cost
        new = [left]
        for at, second_letter in enumerate(second):
            left = min(
                row[at] + _replaced(letter, second_letter, has_both=has_both),
                row[at + 1] + cost,
                left + second_costs[at],
            )
            new.append(left)
        row = new
    return row[-1]


def _missing(letter: str, at: int, word: str, *, is_cheap: bool) -> float:
    if letter in _VOWELS:
        if is_cheap:
            return _CHEAP
        return _LAST_VOWEL if at == len(word) - 1 else _VOWEL_WEIGHT
    return 0.4 if letter in "hJ" else _CONSONANT_WEIGHT


def _replaced(one: str, other: str, *, has_both: bool) -> float:
    if one == other:
        return 0.0
    if one in _VOWELS and other in _VOWELS:
        if not has_both:
            return _CHEAP
        return 0.2 if one + other in _NEAR_VOWELS or other + one in _NEAR_VOWELS else 0.4
    near = _NEAR.get(frozenset((one, other)))
    if near is not None:
        return near
    return 1.3 if (one in _VOWELS) == (other in _VOWELS) else 1.5
