"""The threads that forget and that beat last as long as the process, also where the system gives them no lock to
wait with for a while, or no memory: no caller would notice an ended one, and what it was to forget would stay.
"""

import gc
import logging
import queue
import threading
import time
import weakref
from collections.abc import Iterator

import pytest

from tests.refused_threads import no_lock_in
from tipline.threads import resource_exhaustion
from tipline.threads.periodic import Heartbeat, Sweeper
from tipline.web.garbage_collection import GarbageCollection

SOON_SECONDS = 0.01


class Circle:
    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def forgetting() -> Iterator[GarbageCollection]:
    made = GarbageCollection(pause_seconds=SOON_SECONDS)
    with no_lock_in("forgetting") as refused:
        made.start()
        assert refused.wait(30)
    yield made
    made.stop()


def test_what_is_to_be_forgotten_is_forgotten_though_the_system_gave_no_lock_to_wait_with() -> None:
    swept = threading.Semaphore(0)
    sweeper = Sweeper([swept.release], every_seconds=SOON_SECONDS)
    with no_lock_in("sweeper") as refused:
        sweeper.start()
        assert refused.wait(30)
    assert all(swept.acquire(timeout=30) for _ in range(3))
    sweeper.stop()


def test_beats_go_on_though_the_system_gave_no_lock_to_wait_with_and_none_comes_early() -> None:
    beats = queue.Queue[float]()
    heartbeat = Heartbeat(lambda: beats.put(time.monotonic()), every_seconds=2)
    with no_lock_in("heartbeat") as refused:
        heartbeat.start()
        first = beats.get(timeout=30)
        assert refused.wait(30)
    assert beats.get(timeout=30) - first > 1.9
    heartbeat.stop()


def test_a_circle_is_gone_soon_though_the_system_gave_no_lock_to_wait_with(forgetting: GarbageCollection) -> None:
    gone = threading.Event()
    weakref.finalize(Circle(), gone.set)
    forgetting.collect_soon(time.monotonic())
    assert gone.wait(30)


def test_a_circle_is_gone_though_there_was_no_memory_for_the_look_before(
    forgetting: GarbageCollection, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked, gone = threading.Event(), threading.Event()

    def refuse(_generation: int = 2) -> int:
        monkeypatch.undo()
        looked.set()
        raise MemoryError

    monkeypatch.setattr(gc, "collect", refuse)
    forgetting.collect_soon(time.monotonic())
    assert looked.wait(30)
    weakref.finalize(Circle(), gone.set)
    forgetting.collect_soon(time.monotonic())
    assert gone.wait(30)


@pytest.mark.parametrize("thread", [Sweeper, Heartbeat], ids=["sweeper", "heartbeat"])
def test_they_go_on_though_there_is_no_memory_even_for_the_news(
    thread: type[Sweeper | Heartbeat], monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = threading.Semaphore(0)

    def fail(*_: object) -> None:
        tried.release()
        raise MemoryError

    monkeypatch.setattr(logging.Logger, "warning", fail)
    lasting: Sweeper | Heartbeat
    if thread is Sweeper:
        lasting = Sweeper([fail], every_seconds=SOON_SECONDS)
    else:
        lasting = Heartbeat(fail, every_seconds=SOON_SECONDS, on_miss=fail)
    lasting.start()
    assert all(tried.acquire(timeout=30) for _ in range(10))
    lasting.stop()


def test_a_wait_without_a_lock_ends_as_soon_as_it_is_told_and_when_its_time_is_over() -> None:
    never, soon, told = threading.Event(), threading.Event(), queue.Queue[bool]()

    def wait() -> None:
        told.put(resource_exhaustion.wait(never, 0.05))
        told.put(resource_exhaustion.wait(soon, None))

    waiting = threading.Thread(target=wait, name="waits")
    with no_lock_in("waits") as refused:
        waiting.start()
        assert refused.wait(30)
        assert told.get(timeout=30) is False
        soon.set()
        assert told.get(timeout=30) is True
    waiting.join()


@pytest.mark.parametrize(
    ("error", "is_ours"),
    [
        (RuntimeError("can't allocate lock"), True),
        (MemoryError(), True),
        (RuntimeError("cannot schedule new futures after shutdown"), False),
        (ValueError("can't allocate lock"), False),
    ],
)
def test_whoever_accepts_bears_what_the_system_refuses_and_nothing_else(error: Exception, is_ours: bool) -> None:
    assert resource_exhaustion.ShortageReporter().pause_if_refused(error) == is_ours
