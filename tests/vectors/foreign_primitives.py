"""The parts of age, made a second time from other libraries' primitives, with the randomness given by the caller.

Content goes through pyca/cryptography here and through libsodium in the program, HKDF is written out from its RFC.
Only the key wrap is the program's own: HPKE takes no randomness from outside, so that a wrapped key is made once
and then stays in its book.
"""

import base64
import hashlib
import hmac

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from crypto.primitives import _hybrid

FILE_KEY = b"file key of test"
NONCE = b"nonce of vectors"
SEEDS = tuple(bytes([place]) * 32 for place in range(1, 6))
"""Seeds of the hybrid test keys; a vector names a key by its place in this list."""
CHUNK = 65536
VERSION = b"age-encryption.org/v1\n"
LATER_VERSION = b"age-encryption.org/v2\n"


def hkdf(secret: bytes, *, salt: bytes, label: bytes) -> bytes:
    extracted = hmac.new(salt or bytes(32), secret, hashlib.sha256).digest()
    return hmac.new(extracted, label + b"\x01", hashlib.sha256).digest()


def b64(raw: bytes) -> bytes:
    return base64.b64encode(raw).rstrip(b"=")


def slot(place: int, file_key: bytes = FILE_KEY) -> tuple[bytes, bytes]:
    """Encapsulation and body of a slot to the test key of that place."""
    return _hybrid.wrap(file_key, to=_hybrid.public_key(SEEDS[place]))


def stanza(encapsulation: bytes, body: bytes) -> bytes:
    return b"-> mlkem768x25519 " + b64(encapsulation) + b"\n" + b64(body) + b"\n"


def mac(before: bytes, file_key: bytes = FILE_KEY) -> bytes:
    """Over everything before the blank of the last line; ``before`` ends with ``---``."""
    return hmac.new(hkdf(file_key, salt=b"", label=b"header"), before, hashlib.sha256).digest()


def header(*stanzas: bytes, version: bytes = VERSION) -> bytes:
    """A header whose MAC fits, whatever the stanzas are."""
    before = version + b"".join(stanzas) + b"---"
    return before + b" " + b64(mac(before)) + b"\n"


def of_version(sound: bytes, version: bytes) -> bytes:
    """The header with another version line, and a MAC that fits it."""
    before = sound[: sound.rindex(b"---") + 3].replace(VERSION, version)
    return before + b" " + b64(mac(before)) + b"\n"


def chunk(plaintext: bytes, *, count: int, last: bool) -> bytes:
    key = ChaCha20Poly1305(hkdf(FILE_KEY, salt=NONCE, label=b"payload"))
    return key.encrypt(count.to_bytes(11, "big") + bytes([last]), plaintext, None)


def payload(plaintext: bytes) -> bytes:
    starts = range(0, max(len(plaintext), 1), CHUNK)
    return NONCE + b"".join(
        chunk(plaintext[at : at + CHUNK], count=count, last=at + CHUNK >= len(plaintext))
        for count, at in enumerate(starts)
    )
