"""``numbers``: figures for the team."""

import json

import click

from reviewer.commands.at_home import JSON, at_home
from reviewer.home.home import Home
from reviewer.terminal.console import notice, output
from system.clock import today


@click.command(epilog="Example: tipline-review numbers ~/review", short_help="Show figures for the team.")
@at_home
@JSON
def command(home: Home, as_json: bool) -> None:
    """Show conversations by month, language, form, danger, status and time to the first answer.

    The figures are for the team that has this casebook. A small count can tell others who it was: what others read
    is made by publish.
    """
    from reviewer.cases.team_numbers import team_numbers

    found = team_numbers(home)
    home.casebook.log.add("numbers", "for the team", today=today())
    if as_json:
        output(json.dumps(found.to_json(), indent=2))
        return
    output(f"{found.conversations} conversations")
    for title, table in found.tables.items():
        output(f"{title}:")
        for name, count in table.items():
            output(f"  {name:<26} {count:>6}")
    notice("hint", "these figures are for the team; for others: tipline-review publish")
