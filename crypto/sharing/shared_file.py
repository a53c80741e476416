"""Shared items in a file, from one laptop to another. ``docs/formats/shared.md``.

Each item protects itself: its envelope is sealed, and its document signed. The file only puts them together.
"""

from collections.abc import Iterator, Sequence

from crypto.errors import Malformed, NewerFormat
from crypto.primitives.byte_source import ByteSource, ExactSource
from crypto.sharing.shared_item import ENVELOPE_BYTES

MAGIC = b"TIPLINS\x1a"
VERSION = 1
MOST_ITEMS = 64


def write_shared_file(envelopes: Sequence[bytes]) -> bytes:
    """The bytes of a file.

    Raises:
        ValueError: not 1 to 64 envelopes of :data:`ENVELOPE_BYTES` bytes.
    """
    if not 1 <= len(envelopes) <= MOST_ITEMS or any(len(one) != ENVELOPE_BYTES for one in envelopes):
        raise ValueError(f"a file holds 1 to {MOST_ITEMS} envelopes of {ENVELOPE_BYTES} bytes")
    return MAGIC + bytes([VERSION]) + b"".join(envelopes)


def read_shared_file(source: ByteSource) -> Iterator[bytes]:
    """The envelopes of a file, in order; none was opened.

    Raises:
        Malformed: not such a file, cut, or with more than 64 envelopes.
        NewerFormat: a later version of the format.
    """
    exact = ExactSource(source)
    head = exact.exactly(len(MAGIC) + 1, what="file of shared items")
    if head[: len(MAGIC)] != MAGIC or head[-1] < VERSION:
        raise Malformed("file of shared items must begin with its magic bytes")
    if head[-1] > VERSION:
        raise NewerFormat(f"file of shared items is of a newer version than {VERSION}")
    for place in range(MOST_ITEMS + 1):
        envelope = exact.up_to(ENVELOPE_BYTES)
        if not envelope and place:
            return
        if len(envelope) != ENVELOPE_BYTES or place == MOST_ITEMS:
            raise Malformed(f"file must hold 1 to {MOST_ITEMS} whole envelopes of {ENVELOPE_BYTES} bytes")
        yield envelope
