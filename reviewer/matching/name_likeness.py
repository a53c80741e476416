"""Likeness of two names: their words are aligned in any order, and what is left over speaks against.

A word that only one name has costs little: a patronymic, a middle name. Where both names have words that the other
lacks, two people are meant as often as not: brothers and sisters share a family name.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from typing import Final

from reviewer.matching.name_form import NameWord, name_words, sound_of
from reviewer.matching.word_likeness import NICKNAME, word_likeness

_LEAST: Final = 0.6
"""Words less alike than this are not aligned."""

_SURE: Final = 0.8
"""Two neighbours that are written as one word must be as alike as this."""

_MOST_COUNTED: Final = 4
_MOST_APART: Final = 3
"""Letters by which a joined word and its parts may differ in length."""


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
class NameFeatures:
    """Counts and distances that ``calibration.toml`` weighs; the same in either order of the names.

    ``worst`` and ``apart`` are the largest distance and the sum of all distances of the aligned words, 0 for equal
    ones. ``letters`` is the logarithm of the number of letters that agree: two short names are alike by chance.
    """

    worst: float
    apart: float
    words: float
    letters: float
    left_in_both: float
    left_in_one: float
    initials: float
    other_order: float
    joined: float
    other_script: float
    apart_in_other_script: float
    one_word: float
    nickname: float


@dataclass(frozen=True, slots=True)
class NameLikeness:
    """The features of two names, None where no word of theirs is alike, and the reasons in words."""

    features: NameFeatures | None
    reasons: tuple[NameReason, ...]


def name_likeness(one: str, other: str) -> NameLikeness:
    """Compare two names in any script; symmetric.

    Raises:
        ValueError: one of them holds no letter.
    """
    first, second = name_words(one), name_words(other)
    if not first or not second:
        raise ValueError("a name must hold a letter")
    if _order_of(first) > _order_of(second):
        first, second = second, first  # ties are broken alike in either order of the names
    alignment = _Alignment(_aligned(first, second), first, second)
    return NameLikeness(alignment.features() if alignment.whole else None, tuple(alignment.reasons()))


def _order_of(words: Sequence[NameWord]) -> list[tuple[str, bool, bool]]:
    return [(word.written, word.has_vowels, word.is_syllable) for word in words]


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
            has_length = len(whole.written) > 3 and abs(len(whole.written) - len(written)) <= _MOST_APART
            likeness = word_likeness(both, whole) if has_length else 0.0
            if likeness >= _SURE and not parts[at].is_initial and not parts[at + 1].is_initial:
                found.append(_Match(likeness, (at, at + 1), (other_at,)))
    return found


class _Alignment:
    """Two names whose words are aligned."""

    def __init__(self, matches: Sequence[_Match], first: Sequence[NameWord], second: Sequence[NameWord]) -> None:
        self.first, self.second = first, second
        self.initials = [match for match in matches if self._has_initial(match)]
        self.whole = [match for match in matches if not self._has_initial(match)]
        self.left = len(first) - sum(len(match.ones) for match in matches)
        self.other_left = len(second) - sum(len(match.others) for match in matches)

    def _has_initial(self, match: _Match) -> bool:
        ones, others = (self.first[at] for at in match.ones), (self.second[at] for at in match.others)
        return any(word.is_initial for word in (*ones, *others))

    def features(self) -> NameFeatures:
        """The features of the alignment; a word must be alike."""
        distances = [1 - match.likeness for match in self.whole]
        letters = sum(
            min(
                sum(len(self.first[at].skeleton) for at in match.ones),
                sum(len(self.second[at].skeleton) for at in match.others),
            )
            for match in self.whole
        )
        return NameFeatures(
            worst=max(distances),
            apart=sum(distances),
            words=min(len(self.whole), _MOST_COUNTED),
            letters=math.log(1 + letters),
            left_in_both=min(self.left, self.other_left, _MOST_COUNTED),
            left_in_one=min(abs(self.left - self.other_left), _MOST_COUNTED),
            initials=min(len(self.initials), _MOST_COUNTED),
            other_order=float(self.is_in_other_order),
            joined=float(self.has_joined),
            other_script=float(self.is_in_other_script),
            apart_in_other_script=sum(distances) * self.is_in_other_script,
            one_word=float(len(self.whole) == 1 and not self.initials),
            nickname=float(any(match.likeness == NICKNAME for match in self.whole)),
        )

    @property
    def is_in_other_order(self) -> bool:
        others = [match.others for match in sorted(self.whole, key=lambda match: match.ones)]
        return others != sorted(others)

    @property
    def has_joined(self) -> bool:
        return any(len(match.ones) + len(match.others) > 2 for match in self.whole)

    @property
    def is_in_other_script(self) -> bool:
        one, other = ({(word.has_vowels, word.is_syllable) for word in name} for name in (self.first, self.second))
        return one != other

    def reasons(self) -> Iterator[NameReason]:
        """The codes that hold, in the order of the class."""
        for reason, holds in (
            (NameReason.SAME_WORDS, any(match.likeness >= 1 for match in self.whole)),
            (NameReason.ALIKE_WORDS, any(match.likeness < 1 for match in self.whole)),
            (NameReason.INITIAL, bool(self.initials)),
            (NameReason.OTHER_ORDER, self.is_in_other_order),
            (NameReason.JOINED_WORDS, self.has_joined),
            (NameReason.OTHER_SCRIPT, self.is_in_other_script),
            (NameReason.LEFT_OVER_IN_ONE, (self.left > 0) != (self.other_left > 0)),
            (NameReason.LEFT_OVER_IN_BOTH, self.left > 0 and self.other_left > 0),
            (NameReason.ONE_WORD, min(len(self.first), len(self.second)) == 1),
            (NameReason.NOTHING_ALIKE, not self.whole),
        ):
            if holds:
                yield reason
