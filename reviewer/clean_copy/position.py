"""The position that a camera wrote into a picture, to about a hundred metres.

EXIF in JPEG, PNG and WebP, as untrusted bytes; any bytes give an answer, and each is read a fixed number of times.
Only the sandboxed process ``looker`` imports this. A file can name any position: it is a finding, and no fact.
"""

import struct
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Final

from reviewer.clean_copy.picture_kind import PictureKind

STEPS: Final = 1000
"""Of a degree."""

_MOST_PIECES: Final = 100_000
_EXIF: Final = b"Exif\0\0"
_PLACE_POINTER: Final = 0x8825
_LATITUDE_SIDE, _LATITUDE, _LONGITUDE_SIDE, _LONGITUDE = 1, 2, 3, 4
_TEXT, _RATIONAL = 2, 5
_ENTRY_BYTES: Final = 12
_MOST_ENTRIES: Final = 512
_SCAN, _END, _FILL = 0xDA, 0xD9, 0xFF
_PARTS: Final = 3
"""Degrees, minutes, seconds."""


def position(untrusted_file: bytes, kind: PictureKind) -> tuple[int, int] | None:
    """Latitude and longitude in thousandths of a degree, north and east positive, or None."""
    readers = {PictureKind.JPEG: _jpeg, PictureKind.PNG: _png, PictureKind.WEBP: _webp}
    reader = readers.get(kind)
    if reader is None:
        return None
    try:
        for block in islice(reader(untrusted_file), _MOST_PIECES):
            if block and (found := _in_exif(block)) is not None:
                return found
    except (IndexError, KeyError, struct.error):
        pass  # it ends too early, or is malformed
    return None


def _jpeg(file: bytes) -> Iterator[bytes]:
    at = 2
    while file[at] == _FILL:
        marker = file[at + 1]
        if marker == _FILL:
            at += 1
            yield b""
            continue
        if marker in (_END, _SCAN):
            return
        (length,) = struct.unpack_from(">H", file, at + 2)
        content = file[at + 4 : at + 2 + length] if marker == 0xE1 else b""
        yield content[len(_EXIF) :] if content.startswith(_EXIF) else b""
        at += 2 + length


def _png(file: bytes) -> Iterator[bytes]:
    at = 8
    while at < len(file):
        length, name = struct.unpack_from(">I4s", file, at)
        yield file[at + 8 : at + 8 + length] if name == b"eXIf" else b""
        at += 12 + length


def _webp(file: bytes) -> Iterator[bytes]:
    at = 12
    while at < len(file):
        name, length = struct.unpack_from("<4sI", file, at)
        yield file[at + 8 : at + 8 + length].removeprefix(_EXIF) if name == b"EXIF" else b""
        at += 8 + length + length % 2


def _in_exif(block: bytes) -> tuple[int, int] | None:
    order = {b"II": "<", b"MM": ">"}[block[:2]]
    (first,) = struct.unpack_from(f"{order}I", block, 4)
    main = _directory(block, order, first)
    if _PLACE_POINTER not in main:
        return None
    (at,) = struct.unpack(f"{order}I", main[_PLACE_POINTER][2])
    tags = _directory(block, order, at)
    latitude = _degrees(block, order, tags, _LATITUDE, _LATITUDE_SIDE, (b"N", b"S"))
    longitude = _degrees(block, order, tags, _LONGITUDE, _LONGITUDE_SIDE, (b"E", b"W"))
    if latitude is None or longitude is None or not (abs(latitude) <= 90 and abs(longitude) <= 180):
        return None
    found = round(latitude * STEPS), round(longitude * STEPS)
    return None if found == (0, 0) else found  # a camera without a signal writes noughts


def _directory(block: bytes, order: str, at: int) -> Mapping[int, tuple[int, int, bytes]]:
    """The tags of one directory: kind, count, and the four bytes of the value."""
    (count,) = struct.unpack_from(f"{order}H", block, at)
    end = at + 2 + min(count, _MOST_ENTRIES) * _ENTRY_BYTES
    entries = block[at + 2 : end]
    entries = entries[: len(entries) // _ENTRY_BYTES * _ENTRY_BYTES]
    return {tag: (kind, many, value) for tag, kind, many, value in struct.iter_unpack(f"{order}HHI4s", entries)}


def _degrees(
    block: bytes,
    order: str,
    tags: Mapping[int, tuple[int, int, bytes]],
    tag: int,
    side_tag: int,
    sides: tuple[bytes, bytes],
) -> float | None:
    if tag not in tags or side_tag not in tags:
        return None
    (kind, count, where), (side_kind, _count, side) = tags[tag], tags[side_tag]
    if (kind, count, side_kind) != (_RATIONAL, _PARTS, _TEXT) or side[:1] not in sides:
        return None
    (at,) = struct.unpack(f"{order}I", where)
    numbers = struct.unpack_from(f"{order}6I", block, at)
    degrees = 0.0
    for part, (above, below) in enumerate(zip(numbers[::2], numbers[1::2], strict=True)):
        if not below:
            if above or not part:
                return None
            continue  # seconds are often left empty as 0/0
        degrees += above / below / 60**part
    return degrees if side[:1] == sides[0] else -degrees
