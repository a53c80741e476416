"""Post-quantum key wrap, through pyca/cryptography: the only module that imports ``cryptography``.

HPKE in base mode, single shot, with ML-KEM-768+X25519 (X-Wing), HKDF-SHA-256 and ChaCha20-Poly1305, as age's
``mlkem768x25519`` recipients use it. libsodium has the same KEM since 1.0.22, but PyNaCl 1.6 does not show it:
when it does, only this module changes. HKDF, and the AES of rotating ids, stand here for the same reason.
"""

import hashlib
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hpke
from cryptography.hazmat.primitives.asymmetric import mlkem, x25519
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from crypto.errors import Malformed, NoKeyOpens

SEED_BYTES = 32
PUBLIC_KEY_BYTES = 1216
ENCAPSULATION_BYTES = 1120
AES_BLOCK_BYTES = 16
WRAP_OVERHEAD_BYTES = ENCAPSULATION_BYTES + 16
_MLKEM_SEED_BYTES = 64
_MLKEM_PUBLIC_BYTES = 1184
_POINT_BYTES = 32
_ANY_CURVE_KEY = x25519.X25519PrivateKey.from_private_bytes(bytes(range(32)))
_INFO = b"age-encryption.org/mlkem768x25519"
_SUITE = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)


def _expand(seed: bytes) -> tuple[mlkem.MLKEM768PrivateKey, x25519.X25519PrivateKey]:
    expanded = hashlib.shake_256(seed).digest(_MLKEM_SEED_BYTES + 32)
    return (
        mlkem.MLKEM768PrivateKey.from_seed_bytes(expanded[:_MLKEM_SEED_BYTES]),
        x25519.X25519PrivateKey.from_private_bytes(expanded[_MLKEM_SEED_BYTES:]),
    )


def public_key(seed: bytes) -> bytes:
    """The 1216-byte public key (ML-KEM-768, then X25519) of a 32-byte seed."""
    lattice, curve = _expand(seed)
    return lattice.public_key().public_bytes_raw() + curve.public_key().public_bytes_raw()


def check_public_key(raw: bytes) -> None:
    """Return when ``raw`` is a public key that can be wrapped to.

    Raises:
        Malformed: wrong length, or no element of the key space.
    """
    _load(raw)
    _check_point(raw[_MLKEM_PUBLIC_BYTES:])


def wrap(plaintext: bytes, *, to: bytes) -> tuple[bytes, bytes]:
    """Seal a short secret to a public key.

    Returns the encapsulation (1120 bytes), and the ciphertext with its 16-byte tag.
    """
    sealed = _SUITE.encrypt(plaintext, _load(to), info=_INFO)
    return sealed[:ENCAPSULATION_BYTES], sealed[ENCAPSULATION_BYTES:]


class Opener:
    """A secret key expanded from its seed, ready to open many slots.

    The expansion costs more than opening a slot.
    """

    __slots__ = ("_key",)

    def __init__(self, seed: bytes) -> None:
        self._key = hpke.MLKEM768X25519PrivateKey(*_expand(seed))

    def unwrap(self, wrapped: Sequence[tuple[bytes, bytes]]) -> bytes:
        """Undo :func:`wrap` for the first pair of encapsulation and ciphertext that was sealed to this key.

        Raises:
            NoKeyOpens: none was, or it was changed on the way.
        """
        for encapsulation, sealed in wrapped:
            try:
                return _SUITE.decrypt(encapsulation + sealed, self._key, info=_INFO)
            except (InvalidTag, ValueError):
                continue
        raise NoKeyOpens("wrapped key must be sealed to this key")


def check_encapsulation(encapsulation: bytes) -> None:
    """Return when :func:`wrap` can have made this.

    Raises:
        Malformed: its X25519 part is a point of low order, whose shared secret is zero with every key.
    """
    _check_point(encapsulation[-_POINT_BYTES:])


def hkdf_sha256(secret: bytes, *, salt: bytes | None, label: bytes, length_bytes: int) -> bytes:
    """HKDF-SHA-256 (RFC 5869); no salt means a string of zeros, as the RFC says."""
    return HKDF(algorithm=hashes.SHA256(), length=length_bytes, salt=salt, info=label).derive(secret)


def aes128_blocks(blocks: bytes, *, key: bytes) -> bytes:
    """AES-128 of each 16-byte block by itself.

    For derivations only: equal blocks stay equal.
    """
    return Cipher(algorithms.AES(key), modes.ECB()).encryptor().update(blocks)  # noqa: S305 -- no content


def _check_point(raw: bytes) -> None:
    """Refuse a point of low order: its shared secret is zero with any key, so that it hides nothing."""
    try:
        _ANY_CURVE_KEY.exchange(x25519.X25519PublicKey.from_public_bytes(raw))
    except ValueError as error:
        raise Malformed("X25519 point must not be of low order") from error


def _load(raw: bytes) -> hpke.MLKEM768X25519PublicKey:
    if len(raw) != PUBLIC_KEY_BYTES:
        raise Malformed(f"public key must have {PUBLIC_KEY_BYTES} bytes")
    try:
        return hpke.MLKEM768X25519PublicKey(
            mlkem.MLKEM768PublicKey.from_public_bytes(raw[:_MLKEM_PUBLIC_BYTES]),
            x25519.X25519PublicKey.from_public_bytes(raw[_MLKEM_PUBLIC_BYTES:]),
        )
    except ValueError as error:
        raise Malformed("public key is not an element of its key space") from error
