"""Argon2id of RFC 9106, from libsodium where it can (one lane), from OpenSSL where it cannot."""

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from nacl import pwhash


def derive(password: bytes, salt: bytes, *, memory_kib: int, passes: int, lanes: int) -> bytes:
    """32 bytes."""
    if lanes == 1:
        return pwhash.argon2id.kdf(32, password, salt, opslimit=passes, memlimit=memory_kib * 1024)
    kdf = Argon2id(salt=salt, length=32, iterations=passes, lanes=lanes, memory_cost=memory_kib)
    return kdf.derive(password)
