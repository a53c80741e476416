"""Junk: into the bin, back from it, and what leaves it by deletion."""

import datetime as dt

from reviewer.casebook.bin import BIN_DAYS, BinnedTip
from reviewer.casebook.submission import Submission
from reviewer.cases.deleting import JUNK, SOON_SETTING, finish, propose_to_colleagues, require_deletable
from reviewer.cases.part_proposals import carry_out_due_parts
from reviewer.cases.proposals import carry_out_due
from reviewer.home.home import Home
from reviewer.masks.binned import packed_masks
from reviewer.masks.lasting import carry_masks, findings_of_tips, masks_last, tidy_after_return
from reviewer.sharing.link_appliers import put_tip
from reviewer.sharing.record import keep_marks
from reviewer.sharing.unmasked_dismissals import put_tip_masked
from system.errors import ProgramError


def put_in_bin(home: Home, submission: Submission, *, today: dt.date) -> None:
    """Move a tip into the bin, for fourteen days on which the casebook is opened.

    Raises:
        ProgramError: it is on hold, it did not open, or an answer of ours to it waits for the outbox.
    """
    require_deletable(home, [submission])
    if submission.unopenable is not None:
        raise ProgramError(
            "an envelope that could not be opened does not go into the bin: no one has read it",
            hint="a key that turns up may open it; tipline-review delete deletes it for good",
        )
    if any(reply.out_day is None for reply in home.casebook.replies.of(submission.number)):
        raise ProgramError(
            "an answer to this tip waits for the outbox",
            hint="write the outbox first, or take the answer back: tipline-review delete HOME ID --answer N",
        )
    with home.casebook.changing():
        home.casebook.settings.forget(SOON_SETTING)
        keep_marks(home, [submission], today=today)
        carry_masks(home, submission)
        masks = packed_masks(home.casebook, submission.number)
        with masks_last(home, findings_of_tips(home, [submission]), tips=[submission.number], today=today):
            home.casebook.bin.put(submission, masks=masks, today=today)
        home.casebook.log.add("into the bin", submission.short_id, today=today)
    finish(home)


def put_back(home: Home, tip: BinnedTip, *, today: dt.date) -> None:
    """Bring a tip back from the bin, with everything that belonged to it."""
    with home.casebook.changing():
        home.casebook.bin.put_back(tip)
        back = home.casebook.submissions.of_envelope(tip.envelope_sha256)
        if back is not None:
            put_tip(home, back)
            put_tip_masked(home, back, today)
            tidy_after_return(home, back, today=today)
        home.casebook.log.add("out of the bin", tip.short_id, today=today)
    finish(home)


def delete_from_bin(home: Home, tips: list[BinnedTip], *, today: dt.date) -> None:
    """Delete these tips for good; all of them, or none."""
    with home.casebook.changing():
        for tip in tips:
            home.casebook.bin.delete(tip, reason=JUNK, today=today)
            home.casebook.proposals.mark_done(tip.envelope_sha256)
            home.casebook.part_proposals.mark_done_of_tip(tip.envelope_sha256)
            propose_to_colleagues(home, tip.envelope_sha256, tip.server, because=JUNK, today=today)
            home.casebook.log.add("deleted", f"{tip.short_id}, {JUNK}, from the bin", today=today)
    finish(home)


def empty_due(home: Home, *, today: dt.date) -> int:
    """Delete what was in the bin for its days; the number of these tips."""
    due = home.casebook.bin.due()
    if due:
        delete_from_bin(home, due, today=today)
    return len(due)


def let_go_of_due(home: Home, *, today: dt.date) -> list[str]:
    """Delete what is due without a person, in the bin or proposed by colleagues; the result in words."""
    emptied, proposed = empty_due(home, today=today), carry_out_due(home, today=today)
    parts = carry_out_due_parts(home, today=today)
    told = []
    if emptied:
        told.append(f"{emptied} tips were in the bin for {BIN_DAYS} days, and are deleted")
    if proposed:
        told.append(f"{proposed} tips are deleted, as colleagues proposed")
    if parts:
        told.append(f"{parts} files and answers are deleted, as colleagues proposed")
    return told
