"""``hold`` and ``unhold``: nothing deletes a tip that is on hold."""

import click

from reviewer.cases.retention import HOLD_REASON_BYTES, hold, unhold
from reviewer.commands.at_home import at_home
from reviewer.home.home import Home
from reviewer.terminal.console import output
from system.clock import today


@click.command(
    name="hold", epilog="Example: tipline-review hold ~/review 3f9a1c02 --because 'court hearing in May'"
)
@at_home
@click.argument("submission_id", metavar="ID")
@click.option(
    "--because",
    required=True,
    metavar="TEXT",
    help=f"For people at this home, at most {HOLD_REASON_BYTES} bytes. It is kept with the tip, not in the log.",
)
def command(home: Home, submission_id: str, because: str) -> None:
    """Keep a tip: no deletion, bin, rule or colleague's proposal deletes it until unhold."""
    submission = home.casebook.submissions.find(submission_id)
    hold(home, submission, because, today=today())
    output(f"{submission.short_id} is on hold")


@click.command(name="unhold", epilog="Example: tipline-review unhold ~/review 3f9a1c02")
@at_home
@click.argument("submission_id", metavar="ID")
def unhold_command(home: Home, submission_id: str) -> None:
    """End the hold on a tip."""
    submission = home.casebook.submissions.find(submission_id)
    unhold(home, submission, today=today())
    output(f"{submission.short_id} is no longer on hold")
