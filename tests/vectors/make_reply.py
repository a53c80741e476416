"""Vectors of ``docs/formats/reply.md``: one row of each kind of fault, cut from one sound row beside the book."""

import hashlib
from typing import Any

from crypto import _hybrid
from tests.vectors import foreign_primitives as age
from tests.vectors import make_container as inside
from tests.vectors.book import HERE, MALFORMED, NO_KEY_OPENS, OPENS, Piece, VectorBook, bytes_of, part_of, plain

ROW = "reply_row.bin"
TEXT = "Thank you. Is there a copy of the list?"
MAILBOX_ID = bytes(range(32))
REPLY_ID, SALT = b"\x44" * 16, b"\x55" * 16
ROW_BYTES = 67259


def fill() -> None:
    book = VectorBook("reply")
    if not (HERE / ROW).exists():
        (HERE / ROW).write_bytes(_row())
    header = 64 + 1627
    for name, outcome, pieces in (
        ("row_sound", OPENS, [part_of(ROW, 0, ROW_BYTES)]),
        ("row_empty", MALFORMED, []),
        ("row_cut", MALFORMED, [part_of(ROW, 0, ROW_BYTES - 1)]),
        ("row_followed_by_a_byte", MALFORMED, [part_of(ROW, 0, ROW_BYTES), plain(b"\0")]),
        ("row_without_its_id", MALFORMED, [part_of(ROW, 16, ROW_BYTES)]),
        (
            "envelope_shifted_by_a_byte",
            MALFORMED,
            [part_of(ROW, 0, 64), plain(b"\0"), part_of(ROW, 64, ROW_BYTES - 1)],
        ),
        ("envelope_with_its_last_byte_zero", MALFORMED, [part_of(ROW, 0, ROW_BYTES - 1), plain(b"\0")]),
        ("envelope_to_another_key", NO_KEY_OPENS, _to_another(header)),
    ):
        book.add(name, outcome, lambda pieces=pieces, outcome=outcome: _parts(pieces, outcome))
    book.save()


def _parts(pieces: list[Piece], outcome: str) -> dict[str, Any]:
    told: dict[str, Any] = {"key": age.SEEDS[0].hex(), "mailbox_id": MAILBOX_ID.hex(), "row": pieces}
    if outcome == OPENS:
        told |= {
            "text": TEXT,
            "day": "2026-11-25",
            "reply_id": REPLY_ID.hex(),
            "salt": SALT.hex(),
            "tag": _tag().hex(),
        }
    return told


def _tag() -> bytes:
    return hashlib.blake2b(SALT, digest_size=32, key=MAILBOX_ID).digest()


def _row() -> bytes:
    text = TEXT.encode()
    head = inside.head(kind=b"\x03", id=REPLY_ID, manifest=bytes(32), manifest_version=bytes(4))
    container = bytes_of(inside.padded(head, inside.field(b"text", text), inside.end(1, 0, len(text))))
    slot = age.stanza(*age.slot(0))
    return REPLY_ID + SALT + _tag() + age.header(slot) + age.payload(container)


def _to_another(header: int) -> list[Piece]:
    slot = age.stanza(*_hybrid.wrap(age.FILE_KEY, to=_hybrid.public_key(b"\x99" * 32)))
    return [part_of(ROW, 0, 64), plain(age.header(slot)), part_of(ROW, header, ROW_BYTES)]
