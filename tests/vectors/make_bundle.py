"""Vectors of the bytes in ``docs/formats/bundle.md``: a receiver at first contact, who knows one sender.

The slots in the headers beside the book were drawn at random once (``README.md``).
"""

import hashlib
from collections.abc import Sequence
from typing import Any

from nacl.signing import SigningKey

from tests.vectors import foreign_primitives as age
from tests.vectors.book import (
    BAD_SIGNATURE,
    HERE,
    MALFORMED,
    NEWER,
    NO_KEY_OPENS,
    NOT_FOR_US,
    OPENS,
    OUT_OF_ORDER,
    Piece,
    VectorBook,
    part_of,
    plain,
)
from tests.vectors.make_party import sign_text
from tests.vectors.make_statement import OTHER, OWN, PAYLOADS, SENDER, items, receivers, statement

MAGIC = b"TIPLINB\x1a"
LABEL = b"tipline/v1/bundle-statement\0"
PRESENCE_LABEL = b"tipline/v1/bundle-presence\0"
VERSION_1, VERSION_3 = MAGIC + b"\1", MAGIC + b"\3"
FOUR, THREE, OTHERS = "bundle_header_four_slots.bin", "bundle_header_three_slots.bin", "bundle_header_of_others.bin"
THERE, DELETED, WITHHELD = b"\1", b"\0", b"\2"
SEALING = 7


def sign(raw: bytes, *, by: int = SENDER, label: bytes = LABEL) -> bytes:
    return SigningKey(bytes([by]) * 32).sign(label + raw).signature


def inside(
    raw: bytes | None = None,
    *,
    head: bytes = MAGIC + b"\1",
    sender: int = SENDER,
    signature: bytes | None = None,
    length: int | None = None,
    rest: bytes | None = None,
) -> bytes:
    raw = statement() if raw is None else raw
    return b"".join(
        (
            head,
            bytes.fromhex(sign_text(sender)),
            sign(raw) if signature is None else signature,
            (len(raw) if length is None else length).to_bytes(4, "big"),
            raw,
            written_items() if rest is None else rest,
        )
    )


def written_items(payloads: Sequence[bytes | None] = PAYLOADS) -> bytes:
    return b"".join(DELETED if payload is None else THERE + payload for payload in payloads)


def marked(
    rest: bytes | None = None,
    *,
    raw: bytes | None = None,
    marks: bytes = b"\1\1\1",
    sealing: int = SEALING,
    signed_sealing: int | None = None,
    by: int = SENDER,
    label: bytes = PRESENCE_LABEL,
) -> bytes:
    """A bundle of version 3: ``rest`` are the items with their marks, ``marks`` what is signed of them."""
    raw = statement() if raw is None else raw
    number = sealing if signed_sealing is None else signed_sealing
    signed = hashlib.sha256(raw).digest() + number.to_bytes(8, "big") + marks
    tail = (written_items() if rest is None else rest) + sign(signed, by=by, label=label)
    return inside(raw, head=VERSION_3, rest=sealing.to_bytes(8, "big") + tail)


def fill() -> None:
    book = VectorBook("bundle")
    for file, places in ((FOUR, (2, 0, 3, 1)), (THREE, (2, 0, 1)), (OTHERS, (2, 4, 3, 1))):
        if not (HERE / file).exists():
            (HERE / file).write_bytes(age.header(*(age.stanza(*age.slot(place)) for place in places)))
    for name, outcome, content, told in _sound():
        _add(book, name, outcome, content, told)
    for name, outcome, content in _faults():
        _add(book, name, outcome, content)
    _add(book, "slots_three", MALFORMED, inside(), header=THREE)
    _add(book, "slots_of_others", NO_KEY_OPENS, inside(), header=OTHERS)
    for name, content, told, marks in _sound_marked():
        _add(book, name, OPENS, content, told, marks=marks)
    for name, outcome, content in _faults_of_marks():
        _add(book, name, outcome, content)
    sealed = age.payload(inside())
    for name, payload in (
        ("envelope_cut", sealed[:-1]),
        ("envelope_changed_in_the_last_byte", sealed[:-1] + bytes([sealed[-1] ^ 1])),
        ("envelope_followed_by_a_byte", sealed + b"\0"),
        ("envelope_without_payload", b""),
    ):
        book.add(name, MALFORMED, lambda payload=payload: _told([_header(FOUR), plain(payload)]))
    later = plain(age.of_version((HERE / FOUR).read_bytes(), age.LATER_VERSION))
    book.add_fixed("envelope_version_line_v2", NEWER, _told([later, plain(sealed)]))
    long = [plain(b"\x5a" * 1024, 100)]
    book.add("file_that_is_no_envelope", MALFORMED, lambda: _told(long))
    book.save()


