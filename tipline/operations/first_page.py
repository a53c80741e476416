"""Asks a running web process for the first page, as a source's browser would.

Only the answer shows that the site is served. A process that lives, or a socket that listens, may belong to a site
that never came up.
"""

import socket
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Self

from system.errors import ProgramError
from tipline.machine.listener import ListenAddress

_TORS_LINE: Final = b"PROXY TCP6 fc00:dead:beef:4dad::ffff:ffff ::1 65535 80\r\n"
"""The line that tor sends first, with a circuit number that no source's circuit has."""

_REQUEST: Final = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
# 503 is a page of the site as well: intake is closed, or the store takes nothing, and it says so to sources.
_ANSWERS: Final = (b"HTTP/1.1 200 ", b"HTTP/1.1 503 ")
_PAGE_BEGINS: Final = b"<!doctype html>"
_LONGEST_BYTES: Final = 1 << 20
_PAUSE_SECONDS: Final = 0.2


class FirstPageSilent(ProgramError):
    """The web process runs, but does not answer with the first page."""


@dataclass(frozen=True, slots=True)
class FirstPage:
    """The first page at ``place``; ``behind_tor`` when each connection there begins with tor's own line."""

    place: ListenAddress
    behind_tor: bool

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse the text of :meth:`__str__`.

        Raises:
            ProgramError: it is something else.
        """
        way, _, place = text.partition(" ")
        return cls(ListenAddress.parse(place), way == "tor")

    def __str__(self) -> str:
        return f"{'tor' if self.behind_tor else 'plain'} {self.place}"

    def is_answered(self, *, seconds: float) -> bool:
        """Return whether the whole page comes within ``seconds``. Does not fail.

        It is requested again until then, as a site that has just started may not take the first connection.
        """
        deadline = time.monotonic() + seconds
        while True:
            with suppress(OSError):
                if is_first_page(self._ask(deadline)):
                    return True
            if time.monotonic() + _PAUSE_SECONDS > deadline:
                return False
            time.sleep(_PAUSE_SECONDS)

    def require_answer(self, *, seconds: float) -> None:
        """Return once it was answered.

        Raises:
            FirstPageSilent: it was not, within ``seconds``.
        """
        if not self.is_answered(seconds=seconds):
            raise FirstPageSilent(
                f"the first page was not answered within {seconds:.0f} s",
                hint="the log of the web process says why",
            )

    def _ask(self, deadline: float) -> bytes:
        path, port = self.place.path, self.place.port
        with socket.socket(socket.AF_INET if path is None else socket.AF_UNIX) as connection:
            connection.settimeout(_left(deadline))
            connection.connect(("127.0.0.1", port) if path is None else str(path))
            connection.sendall((_TORS_LINE if self.behind_tor else b"") + _REQUEST)
            answer = b""
            while len(answer) < _LONGEST_BYTES:
                connection.settimeout(_left(deadline))
                piece = connection.recv(1 << 16)
                if not piece:
                    break
                answer += piece
            return answer


def is_first_page(answer: bytes) -> bool:
    """Return whether these bytes of HTTP/1.1 are a whole page of the site."""
    head, _, body = answer.partition(b"\r\n\r\n")
    return head.startswith(_ANSWERS) and body.lower().startswith(_PAGE_BEGINS) and b"</html>" in body


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
