"""Words that are left out of a text before it leaves: a numbered mark stands in place of each.

The same word has the same mark in all texts of one paper, so that a reader can tell two people apart without
knowing either. A word is masked wherever it stands, inside of a longer word too.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from reviewer.casebook.folded_text import folded
from reviewer.languages.text_language import reads_like
from reviewer.languages.word_lists import common_words
from system.errors import ProgramError

MOST_WORDS: Final = 300
_WORD: Final = re.compile(r"[^\W\d_][\w\u0300-\u036f\u064b-\u065f\u0900-\u0dff\u200c\u200d'’-]*")


class TextMask:
    """Masks words in one text after another; ``masked`` holds those that were found, behind [#1], [#2], ….

    Upper and lower case are the same. Blanks around a word do not count, and an empty word is none.
    """

    def __init__(self, words: Iterable[str]) -> None:
        wanted = sorted({word.strip() for word in words if word.strip()}, key=lambda word: (-len(word), word))
        self._pattern = re.compile("|".join(map(re.escape, wanted)), re.IGNORECASE) if wanted else None
        self._numbers: dict[str, int] = {}
        self.masked: list[str] = []

    def within(self, text: str) -> str:
        """The text, with a mark in place of each of the words."""
        return self._pattern.sub(self._mark, text) if self._pattern else text

    def _mark(self, found: re.Match[str]) -> str:
        key = found[0].casefold()
        if key not in self._numbers:
            self.masked.append(found[0])
            self._numbers[key] = len(self.masked)
        return f"[#{self._numbers[key]}]"


def maskable_words(text: str) -> list[str]:
    """Words that staff may want to mask: each once, without the commonest of the language, at most 300."""
    common = {folded(word) for word in common_words(reads_like(text))}
    words = {folded(word): word for word in reversed(_WORD.findall(text)) if folded(word).strip() not in common}
    return list(reversed(words.values()))[:MOST_WORDS]


def require_masks(texts: Sequence[str], masks: Iterable[str]) -> None:
    """Return if each word to mask is in one of the texts: a typing error would leave a name open.

    Raises:
        ProgramError: one is not.
    """
    there = [text.casefold() for text in texts]
    for word in masks:
        if word.strip() and not any(word.strip().casefold() in text for text in there):
            raise ProgramError("a word to mask is not in the text", hint="write it as it stands there")
