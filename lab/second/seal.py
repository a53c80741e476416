"""The other direction, for generated cases only: things that are sealed or signed whatever is inside of them."""

import base64
import hashlib
import hmac
from collections.abc import Sequence

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from lab.second.envelope import CHUNK, OURS, VERSION
from lab.second.hkdf import hkdf
from lab.second.hybrid import LABEL, schedule

FILE_KEY = b"a file key, here"
NONCE = b"a nonce of tests"


def base64_of(raw: bytes) -> bytes:
    return base64.b64encode(raw).rstrip(b"=")


def wrap(public: bytes, file_key: bytes = FILE_KEY) -> bytes:
    """A whole stanza to this key."""
    lattice, sealed = MLKEM768PublicKey.from_public_bytes(public[:1184]).encapsulate()
    once = X25519PrivateKey.generate()
    point = once.public_key().public_bytes_raw()
    curve = once.exchange(X25519PublicKey.from_public_bytes(public[1184:]))
    key, nonce = schedule(hashlib.sha3_256(lattice + curve + point + public[1184:] + LABEL).digest())
    return stanza(sealed + point, ChaCha20Poly1305(key).encrypt(nonce, file_key, b""))


def stanza(encapsulation: bytes, body: bytes) -> bytes:
    return b"-> " + OURS + b" " + base64_of(encapsulation) + b"\n" + base64_of(body) + b"\n"


def header(stanzas: bytes, file_key: bytes = FILE_KEY, version: bytes = VERSION + b"\n") -> bytes:
    """A header whose MAC fits."""
    before = version + stanzas + b"---"
    mac = hmac.digest(hkdf(file_key, b"header"), before, "sha256")
    return before + b" " + base64_of(mac) + b"\n"


def chunk(content: bytes, count: int, flag: int) -> bytes:
    cipher = ChaCha20Poly1305(hkdf(FILE_KEY, b"payload", salt=NONCE))
    return cipher.encrypt(count.to_bytes(11, "big") + bytes([flag]), content, b"")


def payload(content: bytes) -> bytes:
    pieces = [content[at : at + CHUNK] for at in range(0, len(content), CHUNK)] or [b""]
    return NONCE + b"".join(chunk(piece, at, at == len(pieces) - 1) for at, piece in enumerate(pieces))


def sign(seed: bytes, message: bytes) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(seed).sign(message)


def verify_key(seed: bytes) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def signature_file(seed: bytes, message: bytes, comment: bytes = b"a comment") -> bytes:
    """As minisign writes it."""
    over = sign(seed, hashlib.blake2b(message).digest())
    lines: Sequence[bytes] = (
        b"untrusted comment: no one",
        base64.b64encode(b"ED" + bytes(8) + over),
        b"trusted comment: " + comment,
        base64.b64encode(sign(seed, over + comment)),
    )
    return b"".join(line + b"\n" for line in lines)
