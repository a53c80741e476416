"""Argon2id of RFC 9106, from OpenSSL."""

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id


def derive(password: bytes, salt: bytes, *, memory_kib: int, passes: int, lanes: int) -> bytes:
    """32 bytes."""
    return Argon2id(salt=salt, length=32, iterations=passes, lanes=lanes, memory_cost=memory_kib).derive(password)
