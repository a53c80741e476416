"""Weeks and quarters: when their keys are valid, and how they are written."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.errors import Malformed
from crypto.primitives.week import Quarter, Week

DAYS = st.dates(dt.date(2000, 1, 3), dt.date(2999, 9, 30))


@given(DAYS)
def test_every_day_lies_in_its_week_and_its_quarter(day: dt.date) -> None:
    assert Week.of(day).is_valid_on(day)
    assert Quarter.of(day).is_valid_on(day)
    assert Quarter.of(day).first_day <= day <= Quarter.of(day).last_day


@given(DAYS)
def test_what_is_written_is_read_back(day: dt.date) -> None:
    assert Week.parse(str(Week.of(day))) == Week.of(day)
    assert Quarter.parse(str(Quarter.of(day))) == Quarter.of(day)


@given(DAYS)
def test_weeks_follow_each_other_and_overlap_by_two_days(day: dt.date) -> None:
    week, following = Week.of(day), Week.of(day).next()
    assert week < following
    assert following.monday - week.monday == dt.timedelta(days=7)
    assert (week.last_day - following.monday).days == 1
    assert (week.last_day - week.monday).days == 8


@given(DAYS)
def test_quarters_follow_each_other_without_a_gap(day: dt.date) -> None:
    quarter, following = Quarter.of(day), Quarter.of(day).next()
    assert quarter < following
    assert following.first_day - quarter.last_day == dt.timedelta(days=1)


def test_a_week_at_new_year_belongs_to_its_iso_year() -> None:
    assert str(Week.of(dt.date(2027, 1, 1))) == "2026-W53"
    assert str(Week(2026, 53).next()) == "2027-W01"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-W00",
        "2026-W54",
        "2027-W53",
        "2026W48",
        "2026-w48",
        "2026-W4",
        "2026-W048",
        "26-W48",
        "2026-W48-1",
        "2026-W48\n",
        " 2026-W48",
        "1999-W01",
        "3000-W01",
        "\u0662\u0660\u0662\u0666-W48",
        "2026-Q4",
    ],
)
def test_no_other_way_to_write_a_week_is_taken(text: str) -> None:
    with pytest.raises(Malformed):
        Week.parse(text)


@pytest.mark.parametrize("text", ["", "2026-Q0", "2026-Q5", "2026Q4", "2026-q4", "2026-Q4\n", "1999-Q1", "3000-Q1"])
def test_no_other_way_to_write_a_quarter_is_taken(text: str) -> None:
    with pytest.raises(Malformed):
        Quarter.parse(text)
