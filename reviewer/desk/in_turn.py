"""Serialises requests, except the two buttons that end another request's work."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request

from reviewer.desk.guard import CrossOriginRequest, require_own_page
from reviewer.desk.page import COOKIE
from reviewer.desk.session import DeskSession
from reviewer.desk.views.session import LOCKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class SerialRequests:
    """WSGI around the desk at ``host``: one request at a time, since the casebook is open once."""

    def __init__(self, desk: "WSGIApplication", desk_session: DeskSession, *, host: str) -> None:
        self._desk = desk
        self._desk_session = desk_session
        self._host = host

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if self._locks(environ):
            self._desk_session.children.end()  # the request that waits for them ends, and gives its turn back
        with self._desk_session.turn:
            return self._desk(environ, start_response)

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
