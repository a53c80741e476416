"""``relate``: say how two entities belong together, with the passage that says so."""

import click

from reviewer.cases.marking import parse_day
from reviewer.commands.at_home import at_home
from reviewer.home.home import Home
from reviewer.linking.entity_work import RELATIONS, relate, unrelate
from reviewer.linking.masking import Masks, entity_number
from reviewer.terminal.console import output
from system.clock import today


@click.command(epilog="Example: tipline-review relate ~/review E-12 uses E-40 --finding 77")
@at_home
@click.argument("one", metavar="E-N")
@click.argument("kind", metavar="RELATION", type=click.Choice(list(RELATIONS)))
@click.argument("other", metavar="E-N")
@click.option("--finding", type=click.IntRange(min=1, max=1 << 40), help="The kept finding whose passage says so.")
@click.option("--since", metavar="DAY", help="The first day, if the passage says it.")
@click.option("--until", metavar="DAY", help="The last day, if the passage says it.")
@click.option("--because", default="", metavar="REASON", help="Needed where something is masked no longer by it.")
@click.option("--undo", is_flag=True, help="Remove the relation.")
def command(
    home: Home,
    one: str,
    kind: str,
    other: str,
    finding: int | None,
    since: str | None,
    until: str | None,
    because: str,
    undo: bool,
) -> None:
    """Add a relation between two entities: E-12 uses E-40.

    A number that belongs only to persons who were harmed is protected as they are.
    """
    number, second = entity_number(one), entity_number(other)
    if undo:
        unrelate(home, number, kind, second, because=because, today=today())
        output("removed")
        return
    if finding is None:
        raise click.UsageError("--finding N is missing: the kept finding whose passage says so")
    days = [parse_day(day) if day is not None else None for day in (since, until)]
    relate(
        *(home, number, kind, second),
        finding=finding,
        since=days[0],
        until=days[1],
        because=because,
        today=today(),
    )
    masks = Masks(home)
    output(f"related          {masks.name(number)} {RELATIONS[kind]} {masks.name(second)}")
