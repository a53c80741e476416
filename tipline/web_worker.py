"""gunicorn's threaded worker, made patient with the slow, deaf to headers that claim things, and quiet.

What is changed, and why:

* a connection has a deadline for its whole header, and one for each silence after it; the stock worker has none;
* the lingering at the end of a connection happens in the request's thread: the stock worker does it in the thread
  that accepts, where each client that stays connected holds everybody for two seconds;
* the response carries no Server, and a Date of the day only;
* a body that breaks the rules is a broken connection, not an error of the application;
* a request knows the listener that it came by, from the socket itself. ``SERVER_NAME`` is no such thing: it is the
  client's Host header.
"""

import datetime as dt
import socket
import time
from collections.abc import Callable
from typing import Any

from gunicorn import util
from gunicorn.http import wsgi
from gunicorn.http.errors import ParseException
from gunicorn.workers.gthread import TConn, ThreadWorker

LISTENER_KEY = "tipline.listener"
"""In the WSGI environment: the path of the unix socket that the request came by, or ``""``."""

HEADER_SECONDS = 30.0
SILENCE_SECONDS = 180.0
BODY_PIECE_BYTES = 128 << 10
"""Longer than Tor takes to move a stalled stream to life again; the whole of an upload has its own limits."""


class PatientSocket(socket.socket):
    """A client's connection, with an end to each wait."""

    _header_until: float | None = None

    def begin(self) -> None:
        self._header_until = time.monotonic() + HEADER_SECONDS

    def header_is_read(self) -> None:
        self._header_until = None

    def recv(self, size: int, flags: int = 0, /) -> bytes:
        self.settimeout(self._patience())
        return super().recv(size, flags)

    def sendall(self, content: Any, flags: int = 0, /) -> None:
        # One sendall has one deadline for all of its content, and a slow circuit may need long for a large piece.
        view = memoryview(content)
        while view:
            self.settimeout(SILENCE_SECONDS)
            view = view[super().send(view, flags) :]

    def _patience(self) -> float:
        if self._header_until is None:
            return SILENCE_SECONDS
        left = self._header_until - time.monotonic()
        if left <= 0:
            raise TimeoutError("the header took too long")
        return left


class PatientConnection(TConn):  # type: ignore[misc]  # gunicorn has no types
    def close(self, graceful: bool = False) -> None:  # noqa: ARG002 -- gunicorn's signature
        """At once, in whatever thread: any lingering was done in :meth:`SiteWorker.handle`."""
        util.close(self.sock)


class QuietResponse(wsgi.Response):  # type: ignore[misc]  # gunicorn has no types
    def default_headers(self) -> list[str]:
        return [
            f"HTTP/{self.req.version[0]}.{self.req.version[1]} {self.status}\r\n",
            f"Date: {date_of_today()}\r\n",
            "Connection: close\r\n",
            *(["Transfer-Encoding: chunked\r\n"] if self.chunked else []),
        ]


class UntrustedBody:
    """``wsgi.input`` of which a reader need expect ``OSError`` only."""

    def __init__(self, body: Any) -> None:
        self._body = body

    def read(self, size: int = -1, /) -> bytes:
        try:
            piece: bytes = self._body.read(None if size < 0 else size)
        except ParseException as error:
            raise ConnectionAbortedError("the body breaks the rules of HTTP") from error
        return piece


class SiteWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """The one worker of the web process."""

    bad_request: bytes = b""
    """The whole answer to what is no request, set once the application is there."""

    def accept(self, listener: Any) -> None:
        try:
            plain, client = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        connection = PatientSocket(fileno=plain.detach())
        connection.begin()
        self.nr_conns += 1
        self.enqueue_req(PatientConnection(self.cfg, connection, client, listener.getsockname()))

    def handle(self, conn: Any) -> Any:
        result = super().handle(conn)
        if not result:
            util.close_graceful(conn.sock)
        return result

    def handle_request(self, req: Any, conn: Any) -> bool:
        conn.sock.header_is_read()
        # gunicorn reads 8 KiB at a time: fifty thousand turns for 400 MiB, a quarter of what receiving them costs.
        req.unreader.mxchunk = BODY_PIECE_BYTES
        resp, environ = wsgi.create(
            req, conn.sock, conn.client, conn.server, self.cfg, response_class=QuietResponse
        )
        environ["wsgi.multithread"] = True
        environ["wsgi.input"] = UntrustedBody(environ["wsgi.input"])
        environ[LISTENER_KEY] = conn.server if isinstance(conn.server, str) else ""
        resp.force_close()
        try:
            pieces = self.wsgi(environ, resp.start_response)
            try:
                for piece in pieces:
                    resp.write(piece)
                resp.close()
            finally:
                close: Callable[[], object] | None = getattr(pieces, "close", None)
                if close is not None:
                    close()
        except OSError:
            raise
        except Exception:
            if not resp.headers_sent:
                raise
            # Cut: without its last chunk, or short of its length, the client knows that it has not all.
            self.log.exception("response cut")
        return False

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:  # noqa: ARG002
        """gunicorn's own pages quote the request, and have other headers than ours."""
        self.log.error("no request")
        try:
            client.sendall(self.bad_request)
        except OSError:
            return


def date_of_today() -> str:
    """The value of a Date header that tells the day only."""
    return dt.datetime.now(dt.UTC).strftime("%a, %d %b %Y 00:00:00 GMT")
