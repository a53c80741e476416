"""``supply codes``: place codes on cards, each for a group of facilities."""

import json
from pathlib import Path

import click

from reviewer.cases.saving_place import require_place_for_file, write_leaving
from reviewer.commands.at_home import FILE, JSON, at_home
from reviewer.facilities import place_codes
from reviewer.facilities.place_codes import GroupPage
from reviewer.home.home import Home
from reviewer.terminal.console import output
from reviewer.terminal.plain_text import plain_line
from system.clock import today

_GROUP = click.argument("name", metavar="G-N")


@click.group("codes", short_help="Place codes on cards, each for a group of facilities.")
def command() -> None:
    """Place codes on cards: each stands for a group of at least five places.

    This casebook alone knows which. A server can verify the check digit and nothing more.
    """


@command.command("list", epilog="Example: tipline-review supply codes list ~/review")
@at_home
@JSON
def list_groups(home: Home, as_json: bool) -> None:
    """List the groups with their codes, and why no cards of a group are printed."""
    pages = place_codes.all_groups(home)
    home.casebook.log.add("place groups", f"{len(pages)} shown", today=today())
    if as_json:
        output(json.dumps({"groups": [_as_json(one) for one in pages]}, indent=2))
        return
    for one in pages:
        _tell(one)
    if not pages:
        output("no group was made")


@command.command(
    "make", epilog="Example: tipline-review supply codes make ~/review --name 'east bank' F-1 F-4 F-7 F-8 F-9"
)
@at_home
@click.option("--name", "label", required=True, metavar="WORDS", help="A name for the team; no card shows it.")
@click.argument("facilities", metavar="F-N…", nargs=-1, required=True)
@JSON
def make(home: Home, label: str, facilities: tuple[str, ...], as_json: bool) -> None:
    """Make a group of at least five places, with a new code.

    Facilities that are the same are one place.
    """
    _tell_written(place_codes.make_group(home, label, facilities, today=today()), as_json=as_json)


@command.command("add", epilog="Example: tipline-review supply codes add ~/review G-1 F-12")
@at_home
@_GROUP
@click.argument("facilities", metavar="F-N…", nargs=-1, required=True)
@JSON
def add(home: Home, name: str, facilities: tuple[str, ...], as_json: bool) -> None:
    """Add facilities to a group."""
    _tell_written(place_codes.add_places(home, name, facilities, today=today()), as_json=as_json)


@command.command("hand-out", epilog="Example: tipline-review supply codes hand-out ~/review G-1 F-1 F-4 F-7")
@at_home
@_GROUP
@click.argument("facilities", metavar="F-N…", nargs=-1, required=True)
@click.option("--ended", is_flag=True, help="No cards are handed out there any more.")
@JSON
def hand_out(home: Home, name: str, facilities: tuple[str, ...], ended: bool, as_json: bool) -> None:
    """Mark the facilities of a group that hand out its cards."""
    _tell_written(place_codes.hand_out(home, name, facilities, ended=ended, today=today()), as_json=as_json)


@command.command("find", epilog="Example: tipline-review supply codes find ~/review 005724")
@at_home
@click.argument("code")
@JSON
def find(home: Home, code: str, as_json: bool) -> None:
    """Print the group of a code."""
    group = place_codes.group_of_code(home.casebook, code)
    home.casebook.log.add("place code looked up", group.name if group else "no group", today=today())
    page = place_codes.group_page(home, group.name) if group else None
    if as_json:
        output(json.dumps({"group": _as_json(page) if page else None}, indent=2))
    elif page:
        _tell(page)
    else:
        output("no group of this casebook has this code")


@command.command(
    "cards", epilog="Example: tipline-review supply codes cards ~/review G-1 --out /media/stick/cards.html"
)
@at_home
@_GROUP
@click.option("--out", type=FILE, required=True, help="A new file: HTML to print.")
@click.option("--sheets", type=click.IntRange(1, place_codes.MOST_SHEETS), default=1, help="Of twelve cards each.")
@click.option("--address", default="", metavar="ONION", help="Print the address of the site on each card.")
@click.option("--on-disk", is_flag=True, help="Write there although it is a disk.")
@JSON
def cards(home: Home, name: str, out: Path, sheets: int, address: str, on_disk: bool, as_json: bool) -> None:
    """Write cards of a group to print. Each has the number and nothing that tells what it is for.

    With --address a card also has the address of the site: a person who finds it learns where its owner writes.
    """
    require_place_for_file(out, on_disk=on_disk)
    made = place_codes.cards_of(home, name, sheets=sheets, address=address, today=today())
    write_leaving(out, place_codes.cards_html(made), on_disk=on_disk)
    if as_json:
        output(json.dumps({"group": name.upper(), "cards": made.count, "with_address": bool(address)}, indent=2))
        return
    output(f"written          {out}, {made.count} cards")
    if address:
        output("danger           each card has the address: a person who finds one learns where its owner writes")


@command.command("retire", epilog="Example: tipline-review supply codes retire ~/review G-1")
@at_home
@_GROUP
@JSON
def retire(home: Home, name: str, as_json: bool) -> None:
    """Print no more cards of a group. Its code is still understood, and no other group gets it."""
    _tell_written(place_codes.retire_group(home, name, today=today()), as_json=as_json)


def _tell_written(page: GroupPage, *, as_json: bool) -> None:
    if as_json:
        output(json.dumps({"group": _as_json(page)}, indent=2))
    else:
        _tell(page)


def _tell(page: GroupPage) -> None:
    group = page.group
    output(f"group            {group.name}  {plain_line(group.label)}")
    output(f"code             {group.code}")
    for one in page.facilities:
        hands_out = ", cards are handed out" if one.number in group.hands_out else ""
        output(f"facility         {one.name}  {plain_line(one.listed.facility.name)}{hands_out}")
    output(f"cards            {'no: ' + page.lacks if page.lacks else 'may be printed'}")


def _as_json(page: GroupPage) -> dict[str, object]:
    group = page.group
    return {
        "group": group.name,
        "code": group.code,
        "name": group.label,
        "facilities": [one.name for one in page.facilities],
        "handed_out_at": [f"F-{number}" for number in sorted(group.hands_out)],
        "places": page.places,
        "retired": group.retired_day.isoformat() if group.retired_day else None,
        "no_cards_because": page.lacks,
    }
