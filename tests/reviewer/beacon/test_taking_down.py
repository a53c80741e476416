"""Places that end, and week files that list what is gone: each is named until it is done."""

import pytest

from crypto.keys.keys import DutySecretKey
from crypto.primitives.week import Week
from reviewer.beacon.buttons import retire
from reviewer.beacon.places import remove_relay
from reviewer.beacon.taking_down import LONGEST_THING, MOST_THINGS, still_hanging, take_down, tick_off
from reviewer.beacon.week import log_week, make_week, weeks_to_make_again
from reviewer.casebook.help_records import HelpWeekFile
from reviewer.errors import BeaconRefused
from reviewer.home.home import Home
from tests.reviewer.beacon.beacon_home import NOW, ROSTER, TODAY, WEEK, make_ready, unlocked
from tests.reviewer.desk_stage import Desk

KEYS = [DutySecretKey(bytes([place]) * 32).public_key() for place in (1, 2)]


def write_week(home: Home, *, weeks_ahead: int = 0) -> None:
    week = WEEK if not weeks_ahead else WEEK.next()
    home.casebook.help_records.put_roster(week, ROSTER)
    made, _sealed = make_week(home, week, to=KEYS, for_drills=False, today=TODAY, now=NOW)
    log_week(home, made, today=TODAY)


def test_leaflets_and_buttons_still_hang_until_each_is_ticked_off_by_name(desk: Desk) -> None:
    with unlocked(desk) as home:
        make_ready(home)
    said = desk.do(
        "beacon", "places", "take-down", desk.home, "1", "leaflet inside of door 2", "poster at the desk"
    )
    assert said == "1  leaflet inside of door 2\n2  poster at the desk\n3  button 1\n"
    still = "leaflets still hang at Harbour clinic: "
    assert f"{still}1 leaflet inside of door 2, 2 poster at the desk, 3 button 1" in desk.err
    for number, left in ((1, "2 poster at the desk, 3 button 1"), (3, "2 poster at the desk")):
        desk.do("beacon", "places", "down", desk.home, str(number), "--by", "Anna")
        assert f"{still}{left}\n" in desk.err
    assert desk.run("beacon", "places", "down", desk.home, "1", "--by", "Anna") == 1
    [place] = desk.json("beacon", "places", "list", desk.home)["places"]
    assert place["still_hangs"] == [{"number": 2, "what": "poster at the desk"}]
    desk.do("beacon", "places", "list", desk.home)
    assert still in desk.err
    desk.do("beacon", "places", "down", desk.home, "2", "--by", "Bela")
    assert still not in desk.err
    with unlocked(desk) as home:
        ticked = home.casebook.help_records.hanging()
        assert [one.down_by for one in ticked] == ["Anna", "Bela", "Anna"]
        lines = [line for line in home.casebook.log.lines() if "taken down" in line[2]]
        assert len(lines) == 4
        assert not any("poster" in str(line) or "Bela" in str(line) for line in lines)


def test_a_list_of_what_hangs_is_refused_with_its_reason_and_nothing_stands_on_it_twice(desk: Desk) -> None:
    with unlocked(desk) as home:
        number = make_ready(home)
        for leaflets in ([], [f"leaflet {place}" for place in range(MOST_THINGS + 1)], ["x" * (LONGEST_THING + 1)]):
            with pytest.raises(BeaconRefused):
                take_down(home, 1, leaflets, today=TODAY)
        with pytest.raises(BeaconRefused, match="no place 2"):
            take_down(home, 2, ["leaflet"], today=TODAY)
        assert still_hanging(home) == []
        take_down(home, 1, ["leaflet", " leaflet "], today=TODAY)
        assert [one.what for one in take_down(home, 1, ["leaflet", "poster"], today=TODAY)] == [
            *("leaflet", f"button {number}", "poster")
        ]
        with pytest.raises(BeaconRefused, match="name who took it down"):
            tick_off(home, 1, by=" ", today=TODAY)
        tick_off(home, 1, by="Anna", today=TODAY)
        assert "leaflet" in [one.what for one in take_down(home, 1, ["leaflet"], today=TODAY)]


def test_a_button_that_was_retired_first_is_listed_until_it_was_ticked_off_once(desk: Desk) -> None:
    with unlocked(desk) as home:
        number = make_ready(home)
        retire(home, number, today=TODAY)
        [_leaflet, button] = take_down(home, 1, ["leaflet"], today=TODAY)
        assert button.what == f"button {number}"
        tick_off(home, button.number, by="Anna", today=TODAY)
        assert [one.what for one in take_down(home, 1, ["leaflet"], today=TODAY)] == ["leaflet"]


def test_each_week_file_that_lists_a_removed_relay_is_named_until_it_is_made_again(desk: Desk) -> None:
    with unlocked(desk) as home:
        number = make_ready(home)
        write_week(home)
        write_week(home, weeks_ahead=1)
        assert weeks_to_make_again(home, today=TODAY) == []
        remove_relay(home, 2, today=TODAY)
        found = weeks_to_make_again(home, today=TODAY)
        assert [(one.week, one.gone) for one in found] == [(WEEK, ("relay 2",)), (WEEK.next(), ("relay 2",))]
        write_week(home)
        assert [one.week for one in weeks_to_make_again(home, today=TODAY)] == [WEEK.next()]
        assert weeks_to_make_again(home, today=WEEK.next().next().next().monday) == []
        write_week(home, weeks_ahead=1)
        assert weeks_to_make_again(home, today=TODAY) == []
        retire(home, number, today=TODAY)
        assert [one.gone for one in weeks_to_make_again(home, today=TODAY)] == [(f"button {number}",)] * 2


def test_the_command_that_removes_a_relay_names_the_week_files_to_make_again(desk: Desk) -> None:
    with unlocked(desk) as home:
        make_ready(home)
        far = HelpWeekFile(Week(2098, 1), frozenset({1, 2}), frozenset({1}))
        home.casebook.help_records.put_week_file(far)
    desk.do("beacon", "relays", "remove", desk.home, "1")
    assert "relay 1 is removed" in desk.out
    assert (
        "the week file of 2098-W01 still lists relay 1: make it again, and bring it to both duty machines"
        in desk.err
    )
