"""``raw``: the envelope as it came."""

from pathlib import Path

import click

from reviewer.cases.quarantine import require_envelope_allowed
from reviewer.cases.raw_envelope import write_raw
from reviewer.clean_copy.children import Children
from reviewer.commands.at_home import FILE, at_home, notice_unread
from reviewer.home.home import Home
from reviewer.terminal.console import notice, output
from system.atomic_files import whole_file
from system.clock import today
from system.errors import ProgramError


@click.command(epilog="Example: tipline-review raw ~/review 3f9a1c02 --out tip.age")
@at_home
@click.argument("submission_id", metavar="ID")
@click.option("--out", required=True, type=FILE, help="The envelope: a file that any age 1.3 or newer opens.")
@click.option(
    "--for-authority",
    is_flag=True,
    help="Write it although a file in it is in quarantine: for an authority. It is counted.",
)
def command(home: Home, submission_id: str, out: Path, for_authority: bool) -> None:
    """Write the original envelope of a submission. This works until its week is retired."""
    from reviewer.linking.masked_in_tip import masked_in_tip, warnings_of

    submission = home.casebook.submissions.find(submission_id)
    if out.exists():
        raise ProgramError(f"{out} is there already", hint="name a file that does not exist yet")
    require_envelope_allowed(home, submission, for_authority=for_authority, today=today())
    notice_unread(home)
    masked = masked_in_tip(home, submission, children=Children(), today=today())
    with whole_file(out) as sink:
        write_raw(home, submission, sink)
        home.casebook.log.add("raw", submission.short_id, today=today())
    for sentence in warnings_of(masked):
        notice("warning", sentence)
    output(f"{out}: {submission.envelope.length_bytes} bytes, sealed to week {submission.week or 'unknown'}")
