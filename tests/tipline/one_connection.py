"""One connection, answered by the web worker's own code in this process, over a real socket."""

import contextlib
import logging
import os
import socket
import threading
import time
from types import TracebackType
from typing import Any

from gunicorn.config import Config

from tests.tipline.processes import eventually
from tests.tipline.site_stage import BOUNDARY, HOST
from tipline.limits.request_scheduler import WorkSlot
from tipline.requests.timeouts import CLIENT_TIMEOUTS, ClientTimeouts
from tipline.web.deadline_socket import DeadlineSocket
from tipline.web.deadline_worker import DeadlineConnection
from tipline.web.worker import SiteWorker


class NotedPatience:
    """Stands for a connection, and notes for how long it is to be waited for."""

    timeouts = CLIENT_TIMEOUTS

    def __init__(self) -> None:
        self.told: list[float] = []

    def end_within(self, seconds: float) -> None:
        self.told.append(seconds)


class OneConnection:
    """Sends ``body`` to ``path``, of which ``length`` bytes are announced; what follows is up to the test."""

    def __init__(
        self,
        site: Any,
        path: str,
        body: bytes,
        *,
        length: int,
        fetch_site: str = "same-origin",
        timeouts: ClientTimeouts = CLIENT_TIMEOUTS,
        socket_class: type[DeadlineSocket] = DeadlineSocket,
        bad_request: bytes = b"",
    ) -> None:
        self.client, far = socket.socketpair()
        settings = Config()
        self._worker = SiteWorker(0, os.getpid(), [], None, 30, settings, logging.getLogger("test"))
        self._worker.wsgi, self._worker.slot, self._worker.bad_request = site, WorkSlot(), bad_request
        self._connection = DeadlineConnection(
            settings, socket_class(fileno=far.detach(), timeouts=timeouts), "", ""
        )
        self._connection.began_at, self._connection.data_ready = time.monotonic(), True
        self._thread = threading.Thread(target=self._worker.handle, args=(self._connection,))
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {HOST}\r\nSec-Fetch-Site: {fetch_site}\r\nContent-Length: {length}\r\n"
            f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n\r\n"
        )
        self._begins_with = head.encode() + body
        self._answer = b""

    def is_over(self) -> bool:
        """True if the worker has done with it."""
        return not self._thread.is_alive()

    def is_over_though_bytes_come(self) -> bool:
        """The same, once a byte more was sent. What has come back is read: a connection that is closed over a byte
        that no one read takes with it what was not read of the answer."""
        with contextlib.suppress(OSError):
            self.client.send(b"x")
        with contextlib.suppress(OSError):
            self._answer += self.client.recv(65536, socket.MSG_DONTWAIT)
        return self.is_over()

    def answer(self) -> bytes:
        """The answer that has come back by its end."""
        assert self.is_over()
        with contextlib.suppress(ConnectionResetError):
            while piece := self.client.recv(65536):
                self._answer += piece
        self._connection.close()
        return self._answer

    def __enter__(self) -> "OneConnection":
        self._thread.start()
        self.client.sendall(self._begins_with)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.client.close()
        assert eventually(self.is_over)
        self._connection.close()
        self._worker.tmp.close()
