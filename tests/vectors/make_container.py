"""Vectors of ``docs/formats/container.md``: containers as they stand inside an envelope, and the ladder.

Nothing here is drawn at random, so that running the maker again checks the book.
"""

import hashlib
import json
from typing import Any

from crypto.primitives import _hybrid
from tests.vectors.book import MALFORMED, NEWER, OPENS, Piece, VectorBook, bytes_of, plain

KIB = 1024
FULL = 256 * KIB
LOW_ORDER = bytes.fromhex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800")
MAILBOX_ID = bytes(range(32))
SOURCE_KEY = _hybrid.public_key(b"\x33" * 32)

Events = list[list[Any]]


def fill() -> None:
    book = VectorBook("container")
    _heads(book)
    _fields(book)
    _files(book)
    _ends(book)
    _paddings(book)
    _weeks_of_keys(book)
    book.save()
    ladder = VectorBook("ladder")
    for length in (
        0,
        1,
        65535,
        65536,
        65537,
        131072,
        131073,
        262145,
        524288,
        524289,
        1048576,
        1048577,
        1179648,
        1179649,
    ):
        _step(ladder, length)
    for length in (2097151, 2097152, 2097153, 2359296, 2359297, 10485760, 419430400, 1 << 40, (1 << 40) + 1):
        _step(ladder, length)
    ladder.save()


def _step(book: VectorBook, length: int) -> None:
    book.add_fixed(f"ladder_{length}", OPENS, {"length": length, "padded": _padded(length)})


def _padded(length: int) -> int:
    """By walking up the ladder, unlike the program."""
    step = 64 * KIB
    while step < length:
        step += step if step < KIB * KIB else (1 << step.bit_length() - 1) // 8
    return step


def head(**changed: bytes) -> bytes:
    """A sound head, with some of its fields changed."""
    fields = {
        "magic": b"TIPLINE\x1a",
        "version": b"\x01",
        "kind": b"\x01",
        "id": b"\x11" * 16,
        "manifest": b"\x22" * 32,
        "manifest_version": (7).to_bytes(4, "big"),
        "week_year": (2026).to_bytes(2, "big"),
        "week_number": b"\x30",
        "day_year": (2026).to_bytes(2, "big"),
        "day_month": b"\x0b",
        "day_day": b"\x19",
    }
    assert set(changed) <= set(fields)
    return b"".join({**fields, **changed}.values())


def number(value: int, length: int) -> bytes:
    return value.to_bytes(length, "big")


def field(name: bytes, value: bytes, *, name_bytes: int | None = None, value_bytes: int | None = None) -> bytes:
    lengths = (len(name) if name_bytes is None else name_bytes, len(value) if value_bytes is None else value_bytes)
    return b"F" + number(lengths[0], 1) + number(lengths[1], 4) + name + value


def begin(name: bytes, media_type: bytes) -> bytes:
    return b"B" + number(len(name), 2) + number(len(media_type), 1) + name + media_type


def data(piece: bytes) -> bytes:
    return b"D" + number(len(piece), 4) + piece


def file_end(content: bytes, *, length: int | None = None) -> bytes:
    return b"E" + number(len(content) if length is None else length, 8) + hashlib.sha256(content).digest()


def end(fields: int = 0, files: int = 0, content_bytes: int = 0, *, flag: int = 0, mailbox: bytes = b"") -> bytes:
    return b"Z" + number(fields, 4) + number(files, 4) + number(content_bytes, 8) + number(flag, 1) + mailbox


def padded(*parts: bytes | Piece, at: int | None = None) -> list[Piece]:
    """The parts, and zeros up to the ladder or to ``at``."""
    pieces = [plain(part) if isinstance(part, bytes) else part for part in parts]
    length = len(bytes_of(pieces))
    return [*pieces, plain(b"\0", (_padded(length) if at is None else at) - length)]


def _weeks_of_keys(book: VectorBook) -> None:
    for name, kind in (("submission", b"\x01"), ("act", b"\x02")):
        container = padded(head(kind=kind), end())
        _add(book, f"{name}_of_the_week_of_its_key", OPENS, container, week="2026-W48")
        for fault, week in (
            ("a_week_before", "2026-W49"),
            ("a_week_after", "2026-W47"),
            ("another_year", "2025-W48"),
        ):
            _add(book, f"{name}_of_{fault}_that_of_its_key", MALFORMED, container, week=week)


def _add(
    book: VectorBook,
    name: str,
    outcome: str,
    pieces: list[Piece],
    events: Events | None = None,
    *,
    week: str | None = None,
) -> None:
    told: dict[str, Any] = {"container": pieces} | ({"week": week} if week else {})
    if outcome == OPENS:
        told |= told_of(events or [])
    book.add_fixed(name, outcome, told)