def _header(file: str) -> Piece:
    return part_of(file, 0, len((HERE / file).read_bytes()))


def _told(pieces: list[Piece]) -> dict[str, Any]:
    return {
        "keys": [age.SEEDS[0].hex()],
        "own": sign_text(OWN),
        "senders": [sign_text(SENDER)],
        "bundle": pieces,
    }


def _add(
    book: VectorBook,
    name: str,
    outcome: str,
    content: bytes,
    told: Sequence[bytes | None] = (),
    *,
    header: str = FOUR,
    marks: Sequence[str] = (),
) -> None:
    def make() -> dict[str, Any]:
        vector = _told([_header(header), plain(age.payload(content))])
        if outcome == OPENS:
            vector["items"] = [None if payload is None else payload.hex() for payload in told]
        if marks:
            vector |= {"sealing": SEALING, "marks": list(marks)}
        return vector

    book.add(name, outcome, make)


def _sound() -> list[tuple[str, str, bytes, Sequence[bytes | None]]]:
    one, two, three = PAYLOADS
    nothing: Sequence[bytes | None] = ()
    return [
        ("bundle_sound", OPENS, inside(), PAYLOADS),
        ("bundle_without_items", OPENS, inside(statement(items=[]), rest=b""), nothing),
        ("first_item_deleted", OPENS, inside(rest=written_items([None, two, three])), [None, two, three]),
        ("last_item_deleted", OPENS, inside(rest=written_items([one, two, None])), [one, two, None]),
        ("all_items_deleted", OPENS, inside(rest=written_items([None] * 3)), [None] * 3),
    ]


def _faults() -> list[tuple[str, str, bytes]]:
    raw = statement()
    one, two, three = PAYLOADS
    to_other = statement(receivers=receivers(OTHER))
    later = statement(number=2, previous="ab" * 32)
    longer = statement(items=items([one, two, three + b"."]))
    flipped = bytes([sign(raw)[0] ^ 1]) + sign(raw)[1:]
    newer = raw.replace(b'"format_version":1', b'"format_version":2')
    by_other = statement(sender=sign_text(9))
    return [
        ("magic_of_a_container", MALFORMED, inside(head=b"TIPLINE\x1a\1")),
        ("magic_missing", MALFORMED, inside()[9:]),
        ("version_2", NEWER, inside(head=MAGIC + b"\2")),
        ("version_0", MALFORMED, inside(head=MAGIC + b"\0")),
        ("sender_unknown", NOT_FOR_US, inside(by_other, sender=9, signature=sign(by_other, by=9))),
        ("sender_outside_is_not_the_one_inside", MALFORMED, inside(by_other)),
        ("signature_changed", BAD_SIGNATURE, inside(signature=flipped)),
        ("signature_by_a_receiver", BAD_SIGNATURE, inside(signature=sign(raw, by=OTHER))),
        ("signature_without_label", BAD_SIGNATURE, inside(signature=sign(raw, label=b""))),
        ("signature_with_the_label_of_another_use", BAD_SIGNATURE, inside(signature=sign(raw, label=b"tipline\0"))),
        ("signature_of_zeros", BAD_SIGNATURE, inside(signature=bytes(64))),
        ("statement_changed", BAD_SIGNATURE, inside(later, signature=sign(raw))),
        ("statement_that_is_no_json", MALFORMED, inside(b"statement")),
        ("statement_with_a_blank", MALFORMED, inside(raw + b" ")),
        ("statement_of_a_newer_version", NEWER, inside(newer)),
        ("statement_of_a_newer_version_unsigned", BAD_SIGNATURE, inside(newer, signature=sign(raw))),
        ("statement_bytes_over_4_mib", MALFORMED, inside(length=4 * 1024 * 1024 + 1)),
        ("statement_bytes_beyond_the_end", MALFORMED, inside(length=100_000)),
        ("statement_bytes_one_less", BAD_SIGNATURE, inside(length=len(raw) - 1)),
        ("statement_empty", MALFORMED, inside(b"", rest=b"")),
        ("receivers_without_us", NOT_FOR_US, inside(to_other)),
        ("number_2_at_first_contact", OUT_OF_ORDER, inside(later)),
        ("presence_2", MALFORMED, inside(rest=b"\2" + written_items()[1:])),
        ("presence_missing", MALFORMED, inside(rest=written_items([one, two]))),
        ("item_changed", MALFORMED, inside(rest=written_items([one, b"A row", three]))),
        ("item_changed_at_the_end", MALFORMED, inside(rest=written_items([one, two, three[:-1] + b"!"]))),
        ("item_cut", MALFORMED, inside(rest=written_items()[:-1])),
        ("item_longer_than_stated", MALFORMED, inside(rest=written_items([one + b".", two, three]))),
        ("item_shorter_than_stated", MALFORMED, inside(longer)),
        ("items_swapped", MALFORMED, inside(rest=written_items([two, one, three]))),
        ("item_more_than_stated", MALFORMED, inside(rest=written_items([*PAYLOADS, b"more"]))),
        ("item_deleted_and_yet_there", MALFORMED, inside(rest=DELETED + written_items()[1:])),
        ("end_followed_by_a_zero", MALFORMED, inside(rest=written_items() + b"\0")),
        ("end_before_the_signature", MALFORMED, inside()[:60]),
        ("end_before_the_statement", MALFORMED, inside()[:107]),
        ("content_empty", MALFORMED, b""),
    ]


