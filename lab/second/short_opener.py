"""Opens one envelope, from docs/formats/envelope.md alone: `python short_opener.py IDENTITY < IN > OUT`.

Only `cryptography` and Python. Nothing is written before all of it was verified; until then it is in memory.
"""

import base64
import hashlib
import hmac
import re
import sys
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

SUITE = b"HPKE" + bytes.fromhex("647a00010003")
STRANGER = X25519PrivateKey.from_private_bytes(bytes(range(32)))
LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
Stanza = tuple[list[bytes], bytes]


class Refused(Exception):
    """Says the kind: malformed, newer, no key opens."""


def extract(salt: bytes, secret: bytes) -> bytes:
    return hmac.digest(salt, secret, "sha256")


def expand(key: bytes, info: bytes, length: int = 32) -> bytes:
    return hmac.digest(key, info + b"\1", "sha256")[:length]


def unpadded(text: bytes) -> bytes:
    try:
        raw = base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)
    except ValueError:
        raise Refused("malformed") from None
    if base64.b64encode(raw).rstrip(b"=") != text:
        raise Refused("malformed")
    return raw


def header_of(envelope: bytes) -> tuple[list[Stanza], bytes, bytes]:
    """Stanzas (arguments, body), what the MAC covers, the MAC."""
    lines = envelope[:65_536].split(b"\n")[:-1]
    if not lines or lines[0] != b"age-encryption.org/v1":
        known = bool(lines) and re.fullmatch(rb"age-encryption\.org/[!-~]+", lines[0])
        raise Refused("newer" if known else "malformed")
    stanzas: list[Stanza] = []
    place = 1
    while place < len(lines) and re.fullmatch(rb"->( [!-~]+)+", lines[place]):
        arguments, body, full = lines[place].split(b" ")[1:], b"", True
        while full:
            place += 1
            if place == len(lines) or len(lines[place]) > 64:
                raise Refused("malformed")
            body, full = body + unpadded(lines[place]), len(lines[place]) == 64
        stanzas.append((arguments, body))
        place += 1
    if not stanzas or place == len(lines) or not lines[place].startswith(b"--- "):
        raise Refused("malformed")
    mac = unpadded(lines[place][4:])
    if len(mac) != 32:
        raise Refused("malformed")
    return stanzas, b"\n".join(lines[:place]) + b"\n---", mac


def slots_of(stanzas: list[Stanza]) -> list[tuple[bytes, bytes]]:
    """Encapsulation and body of each slot of our type."""
    if len(stanzas) > 1 and any(arguments[0] == b"scrypt" for arguments, _ in stanzas):
        raise Refused("malformed")
    slots = []
    for arguments, body in stanzas:
        if arguments[0] == b"mlkem768x25519":
            encapsulation = unpadded(arguments[1]) if len(arguments) == 2 else b""
            if len(encapsulation) != 1120 or len(body) != 32:
                raise Refused("malformed")
            try:
                STRANGER.exchange(X25519PublicKey.from_public_bytes(encapsulation[1088:]))
            except ValueError:
                raise Refused("malformed") from None
            slots.append((encapsulation, body))
    return slots


def unwrap(seed: bytes, encapsulation: bytes, body: bytes) -> bytes | None:
    """The file key, where this slot is for this key: X-Wing, then HPKE's key schedule."""
    expanded, point = hashlib.shake_256(seed).digest(96), encapsulation[1088:]
    curve = X25519PrivateKey.from_private_bytes(expanded[64:])
    secrets = MLKEM768PrivateKey.from_seed_bytes(expanded[:64]).decapsulate(encapsulation[:1088])
    secrets += curve.exchange(X25519PublicKey.from_public_bytes(point)) + point
    shared = hashlib.sha3_256(secrets + curve.public_key().public_bytes_raw() + b"\\.//^\\").digest()
    label = b"HPKE-v1" + SUITE
    info = extract(bytes(32), label + b"info_hash" + b"age-encryption.org/mlkem768x25519")
    context = b"\0" + extract(bytes(32), label + b"psk_id_hash") + info
    secret = extract(shared, label + b"secret")
    key = expand(secret, bytes([0, 32]) + label + b"key" + context)
    nonce = expand(secret, bytes([0, 12]) + label + b"base_nonce" + context, 12)
    try:
        return ChaCha20Poly1305(key).decrypt(nonce, body, b"")
    except InvalidTag:
        return None


def open_envelope(envelope: bytes, seeds: list[bytes]) -> bytes:
    stanzas, covered, mac = header_of(envelope)
    slots = slots_of(stanzas)
    file_key = next((key for seed in seeds for slot in slots if (key := unwrap(seed, *slot)) is not None), None)
    if file_key is None:
        raise Refused("no key opens")
    if not hmac.compare_digest(extract(expand(extract(bytes(32), file_key), b"header"), covered), mac):
        raise Refused("malformed")
    start = len(covered) + 45 + 16
    nonce = envelope[start - 16 : start]
    cipher = ChaCha20Poly1305(expand(extract(nonce.ljust(16), file_key), b"payload"))
    content = []
    for count, at in enumerate(range(start, max(len(envelope), start + 1), 65_552)):
        chunk, last = envelope[at : at + 65_552], at + 65_552 >= len(envelope)
        if len(nonce) != 16 or len(chunk) < 16 or (count and len(chunk) == 16):
            raise Refused("malformed")
        try:
            content.append(cipher.decrypt(count.to_bytes(11, "big") + bytes([last]), chunk, b""))
        except InvalidTag:
            raise Refused("malformed") from None
    return b"".join(content)


def seed_of(line: str) -> bytes:
    """The 32 bytes behind AGE-SECRET-KEY-PQ-1; the six letters of the checksum are not looked at."""
    bits = "".join(f"{LETTERS.index(letter):05b}" for letter in line.lower()[19:-6])
    return int(bits[:256], 2).to_bytes(32, "big")


if __name__ == "__main__":
    keys = [line.strip() for line in Path(sys.argv[1]).read_text(encoding="ascii").splitlines()]
    seeds_of_file = [seed_of(key) for key in keys if key.startswith("AGE-SECRET-KEY-PQ-1")]
    sys.stdout.buffer.write(open_envelope(sys.stdin.buffer.read(), seeds_of_file))
