"""Nothing that a visitor sees turns at midnight, so that no visitor can measure the clock of the server."""

import datetime as dt
import re

import pytest

from crypto.keys.keys import SealedSecretKey
from crypto.manifests.recipient_file import verify_recipients
from crypto.primitives.week import Quarter
from tests.organisation import TODAY, FixedClock
from tests.tipline.routes import EXPECTED_ROUTES
from tests.tipline.site_stage import Stage
from tipline.bundles.manifest_update import adopt_run
from tipline.instance.folder import SiteFolder
from tipline.instance.turning_day import LATEST_SECONDS, SOONEST_SECONDS, TurningDay, draw_seconds

ONE_DAY = dt.timedelta(days=1)
PAGES = sorted(path for path, method in EXPECTED_ROUTES if method == "GET" and "<" not in path)
NEW_YEARS_EVE = dt.date(2026, 12, 31)


class Seconds:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_the_day_turns_after_its_delay_and_not_before() -> None:
    clock, seconds, delays = FixedClock(), Seconds(), iter([900.0, 20_000.0])
    day = TurningDay(clock, seconds=seconds, delay=lambda: next(delays))
    assert day.today() == TODAY
    for delay in (900.0, 20_000.0):
        before = day.today()
        clock.day += ONE_DAY
        assert day.today() == before
        seconds.now += delay - 1
        assert day.today() == before
        seconds.now += 1
        assert day.today() == before + ONE_DAY


def test_a_clock_that_is_set_again_meanwhile_turns_the_day_late_too() -> None:
    clock, seconds = FixedClock(), Seconds()
    day = TurningDay(clock, seconds=seconds, delay=lambda: 900.0)
    clock.day = TODAY + 400 * ONE_DAY
    day.today()
    seconds.now += 800
    clock.day = TODAY + ONE_DAY
    day.today()
    seconds.now += 800
    assert day.today() == TODAY, "the delay runs again"
    seconds.now += 100
    assert day.today() == TODAY + ONE_DAY


def test_the_moment_is_drawn_for_each_day_within_a_quarter_of_an_hour_and_six_hours() -> None:
    drawn = {draw_seconds() for _ in range(1000)}
    assert len(drawn) > 990
    assert all(SOONEST_SECONDS <= delay <= LATEST_SECONDS for delay in drawn)
    clock, seconds, asked = FixedClock(), Seconds(), []

    def delay() -> float:
        asked.append(clock.day)
        return 60.0

    day = TurningDay(clock, seconds=seconds, delay=delay)
    for _ in range(5):
        clock.day += ONE_DAY
        for _ in range(3):
            day.today()
            seconds.now += 61
    assert asked == [TODAY + days * ONE_DAY for days in range(1, 6)]


def seen(stage: Stage) -> dict[str, object]:
    """Head and body of every page; what is drawn for each form is left out."""
    answers = {path: stage.browser.get(path) for path in PAGES}
    return {
        path: (answer.status, answer.headers, re.sub(rb"[0-9a-f]{32}", b"", answer.body))
        for path, answer in answers.items()
    }


@pytest.fixture
def at_new_year(stage: Stage) -> Stage:
    """The clock says the last day of a quarter, and the keys of the next one are issued."""
    stage.organisation.sealed[Quarter.parse("2027-Q1")] = tuple(SealedSecretKey.generate() for _ in range(4))
    stage.organisation.issue(stage.server.party(), today=NEW_YEARS_EVE - 2 * ONE_DAY)
    stage.clock.day = NEW_YEARS_EVE - ONE_DAY
    run, folder = stage.organisation.run(), SiteFolder(stage.path)
    adopt_run(run, store=stage.store, folder=folder, policy=stage.policy, clock=stage.clock)
    stage.browser.get("/recipients.txt")
    stage.seconds_later += LATEST_SECONDS
    return stage


def test_across_midnight_no_byte_of_page_head_or_recipient_file_changes_within_ten_minutes(
    at_new_year: Stage,
) -> None:
    for day in (NEW_YEARS_EVE, NEW_YEARS_EVE + ONE_DAY, NEW_YEARS_EVE + 2 * ONE_DAY):
        before = seen(at_new_year)
        assert before["/recipients.txt"]
        at_new_year.clock.day = day
        assert seen(at_new_year) == before
        at_new_year.seconds_later += 600
        assert seen(at_new_year) == before
        at_new_year.seconds_later += LATEST_SECONDS


def test_no_recipient_file_is_over_when_a_source_gets_it(at_new_year: Stage) -> None:
    handed_out = []
    for days in range(-1, 3):
        at_new_year.clock.day = NEW_YEARS_EVE + days * ONE_DAY
        for later in (0.0, LATEST_SECONDS):
            at_new_year.seconds_later += later
            file, signature = (
                at_new_year.browser.get("/recipients.txt"),
                at_new_year.browser.get("/recipients.txt.minisig"),
            )
            entry = verify_recipients(file.body, signature.body, root=at_new_year.organisation.root.verify_key())
            assert entry.quarter.last_day >= at_new_year.clock.day
            handed_out.append(str(entry.quarter))
    assert handed_out == ["2026-Q4"] * 3 + ["2027-Q1"] * 5
