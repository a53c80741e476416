"""Forgets, twice a minute, what the site keeps in memory for some minutes only; also when nobody visits."""

import threading
from collections.abc import Callable, Sequence

EVERY_SECONDS = 30.0


class Sweeper:
    """Calls each of ``sweeps`` in a thread of its own, from ``start`` to ``stop``."""

    def __init__(self, sweeps: Sequence[Callable[[], None]]) -> None:
        self._sweeps = tuple(sweeps)
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        if self._thread is not None:
            raise RuntimeError("the sweeper was started already")
        self._stopped.clear()
        self._thread = threading.Thread(target=self._run, name="sweeper", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _run(self) -> None:
        while not self._stopped.wait(EVERY_SECONDS):
            for sweep in self._sweeps:
                sweep()
