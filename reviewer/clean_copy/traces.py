"""Kinds of traces in an original picture: reported for a copy, and before opening the original.

It parses the frame of a file and decodes nothing. It may miss a trace in a file that was made to hide one; the copy
is clean all the same, because it is drawn from pixels. Any bytes give an answer, and each byte is read a fixed
number of times. Only the sandboxed process ``looker`` imports this.
"""

import re
import struct
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Final

from reviewer.clean_copy.limits import MOST_PATTERN_BYTES
from reviewer.clean_copy.notes import (
    NOTHING,
    OTHER,
    Traces,
    exif_traces,
    keyword_traces,
    photoshop_traces,
    xmp_traces,
)
from reviewer.clean_copy.picture_kind import PictureKind
from reviewer.clean_copy.trace import Trace

_MOST_PIECES: Final = 1_000_000
"""The rest of a file with more pieces is not inspected: it was made on purpose."""

_BEHIND: Final = frozenset({Trace.BEHIND})
_COLOURS: Final = frozenset({Trace.COLOURS})
_COMMENT: Final = frozenset({Trace.COMMENT})
_FRAMES: Final = frozenset({Trace.FRAMES})
_THUMBNAIL: Final = frozenset({Trace.THUMBNAIL})
_TRANSPARENCY: Final = frozenset({Trace.TRANSPARENCY})

_SCAN, _END, _FILL = 0xDA, 0xD9, 0xFF
_SCAN_END: Final = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]", re.DOTALL)
_EXIF, _XMP, _ICC, _SEVERAL = b"Exif\0\0", b"http://ns.adobe.com/", b"ICC_PROFILE\0", b"MPF\0"
_DRAWING_CHUNKS: Final = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND", b"sBIT", b"bKGD", b"hIST"})
_WEBP_KINDS: Final = {
    b"VP8 ": NOTHING,
    **dict.fromkeys((b"ANIM", b"ANMF"), _FRAMES),
    b"ICCP": _COLOURS,
    b"ALPH": _TRANSPARENCY,
}
_PNG_KINDS: Final = {
    **dict.fromkeys((b"iCCP", b"gAMA", b"cHRM", b"sRGB", b"cICP", b"mDCV", b"cLLI"), _COLOURS),
    **dict.fromkeys((b"acTL", b"fcTL", b"fdAT"), _FRAMES),
    b"tRNS": _TRANSPARENCY,
    b"tIME": frozenset({Trace.TIME}),
}
_LONGEST_KEYWORD_BYTES: Final = 79  # as the format of PNG has it
_WITH_ALPHA: Final = frozenset({4, 6})


class Patterns:
    """Searches the texts of one file for words, at most 16 MiB of them."""

    def __init__(self) -> None:
        self.searched_bytes = 0
        """How much was looked through so far, each time that it was."""

    def xmp(self, untrusted_text: bytes) -> Traces:
        some = untrusted_text[: MOST_PATTERN_BYTES - self.searched_bytes]
        self.searched_bytes += len(some)
        return xmp_traces(some)


def traces(untrusted_file: bytes, kind: PictureKind, *, patterns: Patterns | None = None) -> Traces:
    """The kinds recognised in a whole file; an unknown note counts as :attr:`Trace.OTHER`.

    ``patterns`` counts the bytes that were searched for words.
    """
    found: set[Trace] = set()
    try:
        for some in islice(_READERS[kind](untrusted_file, patterns or Patterns()), _MOST_PIECES):
            found |= some
    except (IndexError, struct.error):
        pass  # it ends too early; what was found until there is told
    return frozenset(found)


def _jpeg(file: bytes, patterns: Patterns) -> Iterator[Traces]:
    at = 2
    while file[at] == _FILL:
        marker = file[at + 1]
        if marker == _FILL:
            at += 1
            yield NOTHING
            continue
        if marker == _END:
            yield _BEHIND if len(file) > at + 2 else NOTHING
            return
        (length,) = struct.unpack_from(">H", file, at + 2)
        yield _segment(marker, file[at + 4 : at + 2 + length], patterns)
        at += 2 + length
        if marker == _SCAN:
            after = _SCAN_END.search(file, at)
            at = after.start() if after else len(file)


