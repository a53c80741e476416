"""Buttons for help at the desk: places with their drills, and presses. It changes nothing."""

import datetime as dt
from dataclasses import dataclass

from flask import Blueprint, Response

from crypto.beacon.drill_rule import heard_at_least
from reviewer.beacon.copies import SeenPress, presses_seen
from reviewer.beacon.readiness import drill_reason
from reviewer.beacon.week import RELAYS_NEEDED
from reviewer.casebook.help_records import HelpDrill
from reviewer.casebook.help_register import HelpButton, HelpPlace
from reviewer.desk.page import home, page
from reviewer.home.home import Home
from system.clock import today

views = Blueprint("help_buttons", __name__, url_prefix="/help-buttons")
MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class ShownButton:
    """A button with its last drill; ``share`` of 100 presses are heard at least, by its own drills."""

    number: int
    is_retired: bool
    is_served: bool
    drill: HelpDrill | None
    share: str


@dataclass(frozen=True, slots=True)
class ShownHelpPlace:
    """A place with its buttons and the number of its relays in use."""

    place: HelpPlace
    relays: int
    buttons: list[ShownButton]


@dataclass(frozen=True, slots=True)
class ShownPress:
    """A press as the table shows it; ``at`` is in UTC, by the clock of a relay."""

    at: str
    place: str
    button: int
    relays: tuple[int, ...]


@views.get("", provide_automatic_options=False)
def overview() -> Response:
    """All places and the newest presses."""
    opened = home()
    presses = presses_seen(opened)
    opened.casebook.log.add("sightings of presses listed", f"{len(presses)}", today=today())
    places = opened.casebook.help_register.places()
    names = {place.number: place.name for place in places}
    return page(
        "help_buttons.html",
        places=[_shown_place(opened, place) for place in places],
        presses=[_shown_press(one, names) for one in presses[:MOST_SHOWN]],
        left_out=max(0, len(presses) - MOST_SHOWN),
        needed=RELAYS_NEEDED,
    )


def _shown_place(opened: Home, place: HelpPlace) -> ShownHelpPlace:
    register = opened.casebook.help_register
    relays = sum(one.place == place.number and one.removed_day is None for one in register.relays())
    buttons = [_shown_button(opened, one) for one in register.buttons() if one.place == place.number]
    return ShownHelpPlace(place, relays, buttons)


def _shown_button(opened: Home, button: HelpButton) -> ShownButton:
    drills = opened.casebook.help_records.drills(button.number)
    last = drills[-1] if drills else None
    heard, presses = sum(one.heard for one in drills), sum(one.presses for one in drills)
    is_served = button.is_in_use and not drill_reason(drills, today=today())
    share = f"{100 * heard_at_least(heard, presses):.1f}"
    return ShownButton(button.number, button.retired_day is not None, is_served, last, share)


def _shown_press(press: SeenPress, names: dict[int, str]) -> ShownPress:
    at = dt.datetime.fromtimestamp(press.first, dt.UTC).strftime("%Y-%m-%d %H:%M:%S")
    return ShownPress(at, names[press.place], press.button, press.relays)
