"""One request that brings something works at a time, so that whoever only opens a page is not kept by all of them.

Python lets one thread run at a time anyhow. Sixty-four texts in one moment are sixty-four threads that all want to,
and a page had to wait for each of them, again after every call that let go. So whoever brings something has a turn,
and gives it up while waiting: for the client's bytes, the disk, a derivation, somebody else. Pages need none.

A turn is a courtesy and no lock: whoever has stood in line for a second goes on without one, so that a wait that
forgot to give its turn up makes others slow, and never stops them.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

PATIENCE_SECONDS: Final = 1.0

_place = threading.Semaphore(1)  # not a lock, which lets whoever is quickest in: here it is whoever came first
_mine = threading.local()


@contextmanager
def turn() -> Iterator[None]:
    """This thread works on something that was brought."""
    _take()
    try:
        yield
    finally:
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
    _mine.has_turn = _place.acquire(timeout=PATIENCE_SECONDS)


def _give_up() -> None:
    if getattr(_mine, "has_turn", False):
        _mine.has_turn = False
        _place.release()
