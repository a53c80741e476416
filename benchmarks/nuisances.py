"""The response of the site beside nuisance clients, on loopback.

Run: ``.venv/bin/python benchmarks/nuisances.py [--folder FOLDER]``

Rows: no other load; 1,000 connections that say nothing; 1,000 headers that never end; 200 uploads that send a byte
a second beside those; 100 clients that read their answer and never hang up. Each prints the median and the slowest
of 20 first pages, the time of a text to its receipt, and resident memory.
"""

import argparse
import contextlib
import resource
import socket
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from running_server import POOL_FILL_SECONDS, RunningServer, form_nonce, post_submission, running_server

PAGES = 20
HALF_HEADER = b"POST / HTTP/1.1\r\nHost: x\r\nX-Slow: "
HALF_UPLOAD = (
    b"POST / HTTP/1.1\r\nHost: x\r\nOrigin: http://x\r\nContent-Length: 100000\r\n"
    b"Content-Type: multipart/form-data; boundary=b\r\n\r\n"
    b'--b\r\nContent-Disposition: form-data; name="text"\r\n\r\n'
)
WHOLE_REQUEST = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--folder", type=Path, default=None)
    wanted = parser.parse_args()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8192), hard))
    with (
        tempfile.TemporaryDirectory(dir=wanted.folder, prefix="bench-") as name,
        running_server(Path(name)) as server,
    ):
        time.sleep(POOL_FILL_SECONDS)
        _row("no other load", server)
        with _clients(server, 1000, b""):
            _row("1,000 silent", server)
        with _clients(server, 1000, HALF_HEADER):
            _row("1,000 endless headers", server)
            with _clients(server, 200, HALF_UPLOAD, drip=True):
                _row("and 200 slow uploads", server)
        with _clients(server, 100, WHOLE_REQUEST):
            _row("100 that never hang up", server)


def _row(label: str, server: RunningServer) -> None:
    taken = sorted(_seconds_of_a_page(server) for _ in range(PAGES))
    nonce = form_nonce(server.connection())
    begin = time.perf_counter()
    post_submission(server.connection(), nonce=nonce, text="x" * 1024)
    text = time.perf_counter() - begin
    print(
        f"{label:23} page median {statistics.median(taken) * 1000:6.1f} ms, slowest {taken[-1] * 1000:7.1f} ms; "
        f"text to receipt {text * 1000:7.1f} ms; {server.resident_bytes() >> 20} MiB"
    )


def _seconds_of_a_page(server: RunningServer) -> float:
    begin = time.perf_counter()
    connection = server.connection()
    connection.request("GET", "/")
    connection.getresponse().read()
    connection.close()
    return time.perf_counter() - begin


@contextlib.contextmanager
def _clients(server: RunningServer, count: int, first: bytes, *, drip: bool = False) -> Iterator[None]:
    clients = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(count)]
    end = threading.Event()

    def send_drops() -> None:
        while not end.wait(1):
            for client in clients:
                with contextlib.suppress(OSError):
                    client.send(b"x")

    dripper = threading.Thread(target=send_drops)
    try:
        for client in clients:
            client.sendall(first)
        if drip:
            dripper.start()
        time.sleep(0.5)
        yield
    finally:
        end.set()
        if drip:
            dripper.join()
        for client in clients:
            client.close()


if __name__ == "__main__":
    main()
