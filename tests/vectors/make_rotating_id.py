"""Vectors of ``docs/formats/rotating-id.md``: two that Radius Networks publishes, and 200 of our own."""

from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from tests.vectors.book import MALFORMED, OPENS, VectorBook
from tests.vectors.foreign_primitives import hkdf

PUBLIC_KEY = bytes.fromhex("0102030405060708090a111213141516")
"""The identity key in the tests of ``ephemeral_calc``."""
MEANINGS = ("help-1", "help-2", "help-3", "alive", "drill")
NOON = 1_795_608_000
"""2026-11-25 12:00 UTC."""


def aes(key: bytes, block: bytes) -> bytes:
    return Cipher(algorithms.AES(key), modes.ECB()).encryptor().update(block)  # noqa: S305 -- single blocks


def rotating_id(key: bytes, time: int, exponent: int = 10) -> bytes:
    temporary = aes(key, bytes(11) + b"\xff\0\0" + (time >> 16).to_bytes(2, "big"))
    return aes(temporary, bytes(11) + bytes([exponent]) + (time >> exponent << exponent).to_bytes(4, "big"))[:8]


def seed_of(number: int) -> bytes:
    return sha256(b"button %d" % number).digest()


def id_key(seed: bytes, meaning: str) -> bytes:
    return hkdf(seed, salt=b"", label=b"tipline/v1/beacon/id/" + meaning.encode())[:16]


def fill() -> None:
    book = VectorBook("rotating_id")

    def add(name: str, outcome: str, key: bytes, time: int, *, exponent: int = 10, **more: Any) -> None:
        told: dict[str, Any] = {"key": key.hex(), "time": time, "exponent": exponent} | more
        if outcome == OPENS:
            told["id"] = rotating_id(key, time, exponent).hex()
        book.add_fixed(name, outcome, told)

    add("eddystone_time-0", OPENS, PUBLIC_KEY, 0)
    add("eddystone_time-2000", OPENS, PUBLIC_KEY, 2000)
    add("eddystone_exponent-0", OPENS, PUBLIC_KEY, NOON, exponent=0)
    add("eddystone_exponent-15", OPENS, PUBLIC_KEY, NOON, exponent=15)
    for number in range(200):
        seed, meaning = seed_of(number), MEANINGS[number % 5]
        time = (NOON + number * 21_474_837) % 2**32
        key = id_key(seed, meaning)
        add(f"button_{number}_{meaning}", OPENS, key, time, seed=seed.hex(), meaning=meaning)
    add("time_last", OPENS, PUBLIC_KEY, 2**32 - 1)
    add("time_of_33_bits", MALFORMED, PUBLIC_KEY, 2**32)
    add("time_below_0", MALFORMED, PUBLIC_KEY, -1)
    add("exponent_16", MALFORMED, PUBLIC_KEY, NOON, exponent=16)
    add("exponent_below_0", MALFORMED, PUBLIC_KEY, NOON, exponent=-1)
    add("key_of_15_bytes", MALFORMED, PUBLIC_KEY[:15], NOON)
    add("key_of_17_bytes", MALFORMED, PUBLIC_KEY + b"\0", NOON)
    book.save()
