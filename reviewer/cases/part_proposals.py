"""Proposals to delete a file, or an answer of a colleague: shown, confirmed or held, carried out.

They go as the deletion of a whole tip goes (:mod:`reviewer.cases.proposals`), and count to the same ten. A
colleague can propose to delete its own answers only. A file in quarantine here never goes by itself: the rule of
this casebook for quarantines may keep it.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from crypto.primitives.canonical_json import Json
from crypto.sharing.operation import Operation
from reviewer.casebook.arrival import StoredFile
from reviewer.casebook.numbered_files import BY_ITSELF, numbered_files
from reviewer.casebook.part_proposals import PartKind, PartProposal
from reviewer.casebook.proposals import ProposalState
from reviewer.casebook.replies import SentReply
from reviewer.casebook.submission import SHOWN_DIGITS, Submission
from reviewer.cases.deleting import REASONS, delete_file_within, finish, require_no_hold
from reviewer.cases.deletion_preview import backup_lines, backups_of
from reviewer.cases.proposals import has_waiting_answer, kept_by, known_reason, note_agreement, note_hold
from reviewer.home.home import Home
from reviewer.languages.staff_language import said, said_number
from reviewer.sharing.appliers import ANSWER
from reviewer.sharing.party import own_key


@dataclass(frozen=True, slots=True)
class ShownPart:
    """A waiting proposal about a file that is here, or about an answer.

    ``file_number`` counts from 1. ``answers`` are the operations that hold the answer; ``reply`` is our row of it
    after a restore.
    """

    waiting: PartProposal
    submission: Submission
    was_opened_here: bool
    is_on_hold: bool
    has_waiting_answer: bool
    is_in_quarantine: bool
    """True for a file in quarantine here, or one around such a file."""

    is_hidden: bool
    """True if a colleague's quarantine hides the tip: nothing of it is shown."""

    file: StoredFile | None = None
    file_number: int = 0
    answers: Sequence[Operation] = field(default=(), repr=False)
    reply: SentReply | None = field(default=None, repr=False)
    kept_by: str | None = None
    """The person who keeps the part, against this proposal or another one."""

    @property
    def name(self) -> str:
        """The name used to confirm or hold it."""
        return self.waiting.proposal.uuid.hex()[:SHOWN_DIGITS]

    @property
    def text(self) -> str:
        """The words of the answer, untrusted; empty for a file."""
        if self.reply is not None:
            return self.reply.text
        return self.answers[0].text("text") if self.answers else ""

    @property
    def because(self) -> str:
        """The colleague's reason in words."""
        return said(REASONS.get(self.waiting.proposal.reason, self.waiting.proposal.reason))

    @property
    def called(self) -> str:
        """The part in a few words that hold nothing of it."""
        tip = self.submission.short_id
        if self.file is not None:
            return said("file %(number)s of tip %(tip)s", number=self.file_number, tip=tip)
        day = self.reply.day if self.reply is not None else self.answers[0].day
        return said("the answer of %(day)s to tip %(tip)s", day=day.isoformat(), tip=tip)

    @property
    def needs_person(self) -> bool:
        """True if it never takes effect by itself."""
        is_asked = self.is_on_hold or self.has_waiting_answer or self.is_in_quarantine or self.kept_by is not None
        return not self.was_opened_here or self.waiting.proposal.is_beyond or is_asked

    def fate(self) -> str:
        """The next thing that happens to it, in words for staff."""
        proposal = self.waiting.proposal
        if self.is_on_hold:
            return said("the tip is on hold here")
        if self.kept_by is not None:
            return said("%(person)s keeps it", person=self.kept_by)
        if self.is_in_quarantine:
            return said("it waits for you, as this file is in quarantine here")
        if self.has_waiting_answer:
            return said("it waits for you, as an answer of ours to this tip was not sent yet")
        if not self.was_opened_here:
            return said("it waits for you, as no one has opened this tip here")
        if proposal.is_beyond:
            return said("it waits for you, as ten others came from this colleague within 30 days")
        return said_number(
            "it goes after %(num)s more day on which you are shown this",
            "it goes after %(num)s more days on which you are shown this",
            proposal.days_left,
        )

    def lines(self, home: Home) -> list[str]:
        """Everything that goes with it, and where it stays, in words for staff."""
        if self.file is not None:
            return [
                said("gone for good: the file, and what was sealed inside of it"),
                said("its SHA-256 stays here; the envelope cannot be written again without it"),
                *backup_lines(backups_of(home, self.submission)),
            ]
        day = self.answers[0].day if self.answers else self.submission.imported_day
        return [
            said("gone for good: the words of this answer, and their place in the search index"),
            said("it stays on the servers until it ends there"),
            *backup_lines(home.casebook.backups.since(None, or_day=day)),
        ]

    def to_json(self) -> dict[str, Json]:
        """For programs."""
        proposal = self.waiting.proposal
        return {
            "name": self.name,
            "part": self.waiting.part.kind.value,
            "tip": self.submission.short_id,
            "file": self.file_number or None,
            "sha256": self.file.sha256.hex() if self.file else None,
            "reviewer": proposal.reviewer,
            "reason": proposal.reason,
            "day": proposal.day.isoformat(),
            "state": proposal.state.value,
            "held_by": proposal.held_by,
            "days_left": proposal.days_left,
            "needs_a_person": self.needs_person,
        }


