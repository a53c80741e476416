"""Deleting tips, single files and answers for good, with a reason of a fixed list."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from crypto.primitives.canonical_json import Json
from crypto.submissions.submission import Kind
from reviewer.casebook.arrival import StoredFile
from reviewer.casebook.part_proposals import PartKind, TipPart
from reviewer.casebook.proposals import QUARANTINE
from reviewer.casebook.replies import SentReply
from reviewer.casebook.shared_marks import ONLY_HERE
from reviewer.casebook.submission import Submission
from reviewer.errors import CasebookError
from reviewer.home.home import Home
from reviewer.home.keyring import overwrite_and_unlink
from reviewer.masks.lasting import findings_of_file, findings_of_tips, masks_last
from reviewer.sharing.appliers import (
    ANSWER,
    ANSWER_TAKEN_BACK,
    DELETION_ANSWER,
    DELETION_FILE,
    DELETION_PROPOSED,
)
from reviewer.sharing.record import keep_marks, record, record_deletion
from reviewer.terminal.plain_text import plain_line
from system.errors import ProgramError

JUNK, KEPT_LONG_ENOUGH = "junk", "kept-long-enough"
REASONS: Final[Mapping[str, str]] = {
    JUNK: "it is junk",
    "duplicate": "the same is here twice",
    "asked": "the source asked for it",
    "harm": "keeping it could harm a person",
    "law": "the law says so",
    QUARANTINE: "it must not be looked at",
    KEPT_LONG_ENOUGH: "it was kept long enough",
    "other": "there is another reason",
}
"""The words in the log and for colleagues, and their meaning: free text could hold what was deleted."""

WORDS_KNOWN: Final = "words-known"
SOON_SETTING: Final = "retention_soon"
"""The number of tips that the list of tips reminds of, and the day on which it was computed."""
_DELETED_ACT: Final = "deleted"


def delete_tips(home: Home, submissions: Sequence[Submission], *, because: str, today: dt.date) -> None:
    """Delete these tips in one step: all of them, or none. A case is deleted by this.

    Raises:
        ProgramError: an unknown reason, or one of them must stay; nothing was deleted.
    """
    require_reason(because)
    require_deletable(home, submissions)
    with home.casebook.changing():
        delete_within(home, submissions, because=because, today=today)
    finish(home, submissions)


def delete_within(
    home: Home, submissions: Sequence[Submission], *, because: str, today: dt.date, is_proposed: bool = False
) -> None:
    """Delete these tips as a part of the caller's transaction, after which :func:`finish` is called.

    Colleagues are asked to delete them too, unless one of them proposed it. Persons whom only these tips call
    harmed stay masked elsewhere.
    """
    casebook = home.casebook
    keep_marks(home, submissions, today=today)
    for one in submissions:
        casebook.proposals.mark_done(one.envelope.sha256)
        casebook.part_proposals.mark_done_of_tip(one.envelope.sha256)
        if not is_proposed:
            propose_to_colleagues(home, one.envelope.sha256, one.envelope.server, because=because, today=today)
        casebook.log.add(_DELETED_ACT, f"{one.short_id}, {because}", today=today)
    casebook.settings.forget(SOON_SETTING)
    tips = [one.number for one in submissions]
    with masks_last(home, findings_of_tips(home, submissions), tips=tips, today=today):
        casebook.deletions.delete(submissions, reason=because, today=today)


def propose_to_colleagues(home: Home, sha256: bytes, server: str, *, because: str, today: dt.date) -> None:
    """Ask colleagues to delete a tip too, unless it was in this casebook only."""
    if server in ONLY_HERE:
        return
    own_name = home.casebook.settings.require("name")
    uuid = home.casebook.proposals.propose(sha256, reviewer=own_name, reason=because, today=today)
    record_deletion(home, DELETION_PROPOSED, sha256, {"proposal": uuid.hex(), "reason": because}, today=today)


def finish(home: Home, submissions: Sequence[Submission] = ()) -> None:
    """Overwrite what these left outside of the casebook.

    The next opening of the home does it, if this is cut short.

    Raises:
        CasebookError: there is no room for it now.
    """
    for one in submissions:
        if one.unopened_file is not None:
            overwrite_and_unlink(home.unopened / one.unopened_file)
    home.casebook.consents.let_go_of_deleted()
    try:
        home.casebook.deletions.finish()
    except CasebookError as error:
        raise CasebookError(
            f"this was done, and its traces in the files could not be overwritten yet: {error}",
            hint="make room on the disk; the next opening of the home overwrites them",
        ) from error


def delete_file(
    home: Home,
    submission: Submission,
    file: StoredFile,
    *,
    because: str,
    today: dt.date,
    asks_colleagues: bool = True,
) -> None:
    """Delete one file of a tip, with everything inside if it came sealed; its SHA-256 stays.

    Colleagues are asked to delete it too, unless the caller says otherwise.

    Raises:
        ProgramError: an unknown reason, or the tip is on hold.
    """
    require_reason(because)
    require_no_hold(home, [submission])
    part = TipPart.of_file(submission.envelope.sha256, file.place)
    with home.casebook.changing():
        delete_file_within(home, submission, file, because=because, today=today)
        home.casebook.part_proposals.mark_done(part)
        if asks_colleagues:
            propose_part(home, submission, part, because=because, today=today)
        home.casebook.log.add("file deleted", f"{submission.short_id}, {file.sha256.hex()}, {because}", today=today)
    finish(home)


def delete_file_within(
    home: Home, submission: Submission, file: StoredFile, *, because: str, today: dt.date
) -> None:
    """Delete one file in the caller's transaction; persons in it stay masked elsewhere."""
    doomed = findings_of_file(home, submission, file.place)
    with masks_last(home, doomed, tips=[submission.number], today=today):
        home.casebook.deletions.delete_file(submission, file.place, reason=because, today=today)


