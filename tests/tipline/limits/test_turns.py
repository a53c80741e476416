"""One at work at a time, a request that waits lets others work, and none is stopped."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

import pytest

from tests.tipline.processes import eventually
from tipline.limits import request_scheduler
from tipline.limits.circuit_counter import KEPT_SECONDS
from tipline.requests.circuit import NO_CIRCUIT, Circuit

pytestmark = pytest.mark.usefixtures("place")

LONG_SECONDS = 30.0


class Worker:
    """A thread at work: that it has begun, that it waits in between, and its end."""

    def __init__(self, *, waits: bool = False) -> None:
        self.began = threading.Event()
        self.may_go_on = threading.Event()
        self.went_on = threading.Event()
        self.may_end = threading.Event()
        self._waits = waits
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        with request_scheduler.exclusive():
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
def work() -> Iterator[Work]:
    begun: list[Worker] = []

    def begin(*, waits: bool = False) -> Worker:
        begun.append(Worker(waits=waits))
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
    work: Work, place: request_scheduler.WorkSlot, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert work().began.wait(LONG_SECONDS)
    monkeypatch.setattr(request_scheduler, "PATIENCE_SECONDS", 0.05)
    second = work(waits=True)
    assert second.began.wait(LONG_SECONDS)
    assert not place.is_free
    second.end()
    assert not place.is_free


def test_a_wait_without_a_turn_neither_gives_nor_takes_one(place: request_scheduler.WorkSlot) -> None:
    with request_scheduler.yielded():
        assert place.is_free
    assert place.is_free


def test_a_wait_within_a_wait_takes_the_turn_back_once(place: request_scheduler.WorkSlot) -> None:
    with request_scheduler.exclusive():
        with request_scheduler.yielded(), request_scheduler.yielded():
            assert place.is_free
        assert not place.is_free


def test_an_error_gives_the_turn_back(place: request_scheduler.WorkSlot) -> None:
    with pytest.raises(ValueError, match="spoiled"), request_scheduler.exclusive(), request_scheduler.yielded():
        raise ValueError("spoiled")
    assert place.is_free


def test_whoever_waits_in_line_goes_before_whoever_gave_the_turn_up_a_moment_ago(work: Work) -> None:
    with request_scheduler.exclusive():
        second = work()
        until = time.monotonic() + LONG_SECONDS
        while not request_scheduler._slot._waiting:
            assert time.monotonic() < until
            time.sleep(0.001)
        timer = threading.Timer(0.2, second.end)
        timer.start()
        with request_scheduler.yielded():
            pass  # over at once, and yet
        assert second.may_end.is_set()
    timer.join()


def test_where_the_system_refuses_memory_a_thread_goes_on_without_a_turn_and_loses_none(
    place: request_scheduler.WorkSlot, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Refused:
        @property
        def has_turn(self) -> bool:
            return False

        @has_turn.setter
        def has_turn(self, _value: bool) -> None:
            raise MemoryError

    monkeypatch.setattr(request_scheduler, "_mine", Refused())
    with request_scheduler.exclusive(), request_scheduler.yielded():
        assert place.is_free
    assert place.is_free


def test_of_sixty_four_that_work_and_wait_two_never_work_at_a_time() -> None:
    at_work: list[int] = []
    most = 0

    def text(number: int) -> None:
        nonlocal most
        with request_scheduler.exclusive():
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


def in_line(line: request_scheduler.WorkSlot, circuit: Circuit) -> "Future[bool]":
    """A thread that stands in line now; its result is whether it came to be its turn."""
    before = _waiting(line)
    pool = ThreadPoolExecutor(1)
    taken = pool.submit(line.take, circuit)
    pool.shutdown(wait=False)
    assert eventually(lambda: _waiting(line) > before)
    return taken


def _waiting(line: request_scheduler.WorkSlot) -> int:
    return sum(map(len, line._waiting.values()))


def test_the_turn_goes_to_the_circuit_that_has_had_least_of_the_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request_scheduler, "PATIENCE_SECONDS", LONG_SECONDS)
    line, busy, idle, new = request_scheduler.WorkSlot(), Circuit("busy"), Circuit("idle"), Circuit("new")
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


def test_while_the_line_moves_nobody_goes_on_without_a_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request_scheduler, "PATIENCE_SECONDS", 0.01)
    clock = Frozen()
    line = request_scheduler.WorkSlot(seconds=clock)
    assert line.take()
    one = in_line(line, Circuit("one"))
    looks = clock.looks
    assert eventually(lambda: clock.looks > looks + 5)
    assert not one.done()
    line.give_up()
    assert one.result(LONG_SECONDS)


def test_after_twenty_seconds_somebody_goes_on_though_the_line_moves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request_scheduler, "PATIENCE_SECONDS", 0.01)
    clock = Frozen()
    line = request_scheduler.WorkSlot(seconds=clock)
    assert line.take()
    one = in_line(line, Circuit("one"))
    clock.now = line._moved_at = request_scheduler.LONGEST_WAIT_SECONDS
    assert not one.result(LONG_SECONDS)


def test_a_thread_remembers_no_circuit_afterwards(place: request_scheduler.WorkSlot) -> None:
    with request_scheduler.exclusive(Circuit("one")):
        assert request_scheduler._mine.circuit == Circuit("one")
    assert request_scheduler._mine.circuit == NO_CIRCUIT
    assert place.is_free


def test_what_circuits_had_is_forgotten_ten_minutes_later() -> None:
    clock = Frozen()
    line = request_scheduler.WorkSlot(seconds=clock)
    line.give_up(Circuit("busy"), used_seconds=1.0)
    clock.now = KEPT_SECONDS + 1.0
    line.sweep()
    assert not line._had._had
