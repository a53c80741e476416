"""Contents of submissions: written in one pass while an envelope is opened, read file by file.

The files of a submission are stored one after another in one run of bytes, cut into pieces of 1 MiB. The last piece
is padded to a size class, so that the pieces show the size class of the envelope and not the size of any file. A
thread seals and writes, while the next piece is being opened and verified.
"""

import queue
import secrets
import threading
from collections.abc import Iterator

from crypto.errors import CryptoError
from crypto.keys.at_rest import PieceKey, PieceSealer
from crypto.submissions.size_classes import padded_length
from reviewer.casebook.database import CasebookDatabase
from reviewer.errors import CasebookError

PIECE_BYTES = 1 << 20
_WAITING_PIECES = 8


class ContentWriter:
    """Writes one content in the caller's transaction; it is valid only when that is committed."""

    def __init__(self, contents: CasebookDatabase) -> None:
        self._contents = contents
        self._sealer = PieceSealer()
        self._number = secrets.randbits(62)
        self._waiting: list[bytes | memoryview] = []
        self._waiting_bytes = 0
        self._length_bytes = 0
        self._pieces: queue.Queue[list[bytes | memoryview] | None] = queue.Queue(_WAITING_PIECES)
        self._failure: CasebookError | None = None
        self._thread: threading.Thread | None = None

    @property
    def number(self) -> int:
        return self._number

    @property
    def key(self) -> PieceKey:
        return self._sealer.key

    @property
    def length_bytes(self) -> int:
        return self._length_bytes

    def write(self, piece: bytes) -> None:
        self._length_bytes += len(piece)
        self._add(piece)

    def finish(self) -> None:
        """Fill up, and wait until all pieces are written.

        Raises:
            CasebookError: a piece could not be written.
        """
        fill_bytes = padded_length(self._length_bytes) - self._length_bytes if self._length_bytes else 0
        while fill_bytes:
            zeros = min(fill_bytes, PIECE_BYTES)
            self._add(bytes(zeros))
            fill_bytes -= zeros
        if self._waiting:
            self._hand_over()
        self._stop()
        if self._failure is not None:
            raise self._failure

    def discard(self) -> None:
        """Stop and delete what was written."""
        self._stop()
        self._contents.run("DELETE FROM pieces WHERE content = ?", (self._number,))

    def stop(self) -> None:
        """End the writing thread, when the change is given up as a whole."""
        self._stop()

    def _add(self, piece: bytes) -> None:
        view: bytes | memoryview = piece
        while len(view) >= (room := PIECE_BYTES - self._waiting_bytes):
            self._waiting.append(memoryview(view)[:room])
            self._hand_over()
            view = memoryview(view)[room:]
        if len(view):
            self._waiting.append(view)
            self._waiting_bytes += len(view)

    def _hand_over(self) -> None:
        if self._thread is None:
            thread = threading.Thread(target=self._write_pieces, name="casebook-contents")
            thread.start()
            self._thread = thread  # not before it runs: the system may refuse it
        if self._failure is not None:
            raise self._failure
        self._pieces.put(self._waiting)
        self._waiting, self._waiting_bytes = [], 0

    def _stop(self) -> None:
        if self._thread is not None:
            self._pieces.put(None)
            self._thread.join()
            self._thread = None

    def _write_pieces(self) -> None:
        place = 0
        while (parts := self._pieces.get()) is not None:
            if self._failure is not None:
                continue  # keep taking, so that the other side never waits for room
            try:
                self._contents.run(
                    "INSERT INTO pieces (content, place, sealed) VALUES (?, ?, ?)",
                    (self._number, place, self._sealer.seal_next(b"".join(parts))),
                )
            except CasebookError as error:
                self._failure = error
            place += 1


class ContentReader:
    """Reads contents and caches the last opened piece.

    Without the cache, each of thousands of small files in one piece would cost as much as the whole piece.
    """

    def __init__(self, contents: CasebookDatabase) -> None:
        self._contents = contents
        self._last: tuple[int, int, bytes] | None = None

    def read(self, number: int, *, key: PieceKey, first_byte: int, length_bytes: int) -> Iterator[bytes]:
        """Yield ``length_bytes`` of content ``number``, from ``first_byte`` on, in pieces of at most 1 MiB.

        Raises:
            CasebookError: a piece is missing or was changed.
        """
        place, skip = divmod(first_byte, PIECE_BYTES)
        left = length_bytes
        while left:
            piece = self._piece(number, place, key)[skip : skip + left]
            if not piece:
                raise _damaged()
            yield piece
            left -= len(piece)
            place, skip = place + 1, 0

    def _piece(self, number: int, place: int, key: PieceKey) -> bytes:
        if self._last is not None and self._last[:2] == (number, place):
            return self._last[2]
        found = self._contents.row("SELECT sealed FROM pieces WHERE content = ? AND place = ?", (number, place))
        try:
            piece = key.open_piece(found[0], place=place) if found else b""
        except CryptoError as error:
            raise _damaged() from error
        self._last = (number, place, piece)
        return piece


def _damaged() -> CasebookError:
    return CasebookError(
        "a piece of this submission's files is missing or was changed", hint="restore the casebook from a backup"
    )