def told_of(events: Events) -> dict[str, Any]:
    """The events as a vector states them: all of them where they are few, else the SHA-256 of their JSON."""
    text = json.dumps(events)
    return {"events": events} if len(text) < 1000 else {"events_sha256": hashlib.sha256(text.encode()).hexdigest()}


def _heads(book: VectorBook) -> None:
    _add(book, "container_without_frames", OPENS, padded(head(), end()))
    _add(book, "kind_act", OPENS, padded(head(kind=b"\x02"), end()))
    reply = {"kind": b"\x03", "manifest": bytes(32), "manifest_version": bytes(4)}
    _add(book, "kind_reply", OPENS, padded(head(**reply), end()))
    sealed = {**reply, "kind": b"\x05"}
    _add(book, "kind_sealed", OPENS, padded(head(**sealed), end()))
    _add(book, "week_53_in_a_year_that_has_it", OPENS, padded(head(week_number=b"\x35"), end()))
    _add(
        book,
        "day_29_february_in_a_leap_year",
        OPENS,
        padded(head(day_year=number(2028, 2), day_month=b"\2", day_day=b"\x1d"), end()),
    )
    _add(book, "version_2", NEWER, padded(head(version=b"\x02"), end()))
    _add(book, "version_255_and_nothing_known_after_it", NEWER, [plain(b"TIPLINE\x1a\xff")])
    for name, changed in (
        ("magic_changed", {"magic": b"TIPLINE\x1b"}),
        ("version_0", {"version": b"\0"}),
        ("kind_0", {"kind": b"\0"}),
        ("kind_4", {"kind": b"\x04"}),
        ("manifest_version_0", {"manifest_version": bytes(4)}),
        ("week_year_1999", {"week_year": number(1999, 2)}),
        ("week_year_3000", {"week_year": number(3000, 2)}),
        ("week_0", {"week_number": b"\0"}),
        ("week_54", {"week_number": b"\x36"}),
        ("week_53_in_a_year_without_it", {"week_year": number(2027, 2), "week_number": b"\x35"}),
        ("day_of_month_0", {"day_day": b"\0"}),
        ("day_of_month_31_in_november", {"day_day": b"\x1f"}),
        ("day_29_february_in_a_common_year", {"day_month": b"\2", "day_day": b"\x1d"}),
        ("day_month_0", {"day_month": b"\0"}),
        ("day_month_13", {"day_month": b"\x0d"}),
        ("day_year_1999", {"day_year": number(1999, 2)}),
        ("day_year_0", {"day_year": bytes(2)}),
        ("reply_with_manifest", {**reply, "manifest": b"\x22" * 32}),
        ("reply_with_manifest_version", {**reply, "manifest_version": number(1, 4)}),
        ("reply_with_another_week", {**reply, "week_number": b"\x31"}),
        ("sealed_with_manifest", {**sealed, "manifest": b"\x22" * 32}),
        ("sealed_with_manifest_version", {**sealed, "manifest_version": number(1, 4)}),
        ("sealed_with_another_week", {**sealed, "week_number": b"\x31"}),
        ("kind_6", {**reply, "kind": b"\x06"}),
    ):
        _add(book, name, MALFORMED, padded(head(**changed), end()))
    _add(book, "head_missing", MALFORMED, [])
    _add(book, "head_cut", MALFORMED, [plain(head()[:-1])])
    _add(book, "head_alone", MALFORMED, [plain(head())])


