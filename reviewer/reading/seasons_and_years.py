"""Seasons with a year, years that a word such as "since" announces, and spans of years.

Seasons are those of the north, by months: spring begins with March, and a winter has the number of its December.
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from reviewer.atlas.folding import fold
from reviewer.reading.month_names import WORD_BEGINS, WORD_ENDS, all_words, pattern_of, span_words, time_words
from reviewer.reading.plain_text import near_figures
from reviewer.reading.read_date import DaySpan, ReadDate, whole_month, whole_year

_FIRST_MONTHS: Final = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}
_YEAR: Final = r"(?:19[5-9]|20[0-4])[0-9]"
_NOT_AFTER: Final = r"(?![0-9]|[.,/\-:][0-9])(?![ ]?(?:%|€|\$|[0-9]))"
_YEARS_APART: Final = re.compile(
    rf"(?<![\w.,/+\-])(?P<one>{_YEAR})[ ]?-[ ]?(?P<other>{_YEAR})(?![\w]|[.,/\-][0-9])"
)
_AND: Final = rf"(?:{span_words('to')}|{span_words('and')})"
_YEAR_SIGNS: Final = re.compile(rf"(?<![0-9])({_YEAR})(?:[ ]?(?:года|году|год|рік|року|році|гг?\.|рр?\.)(?!\w))")


def seasons_and_years(text: str) -> Iterator[ReadDate]:
    """Each of them in a plain text."""
    for found in near_figures(_season_pattern(), text):
        season, year = seasons()[fold(found["before"] or found["after"])], int(found["y1"] or found["y2"])
        yield ReadDate(*found.span(), (season_span(season, year),))
    for found in near_figures(_YEARS_APART, text):
        if found["one"] <= found["other"]:
            yield ReadDate(*found.span(), ((whole_year(int(found["one"]))[0], whole_year(int(found["other"]))[1]),))
    for found in near_figures(_announced_years(), text):
        if found["one"] <= found["other"]:
            span = whole_year(int(found["one"]))[0], whole_year(int(found["other"]))[1]
            yield ReadDate(found.start("one"), found.end(), (span,))
    for pattern in (_YEAR_SIGNS, _announced_year()):
        for found in near_figures(pattern, text):
            place = 1 if found[1] is not None else 2
            yield ReadDate(*found.span(place), (whole_year(int(found[place])),))


def season_span(season: str, year: int) -> DaySpan:
    """The first and last day of a season; that of a winter is in the next year.

    Raises:
        KeyError: it is no season.
    """
    month = _FIRST_MONTHS[season]
    last_year, last_month = (year + 1, 2) if season == "winter" else (year, month + 2)
    last = whole_month(last_year, last_month)
    return dt.date(year, month, 1), last[1] if last is not None else dt.date(year, 12, 31)


@cache
def seasons() -> Mapping[str, str]:
    """The season for each folded word of it, in all languages."""
    return {
        fold(word): season
        for words in time_words().values()
        for season, forms in words.get("seasons", {}).items()
        for word in forms.split("|")
    }


@cache
def _season_pattern() -> re.Pattern[str]:
    words = "|".join(pattern_of(one) for one in sorted(seasons(), key=len, reverse=True))
    join = r"(?:[ ]?|[ ](?:of|de|del|des|do|din|von|nam|عام|سنه|من عام|سال)[ ])"
    return re.compile(
        rf"{WORD_BEGINS}(?P<before>{words}){join}(?P<y1>{_YEAR})(?:[ ]?/[ ]?[0-9]{{2,4}})?{_NOT_AFTER}"
        rf"|(?<![0-9])(?P<y2>{_YEAR})(?:[ ]?年|[ ]के?|[ ]का)?[ ]?(?P<after>{words}){WORD_ENDS}",
        re.IGNORECASE,
    )


@cache
def _announced_year() -> re.Pattern[str]:
    (spaced, unspaced), (after, _none) = all_words("in"), all_words("after")
    return re.compile(
        rf"(?:{WORD_BEGINS}(?:{spaced})[ ]+(?:the year |ano |ano |anul |an |annee |Jahr |سنه |عام |سال |nam )?"
        rf"|(?=[^\W\d_])(?:{unspaced})[ ]?)({_YEAR})(?!\w){_NOT_AFTER}"
        rf"|(?<![\w.,/+\-])({_YEAR})(?=[ ]?(?:{after}){WORD_ENDS})",
        re.IGNORECASE,
    )


@cache
def _announced_years() -> re.Pattern[str]:
    spaced, unspaced = all_words("in")
    return re.compile(
        rf"(?:{WORD_BEGINS}(?:{spaced})[ ]+|(?=[^\W\d_])(?:{unspaced})[ ]?)"
        rf"(?P<one>{_YEAR})[ ]?{_AND}[ ]?(?P<other>{_YEAR})(?!\w){_NOT_AFTER}",
        re.IGNORECASE,
    )
