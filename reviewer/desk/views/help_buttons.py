"""Buttons for help at the desk: places with their drills, presses, and what is to be taken down."""

import datetime as dt
from dataclasses import dataclass

from flask import Blueprint, Response, url_for

from crypto.beacon.drill_rule import heard_at_least
from reviewer.beacon.copies import SeenPress, presses_seen
from reviewer.beacon.readiness import drill_reason
from reviewer.beacon.taking_down import LONGEST_THING, still_hanging, take_down, tick_off
from reviewer.beacon.week import RELAYS_NEEDED, weeks_to_make_again
from reviewer.casebook.help_records import HelpDrill, HelpHanging
from reviewer.casebook.help_register import HelpButton, HelpPlace
from reviewer.desk.page import home, page, typed
from reviewer.home.home import Home
from system.clock import today
from system.errors import ProgramError

views = Blueprint("help_buttons", __name__, url_prefix="/help-buttons")
MOST_SHOWN = 200
_NUMBER, _THING = "<int(max=1000000000):number>", "<int(max=1000000000):thing>"


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
    """A place with its buttons, the number of its relays in use, and what still hangs there."""

    place: HelpPlace
    relays: int
    buttons: list[ShownButton]
    hanging: list[HelpHanging]


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
    return _overview()


@views.post(f"/place/{_NUMBER}/take-down", provide_automatic_options=False)
def list_hanging(number: int) -> Response:
    """List what is to be taken down at a place that ends."""
    leaflets = [line for line in typed("leaflets").split("\n") if line.strip()]
    try:
        take_down(home(), number, leaflets, today=today())
    except ProgramError as error:
        return _overview(problem=error, problem_at=number)
    return Response(status=303, headers={"Location": url_for("help_buttons.overview")})


@views.post(f"/place/{_NUMBER}/down/{_THING}", provide_automatic_options=False)
def down(number: int, thing: int) -> Response:
    """Tick off one thing that was taken down."""
    try:
        tick_off(home(), thing, by=typed("by"), today=today())
    except ProgramError as error:
        return _overview(problem=error, problem_at=number)
    return Response(status=303, headers={"Location": url_for("help_buttons.overview")})


def _overview(*, problem: ProgramError | None = None, problem_at: int = 0) -> Response:
    opened = home()
    presses = presses_seen(opened)
    opened.casebook.log.add("sightings of presses listed", f"{len(presses)}", today=today())
    places = opened.casebook.help_register.places()
    names = {place.number: place.name for place in places}
    return page(
        "help_buttons.html",
        422 if problem else 200,
        places=[_shown_place(opened, place) for place in places],
        presses=[_shown_press(one, names) for one in presses[:MOST_SHOWN]],
        left_out=max(0, len(presses) - MOST_SHOWN),
        needed=RELAYS_NEEDED,
        outdated=weeks_to_make_again(opened, today=today()),
        longest=LONGEST_THING,
        problem=problem,
        problem_at=problem_at,
        typed=typed,
    )


def _shown_place(opened: Home, place: HelpPlace) -> ShownHelpPlace:
    register = opened.casebook.help_register
    relays = sum(one.place == place.number and one.removed_day is None for one in register.relays())
    buttons = [_shown_button(opened, one) for one in register.buttons() if one.place == place.number]
    hanging = [one for one in still_hanging(opened) if one.place == place.number]
    return ShownHelpPlace(place, relays, buttons, hanging)


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
