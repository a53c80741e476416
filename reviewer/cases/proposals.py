"""Deletions that colleagues propose: shown, confirmed or held, and carried out when they are due."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from reviewer.casebook.proposals import DeletionProposal, ProposalState
from reviewer.casebook.submission import SHOWN_DIGITS, Submission
from reviewer.cases.deleting import REASONS, delete_within, finish, require_deletable, warns_others
from reviewer.home.home import Home
from reviewer.languages.staff_language import said, said_number
from reviewer.sharing.appliers import DELETION_HELD
from reviewer.sharing.record import record_deletion
from system.errors import ProgramError


@dataclass(frozen=True, slots=True)
class ShownProposal:
    """A waiting proposal; ``submission`` is None where the tip is not here, or is in the bin."""

    proposal: DeletionProposal
    submission: Submission | None
    was_opened_here: bool
    is_on_hold: bool
    has_waiting_answer: bool
    """True if an answer of ours to this tip was not sent yet."""

    kept_by: str | None = None
    """The person who keeps the tip, against this proposal or another one."""

    @property
    def name(self) -> str:
        """The name used to confirm or hold it."""
        return self.proposal.uuid.hex()[:SHOWN_DIGITS]

    @property
    def because(self) -> str:
        """The colleague's reason in words."""
        return said(REASONS.get(self.proposal.reason, self.proposal.reason))

    @property
    def needs_person(self) -> bool:
        """True if it never takes effect by itself."""
        is_asked = self.proposal.is_beyond or self.is_on_hold or self.has_waiting_answer
        return not self.was_opened_here or is_asked or self.kept_by is not None

    def fate(self) -> str:
        """The next thing that happens to it, in words for staff."""
        if self.submission is None:
            return said("this tip is not here")
        if self.is_on_hold:
            return said("the tip is on hold here")
        if self.kept_by is not None:
            return said("%(person)s keeps it", person=self.kept_by)
        if self.has_waiting_answer:
            return said("it waits for you, as an answer of ours to this tip was not sent yet")
        if not self.was_opened_here:
            return said("it waits for you, as no one has opened this tip here")
        if self.proposal.is_beyond:
            return said("it waits for you, as ten others came from this colleague within 30 days")
        return said_number(
            "it goes after %(num)s more day on which you are shown this",
            "it goes after %(num)s more days on which you are shown this",
            self.proposal.days_left,
        )


def waiting_proposals(home: Home) -> list[ShownProposal]:
    """The colleagues' proposals that wait."""
    held = home.casebook.holds.numbers()
    shown = []
    kept = kept_by(home)
    of_others = home.casebook.entity_proposals.uuids() | home.casebook.part_proposals.uuids()
    for one in home.casebook.proposals.waiting():
        if one.uuid in of_others:
            continue
        submission = home.casebook.submissions.of_envelope(one.envelope_sha256)
        was_opened = submission is not None and home.casebook.log.names("show", submission.short_id)
        is_held = submission is not None and submission.number in held
        answer_waits = has_waiting_answer(home, submission)
        keeper = kept.get(one.envelope_sha256)
        shown.append(ShownProposal(one, submission, was_opened, is_held, answer_waits, keeper))
    return shown


def kept_by(home: Home) -> dict[bytes, str]:
    """The person who keeps each tip or part; another proposal about it waits for a person too."""
    return {
        one.envelope_sha256: one.held_by for one in home.casebook.proposals.waiting() if one.held_by is not None
    }


def show_today(home: Home, proposals: Sequence[ShownProposal], *, today: dt.date) -> None:
    """Note that a person is shown these today."""
    if proposals:
        with home.casebook.changing():
            home.casebook.proposals.shown_today((one.proposal.uuid for one in proposals), today=today)


