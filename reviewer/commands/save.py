"""``save``: the files of a submission in a folder; as they came, or as clean copies to hand on."""

from collections.abc import Sequence
from pathlib import Path

import click

from reviewer.casebook.submission import Submission
from reviewer.cases.clean_export import save_clean
from reviewer.cases.file_export import LISTING_NAME, RAW_NAME, save
from reviewer.cases.saving_place import proposed_folder, proposed_folder_to_hand_on, require_proposal
from reviewer.cases.untrusted_names import MARK, is_marked
from reviewer.clean_copy.children import Children
from reviewer.commands.at_home import FOLDER, at_home, notice_unread
from reviewer.errors import NoCleanCopy, ReadableOnDisk, TracesStay
from reviewer.home.home import Home
from reviewer.terminal.console import notice, output
from reviewer.terminal.plain_text import plain_line
from system.clock import today


@click.command(epilog="Example: tipline-review save ~/review 3f9a1c02")
@at_home
@click.argument("submission_id", metavar="ID")
@click.option(
    "--to",
    "folder",
    type=FOLDER,
    help="A folder that is empty or does not exist yet. Without it, a new folder in the memory of this machine.",
)
@click.option(
    "--on-disk", is_flag=True, help="With --to: write there although it is a disk, which keeps deleted files."
)
@click.option(
    "--without-traces",
    is_flag=True,
    help="Save clean copies for other people: only pictures, redrawn without place, device, time, owner, comments,"
    " thumbnail and name. Refused if a file cannot be copied this way; its name is printed.",
)
@click.option(
    "--leave-out",
    is_flag=True,
    help="With --without-traces: leave out files that cannot be copied this way.",
)
def command(
    home: Home, submission_id: str, folder: Path | None, on_disk: bool, without_traces: bool, leave_out: bool
) -> None:
    """Write message and files of a submission to a folder, under harmless names.

    They are outside the casebook then, and readable. In memory they are gone when this machine is switched off.
    What stays in the casebook is never changed. tipline-review saved lists and destroys such folders.
    """
    if on_disk and folder is None:
        raise click.UsageError("--on-disk belongs to --to")
    if leave_out and not without_traces:
        raise click.UsageError("--leave-out belongs to --without-traces")
    submission = home.casebook.submissions.find(submission_id)
    if folder is None:
        proposed = proposed_folder_to_hand_on() if without_traces else proposed_folder(submission.short_id)
        folder = require_proposal(proposed)
    notice_unread(home)
    try:
        if without_traces:
            _save_clean(home, submission, folder, leave_out=leave_out, on_disk=on_disk)
        else:
            _save(home, submission, folder, on_disk=on_disk)
    except ReadableOnDisk as error:
        raise ReadableOnDisk(
            str(error), hint="leave --to out to save into memory, or confirm a disk with --on-disk"
        ) from error


def _save(home: Home, submission: Submission, folder: Path, *, on_disk: bool) -> None:
    from reviewer.linking.masked_in_tip import masked_in_tip, warnings_of

    children = Children()
    masked = masked_in_tip(home, submission, children=children, today=today())
    saved = save(home, submission, folder, on_disk=on_disk, today=today(), children=children)
    for sentence in warnings_of(masked):
        notice("warning", sentence)
    for one in saved:
        if one.is_quarantined:
            notice("left out", f"{plain_line(one.untrusted_name) or 'a file without a name'}: it is in quarantine")
            continue
        renamed = "" if one.name_here == one.untrusted_name else f"  (sent as {plain_line(one.untrusted_name)})"
        output(f"{one.name_here}{renamed}")
    written = sum(not one.is_quarantined for one in saved)
    output(f"{folder}: {written} files; {LISTING_NAME} has the names they were sent under")
    output(f"{RAW_NAME} has the message byte for byte, and may hold what a terminal obeys")
    if any(is_marked(one.name_here) for one in saved):
        output(f"{MARK} marks what could run, or what a browser would render: do not open it on this machine")


def _save_clean(home: Home, submission: Submission, folder: Path, *, leave_out: bool, on_disk: bool) -> None:
    from reviewer.linking.masked_in_tip import masked_in_pictures, warnings_of

    children = Children()
    masked = masked_in_pictures(home, submission, children=children, today=today())
    try:
        saved = save_clean(
            home, submission, folder, leave_out=leave_out, on_disk=on_disk, today=today(), children=children
        )
    except TracesStay as error:
        _say_each("refused", error.refused)
        if error.clean:
            notice("hint", f"with --leave-out, clean copies of the others ({error.clean}) would be written")
        raise
    _say_each("left out", saved.left_out)
    for sentence in warnings_of(masked, with_words=False):
        notice("warning", sentence)
    for one in saved.copies:
        output(f"{one.name_here}  (sent as {plain_line(one.untrusted_name)})  taken off: {one.taken_off_words}")
    output(f"{folder}: {len(saved.copies)} clean copies; look at each, since what it shows is still in it")


def _say_each(kind: str, refused: Sequence[tuple[str, NoCleanCopy]]) -> None:
    for untrusted_name, why in refused:
        notice(kind, f"{plain_line(untrusted_name) or 'a file without a name'}: {why}")