def delete_answer(home: Home, submission: Submission, answer: SentReply, *, because: str, today: dt.date) -> None:
    """Delete one answer of ours. One that waits for the outbox is taken back by this: it is never sent.

    Colleagues are asked to delete their copy, if they may have one.

    Raises:
        ProgramError: an unknown reason, or the tip is on hold.
    """
    require_reason(because)
    require_no_hold(home, [submission])
    act = "answer taken back" if answer.out_day is None else "answer deleted"
    part = TipPart.of_answer(submission.envelope.sha256, answer.reply_id.hex())
    operations = home.casebook.operations
    told = [one for one in operations.about([submission.envelope.sha256], ANSWER) if one.text("reply") == part.name]
    # A file from laptop to laptop leaves no mark: any colleague may have what was told once.
    may_be_there = answer.out_day is not None or bool(told)
    with home.casebook.changing():
        home.casebook.replies.let_go_of(submission.number, answer.reply_id)
        for one in told:
            operations.erase(one.sha256)
        if answer.out_day is None:
            record(home, ANSWER_TAKEN_BACK, submission, {"reply": part.name}, today=today)
        home.casebook.part_proposals.mark_done(part)
        if may_be_there:
            propose_part(home, submission, part, because=because, today=today)
        home.casebook.search.put(submission.number)
        home.casebook.search.wipe_leavings()
        home.casebook.deletions.note_unfinished()
        home.casebook.log.add(act, f"{submission.short_id}, {because}", today=today)
    finish(home)


def propose_part(home: Home, submission: Submission, part: TipPart, *, because: str, today: dt.date) -> None:
    """Ask colleagues to delete a file or an answer too, unless its tip is in this casebook only."""
    if submission.envelope.server in ONLY_HERE:
        return
    is_file = part.kind is PartKind.FILE
    own_name = home.casebook.settings.require("name")
    uuid = home.casebook.part_proposals.propose(part, reviewer=own_name, reason=because, today=today)
    content: dict[str, Json] = {"proposal": uuid.hex(), "reason": because}
    content |= {"file": int(part.name)} if is_file else {"reply": part.name}
    record_deletion(home, DELETION_FILE if is_file else DELETION_ANSWER, part.tip, content, today=today)


