"""Sources of bytes: anything with ``read``, and a reader for exact counts and whole lines."""

from typing import Protocol

from crypto.errors import Malformed

_BLOCK_BYTES = 8192


class ByteSource(Protocol):
    """An open binary file, or anything that reads like one."""

    def read(self, size: int, /) -> bytes:
        """At most ``size`` bytes, at least one of them unless the end is reached."""
        ...


class ExactSource:
    """Takes exact counts and lines from a source; it may read ahead.

    It therefore owns the rest of the source: continue with this object.
    """

    __slots__ = ("_ahead", "_source")

    def __init__(self, source: ByteSource) -> None:
        self._source = source
        self._ahead = b""

    def line(self, limit_bytes: int) -> bytes:
        """The next line with its line feed.

        Raises:
            Malformed: no line feed within ``limit_bytes``, or before the end.
        """
        while (end := self._ahead.find(b"\n", 0, limit_bytes)) < 0:
            more = self._source.read(_BLOCK_BYTES) if len(self._ahead) < limit_bytes else b""
            if not more:
                raise Malformed("header must be made of lines and end within its limit")
            self._ahead += more
        line, self._ahead = self._ahead[: end + 1], self._ahead[end + 1 :]
        return line

    def some(self, count: int) -> bytes:
        """At most ``count`` bytes, as many as need no copy; empty only at the end of the source."""
        if self._ahead:
            piece, self._ahead = self._ahead[:count], self._ahead[count:]
            return piece
        return self._source.read(count)

    def up_to(self, count: int) -> bytes:
        """``count`` bytes, fewer only where the source ends."""
        piece = self.some(count)
        if len(piece) == count or not piece:
            return piece
        pieces = [piece]
        missing = count - len(piece)
        while missing and (piece := self._source.read(missing)):
            pieces.append(piece)
            missing -= len(piece)
        return b"".join(pieces)

    def exactly(self, count: int, *, what: str) -> bytes:
        """``count`` bytes.

        Raises:
            Malformed: the source ends before; ``what`` names the part in the message.
        """
        piece = self.up_to(count)
        if len(piece) != count:
            raise Malformed(f"{what} must not end early")
        return piece
