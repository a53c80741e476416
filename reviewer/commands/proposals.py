"""``proposals``: deletions that colleagues propose."""

import json

import click

from reviewer.casebook.submission import SHOWN_DIGITS
from reviewer.cases.part_proposals import (
    ShownPart,
    confirm_part,
    find_part,
    hold_part,
    show_parts_today,
    waiting_parts,
)
from reviewer.cases.proposals import ShownProposal, confirm, hold_proposal, show_today, waiting_proposals
from reviewer.commands.at_home import JSON, at_home
from reviewer.home.home import Home
from reviewer.linking.colleagues_forgetting import (
    ShownForgetting,
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
    """List what colleagues propose to delete or to forget. Listing counts as showing.

    They propose to delete whole tips, single files, and answers of their own. One takes effect here when it is
    confirmed, or after fourteen different days on which it was shown. A tip that was never opened here, and more
    than ten proposals of one colleague in 30 days, wait for a person.
    """
    if confirmed is not None and held is not None:
        raise click.UsageError("give --confirm or --hold")
    named = confirmed if confirmed is not None else held
    if named is not None:
        output(_decided(home, named, is_confirmed=confirmed is not None))
        return
    show_today(home, waiting_proposals(home), today=today())
    show_parts_today(home, waiting_parts(home), today=today())
    show_forgettings_today(home, today=today())
    shown, parts, forgettings = waiting_proposals(home), waiting_parts(home), waiting_forgettings(home)
    if as_json:
        told = {
            "proposals": [_json(one) for one in shown],
            "parts": [one.to_json() for one in parts],
            "forgettings": [one.to_json() for one in forgettings],
        }
        output(json.dumps(told, indent=2))
        return
    for line in (*map(_line, shown), *map(_line_of_part, parts), *map(_line_of_forgetting, forgettings)):
        output(line)
    if not shown and not parts and not forgettings:
        output("no colleague proposes a deletion")


def _decided(home: Home, name: str, *, is_confirmed: bool) -> str:
    """Confirm or hold the proposal with this name; the result in words."""
    if (forgetting := find_forgetting(home, name)) is not None:
        (confirm_forgetting if is_confirmed else hold_forgetting)(home, forgetting, today=today())
        return "it is forgotten; every passage is blacked out" if is_confirmed else "it is kept"
    if (part := find_part(home, name)) is not None:
        (confirm_part if is_confirmed else hold_part)(home, part, today=today())
        return f"{part.called} is {'deleted' if is_confirmed else 'kept'}"
    (confirm if is_confirmed else hold_proposal)(home, home.casebook.proposals.find(name), today=today())
    return f"the tip is {'deleted' if is_confirmed else 'kept'}"


def _line(one: ShownProposal) -> str:
    tip = one.proposal.envelope_sha256.hex()[:SHOWN_DIGITS]
    return f"{one.name}  tip {tip}  from {plain_line(one.proposal.reviewer)}: {one.because}; {one.fate()}"


def _line_of_part(one: ShownPart) -> str:
    return (
        f"{one.name}  {one.called}  from {plain_line(one.waiting.proposal.reviewer)}: {one.because}; {one.fate()}"
    )


def _line_of_forgetting(one: ShownForgetting) -> str:
    count = f"{one.count} passage{'s' if one.count != 1 else ''}"
    from_whom = plain_line(one.waiting.proposal.reviewer)
    return f"{one.name}  forget {one.called}, {count}  from {from_whom}: {one.fate()}"


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
