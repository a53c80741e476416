"""Runs of digits as people write them: in figures, in words, with look-alike letters, with filling.

A run is a row of groups. A group is a token that stands for digits: ``0151``, ``o151``, ``zwei3``, ``пять``,
``五``. Between two groups there is little: blanks, dots, hyphens, brackets, an emoji. A word or other punctuation
ends a run.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from reviewer.reading.cues import digit_words, words_of

_ALIKE: Final = dict.fromkeys("oOоОοΟ", "0") | dict.fromkeys("lI|ӏ", "1")
_MULTIPLES: Final = {"double": 2, "triple": 3}
_MOST_BETWEEN: Final = 4
"""Letters of filling between two groups of one run."""

_TOKEN: Final = re.compile(r"[^\W_](?:[^\W_]|['’|\u0300-\u036f\u0900-\u0dff\u0e00-\u0e7f])*")
_BAR: Final = re.compile(r"(?<=[0-9]{3})\|(?=[0-9]{3})")
"""Between two groups of figures a bar parts them; elsewhere it is a one."""

_FILLING: Final = frozenset("-.()/\\*_~·•,:+'|[]=")
_FIGURES: Final = re.compile(r"[0-9]+")


@dataclass(frozen=True, slots=True)
class DigitGroup:
    """Digits of one token from ``first`` to before ``end``; ``has_plus`` if a plus stands in front."""

    digits: str
    first: int
    end: int
    has_plus: bool


def digit_runs(text: str) -> Iterator[list[DigitGroup]]:
    """Each run of groups in a plain text, in order."""
    open_run = _OpenRun()
    at = 0
    text = _BAR.sub(" ", text)
    for token in _TOKEN.finditer(text):
        word = token[0].rstrip("'’")
        if word.count("|") == 1:
            word = word.rstrip("|")
        between = text[at : token.start()]
        at = token.start() + len(word)
        if open_run.is_idle and "+" not in between and _is_no_digit(word):
            continue  # as most words of a text
        yield from open_run.take(word, token.start(), between)
    yield from open_run.end()


class _OpenRun:
    """The run that is being read, and what the last token says of the next one."""

    def __init__(self) -> None:
        self._groups: list[DigitGroup] = []
        self._times, self._has_plus = 1, False

    @property
    def is_idle(self) -> bool:
        """True if no run is open, and the last token says nothing of the next one."""
        return not self._groups and self._times == 1 and not self._has_plus

    def take(self, word: str, first: int, between: str) -> Iterator[list[DigitGroup]]:
        """Take a token at its place, with the text between it and the one before; yield a run that ends there."""
        if self._groups and not _is_filling(between):
            yield from self.end()
        self._has_plus = self._has_plus or between.rstrip().endswith("+")
        folded = word.casefold()
        if (times := _MULTIPLES.get(folded)) is not None:
            self._times = times
        elif folded in words_of("plus"):
            yield from self.end()
            self._has_plus = True
        elif (digits := _digits(word)) is None or (not self._groups and _is_letter_alone(word)):
            yield from self.end()
        else:
            group = DigitGroup(digits * self._times, first, first + len(word), self._has_plus)
            if self._has_plus:
                yield from self.end()
            self._groups.append(group)
            self._times, self._has_plus = 1, False

    def end(self) -> Iterator[list[DigitGroup]]:
        """Yield the run so far, if there is one, and begin another."""
        if self._groups:
            yield self._groups
        self._groups = []
        self._times, self._has_plus = 1, False


@lru_cache(maxsize=1 << 14)
def _is_no_digit(word: str) -> bool:
    """True for a word that neither stands for digits nor says anything of the ones behind it."""
    folded = word.casefold()
    return folded not in _MULTIPLES and folded not in words_of("plus") and _digits(word) is None


def _is_letter_alone(word: str) -> bool:
    """True for a letter that looks like a digit and is a word, as "I": it begins no run."""
    return len(word) == 1 and word in _ALIKE and word not in "oOоО"


def _is_filling(between: str) -> bool:
    filling = between.replace(" ", "").replace("\n", "", 1).replace("\r", "", 1).replace("\t", "")
    return len(filling) <= _MOST_BETWEEN and between.count("\n") <= 1 and all(map(_may_fill, filling))


def _may_fill(letter: str) -> bool:
    return letter in _FILLING or unicodedata.category(letter) in {"So", "Sk", "Mn"}


def _digits(word: str) -> str | None:
    """The digits for which a token stands; None if it is another word."""
    if _FIGURES.fullmatch(word):
        return word
    folded = word.casefold()
    if (digit := digit_words().get(folded)) is not None:
        return digit
    if all(letter in _ALIKE for letter in word):
        return "".join(_ALIKE[letter] for letter in word) if len(word) == 1 else None
    if not any(letter.isdigit() for letter in word) and len(word) > 1 and not _begins_with_a_word(folded):
        return None
    return _mixed(word, folded)


def _begins_with_a_word(folded: str) -> bool:
    return any(folded.startswith(word) for word in _by_first_letter().get(folded[:1], ()))


def _mixed(word: str, folded: str) -> str | None:
    """A token of figures, digit words and letters that look like digits, without anything else."""
    if len(folded) != len(word):  # a letter that folds to two: its places would not fit
        return None
    found, at = [], 0
    while at < len(word):
        whole = next((one for one in _by_first_letter().get(folded[at], ()) if folded.startswith(one, at)), None)
        if word[at].isdigit():
            found.append(word[at])
            at += 1
        elif whole is not None:
            found.append(digit_words()[whole])
            at += len(whole)
        elif word[at] in _ALIKE:
            found.append(_ALIKE[word[at]])
            at += 1
        else:
            return None
    return "".join(found)


_WORDS_BY_LETTER: dict[str, tuple[str, ...]] = {}


def _by_first_letter() -> dict[str, tuple[str, ...]]:
    """The words for digits by their first letter, the longest first."""
    if not _WORDS_BY_LETTER:
        for word in sorted(digit_words(), key=len, reverse=True):
            _WORDS_BY_LETTER[word[0]] = (*_WORDS_BY_LETTER.get(word[0], ()), word)
    return _WORDS_BY_LETTER
