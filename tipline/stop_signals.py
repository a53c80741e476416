"""SIGTERM and SIGINT: what is being started is broken off, what runs is ended in order."""

import signal
import threading
from typing import Any


class StopAsked(BaseException):
    """SIGTERM or SIGINT came while things were being started."""


class StopSignals:
    """While starting, a signal ends what is being done; from `wait_from_now` on it ends the watch."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        self._raises = True
        self._before: dict[int, Any] = {}

    def wait_from_now(self) -> None:
        self._raises = False

    def wait(self, seconds: float) -> bool:
        """Whether a signal came."""
        return self._asked.wait(seconds)

    def _on_signal(self, *_: object) -> None:
        self._asked.set()
        if self._raises:
            self._raises = False  # a second one must not disturb the clearing up
            raise StopAsked

    def __enter__(self) -> "StopSignals":
        for number in (signal.SIGTERM, signal.SIGINT):
            self._before[number] = signal.signal(number, self._on_signal)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
