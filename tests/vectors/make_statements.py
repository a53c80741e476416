"""Vectors of ``docs/formats/statements.md``."""

from typing import Any

from tests.vectors.book import MALFORMED, NEWER, OPENS, VectorBook, plain, text
from tests.vectors.make_party import written


def document(kind: str, **fields: Any) -> bytes:
    return written({"format": f"tipline-{kind}", "format_version": 1, **fields})


def hashes(count: int, length_bytes: int = 32) -> list[str]:
    return [place.to_bytes(length_bytes, "big").hex() for place in range(1, count + 1)]


def fill() -> None:
    book = VectorBook("statements")
    for kind, field, length_bytes in (("receipt", "hashes", 32), ("withdrawal", "reply_ids", 16)):
        for name, outcome, listed in _lists(length_bytes):
            _add(book, kind, name, outcome, document(kind, **{field: listed}))
        sound = document(kind, **{field: hashes(1, length_bytes)})
        _faults(book, kind, sound, field.encode())
    closed = document("week-closed", bundle_number=7, week="2026-W48")
    for name, outcome, fields in (
        ("sound", OPENS, {}),
        ("number_1", OPENS, {"bundle_number": 1}),
        ("number_0", MALFORMED, {"bundle_number": 0}),
        ("number_of_32_bits", MALFORMED, {"bundle_number": 2**31}),
        ("number_is_a_text", MALFORMED, {"bundle_number": "7"}),
        ("week_54", MALFORMED, {"week": "2026-W54"}),
        ("week_is_a_day", MALFORMED, {"week": "2026-11-25"}),
        ("week_is_null", MALFORMED, {"week": None}),
    ):
        _add(
            book,
            "week-closed",
            name,
            outcome,
            document("week-closed", **{"bundle_number": 7, "week": "2026-W48"} | fields),
        )
    _faults(book, "week-closed", closed, b"week")
    book.save()


def _add(book: VectorBook, kind: str, name: str, outcome: str, raw: bytes) -> None:
    book.add(f"{kind}_{name}", outcome, lambda: {"type": kind, "payload": [text(raw)]})


def _lists(length_bytes: int) -> list[tuple[str, str, Any]]:
    three = hashes(3, length_bytes)
    return [
        ("of_one", OPENS, three[:1]),
        ("of_three", OPENS, three),
        ("of_none", MALFORMED, []),
        ("not_sorted", MALFORMED, three[::-1]),
        ("same_twice", MALFORMED, [three[0], three[0]]),
        ("entry_short", MALFORMED, [three[0][2:]]),
        ("entry_long", MALFORMED, [three[0] + "00"]),
        ("entry_in_capitals", MALFORMED, ["AB" * length_bytes]),
        ("entry_is_a_number", MALFORMED, [1]),
        ("list_is_a_text", MALFORMED, three[0]),
        ("list_is_null", MALFORMED, None),
    ]


def _faults(book: VectorBook, kind: str, sound: bytes, field: bytes) -> None:
    version = b'"format_version":1'
    for name, outcome, raw in (
        ("of_another_format", MALFORMED, sound.replace(b"tipline-" + kind.encode(), b"tipline-bundle")),
        ("format_version_2", NEWER, sound.replace(version, b'"format_version":2')),
        ("format_version_0", MALFORMED, sound.replace(version, b'"format_version":0')),
        ("field_unknown", MALFORMED, sound[:-1] + b',"zz":1}'),
        ("field_missing", MALFORMED, sound.replace(b'"' + field + b'"', b'"zz"')),
        ("followed_by_line_feed", MALFORMED, sound + b"\n"),
        ("empty", MALFORMED, b""),
    ):
        _add(book, kind, name, outcome, raw)
    book.add(
        f"{kind}_over_1_mib",
        MALFORMED,
        lambda: {"type": kind, "payload": [text(sound), plain(b" " * 1024, 1024)]},
    )
