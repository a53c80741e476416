"""Finds all dates and ranges of dates in a text."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from reviewer.atlas.folding import even
from reviewer.reading.dates_by_name import dates_by_name
from reviewer.reading.dates_in_figures import dates_in_figures
from reviewer.reading.measures import amounts
from reviewer.reading.month_names import span_words
from reviewer.reading.read_date import DaySpan, ReadDate, one_day, possible
from reviewer.reading.relative_days import relative_days
from reviewer.reading.seasons_and_years import seasons_and_years

_JOIN: Final = re.compile(
    rf"[ ]?(?:г\.|года|року|р\.)?[ ]?,?[ ]?(?:{span_words('to')}|(?P<and>{span_words('and')}))[ ]?", re.IGNORECASE
)
_BETWEEN: Final = re.compile(rf"(?:{span_words('between')})[ ]*$", re.IGNORECASE)
_MOST_BETWEEN: Final = 16
_ISO: Final = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ISO_TO: Final = "/"
"""Between two dates as 2026-11-01 it means "to" (ISO 8601); between others it can mean "or"."""

Stretch = tuple[int, int, tuple[str, ...]]


def dates(text: str, today: dt.date | None, language: str | None) -> Iterator[Stretch]:
    """Begin, end and readings (``YYYY-MM-DD/YYYY-MM-DD``, from and to) of each date in a plain text.

    A stretch that looks like a date but is impossible has no reading. A day without a year gets its year from
    ``today``, the day on which the text came. Without ``today`` such days are left out. ``language`` is a tag of
    the site, or None if it is not known.
    """
    original, text = text, even(text)
    told = [
        *dates_in_figures(text, today, language),
        *dates_by_name(text, today),
        *_outside_amounts(original, seasons_and_years(text)),
        *relative_days(text, today, language),
    ]
    for one in _joined(text, _longest_first(told)):
        yield one.first, one.end, one.written()


def _outside_amounts(text: str, told: Iterable[ReadDate]) -> Iterator[ReadDate]:
    taken: list[tuple[int, int]] | None = None
    for one in told:
        taken = list(amounts(text)) if taken is None else taken
        if not any(one.first < end and first < one.end for first, end in taken):
            yield one


def _longest_first(told: Iterable[ReadDate]) -> list[ReadDate]:
    """Those that do not overlap, in the order of the text; of two that overlap the longer one stays."""
    kept: list[ReadDate] = []
    ordered = sorted(told, key=lambda one: (one.first, -(one.end - one.first), not one.readings))
    for one in ordered:
        if not kept or one.first >= kept[-1].end:
            kept.append(one)
        elif one.end - one.first > kept[-1].end - kept[-1].first:
            kept[-1] = one
    return kept


def _joined(text: str, told: Sequence[ReadDate]) -> Iterator[ReadDate]:
    open_one: ReadDate | None = None
    for one in told:
        if open_one is not None:
            span = _range(open_one, one) if _are_joined(text, open_one, one) else None
            if span is not None:
                yield span
                open_one = None
                continue
            yield open_one
        open_one = one
    if open_one is not None:
        yield open_one


def _are_joined(text: str, one: ReadDate, other: ReadDate) -> bool:
    """True for "from one to the other", and for "between one and the other"."""
    between = text[one.end : other.first]
    if between == _ISO_TO:
        return all(_ISO.fullmatch(text, date.first, date.end) is not None for date in (one, other))
    join = _JOIN.fullmatch(between) if len(between) <= _MOST_BETWEEN else None
    return join is not None and (
        join["and"] is None or _BETWEEN.search(text[max(0, one.first - _MOST_BETWEEN) : one.first]) is not None
    )


def _range(one: ReadDate, other: ReadDate) -> ReadDate | None:
    """From one date to the other; one without a year takes it from the other."""
    readings = []
    for to in other.readings:
        for since in one.readings:
            begins = since if one.has_year else _nearest(since, before=to[1])
            ends = to if other.has_year or not one.has_year else _nearest(to, after=since[0])
            if begins[0] <= ends[1]:
                readings.append((begins[0], ends[1]))
    if not one.has_year or not other.has_year:
        readings = sorted(readings, key=lambda span: span[1] - span[0])[:1]
    is_year = one.has_year or other.has_year
    return (
        replace(one, end=other.end, readings=tuple(dict.fromkeys(readings)), has_year=is_year) if readings else None
    )


def _nearest(span: DaySpan, *, before: dt.date | None = None, after: dt.date | None = None) -> DaySpan:
    """The same days in the last year before ``before``, or in the next year after ``after``."""
    limit = before or after or span[0]
    for year in (limit.year, limit.year - 1 if before is not None else limit.year + 1):
        moved = possible([one_day(year, span[0].month, span[0].day), one_day(year, span[1].month, span[1].day)])
        if moved and (moved[0][0] <= limit if before is not None else moved[0][0] >= limit):
            return moved[0][0], moved[-1][1]
    return span
