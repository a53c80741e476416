"""A header that does not end, however it begins, and a body that has hardly begun: no thread waits for them."""

import contextlib
import logging
import os
import select
import selectors
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from gunicorn.config import Config
from gunicorn.workers.gthread import ThreadWorker

from tests.tipline.processes import eventually, port_of, worker_of
from tests.tipline.served import ServedFolder, raw, status_of
from tests.tipline.site_stage import BOUNDARY, HOST, Stage, Upload, multipart
from tipline.limits.request_scheduler import WorkSlot
from tipline.requests.timeouts import CLIENT_TIMEOUTS, ClientTimeouts
from tipline.supervisor.web_process import WebProcess
from tipline.web.deadline_socket import BODY_AHEAD_BYTES, LONGEST_READ_AHEAD_BYTES, DeadlineSocket
from tipline.web.worker import SiteWorker

TORS_LINE = b"PROXY TCP6 fc00:dead:beef:4dad::0:1 ::1 1 80\r\n"
OF_EACH = 50
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


BEGINNINGS = (
    b"",
    b"\r\n",
    b"\r\n\r",
    b"\r\nGET / HTTP/1.1\r\n",
    b"POST / HTTP/1.1\r\nHost: x\r\n",
    b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 900000\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: x\r\ncontent-length:900000 \r\n\r\n--b\r\n",
)


