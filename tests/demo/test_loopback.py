"""The plain door to the onion, with a stand-in for tor's SOCKS port."""

import http.client
import socketserver
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from urllib.parse import urlsplit

import pytest

from demo.loopback import LoopbackBridge

ONION = "a" * 56 + ".onion"


class _Proxy(socketserver.ThreadingTCPServer):
    """Answers each request by name as the onion of that name would."""

    daemon_threads = True

    def __init__(self, outcome: int) -> None:
        super().__init__(("127.0.0.1", 0), _Asked)
        self.outcome = outcome
        self.asked: list[bytes] = []


class _Asked(socketserver.StreamRequestHandler):
    server: _Proxy

    def handle(self) -> None:
        assert self.rfile.read(3) == b"\x05\x01\x00"
        self.wfile.write(b"\x05\x00")
        assert self.rfile.read(4) == b"\x05\x01\x00\x03"
        self.server.asked.append(self.rfile.read(self.rfile.read(1)[0] + 2))
        self.wfile.write(bytes([5, self.server.outcome]) + b"\x00\x01" + bytes(6))
        if self.server.outcome == 0:
            while self.rfile.readline() not in (b"\r\n", b""):
                continue
            self.wfile.write(b"HTTP/1.0 200 OK\r\n\r\nhere")


@contextmanager
def proxy(outcome: int) -> Iterator[_Proxy]:
    with _Proxy(outcome) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_request_at_the_door_reaches_the_onion_by_name() -> None:
    with proxy(0) as tor, LoopbackBridge(onion=ONION, socks_port=tor.server_address[1]) as door:
        assert fetch(door) == b"here"
        assert tor.asked == [ONION.encode() + b"\x00\x50"]


def test_an_onion_that_is_not_there_ends_the_connection() -> None:
    with (
        proxy(4) as tor,
        LoopbackBridge(onion=ONION, socks_port=tor.server_address[1]) as door,
        pytest.raises((ConnectionError, http.client.BadStatusLine)),
    ):
        fetch(door)


def fetch(door: LoopbackBridge) -> bytes:
    with closing(http.client.HTTPConnection("127.0.0.1", urlsplit(door.address).port, timeout=60)) as connection:
        connection.request("GET", "/")
        return connection.getresponse().read()
