"""``handled``: set a submission aside."""

import click

from reviewer.cases.archive import bring_back, set_aside
from reviewer.commands.at_home import at_home
from reviewer.home.home import Home
from reviewer.terminal.console import tell
from system.clock import today


@click.command(epilog="Example: tipline-review handled ~/review 3f9a1c02")
@at_home
@click.argument("submission_id", metavar="ID")
@click.option("--undo", is_flag=True, help="Bring it back among the others.")
def command(home: Home, submission_id: str, undo: bool) -> None:
    """Set a submission aside: it is listed after all others, danger or not. Nothing of it is lost."""
    submission = home.casebook.submissions.find(submission_id)
    (bring_back if undo else set_aside)(home, submission, today=today())
    tell(f"{submission.short_id} is {'back among the others' if undo else 'set aside'}")
