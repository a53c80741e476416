"""Readiness, and the week file of the duty desk."""

import datetime as dt

import pytest

from crypto.beacon.drill_rule import is_enough
from crypto.beacon.rotating_id import WINDOW_SECONDS, ButtonSeed, Meaning, id_at
from crypto.beacon.week_file import open_week
from crypto.keys.keys import DutySecretKey
from reviewer.beacon.buttons import record_drill
from reviewer.beacon.duty_hours import parse_hours, parse_roster, uncovered
from reviewer.beacon.places import add_place, change_place, remove_relay
from reviewer.beacon.readiness import drill_reason, reasons_against
from reviewer.beacon.week import DRILLS_ONLY, ONE_RELAY, make_week
from reviewer.casebook.help_records import HelpDrill
from reviewer.casebook.help_register import HelpPlace
from reviewer.errors import BeaconRefused
from tests.reviewer.beacon.beacon_home import NOW, PLACE, ROSTER, TODAY, WEEK, hang_button, make_ready, unlocked
from tests.reviewer.desk_stage import Desk

DUTY = [DutySecretKey(bytes([place]) * 32) for place in (1, 2)]
KEYS = [key.public_key() for key in DUTY]


def days_ago(days: int, presses: int, missed: int = 0) -> HelpDrill:
    return HelpDrill(1, TODAY - dt.timedelta(days=days), presses, presses - missed)


