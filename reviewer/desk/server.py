"""Serving the desk: Werkzeug's own server, on loopback, for one browser.

It is the server that flask brings, and no other is needed. It is not made for many strangers; here there is one
person, the address is 127.0.0.1, and another user of the machine who fills its connections up gains nothing.
A thread for each connection, because browsers hold some open without using them; the desk itself takes one request
at a time. Nothing is logged.
"""

import socket
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from reviewer.desk.app import create_app
from reviewer.desk.page import Look
from reviewer.desk.sitting import Sitting

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LOOPBACK = "127.0.0.1"
_LOOK_SECONDS = 0.25
_SILENT_SECONDS = 30


class _QuietHandler(WSGIRequestHandler):
    """Logs no request and no error: an address or an exception may quote a source. Names no version."""

    timeout = _SILENT_SECONDS
    server_version = "desk"
    sys_version = ""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 -- Werkzeug calls it so
        """Nothing."""

    def version_string(self) -> str:
        return self.server_version


class InTurn:
    """WSGI around the desk: one request after the other, since the casebook is open once."""

    def __init__(self, desk: "WSGIApplication", sitting: Sitting) -> None:
        self._desk = desk
        self._sitting = sitting

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        with self._sitting.turn:
            return self._desk(environ, start_response)


def serve(sitting: Sitting, *, look: Look, told: Callable[[str], None]) -> None:
    """Serve until the page or Ctrl-C says stop; ``told`` gets the address that opens the desk."""
    with socket.create_server((LOOPBACK, 0)) as listening:
        host = f"{LOOPBACK}:{listening.getsockname()[1]}"
        desk = InTurn(create_app(sitting, host=host, look=look), sitting)
        # The socket is made here: the server would ask for this machine's name, which asks a name server.
        server = make_server(LOOPBACK, 0, desk, threaded=True, request_handler=_QuietHandler, fd=listening.fileno())
        server.timeout = _LOOK_SECONDS
        try:
            told(f"http://{host}/open/{sitting.token}")
            _until_stopped(server, sitting)
        finally:
            server.server_close()


def _until_stopped(server: BaseWSGIServer, sitting: Sitting) -> None:
    while not sitting.is_stopped.is_set():
        server.handle_request()
        sitting.lock_when_idle()