def file_number(home: Home, submission: Submission, number: int) -> StoredFile:
    """The file at a place of the list of files, from 1.

    Raises:
        ProgramError: the tip has no such file.
    """
    files = home.casebook.submissions.stored_files(submission)
    if not 1 <= number <= len(files):
        raise ProgramError(f"this tip has {len(files)} files, and no file {number}")
    return files[number - 1]


def answer_number(home: Home, submission: Submission, number: int) -> SentReply:
    """The answer at a place of the list of answers to this tip, from 1.

    Raises:
        ProgramError: the tip has no such answer.
    """
    answers = home.casebook.replies.of(submission.number)
    if not 1 <= number <= len(answers):
        raise ProgramError(f"this tip has {len(answers)} answers of ours, and no answer {number}")
    return answers[number - 1]


def require_reason(because: str) -> None:
    """Return if this is a reason of the list.

    Raises:
        ProgramError: it is not.
    """
    if because not in REASONS:
        raise ProgramError(f"a reason must be one of: {', '.join(REASONS)}")


def require_deletable(home: Home, submissions: Sequence[Submission]) -> None:
    """Return if all of these may go together.

    Raises:
        ProgramError: one is on hold; or it warns that another person may have the words of a mailbox, of which
            other tips would stay.
    """
    require_no_hold(home, submissions)
    going = {one.number for one in submissions}
    for one in submissions:
        if warns_others(home, one, going):
            raise ProgramError(
                f"{one.short_id} warns that another person may have the words of its mailbox, and no answer leaves"
                " for the other tips of that mailbox as long as it is here",
                hint="delete the other tips of that mailbox first",
            )


def warns_others(home: Home, submission: Submission, going: Collection[int]) -> bool:
    """True if this is the act "someone may have my words", and other tips of its mailbox stay.

    ``going`` are the numbers of those that are deleted with it.
    """
    if submission.kind is not Kind.ACT:
        return False
    overview = home.casebook.overview
    if overview.values("act", [submission.number]).get(submission.number) != WORDS_KNOWN:
        return False
    return any(one.kind is not Kind.ACT and one.number not in going for one in overview.of_mailbox(submission))


def require_no_hold(home: Home, submissions: Sequence[Submission]) -> None:
    """Return if none of these is on hold.

    Raises:
        ProgramError: one is.
    """
    held = home.casebook.holds.numbers()
    for one in submissions:
        if one.number in held:
            raise ProgramError(
                f"{one.short_id} is on hold, and nothing of it is deleted",
                hint=f"tipline-review unhold HOME {one.short_id} ends the hold",
            )


def kept_lines(home: Home, submission: Submission) -> list[str]:
    """The hold on a tip and its deleted files, for a terminal."""
    hold = home.casebook.holds.of(submission.number)
    lines = [f"on hold          since {hold.day.isoformat()}: {plain_line(hold.reason)}"] if hold else []
    return lines + [
        f"deleted file     {one.deleted_day.isoformat()}, {plain_line(one.reason)}: SHA-256 {one.sha256.hex()}"
        for one in home.casebook.deletions.files_of(submission)
    ]


def kept_json(home: Home, submission: Submission) -> dict[str, Json]:
    """The same for programs."""
    hold = home.casebook.holds.of(submission.number)
    return {
        "hold": {"day": hold.day.isoformat(), "reason": hold.reason} if hold else None,
        "deleted_files": [
            {"sha256": one.sha256.hex(), "reason": one.reason, "day": one.deleted_day.isoformat()}
            for one in home.casebook.deletions.files_of(submission)
        ],
    }
