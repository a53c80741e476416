"""Places with a button for help, and the relays beside it."""

import datetime as dt
from dataclasses import replace

from crypto.beacon.sighting import RelaySecret
from crypto.beacon.week_file import LONGEST_LINE, MOST_PLACES, MOST_RELAYS
from crypto.primitives import canonical_json
from reviewer.beacon.duty_hours import parse_hours
from reviewer.casebook.help_register import HelpPlace
from reviewer.errors import BeaconRefused
from reviewer.home.home import Home

LONGEST_NAME = 60
PLAN_LINES = 15
PLAN_BYTES = 32_768


def add_place(home: Home, place: HelpPlace, *, today: dt.date) -> int:
    """Keep a new place; its number. The number of ``place`` is not looked at.

    Raises:
        BeaconRefused: a text is not as it must be, the name is taken, or there are 500 places.
    """
    register = home.casebook.help_register
    for what, text in (("name", place.name), ("region", place.region)):
        if not canonical_json.is_plain_text(text, longest=LONGEST_NAME):
            raise BeaconRefused(f"{what} of a place must be 1 to {LONGEST_NAME} printable letters in one line")
    place = _checked(place)
    if any(one.name == place.name for one in register.places()):
        raise BeaconRefused("another place has this name", hint="people who come must know them apart")
    if len(register.places()) >= MOST_PLACES:
        raise BeaconRefused(f"a week file holds at most {MOST_PLACES} places")
    with home.casebook.changing():
        number = register.add_place(place, today=today)
        home.casebook.log.add("place of a button added", f"place {number}", today=today)
    return number


def change_place(
    home: Home,
    number: int,
    *,
    hours: str | None,
    first_minute: str | None,
    no_second_person: str | None,
    today: dt.date,
) -> None:
    """Replace the hours of a place, or a part of its plan; None leaves one as it is.

    Raises:
        BeaconRefused: no such place, or a text is not as it must be.
    """
    place = require_place(home, number)
    changed = replace(
        place,
        hours=place.hours if hours is None else hours,
        first_minute=place.first_minute if first_minute is None else first_minute,
        no_second_person=place.no_second_person if no_second_person is None else no_second_person,
    )
    with home.casebook.changing():
        home.casebook.help_register.change_place(_checked(changed))
        home.casebook.log.add("place of a button changed", f"place {number}", today=today)


def require_place(home: Home, number: int) -> HelpPlace:
    """The place with this number.

    Raises:
        BeaconRefused: there is none.
    """
    place = home.casebook.help_register.place(number)
    if place is None:
        raise BeaconRefused(f"there is no place {number}", hint="tipline-review beacon places HOME lists them")
    return place


def add_relay(home: Home, name: str, *, place: int, today: dt.date) -> int:
    """Draw the secret of a new relay at a place; its number.

    Raises:
        BeaconRefused: no such place, the name is taken or no name, or there are 500 relays.
    """
    register = home.casebook.help_register
    require_place(home, place)
    if not canonical_json.is_plain_text(name, longest=LONGEST_NAME):
        raise BeaconRefused(f"name of a relay must be 1 to {LONGEST_NAME} printable letters in one line")
    relays = register.relays()
    if any(one.name == name for one in relays):
        raise BeaconRefused(
            "another relay has or had this name", hint="give it another one: sightings name the relay"
        )
    if sum(one.removed_day is None for one in relays) >= MOST_RELAYS:
        raise BeaconRefused(f"a week file holds at most {MOST_RELAYS} relays")
    with home.casebook.changing():
        number = register.add_relay(name, place, RelaySecret.generate().seed(), today=today)
        home.casebook.log.add("relay added", f"relay {number} at place {place}", today=today)
    return number


def remove_relay(home: Home, number: int, *, today: dt.date) -> None:
    """Take a relay out: no later week file has its key.

    Raises:
        BeaconRefused: no relay of this number is in use.
    """
    with home.casebook.changing():
        if not home.casebook.help_register.remove_relay(number, today=today):
            raise BeaconRefused(f"no relay {number} is in use", hint="tipline-review beacon relays HOME lists them")
        home.casebook.log.add("relay removed", f"relay {number}", today=today)


def _checked(place: HelpPlace) -> HelpPlace:
    """The place with plans whose lines fit on the card of the duty desk."""
    parse_hours(place.hours)
    return replace(place, first_minute=_plan(place.first_minute), no_second_person=_plan(place.no_second_person))


def _plan(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > PLAN_LINES or not all(
        canonical_json.is_plain_text(line, longest=LONGEST_LINE) for line in lines
    ):
        raise BeaconRefused(
            f"each part of a plan must have at most {PLAN_LINES} lines of at most {LONGEST_LINE} printable letters"
        )
    return "\n".join(lines)
