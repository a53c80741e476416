"""A row of sealed bytes on its way to the disk, and who waits for it."""

from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Protocol


class Digest(Protocol):
    """A SHA-256 under way."""

    def update(self, piece: bytes | bytearray, /) -> None: ...
    def digest(self) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Completion:
    """What ``tipline.db`` is told when all pieces are durable, beside their digest."""

    length: int
    day: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A row of sealed bytes; the last one of a submission carries its completion.

    ``digest`` is of all its pieces, and grows as they are written.
    """

    submission: bytes
    place: int
    sealed: bytes | bytearray
    digest: Digest
    completion: Completion | None = None
    written: Future[None] = field(default_factory=Future)
