"""The position that a camera wrote into a picture, to about a hundred metres.

EXIF and XMP in JPEG, PNG and WebP, as untrusted bytes; any bytes give an answer, and each is read a fixed number of
times. EXIF goes first. Compressed XMP is not read, and neither are HEIC and videos.
Only the sandboxed process ``looker`` imports this. A file can name any position: it is a finding, and no fact.
"""

import re
import struct
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Final

from reviewer.clean_copy.picture_kind import PictureKind

STEPS: Final = 1000
"""Of a degree."""

_MOST_PIECES: Final = 100_000
_EXIF: Final = b"Exif\0\0"
_XMP: Final = b"http://ns.adobe.com/xap/1.0/\0"
_XMP_OF_PNG: Final = b"XML:com.adobe.xmp\0\0"
_MOST_XMP_BYTES: Final = 1 << 20
_XMP_PLACE: Final = re.compile(
    rb"exif:GPS(Latitude|Longitude)\s{0,9}(?:=\s{0,9}[\"']|>)\s{0,9}"
    rb"(\d{1,3}),(\d{1,2}(?:\.\d{1,12})?)(?:,(\d{1,2}(?:\.\d{1,9})?))?([NSEW])"
)
_PLACE_POINTER: Final = 0x8825
_LATITUDE_SIDE, _LATITUDE, _LONGITUDE_SIDE, _LONGITUDE = 1, 2, 3, 4
_TEXT, _RATIONAL = 2, 5
_ENTRY_BYTES: Final = 12
_MOST_ENTRIES: Final = 512
_AXES: Final = (b"Latitude", b"Longitude")
_SCAN, _END, _FILL = 0xDA, 0xD9, 0xFF
_PARTS: Final = 3
"""Degrees, minutes, seconds."""


def position(untrusted_file: bytes, kind: PictureKind) -> tuple[int, int] | None:
    """Latitude and longitude in thousandths of a degree, north and east positive, or None."""
    readers = {PictureKind.JPEG: _jpeg, PictureKind.PNG: _png, PictureKind.WEBP: _webp}
    reader = readers.get(kind)
    if reader is None:
        return None
    told = None
    try:
        for is_xmp, block in islice(reader(untrusted_file), _MOST_PIECES):
            if is_xmp:
                told = told or _in_xmp(block)
            elif block and (found := _in_exif(block)) is not None:
                return found
    except (IndexError, KeyError, struct.error):
        pass  # it ends too early, or is malformed
    return told


def _jpeg(file: bytes) -> Iterator[tuple[bool, bytes]]:
    at = 2
    while file[at] == _FILL:
        marker = file[at + 1]
        if marker == _FILL:
            at += 1
            yield False, b""
            continue
        if marker in (_END, _SCAN):
            return
        (length,) = struct.unpack_from(">H", file, at + 2)
        content = file[at + 4 : at + 2 + length] if marker == 0xE1 else b""
        is_xmp = content.startswith(_XMP)
        yield is_xmp, content if is_xmp else content[len(_EXIF) :] if content.startswith(_EXIF) else b""
        at += 2 + length


def _png(file: bytes) -> Iterator[tuple[bool, bytes]]:
    at = 8
    while at < len(file):
        length, name = struct.unpack_from(">I4s", file, at)
        content = file[at + 8 : at + 8 + length] if name in (b"eXIf", b"iTXt") else b""
        is_xmp = name == b"iTXt"
        yield is_xmp, content if not is_xmp or content.startswith(_XMP_OF_PNG) else b""
        at += 12 + length


def _webp(file: bytes) -> Iterator[tuple[bool, bytes]]:
    at = 12
    while at < len(file):
        name, length = struct.unpack_from("<4sI", file, at)
        content = file[at + 8 : at + 8 + length] if name in (b"EXIF", b"XMP ") else b""
        yield name == b"XMP ", content.removeprefix(_EXIF)
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
    return None if latitude is None or longitude is None else _on_earth(latitude, longitude)


def _in_xmp(block: bytes) -> tuple[int, int] | None:
    """The first latitude and longitude, as ``47,9.732N`` or ``47,9,43N``."""
    found: dict[bytes, float] = {}
    for name, degrees, minutes, seconds, side in _XMP_PLACE.findall(block[:_MOST_XMP_BYTES]):
        if side in (b"NS" if name == b"Latitude" else b"EW") and name not in found:
            value = int(degrees) + float(minutes) / 60 + float(seconds or 0) / 3600
            found[name] = value if side in b"NE" else -value
    return _on_earth(found[b"Latitude"], found[b"Longitude"]) if len(found) == len(_AXES) else None


def _on_earth(latitude: float, longitude: float) -> tuple[int, int] | None:
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):
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
