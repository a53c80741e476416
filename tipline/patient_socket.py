"""A client's connection, for somebody who is patient, though not for ever: with headers that come in pieces, bodies
that come slowly, and answers that nobody reads.
"""

import contextlib
import math
import re
import socket
import time
from collections.abc import Iterator
from typing import Any

from tipline import turns

LONGEST_READ_AHEAD_BYTES = 16 << 10
"""A header that has no end by then is refused; browsers send a tenth of that."""
LINE_END = b"\r\n"
HEADER_END = LINE_END + LINE_END
_CIRCUIT_LINE = re.compile(rb"PROXY TCP6 ([0-9a-f:]{2,39}) [^\r\n]*\r\n")
_FIRST_LINE = re.compile(rb"[^\n]*\n|(?!PROXY )[^\n]{6}")
SILENCE_SECONDS = 180.0
"""Longer than Tor takes to move a stalled stream to life again; the whole of an upload has its own limits."""

ANSWER_SECONDS = 240.0
"""For a page, or for one piece of what is sent in pieces: a courier's download has many, of 256 KiB at most."""
LONG_ANSWER_BYTES = 1 << 20
LONG_ANSWER_SILENCE_SECONDS = 30.0
"""A page that gives a long text back lies in memory until all of it is sent, up to 2 MiB of it."""


class PatientSocket(socket.socket):
    """A client's connection, with an end to each wait, one to all waits for what it sends, and one to whatever is
    sent to it in one piece.

    What can be done at once is done without asking the system for anything else: beside many requests a page has to
    wait for Python anew after each call to it.
    """

    def __init__(self, fileno: int) -> None:
        super().__init__(fileno=fileno)
        super().setblocking(False)
        self._ahead = bytearray()
        self._until = math.inf
        self.has_endless_header = False
        """Whether what was read ahead is longer than any header, and none."""

    def end_within(self, seconds: float) -> float:
        """From now on this client is waited for so long in all, however much it sends; until when that is. What is
        sent to it has :data:`ANSWER_SECONDS`, whenever its own time is over: a refusal then is still read."""
        self._until = time.monotonic() + seconds
        return self._until

    def read_ahead(self) -> bool:
        """Take what is there of the header, without waiting; whether a thread can go on.

        Raises:
            BlockingIOError: there is nothing at present.
            OSError: the client is gone.
        """
        piece = super().recv(LONGEST_READ_AHEAD_BYTES)
        if not piece and not self._ahead:
            raise ConnectionResetError("the client ended before it said anything")
        self._ahead += piece
        end_begins = max(self._request_begins(), len(self._ahead) - len(piece) - len(HEADER_END) + 1)
        is_whole = self._ahead.find(HEADER_END, end_begins) >= 0
        self.has_endless_header = not is_whole and len(self._ahead) >= LONGEST_READ_AHEAD_BYTES
        return is_whole or not piece or self.has_endless_header

    def circuit_name(self) -> str | None:
        """As tor's line says, at the beginning of what was read ahead; empty where there is no such line. None
        while that is open."""
        if (told := _CIRCUIT_LINE.match(self._ahead)) is not None:
            return told[1].decode()
        return "" if _FIRST_LINE.match(self._ahead) is not None else None

    def asks_for_a_page(self) -> bool:
        """Whether what was read ahead begins as a request that brings nothing."""
        return self._ahead.startswith((b"GET ", b"HEAD "), self._request_begins())

    def _request_begins(self) -> int:
        """Where, in what was read ahead: behind tor's line on the circuit, and one empty line, which the parser
        passes over. These two alone would look like the end of a header."""
        begins = 0
        if self._ahead.startswith(b"PROXY "):
            line_end = self._ahead.find(LINE_END)
            begins = line_end + len(LINE_END) if line_end >= 0 else len(self._ahead)
        return begins + len(LINE_END) if self._ahead.startswith(LINE_END, begins) else begins

    def recv(self, size: int, flags: int = 0, /, *, within_seconds: float = math.inf) -> bytes:
        if self._ahead:
            piece = bytes(self._ahead[:size])
            del self._ahead[:size]
            return piece
        left = min(within_seconds, SILENCE_SECONDS, self._until - time.monotonic())
        if left <= 0:
            raise TimeoutError("the client took too long")
        with contextlib.suppress(BlockingIOError):
            return super().recv(size, flags)
        with turns.waiting(), self._for_at_most(left):
            return super().recv(size, flags)

    def sendall(self, content: Any, flags: int = 0, /) -> None:
        view = memoryview(content)
        silence_seconds = LONG_ANSWER_SILENCE_SECONDS if len(view) > LONG_ANSWER_BYTES else SILENCE_SECONDS
        until = time.monotonic() + ANSWER_SECONDS
        while view:
            left = min(silence_seconds, until - time.monotonic())
            if left <= 0:
                raise TimeoutError("the client takes too long to read")
            try:
                sent = super().send(view, flags)
            except BlockingIOError:
                with self._for_at_most(left):
                    sent = super().send(view, flags)
            view = view[sent:]

    def setblocking(self, _is_blocking: bool, /) -> None:
        """gunicorn's word on it is not taken: how long a call may wait is told by the call."""

    def settimeout(self, _seconds: float | None, /) -> None:
        """As :meth:`setblocking`."""

    @contextlib.contextmanager
    def _for_at_most(self, seconds: float) -> Iterator[None]:
        """A call in here may wait so long."""
        super().settimeout(seconds)
        try:
            yield
        finally:
            super().setblocking(False)
