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
@click.option(
    "--for-outside",
    is_flag=True,
    help="For a report that others read: counts of 1 and 2 are shown as 1–2, and there is no total.",
)
def command(home: Home, as_json: bool, for_outside: bool) -> None:
    """Show conversations by month, language, form, danger, status and time to the first answer.

    The figures are for the team that has this casebook. A count of one or two can tell others who it was: for a
    report add --for-outside.
    """
    from reviewer.cases.team_numbers import shown, team_numbers

    found = team_numbers(home)
    home.casebook.log.add("numbers", "for outside" if for_outside else "for the team", today=today())
    if as_json:
        output(json.dumps(found.to_json(for_outside=for_outside), indent=2))
        return
    if not for_outside:
        output(f"{found.conversations} conversations")
    for title, table in found.tables.items():
        output(f"{title}:")
        for name, count in table.items():
            output(f"  {name:<26} {shown(count, for_outside=for_outside):>6}")
    if not for_outside:
        notice("hint", "these figures are for the team; for a report that others read: --for-outside")
