"""Vectors of ``docs/formats/envelope.md``. Their slots were drawn at random once (``README.md``)."""

import hashlib
from collections.abc import Callable
from typing import Any

from tests.vectors import foreign_primitives as age
from tests.vectors.book import HERE, MALFORMED, NEWER, NO_KEY_OPENS, OPENS, Piece, VectorBook, part_of, plain

TIP = b"the ledger is in the blue folder\n"
GREASE = b"-> grease 1 2\nAAAA\n"
LOW_ORDER = bytes.fromhex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800")
TWO_AND_A_BIT = "envelope_two_chunks_and_a_bit.age"
ONE_FULL = "envelope_one_full_chunk.age"
FULL = age.CHUNK + 16


def fill() -> None:
    book = VectorBook("envelope")
    _opening(book)
    _versions_and_stanzas(book)
    _slots(book)
    _macs(book)
    _counts_of_slots(book)
    _payloads(book)
    book.save()


def _sound(*places: int) -> list[bytes]:
    return [age.stanza(*age.slot(place)) for place in places]


def _add(
    book: VectorBook,
    name: str,
    outcome: str,
    make: Callable[[], bytes],
    *,
    slots: int | None = None,
    content: bytes = TIP,
    key: int = 0,
) -> None:
    def parts() -> dict[str, Any]:
        return _parts([plain(make())], outcome=outcome, slots=slots, content=content, key=key)

    book.add(name, outcome, parts)


def _parts(
    pieces: list[Piece], *, outcome: str, slots: int | None = None, content: bytes = TIP, key: int = 0
) -> dict[str, Any]:
    told: dict[str, Any] = {"keys": [age.SEEDS[key].hex()], "slots": slots, "envelope": pieces}
    if outcome == OPENS:
        told["content_bytes"] = len(content)
        told["content_sha256"] = hashlib.sha256(content).hexdigest()
    return told


def _opening(book: VectorBook) -> None:
    tip = age.payload(TIP)
    _add(book, "envelope_with_one_slot", OPENS, lambda: age.header(*_sound(0)) + tip, slots=1)
    _add(book, "envelope_with_four_slots", OPENS, lambda: age.header(*_sound(3, 1, 0, 2)) + tip, slots=4)
    _add(book, "payload_empty", OPENS, lambda: age.header(*_sound(0)) + age.payload(b""), content=b"")
    _add(book, "stanza_of_foreign_type_before", OPENS, lambda: age.header(GREASE, *_sound(0)) + tip)
    _add(book, "stanza_of_foreign_type_after", OPENS, lambda: age.header(*_sound(0), GREASE) + tip)
    _add(book, "stanza_foreign_body_empty", OPENS, lambda: age.header(b"-> grease\n\n", *_sound(0)) + tip)
    full_line = b"-> grease\n" + b"A" * 64 + b"\n\n"
    _add(book, "stanza_foreign_body_one_full_line", OPENS, lambda: age.header(full_line, *_sound(0)) + tip)
    visible = b"-> " + bytes(range(0x21, 0x7F)) + b"\n\n"
    _add(book, "stanza_argument_of_all_visible_bytes", OPENS, lambda: age.header(visible, *_sound(0)) + tip)
    _add(book, "keys_none_of_them_fits", NO_KEY_OPENS, lambda: age.header(*_sound(1, 2)) + tip)


