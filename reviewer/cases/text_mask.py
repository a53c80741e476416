"""Words that are left out of a text before it leaves: a numbered mark stands in place of each.

The same word has the same mark in all texts of one paper, so that a reader can tell two people apart without
knowing either. A word is masked wherever it stands, inside of a longer word too, and in each of its spellings: with
and without accents and vowel points, in wide letters, with other signs between its parts.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from reviewer.casebook.folded_text import folded
from reviewer.languages.text_language import reads_like
from reviewer.languages.word_lists import common_words
from system.errors import ProgramError

MOST_WORDS: Final = 300
UNMASKED_ACT: Final = "masked words leave"
"""Its line in the log names masked entities, and no tip: lines that name a tip leave with its custody."""

_WORD: Final = re.compile(
    "[^\\W\\d_][\\w\u00ad\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0dff\u200b-\u200d\u2060'’-]*"
)
_FEWEST_DIGITS: Final = 6  # a number with at least six digits is the same with blanks between them


class TextMask:
    """Masks words in one text after another; ``masked`` holds those that were found, behind [#1], [#2], ….

    Words are compared folded (:mod:`reviewer.casebook.folded_text`). Blanks around a word do not count, and an
    empty word is none. A word of signs alone, such as a smiley, is masked as it is written.
    """

    def __init__(self, words: Iterable[str]) -> None:
        wanted = {word.strip() for word in words if word.strip()}
        self._words = _pattern({key for word in wanted if (key := mask_key(word))})
        self._signs = _pattern({word for word in wanted if not mask_key(word)})
        self._numbers: dict[str, int] = {}
        self.masked: list[str] = []

    def within(self, text: str, first: int = 0, end: int | None = None) -> str:
        """The letters from ``first`` to before ``end`` of a text, with a mark in place of each of the words.

        A mark stands also for a word of which only a part is among these letters.
        """
        end = len(text) if end is None else end
        pieces: list[str] = []
        at, last = first, 0
        for begin, behind in sorted(self._places(text)):
            if begin < last:
                continue
            last = behind
            if first < behind and begin < end:
                pieces += text[at:begin], self._mark(text[begin:behind])
                at = behind
        return "".join((*pieces, text[at:end]))

    def _places(self, text: str) -> Iterator[tuple[int, int]]:
        if self._words:
            plain, origins = _with_origins(text)
            for found in self._words.finditer(plain):
                yield origins[found.start()], _end_of_letter(text, origins[found.end() - 1])
        if self._signs:
            yield from (found.span() for found in self._signs.finditer(text))

    def _mark(self, found: str) -> str:
        key = mask_key(found) or found
        if key not in self._numbers:
            self.masked.append(found)
            self._numbers[key] = len(self.masked)
        return f"[#{self._numbers[key]}]"


def maskable_words(text: str) -> list[str]:
    """Words that staff may want to mask: each in one spelling, without the commonest ones, at most 300."""
    common = {folded(word) for word in common_words(reads_like(text))}
    words = {folded(word): word for word in reversed(_WORD.findall(text)) if folded(word).strip() not in common}
    return list(reversed(words.values()))[:MOST_WORDS]


def require_masks(texts: Sequence[str], masks: Iterable[str]) -> None:
    """Return if each word to mask is in one of the texts: a typing error would leave a name open.

    Raises:
        ProgramError: one is not.
    """
    there = [" ".join(folded(text).split()) for text in texts]
    for word in masks:
        key = mask_key(word)
        pattern = _pattern({key}) if key else _pattern({word.strip()} - {""})
        if pattern and not any(pattern.search(text) for text in (there if key else texts)):
            raise ProgramError("a word to mask is not in the text", hint="write it as it stands there")


def mask_key(word: str) -> str:
    """The folded form, by which words are the same: one blank between its parts, none in a long number.

    Empty for signs alone.
    """
    plain = " ".join(folded(word).split())
    digits = plain.replace(" ", "")
    return digits if digits.isdecimal() and len(digits) >= _FEWEST_DIGITS else plain


def _pattern(keys: set[str]) -> re.Pattern[str] | None:
    """Finds the longest of the keys at each place of a text; None if there are none."""
    longest_first = sorted(keys, key=lambda key: (-len(key), key))
    return re.compile("|".join(map(_spelled, longest_first))) if keys else None


def _spelled(key: str) -> str:
    return " ?".join(key) if key.isdecimal() and len(key) >= _FEWEST_DIGITS else re.escape(key)


def _with_origins(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its letters the place of its origin; a run of blanks is one blank."""
    plain: list[str] = []
    origins: list[int] = []
    for at, letter in enumerate(text):
        for one in folded(letter):
            if one != " " or (plain and plain[-1] != " "):
                plain.append(one)
                origins.append(at)
    return "".join(plain), origins


def _end_of_letter(text: str, at: int) -> int:
    """The place behind the letter and the accents and vowel points that follow it."""
    behind = at + 1
    while behind < len(text) and text[behind].isprintable() and not folded(text[behind]):
        behind += 1
    return behind
