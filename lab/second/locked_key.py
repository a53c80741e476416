"""A random key under a chosen passphrase, after docs/formats/locked_key.md."""

import unicodedata

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from lab.second import argon2id
from lab.second.refused import Refused, malformed, newer


def open_key(locked: bytes, passphrase: str) -> bytes:
    """32 bytes."""
    if locked[:19] != b"tipline locked key\n" or len(locked) < 20 or locked[19] == 0:
        raise malformed()
    if locked[19] > 1:
        raise newer()
    if len(locked) != 120:
        raise malformed()
    memory_kib, passes, lanes = (int.from_bytes(locked[at : at + 4], "big") for at in (20, 24, 28))
    if not (65_536 <= memory_kib <= 1_048_576 and 3 <= passes <= 16 and 1 <= lanes <= 4):
        raise malformed()
    if not 1 <= len(passphrase) <= 1024:
        raise Refused("no key opens")
    password = unicodedata.normalize("NFKC", passphrase).encode("utf-8", "surrogatepass")
    key = argon2id.derive(password, locked[32:48], memory_kib=memory_kib, passes=passes, lanes=lanes)
    try:
        return SecretBox(key).decrypt(locked[72:], locked[48:72])
    except CryptoError:
        raise Refused("no key opens") from None
