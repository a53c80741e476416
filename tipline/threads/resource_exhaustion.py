"""Lets requests wait while the system refuses the web process open files, threads or memory.

The stock worker ends on each of these, and with it go uploads that were nearly done, open mailboxes, and the
receipts of the last ten minutes.
"""

import contextlib
import errno
import logging
import math
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

EVENTS = logging.getLogger("tipline.events")
_REFUSALS: Final = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOBUFS, errno.ENOSPC})
_REFUSED_LOCK: Final = "can't allocate lock"
"""Python's message if the system gave no lock."""

_PAUSE_SECONDS: Final = 0.05
_LONG_PAUSE_SECONDS: Final = 1.0
_QUIET_SECONDS: Final = 60.0


class ShortageReporter:
    """Reports a shortage once a minute."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._said = -_QUIET_SECONDS
        self.on_shortage: Callable[[], object] = lambda: None
        """Called each time."""

    def pause_if_refused(self, error: BaseException) -> bool:
        """Return whether the system refused something, after a pause; it may be requested again then.

        For the thread that accepts. Any other error must be raised.
        """
        if not _is_refusal(error):
            return False
        self.note()
        time.sleep(_PAUSE_SECONDS)
        return True

    def note(self) -> None:
        """The system refused something. Does not fail, even without memory for the news itself."""
        with contextlib.suppress(OSError, MemoryError, RuntimeError):
            self.on_shortage()
            with self._lock:
                now = time.monotonic()
                if now - self._said < _QUIET_SECONDS:
                    return
                self._said = now
            EVENTS.warning("the system refused open files, threads or memory")


OF_THIS_PROCESS: Final = ShortageReporter()


def note() -> None:
    """Call :meth:`ShortageReporter.note` of this process."""
    OF_THIS_PROCESS.note()


def warn(text: str, *values: str) -> None:
    """Into the event log, unless there is no memory even for that: for threads that must go on."""
    try:
        EVENTS.warning(text, *values)
    except (MemoryError, RuntimeError):
        note()


def wait(event: threading.Event, seconds: float | None) -> bool:
    """Return whether ``event`` was set within ``seconds``; for threads that must go on.

    Waiting takes a lock from the system; while that is refused, the thread sleeps.
    """
    ends_at = math.inf if seconds is None else time.monotonic() + seconds
    while not event.is_set():
        left_seconds = ends_at - time.monotonic()
        if left_seconds <= 0:
            break
        try:
            return event.wait(None if seconds is None else left_seconds)
        except (MemoryError, RuntimeError):
            note()
            time.sleep(min(left_seconds, _LONG_PAUSE_SECONDS))
    return event.is_set()


def _is_refusal(error: BaseException) -> bool:
    if isinstance(error, OSError):
        return error.errno in _REFUSALS
    return isinstance(error, MemoryError) or (isinstance(error, RuntimeError) and str(error) == _REFUSED_LOCK)


class BestEffortThreadPool(ThreadPoolExecutor):
    """A thread pool in which a request waits for a running thread if the system gives no further one."""

    def __init__(self, most: int, shortage: ShortageReporter) -> None:
        super().__init__(max_workers=most)
        self._shortage = shortage
        self.submit(lambda: None)  # so that there is always one

    def _adjust_thread_count(self) -> None:
        try:
            super()._adjust_thread_count()
        except (RuntimeError, MemoryError):
            # What was submitted stands in line already.
            self._shortage.note()
