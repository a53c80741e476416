"""Serves the duty desk on loopback, with the server that flask brings. Nothing is logged.

Ringing does not depend on it: a desk without a browser still rings.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

from duty.desk.app import create_app
from duty.desk.guard import DutyToken
from duty.desk.page_language import PageLanguage
from duty.service import DutyService

LOOPBACK = "127.0.0.1"
_SILENT_SECONDS = 30
_LOOK_SECONDS = 0.25


class _QuietRequests(WSGIRequestHandler):
    """Logs no request and no error, and names no version."""

    timeout = _SILENT_SECONDS
    server_version = "duty"
    sys_version = ""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 -- Werkzeug calls it so
        """Log nothing."""

    def version_string(self) -> str:
        return self.server_version


@contextmanager
def served_desk(service: DutyService, *, words: PageLanguage) -> Iterator[str]:
    """Serve the pages in a thread; yields the address that opens them in a browser of this machine."""
    token = DutyToken()
    with socket.create_server((LOOPBACK, 0)) as listening:
        host = f"{LOOPBACK}:{listening.getsockname()[1]}"
        app = create_app(service, token, host=host, words=words)
        server = ThreadedWSGIServer(LOOPBACK, 0, app, handler=_QuietRequests, fd=listening.fileno())
        server.daemon_threads = True
        thread = threading.Thread(
            target=server.serve_forever, kwargs={"poll_interval": _LOOK_SECONDS}, name="desk", daemon=True
        )
        thread.start()
        try:
            yield f"http://{host}/open/{token.of_address}"
        finally:
            server.shutdown()
            thread.join(_SILENT_SECONDS)
            server.server_close()
