"""``share``: operations from laptop to laptop, and when each colleague was heard from."""

import json
from pathlib import Path

import click

from reviewer.commands.at_home import FILE, JSON, at_home
from reviewer.home.home import Home
from reviewer.terminal.console import notice, output
from system.clock import today


@click.group(short_help="Exchange answers, notes and owners with the other reviewers.")
def command() -> None:
    """Exchange answers, notes and owners with the other reviewers.

    It travels with every outbox and import. These commands carry it directly from one laptop to another.
    """


@command.command(epilog="Example: tipline-review share write ~/review /media/stick/for-colleagues")
@at_home
@click.argument("file", type=FILE)
def write(home: Home, file: Path) -> None:
    """Write what colleagues lack into FILE: sealed to the keys of this week, for all reviewers."""
    from reviewer.sharing.laptops import write_for_laptops

    count = write_for_laptops(home, file, today=today())
    output(f"for colleagues   {count} changes")
    output("carry the file to a colleague: tipline-review share read HOME FILE")


@command.command(epilog="Example: tipline-review share read ~/review /media/stick/for-colleagues")
@at_home
@click.argument("file", type=FILE)
def read(home: Home, file: Path) -> None:
    """Take in a FILE that a colleague wrote with share write."""
    from reviewer.linking.present_places import let_go_of_present_places
    from reviewer.linking.tip_reading import read_new_tips
    from reviewer.sharing.laptops import read_from_laptop

    told = read_from_laptop(home, file, today=today())
    read_new_tips(home)
    let_go_of_present_places(home, today=today())
    output(f"from colleagues  {told.operations} changes")
    for name in sorted(told.heard_from):
        output(f"heard from       {name}")
    if told.from_no_reviewer:
        notice("warning", "the file holds items of someone who is no reviewer of the newest manifest; passed over")
        notice("hint", "is the newest manifest adopted here? tipline-review manifest HOME FILE")


@command.command(epilog="Example: tipline-review share status ~/review")
@at_home
@JSON
def status(home: Home, as_json: bool) -> None:
    """Show when each colleague was last heard from, and what waits."""
    from reviewer.sharing.said import sharing_status

    found = sharing_status(home)
    if as_json:
        output(json.dumps(found.to_json()))
        return
    for line in found.lines():
        output(line)
    for name in found.forks:
        notice("warning", f"{name} signed two different things under one number: that laptop was copied, or lies")
        notice("hint", f"telephone {name} before you rely on what is shared")
