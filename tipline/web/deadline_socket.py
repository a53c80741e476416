"""A client's connection with deadlines for slow headers, slow bodies, and answers that are not read."""

import contextlib
import math
import re
import socket
import time
from collections.abc import Callable, Iterator
from typing import Any

from tipline.limits import request_scheduler
from tipline.requests.timeouts import CLIENT_TIMEOUTS, ClientTimeouts
from tipline.web.streams import Stream

LONGEST_READ_AHEAD_BYTES = 16 << 10
"""A header that has no end by then is refused; browsers send a tenth of that."""
LINE_END = b"\r\n"
HEADER_END = LINE_END + LINE_END
BODY_AHEAD_BYTES = 16 << 10
"""Bytes of a body to wait for before it gets a thread; most texts are whole by then."""

_DROPPED_BYTES = 64 << 10
_MUCH_BYTES = 256 << 10
_RECEIPT_BYTES = 64 << 10
"""Limit above which an answer is no receipt, head included."""

_CIRCUIT_LINE = re.compile(rb"PROXY TCP6 ([0-9a-f:]{2,39}) [^\r\n]*\r\n")
_FIRST_LINE = re.compile(rb"[^\n]*\n|(?!PROXY )[^\n]{6}")
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]{1,15})[ \t]*(?=\r\n)", re.IGNORECASE)
_WITH_A_BODY = re.compile(rb"\r\n(?:content-length|transfer-encoding)[ \t]*:", re.IGNORECASE)
_EXPECTS = re.compile(rb"\r\nexpect[ \t]*:", re.IGNORECASE)
LONG_ANSWER_BYTES = 1 << 20


