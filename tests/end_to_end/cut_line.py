"""A line between a browser and a server that breaks before, while, or after the body of a form passes over it."""

import contextlib
import re
import socket
import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from typing import Final

_HEAD_END: Final = b"\r\n\r\n"
_LENGTH: Final = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)
_PIECE_BYTES: Final = 64 * 1024


class Cut(Enum):
    """The place at which it breaks."""

    BEFORE_THE_BODY = "before the body"
    IN_THE_BODY = "in the body"
    AFTER_THE_BODY = "after the body"


class CutLine:
    """A line to the port ``to`` of this machine. Each form is cut at ``cut`` until that is ``None``."""

    def __init__(self, to: int) -> None:
        self._to = to
        self.cut: Cut | None = None
        self.forms_cut = 0

    def carry(self, near: socket.socket) -> None:
        """One request, and its answer."""
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self._to)) as far:
            head, body, length = _read_head(near)
            cut = self.cut if head.startswith(b"POST ") else None
            if cut is not Cut.BEFORE_THE_BODY:
                carried = length // 2 if cut is Cut.IN_THE_BODY else length
                while len(body) < carried:
                    body += _more(near)
                far.sendall(head + body[:carried])
            if cut in {None, Cut.AFTER_THE_BODY}:
                answer = b"".join(iter(lambda: far.recv(_PIECE_BYTES), b""))
                if cut is None:
                    near.sendall(answer)
            if cut is not None:
                self.forms_cut += 1
                # As a line that breaks: the browser is told at once.
                near.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                near.close()


@contextmanager
def cut_line(to: int) -> Iterator[tuple[str, CutLine]]:
    """The address of a line to the port ``to``, and the line."""
    line = CutLine(to)

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            line.carry(self.request)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}", line
        finally:
            server.shutdown()
            thread.join()


def _read_head(near: socket.socket) -> tuple[bytes, bytes, int]:
    """The head of a request, what came of its body with it, and how long that is."""
    received = b""
    while _HEAD_END not in received:
        received += _more(near)
    head, _, body = received.partition(_HEAD_END)
    found = _LENGTH.search(head + b"\r\n")
    return head + _HEAD_END, body, int(found[1]) if found else 0


def _more(near: socket.socket) -> bytes:
    piece = near.recv(_PIECE_BYTES)
    if not piece:
        raise ConnectionError
    return piece
