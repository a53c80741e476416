"""Buttons for help: their seeds are drawn here once, and written once into one button."""

import datetime as dt
import struct
from collections.abc import Callable, Sequence

from crypto.beacon.day_mark import MarkKey
from crypto.beacon.rotating_id import LARGEST_TIME, ButtonSeed
from crypto.beacon.week_file import MOST_BUTTONS
from reviewer.beacon.places import require_place
from reviewer.casebook.help_records import HelpDrill
from reviewer.casebook.help_register import HelpButton
from reviewer.errors import BeaconRefused
from reviewer.home.home import Home
from system.errors import ProgramError

FIXED, CARRIED = "fixed", "carried"
PROFILES = (FIXED, CARRIED)
RECORD_BYTES = 68
MOST_PRESSES = 1000
_TIME = struct.Struct(">I")


def new_buttons(home: Home, *, place: int, count: int, profile: str, today: dt.date) -> Sequence[int]:
    """Draw the seeds of ``count`` buttons for one place; their numbers.

    Raises:
        BeaconRefused: the profile is locked, there is no such place, or there would be more than 500 buttons.
    """
    if profile != FIXED:
        raise BeaconRefused(
            "carried buttons are locked in this version",
            hint="a carried button endangers the person who has it: see docs/beacon/README.md",
        )
    require_place(home, place)
    register = home.casebook.help_register
    if sum(one.retired_day is None for one in register.buttons()) + count > MOST_BUTTONS:
        raise BeaconRefused(f"a week file holds at most {MOST_BUTTONS} buttons", hint="retire those that are gone")
    with home.casebook.changing():
        if register.mark_key() is None:
            register.keep_mark_key(MarkKey.generate().seed())
        numbers = [register.add_button(place, ButtonSeed.generate().seed(), today=today) for _ in range(count)]
        for number in numbers:
            home.casebook.log.add("button made", f"button {number} for place {place}", today=today)
    return numbers


def provision(home: Home, number: int, *, write: Callable[[bytes], None], now: int, today: dt.date) -> None:
    """Write the record of docs/beacon/button.md: seed, mark key and ``now`` in Unix seconds, 68 bytes.

    It counts as written before the first byte leaves, so that one seed never reaches two buttons.

    Raises:
        BeaconRefused: it was written before, the button was retired or is not known, the clock is not possible,
            or the record could not be written whole.
    """
    register = home.casebook.help_register
    button = require_button(home, number)
    mark_key = register.mark_key()
    if button.seed is None or mark_key is None:
        raise BeaconRefused(f"button {number} was retired, and its seed is destroyed", hint="make another one")
    if not 0 <= now <= LARGEST_TIME:
        raise BeaconRefused("the clock of this machine must be between 1970 and 2106")
    with home.casebook.changing():
        if not register.mark_provisioned(number, today=today):
            raise BeaconRefused(
                f"the seed of button {number} was written into a button before",
                hint="two buttons with one seed cannot be told apart: retire it, and make another one",
            )
        home.casebook.log.add("button provisioned", f"button {number}", today=today)
    try:
        write(button.seed + mark_key + _TIME.pack(now))
    except (OSError, ProgramError) as error:
        raise BeaconRefused(
            f"the record of button {number} could not be written whole, and its seed counts as used",
            hint="retire this button, and make another one",
        ) from error


def retire(home: Home, number: int, *, today: dt.date) -> None:
    """Destroy the seed of a button. Its number is never given again.

    Raises:
        BeaconRefused: there is no such button, or it was retired before.
    """
    require_button(home, number)
    with home.casebook.changing():
        if not home.casebook.help_register.retire(number, today=today):
            raise BeaconRefused(f"button {number} was retired before")
        home.casebook.log.add("button retired", f"button {number}", today=today)


def record_drill(home: Home, drill: HelpDrill, *, today: dt.date) -> None:
    """Keep the result of a drill.

    Raises:
        BeaconRefused: the button does not hang in a place, or day or numbers are not possible.
    """
    button = require_button(home, drill.button)
    if not button.is_in_use or button.provisioned_day is None:
        raise BeaconRefused(f"button {drill.button} was not provisioned, or was retired")
    if not button.provisioned_day <= drill.day <= today:
        raise BeaconRefused("the day of a drill must lie between the day of provisioning and today")
    if not 0 <= drill.heard <= drill.presses <= MOST_PRESSES or drill.presses == 0:
        raise BeaconRefused(f"a drill has 1 to {MOST_PRESSES} presses, of which at most all were heard")
    with home.casebook.changing():
        home.casebook.help_records.add_drill(drill)
        home.casebook.log.add("drill recorded", f"button {drill.button}", today=today)


def require_button(home: Home, number: int) -> HelpButton:
    """The button with this number.

    Raises:
        BeaconRefused: there is none.
    """
    button = home.casebook.help_register.button(number)
    if button is None:
        raise BeaconRefused(f"there is no button {number}", hint="tipline-review beacon buttons HOME lists them")
    return button
