"""gunicorn's threaded worker with deadlines; it ignores headers that claim things, and logs little.

What is changed, and why:

* a connection has a deadline for its whole header, and gets a thread only once that and the beginning of its body
  are there: threads are for requests (ADR 38). After it each silence has a deadline, and the body as a whole the
  one that its reader sets; the stock worker has none of these;
* where connections or threads run out, :mod:`tipline.web.connection_slots` ends a stream for each that comes;
* the lingering at the end of a connection holds no thread: in the stock worker the thread that accepts waits two
  seconds for each client that stays connected;
* open files, threads or memory that the system refuses for a while do not end the process;
* the response carries neither Server nor Date; all before its body has one length;
* a read of the body gives what has come: the stock worker waits until it has all that was asked for;
* a request knows the listener that it came by, from the socket itself. ``SERVER_NAME`` is no such thing: it is the
  client's Host header.
"""

import contextlib
import math
import socket
from collections.abc import Callable
from typing import Any

from gunicorn.http import wsgi
from gunicorn.http.errors import LimitRequestHeaders

from tipline.limits import request_scheduler
from tipline.limits.request_scheduler import WorkSlot
from tipline.pages.padding import head_filling
from tipline.requests.circuit import Circuit
from tipline.requests.timeouts import PATIENCE_KEY
from tipline.web.bounded_body import BoundedBody
from tipline.web.deadline_worker import DeadlineWorker

LISTENER_KEY = "tipline.listener"
"""Key in the WSGI environment: the path of the unix socket of the request, or ``""``."""

SPOKEN_VERSION = (1, 1)
"""The highest version of HTTP that an answer claims, whatever the request says."""
LONGEST_JOINED_BYTES = 32 << 10


class QuietResponse(wsgi.Response):  # type: ignore[misc]  # gunicorn has no types
    """A response that sends its head together with the first part of its body."""

    headers_sent: bool

    def send_headers(self) -> None:
        """Do nothing: until there is a body, an error can still have a page of its own."""

    def _emit_body(self, data: bytes) -> None:
        if not data:
            return
        head = self._unsent_head()
        if self.chunked or len(data) > LONGEST_JOINED_BYTES:
            self._send(head)
            super()._emit_body(data)
        else:
            self._send(head + data)

    def close(self) -> None:
        self._send(self._unsent_head())
        super().close()

    def _unsent_head(self) -> bytes:
        if self.headers_sent:
            return b""
        lines = [*self.default_headers(), *(f"{name}: {value}\r\n" for name, value in self.headers), "\r\n"]
        head = "".join(lines).encode("latin-1")
        self.headers_sent = True
        return head

    def _send(self, piece: bytes) -> None:
        if piece:
            self.sock.sendall(piece)

    def default_headers(self) -> list[str]:
        major, minor = min(self.req.version, SPOKEN_VERSION)
        lines = [
            f"HTTP/{major}.{minor} {self.status}\r\n",
            "Connection: close\r\n",
            *(["Transfer-Encoding: chunked\r\n"] if self.chunked else []),
        ]
        own = (f"{name}: {value}\r\n" for name, value in self.headers)
        return [*lines, head_filling(sum(map(len, [*lines, *own, "\r\n"])))]


class SiteWorker(DeadlineWorker):
    """The one worker of the web process."""

    slot: WorkSlot
    """The work slot of its site."""

    bad_request: bytes = b""
    """The whole answer to what is no request, set once the application is there."""

    after_request: Callable[[float], object] = staticmethod(lambda _began_at: None)
    """Called after a connection, with the time of its acceptance by ``time.monotonic``."""

    def handle(self, conn: Any) -> Any:
        try:
            if conn.sock.has_endless_header:
                result = False
                self.handle_error(None, conn.sock, conn.client, LimitRequestHeaders("without an end"))
            else:
                # From here, as 64 headers that are read at once keep a page as long as 64 texts.
                circuit = Circuit(conn.sock.circuit_name() or "")
                with (
                    contextlib.nullcontext()
                    if conn.sock.asks_for_a_page() or self._is_of_a_relay(conn)
                    else self.slot.exclusive(circuit)
                ):
                    result = super().handle(conn)
            with contextlib.suppress(OSError):
                conn.sock.shutdown(socket.SHUT_WR)  # the answer ends here
            return result
        finally:
            self.after_request(conn.began_at)

    def _is_of_a_relay(self, conn: Any) -> bool:
        """True for what is small, and must not wait until a source's upload is sealed."""
        return bool(self._relays_socket) and conn.server == self._relays_socket

    def handle_request(self, req: Any, conn: Any) -> bool:
        conn.sock.end_within(math.inf)  # the header is there, and who reads the body sets an end to it
        resp, environ = wsgi.create(
            req, conn.sock, conn.client, conn.server, self.cfg, response_class=QuietResponse
        )
        environ["wsgi.multithread"] = True
        environ["PATH_INFO"] = environ["PATH_INFO"] or "/"  # ``GET http://name``; else Werkzeug sends it elsewhere
        # Without a length there is no body: neither site takes chunks, and gunicorn refuses chunks with a length.
        length = int(environ.get("CONTENT_LENGTH") or 0)
        held = req.unreader.take_buffered()
        body = BoundedBody(conn.sock, held=held, length=length, when_whole=conn.has_come)
        environ["wsgi.input"] = body
        environ[PATIENCE_KEY] = conn.sock
        environ[LISTENER_KEY] = conn.server if isinstance(conn.server, str) else ""
        resp.force_close()
        try:
            pieces = self.wsgi(environ, resp.start_response)
            try:
                body.skim()
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
        request_scheduler.release()
        self.log.error("no request")
        try:
            client.sendall(self.bad_request)
        except OSError:
            return
