"""PDQ, a fingerprint of 256 bits for what a picture looks like, and the quality of it.

After the description by its makers: "The TMK+PDQF video-hashing algorithm and the PDQ image-hashing algorithm",
Facebook 2019. The picture is blurred and sampled at 64 × 64 places. Of its cosine transform the 16 × 16 lowest
frequencies without the constant stay. Each becomes one bit: above the median or not.
"""

import math
from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import Final

SIDE: Final = 64
"""Places at which the blurred picture is sampled, in each direction."""

BITS_SIDE: Final = 16
BITS: Final = BITS_SIDE * BITS_SIDE
_GRADIENT_UNITS: Final = 90
_BEST_QUALITY: Final = 100
_WHITE: Final = 255

_COSINES: Final = tuple(
    tuple(
        math.sqrt(2 / SIDE) * math.cos(math.pi / 2 / SIDE * (row + 1) * (2 * column + 1)) for column in range(SIDE)
    )
    for row in range(BITS_SIDE)
)

Brightness = Sequence[Sequence[float]]


def window(length: int) -> int:
    """The width of the box by which a picture of this many pixels is blurred, twice, before it is sampled."""
    return -(-length // (2 * SIDE))


def places(length: int) -> list[int]:
    """The pixels at which a row or column of this many pixels, blurred around each pixel, is sampled.

    A box of an even width reaches one pixel further forward than back. Two of them shift the picture by one.
    """
    shift = 1 - window(length) % 2
    return [min(length - 1, int((step + 0.5) * length / SIDE) + shift) for step in range(SIDE)]


def fingerprint(brightness: Brightness) -> int:
    """The 256 bits of 64 rows of 64 values from 0 to 255; bit 16 i + j is frequency i down and j across."""
    rows = [[sum(map(float.__mul__, cosines, column)) for column in _columns(brightness)] for cosines in _COSINES]
    values = [sum(map(float.__mul__, cosines, row)) for row in rows for cosines in _COSINES]
    middle = median(values)
    return sum(1 << place for place, value in enumerate(values) if value > middle)


def _columns(brightness: Brightness) -> list[tuple[float, ...]]:
    return [tuple(map(float, column)) for column in zip(*brightness, strict=True)]


def quality(brightness: Brightness) -> int:
    """The amount that there is to see, from 0 to 100; below 50 likeness means nothing."""
    steps = sum(_steps(row) for row in brightness) + sum(_steps(column) for column in zip(*brightness, strict=True))
    return min(_BEST_QUALITY, steps // _GRADIENT_UNITS)


def _steps(line: Sequence[float]) -> int:
    return sum(abs(int((one - other) * 100 / _WHITE)) for one, other in pairwise(line))
