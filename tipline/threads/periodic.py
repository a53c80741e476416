"""Threads that repeat a small task: the sweeper, which forgets, and the heartbeat, which writes.

The sweeper runs twice a minute, so that what the site keeps for some minutes only is gone even without visitors.
The heartbeat rewrites a little of the store every ten minutes and once more at the end. File times are finer than a
day and cannot be set to one (ctime); so they tell when the server was last up, and not when the last visitor came.
"""

import contextlib
import threading
from collections.abc import Callable, Sequence
from typing import Final

from tipline.threads import resource_exhaustion

SWEEP_SECONDS: Final = 30.0
BEAT_SECONDS: Final = 600.0


class PeriodicThread:
    """Runs tasks in a thread, again and again; a failed one is tried again next time."""

    def __init__(self, name: str, tasks: Sequence[Callable[[], None]], *, every_seconds: float) -> None:
        self._name = name
        self._tasks = tuple(tasks)
        self._every_seconds = every_seconds
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Start the thread.

        Raises:
            RuntimeError: it runs already, or the system refuses a thread.
        """
        if self._thread is not None:
            raise RuntimeError(f"the {self._name} was started already")
        self._stopped.clear()
        thread = threading.Thread(target=self._run, name=self._name, daemon=True)
        thread.start()
        self._thread = thread  # not before it runs: the system may refuse it

    def stop(self) -> None:
        """End the thread and wait for it; does nothing where none runs."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _run(self) -> None:
        while not resource_exhaustion.wait(self._stopped, self._every_seconds):
            self._run_tasks()

    def _run_tasks(self) -> None:
        for task in self._tasks:
            try:
                task()
            except Exception as error:  # noqa: BLE001 -- a full or busy disk passes, and the task is tried again
                resource_exhaustion.warn("%s missed: %s", self._name, type(error).__name__)
                self._on_failure()

    def _on_failure(self) -> None:
        return


class Sweeper(PeriodicThread):
    """Calls each of ``sweeps`` twice a minute."""

    def __init__(self, sweeps: Sequence[Callable[[], None]], *, every_seconds: float = SWEEP_SECONDS) -> None:
        super().__init__("sweeper", sweeps, every_seconds=every_seconds)


class Heartbeat(PeriodicThread):
    """Calls ``beat`` at once, then every ten minutes, and a last time in ``stop``."""

    def __init__(
        self,
        beat: Callable[[], None],
        *,
        every_seconds: float = BEAT_SECONDS,
        on_miss: Callable[[], None] = lambda: None,
    ) -> None:
        """``on_miss`` is called after a failed beat. It may fail only for lack of memory."""
        super().__init__("heartbeat", [beat], every_seconds=every_seconds)
        self._on_miss = on_miss

    def stop(self) -> None:
        """End the thread, then beat once more."""
        super().stop()
        self._run_tasks()  # or the files would keep the time of the last upload since the beat before

    def _run(self) -> None:
        self._run_tasks()
        super()._run()

    def _on_failure(self) -> None:
        with contextlib.suppress(MemoryError, RuntimeError):
            self._on_miss()
