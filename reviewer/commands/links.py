"""``links``: decide if two entities are one, and undo it."""

import json

import click

from reviewer.commands.at_home import JSON, ListingGroup, at_home
from reviewer.home.home import Home
from reviewer.linking.link_decisions import (
    decide,
    decision_json,
    decision_line,
    decision_number,
    opposite_json,
    opposite_lines,
    undo,
)
from reviewer.linking.masking import Masks, entity_number
from reviewer.matching.clusters import Verdict
from reviewer.terminal.console import notice, output
from system.clock import today


@click.group(cls=ListingGroup, short_help="Decide if two entities are one, and undo it.")
def command() -> None:
    """Decisions on two entities: the same, different, or unsure. `links HOME` lists them.

    The program decides nothing, and joins nothing.
    """


@command.command("list", epilog="Example: tipline-review links list ~/review --json")
@at_home
@JSON
def list_links(home: Home, as_json: bool) -> None:
    """List all decisions with reviewer, day and reason, and the entities that are one by them."""
    masks = Masks(home)
    decisions = home.casebook.decisions.all()
    clusters = sorted(sorted(one) for one in masks.clusters.all())
    named = [[masks.name(number) for number in cluster] for cluster in clusters]
    home.casebook.log.add("links", f"{len(decisions)} decisions", today=today())
    if as_json:
        told = {"decisions": [decision_json(one, masks) for one in decisions], "same": named}
        output(json.dumps(told | {"opposite": opposite_json(masks)}, indent=2))
        return
    for one in decisions:
        output(decision_line(one, masks))
    for names in named:
        output(f"the same         {', '.join(names)}")
    for line in opposite_lines(masks):
        notice("warning", line)
    if not decisions:
        output("nothing was decided yet: tipline-review links decide HOME E-N E-N VERDICT --because REASON")


@command.command(
    "decide", epilog="Example: tipline-review links decide ~/review E-12 E-40 same --because 'same number and town'"
)
@at_home
@click.argument("one", metavar="E-N")
@click.argument("other", metavar="E-N")
@click.argument("verdict", type=click.Choice([str(one) for one in Verdict]))
@click.option("--because", required=True, metavar="REASON", help="Why; it is kept with the decision.")
@click.option("--sure", is_flag=True, help="After the question that is asked about a harmed person.")
def decide_command(home: Home, one: str, other: str, verdict: str, because: str, sure: bool) -> None:
    """Add a decision: two entities are the same, different, or you are unsure.

    A decision that contradicts earlier ones is refused and names them. `links undo` takes a decision back.
    """
    number = decide(
        home,
        entity_number(one),
        entity_number(other),
        Verdict(verdict),
        because=because,
        is_sure=sure,
        today=today(),
    )
    output(f"decided          D-{number}")


@command.command("undo", epilog="Example: tipline-review links undo ~/review D-7")
@at_home
@click.argument("decision", metavar="D-N")
@click.option("--because", default="", metavar="REASON", help="Why; it is kept with the line of the undo.")
def undo_command(home: Home, decision: str, because: str) -> None:
    """Undo a decision. Both lines stay; the entities are as if it had never been."""
    line = undo(home, decision_number(decision), because=because, today=today())
    output(f"undone           by D-{line}")
