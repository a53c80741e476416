"""gunicorn's threaded worker, made patient with the slow, deaf to headers that claim things, and quiet.

What is changed, and why:

* a connection has a deadline for its whole header, and gets a thread only once that and the beginning of its body
  are there: threads are for requests (ADR 38). After it each silence has a deadline, and the body as a whole the
  one that its reader sets; the stock worker has none of these;
* where connections or threads run out, :mod:`tipline.places` ends a stream for each that comes;
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
import time
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from selectors import EVENT_READ
from typing import Any

from gunicorn import util
from gunicorn.http import wsgi
from gunicorn.http.errors import LimitRequestHeaders
from gunicorn.workers.gthread import TConn, ThreadWorker

from tipline import turns
from tipline.announced_body import AnnouncedBody
from tipline.body import LONGEST_UPLOAD_SECONDS, PATIENCE_KEY
from tipline.circuit import Circuit
from tipline.deadlines import Deadlines
from tipline.padding import head_filling
from tipline.patient_socket import SILENCE_SECONDS, PatientSocket
from tipline.places import WHOLE_ROOM, Places, Room
from tipline.shortage import OF_THIS_PROCESS, FrugalThreads
from tipline.streams import Stream

LISTENER_KEY = "tipline.listener"
"""In the WSGI environment: the path of the unix socket that the request came by, or ``""``."""

HEADER_SECONDS = 30.0
SPOKEN_VERSION = (1, 1)
"""The highest version of HTTP that an answer claims, whatever the request says."""
LONGEST_JOINED_BYTES = 32 << 10
_ACCEPTED_AT_ONCE = 32
LINGER_SECONDS = 2.0
"""For a client that does not hang up, once it has the answer."""


class PatientConnection(TConn):  # type: ignore[misc]  # gunicorn has no types
    stream: Stream | None = None

    def close(self, graceful: bool = False) -> None:  # noqa: ARG002 -- gunicorn's signature
        """At once: any lingering was done before."""
        util.close(self.sock)

    def has_come(self) -> None:
        """Its request is whole, and from now on what it brought is not to be lost."""
        if self.stream is not None:
            self.stream.may_end = False


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

    courier_socket: str = ""
    """The path of the couriers' listener: only who has a key comes there, and no stream of it ends for another."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.shortage = OF_THIS_PROCESS
        self._unfinished: Deadlines[Any] = Deadlines()  # headers
        self._begun: Deadlines[Any] = Deadlines()  # bodies
        self._lingering: Deadlines[Any] = Deadlines()
        self.take_on(WHOLE_ROOM)

    def take_on(self, room: Room) -> None:
        """Before the first connection: how much."""
        self.worker_connections = room.most_connections
        self._connections = room.connections
        self._places = Places(room, start=self._start, close=self._give_up)

    def get_thread_pool(self) -> FrugalThreads:
        return FrugalThreads(self.cfg.threads, self.shortage)

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        try:
            super().wait_for_and_dispatch_events(timeout)
        except (OSError, MemoryError, RuntimeError) as error:
            if not self.shortage.wait_a_little(error):
                raise

    def accept(self, listener: Any) -> None:
        """All that wait, as far as one round of the loop should take: in a rush each round costs as much again."""
        for _ in range(_ACCEPTED_AT_ONCE):
            if self.nr_conns >= self.worker_connections:
                return
            try:
                plain, client = listener.accept()
            except (BlockingIOError, ConnectionAbortedError):
                return
            self._take(plain, client, listener)

    def _take(self, plain: socket.socket, client: Any, listener: Any) -> None:
        connection = PatientConnection(
            self.cfg, PatientSocket(fileno=plain.detach()), client, listener.getsockname()
        )
        connection.began_at = time.monotonic()
        # Counted last: what the system refuses is then no connection at all.
        self.poller.register(connection.sock, EVENT_READ, partial(self._read_ahead, connection))
        self._unfinished.set(connection, connection.sock.end_within(HEADER_SECONDS))
        self.nr_conns += 1
        if self.cfg.proxy_protocol == "off":
            self._meet(connection, Circuit.of(dict(zip(("REMOTE_ADDR", "REMOTE_PORT"), client, strict=False))))
        if self.nr_conns > self._connections:
            self._places.end_one()

    def _meet(self, connection: Any, circuit: Circuit) -> None:
        if not self.courier_socket or connection.server != self.courier_socket:
            self._places.meet(connection, circuit)

    def _read_ahead(self, connection: Any, client: PatientSocket) -> None:
        if not self._is_waited_for(connection):
            return  # it was ended in this round, for one that was looked at before it
        try:
            has_enough = client.read_ahead()
        except BlockingIOError:
            return
        except OSError:
            self._give_up(connection)
            return
        if connection.stream is None and (name := client.circuit_name()) is not None:
            self._meet(connection, Circuit(name))
        if client.has_whole_header and connection in self._unfinished:
            self._unfinished.drop(connection)
            self._begun.set(connection, time.monotonic() + SILENCE_SECONDS)
            client.end_at_latest(time.monotonic() + LONGEST_UPLOAD_SECONDS)
        if has_enough:
            self._let_go(connection)
            self._places.want_thread(connection)
        elif client.has_whole_header:
            self._wait_for_the_body(connection)

    def _wait_for_the_body(self, connection: Any) -> None:
        now = time.monotonic()
        self._places.bring(connection)
        if connection.sock.is_late(now):
            self._go_on_without_the_rest(connection)
        else:
            self._begun.set(connection, now + SILENCE_SECONDS)

    def _go_on_without_the_rest(self, connection: Any) -> None:
        """So that its client is told, and gets back what was typed."""
        connection.sock.end_reading()
        self._let_go(connection)
        self._places.want_thread(connection)

    def murder_pending(self) -> None:
        """In each round of the loop."""
        try:
            self._end_what_is_due(time.monotonic())
        except (OSError, MemoryError, RuntimeError) as error:
            if not self.shortage.wait_a_little(error):
                raise

    def _end_what_is_due(self, now: float) -> None:
        for connection in (*self._unfinished.due(now), *self._lingering.due(now)):
            self.poller.unregister(connection.sock)
            self._end(connection)
        for connection in self._begun.due(now):
            self._go_on_without_the_rest(connection)
        self._places.go_on()

    def _is_waited_for(self, connection: Any) -> bool:
        return connection in self._unfinished or connection in self._begun

    def _let_go(self, connection: Any) -> None:
        self.poller.unregister(connection.sock)
        self._unfinished.drop(connection)
        self._begun.drop(connection)

    def _give_up(self, connection: Any) -> None:
        """One that has no thread."""
        if self._is_waited_for(connection):
            self._let_go(connection)
        self._end(connection)

    def _start(self, connection: Any) -> None:
        connection.data_ready = True
        try:
            self.enqueue_req(connection)
        except (MemoryError, RuntimeError):
            self._end(connection)  # or it would be counted for ever
            raise

    def _end(self, connection: Any) -> None:
        self._places.forget(connection)
        self.nr_conns -= 1
        connection.close()

    def finish_request(self, conn: Any, fs: "Future[object]") -> None:  # noqa: ARG002 -- gunicorn's signature
        """In the thread that accepts, once a thread has done with a request."""
        self._places.forget(conn)
        try:
            self.poller.register(conn.sock, EVENT_READ, partial(self._linger, conn))
            self._lingering.set(conn, time.monotonic() + LINGER_SECONDS)
        except (OSError, ValueError, MemoryError):
            self._end(conn)  # it is closed already, or the system refused to watch it
        self._places.go_on()

    def _linger(self, connection: Any, client: PatientSocket) -> None:
        """A connection that is closed over bytes that nobody read takes with it what its client has not read."""
        if not client.drop_what_came():
            return
        self.poller.unregister(client)
        self._lingering.drop(connection)
        self._end(connection)

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
            with contextlib.suppress(OSError):
                conn.sock.shutdown(socket.SHUT_WR)  # the answer ends here
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
        body = AnnouncedBody(conn.sock, held=held, length=length, when_whole=conn.has_come)
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
