"""``proposals``: deletions that colleagues propose."""

import json

import click

from reviewer.cases.proposals import ShownProposal, confirm, hold_proposal, show_today, waiting_proposals
from reviewer.commands.at_home import JSON, at_home
from reviewer.home.home import Home
from reviewer.linking.colleagues_forgetting import (
    confirm_forgetting,
    find_forgetting,
    hold_forgetting,
    show_forgettings_today,
    waiting_forgettings,
)
from reviewer.terminal.console import output
from reviewer.terminal.plain_text import plain_line
from system.clock import today


@click.command(epilog="Example: tipline-review proposals ~/review --hold 5c21")
@at_home
@click.option("--confirm", "confirmed", metavar="NAME", help="Agree: it is deleted or forgotten here too, at once.")
@click.option("--hold", "held", metavar="NAME", help="Keep it.")
@JSON
def command(home: Home, confirmed: str | None, held: str | None, as_json: bool) -> None:
    """List what colleagues propose to delete or to forget. To be listed counts as being shown.

    One takes effect here when it is confirmed, or after fourteen different days on which it was shown. A tip that
    was never opened here, and more than ten proposals of one colleague in 30 days, wait for a person.
    """
    if confirmed is not None and held is not None:
        raise click.UsageError("give --confirm or --hold")
    named = confirmed if confirmed is not None else held
    if named is not None and (forgetting := find_forgetting(home, named)) is not None:
        (confirm_forgetting if confirmed is not None else hold_forgetting)(home, forgetting, today=today())
        output("it is forgotten; every passage is blacked out" if confirmed is not None else "it is kept")
        return
    if confirmed is not None:
        confirm(home, home.casebook.proposals.find(confirmed), today=today())
        output("the tip is deleted")
        return
    if held is not None:
        hold_proposal(home, home.casebook.proposals.find(held), today=today())
        output("the tip is kept")
        return
    show_today(home, waiting_proposals(home), today=today())
    show_forgettings_today(home, today=today())
    shown, forgettings = waiting_proposals(home), waiting_forgettings(home)
    if as_json:
        told = {"proposals": [_json(one) for one in shown], "forgettings": [one.to_json() for one in forgettings]}
        output(json.dumps(told, indent=2))
        return
    for one in shown:
        output(
            f"{one.name}  tip {one.proposal.envelope_sha256.hex()[:12]}  from {plain_line(one.proposal.reviewer)}:"
            f" {one.because}; {one.fate()}"
        )
    for each in forgettings:
        count = f"{each.count} passage{'s' if each.count != 1 else ''}"
        output(
            f"{each.name}  forget {each.called}, {count}  from {plain_line(each.waiting.proposal.reviewer)}:"
            f" {each.fate()}"
        )
    if not shown and not forgettings:
        output("no colleague proposes a deletion")


def _json(one: ShownProposal) -> dict[str, object]:
    return {
        "name": one.name,
        "envelope_sha256": one.proposal.envelope_sha256.hex(),
        "reviewer": one.proposal.reviewer,
        "reason": one.proposal.reason,
        "day": one.proposal.day.isoformat(),
        "state": one.proposal.state.value,
        "held_by": one.proposal.held_by,
        "days_left": one.proposal.days_left,
        "needs_a_person": one.needs_person,
    }
