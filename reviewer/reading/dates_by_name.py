"""Dates with the name of a month, in any order, and months behind a word such as "in"."""

import datetime as dt
import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from reviewer.reading.month_names import (
    WORD_BEGINS,
    WORD_ENDS,
    NamedMonth,
    all_words,
    month_of,
    month_pattern,
    span_words,
)
from reviewer.reading.read_date import ReadDate, one_day, possible, short_year, whole_month, without_year

_AROUND: Final = 30
_ORDINAL: Final = r"(?:st|nd|rd|th|er|re|[ºª°]|-?(?:го|е|ого|ше|те|а)|\.)?"
_DAY: Final = (
    r"(?<![0-9,.:/+%])(?:(?<!-)|(?<=ika-))(?:(?P<d1>[0-3]?[0-9])"
    + _ORDINAL
    + rf"[ ]?(?:/|{span_words('to')}|(?P<and>{span_words('and')}))[ ]?)?(?P<d>[0-3]?[0-9])"
    + _ORDINAL
)
_DAY_BEFORE: Final = re.compile(
    rf"{_DAY}(?:[ ]{{0,2}}|[ ]?[\-./,][ ]?|[ ](?:of|de|del|da|do|ng|thang|من|day of)[ ]|[ ]d['’])$", re.IGNORECASE
)
_BETWEEN: Final = re.compile(rf"(?:{span_words('between')})[ ]*$", re.IGNORECASE)
_YEAR_BEFORE: Final = re.compile(r"(?<![0-9])(?P<y>(?:1[34]|19|20|2[45])[0-9]{2})[ ,\-/.]{1,2}$")
_YEAR: Final = (
    r"(?:[ ,./\-]{0,3}|,?[ ](?:of|de|del|do|nam|عام|سنه|لعام|لسنه|من عام|سال|साल|সালের|ng|a|พ\.ศ\.|ค\.ศ\.|พ.ศ)[ ]?)"
    r"(?:(?P<y>(?:1[34]|19|20|2[45])[0-9]{2})|['’](?P<y2>[0-9]{2})|(?<=[\-/.])(?P<y3>[0-9]{2})"
    r"|(?<=[. ])(?P<y4>6[0-9]|7[0-9]))(?![0-9])"
)
_YEAR_AFTER: Final = re.compile(_YEAR, re.IGNORECASE)
_DAY_AFTER: Final = re.compile(
    rf"[ ]{{1,2}}(?:the )?(?P<d>[0-3]?[0-9]){_ORDINAL}(?![0-9:.])(?![ ]?[%€$])", re.IGNORECASE
)
_LATIN: Final = re.compile("[A-Za-z]")
_THAI: Final = re.compile("[\u0e00-\u0e7f]")


def dates_by_name(text: str, today: dt.date | None) -> Iterator[ReadDate]:
    """Each date with the name of a month, in the order of the text."""
    for found in month_pattern().finditer(_small(text)):
        place = 1 if found[1] is not None else 2
        begins = found.start(place)
        try:
            month = month_of(found[place])
        except KeyError:  # a case ending that no name has
            continue
        if (told := _around(text, begins, found.end(), month, today)) is not None:
            yield told


def _small(text: str) -> str:
    """The text in small letters, each in its place."""
    small = text.lower()
    return (
        small if len(small) == len(text) else "".join(one if len(one) == 1 else "_" for one in map(str.lower, text))
    )