def test_the_week_file_opens_with_either_duty_key_and_knows_each_id_of_the_week(desk: Desk) -> None:
    with unlocked(desk) as home:
        number = make_ready(home)
        _made, sealed = make_week(home, WEEK, to=KEYS, for_drills=False, today=TODAY, now=NOW)
        button = home.casebook.help_register.button(number)
        signer = home.party_keys().party().verify_key
    assert button is not None
    seed = button.seed or b""
    for key in DUTY:
        week_file = open_week(sealed, keys=[key], signers=[signer])
        monday = int(dt.datetime.combine(WEEK.monday, dt.time(), dt.UTC).timestamp())
        for meaning in Meaning:
            # A button's clock may be off by half an hour at either end.
            for at in range(monday - 1800, monday + 8 * 86_400 + 1800, WINDOW_SECONDS):
                owner = week_file.table[id_at(ButtonSeed(seed).id_key(meaning), at)]
                assert (owner.button, owner.meaning, owner.window) == (number, meaning, at // WINDOW_SECONDS)
        assert week_file.made == NOW
        assert seed not in week_file.to_bytes() + week_file.ids
        assert [(one.number, one.place) for one in week_file.relays] == [(1, 1), (2, 1)]
        [card] = week_file.places
        assert card.lines[:3] == (PLACE.name, "First minute:", "Call the ward.")
        assert not {DRILLS_ONLY, ONE_RELAY} & set(card.lines)


def test_a_removed_relay_is_in_no_later_week_file_and_the_card_says_that_one_is_left(desk: Desk) -> None:
    with unlocked(desk) as home:
        make_ready(home)
        remove_relay(home, 1, today=TODAY)
        made, _sealed = make_week(home, WEEK, to=KEYS, for_drills=False, today=TODAY, now=NOW)
    assert [one.number for one in made.relays] == [2]
    assert ONE_RELAY in made.places[0].lines


def test_no_week_file_is_made_without_duty_people_plans_and_drills(desk: Desk) -> None:
    with unlocked(desk) as home:
        assert reasons_against(home, WEEK, for_drills=True, today=TODAY) == ["no button was provisioned"]
        make_ready(home)
        assert reasons_against(home, WEEK, for_drills=False, today=TODAY) == []
        place = add_place(home, HelpPlace(0, "Station", "North", "mon-sun 08-09"), today=TODAY)
        number, _record = hang_button(home, place)
        reasons = reasons_against(home, WEEK, for_drills=False, today=TODAY)
        assert [reason.partition(":")[0] for reason in reasons] == [
            f"the roster of {WEEK} lacks two people for 2 hours that leaflets promise",
            "place 2 has no plan of the first minute",
            "place 2 has no plan for when no second person comes",
            f"button {number}",
        ]
        with pytest.raises(BeaconRefused, match="not ready"):
            make_week(home, WEEK, to=KEYS, for_drills=False, today=TODAY, now=NOW)
        change_place(home, place, hours="mon 08-09", first_minute="Go.", no_second_person="Stay.", today=TODAY)
        with pytest.raises(BeaconRefused, match="no drill"):
            make_week(home, WEEK, to=KEYS, for_drills=False, today=TODAY, now=NOW)
        made, _sealed = make_week(home, WEEK, to=KEYS, for_drills=True, today=TODAY, now=NOW)
        assert [DRILLS_ONLY in card.lines for card in made.places] == [False, True]
        record_drill(home, HelpDrill(number, TODAY, 60, 60), today=TODAY)
        make_week(home, WEEK, to=KEYS, for_drills=False, today=TODAY, now=NOW)
        later = TODAY + dt.timedelta(days=31)
        assert "button 1: no drill in the last 30 days" in reasons_against(
            home, WEEK, for_drills=False, today=later
        )


def test_a_week_file_needs_two_different_keys_and_a_week_that_is_near(desk: Desk) -> None:
    with unlocked(desk) as home:
        make_ready(home)
        for keys in (KEYS[:1], [KEYS[0]] * 2, []):
            with pytest.raises(BeaconRefused, match="two different duty keys"):
                make_week(home, WEEK, to=keys, for_drills=False, today=TODAY, now=NOW)
        for days in (-15, 9):
            with pytest.raises(BeaconRefused, match="must be this one"):
                make_week(home, WEEK, to=KEYS, for_drills=False, today=TODAY + dt.timedelta(days=days), now=NOW)


def test_the_command_refuses_keys_that_are_none_and_writes_over_no_file(desk: Desk) -> None:
    out, key = desk.folder / "week", desk.folder / "duty.pub"
    key.write_text("age1pq1nonsense\n", encoding="ascii")
    options = ("--duty", key, "--duty", key)
    assert desk.run("beacon", "week", desk.home, "--out", out, *options) == 1
    assert "begins with age1pq1" in desk.err
    key.write_text(f"{KEYS[0]}\n", encoding="ascii")
    assert desk.run("beacon", "week", desk.home, "--out", out, *options) == 1
    assert not out.exists()
    out.write_bytes(b"mine")
    assert desk.run("beacon", "week", desk.home, "--out", out, *options) == 1
    assert "is there already" in desk.err
    assert out.read_bytes() == b"mine"


def test_the_figures_of_the_page_are_those_at_which_a_drill_is_enough() -> None:
    for missed, presses in ((0, 60), (1, 93), (2, 124)):
        assert is_enough(presses - missed, presses)
        assert not is_enough(presses - 1 - missed, presses - 1)


def test_a_monthly_drill_keeps_a_place_served_until_a_press_is_missed() -> None:
    whole, monthly, missed = days_ago(40, 60), days_ago(10, 20), days_ago(5, 20, missed=1)
    assert drill_reason([], today=TODAY) == "no drill"
    assert drill_reason([whole], today=TODAY) == "no drill in the last 30 days"
    assert drill_reason([whole, monthly], today=TODAY) == ""
    assert "not enough" in drill_reason([monthly], today=TODAY)
    assert "not enough" in drill_reason([whole, days_ago(10, 19)], today=TODAY)
    assert "not enough" in drill_reason([whole, monthly, missed, days_ago(1, 20)], today=TODAY)
    assert drill_reason([whole, monthly, missed, days_ago(1, 60)], today=TODAY) == ""


def test_each_hour_of_the_leaflets_needs_two_people_and_the_same_name_twice_is_one() -> None:
    hours = parse_hours("mon-tue 08-10, sun 23-24")
    assert sorted(hours) == [(0, 8), (0, 9), (1, 8), (1, 9), (6, 23)]
    assert uncovered(hours, parse_roster(ROSTER)) == [(6, 23)]
    assert uncovered(hours, parse_roster("mon-sun 00-24 Anna, Anna\n")) == sorted(hours)
    assert uncovered(hours, parse_roster("mon-sun 00-24 Anna\n\nmon-sun 00-24 Bela\n")) == []
    for text in (
        "",
        "mon 8-10",
        "mon 10-08",
        "mon 00-25",
        "tue-mon 08-10",
        "day 08-10",
        "mon 08-10 Anna",
        "mon 08-10,",
    ):
        with pytest.raises(BeaconRefused):
            parse_hours(text)
    with pytest.raises(BeaconRefused, match="line 2"):
        parse_roster("mon 08-10 Anna\nmon 08-10\n")
