"""Readiness: the reasons for which no week file may be made.

A leaflet promises that two people hear a press. So each hour of each leaflet needs two people, each place its plan,
and each button a drill where it hangs.
"""

import datetime as dt
from collections.abc import Sequence

from crypto.beacon.drill_rule import FEWEST_PRESSES, is_enough
from crypto.primitives.week import Week
from reviewer.beacon.duty_hours import hour_text, parse_hours, parse_roster, uncovered
from reviewer.casebook.help_records import HelpDrill
from reviewer.casebook.help_register import HelpButton
from reviewer.home.home import Home

FEWEST_MONTHLY_PRESSES = 20
DRILL_DAYS = 30
_HOURS_NAMED = 3


def drill_reason(drills: Sequence[HelpDrill], *, today: dt.date) -> str:
    """The reason for which these drills of one button, oldest first, do not serve; empty if they do."""
    is_served = False
    for drill in drills:
        was_short = drill.presses < FEWEST_PRESSES
        is_monthly = was_short and drill.presses >= FEWEST_MONTHLY_PRESSES and drill.heard == drill.presses
        # After a miss in a short drill the whole one is due again.
        is_served = is_enough(drill.heard, drill.presses) or (is_served and is_monthly)
    if not drills:
        return "no drill"
    if not is_served:
        return (
            f"its drills are not enough: {FEWEST_PRESSES} presses without a miss, or more with a lower 95 % bound"
            " of 95 %"
        )
    if (today - drills[-1].day).days > DRILL_DAYS:
        return f"no drill in the last {DRILL_DAYS} days"
    return ""


def buttons_in_use(home: Home) -> list[HelpButton]:
    """The buttons whose seeds were written, and that were not retired."""
    return [button for button in home.casebook.help_register.buttons() if button.is_in_use]


def undrilled(home: Home, *, today: dt.date) -> dict[int, str]:
    """The reason for each button in use whose drills do not serve, by its number."""
    records = home.casebook.help_records
    found = {one.number: drill_reason(records.drills(one.number), today=today) for one in buttons_in_use(home)}
    return {number: reason for number, reason in found.items() if reason}


def reasons_against(home: Home, week: Week, *, for_drills: bool, today: dt.date) -> list[str]:
    """All reasons for which ``week`` may have no week file. With ``for_drills`` no drill is asked for."""
    register = home.casebook.help_register
    buttons = buttons_in_use(home)
    if not buttons:
        return ["no button was provisioned"]
    served = {one.place for one in buttons}
    places = [place for place in register.places() if place.number in served]
    roster = parse_roster(home.casebook.help_records.roster(week))
    missing = uncovered((hour for place in places for hour in parse_hours(place.hours)), roster)
    reasons = []
    if missing:
        named = ", ".join(map(hour_text, missing[:_HOURS_NAMED]))
        more = " and more" if len(missing) > _HOURS_NAMED else ""
        reasons.append(
            f"the roster of {week} lacks two people for {len(missing)} hours that leaflets promise: {named}{more}"
        )
    for place in places:
        if not place.first_minute:
            reasons.append(f"place {place.number} has no plan of the first minute")
        if not place.no_second_person:
            reasons.append(f"place {place.number} has no plan for when no second person comes")
    if not for_drills:
        reasons += [f"button {number}: {why}" for number, why in undrilled(home, today=today).items()]
    return reasons
