"""A system that gives no further thread, as one with `TasksMax` or `LimitNPROC` does, or no lock to wait with."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any, TypeVar

import pytest

from tipline.threads.resource_exhaustion import OF_THIS_PROCESS

T = TypeVar("T")


@contextmanager
def no_thread_named(*names: str) -> Iterator[None]:
    """Within the block, anyone who starts a thread of one of these names is refused it."""
    start = threading.Thread.start

    def refused(thread: threading.Thread) -> None:
        if thread.name in names:
            raise RuntimeError("can't start new thread")
        start(thread)

    with pytest.MonkeyPatch.context() as system:
        system.setattr(threading.Thread, "start", refused)
        yield


@contextmanager
def no_lock_for_a_thread_named(*names: str) -> Iterator[None]:
    """Within the block, no thread of these names can even be made: it takes locks."""
    make = threading.Thread.__init__

    def refused(thread: threading.Thread, *arguments: Any, **named: Any) -> None:
        if named.get("name") in names:
            raise RuntimeError("can't allocate lock")
        make(thread, *arguments, **named)

    with pytest.MonkeyPatch.context() as system:
        system.setattr(threading.Thread, "__init__", refused)
        yield


@contextmanager
def no_lock_in(*names: str) -> Iterator[threading.Event]:
    """Within the block, threads of these names are refused the lock that it takes to wait; set once one was."""
    allocate: Callable[[], threading.Lock] = threading._allocate_lock  # type: ignore[attr-defined]
    refused = threading.Event()

    def refuse() -> threading.Lock:
        if threading.current_thread().name in names:
            refused.set()
            raise RuntimeError("can't allocate lock")
        return allocate()

    with pytest.MonkeyPatch.context() as system:
        system.setattr(threading, "_allocate_lock", refuse)
        yield refused


@contextmanager
def shortages_told() -> Iterator[list[None]]:
    """Within the block, what this process would tell staff of a shortage: one entry for each time."""
    told: list[None] = []
    before, OF_THIS_PROCESS.on_shortage = OF_THIS_PROCESS.on_shortage, lambda: told.append(None)
    try:
        yield told
    finally:
        OF_THIS_PROCESS.on_shortage = before


def in_time(call: Callable[[], T], *, seconds: float = 30) -> T:
    """The result of ``call``; fails where it never does."""
    outcome: Future[T] = Future()

    def run() -> None:
        try:
            outcome.set_result(call())
        except BaseException as error:  # noqa: BLE001 -- raised in the test
            outcome.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return outcome.result(seconds)
