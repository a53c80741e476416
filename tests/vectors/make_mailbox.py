"""Vectors of ``docs/formats/mailbox.md``: by libsodium here, more than one lane by argon2-cffi."""

import hashlib
from typing import Any

from argon2.low_level import Type, hash_secret_raw
from nacl import bindings

from crypto.primitives import _hybrid
from tests.vectors import make_passphrase
from tests.vectors.book import LIKELY_TYPO, MALFORMED, OPENS, VectorBook
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
    _add(book, "memory_8_kib", salt=salt, memory_kib=8, passes=1)
    _add(book, "passes_16", salt=salt, memory_kib=8, passes=16)
    _add(book, "lanes_2_of_8_kib_each", salt=salt, memory_kib=16, passes=1, lanes=2)
    _add(book, "lanes_4", salt=salt, memory_kib=64, passes=2, lanes=4)
    for name, change in (
        ("salt_empty", {"salt": b""}),
        ("salt_of_8_bytes", {"salt": salt[:8]}),
        ("salt_of_15_bytes", {"salt": salt[:15]}),
        ("salt_of_17_bytes", {"salt": salt + b"\0"}),
        ("memory_0", {"memory_kib": 0}),
        ("memory_7_kib", {"memory_kib": 7}),
        ("memory_below_0", {"memory_kib": -64}),
        ("memory_8_kib_for_two_lanes", {"memory_kib": 8, "lanes": 2}),
        ("memory_15_kib_for_two_lanes", {"memory_kib": 15, "lanes": 2}),
        ("memory_31_kib_for_four_lanes", {"memory_kib": 31, "lanes": 4}),
        ("memory_1048577_kib", {"memory_kib": 1_048_577}),
        ("memory_2_to_the_32_kib", {"memory_kib": 2**32}),
        ("passes_0", {"passes": 0}),
        ("passes_17", {"passes": 17}),
        ("lanes_0", {"lanes": 0}),
        ("lanes_5", {"lanes": 5}),
    ):
        parameters: dict[str, Any] = {"salt": salt, "memory_kib": 64, "passes": 1, "lanes": 1} | change
        book.add_fixed(name, MALFORMED, _given(make_passphrase.PLACES, **parameters))
    # Which of the two is looked at first.
    typo = _given(make_passphrase.PLACES, off=1, salt=salt, memory_kib=64, passes=17, lanes=1)
    book.add_fixed("digits_with_a_typo_before_passes_17", LIKELY_TYPO, typo)
    book.save()


def _given(places: tuple[int, ...], *, off: int = 0, salt: bytes, **costs: int) -> dict[str, Any]:
    check = (make_passphrase.check_place(places) + off - 1) % 7772 + 1
    reply_salt = bytes(range(200, 216)).hex()
    return {
        "digits": make_passphrase.digits((*places, check)),
        "salt": salt.hex(),
        **costs,
        "reply_salt": reply_salt,
    }


def _add(
    book: VectorBook,
    name: str,
    *,
    salt: bytes,
    memory_kib: int,
    passes: int,
    lanes: int = 1,
    places: tuple[int, ...] = make_passphrase.PLACES,
) -> None:
    def make() -> dict[str, Any]:
        secret = b"".join(place.to_bytes(2, "big") for place in places)
        if lanes == 1:
            master = bindings.crypto_pwhash_alg(
                32, secret, salt, passes, memory_kib * 1024, bindings.crypto_pwhash_ALG_ARGON2ID13
            )
        else:
            master = hash_secret_raw(secret, salt, passes, memory_kib, lanes, 32, Type.ID)
        mailbox_id = hkdf(master, salt=b"", label=b"tipline/v1/mailbox-id")
        seed = hkdf(master, salt=b"", label=b"tipline/v1/source-seed")
        reply_salt = bytes(range(200, 216))
        tag = bindings.crypto_generichash_blake2b_salt_personal(reply_salt, digest_size=32, key=mailbox_id)
        return {
            "digits": make_passphrase.digits((*places, make_passphrase.check_place(places))),
            "salt": salt.hex(),
            "memory_kib": memory_kib,
            "passes": passes,
            **({} if lanes == 1 else {"lanes": lanes}),
            "mailbox_id": mailbox_id.hex(),
            "source_seed": seed.hex(),
            "source_public_key_sha256": hashlib.sha256(_hybrid.public_key(seed)).hexdigest(),
            "reply_salt": reply_salt.hex(),
            "reply_tag": bytes(tag).hex(),
        }

    book.add_fixed(name, OPENS, make())
