"""The onlooker: a SOCKS port between a browser and the server, which notes how much passes, which way and when.

It takes the place that tor has for the browser, so that every request names the onion address as it would over tor.
"""

import contextlib
import socket
import struct
import threading
import time
from dataclasses import dataclass, field
from types import TracebackType
from typing import Final

_PIECE_BYTES: Final = 64 * 1024
_BY_NAME: Final = 3
_GREETING: Final = b"\x05\x00"
_CONNECTED: Final = b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00"


@dataclass(slots=True)
class Exchange:
    """One connection: the server ends each after its answer, so it is one request and one answer.

    Times are ``time.monotonic``'s: of the last piece of the request, of the first and of the last of the answer.
    """

    request: bytearray = field(default_factory=bytearray)
    answer: bytearray = field(default_factory=bytearray)
    asked_at: float = 0.0
    answered_at: float = 0.0
    ended_at: float = 0.0
    turns: int = 0
    """How often the direction changed back."""
    is_over: bool = False


class Tap:
    """Listens on ``port`` of 127.0.0.1 and connects those who ask for ``host``, and only them, to ``to_port``."""

    def __init__(self, host: str, to_port: int) -> None:
        self._host = host
        self._to_port = to_port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._changed = threading.Condition()
        self._noted: list[Exchange] = []
        self.strangers: list[str] = []
        """Other hosts that someone asked for, in vain; empty where by number."""
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> "Tap":
        self._start(self._accept)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join()

    def take(self) -> list[Exchange]:
        """The exchanges since the last call, in the order in which the connections were opened. Waits until every
        answer has ended; connections on which nothing was asked, as browsers open them in advance, do not count."""
        with self._changed:
            if not self._changed.wait_for(lambda: all(one.is_over for one in self._noted if one.request), 60):
                raise TimeoutError("an answer does not end")
            noted, self._noted = self._noted, []
        self._threads = [thread for thread in self._threads if thread.is_alive()]
        return [exchange for exchange in noted if exchange.request]

    def count(self) -> int:
        """Of the connections since ``take`` on which something was asked."""
        return sum(bool(exchange.request) for exchange in self._noted)

    def await_count(self, count: int) -> None:
        """Until as many were asked on."""
        with self._changed:
            if not self._changed.wait_for(lambda: self.count() >= count, 60):
                raise TimeoutError("nothing was asked")

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            self._start(self._carry, near)

    def _carry(self, near: socket.socket) -> None:
        exchange = Exchange()
        try:
            with near, contextlib.suppress(OSError):
                if (host := _host_asked_for(near)) != self._host:
                    self.strangers.append(host)
                    return
                with self._changed:
                    self._noted.append(exchange)
                with socket.create_connection(("127.0.0.1", self._to_port)) as far:
                    near.sendall(_CONNECTED)
                    self._both_ways(near, far, exchange)
        finally:
            with self._changed:
                exchange.is_over = True
                self._changed.notify_all()

    def _both_ways(self, near: socket.socket, far: socket.socket, exchange: Exchange) -> None:
        for each in (near, far):
            each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        upward = threading.Thread(target=self._up, args=(near, far, exchange))
        upward.start()
        try:
            while piece := far.recv(_PIECE_BYTES):
                exchange.ended_at = time.monotonic()
                if not exchange.answer:
                    exchange.answered_at = exchange.ended_at
                exchange.answer += piece
                near.sendall(piece)
        finally:
            for each in (near, far):
                with contextlib.suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)
            upward.join()

    def _up(self, near: socket.socket, far: socket.socket, exchange: Exchange) -> None:
        with contextlib.suppress(OSError):
            while piece := near.recv(_PIECE_BYTES):
                exchange.asked_at = time.monotonic()
                exchange.turns += bool(exchange.answer)
                with self._changed:
                    exchange.request += piece
                    self._changed.notify_all()
                far.sendall(piece)

    def _start(self, what: object, *arguments: object) -> None:
        thread = threading.Thread(target=what, args=arguments)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()


def connect_through(socks_port: int, host: str, port: int = 80) -> socket.socket:
    """A connection as a browser opens it through a SOCKS port."""
    opened = socket.create_connection(("127.0.0.1", socks_port), timeout=60)
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    name = host.encode()
    opened.sendall(b"\x05\x01\x00")
    _exactly(opened, len(_GREETING))
    opened.sendall(b"\x05\x01\x00\x03" + bytes([len(name)]) + name + struct.pack(">H", port))
    _exactly(opened, len(_CONNECTED))
    return opened


def _host_asked_for(near: socket.socket) -> str:
    """Empty when it was asked for by number."""
    _version, methods = _exactly(near, 2)
    _exactly(near, methods)
    near.sendall(_GREETING)
    _version, _connect, _reserved, kind = _exactly(near, 4)
    if kind != _BY_NAME:
        return ""
    host = _exactly(near, _exactly(near, 1)[0])
    _exactly(near, 2)
    return host.decode("ascii")


def _exactly(source: socket.socket, count: int) -> bytes:
    got = b""
    while len(got) < count:
        piece = source.recv(count - len(got))
        if not piece:
            raise ConnectionAbortedError("the connection ended in its greeting")
        got += piece
    return got
