"""Many clients that do not read the longest answer: together they hold little memory."""

import contextlib
import html
import os
import socket
from contextlib import ExitStack
from pathlib import Path

from tests.tipline.pages.test_long_page import IN_SPANISH, LONG_TEXT, LONGEST_TEXT, MIB
from tests.tipline.processes import worker_of
from tests.tipline.served import ServedFolder, status_of
from tests.tipline.site_stage import BOUNDARY, multipart
from tipline.machine.listener import ListenAddress

STREAMS, CIRCUITS = 200, 10
TOGETHER_BYTES = 64 * MIB
DERIVATION_BYTES = 64 * MIB
"""Of ready words, which a server makes one after the other in its first minute."""


class Unread:
    """A client of the real web process that has asked for the longest page, and has read its first bytes."""

    def __init__(self, place: Path, circuit_number: int, text: str) -> None:
        self._connection = socket.socket(socket.AF_UNIX)
        self._connection.settimeout(60)
        self._connection.connect(str(place))
        body = multipart([IN_SPANISH, ("text", text), ("nonce", "0" * 32)])
        head = (
            f"PROXY TCP6 fc00:dead:beef:4dad::0:{circuit_number} ::1 38 80\r\nPOST / HTTP/1.1\r\nHost: x\r\n"
            f"Sec-Fetch-Site: same-origin\r\nContent-Length: {len(body)}\r\n"
            f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n\r\n"
        )
        self._connection.sendall(head.encode() + body)
        self._begin = self._connection.recv(1024)

    def rest(self) -> bytes:
        """All that comes, from its first byte."""
        with contextlib.suppress(OSError):
            while piece := self._connection.recv(65536):
                self._begin += piece
        return self._begin

    def close(self) -> None:
        self._connection.close()


def test_two_hundred_unread_answers_of_the_largest_kind_hold_64_mib_together_and_a_source_gets_its_text_back(
    served: ServedFolder, run: Path
) -> None:
    place = run / "s"
    with served.web(public=ListenAddress(place, None), behind_tor=True) as web, ExitStack() as all_closed:

        def ask(number: int, text: str) -> Unread:
            client = Unread(place, number, text)
            all_closed.callback(client.close)
            return client

        for _ in range(3):
            assert LONGEST_TEXT in html.unescape(ask(1000, LONGEST_TEXT).rest().decode())
        before = most = resident_bytes(worker_of(web))
        clients = []
        for number in range(STREAMS):
            clients.append(ask(number % CIRCUITS, LONGEST_TEXT))
            most = max(most, resident_bytes(worker_of(web)))
        assert most - before < TOGETHER_BYTES + DERIVATION_BYTES
        assert LONG_TEXT in ask(500, LONG_TEXT).rest().decode()
        statuses = [status_of(client.rest()) for client in clients]
        assert set(statuses) == {200, 503}


def resident_bytes(process_id: int) -> int:
    """Its part of the machine's memory."""
    return int(Path(f"/proc/{process_id}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
