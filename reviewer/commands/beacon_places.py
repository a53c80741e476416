"""``beacon places``: places with a button for help."""

import json

import click

from reviewer.beacon.places import PLAN_BYTES, PLAN_LINES, add_place, change_place
from reviewer.beacon.taking_down import still_hanging, take_down, tick_off
from reviewer.casebook.help_register import HelpPlace
from reviewer.commands.at_home import JSON, ListingGroup, at_home
from reviewer.commands.telephone import read_text
from reviewer.home.home import Home
from reviewer.terminal.console import notice, output
from reviewer.terminal.plain_text import plain_line
from system.clock import today

_FIRST_MINUTE = click.option(
    "--first-minute", metavar="FILE|-", help=f"Plan of the first minute: at most {PLAN_LINES} lines."
)
_NO_SECOND_PERSON = click.option(
    "--no-second-person",
    metavar="FILE|-",
    help=f"Plan for when no second person comes: at most {PLAN_LINES} lines.",
)


@click.group("places", cls=ListingGroup, short_help="Places with their plans.")
def places_command() -> None:
    """Places with a button, each with its hours and its plan."""


@places_command.command("list", epilog="Example: tipline-review beacon places list ~/review")
@at_home
@JSON
def list_places(home: Home, as_json: bool) -> None:
    """List the places with their cards."""
    places = home.casebook.help_register.places()
    hanging = still_hanging(home)
    if as_json:
        rows = [
            {
                "place": one.number,
                "name": one.name,
                "region": one.region,
                "hours": one.hours,
                "first_minute": one.first_minute,
                "no_second_person": one.no_second_person,
                "still_hangs": [
                    {"number": thing.number, "what": thing.what} for thing in hanging if thing.place == one.number
                ],
            }
            for one in places
        ]
        output(json.dumps({"places": rows}, indent=2))
        return
    for one in places:
        output(f"place {one.number}  {plain_line(one.name)}  {plain_line(one.region)}  {one.hours}")
        for title, plan in (("first minute", one.first_minute), ("no second person", one.no_second_person)):
            output(f"  {title}:{'' if plan else ' NOT WRITTEN'}")
            for line in plan.splitlines():
                output(f"    {plain_line(line)}")
    warn_of_hanging(home)


@places_command.command(
    "add",
    epilog="Example: tipline-review beacon places add ~/review Clinic --region North --hours 'mon-fri 08-20'",
)
@at_home
@click.argument("name")
@click.option("--region", required=True, help="The region under which figures may be published.")
@click.option("--hours", required=True, help="Hours of the leaflet, as in: mon-fri 08-20, sat 10-14")
@_FIRST_MINUTE
@_NO_SECOND_PERSON
def add(
    home: Home, name: str, region: str, hours: str, first_minute: str | None, no_second_person: str | None
) -> None:
    """Add the place NAME. Its plan can follow with `change`."""
    plans = (_plan(first_minute) or "", _plan(no_second_person) or "")
    number = add_place(home, HelpPlace(0, name, region, hours, *plans), today=today())
    output(f"place {number}")


@places_command.command(
    "change", epilog="Example: tipline-review beacon places change ~/review 4 --first-minute plan.txt"
)
@at_home
@click.argument("place", type=int)
@click.option("--hours", help="Hours of the leaflet, as in: mon-fri 08-20, sat 10-14")
@_FIRST_MINUTE
@_NO_SECOND_PERSON
def change(
    home: Home, place: int, hours: str | None, first_minute: str | None, no_second_person: str | None
) -> None:
    """Change the hours or the plan of a place. The duty desk shows it from the next week file on."""
    change_place(
        home,
        place,
        hours=hours,
        first_minute=_plan(first_minute),
        no_second_person=_plan(no_second_person),
        today=today(),
    )
    output(f"place {place} is changed")


@places_command.command(
    "take-down", epilog="Example: tipline-review beacon places take-down ~/review 4 'leaflet inside of door 2'"
)
@at_home
@click.argument("place", type=int)
@click.argument("leaflets", metavar="LEAFLET...", nargs=-1, required=True)
def take_down_command(home: Home, place: int, leaflets: tuple[str, ...]) -> None:
    """List what is to be taken down at a place that ends: its leaflets, and each button there."""
    for one in take_down(home, place, leaflets, today=today()):
        output(f"{one.number}  {plain_line(one.what)}")
    warn_of_hanging(home)


@places_command.command("down", epilog="Example: tipline-review beacon places down ~/review 7 --by Anna")
@at_home
@click.argument("number", type=int)
@click.option("--by", required=True, metavar="NAME", help="Name of the person who took it down.")
def down_command(home: Home, number: int, by: str) -> None:
    """Mark one leaflet or button as taken down."""
    found = tick_off(home, number, by=by, today=today())
    output(f"{plain_line(found.what)} is taken down")
    warn_of_hanging(home)


def warn_of_hanging(home: Home) -> None:
    """Say what still hangs at places that end."""
    hanging = still_hanging(home)
    for place in home.casebook.help_register.places():
        here = [f"{one.number} {plain_line(one.what)}" for one in hanging if one.place == place.number]
        if here:
            notice("warning", f"leaflets still hang at {plain_line(place.name)}: {', '.join(here)}")


def _plan(file: str | None) -> str | None:
    return read_text(file, most_bytes=PLAN_BYTES) if file is not None else None
