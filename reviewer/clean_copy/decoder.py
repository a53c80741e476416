"""The first of two processes: decodes a file on standard input to bare pixels on standard output.

``python -m reviewer.clean_copy.decoder JPEG``. Never imported by the program that holds keys. With ``look`` behind
the kind it makes a preview: at most 1600 pixels on the longer side, with less memory.

Output: width and height, four bytes each, then three bytes for each pixel, upright, from the top left. The picture
is rotated as its Orientation says, transparent parts become white, only the first of several pictures is used, and
its colour profile is ignored.
"""

import copy
import io
import struct
import sys
import warnings
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from PIL import (
    GifImagePlugin,
    Image,
    ImageColor,
    ImagePalette,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from reviewer.clean_copy.limits import (
    CPU_SECONDS,
    FINGERPRINT,
    FINGERPRINT_CPU_SECONDS,
    FINGERPRINT_MEMORY_BYTES,
    LOOK_CPU_SECONDS,
    LOOK_MEMORY_BYTES,
    MEMORY_BYTES,
    MOST_PIXELS,
    SHARP_PIXELS,
    STRIP_BYTES,
    Ending,
)
from reviewer.clean_copy.shut_in import NotShutIn, shut_in
from reviewer.machine.airgap import refuse_connections

# Loaded before the sandbox starts: inside it nothing can be read, not even a module, and some of these
# Pillow loads only when it meets a file that needs them.
_LOADED = (
    *(GifImagePlugin, JpegImagePlugin, MpoImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin),
    *(ImageColor, ImagePalette, copy),
)
_ORIENTATION = 0x0112
_TURNED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


_LOOK = "look"
_LIMITS_FOR = {
    _LOOK: (LOOK_MEMORY_BYTES, LOOK_CPU_SECONDS),
    FINGERPRINT: (FINGERPRINT_MEMORY_BYTES, FINGERPRINT_CPU_SECONDS),
}
"""Memory in bytes, and seconds of processor time."""
_MOST_WHOLE_PIXELS = 64_000_000
"""Of a picture that is decoded whole for a fingerprint: more does not fit into its memory."""


def main(argv: Sequence[str]) -> int:
    """Decode one picture of the named kind; returns an :class:`Ending`.

    A second argument says what it is for: "look" or "fingerprint", each with limits of its own.
    """
    refuse_connections()
    Image.preinit()
    warnings.simplefilter("ignore")
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        purpose = "".join(argv[1:])
        memory_bytes, cpu_seconds = _LIMITS_FOR.get(purpose, (MEMORY_BYTES, CPU_SECONDS))
        shut_in(written_bytes=0, memory_bytes=memory_bytes, cpu_seconds=cpu_seconds)
        _decode(sys.stdin.buffer.read(), argv[0], sys.stdout.buffer, purpose=purpose)
    except NotShutIn:
        return Ending.NOT_SHUT_IN
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        return Ending.TOO_MANY_PIXELS
    except MemoryError:
        return Ending.TOO_MUCH_MEMORY
    except BrokenPipeError:
        pass  # the encoder has ended, and says why
    except Exception:  # noqa: BLE001 -- a decoder may raise anything at a damaged file
        return Ending.DAMAGED
    return Ending.DONE


def _decode(untrusted_file: bytes, kind: str, sink: BinaryIO, *, purpose: str) -> None:
    with Image.open(io.BytesIO(untrusted_file), formats=(kind,)) as untrusted_picture:
        if purpose == _LOOK:
            untrusted_picture.thumbnail((SHARP_PIXELS, SHARP_PIXELS))
        width, height = untrusted_picture.size
        if purpose == FINGERPRINT and width * height > _MOST_WHOLE_PIXELS:
            untrusted_picture.draft("RGB", (width // 2, height // 2))  # JPEG only; it looks the same
        untrusted_picture.load()
        turned = _TURNED.get(untrusted_picture.getexif().get(_ORIENTATION, 1))
        pixels = _opaque(untrusted_picture)
        if purpose == FINGERPRINT:  # which is of the brightness: a third of the memory for what follows
            pixels = pixels.convert("L")
        if turned is not None:
            pixels = pixels.transpose(turned)
        sink.write(struct.pack(">II", *pixels.size))
        sink.writelines(_strips(pixels))
        sink.flush()


def _opaque(picture: Image.Image) -> Image.Image:
    """In red, green and blue. Transparent parts become white: hidden pixels may be anything."""
    if picture.mode == "I;16":  # which would be cut at 255, not scaled
        picture = Image.frombytes("L", picture.size, picture.tobytes()[1::2])
    if not picture.has_transparency_data:
        return picture if picture.mode == "RGB" else picture.convert("RGB")
    picture = picture.convert("RGBA")
    white = Image.new("RGB", picture.size, "white")
    white.paste(picture, mask=picture.getchannel("A"))
    return white


def _strips(pixels: Image.Image) -> Iterator[bytes]:
    width, height = pixels.size
    rows = max(1, STRIP_BYTES // (3 * width))
    for top in range(0, height, rows):
        yield pixels.crop((0, top, width, min(height, top + rows))).convert("RGB").tobytes()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
