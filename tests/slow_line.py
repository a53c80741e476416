"""A line between a browser and a server that carries only so much in a second, counts it, and can be cut."""

import contextlib
import socket
import struct
import threading
import time
from pathlib import Path
from types import TracebackType

PIECE_BYTES = 16 * 1024
REACH_SECONDS = 10


class SlowLine:
    """Listens on ``port`` of 127.0.0.1 and passes all on to another one; slow from the browser's side only."""

    def __init__(self, to: int | Path, *, bytes_per_second: int) -> None:
        """``to`` is a port of 127.0.0.1, or the path of a socket."""
        self.bytes_per_second = bytes_per_second
        self.carried_bytes = 0
        """In both directions together."""
        self._to = to
        self._broken = self._closing = False
        self._unheard: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._open: dict[socket.socket, socket.socket] = {}
        """The near end, and the far one."""
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> "SlowLine":
        self._start(self._accept)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing = True
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()
        for thread in self._threads:
            thread.join()
        for each in [*self._open, *self._open.values()]:
            each.close()

    def mend(self) -> None:
        """Let new connections through again."""
        self._broken = False

    def cut(self) -> None:
        """Everything that is open now breaks, and until it is mended nothing new gets through."""
        with self._lock:
            self._broken = True
            for each in [*self._open, *self._open.values()]:
                with contextlib.suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)

    def cut_unheard(self) -> None:
        """Break each open connection on the far side only: the near side goes on waiting. New ones get through."""
        with self._lock:
            self._unheard |= set(self._open)
            for far in self._open.values():
                with contextlib.suppress(OSError):
                    far.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        while not self._closing:
            try:
                near, _ = self._listener.accept()
            except OSError:
                time.sleep(0.05)  # anyone who came hung up again, or the system refused a socket
                continue
            if self._broken:  # the far side need not know that someone came
                near.close()
                continue
            near.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 * PIECE_BYTES)
            try:
                far = self._reach()
            except OSError:
                near.close()
                continue
            with self._lock:
                is_through = not self._broken
                if is_through:
                    self._open[near] = far
            if is_through:
                self._start(self._carry, near, far)
            else:
                near.close()
                far.close()

    def _reach(self) -> socket.socket:
        far = socket.socket(socket.AF_INET if isinstance(self._to, int) else socket.AF_UNIX)
        try:
            # A thread that waits here lets no other in. Python fails at once at a socket's path.
            far.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", REACH_SECONDS, 0))
            far.connect(("127.0.0.1", self._to) if isinstance(self._to, int) else str(self._to))
            far.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", 0, 0))
        except OSError:
            far.close()
            raise
        return far

    def _carry(self, near: socket.socket, far: socket.socket) -> None:
        there = threading.Thread(target=self._there, args=(near, far))
        there.start()
        self._back(near, far)
        there.join()
        # Closed when no one reads from them any more: another connection gets the same number, and anyone who still
        # was about to read would take the first bytes of that one.
        with self._lock:
            if near in self._unheard:
                return
            del self._open[near]
        near.close()
        far.close()

    def _there(self, near: socket.socket, far: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while piece := near.recv(PIECE_BYTES):
                time.sleep(len(piece) / self.bytes_per_second)
                self._send(far, piece)
        with contextlib.suppress(OSError):
            far.shutdown(socket.SHUT_WR)

    def _back(self, near: socket.socket, far: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while piece := far.recv(PIECE_BYTES):
                self._send(near, piece)
        with contextlib.suppress(OSError):
            far.shutdown(socket.SHUT_RDWR)
        with self._lock:
            if near in self._unheard:
                return
        with contextlib.suppress(OSError):
            near.shutdown(socket.SHUT_RDWR)

    def _send(self, sink: socket.socket, piece: bytes) -> None:
        sink.sendall(piece)
        with self._lock:
            self.carried_bytes += len(piece)

    def _start(self, what: object, *arguments: object) -> None:
        thread = threading.Thread(target=what, args=arguments)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()
