"""Photos with every kind of trace in them, made here: a coloured board, so that no photo shows anyone.

Each trace holds a word of its own, so that it can be looked for in a copy; :func:`words_in` also finds it where it
is compressed.
"""

import io
import random
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Final, Protocol

from PIL import Image, ImageDraw

RED, GREEN, BLUE, GREY = (200, 30, 30), (30, 180, 40), (40, 50, 200), (128, 128, 128)
SIZE: Final = (96, 64)
PLACE, PLACE_TIME, DEVICE, TIME, OWNER = (
    b"TRACE-place",
    b"TRACE-pltime",
    b"TRACE-device",
    b"TRACE-time",
    b"TRACE-owner",
)
COMMENT, THUMBNAIL, SERIAL, NOTE = b"TRACE-comment", b"TRACE-thumbnail", b"TRACE-serial", b"TRACE-note"
XMP, IPTC, PROFILE, BEHIND, UNKNOWN = b"TRACE-xmp", b"TRACE-iptc", b"TRACE-icc", b"TRACE-behind", b"TRACE-unknown"

_ASCII, _SHORT, _LONG, _RATIONAL, _UNDEFINED = 2, 3, 4, 5, 7
Entries = Mapping[int, tuple[int, int, bytes]]


class Turned(Protocol):
    """Makes a photo with this Orientation."""

    def __call__(self, *, orientation: int) -> bytes: ...


def board(size: tuple[int, int] = SIZE) -> Image.Image:
    """Red, green, blue and grey, one in each quarter, from the top left: turned or mirrored it is another one."""
    picture = Image.new("RGB", size, GREY)
    width, height = size[0] // 2, size[1] // 2
    picture.paste(RED, (0, 0, width, height))
    picture.paste(GREEN, (width, 0, size[0], height))
    picture.paste(BLUE, (0, height, width, size[1]))
    return picture


