"""Limits for pictures and for the processes that read them, and their exit codes."""

from enum import IntEnum
from typing import Final

LARGEST_FILE_BYTES: Final = 128 << 20
MOST_PIXELS: Final = 120_000_000
"""More than the largest camera of a telephone has; a few bytes of a file can claim any number."""

LARGEST_COPY_BYTES: Final = 512 << 20
"""A PNG of noise with as many pixels fits."""

MOST_PATTERN_BYTES: Final = 16 << 20
"""Of one file: how much is looked through for words that tell of traces."""

MOST_ANSWER_BYTES: Final = 1 << 18
"""Of a process that says something about files: a byte for each file of a submission, also of those inside of
others, which are fewer than 70,000 together."""

MOST_TEXT_BYTES: Final = 1 << 20
"""Of a text, an e-mail or a list that is shown; the rest is cut."""

MEMORY_BYTES: Final = 2 << 30
CPU_SECONDS: Final = 120
WAIT_SECONDS: Final = 600

LOOK_MEMORY_BYTES: Final = 460 << 20
"""Of each process that draws a preview for the desk."""

LOOK_CPU_SECONDS: Final = 20
FINGERPRINT: Final = "fingerprint"
FINGERPRINT_CPU_SECONDS: Final = 7
FINGERPRINT_MEMORY_BYTES: Final = 512 << 20
"""Each picture of an import is read once, so one that was made to take long must not hold up the import."""

MOST_PREVIEW_BYTES: Final = 8 << 20
"""A PNG of noise, as large as a preview may be, fits."""

SHARP_PIXELS: Final = 1600
SMALL_PIXELS: Final = 320
"""The longer side of a preview: sharp, and the blurred one that comes first."""
STRIP_BYTES: Final = 1 << 20
"""About how much of the pixels is passed on at a time."""


class Ending(IntEnum):
    """The exit code of a process that reads files. Any other code means that it was ended."""

    DONE = 0
    DAMAGED = 10
    TOO_MANY_PIXELS = 11
    TOO_MUCH_MEMORY = 12
    NOT_SHUT_IN = 13
    NOT_BARE = 14
