"""Sends hostile requests to a web process, many at a time, each on its own connection, and keeps the answers."""

import re
import socket
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from lab.hostile.request import CANARY, HostileRequest

AT_ONCE = 24
BOUND_SECONDS = 20.0
"""Nothing that was sent whole, or whose sender has hung up, is waited for so long."""

_PAUSE_SECONDS = 0.01
_GO_AHEAD = b"HTTP/1.1 100 Continue\r\n\r\n"
_STATUS_LINE = re.compile(rb"HTTP/1\.[0-9] (\d{3}) [A-Z '-]+\r\n", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Outcome:
    """All that came back for one request; ``hung`` where the server neither answered nor hung up."""

    request: HostileRequest
    family: str
    answer: bytes
    hung: bool

    def __str__(self) -> str:
        return f"{self.family}: {self.request.sent[:300]!r} got {self.answer[:80]!r}"

    @property
    def parts(self) -> tuple[bytes, bytes]:
        """Head and body of the answer."""
        head, _, body = self.answer.partition(b"\r\n\r\n")
        return head, body

    @property
    def status(self) -> int:
        """0 for silence, -1 for what is no answer."""
        if not self.answer:
            return 0
        found = _STATUS_LINE.match(self.answer)
        return int(found[1]) if found else -1

    def headers(self) -> list[tuple[str, str]]:
        lines = self.parts[0].decode("latin-1").split("\r\n")[1:]
        return [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines)]

    def quotes(self) -> bool:
        """True if something of the request stands where it must not: anywhere but in the box it was typed into."""
        head, body = self.parts
        around = re.sub(r"<textarea[^>]*>[^<]*</textarea>", "", body.decode("utf-8", "replace"))
        return CANARY in head.decode("latin-1").lower() or CANARY in around.lower()


class Replay:
    """``address``: the socket on which the web process expects tor."""

    def __init__(self, address: Path) -> None:
        self._address = str(address)

    def play(self, requests: Sequence[tuple[str, HostileRequest]]) -> list[Outcome]:
        """Every one, in the order given; the outcomes too."""
        with ThreadPoolExecutor(AT_ONCE) as senders:
            return list(senders.map(self._one, range(len(requests)), requests))

    def _one(self, number: int, named: tuple[str, HostileRequest]) -> Outcome:
        family, request = named
        # As tor does: the number of a circuit, here of one of fifty.
        line = b"" if request.bare else b"PROXY TCP6 fc00:dead:beef:4dad::0:%x ::1 38 80\r\n" % (number % 50)
        try:
            return Outcome(request, family, self._exchange(line, request), hung=False)
        except TimeoutError:
            return Outcome(request, family, b"", hung=True)

    def _exchange(self, line: bytes, request: HostileRequest) -> bytes:
        received = bytearray()
        until = time.monotonic() + BOUND_SECONDS
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(BOUND_SECONDS)
            connection.connect(self._address)
            try:
                connection.sendall(line + request.sent)
                for piece in request.pieces:
                    time.sleep(_PAUSE_SECONDS)
                    connection.sendall(piece)
                connection.shutdown(socket.SHUT_WR)
            except (BrokenPipeError, ConnectionResetError):
                pass  # it was answered before it had ended
            try:
                while piece := connection.recv(1 << 16):
                    received += piece
                    if time.monotonic() > until:
                        raise TimeoutError
            except ConnectionResetError:
                pass
        return bytes(received.removeprefix(_GO_AHEAD))
