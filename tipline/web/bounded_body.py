"""The body of a request, as it comes from its connection and never past its announced end.

gunicorn's own reader waits until it has all that was asked for. A byte now and then held it for days within one
``read``, without a deadline and without visible progress. Here a read returns what has come.
"""

import time
from collections.abc import Callable, Iterator
from typing import Protocol

GATHER_SECONDS = 1.0
"""Bytes that come within it make one piece.

A fast upload has few large ones, and a slow one shows progress.
"""


SHORT_REST_BYTES = 2 << 20
SKIM_SECONDS = 1.0
_SKIMMED_BYTES = 64 << 10


class Client(Protocol):
    """A connection on which each wait has an end."""

    def recv(self, size: int, flags: int = 0, /, *, within_seconds: float = ...) -> bytes: ...


class BoundedBody:
    """The body as ``wsgi.input``, bounded by its Content-Length.

    ``held`` came together with the header; ``length`` is in bytes, 0 for a request without a body. ``when_whole``
    is called once all of it has been read, or dropped.
    """

    def __init__(
        self, client: Client, *, held: bytes, length: int, when_whole: Callable[[], object] = lambda: None
    ) -> None:
        self._client = client
        self._held = held[:length]  # what stands behind it belongs to nothing that is answered
        self._left = length
        self._when_whole = when_whole
        self._went_on()

    def read(self, size: int, /) -> bytes:
        """Read at most ``size`` bytes; empty at the end of the body, or if the client has ended before it.

        Raises:
            OSError: nothing came in time, or the connection broke.
        """
        wanted = min(size, self._left)
        piece, self._held = self._held[:wanted], self._held[wanted:]
        if wanted and not piece:
            piece = self._client.recv(wanted)
        if 0 < len(piece) < wanted:
            piece = b"".join([piece, *self._gathered(wanted - len(piece))])
        self._went_on(len(piece))
        return piece

    def skim(self) -> None:
        """Read and drop a short rest that comes at once, before a long answer.

        A client that reads nothing until it has sent all would wait for us, and we for it, if neither fits into the
        connection.
        """
        if self._left > SHORT_REST_BYTES:
            return
        until = time.monotonic() + SKIM_SECONDS
        self._went_on(len(self._held))
        self._held = b""
        try:
            while self._left:
                piece = self._client.recv(min(_SKIMMED_BYTES, self._left), within_seconds=until - time.monotonic())
                self._went_on(len(piece) or self._left)
        except OSError:
            return

    def _went_on(self, count: int = 0) -> None:
        self._left -= count
        if not self._left:
            self._when_whole()

    def _gathered(self, wanted: int) -> Iterator[bytes]:
        until = time.monotonic() + GATHER_SECONDS
        try:
            while wanted and (piece := self._client.recv(wanted, within_seconds=until - time.monotonic())):
                yield piece
                wanted -= len(piece)
        except OSError:
            return  # either the time is over, or the next read says what is wrong
