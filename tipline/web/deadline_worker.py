"""The half of the web worker that accepts: connections on their way to a thread, and on their way out.

All of it runs in one thread, but for :meth:`DeadlineConnection.has_come`. No client is waited for here: what is
there is taken, and each that stays too long without a word has a deadline.
"""

import socket
import time
from concurrent.futures import Future
from functools import partial
from selectors import EVENT_READ
from typing import Any, Final

from gunicorn import util
from gunicorn.workers.gthread import TConn, ThreadWorker

from tipline.requests.circuit import Circuit
from tipline.requests.timeouts import CLIENT_TIMEOUTS, ClientTimeouts
from tipline.threads.resource_exhaustion import OF_THIS_PROCESS, BestEffortThreadPool
from tipline.web.connection_slots import FULL_CAPACITY, Capacity, ConnectionSlots
from tipline.web.deadline_socket import DeadlineSocket
from tipline.web.streams import Deadlines, Stream

_ACCEPTED_AT_ONCE: Final = 32


class DeadlineConnection(TConn):  # type: ignore[misc]  # gunicorn has no types
    stream: Stream | None = None

    def close(self, graceful: bool = False) -> None:  # noqa: ARG002 -- gunicorn's signature
        """At once: any lingering was done before."""
        util.close(self.sock)

    def has_come(self) -> None:
        """Mark the request as whole: from now on it must not be lost."""
        if self.stream is not None:
            self.stream.may_end = False
            self.sock.note_under_way()


class DeadlineWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """Patient with slow clients, and with a system that refuses it something."""

    timeouts: ClientTimeouts = CLIENT_TIMEOUTS
    """Of each connection that it accepts."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.shortage = OF_THIS_PROCESS
        self._unfinished: Deadlines[Any] = Deadlines()  # headers
        self._begun: Deadlines[Any] = Deadlines()  # bodies
        self._lingering: Deadlines[Any] = Deadlines()
        self.take_on(FULL_CAPACITY)

    def take_on(self, room: Capacity, *, courier_socket: str = "", relays_socket: str = "") -> None:
        """Set the capacity, before the first connection.

        The sockets are the paths of the couriers' and the relays' listeners: only clients with a key reach them,
        and no stream of theirs ends for another.
        """
        self._of_clients = {courier_socket, relays_socket} - {""}
        self._relays_socket = relays_socket
        self.worker_connections = room.most_connections
        self._connections = room.connections
        self._places = ConnectionSlots(room, start=self._start, close=self._give_up)

    def get_thread_pool(self) -> BestEffortThreadPool:
        return BestEffortThreadPool(self.cfg.threads, self.shortage)

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        try:
            super().wait_for_and_dispatch_events(timeout)
        except (OSError, MemoryError, RuntimeError) as error:
            if not self.shortage.pause_if_refused(error):
                raise

    def accept(self, listener: Any) -> None:
        """Accept waiting connections, as many as one round of the loop should take.

        In a rush each round costs as much again.
        """
        for _ in range(_ACCEPTED_AT_ONCE):
            if self.nr_conns >= self.worker_connections:
                return
            try:
                plain, client = listener.accept()
            except (BlockingIOError, ConnectionAbortedError):
                return
            self._take(plain, client, listener)

    def _take(self, plain: socket.socket, client: Any, listener: Any) -> None:
        connection = DeadlineConnection(
            self.cfg,
            DeadlineSocket(fileno=plain.detach(), timeouts=self.timeouts),
            client,
            listener.getsockname(),
        )
        connection.began_at = time.monotonic()
        # Counted last: what the system refuses is then no connection at all.
        self.poller.register(connection.sock, EVENT_READ, partial(self._read_ahead, connection))
        self._unfinished.set(connection, connection.sock.end_within(self.timeouts.header))
        self.nr_conns += 1
        if self.cfg.proxy_protocol == "off":
            self._meet(connection, Circuit.of(dict(zip(("REMOTE_ADDR", "REMOTE_PORT"), client, strict=False))))
        if self.nr_conns > self._connections:
            self._places.end_one()

    def _meet(self, connection: Any, circuit: Circuit) -> None:
        if connection.server not in self._of_clients:
            self._places.meet(connection, circuit)

    def _read_ahead(self, connection: Any, client: DeadlineSocket) -> None:
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
            self._begun.set(connection, time.monotonic() + self.timeouts.silence)
            client.end_at_latest(time.monotonic() + self.timeouts.upload)
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
            self._begun.set(connection, now + self.timeouts.silence)

    def _go_on_without_the_rest(self, connection: Any) -> None:
        """Start the request without the rest of its body: the client is told, and gets back what was typed."""
        connection.sock.end_reading()
        self._let_go(connection)
        self._places.want_thread(connection)

    def murder_pending(self) -> None:
        """End what is due; called in each round of the loop."""
        try:
            self._end_what_is_due(time.monotonic())
        except (OSError, MemoryError, RuntimeError) as error:
            if not self.shortage.pause_if_refused(error):
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
        """End a connection that has no thread."""
        if self._is_waited_for(connection):
            self._let_go(connection)
        self._end(connection)

    def _start(self, connection: Any) -> None:
        connection.data_ready = True
        connection.sock.when_under_way = partial(self.method_queue.defer, self._places.go_on)
        try:
            self.enqueue_req(connection)
        except (MemoryError, RuntimeError):
            self._end(connection)  # or it would stay counted
            raise

    def _end(self, connection: Any) -> None:
        self._places.forget(connection)
        self.nr_conns -= 1
        connection.close()

    def finish_request(self, conn: Any, fs: "Future[object]") -> None:  # noqa: ARG002 -- gunicorn's signature
        """Finish a request in the accepting thread, once its thread is done with it."""
        self._places.forget(conn)
        try:
            self.poller.register(conn.sock, EVENT_READ, partial(self._linger, conn))
            self._lingering.set(conn, time.monotonic() + self.timeouts.linger)
        except (OSError, ValueError, MemoryError):
            self._end(conn)  # it is closed already, or the system refused to watch it
        self._places.go_on()

    def _linger(self, connection: Any, client: DeadlineSocket) -> None:
        """Read the client's last bytes: closing over unread ones would lose what the client has not read."""
        if not client.drop_what_came():
            return
        self.poller.unregister(client)
        self._lingering.drop(connection)
        self._end(connection)
