"""Files that a source sealed before sending them: ``docs/formats/container.md``, last section.

Any age file to our keys is accepted. ``tipline-seal`` writes a container into it, so that its length reveals a size
class only. Bytes without the magic of a container are one file, as they are.
"""

import datetime as dt
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from crypto.age.envelope import EnvelopeWriter, open_envelope
from crypto.errors import Malformed
from crypto.keys.keys import SealedSecretKey
from crypto.manifests.issued_keys import SealedQuarter
from crypto.primitives import _sodium
from crypto.primitives.byte_source import ByteSource, ExactSource
from crypto.primitives.week import Week
from crypto.submissions.container import ContainerWriter, Contents, read_container
from crypto.submissions.container_head import ID_BYTES, MAGIC, NO_MANIFEST, Head, Kind

_PIECE_BYTES = 1 << 18

__all__ = ["OpenedFile", "SealedFileWriter", "open_sealed_file"]


class SealedFileWriter(ContainerWriter):
    """Seals text and files to the four keys of a recipient file; ``sink`` gets sealed bytes only.

    Whether the recipient file is good, and not over, is for the caller to ask.
    """

    def __init__(self, sink: Callable[[bytes], object], *, to: SealedQuarter, day: dt.date) -> None:
        self._envelope = EnvelopeWriter(sink, to=to.keys)
        head = Head(Kind.SEALED, _sodium.random_bytes(ID_BYTES), NO_MANIFEST, 0, Week.of(day), day)
        super().__init__(self._envelope.write, head=head)

    def close(self) -> None:
        """Write the end frame, the padding and the last chunk. Before this, the output does not open."""
        self.finish(None)
        self._envelope.finish()


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """The content of a sealed file; ``head`` is None when it was plain bytes, not a container."""

    opened_by: SealedSecretKey
    head: Head | None


def open_sealed_file(
    source: ByteSource, *, keys: Sequence[SealedSecretKey], into: Contents, plain_name: str
) -> OpenedFile:
    """Open one file in one pass. What ``into`` was given counts only when this returns.

    Plain bytes are given to ``into`` as one file called ``plain_name``, of no type. Slots for others are passed
    over: only the server is strict about them, before it takes the file.

    Raises:
        Malformed: no age file, or changed; or it begins like a container and is none of the kind sealed.
        NewerFormat: a later version of age or of the container.
        NoKeyOpens: sealed to other keys.
    """
    reader = open_envelope(source, keys=keys)
    beginning = ExactSource(reader).up_to(len(MAGIC))
    whole = _FromTheBeginning(beginning, reader)
    if beginning == MAGIC:
        return OpenedFile(reader.opened_by, read_container(whole, into=into, expect=_expect_sealed).head)
    _read_plain(whole, into, plain_name)
    return OpenedFile(reader.opened_by, None)


def _expect_sealed(head: Head) -> None:
    if head.kind is not Kind.SEALED:
        raise Malformed("kind of a container that a source sealed must be sealed")


def _read_plain(source: ByteSource, into: Contents, name: str) -> None:
    digest = hashlib.sha256()
    into.begin_file(name, "")
    while piece := source.read(_PIECE_BYTES):
        digest.update(piece)
        into.data(piece)
    into.end_file(digest.digest())


class _FromTheBeginning:
    """A source whose beginning was read already, to detect its kind."""

    __slots__ = ("_beginning", "_rest")

    def __init__(self, beginning: bytes, rest: ByteSource) -> None:
        self._beginning = beginning
        self._rest = rest

    def read(self, size: int, /) -> bytes:
        if not self._beginning:
            return self._rest.read(size)
        piece, self._beginning = self._beginning[:size], self._beginning[size:]
        return piece
