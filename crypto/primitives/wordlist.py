"""The 7,772 words that passphrases are made of, in their fixed order.

The EFF long word list (Electronic Frontier Foundation, CC BY 3.0 US) without its four hyphenated words. No word of
it begins another one, so that words written without blanks between them can be told apart in one way only.

Some of them wound, or frighten, in the hands of a person who was held, beaten or abused. They keep their places, as
a phrase that was given out before must open, and are never drawn: ``never_drawn.txt``.
"""

import hashlib
from collections.abc import Mapping
from importlib import resources

WORDS = 7772
SHA256 = "18586c092f641ecd1a471dd6ab35618ab69f0aa7483486424f7caf0996d06259"
SHORTEST_LETTERS = 3
LONGEST_LETTERS = 9


def _read() -> tuple[str, ...]:
    raw = resources.files("crypto.primitives").joinpath("eff_long_7772.txt").read_bytes()
    if hashlib.sha256(raw).hexdigest() != SHA256:
        # Another list would give sources words that no other copy of this program understands.
        raise RuntimeError("word list of this installation is not the pinned one")
    return tuple(raw.decode("ascii").split())


WORD_AT: tuple[str, ...] = _read()
"""Words by place, where place 1 stands at index 0."""

PLACE_OF: Mapping[str, int] = {word: place for place, word in enumerate(WORD_AT, start=1)}
"""Places, from 1, by word."""


def _never_drawn() -> frozenset[str]:
    words = resources.files("crypto.primitives").joinpath("never_drawn.txt").read_text(encoding="ascii").split()
    if not set(words) <= PLACE_OF.keys():
        raise RuntimeError("words that are never drawn must be words of the list")
    return frozenset(words)


NEVER_DRAWN: frozenset[str] = _never_drawn()
"""Words that no new passphrase holds, its check word included.

309 is the most that leaves a drawn passphrase 90 bits: a word that is added takes the place of a milder one.
"""

DRAWN_PLACES: tuple[int, ...] = tuple(place for word, place in PLACE_OF.items() if word not in NEVER_DRAWN)
"""Places, from 1, of all other words."""


def word_at_start(letters: str) -> str | None:
    """The one word of the list that ``letters`` begins with, or ``None``."""
    for length in range(SHORTEST_LETTERS, LONGEST_LETTERS + 1):
        if letters[:length] in PLACE_OF:
            return letters[:length]
    return None
