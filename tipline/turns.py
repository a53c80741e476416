"""One request that brings something works at a time, so that whoever only opens a page is not kept by all of them.

Python lets one thread run at a time anyhow. Sixty-four texts in one moment are sixty-four threads that all want to,
and a page had to wait for each of them, again after every call that let go. So whoever brings something has a turn,
and gives it up while waiting: for the client's bytes, the store, a derivation, somebody else. Pages need none.

A turn is a courtesy and no lock: whoever has stood in line for a second goes on without one, so that a wait that
forgot to give its turn up makes others slow, and never stops them.
"""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

PATIENCE_SECONDS: Final = 1.0


class Line:
    """Whose turn it is, and who waits for theirs. It goes to whoever came first, and past nobody: a semaphore would
    let in who is quickest, and that is whoever has just given it up."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.is_free = True
        self._waiting: deque[threading.Lock] = deque()

    def take(self) -> bool:
        """Whether it came to be this thread's turn in time."""
        with self._lock:
            if self.is_free:
                self.is_free = False
                return True
            mine = threading.Lock()
            mine.acquire()
            self._waiting.append(mine)
        if mine.acquire(timeout=PATIENCE_SECONDS):
            return True
        with self._lock:
            if mine in self._waiting:
                self._waiting.remove(mine)
                return False
        return True  # it was given in the last moment

    def give_up(self) -> None:
        """The turn goes to the next in line."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self.is_free = True


_line = Line()
_mine = threading.local()


@contextmanager
def turn() -> Iterator[None]:
    """This thread works on something that was brought."""
    _take()
    try:
        yield
    finally:
        _give_up()


def over() -> None:
    """This thread's work is done before its turn ends by itself; what it still does nobody needs to wait for."""
    _give_up()


@contextmanager
def waiting() -> Iterator[None]:
    """This thread only waits meanwhile, and somebody else may work; without a turn this does nothing."""
    had_turn = getattr(_mine, "has_turn", False)
    _give_up()
    try:
        yield
    finally:
        if had_turn:
            _take()


def _take() -> None:
    try:
        _mine.has_turn = False  # what it needs of memory is had before there is a turn that could be lost
        _mine.has_turn = _line.take()
    except (MemoryError, RuntimeError):
        return  # refused by the system: on without a turn


def _give_up() -> None:
    if getattr(_mine, "has_turn", False):
        _mine.has_turn = False
        _line.give_up()
