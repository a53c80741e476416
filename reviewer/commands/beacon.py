"""``beacon``: buttons for help, their places and relays, and the week file of the duty desk."""

import datetime as dt
import json
import time
from contextlib import nullcontext
from pathlib import Path

import click

from crypto.beacon.relay_post import COPY_BYTES, MOST_COPIES
from crypto.primitives.week import Week
from reviewer.beacon.buttons import FIXED, MOST_PRESSES, PROFILES, new_buttons, provision, record_drill, retire
from reviewer.beacon.cable import require_cable, serial_device, write_to_cable
from reviewer.beacon.copies import presses_seen, take_copies
from reviewer.beacon.duty_hours import ROSTER_BYTES, parse_roster
from reviewer.beacon.readiness import reasons_against
from reviewer.beacon.week import DUTY_KEY_BYTES, duty_keys, log_week, make_week, parse_duty_key
from reviewer.casebook.help_records import HelpDrill
from reviewer.casebook.help_register import HelpButton
from reviewer.cases.marking import parse_day
from reviewer.commands.at_home import FILE, JSON, at_home
from reviewer.commands.beacon_places import places_command, warn_of_hanging
from reviewer.commands.beacon_relays import read_file, relays_command, warn_of_weeks
from reviewer.errors import BeaconRefused
from reviewer.home.home import Home
from reviewer.terminal.console import notice, output
from reviewer.terminal.plain_text import plain_line
from system.atomic_files import write_whole
from system.clock import today

_WEEK = click.option("--week", "week_text", metavar="WEEK", help="As in 2026-W49; this week, if not given.")
_FOR_DRILLS = click.option(
    "--for-drills", is_flag=True, help="Ask for no drill: the cards of such places say DRILLS ONLY."
)
_BUTTON = click.argument("button", type=click.IntRange(1, 65_535))


@click.group(short_help="Make buttons for help, and the week file of the duty desk.")
def command() -> None:
    """Buttons for help behind the air gap. Read first when a button endangers: docs/beacon/README.md."""


command.add_command(places_command)
command.add_command(relays_command)


@command.command(epilog="Example: tipline-review beacon new ~/review --place 4 --count 2")
@at_home
@click.option("--place", type=int, required=True, metavar="NUMBER", help="The place where the buttons will hang.")
@click.option("--count", type=click.IntRange(1, 100), default=1, help="Number of buttons.")
@click.option(
    "--profile", type=click.Choice(PROFILES), default=FIXED, help="Profile of the buttons; carried is locked."
)
def new(home: Home, place: int, count: int, profile: str) -> None:
    """Make new buttons for one place, with a seed each.

    A button never moves: another place gets another button.
    """
    for number in new_buttons(home, place=place, count=count, profile=profile, today=today()):
        output(f"button {number}")


@command.command("buttons", epilog="Example: tipline-review beacon buttons ~/review")
@at_home
@JSON
def list_buttons(home: Home, as_json: bool) -> None:
    """List the buttons with their places."""
    buttons = home.casebook.help_register.buttons()
    if as_json:
        rows = [{"button": one.number, "place": one.place, "state": _state(one)} for one in buttons]
        output(json.dumps({"buttons": rows}, indent=2))
        return
    for one in buttons:
        output(f"button {one.number}  place {one.place}  {_state(one)}")


@command.command(
    "provision", epilog="Example: tipline-review beacon provision ~/review 12 --to-device /dev/ttyACM0"
)
@at_home
@_BUTTON
@click.option("--to-device", type=FILE, metavar="DEVICE", help="The serial device of the cable.")
@click.option(
    "--to-descriptor", type=click.IntRange(3), metavar="N", help="An open descriptor: a pipe to another program."
)
def provision_command(home: Home, button: int, to_device: Path | None, to_descriptor: int | None) -> None:
    """Write the seed of a button into it, once, by cable. It prints nothing.

    Set the clock of this machine first: the button gets its time.
    """
    if (to_device is None) == (to_descriptor is None):
        raise click.UsageError("name the cable: either --to-device or --to-descriptor")
    if to_descriptor is not None:
        require_cable(to_descriptor)
    cable = serial_device(to_device) if to_device else nullcontext(to_descriptor or 0)
    with cable as descriptor:
        provision(
            home,
            button,
            write=lambda record: write_to_cable(descriptor, record),
            now=int(time.time()),
            today=today(),
        )


@command.command("retire", epilog="Example: tipline-review beacon retire ~/review 12")
@at_home
@_BUTTON
def retire_command(home: Home, button: int) -> None:
    """Destroy the seed of a button. Its number is never given again.

    Take all files of copies first: afterwards no press can be matched to this button.
    """
    retire(home, button, today=today())
    output(f"button {button} is retired; the next week file lists it no more")
    warn_of_weeks(home)


@command.command(epilog="Example: tipline-review beacon drill ~/review 12 --presses 60 --heard 60")
@at_home
@_BUTTON
@click.option("--presses", type=click.IntRange(1, MOST_PRESSES), required=True, help="Number of presses.")
@click.option(
    "--heard", type=click.IntRange(0, MOST_PRESSES), required=True, help="Number of presses that were heard."
)
@click.option("--day", metavar="DAY", help="The day of the drill; today, if not given.")
def drill(home: Home, button: int, presses: int, heard: int, day: str | None) -> None:
    """Enter the result of a drill, as the duty desk counted it."""
    held = parse_day(day) if day is not None else today()
    record_drill(home, HelpDrill(button, held, presses, heard), today=today())
    output(f"drill of button {button} recorded: {heard} of {presses} heard")


