"""Keys and onion addresses as seven words to compare: ``docs/formats/fingerprint.md``."""

import hashlib

from crypto.keys.keys import HybridPublicKey, RootVerifyKey
from crypto.keys.leaving_keys import EvidenceVerifyKey
from crypto.primitives import wordlist

WORDS = 7
"""90.47 bits: as much work for a second key with the same words as for a passphrase."""

_ROOT = b"tipline/v1/root-words"
_ADDRESS = b"tipline/v1/address-words"
_EVIDENCE = b"tipline/v1/evidence-words"
_HAND_OVER = b"tipline/v1/hand-over-words"
_DUTY = b"tipline/v1/duty-words"


def root_words(key: RootVerifyKey) -> str:
    """Seven words of our list, parted by blanks; the same ones wherever this key is shown."""
    return _words(_ROOT + key.to_bytes())


def address_words(address: str) -> str:
    """Seven words for an onion address, which people compare instead of its 56 letters and ``.onion``."""
    return _words(_ADDRESS + address.encode("ascii"))


def evidence_words(key: EvidenceVerifyKey) -> str:
    """Seven words for the key with which a home signs evidence: ``docs/formats/evidence-package.md``."""
    return _words(_EVIDENCE + key.to_bytes())


def hand_over_words(key_file: bytes) -> str:
    """Seven words for the bytes of a hand-over key file: ``docs/formats/hand-over.md``."""
    return _words(_HAND_OVER + key_file)


def duty_words(key: HybridPublicKey) -> str:
    """Seven words for the public key of a duty machine, which people compare by telephone."""
    return _words(_DUTY + key.to_bytes())


def digit_groups(raw: bytes) -> str:
    """Hex digits in groups of four, parted by blanks, as two people read them to each other."""
    digits = raw.hex()
    return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))


def _words(labelled: bytes) -> str:
    rest = int.from_bytes(hashlib.sha256(labelled).digest(), "big")
    words = []
    for _ in range(WORDS):
        rest, index = divmod(rest, wordlist.WORDS)
        words.append(wordlist.WORD_AT[index])
    return " ".join(words)
