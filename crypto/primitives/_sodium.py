"""libsodium, through PyNaCl: the only module that imports ``nacl``.

Content encryption, signatures, keyed digests and randomness. No caller outside this package sees a nonce.
"""

from nacl import bindings
from nacl.exceptions import BadSignatureError, CryptoError
from nacl.exceptions import RuntimeError as SodiumFailed

from crypto.errors import BadSignature, Malformed, NoKeyOpens

AEAD_KEY_BYTES = 32
AEAD_NONCE_BYTES = 12
AEAD_TAG_BYTES = 16
SECRETBOX_NONCE_BYTES = 24
SIGNATURE_BYTES = 64
ARGON2ID_BYTES = 32


def random_bytes(count: int) -> bytes:
    """``count`` bytes from the operating system's generator."""
    drawn: bytes = bindings.randombytes(count)
    return drawn


def argon2id(secret: bytes, *, salt: bytes, memory_kib: int, passes: int) -> bytes:
    """32 bytes from ``secret`` and a ``salt`` of 16 (RFC 9106), with one lane: libsodium has no other."""
    try:
        derived: bytes = bindings.crypto_pwhash_alg(
            ARGON2ID_BYTES, secret, salt, passes, memory_kib * 1024, bindings.crypto_pwhash_ALG_ARGON2ID13
        )
    except SodiumFailed as error:
        # libsodium gives no other reason: the system did not give it that memory.
        raise MemoryError(f"argon2id needs {memory_kib} KiB") from error
    return derived


def aead_seal(plaintext: bytes, *, key: bytes, nonce: bytes) -> bytes:
    """ChaCha20-Poly1305 (RFC 8439), no associated data: ciphertext and a 16-byte tag."""
    sealed: bytes = bindings.crypto_aead_chacha20poly1305_ietf_encrypt(plaintext, None, nonce, key)
    return sealed


def aead_open(sealed: bytes, *, key: bytes, nonce: bytes) -> bytes:
    """Undo :func:`aead_seal`.

    Raises:
        NoKeyOpens: the tag does not fit key, nonce and ciphertext.
    """
    try:
        plaintext: bytes = bindings.crypto_aead_chacha20poly1305_ietf_decrypt(sealed, None, nonce, key)
    except (CryptoError, ValueError) as error:
        raise NoKeyOpens("sealed block does not open with this key") from error
    return plaintext


def x25519(scalar: bytes, point: bytes) -> bytes:
    """The secret that a key and another's point share (RFC 7748).

    Raises:
        Malformed: the point is of small order: the secret would be the same for every key.
    """
    try:
        shared: bytes = bindings.crypto_scalarmult(scalar, point)
    except SodiumFailed as error:
        raise Malformed("X25519 key must not be a point of small order") from error
    return shared


def x25519_base(scalar: bytes) -> bytes:
    """The public half of a secret key."""
    point: bytes = bindings.crypto_scalarmult_base(scalar)
    return point


def secretbox_seal(plaintext: bytes, *, key: bytes) -> bytes:
    """XSalsa20-Poly1305 under a random 24-byte nonce, which is prepended."""
    nonce = random_bytes(SECRETBOX_NONCE_BYTES)
    sealed: bytes = bindings.crypto_secretbox_easy(plaintext, nonce, key)
    return nonce + sealed


def secretbox_open(sealed: bytes, *, key: bytes) -> bytes:
    """Undo :func:`secretbox_seal`.

    Raises:
        NoKeyOpens: wrong key, or changed bytes.
    """
    try:
        plaintext: bytes = bindings.crypto_secretbox_open_easy(
            sealed[SECRETBOX_NONCE_BYTES:], sealed[:SECRETBOX_NONCE_BYTES], key
        )
    except (CryptoError, ValueError) as error:
        raise NoKeyOpens("sealed block does not open with this key") from error
    return plaintext


def ed25519_public_key(seed: bytes) -> bytes:
    """The 32-byte public key of a 32-byte Ed25519 seed."""
    public, _secret = bindings.crypto_sign_seed_keypair(seed)
    return bytes(public)


def ed25519_sign(message: bytes, *, seed: bytes) -> bytes:
    """A 64-byte detached Ed25519 signature (RFC 8032)."""
    _public, secret = bindings.crypto_sign_seed_keypair(seed)
    return bytes(bindings.crypto_sign(message, secret)[:SIGNATURE_BYTES])


def ed25519_verify(message: bytes, *, signature: bytes, public_key: bytes) -> None:
    """Return when ``signature`` is by ``public_key`` over ``message``.

    Raises:
        BadSignature: it is not.
    """
    if len(signature) != SIGNATURE_BYTES:
        # libsodium takes both in one piece: a short signature would borrow the first bytes of the message, and pass
        # for a signature over the rest of it.
        raise BadSignature(f"signature must have {SIGNATURE_BYTES} bytes")
    try:
        bindings.crypto_sign_open(signature + message, public_key)
    except (BadSignatureError, CryptoError, ValueError) as error:
        raise BadSignature("signature does not fit the message and the key") from error


def equal(left: bytes, right: bytes) -> bool:
    """Compare in a time that depends on the length only."""
    return len(left) == len(right) and bool(bindings.sodium_memcmp(left, right))
