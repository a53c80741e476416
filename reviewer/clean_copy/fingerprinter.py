"""Behind the decoder: bare pixels on standard input become a fingerprint on standard output.

``python -m reviewer.clean_copy.fingerprinter``. Never imported by the program that holds keys. It never sees the
original file, and nothing of the picture leaves it but 33 bytes: the quality and 256 bits (:mod:`pdq`).
"""

import struct
import sys
from collections.abc import Sequence
from typing import BinaryIO

from PIL import Image, ImageFilter

from reviewer.clean_copy.limits import MOST_PIXELS, STRIP_BYTES, Ending
from reviewer.clean_copy.pdq import BITS, fingerprint, places, quality, window
from reviewer.clean_copy.shut_in import NotShutIn, shut_in
from reviewer.machine.airgap import refuse_connections


def main(argv: Sequence[str]) -> int:
    """Fingerprint one picture; returns an :class:`Ending`."""
    del argv
    refuse_connections()
    Image.preinit()
    try:
        shut_in(written_bytes=1 + BITS // 8)
        brightness = _sampled(_read(sys.stdin.buffer))
        sys.stdout.buffer.write(bytes((quality(brightness),)) + fingerprint(brightness).to_bytes(BITS // 8, "big"))
        sys.stdout.buffer.flush()
    except NotShutIn:
        return Ending.NOT_SHUT_IN
    except MemoryError:
        return Ending.TOO_MUCH_MEMORY
    except (ValueError, OSError, struct.error):
        return Ending.DAMAGED
    return Ending.DONE


def _read(source: BinaryIO) -> Image.Image:
    """The brightness of the picture whose pixels come; one byte a pixel, so that a large one fits.

    Raises:
        ValueError, struct.error: there are fewer or more of them than width and height say, or too many.
    """
    width, height = struct.unpack(">II", source.read(8))
    if not 0 < width * height <= MOST_PIXELS:
        raise ValueError
    picture = Image.new("L", (width, height))
    rows = max(1, STRIP_BYTES // (3 * width))
    for top in range(0, height, rows):
        size = (width, min(rows, height - top))
        strip = Image.frombytes("RGB", size, source.read(3 * size[0] * size[1]))
        picture.paste(strip.convert("L"), (0, top))
    if source.read(1):
        raise ValueError
    return picture


def _sampled(picture: Image.Image) -> list[list[int]]:
    blur = ImageFilter.BoxBlur(tuple((window(length) - 1) / 2 for length in picture.size))
    blurred = picture.filter(blur).filter(blur)
    pixels = blurred.tobytes()
    columns = places(picture.width)
    return [[pixels[row * picture.width + column] for column in columns] for row in places(picture.height)]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
