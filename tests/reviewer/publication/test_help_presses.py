"""Figures of presses leave by region and quarter, with 11 presses on 11 days from 3 places behind each number."""

import datetime as dt

import pytest

from crypto.primitives.week import Quarter
from reviewer.beacon.places import add_place, add_relay
from reviewer.casebook.help_records import HelpSighting
from reviewer.casebook.help_register import HelpPlace
from reviewer.home.home import Home
from reviewer.publication.help_presses import presses_by_region
from reviewer.publication.register import registered
from reviewer.publication.releases import propose, publish
from reviewer.publication.written import to_csv
from system.errors import ProgramError
from tests.reviewer.beacon.beacon_home import TODAY, hang_button, unlocked
from tests.reviewer.desk_stage import Desk

QUARTER = Quarter(2026, 4)
FIRST = dt.datetime(2026, 10, 5, 12, tzinfo=dt.UTC)
LATER = dt.date(2027, 1, 1)


def places_in(home: Home, region: str, count: int) -> list[int]:
    """Buttons, each at a place of its own in one region."""
    found = []
    for number in range(count):
        place = add_place(home, HelpPlace(0, f"{region} {number}", region, "mon-sun 00-24"), today=TODAY)
        found.append(hang_button(home, place)[0])
        if not home.casebook.help_register.relays():
            for name in ("one", "two"):
                add_relay(home, name, place=place, today=TODAY)
    return found


def press(home: Home, button: int, day: int, *, relays: tuple[int, ...] = (1, 2)) -> None:
    """A press at noon, this number of days after the first, heard in two windows by each relay."""
    at = int((FIRST + dt.timedelta(days=day)).timestamp())
    for window in (at // 1024, at // 1024 + 1):
        for relay in relays:
            home.casebook.help_records.put_sighting(
                HelpSighting(button, "help-1", window, relay, at, at + 60, 9, -70)
            )


def released(home: Home) -> list[str]:
    table = registered("help-presses")
    proposal = propose(home, table, QUARTER, today=LATER)
    return to_csv(publish(home, proposal, because="", today=LATER)).splitlines()


def test_a_region_with_enough_presses_days_and_places_has_a_number_and_a_press_of_two_relays_counts_once(
    desk: Desk,
) -> None:
    with unlocked(desk) as home:
        buttons, (few, _) = places_in(home, "North", 3), places_in(home, "Zqsouth", 2)
        places_in(home, "total", 3)  # its line would look like that of the totals
        for day in range(12):
            press(home, buttons[day % 3], day)
        press(home, buttons[0], 100)  # another quarter
        press(home, few, 20)
        table = presses_by_region(home, QUARTER)
        lines = released(home)
    assert list(table.rows) == ["North", "other"], "a region with two places is not named"
    assert not any("Zqsouth" in line for line in lines)
    assert '"North","12"' not in lines, "with the total it would tell the one press elsewhere"
    assert '"total","15"' in lines


@pytest.mark.parametrize(
    ("places", "days"),
    [(2, range(12)), (3, range(10)), (3, [day % 10 for day in range(30)])],
    ids=["two places", "ten presses", "thirty presses on ten days"],
)
def test_a_region_with_too_few_places_presses_or_days_has_no_number(
    desk: Desk, places: int, days: list[int]
) -> None:
    with unlocked(desk) as home:
        buttons = places_in(home, "North", places)
        for number, day in enumerate(days):
            press(home, buttons[number % places], day)
        with pytest.raises(ProgramError, match="nothing"):
            released(home)


def test_days_on_which_two_regions_had_presses_stand_behind_one_of_them_only(desk: Desk) -> None:
    with unlocked(desk) as home:
        north, south = places_in(home, "North", 3), places_in(home, "South", 3)
        for day in range(12):
            press(home, north[day % 3], day)
            press(home, south[day % 3], day)
        table = presses_by_region(home, QUARTER)
        assert [table.counts((row, 0)) for row in range(3)] == [(12, 6, 3), (12, 6, 3), (24, 12, 6)]
        lines = released(home)
    assert '"North","too few"' in lines
    assert '"South","too few"' in lines
    assert '"total","25"' in lines


def test_no_name_of_a_place_stands_in_a_table(desk: Desk) -> None:
    with unlocked(desk) as home:
        buttons = places_in(home, "North", 3)
        for day in range(33):
            press(home, buttons[day % 3], day)
        text = "\n".join(released(home))
    assert '"North","33"' in text
    assert "North 0" not in text