def test_what_is_no_whole_header_yet_or_hardly_more_holds_no_thread(new_web: WebProcess) -> None:
    before = threads(new_web)
    begun = [
        (begins, socket.create_connection(("127.0.0.1", port_of(new_web))))
        for begins in BEGINNINGS
        for _ in range(OF_EACH)
    ]
    try:
        for begins, each in begun:
            each.sendall(TORS_LINE + begins)
        # Those came before it, and anyone who accepts them does so in their order.
        assert status_of(raw(port_of(new_web), TORS_LINE + b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")) == 200
        assert threads(new_web) < before + OF_EACH // 2, "not even one kind of them holds threads"
    finally:
        for _begins, each in begun:
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
def timeouts() -> ClientTimeouts:
    """Those of :func:`accepting`; a test parametrizes it to have others."""
    return CLIENT_TIMEOUTS


@pytest.fixture
def accepting(tmp_path: Path, timeouts: ClientTimeouts) -> Iterator[SiteWorker]:
    """A worker that accepts, in this process, at the socket ``s``."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(tmp_path / "s"))
    listener.listen()
    worker = SiteWorker(0, os.getppid(), [listener], None, 30, Config(), logging.getLogger("test"))
    worker.timeouts, worker.slot = timeouts, WorkSlot()
    worker.poller, worker.tpool = selectors.DefaultSelector(), worker.get_thread_pool()
    worker.method_queue.init()
    thread = threading.Thread(target=worker.run)
    thread.start()
    yield worker
    worker.alive = False
    worker.method_queue.defer(lambda: None)
    thread.join()
    worker.tmp.close()


@pytest.mark.usefixtures("accepting")
@pytest.mark.parametrize("timeouts", [ClientTimeouts(header=0.5)])
@pytest.mark.parametrize("said", [b"", TORS_LINE, b"GET / HTTP/1.1\r\nHost: x\r\n"])
def test_whoever_does_not_finish_a_header_is_let_go_in_time(tmp_path: Path, said: bytes) -> None:
    assert raw(tmp_path / "s", said) == b""


@pytest.mark.usefixtures("accepting")
def test_a_connection_that_the_system_gave_no_lock_for_is_closed_and_counted_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused: list[ThreadWorker] = []

    def refuse(worker: ThreadWorker, _connection: object) -> None:
        refused.append(worker)
        raise RuntimeError("can't allocate lock")

    monkeypatch.setattr(ThreadWorker, "enqueue_req", refuse)
    for _ in "12":
        assert raw(tmp_path / "s", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n") == b""
    assert len(refused) == 2
    assert eventually(lambda: refused[0].nr_conns == 0)


@pytest.mark.parametrize("timeouts", [ClientTimeouts(silence=0.5)])
def test_a_body_that_falls_silent_before_it_has_a_thread_gets_an_answer_with_what_was_typed(
    stage: Stage, accepting: SiteWorker, tmp_path: Path
) -> None:
    accepting.wsgi = stage.site.wsgi_app
    begun = multipart([("nonce", "0" * 32), ("text", "what was typed")], [Upload("x", bytes(100))])[:-120]
    head = f"POST / HTTP/1.1\r\nHost: {HOST}\r\nSec-Fetch-Site: same-origin\r\nContent-Length: 900000\r\n"
    kind = f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n\r\n"
    answer = raw(tmp_path / "s", (head + kind).encode() + begun)
    assert status_of(answer) == 400
    assert b"Only part of your message arrived." in answer
    assert b"what was typed</textarea>" in answer


@pytest.mark.parametrize("timeouts", [ClientTimeouts(upload=0.5)])
def test_half_a_day_of_bytes_now_and_then_is_the_end_of_a_body_without_a_thread_too(
    accepting: SiteWorker, tmp_path: Path
) -> None:
    accepting.wsgi = lambda environ, _start: [environ["wsgi.input"].read(1) and b"", b"over"]
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(tmp_path / "s"))
        client.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 900000\r\n\r\n")

        def is_over() -> bool:
            with contextlib.suppress(OSError):
                client.send(b"x")
            return bool(select.select([client], [], [], 0)[0])

        assert eventually(is_over)


@pytest.mark.parametrize(
    ("header", "waits_for_bytes"),
    [
        (b"POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\n", 5),
        (b"POST / HTTP/1.1\r\ncontent-length:\t5 \r\nHost: x\r\n\r\n", 5),
        (b"POST / HTTP/1.1\r\nContent-Length: 900000000\r\n\r\n", BODY_AHEAD_BYTES),
        (b"POST / HTTP/1.1\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n", 0),
        (b"POST / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", 0),
        (b"POST / HTTP/1.1\r\nContent-Length: +5\r\n\r\n", 0),
        (b"POST / HTTP/1.1\r\nContent-Length: 9999999999999999\r\n\r\n", 0),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", 0),
        (b"GET / HTTP/1.1\r\nContent-Length: 5\r\n\r\n", 0),
    ],
)
def test_only_the_body_of_a_form_that_says_its_length_is_waited_for_without_a_thread(
    header: bytes, waits_for_bytes: int
) -> None:
    near, far = socket.socketpair()
    with far, DeadlineSocket(fileno=near.detach()) as ours:
        far.sendall(TORS_LINE + header)
        assert ours.read_ahead() == (waits_for_bytes == 0)
        for count in range(1, waits_for_bytes + 1):
            far.sendall(b"x")
            assert ours.read_ahead() == (count == waits_for_bytes)
        assert ours.announces_body
        assert ours.has_whole_request == (waits_for_bytes == 5)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        (b"", None),
        (b"PRO", None),
        (TORS_LINE[:-1], None),
        (TORS_LINE, "fc00:dead:beef:4dad::0:1"),
        (b"GET / HTTP/1.1\r\n", ""),
        (b"\r\n", ""),
        (b"PROXY UNKNOWN\r\n", ""),
    ],
)
def test_a_circuit_is_known_once_tors_line_is_there(said: bytes, name: str | None) -> None:
    near, far = socket.socketpair()
    with far, DeadlineSocket(fileno=near.detach()) as ours:
        if said:
            far.sendall(said)
            ours.read_ahead()
        assert ours.circuit_name() == name


def test_a_hang_up_before_the_end_of_a_header_is_noticed_when_it_comes() -> None:
    near, far = socket.socketpair()
    with far, DeadlineSocket(fileno=near.detach()) as ours:
        far.sendall(TORS_LINE + b"GET / HT")
        assert not ours.read_ahead()
        far.shutdown(socket.SHUT_WR)
        assert ours.read_ahead(), "else anyone who accepts would be told of it again and again"
