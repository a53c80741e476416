"""A classifier that sees all arrivals at a server, of one place with two relays, does not tell presses from covers.

Time is virtual here, and Tor a random delay: the relays' own slots and posts are what is tested. Slots have one
second. As a control, relays that post at once are told apart.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import pairwise
from random import Random

from relay.relay import Relay
from relay.slots import PostClock, Slots
from tests.relay.place_of_tests import NOON, SetClock, frame, relay

SLOT_SECONDS = 1.0
WINDOW_SECONDS = 9.0
WINDOWS = 240
NEIGHBOURS = 15
Arrivals = list[tuple[float, int]]


class AtOnce(ThreadPoolExecutor):
    """Runs what it is given in the thread that gives it."""

    def submit(self, fn: Callable[..., object], /, *args: object, **kwargs: object) -> Future[object]:  # type: ignore[override]
        done: Future[object] = Future()
        done.set_result(fn(*args, **kwargs))
        return done


class VirtualTime:
    """Seconds that pass only while a clock of posts waits."""

    def __init__(self, begin: float, end: float) -> None:
        self.now, self._end = begin, end

    def wait(self, seconds: float) -> bool:
        self.now += seconds
        return self.now > self._end


def arrivals(random: Random, *, press_at: float | None, at_once: bool, phases: tuple[float, float]) -> Arrivals:
    """Times and lengths of one window, as the server sees them, without a name of the relay."""
    found: Arrivals = []
    for number, phase in zip((3, 5), phases, strict=True):
        one: Relay = relay(number, SetClock(NOON))
        time, heard = VirtualTime(0.0, WINDOW_SECONDS), []

        def post(one: Relay = one, time: VirtualTime = time, heard: list[float] = heard) -> None:
            if press_at is not None and time.now >= press_at:
                one.take_frame(frame(NOON), rssi=-70)
                heard.append(time.now)
            made = one.next_post()
            found.append((time.now + random.uniform(0.05, 0.4), len(made.sealed)))
            one.confirm(made)

        with AtOnce(1) as pool:
            PostClock(Slots(SLOT_SECONDS, phase), post, now=lambda time=time: time.now, pool=pool).run(time.wait)  # type: ignore[misc]
        if at_once and press_at is not None:
            one.take_frame(frame(NOON), rssi=-70)
            found.append((press_at + random.uniform(0.05, 0.4), len(one.next_post().sealed)))
    return sorted(found)


def features(seen: Arrivals) -> list[float]:
    """Numbers of a window: how many, how much, gaps in order, and arrivals in each part of it."""
    times = [time for time, _length in seen]
    gaps = sorted(later - earlier for earlier, later in pairwise(times))
    parts = [float(sum(int(time / WINDOW_SECONDS * 9) == part for time in times)) for part in range(9)]
    return [len(seen), sum(length for _time, length in seen) / 12_288, *gaps[:4], *gaps[-4:], *parts]


def accuracy(random: Random, *, at_once: bool) -> float:
    """The share of windows that the nearest neighbours among the others name rightly."""
    rows: list[tuple[list[float], bool]] = []
    for place in range(WINDOWS):
        is_press = place % 2 == 0
        press_at = random.uniform(1, WINDOW_SECONDS - 1) if is_press else None
        phases = (0.3, 0.7)
        rows.append((features(arrivals(random, press_at=press_at, at_once=at_once, phases=phases)), is_press))
    spans = [max(column) - min(column) or 1.0 for column in zip(*(row for row, _is in rows), strict=True)]
    right = 0
    for place, (row, is_press) in enumerate(rows):
        others = [
            (sum(((a - b) / span) ** 2 for a, b, span in zip(row, other, spans, strict=True)), other_press)
            for at, (other, other_press) in enumerate(rows)
            if at != place
        ]
        votes = sum(other_press for _distance, other_press in sorted(others)[:NEIGHBOURS])
        right += (votes > NEIGHBOURS / 2) is is_press
    return right / WINDOWS


def test_the_arrivals_of_a_place_with_presses_are_not_told_from_those_without() -> None:
    found = accuracy(Random(11), at_once=False)
    print(f"with slots: {found:.0%} of {WINDOWS} windows")
    assert found <= 0.55


def test_the_same_classifier_tells_them_where_relays_post_at_once() -> None:
    found = accuracy(Random(11), at_once=True)
    print(f"posting at once: {found:.0%} of {WINDOWS} windows")
    assert found >= 0.9
