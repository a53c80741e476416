"""Rewrites a little of the store every ten minutes, with or without visitors, and once more at the end.

File times are finer than a day and cannot be set to one (ctime); so they tell when the server was last up, and not
when the last visitor came.
"""

import contextlib
import threading
from collections.abc import Callable

from tipline.threads import resource_exhaustion

EVERY_SECONDS = 600.0


class Heartbeat:
    """Calls ``beat`` in a thread of its own, at once and then from time to time; the last time in ``stop``."""

    def __init__(
        self,
        beat: Callable[[], None],
        *,
        every_seconds: float = EVERY_SECONDS,
        on_miss: Callable[[], None] = lambda: None,
    ) -> None:
        """``on_miss`` is called after a beat that failed, and fails for want of memory only."""
        self._beat = beat
        self._on_miss = on_miss
        self._every_seconds = every_seconds
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join()
        self._try()  # or the files would keep the time of the last upload since the beat before

    def _run(self) -> None:
        while True:
            self._try()
            if resource_exhaustion.wait(self._stopped, self._every_seconds):
                return

    def _try(self) -> None:
        try:
            self._beat()
        except Exception as error:  # noqa: BLE001 -- a full or busy disk passes; the next beat comes whatever it was
            resource_exhaustion.warn("heartbeat missed: %s", type(error).__name__)
            with contextlib.suppress(MemoryError, RuntimeError):
                self._on_miss()
