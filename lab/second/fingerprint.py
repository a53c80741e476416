"""A root key, an onion address or a duty key as seven words, after docs/formats/fingerprint.md."""

import hashlib
import re

from lab.second.bech32 import read_public_key
from lab.second.passphrase import WORDS
from lab.second.refused import malformed

COUNT = 7
ADDRESS = re.compile(r"[a-z0-9]{56}\.onion")


def words_over(label: bytes, subject: bytes) -> str:
    """The lowest seven digits of the digest to the base of the list, the lowest first."""
    number = int.from_bytes(hashlib.sha256(label + subject).digest(), "big")
    words = []
    for _ in range(COUNT):
        number, index = divmod(number, len(WORDS))
        words.append(WORDS[index])
    return " ".join(words)


def words_of(root: bytes) -> str:
    """Those of the 32 bytes of a root key."""
    if len(root) != 32:
        raise malformed()
    return words_over(b"tipline/v1/root-words", root)


def words_of_address(address: str) -> str:
    """Those of an onion address."""
    if not ADDRESS.fullmatch(address):
        raise malformed()
    return words_over(b"tipline/v1/address-words", address.encode("ascii"))


def words_of_duty_key(text: str) -> str:
    """Those of the public key of a duty machine, given as age prints it."""
    return words_over(b"tipline/v1/duty-words", read_public_key(text))


def words_of_evidence_key(key: bytes) -> str:
    """Those of the key of docs/formats/evidence-package.md."""
    return words_over(b"tipline/v1/evidence-words", key)