def waiting_parts(home: Home) -> list[ShownPart]:
    """The colleagues' proposals about parts that are here.

    One about a part that may come later is not among them.
    """
    kept = kept_by(home)
    shown = (_shown(home, one) for one in home.casebook.part_proposals.waiting())
    return [
        replace(one, kept_by=kept.get(one.waiting.proposal.envelope_sha256)) for one in shown if one is not None
    ]


def show_parts_today(home: Home, parts: Sequence[ShownPart], *, today: dt.date) -> None:
    """Note that a person is shown these today."""
    if parts:
        with home.casebook.changing():
            home.casebook.proposals.shown_today((one.waiting.proposal.uuid for one in parts), today=today)


def confirm_part(home: Home, part: ShownPart, *, today: dt.date) -> None:
    """Agree with a colleague: the file or answer is deleted here too, at once.

    Raises:
        ProgramError: it does not wait any more, or the tip is on hold here.
    """
    require_no_hold(home, [part.submission])
    with home.casebook.changing():
        note_agreement(home, part.waiting.proposal.uuid, _subject(part), today=today)
        _delete_within(home, part, today=today)
    finish(home)


def hold_part(home: Home, part: ShownPart, *, today: dt.date) -> None:
    """Keep it against a colleague's proposal, here and at every colleague that has not deleted it.

    Raises:
        ProgramError: it does not wait any more.
    """
    note_hold(home, part.waiting.proposal.uuid, part.waiting.part.tip, _subject(part), today=today)


def carry_out_due_parts(home: Home, *, today: dt.date) -> int:
    """Delete the files and answers that colleagues proposed and no one kept; how many.

    A tip on hold here keeps its parts for all. What :attr:`ShownPart.needs_person` says waits for a person.
    """
    for one in waiting_parts(home):
        if one.is_on_hold and one.waiting.proposal.state is not ProposalState.HELD:
            hold_part(home, one, today=today)
    due = [
        one
        for one in waiting_parts(home)
        if not one.needs_person and one.waiting.proposal.takes_effect(was_opened_here=one.was_opened_here)
    ]
    done = 0
    for one in due:
        with home.casebook.changing():
            # Two colleagues may have proposed the same: the first deletion does both.
            if _shown(home, one.waiting) is not None:
                _delete_within(home, one, today=today)
                done += 1
    if done:
        finish(home)
    return done


def find_part(home: Home, untrusted_name: str) -> ShownPart | None:
    """The waiting proposal with this name; None where it is about something else, or not here.

    Raises:
        CasebookError: no waiting proposal, or several, begin so.
    """
    uuid = home.casebook.proposals.find(untrusted_name).uuid
    return next((one for one in waiting_parts(home) if one.waiting.proposal.uuid == uuid), None)


def _shown(home: Home, waiting: PartProposal) -> ShownPart | None:
    casebook, part = home.casebook, waiting.part
    submission = casebook.submissions.of_envelope(part.tip)
    if submission is None:
        return None
    file, number, reply = None, 0, None
    answers: Sequence[Operation] = ()
    if part.kind is PartKind.FILE:
        files = casebook.submissions.stored_files(submission)
        found = [(count, one) for count, one in enumerate(files, 1) if one.place == int(part.name)]
        if not found:
            return None
        ((number, file),) = found
    else:
        answers = [
            one
            for one in casebook.operations.about([part.tip], ANSWER)
            if one.text("reply") == part.name and one.author.to_bytes() == waiting.author
        ]
        if waiting.author == own_key(home).to_bytes():
            ours = casebook.replies.of(submission.number)
            reply = next((one for one in ours if one.reply_id.hex() == part.name), None)
        if not answers and reply is None:
            return None
    return ShownPart(
        waiting,
        submission,
        was_opened_here=casebook.log.names("show", submission.short_id),
        is_on_hold=submission.number in casebook.holds.numbers(),
        has_waiting_answer=has_waiting_answer(home, submission),
        is_in_quarantine=file is not None and _is_in_quarantine(home, submission, file),
        is_hidden=submission.number in casebook.overview.hidden(),
        file=file,
        file_number=number,
        answers=answers,
        reply=reply,
    )


def _is_in_quarantine(home: Home, submission: Submission, file: StoredFile) -> bool:
    return any(
        home.casebook.quarantine.since(one.file.sha256) is not None
        for one in numbered_files(home.casebook, submission)
        if file.place == (one.file.place if one.sealed_place == BY_ITSELF else one.sealed_place)
    )


def _delete_within(home: Home, part: ShownPart, *, today: dt.date) -> None:
    """Delete it in the caller's transaction, after which :func:`finish` is called. No one is asked."""
    casebook, submission = home.casebook, part.submission
    because = known_reason(part.waiting.proposal.reason)
    if part.file is not None:
        delete_file_within(home, submission, part.file, because=because, today=today)
        subject = f"{submission.short_id}, {part.file.sha256.hex()}, {because}"
        casebook.log.add("file deleted", subject, today=today)
    else:
        if part.reply is not None:
            casebook.replies.let_go_of(submission.number, part.reply.reply_id)
        for one in part.answers:
            casebook.operations.erase(one.sha256)
        casebook.search.put(submission.number)
        casebook.search.wipe_leavings()
        casebook.inbox_rows.put_waiting(casebook.inbox_rows.thread_of(submission.number))
        casebook.deletions.note_unfinished()
        casebook.log.add("answer deleted", f"{submission.short_id}, {because}", today=today)
    casebook.part_proposals.mark_done(part.waiting.part)


def _subject(part: ShownPart) -> str:
    return f"{part.submission.short_id}, {part.waiting.part.kind.value}"