def _versions_and_stanzas(book: VectorBook) -> None:
    tip = age.payload(TIP)
    for name, outcome, line in (
        ("version_line_v2", NEWER, b"age-encryption.org/v2\n"),
        ("version_line_v1_1", NEWER, b"age-encryption.org/v1.1\n"),
        ("version_line_of_another_format", MALFORMED, b"age-encryption.com/v1\n"),
        ("version_line_without_version", MALFORMED, b"age-encryption.org/\n"),
        ("version_line_with_carriage_return", MALFORMED, b"age-encryption.org/v1\r\n"),
        ("version_line_with_trailing_blank", MALFORMED, b"age-encryption.org/v1 \n"),
        ("version_line_in_capitals", MALFORMED, b"AGE-ENCRYPTION.ORG/V1\n"),
        ("version_line_missing", MALFORMED, b""),
        ("version_line_after_an_empty_line", MALFORMED, b"\n" + age.VERSION),
    ):
        _add(book, name, outcome, lambda line=line: age.header(*_sound(0), version=line) + tip)
    for name, text in (
        ("stanza_without_arrow", b"grease\n\n"),
        ("stanza_arrow_without_blank", b"->grease\n\n"),
        ("stanza_without_argument", b"->\n\n"),
        ("stanza_argument_empty", b"-> grease  1\n\n"),
        ("stanza_with_trailing_blank", b"-> grease \n\n"),
        ("stanza_with_leading_blank", b"->  grease\n\n"),
        ("stanza_with_tab", b"-> grease\t1\n\n"),
        ("stanza_with_carriage_return", b"-> grease\r\n\n"),
        ("stanza_argument_with_byte_127", b"-> grease \x7f\n\n"),
        ("stanza_argument_not_ascii", b"-> gr\xc3\xa4se\n\n"),
        ("stanza_body_missing", b"-> grease\n"),
        ("stanza_body_padded", b"-> grease\nAA==\n"),
        ("stanza_body_not_canonical", b"-> grease\nAB\n"),
        ("stanza_body_of_one_letter", b"-> grease\nA\n"),
        ("stanza_body_in_the_alphabet_of_addresses", b"-> grease\nAA-_\n"),
        ("stanza_body_with_blank", b"-> grease\nAAAA \n"),
        ("stanza_body_with_carriage_return", b"-> grease\nAAAA\r\n"),
        ("stanza_body_line_of_65_letters", b"-> grease\n" + b"A" * 65 + b"\n\n"),
        ("stanza_body_line_of_68_letters", b"-> grease\n" + b"A" * 68 + b"\n"),
        ("stanza_body_of_two_short_lines", b"-> grease\nAAAA\nAAAA\n"),
        ("stanza_body_full_line_without_a_short_one", b"-> grease\n" + b"A" * 64 + b"\n"),
    ):
        _add(book, name, MALFORMED, lambda text=text: age.header(text, *_sound(0)) + tip)
    _add(book, "header_without_stanza", MALFORMED, lambda: age.header() + tip)
    _add(book, "header_empty", MALFORMED, lambda: b"")
    _add(book, "header_cut_within_a_slot", MALFORMED, lambda: age.header(*_sound(0))[:700])
    _add(book, "header_cut_before_its_mac", MALFORMED, lambda: age.header(*_sound(0))[:-48])
    armour = b"-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n-----END AGE ENCRYPTED FILE-----\n"
    _add(book, "header_armoured", MALFORMED, lambda: armour)


def _slots(book: VectorBook) -> None:
    def edited(edit: Callable[[bytes, bytes], bytes], file_key: bytes = age.FILE_KEY) -> Callable[[], bytes]:
        return lambda: age.header(edit(*age.slot(0, file_key))) + age.payload(TIP)

    def line(*arguments: bytes, body: bytes) -> bytes:
        return b"-> " + b" ".join(arguments) + b"\n" + body + b"\n"

    kind = b"mlkem768x25519"
    for name, outcome, edit in (
        ("slot_type_in_capitals", NO_KEY_OPENS, lambda e, b: line(kind.upper(), age.b64(e), body=age.b64(b))),
        ("slot_argument_missing", MALFORMED, lambda _e, b: line(kind, body=age.b64(b))),
        ("slot_argument_extra", MALFORMED, lambda e, b: line(kind, age.b64(e), b"1", body=age.b64(b))),
        ("slot_encapsulation_short", MALFORMED, lambda e, b: age.stanza(e[:-1], b)),
        ("slot_encapsulation_long", MALFORMED, lambda e, b: age.stanza(e + b"\0", b)),
        ("slot_encapsulation_padded", MALFORMED, lambda e, b: line(kind, age.b64(e) + b"==", body=age.b64(b))),
        (
            "slot_encapsulation_not_canonical",
            MALFORMED,
            # 1120 bytes leave four bits over in the last letter, which must be zero.
            lambda e, b: line(kind, age.b64(e[:-1] + b"\0")[:-1] + b"B", body=age.b64(b)),
        ),
        ("slot_encapsulation_lattice_changed", NO_KEY_OPENS, lambda e, b: age.stanza(bytes([e[0] ^ 1]) + e[1:], b)),
        (
            "slot_encapsulation_point_changed",
            NO_KEY_OPENS,
            lambda e, b: age.stanza(e[:-10] + bytes([e[-10] ^ 255]) + e[-9:], b),
        ),
        ("slot_encapsulation_point_of_low_order", MALFORMED, lambda e, b: age.stanza(e[:-32] + LOW_ORDER, b)),
        ("slot_body_changed", NO_KEY_OPENS, lambda e, b: age.stanza(e, bytes([b[0] ^ 1]) + b[1:])),
        ("slot_body_tag_changed", NO_KEY_OPENS, lambda e, b: age.stanza(e, b[:-1] + bytes([b[-1] ^ 1]))),
        ("slot_body_short", MALFORMED, lambda e, b: age.stanza(e, b[:-1])),
        ("slot_body_long", MALFORMED, lambda e, b: age.stanza(e, b + b"\0")),
        ("slot_body_empty", MALFORMED, lambda e, _b: age.stanza(e, b"")),
    ):
        _add(book, name, outcome, edited(edit))
    longer = b"a file key of 24 bytes.."
    _add(book, "slot_file_key_of_24_bytes", MALFORMED, edited(age.stanza, longer))
    _add(
        book,
        "slot_unsound_beside_a_sound_one",
        MALFORMED,
        lambda: age.header(*_sound(0), age.stanza(age.slot(1)[0], b"")) + age.payload(TIP),
    )
    _add(
        book,
        "slot_point_of_low_order_beside_a_sound_one",
        MALFORMED,
        lambda: (
            age.header(*_sound(0), age.stanza(age.slot(1)[0][:-32] + LOW_ORDER, age.slot(1)[1])) + age.payload(TIP)
        ),
    )
    scrypt = b"-> scrypt " + age.b64(bytes(16)) + b" 18\n" + age.b64(bytes(32)) + b"\n"
    _add(book, "scrypt_beside_a_slot", MALFORMED, lambda: age.header(*_sound(0), scrypt) + age.payload(TIP))
    _add(book, "scrypt_alone", NO_KEY_OPENS, lambda: age.header(scrypt) + age.payload(TIP))
    classical = b"-> X25519 " + age.b64(bytes(32)) + b"\n" + age.b64(bytes(32)) + b"\n"
    _add(book, "slot_classical_only", NO_KEY_OPENS, lambda: age.header(classical) + age.payload(TIP))


