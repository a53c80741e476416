"""Slow streams in a number that fills all connections and all threads of the real web process, which has few here:
a newcomer is served, and an upload that moves completes.
"""

import contextlib
import itertools
import secrets
import select
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from onion.runtime_dir import RuntimeDir
from tests.tipline.circuit_site import Site, line_of
from tests.tipline.processes import eventually
from tests.tipline.served import ServedFolder, raw, status_of
from tests.tipline.site_stage import BOUNDARY, Upload, multipart
from tipline.machine.listener import ListenAddress
from tipline.web.connection_slots import Capacity
from tipline.web.deadline_socket import BODY_AHEAD_BYTES

ROOM = Capacity(threads=16, uploads=8, messages=4, connections=60, spare=10)
STREAMS_A_CIRCUIT = 35
"""So that there are fewer circuits than threads: the only upload of each may keep one for three minutes."""
SLOW_CIRCUIT, FIRST_NEWCOMER, FIRST_NUISANCE = 1, 10, 1000
HEAD = (
    f"POST / HTTP/1.1\r\nHost: x.onion\r\nSec-Fetch-Site: same-origin\r\nContent-Length: 900000\r\n"
    f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n\r\n"
).encode()
BEGUN_FILE = multipart([("nonce", "0" * 32), ("text", "slow")], [Upload("x", bytes(900_000))])
KINDS = {
    "idle": b"",
    "unfinished header": b"POST / HTTP/1.1\r\nHost: x.onion\r\nX-Slow: ",
    "whole header": HEAD,
    "begun text": HEAD + b"--",
    "begun file": HEAD + BEGUN_FILE[: 2 * BODY_AHEAD_BYTES],
    "expecting": HEAD[:-2] + b"Expect: 100-continue\r\n\r\n",
}


@pytest.fixture
def served(tmp_path: Path) -> ServedFolder:
    return ServedFolder(tmp_path / "site")


@pytest.fixture
def site(served: ServedFolder) -> Iterator[Site]:
    with (
        RuntimeDir(Path("/" + "x" * 200)) as folder,
        served.web(public=ListenAddress(folder.path / "s", None), behind_tor=True, room=ROOM),
    ):
        yield Site(folder.path / "s")


def begin(site: Site, circuit: int, said: bytes) -> socket.socket:
    stream = socket.socket(socket.AF_UNIX)
    stream.settimeout(60)
    stream.connect(str(site.path))
    with contextlib.suppress(OSError):  # ended already
        stream.sendall(line_of(circuit) + said)
    return stream


def has_ended(stream: socket.socket) -> bool:
    """True if the server sent something, or hung up."""
    return bool(select.select([stream], [], [], 0)[0])


class Newcomers:
    """Each comes on a circuit of its own, asks for the page and sends a text."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._circuits = itertools.count(FIRST_NEWCOMER)
        self.came = 0

    def come(self) -> None:
        circuit = next(self._circuits)
        page = raw(self._site.path, line_of(circuit) + b"GET / HTTP/1.1\r\nHost: x.onion\r\n\r\n")
        assert status_of(page) == 200
        assert self._site.send_tip("a tip", circuit=circuit)
        self.came += 1


class SlowUpload:
    """A real one, in pieces."""

    def __init__(self, site: Site) -> None:
        body = multipart(
            [("nonce", secrets.token_hex(16)), ("text", "a film")],
            [Upload("film.mp4", bytes(8 * BODY_AHEAD_BYTES))],
        )
        head = HEAD.replace(b"900000", b"%d" % len(body))
        step = len(body) // 6
        self._pieces = [body[begin : begin + step] for begin in range(0, len(body), step)]
        self.stream = begin(site, SLOW_CIRCUIT, head + self._pieces.pop(0))

    def go_on(self) -> bool:
        """One piece more; whether there was one."""
        if self._pieces:
            self.stream.sendall(self._pieces.pop(0))
        return bool(self._pieces)

    def answer(self) -> bytes:
        while self.go_on():
            pass
        return b"".join(iter(lambda: self.stream.recv(65536), b""))


def circuits_of(count: int) -> list[int]:
    return [FIRST_NUISANCE + number // STREAMS_A_CIRCUIT for number in range(count)]


def test_a_newcomer_is_served_and_a_slow_upload_completes_beside_more_slow_streams_than_there_is_room_for(
    site: Site, served: ServedFolder
) -> None:
    all_is_served_beside(site, served, [*KINDS])


def all_is_served_beside(site: Site, served: ServedFolder, kinds: list[str]) -> None:
    """Slow streams of these kinds in turn, twice as many as there is room for; ``lab/`` tries each kind alone."""
    newcomers = Newcomers(site)
    with ExitStack() as opened:
        slow = SlowUpload(site)
        opened.enter_context(slow.stream)
        streams = []
        for number, circuit in enumerate(circuits_of(2 * ROOM.most_connections)):
            streams.append(begin(site, circuit, KINDS[kinds[number % len(kinds)]]))
            opened.enter_context(streams[-1])
            if number % 35 == 34:
                newcomers.come()
                slow.go_on()
        newcomers.come()
        answer = slow.answer()
        assert status_of(answer) == 200
        assert b"data-passphrase" in answer
        assert any(map(has_ended, streams)), "there was pressure"
    # All that was acknowledged is there, and of the others nothing.
    assert served.waiting() == newcomers.came + 1
    assert eventually(lambda: served.rows() == 2 * (newcomers.came + 1))
