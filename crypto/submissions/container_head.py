"""The fixed head of a container: ``docs/formats/container.md``, section "Head"."""

import datetime as dt
import struct
from dataclasses import dataclass
from enum import IntEnum
from typing import Self

from crypto.errors import Malformed, NewerFormat
from crypto.primitives.week import FIRST_YEAR, LAST_YEAR, Week

ID_BYTES = 16
DIGEST_BYTES = 32
MAGIC = b"TIPLINE\x1a"
VERSION = 1
NO_MANIFEST = bytes(DIGEST_BYTES)

_LAYOUT = struct.Struct(">8sBB16s32sIHBHBB")
HEAD_BYTES = _LAYOUT.size
_PREFIX_BYTES = len(MAGIC) + 1


class Kind(IntEnum):
    """The kind of a container."""

    SUBMISSION = 1
    """Text and files from a source."""
    ACT = 2
    """An act of a source in its mailbox: it deletes, says that it is safe."""
    REPLY = 3
    """An answer by staff to one mailbox."""
    SEALED = 5
    """A file that a source sealed by itself before sending it; lies as a file in a submission."""


UNDER_NO_MANIFEST = frozenset({Kind.REPLY, Kind.SEALED})
"""Kinds that are sealed to keys that no intake week names, and whose end frame names no mailbox."""


@dataclass(frozen=True, slots=True)
class Head:
    """The kind of a container, and the keys it was made for; the day is the UTC day it was begun.

    A reply, or a file that a source sealed, refers to no manifest and no intake key: its digest is
    :data:`NO_MANIFEST`, its manifest version 0, and its week the week of its day.

    Raises:
        Malformed: a field outside its bounds.
    """

    kind: Kind
    submission_id: bytes
    manifest_sha256: bytes
    manifest_version: int
    """The highest version that the server had seen."""
    week: Week
    day: dt.date

    def __post_init__(self) -> None:
        if len(self.submission_id) != ID_BYTES or len(self.manifest_sha256) != DIGEST_BYTES:
            raise Malformed(f"head must have an id of {ID_BYTES} and a digest of {DIGEST_BYTES} bytes")
        if not FIRST_YEAR <= self.day.year <= LAST_YEAR:
            raise Malformed(f"year of the day must be from {FIRST_YEAR} to {LAST_YEAR}")
        if self.kind in UNDER_NO_MANIFEST:
            if self.manifest_sha256 != NO_MANIFEST or self.manifest_version or self.week != Week.of(self.day):
                raise Malformed("head of this kind must name no manifest, and the week of its day")
        elif not 1 <= self.manifest_version < 1 << 32:
            raise Malformed("manifest version must be from 1 to 4294967295")

    def require_week(self, week: Week) -> None:
        """Return when ``week``, that of the intake key that opened, is the one that this head names.

        Raises:
            Malformed: it is another one.
        """
        if self.week != week:
            raise Malformed("submission must be sealed to the keys of the week that it names")

    @classmethod
    def parse(cls, untrusted_bytes: bytes) -> Self:
        """Parse exactly :data:`HEAD_BYTES` bytes.

        Raises:
            Malformed: not a head.
            NewerFormat: a later version of it.
        """
        if untrusted_bytes[: len(MAGIC)] != MAGIC or len(untrusted_bytes) < _PREFIX_BYTES:
            raise Malformed("container must begin with its magic bytes")
        if untrusted_bytes[len(MAGIC)] > VERSION:
            raise NewerFormat(f"container must be of version {VERSION}")
        if len(untrusted_bytes) != HEAD_BYTES:
            raise Malformed(f"head of a container must have {HEAD_BYTES} bytes")
        _, version, kind, submission_id, digest, manifest_version, year, number, *day = _LAYOUT.unpack(
            untrusted_bytes
        )
        if version != VERSION:
            raise Malformed(f"container must be of version {VERSION}")
        if kind not in set(Kind):
            raise Malformed("kind of a container must be submission, act, reply or sealed")
        try:
            begun = dt.date(*day)
        except ValueError as error:
            raise Malformed("day of a container must be a day of the calendar") from error
        return cls(Kind(kind), submission_id, digest, manifest_version, Week(year, number), begun)

    def to_bytes(self) -> bytes:
        week, day = self.week, self.day
        return _LAYOUT.pack(
            MAGIC,
            VERSION,
            self.kind,
            self.submission_id,
            self.manifest_sha256,
            self.manifest_version,
            week.year,
            week.number,
            day.year,
            day.month,
            day.day,
        )


MOST_FIELDS = 1024
MOST_FILES = 4096
FIELD_NAME_BYTES = 64
FIELD_VALUE_BYTES = 256 * 1024
FILE_NAME_BYTES = 1024
MEDIA_TYPE_BYTES = 255
DATA_BYTES = 256 * 1024
"""Length of every data frame of a file but its last."""
MAILBOX_BYTES = 32 + 1216

FIELD = b"F"
FILE_BEGIN = b"B"
DATA = b"D"
FILE_END = b"E"
END = b"Z"
FIELD_LENGTHS = struct.Struct(">BI")
FILE_LENGTHS = struct.Struct(">HB")
DATA_LENGTH = struct.Struct(">I")
FILE_TOTAL = struct.Struct(">Q32s")
TOTALS = struct.Struct(">IIQB")
ZEROS = bytes(65536)