def _macs(book: VectorBook) -> None:
    def ended(end: Callable[[bytes], bytes]) -> Callable[[], bytes]:
        def make() -> bytes:
            before = age.VERSION + _sound(0)[0] + b"---"
            return before + end(age.mac(before)) + age.payload(TIP)

        return make

    for name, end in (
        ("mac_changed", lambda m: b" " + age.b64(bytes([m[0] ^ 1]) + m[1:]) + b"\n"),
        ("mac_short", lambda m: b" " + age.b64(m[:-1]) + b"\n"),
        ("mac_long", lambda m: b" " + age.b64(m + b"\0") + b"\n"),
        ("mac_missing", lambda _m: b"\n"),
        ("mac_empty", lambda _m: b" \n"),
        ("mac_without_blank", lambda m: age.b64(m) + b"\n"),
        ("mac_after_two_blanks", lambda m: b"  " + age.b64(m) + b"\n"),
        ("mac_before_a_blank", lambda m: b" " + age.b64(m) + b" \n"),
        ("mac_padded", lambda m: b" " + age.b64(m) + b"=\n"),
        # 32 bytes leave two bits over in the last letter; canonical letters there are every fourth.
        ("mac_not_canonical", lambda m: b" " + age.b64(m)[:-1] + bytes([age.b64(m)[-1] + 1]) + b"\n"),
        ("mac_with_carriage_return", lambda m: b" " + age.b64(m) + b"\r\n"),
    ):
        _add(book, name, MALFORMED, ended(end))
    _add(
        book,
        "mac_over_the_blank_as_well",
        MALFORMED,
        lambda: (
            (before := age.VERSION + _sound(0)[0] + b"--- ") + age.b64(age.mac(before)) + b"\n" + age.payload(TIP)
        ),
    )
    _add(
        book,
        "mac_of_a_header_with_the_slots_in_another_order",
        MALFORMED,
        lambda: _swapped(age.header(*_sound(0, 1))) + age.payload(TIP),
    )


def _swapped(header: bytes) -> bytes:
    start, one = len(age.VERSION), 1557
    return (
        header[:start]
        + header[start + one : start + 2 * one]
        + header[start : start + one]
        + header[start + 2 * one :]
    )


