"""The slot that the pool of ready words takes while it is low, and leaves to log-ins once it has enough."""

import threading

import pytest

from tests.tipline.limits.visitors import ONE, TWO, come, tips_waiting, visitors
from tipline.limits.kdf_queue import SLOTS, KdfQueue


def test_a_pool_that_is_low_gets_the_slot_that_log_ins_then_cannot_take() -> None:
    derivations = KdfQueue()
    with visitors(derivations, ONE) as came, derivations.for_pool(low=True, wait_seconds=0) as granted:
        assert granted
        late = come(derivations, TWO)
        assert not late.running.is_set()
        came[0].end()
        late.running.wait()
        late.end()


def test_once_the_pool_has_enough_a_log_in_has_the_second_slot_at_once() -> None:
    derivations = KdfQueue()
    with derivations.for_pool(low=True, wait_seconds=0):
        pass
    with visitors(derivations, ONE, TWO) as came:
        assert not came[1].running.is_set()
        derivations.pool_has_enough()
        assert came[1].running.wait(5)


def test_a_pool_that_comes_and_is_low_no_more_leaves_the_second_slot_to_a_log_in_before_it_waits() -> None:
    derivations = KdfQueue()
    with derivations.for_pool(low=True, wait_seconds=0):
        pass

    def pool() -> None:
        with derivations.for_pool(low=False, wait_seconds=60):
            pass

    waiting_pool = threading.Thread(target=pool)
    with visitors(derivations, ONE, TWO) as came:
        assert not came[1].running.is_set()
        waiting_pool.start()
        assert came[1].running.wait(5)
        assert derivations._pool_waits
    waiting_pool.join()


def test_a_pool_that_cannot_wait_for_want_of_memory_keeps_no_further_tip_waiting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    derivations = KdfQueue()
    served = threading.Event()

    def tip() -> None:
        with derivations.for_tip(ONE, is_first=False):
            served.set()

    def fail(_waits: threading.Condition, _seconds: float | None = None) -> bool:
        monkeypatch.undo()
        derivations._running = 0  # meanwhile
        raise MemoryError

    derivations._running = SLOTS  # as others are
    waiting_tip = threading.Thread(target=tip, daemon=True)
    waiting_tip.start()
    while not tips_waiting(derivations):
        served.wait(0.001)
    monkeypatch.setattr(threading.Condition, "wait", fail)
    with pytest.raises(MemoryError), derivations.for_pool(low=True, wait_seconds=60):
        raise AssertionError
    assert served.wait(5)
    waiting_tip.join()


def test_a_pool_that_is_woken_too_late_takes_its_turn_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    derivations = KdfQueue(seconds=lambda: now[0])

    def too_late(_waits: threading.Condition, _seconds: float | None = None) -> bool:
        monkeypatch.undo()
        now[0], derivations._running = 61.0, 0
        return False

    derivations._running = SLOTS  # as others are
    monkeypatch.setattr(threading.Condition, "wait", too_late)
    with derivations.for_pool(low=True, wait_seconds=60) as granted:
        assert granted


def test_a_pool_that_is_not_low_waits_until_nothing_else_goes_on() -> None:
    derivations = KdfQueue()
    with visitors(derivations, ONE), derivations.for_pool(low=False, wait_seconds=0) as granted:
        assert not granted
    with derivations.for_pool(low=False, wait_seconds=0) as granted:
        assert granted
