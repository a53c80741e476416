"""``transcript``: a conversation as plain text, to be printed or read aloud."""

import json
import sys

import click

from reviewer.commands.at_home import JSON, UNMASK, at_home, notice_unread
from reviewer.home.home import Home
from reviewer.home.mailbox_names import MailboxNames
from reviewer.terminal.console import notice, output
from system.clock import today


@click.command(epilog="Example: tipline-review transcript ~/review 3f9a1c02")
@at_home
@click.argument("submission_id", metavar="ID")
@click.option("--notes", "with_notes", is_flag=True, help="Also our own notes.")
@click.option("--mask", "masks", multiple=True, metavar="WORD", help="A word that is printed as a mark like [#1].")
@UNMASK
@JSON
def command(
    home: Home,
    submission_id: str,
    with_notes: bool,
    masks: tuple[str, ...],
    reasons: dict[int, str],
    as_json: bool,
) -> None:
    """Print a whole conversation as text: what the source wrote, and what we answered.

    Words of persons who are masked at this desk are marks, unless you name each with --with and its reason.
    Control characters and letters that turn the line round are named. Neither the mailbox nor the language of the
    page is in it.

    The text is on your screen only: what you write to a file with > is readable on that disk.
    """
    from reviewer.cases.transcript import transcript_lines
    from reviewer.linking.printed_masks import MARKS_SAY, note_printed, printed_masks

    if not sys.stdout.isatty():
        notice("warning", "the text goes to a file or another program, and is readable there")
    submission = home.casebook.submissions.find(submission_id)
    names = MailboxNames(home.casebook, today=today())
    notice_unread(home)
    printed = printed_masks(home, submission, names=names, with_notes=with_notes, masks=masks, reasons=reasons)
    printed.persons.require(reasons)
    note_printed(home, printed, today=today())
    mask = printed.mask()
    lines = transcript_lines(home, submission, names=names, with_notes=with_notes, hide=mask.within)
    for sentence in printed.persons.sentences():
        notice("warning", sentence)
    if mask.masked:
        lines.append(MARKS_SAY)
    if as_json:
        masked = [one.name for one in printed.persons.masked]
        output(json.dumps({"id": submission.short_id, "masked": masked, "lines": lines}, indent=2))
        return
    for line in lines:
        output(line)
    notice("hint", "the desk has the same as a page to print: tip, Hand on, Print")