def _segment(marker: int, content: bytes, patterns: Patterns) -> Traces:
    if marker == 0xFE:
        return _COMMENT
    if not 0xE0 <= marker <= 0xEF:
        return NOTHING
    match marker:
        case 0xE0:
            has_thumbnail = content.startswith(b"JFXX") or bool(any(content[12:14]))
            return _THUMBNAIL if has_thumbnail else NOTHING
        case 0xE1 if content.startswith(_EXIF):
            return exif_traces(content[len(_EXIF) :])
        case 0xE1 if content.startswith(_XMP):
            return patterns.xmp(content)
        case 0xE2 if content.startswith(_ICC):
            return _COLOURS
        case 0xE2 if content.startswith(_SEVERAL):
            return _FRAMES
        case 0xED:
            return photoshop_traces(content)
        case 0xEE if content.startswith(b"Adobe"):
            return NOTHING  # how colours are stored
        case _:
            return OTHER


def _png(file: bytes, patterns: Patterns) -> Iterator[Traces]:
    at = 8
    while at < len(file):
        length, name = struct.unpack_from(">I4s", file, at)
        yield _chunk(name, file[at + 8 : at + 8 + length], patterns)
        at += 12 + length
        if name == b"IEND":
            yield _BEHIND if at < len(file) else NOTHING
            return


def _chunk(name: bytes, content: bytes, patterns: Patterns) -> Traces:
    if name in (b"tEXt", b"zTXt", b"iTXt"):
        keyword = content[:_LONGEST_KEYWORD_BYTES].partition(b"\0")[0]
        return patterns.xmp(content) if keyword.startswith(b"XML:com.adobe.xmp") else keyword_traces(keyword)
    if name == b"eXIf":
        return exif_traces(content)
    if name == b"IHDR" and content[9] in _WITH_ALPHA:
        return _TRANSPARENCY
    return NOTHING if name in _DRAWING_CHUNKS else _PNG_KINDS.get(name, OTHER)


def _webp(file: bytes, patterns: Patterns) -> Iterator[Traces]:
    (length,) = struct.unpack_from("<I", file, 4)
    at, end = 12, 8 + length
    while at < min(end, len(file)):
        name, length = struct.unpack_from("<4sI", file, at)
        content = file[at + 8 : at + 8 + length]
        at += 8 + length + length % 2
        match name:
            case b"EXIF":
                yield exif_traces(content.removeprefix(_EXIF))
            case b"XMP ":
                yield patterns.xmp(content)
            case b"VP8X" | b"VP8L":
                yield _TRANSPARENCY if content[0 if name == b"VP8X" else 4] & 0x10 else NOTHING
            case _:
                yield _WEBP_KINDS.get(name, OTHER)
    if len(file) > end:
        yield _BEHIND


def _gif(file: bytes, patterns: Patterns) -> Iterator[Traces]:
    at, pictures = 13 + _colours_bytes(file[10]), 0
    while True:
        introducer = file[at]
        if introducer == 0x3B:
            yield _BEHIND if len(file) > at + 1 else NOTHING
            return
        if introducer == 0x2C:
            pictures += 1
            yield _FRAMES if pictures > 1 else NOTHING
            at += 11 + _colours_bytes(file[at + 9])
        elif introducer == 0x21:
            text_from = at + 3 + file[at + 2]
            first_block = file[at + 3 : text_from]
            is_xmp = file[at + 1] == 0xFF and first_block.startswith(b"XMP Data")
            if not is_xmp:
                yield _extension(file[at + 1], first_block)
            at += 2
        else:
            return
        while at < len(file) and file[at]:
            at += 1 + file[at]
            yield NOTHING
        if introducer == 0x21 and is_xmp:
            # Its own blocks and no byte more: a file may hold a million of such extensions.
            yield patterns.xmp(file[text_from:at])
        at += 1


def _colours_bytes(packed: int) -> int:
    """The length of a colour table, from its size byte."""
    return 3 << (packed & 7) + 1 if packed & 0x80 else 0


def _extension(label: int, first_block: bytes) -> Traces:
    """The kinds in an extension without XMP."""
    if label == 0xF9:
        return _TRANSPARENCY if first_block[0] & 1 else NOTHING
    if label in (0xFE, 0x01):
        return _COMMENT
    if first_block.startswith(b"NETSCAPE"):
        return NOTHING  # how often it is repeated
    return _COLOURS if first_block.startswith(b"ICCRGBG1") else OTHER


_READERS: Final[dict[PictureKind, Callable[[bytes, Patterns], Iterator[Traces]]]] = {
    PictureKind.JPEG: _jpeg,
    PictureKind.PNG: _png,
    PictureKind.WEBP: _webp,
    PictureKind.GIF: _gif,
}
