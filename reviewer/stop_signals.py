"""SIGTERM and SIGHUP end a command as Ctrl-C does.

``tipline/stop_signals.py`` does the same for the server's programs, in a copy of its own for the reasons of
docs/adr/0024; ``tests/test_project_stop_signals.py`` holds both to the same promises.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

ENDING = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


@contextmanager
def ended_in_order() -> Iterator[None]:
    """The first of SIGTERM, SIGHUP (the terminal was closed) and SIGINT raises KeyboardInterrupt in the block, so
    that what is half written is taken away. Further ones change nothing: they must not disturb the clearing up.

    What the program was started to ignore stays ignored, as SIGHUP under ``nohup``. Outside the main thread nothing
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


def _not_ignored() -> dict[int, Any]:
    """The handlers of now, without those of signals that the program was started to ignore."""
    found = {number: signal.getsignal(number) for number in ENDING}
    return {number: handler for number, handler in found.items() if handler not in (signal.SIG_IGN, None)}


def _do_nothing(_number: int, _frame: object) -> None:
    """Not ``SIG_IGN``, which a program that is started meanwhile would inherit."""
