"""One private Tor network for the whole run, and small things to publish on it and to fetch through it."""

import socket
import socketserver
import threading
import time
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from onion.private_network import PrivateNetwork
from tests.together import SHARED

PATIENCE_SECONDS = 75.0
"""A client gives up an introduction that no one answers after half a minute here, and begins again by itself."""


@pytest.fixture(scope="session")
def tor_network(tmp_path_factory: pytest.TempPathFactory) -> PrivateNetwork:
    return SHARED.enter_context(PrivateNetwork(tmp_path_factory.mktemp("network") / "tor", clients=2))


class UnixPage:
    """A page on a unix socket that tells the first line it got: behind a public service, tor's PROXY line."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._server = _Server(str(path), _Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    def __enter__(self) -> "UnixPage":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True


class _Handler(BaseHTTPRequestHandler):
    def handle(self) -> None:
        first = self.rfile.readline(200)
        proxied = first.startswith(b"PROXY ")
        if proxied:
            self.rfile.readline(200)
        while self.rfile.readline(2000).strip():
            pass
        body = first.strip() if proxied else b"no proxy line"
        self.wfile.write(b"HTTP/1.0 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))


def fetch(address: str, socks_port: int, *, seconds: float = PATIENCE_SECONDS) -> str:
    """The page's text, over a fresh connection; raises OSError where tor cannot connect."""
    with connected(address, socks_port, seconds=seconds) as connection:
        return fetch_over(connection, address)


def connected(address: str, socks_port: int, *, seconds: float = PATIENCE_SECONDS) -> socket.socket:
    """A stream to the service.

    Raises:
        ConnectionRefusedError: tor says that it cannot connect, with this reply of RFC 1928.
        OSError: tor says nothing for so long.
    """
    connection = socket.create_connection(("127.0.0.1", socks_port), timeout=seconds)
    try:
        connection.sendall(b"\x05\x01\x00")
        name = address.encode()
        greeting = connection.recv(2)
        connection.sendall(b"\x05\x01\x00\x03" + bytes([len(name)]) + name + (80).to_bytes(2, "big"))
        answer = connection.recv(10)
        if greeting != b"\x05\x00" or answer[1:2] != b"\x00":
            raise ConnectionRefusedError(f"tor could not connect: reply {answer[1:2].hex() or 'missing'}")
    except OSError:
        connection.close()
        raise
    return connection


def first_connected(address: str, socks_port: int, *, seconds: float = PATIENCE_SECONDS) -> socket.socket:
    """As `connected`, and again where tor gives up a circuit that is slowly built, as a visitor would."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return connected(address, socks_port, seconds=max(1.0, deadline - time.monotonic()))
        except ConnectionRefusedError:
            if time.monotonic() > deadline:
                raise
        time.sleep(0.5)


def fetch_over(connection: socket.socket, address: str) -> str:
    """The page's text, over a stream on which nothing was asked for yet."""
    connection.sendall(f"GET / HTTP/1.0\r\nHost: {address}\r\n\r\n".encode())
    whole = b"".join(iter(lambda: connection.recv(65536), b""))
    return whole.partition(b"\r\n\r\n")[2].decode()
