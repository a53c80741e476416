"""``links``: open questions, and decisions if two entities are one."""

import json

import click

from reviewer.commands.at_home import JSON, ListingGroup, at_home
from reviewer.commands.link_questions import KINDS, answer_command, open_questions, show
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
from reviewer.linking.tip_reading import read_new_tips
from reviewer.matching.clusters import Verdict
from reviewer.terminal.console import notice, output
from system.clock import today


@click.group(cls=ListingGroup, short_help="Answer if two names, pictures or entities are one, and undo it.")
def command() -> None:
    """Questions that names and pictures raise, and decisions on two entities. `links HOME` lists them.

    The program decides nothing, and joins nothing.
    """


@command.command("list", epilog="Example: tipline-review links list ~/review --json")
@at_home
@click.option("--kind", type=click.Choice(KINDS), help="Only questions between names, or between pictures.")
@click.option("--weak", "with_weak", is_flag=True, help="Weak questions too.")
@JSON
def list_links(home: Home, kind: str | None, with_weak: bool, as_json: bool) -> None:
    """List open questions, the surest first, then all decisions, and the entities that are one by them.

    Tips and pictures that were not read yet are read first.
    """
    read_new_tips(home)
    questions = open_questions(home, kind=kind, with_weak=with_weak)
    masks = Masks(home)
    decisions = [one for one in home.casebook.decisions.all() if masks.are_here(one.one, one.other)]
    named = masks.same()
    home.casebook.log.add("links", f"{len(questions)} questions, {len(decisions)} decisions", today=today())
    if as_json:
        asked = {"questions": [one.to_json() for one in questions]}
        told = {"decisions": [decision_json(one, masks) for one in decisions], "same": named}
        output(json.dumps(asked | told | {"opposite": opposite_json(masks)}, indent=2))
        return
    for question in questions:
        for line in question.lines():
            output(line)
    for one in decisions:
        output(decision_line(one, masks))
    for names in named:
        output(f"the same         {', '.join(names)}")
    for line in opposite_lines(masks):
        notice("warning", line)
    if not decisions and not questions:
        output("no question is open, and nothing was decided yet")


@command.command(
    "decide", epilog="Example: tipline-review links decide ~/review E-12 E-40 same --because 'same number and town'"
)
@at_home
@click.argument("one", metavar="E-N")
@click.argument("other", metavar="E-N")
@click.argument("verdict", type=click.Choice([str(one) for one in Verdict]))
@click.option("--because", required=True, metavar="REASON", help="Why; it is kept with the decision.")
@click.option("--against", default="", metavar="WORDS", help="The words of what speaks against it; kept too.")
@click.option("--sure", is_flag=True, help="After the question that is asked about a harmed person.")
def decide_command(home: Home, one: str, other: str, verdict: str, because: str, against: str, sure: bool) -> None:
    """Add a decision: two entities are the same, different, or you are unsure.

    A decision that contradicts earlier ones is refused and names them. `links undo` takes a decision back.
    """
    number = decide(
        home,
        entity_number(one),
        entity_number(other),
        Verdict(verdict),
        because=because,
        against=against,
        is_sure=sure,
        today=today(),
    )
    output(f"decided          D-{number}")


@command.command("undo", epilog="Example: tipline-review links undo ~/review D-7")
@at_home
@click.argument("decision", metavar="D-N")
@click.option("--because", default="", metavar="REASON", help="Why; it is kept with the line of the undo.")
def undo_command(home: Home, decision: str, because: str) -> None:
    """Undo a decision. Both lines stay; the entities are as they were before it."""
    line = undo(home, decision_number(decision), because=because, today=today())
    output(f"undone           by D-{line}")


command.add_command(show)
command.add_command(answer_command)
