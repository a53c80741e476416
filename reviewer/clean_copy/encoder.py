"""The second of two processes: encodes bare pixels on standard input to a file on standard output.

``python -m reviewer.clean_copy.encoder JPEG``. Never imported by the program that holds keys. It never sees the
original file; its output depends on the pixels alone. With ``blurred``, ``grey`` or ``colour`` behind the kind it
draws a preview. Pixels come as :mod:`reviewer.clean_copy.decoder` gives them, or as a PPM, as Debian's viewers do.
"""

import io
import struct
import sys
from collections.abc import Sequence
from typing import BinaryIO

from PIL import Image, ImageFilter, JpegImagePlugin, PngImagePlugin

from reviewer.clean_copy.bare import NotBare, require_bare
from reviewer.clean_copy.limits import (
    LARGEST_COPY_BYTES,
    LOOK_CPU_SECONDS,
    LOOK_MEMORY_BYTES,
    MOST_PIXELS,
    MOST_PREVIEW_BYTES,
    SHARP_PIXELS,
    SMALL_PIXELS,
    STRIP_BYTES,
    Ending,
)
from reviewer.clean_copy.picture_kind import PictureKind
from reviewer.clean_copy.shut_in import NotShutIn, shut_in
from reviewer.machine.airgap import refuse_connections

JPEG_QUALITY = 95
_BLUR_PIXELS = 9
_PPM = b"P6"
_LOADED = (ImageFilter, JpegImagePlugin, PngImagePlugin)  # loaded before the sandbox starts


def main(argv: Sequence[str]) -> int:
    """Encode one file of the named kind, JPEG or PNG; returns an :class:`Ending`."""
    refuse_connections()
    Image.preinit()
    try:
        if len(argv) > 1:
            shut_in(written_bytes=MOST_PREVIEW_BYTES, memory_bytes=LOOK_MEMORY_BYTES, cpu_seconds=LOOK_CPU_SECONDS)
            sys.stdout.buffer.write(_preview(_read(sys.stdin.buffer), argv[1]))
            sys.stdout.buffer.flush()
            return Ending.DONE
        shut_in(written_bytes=LARGEST_COPY_BYTES)
        picture = _read(sys.stdin.buffer)
        if argv[0] == "JPEG":
            picture.save(sys.stdout.buffer, "JPEG", quality=JPEG_QUALITY, subsampling="4:4:4")
        else:
            picture.save(sys.stdout.buffer, "PNG")
        sys.stdout.buffer.flush()
    except NotShutIn:
        return Ending.NOT_SHUT_IN
    except NotBare:
        return Ending.NOT_BARE
    except MemoryError:
        return Ending.TOO_MUCH_MEMORY
    except (ValueError, OSError, struct.error):
        return Ending.DAMAGED
    return Ending.DONE


def _read(source: BinaryIO) -> Image.Image:
    """The picture whose pixels come.

    Raises:
        ValueError, struct.error: there are fewer or more of them than width and height say, or too many.
    """
    width, height = _size(source)
    if not 0 < width * height <= MOST_PIXELS:
        raise ValueError
    picture = Image.new("RGB", (width, height))
    rows = max(1, STRIP_BYTES // (3 * width))
    for top in range(0, height, rows):
        size = (width, min(rows, height - top))
        picture.paste(Image.frombytes("RGB", size, source.read(3 * size[0] * size[1])), (0, top))
    if source.read(1):
        raise ValueError
    return picture


def _size(source: BinaryIO) -> tuple[int, int]:
    """Width and height. The first bytes of a PPM would be more pixels than any picture may have."""
    first = source.read(8)
    if not first.startswith(_PPM):
        width, height = struct.unpack(">II", first)
        return width, height
    words: list[bytes] = []
    word, rest = b"", first[2:]
    # Width, height and 255, each behind one blank; after the last blank the pixels begin.
    while len(words) < 4:
        byte, rest = (rest[:1], rest[1:]) if rest else (source.read(1), b"")
        if byte.isspace():
            words.append(word)
            word = b""
        elif not byte.isdigit() or len(word) > 5:
            raise ValueError
        word += byte.strip()
    if rest or words[0] or words[3] != b"255":
        raise ValueError
    return int(words[1]), int(words[2])


def _preview(picture: Image.Image, see: str) -> bytes:
    """A PNG, which holds nothing but pixels: small, grey and blurred; or sharp, grey or in colour.

    Raises:
        NotBare: something else is in it.
    """
    side = SMALL_PIXELS if see == "blurred" else SHARP_PIXELS
    picture.thumbnail((side, side))
    if see != "colour":
        picture = picture.convert("L")
    if see == "blurred":
        picture = picture.filter(ImageFilter.GaussianBlur(_BLUR_PIXELS))
    sink = io.BytesIO()
    # It goes to this machine's browser only, so it is made quickly rather than small.
    picture.convert("RGB").save(sink, "PNG", compress_level=1)
    require_bare(sink.getvalue(), PictureKind.PNG)
    return sink.getvalue()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
