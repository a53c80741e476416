"""The words of a text in a row, for places.

Each is looked at when it is asked for, as most of them never are.
"""

import re
from dataclasses import dataclass
from typing import Final

from reviewer.atlas.folding import LETTER_MARKS, place_key

_WORD: Final = re.compile(rf"[^\W\d_](?:[^\W\d_]|[{LETTER_MARKS}]|['’](?=[^\W\d_]))*")
UNSPACED: Final = re.compile("[\u0e00-\u0e7f]+|[\u3400-\u9fff]+")
"""A run of Thai or Chinese, in which no blank parts the words."""

_CASELESS: Final = re.compile("[\u0600-\u06ff\u0900-\u0dff]")


@dataclass(frozen=True, slots=True)
class RowWord:
    """A word from ``first`` to before ``end``; ``key`` is its folded form, as the gazetteer has it."""

    first: int
    end: int
    key: str
    has_capital: bool
    is_caseless: bool


class WordRow:
    """The words of a plain text that blanks part from each other, in their order."""

    def __init__(self, text: str) -> None:
        self._made: dict[int, RowWord] = {}
        self._found = [one for one in _WORD.finditer(text) if not UNSPACED.match(one[0])]

    def __len__(self) -> int:
        return len(self._found)

    def __getitem__(self, at: int) -> RowWord:
        if at not in self._made:
            self._made[at] = _word(self._found[at])
        return self._made[at]

    def is_small(self, at: int) -> bool:
        """True for a word that begins with a small letter of a script that has capitals."""
        return self._found[at][0][0].islower()

    def key(self, at: int) -> str:
        """The folded form of a word."""
        return place_key(self._found[at][0])


def _word(found: re.Match[str]) -> RowWord:
    is_caseless = _CASELESS.match(found[0]) is not None
    has_capital = not is_caseless and found[0][0].isupper()
    return RowWord(found.start(), found.end(), place_key(found[0]), has_capital, is_caseless)
