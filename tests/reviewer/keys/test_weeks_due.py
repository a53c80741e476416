"""Which weeks and quarters are due, what their retirement would lose, and how keys status says it."""

import datetime as dt

import pytest

from crypto.primitives.week import Week
from reviewer.errors import NotProved
from reviewer.home.home import open_home
from reviewer.keys.intake_keys import issue_keys
from reviewer.keys.retire import retire_weeks
from reviewer.keys.retirement_proof import due_weeks
from reviewer.media.root_medium import RootMedium
from reviewer.terminal.secret_entry import SecretEntry
from reviewer.twin.key_import import forget_pending_keys
from system.clock import today
from tests.fakes_server import FakeServer
from tests.reviewer.desk_stage import Desk
from tests.reviewer.weeks import close_week, first_week, retire


def test_a_week_is_due_two_weeks_after_its_last_day_and_not_before(desk: Desk) -> None:
    week = first_week(desk)
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        last_day = week.last_day
        assert due_weeks(home, today=last_day + dt.timedelta(days=13)) == []
        assert due_weeks(home, today=last_day + dt.timedelta(days=14)) == [week]


def test_sealed_keys_go_sixty_days_after_their_quarter_with_its_weeks(desk: Desk) -> None:
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        quarter = home.keyring.sealed_quarters()[0]
        late = quarter.last_day + dt.timedelta(days=60)
        assert retire_weeks(home, [], twin=None, give_up_unopenable=False, today=late).names == []
        last = Week.of(late)  # what was sealed on the last day of the quarter may have been sent in that week
        home.keyring.keep(f"intake-{last}", bytes(32))
        for week in home.keyring.intake_weeks():
            if week != last and week.monday <= quarter.last_day:
                home.keyring.destroy(f"intake-{week}")
        assert retire_weeks(home, [], twin=None, give_up_unopenable=False, today=late).names == []
        for week in home.keyring.intake_weeks():
            if week.monday <= late:
                home.keyring.destroy(f"intake-{week}")
        early = late - dt.timedelta(days=1)
        assert retire_weeks(home, [], twin=None, give_up_unopenable=False, today=early).names == []
        home.casebook.settings.set("late_keys_untried", "1")
        with pytest.raises(NotProved, match="keys restore was cut short"):
            retire_weeks(home, [], twin=None, give_up_unopenable=False, today=late)
        assert quarter in home.keyring.sealed_quarters()
        forget_pending_keys(home)
        gone = retire_weeks(home, [], twin=None, give_up_unopenable=False, today=late)
        assert gone.names == [f"sealed-{quarter}"]


def test_what_goes_with_a_server_that_was_removed_is_named(desk: Desk) -> None:
    desk.know_server(FakeServer("dead"))
    desk.issue()
    week = first_week(desk)
    close_week(desk, week)
    desk.do("servers", "remove", desk.home, "dead")
    assert f"weeks of which it may still hold tips: {week}" in desk.err
    assert "no bundle of it was ever taken in here" in desk.err
    desk.issue()
    (status,) = [one for one in desk.json("keys", "status", desk.home)["weeks"] if one["week"] == str(week)]
    told = f"server dead was removed and never signed that week {week} is closed"
    assert status["lost"][0].startswith(told)
    assert retire(desk, week) == 0, desk.err
    assert told in desk.err


def test_what_a_removed_server_had_closed_is_not_called_lost(desk: Desk) -> None:
    gone = FakeServer("gone")
    desk.know_server(gone)
    desk.issue()
    gone.manifest = desk.server.manifest
    week = first_week(desk)
    for server in (desk.server, gone):
        close_week(desk, week, server=server)
    desk.do("servers", "remove", desk.home, "gone")
    assert "may still hold tips" not in desk.err
    desk.issue()
    assert retire(desk, week) == 0, desk.err
    assert "was removed and never signed" not in desk.err


