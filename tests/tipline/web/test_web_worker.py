"""The web worker, as a browser and a nuisance meet it: slow, silent, broken and endless connections."""

import re
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tipline.processes import port_of, worker_of
from tests.tipline.served import ServedFolder, ask, raw, send_tip, status_of
from tests.tipline.site_stage import BOUNDARY, Upload, multipart
from tipline.supervisor.web_process import WebProcess
from tipline.web.bounded_body import GATHER_SECONDS
from tipline.web.connection_slots import FULL_CAPACITY


@pytest.fixture(scope="module")
def web(served: ServedFolder) -> Iterator[WebProcess]:
    with served.web() as web:
        yield web


def test_no_answer_names_the_server_or_a_time(web: WebProcess) -> None:
    port = port_of(web)
    answers = [
        raw(port, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
        raw(port, b"GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n"),
        raw(port, b"BREW / HTTP/1.1\r\nHost: x\r\n\r\n"),
        raw(port, b"nothing like HTTP\r\n\r\n"),
        raw(port, b"GET / HTTP/1.1\r\nHost: x\r\nLong: " + b"y" * 9000 + b"\r\n\r\n"),
    ]
    for answer in answers:
        head = answer.partition(b"\r\n\r\n")[0]
        assert b"\r\nServer:" not in head
        assert b"\r\nDate:" not in head
        assert b"gunicorn" not in answer.lower()
        assert b"\r\nContent-Security-Policy: default-src 'none'" in head


def test_what_is_no_request_gets_the_sites_own_page_and_is_not_quoted(web: WebProcess) -> None:
    answer = raw(port_of(web), b"canary-7f3a nothing like HTTP\r\n\r\n")
    assert status_of(answer) == 400
    assert b"canary-7f3a" not in answer
    assert len(answer.partition(b"\r\n\r\n")[2]) == len(ask(port_of(web), "GET", "/nowhere")[2])


def test_a_thousand_silent_connections_and_more_endless_headers_than_there_are_threads_do_not_stop_a_tip(
    web: WebProcess,
) -> None:
    port = port_of(web)
    nuisances = [socket.create_connection(("127.0.0.1", port)) for _ in range(FULL_CAPACITY.threads + 1200)]
    try:
        for each in nuisances[: FULL_CAPACITY.threads + 200]:
            each.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        assert b"data-passphrase" in send_tip(port, "hello")
        assert _threads(web) < FULL_CAPACITY.threads // 2
    finally:
        for each in nuisances:
            each.close()


def _threads(web: WebProcess) -> int:
    return len(list(Path(f"/proc/{worker_of(web)}/task").iterdir()))


@pytest.mark.parametrize("piece_bytes", [1, 3, 70])
def test_a_header_may_come_in_pieces_and_the_body_with_its_end(web: WebProcess, piece_bytes: int) -> None:
    body = multipart([("nonce", "0" * 31 + str(piece_bytes)[0]), ("text", "in pieces")])
    head = (
        b"POST / HTTP/1.1\r\nHost: x\r\nOrigin: http://x\r\nContent-Length: %d\r\n"
        b"Content-Type: multipart/form-data; boundary=%s\r\n\r\n" % (len(body), BOUNDARY.encode())
    )
    with socket.create_connection(("127.0.0.1", port_of(web)), timeout=60) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for begin in range(0, len(head) - 2, piece_bytes):
            connection.sendall(head[begin : min(begin + piece_bytes, len(head) - 2)])
        connection.sendall(head[-2:] + body)
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert status_of(answer) == 200
    assert b"data-passphrase" in answer


def test_an_upload_that_stands_still_for_a_while_goes_on(web: WebProcess) -> None:
    port = port_of(web)
    nonce = re.search(rb'name="nonce" value="([^"]*)"', ask(port, "GET", "/")[2])
    assert nonce
    body = multipart([("nonce", nonce[1].decode()), ("text", "slowly")], [Upload("film.mp4", bytes(300_000))])
    head = (
        "POST / HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\n"
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
        line.sendall(head.encode() + body[:100_000])
        time.sleep(2 * GATHER_SECONDS + 0.5)  # longer than what comes is gathered to one piece, and once more
        line.sendall(body[100_000:])
        answer = b"".join(iter(lambda: line.recv(65536), b""))
    assert status_of(answer) == 200
    assert b"data-passphrase" in answer


def test_a_header_that_ends_with_its_connection_leaves_nothing_open(web: WebProcess) -> None:
    for said in (b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: x\r\n"):
        with socket.create_connection(("127.0.0.1", port_of(web)), timeout=60) as connection:
            connection.sendall(said)
            connection.shutdown(socket.SHUT_WR)
            assert b"200 OK" not in b"".join(iter(lambda: connection.recv(65536), b""))


def test_clients_that_never_hang_up_hold_nobody_else(web: WebProcess) -> None:
    port = port_of(web)
    lingering = [socket.create_connection(("127.0.0.1", port)) for _ in range(60)]
    try:
        for each in lingering:
            each.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        # One after the other they would take two seconds each, and this request's patience ends before.
        assert ask(port, "GET", "/")[0] == 200
    finally:
        for each in lingering:
            each.close()


def test_a_body_that_breaks_the_rules_gets_an_answer_and_leaves_nothing(
    web: WebProcess, served: ServedFolder
) -> None:
    before = served.waiting()
    head = (
        b"POST / HTTP/1.1\r\nHost: x\r\nOrigin: http://x\r\nTransfer-Encoding: chunked\r\n"
        b"Content-Type: multipart/form-data; boundary=b\r\n\r\n"
    )
    answer = raw(port_of(web), head + b"zz\r\nnonsense")
    assert 400 <= status_of(answer) < 500
    assert served.waiting() == before
