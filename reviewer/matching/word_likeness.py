"""Likeness of two words of names: an edit distance in which sounds that are confused cost little."""

from functools import lru_cache
from typing import Final

from reviewer.matching.name_form import NameWord, sound_of
from reviewer.matching.nicknames import are_nicknames

_VOWELS: Final = frozenset("aeiou")
_VOWEL_WEIGHT: Final = 0.5
_CONSONANT_WEIGHT: Final = 1.0
_CHEAP: Final = 0.05
"""A vowel that the other script leaves out."""

_LAST_VOWEL: Final = 1.0
"""A vowel at the end, as of Alexandra beside Alexander: it tells a woman's name from a man's."""

_NEAR_VOWELS: Final = frozenset({"ae", "ei", "ou", "ai", "ao", "iu"})
_NEAR_SOUNDS: Final = {
    0.25: "Zs Zz ZC SC Js Jz JS JC hk gh kg vf vb td JZ Jg Ji vu Ss",
    0.4: "bp sz fp Cs Ck Zk Zt Ct Jd zd zt fb mn Sz gJ hf Ch Sk kZ",
    0.6: "rl ln st hS rd",
}
"""Pairs of sounds that are confused, by the cost of taking one for the other."""

_NEAR: Final = {frozenset(pair): cost for cost, pairs in _NEAR_SOUNDS.items() for pair in pairs.split()}
_SHORT_SOUNDS, _SHORT_FACTOR = 4, 1.4
"""Of words this short, as Ali and Saleh, a difference says more."""

_ARTICLES: Final = frozenset({"al", "el"})
_TYPED: Final = 0.9
_TYPED_WEIGHT: Final = 1.2
_FEWEST_TYPED: Final = 4
NICKNAME: Final = 0.85
"""The likeness of a name and its short form."""

_INITIAL: Final = 0.7
_CACHED: Final = 1 << 16


@lru_cache(maxsize=_CACHED)
def word_likeness(one: NameWord, other: NameWord) -> float:
    """How alike two words are, from 0 to 1."""
    if one.is_initial or other.is_initial:
        first, second = one.sound[:1], other.sound[:1]
        is_any_vowel = not (one.has_vowels and other.has_vowels) and first in _VOWELS and second in _VOWELS
        return _INITIAL if first == second or is_any_vowel else 0.0
    distance = _distance(one, other)
    if min(len(one.sound), len(other.sound)) <= _SHORT_SOUNDS and one.has_vowels and other.has_vowels:
        distance *= _SHORT_FACTOR
    best = 1 - distance / max(_weight(one), _weight(other))
    if best < _TYPED and one.has_vowels and other.has_vowels:
        best = max(best, _typed_alike(one.written, other.written))
    if best < NICKNAME:
        best = max(best, _without_article(one, other))
    if best < NICKNAME and are_nicknames(one.written, other.written):
        return NICKNAME
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


def _without_article(one: NameWord, other: NameWord) -> float:
    """Likeness of a word that begins with an Arabic article, as Elsayed, to one without; else 0."""
    joined, bare = sorted((one, other), key=lambda word: len(word.written), reverse=True)
    rest = joined.written[2:]
    if joined.written[:2] not in _ARTICLES or bare.written[:2] in _ARTICLES or len(rest) < _FEWEST_TYPED:
        return 0.0
    return word_likeness(NameWord(rest, sound_of(rest)), bare) - _CHEAP


def _typed_alike(one: str, other: str) -> float:
    """Likeness of two words as they are typed: letters wrong, missing, added, or in another order."""
    longer = max(len(one), len(other))
    if min(len(one), len(other)) < _FEWEST_TYPED or abs(len(one) - len(other)) > 1:
        return 0.0
    if one[0] != other[0] and one[-1] != other[-1]:  # one slip leaves an end as it was
        return 0.0
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        new = [at]
        for other_at, other_letter in enumerate(other, 1):
            cost = min(row[other_at - 1] + (letter != other_letter), row[other_at] + 1, new[-1] + 1)
            if at > 1 and other_at > 1 and letter == other[other_at - 2] and one[at - 2] == other_letter:
                cost = min(cost, before[other_at - 2] + 1)
            new.append(cost)
        before, row = row, new
    return 1 - _TYPED_WEIGHT * row[-1] / longer


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
