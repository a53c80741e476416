"""Rebuilds an envelope, byte for byte, from its content and its first 6 KB.

An age payload follows from file key, nonce and content, and a header is written back as it was read. An opened
envelope therefore need not be stored beside its content: header and nonce are enough, as long as a key exists that
opens a slot of that header. The file key itself is stored nowhere, so that destroying the slot's key is enough.
Sealing any *other* content with the same file key would reveal both contents. The result is therefore compared with
the digest of the envelope before it is used.
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
        """The first bytes of the envelope, before its content. Not secret.

        With a key that opens it, :func:`crypto.age.envelope.open_envelope` returns the frame again.
        """
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
