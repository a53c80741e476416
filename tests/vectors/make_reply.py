"""Vectors of ``docs/formats/reply.md``: rows that are told as differences from one sound row beside the book.

The slots of that row and of ``envelope_to_another_key`` were drawn at random once (``README.md``).
"""

import hashlib
from typing import Any

from crypto.primitives import _hybrid
from tests.vectors import foreign_primitives as age
from tests.vectors import make_container as inside
from tests.vectors.book import (
    HERE,
    MALFORMED,
    NEWER,
    NO_KEY_OPENS,
    OPENS,
    Piece,
    VectorBook,
    bytes_of,
    differing,
    part_of,
    plain,
)

ROW = "reply_row.bin"
TEXT = "Thank you. Is there a copy of the list?"
MAILBOX_ID = bytes(range(32))
REPLY_ID, SALT = b"\x44" * 16, b"\x55" * 16
ROW_BYTES = 67259
HEADER_END = 64 + 1627
NUMBER = 7


def fill() -> None:
    book = VectorBook("reply")
    if not (HERE / ROW).exists():
        sound = _row(inside.field(b"number", str(NUMBER).encode()), inside.field(b"text", TEXT.encode()))
        (HERE / ROW).write_bytes(sound)
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
        ("envelope_to_another_key", NO_KEY_OPENS, _to_another()),
        ("row_id_of_another_reply", MALFORMED, [plain(b"\x45"), part_of(ROW, 1, ROW_BYTES)]),
    ):
        book.add(name, outcome, lambda pieces=pieces, outcome=outcome: _parts(pieces, outcome))
    _numbers_and_texts(book)
    _later_versions(book)
    book.save()


def _numbers_and_texts(book: VectorBook) -> None:
    for name, number, text in (
        ("number_highest", b"2147483647", TEXT),
        ("text_empty", b"1", ""),
        ("text_longest", b"1", "x" * 2048),
    ):
        row = _row(inside.field(b"number", number), inside.field(b"text", text.encode()))
        book.add(name, OPENS, lambda row=row, n=number, t=text: _parts(_different(row), OPENS, int(n), t))
    number, text = inside.field(b"number", b"1"), inside.field(b"text", TEXT.encode())
    for name, frames in (
        ("number_missing", [text]),
        ("number_twice", [number, number, text]),
        ("number_after_the_text", [text, number]),
        ("text_missing", [number]),
        ("text_twice", [number, text, text]),
        ("text_too_long", [number, inside.field(b"text", b"x" * 2049)]),
        ("text_under_another_name", [number, inside.field(b"Text", TEXT.encode())]),
        ("field_that_no_reply_has", [number, text, inside.field(b"urgent", b"yes")]),
        ("file_beside_the_text", [number, text, inside.begin(b"a", b""), inside.file_end(b"")]),
    ):
        book.add(name, MALFORMED, lambda frames=frames: _parts(_different(_row(*frames)), MALFORMED))
    for name, value in (
        ("number_0", b"0"),
        ("number_2147483648", b"2147483648"),
        ("number_2_to_the_63", b"9223372036854775808"),
        ("number_with_a_leading_zero", b"01"),
        ("number_with_a_sign", b"+1"),
        ("number_with_a_blank", b"1 "),
        ("number_with_a_line_feed", b"1\n"),
        ("number_in_other_digits", "\u0661".encode()),
        ("number_empty", b""),
    ):
        row = _row(inside.field(b"number", value), text)
        book.add(name, MALFORMED, lambda row=row: _parts(_different(row), MALFORMED))
    act = {"kind": b"\x02", "manifest": b"\x22" * 32, "manifest_version": inside.number(7, 4)}
    for name, changed, mailbox in (("kind_act", act, b""), ("mailbox_there", {}, MAILBOX_ID + inside.SOURCE_KEY)):
        row = _row(number, text, mailbox=mailbox, **changed)
        book.add(name, MALFORMED, lambda row=row: _parts(_different(row), MALFORMED))


def _later_versions(book: VectorBook) -> None:
    number, text = inside.field(b"number", b"1"), inside.field(b"text", TEXT.encode())
    container = _row(number, text, version=b"\x02")
    book.add_fixed("container_version_2", NEWER, _parts(_different(container), NEWER))
    header = age.of_version((HERE / ROW).read_bytes()[64:HEADER_END], age.LATER_VERSION)
    sealed = [part_of(ROW, 0, 64), plain(header), part_of(ROW, HEADER_END, ROW_BYTES)]
    book.add_fixed("envelope_version_line_v2", NEWER, _parts(sealed, NEWER))


def _different(row: bytes) -> list[Piece]:
    return differing(row, ROW)


def _parts(pieces: list[Piece], outcome: str, number: int = NUMBER, text: str = TEXT) -> dict[str, Any]:
    told: dict[str, Any] = {"key": age.SEEDS[0].hex(), "mailbox_id": MAILBOX_ID.hex(), "row": pieces}
    if outcome == OPENS:
        told |= {
            "number": number,
            "text": text,
            "day": "2026-11-25",
            "reply_id": REPLY_ID.hex(),
            "salt": SALT.hex(),
            "tag": _tag().hex(),
        }
    return told


def _tag() -> bytes:
    return hashlib.blake2b(SALT, digest_size=32, key=MAILBOX_ID).digest()


def _row(*frames: bytes, mailbox: bytes = b"", **changed: bytes) -> bytes:
    """A row around these frames, under the header of the row beside the book where there is one."""
    head = inside.head(
        **{"kind": b"\x03", "id": REPLY_ID, "manifest": bytes(32), "manifest_version": bytes(4)} | changed
    )
    fields = [frame for frame in frames if frame.startswith(b"F")]
    files = sum(frame.startswith(b"B") for frame in frames)
    content_bytes = sum(int.from_bytes(frame[2:6], "big") for frame in fields)
    end = inside.end(len(fields), files, content_bytes, flag=bool(mailbox), mailbox=mailbox)
    before = REPLY_ID + SALT + _tag()
    header = (
        (HERE / ROW).read_bytes()[64:HEADER_END] if (HERE / ROW).exists() else age.header(age.stanza(*age.slot(0)))
    )
    return before + header + age.payload(bytes_of(inside.padded(head, *frames, end)))


def _to_another() -> list[Piece]:
    slot = age.stanza(*_hybrid.wrap(age.FILE_KEY, to=_hybrid.public_key(b"\x99" * 32)))
    return [part_of(ROW, 0, 64), plain(age.header(slot)), part_of(ROW, HEADER_END, ROW_BYTES)]
