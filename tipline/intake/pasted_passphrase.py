"""The passphrase of a mailbox in a text: the source is warned once before such a text is sent.

Each token is looked up once, and each eight of them cost one digest, so that the longest text costs milliseconds.
"""

import re
from collections.abc import Iterator
from typing import Final

from crypto.passphrases.passphrase import ALL_WORDS, DIGITS_A_GROUP, belong_together
from crypto.primitives import wordlist

MOST_LOOKED_AT: Final = 2_000
"""Limit of different eights in one text. With more, one text in four would match by chance."""

_ALL_DIGITS: Final = DIGITS_A_GROUP * ALL_WORDS
_TOKEN: Final = re.compile(rf"[^\W\d_]+|\d{{{_ALL_DIGITS}}}|\d+")
_GROUPS: Final = {f"{group:0{DIGITS_A_GROUP}d}": group for group in range(10**DIGITS_A_GROUP)}
_PLACE_OF: Final = {**wordlist.PLACE_OF, **_GROUPS}


def holds_a_passphrase(text: str) -> bool:
    """Return whether eight words or groups of digits in a row are a passphrase, check word included.

    Also true for a text with too many different eights in a row to check all: a false warning costs one more press.
    Eight random words of the list pass for a passphrase once in 7,772 times.
    """
    seen: set[tuple[int, ...]] = set()
    for run in _runs(text):
        for at in range(len(run) - ALL_WORDS + 1):
            eight = tuple(run[at : at + ALL_WORDS])
            if eight in seen:
                continue
            if len(seen) == MOST_LOOKED_AT or _are_words(eight):
                return True
            seen.add(eight)
    return False


def _are_words(eight: tuple[int, ...]) -> bool:
    return min(eight) > 0 and max(eight) <= wordlist.WORDS and belong_together(eight)


def _runs(text: str) -> Iterator[list[int]]:
    """Return runs of at least eight places with nothing between them.

    A place is that of a word in the list, or the number of a group of digits.
    """
    run: list[int] = []
    # Folded all at once, and afterwards: some letters become three signs by it.
    tokens = "\n".join(_TOKEN.findall(text)).casefold().split("\n")
    for token, place in zip(tokens, map(_PLACE_OF.get, tokens), strict=True):
        if place is not None:
            run.append(place)
        elif len(token) == DIGITS_A_GROUP and token.isdecimal():
            run.append(int(token))  # in digits of another script
        elif len(token) == _ALL_DIGITS and token.isdecimal():
            run += [int(token[at : at + DIGITS_A_GROUP]) for at in range(0, _ALL_DIGITS, DIGITS_A_GROUP)]
        elif run:
            if len(run) >= ALL_WORDS:
                yield run
            run = []
    if len(run) >= ALL_WORDS:
        yield run
