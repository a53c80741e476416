"""One post in each slot, at one phase, whether anything was heard or not."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from random import Random

import pytest

from relay.slots import MOST_UNDER_WAY, PostClock, Slots
from tests.relay.place_of_tests import NOON, SetClock, frame, relay


class Pool(ThreadPoolExecutor):
    """Runs what it is given at once, or holds it back."""

    def __init__(self, *, holds: bool = False) -> None:
        super().__init__(1)
        self.held: list[Future[object]] = []
        self._holds = holds

    def submit(self, fn: Callable[..., object], /, *args: object, **kwargs: object) -> Future[object]:  # type: ignore[override]
        done: Future[object] = Future()
        self.held.append(done)
        result = fn(*args, **kwargs)
        if not self._holds:
            done.set_result(result)
        return done


class Time:
    """Seconds that pass only while the clock of posts waits, a little more or less than it asks for."""

    def __init__(self, *, until: float, random: Random) -> None:
        self.now = 100.0
        self._until = until
        self._random = random

    def wait(self, seconds: float) -> bool:
        self.now += seconds + self._random.uniform(-0.001, 0.3)
        return self.now > self._until


def posted_at(slots: Slots, post: Callable[[], object], *, holds: bool = False) -> list[float]:
    time, times = Time(until=100 + 200 * slots.seconds, random=Random(5)), []

    def noted() -> object:
        times.append(time.now)
        return post()

    with Pool(holds=holds) as pool:
        clock = PostClock(slots, noted, now=lambda: time.now, pool=pool)
        clock.run(time.wait)
    return times


@pytest.mark.parametrize("phase", [0.0, 7.25, 19.9])
def test_each_slot_has_one_post_at_its_phase(phase: float) -> None:
    times = posted_at(Slots(20.0, phase), lambda: None)
    numbers = [round((at - phase) / 20) for at in times]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    assert len(numbers) >= 198
    assert all(abs(at - phase - 20 * number) < 0.31 for at, number in zip(times, numbers, strict=True))


def test_what_the_server_sees_of_a_place_is_the_same_with_presses_and_without() -> None:
    seen = []
    for presses in (False, True):
        one, random = relay(3, SetClock()), Random(9)

        def post(one=one, random=random, presses=presses) -> int:  # type: ignore[no-untyped-def]
            if presses and random.random() < 0.3:
                one.take_frame(frame(NOON), rssi=-70)
            made = one.next_post()
            one.confirm(made)
            return len(made.sealed)

        lengths: list[int] = []
        times = posted_at(Slots(1.0, 0.4), lambda lengths=lengths, post=post: lengths.append(post()))  # type: ignore[misc]
        seen.append((times, lengths))
    assert seen[0] == seen[1]


def test_posts_that_wait_for_their_answers_delay_no_slot_and_are_bounded() -> None:
    times = posted_at(Slots(20.0, 3.0), lambda: None, holds=True)
    assert len(times) == MOST_UNDER_WAY


def test_a_phase_outside_of_its_slot_is_refused() -> None:
    with pytest.raises(ValueError, match="phase"):
        Slots(20.0, 20.0)
