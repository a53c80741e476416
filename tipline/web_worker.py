"""gunicorn's threaded worker, made patient with the slow, deaf to headers that claim things, and quiet.

What is changed, and why:

* a connection has a deadline for its whole header, and gets a thread only once that is there, or longer than any:
  threads are for requests. After it each silence has a deadline, and the body as a whole the one that its reader
  sets; the stock worker has none of these;
* the lingering at the end of a connection happens in the request's thread: the stock worker does it in the thread
  that accepts, where each client that stays connected holds everybody for two seconds;
* open files, threads or memory that the system refuses for a while do not end the process;
* the response carries no Server, and a Date of the day only; all before its body has one length;
* a read of the body gives what has come: the stock worker waits until it has all that was asked for;
* a request knows the listener that it came by, from the socket itself. ``SERVER_NAME`` is no such thing: it is the
  client's Host header.
"""

import contextlib
import datetime as dt
import math
import time
from collections.abc import Callable
from functools import partial
from selectors import EVENT_READ
from typing import Any

from gunicorn import util
from gunicorn.http import wsgi
from gunicorn.http.errors import LimitRequestHeaders
from gunicorn.workers.gthread import TConn, ThreadWorker

from tipline import turns
from tipline.announced_body import AnnouncedBody
from tipline.body import PATIENCE_KEY
from tipline.circuit import Circuit
from tipline.padding import head_filling
from tipline.patient_socket import PatientSocket
from tipline.shortage import OF_THIS_PROCESS, FrugalThreads

LISTENER_KEY = "tipline.listener"
"""In the WSGI environment: the path of the unix socket that the request came by, or ``""``."""

HEADER_SECONDS = 30.0
SPOKEN_VERSION = (1, 1)
"""The highest version of HTTP that an answer claims, whatever the request says."""
LONGEST_JOINED_BYTES = 32 << 10
LINGER_SECONDS = 2.0
"""For a client that does not hang up, once it has the answer."""


class PatientConnection(TConn):  # type: ignore[misc]  # gunicorn has no types
    def close(self, graceful: bool = False) -> None:  # noqa: ARG002 -- gunicorn's signature
        """At once, in whatever thread: any lingering was done in :meth:`SiteWorker.handle`."""
        util.close(self.sock)


class QuietResponse(wsgi.Response):  # type: ignore[misc]  # gunicorn has no types
    """Its head goes out together with the first of the body."""

    headers_sent: bool

    def send_headers(self) -> None:
        """Nothing by itself: until there is something of the body, an error still has a page of its own."""

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
            f"Date: {date_of_today()}\r\n",
            "Connection: close\r\n",
            *(["Transfer-Encoding: chunked\r\n"] if self.chunked else []),
        ]
        own = (f"{name}: {value}\r\n" for name, value in self.headers)
        return [*lines, head_filling(sum(map(len, [*lines, *own, "\r\n"])))]


class SiteWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """The one worker of the web process."""

    bad_request: bytes = b""
    """The whole answer to what is no request, set once the application is there."""

    after_request: Callable[[float], object] = staticmethod(lambda _began_at: None)
    """Told that a thread has done with a connection, and when that was accepted, by ``time.monotonic``."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.shortage = OF_THIS_PROCESS

    def get_thread_pool(self) -> FrugalThreads:
        return FrugalThreads(self.cfg.threads, self.shortage)

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        try:
            super().wait_for_and_dispatch_events(timeout)
        except (OSError, MemoryError, RuntimeError) as error:
            if not self.shortage.wait_a_little(error):
                raise

    def accept(self, listener: Any) -> None:
        try:
            plain, client = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        connection = PatientConnection(
            self.cfg, PatientSocket(fileno=plain.detach()), client, listener.getsockname()
        )
        connection.began_at = time.monotonic()
        # ``murder_pending`` closes those that are past it.
        connection.timeout = connection.sock.end_within(HEADER_SECONDS)
        # Counted last: what the system refuses is then no connection at all.
        self.poller.register(connection.sock, EVENT_READ, partial(self._read_ahead, connection))
        self.pending_conns.append(connection)
        self.nr_conns += 1

    def _read_ahead(self, connection: Any, client: PatientSocket) -> None:
        try:
            if not client.read_ahead():
                return
        except BlockingIOError:
            return
        except OSError:
            self._let_go(connection)
            self._end(connection)
            return
        self._let_go(connection)
        connection.data_ready = True
        try:
            self.enqueue_req(connection)
        except (MemoryError, RuntimeError):
            self._end(connection)  # or it would be counted for ever
            raise

    def _let_go(self, connection: Any) -> None:
        self.poller.unregister(connection.sock)
        self.pending_conns.remove(connection)

    def _end(self, connection: Any) -> None:
        self.nr_conns -= 1
        connection.close()

    def handle(self, conn: Any) -> Any:
        try:
            if conn.sock.has_endless_header:
                result = False
                self.handle_error(None, conn.sock, conn.client, LimitRequestHeaders("without an end"))
            else:
                # From here, as 64 headers that are read at once keep a page as long as 64 texts.
                circuit = Circuit(conn.sock.circuit_name() or "")
                with contextlib.nullcontext() if conn.sock.asks_for_a_page() else turns.turn(circuit):
                    result = super().handle(conn)
            if not result:
                conn.sock.end_within(LINGER_SECONDS)  # our ``recv`` knows nothing of the timeout that gunicorn sets
                util.close_graceful(conn.sock, LINGER_SECONDS)
            return result
        finally:
            self.after_request(conn.began_at)

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
        body = AnnouncedBody(conn.sock, held=held, length=length)
        environ["wsgi.input"] = body
        environ[PATIENCE_KEY] = conn.sock.end_within
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
        turns.over()
        self.log.error("no request")
        try:
            client.sendall(self.bad_request)
        except OSError:
            return


def date_of_today() -> str:
    """The value of a Date header that tells the day only."""
    return dt.datetime.now(dt.UTC).strftime("%a, %d %b %Y 00:00:00 GMT")
