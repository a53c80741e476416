"""Compares our fingerprints of pictures with those of pdqhash, the makers' code in C++, on pictures drawn here.

``python benchmarks/in_environment.py pictures`` runs it: pdqhash needs a compiler and numpy, which no program
of ours may load. The pictures are shapes, gradients and noise; each is compared as PNG and as JPEG.
"""

import argparse
import io
import random
import sys
import time
from itertools import combinations
from typing import Any

import numpy as np
import pdqhash
from PIL import Image, ImageDraw, ImageFilter

from reviewer.clean_copy.children import Children
from reviewer.clean_copy.fingerprints import fingerprint_of
from reviewer.clean_copy.picture_kind import PictureKind

SIZES = ((320, 200), (640, 480), (1000, 1600), (97, 131), (1600, 1000))
ASKED_BITS = 16
_SHAPES = 60


def drawn(seed: int) -> Image.Image:
    """A picture of one of these sizes: shapes over a gradient, with a little noise in every third."""
    chance = random.Random(seed)
    width, height = SIZES[seed % len(SIZES)]
    picture = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    pen = ImageDraw.Draw(picture)
    for _ in range(_SHAPES):
        x, y, wide, high = (chance.randrange(1, most) for most in (width, height, width // 3, height // 3))
        shape = pen.ellipse if chance.random() < 1 / 2 else pen.rectangle
        shape((x - wide, y - high, x + wide, y + high), fill=tuple(chance.randrange(256) for _ in range(3)))
    return picture.filter(ImageFilter.GaussianBlur(1)) if seed % 3 else picture


def theirs(content: bytes) -> tuple[int, int]:
    """The bits as a number, and the quality."""
    with Image.open(io.BytesIO(content)) as picture:
        bits, quality = pdqhash.compute(np.asarray(picture.convert("RGB")))
    return int("".join(map(str, bits.tolist())), 2), int(quality)


def as_files(picture: Image.Image) -> list[tuple[PictureKind, bytes]]:
    """The picture as PNG and as JPEG."""
    found = []
    for kind, options in ((PictureKind.PNG, {}), (PictureKind.JPEG, {"quality": 80})):
        file = io.BytesIO()
        picture.save(file, kind.value, **dict[str, Any](options))
        found.append((kind, file.getvalue()))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=int, default=30)
    count = parser.parse_args().pictures
    children, bits, far, quality, seconds = Children(), [], [], [], [0.0, 0.0]
    for seed in range(count):
        for kind, content in as_files(drawn(seed)):
            began = time.perf_counter()
            ours = fingerprint_of(content, kind, children=children)
            between = time.perf_counter()
            their_bits, their_quality = theirs(content)
            seconds = [seconds[0] + between - began, seconds[1] + time.perf_counter() - between]
            far.append((ours.bits ^ their_bits).bit_count())
            quality.append(abs(ours.quality - their_quality))
        bits.append(ours.bits)
    print(f"pictures: {count}, as PNG and as JPEG: {len(far)} files; pdqhash {pdqhash.__version__}")
    print(f"farthest from pdqhash: {max(far)} of 256 bits, on average {sum(far) / len(far):.1f}")
    print(f"quality differs by at most {max(quality)} of 100")
    print(f"nearest two other pictures: {min((a ^ b).bit_count() for a, b in combinations(bits, 2))} bits")
    ours_ms, theirs_ms = (one / len(far) * 1000 for one in seconds)
    print(f"a picture takes {ours_ms:.0f} ms in two processes that are shut in, and {theirs_ms:.0f} ms in pdqhash")
    if max(far) > ASKED_BITS:
        sys.exit(1)


if __name__ == "__main__":
    main()
