"""``raw``: the envelope as it came."""

from pathlib import Path

import click

from reviewer.clock import today
from reviewer.commands.at_home import FILE, at_home
from reviewer.errors import CasebookError
from reviewer.home import Home
from reviewer.whole_file import whole_file

_PIECE_BYTES = 1 << 20


@click.command(epilog="Example: tipline-review raw ~/review 3f9a1c02 --out tip.age")
@at_home
@click.argument("submission_id", metavar="ID")
@click.option("--out", required=True, type=FILE, help="The envelope: a file that any age 1.3 or newer opens.")
def command(home: Home, submission_id: str, out: Path) -> None:
    """Write the envelope of a submission as it came, until its week is retired."""
    submission = home.casebook.submissions.find(submission_id)
    name = submission.envelope.file_name
    path = home.envelopes / name if name else None
    if path is None or not path.exists():
        raise CasebookError(
            "the envelope of this submission is gone",
            hint="envelopes go when their week is retired, and are in no backup; show and save have its contents",
        )
    with path.open("rb") as source, whole_file(out) as sink:
        while piece := source.read(_PIECE_BYTES):
            sink.write(piece)
    home.casebook.log.add("raw", submission.short_id, today=today())
    click.echo(f"{out}: {submission.envelope.length_bytes} bytes, sealed to week {submission.week or 'unknown'}")
