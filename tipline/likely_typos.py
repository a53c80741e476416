"""Which of the words that somebody typed cannot be right: answered from the public word list, without secrets."""

import re
import string
from collections.abc import Iterator
from dataclasses import dataclass

from crypto import wordlist
from crypto.passphrase import ALL_WORDS

_WORD = re.compile(r"[^\W\d_]+")
_SHOWN_LETTERS = 30


@dataclass(frozen=True, slots=True)
class LikelyTypo:
    """A word that this site never gives out: its number, from 1; its beginning as it was typed; and the one word of
    ours that is a single slip away, empty when there is none or when there are several."""

    number: int
    word: str
    nearest: str


def likely_typos(untrusted_words: str) -> tuple[LikelyTypo, ...]:
    """The words that are in no list of ours.

    Empty when that says nothing: not eight words apart from each other, or all of them are in the list.
    """
    words = _WORD.findall(untrusted_words.casefold())
    if len(words) != ALL_WORDS:
        return ()
    return tuple(
        LikelyTypo(number, word[:_SHOWN_LETTERS], _nearest(word))
        for number, word in enumerate(words, start=1)
        if word not in wordlist.PLACE_OF
    )


def _nearest(untrusted_word: str) -> str:
    if len(untrusted_word) > _SHOWN_LETTERS:
        return ""
    found = {slip for slip in _one_slip_away(untrusted_word) if slip in wordlist.PLACE_OF}
    return found.pop() if len(found) == 1 else ""


def _one_slip_away(word: str) -> Iterator[str]:
    """A letter too many, too few, another one, or two that changed places."""
    for at in range(len(word) + 1):
        before, after = word[:at], word[at:]
        if after:
            yield before + after[1:]
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]
        for letter in string.ascii_lowercase:
            yield before + letter + after
            if after:
                yield before + letter + after[1:]