def _sound_marked() -> list[tuple[str, bytes, Sequence[bytes | None], Sequence[str]]]:
    one, two, three = PAYLOADS
    there, deleted, withheld = "there", "deleted", "withheld"
    return [
        ("marked_all_there", marked(), PAYLOADS, (there, there, there)),
        (
            "marked_first_deleted",
            marked(DELETED + THERE + two + THERE + three, marks=b"\0\1\1"),
            (None, two, three),
            (deleted, there, there),
        ),
        (
            "marked_last_withheld",
            marked(THERE + one + THERE + two + WITHHELD, marks=b"\1\1\2"),
            (one, two, None),
            (there, there, withheld),
        ),
        (
            "marked_one_of_each",
            marked(DELETED + THERE + two + WITHHELD, marks=b"\0\1\2"),
            (None, two, None),
            (deleted, there, withheld),
        ),
    ]


def _faults_of_marks() -> list[tuple[str, str, bytes]]:
    one, two, _three = PAYLOADS
    some = THERE + one + THERE + two
    sound = marked()
    large = 2**63
    return [
        ("marks_signature_changed", BAD_SIGNATURE, sound[:-1] + bytes([sound[-1] ^ 1])),
        ("marks_signature_of_zeros", BAD_SIGNATURE, sound[:-64] + bytes(64)),
        ("marks_signature_by_a_receiver", BAD_SIGNATURE, marked(by=OTHER)),
        ("marks_signature_without_label", BAD_SIGNATURE, marked(label=b"")),
        ("marks_signature_with_the_label_of_the_statement", BAD_SIGNATURE, marked(label=LABEL)),
        ("marks_signature_of_another_sealing", BAD_SIGNATURE, marked(signed_sealing=SEALING + 1)),
        ("marks_signature_of_another_statement", BAD_SIGNATURE, _of_another_statement()),
        ("marks_signature_cut", MALFORMED, sound[:-1]),
        ("marks_signature_missing", MALFORMED, sound[:-64]),
        ("marks_signature_followed_by_a_byte", MALFORMED, sound + b"\0"),
        ("marks_deleted_and_signed_as_there", BAD_SIGNATURE, marked(some + DELETED)),
        ("marks_deleted_and_signed_as_withheld", BAD_SIGNATURE, marked(some + DELETED, marks=b"\1\1\2")),
        ("marks_withheld_and_signed_as_deleted", BAD_SIGNATURE, marked(some + WITHHELD, marks=b"\1\1\0")),
        ("marks_there_and_signed_as_deleted", BAD_SIGNATURE, marked(marks=b"\1\1\0")),
        ("marks_one_more_signed", BAD_SIGNATURE, marked(marks=b"\1\1\1\1")),
        ("marks_3", MALFORMED, marked(some + b"\3", marks=b"\1\1\3")),
        ("marks_item_changed", MALFORMED, marked(some + THERE + b"a Manifest")),
        ("sealing_0", MALFORMED, marked(sealing=0)),
        ("sealing_of_64_bits", MALFORMED, marked(sealing=large)),
        ("version_4", NEWER, inside(head=MAGIC + b"\4")),
        ("version_1_with_marks", MALFORMED, sound.replace(VERSION_3, VERSION_1)),
        ("version_3_without_marks", MALFORMED, inside(head=VERSION_3)),
    ]


def _of_another_statement() -> bytes:
    """The end of a bundle whose statement is another one, with items of the same lengths."""
    other = statement(stream="c3" * 16)
    return marked()[:-64] + marked(raw=other)[-64:]
