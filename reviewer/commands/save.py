"""``save``: the files of a submission, on a disk."""

from pathlib import Path

import click

from reviewer.clock import today
from reviewer.commands.at_home import FOLDER, at_home
from reviewer.home import Home
from reviewer.plain_text import plain_line
from reviewer.saving import LISTING_NAME, save
from reviewer.voice import tell


@click.command(epilog="Example: tipline-review save ~/review 3f9a1c02 --to ~/case-7")
@at_home
@click.argument("submission_id", metavar="ID")
@click.option("--to", "folder", required=True, type=FOLDER, help="A folder that is empty or does not exist yet.")
def command(home: Home, submission_id: str, folder: Path) -> None:
    """Write message and files of a submission to FOLDER, under harmless names.

    They are outside the casebook then: anyone who has that disk can read them.
    """
    submission = home.casebook.submissions.find(submission_id)
    saved = save(home, submission, folder)
    home.casebook.log.add("save", submission.short_id, today=today())
    for one in saved:
        renamed = "" if one.name_here == one.untrusted_name else f"  (sent as {plain_line(one.untrusted_name)})"
        tell(f"{one.name_here}{renamed}")
    tell(f"{folder}: {len(saved)} files; {LISTING_NAME} has the names they were sent under")
