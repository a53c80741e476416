"""A source that a thread reads some pieces ahead of its consumer.

Opening the bundle and opening the submission in it then overlap: both spend their time in libsodium and SHA-256,
which release the interpreter's lock.
"""

import queue
import threading

from crypto.primitives.byte_source import ByteSource

_PIECE_BYTES = 256 << 10
_AHEAD_PIECES = 16


class ReadAhead:
    """Read it inside a ``with`` block. An error of the source is raised where its bytes would have come."""

    def __init__(self, source: ByteSource) -> None:
        self._source = source
        self._pieces: queue.Queue[bytes | BaseException] = queue.Queue(_AHEAD_PIECES)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._fill, name="read-ahead")
        self._piece = b""
        self._at = 0
        self._end: bytes | BaseException | None = None

    def __enter__(self) -> "ReadAhead":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        while self._thread.is_alive():
            try:
                self._pieces.get(timeout=0.01)  # the thread may be waiting for room
            except queue.Empty:
                continue
        self._thread.join()

    def read(self, size: int, /) -> bytes:
        """At most ``size`` bytes; nothing at the end."""
        if self._at == len(self._piece):
            self._next_piece()
        piece = self._piece[self._at : self._at + size]
        self._at += len(piece)
        return piece

    def require_sound(self) -> None:
        """Read what is left, and raise what was wrong with the source, if anything was."""
        while self.read(_PIECE_BYTES):
            pass

    def _next_piece(self) -> None:
        if self._end is None:
            came = self._pieces.get()
            if isinstance(came, BaseException) or not came:
                self._end = came
            else:
                self._piece, self._at = came, 0
                return
        self._piece, self._at = b"", 0
        if isinstance(self._end, BaseException):
            raise self._end

    def _fill(self) -> None:
        try:
            while not self._stopped.is_set():
                piece = self._source.read(_PIECE_BYTES)
                self._pieces.put(piece)
                if not piece:
                    return
        except BaseException as error:  # noqa: BLE001 -- the consumer of the bytes must get it
            self._pieces.put(error)
