"""The two kinds of keys of Tor's v3 services. The only module of this package that imports `nacl`."""

import hashlib

from nacl.bindings import (
    crypto_scalarmult_base,
    crypto_scalarmult_ed25519_base_noclamp,
    crypto_sign_SEEDBYTES,
    randombytes,
)


def new_expanded_key() -> bytes:
    """A fresh Ed25519 key as tor keeps it: 32 bytes of clamped scalar, 32 of prefix (RFC 8032, 5.1.5)."""
    digest = bytearray(hashlib.sha512(randombytes(crypto_sign_SEEDBYTES)).digest())
    digest[0] &= 248
    digest[31] &= 63
    digest[31] |= 64
    return bytes(digest)


def public_of_expanded(expanded: bytes) -> bytes:
    """The 32-byte Ed25519 public key of a 64-byte expanded secret key."""
    return bytes(crypto_scalarmult_ed25519_base_noclamp(expanded[:32]))


def new_x25519_pair() -> tuple[bytes, bytes]:
    """A fresh (secret, public) X25519 pair, 32 bytes each."""
    secret = randombytes(32)
    return secret, bytes(crypto_scalarmult_base(secret))


def x25519_public(secret: bytes) -> bytes:
    """The 32-byte public key of a 32-byte X25519 secret key."""
    return bytes(crypto_scalarmult_base(secret))
