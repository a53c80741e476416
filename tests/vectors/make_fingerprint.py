"""Vectors of ``docs/formats/fingerprint.md``, counted here with the list alone."""

import hashlib
from pathlib import Path

from crypto.primitives import _hybrid
from tests.vectors.book import OPENS, VectorBook
from tests.vectors.make_party import hybrid_text

LIST = (Path(__file__).parents[2] / "crypto" / "primitives" / "eff_long_7772.txt").read_text().split()


def words_of(raw: bytes, label: bytes = b"tipline/v1/root-words") -> str:
    number = int.from_bytes(hashlib.sha256(label + raw).digest(), "big")
    return " ".join(LIST[number // 7772**place % 7772] for place in range(7))


def fill() -> None:
    book = VectorBook("fingerprint")
    for name, key in (
        ("key_of_the_example", bytes(range(32))),
        ("key_all_zero", bytes(32)),
        ("key_all_ones", b"\xff" * 32),
        ("key_one_bit_from_zero", bytes(31) + b"\x01"),
        ("key_of_the_first_secret_of_rfc_8032", bytes.fromhex(
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")),
    ):  # fmt: skip
        book.add_fixed(name, OPENS, {"root": key.hex(), "words": words_of(key)})
    book.save()
    addresses = VectorBook("address_words")
    for name, address in (
        ("address_of_one_letter", "a" * 56 + ".onion"),
        ("address_of_all_letters", "abcdefghijklmnopqrstuvwxyz234567" * 2),
    ):
        whole = address[:56] + ".onion"
        words = words_of(whole.encode(), b"tipline/v1/address-words")
        addresses.add_fixed(name, OPENS, {"address": whole, "words": words})
    addresses.save()
    duty = VectorBook("duty_words")
    for name, place in (("key_of_the_first_machine", 31), ("key_of_the_second_machine", 32)):
        words = words_of(_hybrid.public_key(bytes([place]) * 32), b"tipline/v1/duty-words")
        duty.add_fixed(name, OPENS, {"key": hybrid_text(place), "words": words})
    duty.save()
