"""The day in UTC, and seconds since the machine started.

Only the log of a reviewer's home has the time of day, to the minute.
"""

import datetime as dt
import time
from typing import Final, Protocol


class Clock(Protocol):
    """Rules get the day from it; tests have their own."""

    def today(self) -> dt.date:
        """The day in UTC."""
        ...


class SystemClock:
    """The computer's clock."""

    def today(self) -> dt.date:
        return today()


SYSTEM_CLOCK: Final = SystemClock()


def today() -> dt.date:
    """The day in UTC, by the computer's clock."""
    return dt.datetime.now(dt.UTC).date()


def this_minute() -> str:
    """Day and minute in UTC, like ``2026-11-25 14:05``: for the log of a home only."""
    return dt.datetime.now(dt.UTC).strftime("%Y-%m-%d %H:%M")


def passed_seconds() -> float:
    """Seconds since this machine was started, including those in which it slept."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)
