"""Threads and places of one worker, with connections of which no worker knows. The clock is the test's own."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tipline.requests.circuit import Circuit
from tipline.web.connection_slots import _BEGINNING_AT_ONCE, Capacity, Connection, ConnectionSlots
from tipline.web.deadline_socket import DeadlineSocket
from tipline.web.streams import SILENT_SECONDS, Stream

HEADER = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 900000\r\n\r\n"


class Arrived:
    """A connection whose header is there."""

    def __init__(self, header: bytes) -> None:
        self.client, near = socket.socketpair()
        self.sock = DeadlineSocket(fileno=near.detach())
        self.stream: Stream | None = None
        self.client.sendall(header)
        self.sock.read_ahead()

    def close(self) -> None:
        self.client.close()
        self.sock.close()


class Worker:
    """Starts and closes nothing, and remembers what it should have."""

    def __init__(self, room: Capacity) -> None:
        self.now = 1000.0
        self.started: list[Connection] = []
        self.closed: list[Connection] = []
        self.places = ConnectionSlots(
            room, start=self.started.append, close=self.closed.append, seconds=lambda: self.now
        )
        self.opened = ExitStack()

    def arrive(self, circuit: str, header: bytes = HEADER) -> Arrived:
        connection = Arrived(header)
        self.opened.callback(connection.close)
        self.places.meet(connection, Circuit(circuit))
        self.places.want_thread(connection)
        return connection

    def is_under_way(self, connection: Arrived) -> None:
        connection.sock.note_under_way()
        self.places.go_on()

    def has_ended(self, connection: Arrived) -> bool:
        """True if its thread reads the end."""
        try:
            return connection.sock.read_ahead()
        except BlockingIOError:
            return False


@pytest.fixture
def worker() -> Iterator[Worker]:
    made = Worker(Capacity(threads=100, uploads=50, messages=10))
    with made.opened:
        yield made


def test_uploads_that_come_in_one_moment_begin_one_after_the_other(worker: Worker) -> None:
    came = [worker.arrive(str(number)) for number in range(_BEGINNING_AT_ONCE + 2)]
    assert worker.started == came[:_BEGINNING_AT_ONCE]
    worker.is_under_way(came[0])
    assert worker.started == came[: _BEGINNING_AT_ONCE + 1]
    worker.places.forget(came[1])
    worker.places.go_on()
    assert worker.started == came
    assert not any(map(worker.has_ended, came)), "there are threads enough"


def test_pages_and_whole_messages_do_not_wait_for_uploads(worker: Worker) -> None:
    for number in range(_BEGINNING_AT_ONCE + 2):
        worker.arrive(str(number))
    page = worker.arrive("page", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    message = worker.arrive("message", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx")
    assert worker.started[-2:] == [page, message]


def full(worker: Worker, circuits: list[str]) -> list[Arrived]:
    came = []
    for circuit in circuits:
        came.append(worker.arrive(circuit))
        worker.is_under_way(came[-1])
    assert worker.started == came
    return came


def test_where_threads_run_out_one_upload_ends_for_a_newcomer_who_then_has_its_thread(worker: Worker) -> None:
    came = full(worker, [str(number // 10) for number in range(50)])
    newcomer = worker.arrive("newcomer")
    (ended,) = filter(worker.has_ended, came)
    assert newcomer not in worker.started
    worker.places.forget(ended)
    worker.places.go_on()
    assert worker.started[-1] is newcomer
    assert worker.closed == []


def test_an_upload_of_a_circuit_that_holds_as_many_as_any_waits_and_ends_no_other(worker: Worker) -> None:
    came = full(worker, [str(number // 10) for number in range(50)])
    worker.arrive("0")
    worker.now += 1
    worker.places.go_on()
    assert not any(map(worker.has_ended, came))


def test_where_each_circuit_has_its_only_upload_one_ends_after_180_seconds_of_silence(worker: Worker) -> None:
    came = full(worker, [str(number) for number in range(50)])
    worker.arrive("newcomer")
    worker.now += SILENT_SECONDS - 1
    for connection in came[1:]:
        assert connection.stream is not None
        connection.stream.moved(2000, worker.now)
    worker.places.go_on()
    assert not any(map(worker.has_ended, came))
    worker.now += 1
    worker.places.go_on()
    assert [connection for connection in came if worker.has_ended(connection)] == came[:1]


def test_one_connection_too_many_ends_one_that_has_no_thread_at_once(worker: Worker) -> None:
    idle = []
    for _ in range(3):
        idle.append(Arrived(b"POST / HT"))
        worker.opened.callback(idle[-1].close)
        worker.places.meet(idle[-1], Circuit("idle"))
        worker.now += 1
    worker.places.end_one()
    assert worker.closed == idle[:1]
