"""``log``: show and verify the log of this machine."""

import dataclasses
import json

import click

from reviewer.commands.at_home import JSON, at_home
from reviewer.home.home import Home
from reviewer.terminal.console import output


@click.group(short_help="Check the log of reads, exports and destructions.")
def command() -> None:
    """The log of reads, exports and destructions, each line chained to the one before."""


@command.command(epilog="Example: tipline-review log verify ~/review")
@at_home
@JSON
def verify(home: Home, as_json: bool) -> None:
    """Check that no line is missing or changed, and print the last one, to compare with paper."""
    end = home.casebook.log.verify()
    if as_json:
        output(json.dumps({"lines": end.number, "sha256": end.sha256.hex()}))
    else:
        output(f"{end.number} lines, whole; the last is {end.sha256.hex()}")


@command.command(name="show", epilog="Example: tipline-review log show ~/review --json")
@at_home
@JSON
def show_log(home: Home, as_json: bool) -> None:
    """Print the log: the person, and the minute by this machine's clock, where a line has them."""
    lines = home.casebook.log.whole_lines()
    if as_json:
        output(json.dumps([dataclasses.asdict(line) for line in lines], indent=2))
        return
    for line in lines:
        when = f"{line.minute} UTC" if line.minute else line.day
        output(f"{line.number:>6}  {when:<20}  {line.person or '-':<16}  {line.act:<18}  {line.subject}")
