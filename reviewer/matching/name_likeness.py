"""Likeness of two names: their words are aligned in any order, and what is left over speaks against.

A word that only one name has costs little: a patronymic, a middle name. Where both names have words that the other
lacks, two people are meant as often as not: brothers and sisters share a family name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from typing import Final

from reviewer.matching.name_form import NameWord, name_words, sound_of
from reviewer.matching.word_likeness import word_likeness

_LEAST: Final = 0.6
"""Words less alike than this are not aligned."""

_ONE_SIDED: Final = 0.18
_TWO_SIDED: Final = 1.1
_INITIAL_WEIGHT: Final = 0.45
_SINGLE_WORD: Final = 0.62
"""The most that a name of one word reaches beside a longer one."""

_SURE: Final = 0.9


class NameReason(StrEnum):
    """Why two names look alike or not. A reason never quotes a name."""

    SAME_WORDS = "same-words"
    ALIKE_WORDS = "alike-words"
    INITIAL = "initial"
    OTHER_ORDER = "other-order"
    JOINED_WORDS = "joined-words"
    OTHER_SCRIPT = "other-script"
    LEFT_OVER_IN_ONE = "left-over-in-one"
    LEFT_OVER_IN_BOTH = "left-over-in-both"
    ONE_WORD = "one-word"
    NOTHING_ALIKE = "nothing-alike"


@dataclass(frozen=True, slots=True)
class _Match:
    likeness: float
    ones: tuple[int, ...]
    others: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class NameLikeness:
    """``raw`` is from 0 to 1 and no probability: :mod:`reviewer.matching.calibration` makes one of it."""

    raw: float
    reasons: tuple[NameReason, ...]


def name_likeness(one: str, other: str) -> NameLikeness:
    """Compare two names in any script; symmetric.

    Raises:
        ValueError: one of them holds no letter.
    """
    first, second = name_words(one), name_words(other)
    if not first or not second:
        raise ValueError("a name must hold a letter")
    if [word.written for word in first] > [word.written for word in second]:
        first, second = second, first  # ties are broken alike, whichever name comes first
    matches = _aligned(first, second)
    return NameLikeness(_raw(matches, first, second), tuple(_reasons(matches, first, second)))


def _aligned(first: Sequence[NameWord], second: Sequence[NameWord]) -> list[_Match]:
    """The best alignment, greedily: the surest pair first. Two words may stand for a joined one."""
    found = [
        _Match(likeness, (at,), (other_at,))
        for (at, one), (other_at, other) in product(enumerate(first), enumerate(second))
        if (likeness := word_likeness(one, other)) >= _LEAST
    ]
    found += [_Match(one.likeness, one.others, one.ones) for one in _joined(second, first)] + _joined(first, second)
    found.sort(key=lambda match: (-match.likeness, -len(match.ones) - len(match.others), match.ones, match.others))
    chosen: list[_Match] = []
    ones: set[int] = set()
    others: set[int] = set()
    for match in found:
        if ones.isdisjoint(match.ones) and others.isdisjoint(match.others):
            chosen.append(match)
            ones.update(match.ones)
            others.update(match.others)
    return chosen


def _joined(parts: Sequence[NameWord], wholes: Sequence[NameWord]) -> list[_Match]:
    """Two neighbours of ``parts`` that are written as one word in ``wholes``."""
    found = []
    for at in range(len(parts) - 1):
        written = parts[at].written + parts[at + 1].written
        both = NameWord(written, sound_of(written), parts[at].has_vowels)
        for other_at, whole in enumerate(wholes):
            likeness = word_likeness(both, whole) if len(whole.written) > 3 else 0.0
            if likeness >= _SURE and not parts[at].is_initial and not parts[at + 1].is_initial:
                found.append(_Match(likeness, (at, at + 1), (other_at,)))
    return found


def _raw(matches: Sequence[_Match], first: Sequence[NameWord], second: Sequence[NameWord]) -> float:
    whole = [match for match in matches if not _has_initial(match, first, second)]
    if not whole:
        return 0.0
    gained = weight = 0.0
    for match in matches:
        own = _INITIAL_WEIGHT if _has_initial(match, first, second) else 1.0
        gained += own * _steep(match.likeness)
        weight += own
    left = len(first) - sum(len(match.ones) for match in matches)
    other_left = len(second) - sum(len(match.others) for match in matches)
    both, rest = min(left, other_left), abs(left - other_left)
    raw = gained / (weight + _TWO_SIDED * both + _ONE_SIDED * rest)
    if len(whole) == 1 and len(whole[0].ones) + len(whole[0].others) == 2 and (left or other_left):
        raw = min(raw, _SINGLE_WORD)
    return raw


def _has_initial(match: _Match, first: Sequence[NameWord], second: Sequence[NameWord]) -> bool:
    return any(first[at].is_initial for at in match.ones) or any(second[at].is_initial for at in match.others)


def _steep(likeness: float) -> float:
    """Words that are half alike are no witnesses: 1 at 1, about 0.6 at 0.85, and 0 at the least."""
    return float(max(0.0, (likeness - _LEAST) / (1 - _LEAST)) ** 1.2)


def _reasons(matches: Sequence[_Match], first: Sequence[NameWord], second: Sequence[NameWord]) -> list[NameReason]:
    reasons = []
    initials = [match for match in matches if _has_initial(match, first, second)]
    whole = [match for match in matches if match not in initials]
    left = len(first) - sum(len(match.ones) for match in matches)
    other_left = len(second) - sum(len(match.others) for match in matches)
    ordered = sorted(whole, key=lambda match: match.ones)
    for reason, holds in (
        (NameReason.SAME_WORDS, any(match.likeness >= 1 for match in whole)),
        (NameReason.ALIKE_WORDS, any(match.likeness < 1 for match in whole)),
        (NameReason.INITIAL, bool(initials)),
        (NameReason.OTHER_ORDER, [m.others for m in ordered] != sorted(m.others for m in ordered)),
        (NameReason.JOINED_WORDS, any(len(match.ones) + len(match.others) > 2 for match in whole)),
        (NameReason.OTHER_SCRIPT, {word.has_vowels for word in first} != {word.has_vowels for word in second}),
        (NameReason.LEFT_OVER_IN_ONE, (left > 0) != (other_left > 0)),
        (NameReason.LEFT_OVER_IN_BOTH, left > 0 and other_left > 0),
        (NameReason.ONE_WORD, min(len(first), len(second)) == 1),
        (NameReason.NOTHING_ALIKE, not whole),
    ):
        if holds:
            reasons.append(reason)
    return reasons
