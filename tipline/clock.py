"""Today, as the only time that the server keeps: a day in UTC."""

import datetime as dt
from typing import Final, Protocol


class Clock(Protocol):
    """Where rules get the day from; tests have their own."""

    def today(self) -> dt.date:
        """The day in UTC."""
        ...


class SystemClock:
    """The computer's clock."""

    def today(self) -> dt.date:
        return dt.datetime.now(dt.UTC).date()


SYSTEM_CLOCK: Final = SystemClock()
