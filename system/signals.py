"""SIGTERM, SIGHUP and SIGINT: a start is broken off, and a running program ends in order."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

ENDING = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


@contextmanager
def ended_in_order() -> Iterator[None]:
    """Turn the first SIGTERM, SIGHUP or SIGINT in the block into KeyboardInterrupt.

    Unfinished files are then removed. Later signals are ignored, so that they do not disturb the clean-up. A signal
    that the program was started to ignore stays ignored, as SIGHUP under ``nohup``. Outside the main thread nothing
    changes.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(_number: int, _frame: object) -> None:
        for number in before:
            signal.signal(number, _do_nothing)
        raise KeyboardInterrupt

    before = _not_ignored()
    try:
        for number in before:
            signal.signal(number, end)
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class StopAsked(BaseException):
    """One of these signals came during the start."""


class StopSignals:
    """Signals end the start; after `wait_from_now` they end the watch."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        self._raises = True
        self._before: dict[int, Any] = {}

    def wait_from_now(self) -> None:
        self._raises = False

    def wait(self, seconds: float) -> bool:
        """Wait; return True if a signal came."""
        return self._asked.wait(seconds)

    def _on_signal(self, *_: object) -> None:
        self._asked.set()
        if self._raises:
            self._raises = False  # a second one must not disturb the clearing up
            raise StopAsked

    def __enter__(self) -> "StopSignals":
        # SIGHUP stays ignored where it is, as under nohup.
        heard = {signal.SIGTERM, signal.SIGINT, *_not_ignored()}
        self._before = {number: signal.signal(number, self._on_signal) for number in heard}
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)


def run_until_stopped(run: Callable[[Callable[[float], bool]], None]) -> None:
    """Run a program until one of these signals ends it.

    ``run`` gets a function that waits for some seconds, and returns True if a signal came.
    """
    with suppress(StopAsked), StopSignals() as stop:
        stop.wait_from_now()
        run(stop.wait)


def _not_ignored() -> dict[int, Any]:
    """The handlers of now, without those of signals that the program was started to ignore."""
    found = {number: signal.getsignal(number) for number in ENDING}
    return {number: handler for number, handler in found.items() if handler not in (signal.SIG_IGN, None)}


def _do_nothing(_number: int, _frame: object) -> None:
    """Not ``SIG_IGN``, which child processes would inherit."""
