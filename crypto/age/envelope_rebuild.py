"""Making an envelope again, byte for byte, from its content and its first 6 KB.

A payload of age follows from file key, nonce and content, and a header is written back as it was read. So whoever
has opened an envelope need not keep it beside its content: header and nonce are enough, as long as a key is there
that opens a slot of that header. The file key itself is kept nowhere, so that nothing but that key has to be
destroyed. Sealing any *other* content with it would be a fault that shows both contents: what was made is compared
with the digest of the envelope before anyone sees it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Never

from crypto.age.age_stream import ChunkSealer


@dataclass(frozen=True, slots=True)
class EnvelopeFrame:
    """File key, nonce and header of one envelope. Secret: the file key opens it."""

    file_key: bytes = field(repr=False)
    nonce: bytes = field(repr=False)
    header: bytes = field(repr=False)

    def beginning(self) -> bytes:
        """The first bytes of the envelope, before its content: no secret. With a key that opens it,
        :func:`crypto.age.envelope.open_envelope` gives the frame again."""
        return self.header + self.nonce

    def __reduce__(self) -> Never:
        raise TypeError("a secret is never pickled")


class EnvelopeRebuilder:
    """Gives ``sink`` the same envelope again when the same content is written to it."""

    __slots__ = ("_chunks",)

    def __init__(self, sink: Callable[[bytes], object], *, frame: EnvelopeFrame) -> None:
        self._chunks = ChunkSealer(frame.file_key, sink, nonce=frame.nonce)
        sink(frame.beginning())

    def write(self, piece: bytes | bytearray | memoryview) -> None:
        self._chunks.write(piece)

    def finish(self) -> None:
        self._chunks.finish()
