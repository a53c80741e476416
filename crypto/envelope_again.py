"""Making an envelope again, byte for byte, from its content and what else it had.

A payload of age follows from file key, nonce and content, and a header is written back as it was read. So whoever
has opened an envelope need not keep it beside its content: these 6 KB are enough, and when they are destroyed
nothing is left that opens or makes it. Sealing any *other* content with them would be a fault that shows both
contents: what was made is compared with the digest of the envelope before anyone sees it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Never, Self

from crypto.age_header import FILE_KEY_BYTES
from crypto.age_stream import NONCE_BYTES, ChunkSealer
from crypto.errors import Malformed


@dataclass(frozen=True, slots=True)
class EnvelopeFrame:
    """File key, nonce and header of one envelope. Secret: the file key opens it."""

    file_key: bytes = field(repr=False)
    nonce: bytes = field(repr=False)
    header: bytes = field(repr=False)

    def to_bytes(self) -> bytes:
        """For an encrypted store only."""
        return self.file_key + self.nonce + self.header

    @classmethod
    def parse(cls, untrusted_bytes: bytes) -> Self:
        """Undo :meth:`to_bytes`.

        Raises:
            Malformed: too short to hold a header.
        """
        start = FILE_KEY_BYTES + NONCE_BYTES
        if len(untrusted_bytes) <= start:
            raise Malformed("frame of an envelope must have a file key, a nonce and a header")
        return cls(untrusted_bytes[:FILE_KEY_BYTES], untrusted_bytes[FILE_KEY_BYTES:start], untrusted_bytes[start:])

    def __reduce__(self) -> Never:
        raise TypeError("a secret is never pickled")


class EnvelopeAgain:
    """Gives ``sink`` the same envelope again when the same content is written to it."""

    __slots__ = ("_chunks",)

    def __init__(self, sink: Callable[[bytes], object], *, frame: EnvelopeFrame) -> None:
        self._chunks = ChunkSealer(frame.file_key, sink, nonce=frame.nonce)
        sink(frame.header + frame.nonce)

    def write(self, piece: bytes | bytearray | memoryview) -> None:
        self._chunks.write(piece)

    def finish(self) -> None:
        self._chunks.finish()
