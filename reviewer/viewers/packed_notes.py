"""Kinds of traces in archives, and their files one after another. Only ``noter`` imports this.

A packed file is unpacked in memory within a room that all files of one look share.
"""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Iterator
from itertools import islice
from typing import Final, Protocol

from reviewer.clean_copy.trace import Trace

MOST_UNPACKED_BYTES: Final = 64 << 20
MOST_FILES: Final = 2_000
Noted = Trace | bytes
"""A kind of trace, or a file inside, which is looked into by itself."""

_GZIP, _BZIP2, _XZ = b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0"
_GZIP_NAME, _GZIP_COMMENT, _GZIP_FLAGS_AT = 0x08, 0x10, 3
_GZIP_TIME, _GZIP_SYSTEM_AT, _UNKNOWN_SYSTEM = slice(4, 8), 9, 255
_ENCRYPTED: Final = 1
_OWNER_FIELDS: Final = frozenset({b"ux", b"Ux", b"UX", b"Uu"})
"""Extra fields of ZIP with the number of an owner on a system of the Unix kind."""

_NO_DATE: Final = (1980, 1, 1, 0, 0, 0)
LOADED: Final = (bz2, gzip, lzma)


class Packed(Protocol):
    """A file inside of an archive, open for reading."""

    def read(self, most: int, /) -> bytes: ...


class Room:
    """The bytes that may still be unpacked. A reader stops where it is used up."""

    def __init__(self, left_bytes: int = MOST_UNPACKED_BYTES) -> None:
        self._left_bytes = left_bytes

    def read(self, packed: Packed) -> bytes:
        """The content of an open entry, at most what is left."""
        content = packed.read(self._left_bytes)
        self._left_bytes -= len(content)
        return content

    @property
    def is_used_up(self) -> bool:
        return self._left_bytes <= 0


def archive_notes(untrusted_file: bytes, room: Room) -> Iterator[Noted]:
    """Kinds of traces of the archive itself, and its files.

    Raises:
        Exception: any, where it is damaged.
    """
    if untrusted_file.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(untrusted_file)) as archive:
            yield from _zip_notes(archive)
            yield from zip_files(archive, archive.infolist(), room)
            if room.is_used_up:
                yield Trace.UNREAD
        return
    if untrusted_file.startswith(_GZIP):
        yield from _gzip_notes(untrusted_file)
    plain = _unpacked(untrusted_file, room)
    try:
        with tarfile.open(fileobj=io.BytesIO(plain), mode="r:") as archive:
            yield from _tar_notes(archive, room)
    except tarfile.ReadError:
        if plain is untrusted_file:
            raise
        yield plain  # one file that was packed alone


def zip_files(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], room: Room) -> Iterator[bytes]:
    """The content of these entries, as far as there is room. One that needs a password is passed over."""
    for entry in entries[:MOST_FILES]:
        if room.is_used_up:
            return
        if not entry.is_dir() and not entry.flag_bits & _ENCRYPTED:
            with archive.open(entry) as packed:
                yield room.read(packed)


def _zip_notes(archive: zipfile.ZipFile) -> Iterator[Trace]:
    entries = archive.infolist()
    if entries:
        yield Trace.FILES
    if archive.comment.strip() or any(entry.comment.strip() for entry in entries):
        yield Trace.COMMENT
    if any(entry.date_time != _NO_DATE for entry in entries):
        yield Trace.TIME
    if any(entry.create_system for entry in entries):  # 0 is what a program writes that tells nothing
        yield Trace.DEVICE
    if any(_names_owner(entry.extra) for entry in entries):
        yield Trace.OWNER
    if len(entries) > MOST_FILES or any(entry.flag_bits & _ENCRYPTED for entry in entries):
        yield Trace.UNREAD


def _names_owner(untrusted_extra: bytes) -> bool:
    at = 0
    while at + 4 <= len(untrusted_extra):
        if untrusted_extra[at : at + 2] in _OWNER_FIELDS:
            return True
        at += 4 + int.from_bytes(untrusted_extra[at + 2 : at + 4], "little")
    return False


def _gzip_notes(untrusted_file: bytes) -> Iterator[Trace]:
    flags = untrusted_file[_GZIP_FLAGS_AT]
    if flags & _GZIP_NAME:
        yield Trace.FILES
    if flags & _GZIP_COMMENT:
        yield Trace.COMMENT
    if any(untrusted_file[_GZIP_TIME]):
        yield Trace.TIME
    if untrusted_file[_GZIP_SYSTEM_AT] != _UNKNOWN_SYSTEM:
        yield Trace.DEVICE


def _unpacked(untrusted_file: bytes, room: Room) -> bytes:
    for beginning, opened in ((_GZIP, gzip.open), (_BZIP2, bz2.open), (_XZ, lzma.open)):
        if untrusted_file.startswith(beginning):
            with opened(io.BytesIO(untrusted_file)) as packed:
                return room.read(packed)
    return untrusted_file


def _tar_notes(archive: tarfile.TarFile, room: Room) -> Iterator[Noted]:
    for entry in islice(archive, MOST_FILES):
        yield Trace.FILES
        if entry.uname or entry.gname or entry.uid or entry.gid:
            yield Trace.OWNER
        if entry.mtime:
            yield Trace.TIME
        if "comment" in entry.pax_headers:
            yield Trace.COMMENT
        content = archive.extractfile(entry) if entry.isreg() and not room.is_used_up else None
        if content is not None:
            with content:
                yield room.read(content)
    if room.is_used_up or archive.next() is not None:
        yield Trace.UNREAD
