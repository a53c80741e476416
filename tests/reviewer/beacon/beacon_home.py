"""A home with one place that is ready, for tests of buttons for help."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from crypto.primitives.week import Week
from reviewer.beacon.buttons import FIXED, new_buttons, provision, record_drill
from reviewer.beacon.places import add_place, add_relay
from reviewer.casebook.help_records import HelpDrill
from reviewer.casebook.help_register import HelpPlace
from reviewer.home.home import Home, open_home
from reviewer.terminal.secret_entry import SecretEntry
from tests.reviewer.desk_stage import Desk

WEEK = Week(2026, 49)
TODAY = WEEK.monday
NOW = 1_795_608_000
PLACE = HelpPlace(0, "Harbour clinic", "North", "mon-fri 08-20", "Call the ward.\nGo by the side door.", "Stay.")
ROSTER = "mon-fri 08-20 Anna, Bela\n"


@contextmanager
def unlocked(desk: Desk) -> Iterator[Home]:
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        yield home


def hang_button(home: Home, place: int, *, today: dt.date = TODAY) -> tuple[int, bytes]:
    """A provisioned button: its number, and the record that was written into it."""
    written: list[bytes] = []
    [number] = new_buttons(home, place=place, count=1, profile=FIXED, today=today)
    provision(home, number, write=written.append, now=NOW, today=today)
    return number, written[0]


def make_ready(home: Home, *, today: dt.date = TODAY) -> int:
    """One place with a drilled button and two relays, and a roster; the number of the button."""
    place = add_place(home, PLACE, today=today)
    number, _record = hang_button(home, place, today=today)
    for name in ("clinic-1", "clinic-2"):
        add_relay(home, name, place=place, today=today)
    record_drill(home, HelpDrill(number, today, 60, 60), today=today)
    home.casebook.help_records.put_roster(WEEK, ROSTER)
    return number