def _fields(book: VectorBook) -> None:
    text = "Grüße, тест".encode()
    _add(
        book,
        "field_of_text",
        OPENS,
        padded(head(), field(b"text", text), end(1, 0, len(text))),
        [["field", "text", text.decode()]],
    )
    _add(book, "field_value_empty", OPENS, padded(head(), field(b"text", b""), end(1)), [["field", "text", ""]])
    _add(
        book,
        "field_twice",
        OPENS,
        padded(head(), field(b"a", b"1"), field(b"a", b"2"), end(2, 0, 2)),
        [["field", "a", "1"], ["field", "a", "2"]],
    )
    longest = [plain(head() + field(b"t" * 64, b"", value_bytes=FULL)), plain(b"v", FULL), plain(end(1, 0, FULL))]
    _add(book, "field_name_and_value_longest", OPENS, padded(*longest), [["field", "t" * 64, "v" * FULL]])
    over = [
        plain(head() + field(b"t", b"", value_bytes=FULL + 1)),
        plain(b"v", FULL + 1),
        plain(end(1, 0, FULL + 1)),
    ]
    _add(book, "field_value_too_long", MALFORMED, padded(*over))
    for name, one in (
        ("field_name_empty", field(b"", b"1")),
        ("field_name_too_long", field(b"t" * 65, b"1")),
        ("field_name_not_utf8", field(b"\xff", b"1")),
        ("field_value_not_utf8", field(b"t", b"\xc3")),
        ("field_value_with_a_surrogate", field(b"t", b"\xed\xa0\x80")),
        ("field_value_overlong", field(b"t", b"\xc0\xaf")),
    ):
        _add(book, name, MALFORMED, padded(head(), one, end(1, 0, int.from_bytes(one[2:6], "big"))))
    many = [plain(head()), plain(field(b"a", b""), 1024), plain(end(1024))]
    _add(book, "field_1024_times", OPENS, padded(*many), [["field", "a", ""]] * 1024)
    _add(
        book, "field_1025_times", MALFORMED, padded(plain(head()), plain(field(b"a", b""), 1025), plain(end(1025)))
    )
    _add(book, "field_cut", MALFORMED, [plain(head() + field(b"text", b"cut", value_bytes=4))])
    _add(book, "field_longer_than_the_container", MALFORMED, padded(head(), field(b"text", b"", value_bytes=FULL)))
    _add(book, "frame_of_unknown_type", MALFORMED, padded(head(), b"X", end()))
    _add(book, "frame_of_type_0", MALFORMED, padded(head(), b"\0", end()))


def _files(book: VectorBook) -> None:
    def told(name: str, media_type: str, content: bytes) -> list[Any]:
        return ["file", name, media_type, len(content), hashlib.sha256(content).hexdigest()]

    def one(*frames: bytes, content_bytes: int) -> list[Piece]:
        return padded(head(), *frames, end(0, 1, content_bytes))

    hello = b"hello"
    whole = (begin(b"n", b"t"), data(hello), file_end(hello))
    _add(book, "file_small", OPENS, one(*whole, content_bytes=5), [told("n", "t", hello)])
    _add(book, "file_empty", OPENS, one(begin(b"", b""), file_end(b""), content_bytes=0), [told("", "", b"")])
    hostile = "../../etc/\0\u202epasswd\n"
    named = begin(hostile.encode(), b"x")
    _add(
        book,
        "file_name_hostile_is_kept_as_it_is",
        OPENS,
        one(named, file_end(b""), content_bytes=0),
        [told(hostile, "x", b"")],
    )
    longest = begin(b"n" * 1024, b"t" * 255)
    _add(
        book,
        "file_name_and_type_longest",
        OPENS,
        one(longest, file_end(b""), content_bytes=0),
        [told("n" * 1024, "t" * 255, b"")],
    )
    for extra, name in ((0, "file_of_exactly_one_data_frame"), (1, "file_of_one_data_frame_and_a_byte")):
        content = b"\x07" * (FULL + extra)
        rest = data(b"\x07") if extra else b""
        pieces = [plain(head() + begin(b"n", b"t") + b"D" + number(FULL, 4)), plain(b"\x07", FULL)]
        pieces.append(plain(rest + file_end(content) + end(0, 1, len(content))))
        _add(book, name, OPENS, padded(*pieces), [told("n", "t", content)])
    _add(
        book,
        "file_between_two_fields",
        OPENS,
        padded(head(), field(b"a", b"1"), *whole, field(b"b", b"2"), end(2, 1, 7)),
        [["field", "a", "1"], told("n", "t", hello), ["field", "b", "2"]],
    )
    _add(book, "file_name_too_long", MALFORMED, one(begin(b"n" * 1025, b""), file_end(b""), content_bytes=0))
    _add(book, "file_name_not_utf8", MALFORMED, one(begin(b"\xff", b""), file_end(b""), content_bytes=0))
    _add(book, "file_type_not_utf8", MALFORMED, one(begin(b"n", b"\xff"), file_end(b""), content_bytes=0))
    _add(
        book,
        "file_within_a_file",
        MALFORMED,
        padded(head(), begin(b"n", b"t"), *whole, file_end(b""), end(0, 2, 5)),
    )
    _add(
        book,
        "field_within_a_file",
        MALFORMED,
        padded(head(), begin(b"n", b"t"), field(b"a", b""), file_end(b""), end(1, 1)),
    )
    _add(book, "file_without_end", MALFORMED, one(begin(b"n", b"t"), data(hello), content_bytes=5))
    _add(book, "file_end_twice", MALFORMED, one(*whole, file_end(hello), content_bytes=5))
    _add(book, "file_end_without_file", MALFORMED, padded(head(), file_end(b""), end(0, 1)))
    _add(book, "data_without_file", MALFORMED, padded(head(), data(hello), end(0, 0, 5)))
    _add(book, "data_empty", MALFORMED, one(begin(b"n", b"t"), data(b""), file_end(b""), content_bytes=0))
    parted = (begin(b"n", b"t"), data(b"hel"), data(b"lo"), file_end(hello))
    _add(book, "data_short_before_the_last", MALFORMED, one(*parted, content_bytes=5))
    over = b"\x07" * (FULL + 1)
    pieces = [plain(head() + begin(b"n", b"t") + b"D" + number(FULL + 1, 4)), plain(b"\x07", FULL + 1)]
    _add(book, "data_too_long", MALFORMED, padded(*pieces, file_end(over), end(0, 1, FULL + 1)))
    _add(book, "file_length_wrong", MALFORMED, one(*whole[:2], file_end(hello, length=6), content_bytes=5))
    _add(book, "file_digest_wrong", MALFORMED, one(*whole[:2], file_end(b"hellO"), content_bytes=5))
    _add(book, "file_cut_within_data", MALFORMED, [plain(head() + begin(b"n", b"t") + data(hello)[:-1])])
    _add(
        book,
        "file_4097_times",
        MALFORMED,
        padded(plain(head()), plain(begin(b"", b"") + file_end(b""), 4097), end(0, 4097)),
    )


