"""A header that does not end, however it begins: nobody's thread waits for it."""

import logging
import os
import selectors
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from gunicorn.config import Config

from tests.tipline.processes import eventually, port_of, worker_of
from tests.tipline.served import ServedFolder, raw, status_of
from tipline.patient_socket import LONGEST_READ_AHEAD_BYTES, PatientSocket
from tipline.web_process import WebProcess
from tipline.web_worker import SiteWorker

TORS_LINE = b"PROXY TCP6 fc00:dead:beef:4dad::0:1 ::1 1 80\r\n"
MANY = 100
A_FIELD = b"X-Long: " + b"y" * 4000 + b"\r\n"


@pytest.fixture(scope="module")
def web(served: ServedFolder) -> Iterator[WebProcess]:
    with served.web(behind_tor=True) as web:
        yield web


@pytest.fixture
def new_web(served: ServedFolder) -> Iterator[WebProcess]:
    """Of which no thread is left that was needed before, or comes late for a connection that broke off."""
    with served.web(behind_tor=True) as web:
        yield web


def threads(web: WebProcess) -> int:
    return len(list(Path(f"/proc/{worker_of(web)}/task").iterdir()))


@pytest.mark.parametrize(
    "begins",
    [
        b"",
        b"\r\n",
        b"\r\n\r",
        b"\r\nGET / HTTP/1.1\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\n",
    ],
)
def test_what_is_no_whole_header_yet_holds_no_thread(new_web: WebProcess, begins: bytes) -> None:
    before = threads(new_web)
    unfinished = [socket.create_connection(("127.0.0.1", port_of(new_web))) for _ in range(MANY)]
    try:
        for each in unfinished:
            each.sendall(TORS_LINE + begins)
        # Those came before it, and whoever accepts them does so in their order.
        assert status_of(raw(port_of(new_web), TORS_LINE + b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")) == 200
        assert threads(new_web) < before + MANY // 2
    finally:
        for each in unfinished:
            each.close()


def test_a_header_that_is_longer_than_any_is_refused_before_its_end(web: WebProcess) -> None:
    fields = A_FIELD * (LONGEST_READ_AHEAD_BYTES // len(A_FIELD) + 1)
    with socket.create_connection(("127.0.0.1", port_of(web)), timeout=10) as client:
        client.sendall(TORS_LINE + b"GET / HTTP/1.1\r\nHost: x\r\n" + fields)
        assert status_of(client.recv(1 << 16)) == 400


@pytest.mark.parametrize("before", [b"", TORS_LINE], ids=["direct", "by tor"])
@pytest.mark.parametrize("piece_bytes", [1, 2, 3, 1000])
def test_an_empty_line_may_stand_before_a_request(web: WebProcess, before: bytes, piece_bytes: int) -> None:
    request = before + b"\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port_of(web)), timeout=10) as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for begin in range(0, len(request), piece_bytes):
            client.sendall(request[begin : begin + piece_bytes])
        assert status_of(client.recv(1 << 16)) == 200


@pytest.fixture
def accepting(tmp_path: Path) -> Iterator[Path]:
    """The socket of a worker that accepts, in this process."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(tmp_path / "s"))
    listener.listen()
    worker = SiteWorker(0, os.getppid(), [listener], None, 30, Config(), logging.getLogger("test"))
    worker.poller, worker.tpool = selectors.DefaultSelector(), worker.get_thread_pool()
    worker.method_queue.init()
    thread = threading.Thread(target=worker.run)
    thread.start()
    yield tmp_path / "s"
    worker.alive = False
    worker.method_queue.defer(lambda: None)
    thread.join()
    worker.tmp.close()


@pytest.mark.parametrize("said", [b"", TORS_LINE, b"GET / HTTP/1.1\r\nHost: x\r\n"])
def test_whoever_does_not_finish_a_header_is_let_go_in_time(
    accepting: Path, monkeypatch: pytest.MonkeyPatch, said: bytes
) -> None:
    monkeypatch.setattr("tipline.web_worker.HEADER_SECONDS", 0.5)
    assert raw(accepting, said) == b""


def test_a_connection_that_the_system_gave_no_lock_for_is_closed_and_counted_no_more(
    accepting: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused: list[SiteWorker] = []

    def refuse(worker: SiteWorker, _connection: object) -> None:
        refused.append(worker)
        raise RuntimeError("can't allocate lock")

    monkeypatch.setattr(SiteWorker, "enqueue_req", refuse)
    for _ in "12":
        assert raw(accepting, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n") == b""
    assert len(refused) == 2
    assert eventually(lambda: refused[0].nr_conns == 0)


def test_a_hang_up_before_the_end_of_a_header_is_noticed_when_it_comes() -> None:
    near, far = socket.socketpair()
    with far, PatientSocket(fileno=near.detach()) as ours:
        far.sendall(TORS_LINE + b"GET / HT")
        assert not ours.read_ahead()
        far.shutdown(socket.SHUT_WR)
        assert ours.read_ahead(), "else whoever accepts would be told of it again and again"
