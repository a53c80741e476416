"""A TCP bridge from a plain loopback address to the onion service, for any browser.

For the demo only: a real site has no such bridge.
"""

import contextlib
import socket
import socketserver
import threading
from types import TracebackType
from typing import Self

TIMEOUT_SECONDS = 120.0
PIECE_BYTES = 65536
ONION_PORT = 80
_REPLY_HEAD_BYTES = 10  # to a request by name, tor answers with an IPv4 address of zeros


class LoopbackBridge:
    """Listens on a free port of 127.0.0.1 until it is closed."""

    def __init__(self, *, onion: str, socks_port: int) -> None:
        self._server = _LoopbackServer(onion, socks_port)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.1})
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def address(self) -> str:
        """To be typed into a browser."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/"

    def close(self) -> None:
        """Stop listening. Connections that are open end by themselves."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _LoopbackServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, onion: str, socks_port: int) -> None:
        super().__init__(("127.0.0.1", 0), _Connection)
        self.onion = onion
        self.socks_port = socks_port

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that hangs up, or an onion that is not there: the browser says so."""


class _Connection(socketserver.BaseRequestHandler):
    server: _LoopbackServer
    request: socket.socket

    def handle(self) -> None:
        with socket.create_connection(("127.0.0.1", self.server.socks_port), TIMEOUT_SECONDS) as outward:
            _ask_for(outward, self.server.onion)
            self.request.settimeout(TIMEOUT_SECONDS)
            back = threading.Thread(target=_pump, args=(outward, self.request), daemon=True)
            back.start()
            _pump(self.request, outward)
            back.join()


def _ask_for(proxy: socket.socket, onion: str) -> None:
    """SOCKS5 (RFC 1928), no authentication, by name."""
    name = onion.encode("ascii")
    proxy.sendall(b"\x05\x01\x00")
    if _exactly(proxy, 2) != b"\x05\x00":
        raise ConnectionError("expected a SOCKS5 proxy")
    proxy.sendall(b"\x05\x01\x00\x03" + bytes([len(name)]) + name + ONION_PORT.to_bytes(2, "big"))
    if _exactly(proxy, _REPLY_HEAD_BYTES)[1] != 0:
        raise ConnectionError("the proxy does not reach the onion")


def _exactly(source: socket.socket, count: int) -> bytes:
    got = b""
    while len(got) < count:
        piece = source.recv(count - len(got))
        if not piece:
            raise ConnectionError("the proxy hung up")
        got += piece
    return got


def _pump(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while piece := source.recv(PIECE_BYTES):
            target.sendall(piece)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)
