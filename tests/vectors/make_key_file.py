"""Vectors of ``docs/formats/keyring.md``: one secret in its file, sealed by PyNaCl's high-level interface."""

from typing import Any

from nacl.secret import SecretBox

from tests.vectors.book import MALFORMED, NO_KEY_OPENS, OPENS, VectorBook, plain
from tests.vectors.foreign_primitives import hkdf

HOME_KEY = bytes(range(32))
NONCE = bytes(range(200, 224))
SECRET = b"\x48" * 32
WEEK = "intake-2026-W48"


def key_file(name: str = WEEK, secret: bytes = SECRET, *, home_key: bytes = HOME_KEY) -> bytes:
    keyring = hkdf(home_key, salt=b"", label=b"tipline/v1/rest/keyring")
    key = hkdf(keyring, salt=b"", label=b"tipline/v1/rest/key/" + name.encode())
    return SecretBox(key).encrypt(secret, NONCE)


def fill() -> None:
    book = VectorBook("key_file")
    sound = key_file()
    _add(book, "key_of_a_week", OPENS, sound)
    _add(book, "key_of_a_quarter", OPENS, key_file("sealed-2026-Q4"), name="sealed-2026-Q4")
    _add(book, "further_key_of_a_week", OPENS, key_file(f"{WEEK}-2"), name=f"{WEEK}-2")
    _add(book, "key_of_the_casebook", OPENS, key_file("casebook"), name="casebook")
    _add(
        book, "keys_of_a_reviewer", OPENS, key_file("reviewer", b"\x49" * 64), name="reviewer", secret=b"\x49" * 64
    )
    for name, raw in (
        ("file_empty", b""),
        ("file_of_its_nonce_alone", sound[:24]),
        ("file_cut", sound[:-1]),
        ("file_followed_by_a_byte", sound + b"\0"),
        ("nonce_with_a_bit_changed", _flipped(sound, 0)),
        ("tag_with_a_bit_changed", _flipped(sound, 24)),
        ("secret_with_a_bit_changed", _flipped(sound, 71)),
        ("name_of_another_week", key_file("intake-2026-W47")),
        ("name_of_a_further_key", key_file(f"{WEEK}-2")),
        ("home_key_of_another", key_file(home_key=bytes(32))),
        ("label_of_the_keyring_left_out", _without_keyring()),
    ):
        _add(book, name, NO_KEY_OPENS, raw)
    for name, key_name, secret in (
        ("secret_empty", WEEK, b""),
        ("secret_of_31_bytes", WEEK, SECRET[:-1]),
        ("secret_of_33_bytes", WEEK, SECRET + b"\0"),
        ("secret_of_a_reviewer_in_a_week", WEEK, SECRET * 2),
        ("secret_of_a_week_in_a_reviewer", "reviewer", SECRET),
        ("name_with_a_capital", "Reviewer", SECRET),
        ("name_empty", "", SECRET),
        ("name_of_a_folder_above", "../reviewer", SECRET),
        ("name_with_a_further_number_1", f"{WEEK}-1", SECRET),
        ("name_with_a_further_number_10", f"{WEEK}-10", SECRET),
        ("name_of_a_week_with_three_digits", "intake-2026-W480", SECRET),
        ("name_of_a_reviewer_with_a_number", "reviewer-2", SECRET * 2),
    ):
        _add(book, name, MALFORMED, key_file(key_name, secret), name=key_name)
    book.save()


def _add(
    book: VectorBook, title: str, outcome: str, raw: bytes, *, name: str = WEEK, secret: bytes = SECRET
) -> None:
    told: dict[str, Any] = {"file": [plain(raw)], "key_name": name, "home_key": HOME_KEY.hex()}
    book.add_fixed(title, outcome, told | ({"secret": secret.hex()} if outcome == OPENS else {}))


def _flipped(raw: bytes, place: int) -> bytes:
    return raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]


def _without_keyring() -> bytes:
    key = hkdf(HOME_KEY, salt=b"", label=b"tipline/v1/rest/key/" + WEEK.encode())
    return SecretBox(key).encrypt(SECRET, NONCE)