def test_a_week_that_is_not_over_stays_when_no_server_is_there_to_sign_that_it_is_closed(desk: Desk) -> None:
    week = first_week(desk)
    desk.do("servers", "remove", desk.home, "server")
    desk.issue()
    assert retire(desk, week) == 1
    assert f"week {week} is not over: servers may seal to its keys until {week.last_day}" in desk.err


def test_no_manifest_lists_a_week_that_was_retired_before_its_end(desk: Desk) -> None:
    """A server whose clock was ahead had closed it; one that is added now must not seal to a destroyed key."""
    week = first_week(desk)
    close_week(desk, week)
    assert retire(desk, week) == 0, desk.err
    status = desk.json("keys", "status", desk.home)
    assert (status["weeks_left"], status["own_weeks_left"]) == (8, 7)
    desk.issue("--weeks", "1")
    assert desk.server.manifest is not None
    assert week not in [entry.week for entry in desk.server.manifest.manifest.intake]


@pytest.fixture
def old_desk(desk: Desk) -> Desk:
    """Its keys are of ten weeks ago and the weeks after: some are due."""
    long_ago = today() - dt.timedelta(days=70)
    for path in [*(desk.root / "manifests").iterdir(), *(desk.root / "offers").iterdir()]:
        path.unlink()
    desk.tamper("DELETE FROM manifests")
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        for week in home.keyring.intake_weeks():
            home.keyring.destroy(f"intake-{week}")
        issue_keys(home, RootMedium.open_existing(desk.root), weeks=11, twin=None, today=long_ago)
    desk.issue()
    return desk


def test_what_is_proved_goes_and_what_is_not_is_told_week_by_week(old_desk: Desk) -> None:
    desk = old_desk
    first, second, *_ = [Week.parse(one["week"]) for one in desk.json("keys", "status", desk.home)["weeks"]]
    close_week(desk, second)
    rows = {one["week"]: one for one in desk.json("keys", "status", desk.home)["weeks"]}
    assert (rows[str(first)]["due"], rows[str(first)]["retirable"]) == (True, False)
    assert (rows[str(second)]["due"], rows[str(second)]["retirable"]) == (True, True)
    assert desk.run("keys", "retire", desk.home) == 1
    assert f"destroyed        intake-{second}" in desk.out
    assert f"the key of {first} stays: server server has not signed that week {first} is closed" in desk.err
    assert f"week {first}    due, and waits, 0 envelopes" in desk.do("keys", "status", desk.home)


def test_a_key_that_was_offered_and_never_issued_needs_no_proof_once_its_week_is_over(old_desk: Desk) -> None:
    desk = old_desk
    never = Week.of(today() - dt.timedelta(days=140))
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        home.keyring.keep(f"intake-{never}", bytes(32))
    desk.run("keys", "retire", desk.home)
    assert f"destroyed        intake-{never}" in desk.out


def test_status_says_how_many_weeks_are_left_and_how_the_quarters_stand(desk: Desk) -> None:
    status = desk.json("keys", "status", desk.home)
    assert (status["weeks_left"], status["own_weeks_left"]) == (8, 8)
    (first, *_) = status["sealed"]
    assert first["waits_for"] == [
        one["week"]
        for one in status["weeks"]
        if Week.parse(one["week"]).monday <= dt.date.fromisoformat(first["last_day"]) + dt.timedelta(days=60)
    ]
    assert (first["due"], first["retirable"]) == (False, False)
    (desk.home / "keys" / f"intake-{status['weeks'][2]['week']}.key").unlink()
    assert "weeks left       8, of which this reviewer opens 7" in desk.do("keys", "status", desk.home)


def test_status_says_which_keys_the_twin_lacks(desk: Desk) -> None:
    twin = desk.folder / "twin"
    desk.issue("--twin", twin)
    assert desk.json("keys", "status", desk.home)["missing_on_twin"] == []
    desk.issue("--weeks", "10")
    assert len(desk.json("keys", "status", desk.home)["missing_on_twin"]) == 2
    assert "BUT IT LACKS 2 keys" in desk.do("keys", "status", desk.home)
    desk.issue("--twin", twin)
    assert desk.json("keys", "status", desk.home)["missing_on_twin"] == []
