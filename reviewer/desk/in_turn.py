"""Serialises requests, except the two buttons that end another request's work.

A page or picture whose reader left while it waited for its turn is not made.
"""

import select
import socket
from collections.abc import Iterable
from typing import TYPE_CHECKING

from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from reviewer.desk.guard import CrossOriginRequest, require_own_page
from reviewer.desk.headers import DeskHeaders
from reviewer.desk.page import COOKIE
from reviewer.desk.session import LOCK_SECONDS, DeskSession
from reviewer.desk.views.session import LOCKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class SerialRequests:
    """WSGI around the desk at ``host``: one request at a time, since the casebook is open once."""

    def __init__(
        self,
        desk: "WSGIApplication",
        desk_session: DeskSession,
        *,
        host: str,
        lock_seconds: float = LOCK_SECONDS,
    ) -> None:
        self._desk = desk
        self._desk_session = desk_session
        self._host = host
        self._lock_seconds = lock_seconds

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        turn = self._desk_session.turn
        seconds = -1.0
        if self._locks(environ):
            self._desk_session.children.end()  # the request that waits for them ends, and gives its turn back
            seconds = self._lock_seconds
        if not turn.acquire(timeout=seconds):
            # The request that runs waits for something else, such as a medium that does not answer. The next
            # program answers at this address, locked.
            self._desk_session.lock_without_turn()
            return DeskHeaders(redirect("/", 303))(environ, start_response)
        try:
            if environ["REQUEST_METHOD"] == "GET" and _has_left(environ):
                return DeskHeaders(Response(status=204))(environ, start_response)
            return self._desk(environ, start_response)
        finally:
            turn.release()

    def _locks(self, environ: "WSGIEnvironment") -> bool:
        """True when the browser that was let in presses "Lock" or "Stop", as the desk itself will find."""
        asked = Request(environ, populate_request=False)
        if asked.method != "POST" or asked.path not in LOCKING:
            return False
        try:
            require_own_page(environ, host=self._host)
        except CrossOriginRequest:
            return False
        return self._desk_session.knows(asked.cookies.get(COOKIE))


def _has_left(environ: "WSGIEnvironment") -> bool:
    """True if the browser closed its connection; a server of tests has none."""
    connection = environ.get("werkzeug.socket")
    if not isinstance(connection, socket.socket):
        return False
    waiting = select.poll()
    waiting.register(connection, select.POLLIN)
    try:
        return bool(waiting.poll(0)) and connection.recv(1, socket.MSG_PEEK) == b""
    except OSError:
        return True
