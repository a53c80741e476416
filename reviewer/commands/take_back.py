"""``take-back``: take back an answer that no outbox holds yet."""

import json

import click

from reviewer.commands.at_home import JSON, at_home
from reviewer.home.home import Home
from reviewer.terminal.console import output
from reviewer.terminal.plain_text import plain_lines
from system.clock import today
from system.errors import ProgramError


@click.command(epilog="Example: tipline-review take-back ~/review 3f9a1c02")
@at_home
@click.argument("submission_id", metavar="ID")
@click.option("--forget-draft", is_flag=True, help="Only throw away the draft that an earlier take-back kept.")
@click.option("--let-leave", is_flag=True, help="Let them leave although a colleague answered the same source.")
@JSON
def command(home: Home, submission_id: str, forget_draft: bool, let_leave: bool, as_json: bool) -> None:
    """Take back the answers to a submission that wait for an outbox. They never leave.

    The text is shown and kept as a draft: the form of the desk holds it, and reply --draft seals it as it is. An
    answer that an outbox holds cannot be taken back.
    """
    from reviewer.cases.reply_to import drop_draft, take_back
    from reviewer.sharing import crossing

    submission = home.casebook.submissions.find(submission_id)
    if forget_draft:
        if home.casebook.answer_drafts.of(submission.number) is None:
            raise ProgramError("no draft is kept for this submission")
        drop_draft(home, submission, today=today())
        output(json.dumps({"id": submission.short_id, "draft": None}) if as_json else "the draft is gone")
        return
    if let_leave:
        crossing.let_leave(home, submission, today=today())
        output(json.dumps({"id": submission.short_id}) if as_json else "they leave with the next outbox")
        return
    text = take_back(home, submission, today=today())
    if as_json:
        output(json.dumps({"id": submission.short_id, "draft": text}, indent=2))
        return
    output("taken back; the draft is kept:")
    for line in plain_lines(text):
        output(line)
