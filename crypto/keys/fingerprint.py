"""A root key, or an onion address, as seven words to compare: ``docs/formats/fingerprint.md``."""

import hashlib

from crypto.keys.keys import RootVerifyKey
from crypto.primitives import wordlist

WORDS = 7
"""90.47 bits: as much work for a second key with the same words as for a passphrase."""

_ROOT = b"tipline/v1/root-words"
_ADDRESS = b"tipline/v1/address-words"


def root_words(key: RootVerifyKey) -> str:
    """Seven words of our list, parted by blanks; the same ones wherever this key is shown."""
    return _words(_ROOT + key.to_bytes())


def address_words(address: str) -> str:
    """Seven words for an onion address, which people compare instead of its 56 letters and ``.onion``."""
    return _words(_ADDRESS + address.encode("ascii"))


def _words(labelled: bytes) -> str:
    rest = int.from_bytes(hashlib.sha256(labelled).digest(), "big")
    words = []
    for _ in range(WORDS):
        rest, index = divmod(rest, wordlist.WORDS)
        words.append(wordlist.WORD_AT[index])
    return " ".join(words)
