"""When the system refuses the web process open files, threads or memory: requests wait, and it goes on.

The stock worker ends on each of these, and with it go uploads that were nearly done, open mailboxes, and the
receipts of the last ten minutes.
"""

import contextlib
import errno
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

EVENTS = logging.getLogger("tipline.events")
_REFUSALS: Final = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOBUFS, errno.ENOSPC})
_PAUSE_SECONDS: Final = 0.05
_QUIET_SECONDS: Final = 60.0


class Shortage:
    """Tells of it once a minute."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._said = -_QUIET_SECONDS
        self.on_shortage: Callable[[], object] = lambda: None
        """Told each time."""

    def wait_a_little(self, error: BaseException) -> bool:
        """In the thread that accepts: whether the system refused something, which may be asked for again after this
        pause. Any other error is not ours to bear."""
        if not isinstance(error, MemoryError) and not (isinstance(error, OSError) and error.errno in _REFUSALS):
            return False
        self.note()
        time.sleep(_PAUSE_SECONDS)
        return True

    def note(self) -> None:
        """The system refused something. Does not fail, even without memory for the news itself."""
        with contextlib.suppress(OSError, MemoryError):
            self.on_shortage()
            with self._lock:
                now = time.monotonic()
                if now - self._said < _QUIET_SECONDS:
                    return
                self._said = now
            EVENTS.warning("the system refused open files, threads or memory")


OF_THIS_PROCESS: Final = Shortage()


def note() -> None:
    """As :meth:`Shortage.note`, of this process: for whatever was refused its memory, and says so politely."""
    OF_THIS_PROCESS.note()


class FrugalThreads(ThreadPoolExecutor):
    """Where the system gives no further thread, a request waits for one of those that are there."""

    def __init__(self, most: int, shortage: Shortage) -> None:
        super().__init__(max_workers=most)
        self._shortage = shortage
        self.submit(lambda: None)  # so that there is always one

    def _adjust_thread_count(self) -> None:
        try:
            super()._adjust_thread_count()
        except (RuntimeError, MemoryError):
            # What was submitted stands in line already.
            self._shortage.note()
