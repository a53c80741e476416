"""Days of other calendars as days of the common one: Islamic, Solar Hijri (Jalali) and Buddhist.

Islamic days follow Umm al-Qura, the calendar of Saudi Arabia, for the years 1343 to 1500; elsewhere in the world a
month may begin a day earlier or later. The lengths of its months are packed into ``_UMM_AL_QURA`` by
``scripts/atlas-data``. Solar Hijri days follow the leap years of Iran since 1178 by the breaks of Borkowski.
"""

import datetime as dt
from itertools import accumulate
from typing import Final

BUDDHIST_YEARS: Final = 543
FIRST_ISLAMIC_YEAR: Final = 1343
_MONTHS: Final = 12
_UMM_AL_QURA: Final = (
    "9a6a2a59999999d8a65a69695a69a5999a5c999a8e6659a69995a69999999a66966669999999a6599a5999999aa65969a996"
    "5999999a99999999999999999a9998a999999a99999999999999999a999a6999999999666a66659a666666999a5a99996965"
    "a99996669a9999996666669999999a65999a69666699999999999a59a9a5999a59999a69999999999a999a6599999a59999a"
    "99599a9999699a65999a9966669999999a66666669a6599a666599a999666a665969a9965a69999999a66666669999669a66"
    "599a9996669a65969a9965a69a5966a66659a699996699a66599a9996669a6659aa6595aa69656a69996669a65999a669966"
    "69a6599a69965a9a65969a6966666999966a66659a69996669a59999a66666669a59969a96599a999666a66599a699666699"
    "99999a6696666a65966a69659a9999669a66599a69996669a65999a996666a59996a66665a66999666a665969a9965a6a659"
    "69a6665a6699999999a6659a6999666a66596a9996669a65999a66665a69a59699a9659a699996699a6599a6996666a65966"
    "a69659a6a59669a66599a669666669a6599a69965a6a65969a6965a66a59999a66659a6999666a66599a699666699a5999a6"
    "9665a6a59666a66599a9996669a59999a666666669a5966a"
)
"""Two bits a month from the first of 1343 on, the highest first: its days over 28."""

_FIRST_ISLAMIC_DAY: Final = dt.date(1924, 8, 1)
_LENGTHS: Final = tuple(28 + (int(digit, 16) >> shift & 3) for digit in _UMM_AL_QURA for shift in (2, 0))
_BEGINNINGS: Final = tuple(accumulate(_LENGTHS, initial=0))

_BREAKS: Final = (
    -61, 9, 38, 199, 426, 686, 756, 818, 1111, 1181, 1210, 1635, 2060, 2097, 2192, 2262, 2324, 2394, 2456, 3178,
)  # fmt: skip
_CYCLE: Final = 33
_LONG_MONTHS: Final = 6
LAST_ISLAMIC_YEAR: Final = FIRST_ISLAMIC_YEAR + len(_LENGTHS) // _MONTHS - 1


def islamic_day(year: int, month: int, day: int) -> dt.date:
    """The day of an Islamic date.

    Raises:
        ValueError: there is no such date, or its year is not from 1343 to 1500.
    """
    if not (FIRST_ISLAMIC_YEAR <= year <= LAST_ISLAMIC_YEAR and 1 <= month <= _MONTHS):
        raise ValueError("no such Islamic month")
    at = (year - FIRST_ISLAMIC_YEAR) * _MONTHS + month - 1
    if not 1 <= day <= _LENGTHS[at]:
        raise ValueError("no such day of an Islamic month")
    return _FIRST_ISLAMIC_DAY + dt.timedelta(days=_BEGINNINGS[at] + day - 1)


def islamic_month(year: int, month: int) -> tuple[dt.date, dt.date]:
    """The first and the last day of an Islamic month.

    Raises:
        ValueError: as :func:`islamic_day`.
    """
    first = islamic_day(year, month, 1)
    return first, first + dt.timedelta(days=_LENGTHS[(year - FIRST_ISLAMIC_YEAR) * _MONTHS + month - 1] - 1)


def solar_day(year: int, month: int, day: int) -> dt.date:
    """The day of a Solar Hijri date, as used in Iran and Afghanistan.

    Raises:
        ValueError: there is no such date.
    """
    if not (1178 <= year <= 1633 and 1 <= month <= _MONTHS):
        raise ValueError("no such Solar Hijri month")
    if not 1 <= day <= _solar_length(year, month):
        raise ValueError("no such day of a Solar Hijri month")
    passed = (month - 1) * 31 - max(0, month - 1 - _LONG_MONTHS)
    return _new_year(year)[0] + dt.timedelta(days=passed + day - 1)


def solar_month(year: int, month: int) -> tuple[dt.date, dt.date]:
    """The first and the last day of a Solar Hijri month.

    Raises:
        ValueError: as :func:`solar_day`.
    """
    first = solar_day(year, month, 1)
    return first, first + dt.timedelta(days=_solar_length(year, month) - 1)


def _solar_length(year: int, month: int) -> int:
    if month <= _LONG_MONTHS:
        return 31
    return 30 if month < _MONTHS or _new_year(year)[1] == 0 else 29


def _new_year(year: int) -> tuple[dt.date, int]:
    """The day of the new year, and the years since the last leap year (0 for a leap year)."""
    leaps, jump = -14, 0
    before = _BREAKS[0]
    for after in _BREAKS[1:]:
        jump = after - before
        if year < after:
            break
        leaps += jump // _CYCLE * 8 + jump % _CYCLE // 4
        before = after
    passed = year - before
    leaps += passed // _CYCLE * 8 + (passed % _CYCLE + 3) // 4
    if jump % _CYCLE == 4 and jump - passed == 4:
        leaps += 1
    common = year + 621
    common_leaps = common // 4 - (common // 100 + 1) * 3 // 4 - 150
    if jump - passed < 6:
        passed = passed - jump + (jump + 4) // _CYCLE * _CYCLE
    since_leap = ((passed + 1) % _CYCLE - 1) % 4
    return dt.date(common, 3, 20 + leaps - common_leaps), since_leap
