"""Lets one request that brings something work at a time, so that pages are served quickly.

Python runs one thread at a time. Sixty-four texts in one moment are sixty-four threads that compete, and a page
would wait for each of them, again after every call that releases the interpreter. So a POST holds the single work
slot, and yields it while it waits for the client's bytes, the store, a key derivation or another request. Pages do
not need it.

The slot goes to the circuit that has used the least processor time within ten minutes.

The slot is a courtesy and no lock: when no request was admitted for a second, those that wait go on without it. A
wait that forgets to yield makes others slow, and never stops them.
"""

import contextlib
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from tipline.limits.circuit_counter import CircuitCounter
from tipline.requests.circuit import NO_CIRCUIT, Circuit

PATIENCE_SECONDS: Final = 1.0
LONGEST_WAIT_SECONDS: Final = 20.0
"""Limit, however much is brought by circuits that had less."""

_MICROSECONDS: Final = 1_000_000


class WorkSlot:
    """The single work slot and its queue.

    It is fair, unlike a semaphore, which would readmit the thread that has just released it.
    """

    def __init__(
        self, *, seconds: Callable[[], float] = time.monotonic, patience_seconds: float = PATIENCE_SECONDS
    ) -> None:
        self._seconds = seconds
        self._patience_seconds = patience_seconds
        self._lock = threading.Lock()
        self.is_free = True
        self._moved_at = seconds()
        self._waiting: dict[Circuit, deque[threading.Lock]] = {}
        self._had = CircuitCounter(seconds=seconds)  # microseconds of processor time

    @contextmanager
    def exclusive(self, circuit: Circuit = NO_CIRCUIT) -> Iterator[None]:
        """Hold the slot for a request of ``circuit``."""
        _mine.slot, _mine.circuit = self, circuit
        _take()
        try:
            yield
        finally:
            release()
            _mine.slot, _mine.circuit = None, NO_CIRCUIT  # threads stay, and must not remember a circuit

    def take(self, circuit: Circuit = NO_CIRCUIT) -> bool:
        """Wait for the slot; return whether this thread got it in time."""
        with self._lock:
            if self.is_free:
                self.is_free = False
                self._moved_at = self._seconds()
                return True
            mine = threading.Lock()
            mine.acquire()
            self._waiting.setdefault(circuit, deque()).append(mine)
        until = self._seconds() + LONGEST_WAIT_SECONDS
        left_seconds = self._patience_seconds
        while not mine.acquire(timeout=left_seconds):
            with self._lock:
                if mine not in self._waiting.get(circuit, ()):
                    return True  # it was granted in the last moment
                now = self._seconds()
                left_seconds = min(self._moved_at + self._patience_seconds, until) - now
                if left_seconds <= 0:
                    self._leave(circuit, mine)
                    return False
        return True

    def give_up(self, circuit: Circuit = NO_CIRCUIT, *, used_seconds: float = 0.0) -> None:
        """Pass the slot on; ``used_seconds`` is the processor time that this thread took."""
        # A refused lock or refused memory must not lose the slot.
        with contextlib.suppress(MemoryError, RuntimeError):
            self._had.add(circuit, int(used_seconds * _MICROSECONDS))
        with self._lock:
            self._moved_at = self._seconds()
            if self._waiting:
                least = self._least()
                first = self._waiting[least][0]
                self._leave(least, first)
                first.release()
            else:
                self.is_free = True

    def sweep(self) -> None:
        """Forget which circuits held the slot ten minutes ago."""
        self._had.sweep()

    def _least(self) -> Circuit:
        """Return the waiting circuit that had least; the first of several."""
        try:
            return min(self._waiting, key=self._had.of)
        except (MemoryError, RuntimeError):
            return next(iter(self._waiting))

    def _leave(self, circuit: Circuit, one: threading.Lock) -> None:
        queue = self._waiting[circuit]
        queue.remove(one)
        if not queue:
            del self._waiting[circuit]


class _Turn(threading.local):
    """The place of this thread: of which slot, for which circuit, and since when it holds it."""

    slot: WorkSlot | None = None
    circuit = NO_CIRCUIT
    has_turn = False
    since = 0.0


_mine = _Turn()


def release() -> None:
    """Give up the slot before the block ends.

    The rest of this thread's work keeps no other waiting.
    """
    if _mine.has_turn and _mine.slot is not None:
        _mine.has_turn = False
        _mine.slot.give_up(_mine.circuit, used_seconds=time.thread_time() - _mine.since)


@contextmanager
def yielded() -> Iterator[None]:
    """Lend the slot to another thread while this one only waits; without a slot this does nothing."""
    had_turn = _mine.has_turn
    release()
    try:
        yield
    finally:
        if had_turn:
            _take()


def _take() -> None:
    if _mine.slot is None:
        return
    try:
        _mine.has_turn = False  # memory is allocated before there is a slot to lose
        _mine.since = time.thread_time()
        _mine.has_turn = _mine.slot.take(_mine.circuit)
    except (MemoryError, RuntimeError):
        return  # refused by the system: go on without the slot