def _counts_of_slots(book: VectorBook) -> None:
    tip = age.payload(TIP)
    for name, stanzas in (
        ("slots_three_instead_of_four", lambda: _sound(0, 1, 2)),
        ("slots_five_instead_of_four", lambda: _sound(0, 1, 2, 3, 4)),
        ("slots_four_and_a_foreign_one", lambda: [*_sound(0, 1, 2, 3), GREASE]),
        ("slots_three_and_a_foreign_one", lambda: [*_sound(0, 1, 2), GREASE]),
    ):
        _add(book, name, MALFORMED, lambda stanzas=stanzas: age.header(*stanzas()) + tip, slots=4)


def _payloads(book: VectorBook) -> None:
    head = lambda: age.header(*_sound(0))  # noqa: E731 -- made again for each vector
    tip = age.payload(TIP)
    for name, changed in (
        ("payload_missing", b""),
        ("payload_nonce_cut", tip[:15]),
        ("payload_without_chunk", tip[:16]),
        ("payload_cut_within_a_tag", tip[:31]),
        ("payload_nonce_changed", bytes([tip[0] ^ 1]) + tip[1:]),
        ("payload_chunk_changed", tip[:16] + bytes([tip[16] ^ 1]) + tip[17:]),
        ("payload_chunk_tag_changed", tip[:-1] + bytes([tip[-1] ^ 1])),
        ("payload_chunk_cut", tip[:-1]),
        ("payload_followed_by_a_byte", tip + b"\0"),
        ("payload_followed_by_itself", tip + tip[16:]),
        ("payload_last_chunk_without_flag", age.NONCE + age.chunk(TIP, count=0, last=False)),
        ("payload_counter_from_one", age.NONCE + age.chunk(TIP, count=1, last=True)),
        ("payload_empty_chunk_without_flag", age.NONCE + age.chunk(b"", count=0, last=False)),
    ):
        _add(book, name, MALFORMED, lambda changed=changed: head() + changed)
    _long_payloads(book)


def _long_payloads(book: VectorBook) -> None:
    """Full chunks cannot be written short: they stand once, in two files, and vectors are cut from those."""
    bit, full = b"\x5a" * (2 * age.CHUNK + 5), b"\xa5" * age.CHUNK
    for file, content in ((TWO_AND_A_BIT, bit), (ONE_FULL, full)):
        if not (HERE / file).exists():
            (HERE / file).write_bytes(age.header(*_sound(0)) + age.payload(content))
    start = 1627 + 16
    second, third, end = start + FULL, start + 2 * FULL, start + 2 * FULL + 21
    for name, outcome, pieces, content in (
        ("payload_two_chunks_and_a_bit", OPENS, [part_of(TWO_AND_A_BIT, 0, end)], bit),
        ("payload_one_full_chunk", OPENS, [part_of(ONE_FULL, 0, second)], full),
        ("payload_full_chunk_followed_by_a_byte", MALFORMED, [part_of(ONE_FULL, 0, second), plain(b"\0")], b""),
        (
            "payload_full_chunk_followed_by_an_empty_one",
            MALFORMED,
            [part_of(TWO_AND_A_BIT, 0, second), plain(age.chunk(b"", count=1, last=True))],
            b"",
        ),
        (
            "payload_last_full_chunk_followed_by_another",
            MALFORMED,
            [part_of(ONE_FULL, 0, second), plain(age.chunk(b"more", count=1, last=True))],
            b"",
        ),
        (
            "payload_chunks_swapped",
            MALFORMED,
            [
                part_of(TWO_AND_A_BIT, 0, start),
                part_of(TWO_AND_A_BIT, second, third),
                part_of(TWO_AND_A_BIT, start, second),
                part_of(TWO_AND_A_BIT, third, end),
            ],
            b"",
        ),
        (
            "payload_chunk_missing",
            MALFORMED,
            [part_of(TWO_AND_A_BIT, 0, second), part_of(TWO_AND_A_BIT, third, end)],
            b"",
        ),
        (
            "payload_chunk_repeated",
            MALFORMED,
            [part_of(TWO_AND_A_BIT, 0, second), part_of(TWO_AND_A_BIT, start, end)],
            b"",
        ),
        ("payload_cut_between_chunks", MALFORMED, [part_of(TWO_AND_A_BIT, 0, third)], b""),
        ("payload_cut_within_a_full_chunk", MALFORMED, [part_of(TWO_AND_A_BIT, 0, third - 1)], b""),
    ):
        book.add(
            name,
            outcome,
            lambda pieces=pieces, outcome=outcome, content=content: _parts(
                pieces, outcome=outcome, content=content
            ),
        )
