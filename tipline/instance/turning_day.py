"""A day that turns at a random moment, for what a visitor can see change.

If a page changed at midnight, a visitor could measure how far the clock of this server is off, and recognise the
machine by it. So what a visitor sees turns between a quarter of an hour and six hours after midnight, at a moment
drawn for that day alone (``docs/adr/0041-nothing-turns-at-midnight.md``).
"""

import datetime as dt
import secrets
import threading
import time
from collections.abc import Callable
from typing import Final

from system.clock import Clock

SOONEST_SECONDS: Final = 15 * 60.0
LATEST_SECONDS: Final = 6 * 3600.0


def draw_seconds() -> float:
    """Draw a delay between :data:`SOONEST_SECONDS` and :data:`LATEST_SECONDS` from the system's RNG."""
    return secrets.SystemRandom().uniform(SOONEST_SECONDS, LATEST_SECONDS)


class TurningDay:
    """A :class:`Clock` that follows another one late: its day is that of ``clock``, or the one before."""

    def __init__(
        self,
        clock: Clock,
        *,
        seconds: Callable[[], float] = time.monotonic,
        delay: Callable[[], float] = draw_seconds,
    ) -> None:
        """The day is right at first: when the program starts says nothing about its clock."""
        self._clock = clock
        self._seconds = seconds
        self._delay = delay
        self._lock = threading.Lock()
        self._shown = self._next = clock.today()
        self._turns_at = 0.0

    def today(self) -> dt.date:
        """The day to show, in UTC.

        The delay runs from the first question on a new day, and again when ``clock`` is set meanwhile.
        """
        day, now = self._clock.today(), self._seconds()
        with self._lock:
            if day != self._next:
                self._next, self._turns_at = day, now + self._delay()
            if now >= self._turns_at:
                self._shown = self._next
            return self._shown
