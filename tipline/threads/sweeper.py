"""Forgets, twice a minute, what the site keeps in memory for some minutes only; also when nobody visits."""

import threading
from collections.abc import Callable, Sequence

from tipline.threads import resource_exhaustion

EVERY_SECONDS = 30.0


class Sweeper:
    """Calls each of ``sweeps`` in a thread of its own, from ``start`` to ``stop``."""

    def __init__(self, sweeps: Sequence[Callable[[], None]], *, every_seconds: float = EVERY_SECONDS) -> None:
        self._sweeps = tuple(sweeps)
        self._every_seconds = every_seconds
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        if self._thread is not None:
            raise RuntimeError("the sweeper was started already")
        self._stopped.clear()
        thread = threading.Thread(target=self._run, name="sweeper", daemon=True)
        thread.start()
        self._thread = thread  # not before it runs: the system may refuse it

    def stop(self) -> None:
        self._stopped.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _run(self) -> None:
        while not resource_exhaustion.wait(self._stopped, self._every_seconds):
            for sweep in self._sweeps:
                try:
                    sweep()
                except Exception as error:  # noqa: BLE001 -- whatever it was: what is to be forgotten is tried again
                    resource_exhaustion.warn("sweep missed: %s", type(error).__name__)
