"""A server that was taken over against the courier's program: whatever it sends ends as a plain refusal."""

import itertools
import json
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from courier.client import RESERVE_BYTES, CourierError, ServerLine
from courier.patience import GRACE_SECONDS, Patience, PatientTransport
from courier.watch import CourierWatch, Folders
from crypto.bundles.bundle_file import MAGIC
from tests.organisation import FixedClock

COUNTS = {"bundles": 1, "repeated": 0, "replies": 0, "receipts": 0, "deleted": 0}
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
ODD = {
    "brackets": b"[" * 60_000,
    "objects": b'{"a":' * 9000,
    "brackets in a name": b'{"server":' + b"[" * 400 + b"]" * 400 + b"}",
    "a list": b"[1]",
    "a text": b'"well"',
    "no text": b"\xff\xfe\x00",
    "nothing": b"",
    "a number without end": b'{"bundles":' + b"9" * 60_000 + b"}",
    "infinite": b'{"bundles":1e999}',
    "not a number": b'{"bundles":NaN}',
    "a fraction": b'{"bundles":1.5}',
    "too long": b'{"bundles":"' + b"x" * 70_000 + b'"}',
}
NO_COUNTS: dict[str, Any] = {
    "a text": "1",
    "a list": ["1"],
    "yes": True,
    "nothing": None,
    "below nothing": -1,
    "more than there can be": 10**13,
}


