"""A second check of a copy: it may contain the pixel data and nothing else.

What is allowed is listed, not what is forbidden. The encoder cannot have put anything else in; should it ever, as
after a new version of its library, no copy leaves. Only ``looker``, a process that is shut in, imports this.
"""

import re
import struct
import zlib
from typing import Final

from reviewer.clean_copy.picture_kind import PictureKind

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_CHUNK_BYTES: Final = 12
_HEADER_BYTES: Final = 13
_RED_GREEN_BLUE: Final = b"\x08\x02\x00\x00\x00"
"""Eight bits, three colours, no palette, no alpha, not interlaced."""

_JFIF: Final = re.compile(rb"JFIF\0\x01[\x00-\x02]\x00\x00\x01\x00\x01\x00\x00", re.DOTALL)
"""A version, square pixels of no size, and no thumbnail."""

_START, _END, _SCAN, _JFIF_MARKER = 0xD8, 0xD9, 0xDA, 0xE0
_TABLES: Final = frozenset({0xC0, 0xC4, 0xDB})
"""Baseline frame, Huffman tables, quantization tables."""

_MARKER: Final = re.compile(rb"\xff[^\x00]", re.DOTALL)


class NotBare(Exception):
    """A copy that this program made contains more than pixels: a fault of ours or of a library."""


def require_bare(copy: bytes, kind: PictureKind) -> None:
    """Return when ``copy``, a whole JPEG or PNG, holds nothing but its pixels.

    Raises:
        NotBare: anything else is in it, before it or behind it.
    """
    is_bare = _is_bare_jpeg(copy) if kind is PictureKind.JPEG else _is_bare_png(copy)
    if not is_bare:
        raise NotBare


def _is_bare_png(copy: bytes) -> bool:
    names, at = [], len(_PNG)
    if not copy.startswith(_PNG):
        return False
    while at + _CHUNK_BYTES <= len(copy):
        length, name = struct.unpack_from(">I4s", copy, at)
        content = copy[at + 8 : at + 8 + length]
        at += _CHUNK_BYTES + length
        if at > len(copy) or zlib.crc32(name + content) != struct.unpack_from(">I", copy, at - 4)[0]:
            return False
        if name == b"IHDR" and (length != _HEADER_BYTES or not content.endswith(_RED_GREEN_BLUE)):
            return False
        if name == b"IEND" and length:
            return False
        names.append(name)
    pixels = set(names[1:-1])
    return at == len(copy) and names[:1] == [b"IHDR"] and names[-1:] == [b"IEND"] and pixels == {b"IDAT"}


def _is_bare_jpeg(copy: bytes) -> bool:
    if not copy.startswith(bytes((0xFF, _START))):
        return False
    at, is_first = 2, True
    while at + 4 <= len(copy):
        introduced, marker, length = struct.unpack_from(">BBH", copy, at)
        if introduced != 0xFF or (marker == _JFIF_MARKER) is not is_first:
            return False
        if is_first and not _JFIF.fullmatch(copy, at + 4, at + 2 + length):
            return False
        is_first = False
        at += 2 + length
        if marker == _SCAN:
            # One scan, without restarts: the next marker is the end, and the end is the last that there is.
            after = _MARKER.search(copy, at)
            return after is not None and copy[after.start() :] == bytes((0xFF, _END))
        if marker not in _TABLES | {_JFIF_MARKER}:
            return False
    return False