@command.command(epilog="Example: tipline-review beacon roster ~/review 2026-W49 roster.txt")
@at_home
@click.argument("week_text", metavar="WEEK")
@click.argument("file", type=FILE)
def roster(home: Home, week_text: str, file: Path) -> None:
    """Keep the roster of a week.

    It takes the place of an earlier one. Each line of FILE has days, hours and names: mon-fri 08-20 Anna, Bela
    """
    week = Week.parse(week_text)
    try:
        text = read_file(file, most_bytes=ROSTER_BYTES).decode("utf-8")
    except UnicodeDecodeError as error:
        raise BeaconRefused("the roster must be UTF-8") from error
    parse_roster(text)
    with home.casebook.changing():
        home.casebook.help_records.put_roster(week, text)
        home.casebook.log.add("roster of the duty desk kept", str(week), today=today())
    output(f"the roster of {week} is kept")


@command.command(epilog="Example: tipline-review beacon readiness ~/review --week 2026-W49")
@at_home
@_WEEK
@_FOR_DRILLS
@JSON
def readiness(home: Home, week_text: str | None, for_drills: bool, as_json: bool) -> None:
    """List the reasons why a week file is refused."""
    week = _week(week_text)
    reasons = reasons_against(home, week, for_drills=for_drills, today=today())
    if as_json:
        output(json.dumps({"week": str(week), "missing": reasons}, indent=2))
    else:
        for reason in reasons or [f"ready for {week}"]:
            output(reason)


@command.command("week", epilog="Example: tipline-review beacon week ~/review --out week --duty a --duty b")
@at_home
@click.option("--out", type=FILE, required=True, metavar="FILE", help="The file to write.")
@click.option(
    "--duty",
    "duty_files",
    type=FILE,
    multiple=True,
    metavar="FILE",
    help="A public key; once for each machine. Not needed where the manifest has them.",
)
@_WEEK
@_FOR_DRILLS
def week_command(
    home: Home, out: Path, duty_files: tuple[Path, ...], week_text: str | None, for_drills: bool
) -> None:
    """Write the week file, which both duty machines need. It refuses while readiness names anything."""
    keys = duty_keys(home, [parse_duty_key(read_file(file, most_bytes=DUTY_KEY_BYTES)) for file in duty_files])
    if out.exists():
        raise BeaconRefused(f"{out} is there already", hint="name another file; nothing was written")
    made, sealed = make_week(
        home, _week(week_text), to=keys, for_drills=for_drills, today=today(), now=int(time.time())
    )
    log_week(home, made, today=today())
    write_whole(out, sealed)
    relays_at = [one.place for one in made.relays]
    for card in made.places:
        if relays_at.count(card.number) < 2:
            notice("warning", f"place {card.number} has not two relays, and is not served: take its leaflet down")
    output(f"{made.week}: {len(made.buttons)} buttons, {len(made.relays)} relays, {len(made.places)} places")
    warn_of_weeks(home)
    warn_of_hanging(home)


@command.command(epilog="Example: tipline-review beacon take ~/review copies")
@at_home
@click.argument("file", type=FILE)
def take(home: Home, file: Path) -> None:
    """Open the copies of sightings in FILE, and keep those of presses for help."""
    taken = take_copies(home, read_file(file, most_bytes=MOST_COPIES * COPY_BYTES), today=today())
    output(f"{taken.copies} copies: {taken.new} new sightings of presses, {taken.known} known")
    if taken.other_ids:
        output(f"{taken.other_ids} ids of drills or signs of life, not kept")
    if taken.unknown_ids:
        output(f"{taken.unknown_ids} ids of no button at their time, not kept")
    for reason, count in sorted(taken.refused.items()):
        notice("warning", f"{count} copies refused: {reason}")


@command.command(epilog="Example: tipline-review beacon sightings ~/review --json")
@at_home
@JSON
def sightings(home: Home, as_json: bool) -> None:
    """List the presses for help, newest first, with times in UTC by the clocks of the relays."""
    presses = presses_seen(home)
    home.casebook.log.add("sightings of presses listed", f"{len(presses)}", today=today())
    names = {place.number: place.name for place in home.casebook.help_register.places()}
    if as_json:
        rows = [
            {
                "place": one.place,
                "button": one.button,
                "first": _time(one.first),
                "last": _time(one.last),
                "relays": list(one.relays),
            }
            for one in presses
        ]
        output(json.dumps({"presses": rows}, indent=2))
        return
    for one in presses:
        heard_by = ", ".join(map(str, one.relays))
        output(
            f"{_time(one.first)}  {plain_line(names[one.place])}  button {one.button}  heard by relay {heard_by}"
        )


def _week(text: str | None) -> Week:
    return Week.parse(text) if text is not None else Week.of(today())


def _time(seconds: int) -> str:
    return dt.datetime.fromtimestamp(seconds, dt.UTC).strftime("%Y-%m-%d %H:%M:%S")


def _state(button: HelpButton) -> str:
    if button.retired_day is not None:
        return "retired"
    return "in use" if button.is_in_use else "made"
