"""One request on its way through the web worker, and who has the turn meanwhile."""

import logging
import os
import socket
import time
from typing import Any

from gunicorn.config import Config

from tipline.limits.request_scheduler import WorkSlot
from tipline.web.composition import Dispatcher
from tipline.web.deadline_socket import DeadlineSocket
from tipline.web.deadline_worker import DeadlineConnection
from tipline.web.worker import SiteWorker


class Crossing:
    """Records whether a request had the turn while its header was read, while the application answered, and while
    the answer was sent. ``/couriers`` is the couriers' socket."""

    def __init__(
        self,
        place: WorkSlot,
        request: bytes,
        *,
        socket_path: str,
    ) -> None:
        self.while_read = self.while_answered = self.while_sent = False
        crossing = self

        class Watched(DeadlineSocket):
            def recv(self, *given: Any, **named: Any) -> bytes:
                crossing.while_read = crossing.while_read or not place.is_free
                return super().recv(*given, **named)

            def sendall(self, *given: Any, **named: Any) -> None:
                crossing.while_sent = not place.is_free
                super().sendall(*given, **named)

        def site(_environ: Any, start_response: Any) -> list[bytes]:
            self.while_answered = not place.is_free
            start_response("200 OK", [("Content-Length", "5")])
            return [b"hello"]

        couriers: Any = site
        near, far = socket.socketpair()
        settings = Config()
        settings.set("proxy_protocol", True)
        settings.set("proxy_allow_ips", "*")
        worker = SiteWorker(0, os.getpid(), [], None, 30, settings, logging.getLogger("test"))
        worker.slot = place
        worker.wsgi = Dispatcher(site, couriers, "/couriers")
        connection = DeadlineConnection(settings, Watched(fileno=near.detach()), "", socket_path)
        connection.began_at = time.monotonic()
        with far:
            far.sendall(request)
            connection.data_ready = connection.sock.read_ahead()
            far.shutdown(socket.SHUT_WR)
            worker.handle(connection)
            connection.close()
            assert far.recv(1 << 16).startswith(b"HTTP/1.1 200 OK")
        worker.tmp.close()
