"""The day, in UTC, and seconds that pass; nothing here knows the hour."""

import datetime as dt
import time


def today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()


def passed_seconds() -> float:
    """Since this machine was started, those included in which it slept."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)
