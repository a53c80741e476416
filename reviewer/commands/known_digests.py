"""``known-digests``: lists of digests of known abuse pictures, with which each file is compared."""

import json
from pathlib import Path

import click

from reviewer.cases.digest_list import add_list
from reviewer.commands.at_home import FILE, JSON, at_home
from reviewer.home.home import Home
from reviewer.terminal.console import output
from system.clock import today


@click.group(short_help="Add and count digests of known abuse pictures.")
def command() -> None:
    """Digests of known abuse pictures of children, from a list of an authority."""


@command.command(epilog="Example: tipline-review known-digests add ~/review /media/stick/list.csv")
@at_home
@click.argument("list_file", metavar="FILE", type=FILE)
def add(home: Home, list_file: Path) -> None:
    """Add the digests in FILE: MD5, SHA-1 or SHA-256 in hex digits, one a line, or CSV.

    Each file is compared at import, and before anything of it is shown. A file with such a digest is put into
    quarantine by itself.
    """
    new, hits = add_list(home, list_file, today=today())
    output(f"{new} new digests")
    for sha256 in hits:
        output(f"in quarantine    {sha256.hex()}")


@command.command(name="list", epilog="Example: tipline-review known-digests list ~/review --json")
@at_home
@JSON
def count(home: Home, as_json: bool) -> None:
    """Show the number of known digests, by kind."""
    counts = home.casebook.known_digests.counts()
    if as_json:
        output(json.dumps({"known_digests": counts}, indent=2))
        return
    for kind, number in counts.items():
        output(f"{kind:<8} {number:>10,}")
