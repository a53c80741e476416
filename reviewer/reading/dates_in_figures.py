"""Dates in figures: ISO, day-month-year and the like, and Chinese ones with signs between the figures.

03/04/2025 can be the third of April and the fourth of March, so it has two readings. With points between the
figures the day stands first. Years of the Islamic and of the Solar Hijri calendar are told by their size.
"""

import datetime as dt
import re
from collections.abc import Iterator
from typing import Final

from reviewer.reading.plain_text import near_figures
from reviewer.reading.read_date import (
    ISLAMIC,
    SOLAR,
    DaySpan,
    ReadDate,
    one_day,
    possible,
    short_year,
    whole_month,
    whole_year,
    without_year,
)

_SEPARATOR: Final = r"[./\-]"
_YEAR: Final = r"(?:1[3-9]|20|25)[0-9]{2}"
_NOT_BEFORE: Final = rf"(?<![0-9+])(?<![0-9]{_SEPARATOR})(?<![0-9]{_SEPARATOR} )"
_NOT_AFTER: Final = rf"(?!{_SEPARATOR}?[0-9])(?!:[0-9])"
_FIGURES: Final = (
    rf"(?P<y1>{_YEAR})(?P<s1>[./\- ])(?P<m1>[01]?[0-9])(?P=s1)(?P<d1>[0-3]?[0-9])"
    rf"|(?P<d2>[0-3]?[0-9])[ ]?(?P<s2>{_SEPARATOR})[ ]?(?P<m2>[0-3]?[0-9])[ ]?(?P=s2)[ ]?(?P<y2>{_YEAR}|[0-9]{{2}})"
)
_ALONE: Final = re.compile(rf"{_NOT_BEFORE}(?:{_FIGURES}){_NOT_AFTER}")
_ONE_OF_ROW: Final = re.compile(_FIGURES)
_DAY, _MONTH = "(?:0?[1-9]|[12][0-9]|3[01])", "(?:0?[1-9]|1[0-2])"
_LONG: Final = "|".join(
    rf"{_YEAR}{one}[01]?[0-9]{one}[0-3]?[0-9]|[0-3]?[0-9]{one}[0-3]?[0-9]{one}{_YEAR}" for one in (r"\.", "/", "-")
)
_SHORT_POINTS: Final = rf"{_DAY}\.{_MONTH}\.[0-9]{{2}}"
_SHORT_SLASHES: Final = rf"(?:{_DAY}/{_MONTH}|{_MONTH}/{_DAY})/[0-9]{{2}}"
_ROW: Final = re.compile(
    rf"{_NOT_BEFORE}(?:(?:{_LONG})(?:[ ]?[./+\-][ ]?(?:{_LONG}))+"
    rf"|{_SHORT_POINTS}[/\-]{_SHORT_POINTS}|{_SHORT_SLASHES}-{_SHORT_SLASHES}){_NOT_AFTER}"
)
"""Dates with nothing but a separator between them, as the ends of a span."""

_MONTH_AND_YEAR: Final = re.compile(
    rf"{_NOT_BEFORE}(?:(?P<m1>0?[1-9]|1[0-2])[./](?P<y1>(?:19|20)[0-9]{{2}})"
    rf"|(?P<y2>20[0-9]{{2}})-(?P<m2>0[1-9]|1[0-2])){_NOT_AFTER}(?!\w)"
)
_ON: Final = "|".join(
    rf"(?<=\b{word} )"
    for word in ["am", "vom", "zum", "den", "bis", "ab", "seit", "с", "до", "от", "по", "з", "від", "pe", "din"]
)
"""Words before a day as "3.4.", which elsewhere is a number at the end of a sentence."""

_DAY_AND_MONTH: Final = re.compile(
    rf"{_NOT_BEFORE}(?<![\w.,])(?:(?P<d1>[0-3][0-9])(?P<s>[/\-.])(?P<m1>[01][0-9])"
    rf"|(?:{_ON})(?P<d2>[0-3]?[0-9])\.[ ]?(?P<m2>[01]?[0-9])\.)"
    rf"{_NOT_AFTER}(?![\w%€$])"
)
_NOT_DATES: Final = frozenset({"24/07", "24-07"})
_SIGN_FIGURES: Final = "[0-9]{1,2}|[一二三四五六七八九十]{1,3}"
_SIGNS: Final = re.compile(
    rf"(?P<y>[0-9]{{4}}|[〇零一二三四五六七八九]{{4}})[ ]?年"
    rf"(?:[ ]?(?P<m>{_SIGN_FIGURES})[ ]?月(?:份)?(?:[ ]?(?P<d>{_SIGN_FIGURES})[ ]?[日号號])?)?"
    rf"|(?P<m2>{_SIGN_FIGURES})[ ]?月(?:[ ]?(?P<d2>{_SIGN_FIGURES})[ ]?[日号號]|(?<=[到至]..)|(?<=[到至]...))"
)
_UNTIL_DAY: Final = re.compile(rf"[ ]?[至到\-][ ]?({_SIGN_FIGURES})[ ]?[日号號]")
_SIGN_DIGITS: Final = {sign: digit for digit, sign in enumerate("零一二三四五六七八九")} | {"〇": 0}
_MOST_MONTHS: Final = 12
_ISLAMIC_YEARS: Final = range(1390, 1470)
_SOLAR_YEARS: Final = range(1330, 1430)


