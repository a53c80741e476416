"""Places that end: which buttons and leaflets still hang there, until each is ticked off.

A leaflet that hangs without a duty desk is a false promise. The server knows no place, so the list is kept here and
at the duty desk.
"""

import datetime as dt
from collections.abc import Sequence

from crypto.primitives import canonical_json
from reviewer.beacon.places import require_place
from reviewer.casebook.help_records import HelpHanging
from reviewer.errors import BeaconRefused
from reviewer.home.home import Home

LONGEST_THING = 60
MOST_THINGS = 40


def take_down(home: Home, place: int, leaflets: Sequence[str], *, today: dt.date) -> list[HelpHanging]:
    """List these leaflets of a place, and each button there, as to be taken down; all that hangs there.

    A button that was retired hangs all the same, until it was ticked off. A thing that is on the list and still
    hangs is not listed again.

    Raises:
        BeaconRefused: no such place, no leaflet is named, too many, or a name is not as it must be.
    """
    require_place(home, place)
    names = list(dict.fromkeys(" ".join(name.split()) for name in leaflets))
    if not 1 <= len(names) <= MOST_THINGS:
        raise BeaconRefused(
            f"name 1 to {MOST_THINGS} leaflets of the place",
            hint="each as people find it: leaflet inside of door 2",
        )
    for name in names:
        if not canonical_json.is_plain_text(name, longest=LONGEST_THING):
            raise BeaconRefused(f"name of a leaflet must be 1 to {LONGEST_THING} printable letters in one line")
    listed = {one.what for one in home.casebook.help_records.hanging() if one.place == place}
    for one in home.casebook.help_register.buttons():
        was_hung = one.place == place and one.provisioned_day is not None
        if was_hung and (one.is_in_use or f"button {one.number}" not in listed):
            names.append(f"button {one.number}")
    known = {one.what for one in still_hanging(home) if one.place == place}
    with home.casebook.changing():
        for name in dict.fromkeys(names):
            if name not in known:
                home.casebook.help_records.list_hanging(place, name, today=today)
        home.casebook.log.add("to be taken down", f"place {place}", today=today)
    return [one for one in still_hanging(home) if one.place == place]


def tick_off(home: Home, number: int, *, by: str, today: dt.date) -> HelpHanging:
    """Note that a thing was taken down, and by whom.

    Raises:
        BeaconRefused: nothing of this number hangs, or no name was given.
    """
    name = " ".join(by.split())
    if not canonical_json.is_plain_text(name, longest=LONGEST_THING):
        raise BeaconRefused(f"name who took it down: 1 to {LONGEST_THING} printable letters")
    found = next((one for one in still_hanging(home) if one.number == number), None)
    if found is None:
        raise BeaconRefused(
            f"nothing that hangs has number {number}",
            hint="tipline-review beacon places list HOME lists what hangs",
        )
    with home.casebook.changing():
        home.casebook.help_records.take_down(number, by=name, today=today)
        home.casebook.log.add("taken down", f"number {number} at place {found.place}", today=today)
    return found


def still_hanging(home: Home) -> list[HelpHanging]:
    """Things that were to be taken down and were not ticked off, by place."""
    return [one for one in home.casebook.help_records.hanging() if one.down_day is None]
