"""``owner``: who answers a source."""

import json

import click

from reviewer.commands.at_home import JSON, at_home
from reviewer.home.home import Home
from reviewer.terminal.console import notice, output
from system.clock import today


@click.command(epilog="Example: tipline-review owner ~/review 3f9a1c02 --to anna")
@at_home
@click.argument("submission_id", metavar="ID")
@click.option("--to", "name", metavar="NAME", help="Make this reviewer the owner; your own name takes it over.")
@JSON
def command(home: Home, submission_id: str, name: str | None, as_json: bool) -> None:
    """Show who answers the source of a submission, or say who does from now on.

    Every conversation has an owner from the start, the same at every reviewer. An answer of another reviewer needs
    a confirmation that names the owner. The others learn of a change
    with the next outbox, or by share write.
    """
    from reviewer.sharing.ownership import assign, owner_of
    from reviewer.sharing.said import heard_from

    submission = home.casebook.submissions.find(submission_id)
    owner = owner_of(home, submission) if name is None else assign(home, submission, name, today=today())
    if as_json:
        named = list(owner.named_at_once)
        output(json.dumps({"owner": owner.name, "assigned": owner.is_assigned, "conflict": named}))
        return
    output(f"owner            {owner.name}{' (this home)' if owner.is_own else ''}")
    how = "named by a reviewer" if owner.is_assigned else "computed, the same at every reviewer"
    output(f"                 {how}")
    for one in heard_from(home):
        output(f"{one.name:<17}{one.sentence()}")
    if owner.named_at_once:
        names = ", ".join(owner.named_at_once)
        told = f"several owners were named at once: {names}; {owner.name} counts until one is named again"
        notice("warning", told)
