"""Text from bytes of an unknown encoding, and its limits. Only sandboxed processes import this."""

import codecs
from typing import Final

MOST_PARTS: Final = 500
"""Of an e-mail; the rest is counted only."""

MOST_ENTRIES: Final = 5_000
"""Of an archive; the rest is counted only."""

_MARKS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CONTROLS: Final = frozenset(range(32)) - frozenset(b"\t\n\r\f\x1b")
_LOOKED_AT_BYTES: Final = 1 << 16
_MOST_CONTROLS: Final = 100
"""A text has at most one control character in this number of bytes."""


def decoded(untrusted: bytes) -> str | None:
    """The text of a file that seems to be one; None for no text.

    It is read as UTF-8, as UTF-16 with its mark, else as Windows-1252.
    """
    for mark, name in _MARKS:
        if untrusted.startswith(mark):
            return untrusted.decode(name, "replace")
    try:
        text = untrusted.decode("utf-8")
    except UnicodeDecodeError:
        text = None
    some = untrusted[:_LOOKED_AT_BYTES]
    if 0 in some or sum(byte in _CONTROLS for byte in some) * _MOST_CONTROLS > len(some):
        return None
    return untrusted.decode("cp1252", "replace") if text is None else text


def decoded_as(untrusted: bytes, untrusted_charset: str) -> str:
    """The text of a part that names its encoding; an unknown one is taken as :func:`decoded` does."""
    try:
        return untrusted.decode(untrusted_charset, "replace")
    except (LookupError, ValueError, ImportError, OSError):
        return decoded(untrusted) or untrusted.decode("latin-1")
