"""``reviewers``: who reads tips, and who comes or goes with the next manifest."""

import json
from pathlib import Path

import click

from crypto.manifests.offer import LONGEST_FILE_BYTES
from reviewer.commands.at_home import FILE, JSON, at_home
from reviewer.home.home import Home
from reviewer.terminal.console import notice, output
from system.clock import today
from system.given_files import read_beginning


@click.group(short_help="List, add and remove reviewers.")
def command() -> None:
    """The one to four people who read tips, each on a machine of their own."""


@command.command(name="list", epilog="Example: tipline-review reviewers list ~/review --json")
@at_home
@JSON
def list_reviewers(home: Home, as_json: bool) -> None:
    """List the reviewers of the newest manifest, and changes in the next one."""
    from reviewer.keys.reviewer_roster import roster

    rows = roster(home)
    if as_json:
        output(json.dumps({"reviewers": [row.to_json() for row in rows]}, indent=2))
        return
    for row in rows:
        this = " (this home)" if row.is_this_home else ""
        output(f"{row.party.name + this:<32}  {row.state:<24}  {row.party.fingerprint}")


@command.command(epilog="Example: tipline-review reviewers add ~/review /media/stick/offer")
@at_home
@click.argument("offer", type=FILE)
def add(home: Home, offer: Path) -> None:
    """Add a reviewer to the next manifest that is issued here.

    OFFER is the file that `tipline-review keys offer` wrote on that reviewer's own machine. Compare the reviewer
    key by telephone with what was printed there, before any manifest leaves this machine.
    """
    from reviewer.keys.reviewer_roster import add_reviewer

    party = add_reviewer(home, read_file(offer), today=today())
    output(f"reviewer         {party.name}")
    output(f"reviewer key     {party.fingerprint}")
    output(
        "compare the reviewer key BY TELEPHONE with what keys offer printed; the holder of this key reads every tip"
    )
    output("then issue keys: the next manifest lists this reviewer")


@command.command(epilog="Example: tipline-review reviewers remove ~/review reviewer-2")
@at_home
@click.argument("name")
def remove(home: Home, name: str) -> None:
    """Remove reviewer NAME from the next manifest that is issued here.

    From then on servers seal nothing more to it. What it took in before, it keeps.
    """
    from reviewer.keys.reviewer_roster import remove_reviewer

    if remove_reviewer(home, name, today=today()):
        output(f"reviewer {name} leaves with the next manifest")
        notice(
            "hint",
            "issue keys now and carry the manifest to every server: until then tips are sealed to it as well",
        )
    else:
        output(f"reviewer {name} does not join after all")


def read_file(path: Path) -> bytes:
    """An offer's bytes, to a limit.

    Raises:
        ProgramError: it cannot be read.
    """
    return read_beginning(path, LONGEST_FILE_BYTES, hint="it is the file that tipline-review keys offer wrote")
