"""``left``: the list of what left this desk."""

import json

import click

from reviewer.commands.at_home import JSON, at_home
from reviewer.home.home import Home
from reviewer.terminal.console import output
from reviewer.terminal.plain_text import plain_line

_SHOWN_DIGITS = 12


@click.command(epilog="Example: tipline-review left ~/review --json", short_help="List what left this desk.")
@at_home
@JSON
def command(home: Home, as_json: bool) -> None:
    """List evidence packages and handed-over cases: day, receiver, tips, and whether they were sealed.

    The digest is that of SHA256SUMS in a package, or of the statement in a handed-over case.
    """
    departures = home.casebook.departures.all()
    if as_json:
        told = [
            {
                "day": one.day.isoformat(),
                "kind": one.kind,
                "receiver": one.receiver,
                "sealed_to": one.sealed_to or None,
                "sha256": one.sha256.hex(),
                "passages": one.passages,
                "files": one.files,
                "source_was_told": one.told_others or None,
                "tips": [digest.hex()[:_SHOWN_DIGITS] for digest in one.tips],
                "entities": _entities(home, one.number),
                "readable_because": home.casebook.consents.why_readable(one.number) or None,
            }
            for one in departures
        ]
        output(json.dumps({"left": told}, indent=2))
        return
    for one in departures:
        output(f"{one.day.isoformat()}  {one.kind}  for {plain_line(one.receiver)}")
        if one.tips:
            output(f"    tips {' '.join(digest.hex()[:_SHOWN_DIGITS] for digest in one.tips)}")
        if entities := _entities(home, one.number):
            output(f"    entities {' '.join(entities)}")
        if because := home.casebook.consents.why_readable(one.number):
            output(f"    readable because {plain_line(because)}")
        output(
            f"    {one.passages} passages, {one.files} files; {one.sealed_to or 'READABLE for anyone who has it'}"
        )
        output(f"    SHA-256 {one.sha256.hex()}")
    if not departures:
        output("nothing left this desk yet")


def _entities(home: Home, departure: int) -> list[str]:
    """The names, as E-12, of the entities that left and are here still."""
    numbers = (home.casebook.entities.number_of(one) for one in home.casebook.consents.referred(departure))
    return [f"E-{number}" for number in sorted(one for one in numbers if one is not None)]
