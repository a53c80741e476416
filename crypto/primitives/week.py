"""Calendar weeks of intake keys and calendar quarters of sealed keys.

A week is an ISO 8601 week and prints as ``2026-W48``; its keys are valid from Monday for nine days, so that two
weeks overlap for two days and a server whose clock is a little off still finds one. A quarter prints as
``2026-Q4``; its keys are valid to its last day. Days are UTC days.
"""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Self

from crypto.errors import Malformed

FIRST_YEAR = 2000
LAST_YEAR = 2999
KEY_DAYS = 9
"""How many days, Monday included, the intake keys of a week are valid."""

_WEEK = re.compile(r"([0-9]{4})-W([0-9]{2})")
_QUARTER = re.compile(r"([0-9]{4})-Q([1-4])")


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """One ISO week; earlier weeks are smaller.

    Raises:
        Malformed: the year has no such week, or lies outside 2000 to 2999.
    """

    year: int
    number: int

    def __post_init__(self) -> None:
        if not FIRST_YEAR <= self.year <= LAST_YEAR:
            raise Malformed(f"year of a week must be from {FIRST_YEAR} to {LAST_YEAR}")
        try:
            dt.date.fromisocalendar(self.year, self.number, 1)
        except ValueError as error:
            raise Malformed("number of a week must be one that its year has") from error

    @classmethod
    def of(cls, day: dt.date) -> Self:
        """The week of ``day``; its ISO year may differ from the calendar year at New Year."""
        year, number, _weekday = day.isocalendar()
        return cls(year, number)

    @classmethod
    def parse(cls, untrusted_text: str) -> Self:
        """Parse ``2026-W48``; other ISO 8601 forms are refused.

        Raises:
            Malformed: not such a text, or no such week.
        """
        found = _WEEK.fullmatch(untrusted_text)
        if found is None:
            raise Malformed("week must be written like 2026-W48")
        return cls(int(found[1]), int(found[2]))

    @property
    def monday(self) -> dt.date:
        return dt.date.fromisocalendar(self.year, self.number, 1)

    @property
    def last_day(self) -> dt.date:
        """The last day on which a server may seal to the keys of this week: the Tuesday after it."""
        return self.monday + dt.timedelta(days=KEY_DAYS - 1)

    def is_valid_on(self, today: dt.date) -> bool:
        """True if a server may seal to the keys of this week on ``today``."""
        return self.monday <= today <= self.last_day

    def next(self) -> "Week":
        return Week.of(self.monday + dt.timedelta(days=7))

    def __str__(self) -> str:
        return f"{self.year:04d}-W{self.number:02d}"


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """One calendar quarter; earlier quarters are smaller.

    Raises:
        Malformed: the number is not 1 to 4, or the year lies outside 2000 to 2999.
    """

    year: int
    number: int

    def __post_init__(self) -> None:
        if not FIRST_YEAR <= self.year <= LAST_YEAR:
            raise Malformed(f"year of a quarter must be from {FIRST_YEAR} to {LAST_YEAR}")
        if not 1 <= self.number <= 4:
            raise Malformed("number of a quarter must be from 1 to 4")

    @classmethod
    def of(cls, day: dt.date) -> Self:
        """The quarter of ``day``."""
        return cls(day.year, (day.month + 2) // 3)

    @classmethod
    def parse(cls, untrusted_text: str) -> Self:
        """Parse ``2026-Q4``.

        Raises:
            Malformed: not such a text, or no such quarter.
        """
        found = _QUARTER.fullmatch(untrusted_text)
        if found is None:
            raise Malformed("quarter must be written like 2026-Q4")
        return cls(int(found[1]), int(found[2]))

    @property
    def first_day(self) -> dt.date:
        return dt.date(self.year, 3 * self.number - 2, 1)

    @property
    def last_day(self) -> dt.date:
        year, month = divmod(self.year * 12 + 3 * self.number, 12)
        return dt.date(year, month + 1, 1) - dt.timedelta(days=1)

    def is_valid_on(self, today: dt.date) -> bool:
        """True if a source may seal to the keys of this quarter on ``today``."""
        return self.first_day <= today <= self.last_day

    def next(self) -> "Quarter":
        return Quarter.of(self.last_day + dt.timedelta(days=1))

    def __str__(self) -> str:
        return f"{self.year:04d}-Q{self.number}"
