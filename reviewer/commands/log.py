"""``log``: show and verify the log of this machine."""

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
    """Print the log."""
    lines = home.casebook.log.lines()
    if as_json:
        output(json.dumps([{"number": n, "day": d, "act": a, "subject": s} for n, d, a, s in lines], indent=2))
        return
    for number, day, act, subject in lines:
        output(f"{number:>6}  {day}  {act:<18}  {subject}")
