"""The key wrap: X-Wing put together from ML-KEM-768 and X25519, and HPKE's key schedule from HMAC."""

import hashlib

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from lab.second.hkdf import expand, extract
from lab.second.refused import malformed

LABEL = rb"\.//^" + b"\\"
SUITE = b"HPKE" + bytes.fromhex("647a 0001 0003")  # X-Wing, HKDF-SHA-256, ChaCha20-Poly1305
INFO = b"age-encryption.org/mlkem768x25519"
PRIME = 3329
ANY_SCALAR = X25519PrivateKey.from_private_bytes(bytes(range(32)))


def check_point(point: bytes) -> bytes:
    """Refuses the points of low order: every secret key gives zero with them, and the library does not."""
    try:
        ANY_SCALAR.exchange(X25519PublicKey.from_public_bytes(point))
    except ValueError:
        raise malformed() from None
    return point


def check_public_key(public: bytes) -> bytes:
    """1184 bytes of ML-KEM whose coefficients are all reduced (FIPS 203, 7.2), and a point of full order."""
    if len(public) != 1184 + 32:
        raise malformed()
    for at in range(0, 1152, 3):
        low, middle, high = public[at : at + 3]
        if low | (middle & 15) << 8 >= PRIME or middle >> 4 | high << 4 >= PRIME:
            raise malformed()
    MLKEM768PublicKey.from_public_bytes(public[:1184])
    check_point(public[1184:])
    return public


class HybridKey:
    """A key pair from its seed of 32 bytes."""

    def __init__(self, seed: bytes) -> None:
        expanded = hashlib.shake_256(seed).digest(96)
        self._lattice = MLKEM768PrivateKey.from_seed_bytes(expanded[:64])
        self._curve = X25519PrivateKey.from_private_bytes(expanded[64:])
        self._point = self._curve.public_key().public_bytes_raw()
        self.public = self._lattice.public_key().public_bytes_raw() + self._point

    def unwrap(self, encapsulation: bytes, body: bytes) -> bytes | None:
        """The file key, or None where the slot is for someone else."""
        point = encapsulation[1088:]
        shared = hashlib.sha3_256(
            self._lattice.decapsulate(encapsulation[:1088])
            + self._curve.exchange(X25519PublicKey.from_public_bytes(point))
            + point
            + self._point
            + LABEL
        ).digest()
        key, nonce = schedule(shared)
        try:
            return ChaCha20Poly1305(key).decrypt(nonce, body, b"")
        except InvalidTag:
            return None


def schedule(shared: bytes) -> tuple[bytes, bytes]:
    """Key and first nonce of HPKE's base mode (RFC 9180, 5.1)."""

    def labelled(salt: bytes, label: bytes, secret: bytes) -> bytes:
        return extract(salt, b"HPKE-v1" + SUITE + label + secret)

    context = b"\0" + labelled(b"", b"psk_id_hash", b"") + labelled(b"", b"info_hash", INFO)
    secret = labelled(shared, b"secret", b"")

    def derive(label: bytes, length: int) -> bytes:
        return expand(secret, length.to_bytes(2, "big") + b"HPKE-v1" + SUITE + label + context, length)

    return derive(b"key", 32), derive(b"base_nonce", 12)