class DeadlineSocket(socket.socket):
    """A client's connection, with a deadline for each wait, for all waits, and for each answer.

    What can be done at once is done without another system call: after each call a page must wait for Python again
    beside many requests.
    """

    def __init__(self, fileno: int, *, timeouts: ClientTimeouts = CLIENT_TIMEOUTS) -> None:
        super().__init__(fileno=fileno)
        super().setblocking(False)
        self.timeouts = timeouts
        self._ahead = bytearray()
        self._until = self._latest = math.inf
        self._wanted_bytes = self._dropped_bytes = 0
        self._body_bytes: int | None = None
        self.has_endless_header = False
        """The bytes read ahead are longer than any header, and are none."""
        self.has_whole_header = False
        self.has_whole_request = False
        """Its body was read ahead too, to its end."""
        self.announces_body = False
        """The header, once it is whole, announces a body."""
        self.stream: Stream | None = None
        """Notified of the bytes that come and go once a thread reads them."""
        self.when_under_way: Callable[[], object] = lambda: None
        """Called once, in the thread that reads, when it first waits for this client, or has read much."""
        self._read_bytes = 0

    def end_within(self, seconds: float) -> float:
        """Wait for this client for so long in all, however much it sends; return until when.

        An answer has a timeout of its own, whenever the client's own time is over: a refusal is still read then.
        """
        self._until = min(time.monotonic() + seconds, self._latest)
        return self._until

    def end_at_latest(self, moment: float) -> None:
        """Set the last deadline, by ``time.monotonic``; :meth:`end_within` never goes beyond it."""
        self._latest = moment

    def is_late(self, now: float) -> bool:
        """Return whether the deadline is over."""
        return now >= self._latest

    def drop_what_came(self) -> bool:
        """Read and drop, without waiting, bytes that are not needed; return whether to stop."""
        try:
            count = len(super().recv(_DROPPED_BYTES))
        except BlockingIOError:
            return False
        except OSError:
            return True
        self._dropped_bytes += count
        return not count or self._dropped_bytes >= _DROPPED_BYTES

    def end_reading(self) -> None:
        """Accept no more bytes from this client; called by another thread than its own.

        What has come is still read, and an answer can still be sent. A thread that waits for the client goes on at
        once.
        """
        self._shut(socket.SHUT_RD)

    def end_all(self) -> None:
        """Do as :meth:`end_reading`, and also wake a thread that waits for the client to read."""
        self._shut(socket.SHUT_RDWR)

    def _shut(self, how: int) -> None:
        with contextlib.suppress(OSError):  # it is gone already
            self.shutdown(how)

    def read_ahead(self) -> bool:
        """Take what is there of the header, without waiting; whether a thread can go on.

        Raises:
            BlockingIOError: there is nothing at present.
            OSError: the client is gone.
        """
        most_bytes = self._wanted_bytes - len(self._ahead) if self.has_whole_header else LONGEST_READ_AHEAD_BYTES
        piece = super().recv(most_bytes)
        if not piece and not self._ahead:
            raise ConnectionResetError("the client ended before its request")
        self._ahead += piece
        self._moved(len(piece))
        if not self.has_whole_header:
            self._look_for_the_header_end(len(piece))
        is_enough = self.has_whole_header and len(self._ahead) >= self._wanted_bytes
        self.has_whole_request = is_enough and self._body_bytes is not None and self._body_bytes <= BODY_AHEAD_BYTES
        return is_enough or not piece or self.has_endless_header

    def _look_for_the_header_end(self, new_bytes: int) -> None:
        begins = self._request_begins()
        end = self._ahead.find(HEADER_END, max(begins, len(self._ahead) - new_bytes - len(HEADER_END) + 1))
        self.has_whole_header = end >= 0
        self.has_endless_header = end < 0 and len(self._ahead) >= LONGEST_READ_AHEAD_BYTES
        if self.has_whole_header:
            header = bytes(self._ahead[begins : end + len(LINE_END)])
            self.announces_body = _WITH_A_BODY.search(header) is not None
            self._body_bytes = _body_bytes(header)
            self._wanted_bytes = end + len(HEADER_END) + min(self._body_bytes or 0, BODY_AHEAD_BYTES)

    def circuit_name(self) -> str | None:
        """Return the circuit's name from tor's line in front of the request; empty without such a line.

        None while too little was read ahead.
        """
        if (told := _CIRCUIT_LINE.match(self._ahead)) is not None:
            return told[1].decode()
        return "" if _FIRST_LINE.match(self._ahead) is not None else None

    def asks_for_a_page(self) -> bool:
        """Return whether the bytes read ahead begin a request without a body."""
        return self._ahead.startswith((b"GET ", b"HEAD "), self._request_begins())

    def _request_begins(self) -> int:
        """Return where the request begins in the bytes read ahead.

        That is behind tor's line on the circuit and one empty line, which the parser skips. These two alone would
        look like the end of a header.
        """
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
        left = min(within_seconds, self.timeouts.silence, self._until - time.monotonic())
        if left <= 0:
            raise TimeoutError("the client took too long")
        try:
            piece = super().recv(size, flags)
        except BlockingIOError:
            self.note_under_way()
            with request_scheduler.yielded(), self._for_at_most(left):
                piece = super().recv(size, flags)
        self._moved(len(piece))
        self._read_bytes += len(piece)
        if self._read_bytes >= _MUCH_BYTES:
            self.note_under_way()
        return piece

    def sendall(self, content: Any, flags: int = 0, /) -> None:
        view = memoryview(content)
        is_long = len(view) > LONG_ANSWER_BYTES
        silence_seconds = self.timeouts.long_answer_silence if is_long else self.timeouts.silence
        until = time.monotonic() + self.timeouts.answer
        while view:
            left = min(silence_seconds, until - time.monotonic())
            if left <= 0:
                raise TimeoutError("the client takes too long to read")
            try:
                sent = super().send(view, flags)
            except BlockingIOError:
                with self._unread(len(content)), self._for_at_most(left):
                    sent = super().send(view, flags)
            self._moved(sent)
            view = view[sent:]

    def note_under_way(self) -> None:
        """Mark the upload as running, so that another may begin."""
        if self.stream is not None and not self.stream.is_under_way:
            self.stream.is_under_way = True
            self.when_under_way()

    def _moved(self, count: int) -> None:
        if self.stream is not None:
            self.stream.moved(count, time.monotonic())

    @contextlib.contextmanager
    def _unread(self, answer_bytes: int) -> Iterator[None]:
        """Meanwhile the client is waited for to read. A longer answer than any receipt gives a text back."""
        if self.stream is None or answer_bytes <= _RECEIPT_BYTES:
            yield
            return
        could_end = self.stream.may_end
        self.stream.may_end = self.stream.is_unread = True
        try:
            yield
        finally:
            self.stream.may_end, self.stream.is_unread = could_end, False

    def setblocking(self, _is_blocking: bool, /) -> None:
        """Ignore it: each call itself sets how long it may wait."""

    def settimeout(self, _seconds: float | None, /) -> None:
        """Ignore it, as :meth:`setblocking` does."""

    @contextlib.contextmanager
    def _for_at_most(self, seconds: float) -> Iterator[None]:
        """A call in here may wait so long."""
        super().settimeout(seconds)
        try:
            yield
        finally:
            super().setblocking(False)


def _body_bytes(header: bytes) -> int | None:
    """Return the length of the body to wait for before the request gets a thread.

    It is a hint: the parser alone decides what the header means. None: what may be refused, or answered before the
    body, gets a thread at once.
    """
    lengths = _LENGTH.findall(header)
    if not header.startswith(b"POST ") or len(lengths) != 1 or _EXPECTS.search(header) is not None:
        return None
    return int(lengths[0])
