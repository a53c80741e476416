"""Threads for one kind of request, and their queue.

So many requests of the kind have a thread at most, so that other threads stay free for other kinds. When none is
left, the next one goes to the circuit with fewest streams, and there to the one that came first: a source who comes
for the first time does not wait behind a circuit that holds many.
"""

from collections import deque
from collections.abc import Callable

from tipline.requests.circuit import Circuit
from tipline.web.streams import Stream


class ThreadQueue:
    """Used by one thread."""

    def __init__(self, threads: int, *, held_by: Callable[[Circuit], int]) -> None:
        """``held_by`` gives the number of streams of a circuit."""
        self._threads = threads
        self._held_by = held_by
        self._waiting: dict[Circuit, deque[Stream]] = {}
        self._in_line: set[Stream] = set()
        self._with_thread: set[Stream] = set()
        self._about_to_leave: set[Stream] = set()

    def __contains__(self, stream: Stream) -> bool:
        return stream in self._in_line or stream in self._with_thread

    def has_thread(self, stream: Stream) -> bool:
        return stream in self._with_thread

    @property
    def is_short(self) -> bool:
        """Return whether no thread is free, and more wait than will be free soon."""
        return len(self._with_thread) >= self._threads and len(self._in_line) > len(self._about_to_leave)

    def least_held(self) -> int:
        """The number of streams of the circuit that is served next; some wait."""
        return min(map(self._held_by, self._waiting))

    def join(self, stream: Stream) -> None:
        """Queue it for a thread; :meth:`next` says when it has one."""
        self._waiting.setdefault(stream.circuit, deque()).append(stream)
        self._in_line.add(stream)

    def next(self) -> Stream | None:
        """The request that has a thread from now on, until it leaves. None: none waits, or no thread is free."""
        if not self._waiting or len(self._with_thread) >= self._threads:
            return None
        stream = self._waiting[min(self._waiting, key=self._held_by)][0]
        self._wait_no_longer(stream)
        self._with_thread.add(stream)
        return stream

    def will_leave(self, stream: Stream) -> None:
        """Note that it was told to give its thread back."""
        self._about_to_leave.add(stream)

    def leave(self, stream: Stream) -> None:
        """Remove it, as it needs no thread any more; does nothing for one that is not here."""
        if stream in self._in_line:
            self._wait_no_longer(stream)
        self._with_thread.discard(stream)
        self._about_to_leave.discard(stream)

    def _wait_no_longer(self, stream: Stream) -> None:
        self._in_line.remove(stream)
        waiting = self._waiting[stream.circuit]
        waiting.remove(stream)
        if not waiting:
            del self._waiting[stream.circuit]
