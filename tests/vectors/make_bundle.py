"""Vectors of the bytes in ``docs/formats/bundle.md``: a receiver at first contact, who knows one sender.

The slots in the headers beside the book were drawn at random once (``README.md``).
"""

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
FOUR, THREE, OTHERS = "bundle_header_four_slots.bin", "bundle_header_three_slots.bin", "bundle_header_of_others.bin"
THERE, DELETED = b"\1", b"\0"


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
) -> None:
    def make() -> dict[str, Any]:
        vector = _told([_header(header), plain(age.payload(content))])
        if outcome == OPENS:
            vector["items"] = [None if payload is None else payload.hex() for payload in told]
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
