"""Vectors of ``docs/formats/locked_key.md``, made with PyNaCl's Argon2, which the program itself does not use."""

import struct
import unicodedata

from nacl.pwhash import argon2id
from nacl.secret import SecretBox

from tests.vectors.book import MALFORMED, NEWER, NO_KEY_OPENS, OPENS, VectorBook, plain

MAGIC = b"tipline locked key\n"
KEY = bytes(range(32))
SALT = bytes(range(100, 116))
NONCE = bytes(range(200, 224))
PASSPHRASE = "correct horse battery staple"
COMPOSED = "na\N{LATIN SMALL LETTER I WITH DIAERESIS}ve"


def locked(
    passphrase: str = PASSPHRASE, *, magic: bytes = MAGIC, version: int = 1, kib: int = 65536, passes: int = 4
) -> bytes:
    """With one lane: libsodium knows no other."""
    secret = unicodedata.normalize("NFKC", passphrase).encode()
    # What a reader must refuse before it derives is sealed under the usual cost.
    cost = (kib, passes) if 65536 <= kib <= 131072 and 3 <= passes <= 16 else (65536, 4)
    wrapping = argon2id.kdf(32, secret, SALT, opslimit=cost[1], memlimit=cost[0] * 1024)
    return magic + struct.pack(">BIII", version, kib, passes, 1) + SALT + SecretBox(wrapping).encrypt(KEY, NONCE)


def _flipped(place: int) -> bytes:
    raw = bytearray(locked())
    raw[place] ^= 1
    return bytes(raw)


def fill() -> None:
    book = VectorBook("locked_key")
    lanes_0 = locked()[:28] + struct.pack(">I", 0) + locked()[32:]
    lanes_5 = locked()[:28] + struct.pack(">I", 5) + locked()[32:]
    for name, outcome, raw, passphrase in (
        ("key_sound", OPENS, locked(), PASSPHRASE),
        ("key_of_more_memory_and_fewer_passes", OPENS, locked(kib=131072, passes=3), PASSPHRASE),
        ("passphrase_composed_in_another_way", OPENS, locked(COMPOSED), unicodedata.normalize("NFD", COMPOSED)),
        ("passphrase_of_1024_letters", OPENS, locked("x" * 1024), "x" * 1024),
        ("passphrase_wrong", NO_KEY_OPENS, locked(), PASSPHRASE + " "),
        ("passphrase_empty", NO_KEY_OPENS, locked(), ""),
        ("passphrase_of_1025_letters", NO_KEY_OPENS, locked(), "x" * 1025),
        ("salt_flipped", NO_KEY_OPENS, _flipped(32), PASSPHRASE),
        ("nonce_flipped", NO_KEY_OPENS, _flipped(48), PASSPHRASE),
        ("tag_flipped", NO_KEY_OPENS, _flipped(72), PASSPHRASE),
        ("key_flipped", NO_KEY_OPENS, _flipped(119), PASSPHRASE),
        ("passes_changed", NO_KEY_OPENS, locked()[:24] + struct.pack(">I", 5) + locked()[28:], PASSPHRASE),
        ("magic_flipped", MALFORMED, _flipped(0), PASSPHRASE),
        ("version_0", MALFORMED, locked(version=0), PASSPHRASE),
        ("version_2", NEWER, locked(version=2), PASSPHRASE),
        ("version_2_and_longer", NEWER, locked(version=2) + bytes(8), PASSPHRASE),
        ("memory_below_limit", MALFORMED, locked(kib=65535), PASSPHRASE),
        ("memory_above_limit", MALFORMED, locked(kib=1048577), PASSPHRASE),
        ("passes_below_limit", MALFORMED, locked(passes=2), PASSPHRASE),
        ("passes_above_limit", MALFORMED, locked(passes=17), PASSPHRASE),
        ("lanes_0", MALFORMED, lanes_0, PASSPHRASE),
        ("lanes_5", MALFORMED, lanes_5, PASSPHRASE),
        ("length_one_short", MALFORMED, locked()[:-1], PASSPHRASE),
        ("length_one_long", MALFORMED, locked() + b"\0", PASSPHRASE),
        ("length_magic_only", MALFORMED, MAGIC, PASSPHRASE),
        ("length_0", MALFORMED, b"", PASSPHRASE),
    ):
        book.add_fixed(name, outcome, {"locked": [plain(raw)], "passphrase": passphrase, "key": KEY.hex()})
    book.save()