def _around(text: str, begins: int, behind: int, month: NamedMonth, today: dt.date | None) -> ReadDate | None:
    """The date around the name of a month from ``begins`` to before ``behind``."""
    before, after = text[max(0, begins - _AROUND) : begins], text[behind : behind + _AROUND]
    year = _YEAR_AFTER.match(after)
    if year is not None and year["y4"] is not None and not _THAI.match(text[begins]):
        year = None
    end = behind + year.end() if year is not None else behind
    is_word = month.needs_figures and text[begins].islower() and text[begins].isascii()
    if (day := _DAY_BEFORE.search(before)) is not None:
        is_span = day["and"] is None or _BETWEEN.search(before[: day.start()]) is not None
        days = [int(day[name]) for name in ("d1", "d") if day[name] is not None][0 if is_span else -1 :]
        earlier = _YEAR_BEFORE.search(before[: day.start()]) if year is None else None
        at = earlier.start() if earlier is not None else day.start() if is_span else day.start("d")
        first = begins - len(before) + at
        if year is None and earlier is None and is_word:
            return None
        return _of(first, end, month, days, int(earlier["y"]) if earlier else _year(year, today), today)
    if (told := _day_behind(text, begins, behind, month, today, is_word=is_word)) is not None:
        return told
    if year is not None:
        return _of(begins, end, month, [], _year(year, today), today)
    if (earlier := _YEAR_BEFORE.search(before)) is not None and not month.needs_figures:
        return _of(begins - len(before) + earlier.start(), behind, month, [], int(earlier["y"]), today)
    if _is_announced(text, begins, behind) and not (month.needs_figures and not text[begins].isupper()):
        return ReadDate(begins, behind, without_year(month.month, 0, today, month.calendar), has_year=False)
    return None


def _day_behind(
    text: str, begins: int, behind: int, month: NamedMonth, today: dt.date | None, *, is_word: bool
) -> ReadDate | None:
    """A date as "March 3, 2025" or "2025 March 3"."""
    before = text[max(0, begins - _AROUND) : begins]
    if (day := _DAY_AFTER.match(text[behind : behind + _AROUND])) is None:
        return None
    end, days = behind + day.end(), [int(day["d"])]
    if (earlier := _YEAR_BEFORE.search(before)) is not None:
        return _of(begins - len(before) + earlier.start(), end, month, days, int(earlier["y"]), today)
    if not _LATIN.match(text[begins]):
        return None
    year = _YEAR_AFTER.match(text[end : end + _AROUND])
    if year is None and is_word:
        return None
    return _of(begins, end + (year.end() if year is not None else 0), month, days, _year(year, today), today)


def _of(
    first: int, end: int, month: NamedMonth, days: list[int], year: int | None, today: dt.date | None
) -> ReadDate:
    if year is None:
        spans = [without_year(month.month, day, today, month.calendar) for day in days]
        readings = tuple((a[0], b[1]) for a, b in zip(spans[0], spans[-1], strict=False) if a[0] <= b[1])
        return ReadDate(first, end, readings, has_year=False)
    calendar = month.calendar
    if not days:
        return ReadDate(first, end, possible([whole_month(year, month.month, calendar)]))
    one, last = (one_day(year, month.month, day, calendar) for day in (days[0], days[-1]))
    is_possible = one is not None and last is not None and one[0] <= last[1]
    return ReadDate(first, end, ((one[0], last[1]),) if is_possible and one and last else ())


def _year(found: re.Match[str] | None, today: dt.date | None) -> int | None:
    if found is None:
        return None
    if found["y"] is not None:
        return int(found["y"])
    if found["y4"] is not None:  # Thai, of the Buddhist calendar
        return 2500 + int(found["y4"])
    return short_year(found["y2"] or found["y3"], today)


def _is_announced(text: str, begins: int, ends: int) -> bool:
    before, after = text[max(0, begins - _AROUND) : begins], text[ends : ends + _AROUND]
    return _in_before().search(before) is not None or _in_after().match(after) is not None


@cache
def _in_before() -> re.Pattern[str]:
    spaced, unspaced = all_words("in")
    return re.compile(rf"(?:{WORD_BEGINS}(?:{spaced})[ ]+|(?:{unspaced}))$", re.IGNORECASE)


@cache
def _in_after() -> re.Pattern[str]:
    spaced, unspaced = all_words("after")
    return re.compile(rf"[ ]?(?:{spaced}{unspaced}){WORD_ENDS}", re.IGNORECASE)
