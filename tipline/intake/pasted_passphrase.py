"""The passphrase of a mailbox in a text: the source is warned once before such a text is sent.

Each token is looked up once, and each eight of them cost one digest, so that the longest text costs milliseconds.
"""

import re
from collections.abc import Iterator
from typing import Final

from crypto.passphrases.passphrase import ALL_WORDS, DIGITS_A_GROUP, belong_together
from crypto.primitives import wordlist

MOST_LOOKED_AT: Final = 2_000
"""Different eights in one text. With more of them, about one text in four would hold eight that fit by chance."""

_ALL_DIGITS: Final = DIGITS_A_GROUP * ALL_WORDS
_TOKEN: Final = re.compile(rf"[^\W\d_]+|\d{{{_ALL_DIGITS}}}|\d+")
_GROUPS: Final = {f"{group:0{DIGITS_A_GROUP}d}": group for group in range(10**DIGITS_A_GROUP)}
_PLACE_OF: Final = {**wordlist.PLACE_OF, **_GROUPS}


def holds_a_passphrase(text: str) -> bool:
    """True when eight words or groups of digits in a row belong together, check word included; also for a text with
    so many different eights in a row that they are not all looked at: a warning too many costs one more press.

    Eight words that merely are in the list pass for a passphrase once in 7,772 times.
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
    """Places of words, and groups of digits as numbers, between which nothing else stands, where they are eight or
    more."""
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
