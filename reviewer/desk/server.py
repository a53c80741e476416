"""Serving the desk: Werkzeug's own server, on loopback, for one browser.

It is the server that flask brings, and no other is needed. It is not made for many strangers; here there is one
person, the address is 127.0.0.1, and another user of the machine who fills its connections up gains nothing.
A thread for each connection, because browsers hold some open without using them; the desk itself takes one request
at a time. Nothing is logged.
"""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

from reviewer.desk.app import create_app
from reviewer.desk.in_turn import SerialRequests
from reviewer.desk.page import Look
from reviewer.desk.reexec import reexecute
from reviewer.desk.session import DeskSession
from system.memory import limit_data

LOOPBACK = "127.0.0.1"
_LOOK_SECONDS = 0.25
_SILENT_SECONDS = 30
MOST_DATA_BYTES = 300_000_000
"""The memory of a desk, without what it shows: files that are looked at are in the memory of no program."""

MOST_SILENT = 16
"""Connections that have not asked anything; the oldest one goes. A browser holds some open without using them."""

_STACK_BYTES = 1 << 20
"""For each connection. The usual 8 MiB count against the memory, and 25 silent connections would fill it."""

_LAST_ANSWERS_SECONDS = 3


class _QuietHandler(WSGIRequestHandler):
    """Logs no request and no error: an address or an exception may quote a source. Names no version."""

    timeout = _SILENT_SECONDS
    server_version = "desk"
    sys_version = ""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 -- Werkzeug calls it so
        """Log nothing."""

    def version_string(self) -> str:
        return self.server_version

    def run_wsgi(self) -> None:
        """Answer a request, which has come whole but for its body."""
        if isinstance(self.server, _DeskServer):
            self.server.has_asked(self.connection)
        super().run_wsgi()


class _DeskServer(ThreadedWSGIServer):
    """Accepts no connection after the desk is to restart, and counts open answers.

    A connection brings one request, as Werkzeug closes each.
    """

    def __init__(self, listening: socket.socket, desk: SerialRequests, desk_session: DeskSession) -> None:
        # The socket is made by us: the server would ask for this machine's name, which asks a name server.
        super().__init__(LOOPBACK, 0, desk, handler=_QuietHandler, fd=listening.fileno())
        self.timeout = _LOOK_SECONDS
        self._desk_session = desk_session
        self._connections = 0
        self._silent: list[socket.socket] = []
        self._changed = threading.Condition()

    def get_request(self) -> tuple[Any, Any]:
        """The next connection; who comes later than the lock stays in the system's line, for the next program."""
        if self._desk_session.reexec_due.is_set():
            raise OSError("the desk restarts")
        return super().get_request()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Print nothing: an exception may quote a source, and another user of the machine can cause many."""

    def has_asked(self, connection: socket.socket) -> None:
        """Count a connection no more among the silent ones."""
        with self._changed, suppress(ValueError):
            self._silent.remove(connection)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._changed:
            self._silent.append(request)
            oldest = self._silent.pop(0) if len(self._silent) > MOST_SILENT else None
        if oldest is not None:
            with suppress(OSError):  # its thread ends, and closes it
                oldest.shutdown(socket.SHUT_RDWR)
        self._count(1)
        try:
            super().process_request(request, client_address)
        except BaseException:
            self._count(-1)  # no thread was begun
            raise

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self.has_asked(request)
            self._count(-1)

    def wait_for_answers(self, seconds: float) -> None:
        """Until all who were let in have their answer, or for so long: one that takes none holds up no lock."""
        with self._changed:
            self._changed.wait_for(lambda: self._connections == 0, seconds)

    def _count(self, by: int) -> None:
        with self._changed:
            self._connections += by
            self._changed.notify_all()


def serve(desk_session: DeskSession, *, look: Look, told: Callable[[str], None]) -> None:
    """Serve until the page or Ctrl-C says stop; ``told`` gets the address that opens the desk."""
    with socket.create_server((LOOPBACK, 0)) as listening:
        told(f"http://{_host(listening)}/open/{desk_session.token}")
        serve_at(listening, desk_session, look=look)


def serve_at(listening: socket.socket, desk_session: DeskSession, *, look: Look) -> None:
    """The same, for a known address. Once locked, it continues in another program and does not return.

    From here on this process has a limit on its memory.

    Raises:
        ProgramError: the system starts no other program; this one has to end.
    """
    limit_data(MOST_DATA_BYTES)
    threading.stack_size(_STACK_BYTES)
    app = create_app(desk_session, host=_host(listening), look=look)
    server = _DeskServer(listening, SerialRequests(app, desk_session, host=_host(listening)), desk_session)
    try:
        while not desk_session.is_stopped.is_set():
            server.handle_request()
            desk_session.lock_when_idle()
            if desk_session.reexec_due.is_set():
                server.wait_for_answers(_LAST_ANSWERS_SECONDS)
                reexecute_in_turn(desk_session, look=look, listening=listening)
    finally:
        server.server_close()


def reexecute_in_turn(desk_session: DeskSession, *, look: Look, listening: socket.socket) -> None:
    """Do nothing if another window has opened or stopped the desk since.

    A request of that window may be running: the loop does not wait for it, because it also accepts the press that
    locks. A lock that is overdue does not wait either.
    """
    has_turn = desk_session.turn.acquire(blocking=False)
    if not has_turn and not desk_session.lock_is_overdue:
        return
    try:
        if desk_session.reexec_due.is_set() and not desk_session.is_stopped.is_set():
            reexecute(desk_session.left(), look=look, listening=listening)
    finally:
        if has_turn:
            desk_session.turn.release()


def _host(listening: socket.socket) -> str:
    return f"{LOOPBACK}:{listening.getsockname()[1]}"
