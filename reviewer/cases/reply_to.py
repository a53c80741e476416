"""Replies to a submission: sealed to its mailbox at once, sent with the next outbox."""

import datetime as dt
from collections.abc import Sequence

from crypto.errors import CryptoError
from crypto.passphrases.mailbox import MailboxAddress
from crypto.primitives.canonical_json import Json
from crypto.submissions.reply import seal_reply
from crypto.submissions.submission import Kind
from reviewer.casebook.submission import Submission
from reviewer.cases.answer_parts import answer_parts
from reviewer.cases.submission_text import two_keys_warning
from reviewer.home.home import Home
from reviewer.sharing.appliers import ANSWER, ANSWER_TAKEN_BACK
from reviewer.sharing.crossing import KNOWS, known_answers
from reviewer.sharing.ownership import owner_of
from reviewer.sharing.record import record
from system.errors import ProgramError


class AnotherOwner(ProgramError):
    """The thread belongs to a colleague; ``name`` must be given to answer it all the same."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"this conversation belongs to {name}: two answers could contradict each other",
            hint=f"ask {name} first; then answer with --instead-of {name}, or take it over: tipline-review owner",
        )
        self.name = name


def reply_to(
    home: Home,
    submission: Submission,
    text: str,
    *,
    despite_two_keys: bool,
    instead_of: str | None = None,
    today: dt.date,
) -> Sequence[bytes]:
    """Seal a reply, keep it with the case and return the ids of its parts; a draft of it is dropped.

    A text that is too long for one reply becomes several; the source reads them from top to bottom. If the same
    text to the same submission still waits, nothing is added: the button was pressed twice. ``instead_of`` names
    the owner of the thread, where that is another reviewer.

    Raises:
        AnotherOwner: the thread belongs to a colleague, and ``instead_of`` is not that name.
        ProgramError: as :func:`require_answerable`; or a text that is empty, or that cannot be cut into parts.
    """
    mailbox = require_answerable(home, submission, despite_two_keys=despite_two_keys)
    require_owner(home, submission, instead_of=instead_of)
    owner = owner_of(home, submission)
    parts = answer_parts(text)
    if waiting := _waiting(home, submission, parts):
        return waiting
    first = home.casebook.replies.next_mailbox_number(mailbox)
    # The mailbox shows the highest number on top, so the first part gets it.
    numbers = range(first + len(parts) - 1, first - 1, -1)
    try:
        rows = [
            seal_reply(part, to=mailbox, day=today, number=number)
            for part, number in zip(parts, numbers, strict=True)
        ]
    except CryptoError as error:
        raise ProgramError(str(error), hint="nothing was sealed") from error
    known = known_answers(home, submission)
    with home.casebook.changing():
        for row, part, number in zip(rows, parts, numbers, strict=True):
            home.casebook.replies.add(row, part, mailbox_number=number, submission=submission.number, today=today)
            said: dict[str, Json] = {"reply": row.reply_id.hex(), "text": part, KNOWS: [*known]}
            record(home, ANSWER, submission, said, today=today)
        home.casebook.answer_drafts.drop(submission.number)
        for_whom = "" if owner.is_own else f", instead of {owner.name}"
        home.casebook.log.add("reply", f"{submission.short_id}{for_whom}", today=today)
    return [row.reply_id for row in rows]


def require_answerable(home: Home, submission: Submission, *, despite_two_keys: bool) -> MailboxAddress:
    """The mailbox to which an answer to this submission is sealed.

    Raises:
        ProgramError: no mailbox to answer, or words that others may have; or another key came under the same
            mailbox id, and not ``despite_two_keys``.
    """
    mailbox = submission.mailbox
    if mailbox is None:
        raise ProgramError(
            "this submission has no mailbox to reply to",
            hint="who wants no answer has none, nor has an envelope that could not be opened",
        )
    if words_may_be_known(home, submission):
        raise ProgramError(
            "another person may have the words of this mailbox: an answer could reach the wrong hands",
            hint="answer the new mailbox that the act names, once something arrives from it",
        )
    if not despite_two_keys and (others := home.casebook.overview.other_keys(submission)):
        raise ProgramError(two_keys_warning(others), hint="nothing was sealed; compare what both say first")
    return mailbox


def take_back(home: Home, submission: Submission, *, today: dt.date) -> str:
    """Take back every answer to a submission that waits for an outbox; its text, which is kept as a draft.

    Raises:
        ProgramError: none waits: what an outbox holds may be on its way.
    """
    with home.casebook.changing():
        waiting = [
            reply
            for reply in home.casebook.replies.of(submission.number)
            if reply.out_day is None and not reply.deleted_day
        ]
        back = [reply for reply in waiting if home.casebook.answer_drafts.take_back(reply.reply_id)]
        taken = [reply.text for reply in back]
        for reply in back:
            record(home, ANSWER_TAKEN_BACK, submission, {"reply": reply.reply_id.hex()}, today=today)
        if not taken:
            raise ProgramError(
                "no answer to this submission waits for an outbox",
                hint="an answer that an outbox holds cannot be taken back; send another answer",
            )
        earlier = home.casebook.answer_drafts.of(submission.number)
        text = "\n\n".join([*([earlier.text] if earlier else []), *taken])
        home.casebook.answer_drafts.keep(submission.number, text, today=today)
        home.casebook.log.add("answer taken back", submission.short_id, today=today)
    return text


def drop_draft(home: Home, submission: Submission, *, today: dt.date) -> None:
    """Throw away the draft that :func:`take_back` kept; nothing happens where there is none."""
    with home.casebook.changing():
        if home.casebook.answer_drafts.of(submission.number) is not None:
            home.casebook.answer_drafts.drop(submission.number)
            home.casebook.log.add("draft dropped", submission.short_id, today=today)


def require_owner(home: Home, submission: Submission, *, instead_of: str | None) -> None:
    """Return when this reviewer may answer: as the owner, or as one who names the owner.

    Raises:
        AnotherOwner: the conversation belongs to a colleague whom ``instead_of`` does not name.
    """
    owner = owner_of(home, submission)
    if not owner.is_own and instead_of != owner.name:
        raise AnotherOwner(owner.name)


def words_may_be_known(home: Home, submission: Submission) -> bool:
    """True if "someone may have my words" was pressed in the mailbox of this submission."""
    overview = home.casebook.overview
    acts = [other.number for other in overview.of_mailbox(submission) if other.kind is Kind.ACT]
    return "words-known" in overview.values("act", acts).values()


def _waiting(home: Home, submission: Submission, parts: Sequence[str]) -> list[bytes]:
    """The ids of the replies that wait with exactly these texts, one after the other; else none."""
    waits = [
        reply
        for reply in home.casebook.replies.of(submission.number)
        if reply.out_day is None and reply.deleted_day is None
    ]
    for at in range(len(waits) - len(parts) + 1):
        run = waits[at : at + len(parts)]
        if [reply.text for reply in run] == list(parts):
            return [reply.reply_id for reply in run]
    return []
