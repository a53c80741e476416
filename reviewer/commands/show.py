"""``show``: one submission, harmless on a terminal."""

import json

import click

from reviewer.cases.marking import opened
from reviewer.cases.submission_text import to_json, to_lines
from reviewer.commands.at_home import JSON, at_home
from reviewer.home.home import Home
from reviewer.home.mailbox_names import MailboxNames
from reviewer.terminal.console import output
from system.clock import today


@click.command(epilog="Example: tipline-review show ~/review 3f9a1c02")
@at_home
@click.argument("submission_id", metavar="ID")
@JSON
def command(home: Home, submission_id: str, as_json: bool) -> None:
    """Show one submission: message, file sizes and SHA-256, our replies. No file is opened."""
    submission = home.casebook.submissions.find(submission_id)
    home.casebook.log.add("show", submission.short_id, today=today())
    opened(home, [submission])
    names = MailboxNames(home.casebook, today=today())
    if as_json:
        output(json.dumps(to_json(home, submission, names=names), indent=2))
        return
    for line in to_lines(home, submission, names=names):
        output(line)