def dates_in_figures(text: str, today: dt.date | None, language: str | None) -> Iterator[ReadDate]:
    """Each date in figures; one that cannot be is told without a reading."""
    for found in _with_year(text):
        year_digits = found["y1"] or found["y2"]
        one, other = int(found["d1"] or found["d2"]), int(found["m1"] or found["m2"])
        if min(one, other) > _MOST_MONTHS and len(year_digits) < 4:
            continue
        year = int(year_digits) if len(year_digits) == 4 else short_year(year_digits, today)
        both = found["y2"] is not None and found["s2"] != "."
        yield ReadDate(*found.span(), _days(year, other, one, language, both=both))
    for found in near_figures(_MONTH_AND_YEAR, text):
        span = whole_month(int(found["y1"] or found["y2"]), int(found["m1"] or found["m2"]))
        yield ReadDate(*found.span(), possible([span]))
    yield from _without_year(text, today)
    yield from _with_signs(text, today)


def _with_year(text: str) -> Iterator[re.Match[str]]:
    """Each day with its year: those in a row first, as none of them stands alone."""
    for row in near_figures(_ROW, text):
        yield from _ONE_OF_ROW.finditer(text, *row.span())
    yield from near_figures(_ALONE, text)


def _without_year(text: str, today: dt.date | None) -> Iterator[ReadDate]:
    for found in near_figures(_DAY_AND_MONTH, text):
        day, month = int(found["d1"] or found["d2"]), int(found["m1"] or found["m2"])
        if found[0] in _NOT_DATES:
            continue
        spans = without_year(month, day, today)
        if found["s"] == "/" and month != day:
            spans += without_year(day, month, today)
        if spans:
            yield ReadDate(*found.span(), tuple(dict.fromkeys(spans)), has_year=False)


def _with_signs(text: str, today: dt.date | None) -> Iterator[ReadDate]:
    if "年" not in text and "月" not in text:
        return
    for found in _SIGNS.finditer(text):
        told = _in_signs(found, today)
        until = _UNTIL_DAY.match(text, found.end())
        if until is not None and len(told.readings) == 1:
            (first, last), day = told.readings[0], _number(until[1])
            if day > last.day and (to := one_day(last.year, last.month, day)) is not None:
                told = ReadDate(told.first, until.end(), ((first, to[1]),))
        yield told


def _days(year: int, month: int, day: int, language: str | None, *, both: bool) -> tuple[DaySpan, ...]:
    if year in _SOLAR_YEARS or year in _ISLAMIC_YEARS:
        calendars = (ISLAMIC, SOLAR) if year not in _SOLAR_YEARS or language in {"ar", "ur"} else (SOLAR, ISLAMIC)
        years = {SOLAR: _SOLAR_YEARS, ISLAMIC: _ISLAMIC_YEARS}
        return possible(one_day(year, month, day, one) for one in calendars if year in years[one])
    spans = [one_day(year, month, day)]
    if (both or spans[0] is None) and month != day:
        spans.append(one_day(year, day, month))
    return possible(spans)


def _in_signs(found: re.Match[str], today: dt.date | None) -> ReadDate:
    month, day = (_number(found[name] or found[f"{name}2"]) for name in ("m", "d"))
    if found["y"] is None:
        return ReadDate(*found.span(), without_year(month, day, today), has_year=False)
    year = int("".join(str(_SIGN_DIGITS.get(sign, sign)) for sign in found["y"]))
    if not month:
        return ReadDate(*found.span(), (whole_year(year),) if 1900 <= year <= 2100 else ())
    return ReadDate(*found.span(), possible([one_day(year, month, day) if day else whole_month(year, month)]))


def _number(figures: str | None) -> int:
    """The number in figures or in Chinese signs up to 39; 0 for None."""
    if not figures or figures.isdecimal():
        return int(figures or 0)
    tens, ten, units = figures.rpartition("十")
    if not ten:
        return _SIGN_DIGITS.get(figures, 0)
    return 10 * _SIGN_DIGITS.get(tens or "一", 0) + _SIGN_DIGITS.get(units or "零", 0)
