"""A line between a browser and a server that carries only so much in a second, counts it, and can be cut."""

import contextlib
import socket
import threading
import time
from pathlib import Path
from types import TracebackType

PIECE_BYTES = 16 * 1024


class SlowLine:
    """Listens on ``port`` of 127.0.0.1 and passes all on to another one; slow from the browser's side only."""

    def __init__(self, to: int | Path, *, bytes_per_second: int) -> None:
        """``to`` is a port of 127.0.0.1, or the path of a socket."""
        self.bytes_per_second = bytes_per_second
        self.carried_bytes = 0
        """In both directions together."""
        self._to = to
        self._broken = False
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> "SlowLine":
        self._start(self._accept)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()
        for thread in self._threads:
            thread.join()

    def mend(self) -> None:
        """Let new connections through again."""
        self._broken = False

    def cut(self) -> None:
        """Everything that is open now breaks, and until it is mended nothing new gets through."""
        self._broken = True
        with self._lock:
            for each in self._open:
                with contextlib.suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            if self._broken:
                near.close()
                continue
            near.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 * PIECE_BYTES)
            try:
                far = self._reach()
            except OSError:
                near.close()
                continue
            with self._lock:
                self._open |= {near, far}
            self._start(self._carry, near, far, True)
            self._start(self._carry, far, near, False)

    def _reach(self) -> socket.socket:
        if isinstance(self._to, int):
            return socket.create_connection(("127.0.0.1", self._to))
        far = socket.socket(socket.AF_UNIX)
        try:
            far.connect(str(self._to))
        except OSError:
            far.close()
            raise
        return far

    def _carry(self, source: socket.socket, sink: socket.socket, slowly: bool) -> None:
        try:
            while piece := source.recv(PIECE_BYTES):
                if slowly:
                    time.sleep(len(piece) / self.bytes_per_second)
                sink.sendall(piece)
                with self._lock:
                    self.carried_bytes += len(piece)
        except OSError:
            pass
        finally:
            with contextlib.suppress(OSError):
                sink.shutdown(socket.SHUT_WR)
            if not slowly:
                with self._lock:
                    self._open -= {source, sink}
                source.close()
                sink.close()

    def _start(self, what: object, *arguments: object) -> None:
        thread = threading.Thread(target=what, args=arguments)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()
