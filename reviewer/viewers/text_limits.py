"""Limits of the text that comes out of a file."""

from typing import Final

MOST_TEXT_BYTES: Final = 1 << 20
CUT: Final = b"[The rest is not shown: more than 1 MB of text.]"

MOST_PARTS: Final = 500
"""Of an e-mail; the rest is counted only."""

MOST_ENTRIES: Final = 5_000
"""Of an archive; the rest is counted only."""
