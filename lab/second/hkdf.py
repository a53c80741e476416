"""HKDF-SHA-256 (RFC 5869) from HMAC."""

import hmac


def extract(salt: bytes, secret: bytes) -> bytes:
    return hmac.digest(salt or bytes(32), secret, "sha256")


def expand(key: bytes, info: bytes, length: int) -> bytes:
    block, out, count = b"", b"", 1
    while len(out) < length:
        block = hmac.digest(key, block + info + bytes([count]), "sha256")
        out, count = out + block, count + 1
    return out[:length]


def hkdf(secret: bytes, info: bytes, *, salt: bytes = b"") -> bytes:
    return expand(extract(salt, secret), info, 32)
