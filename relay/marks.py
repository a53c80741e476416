"""Marks and intake keys that a relay holds for the next days, and how long they last."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from crypto.keys.keys import IntakePublicKey
from crypto.primitives.week import Week

FEWEST_DAYS = 3
"""Below that many days ahead, a named alarm is raised."""
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class RelayKeys:
    """``marks`` by UTC day, 16 bytes each; ``intake`` has four public keys for each week."""

    marks: Mapping[dt.date, bytes] = field(repr=False)
    intake: Mapping[Week, Sequence[IntakePublicKey]] = field(repr=False)

    def marks_around(self, today: dt.date) -> list[bytes]:
        """The marks of yesterday, today and tomorrow, as far as they are there.

        A button's clock may be off by half an hour, and so over midnight.
        """
        days = (today - _DAY, today, today + _DAY)
        return [self.marks[day] for day in days if day in self.marks]

    def intake_on(self, today: dt.date) -> Sequence[IntakePublicKey]:
        """The four intake keys that are valid on ``today``, of the newest week; none where there are none."""
        valid = [week for week in self.intake if week.is_valid_on(today)]
        return self.intake[max(valid)] if valid else ()

    def mark_days_left(self, today: dt.date) -> int:
        """Days from ``today`` on, itself included, for which marks are there without a gap."""
        return self._days_left(today, self.marks.__contains__)

    def intake_days_left(self, today: dt.date) -> int:
        """Days from ``today`` on, itself included, for which intake keys are there without a gap."""
        return self._days_left(today, lambda day: any(week.is_valid_on(day) for week in self.intake))

    @staticmethod
    def _days_left(today: dt.date, has: Callable[[dt.date], bool]) -> int:
        days = 0
        while has(today + days * _DAY):
            days += 1
        return days
