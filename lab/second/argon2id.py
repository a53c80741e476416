"""Argon2id of RFC 9106, from OpenSSL."""

from functools import cache

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id


@cache
def derive(password: bytes, salt: bytes, *, memory_kib: int, passes: int, lanes: int) -> bytes:
    """32 bytes; once for all vectors and cases of one password and salt, as it is made to be slow."""
    return Argon2id(salt=salt, length=32, iterations=passes, lanes=lanes, memory_cost=memory_kib).derive(password)
