"""Vectors of ``docs/formats/envelope.md``, section "Armour": what is inside is any bytes, no age file."""

import base64
from collections.abc import Callable
from typing import Any

from tests.vectors.book import MALFORMED, OPENS, VectorBook, edited, plain

BEGIN, END = b"-----BEGIN AGE ENCRYPTED FILE-----\n", b"-----END AGE ENCRYPTED FILE-----\n"
INSIDE = bytes(range(100))
FULL = bytes(range(96))


def letters(inside: bytes, *, columns: int = 64, ending: bytes = b"\n") -> bytes:
    text = base64.b64encode(inside)
    return b"".join(text[at : at + columns] + ending for at in range(0, len(text), columns))


def armored(inside: bytes = INSIDE) -> bytes:
    return BEGIN + letters(inside) + END


def fill() -> None:
    book = VectorBook("armor")
    _sound(book)
    _lines(book)
    _base64(book)
    _around(book)
    book.save()


def _add(book: VectorBook, name: str, outcome: str, raw: bytes, inside: bytes = INSIDE) -> None:
    told: dict[str, Any] = {"armored": [plain(raw)]}
    if outcome == OPENS:
        told["inside"] = inside.hex()
    book.add_fixed(name, outcome, told)


def _sound(book: VectorBook) -> None:
    for name, inside in (
        ("armor_with_two_signs_of_padding", INSIDE),
        ("armor_with_one_sign_of_padding", bytes(range(101))),
        ("armor_without_padding", bytes(range(102))),
        ("armor_of_one_byte", b"x"),
        ("armor_of_one_full_line", bytes(range(48))),
        ("armor_of_two_full_lines", FULL),
        ("armor_whose_full_last_line_has_padding", bytes(range(95))),
        ("armor_of_nothing", b""),
    ):
        _add(book, name, OPENS, armored(inside), inside)


def _lines(book: VectorBook) -> None:
    crlf = armored().replace(b"\n", b"\r\n")
    _add(book, "endings_of_lines_crlf", OPENS, crlf)
    _add(book, "endings_of_lines_crlf_but_the_first", MALFORMED, BEGIN + crlf[len(BEGIN) + 1 :])
    _add(book, "endings_of_lines_crlf_in_the_first_only", MALFORMED, BEGIN[:-1] + b"\r\n" + armored()[len(BEGIN) :])
    _add(book, "endings_of_lines_cr", MALFORMED, armored().replace(b"\n", b"\r"))
    columns: Callable[[int], bytes] = lambda width: BEGIN + letters(FULL, columns=width) + END  # noqa: E731
    for width in (1, 4, 60, 63, 65, 68, 76, 128):
        _add(book, f"lines_of_{width}_letters", MALFORMED, columns(width))
    lines = letters(INSIDE).splitlines(keepends=True)
    for name, body in (
        ("line_empty_at_the_beginning", b"\n" + b"".join(lines)),
        ("line_empty_between", lines[0] + b"\n" + b"".join(lines[1:])),
        ("line_empty_at_the_end", b"".join(lines) + b"\n"),
        ("line_empty_after_full_lines", letters(FULL) + b"\n"),
        ("line_short_between", lines[0] + lines[0][4:] + b"".join(lines[1:])),
        ("line_after_padding", b"".join(lines) + lines[0]),
        ("line_with_blank_before", b" " + b"".join(lines)),
        ("line_with_blank_after", lines[0][:-1] + b" \n" + b"".join(lines[1:])),
        ("last_line_with_blank_after", b"".join(lines)[:-1] + b" \n"),
        ("last_line_without_its_ending", b"".join(lines)[:-1]),
        ("line_of_a_header", b"Comment: none\n\n" + b"".join(lines)),
        ("line_with_a_checksum_of_pgp", b"".join(lines) + b"=AAAA\n"),
    ):
        _add(book, name, MALFORMED, BEGIN + body + END)


def _base64(book: VectorBook) -> None:
    sound = armored()
    for name, old, new in (
        ("padding_missing", b"==\n", b"\n"),
        ("padding_cut", b"==\n", b"=\n"),
        ("padding_on_two_lines", b"==\n", b"=\n=\n"),
        ("padding_three_signs", b"==\n", b"===\n"),
        ("letter_not_canonical", b"Yw==\n", b"Yx==\n"),
        ("letter_of_the_url_alphabet", b"AAECAwQF", b"AAECAw_F"),
        ("letter_that_is_no_letter", b"AAECAwQF", b"AAECA!QF"),
        ("letter_zero_byte", b"AAECAwQF", b"AAECA\0QF"),
        ("letter_of_eight_bits", b"AAECAwQF", b"AAECA\xc3QF"),
        ("letter_missing", b"AAECAwQF", b"AAECAwQ"),
        ("padding_in_the_first_line", b"AAECAwQF", b"AAECAw=="),
    ):
        _add(book, name, MALFORMED, edited(sound, old, new))


def _around(book: VectorBook) -> None:
    sound = armored()
    _add(book, "end_without_its_ending", OPENS, sound[:-1])
    _add(book, "blanks_around", OPENS, b"\n\r \t\n" + sound + b"\n\r \t\n")
    _add(book, "blanks_1024_before", OPENS, b" " * 1024 + sound)
    _add(book, "blanks_1025_before", MALFORMED, b" " * 1025 + sound)
    _add(book, "blanks_1024_after", OPENS, sound + b" " * 1023)
    _add(book, "blanks_1025_after", MALFORMED, sound + b" " * 1024)
    for name, raw in (
        ("begin_missing", sound[len(BEGIN) :]),
        ("begin_alone", BEGIN),
        ("begin_without_its_ending", BEGIN[:-1]),
        ("begin_with_blank_before_its_name", sound.replace(b"-----BEGIN", b"----- BEGIN")),
        ("begin_with_blank_after", sound.replace(b"FILE-----\n", b"FILE----- \n", 1)),
        ("begin_in_small_letters", sound.replace(b"BEGIN AGE ENCRYPTED FILE", b"begin age encrypted file")),
        ("begin_of_another_kind", sound.replace(b"BEGIN AGE ENCRYPTED FILE", b"BEGIN PGP MESSAGE")),
        ("begin_with_four_dashes", sound[1:]),
        ("begin_twice", BEGIN + sound),
        ("end_missing", sound[: -len(END)]),
        ("end_cut", sound[:-3]),
        ("end_with_blank_before", sound.replace(b"-----END", b" -----END")),
        ("end_of_another_kind", sound.replace(b"END AGE ENCRYPTED FILE", b"END PGP MESSAGE")),
        ("end_with_a_dash_more", sound[:-1] + b"-\n"),
        ("garbage_before", b"x\n" + sound),
        ("garbage_after", sound + b"x\n"),
        ("armor_twice", sound + sound),
        ("file_empty", b""),
    ):
        _add(book, name, MALFORMED, raw)
