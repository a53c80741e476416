"""``beacon relays``: the relays beside buttons for help, and the files that are brought to them."""

import json
import time
from pathlib import Path

import click

from reviewer.beacon.places import add_relay, remove_relay
from reviewer.beacon.relay_files import (
    DAYS,
    FEWEST_DAYS,
    MOST_DAYS,
    log_relay_file,
    make_relay_file,
    parse_relay_key,
)
from reviewer.beacon.week import DUTY_KEY_BYTES, duty_keys, parse_duty_key, weeks_to_make_again
from reviewer.commands.at_home import FILE, JSON, ListingGroup, at_home
from reviewer.errors import BeaconRefused
from reviewer.home.home import Home
from reviewer.terminal.console import notice, output
from reviewer.terminal.plain_text import plain_line
from system.atomic_files import write_whole
from system.clock import today
from system.errors import system_reason
from system.given_files import open_given


@click.group("relays", cls=ListingGroup, short_help="Relays beside the buttons.")
def relays_command() -> None:
    """Relays, each at one place. A place needs two."""


@relays_command.command("list", epilog="Example: tipline-review beacon relays list ~/review")
@at_home
@JSON
def list_relays(home: Home, as_json: bool) -> None:
    """List the relays with their places."""
    relays = home.casebook.help_register.relays()
    if as_json:
        rows = [
            {
                "relay": one.number,
                "name": one.name,
                "place": one.place,
                "removed": one.removed_day.isoformat() if one.removed_day else None,
            }
            for one in relays
        ]
        output(json.dumps({"relays": rows}, indent=2))
        return
    for one in relays:
        state = f"removed {one.removed_day.isoformat()}" if one.removed_day else "in use"
        output(f"relay {one.number}  {plain_line(one.name)}  place {one.place}  {state}")


@relays_command.command("add", epilog="Example: tipline-review beacon relays add ~/review clinic-1 --place 4")
@at_home
@click.argument("name")
@click.option("--place", type=int, required=True, metavar="NUMBER", help="The place where it stands.")
def add_relay_command(home: Home, name: str, place: int) -> None:
    """Add the relay NAME, with a secret of its own. Week files have its key from now on."""
    output(f"relay {add_relay(home, name, place=place, today=today())}")


@relays_command.command("remove", epilog="Example: tipline-review beacon relays remove ~/review 3")
@at_home
@click.argument("relay", type=int)
def remove_relay_command(home: Home, relay: int) -> None:
    """Take a relay out of use. It names the week files that must be made again at once."""
    remove_relay(home, relay, today=today())
    output(f"relay {relay} is removed")
    warn_of_weeks(home)


@relays_command.command(
    "file",
    epilog="Example: tipline-review beacon relays file ~/review 3 --to r.pub --duty a --duty b --out relay-3",
)
@at_home
@click.argument("relay", type=int)
@click.option("--to", "to_file", type=FILE, required=True, metavar="FILE", help="The relay's own relay-file.pub.")
@click.option(
    "--duty",
    "duty_files",
    type=FILE,
    multiple=True,
    metavar="FILE",
    help="A public key; once for each duty machine. Not needed where the manifest has them.",
)
@click.option("--out", type=FILE, required=True, metavar="FILE", help="The file to write.")
@click.option(
    "--days",
    type=click.IntRange(FEWEST_DAYS, MOST_DAYS),
    default=DAYS,
    show_default=True,
    help="Days with marks, from yesterday on.",
)
def relay_file_command(
    home: Home, relay: int, to_file: Path, duty_files: tuple[Path, ...], out: Path, days: int
) -> None:
    """Write the relay file of the next days, with the secret and the marks of a relay.

    Bring it with the newest manifest, whose intake keys the relay takes.
    """
    to = parse_relay_key(read_file(to_file, most_bytes=DUTY_KEY_BYTES))
    given = [parse_duty_key(read_file(file, most_bytes=DUTY_KEY_BYTES)) for file in duty_files]
    duty = duty_keys(home, given)
    made, sealed = make_relay_file(home, relay, to=to, duty=duty, days=days, today=today(), now=int(time.time()))
    log_relay_file(home, made, today=today())
    write_whole(out, sealed)
    output(f"relay {relay}: marks to {made.last_day}; bring it with the newest manifest")


def warn_of_weeks(home: Home) -> None:
    """Name the week files that list what is gone."""
    for one in weeks_to_make_again(home, today=today()):
        notice(
            "warning",
            f"the week file of {one.week} still lists {', '.join(one.gone)}: make it again, and bring it to both"
            " duty machines",
        )


def read_file(path: Path, *, most_bytes: int) -> bytes:
    """The bytes of a file.

    Raises:
        BeaconRefused: it cannot be read, or is longer than ``most_bytes``.
    """
    try:
        with open_given(path) as file:
            raw = file.read(most_bytes + 1)
    except OSError as error:
        raise BeaconRefused(f"{path} cannot be read: {system_reason(error)}") from error
    if len(raw) > most_bytes:
        raise BeaconRefused(f"{path} must have at most {most_bytes:,} bytes")
    return raw
