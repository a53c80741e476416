"""Time and size limits for a server's answers to the courier: the server may be compromised.

Time limits of a connection hold for one piece: a server that sends a byte now and then would keep the program for
ever, and so would one that sends headers without end. Here the whole of an answer is bounded.
"""

import time
from collections.abc import Callable
from typing import Any, Final, Protocol

import httpx

from system.errors import ProgramError

GRACE_SECONDS: Final = 600.0
SLOWEST_BYTES_A_SECOND: Final = 1024
LONGEST_HEAD_BYTES: Final = 256 * 1024


class CourierError(ProgramError):
    """The courier could not finish its round; its earlier files are unchanged."""


class _Stream(Protocol):
    """The interface through which the HTTP library reads and writes."""

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes: ...

    def write(self, buffer: bytes, timeout: float | None = None) -> None: ...


class Patience:
    """With one answer after the other, each from the last byte that was sent to the server."""

    def __init__(self, *, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._is_head = True
        self.begin()

    def begin(self) -> None:
        """The answer to the last request begins now."""
        self._since = self._seconds()
        self._received = 0

    def of_head(self, is_head: bool) -> None:
        """True while status and headers are awaited, which are short."""
        self._is_head = is_head

    def left_seconds(self) -> float:
        """Seconds until the answer must be complete, given what has arrived.

        Raises:
            CourierError: it is too slow.
        """
        allowed = GRACE_SECONDS + self._received / SLOWEST_BYTES_A_SECOND
        left = allowed - (self._seconds() - self._since)
        if left <= 0:
            raise CourierError("the server answers too slowly", hint="try again; is its line to Tor well?")
        return left

    def hear(self, length: int) -> None:
        """Note that this number of bytes came.

        Raises:
            CourierError: the headers have no end.
        """
        self._received += length
        if self._is_head and self._received > LONGEST_HEAD_BYTES:
            raise CourierError("the server's answer has headers without end", hint="ask its operator")


class PatientTransport(httpx.HTTPTransport):
    """HTTP as the courier's program speaks it: through a proxy or not, with bounded answers."""

    def __init__(self, *, proxy: str | None = None, patience: Patience | None = None) -> None:
        super().__init__(proxy=proxy, trust_env=False)
        self._patience = patience or Patience()
        pool: Any = self._pool
        pool._network_backend = _PatientBackend(pool._network_backend, self._patience)  # noqa: SLF001 -- no other way

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Gives the answer as soon as its headers are there."""
        self._patience.of_head(True)
        try:
            return super().handle_request(request)
        finally:
            self._patience.of_head(False)


class _PatientBackend:
    """Opens streams as the one that it stands for does."""

    def __init__(self, backend: Any, patience: Patience) -> None:
        self._backend = backend
        self._patience = patience

    def connect_tcp(self, *arguments: Any, **named: Any) -> "_PatientStream":
        return _PatientStream(self._backend.connect_tcp(*arguments, **named), self._patience)

    def sleep(self, seconds: float) -> None:
        self._backend.sleep(seconds)


class _PatientStream:
    """A connection of which each answer is bounded."""

    def __init__(self, stream: Any, patience: Patience) -> None:
        self._stream: _Stream = stream
        self._patience = patience

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        left = self._patience.left_seconds()
        piece = self._stream.read(max_bytes, left if timeout is None else min(timeout, left))
        self._patience.hear(len(piece))
        return piece

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, timeout)
        self._patience.begin()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
