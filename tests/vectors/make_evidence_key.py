"""Vectors of the key in ``docs/formats/evidence-package.md``: its file, digits and words."""

import base64
import hashlib

from tests.vectors.book import OPENS, VectorBook
from tests.vectors.make_fingerprint import words_of

LABEL = b"tipline/v1/evidence-words"


def key_file(key: bytes) -> bytes:
    """The public key file of minisign; its id follows from the key."""
    identity = hashlib.sha256(b"tipline/v1/key-id" + key).digest()[:8]
    shown = identity[::-1].hex().upper()
    line = base64.b64encode(b"Ed" + identity + key).decode()
    return f"untrusted comment: minisign public key {shown}\n{line}\n".encode()


def fill() -> None:
    book = VectorBook("evidence_key")
    for name, key in (
        ("key_of_the_example", bytes(range(32))),
        ("key_all_ones", b"\xff" * 32),
        ("key_of_the_first_secret_of_rfc_8032", bytes.fromhex(
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")),
    ):  # fmt: skip
        file = key_file(key)
        book.add_fixed(
            name,
            OPENS,
            {
                "key": key.hex(),
                "file": [{"text": file.decode()}],
                "sha256": hashlib.sha256(file).hexdigest(),
                "words": words_of(key, LABEL),
            },
        )
    book.save()
