"""Vectors of ``docs/formats/day-mark.md``: marks, and frames under them."""

import datetime as dt
import hashlib
import hmac
from collections.abc import Sequence
from typing import Any

from tests.vectors.book import MALFORMED, NOT_FOR_US, OPENS, VectorBook

MARK_KEY = bytes(range(64, 96))
DAYS = tuple(dt.date(2026, 11, 24) + dt.timedelta(days=one) for one in range(3))
ID = bytes.fromhex("a9b76a71c5f89290")


def mark(day: str) -> bytes:
    return hmac.new(MARK_KEY, b"tipline/v1/beacon/day-mark\0" + day.encode(), hashlib.sha256).digest()[:16]


MARKS = [mark(day.isoformat()) for day in DAYS]


def part(kind: int, data: bytes) -> bytes:
    return bytes([len(data) + 1, kind]) + data


def under(own: bytes, data: bytes = ID) -> bytes:
    return part(0x21, own[::-1] + data)


def fill() -> None:
    marks = VectorBook("day_mark")
    for day in ("2000-01-01", "2026-11-25", "2026-12-31", "2028-02-29", "2999-12-31"):
        told = {"mark_key": MARK_KEY.hex(), "day": day, "mark": mark(day).hex()}
        marks.add_fixed(f"mark_of_{day}", OPENS, told)
    marks.add_fixed("day_before_2000", MALFORMED, {"mark_key": MARK_KEY.hex(), "day": "1999-12-31"})
    marks.add_fixed("key_of_31_bytes", MALFORMED, {"mark_key": MARK_KEY[:31].hex(), "day": "2026-11-25"})
    marks.save()
    frames = VectorBook("frame")

    def add(name: str, outcome: str, frame: bytes, own: Sequence[bytes] = MARKS) -> None:
        told: dict[str, Any] = {"frame": frame.hex(), "marks": [one.hex() for one in own]}
        frames.add_fixed(name, outcome, told | ({"id": ID.hex()} if outcome == OPENS else {}))

    sound, flags = under(MARKS[1]), part(0x01, b"\x06")
    add("frame_of_today", OPENS, sound)
    add("frame_of_yesterday", OPENS, under(MARKS[0]))
    add("frame_of_tomorrow", OPENS, under(MARKS[2]))
    add("frame_behind_flags", OPENS, flags + sound)
    add("frame_with_zeros_behind_it", OPENS, sound + bytes(5))
    add("frame_with_another_service", OPENS, part(0x16, b"\xaa\xfe") + sound)
    add("mark_in_another_order", NOT_FOR_US, part(0x21, MARKS[1] + ID))
    add("mark_of_another_day", NOT_FOR_US, sound, MARKS[::2])
    add("mark_cut", NOT_FOR_US, part(0x21, MARKS[1][:0:-1]))
    add("mark_under_another_type", NOT_FOR_US, part(0x16, MARKS[1][::-1] + ID))
    add("frame_empty", NOT_FOR_US, b"")
    add("frame_of_zeros", NOT_FOR_US, bytes(31))
    add("length_past_the_end", MALFORMED, bytes([26]) + sound[1:])
    add("length_too_short", MALFORMED, bytes([24]) + sound[1:])
    add("length_only", MALFORMED, flags + b"\x19")
    add("zeros_and_then_more", MALFORMED, flags + bytes(1) + b"\1")
    add("frame_of_32_bytes", MALFORMED, sound + bytes(6))
    add("id_of_zeros", MALFORMED, under(MARKS[1], bytes(8)))
    add("id_of_7_bytes", MALFORMED, under(MARKS[1], ID[:7]))
    add("id_of_9_bytes", MALFORMED, under(MARKS[1], ID + b"\0"))
    add("id_missing", MALFORMED, under(MARKS[1], b""))
    short = [MARKS[0], MARKS[1]]
    # Two whole marks do not fit into 31 bytes with an id: the second bears none.
    add("mark_twice_in_too_long_a_frame", MALFORMED, under(short[0]) + under(short[1]))
    frames.save()
