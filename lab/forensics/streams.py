"""Compressed streams in bytes: gzip, zlib and XZ streams that begin anywhere, and deflate inside of zip files."""

import lzma
import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from typing import Final

# The two bytes of a zlib head: window, and a level with the check that 31 divides them.
_ZLIB: Final = [
    head.to_bytes(2, "big")
    for window in range(8)
    for level in range(4)
    if (head := (window << 12 | 0x800 | level << 6) + (-(window << 12 | 0x800 | level << 6) % 31))
]
_SIGNS: Final = [b"\x1f\x8b\x08", b"PK\x03\x04", b"\xfd7zXZ\0", *_ZLIB]
STARTS: Final = re.compile(b"|".join(map(re.escape, _SIGNS)), re.DOTALL)
LONGEST_SIGN_BYTES: Final = max(map(len, _SIGNS))
_MOST_BYTES: Final = 1 << 20
_FEWEST_BYTES: Final = 8
_ZIP_HEAD_BYTES: Final = 30
_XZ_MEMORY_BYTES: Final = 128 << 20
"""Twice what its highest level asks for."""


def inflated(piece: bytes) -> Iterator[bytes]:
    """Every stream that can be read from its beginning, up to a mebibyte; cut ones as far as they go."""
    for found in STARTS.finditer(piece):
        start, sign = found.start(), found[0]
        if sign.startswith(b"\xfd"):
            plain = _xz_as_far_as_it_goes(piece, start)
        else:
            plain = _deflated_as_far_as_it_goes(piece, start, sign)
        if len(plain) >= _FEWEST_BYTES:
            yield plain


def _deflated_as_far_as_it_goes(piece: bytes, start: int, sign: bytes) -> bytes:
    if sign.startswith(b"\x1f"):
        return _as_far_as_it_goes(piece, start, zlib.MAX_WBITS | 16)
    if sign.startswith(b"PK"):
        head = piece[start : start + _ZIP_HEAD_BYTES]
        start += _ZIP_HEAD_BYTES + sum(int.from_bytes(head[place : place + 2], "little") for place in (26, 28))
        return _as_far_as_it_goes(piece, start, -zlib.MAX_WBITS)
    return _as_far_as_it_goes(piece, start, zlib.MAX_WBITS)


def _xz_as_far_as_it_goes(piece: bytes, start: int) -> bytes:
    """Byte by byte, as its reader cannot be copied and an error loses what its step would have given: a sign of six
    bytes stands hardly anywhere but where XZ begins."""
    reader = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_XZ_MEMORY_BYTES)
    plain = bytearray()
    with suppress(lzma.LZMAError):
        for place in range(start, len(piece)):
            if reader.eof or len(plain) >= _MOST_BYTES:
                break
            plain += reader.decompress(piece[place : place + 1])
    return bytes(plain)


def _as_far_as_it_goes(piece: bytes, start: int, wbits: int) -> bytes:
    reader = zlib.decompressobj(wbits)
    plain = b""
    # Little at first, as nearly all starts are false ones. An error loses what its own step would have given: that
    # is taken again in smaller ones, up to the very byte at which it errs.
    step, longest, place = 64, 4096, start
    while step and place < len(piece) and len(plain) < _MOST_BYTES and not reader.eof:
        before = reader.copy()
        try:
            plain += reader.decompress(piece[place : place + step], _MOST_BYTES)
        except zlib.error:
            reader = before
            step = longest = step // 2
        else:
            place += step
            step = longest
    return plain
