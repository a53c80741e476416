"""Slots of time, in each of which a relay posts once: at one phase, whatever was heard.

The time is that of the machine since its start, so that a changed clock moves no post.
"""

import math
import threading
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass

SLOT_SECONDS = 20.0
MOST_UNDER_WAY = 8
"""So many posts may wait for their answers; the next slot is then left out, with or without a press."""


@dataclass(frozen=True, slots=True)
class Slots:
    """Slots of ``seconds``, with a post at ``phase`` seconds after the beginning of each.

    Raises:
        ValueError: the phase does not lie within a slot.
    """

    seconds: float = SLOT_SECONDS
    phase: float = 0.0

    def __post_init__(self) -> None:
        if not 0 <= self.phase < self.seconds:
            raise ValueError("the phase of a post lies within its slot")

    def number_after(self, now: float) -> int:
        """The number of the first slot whose post comes after ``now``."""
        return math.floor((now - self.phase) / self.seconds) + 1

    def time_of(self, number: int) -> float:
        """The time of the post of a slot."""
        return number * self.seconds + self.phase


class PostClock:
    """Starts one post in each slot, until it is told to end.

    A post that waits for its answer does not delay the next one. ``wait`` sleeps for seconds, and returns True when
    the relay ends.
    """

    def __init__(
        self, slots: Slots, post: Callable[[], object], *, now: Callable[[], float], pool: Executor
    ) -> None:
        self._slots = slots
        self._post = post
        self._now = now
        self._pool = pool
        self._lock = threading.Lock()
        self._under_way = 0

    def run(self, wait: Callable[[float], bool]) -> None:
        """Post in each slot. A slot that passed while the machine slept is skipped."""
        number = self._slots.number_after(self._now())
        while not wait(max(0.0, self._slots.time_of(number) - self._now())):
            self._begin()
            # Slept through slots are passed over; waking a little early is no second post in one slot.
            number = max(number + 1, self._slots.number_after(self._now()))

    def _begin(self) -> None:
        if self._under_way >= MOST_UNDER_WAY:
            return
        with self._lock:
            self._under_way += 1
        self._pool.submit(self._post).add_done_callback(self._end)

    def _end(self, _done: object) -> None:
        with self._lock:
            self._under_way -= 1
