"""One stretch of a text that tells a date, and the year of a date that is told without one."""

import calendar
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from reviewer.reading.calendars import BUDDHIST_YEARS, islamic_day, islamic_month, solar_day, solar_month

DaySpan = tuple[dt.date, dt.date]

FIRST_YEAR, LAST_YEAR = 1900, 2100
_BUDDHIST: Final = range(FIRST_YEAR + BUDDHIST_YEARS, LAST_YEAR + BUDDHIST_YEARS)
SOON_DAYS: Final = 60
"""A date without a year is one of the past; if it comes again so soon, that day is a second reading."""

COMMON, ISLAMIC, SOLAR = "common", "islamic", "solar"


@dataclass(frozen=True, slots=True)
class ReadDate:
    """Letters ``first`` to before ``end``, and the readings as first and last day, the likeliest first.

    Without a reading the stretch is no possible date, and no telephone number either. ``has_year`` is False where
    the day of the tip gave the year: a range takes it from its other end.
    """

    first: int
    end: int
    readings: tuple[DaySpan, ...] = ()
    has_year: bool = True

    def written(self) -> tuple[str, ...]:
        """The readings as ``YYYY-MM-DD/YYYY-MM-DD``."""
        return tuple(dict.fromkeys(f"{one.isoformat()}/{other.isoformat()}" for one, other in self.readings))


def one_day(year: int, month: int, day: int, calendar_name: str = COMMON) -> DaySpan | None:
    """The span of one day; None if there is no such day."""
    try:
        match calendar_name:
            case "islamic":
                found = islamic_day(year, month, day)
            case "solar":
                found = solar_day(year, month, day)
            case _:
                found = dt.date(_common_year(year), month, day)
    except ValueError:
        return None
    return (found, found) if FIRST_YEAR <= found.year <= LAST_YEAR else None


def whole_month(year: int, month: int, calendar_name: str = COMMON) -> DaySpan | None:
    """The span of one month; None if there is no such month."""
    try:
        match calendar_name:
            case "islamic":
                return islamic_month(year, month)
            case "solar":
                return solar_month(year, month)
            case _:
                year = _common_year(year)
                last = dt.date(year, month, calendar.monthrange(year, month)[1])
    except ValueError:
        return None
    return (last.replace(day=1), last) if FIRST_YEAR <= year <= LAST_YEAR else None


def whole_year(year: int) -> DaySpan:
    """The span of one year of the common calendar."""
    return dt.date(year, 1, 1), dt.date(year, 12, 31)


def short_year(digits: str, today: dt.date | None) -> int:
    """The year that two digits mean: not later than next year, if the day of the tip is known."""
    latest = (today.year if today is not None else 2049) + 1
    year = latest // 100 * 100 + int(digits)
    return year if year <= latest else year - 100


def without_year(month: int, day: int, today: dt.date | None, calendar_name: str = COMMON) -> tuple[DaySpan, ...]:
    """The last such day (or such month, for day 0) that is not after today; and the next if it comes soon."""
    if today is None:
        return ()
    years = _years_around(today, calendar_name)
    spans = [_span(year, month, day, calendar_name) for year in years]
    found = [one for one in spans if one is not None]
    passed = [one for one in found if one[0] <= today]
    soon = [one for one in found if 0 < (one[0] - today).days <= SOON_DAYS and day]
    return (*passed[-1:], *soon[:1])


def possible(spans: Iterable[DaySpan | None]) -> tuple[DaySpan, ...]:
    """Those that are there."""
    return tuple(dict.fromkeys(one for one in spans if one is not None))


def _span(year: int, month: int, day: int, calendar_name: str) -> DaySpan | None:
    return one_day(year, month, day, calendar_name) if day else whole_month(year, month, calendar_name)


def _years_around(today: dt.date, calendar_name: str) -> range:
    year = today.year
    if calendar_name == SOLAR:
        year -= 621
    elif calendar_name == ISLAMIC:
        year = round((today.year - 622) * 33 / 32)
    return range(year - 9, year + 2)


def _common_year(year: int) -> int:
    return year - BUDDHIST_YEARS if year in _BUDDHIST else year
