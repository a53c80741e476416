"""The body of a request, read from the socket in pieces, and never beyond its announced length.

Nothing here buffers to a disk. Werkzeug's own ``request.form`` and ``request.files`` do, above 500 KB: this site
does not use them.
"""

import time
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, Protocol

from werkzeug.http import parse_options_header

from tipline.requests.circuit import Circuit
from tipline.requests.refusals import Reason, Refused
from tipline.requests.timeouts import patience_of

PIECE_BYTES = 256 * 1024


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...  # what has come, at most so much; nothing at the end


class RequestBody:
    """The body of one request. Call :meth:`drain` once the answer is sent."""

    def __init__(
        self,
        environ: Mapping[str, Any],
        *,
        addresses: Collection[str] = (),
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self.circuit = Circuit.of(environ)
        """Through which it comes."""
        self.addresses = addresses
        """Addresses of this server, one of which a form may name; empty if they are not known."""
        self._stream: _Readable = environ["wsgi.input"]
        self._seconds = seconds
        self._patience = patience_of(environ)
        self._ends_at = seconds() + self._patience.timeouts.upload
        # The clock is read between two pieces here; a wait for a piece must have the same end.
        self._patience.end_within(self._patience.timeouts.upload)
        self._chunked = bool(environ.get("HTTP_TRANSFER_ENCODING"))
        untrusted_length = str(environ.get("CONTENT_LENGTH") or "")
        self._length = int(untrusted_length) if _is_length(untrusted_length) else None
        self._left = self._length or 0
        self._arrived = 0
        self.media_type, options = parse_options_header(str(environ.get("CONTENT_TYPE") or ""))
        self.untrusted_boundary = options.get("boundary", "")

    def require_length(self, *, at_most_bytes: int, else_refuse: Reason = Reason.REQUEST_TOO_BIG) -> int:
        """The announced length in bytes, checked before the first byte is read.

        Raises:
            Refused: no length (also with chunked transfer), or more than ``at_most_bytes``.
        """
        if self._chunked or self._length is None:
            self._left = 0  # without a length there is no safe end to read to
            raise Refused(Reason.LENGTH_MISSING)
        if self._length > at_most_bytes:
            raise Refused(else_refuse)
        return self._length

    @property
    def announced_bytes(self) -> int:
        """The length that the client announces; 0 without one."""
        return self._length or 0

    @property
    def arrived_bytes(self) -> int:
        """The bytes read so far; it grows while another thread looks."""
        return self._arrived

    def pieces(self) -> Iterator[bytes]:
        """Yield all of the body, in pieces of at most ``PIECE_BYTES``.

        Raises:
            Refused: the connection ended before the announced length, or it took longer than half a day.
        """
        while self._left:
            if self._seconds() > self._ends_at:
                raise Refused(Reason.BROKEN)
            piece = self._read(min(PIECE_BYTES, self._left))
            if not piece:
                raise Refused(Reason.BROKEN)
            yield piece

    def _read(self, size: int) -> bytes:
        try:
            piece = self._stream.read(size)
        except OSError as error:
            self._left = 0
            raise Refused(Reason.BROKEN) from error
        self._left = self._left - len(piece) if piece else 0
        self._arrived += len(piece)
        return piece

    def drain(self) -> None:
        """Read the rest and drop it; does nothing when all was read."""
        drain_seconds = self._patience.timeouts.drain
        until = self._seconds() + drain_seconds
        self._patience.end_within(drain_seconds)
        try:
            while self._left and self._seconds() < until:
                self._read(min(PIECE_BYTES, self._left))
        except Exception:  # noqa: BLE001 -- the answer is out: no error matters any more
            return


def _is_length(untrusted_text: str) -> bool:
    return untrusted_text.isascii() and untrusted_text.isdigit() and len(untrusted_text) <= 15