class Hostile:
    """Sends the same pieces to anyone who connects, on loopback, until they are sent or the line is cut."""

    def __init__(self, pieces: Callable[[], Iterable[bytes]]) -> None:
        self._pieces = pieces
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _address = self._listener.accept()
            except OSError:
                return
            with connection:
                try:
                    connection.recv(65_536)
                    for piece in self._pieces():
                        connection.sendall(piece)
                    # Closed with something unread, the line would break before the courier has all of this.
                    connection.shutdown(socket.SHUT_WR)
                    while connection.recv(65_536):
                        pass
                except OSError:
                    continue  # the courier has hung up

    def end(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()


@contextmanager
def line_to(
    pieces: Callable[[], Iterable[bytes]],
    *,
    seconds: Callable[[], float] = lambda: 0.0,
    free_bytes: Callable[[int], int] = lambda _file: 1 << 40,
) -> Iterator[ServerLine]:
    """A real line to a hostile server; its time is ``seconds``, the room on the medium ``free_bytes``."""
    server = Hostile(pieces)
    try:
        with httpx.Client(
            base_url=server.url, transport=PatientTransport(patience=Patience(seconds=seconds))
        ) as client:
            yield ServerLine(client, free_bytes=free_bytes)
    finally:
        server.end()


def answer(body: bytes) -> list[bytes]:
    return [HEAD, b"Content-Length: %d\r\n\r\n" % len(body), body]


@pytest.fixture
def outbox(tmp_path: Path) -> Path:
    path = tmp_path / "outbox"
    path.write_bytes(MAGIC)
    return path


def is_plain(refused: CourierError) -> bool:
    return f"{refused}{refused.hint}".isprintable() and len(str(refused)) < 1200


@pytest.mark.parametrize("odd", ODD)
def test_an_answer_that_is_no_answer_is_refused_in_plain_words(odd: str, outbox: Path, tmp_path: Path) -> None:
    with line_to(lambda: answer(ODD[odd])) as line:
        for ask in (line.status, lambda: line.push(outbox)):
            with pytest.raises(CourierError) as refused:
                ask()
            assert is_plain(refused.value)
    refusing = [piece.replace(b"200 OK", b"409 No") for piece in answer(ODD[odd])]
    with line_to(lambda: refusing) as line, pytest.raises(CourierError) as refused:
        line.pull(tmp_path / "tips")
    assert is_plain(refused.value)
    assert not list(tmp_path.glob("*tips*"))


@pytest.mark.parametrize("name", COUNTS)
@pytest.mark.parametrize("odd", NO_COUNTS)
def test_what_is_no_count_is_taken_for_none(name: str, odd: str, outbox: Path) -> None:
    told = json.dumps(COUNTS | {name: NO_COUNTS[odd]}).encode()
    with line_to(lambda: answer(told)) as line, pytest.raises(CourierError, match=f"a number of {name}"):
        line.push(outbox)


@pytest.mark.parametrize("name", ["manifest_refused", "to_accept"])
@pytest.mark.parametrize("odd", [1, True, ["a"]])
def test_what_is_no_text_is_taken_for_none(name: str, odd: object, outbox: Path) -> None:
    told = json.dumps(COUNTS | {name: odd}).encode()
    with line_to(lambda: answer(told)) as line, pytest.raises(CourierError, match=f"a text as {name}"):
        line.push(outbox)


def test_what_a_sound_server_says_is_understood(outbox: Path) -> None:
    told = json.dumps(COUNTS | {"manifest_refused": None, "replies_wait": True, "to_accept": "first:00"}).encode()
    with line_to(lambda: answer(told)) as line:
        brought = line.push(outbox)
    assert (brought.bundles, brought.deleted) == (1, 0)
    assert len(brought.warnings()) == 2
    assert "--accept-stream first:00" in brought.warnings()[1]


def test_a_refusal_is_no_longer_than_is_read(outbox: Path) -> None:
    told = json.dumps({"error": "\x1b[2J" + "x" * 50_000, "hint": "y" * 10_000}).encode()
    refusing = [piece.replace(b"200 OK", b"409 No") for piece in answer(told)]
    with line_to(lambda: refusing) as line, pytest.raises(CourierError) as refused:
        line.push(outbox)
    assert is_plain(refused.value)
    assert len(refused.value.hint or "") <= 1000


@pytest.mark.parametrize(
    "pieces",
    [
        lambda: itertools.repeat(HEAD),
        lambda: itertools.chain([HEAD, b"X: "], itertools.repeat(b"x" * 4096)),
        lambda: itertools.repeat(b"HTTP/1.1 100 Continue\r\n\r\n"),
        lambda: itertools.repeat(b"HTTP/1.1 103 Early\r\nLink: " + b"x" * 4096 + b"\r\n\r\n"),
    ],
    ids=["heads", "one header", "interim answers", "long interim answers"],
)
def test_headers_without_end_are_ended(pieces: Callable[[], Iterable[bytes]]) -> None:
    with line_to(pieces) as line, pytest.raises(CourierError) as refused:
        line.status()
    assert is_plain(refused.value)


@pytest.mark.parametrize(
    "head", [b"\r\n", b"Transfer-Encoding: chunked\r\n\r\n", b"Content-Length: 999999999999999\r\n\r\n"]
)
def test_a_body_without_end_is_ended(head: bytes) -> None:
    chunk = b"1000\r\n" + b" " * 4096 + b"\r\n"
    endless = itertools.chain([HEAD, head], itertools.repeat(chunk))
    with line_to(lambda: endless) as line, pytest.raises(CourierError, match="longer than any"):
        line.status()


def test_bytes_without_end_stop_before_the_medium_is_full_and_leave_nothing(tmp_path: Path) -> None:
    room = 1 << 20
    endless = itertools.chain([HEAD, b"\r\n"], itertools.repeat(b"x" * 65_536))
    written: list[int] = []

    def free_bytes(_descriptor: int) -> int:
        (part,) = tmp_path.glob(".tips.*.part")
        written.append(part.stat().st_size)
        return RESERVE_BYTES + room - written[-1]

    with line_to(lambda: endless, free_bytes=free_bytes) as line:
        with pytest.raises(CourierError, match="no room for all that the server sends"):
            line.pull(tmp_path / "tips")
        assert not list(tmp_path.iterdir())
    assert 0 < max(written) <= room
    assert not list(tmp_path.iterdir())


def test_a_server_that_sends_a_byte_now_and_then_is_given_up(tmp_path: Path) -> None:
    now = itertools.count(0.0, GRACE_SECONDS / 50)
    with line_to(
        lambda: itertools.chain([HEAD, b"\r\n"], itertools.repeat(b"x")), seconds=lambda: next(now)
    ) as line:
        for ask in (line.status, lambda: line.pull(tmp_path / "tips")):
            with pytest.raises(CourierError, match=r"too slowly|longer than any"):
                ask()
    assert not list(tmp_path.iterdir())


def test_what_comes_slowly_and_steadily_is_given_its_time() -> None:
    seconds = 0.0
    patience = Patience(seconds=lambda: seconds)
    patience.of_head(False)
    for _ in range(1000):
        seconds += 60.0
        patience.hear(2 * 60 * 1024)
        assert patience.left_seconds() > 0
    seconds += 10**6
    with pytest.raises(CourierError, match="too slowly"):
        patience.left_seconds()


def test_a_length_that_no_server_has_is_refused(tmp_path: Path) -> None:
    head = HEAD + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n"
    with line_to(lambda: [head, b"x"]) as line, pytest.raises(CourierError) as refused:
        line.pull(tmp_path / "tips")
    assert is_plain(refused.value)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("odd", ODD)
def test_rounds_go_on_beside_a_hostile_server(odd: str, tmp_path: Path) -> None:
    folders = Folders(tmp_path / "tips", tmp_path / "outboxes")
    for folder in (folders.tips, folders.outboxes):
        folder.mkdir()
    (folders.outboxes / "outbox").write_bytes(MAGIC)

    class Courier:
        @contextmanager
        def line(self) -> Iterator[ServerLine]:
            with line_to(lambda: answer(ODD[odd])) as line:
                yield line

    warned: list[str] = []
    courier: Any = Courier()
    watch = CourierWatch(
        courier, tmp_path, folders, report=lambda _line: None, warn=warned.append, clock=FixedClock()
    )
    assert [watch.round(), watch.round()] == [False, False]
    assert any("2 failed since" in line for line in warned)
    assert (folders.outboxes / "outbox").exists()
