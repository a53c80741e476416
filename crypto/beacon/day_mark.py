"""The mark of a day, and the frame that a button sends under it: ``docs/formats/day-mark.md``."""

import datetime as dt
import hashlib
import hmac
from collections.abc import Collection, Iterator

from crypto.beacon.rotating_id import ID_BYTES
from crypto.errors import Malformed, NotForUs
from crypto.keys.keys import _Secret
from crypto.primitives.week import FIRST_YEAR, LAST_YEAR

MARK_BYTES = 16
FRAME_BYTES = 26
LONGEST_FRAME_BYTES = 31
SERVICE_DATA_128 = 0x21
"""The type of a part of an advertisement: data of a service that has a UUID of 128 bits."""
_LABEL = b"tipline/v1/beacon/day-mark\0"
_PART_BYTES = 1 + MARK_BYTES + ID_BYTES


class MarkKey(_Secret):
    """Makes the marks of one organisation. It lies in each button, and behind the air gap."""

    __slots__ = ()

    def mark_of(self, day: dt.date) -> bytes:
        """The 16-byte mark of a day in UTC.

        Raises:
            Malformed: the year is not from 2000 to 2999.
        """
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise Malformed(f"year of a mark must be from {FIRST_YEAR} to {LAST_YEAR}")
        return hmac.new(self._seed, _LABEL + day.isoformat().encode(), hashlib.sha256).digest()[:MARK_BYTES]


def frame_of(mark: bytes, button_id: bytes) -> bytes:
    """The 26 bytes of an advertisement that a button sends.

    Raises:
        ValueError: the mark has not 16 bytes, or the id has not 8.
    """
    if len(mark) != MARK_BYTES or len(button_id) != ID_BYTES:
        raise ValueError("a frame has a mark of 16 bytes and an id of 8")
    return bytes([_PART_BYTES, SERVICE_DATA_128]) + mark[::-1] + button_id


def id_of_frame(untrusted_bytes: bytes, *, marks: Collection[bytes]) -> bytes:
    """The 8-byte id of an advertisement that bears one of ``marks``.

    Raises:
        Malformed: no sound advertisement, two marks, another length, or an id of zeros.
        NotForUs: none of the marks.
    """
    found = [
        data[MARK_BYTES:]
        for kind, data in list(_parts(untrusted_bytes))
        if kind == SERVICE_DATA_128 and data[:MARK_BYTES][::-1] in marks
    ]
    if not found:
        raise NotForUs("advertisement must bear a mark of ours")
    if len(found) > 1:
        raise Malformed("advertisement must bear one mark only")
    return checked_id(found[0])


def checked_id(untrusted_bytes: bytes) -> bytes:
    """The data behind a mark, which must be an id: a Bluetooth library gives both apart.

    Raises:
        Malformed: not 8 bytes, or all of them zero.
    """
    if len(untrusted_bytes) != ID_BYTES:
        raise Malformed(f"id must have {ID_BYTES} bytes")
    if not any(untrusted_bytes):
        raise Malformed("id must not be zero")
    return untrusted_bytes


def _parts(untrusted_bytes: bytes) -> Iterator[tuple[int, bytes]]:
    """Type and data of each part of an advertisement."""
    if len(untrusted_bytes) > LONGEST_FRAME_BYTES:
        raise Malformed(f"advertisement must have at most {LONGEST_FRAME_BYTES} bytes")
    at = 0
    while at < len(untrusted_bytes):
        length = untrusted_bytes[at]
        if length == 0:
            if any(untrusted_bytes[at:]):
                raise Malformed("after the last part of an advertisement only zeros may follow")
            return
        part = untrusted_bytes[at + 1 : at + 1 + length]
        if len(part) != length:
            raise Malformed("part of an advertisement must not end early")
        yield part[0], part[1:]
        at += 1 + length
