"""The body of a request, off a real socket: what has come, in large pieces where much comes, and never too much."""

import os
import socket
import threading
from collections.abc import Iterator

import pytest

from tipline.requests.body import PIECE_BYTES
from tipline.web.bounded_body import SHORT_REST_BYTES, BoundedBody
from tipline.web.deadline_socket import DeadlineSocket


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, DeadlineSocket]]:
    """A client, and our end of its connection."""
    client, ours = socket.socketpair()
    with client, DeadlineSocket(fileno=ours.detach()) as patient:
        yield client, patient


Ends = tuple[socket.socket, DeadlineSocket]


def test_a_read_gives_what_has_come_and_waits_for_no_more(ends: Ends) -> None:
    client, patient = ends
    body = BoundedBody(patient, held=b"", length=1000)
    client.sendall(b"a")
    assert body.read(500) == b"a"
    client.sendall(b"bc")
    assert body.read(500) == b"bc"


@pytest.mark.parametrize("held_bytes", [0, 1, 4, 5, 6, 9])
@pytest.mark.parametrize("read_bytes", [1, 3, 5, 100])
def test_a_body_ends_where_it_was_announced_to(ends: Ends, held_bytes: int, read_bytes: int) -> None:
    client, patient = ends
    sent = b"12345GET "
    client.sendall(sent[held_bytes:])
    body = BoundedBody(patient, held=sent[:held_bytes], length=5)
    assert b"".join(iter(lambda: body.read(read_bytes), b"")) == b"12345"
    if held_bytes < len(sent):
        assert patient.recv(100) == sent[max(5, held_bytes) :]


def test_a_body_of_no_length_is_not_waited_for(ends: Ends) -> None:
    assert BoundedBody(ends[1], held=b"", length=0).read(100) == b""


def test_a_client_that_ends_before_its_body_gives_what_it_sent_and_then_nothing(ends: Ends) -> None:
    client, patient = ends
    client.sendall(b"abc")
    client.close()
    body = BoundedBody(patient, held=b"", length=1000)
    assert body.read(500) == b"abc"
    assert body.read(500) == b""


def test_what_had_come_before_a_connection_broke_is_given_before_that_is_told(ends: Ends) -> None:
    client, patient = ends
    client.sendall(b"abc")
    patient.sendall(b"unread, so that closing breaks it")
    client.close()
    body = BoundedBody(patient, held=b"", length=1000)
    assert body.read(500) == b"abc"
    assert body.read(500) == b""


def test_a_fast_upload_has_large_pieces_however_small_it_is_sent(ends: Ends) -> None:
    client, patient = ends
    content = os.urandom(4 * PIECE_BYTES)

    def send() -> None:
        for start in range(0, len(content), 4096):
            client.sendall(content[start : start + 4096])

    body = BoundedBody(patient, held=b"", length=len(content))
    sender = threading.Thread(target=send)
    sender.start()
    pieces = list(iter(lambda: body.read(PIECE_BYTES), b""))
    sender.join()
    assert b"".join(pieces) == content
    assert len(pieces) < 20  # four, unless this machine stood still


def test_nobody_is_waited_for_once_their_time_is_over(ends: Ends) -> None:
    client, patient = ends
    body = BoundedBody(patient, held=b"", length=1000)
    client.sendall(b"a")
    patient.end_within(0)
    with pytest.raises(TimeoutError):
        body.read(500)
    patient.end_within(60)
    assert body.read(500) == b"a"


def test_a_short_rest_is_dropped_and_nothing_behind_it(ends: Ends) -> None:
    client, patient = ends
    client.sendall(b"345GET ")
    body = BoundedBody(patient, held=b"12", length=5)
    body.skim()
    assert body.read(100) == b""
    assert patient.recv(100) == b"GET "


def test_a_long_rest_or_one_that_does_not_come_is_left_to_later(ends: Ends) -> None:
    client, patient = ends
    client.sendall(b"abc")
    long = BoundedBody(patient, held=b"", length=SHORT_REST_BYTES + 1)
    long.skim()
    assert long.read(2) == b"ab"
    slow = BoundedBody(patient, held=b"", length=5)
    slow.skim()  # ends after a second: two bytes are missing
    client.sendall(b"de")
    assert slow.read(100) == b"de"
