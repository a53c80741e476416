"""``delete``: delete a tip, one of its files, or one of our answers for good."""

import click

from reviewer.casebook.submission import Submission
from reviewer.cases.deleting import (
    REASONS,
    answer_number,
    delete_answer,
    delete_file,
    delete_tips,
    file_number,
    require_no_hold,
)
from reviewer.cases.deletion_preview import (
    answer_identity,
    backup_lines,
    backups_of,
    file_identity,
    going_of,
    part_code,
)
from reviewer.cases.shown_code import require_shown
from reviewer.commands.at_home import SHOWN_CODE, at_home
from reviewer.home.home import Home
from reviewer.terminal.console import notice, output
from reviewer.terminal.plain_text import plain_line
from system.clock import today
from system.errors import ProgramError

BECAUSE = click.option(
    "--because",
    type=click.Choice(list(REASONS)),
    help="The reason, one of these words; it stands in the log and goes to colleagues. Without it nothing is"
    " deleted: the command tells what would go.",
)


@click.command(epilog="Example: tipline-review delete ~/review 3f9a1c02 --because asked")
@at_home
@click.argument("submission_id", metavar="ID")
@click.option("--file", "file", type=click.IntRange(min=1), help="Only this file, as show counts them, from 1.")
@click.option(
    "--answer", type=click.IntRange(min=1), help="Only this answer of ours, from 1. One that waits is taken back."
)
@BECAUSE
@SHOWN_CODE
def command(
    home: Home, submission_id: str, file: int | None, answer: int | None, because: str | None, code: str | None
) -> None:
    """Delete a tip for good, with its files, notes, answers and index, or only a part of it.

    Its digest stays, so that no import brings it back. Backups that were written before still hold it.
    A file or an answer is deleted in two steps: its number is that of another one as soon as it is gone.
    """
    if file is not None and answer is not None:
        raise click.UsageError("give --file or --answer, or neither for the whole tip")
    submission = home.casebook.submissions.find(submission_id)
    if file is not None:
        present = _delete_file(home, submission, file, because, code)
    elif answer is not None:
        present = _delete_answer(home, submission, answer, because, code)
    else:
        going = going_of(home, submission)
        present = going.code
        for line in going.lines():
            output(line)
        if because is not None:
            require_shown(code, present)
            delete_tips(home, [submission], because=because, today=today())
            output(f"{submission.short_id} is deleted")
    if because is None:
        notice("hint", f"nothing was deleted; --because with one of: {', '.join(REASONS)}")
        notice("hint", f"with --code {present} nothing but this is deleted")


def _delete_file(home: Home, submission: Submission, number: int, because: str | None, code: str | None) -> str:
    """Show the file, and delete it if there is a reason; the code of what was shown."""
    file = file_number(home, submission, number)
    output(f"gone for good: file {number}, {plain_line(file.name)}, {file.length_bytes} bytes")
    output("the envelope cannot be written again without it; its SHA-256 stays here")
    lines = backup_lines(backups_of(home, submission))
    for line in lines:
        output(line)
    present = part_code(file_identity(file), lines)
    if because is not None:
        _require_part_shown(home, submission, code, present)
        delete_file(home, submission, file, because=because, today=today())
        output(f"file {number} of {submission.short_id} is deleted: SHA-256 {file.sha256.hex()}")
    return present


def _delete_answer(home: Home, submission: Submission, number: int, because: str | None, code: str | None) -> str:
    """Show the answer, and delete it if there is a reason; the code of what was shown."""
    sent = answer_number(home, submission, number)
    waits = sent.out_day is None
    output(f"gone for good: our answer of {sent.day.isoformat()}, and its words in the search index")
    output("it was not sent, and never will be" if waits else "it stays on the servers until it ends there")
    lines = backup_lines(home.casebook.backups.since(None, or_day=sent.day))
    for line in lines:
        output(line)
    present = part_code(answer_identity(sent), lines)
    if because is not None:
        _require_part_shown(home, submission, code, present)
        delete_answer(home, submission, sent, because=because, today=today())
        output(f"answer {number} to {submission.short_id} is {'taken back' if waits else 'deleted'}")
    return present


def _require_part_shown(home: Home, submission: Submission, code: str | None, present: str) -> None:
    """Return if the part that a number names is the one that was shown."""
    require_no_hold(home, [submission])
    if code is None:
        raise ProgramError(
            "nothing was deleted: a number names another file or answer once one before it is gone",
            hint=f"to delete what was shown above, add --code {present}",
        )
    require_shown(code, present)
