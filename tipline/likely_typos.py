"""Which of the words that somebody typed cannot be right: answered from the public word list, without secrets."""

import re

from crypto import wordlist
from crypto.passphrase import ALL_WORDS

_WORD = re.compile(r"[^\W\d_]+")


def likely_typos(untrusted_words: str) -> tuple[int, ...]:
    """The numbers, from 1, of words that this site never gives out.

    Empty when that says nothing: not eight words apart from each other, or all of them are in the list.
    """
    words = _WORD.findall(untrusted_words.casefold())
    if len(words) != ALL_WORDS:
        return ()
    return tuple(number for number, word in enumerate(words, start=1) if word not in wordlist.PLACE_OF)
