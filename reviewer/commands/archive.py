"""``archive``: list a submission after all others."""

import click

from reviewer.cases.archive import archive, unarchive
from reviewer.commands.at_home import at_home
from reviewer.home.home import Home
from reviewer.terminal.console import output
from system.clock import today


@click.command(epilog="Example: tipline-review archive ~/review 3f9a1c02")
@at_home
@click.argument("submission_id", metavar="ID")
@click.option("--undo", is_flag=True, help="Take it out of the archive.")
def command(home: Home, submission_id: str, undo: bool) -> None:
    """Archive a submission: it is listed after all others, even an urgent one. Nothing is deleted."""
    submission = home.casebook.submissions.find(submission_id)
    (unarchive if undo else archive)(home, submission, today=today())
    output(f"{submission.short_id} is {'no longer archived' if undo else 'archived'}")
