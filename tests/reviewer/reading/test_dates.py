"""Dates in the languages of the site: first and last day, never a telephone number, and none that cannot be."""

import datetime as dt
from pathlib import Path

import pytest

from reviewer.reading.calendars import islamic_day, solar_day
from reviewer.reading.dates import dates
from reviewer.reading.finding import FindingKind
from reviewer.reading.plain_text import PlainText
from reviewer.reading.reader import read_text

DAY = dt.date(2026, 11, 29)
LINES = [
    line.split("\t") for line in (Path(__file__).parent / "dates.tsv").read_text(encoding="utf-8").splitlines()
]
"""Language, text, and the readings of each date of it, with ``|`` between readings and ``;`` between dates."""

IMPOSSIBLE = (
    "31.02.2025",
    "00/00/2025",
    "29 February 2023",
    "2025-13-45",
    "0000-00-00",
    "the year 99999999999999999999",
)
PHONES = ("06.12.34.56.78", "0151-23-04-2025", "+49 151 2345 2026", "020 25 03 20 25", "07700 900123")


@pytest.mark.parametrize(("language", "text", "readings"), LINES)
def test_a_date_is_read_as_its_first_and_last_day(language: str, text: str, readings: str) -> None:
    found = dates(PlainText.of(text).text, DAY, None if language == "-" else language)
    assert ["|".join(one) for _first, _end, one in found if one] == [one for one in readings.split(";") if one]


@pytest.mark.parametrize("text", IMPOSSIBLE)
def test_a_date_that_cannot_be_is_neither_a_date_nor_a_telephone_number(text: str) -> None:
    assert list(read_text(text, regions=["DE", "US", "GB"], day=DAY).findings) == []


@pytest.mark.parametrize("text", PHONES)
def test_digits_of_a_telephone_number_are_no_date(text: str) -> None:
    found = read_text(f"call {text} now", regions=["DE", "FR", "GB"], day=DAY).findings
    assert FindingKind.DATE not in {one.kind for one in found}


def test_without_the_day_of_the_tip_nothing_is_told_from_it() -> None:
    assert list(read_text("yesterday, last summer, on 3 March, three weeks ago").findings) == []
    (found,) = read_text("yesterday and on 3 March 2025").findings
    assert found.readings == ("2025-03-03/2025-03-03",)


def test_days_are_told_from_the_day_of_the_tip_and_not_from_today() -> None:
    for day, reading in (
        (dt.date(2025, 7, 15), "2024-06-01/2024-08-31"),
        (dt.date(2025, 9, 1), "2025-06-01/2025-08-31"),
    ):
        (found,) = read_text("it was last summer", day=day).findings
        assert found.readings == (reading,)


def test_a_word_that_two_languages_have_counts_in_the_language_of_the_text_only() -> None:
    assert list(read_text("hier", day=DAY, language="de").findings) == []
    assert list(read_text("ich bin hier und sie ist hier", day=DAY).findings) == []
    (found,) = read_text("hier", day=DAY, language="fr").findings
    assert found.readings == ("2026-11-28/2026-11-28",)


def test_islamic_days_follow_umm_al_qura_and_solar_days_the_leap_years_of_iran() -> None:
    # Published beginnings: 1 Ramadan 1446 and 1 Muharram 1445 in Saudi Arabia; Nowruz of 1399, 1403 and 1404.
    assert islamic_day(1446, 9, 1) == dt.date(2025, 3, 1)
    assert islamic_day(1445, 1, 1) == dt.date(2023, 7, 19)
    assert [solar_day(year, 1, 1) for year in (1399, 1403, 1404)] == [
        dt.date(2020, 3, 20),
        dt.date(2024, 3, 20),
        dt.date(2025, 3, 21),
    ]
    assert solar_day(1403, 12, 30) == dt.date(2025, 3, 20)
    for wrong in ((1446, 9, 31), (1342, 1, 1), (1501, 1, 1), (1446, 13, 1)):
        with pytest.raises(ValueError, match="Islamic"):
            islamic_day(*wrong)
    with pytest.raises(ValueError, match="Solar"):
        solar_day(1404, 12, 30)


def test_a_text_full_of_dates_is_read_to_its_limit() -> None:
    reading = read_text("on 3 March 2025, and 03/04/25. " * 2000, day=DAY)
    assert (len(reading.findings), reading.has_more) == (2000, True)


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (dt.date.min, "gestern"),
        (dt.date.min, "yesterday, last week, last month, last summer, last Monday, last year, 3 weeks ago"),
        (dt.date.min, "5000 years ago"),
        (dt.date.max, "tomorrow"),
        (dt.date.max, "next week, next month, this week, in 3 days, next year"),
    ],
)
def test_days_before_and_after_the_calendar_of_python_are_no_finding(day: dt.date, text: str) -> None:
    assert [words for words in read_text(text, day=day).findings if words.kind is FindingKind.DATE] == []
