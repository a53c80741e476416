"""Vectors of ``docs/formats/mailbox.md``: Argon2id and BLAKE2b by libsodium here."""

import hashlib
from typing import Any

from nacl import bindings

from crypto import _hybrid
from tests.vectors import make_passphrase
from tests.vectors.book import OPENS, VectorBook
from tests.vectors.foreign_primitives import hkdf


def fill() -> None:
    book = VectorBook("mailbox")
    salt, other = bytes(range(16)), bytes(range(100, 116))
    _add(book, "costs_of_a_real_site", salt=salt, memory_kib=65536, passes=3)
    _add(book, "costs_of_a_real_site_with_another_salt", salt=other, memory_kib=65536, passes=3)
    _add(book, "costs_small", salt=salt, memory_kib=64, passes=1)
    _add(book, "costs_small_with_more_passes", salt=salt, memory_kib=64, passes=4)
    _add(
        book, "costs_small_for_another_passphrase", salt=salt, memory_kib=64, passes=1, places=(7, 6, 5, 4, 3, 2, 1)
    )
    book.save()


def _add(
    book: VectorBook,
    name: str,
    *,
    salt: bytes,
    memory_kib: int,
    passes: int,
    places: tuple[int, ...] = make_passphrase.PLACES,
) -> None:
    def make() -> dict[str, Any]:
        secret = b"".join(place.to_bytes(2, "big") for place in places)
        master = bindings.crypto_pwhash_alg(
            32, secret, salt, passes, memory_kib * 1024, bindings.crypto_pwhash_ALG_ARGON2ID13
        )
        mailbox_id = hkdf(master, salt=b"", label=b"tipline/v1/mailbox-id")
        seed = hkdf(master, salt=b"", label=b"tipline/v1/source-seed")
        reply_salt = bytes(range(200, 216))
        tag = bindings.crypto_generichash_blake2b_salt_personal(reply_salt, digest_size=32, key=mailbox_id)
        return {
            "digits": make_passphrase.digits((*places, make_passphrase.check_place(places))),
            "salt": salt.hex(),
            "memory_kib": memory_kib,
            "passes": passes,
            "mailbox_id": mailbox_id.hex(),
            "source_seed": seed.hex(),
            "source_public_key_sha256": hashlib.sha256(_hybrid.public_key(seed)).hexdigest(),
            "reply_salt": reply_salt.hex(),
            "reply_tag": bytes(tag).hex(),
        }

    book.add(name, OPENS, make)
