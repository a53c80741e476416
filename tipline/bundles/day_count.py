"""Counts the days on which this server ran and exported, so that no clock that is set deletes anything by age.

Monotonic time begins again with each start and is kept nowhere: a store keeps no time finer than a day. So each
start has to run for 20 hours before it can count its first day. This counts too few days where a machine starts
often, and never too many: no clock and no number of restarts makes more than one day of 20 hours.
"""

import time
from collections.abc import Callable
from typing import Final

from tipline.store.counted_days import CountedDays

DAY_SECONDS: Final = 20 * 60 * 60.0


class DayCount:
    """Of one process that serves; asked to look from time to time. ``seconds`` is monotonic time."""

    def __init__(self, days: CountedDays, *, seconds: Callable[[], float] = time.monotonic) -> None:
        self._days = days
        self._seconds = seconds
        self._since = seconds()

    def look(self) -> None:
        """Count a day when 20 hours have passed since the start and the last one, and something was exported.

        Raises:
            StoreError: not this time.
        """
        now = self._seconds()
        if now - self._since >= DAY_SECONDS and self._days.count():
            self._since = now
