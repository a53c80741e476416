"""Argon2id, through argon2-cffi: the only module that imports ``argon2``."""

from argon2.low_level import Type, hash_secret_raw


def argon2id(secret: bytes, *, salt: bytes, memory_kib: int, passes: int, lanes: int) -> bytes:
    """Derive 32 bytes from ``secret`` (RFC 9106).

    Callers limit the length of ``secret`` first: the cost parameters do not.
    """
    derived: bytes = hash_secret_raw(
        secret, salt, time_cost=passes, memory_cost=memory_kib, parallelism=lanes, hash_len=32, type=Type.ID
    )
    return derived