def confirm(home: Home, proposal: DeletionProposal, *, today: dt.date) -> None:
    """Agree with a colleague: the tip is deleted here too, at once.

    Raises:
        ProgramError: it does not wait any more, or the tip is on hold here.
    """
    submission = home.casebook.submissions.of_envelope(proposal.envelope_sha256)
    if submission is None:
        raise ProgramError("this tip is not here: it is in the bin, or it did not arrive yet")
    require_deletable(home, [submission])
    with home.casebook.changing():
        note_agreement(home, proposal.uuid, submission.short_id, today=today)
        delete_within(home, [submission], because=known_reason(proposal.reason), today=today, is_proposed=True)
    finish(home, [submission])


def hold_proposal(home: Home, proposal: DeletionProposal, *, today: dt.date) -> None:
    """Keep the tip against a colleague's proposal, here and at every colleague that has not deleted it.

    Raises:
        ProgramError: it does not wait any more.
    """
    tip = proposal.envelope_sha256
    note_hold(home, proposal.uuid, tip, tip.hex()[:SHOWN_DIGITS], today=today)


def note_agreement(home: Home, uuid: bytes, subject: str, *, today: dt.date) -> None:
    """Note in the caller's transaction that a person agreed; ``subject`` is for the log.

    Raises:
        ProgramError: the proposal does not wait any more.
    """
    if not home.casebook.proposals.confirm(uuid):
        raise ProgramError("this proposal does not wait any more")
    home.casebook.log.add("proposal confirmed", subject, today=today)


def note_hold(
    home: Home, uuid: bytes, tip: bytes | None, subject: str, *, kind: str = DELETION_HELD, today: dt.date
) -> None:
    """Note that a person keeps what a colleague proposed to delete, and tell the colleagues.

    ``tip`` is the digest of an envelope, or None for an entity; ``kind`` is that of the operation.

    Raises:
        ProgramError: the proposal does not wait any more.
    """
    with home.casebook.changing():
        if not home.casebook.proposals.hold(uuid, by=home.casebook.settings.require("name")):
            raise ProgramError("this proposal does not wait any more")
        record_deletion(home, kind, tip, {"proposal": uuid.hex()}, today=today)
        home.casebook.log.add("proposal held", subject, today=today)


def carry_out_due(home: Home, *, today: dt.date) -> int:
    """Delete what colleagues proposed and no one kept; the number of tips.

    A tip on hold here is kept for all. One to which an answer of ours was not sent yet waits for a person.
    """
    for one in waiting_proposals(home):
        if one.is_on_hold and one.proposal.state is not ProposalState.HELD:
            hold_proposal(home, one.proposal, today=today)
    waiting = [
        one
        for one in waiting_proposals(home)
        if one.submission is not None and not (one.is_on_hold or one.has_waiting_answer or one.kept_by)
    ]
    opened = {one.proposal.envelope_sha256 for one in waiting if one.was_opened_here}
    due = {one.envelope_sha256: one.reason for one in home.casebook.proposals.due(opened_here=opened)}
    going = {
        one.submission.number: (one.submission, due[one.proposal.envelope_sha256])
        for one in waiting
        if one.submission is not None and one.proposal.envelope_sha256 in due
    }
    # A proposal never takes a warning away from tips that stay.
    going = {
        number: (submission, reason)
        for number, (submission, reason) in going.items()
        if not warns_others(home, submission, going)
    }
    if not going:
        return 0
    with home.casebook.changing():
        for submission, reason in going.values():
            delete_within(home, [submission], because=known_reason(reason), today=today, is_proposed=True)
    finish(home, [submission for submission, _reason in going.values()])
    return len(going)


def has_waiting_answer(home: Home, submission: Submission | None) -> bool:
    """True if an answer of ours to this tip was not sent yet."""
    replies = home.casebook.replies.of(submission.number) if submission else []
    return any(reply.out_day is None for reply in replies)


def known_reason(untrusted_reason: str) -> str:
    """A reason of our own list: a colleague's program may know more."""
    return untrusted_reason if untrusted_reason in REASONS else "other"
