"""``archive`` lists a submission after all others; ``note`` keeps a note on it."""

import click

from reviewer.cases.archive import NOTE_BYTES, add_note, archive, destroy_note, unarchive
from reviewer.commands.at_home import at_home
from reviewer.commands.telephone import read_text
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


@click.command(epilog="Example: tipline-review note ~/review 3f9a1c02 --text-file - --private")
@at_home
@click.argument("submission_id", metavar="ID")
@click.option("--text-file", metavar="FILE|-", help="The note; - reads standard input.")
@click.option("--private", "is_private", is_flag=True, help="Only on this laptop and in its backups.")
@click.option("--destroy", metavar="NOTE", type=click.IntRange(min=1), help="Destroy the note with this number.")
def note_command(
    home: Home, submission_id: str, text_file: str | None, is_private: bool, destroy: int | None
) -> None:
    """Add a note to a tip, or destroy one; show has the notes with their numbers.

    Colleagues get it with the next outbox. A private note reaches no colleague, no member, and no printed page.
    """
    if (text_file is None) is (destroy is None):
        raise click.UsageError("give --text-file FILE, or --destroy NOTE")
    submission = home.casebook.submissions.find(submission_id)
    if text_file is not None:
        text = read_text(text_file, most_bytes=NOTE_BYTES)
        add_note(home, submission, text, is_private=is_private, today=today())
        output("the note is kept on this laptop only" if is_private else "the note is kept")
    elif destroy is not None:
        destroy_note(home, submission, destroy, today=today())
        output("the note is destroyed; earlier backups still hold it")
