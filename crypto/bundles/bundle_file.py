"""A FILE of bundles, on removable media or on its way through the courier: ``docs/formats/bundle.md``.

Any number of sealed bundles, each in pieces with their lengths in front. Writing needs no length beforehand and no
second pass, and a reader can skip a bundle that is for another receiver. The file itself is not signed: its carrier
can remove bundles, reorder them, or truncate the file. The order that the signed bundles state reveals this.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from crypto.errors import Malformed, NewerFormat
from crypto.primitives.byte_source import ByteSource, ExactSource

MAGIC = b"TIPLINF\x1a"
VERSION = 1
LONGEST_PIECE_BYTES = 1024 * 1024

_LENGTH_BYTES = 4
_END_OF_BUNDLE = (0).to_bytes(_LENGTH_BYTES, "big")
_END_OF_FILE = b"\xff" * _LENGTH_BYTES


class BundleFileWriter:
    """Writes bundles one after another; what reached ``sink`` is a FILE only after :meth:`finish`."""

    __slots__ = ("_finished", "_inside", "_sink")

    def __init__(self, sink: Callable[[bytes], object]) -> None:
        self._sink = sink
        self._inside = self._finished = False
        sink(MAGIC + bytes([VERSION]))

    @contextmanager
    def bundle(self) -> Iterator[Callable[[bytes], object]]:
        """The sink for one sealed bundle. An error inside leaves the file without an end: throw it away."""
        if self._inside or self._finished:
            raise RuntimeError("bundles are written one after another, before the end of the file")
        self._inside = True
        yield self._write
        self._inside = False
        self._sink(_END_OF_BUNDLE)

    def finish(self) -> None:
        """Write the end mark, without which a reader takes the file for cut."""
        if self._inside or self._finished:
            raise RuntimeError("a file is finished once, after its last bundle")
        self._finished = True
        self._sink(_END_OF_FILE)

    def _write(self, piece: bytes) -> None:
        for start in range(0, len(piece), LONGEST_PIECE_BYTES):
            part = piece[start : start + LONGEST_PIECE_BYTES]
            self._sink(len(part).to_bytes(_LENGTH_BYTES, "big"))
            self._sink(part)


class SealedBundle:
    """One sealed bundle of a FILE; read it before the next one is requested."""

    __slots__ = ("_ended", "_left", "_source")

    def __init__(self, source: ExactSource) -> None:
        self._source = source
        self._left = 0
        self._ended = False

    def read(self, size: int = -1, /) -> bytes:
        """At most ``size`` bytes, or all that is left when negative; nothing at the end of this bundle.

        Raises:
            Malformed: the file is cut, or its pieces have no sound length.
        """
        if size < 0:
            return b"".join(iter(lambda: self.read(LONGEST_PIECE_BYTES), b""))
        if not self._left and not self._ended and size:
            self._next_piece(self._source.exactly(_LENGTH_BYTES, what="file of bundles"))
        if self._ended or not size:
            return b""
        piece = self._source.some(min(size, self._left))
        if not piece:
            raise Malformed("file of bundles must not end early")
        self._left -= len(piece)
        return piece

    def pass_over(self) -> None:
        """Go to the end of this bundle without keeping anything of it."""
        while self.read(LONGEST_PIECE_BYTES):
            pass

    def begin(self, length: bytes) -> None:
        """Take the first piece, whose length was read to see whether there is another bundle."""
        self._next_piece(length)
        if self._ended:
            raise Malformed("bundle in a file must not be empty")

    def _next_piece(self, length: bytes) -> None:
        self._left = int.from_bytes(length, "big")
        self._ended = not self._left
        if self._left > LONGEST_PIECE_BYTES:
            raise Malformed(f"piece of a bundle must have at most {LONGEST_PIECE_BYTES} bytes")


def read_bundle_file(source: ByteSource) -> Iterator[SealedBundle]:
    """The sealed bundles of a FILE in order; going on passes over what is left of one.

    Bundles before a cut come before the error: each of them is whole, and safe to take in.

    Raises:
        Malformed: not such a file, cut, or something follows its end.
        NewerFormat: a later version of the format.
    """
    exact = ExactSource(source)
    head = exact.exactly(len(MAGIC) + 1, what="file of bundles")
    if head[: len(MAGIC)] != MAGIC or head[-1] < VERSION:
        raise Malformed("file of bundles must begin with its magic bytes")
    if head[-1] > VERSION:
        raise NewerFormat(f"file of bundles is of a newer version than {VERSION}")
    while (length := exact.exactly(_LENGTH_BYTES, what="file of bundles")) != _END_OF_FILE:
        sealed = SealedBundle(exact)
        sealed.begin(length)
        yield sealed
        sealed.pass_over()
    if exact.up_to(1):
        raise Malformed("nothing must follow the end of a file of bundles")