def _ends(book: VectorBook) -> None:
    address = MAILBOX_ID + SOURCE_KEY
    told = ["mailbox", MAILBOX_ID.hex(), hashlib.sha256(SOURCE_KEY).hexdigest()]
    _add(book, "mailbox_there", OPENS, padded(head(), end(flag=1, mailbox=address)), [told])
    reply = head(kind=b"\x03", manifest=bytes(32), manifest_version=bytes(4))
    _add(book, "mailbox_in_a_reply", MALFORMED, padded(reply, end(flag=1, mailbox=address)))
    sealed = head(kind=b"\x05", manifest=bytes(32), manifest_version=bytes(4))
    _add(book, "mailbox_in_a_sealed_file", MALFORMED, padded(sealed, end(flag=1, mailbox=address)))
    for name, last in (
        ("end_missing", b""),
        ("end_fields_wrong", end(1, 0, 0)),
        ("end_files_wrong", end(0, 1, 0)),
        ("end_content_bytes_wrong", end(0, 0, 1)),
        ("mailbox_flag_2", end(flag=2, mailbox=address)),
        ("mailbox_there_and_not_announced", end(flag=0, mailbox=address)),
        ("mailbox_announced_and_not_there", end(flag=1)),
        ("mailbox_key_of_low_order", end(flag=1, mailbox=address[:-32] + LOW_ORDER)),
        ("mailbox_key_outside_the_lattice", end(flag=1, mailbox=MAILBOX_ID + b"\xff" * 1184 + SOURCE_KEY[1184:])),
        ("end_twice", end() + end()),
        ("field_after_the_end", end(1, 0, 1) + field(b"a", b"1")),
    ):
        _add(book, name, MALFORMED, padded(head(), last))


def _paddings(book: VectorBook) -> None:
    whole = head() + end()
    step = 64 * KIB
    for name, pieces in (
        ("padding_missing", [plain(whole)]),
        ("padding_one_byte_short", padded(whole, at=step - 1)),
        ("padding_one_byte_long", padded(whole, at=step + 1)),
        ("padding_one_step_too_far", padded(whole, at=2 * step)),
        ("padding_first_byte_not_zero", padded(whole + b"\x01")),
        ("padding_last_byte_not_zero", [*padded(whole, at=step - 1), plain(b"\x80")]),
        ("padding_not_zero_in_the_middle", [*padded(whole, at=40000), plain(b"\x01"), plain(b"\0", step - 40001)]),
        ("padding_followed_by_a_container", [*padded(whole), *padded(whole)]),
    ):
        _add(book, name, MALFORMED, pieces)
    room = step - len(head()) - len(field(b"t", b"")) - len(end())
    filled = [plain(head() + field(b"t", b"", value_bytes=room)), plain(b"v", room), plain(end(1, 0, room))]
    _add(book, "padding_not_needed", OPENS, filled, [["field", "t", "v" * room]])
    more = [
        plain(head() + field(b"t", b"", value_bytes=room + 1)),
        plain(b"v", room + 1),
        plain(end(1, 0, room + 1)),
    ]
    _add(book, "padding_almost_a_whole_step", OPENS, padded(*more), [["field", "t", "v" * (room + 1)]])
    _add(book, "padding_missing_after_a_full_step_and_a_byte", MALFORMED, more)
