"""No one waits long for a client that does not read a long answer, or does not send what no page needs."""

import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from tests.tipline.processes import port_of
from tests.tipline.served import ServedFolder, raw, status_of
from tipline.requests.timeouts import CLIENT_TIMEOUTS, ClientTimeouts
from tipline.supervisor.web_process import WebProcess
from tipline.web.deadline_socket import LONG_ANSWER_BYTES, DeadlineSocket

Ends = tuple[DeadlineSocket, socket.socket]
LONG = bytes(LONG_ANSWER_BYTES + 1)


@contextmanager
def ends(timeouts: ClientTimeouts = CLIENT_TIMEOUTS) -> Iterator[Ends]:
    near, far = socket.socketpair()
    with DeadlineSocket(fileno=near.detach(), timeouts=timeouts) as ours, far:
        yield ours, far


def test_a_long_answer_that_nobody_reads_is_let_go_soon_and_a_short_one_is_waited_for() -> None:
    with ends(ClientTimeouts(long_answer_silence=0.1, silence=60)) as (ours, far), ThreadPoolExecutor(1) as pool:
        with pytest.raises(TimeoutError):
            ours.sendall(LONG)
        sent = pool.submit(ours.sendall, LONG[:-1])
        time.sleep(0.5)
        assert not sent.done()
        far.close()
        with pytest.raises(OSError, match="Broken pipe"):
            sent.result(60)


def test_a_short_answer_that_nobody_reads_has_an_end_too() -> None:
    with ends(ClientTimeouts(silence=0.1)) as (ours, _far), pytest.raises(TimeoutError):
        ours.sendall(LONG[:-1])


@pytest.mark.parametrize("answer", [LONG[:-1], LONG * 8], ids=["of a mebibyte", "longer"])
def test_an_answer_that_is_read_slowly_has_an_end_too(answer: bytes) -> None:
    over = threading.Event()

    def read_slowly() -> None:
        while not over.wait(0.05):
            far.recv(1 << 14)

    with ends(ClientTimeouts(answer=0.5)) as (ours, far):
        reader = threading.Thread(target=read_slowly)
        reader.start()
        try:
            with pytest.raises(TimeoutError):
                ours.sendall(answer)
        finally:
            over.set()
            reader.join()


def test_what_is_sent_in_pieces_may_take_longer_than_any_of_them() -> None:
    with ends(ClientTimeouts(answer=1.0)) as (ours, far):
        for piece in (b"1", b"2"):
            ours.sendall(piece)
            assert far.recv(1) == piece
            time.sleep(1.1)
        ours.sendall(b"3")
        assert far.recv(1) == b"3"


def test_whoever_had_no_time_left_to_send_in_is_still_told_so() -> None:
    with ends() as (ours, far):
        ours.end_within(0)
        ours.sendall(b"it did not arrive whole")
        assert far.recv(100) == b"it did not arrive whole"


def test_a_long_answer_that_is_read_arrives_whole() -> None:
    with ends() as (ours, far):
        sent = threading.Thread(target=ours.sendall, args=(LONG,))
        sent.start()
        got = 0
        while got < len(LONG):
            got += len(far.recv(1 << 16))
        sent.join()
    assert got == len(LONG)


@pytest.fixture(scope="module")
def web(served: ServedFolder) -> Iterator[WebProcess]:
    with served.web() as web:
        yield web


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "OPTIONS"])
def test_for_a_body_that_is_announced_and_never_sent_nobody_waits_where_there_is_none_to_read(
    web: WebProcess, method: str
) -> None:
    asked = f"{method} / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n".encode()
    answer = raw(port_of(web), asked, seconds=30)  # anyone who waited for the body would wait for ten minutes
    assert status_of(answer) in {200, 403, 405}
