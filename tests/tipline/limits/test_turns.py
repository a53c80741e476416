"""One at work at a time, a request that waits lets others work, and none is stopped."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

import pytest

from tests.tipline.processes import eventually
from tipline.limits import request_scheduler
from tipline.limits.circuit_counter import KEPT_SECONDS
from tipline.limits.request_scheduler import LONGEST_WAIT_SECONDS, WorkSlot
from tipline.requests.circuit import NO_CIRCUIT, Circuit

LONG_SECONDS = 30.0


class Worker:
    """A thread at work: that it has begun, that it waits in between, and its end."""

    def __init__(self, slot: WorkSlot, *, waits: bool = False) -> None:
        self._slot = slot
        self.began = threading.Event()
        self.may_go_on = threading.Event()
        self.went_on = threading.Event()
        self.may_end = threading.Event()
        self._waits = waits
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        with self._slot.exclusive():
            self.began.set()
            if self._waits:
                with request_scheduler.yielded():
                    self.may_go_on.wait(LONG_SECONDS)
                self.went_on.set()
            self.may_end.wait(LONG_SECONDS)

    def end(self) -> None:
        self.may_go_on.set()
        self.may_end.set()
        self._thread.join()


Work = Callable[..., Worker]


@pytest.fixture
def work(place: WorkSlot) -> Iterator[Work]:
    begun: list[Worker] = []

    def begin(slot: WorkSlot = place, *, waits: bool = False) -> Worker:
        begun.append(Worker(slot, waits=waits))
        return begun[-1]

    yield begin
    for worker in begun:
        worker.end()


def test_the_second_begins_when_the_first_has_ended(work: Work) -> None:
    first = work()
    assert first.began.wait(LONG_SECONDS)
    second = work()
    assert not second.began.wait(0.2)
    first.end()
    assert second.began.wait(LONG_SECONDS)


def test_whoever_only_waits_lets_another_work_and_stands_in_line_afterwards(work: Work) -> None:
    first = work(waits=True)
    assert first.began.wait(LONG_SECONDS)
    second = work()
    assert second.began.wait(LONG_SECONDS)
    first.may_go_on.set()
    assert not first.went_on.wait(0.2)
    second.end()
    assert first.went_on.wait(LONG_SECONDS)


def test_after_its_patience_a_thread_works_without_a_turn_and_gives_nobody_elses_back(
    work: Work,
) -> None:
    slot = WorkSlot(patience_seconds=0.05)
    assert work(slot).began.wait(LONG_SECONDS)
    second = work(slot, waits=True)
    assert second.began.wait(LONG_SECONDS)
    assert not slot.is_free
    second.end()
    assert not slot.is_free


def test_a_wait_without_a_turn_neither_gives_nor_takes_one(place: WorkSlot) -> None:
    with request_scheduler.yielded():
        assert place.is_free
    assert place.is_free


def test_a_wait_within_a_wait_takes_the_turn_back_once(place: WorkSlot) -> None:
    with place.exclusive():
        with request_scheduler.yielded(), request_scheduler.yielded():
            assert place.is_free
        assert not place.is_free


def test_an_error_gives_the_turn_back(place: WorkSlot) -> None:
    with pytest.raises(ValueError, match="spoiled"), place.exclusive(), request_scheduler.yielded():
        raise ValueError("spoiled")
    assert place.is_free


def test_whoever_waits_in_line_goes_before_whoever_gave_the_turn_up_a_moment_ago(
    work: Work, place: WorkSlot
) -> None:
    with place.exclusive():
        second = work()
        until = time.monotonic() + LONG_SECONDS
        while not place._waiting:
            assert time.monotonic() < until
            time.sleep(0.001)
        timer = threading.Timer(0.2, second.end)
        timer.start()
        with request_scheduler.yielded():
            pass  # over at once, and yet
        assert second.may_end.is_set()
    timer.join()


@pytest.mark.parametrize("refusal", [MemoryError(), RuntimeError("can't allocate lock")], ids=["memory", "lock"])
def test_where_the_system_refuses_memory_a_thread_goes_on_without_a_turn_and_loses_none(
    refusal: Exception,
) -> None:
    class Refused(WorkSlot):
        def take(self, _circuit: Circuit = NO_CIRCUIT) -> bool:
            raise refusal

    slot = Refused()
    with slot.exclusive():
        assert slot.is_free
        with request_scheduler.yielded():
            assert slot.is_free
    assert slot.is_free


def test_of_sixty_four_that_work_and_wait_two_never_work_at_a_time(place: WorkSlot) -> None:
    at_work: list[int] = []
    most = 0

    def text(number: int) -> None:
        nonlocal most
        with place.exclusive():
            for _ in range(20):
                at_work.append(number)
                most = max(most, len(at_work))
                sum(range(2000))
                at_work.remove(number)
                with request_scheduler.yielded():
                    threading.Event().wait(0.0005)

    with ThreadPoolExecutor(64) as pool:
        for done in [pool.submit(text, number) for number in range(64)]:
            done.result()
    assert most == 1


class Frozen:
    """A clock that is set by hand, and counts how often it is looked at."""

    def __init__(self) -> None:
        self.now = 0.0
        self.looks = 0

    def __call__(self) -> float:
        self.looks += 1
        return self.now


def in_line(line: WorkSlot, circuit: Circuit) -> "Future[bool]":
    """A thread that stands in line now; its result is whether it came to be its turn."""
    before = _waiting(line)
    pool = ThreadPoolExecutor(1)
    taken = pool.submit(line.take, circuit)
    pool.shutdown(wait=False)
    assert eventually(lambda: _waiting(line) > before)
    return taken


def _waiting(line: WorkSlot) -> int:
    return sum(map(len, line._waiting.values()))


def test_the_turn_goes_to_the_circuit_that_has_had_least_of_the_processor() -> None:
    line, busy, idle, new = (
        WorkSlot(patience_seconds=LONG_SECONDS),
        Circuit("busy"),
        Circuit("idle"),
        Circuit("new"),
    )
    for circuit, used_seconds in ((busy, 1.0), (idle, 0.1)):
        assert line.take(circuit)
        line.give_up(circuit, used_seconds=used_seconds)
    assert line.take(busy)
    waiting = [in_line(line, circuit) for circuit in (busy, busy, idle, new)]
    order, left = [], set(waiting)
    for circuit, used_seconds in ((busy, 0.1), (new, 0.01), (idle, 0.1), (busy, 0.1)):
        line.give_up(circuit, used_seconds=used_seconds)
        (one,), left = wait(left, LONG_SECONDS, FIRST_COMPLETED)
        order.append(waiting.index(one))
    assert order == [3, 2, 0, 1]


def test_while_the_line_moves_nobody_goes_on_without_a_turn() -> None:
    clock = Frozen()
    line = WorkSlot(seconds=clock, patience_seconds=0.01)
    assert line.take()
    one = in_line(line, Circuit("one"))
    looks = clock.looks
    assert eventually(lambda: clock.looks > looks + 5)
    assert not one.done()
    line.give_up()
    assert one.result(LONG_SECONDS)


def test_after_twenty_seconds_somebody_goes_on_though_the_line_moves() -> None:
    clock = Frozen()
    line = WorkSlot(seconds=clock, patience_seconds=0.01)
    assert line.take()
    one = in_line(line, Circuit("one"))
    clock.now = line._moved_at = LONGEST_WAIT_SECONDS
    assert not one.result(LONG_SECONDS)


def test_a_thread_remembers_no_circuit_afterwards(place: WorkSlot) -> None:
    with place.exclusive(Circuit("one")):
        assert request_scheduler._mine.circuit == Circuit("one")
    assert request_scheduler._mine.circuit == NO_CIRCUIT
    assert place.is_free


def test_what_circuits_had_is_forgotten_ten_minutes_later() -> None:
    clock = Frozen()
    line = WorkSlot(seconds=clock)
    line.give_up(Circuit("busy"), used_seconds=1.0)
    clock.now = KEPT_SECONDS + 1.0
    line.sweep()
    assert not line._had._had
