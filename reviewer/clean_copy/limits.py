"""How large a picture may be, what the two processes that draw it anew may use, and how they say why they ended."""

from enum import IntEnum
from typing import Final

LARGEST_FILE_BYTES: Final = 128 << 20
MOST_PIXELS: Final = 120_000_000
"""More than the largest camera of a telephone has; a few bytes of a file can claim any number."""

LARGEST_COPY_BYTES: Final = 512 << 20
"""A PNG of noise with as many pixels fits."""

MEMORY_BYTES: Final = 2 << 30
CPU_SECONDS: Final = 120
WAIT_SECONDS: Final = 600
STRIP_BYTES: Final = 1 << 20
"""About how much of the pixels is passed on at a time."""


class Ending(IntEnum):
    """What a process that draws says with its exit code. Others than these mean that it broke off."""

    DONE = 0
    DAMAGED = 10
    TOO_MANY_PIXELS = 11
    TOO_MUCH_MEMORY = 12
    NOT_SHUT_IN = 13
