"""Whether a text holds somebody's passphrase: then the source is warned once before it is sent."""

import re
from collections.abc import Iterator

from crypto import wordlist
from crypto.errors import CryptoError
from crypto.passphrase import ALL_WORDS, DIGITS_A_GROUP, Passphrase

_TOKEN = re.compile(rf"[^\W\d_]+|\d{{{DIGITS_A_GROUP * ALL_WORDS}}}|\d+", re.UNICODE)


def holds_a_passphrase(text: str) -> bool:
    """True when eight words or groups of digits in a row belong together, check word included.

    Eight words that merely are in the list pass for a passphrase once in 7,772 times.
    """
    run: list[str] = []
    for token in _tokens(text):
        if token is None:
            run.clear()
            continue
        run.append(token)
        if len(run) >= ALL_WORDS and _belong_together(run[-ALL_WORDS:]):
            return True
    return False


def _tokens(text: str) -> Iterator[str | None]:
    """Words of the list and groups of four digits; ``None`` where something else stands between."""
    for found in _TOKEN.finditer(text):
        token = found[0].casefold()
        if token in wordlist.PLACE_OF or (token[0].isdecimal() and len(token) == DIGITS_A_GROUP):
            yield token
        elif token[0].isdecimal() and len(token) == DIGITS_A_GROUP * ALL_WORDS:
            for at in range(0, len(token), DIGITS_A_GROUP):
                yield token[at : at + DIGITS_A_GROUP]
        else:
            yield None


def _belong_together(tokens: list[str]) -> bool:
    try:
        Passphrase.parse(" ".join(tokens))
    except CryptoError:
        return False
    return True
