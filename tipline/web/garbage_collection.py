"""Scheduled garbage collection: frees what a finished request leaves, reference cycles included.

CPython frees at once what nothing refers to, and glibc overwrites it (:mod:`tipline.supervisor.web_process`). But a
request and its environment refer to each other, and so do an error and the frames that it passed through, with
texts, replies and words in them: on a quiet server the garbage collector would find them hours later.

A full collection costs 60 ms of processor time beside 1,400 waiting uploads, and stops every other thread. So the
newest objects are collected, which costs little; a full collection follows when a request ends that was there at
the last one, and some seconds later in any case.
"""

import gc
import threading
import time
from collections.abc import Callable
from typing import Final

from tipline.threads import resource_exhaustion

_PAUSE_SECONDS: Final = 0.5
_WHOLE_AFTER_SECONDS: Final = 10.0
_SHARE: Final = 20
"""The collector may have at most one part in twenty of one core's time."""

_NEW, _ALL = 1, 2
_OBJECTS_AT_ONCE: Final = 2000
_NEVER: Final = 1 << 30
_FAR: Final = float("inf")


class GarbageCollection:
    """Collects in its own thread, half a second after :meth:`collect_soon`, or later when it is slow."""

    def __init__(
        self,
        *,
        pause_seconds: float = _PAUSE_SECONDS,
        whole_after_seconds: float = _WHOLE_AFTER_SECONDS,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._pause_seconds = pause_seconds
        self._whole_after_seconds = whole_after_seconds
        self._seconds = seconds
        self._asked = threading.Event()
        self._looked_at = 0.0
        self._all_at: float | None = None
        self._an_old_one_ended = False
        self._stopped = False
        self._threshold = gc.get_threshold()
        self._thread = threading.Thread(target=self._run, name="forgetting", daemon=True)

    def start(self) -> None:
        """Start. Objects that exist already are taken as permanent, and are never examined."""
        gc.collect()
        gc.freeze()
        self._threshold = gc.get_threshold()
        # Python's own collections stay with the newest objects, so that it is known here which are how old.
        gc.set_threshold(_OBJECTS_AT_ONCE, _NEVER, _NEVER)
        self._thread.start()

    def collect_soon(self, began_at: float) -> None:
        """A request has ended, of which nothing was there before ``began_at``, of ``time.monotonic``."""
        if began_at <= self._looked_at:
            self._an_old_one_ended = True
        self._asked.set()

    def stop(self) -> None:
        self._stopped = True
        self._asked.set()
        self._thread.join()
        gc.set_threshold(*self._threshold)

    def _run(self) -> None:
        pause_seconds = self._pause_seconds
        while True:
            until_all = None if self._all_at is None else max(0.0, self._all_at - self._seconds())
            asked = resource_exhaustion.wait(self._asked, until_all)
            if self._stopped:
                return
            if asked:
                # Its frames are not all gone yet, and others may end meanwhile.
                time.sleep(pause_seconds)
            try:
                pause_seconds = max(self._pause_seconds, self._look() * _SHARE)
            except MemoryError:
                resource_exhaustion.note()

    def _look(self) -> float:
        """Collect; return the processor time that it took.

        Waiting for a core is not counted: on a busy machine the next collection must not come later still.
        """
        now = self._seconds()
        is_due = self._all_at is not None and self._all_at <= now
        if is_due:
            self._all_at = None
        if self._asked.is_set():
            # Also when everything is looked through now: the thread of that request may still be ending.
            self._all_at = self._all_at or now + self._whole_after_seconds
        self._asked.clear()
        # Whatever ends from here on may have been there already.
        everything, self._an_old_one_ended, self._looked_at = self._an_old_one_ended or is_due, False, _FAR
        begun = time.thread_time()
        gc.collect(_ALL if everything else _NEW)
        self._looked_at = self._seconds()
        return time.thread_time() - begun
