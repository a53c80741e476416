"""Vectors of ``docs/formats/recipient-file.md``."""

import hashlib
from typing import Any

from crypto.primitives import bech32
from tests.vectors.book import BAD_SIGNATURE, HERE, MALFORMED, OPENS, Piece, VectorBook, part_of, text
from tests.vectors.make_manifest import keys
from tests.vectors.make_minisign import ROOT, signature_file
from tests.vectors.make_party import hybrid_text

SOUND = "recipient_file.txt"
FIRST_LINE = b"# last day 2026-12-31\n"
KEYS = keys(60)


def file(*, first: bytes = FIRST_LINE, lines: list[str] = KEYS) -> bytes:
    return first + "".join(f"{line}\n" for line in lines).encode()


def fill() -> None:
    book = VectorBook("recipient_file")
    if not (HERE / SOUND).exists():
        (HERE / SOUND).write_bytes(file())
    _add(book, "file_of_a_quarter", OPENS, file())
    for name, day in (("first", b"2027-03-31"), ("second", b"2027-06-30"), ("third", b"2027-09-30")):
        _add(book, f"file_of_the_{name}_quarter", OPENS, file(first=b"# last day " + day + b"\n"), day.decode())
    _add(book, "day_in_the_last_year", OPENS, file(first=b"# last day 2999-12-31\n"), "2999-12-31")
    for name, line in _FIRST_LINES:
        _add(book, name, MALFORMED, file(first=line))
    for name, lines in _KEY_LINES:
        _add(book, name, MALFORMED, file(lines=lines))
    for name, raw in _FILES:
        _add(book, name, MALFORMED, raw)
    _signed(book)
    book.save()


_FIRST_LINES = (
    ("day_is_no_last_one", b"# last day 2026-12-30\n"),
    ("day_that_no_month_has", b"# last day 2026-06-31\n"),
    ("day_of_a_year_before_2000", b"# last day 1999-12-31\n"),
    ("day_with_other_signs_between", b"# last day 2026/12/31\n"),
    ("day_in_one_word", b"# last day 2026-1231 \n"),
    ("first_line_without_its_mark", b"  last day 2026-12-31\n"),
    ("first_line_in_capitals", b"# LAST DAY 2026-12-31\n"),
    ("first_line_with_a_tab", b"#\tlast day 2026-12-31\n"),
    ("first_line_missing", b""),
)
_OTHER = hybrid_text(70)
_KEY_LINES = (
    ("keys_three", KEYS[:3]),
    ("keys_five", [*KEYS, _OTHER]),
    ("keys_in_another_order", KEYS[::-1]),
    ("key_twice", [KEYS[0], KEYS[1], KEYS[1], KEYS[2]]),
    ("key_in_capitals", [KEYS[0].upper(), *KEYS[1:]]),
    ("key_with_a_letter_changed", [KEYS[0][:-1] + ("q" if KEYS[0][-1] != "q" else "p"), *KEYS[1:]]),
    ("key_of_classical_age", [bech32.encode("age", bytes(32)), *KEYS[1:]]),
    ("key_line_is_a_comment", ["#" * len(KEYS[0]), *KEYS[1:]]),
)
_FILES = (
    ("file_empty", b""),
    ("file_cut_by_its_last_line_feed", file()[:-1]),
    ("file_followed_by_line_feed", file() + b"\n"),
    ("file_with_carriage_returns", file().replace(b"\n", b"\r\n")),
    ("file_with_a_byte_order_mark", b"\xef\xbb\xbf" + file()),
    ("file_with_a_foreign_letter", file().replace(b"last", b"l\xe4st")),
    ("file_whose_day_stands_last", file().removeprefix(FIRST_LINE) + FIRST_LINE),
)


def _signed(book: VectorBook) -> None:
    sound = signature_file(file(), comment=b"tipline recipients, last day 2026-12-31")
    changed = file(first=b"# last day 2027-12-31\n")
    _add(book, "signature_sound", OPENS, file(), signature=sound)
    _add(book, "signature_over_another_day", BAD_SIGNATURE, changed, "2027-12-31", signature=sound)
    _add(book, "signature_of_three_lines", MALFORMED, file(), signature=b"\n".join(sound.split(b"\n")[:3]) + b"\n")
    signed = file(lines=KEYS[::-1])
    _add(book, "signature_sound_over_no_recipient_file", MALFORMED, signed, signature=signature_file(signed))


def _add(
    book: VectorBook,
    name: str,
    outcome: str,
    raw: bytes,
    last_day: str = "2026-12-31",
    *,
    signature: bytes | None = None,
) -> None:
    told: dict[str, Any] = {
        "file": _pieces(raw),
        "signature": None if signature is None else [text(signature)],
        "root": bytes(ROOT.verify_key).hex(),
    }
    if outcome == OPENS:
        raw_keys = b"".join(bech32.decode("age1pq", key) for key in KEYS)
        told |= {"last_day": last_day, "keys_sha256": hashlib.sha256(raw_keys).hexdigest()}
    book.add_fixed(name, outcome, told)


def _pieces(raw: bytes) -> list[Piece]:
    """The four keys as a part of the file beside the book, where they stand unchanged."""
    keys_part = file().removeprefix(FIRST_LINE)
    before, found, after = raw.partition(keys_part)
    if not found:
        return [{"hex": raw.hex()}]
    between = part_of(SOUND, len(FIRST_LINE), len(file()))
    return [{"hex": before.hex()}, between, {"hex": after.hex()}]
