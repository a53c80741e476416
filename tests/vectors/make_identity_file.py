"""Vectors of ``docs/formats/identity-file.md``: lines of keys, and what may stand between them."""

from typing import Any

from crypto.primitives import bech32
from tests.vectors import foreign_primitives as age
from tests.vectors.book import MALFORMED, OPENS, Piece, VectorBook, plain, text

PREFIX = "age-secret-key-pq-"
FIRST, SECOND = (bech32.encode(PREFIX, seed).upper() for seed in age.SEEDS[:2])
# The example of the age specification.
CLASSICAL = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX"


def fill() -> None:
    book = VectorBook("identity_file")
    both = [age.SEEDS[0], age.SEEDS[1]]
    for name, raw, keys, classical in (
        ("key_alone", f"{FIRST}\n", both[:1], 0),
        ("key_twice", f"{FIRST}\n{FIRST}\n", both[:1] * 2, 0),
        ("keys_in_their_order", f"{SECOND}\n{FIRST}\n", both[::-1], 0),
        ("key_in_small_letters", f"{FIRST.lower()}\n", both[:1], 0),
        ("key_classical_alone", f"{CLASSICAL}\n", [], 1),
        ("key_classical_beside_ours", f"{CLASSICAL}\n{FIRST}\n", both[:1], 1),
        ("key_classical_in_small_letters", f"{CLASSICAL.lower()}\n", [], 1),
        ("key_classical_in_both_cases", f"{CLASSICAL[:8]}{CLASSICAL[8:].lower()}\n{FIRST}\n", both[:1], 1),
        ("key_classical_of_its_prefix_alone", f"AGE-SECRET-KEY-1\n{FIRST}\n", both[:1], 1),
        ("key_classical_followed_by_a_comment", f"{CLASSICAL} # мой\n{FIRST}\n", both[:1], 1),
        ("key_classical_that_is_none", f"AGE-SECRET-KEY-1QQQ\n{FIRST}\n", both[:1], 1),
        ("line_of_comment_before_and_after", f"# of a week\n{FIRST}\n#\n", both[:1], 0),
        ("line_of_comment_in_other_letters", f"# тест\n{FIRST}\n", both[:1], 0),
        ("lines_empty_between", f"\n\n{FIRST}\n\n{SECOND}\n\n", both, 0),
        ("lines_that_end_with_carriage_returns", f"# a\r\n{FIRST}\r\n", both[:1], 0),
        ("line_with_blanks_and_tabs_around", f" \t{FIRST}\t \n", both[:1], 0),
        ("line_last_without_line_feed", FIRST, both[:1], 0),
    ):
        _add(book, name, OPENS, [text(raw.encode())], keys, classical)
    _add(book, "file_longest", OPENS, _filled(65536), both[:1], 0)
    _add(book, "file_too_long", MALFORMED, _filled(65537))
    many = [text(f"{FIRST}\n".encode()) | {"times": 256}]
    _add(book, "keys_256", OPENS, many, both[:1] * 256, 0)
    _add(book, "keys_257", MALFORMED, [*many, text(f"{SECOND}\n".encode())])
    _add(book, "keys_256_and_a_classical_one", MALFORMED, [*many, text(f"{CLASSICAL}\n".encode())])
    wrong = FIRST[:-1] + ("Q" if FIRST[-1] != "Q" else "P")
    for name, raw in (
        ("file_empty", b""),
        ("file_of_comments_only", b"# nothing\n\n"),
        ("file_with_a_byte_order_mark", b"\xef\xbb\xbf" + FIRST.encode()),
        ("key_with_a_letter_changed", wrong.encode()),
        ("key_with_a_letter_left_out", (FIRST[:-1]).encode()),
        ("key_in_both_cases", (FIRST[:30] + FIRST[30:].lower()).encode()),
        ("key_with_a_letter_that_looks_alike", FIRST.replace("K", "\N{KELVIN SIGN}", 1).encode()),
        ("key_of_31_bytes", bech32.encode(PREFIX, bytes(31)).upper().encode()),
        ("key_of_33_bytes", bech32.encode(PREFIX, bytes(33)).upper().encode()),
        ("key_of_0_bytes", bech32.encode(PREFIX, b"").upper().encode()),
        ("key_that_is_public", bech32.encode("age1pq", bytes(1216)).encode()),
        ("key_of_another_tool", b"AGE-PLUGIN-YUBIKEY-1QQQQQQ"),
        ("key_followed_by_a_comment", f"{FIRST} # of a week\n".encode()),
        ("key_after_another_in_one_line", f"{FIRST} {SECOND}\n".encode()),
        ("key_in_two_lines", f"{FIRST[:40]}\n{FIRST[40:]}\n".encode()),
        ("line_of_other_text", f"{FIRST}\nhello\n".encode()),
        ("line_with_a_form_feed", f"\x0c{FIRST}\n".encode()),
        ("line_with_a_zero_byte", f"{FIRST}\0\n".encode()),
        ("lines_that_end_with_carriage_returns_alone", f"# a\r{FIRST}\r".encode() + FIRST.encode()),
        ("line_of_a_byte_that_is_no_letter", b"\xff\n" + FIRST.encode()),
    ):
        _add(book, name, MALFORMED, [plain(raw)])
    book.save()


def _filled(length: int) -> list[Piece]:
    """A key, and a comment up to this length of the file."""
    return [text(f"{FIRST}\n#".encode()), text(b"x") | {"times": length - len(FIRST) - 2}]


def _add(
    book: VectorBook,
    name: str,
    outcome: str,
    pieces: list[Piece],
    keys: list[bytes] | None = None,
    classical: int = 0,
) -> None:
    told: dict[str, Any] = {"identity": pieces}
    if keys is not None:
        told |= {"keys": [key.hex() for key in keys], "classical": classical}
    book.add_fixed(name, outcome, told)
