"""The second of two processes: encodes bare pixels on standard input to a file on standard output.

``python -m reviewer.clean_copy.encoder JPEG``. Never imported by the program that holds keys. It never sees the
original file; its output depends on the pixels alone.
"""

import struct
import sys
from collections.abc import Sequence
from typing import BinaryIO

from PIL import Image, JpegImagePlugin, PngImagePlugin

from reviewer.clean_copy.limits import LARGEST_COPY_BYTES, MOST_PIXELS, STRIP_BYTES, Ending
from reviewer.clean_copy.shut_in import NotShutIn, shut_in
from reviewer.machine.airgap import refuse_connections

JPEG_QUALITY = 95
_LOADED = (JpegImagePlugin, PngImagePlugin)  # loaded before the sandbox starts


def main(argv: Sequence[str]) -> int:
    """Encode one file of the named kind, JPEG or PNG; returns an :class:`Ending`."""
    refuse_connections()
    Image.preinit()
    try:
        shut_in(written_bytes=LARGEST_COPY_BYTES)
        picture = _read(sys.stdin.buffer)
        if argv[0] == "JPEG":
            picture.save(sys.stdout.buffer, "JPEG", quality=JPEG_QUALITY, subsampling="4:4:4")
        else:
            picture.save(sys.stdout.buffer, "PNG")
        sys.stdout.buffer.flush()
    except NotShutIn:
        return Ending.NOT_SHUT_IN
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
    width, height = struct.unpack(">II", source.read(8))
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


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