def quarters(picture: Image.Image) -> list[object]:
    """The colours in the middle of the four quarters, from the top left."""
    plain = picture.convert("RGB")
    width, height = picture.size
    return [plain.getpixel((x * width // 4, y * height // 4)) for y in (1, 3) for x in (1, 3)]


def encoded(picture: Image.Image, kind: str, **options: object) -> bytes:
    """The picture as a file, without any trace but what ``options`` bring."""
    sink = io.BytesIO()
    picture.save(sink, kind, **options)
    return sink.getvalue()


def words_in(content: bytes) -> set[bytes]:
    """Every word of a trace in a file, also inside of what is compressed."""
    found = set(re.findall(rb"TRACE-[a-z]+", content))
    for start in re.finditer(rb"\x78[\x01\x5e\x9c\xda]", content):
        unpacker = zlib.decompressobj()
        try:
            found |= set(re.findall(rb"TRACE-[a-z]+", unpacker.decompress(content[start.start() :], 1 << 20)))
        except zlib.error:
            continue
    return found


# --- the notes ----------------------------------------------------------------------------------------------------


def text(value: bytes) -> tuple[int, int, bytes]:
    return _ASCII, len(value) + 1, value + b"\0"


def tiff(
    main: Entries, *, camera: Entries | None = None, place: Entries | None = None, thumbnail: bytes = b""
) -> bytes:
    """A TIFF structure as EXIF is one, with the directories that are given."""
    entries = dict(main)
    if camera is not None:
        entries[0x8769] = (_LONG, 1, b"camr")
    if place is not None:
        entries[0x8825] = (_LONG, 1, b"plac")
    block = b"II*\0" + struct.pack("<I", 8)
    second = {
        0x0103: (_SHORT, 1, b"\6\0"),
        0x0201: (_LONG, 1, b"thmb"),
        0x0202: (_LONG, 1, _number(len(thumbnail))),
    }
    block += _directory(entries, at=len(block), is_last=not thumbnail)
    for pointer, directory in ((b"camr", camera), (b"plac", place)):
        if directory is not None:
            block = block.replace(pointer, _number(len(block)))
            block += _directory(directory, at=len(block))
    if thumbnail:
        block = block.replace(b"next", _number(len(block)))
        block += _directory(second, at=len(block))
        block = block.replace(b"thmb", _number(len(block))) + thumbnail
    return block


def _number(value: int) -> bytes:
    return struct.pack("<I", value)


def _directory(entries: Entries, *, at: int, is_last: bool = True) -> bytes:
    table, values = b"", b""
    values_at = at + 2 + 12 * len(entries) + 4
    for tag, (kind, count, value) in sorted(entries.items()):
        table += struct.pack("<HHI", tag, kind, count)
        if len(value) <= 4:
            table += value.ljust(4, b"\0")
        else:
            table += _number(values_at + len(values))
            values += value + b"\0" * (len(value) % 2)
    return struct.pack("<H", len(entries)) + table + (_number(0) if is_last else b"next") + values


def exif(*, orientation: int = 1) -> bytes:
    """All that a telephone may write, without the six bytes that a JPEG puts before it."""
    degrees = struct.pack("<6I", 48, 1, 12, 1, 30, 1)
    return tiff(
        {
            0x010E: text(COMMENT),
            0x010F: text(DEVICE),
            0x0110: text(b"Model 7"),
            0x0112: (_SHORT, 1, struct.pack("<H", orientation)),
            0x0132: text(TIME),
            0x013B: text(OWNER),
        },
        camera={
            0x9003: text(b"2026:05:12 14:33:00"),
            0x9286: (_UNDEFINED, 8 + len(COMMENT), b"ASCII\0\0\0" + COMMENT),
            0xA430: text(OWNER),
            0xA431: text(SERIAL),
        },
        place={
            1: text(b"N"),
            2: (_RATIONAL, 3, degrees),
            3: text(b"E"),
            4: (_RATIONAL, 3, degrees),
            0x1B: (_UNDEFINED, len(PLACE), PLACE),
            0x1D: text(PLACE_TIME),
        },
        thumbnail=segments(encoded(board((16, 8)), "JPEG"), (0xFE, THUMBNAIL)),
    )


EXIF_WORDS: Final = {PLACE, PLACE_TIME, DEVICE, TIME, OWNER, COMMENT, THUMBNAIL, SERIAL}


def xmp() -> bytes:
    return (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description exif:GPSLatitude="48,12.5N"'
        b' xmp:CreateDate="2026-05-12"><dc:creator>'
        + XMP
        + b"</dc:creator></rdf:Description></rdf:RDF></x:xmpmeta>"
    )


def photoshop() -> bytes:
    """With IPTC in it: a city, a day, a photographer."""
    records = b"".join(
        struct.pack(">BBBH", 0x1C, 2, number, len(value)) + value
        for number, value in ((90, IPTC), (55, b"20260512"), (80, IPTC))
    )
    return b"Photoshop 3.0\0" + struct.pack(">4sHHI", b"8BIM", 0x0404, 0, len(records)) + records


def archive() -> bytes:
    """A ZIP, as it is hung on behind a picture."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as packed:
        packed.writestr("list.txt", BEHIND)
    return sink.getvalue()


# --- the files ----------------------------------------------------------------------------------------------------


def segments(jpeg: bytes, *some: tuple[int, bytes]) -> bytes:
    """A JPEG with these behind its beginning: markers with what is in them."""
    packed = b"".join(struct.pack(">BBH", 0xFF, marker, len(one) + 2) + one for marker, one in some)
    return jpeg[:2] + packed + jpeg[2:]


_PNG_HEAD: Final = b"\x89PNG\r\n\x1a\n"
_BEHIND_IHDR: Final = 33


def chunks(png: bytes, *some: tuple[bytes, bytes], at: int = _BEHIND_IHDR) -> bytes:
    """A PNG with these behind its header."""
    return png[:at] + b"".join(_chunk(name, one) for name, one in some) + png[at:]


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def jpeg(*, orientation: int = 1, kind: str = "RGB", **options: object) -> bytes:
    return segments(
        encoded(board().convert(kind), "JPEG", quality=95, **options),
        (0xE1, b"Exif\0\0" + exif(orientation=orientation)),
        (0xE1, b"http://ns.adobe.com/xap/1.0/\0" + xmp()),
        (0xE2, b"ICC_PROFILE\0\1\1" + PROFILE),
        (0xE5, UNKNOWN),
        (0xED, photoshop()),
        (0xFE, NOTE),
    )


JPEG_WORDS: Final = EXIF_WORDS | {XMP, PROFILE, UNKNOWN, IPTC, NOTE}


def png(*, orientation: int = 1, kind: str = "RGB") -> bytes:
    return chunks(
        encoded(board().convert(kind), "PNG"),
        (b"iCCP", b"profile\0\0" + zlib.compress(PROFILE)),
        (b"eXIf", exif(orientation=orientation)),
        (b"tEXt", b"Author\0" + OWNER),
        (b"tEXt", b"Comment\0" + NOTE),
        (b"zTXt", b"Software\0\0" + zlib.compress(DEVICE)),
        (b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp()),
        (b"tIME", struct.pack(">HBBBBB", 2026, 5, 12, 14, 33, 0)),
        (b"prVt", UNKNOWN),
    )


PNG_WORDS: Final = EXIF_WORDS | {XMP, PROFILE, UNKNOWN, NOTE}


def webp(*, orientation: int = 1, is_lossless: bool = True) -> bytes:
    block = exif(orientation=orientation)
    return encoded(board(), "WEBP", lossless=is_lossless, exif=b"Exif\0\0" + block, xmp=xmp(), icc_profile=PROFILE)


WEBP_WORDS: Final = EXIF_WORDS | {XMP, PROFILE}


def gif() -> bytes:
    """Two frames, a comment, and XMP in an application's block."""
    second = Image.new("RGB", SIZE, GREEN)
    content = encoded(board(), "GIF", save_all=True, append_images=[second], comment=NOTE, duration=80, loop=0)
    colours = 3 << (content[10] & 7) + 1 if content[10] & 0x80 else 0
    block = b"!\xff\x0bXMP DataXMP" + bytes((len(XMP),)) + XMP + b"\0"
    return content[: 13 + colours] + block + content[13 + colours :]


def gif_of_xmp(blocks: int) -> bytes:
    """A small picture that any program draws, with this number of empty blocks of XMP before it, 15 bytes each."""
    content = encoded(board((8, 8)).convert("P"), "GIF")
    at = 13 + (3 << (content[10] & 7) + 1 if content[10] & 0x80 else 0)
    return content[:at] + b"!\xff\x0bXMP DataXMP\0" * blocks + content[at:]


@cache
def busy_jpeg() -> bytes:
    """Some 3 MB that keep a decoder busy until its two minutes of the processor are over: one last scan of a
    progressive picture, which takes ten milliseconds or so, fifty thousand times."""
    content = encoded(Image.new("L", (4000, 4000), 128), "JPEG", progressive=True)
    scan = content[content.rindex(b"\xff\xc4", 0, content.rindex(b"\xff\xda")) : -2]
    return content[:-2] + scan * 50_000 + content[-2:]


GIF_WORDS: Final = {NOTE, XMP}

MADE: Final[Mapping[str, tuple[Callable[[], bytes], Sequence[bytes]]]] = {
    "photo.jpg": (jpeg, sorted(JPEG_WORDS)),
    "photo with an archive.jpg": (lambda: jpeg() + archive(), sorted(JPEG_WORDS | {BEHIND})),
    "photo.png": (png, sorted(PNG_WORDS)),
    "photo with an archive.png": (lambda: png() + archive(), sorted(PNG_WORDS | {BEHIND})),
    "photo.webp": (webp, sorted(WEBP_WORDS)),
    "photo with an archive.webp": (lambda: webp() + archive(), sorted(WEBP_WORDS | {BEHIND})),
    "moving.gif": (gif, sorted(GIF_WORDS)),
    "moving with an archive.gif": (lambda: gif() + archive(), sorted(GIF_WORDS | {BEHIND})),
}
"""By name: the photo, and the words of the traces that are in it."""
ALL_TRACES: Final = {name: made for name, made in MADE.items() if "with an archive" in name}
"""One of each kind, with every trace that such a file can hold; ``lab/reviewer`` has the others."""


def png_of(width: int, height: int, pixels: bytes) -> bytes:
    """A PNG of one bit a pixel, with rows as they are packed, however many there are."""
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return chunks(_PNG_HEAD + _chunk(b"IEND", b""), (b"IHDR", header), (b"IDAT", zlib.compress(pixels, 9)), at=8)


def bomb() -> bytes:
    """Less than 50 kB with 144 million pixels, all of them there."""
    return png_of(12_000, 12_000, bytes((12_000 // 8 + 1) * 12_000))


def drawn_scene(seed: int, width: int = 320, height: int = 200) -> Image.Image:
    """Shapes at random; the seed is fixed, so the picture is the same in each run."""
    drawn = random.Random(seed)
    picture = Image.new("RGB", (width, height), "white")
    pen = ImageDraw.Draw(picture)
    for _ in range(60):
        x, y, wide, high = (drawn.randrange(1, most) for most in (width, height, width // 3, height // 3))
        shape = pen.ellipse if drawn.random() < 0.5 else pen.rectangle
        shape((x - wide, y - high, x + wide, y + high), fill=tuple(drawn.randrange(256) for _ in range(3)))
    return picture
