"""The room that a worker has for connections and threads, and what it does when there is no more.

A connection waits without a thread until its header and the beginning of its body are there. Then a page has a
thread at once. What brings something has one of those that are kept for it: a request that is whole already has
nothing to wait for but the server, and an upload that is still coming waits for its client, perhaps for hours, so
that the two stand in different lines. Where connections or the threads of a line run out,
:class:`~tipline.web.streams.Streams` says which stream ends.

All of it runs in the thread that accepts.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from tipline.intake.passphrase_pool import READY
from tipline.requests.circuit import Circuit
from tipline.web.deadline_socket import DeadlineSocket
from tipline.web.streams import Stream, Streams
from tipline.web.thread_queue import ThreadQueue

_AGAIN_SECONDS: Final = 1.0
"""Pause before the next attempt, if no stream may end."""

_BETWEEN_SECONDS: Final = 0.05
"""Between two uploads that end. Each costs as much as a page, and the thread goes to who holds least."""

_BEGINNING_AT_ONCE: Final = 16
"""Limit of uploads that have a thread and do not wait for their clients yet.

A thousand that begin in one moment would all want the interpreter, each for longer than a page.
"""

_OTHER_FILES: Final = 500
"""Open files of the store, the listeners and the process itself, with some in reserve."""


@dataclass(frozen=True, slots=True)
class Capacity:
    """The capacity of a worker.

    Of ``threads``, at most ``uploads`` and ``messages`` are for uploads and whole messages; the rest is for pages.
    From ``connections`` on, one ends for each new one; if none may end, ``spare`` more are accepted.
    ``ready_passphrases`` wait in memory.
    """

    threads: int = 1500
    uploads: int = 1000
    messages: int = 300
    connections: int = 7000
    spare: int = 500
    ready_passphrases: int = READY

    @property
    def most_connections(self) -> int:
        return self.connections + self.spare

    @property
    def open_files(self) -> int:
        """The ``RLIMIT_NOFILE`` that the process needs."""
        return self.most_connections + _OTHER_FILES


FULL_CAPACITY: Final = Capacity()


class Connection(Protocol):
    """A client's. ``stream`` is None until its circuit is known, and of what is never to end."""

    sock: DeadlineSocket
    stream: Stream | None


class ConnectionSlots:
    """Threads and streams of one worker."""

    def __init__(
        self,
        room: Capacity,
        *,
        start: Callable[[Connection], None],
        close: Callable[[Connection], None],
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        """``start`` gives a connection a thread; ``close`` ends one that has none."""
        self._start = start
        self._close = close
        self._seconds = seconds
        self._streams = Streams()
        self._messages, self._uploads = (
            ThreadQueue(threads, held_by=self._streams.held_by) for threads in (room.messages, room.uploads)
        )
        self._connections: dict[Stream, Connection] = {}
        self._beginning: set[Stream] = set()
        self._ask_again_at = self._end_again_at = 0.0

    def meet(self, connection: Connection, circuit: Circuit) -> None:
        """Count a connection as a stream of its circuit, which is known now."""
        stream = connection.stream = Stream(circuit, self._seconds())
        self._connections[stream] = connection
        self._streams.add(stream)

    def want_thread(self, connection: Connection) -> None:
        """Queue a connection for a thread: its header and the first part of its body are there."""
        stream = connection.stream
        if stream is None or not connection.sock.announces_body:
            self.forget(connection)
            self._start(connection)
            return
        self.bring(connection)
        stream.moved_at = math.inf  # in line its silence is ours
        (self._messages if connection.sock.has_whole_request else self._uploads).join(stream)
        self.go_on()

    def bring(self, connection: Connection) -> None:
        """Mark a connection as one that brings a body."""
        if connection.stream is not None:
            connection.stream.is_upload = True
            connection.sock.stream = connection.stream

    def forget(self, connection: Connection) -> None:
        """Remove a connection that is over, or needs no place that another could want."""
        stream = connection.stream
        if stream is None or self._connections.pop(stream, None) is None:
            return
        self._streams.drop(stream)
        self._messages.leave(stream)
        self._uploads.leave(stream)

    def end_one(self) -> None:
        """End a connection, as there is one too many."""
        now = self._seconds()
        if now < self._ask_again_at:
            return
        if (stream := self._streams.end_next(now)) is not None:
            self._end(stream)
        else:
            self._ask_again_at = now + _AGAIN_SECONDS

    def go_on(self) -> None:
        """Threads for those in line, as far as there are any; and for one that still waits another one ends."""
        self._beginning = {
            stream for stream in self._beginning if self._uploads.has_thread(stream) and not stream.is_under_way
        }
        for line in (self._messages, self._uploads):
            while self._may_begin(line) and (stream := line.next()) is not None:
                if line is self._uploads:
                    self._beginning.add(stream)
                stream.moved_at = self._seconds()
                self._start(self._connections[stream])
            now = self._seconds()
            if line.is_short and now >= self._end_again_at:
                self._end_again_at = now + _BETWEEN_SECONDS
                ending = self._streams.end_next(now, among=line.__contains__, for_one_of=line.least_held())
                if ending is not None:
                    self._end(ending)

    def _may_begin(self, line: ThreadQueue) -> bool:
        return line is self._messages or len(self._beginning) < _BEGINNING_AT_ONCE

    def _end(self, stream: Stream) -> None:
        connection = self._connections[stream]
        line = next((line for line in (self._messages, self._uploads) if line.has_thread(stream)), None)
        if line is None:
            self.forget(connection)
            self._close(connection)
            return
        line.will_leave(stream)
        if stream.is_unread:
            connection.sock.end_all()
        else:
            # Its thread goes on without the rest, and says that it did not arrive whole.
            connection.sock.end_reading()
