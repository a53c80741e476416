"""A text without invisible letters, in plain digits and letters, each with its place in the original.

Sources write in every alphabet, on every keyboard, and some hide a number from a filter: full-width letters, digits
of any script, circled digits, marks of no width between two digits. Each letter of the plain text stands for one
letter of the original, so that a finding is cut from the original and never from a copy.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_INVISIBLE: Final = frozenset({"Cf", "Me", "Cs", "Co"})
_MARKS: Final = frozenset({"\u200b", "\u034f", "\ufe0e", "\ufe0f", "\u115f", "\u1160", "\u3164"})
_POINTS: Final = frozenset(map(chr, (*range(0x300, 0x370), *range(0x64B, 0x656), 0x670, 0x640)))
"""Accents and vowel points that stand by themselves: with and without them it is one word."""

_BLANK: Final = " "
_DRAWN_ON: Final = frozenset({"Me", "Mn"})
_FIGURES: Final = re.compile("[0-9]+")
_BEFORE, _BEHIND = 60, 80
"""Letters around figures in which a match may begin and end."""


class _PlainLetters(dict[int, str]):
    """The plain form of each letter, one letter or none, computed at its first use."""

    def __missing__(self, code: int) -> str:
        self[code] = plain = _plain(chr(code))
        return plain


def _plain(letter: str) -> str:
    if letter in "\n\t\r":
        return letter
    category = unicodedata.category(letter)
    if category in _INVISIBLE or letter in _MARKS or letter in _POINTS:
        return ""
    if (digit := unicodedata.digit(letter, None)) is not None:
        return str(digit)
    if category in {"Zs", "Zl", "Zp"}:
        return _BLANK
    if category == "Pd" or letter == "\u2212":
        return "-"
    normal = unicodedata.normalize("NFKC", letter)
    if len(normal) != 1:
        return letter
    return str(unicodedata.digit(normal)) if unicodedata.digit(normal, None) is not None else normal


_LETTERS: Final = _PlainLetters()


@dataclass(frozen=True, slots=True)
class PlainText:
    """``text`` is what readers look through; ``places[n]`` is the place of its letter n in the original."""

    text: str
    places: Sequence[int]
    original: str

    @classmethod
    def of(cls, untrusted: str) -> "PlainText":
        """The plain form of a text of a source."""
        text = untrusted.translate(_LETTERS)
        if len(text) == len(untrusted):
            return cls(text, range(len(text)), untrusted)
        return cls(text, [place for place, letter in enumerate(untrusted) if _LETTERS[ord(letter)]], untrusted)

    def span(self, first: int, end: int) -> tuple[int, int]:
        """The stretch of the original for letters ``first`` to ``end`` (without it): its place and its length.

        Raises:
            IndexError: the stretch is empty or lies outside of the text.
        """
        if not 0 <= first < end <= len(self.text):
            raise IndexError("a stretch must have a letter")
        begins, last = self.places[first], self.places[end - 1]
        # Signs that are drawn onto the last letter belong to it, as the frame of a key around a digit does.
        while last + 1 < len(self.original) and unicodedata.category(self.original[last + 1]) in _DRAWN_ON:
            last += 1
        return begins, last + 1 - begins


def near_figures(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Each match of a pattern that needs a figure. Only what is around figures is searched.

    A match may begin at most 60 letters before its first figure, and end at most 80 letters behind its last one.
    The pattern sees what stands in front, as in the whole text.
    """
    for first, end in _stretches(text):
        yield from pattern.finditer(text, first, end)


@lru_cache(maxsize=4)
def _stretches(text: str) -> Sequence[tuple[int, int]]:
    """The parts of a text around its figures, in order; none of them overlaps another one."""
    stretches: list[tuple[int, int]] = []
    for found in _FIGURES.finditer(text):
        first, end = max(0, found.start() - _BEFORE), min(len(text), found.end() + _BEHIND)
        if stretches and first <= stretches[-1][1]:
            first = stretches.pop()[0]
        stretches.append((first, end))
    return stretches
